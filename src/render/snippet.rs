//! Cuts the lines of a file that are worth showing to the width of the screen.
//!
//! A snippet is a few neighboring lines of one file. Lines longer than the screen are cut around what is marked in them, so that
//! a minified file of a single line is shown like any other. Unprintable characters are replaced.

use std::ops::Range;

use crate::base::diagnostic::LineRange;
use crate::base::sanitize::sanitize_char;
use crate::base::source::Source;

/// Lines shown above and below a marked line.
const CONTEXT_LINES: usize = 1;

/// A range of a file to underline.
pub(super) struct Annotation<'r> {
    pub source: &'r Source,
    /// Only the part on the first line is underlined.
    pub region: LineRange,
    /// The text next to the underline.
    pub text: String,
}

/// Neighboring lines of one file, as they are shown.
#[derive(Debug)]
pub(super) struct Snippet {
    /// The name of the file.
    pub name: String,
    /// The number of the first line, from 0.
    pub first_line: usize,
    pub line_count: usize,
    /// The lines, cut to the screen.
    pub text: String,
    /// The bytes of `text` to underline, each with the text next to the underline.
    pub underlines: Vec<(Range<usize>, String)>,
    /// Line and column of the first annotation in the file, from 0.
    pub start: (usize, usize),
}

/// Builds one snippet for annotations that are close to each other. The snippet with the first annotation comes first.
pub(super) fn build_snippets(annotations: &[Annotation<'_>], width: usize) -> Vec<Snippet> {
    let mut groups: Vec<Vec<&Annotation<'_>>> = Vec::new();
    for annotation in annotations {
        match groups.iter_mut().find(|group| fits_in_group(annotation, group, width)) {
            Some(group) => group.push(annotation),
            None => groups.push(vec![annotation]),
        }
    }
    groups.iter().filter_map(|group| build_snippet(group, width)).collect()
}

fn fits_in_group(annotation: &Annotation<'_>, group: &[&Annotation<'_>], width: usize) -> bool {
    group.iter().all(|other| can_share_snippet(other, annotation, width))
}

fn can_share_snippet(a: &Annotation<'_>, b: &Annotation<'_>, width: usize) -> bool {
    let (a_start, b_start) = (a.region.start, b.region.start);
    let lines_apart = a_start.line.abs_diff(b_start.line) as usize;
    let columns_apart = a_start.column.abs_diff(b_start.column) as usize;
    // With their context, lines this close touch or overlap.
    let is_near = lines_apart <= 2 * CONTEXT_LINES + 1;
    // A long line is cut around its first annotation, which leaves about half the screen for a second one.
    let fits_on_screen = lines_apart > 0 || columns_apart < width / 2;
    std::ptr::eq(a.source, b.source) && is_near && fits_on_screen
}

fn build_snippet(annotations: &[&Annotation<'_>], width: usize) -> Option<Snippet> {
    let first_annotation = annotations.first()?;
    let source = first_annotation.source;
    let marked_lines: Vec<usize> = annotations.iter().map(|annotation| start_line(annotation)).collect();
    let (first_marked, last_marked) = (*marked_lines.iter().min()?, *marked_lines.iter().max()?);
    let first = first_marked.saturating_sub(CONTEXT_LINES).max(1);
    let mut last = (last_marked + CONTEXT_LINES).min(source.line_count());
    // A file that ends with a line break has an empty last line, which is not worth showing.
    if last > last_marked && source.line(last).is_some_and(|line| line.range().is_empty()) {
        last -= 1;
    }
    let start = first_annotation.region.start;
    let mut snippet = Snippet {
        name: source.name().to_owned(),
        first_line: first - 1,
        line_count: last + 1 - first,
        text: String::new(),
        underlines: Vec::new(),
        start: (start.line as usize - 1, start.column as usize - 1),
    };
    for line in first..=last {
        let mut on_line = Vec::new();
        for annotation in annotations {
            if start_line(annotation) == line {
                on_line.push(*annotation);
            }
        }
        push_line(&mut snippet, source, line, &on_line, width);
    }
    Some(snippet)
}

fn start_line(annotation: &Annotation<'_>) -> usize {
    annotation.region.start.line as usize
}

/// Adds a line to a snippet, cut so that its annotations can be seen.
fn push_line(snippet: &mut Snippet, source: &Source, line: usize, annotations: &[&Annotation<'_>], width: usize) {
    let Some(span) = source.line(line) else { return };
    let text = source.slice(span);
    let offset_in_line = |offset: u32| (offset.clamp(span.start, span.end) - span.start) as usize;
    let first_offset =
        annotations.iter().map(|annotation| offset_in_line(annotation.region.start.offset)).min().unwrap_or(0);
    let cut_before = cut_offset(text, first_offset, width);
    if cut_before.is_some() {
        snippet.text.push('…');
    }
    let first_shown = cut_before.unwrap_or(0);
    // The byte in the line and the byte in the snippet of each character that is shown.
    let mut shown_at: Vec<(usize, usize)> = Vec::new();
    let mut is_cut_at_end = false;
    for (column, (offset, character)) in text[first_shown..].char_indices().enumerate() {
        if column == width {
            is_cut_at_end = true;
            break;
        }
        shown_at.push((first_shown + offset, snippet.text.len()));
        // A byte order mark has no column, so that it must not move the underline.
        if character != '\u{feff}' {
            snippet.text.push(if character == '\t' { '\t' } else { sanitize_char(character) });
        }
    }
    let line_end = snippet.text.len();
    for annotation in annotations {
        let start = offset_in_snippet(&shown_at, offset_in_line(annotation.region.start.offset), line_end);
        let end = offset_in_snippet(&shown_at, offset_in_line(annotation.region.end.offset), line_end);
        snippet.underlines.push((start..end.max(start), annotation.text.clone()));
    }
    if is_cut_at_end {
        snippet.text.push('…');
    }
    snippet.text.push('\n');
}

/// The byte before which a line is cut, or `None` if it is shown from its start. A line that is longer than the screen starts a
/// quarter of the screen before its first annotation, but not so late that it does not fill the screen.
fn cut_offset(line: &str, first_annotation: usize, width: usize) -> Option<usize> {
    let fits_on_screen = line.chars().nth(width).is_none();
    // The annotation is on the left half of the screen anyway: a character has at least one byte.
    if fits_on_screen || first_annotation < width / 2 {
        return None;
    }
    let before_annotation = nth_char_from_end(&line[..first_annotation], width / 4);
    Some(before_annotation.min(nth_char_from_end(line, width - 1)))
}

/// The byte offset of a character counted from the end of a text, or 0 if the text is shorter.
fn nth_char_from_end(text: &str, n: usize) -> usize {
    text.char_indices().rev().nth(n).map_or(0, |(offset, _)| offset)
}

/// Converts a byte of a line to a byte of the snippet; `line_end` if the byte is not shown.
fn offset_in_snippet(shown_at: &[(usize, usize)], offset_in_line: usize, line_end: usize) -> usize {
    for (line_offset, snippet_offset) in shown_at {
        if *line_offset >= offset_in_line {
            return *snippet_offset;
        }
    }
    line_end
}
