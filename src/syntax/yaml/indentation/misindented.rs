//! Decides which of two columns is wrong: that of a line, or that of the lines above it.

use crate::syntax::yaml::indentation::block_text::is_text;
use crate::syntax::yaml::indentation::{
    NEARBY_LINES, OpenBlocks, column_of_neighbors, has_children_at_same_column, is_item, nonempty_lines, opens_block,
};
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;

/// Lines with the wrong indentation.
pub(in crate::syntax::yaml) struct MisindentedLines {
    /// The first of them.
    pub line: Line,
    /// The end of the lines to move with it.
    pub end: usize,
    /// The column that the first line should have.
    pub column: usize,
}

/// If `line` does not fit the lines above it because one of those has the wrong indentation: the lines to move.
///
/// Two columns compete: that of `line` and that of the first line of the block above. The one with fewer entries of the same
/// kind around it, and then in the whole text, is taken for the wrong one.
pub(in crate::syntax::yaml) fn misindented_above(text: &str, line: &Line) -> Option<MisindentedLines> {
    if has_children_at_same_column(text, line) {
        return None;
    }
    let before = line_scan::line_before(text, line)?;
    if let Some(column) = column_of_neighbors(text, &before) {
        return Some(MisindentedLines { line: before, end: line.start, column });
    }
    let (parent, first) = block_above(text, line, &before);
    let (column, other_column) = (line.indent(), first.indent());
    if column == other_column || is_item(text, line) != is_item(text, &first) {
        return None;
    }
    if parent.is_some_and(|parent| !opens_block(text, &parent)) {
        return None;
    }
    if column < other_column && has_children_at_same_column(text, &first) {
        return Some(MisindentedLines { line: first, end: first.next_start, column });
    }
    if let Some(parent) = parent
        && parent.indent() < column
        && column < other_column
        && is_misindented_parent(text, &parent, line)
    {
        return Some(MisindentedLines { line: parent, end: parent.next_start, column });
    }
    let until = if other_column < column { text.len() } else { line.start };
    let entries_below = count_entries(text, line, line.start..text.len(), column, column);
    let min_column = column.min(before.indent());
    let entries_above = count_entries(text, line, first.start..until, min_column, other_column);
    let count = (entries_below, count_entries_in_text(text, line, column));
    let other_count = (entries_above, count_entries_in_text(text, line, other_column));
    if count <= other_count {
        return None;
    }
    // If the block above has only one line, and that opens a block, moving it to the column of `line` may close its parent.
    let would_close_block = first.start == before.start && opens_block(text, &before) && column < other_column;
    let column = if would_close_block {
        OpenBlocks::before(text, &first).expected_column(text, &first, &[other_column])
    } else {
        column
    };
    Some(MisindentedLines { line: first, end: line.start, column })
}

/// Whether the parent of the lines above may be the line with the wrong indentation: it is the first entry of its own block,
/// and its column is rarer than that of `line`.
fn is_misindented_parent(text: &str, parent: &Line, line: &Line) -> bool {
    let is_first = line_scan::line_before(text, parent).is_some_and(|above| opens_block(text, &above));
    is_first && count_entries_in_text(text, line, parent.indent()) < count_entries_in_text(text, line, line.indent())
}

/// Counts the entries with this column in the whole text that are of the kind of `line`.
fn count_entries_in_text(text: &str, line: &Line, column: usize) -> usize {
    count_entries(text, line, 0..text.len(), 0, column)
}

/// Counts the entries with this column that are of the kind of `line`, up to the first line to the left of `min_column`.
fn count_entries(text: &str, line: &Line, range: std::ops::Range<usize>, min_column: usize, column: usize) -> usize {
    let mut count = 0;
    for other in nonempty_lines(text, range.start, range.end) {
        if other.indent() < min_column || count == NEARBY_LINES {
            break;
        }
        let is_same_kind = is_item(text, &other) == is_item(text, line);
        if other.indent() == column && is_same_kind && !is_text(text, &other) {
            count += 1;
        }
    }
    count
}

/// The lines directly above `line` that are not to the left of both `line` and `before`: the line before them, which opens
/// their block, and the first of them.
fn block_above(text: &str, line: &Line, before: &Line) -> (Option<Line>, Line) {
    let min_column = line.indent().min(before.indent());
    let mut first = *before;
    for _ in 0..NEARBY_LINES {
        let above = line_scan::line_before(text, &first).filter(|above| !line_scan::is_marker(text, above.start));
        match above {
            Some(above) if above.indent() >= min_column => first = above,
            parent => return (parent, first),
        }
    }
    (None, first)
}
