//! What would change: as a unified diff, to be read and not to be applied, since secrets are covered in it; and as the
//! smallest edits. The only file that names similar.

use std::io::{self, Write};
use std::time::Duration;

use similar::{ChangeTag, DiffTag, TextDiff};

use crate::base::diagnostic::Edit;
use crate::base::sanitize::{sanitize, sanitize_char};
use crate::base::source::Span;

/// Lines shown above and below a change.
const AROUND: usize = 3;

/// Writes the difference between two texts of a file.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn render(name: &str, before: &str, after: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let name = sanitize(name);
    let paint = |code: &'static str| if color { code } else { "" };
    let (bold, red, green, cyan) = (paint("\x1b[1m"), paint("\x1b[31m"), paint("\x1b[32m"), paint("\x1b[36m"));
    let end = paint("\x1b[0m");
    writeln!(out, "{bold}--- {name}{end}\n{bold}+++ {name} (fixed){end}")?;
    let diff = TextDiff::from_lines(before, after);
    for hunk in diff.unified_diff().context_radius(AROUND).iter_hunks() {
        writeln!(out, "{cyan}{}{end}", hunk.header())?;
        for change in hunk.iter_changes() {
            let (mark, start) = match change.tag() {
                ChangeTag::Delete => ("-", red),
                ChangeTag::Insert => ("+", green),
                ChangeTag::Equal => (" ", ""),
            };
            let line: String = change.value().trim_end_matches(['\n', '\r']).chars().map(shown).collect();
            let stop = if start.is_empty() { "" } else { end };
            writeln!(out, "{start}{mark}{line}{stop}")?;
            if change.missing_newline() {
                writeln!(out, "\\ no line break at the end of the file")?;
            }
        }
    }
    Ok(())
}

fn shown(character: char) -> char {
    if character == '\t' { '\t' } else { sanitize_char(character) }
}

/// The edits that make one text of the other and say no more than they must: what stays is in none of them.
pub fn edits(before: &str, after: &str) -> Vec<Edit> {
    let lines = changes(&TextDiff::from_lines(before, after));
    let within = |(old, new): (Span, Span)| {
        let (was, is) = (&before[old.range()], &after[new.range()]);
        // Texts without much in common are as well replaced as a whole.
        let characters = TextDiff::configure().timeout(Duration::from_millis(100)).diff_chars(was, is);
        changes(&characters).into_iter().map(move |(from, to)| {
            let start = old.range().start;
            let span = Span::new(start + from.range().start, start + from.range().end);
            Edit { span, replacement: is[to.range()].to_owned() }
        })
    };
    lines.into_iter().flat_map(within).collect()
}

/// The bytes that differ, before and after.
fn changes(diff: &TextDiff<'_, '_, '_, str>) -> Vec<(Span, Span)> {
    let starts = |parts: &[&str]| -> Vec<usize> {
        let ends = parts.iter().scan(0, |at, part| {
            *at += part.len();
            Some(*at)
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (old, new) = (starts(diff.old_slices()), starts(diff.new_slices()));
    let ops = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    ops.map(|op| {
        let (from, to) = (op.old_range(), op.new_range());
        (Span::new(old[from.start], old[from.end]), Span::new(new[to.start], new[to.end]))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::edit::apply_edits;

    #[test]
    fn edits_make_one_text_of_the_other_and_touch_nothing_that_stays() {
        for (before, after, touched) in [
            ("a: 1\nkey: 0123\nc: 1\n", "a: 1\nkey: \"0123\"\nc: 1\n", 2),
            ("a\r\nü {{ x }}\r\n", "a\r\nü {{x}}\r\n", 2),
            ("same", "same", 0),
            ("", "new\n", 4),
            ("old\n", "", 4),
        ] {
            let edits = edits(before, after);
            assert_eq!(apply_edits(before, &edits).as_deref(), Some(after));
            let size: usize = edits.iter().map(|edit| edit.span.range().len() + edit.replacement.len()).sum();
            assert_eq!(size, touched, "{edits:?}");
        }
    }
}
