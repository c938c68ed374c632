//! Guesses the intended indentation of lines from the lines around them: the column a line was meant to have, which of two
//! columns is wrong, and which lines of text belong to a block scalar above. Like [`line_scan`], it is used only for texts
//! that the parser rejects.

mod block_text;
mod misindented;

use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;
pub(super) use block_text::find_dedented_text;
use block_text::{block_scalar_header_above, is_text};
pub(super) use misindented::misindented_above;

/// How many lines around a position are scanned. This keeps the time linear, and no portal has longer blocks.
const NEARBY_LINES: usize = 400;

/// Whether the value of a line is a block on the lines below it: `key:`, `-` or `html: |`.
fn opens_child_block(text: &str, line: &Line) -> bool {
    opens_block(text, line) || starts_block_scalar(text, line)
}

/// Whether the value of a line is a mapping or list on the lines below it: `key:` or `-`.
fn opens_block(text: &str, line: &Line) -> bool {
    &text[line.text_start..line.text_end] == "-"
        || (line.colon.is_some() && value_without_properties(text, line).is_empty())
}

/// Whether the value of a line is a block scalar: `html: |`.
fn starts_block_scalar(text: &str, line: &Line) -> bool {
    match value_without_properties(text, line).strip_prefix(['|', '>']) {
        Some(indicators) => indicators.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-')),
        None => false,
    }
}

/// The value of a line, without its anchor and tag (which YAML calls node properties).
fn value_without_properties<'t>(text: &'t str, line: &Line) -> &'t str {
    let mut value = &text[line.value_start..line.text_end];
    while value.starts_with(['&', '!']) {
        value = match value.split_once(char::is_whitespace) {
            Some((_, after_property)) => after_property.trim_start(),
            None => "",
        };
    }
    value
}

/// Whether a line is a list item.
fn is_item(text: &str, line: &Line) -> bool {
    text[line.text_start..].starts_with('-')
}

/// Whether a line opens a block, but the next line has the same column, so that this line is the one with the wrong
/// indentation.
pub(super) fn has_children_at_same_column(text: &str, line: &Line) -> bool {
    let next = nonempty_lines(text, line.next_start, text.len()).next();
    opens_child_block(text, line) && next.is_some_and(|next| next.indent() == line.indent())
}

/// The lines from the offset `from` to `until` that have more than blanks.
fn nonempty_lines(text: &str, from: usize, until: usize) -> impl Iterator<Item = Line> {
    let mut next = Some(from);
    std::iter::from_fn(move || {
        loop {
            let line = line_scan::line_at(text, next.filter(|&start| start < until)?);
            next = if line.is_last(text) { None } else { Some(line.next_start) };
            if !line.is_empty() {
                return Some(line);
            }
        }
    })
}

/// The blocks that are open before a line.
pub(super) struct OpenBlocks {
    /// Their columns, the deepest first.
    columns: Vec<usize>,
    /// Whether the line before opens a block that has no lines yet.
    has_new_block: bool,
}

impl OpenBlocks {
    /// Finds the blocks that are open before a line.
    pub(super) fn before(text: &str, line: &Line) -> Self {
        let mut columns: Vec<usize> = Vec::new();
        let mut above = line_scan::line_before(text, line);
        let mut has_new_block = above.is_some_and(|line| opens_child_block(text, &line));
        // A key after the text of a block scalar continues the block of the scalar's header: the columns of its text do not
        // count.
        if line.colon.is_some()
            && !is_text(text, line)
            && let Some(header) = block_scalar_header_above(text, line)
        {
            above = Some(header);
            has_new_block = false;
        }
        for _ in 0..NEARBY_LINES {
            let Some(line) = above else { break };
            if line_scan::is_marker(text, line.start) {
                break;
            }
            if columns.last().is_none_or(|&column| line.indent() < column) {
                // `- key: value` belongs to two blocks: the list and the mapping in it.
                if line.key_column() > line.indent() {
                    columns.push(line.key_column());
                }
                columns.push(line.indent());
            }
            if line.indent() == 0 {
                break;
            }
            above = line_scan::line_before(text, &line);
        }
        Self { columns, has_new_block }
    }

    /// The column that a line was most likely meant to have. `current` are the columns it may have now; there are several if
    /// it is indented with tabs.
    ///
    /// Candidates are the columns of the open blocks and, if the line before opens a block, the column of the following
    /// lines and one level deeper. A candidate fits if the next line remains a valid child or sibling. The result is the
    /// fitting candidate with the smallest distance to a current column, or the closest of all candidates if none fits.
    pub(super) fn expected_column(&self, text: &str, line: &Line, current: &[usize]) -> usize {
        let next = nonempty_lines(text, line.next_start, text.len()).next();
        // The column of a line with tabs is unknown, so any candidate fits.
        let next_column = next.filter(|next| !has_tab_indentation(text, next)).map(|next| next.indent());
        let opens_block = opens_child_block(text, line);
        let mut best = None;
        for candidate in self.candidate_columns(text, line) {
            let fits = match next_column {
                Some(next_column) if opens_block => candidate < next_column || next_column == 0,
                Some(next_column) => next_column <= candidate,
                None => true,
            };
            let distance = current.iter().map(|column| column.abs_diff(candidate)).min();
            let rank = (!fits, distance);
            if best.is_none_or(|(best_rank, _)| rank < best_rank) {
                best = Some((rank, candidate));
            }
        }
        best.map_or(0, |(_, column)| column)
    }

    /// The columns that a line may be meant to have; of two with the same distance, the first is likelier.
    fn candidate_columns(&self, text: &str, line: &Line) -> Vec<usize> {
        let mut candidates = Vec::new();
        if self.has_new_block {
            let deepest = self.columns.first().copied();
            if let Some(column) = first_column_without_tabs(text, line.next_start)
                && deepest.is_none_or(|deepest| column > deepest)
            {
                candidates.push(column);
            }
            if let Some(deepest) = deepest {
                candidates.push(deepest + 2);
            }
        }
        candidates.extend_from_slice(&self.columns);
        candidates
    }

    /// Updates the open blocks for the next line, after a line with this column.
    pub(super) fn enter_line(&mut self, text: &str, line: &Line, column: usize) {
        self.columns.retain(|&open| open < column);
        self.columns.insert(0, column);
        self.has_new_block = opens_child_block(text, line);
    }
}

fn has_tab_indentation(text: &str, line: &Line) -> bool {
    text[line.start..line.text_start].contains('\t')
}

/// The column of the first nearby line from `from` on that is not indented with tabs.
fn first_column_without_tabs(text: &str, from: usize) -> Option<usize> {
    for line in nonempty_lines(text, from, text.len()).take(NEARBY_LINES / 10) {
        if !has_tab_indentation(text, &line) {
            return Some(line.indent());
        }
    }
    None
}

/// Moves the lines up to `until` that have the column of `line` to another column. If that is deeper, their children move
/// with them.
pub(super) fn realign(text: &str, line: &Line, until: usize, column: usize) -> Vec<Repair> {
    let old_column = line.indent();
    let mut repairs = Vec::new();
    for line in nonempty_lines(text, line.start, until) {
        let new_indent = if line.indent() == old_column {
            column
        } else if line.indent() > old_column && column > old_column {
            line.indent() + column - old_column
        } else {
            continue;
        };
        repairs.push(Repair::Reindent(line.start..line.text_start, new_indent));
    }
    repairs
}

/// The common column of the lines before and after a line that is to the left of both and cannot be the parent of the next.
pub(super) fn column_of_neighbors(text: &str, line: &Line) -> Option<usize> {
    let before = block_scalar_header_above(text, line).or_else(|| line_scan::line_before(text, line))?;
    let after = nonempty_lines(text, line.next_start, text.len()).next()?;
    // `key:`, the line, and the lines of the block that `key:` opens.
    let is_first_of_block = opens_block(text, &before) && line.indent() <= before.indent();
    let is_between = after.indent() > line.indent() && (is_first_of_block || before.indent() == after.indent());
    if is_between && !opens_child_block(text, line) { Some(after.indent()) } else { None }
}
