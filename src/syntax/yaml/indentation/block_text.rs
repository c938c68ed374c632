//! Finds text that belongs to a block scalar above it, although it is not indented enough.

use crate::syntax::yaml::indentation::{NEARBY_LINES, nonempty_lines, starts_block_scalar};
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;

/// Whether a line can only be text, because it does not resemble an entry of a mapping or list, not even one with mistakes.
pub(super) fn is_text(text: &str, line: &Line) -> bool {
    let content = &text[line.text_start..line.text_end];
    if line.is_blank() || content.starts_with(['?', '-']) {
        return false;
    }
    let key = match (content.chars().next(), line.colon) {
        (_, Some(colon)) => text[line.key_start..colon].trim().trim_matches(['"', '\'']),
        (Some(quote @ ('"' | '\'')), None) => content[1..].split(quote).next().unwrap_or_default(),
        (_, None) => content.split([' ', '\t', ':']).next().unwrap_or_default(),
    };
    // `https://…` is no key without a space after its colon, but an address.
    let resembles_key = !key.is_empty() && key.chars().all(is_key_character) && !content.contains("://");
    !resembles_key && key != "<<"
}

fn is_key_character(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit() || matches!(character, '_' | '.' | '-')
}

/// Text that is indented too little for the block scalar above it: the first such line, and the repairs that indent it.
pub(in crate::syntax::yaml) fn find_dedented_text(text: &str, line: &Line) -> Option<(Line, Vec<Repair>)> {
    let text_line = if is_text(text, line) {
        *line
    } else {
        line_scan::line_before(text, line).filter(|previous| is_text(text, previous))?
    };
    let header = block_scalar_header_above(text, &text_line)?;
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
    let mut repairs = Vec::new();
    if first.indent() == header.key_column() + indentation_step(text) {
        // This line has the usual indentation of a block scalar, so the lines before it are indented too much.
        for line in nonempty_lines(text, header.next_start, first.start) {
            repairs.push(Repair::Reindent(line.start..line.text_start, first.indent()));
        }
        return Some((line_scan::line_at(text, header.next_start), repairs));
    }
    for line in nonempty_lines(text, first.start, text.len()) {
        let belongs_to_scalar = line.indent() >= min_column || is_text(text, &line);
        if line_scan::is_marker(text, line.start) || !belongs_to_scalar {
            break;
        }
        if line.indent() < column {
            repairs.push(Repair::Reindent(line.start..line.text_start, column));
        }
    }
    Some((first, repairs))
}

/// The number of spaces per level in this text: the smallest indentation that occurs more than once.
fn indentation_step(text: &str) -> usize {
    const MAX_STEP: usize = 8;
    let mut counts = [0usize; MAX_STEP + 1];
    for line in nonempty_lines(text, 0, text.len()) {
        if (1..=MAX_STEP).contains(&line.indent()) {
            counts[line.indent()] += 1;
        }
    }
    counts.iter().position(|&count| count > 1).unwrap_or(2)
}

/// The header (`key: |`) of the block scalar that contains `line` or ends before it.
pub(super) fn block_scalar_header_above(text: &str, line: &Line) -> Option<Line> {
    let mut above = line_scan::line_before(text, line)?;
    // A header whose block has ended does not count: an entry to its left, or in its column, came after it.
    let mut leftmost_entry = usize::MAX;
    for _ in 0..NEARBY_LINES {
        if starts_block_scalar(text, &above) && above.key_column() < leftmost_entry {
            return Some(above);
        }
        if !is_text(text, &above) {
            leftmost_entry = leftmost_entry.min(above.indent());
        }
        if leftmost_entry == 0 || line_scan::is_marker(text, above.start) {
            return None;
        }
        above = line_scan::line_before(text, &above)?;
    }
    None
}
