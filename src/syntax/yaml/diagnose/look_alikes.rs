//! Names a character that looks like a space or a sign, if it is at the place of a syntax error. Such a character cannot be told from
//! the right one, so the error itself does not help.

use crate::base::source::Span;
use crate::syntax::look_alikes::{is_space_like, is_stray, look_alike, name_character};
use crate::syntax::yaml::diagnose::missing_colon::is_key_character;
use crate::syntax::yaml::line_scan::{FlowToken, line_at, nonempty_lines, scan_flow_tokens};
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::{Problem, SyntaxError};

/// The error that names the character that is probably the cause of `error`.
pub(super) fn find_at_error(text: &str, stop: &ParseStop, error: &SyntaxError) -> Option<SyntaxError> {
    let (start, end) = (error.span.start as usize, error.span.end as usize);
    let is_at = |offset: &usize| text[*offset..].starts_with(is_stray);
    let offset = match error.problem {
        Problem::NeedsQuotes(':') => find_comma_before_key(&text[start..end]).map(|distance| start + distance),
        // After a closing quote or bracket, or after the header of a block scalar, the character is the only text.
        Problem::TextAfterQuote(_) | Problem::NeedsQuotes('>' | '|' | '[' | '{') => {
            let before = text[start..end].trim_end_matches(is_stray);
            let is_header = text[start..end].trim_start_matches(is_stray_or_header).is_empty();
            if is_header {
                text[start..end].find(is_stray).map(|distance| start + distance)
            } else {
                (before.len() < end - start && before.ends_with([']', '}'])).then_some(start + before.len())
            }
        }
        _ => find_in_line(text, start)
            .or_else(|| find_in_line(text, stop.offset))
            .or_else(|| find_in_unfinished_entry(text, stop)),
    };
    let offset = offset.or_else(|| [start, stop.offset].into_iter().find(is_at))?;
    Some(error_at(text, offset))
}

/// The error that names the character at an offset.
pub(in crate::syntax::yaml) fn error_at(text: &str, offset: usize) -> SyntaxError {
    let character = text[offset..].chars().next().unwrap_or(' ');
    let span = Span::new(offset, offset + character.len_utf8());
    SyntaxError { span, problem: name_character(character), related: None }
}

/// The offset of the first such character in the entry at which the parser found no value: with the lines below, which hold its
/// value, it can be one text for the parser.
fn find_in_unfinished_entry(text: &str, stop: &ParseStop) -> Option<usize> {
    let lines = nonempty_lines(text, stop.last_event_end, stop.offset);
    // The last event may be the key of the entry, or the end of the value before it.
    lines.take(2).find_map(|line| find_in_line(text, line.start))
}

/// The offset of the first such character between brackets that is after a key or before a value. The text after it is read in a
/// different way than meant: the quotes of `{a:<U+00A0>"${B}"}` are text, and the braces in them are brackets.
pub(super) fn find_in_brackets(text: &str, open: usize, until: usize) -> Option<usize> {
    for token in scan_flow_tokens(text, open, until) {
        let (FlowToken::Open(offset) | FlowToken::Comma(offset)) = token else { continue };
        let item = text[offset + 1..].trim_ascii_start();
        // The parser reads a word or a colon after the character as it is meant.
        if let Some(distance) = find_in_entry(item)
            && !after_strays(&item[distance..]).starts_with(|next: char| next.is_alphanumeric() || next == ':')
        {
            return Some(text.len() - item.len() + distance);
        }
    }
    None
}

/// The offset of the first such character in the line at `offset`: see [`find_in_entry`].
fn find_in_line(text: &str, offset: usize) -> Option<usize> {
    let line = line_at(text, offset);
    find_in_entry(&text[line.start..line.end]).map(|distance| line.start + distance)
}

/// The offset of the first such character in the indentation of an entry, in place of its dash, after its key, directly after its colon,
/// before the sign with which its value starts, or after the header of a block scalar.
pub(super) fn find_in_entry(entry: &str) -> Option<usize> {
    let rest = entry.trim_start_matches([' ', '\t']);
    let after_dashes = rest.trim_start_matches("- ");
    if let Some(distance) = find_in_dash(after_dashes) {
        return Some(entry.len() - after_dashes.len() + distance);
    }
    let after_key = match after_dashes.strip_prefix("<<") {
        Some(after_merge_key) => after_merge_key,
        None => after_dashes.trim_start_matches(is_key_character),
    };
    let after_blanks = after_key.trim_start_matches(' ');
    let after_colon = after_blanks.strip_prefix(':').unwrap_or(after_blanks);
    let value = after_colon.trim_start_matches(' ');
    if hides_sign(value) {
        return Some(entry.len() - value.len());
    }
    let after_name = find_after_name(value).map(|distance| &value[distance..]).unwrap_or_default();
    let header = value.strip_prefix(['|', '>']).unwrap_or_default();
    let after_header = header.trim_start_matches(|character: char| "+-0123456789 ".contains(character));
    let places = [rest, after_dashes, after_key, after_blanks, after_colon, after_name, after_header];
    let place = places.into_iter().find(|place| place.starts_with(is_stray))?;
    Some(entry.len() - place.len())
}

/// The error in a plain value that names a character before the sign with which it should start, in place of a dash or, in a list in
/// brackets, of a comma.
pub(in crate::syntax::yaml) fn find_in_value(text: &str, span: Span, is_in_brackets: bool) -> Option<SyntaxError> {
    let value = &text[span.range()];
    if value.is_ascii() {
        return None;
    }
    let distance = if hides_sign(value) {
        0
    } else if is_in_brackets {
        value.find(|character| look_alike(character) == Some(','))?
    } else {
        // Text can start with a dash, but not on a line of its own.
        let before = text[..span.start as usize].trim_end_matches([' ', '\t']);
        find_in_dash(value).filter(|_| before.ends_with(['\n', '\r', '-']))?
    };
    Some(error_at(text, span.start as usize + distance))
}

/// The offset of such a character in the name of an anchor or alias, with which a value starts, or after its sign.
pub(in crate::syntax::yaml) fn find_after_name(value: &str) -> Option<usize> {
    let after_name = value.strip_prefix(['*', '&'])?.trim_start_matches(is_key_character);
    after_name.starts_with(is_stray).then_some(value.len() - after_name.len())
}

/// Whether a value starts with such characters, and a quote, another sign that no plain text starts with, or the end of the line follows.
/// Because of the characters, the sign is text for the parser.
fn hides_sign(value: &str) -> bool {
    value.starts_with(is_stray) && after_strays(value).starts_with(['"', '\'', '|', '>', '!', '&', '*', '\n', '\r'])
}

/// The text after such characters and blanks.
fn after_strays(text: &str) -> &str {
    text.trim_start_matches(|character| is_stray(character) || matches!(character, ' ' | '\t'))
}

/// Whether a character belongs to the header of a block scalar (YAML 1.2, section 8.1.1) with such characters in it.
fn is_stray_or_header(character: char) -> bool {
    is_stray(character) || matches!(character, '|' | '>' | '+' | '-' | '0'..='9' | ' ')
}

/// The offset of a character that looks like the dash or the space at the start of a list item.
fn find_in_dash(text: &str) -> Option<usize> {
    let mut characters = text.chars();
    let (first, second) = (characters.next()?, characters.next().unwrap_or(' '));
    let is_mistake = if first == '-' { is_space_like(second) } else { look_alike(first) == Some('-') };
    (is_mistake && second.is_whitespace()).then_some(usize::from(first == '-'))
}

/// The offset of a character that looks like a comma, and has a key after it.
fn find_comma_before_key(text: &str) -> Option<usize> {
    let mut commas = text.match_indices(|character| look_alike(character) == Some(','));
    let (offset, _) = commas.find(|(offset, comma)| {
        let next = text[offset + comma.len()..].trim_start();
        let after_key = next.trim_start_matches(is_key_character);
        after_key.len() < next.len() && after_key.starts_with(':')
    })?;
    Some(offset)
}
