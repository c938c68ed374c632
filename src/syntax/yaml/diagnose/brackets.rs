//! Diagnoses errors in brackets (YAML's flow style): brackets that are not closed, close nothing, or are of the wrong kind, and
//! errors between the items.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::Diagnosis;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::{FlowToken, Line};
use crate::syntax::yaml::parse_pass::ParseStop;

/// The offsets of the brackets that are open for the parser, outermost first.
pub(super) fn open_for_parser(text: &str, stop: &ParseStop) -> impl Iterator<Item = usize> {
    // A mapping without braces in a list, `[a: 1]`, is in flow style as well.
    let flow_starts = stop.open.iter().filter(|collection| collection.is_flow).map(|collection| collection.start);
    flow_starts.filter(|start| text[*start..].starts_with(['[', '{']))
}

/// The offsets of the brackets that are open where the parser stopped, outermost first.
pub(super) fn find_open_brackets(text: &str, stop: &ParseStop) -> Vec<usize> {
    let mut open: Vec<usize> = open_for_parser(text, stop).collect();
    // The builder knows the collections up to its last event; scan the text after the start of the innermost one.
    let scan_start = open.pop().unwrap_or(stop.last_event.end);
    for token in line_scan::scan_flow_tokens(text, scan_start.min(stop.offset), stop.offset) {
        match token {
            FlowToken::Open(offset) => open.push(offset),
            FlowToken::Close(_) => {
                open.pop();
            }
            FlowToken::Quoted(..) | FlowToken::Comma(_) => {}
        }
    }
    open
}

/// The bracket at an offset.
fn bracket_at(text: &str, offset: usize) -> char {
    text[offset..].chars().next().unwrap_or('[')
}

fn diagnose_unclosed(text: &str, open: usize) -> Diagnosis {
    Diagnosis::new(Problem::UnclosedBracket(bracket_at(text, open)), open, open + 1)
}

/// Finds the cause of a stop at a bracket.
pub(super) fn diagnose_bracket(text: &str, stop: &ParseStop, open_brackets: &[usize]) -> Diagnosis {
    let offset = stop.offset;
    match stop.kind {
        ErrorKind::UnclosedFlowCollection { .. } => {
            diagnose_unclosed(text, find_closing_bracket(text, offset).err().unwrap_or(offset))
        }
        ErrorKind::MismatchedFlowCollectionEnd { close, .. } => {
            let outer = open_brackets.iter().rev().find(|&&outer| outer < offset);
            // In `[1, {a: 2]`, the closing bracket belongs to the outer list, and the inner mapping has none.
            let closes_outer = outer.is_some_and(|&outer| (text.as_bytes()[outer] == b'[') == (close == ']'));
            match find_closing_bracket(text, offset) {
                Ok(end) if !closes_outer && !is_unclosed_by_indentation(text, offset) => {
                    Diagnosis::new(Problem::StrayClosingBracket(close), end, end + 1).with_related(offset, offset + 1)
                }
                _ => diagnose_unclosed(text, offset),
            }
        }
        _ => {
            let close = bracket_at(text, offset);
            Diagnosis::new(Problem::StrayClosingBracket(close), offset, offset + close.len_utf8())
        }
    }
}

/// The offset of the bracket that closes the one at `open`. If the text ends before it, the error is the offset of the bracket that was
/// probably not closed: `open`, or a bracket inside whose match starts a line with less indentation. That match was meant for an outer
/// bracket.
fn find_closing_bracket(text: &str, open: usize) -> Result<usize, usize> {
    let first = line_scan::line_at(text, open);
    let (mut text_start, mut indent, mut scanned) = (first.text_start, first.indent(), first.start);
    // The brackets that are open, each with the indentation of its line.
    let mut stack = Vec::new();
    let mut unclosed = open;
    for token in line_scan::scan_flow_tokens(text, open, text.len()) {
        let (FlowToken::Open(offset) | FlowToken::Close(offset)) = token else { continue };
        if let Some(line_break) = text[scanned..offset].rfind(['\n', '\r']) {
            let line_start = scanned + line_break + 1;
            text_start = line_scan::skip_blanks(text.as_bytes(), line_start);
            indent = text_start - line_start;
        }
        scanned = offset;
        if let FlowToken::Open(_) = token {
            stack.push((offset, indent));
        } else if let Some((opened, opened_indent)) = stack.pop() {
            if stack.is_empty() {
                return Ok(offset);
            }
            if unclosed == open && text_start == offset && indent < opened_indent {
                unclosed = opened;
            }
        }
    }
    Err(unclosed)
}

/// Whether the indentation shows that a bracket was never closed: the lines before the one that closes it include another key of the
/// block that contains the bracket.
fn is_unclosed_by_indentation(text: &str, open: usize) -> bool {
    let first = line_scan::line_at(text, open);
    let is_value = first.colon.is_some_and(|colon| colon < open);
    let is_item = first.key_start > first.text_start && first.key_start <= open;
    if !(is_value || is_item) || first.text_start == open {
        return false;
    }
    let limit = find_closing_bracket(text, open).unwrap_or(text.len());
    let mut lines = line_scan::nonempty_lines(text, first.next_start, limit);
    lines.any(|line| line_scan::is_document_marker(text, line.start) || is_key_of_outer_block(text, &line, &first))
}

/// Whether a line has a key that is not inside the value of `first`. Keys in quotes and lines that start with a bracket or
/// comma do not count, because they are typical of JSON, in which indentation has no meaning.
fn is_key_of_outer_block(text: &str, line: &Line, first: &Line) -> bool {
    line.key_column() <= first.key_column()
        && line.colon.is_some()
        && !text[..line.text_end].ends_with(',')
        && !text[line.key_start..].starts_with(['"', '\'', '{', '[', ']', '}', ','])
}

/// Diagnoses a stray opening bracket: it ends the line of a key, and the lines below are an ordinary block.
pub(super) fn diagnose_stray_opener(text: &str, stop: &ParseStop, open_brackets: &[usize]) -> Option<Diagnosis> {
    let mut open = open_brackets.first().copied();
    if let ErrorKind::UnclosedFlowCollection { .. } = stop.kind {
        open = Some(open.map_or(stop.offset, |open| open.min(stop.offset)));
    }
    let open = open?;
    let line = line_scan::line_at(text, open);
    let below = line_scan::line_at(text, line.next_start);
    let ends_key_line = line.text_start < open && line.text_end == open + 1;
    let is_item = text[below.text_start..].starts_with("- ");
    let starts_block = is_item || (below.colon.is_some() && below.indent() > line.key_column());
    if !ends_key_line || !starts_block {
        return None;
    }
    // A comma, a further bracket or a quoted key shows that brackets were meant.
    if text[..below.text_end].ends_with([',', '{', '[']) || text[below.key_start..].starts_with(['"', '\'']) {
        return None;
    }
    let block_end = line_scan::block_end(text, &line, line.key_column() + usize::from(!is_item));
    if text[open..block_end].lines().any(|line| line.trim_end().ends_with(',')) {
        return None;
    }
    let diagnosis = Diagnosis::new(Problem::StrayOpeningBracket(bracket_at(text, open)), open, open + 1);
    Some(match find_closing_bracket(text, open) {
        Ok(close) => diagnosis.with_related(close, close + 1),
        Err(_) => diagnosis,
    })
}

/// Diagnoses errors between brackets, except those about the brackets themselves.
pub(super) fn diagnose_item(text: &str, stop: &ParseStop, open_brackets: &[usize]) -> Diagnosis {
    use ErrorKind as Kind;
    let offset = stop.offset;
    if let Some(&outermost) = open_brackets.first() {
        // A list in block style shows that these lines were not meant to be in brackets.
        let is_item = stop.kind == Kind::BlockEntryInFlowCollection;
        let unclosed = find_closing_bracket(text, outermost).err();
        if is_unclosed_by_indentation(text, outermost) || (is_item && unclosed.is_some()) {
            return diagnose_unclosed(text, unclosed.unwrap_or(outermost));
        }
    }
    let Some(character) = text[offset..].chars().next() else {
        return diagnose_unclosed(text, open_brackets.last().copied().unwrap_or_default());
    };
    let end = offset + character.len_utf8();
    if let Some(&outermost) = open_brackets.first()
        && matches!(character, '|' | '>')
        && find_closing_bracket(text, outermost).is_err()
        && text[end..].trim_start_matches(|sign: char| "+-0123456789 ".contains(sign)).starts_with(['\n', '\r'])
    {
        // The header of a block scalar shows that this line was not meant to be in brackets.
        return diagnose_unclosed(text, outermost);
    }
    match (&stop.kind, character) {
        (_, ',') => Diagnosis::new(Problem::ExtraComma, offset, end),
        (Kind::FlowMappingValueAdjacentCollection, _) => Diagnosis::new(Problem::MissingSpace, offset, end),
        (Kind::BlockEntryInFlowCollection | Kind::PlainScalarStartsWithDashFlowIndicator, _) => {
            Diagnosis::new(Problem::Unexpected(character), offset, end)
        }
        (Kind::MissingAnchorOrAliasName | Kind::UnexpectedCharacter { .. } | Kind::CommentNotSeparated, _)
        | (_, '!') => Diagnosis::new(Problem::NeedsQuotes(character), offset, item_end(text, offset)),
        (_, ':') => diagnose_second_colon(text, offset),
        (Kind::ExpectedFlowMappingSeparator | Kind::ExpectedFlowSequenceSeparator, _) => {
            diagnose_missing_comma(text, offset)
        }
        _ => Diagnosis::new(Problem::Unexpected(character), offset, item_end(text, offset)),
    }
}

/// Diagnoses a missing comma between two items, the second of which starts at `next_item`.
pub(super) fn diagnose_missing_comma(text: &str, next_item: usize) -> Diagnosis {
    // The error is reported at the last character of the first item, where the comma belongs.
    let end = text[..next_item].trim_end().len();
    let start = text.floor_char_boundary(end.saturating_sub(1));
    Diagnosis::new(Problem::MissingComma, start, end)
}

/// The offset of the last word, if a blank is before it.
fn last_word_after_blank(text: &str) -> Option<usize> {
    let blank = text.trim_end().rfind(char::is_whitespace)?;
    // The blank may be a no-break space, which has two bytes.
    Some(text.ceil_char_boundary(blank + 1))
}

/// Diagnoses a second colon in an item: `{a: 1 b: 2}` lacks a comma, `{a: b: c}` lacks quotes.
fn diagnose_second_colon(text: &str, offset: usize) -> Diagnosis {
    let before = &text[..offset];
    let item_start = before.rfind([',', '{', '[']).map_or(0, |separator| separator + 1);
    let item = &before[item_start..];
    let first_colon = item.find(": ").or_else(|| item.find(":\n"));
    let after_colon = item_start + first_colon.map_or(0, |colon| colon + 1);
    let value_start = (text.len() - text[after_colon..].trim_start().len()).min(offset);
    match last_word_after_blank(&text[value_start..offset]) {
        Some(word) => diagnose_missing_comma(text, value_start + word),
        None => Diagnosis::new(Problem::NeedsQuotes(':'), value_start, item_end(text, offset)),
    }
}

/// The end of the value or key at `start`: before the next comma, closing bracket or line break, but after the first character.
pub(super) fn item_end(text: &str, start: usize) -> usize {
    let rest_start = text.ceil_char_boundary(start + 1);
    let rest = &text[rest_start..];
    let length = rest.find([',', ']', '}', '\n', '\r']).unwrap_or(rest.len());
    rest_start + rest[..length].trim_end().len()
}
