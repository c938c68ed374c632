//! Names a character that looks like a space or a sign, if it is at the place of a syntax error. Such a character cannot be told from
//! the right one, so the error itself does not help.

use crate::base::source::Span;
use crate::syntax::look_alikes::{is_space_like, is_stray, look_alike, name_character};
use crate::syntax::yaml::diagnose::missing_colon::is_key_character;
use crate::syntax::yaml::line_scan::line_at;
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
            let is_header = before.trim_start_matches(['|', '>', '+', '-']).is_empty();
            let is_after_end = before.len() < end - start && (is_header || before.ends_with([']', '}']));
            is_after_end.then_some(start + before.len())
        }
        _ => find_in_line(text, start).or_else(|| find_in_line(text, stop.offset)),
    };
    let offset = offset.or_else(|| [start, stop.offset].into_iter().find(is_at))?;
    Some(error_at(text, offset))
}

/// The error that names the character at an offset.
pub(super) fn error_at(text: &str, offset: usize) -> SyntaxError {
    let character = text[offset..].chars().next().unwrap_or(' ');
    let span = Span::new(offset, offset + character.len_utf8());
    SyntaxError { span, problem: name_character(character), related: None }
}

/// The offset of the first such character in the line at `offset`: see [`find_in_entry`].
fn find_in_line(text: &str, offset: usize) -> Option<usize> {
    let line = line_at(text, offset);
    find_in_entry(&text[line.start..line.end]).map(|distance| line.start + distance)
}

/// The offset of the first such character in the indentation of an entry, in place of its dash, after its key, directly after its colon,
/// or after the header of a block scalar.
pub(super) fn find_in_entry(entry: &str) -> Option<usize> {
    let rest = entry.trim_start_matches([' ', '\t']);
    let after_dashes = rest.trim_start_matches("- ");
    if let Some(distance) = find_in_dash(after_dashes) {
        return Some(entry.len() - after_dashes.len() + distance);
    }
    let after_key = after_dashes.trim_start_matches(is_key_character);
    let after_blanks = after_key.trim_start_matches(' ');
    let after_colon = after_blanks.strip_prefix(':').unwrap_or(after_blanks);
    let header = after_colon.trim_start_matches(' ').strip_prefix(['|', '>']).unwrap_or_default();
    let after_header = header.trim_start_matches(|character: char| "+-0123456789 ".contains(character));
    let places = [rest, after_dashes, after_key, after_blanks, after_colon, after_header];
    let place = places.into_iter().find(|place| place.starts_with(is_stray))?;
    Some(entry.len() - place.len())
}

/// The error in a plain value that names a character in place of a dash or, in a list in brackets, of a comma.
pub(in crate::syntax::yaml) fn find_in_value(text: &str, span: Span, is_in_brackets: bool) -> Option<SyntaxError> {
    let value = &text[span.range()];
    if value.is_ascii() {
        return None;
    }
    let distance = if is_in_brackets {
        value.find(|character| look_alike(character) == Some(','))?
    } else {
        // Text can start with a dash, but not on a line of its own.
        let before = text[..span.start as usize].trim_end_matches([' ', '\t']);
        find_in_dash(value).filter(|_| before.ends_with(['\n', '\r', '-']))?
    };
    Some(error_at(text, span.start as usize + distance))
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
