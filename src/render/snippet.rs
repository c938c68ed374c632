//! The lines of a file that are worth showing, cut to the screen.
//!
//! A block is a few neighbouring lines of one file. Lines longer than the screen are cut around what is marked in them, so
//! a minified file of one line shows as little as any other. Characters that would move a cursor are replaced.

use crate::base::diagnostic::LineRange;
use crate::base::sanitize::sanitize_char;
use crate::base::source::Source;

/// Lines shown above and below a marked one.
const AROUND: usize = 1;

/// Something to underline.
pub(super) struct Mark<'r> {
    /// The file.
    pub source: &'r Source,
    /// Where; only its first line is underlined.
    pub region: LineRange,
    /// What the underline says.
    pub text: String,
}

/// Neighbouring lines of one file, as they are shown.
#[derive(Debug)]
pub(super) struct Block {
    /// The file.
    pub name: String,
    /// Number of the first line, from 0.
    pub first_line: usize,
    /// How many lines.
    pub lines: usize,
    /// The lines, cut.
    pub text: String,
    /// What is underlined: bytes of `text`, and the words.
    pub marks: Vec<(std::ops::Range<usize>, String)>,
    /// Line and column of the first mark in the file, from 0.
    pub at: (usize, usize),
}

/// Puts marks that are near each other into one block; the first mark's block comes first.
pub(super) fn blocks(marks: &[Mark<'_>], width: usize) -> Vec<Block> {
    let mut groups: Vec<Vec<&Mark<'_>>> = Vec::new();
    for mark in marks {
        match groups.iter_mut().find(|group| group.iter().all(|other| fit(other, mark, width))) {
            Some(group) => group.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    groups.iter().filter_map(|group| block(group, width)).collect()
}

/// Whether two marks can stand in one block.
fn fit(a: &Mark<'_>, b: &Mark<'_>, width: usize) -> bool {
    let (first, second) = (a.region.start, b.region.start);
    let apart = first.line.abs_diff(second.line) as usize;
    let columns = first.column.abs_diff(second.column) as usize;
    std::ptr::eq(a.source, b.source) && apart <= 2 * AROUND + 1 && (apart > 0 || columns < width / 2)
}

fn block(marks: &[&Mark<'_>], width: usize) -> Option<Block> {
    let source = marks.first()?.source;
    let lines = || marks.iter().map(|mark| mark.region.start.line as usize);
    let first = lines().min()?.saturating_sub(AROUND).max(1);
    let mut last = (lines().max()? + AROUND).min(source.line_count());
    // What follows the last line break is no line to show.
    if last > lines().max()? && source.line(last).is_some_and(|line| line.range().is_empty()) {
        last -= 1;
    }
    let at = marks.first()?.region.start;
    let mut block = Block {
        name: source.name().to_owned(),
        first_line: first - 1,
        lines: last + 1 - first,
        text: String::new(),
        marks: Vec::new(),
        at: (at.line as usize - 1, at.column as usize - 1),
    };
    for line in first..=last {
        let on_it: Vec<&Mark<'_>> =
            marks.iter().copied().filter(|mark| mark.region.start.line as usize == line).collect();
        show_line(&mut block, source, line, &on_it, width);
    }
    Some(block)
}

/// Adds a line to a block, cut so that its marks can be seen.
fn show_line(block: &mut Block, source: &Source, line: usize, marks: &[&Mark<'_>], width: usize) {
    let Some(span) = source.line(line) else { return };
    let text = source.slice(span);
    let offset_in_line = |offset: u32| (offset.clamp(span.start, span.end) - span.start) as usize;
    let first = marks.iter().map(|mark| offset_in_line(mark.region.start.offset)).min().unwrap_or(0);
    // Long lines start a little before the first mark; a byte is at most a column, so this never cuts too little.
    let from = if text.chars().nth(width).is_none() || first < width / 2 {
        0
    } else {
        let before = text[..first].char_indices().rev().nth(width / 4).map_or(0, |(at, _)| at);
        let last_screen = text.char_indices().rev().nth(width - 1).map_or(0, |(at, _)| at);
        let before = before.min(last_screen);
        block.text.push('…');
        before
    };
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut end = text.len();
    for (shown, (at, character)) in text[from..].char_indices().enumerate() {
        if shown == width {
            end = from + at;
            break;
        }
        starts.push((from + at, block.text.len()));
        if character != '\u{feff}' {
            block.text.push(if character == '\t' { '\t' } else { sanitize_char(character) });
        }
    }
    let line_end = block.text.len();
    let place = |at: usize| starts.iter().find(|(own, _)| *own >= at).map_or(line_end, |(_, shown)| *shown);
    for mark in marks {
        let start = place(offset_in_line(mark.region.start.offset));
        let stop = place(offset_in_line(mark.region.end.offset)).max(start);
        block.marks.push((start..stop, mark.text.clone()));
    }
    if end < text.len() {
        block.text.push('…');
    }
    block.text.push('\n');
}
