//! Differences between two versions of a file: as a unified diff for people, and as minimal edits for the editor.
//!
//! The unified diff shows masked secrets, so it cannot be applied as a patch. Only this module uses the `similar` crate.

use std::io::{self, Write};
use std::time::Duration;

use similar::{Change, ChangeTag, DiffTag, TextDiff};

use crate::base::diagnostic::Edit;
use crate::base::sanitize::{sanitize, sanitize_char};
use crate::base::source::Span;

/// Unchanged lines shown above and below a change.
const CONTEXT_LINES: usize = 3;

/// The longest comparison of two changed passages by character. An editor waits for the result.
const CHARACTER_DIFF_TIMEOUT: Duration = Duration::from_millis(100);

/// The escape sequences of a diff; all empty without color.
struct DiffColors {
    header: &'static str,
    removed: &'static str,
    added: &'static str,
    hunk: &'static str,
    reset: &'static str,
}

const ANSI_COLORS: DiffColors =
    DiffColors { header: "\x1b[1m", removed: "\x1b[31m", added: "\x1b[32m", hunk: "\x1b[36m", reset: "\x1b[0m" };
const NO_COLORS: DiffColors = DiffColors { header: "", removed: "", added: "", hunk: "", reset: "" };

/// Writes the changes from `before` to `after` as a unified diff of the file `name`.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn render(name: &str, before: &str, after: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let colors = if color { ANSI_COLORS } else { NO_COLORS };
    let DiffColors { header, hunk: hunk_color, reset, .. } = colors;
    let name = sanitize(name);
    writeln!(out, "{header}--- {name}{reset}\n{header}+++ {name} (fixed){reset}")?;
    let diff = TextDiff::from_lines(before, after);
    for hunk in diff.unified_diff().context_radius(CONTEXT_LINES).iter_hunks() {
        writeln!(out, "{hunk_color}{}{reset}", hunk.header())?;
        for change in hunk.iter_changes() {
            write_line(&change, &colors, out)?;
        }
    }
    Ok(())
}

fn write_line(change: &Change<&str>, colors: &DiffColors, out: &mut dyn Write) -> io::Result<()> {
    let (sign, color, reset) = match change.tag() {
        ChangeTag::Delete => ("-", colors.removed, colors.reset),
        ChangeTag::Insert => ("+", colors.added, colors.reset),
        ChangeTag::Equal => (" ", "", ""),
    };
    let line = sanitize_line(change.value().trim_end_matches(['\n', '\r']));
    writeln!(out, "{color}{sign}{line}{reset}")?;
    if change.missing_newline() {
        writeln!(out, "\\ no line break at the end of the file")?;
    }
    Ok(())
}

/// Replaces unprintable characters, except for tabs: they are the indentation of many files.
fn sanitize_line(line: &str) -> String {
    let mut sanitized = String::with_capacity(line.len());
    for character in line.chars() {
        sanitized.push(if character == '\t' { '\t' } else { sanitize_char(character) });
    }
    sanitized
}

/// Returns the edits that turn `before` into `after`, in the order of the file. Text that both have in common is in none of
/// them.
pub fn compute_edits(before: &str, after: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    // Compare lines first and characters only within changed lines: comparing a whole file by character takes quadratic time
    // in the worst case.
    for (old_lines, new_lines) in changed_spans(&TextDiff::from_lines(before, after)) {
        let (old_text, new_text) = (&before[old_lines.range()], &after[new_lines.range()]);
        // After the timeout, `similar` reports the remaining text as one change. That is correct, only not minimal, and
        // happens if the passages have little in common.
        let character_diff = TextDiff::configure().timeout(CHARACTER_DIFF_TIMEOUT).diff_chars(old_text, new_text);
        let start = old_lines.range().start;
        for (old, new) in changed_spans(&character_diff) {
            let span = Span::new(start + old.range().start, start + old.range().end);
            edits.push(Edit { span, replacement: new_text[new.range()].to_owned() });
        }
    }
    edits
}

/// The bytes that differ: the span in the old text and the span in the new text of each change.
fn changed_spans(diff: &TextDiff<'_, '_, '_, str>) -> Vec<(Span, Span)> {
    let (old_offsets, new_offsets) = (token_offsets(diff.old_slices()), token_offsets(diff.new_slices()));
    let mut spans = Vec::new();
    for op in diff.ops() {
        if op.tag() == DiffTag::Equal {
            continue;
        }
        // An op counts tokens (lines or characters); an edit needs bytes.
        let (old, new) = (op.old_range(), op.new_range());
        let old_span = Span::new(old_offsets[old.start], old_offsets[old.end]);
        let new_span = Span::new(new_offsets[new.start], new_offsets[new.end]);
        spans.push((old_span, new_span));
    }
    spans
}

/// The byte offset at which each token starts, followed by the length of the text.
fn token_offsets(tokens: &[&str]) -> Vec<usize> {
    let mut offsets = vec![0];
    let mut end = 0;
    for token in tokens {
        end += token.len();
        offsets.push(end);
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::edit::apply_edits;

    #[test]
    fn edits_produce_the_new_text_and_cover_only_what_differs() {
        for (before, after, changed_bytes) in [
            ("a: 1\nkey: 0123\nc: 1\n", "a: 1\nkey: \"0123\"\nc: 1\n", 2),
            ("a\r\nü {{ x }}\r\n", "a\r\nü {{x}}\r\n", 2),
            ("same", "same", 0),
            ("", "new\n", 4),
            ("old\n", "", 4),
        ] {
            let edits = compute_edits(before, after);
            assert_eq!(apply_edits(before, &edits).as_deref(), Some(after));
            let size: usize = edits.iter().map(|edit| edit.span.range().len() + edit.replacement.len()).sum();
            assert_eq!(size, changed_bytes, "{edits:?}");
        }
    }
}
