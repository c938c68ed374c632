//! Guesses the intended indentation of lines from the lines around them. This shows which of two columns is wrong, and which lines
//! belong to a block scalar above. It is used only for texts that the parser rejects.

use std::ops::Range;

use crate::syntax::look_alikes::looks_like_separator;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::{Line, lines_before, nonempty_lines};

/// The maximum number of lines that are scanned around a position. This keeps the time linear, and no portal has longer blocks.
const NEARBY_LINES: usize = 400;

/// Whether the value of a line is a block on the lines below it: `key:`, `-` or `html: |`.
fn opens_child_block(text: &str, line: &Line) -> bool {
    opens_block(text, line) || starts_block_scalar(text, line)
}

/// Whether the value of a line is a mapping or list on the lines below it: `key:` or `-`.
pub(super) fn opens_block(text: &str, line: &Line) -> bool {
    &text[line.text_start..line.text_end] == "-" || (line.colon.is_some() && first_word(text, line).is_empty())
}

/// Whether the value of a line is a block scalar: `html: |`.
fn starts_block_scalar(text: &str, line: &Line) -> bool {
    let indicators = first_word(text, line).strip_prefix(['|', '>']);
    indicators.is_some_and(|indicators| indicators.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-')))
}

/// The first word of the value of a line, without its anchor and tag.
fn first_word<'t>(text: &'t str, line: &Line) -> &'t str {
    let mut words = text[line.value_start..line.text_end].split_whitespace();
    words.find(|word| !word.starts_with(['&', '!'])).unwrap_or_default()
}

/// Whether a line is a list item.
pub(super) fn is_item(text: &str, line: &Line) -> bool {
    text[line.text_start..].starts_with("- ") || &text[line.text_start..line.text_end] == "-"
}

/// Whether a line opens a block, but the next line has the same column. This shows that the line itself has the wrong indentation.
pub(super) fn has_children_at_same_column(text: &str, line: &Line) -> bool {
    let next = nonempty_lines(text, line.next_start, text.len()).next();
    // The items of a list may be in the column of their key.
    let is_sibling = |next: Line| next.indent() == line.indent() && (is_item(text, line) || !is_item(text, &next));
    opens_child_block(text, line) && next.is_some_and(is_sibling)
}

/// Whether the lines before and after a line belong to one block, and the line itself is to the left of that block and does not open
/// another one.
pub(super) fn is_between_lines_of_block(text: &str, line: &Line) -> bool {
    let before = block_scalar_header_above(text, line).or_else(|| line_scan::line_before(text, line));
    let after = nonempty_lines(text, line.next_start, text.len()).next();
    let (Some(before), Some(after)) = (before, after) else { return false };
    if starts_with_closer(text, line) {
        return false;
    }
    // The line before is `key:`, and the line after belongs to the block that it opens.
    let is_first_of_block = opens_block(text, &before) && line.indent() <= before.indent();
    let is_between = after.indent() > line.indent() && (is_first_of_block || before.indent() == after.indent());
    is_between && !opens_child_block(text, line)
}

/// Finds a line with the wrong indentation above `line`, which does not fit there. `None` if `line` itself is probably wrong.
///
/// Two columns are compared: that of `line` and that of the first line of the block above. The one with fewer entries of the same
/// kind nearby or, if these are equal, in the whole text is probably wrong.
pub(super) fn misindented_above(text: &str, line: &Line) -> Option<Line> {
    if has_children_at_same_column(text, line) {
        return None;
    }
    let before = line_scan::line_before(text, line)?;
    if is_between_lines_of_block(text, &before) {
        return Some(before);
    }
    let (parent, first) = block_above(text, line, &before);
    let (column, other_column) = (line.indent(), first.indent());
    let count_in_text = |column| count_entries(text, line, 0..text.len(), 0, column);
    if let Some(parent) = parent
        && parent.indent() < column
        && column < other_column
        && is_item(text, &parent) == is_item(text, line)
    {
        // The parent may be wrong instead: it is the first entry of its own block, and its column is rarer than that of `line`.
        let is_first = line_scan::line_before(text, &parent).is_some_and(|above| opens_block(text, &above));
        if is_first && count_in_text(parent.indent()) < count_in_text(column) {
            return Some(parent);
        }
    }
    if column == other_column || is_item(text, line) != is_item(text, &first) {
        return None;
    }
    if parent.is_some_and(|parent| !opens_block(text, &parent)) {
        return None;
    }
    if column < other_column && has_children_at_same_column(text, &first) {
        return Some(first);
    }
    // Entries with a column to the left of `line` can continue below it.
    let until = if other_column < column { text.len() } else { line.start };
    let entries_below = count_entries(text, line, line.start..text.len(), column, column);
    let min_column = column.min(before.indent());
    let entries_above = count_entries(text, line, first.start..until, min_column, other_column).max(1);
    // Several entries above in one column show that this column is right, and that `line` is indented too much.
    if other_column < column && entries_above > 1 && first.start < before.start {
        return None;
    }
    let is_rarer = (entries_above, count_in_text(other_column)) < (entries_below, count_in_text(column));
    if is_rarer { Some(first) } else { None }
}

/// Counts the entries of a range that have this column and the kind of `line`, up to the first line to the left of `min_column`.
fn count_entries(text: &str, line: &Line, range: Range<usize>, min_column: usize, column: usize) -> usize {
    let mut count = 0;
    for other in nonempty_lines(text, range.start, range.end) {
        if other.indent() < min_column || count == NEARBY_LINES {
            break;
        }
        let is_same_kind = is_item(text, &other) == is_item(text, line);
        // Lines in brackets end with a comma.
        let is_entry = !is_text(text, &other) && !text[..other.text_end].ends_with(',');
        if other.indent() == column && is_same_kind && is_entry {
            count += 1;
        }
    }
    count
}

/// The block above `line`: the lines directly above that are not to the left of both `line` and `before`, the line before it. Returns
/// the line that opens the block, if there is one, and the first line of the block.
fn block_above(text: &str, line: &Line, before: &Line) -> (Option<Line>, Line) {
    let min_column = line.indent().min(before.indent());
    let mut first = *before;
    for above in lines_before(text, before).take(NEARBY_LINES) {
        if line_scan::is_document_marker(text, above.start) {
            break;
        }
        if above.indent() < min_column {
            return (Some(above), first);
        }
        first = above;
    }
    (None, first)
}

/// Whether a line can only be text, because it does not resemble an entry of a mapping or list, even one with mistakes.
pub(super) fn is_text(text: &str, line: &Line) -> bool {
    let content = &text[line.text_start..line.text_end];
    if line.is_blank() || content.starts_with(['?', '-', '%', ']', '}']) {
        return false;
    }
    let key = match (content.chars().next(), line.colon) {
        (_, Some(colon)) => text[line.key_start..colon].trim().trim_matches(['"', '\'']),
        (Some(quote @ ('"' | '\'')), None) => content[1..].split(quote).next().unwrap_or_default(),
        // A character that looks like a colon or a space probably stands for the one after a key.
        (_, None) => content.split(ends_key).next().unwrap_or_default(),
    };
    let key = key.trim_matches(|character| "@`%;=>".contains(character) || looks_like_separator(character));
    // `https://…` is an address, and not a key without a space after its colon.
    let resembles_key = !key.is_empty() && key.chars().all(is_field_character) && !content.contains("://");
    !resembles_key && key != "<<"
}

/// Whether a line is the end of a value in brackets.
pub(super) fn starts_with_closer(text: &str, line: &Line) -> bool {
    text[line.text_start..].starts_with([']', '}'])
}

fn ends_key(character: char) -> bool {
    matches!(character, ' ' | '\t' | ':' | ';' | ',') || looks_like_separator(character)
}

pub(super) fn is_field_character(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit() || matches!(character, '_' | '.' | '-')
}

/// Finds text on `line` or the line before that is indented too little for the block scalar above it. Returns its first line, and the bytes
/// of the block scalar with that text.
pub(super) fn find_dedented_text(text: &str, line: &Line) -> Option<(Line, Range<usize>)> {
    let text_line = if is_text(text, line) {
        *line
    } else {
        line_scan::line_before(text, line).filter(|previous| is_text(text, previous))?
    };
    let Some(header) = block_scalar_header_above(text, &text_line) else {
        return find_entry_in_block_scalar(text, &text_line);
    };
    let min_column = header.key_column() + 1;
    // The first line of a block scalar determines its indentation (YAML 1.2, section 8.1.1.1).
    let column = match nonempty_lines(text, header.next_start, text.len()).next() {
        Some(first) if first.indent() >= min_column => first.indent(),
        _ => header.key_column() + 2,
    };
    let first = nonempty_lines(text, header.next_start, text.len()).find(|line| line.indent() < column)?;
    if first.start > text_line.start {
        return None;
    }
    let mut end = first.end;
    for line in nonempty_lines(text, first.start, text.len()) {
        let belongs_to_scalar = line.indent() >= min_column || is_text(text, &line);
        if line_scan::is_document_marker(text, line.start) || !belongs_to_scalar {
            break;
        }
        end = line.end;
    }
    Some((first, header.value_start..end))
}

/// Finds a line above `text_line` that looks like an entry, such as `Note: text`, and ends the block scalar that contains the lines around it.
/// Returns the same as [`find_dedented_text`].
fn find_entry_in_block_scalar(text: &str, text_line: &Line) -> Option<(Line, Range<usize>)> {
    let entry = line_scan::line_before(text, text_line)?;
    let before = line_scan::line_before(text, &entry)?;
    let header = block_scalar_header_above(text, &entry).filter(|header| header.start < before.start)?;
    if entry.indent() >= text_line.indent() || before.indent() != text_line.indent() {
        return None;
    }
    Some((entry, header.value_start..line_scan::block_end(text, text_line, text_line.indent())))
}

/// The header (`key: |`) of the block scalar that contains `line` or ends before it.
fn block_scalar_header_above(text: &str, line: &Line) -> Option<Line> {
    // The block of a header has ended if an entry in its column, or to the left of it, is between the header and `line`.
    let mut leftmost_entry = usize::MAX;
    for above in lines_before(text, line).take(NEARBY_LINES) {
        if starts_block_scalar(text, &above) && above.key_column() < leftmost_entry {
            return Some(above);
        }
        if !is_text(text, &above) {
            leftmost_entry = leftmost_entry.min(above.indent());
        }
        if leftmost_entry == 0 || line_scan::is_document_marker(text, above.start) {
            return None;
        }
    }
    None
}
