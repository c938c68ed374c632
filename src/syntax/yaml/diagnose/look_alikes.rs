//! Names a character that looks like a space or a sign, if it is at the place of a syntax error. Such a character cannot be seen, so
//! the error itself does not help.

use crate::base::source::Span;
use crate::syntax::look_alikes::{is_stray, name_character};
use crate::syntax::yaml::diagnose::block::is_key_character;
use crate::syntax::yaml::line_scan::{Line, line_at};
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::{Problem, SyntaxError};

/// The error that names the character that is probably the cause of `error`.
pub(super) fn find_at_error(text: &str, stop: &ParseStop, error: &SyntaxError) -> Option<SyntaxError> {
    let (start, end) = (error.span.start as usize, error.span.end as usize);
    let offset = match error.problem {
        Problem::MissingColon
        | Problem::MissingSpace
        | Problem::Indentation
        | Problem::ControlCharacter(_)
        | Problem::TextAfterValue
        | Problem::Yaml(_) => {
            find_in_line(text, &line_at(text, start)).or_else(|| find_in_line(text, &line_at(text, stop.offset)))?
        }
        // After a closing quote or bracket, or after the header of a block scalar, the character is the only text.
        Problem::TextAfterQuote(_) | Problem::NeedsQuotes('>' | '|' | '[' | '{') => {
            let (offset, _) = text[..end].char_indices().next_back().filter(|(_, last)| is_stray(*last))?;
            let before = text.get(start..offset)?;
            let is_header = before.trim_start_matches(['|', '>', '+', '-']).is_empty();
            Some(offset).filter(|_| is_header || before.ends_with([']', '}']))?
        }
        _ => return None,
    };
    let character = text[offset..].chars().next()?;
    let span = Span::new(offset, offset + character.len_utf8());
    Some(SyntaxError { span, problem: name_character(character), related: None })
}

/// The offset of the first such character in the indentation of a line, after its key, directly after its colon, or after the header of a
/// block scalar.
fn find_in_line(text: &str, line: &Line) -> Option<usize> {
    let rest = text[line.start..line.end].trim_start_matches([' ', '\t']);
    let after_dashes = rest.trim_start_matches("- ");
    let after_key = after_dashes.trim_start_matches(is_key_character);
    let after_blanks = after_key.trim_start_matches(' ');
    let after_colon = after_blanks.strip_prefix(':').unwrap_or(after_blanks);
    let header = after_colon.trim_start_matches(' ').strip_prefix(['|', '>']).unwrap_or_default();
    let after_header = header.trim_start_matches(|character: char| "+-0123456789 ".contains(character));
    let places = [rest, after_dashes, after_key, after_blanks, after_colon, after_header];
    let place = places.into_iter().find(|place| place.starts_with(is_stray))?;
    Some(line.end - place.len())
}
