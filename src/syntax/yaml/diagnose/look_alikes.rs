//! Names a look-alike at the place of a syntax error: a character that looks like a space or a sign of YAML, such as a colon, a comma, or a
//! bracket. In an editor, it looks like the right one, so the error itself does not help.

use crate::base::source::Span;
use crate::syntax::look_alikes::{is_space_like, look_alike, looks_like_end, looks_like_separator, name_character};
use crate::syntax::yaml::diagnose::missing_colon::{is_key_character, key_length};
use crate::syntax::yaml::indentation::is_field_character;
use crate::syntax::yaml::line_scan::{FlowToken, line_at, quote_end, scan_flow_tokens};
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::{Problem, SyntaxError};

/// The error that names the look-alike that is probably the cause of `error`.
pub(super) fn find_at_error(text: &str, stop: &ParseStop, error: &SyntaxError) -> Option<SyntaxError> {
    let start = error.span.start as usize;
    let content = &text[error.span.range()];
    // The parser reads `html: ｜` and the lines below as one text.
    if text.get(stop.last_event.clone()).is_some_and(hides_header) {
        return Some(error_at(text, stop.last_event.start));
    }
    // A value or text that consists of look-alikes.
    let is_stray = |character: char| character == ' ' || is_space_like(character) || is_sign_like(character);
    if let Some(distance) = content.find(|character: char| character != ' ').filter(|_| content.chars().all(is_stray)) {
        return Some(error_at(text, start + distance));
    }
    let offset = match error.problem {
        Problem::UnclosedBracket(bracket) => {
            let close = if bracket == '[' { ']' } else { '}' };
            // The bracket may be after a ` #` in a string, which looks like the end of the text of its line.
            let line = &text[start..line_at(text, start).text_end.max(start)];
            let distance = line.find(|character| look_alike(character) == Some(close)).or_else(|| {
                let (distance, last) = line.char_indices().next_back()?;
                looks_like_end(last).then_some(distance)
            });
            distance.map(|distance| start + distance)
        }
        Problem::NeedsQuotes(':') => find_comma_before_key(content).map(|distance| start + distance),
        Problem::TextAfterQuote(_) | Problem::NeedsQuotes('>' | '|' | '[' | '{') => {
            find_after_value(content).map(|distance| start + distance)
        }
        _ => find_in_line(text, start).or_else(|| find_in_line(text, stop.offset)),
    };
    let is_look_alike = |offset: &usize| text[*offset..].starts_with(looks_like_end);
    let offset = offset.or_else(|| [start, stop.offset].into_iter().find(is_look_alike))?;
    Some(error_at(text, offset))
}

/// The offset of the first look-alike in the header of a block scalar, or of those that are the only text after a quote or bracket.
fn find_after_value(content: &str) -> Option<usize> {
    if content.trim_start_matches(is_look_alike_or_header).is_empty() {
        return content.find(looks_like_separator);
    }
    let value = content.trim_end_matches(looks_like_separator);
    (value.len() < content.len() && value.ends_with([']', '}'])).then_some(value.len())
}

/// The error that names the character at an offset.
pub(in crate::syntax::yaml) fn error_at(text: &str, offset: usize) -> SyntaxError {
    let character = text[offset..].chars().next().unwrap_or(' ');
    let span = Span::new(offset, offset + character.len_utf8());
    SyntaxError { span, problem: name_character(character), related: None }
}

/// The offset of the first look-alike between brackets that is after a key or before a value. Because of it, the parser reads the quotes
/// in `{a:<U+00A0>"${B}"}` as text, and the braces in them as brackets.
pub(super) fn find_in_brackets(text: &str, open: usize, until: usize) -> Option<usize> {
    for token in scan_flow_tokens(text, open, until) {
        let (FlowToken::Open(offset) | FlowToken::Comma(offset)) = token else { continue };
        let item = text[offset + 1..].trim_ascii_start();
        // A word or a colon after a look-alike is read as it was meant.
        if let Some(distance) = find_in_entry(item)
            && !after_look_alikes(&item[distance..]).starts_with(|next: char| next.is_alphanumeric() || next == ':')
        {
            return Some(text.len() - item.len() + distance);
        }
    }
    None
}

/// The offset of the first look-alike in the line at `offset`: see [`find_in_entry`].
fn find_in_line(text: &str, offset: usize) -> Option<usize> {
    let line = line_at(text, offset);
    find_in_entry(&text[line.start..line.end]).map(|distance| line.start + distance)
}

/// The offset of the first look-alike in an entry, in one of these places: in its indentation, in place of its dash, after its key,
/// directly after its colon, before the sign with which its value starts, or after the header of a block scalar.
pub(super) fn find_in_entry(entry: &str) -> Option<usize> {
    let rest = entry.trim_start_matches([' ', '\t']);
    let after_dashes = rest.trim_start_matches("- ");
    if let Some(distance) = find_in_dash(after_dashes) {
        return Some(entry.len() - after_dashes.len() + distance);
    }
    let after_key = &after_dashes[key_end(after_dashes)?..];
    let after_blanks = after_key.trim_start_matches(' ');
    let after_colon = after_blanks.strip_prefix(':').unwrap_or(after_blanks);
    let value = after_colon.trim_start_matches(' ');
    // Text can start with a bracket, so these characters are a mistake only in a place with an error.
    let hides_bracket = value.starts_with(looks_like_separator) && after_look_alikes(value).starts_with(['[', '{']);
    if hides_bracket || hides_sign(value) {
        return Some(entry.len() - value.len());
    }
    let after_name = find_after_name(value).map(|distance| &value[distance..]).unwrap_or_default();
    let header = value.strip_prefix(['|', '>']).unwrap_or_default();
    let after_header = header.trim_start_matches(|character: char| "+-0123456789 ".contains(character));
    let places = [rest, after_dashes, after_key, after_blanks, after_colon, after_name, after_header];
    let place = places.into_iter().find(|place| place.starts_with(looks_like_separator))?;
    Some(entry.len() - place.len())
}

/// The end of the key at the start of an entry: a word, `<<`, or quoted text. `None` if its quote is not closed.
fn key_end(entry: &str) -> Option<usize> {
    if entry.starts_with(['"', '\'']) {
        return quote_end(entry.as_bytes(), 0, entry.len());
    }
    Some(if entry.starts_with("<<") { "<<".len() } else { key_length(entry) })
}

/// The error that names a look-alike in a plain value: before the sign with which the value should start, in place of a dash or, in a
/// list in brackets, in place of a comma.
pub(in crate::syntax::yaml) fn find_in_value(text: &str, span: Span, is_in_brackets: bool) -> Option<SyntaxError> {
    let value = &text[span.range()];
    if value.is_ascii() {
        return None;
    }
    let distance = if after_look_alikes(value).is_empty() {
        // It is a text, and the rule about its field names the character.
        return None;
    } else if hides_sign(value) || hides_header(value) {
        0
    } else if is_in_brackets {
        value.find(|character| look_alike(character) == Some(','))?
    } else {
        if let Some(distance) = find_after_field_on_later_line(value) {
            return Some(error_at(text, span.start as usize + distance));
        }
        // Text can start with a dash, but not on a line of its own.
        let before = text[..span.start as usize].trim_end_matches([' ', '\t']);
        find_in_dash(value).filter(|_| before.ends_with(['\n', '\r', '-']))?
    };
    Some(error_at(text, span.start as usize + distance))
}

/// The offset of a look-alike between a field and its value in a key that the parser found: `subject:<U+00A0>Re` of `subject:<U+00A0>Re: x`.
pub(super) fn find_after_field(key: &str) -> Option<usize> {
    let after_field = key.trim_start_matches(is_field_character);
    let value = after_field.strip_prefix(':').unwrap_or(after_field);
    let has_colon = value.len() < after_field.len() || value.starts_with(|first| look_alike(first) == Some(':'));
    let is_hidden = has_colon && value.starts_with(looks_like_separator) && !after_look_alikes(value).is_empty();
    (is_hidden && after_field.len() < key.len()).then_some(key.len() - value.len())
}

/// The offset of a look-alike of a colon between a field and a value on a line of a plain value but the first: `enabled：false`. For the
/// parser, the line continues the value above. A word after the look-alike could be meant as text.
fn find_after_field_on_later_line(value: &str) -> Option<usize> {
    for (line_break, _) in value.match_indices(['\n', '\r']) {
        let line = value[line_break + 1..].trim_start_matches([' ', '\t']);
        let after_field = line.trim_start_matches(is_field_character);
        let mut after_colon = after_field.chars();
        if after_field.len() < line.len() && after_colon.next().and_then(look_alike) == Some(':') {
            let rest = after_colon.as_str().trim_start_matches(' ');
            let word = rest.split(char::is_whitespace).next().unwrap_or_default();
            if matches!(word, "true" | "false" | "null") || word.starts_with("${") {
                return Some(value.len() - after_field.len());
            }
        }
    }
    None
}

/// The offset of the look-alike that ends the name of an anchor or alias at the start of a value. For the parser, it belongs to the name.
pub(in crate::syntax::yaml) fn find_after_name(value: &str) -> Option<usize> {
    let after_name = value.strip_prefix(['*', '&'])?.trim_start_matches(is_key_character);
    after_name.starts_with(looks_like_separator).then_some(value.len() - after_name.len())
}

/// The offset of the first look-alike in the last anchor whose name was meant to be this one.
pub(in crate::syntax::yaml) fn find_in_anchor(text: &str, name: &str) -> Option<usize> {
    for (anchor, _) in text.rmatch_indices('&') {
        let value = &text[anchor..];
        let Some(distance) = find_after_name(value) else { continue };
        let characters = value[1..].chars().take_while(|character| !character.is_ascii_whitespace());
        let without_look_alikes = characters.filter(|character| !looks_like_separator(*character));
        if value[1..distance] == *name || without_look_alikes.eq(name.chars()) {
            return Some(anchor + distance);
        }
    }
    None
}

/// Whether a value starts with look-alikes, and one of these follows: a sign that no plain text starts with, a bracket that ends its line,
/// or the end of the line. Because of the look-alikes, the parser reads the sign as text.
fn hides_sign(value: &str) -> bool {
    let after = after_look_alikes(value);
    let after_bracket = after.strip_prefix(['[', '{']).map(|rest| rest.trim_start_matches([' ', '\t']));
    value.starts_with(looks_like_separator)
        && (after.is_empty()
            || after.starts_with(['"', '\'', '|', '>', '!', '&', '*', '\n', '\r'])
            || after_bracket.is_some_and(|rest| rest.is_empty() || rest.starts_with(['\n', '\r'])))
}

/// Whether a value of several lines starts with a look-alike of the header of a block scalar.
fn hides_header(value: &str) -> bool {
    value.starts_with(|first| matches!(look_alike(first), Some('|' | '>')))
        && value
            .lines()
            .next()
            .is_some_and(|header| header.len() < value.len() && !header.contains(char::is_alphabetic))
}

/// Whether a character looks like a sign, but not like a quote.
fn is_sign_like(character: char) -> bool {
    look_alike(character).is_some_and(|sign| !matches!(sign, '"' | '\''))
}

/// The text without the look-alikes and blanks at its start.
fn after_look_alikes(text: &str) -> &str {
    text.trim_start_matches(|character| looks_like_separator(character) || matches!(character, ' ' | '\t'))
}

/// Whether a character is a look-alike or belongs to the header of a block scalar (YAML 1.2, section 8.1.1).
fn is_look_alike_or_header(character: char) -> bool {
    looks_like_separator(character) || matches!(character, '|' | '>' | '+' | '-' | '0'..='9' | ' ')
}

/// The offset of a character that looks like the dash or the space at the start of a list item.
fn find_in_dash(text: &str) -> Option<usize> {
    let mut characters = text.chars();
    let (first, second) = (characters.next()?, characters.next().unwrap_or(' '));
    let is_mistake = if first == '-' { is_space_like(second) } else { look_alike(first) == Some('-') };
    (is_mistake && second.is_whitespace()).then_some(usize::from(first == '-'))
}

/// The offset of a character that looks like a comma and is before a key.
fn find_comma_before_key(text: &str) -> Option<usize> {
    let mut commas = text.match_indices(|character| look_alike(character) == Some(','));
    let (offset, _) = commas.find(|(offset, comma)| {
        let next = text[offset + comma.len()..].trim_start();
        let after_key = next.trim_start_matches(is_key_character);
        after_key.len() < next.len() && after_key.starts_with(':')
    })?;
    Some(offset)
}
