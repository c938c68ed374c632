//! Builds the snippets of the human-readable report.
//!
//! A snippet is a few neighboring lines of one file. Lines that are longer than the screen are cut around their annotations, so that a
//! minified file of a single line is shown like any other file. Unprintable characters are replaced.

use std::ops::Range;

use crate::base::diagnostic::LineRange;
use crate::base::sanitize::sanitize_char;
use crate::base::source::{Source, Span};

/// Lines shown above and below a line with an annotation.
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
    let first_annotated = annotations.iter().map(|annotation| start_line(annotation)).min()?;
    let last_annotated = annotations.iter().map(|annotation| start_line(annotation)).max()?;
    let first = first_annotated.saturating_sub(CONTEXT_LINES).max(1);
    let mut last = (last_annotated + CONTEXT_LINES).min(source.line_count());
    // Do not show the empty last line of a file that ends with a line break.
    if last > last_annotated && source.line(last).is_some_and(|line| line.range().is_empty()) {
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
        let mut on_line = annotations.to_vec();
        on_line.retain(|annotation| start_line(annotation) == line);
        push_line(&mut snippet, source, line, &on_line, width);
    }
    Some(snippet)
}

fn start_line(annotation: &Annotation<'_>) -> usize {
    annotation.region.start.line as usize
}

/// Adds a line to a snippet, cut so that its annotations are visible.
fn push_line(snippet: &mut Snippet, source: &Source, line: usize, annotations: &[&Annotation<'_>], width: usize) {
    let Some(span) = source.line(line) else { return };
    let text = source.slice(span);
    let first_annotation = annotations.iter().map(|annotation| annotation.region.start.offset).min();
    let cut_before = cut_offset(text, first_annotation.map_or(0, |offset| offset_in_line(offset, span)), width);
    if cut_before.is_some() {
        snippet.text.push('…');
    }
    let first_shown = cut_before.unwrap_or(0);
    // The offset in the line and the offset in the snippet of each character that is shown.
    let mut shown_offsets: Vec<(usize, usize)> = Vec::new();
    let mut is_cut_at_end = false;
    for (column, (offset, character)) in text[first_shown..].char_indices().enumerate() {
        if column == width {
            is_cut_at_end = true;
            break;
        }
        if !annotations.is_empty() {
            shown_offsets.push((first_shown + offset, snippet.text.len()));
        }
        // A byte order mark has no column, so it must not move the underline.
        if character != '\u{feff}' {
            snippet.text.push(if character == '\t' { '\t' } else { sanitize_char(character) });
        }
    }
    let line_end = snippet.text.len();
    for annotation in annotations {
        let start = offset_in_line(annotation.region.start.offset, span);
        let end = offset_in_line(annotation.region.end.offset, span);
        let start = offset_in_snippet(&shown_offsets, start, line_end);
        let end = offset_in_snippet(&shown_offsets, end, line_end);
        snippet.underlines.push((start..end.max(start), annotation.text.clone()));
    }
    if is_cut_at_end {
        snippet.text.push('…');
    }
    snippet.text.push('\n');
}

/// The offset in the line `line` of an offset in the file. Offsets outside the line become the nearest one in it.
fn offset_in_line(offset: u32, line: Span) -> usize {
    (offset.clamp(line.start, line.end) - line.start) as usize
}

/// The offset at which the shown part of a line starts, or `None` if it is shown from its start. The part starts a quarter of the
/// screen before the first annotation, or earlier if the rest of the line would not fill the screen.
fn cut_offset(line: &str, first_annotation: usize, width: usize) -> Option<usize> {
    let fits_on_screen = line.chars().nth(width).is_none();
    // A character has at least one byte, so such an annotation is on the left half of the screen without cutting.
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

/// Converts an offset in a line to one in the snippet; `line_end` if the shown part ends before it.
fn offset_in_snippet(shown_offsets: &[(usize, usize)], offset_in_line: usize, line_end: usize) -> usize {
    for (line_offset, snippet_offset) in shown_offsets {
        if *line_offset >= offset_in_line {
            return *snippet_offset;
        }
    }
    line_end
}
