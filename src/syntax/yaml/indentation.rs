//! Where lines belong, judged by the lines around them: the column a line was meant to stand in, which of two columns
//! is the odd one, and text that fell out of its block. Used, as [`line_scan`], only for texts that were refused.

use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;

/// So many lines are looked at around a place; no portal has longer blocks.
const NEAR: usize = 400;

/// Whether what belongs to this line stands on the lines below it.
pub fn opens(text: &str, line: &Line) -> bool {
    &text[line.text..line.end] == "-" || (line.colon.is_some() && value(text, line).is_empty())
}

/// Whether a text block starts here: `html: |`.
pub fn starts_text(text: &str, line: &Line) -> bool {
    let value = value(text, line);
    value.starts_with(['|', '>']) && value[1..].bytes().all(|byte| b"0123456789+-".contains(&byte))
}

/// Whether what belongs to this line stands beside it, so that it is this line that is out of place.
pub fn is_beside_its_lines(text: &str, line: &Line) -> bool {
    let below = written(text, line.next, text.len()).next();
    (opens(text, line) || starts_text(text, line)) && below.is_some_and(|below| below.indent() == line.indent())
}

/// The value of a line behind its anchor and tag.
fn value<'t>(text: &'t str, line: &Line) -> &'t str {
    let mut value = &text[line.value..line.end];
    while value.starts_with(['&', '!']) {
        value = value.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
    }
    value
}

/// Whether a line is no entry of a mapping or list, however badly written: it can only be text.
fn is_text(text: &str, line: &Line) -> bool {
    let written = &text[line.text..line.end];
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
    let key = match (written.chars().next(), line.colon) {
        (_, Some(colon)) => text[line.key..colon].trim().trim_matches(['"', '\'']),
        (Some(quote @ ('"' | '\'')), None) => written[1..].split(quote).next().unwrap_or_default(),
        (_, None) => written.split([' ', '\t', ':']).next().unwrap_or_default(),
    };
    let looks_like_key = !key.is_empty() && key.chars().all(plain) && !written.contains("://");
    !line.is_blank() && !looks_like_key && key != "<<" && !written.starts_with(['?', '-'])
}

/// The lines from `from` to `until` that are not empty.
fn written(text: &str, from: usize, until: usize) -> impl Iterator<Item = Line> {
    let mut next = Some(from);
    std::iter::from_fn(move || {
        let line = line_scan::line_at(text, next.filter(|&at| at < until)?);
        next = (line.next > line.start).then_some(line.next);
        Some(line)
    })
    .filter(|line| line.text < line.full_end)
}

/// The columns that are open before a line, the deepest first.
pub struct Open {
    columns: Vec<usize>,
    /// The line before opens a block.
    fresh: bool,
}

impl Open {
    /// What is open where a line stands.
    pub fn before(text: &str, line: &Line) -> Self {
        let mut open = Self { columns: Vec::new(), fresh: false };
        let mut above = line_scan::line_before(text, line);
        open.fresh = above.is_some_and(|line| opens(text, &line) || starts_text(text, &line));
        if let Some(header) = text_block_above(text, line).filter(|_| line.colon.is_some() && !is_text(text, line)) {
            (above, open.fresh) = (Some(header), false);
        }
        for _ in 0..NEAR {
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

    /// The column that a line was meant to stand in, which seems to be one of `seen`.
    pub fn fit(&self, text: &str, line: &Line, seen: &[usize]) -> usize {
        let top = self.columns.first().copied();
        let tabs = |line: &Line| text[line.start..line.text].contains('\t');
        let below = || written(text, line.next, text.len()).take(NEAR / 10).find(|line| !tabs(line));
        let child = self.fresh.then(below).flatten().map(|line| line.indent()).filter(|&column| Some(column) > top);
        let step = top.filter(|_| self.fresh).map(|column| column + 2);
        let all = child.into_iter().chain(step).chain(self.columns.iter().copied()).collect::<Vec<_>>();
        let next = written(text, line.next, text.len()).next().filter(|line| !tabs(line));
        let fits = |column: usize| match next {
            Some(next) if opens(text, line) || starts_text(text, line) => column < next.indent() || next.indent() == 0,
            Some(next) => next.indent() <= column,
            None => true,
        };
        let distance = |column: usize| seen.iter().map(|&seen| seen.abs_diff(column)).min();
        let nearest = |columns: &mut dyn Iterator<Item = usize>| columns.min_by_key(|&column| distance(column));
        nearest(&mut all.iter().copied().filter(|&column| fits(column)))
            .or_else(|| nearest(&mut all.iter().copied()))
            .unwrap_or(0)
    }

    /// Goes on behind a line that stands in this column.
    pub fn enter(&mut self, text: &str, line: &Line, column: usize) {
        self.columns.retain(|&open| open < column);
        self.columns.insert(0, column);
        self.fresh = opens(text, line) || starts_text(text, line);
    }
}

/// Moves the lines that stand like `line` to a column, and what is below them with them.
pub fn realign(text: &str, line: &Line, until: usize, column: usize) -> Vec<Repair> {
    let from = line.indent();
    let moved = written(text, line.start, until).filter_map(|line| {
        let to = match line.indent() {
            indent if indent == from => column,
            indent if indent > from && column > from => indent + column - from,
            _ => return None,
        };
        Some(Repair::Indent(line.start..line.text, to))
    });
    moved.collect()
}

/// When `line` does not line up with what is above it, and it is not `line` that is odd: the line that is, the end of
/// what is to be moved with it, and the column it belongs in.
pub fn misindented_above(text: &str, line: &Line) -> Option<(Line, usize, usize)> {
    if is_beside_its_lines(text, line) {
        return None;
    }
    let before = line_scan::line_before(text, line)?;
    if let Some(column) = between(text, &before) {
        return Some((before, line.start, column));
    }
    let (parent, first) = block_above(text, line, &before);
    let (column, wrong) = (line.indent(), first.indent());
    if column == wrong || is_item(text, line) != is_item(text, &first) || parent.is_some_and(|line| !opens(text, &line))
    {
        return None;
    }
    if column < wrong && is_beside_its_lines(text, &first) {
        return Some((first, first.next, column));
    }
    let count = |from: usize, until: usize, floor: usize, column: usize| {
        let block = written(text, from, until).take_while(|other| other.indent() >= floor);
        let entry = |other: &Line| is_item(text, other) == is_item(text, line) && !is_text(text, other);
        block.filter(|other| other.indent() == column && entry(other)).take(NEAR).count()
    };
    let everywhere = |column: usize| count(0, text.len(), 0, column);
    if let Some(parent) = parent.filter(|parent| parent.indent() < column && column < wrong) {
        // The parent may be the odd one: the first of the block that `line` is in.
        let opened = line_scan::line_before(text, &parent).is_some_and(|above| opens(text, &above));
        if opened && everywhere(parent.indent()) < everywhere(column) {
            return Some((parent, parent.next, column));
        }
    }
    let until = if wrong < column { text.len() } else { line.start };
    let here = count(line.start, text.len(), column, column);
    let above = count(first.start, until, column.min(before.indent()), wrong);
    if (here, everywhere(column)) <= (above, everywhere(wrong)) {
        return None;
    }
    let holds_line = first.start == before.start && opens(text, &before) && column < wrong;
    let column = if holds_line { Open::before(text, &first).fit(text, &first, &[wrong]) } else { column };
    Some((first, line.start, column))
}

/// The first line of the block above `line` that is not left of both `line` and `before`, and the line that opens it.
fn block_above(text: &str, line: &Line, before: &Line) -> (Option<Line>, Line) {
    let edge = line.indent().min(before.indent());
    let mut first = *before;
    for _ in 0..NEAR {
        match line_scan::line_before(text, &first).filter(|line| !line_scan::is_marker(text, line.start)) {
            Some(above) if above.indent() >= edge => first = above,
            parent => return (parent, first),
        }
    }
    (None, first)
}

/// A line that starts with a dash.
fn is_item(text: &str, line: &Line) -> bool {
    text[line.text..].starts_with('-')
}

/// The column of the lines around a line that stands to the left of them and cannot be above those that follow.
pub fn between(text: &str, line: &Line) -> Option<usize> {
    let before = text_block_above(text, line).or_else(|| line_scan::line_before(text, line))?;
    let after = written(text, line.next, text.len()).next()?;
    let first = opens(text, &before) && line.indent() <= before.indent();
    let inside = after.indent() > line.indent() && (first || before.indent() == after.indent());
    (inside && !opens(text, line) && !starts_text(text, line)).then_some(after.indent())
}

/// Text that fell out of the text block above it: its first line, and what puts it back.
pub fn dedented_text(text: &str, line: &Line) -> Option<(Line, Vec<Repair>)> {
    let start =
        [Some(*line), line_scan::line_before(text, line)].into_iter().flatten().find(|line| is_text(text, line))?;
    let header = text_block_above(text, &start)?;
    let mut block = written(text, header.next, text.len());
    let column = block.next().map(|line| line.indent()).filter(|&column| column > header.key_column());
    let column = column.unwrap_or(header.key_column() + 2);
    let first = written(text, header.next, text.len()).find(|line| line.indent() < column)?;
    if first.start > start.start {
        return None;
    }
    let run = written(text, first.start, text.len()).take_while(|line| {
        !line_scan::is_marker(text, line.start) && (line.indent() > header.key_column() || is_text(text, line))
    });
    if first.indent() == header.key_column() + step(text) {
        // The block is where blocks are; the lines before this one stand too far to the right.
        let block = written(text, header.next, first.start);
        let top = line_scan::line_at(text, header.next);
        return Some((top, block.map(|line| Repair::Indent(line.start..line.text, first.indent())).collect()));
    }
    let short = run.filter(|line| line.indent() < column);
    Some((first, short.map(|line| Repair::Indent(line.start..line.text, column)).collect()))
}

/// How far this text indents: the smallest indentation that is there more than once.
fn step(text: &str) -> usize {
    let mut once = Vec::new();
    let mut twice = Vec::new();
    for indent in written(text, 0, text.len()).map(|line| line.indent()).filter(|&indent| (1..=8).contains(&indent)) {
        let seen = if once.contains(&indent) { &mut twice } else { &mut once };
        if !seen.contains(&indent) {
            seen.push(indent);
        }
    }
    twice.into_iter().min().unwrap_or(2)
}

/// The line that starts the text block which `line` follows or stands in.
fn text_block_above(text: &str, line: &Line) -> Option<Line> {
    let mut above = line_scan::line_before(text, line)?;
    let mut shallowest = usize::MAX;
    for _ in 0..NEAR {
        if starts_text(text, &above) && above.key_column() < shallowest {
            return Some(above);
        }
        if !is_text(text, &above) {
            shallowest = shallowest.min(above.indent());
        }
        if shallowest == 0 || line_scan::is_marker(text, above.start) {
            return None;
        }
        above = line_scan::line_before(text, &above)?;
    }
    None
}
