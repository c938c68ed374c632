//! Guesses the intended indentation of lines from the lines around them: the column a line was meant to have, which of two
//! columns is wrong, and which lines of text belong to a block scalar above. Like [`line_scan`], it is used only for texts
//! that the parser rejects.

use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;

/// How many lines around a position are scanned. This keeps the time linear, and no portal has longer blocks.
const NEARBY_LINES: usize = 400;

/// Whether the value of a line is a block on the lines below it: `key:` or `-`.
pub(super) fn opens_block(text: &str, line: &Line) -> bool {
    &text[line.text..line.end] == "-" || (line.colon.is_some() && value_without_properties(text, line).is_empty())
}

/// Whether the value of a line is a block scalar: `html: |`.
pub(super) fn starts_block_scalar(text: &str, line: &Line) -> bool {
    let value = value_without_properties(text, line);
    value.starts_with(['|', '>']) && value[1..].bytes().all(|byte| b"0123456789+-".contains(&byte))
}

/// Whether a line opens a block, but the next line has the same column, so that this line is the one with the wrong
/// indentation.
pub(super) fn has_children_at_same_column(text: &str, line: &Line) -> bool {
    let below = nonempty_lines(text, line.next, text.len()).next();
    (opens_block(text, line) || starts_block_scalar(text, line))
        && below.is_some_and(|below| below.indent() == line.indent())
}

/// The value of a line, without its anchor and tag (which YAML calls node properties).
fn value_without_properties<'t>(text: &'t str, line: &Line) -> &'t str {
    let mut value = &text[line.value..line.end];
    while value.starts_with(['&', '!']) {
        value = value.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
    }
    value
}

/// Whether a line can only be text, because it does not resemble an entry of a mapping or list, not even one with mistakes.
fn is_text(text: &str, line: &Line) -> bool {
    let content = &text[line.text..line.end];
    let is_key_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
    let key = match (content.chars().next(), line.colon) {
        (_, Some(colon)) => text[line.key..colon].trim().trim_matches(['"', '\'']),
        (Some(quote @ ('"' | '\'')), None) => content[1..].split(quote).next().unwrap_or_default(),
        (_, None) => content.split([' ', '\t', ':']).next().unwrap_or_default(),
    };
    let looks_like_key = !key.is_empty() && key.chars().all(is_key_char) && !content.contains("://");
    !line.is_blank() && !looks_like_key && key != "<<" && !content.starts_with(['?', '-'])
}

/// The lines from `from` to `until` that are not empty.
fn nonempty_lines(text: &str, from: usize, until: usize) -> impl Iterator<Item = Line> {
    let mut next = Some(from);
    std::iter::from_fn(move || {
        let line = line_scan::line_at(text, next.filter(|&at| at < until)?);
        next = (line.next > line.start).then_some(line.next);
        Some(line)
    })
    .filter(|line| line.text < line.full_end)
}

/// The blocks that are open before a line.
pub(super) struct OpenBlocks {
    /// Their columns, the deepest first.
    columns: Vec<usize>,
    /// Whether the line before opens a block that has no lines yet.
    opens_child_block: bool,
}

impl OpenBlocks {
    /// The blocks that are open before a line.
    pub(super) fn before(text: &str, line: &Line) -> Self {
        let mut open = Self { columns: Vec::new(), opens_child_block: false };
        let mut above = line_scan::line_before(text, line);
        open.opens_child_block = above.is_some_and(|line| opens_block(text, &line) || starts_block_scalar(text, &line));
        if let Some(header) =
            block_scalar_header_above(text, line).filter(|_| line.colon.is_some() && !is_text(text, line))
        {
            (above, open.opens_child_block) = (Some(header), false);
        }
        for _ in 0..NEARBY_LINES {
            let Some(line) = above.filter(|line| !line_scan::is_marker(text, line.start)) else { break };
            if open.columns.last().is_none_or(|&column| line.indent() < column) {
                open.columns.extend((line.key_column() > line.indent()).then_some(line.key_column()));
                open.columns.push(line.indent());
            }
            if line.indent() == 0 {
                break;
            }
            above = line_scan::line_before(text, &line);
        }
        open
    }

    /// The column that a line was most likely meant to have. `current` are the columns it may have now; there are several if
    /// it is indented with tabs.
    ///
    /// Candidates are the columns of the open blocks and, if the line before opens a block, the column of the following
    /// lines and one level deeper. A candidate fits if the next line remains a valid child or sibling. The result is the
    /// fitting candidate with the smallest distance to a current column, or the closest of all candidates if none fits.
    pub(super) fn expected_column(&self, text: &str, line: &Line, current: &[usize]) -> usize {
        let mut candidates = Vec::new();
        if self.opens_child_block {
            let deepest = self.columns.first().copied();
            let column_below = first_column_without_tabs(text, line.next);
            candidates.extend(column_below.filter(|&column| Some(column) > deepest));
            candidates.extend(deepest.map(|column| column + 2));
        }
        candidates.extend_from_slice(&self.columns);
        let next = nonempty_lines(text, line.next, text.len()).next().filter(|line| !has_tab_indentation(text, line));
        let has_block = opens_block(text, line) || starts_block_scalar(text, line);
        let fits = |column: usize| match next {
            Some(next) if has_block => column < next.indent() || next.indent() == 0,
            Some(next) => next.indent() <= column,
            None => true,
        };
        let distance = |column: usize| current.iter().map(|&current| current.abs_diff(column)).min();
        let fitting = candidates.iter().copied().filter(|&column| fits(column));
        let closest_fitting = fitting.min_by_key(|&column| distance(column));
        closest_fitting.or_else(|| candidates.iter().copied().min_by_key(|&column| distance(column))).unwrap_or(0)
    }

    /// Updates the open blocks for the next line, after a line with this column.
    pub(super) fn enter(&mut self, text: &str, line: &Line, column: usize) {
        self.columns.retain(|&open| open < column);
        self.columns.insert(0, column);
        self.opens_child_block = opens_block(text, line) || starts_block_scalar(text, line);
    }
}

fn has_tab_indentation(text: &str, line: &Line) -> bool {
    text[line.start..line.text].contains('\t')
}

/// The column of the first nearby line from `from` on that is not indented with tabs.
fn first_column_without_tabs(text: &str, from: usize) -> Option<usize> {
    let mut nearby = nonempty_lines(text, from, text.len()).take(NEARBY_LINES / 10);
    nearby.find(|line| !has_tab_indentation(text, line)).map(|line| line.indent())
}

/// Moves the lines that have the column of `line` to another column. If that is deeper, their children move with them.
pub(super) fn realign(text: &str, line: &Line, until: usize, column: usize) -> Vec<Repair> {
    let from = line.indent();
    let moved = nonempty_lines(text, line.start, until).filter_map(|line| {
        let to = match line.indent() {
            indent if indent == from => column,
            indent if indent > from && column > from => indent + column - from,
            _ => return None,
        };
        Some(Repair::Indent(line.start..line.text, to))
    });
    moved.collect()
}

/// If `line` does not fit the lines above it because one of those has the wrong indentation: that line, the end of the lines
/// to move with it, and the column it should have.
///
/// Two columns compete: that of `line` and that of the first line of the block above. The one with fewer entries of the same
/// kind around it, and then in the whole text, is taken for the wrong one.
pub(super) fn misindented_above(text: &str, line: &Line) -> Option<(Line, usize, usize)> {
    if has_children_at_same_column(text, line) {
        return None;
    }
    let before = line_scan::line_before(text, line)?;
    if let Some(column) = column_of_neighbors(text, &before) {
        return Some((before, line.start, column));
    }
    let (parent, first) = block_above(text, line, &before);
    let (column, other_column) = (line.indent(), first.indent());
    if column == other_column
        || is_item(text, line) != is_item(text, &first)
        || parent.is_some_and(|line| !opens_block(text, &line))
    {
        return None;
    }
    if column < other_column && has_children_at_same_column(text, &first) {
        return Some((first, first.next, column));
    }
    let count_entries = |from: usize, until: usize, floor: usize, column: usize| {
        let block = nonempty_lines(text, from, until).take_while(|other| other.indent() >= floor);
        let is_entry = |other: &Line| is_item(text, other) == is_item(text, line) && !is_text(text, other);
        block.filter(|other| other.indent() == column && is_entry(other)).take(NEARBY_LINES).count()
    };
    let count_in_text = |column: usize| count_entries(0, text.len(), 0, column);
    if let Some(parent) = parent.filter(|parent| parent.indent() < column && column < other_column) {
        // The parent may have the wrong indentation: it may be the first entry of the block that contains `line`.
        let is_first = line_scan::line_before(text, &parent).is_some_and(|above| opens_block(text, &above));
        if is_first && count_in_text(parent.indent()) < count_in_text(column) {
            return Some((parent, parent.next, column));
        }
    }
    let until = if other_column < column { text.len() } else { line.start };
    let entries_below = count_entries(line.start, text.len(), column, column);
    let entries_above = count_entries(first.start, until, column.min(before.indent()), other_column);
    if (entries_below, count_in_text(column)) <= (entries_above, count_in_text(other_column)) {
        return None;
    }
    let would_close_block = first.start == before.start && opens_block(text, &before) && column < other_column;
    let column = if would_close_block {
        OpenBlocks::before(text, &first).expected_column(text, &first, &[other_column])
    } else {
        column
    };
    Some((first, line.start, column))
}

/// The lines directly above `line` that are not to the left of both `line` and `before`: the first of them, and the line
/// before it, which opens their block.
fn block_above(text: &str, line: &Line, before: &Line) -> (Option<Line>, Line) {
    let edge = line.indent().min(before.indent());
    let mut first = *before;
    for _ in 0..NEARBY_LINES {
        match line_scan::line_before(text, &first).filter(|line| !line_scan::is_marker(text, line.start)) {
            Some(above) if above.indent() >= edge => first = above,
            parent => return (parent, first),
        }
    }
    (None, first)
}

/// Whether a line is a list item.
fn is_item(text: &str, line: &Line) -> bool {
    text[line.text..].starts_with('-')
}

/// The common column of the lines before and after a line that is to the left of both and cannot be the parent of the next.
pub(super) fn column_of_neighbors(text: &str, line: &Line) -> Option<usize> {
    let before = block_scalar_header_above(text, line).or_else(|| line_scan::line_before(text, line))?;
    let after = nonempty_lines(text, line.next, text.len()).next()?;
    let first = opens_block(text, &before) && line.indent() <= before.indent();
    let inside = after.indent() > line.indent() && (first || before.indent() == after.indent());
    (inside && !opens_block(text, line) && !starts_block_scalar(text, line)).then_some(after.indent())
}

/// Text that is indented too little for the block scalar above it: the first such line, and the repairs that indent it.
pub(super) fn dedented_text(text: &str, line: &Line) -> Option<(Line, Vec<Repair>)> {
    let start =
        [Some(*line), line_scan::line_before(text, line)].into_iter().flatten().find(|line| is_text(text, line))?;
    let header = block_scalar_header_above(text, &start)?;
    let mut block = nonempty_lines(text, header.next, text.len());
    let column = block.next().map(|line| line.indent()).filter(|&column| column > header.key_column());
    let column = column.unwrap_or(header.key_column() + 2);
    let first = nonempty_lines(text, header.next, text.len()).find(|line| line.indent() < column)?;
    if first.start > start.start {
        return None;
    }
    let text_lines = nonempty_lines(text, first.start, text.len()).take_while(|line| {
        !line_scan::is_marker(text, line.start) && (line.indent() > header.key_column() || is_text(text, line))
    });
    if first.indent() == header.key_column() + indentation_step(text) {
        // This line has the usual indentation of a block scalar, so the lines before it are indented too much.
        let block = nonempty_lines(text, header.next, first.start);
        let top = line_scan::line_at(text, header.next);
        return Some((top, block.map(|line| Repair::Indent(line.start..line.text, first.indent())).collect()));
    }
    let too_short = text_lines.filter(|line| line.indent() < column);
    Some((first, too_short.map(|line| Repair::Indent(line.start..line.text, column)).collect()))
}

/// The number of spaces per level in this text: the smallest indentation that occurs more than once.
fn indentation_step(text: &str) -> usize {
    let mut once = Vec::new();
    let mut twice = Vec::new();
    for indent in
        nonempty_lines(text, 0, text.len()).map(|line| line.indent()).filter(|&indent| (1..=8).contains(&indent))
    {
        let seen = if once.contains(&indent) { &mut twice } else { &mut once };
        if !seen.contains(&indent) {
            seen.push(indent);
        }
    }
    twice.into_iter().min().unwrap_or(2)
}

/// The header (`key: |`) of the block scalar that contains `line` or ends before it.
fn block_scalar_header_above(text: &str, line: &Line) -> Option<Line> {
    let mut above = line_scan::line_before(text, line)?;
    let mut leftmost = usize::MAX;
    for _ in 0..NEARBY_LINES {
        if starts_block_scalar(text, &above) && above.key_column() < leftmost {
            return Some(above);
        }
        if !is_text(text, &above) {
            leftmost = leftmost.min(above.indent());
        }
        if leftmost == 0 || line_scan::is_marker(text, above.start) {
            return None;
        }
        above = line_scan::line_before(text, &above)?;
    }
    None
}
