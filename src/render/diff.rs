//! The changes between two versions of a file, as a unified diff. Secrets are masked, so it cannot be applied as a patch.

use std::io::{self, Write};
use std::ops::Range;

use crate::base::sanitize::{sanitize, sanitize_char};
use crate::base::steps::count_steps;
use crate::engine::edited_spans::EditedSpan;

/// Unchanged lines shown above and below a change.
const CONTEXT_LINES: usize = 3;

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

/// Writes the changes between the two `texts` as a unified diff of the file `name`. `spans` are the parts that differ.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn render(name: &str, texts: [&str; 2], spans: &[EditedSpan], color: bool, out: &mut dyn Write) -> io::Result<()> {
    let colors = if color { ANSI_COLORS } else { NO_COLORS };
    let DiffColors { header, hunk: hunk_color, reset, .. } = colors;
    let name = sanitize(name);
    writeln!(out, "{header}--- {name}{reset}\n{header}+++ {name} (fixed){reset}")?;
    let [before, after] = texts.map(Lines::split);
    for hunk in group_into_hunks(find_changed_lines(&before, &after, spans)) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let context_before = first.before.start.min(CONTEXT_LINES);
        let context_after = (before.lines.len() - last.before.end).min(CONTEXT_LINES);
        let old = first.before.start - context_before..last.before.end + context_after;
        let new = first.after.start - context_before..last.after.end + context_after;
        writeln!(out, "{hunk_color}@@ -{} +{} @@{reset}", format_range(&old), format_range(&new))?;
        let mut shown = old.start;
        for ChangedLines { before: removed, after: added } in &hunk {
            write_lines(" ", before.get(shown..removed.start), ["", ""], out)?;
            write_lines("-", before.get(removed.clone()), [colors.removed, reset], out)?;
            write_lines("+", after.get(added.clone()), [colors.added, reset], out)?;
            shown = removed.end;
        }
        write_lines(" ", before.get(shown..old.end), ["", ""], out)?;
    }
    Ok(())
}

/// A text in lines, which contain their line breaks.
struct Lines<'t> {
    lines: Vec<&'t str>,
    /// The offset of each line, followed by the length of the text if it ends with a line break.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn split(text: &'t str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (mut starts, mut end) = (vec![0], 0);
        for line in lines.iter().filter(|line| line.ends_with('\n')) {
            end += line.len();
            starts.push(end);
        }
        Self { lines, starts }
    }

    /// The index of the line that contains an offset.
    fn index_at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    fn starts_at(&self, offset: usize) -> bool {
        self.starts.binary_search(&offset).is_ok()
    }

    fn get(&self, range: Range<usize>) -> &[&'t str] {
        self.lines.get(range).unwrap_or_default()
    }
}

/// Lines that were replaced by others. One of the ranges can be empty.
#[derive(Debug, PartialEq, Eq)]
struct ChangedLines {
    before: Range<usize>,
    after: Range<usize>,
}

/// The groups of lines that differ, in order. Between two groups, there are equal lines.
fn find_changed_lines(before: &Lines<'_>, after: &Lines<'_>, spans: &[EditedSpan]) -> Vec<ChangedLines> {
    let mut changed: Vec<ChangedLines> = Vec::new();
    for EditedSpan { before: old, after: new } in spans {
        count_steps(1);
        let (old, new) = (old.range(), new.range());
        // A change that ends inside a line changes the whole line. At the start of a line, it does not change that line.
        let last_line = usize::from(!before.starts_at(old.end) || !after.starts_at(new.end));
        let lines = ChangedLines {
            before: before.index_at(old.start)..(before.index_at(old.end) + last_line).min(before.lines.len()),
            after: after.index_at(new.start)..(after.index_at(new.end) + last_line).min(after.lines.len()),
        };
        match changed.last_mut() {
            Some(last) if lines.before.start <= last.before.end => {
                last.before.end = lines.before.end.max(last.before.end);
                last.after.end = lines.after.end.max(last.after.end);
            }
            _ => changed.push(lines),
        }
    }
    for lines in &mut changed {
        trim_equal_lines(lines, before, after);
    }
    changed.retain(|lines| !lines.before.is_empty() || !lines.after.is_empty());
    changed
}

/// Removes the lines at the start and at the end that are the same in both texts.
fn trim_equal_lines(changed: &mut ChangedLines, before: &Lines<'_>, after: &Lines<'_>) {
    let (old, new) = (before.get(changed.before.clone()), after.get(changed.after.clone()));
    let prefix = count_equal(old.iter(), new.iter());
    let suffix = count_equal(old[prefix..].iter().rev(), new[prefix..].iter().rev());
    *changed = ChangedLines {
        before: changed.before.start + prefix..changed.before.end - suffix,
        after: changed.after.start + prefix..changed.after.end - suffix,
    };
}

/// The number of equal lines at the start.
fn count_equal<'t>(a: impl Iterator<Item = &'t &'t str>, b: impl Iterator<Item = &'t &'t str>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

/// Groups changes whose context lines touch.
fn group_into_hunks(changed: Vec<ChangedLines>) -> Vec<Vec<ChangedLines>> {
    let mut hunks: Vec<Vec<ChangedLines>> = Vec::new();
    for lines in changed {
        match hunks.last_mut() {
            Some(hunk) if hunk.last().is_some_and(|last| lines.before.start - last.before.end <= 2 * CONTEXT_LINES) => {
                hunk.push(lines);
            }
            _ => hunks.push(vec![lines]),
        }
    }
    hunks
}

/// A range of lines for the header of a hunk: the number of the first line, and the number of lines unless it is 1.
fn format_range(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn write_lines(sign: &str, lines: &[&str], [color, reset]: [&str; 2], out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        let text = sanitize_line(line.trim_end_matches(['\n', '\r']));
        writeln!(out, "{color}{sign}{text}{reset}")?;
        if !line.ends_with('\n') {
            writeln!(out, "\\ No newline at end of file")?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::diagnostic::Edit;
    use crate::base::source::Span;
    use crate::base::steps::assert_linear;
    use crate::engine::edited_spans::add_edits;
    use crate::syntax::edit::apply_edits;

    fn diff(before: &str, edits: &[(usize, usize, &str)]) -> String {
        let mut converted = Vec::new();
        for (start, end, text) in edits {
            converted.push(Edit { span: Span::new(*start, *end), replacement: (*text).to_owned() });
        }
        let after = apply_edits(before, &converted).expect("the edits do not overlap");
        let mut out = Vec::new();
        render("a", [before, &after], &add_edits(&[], &converted), false, &mut out).expect("memory can be written");
        let text = String::from_utf8(out).expect("a diff is UTF-8");
        text.strip_prefix("--- a\n+++ a (fixed)\n").expect("the diff names the file").to_owned()
    }

    #[test]
    fn only_lines_that_differ_are_changed() {
        assert_eq!(diff("a\nb\nc\n", &[(2, 3, "x")]), "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
        assert_eq!(diff("a\nb\nc\n", &[(2, 4, "")]), "@@ -1,3 +1,2 @@\n a\n-b\n c\n");
        assert_eq!(diff("a\nb\nc\n", &[(1, 3, "")]), "@@ -1,3 +1,2 @@\n a\n-b\n c\n");
        assert_eq!(diff("a\nc\n", &[(2, 2, "b\n")]), "@@ -1,2 +1,3 @@\n a\n+b\n c\n");
        assert_eq!(
            diff("a\nc", &[(3, 3, "\nd")]),
            concat!(
                "@@ -1,2 +1,3 @@\n a\n-c\n\\ No newline at end of file\n+c\n+d\n",
                "\\ No newline at end of file\n"
            )
        );
        assert_eq!(diff("", &[(0, 0, "a\n")]), "@@ -0,0 +1 @@\n+a\n");
        assert_eq!(diff("a\n", &[(0, 2, "")]), "@@ -1 +0,0 @@\n-a\n");
        assert_eq!(diff("a\nb\n", &[(0, 1, "x"), (2, 3, "y")]), "@@ -1,2 +1,2 @@\n-a\n-b\n+x\n+y\n");
    }

    #[test]
    fn distant_changes_are_in_separate_hunks() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(diff(text, &[(0, 1, "x"), (14, 15, "y")]).matches("@@ -").count(), 1);
        assert_eq!(diff(text, &[(0, 1, "x"), (16, 17, "y")]).matches("@@ -").count(), 2);
    }

    #[test]
    fn changes_of_all_lines_take_linear_time() {
        assert_linear(
            "lines",
            |len| "a\n".repeat(len / 2),
            |text| {
                let edits: Vec<_> = (0..text.len() / 2).map(|line| (2 * line, 2 * line + 1, "b")).collect();
                assert_eq!(diff(text, &edits).matches("\n+b").count(), edits.len());
            },
        );
    }
}
