//! Finds the probable cause of a parse error, and the part of the text that cannot be read because of it.
//!
//! The parser reports the place at which its grammar failed, which is often far from the mistake: a list without its `]` fails at the
//! next key. The modules below scan the lines around that place for common mistakes.

mod block;
mod brackets;
pub(super) mod look_alikes;
mod missing_colon;
mod quotes;
mod tabs;

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::base::source::Span;
use crate::syntax::yaml::indentation;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::{Problem, SyntaxError, merge_conflict};

/// The maximum number of lines above a stop that are searched for a comment of another language.
const MAX_FOREIGN_LINES: usize = 20;

/// The error that stopped the parser.
struct Diagnosis {
    error: SyntaxError,
    /// The part that cannot be read because of the error; `None` if [`find_unreadable_part`] must determine it.
    unreadable: Option<Range<usize>>,
}

impl Diagnosis {
    fn new(problem: Problem, start: usize, end: usize) -> Self {
        Self { error: SyntaxError { span: Span::new(start, end), problem, related: None }, unreadable: None }
    }

    /// Adds a second location that explains the error.
    fn with_related(mut self, start: usize, end: usize) -> Self {
        self.error.related = Some(Span::new(start, end));
        self
    }

    fn with_unreadable(mut self, range: Range<usize>) -> Self {
        self.unreadable = Some(range);
        self
    }
}

/// Finds the cause of a stop and the part of the text that cannot be read because of it.
pub(super) fn find_cause(text: &str, stop: &ParseStop) -> (SyntaxError, Range<usize>) {
    let open_brackets = brackets::find_open_brackets(text, stop);
    let Diagnosis { error, unreadable } = diagnose_stop(text, stop, &open_brackets);
    let unreadable = unreadable.unwrap_or_else(|| find_unreadable_part(text, &error, &open_brackets));
    (look_alikes::find_at_error(text, stop, &error).unwrap_or(error), unreadable)
}

/// Diagnoses text in braces that the parser read as a key, although it has no colon (`{a 1}`) or a line break before its colon. Returns
/// the error, and the key that was probably meant.
pub(super) fn find_cause_in_key(text: &str, span: Span) -> (SyntaxError, Span) {
    let (start, end) = (span.start as usize, span.end as usize);
    let content = &text[span.range()];
    let line_end = start + content.find(['\n', '\r']).unwrap_or(content.len());
    let last_line = end - content.lines().last().unwrap_or(content).trim_start().len();
    let key_end = last_line + missing_colon::key_length(&text[last_line..end]);
    let error = if starts_foreign_comment(content) {
        Diagnosis::new(Problem::Comment, start, line_end).error
    } else if let Some(distance) = look_alikes::find_in_entry(&text[start..line_end]) {
        look_alikes::error_at(text, start + distance)
    } else {
        missing_colon::diagnose_key(text, start, line_end).error
    };
    (error, Span::new(last_line, key_end))
}

/// The error in a key that is a field and the start of its value. For the parser, `html='<p>a` of `html='<p>a: b</p>'` is a valid key, and so
/// is `subject:<U+00A0>Re` of `subject:<U+00A0>Re: x`.
pub(super) fn find_field_in_key(text: &str, span: Span) -> Option<SyntaxError> {
    let key = &text[span.range()];
    if has_no_colon_before_quote(key) {
        return Some(find_cause_in_key(text, span).0);
    }
    let distance = look_alikes::find_after_field(key)?;
    Some(look_alikes::error_at(text, span.start as usize + distance))
}

/// Whether a key that the parser found consists of a word such as `html`, signs other than a colon, and the start of a quoted value that
/// contains a colon: `html='<p>a: b</p>'`. If the quote is closed before the colon, the key was meant, as in `say "hi": x`.
fn has_no_colon_before_quote(key: &str) -> bool {
    let after_name = key.trim_start_matches(|letter: char| letter.is_ascii_lowercase() || letter == '_');
    let quoted = after_name.trim_start_matches(|sign: char| !sign.is_alphanumeric() && !is_quote(sign));
    let Some(quote) = quoted.chars().next().filter(|first| is_quote(*first)) else { return false };
    // The apostrophe in `it's: x` is no quote.
    let is_apostrophe = after_name.starts_with('\'');
    after_name.len() < key.len() && !is_apostrophe && quoted.matches(quote).count() == 1
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'')
}

fn diagnose_stop(text: &str, stop: &ParseStop, open_brackets: &[usize]) -> Diagnosis {
    use ErrorKind as Kind;
    let offset = stop.offset;
    if open_brackets.is_empty()
        && let Some(diagnosis) = block::diagnose_key_before_bracket(text, offset)
    {
        return diagnosis;
    }
    if let Some(outermost) = brackets::open_for_parser(text, stop).next().or(open_brackets.first().copied()) {
        if let Some(character) = look_alikes::find_in_brackets(text, outermost, offset) {
            return Diagnosis { error: look_alikes::error_at(text, character), unreadable: None };
        }
        if let Some(diagnosis) = missing_colon::find_missing_space(text, outermost, offset) {
            return diagnosis;
        }
    }
    // These mistakes stop the parser for many different reasons, so they are checked before the reason is considered.
    let diagnosis = brackets::diagnose_stray_opener(text, stop, open_brackets)
        .or_else(|| quotes::diagnose_quotes(text, stop, open_brackets))
        .or_else(|| tabs::diagnose_tabs(text, stop, !open_brackets.is_empty()))
        .or_else(|| diagnose_foreign_line(text, offset))
        .or_else(|| diagnose_dedented_text(text, offset));
    if let Some(diagnosis) = diagnosis {
        return diagnosis;
    }
    match &stop.kind {
        // A value that starts with one of these five needs quotes, which the modules for brackets and blocks report.
        Kind::UnexpectedCharacter { character } if !"@`%|>".contains(*character) => {
            diagnose_control_character(text, offset, *character)
        }
        Kind::MisplacedFlowCollectionEnd
        | Kind::MismatchedFlowCollectionEnd { .. }
        | Kind::UnclosedFlowCollection { .. } => brackets::diagnose_bracket(text, stop, open_brackets),
        _ if !open_brackets.is_empty() => brackets::diagnose_item(text, stop, open_brackets),
        _ => block::diagnose_block(text, stop),
    }
}

/// The part of the text that cannot be read because of an error: the value that contains it, or the lines of its entry.
fn find_unreadable_part(text: &str, error: &SyntaxError, open_brackets: &[usize]) -> Range<usize> {
    let error_start = error.span.start as usize;
    let start = open_brackets.first().map_or(error_start, |&outermost| outermost.min(error_start));
    let line = line_scan::line_at(text, start);
    let is_value = line.key_start > line.text_start || line.colon.is_some_and(|colon| colon < start);
    if is_value && start >= line.value_start {
        let mut end = line_scan::block_end(text, &line, line.key_column() + 1).max(error.span.end as usize);
        // The bracket that closes the value may be in the column of the key.
        let below = line_scan::line_at(text, line_scan::line_at(text, end).next_start);
        if !open_brackets.is_empty() && text[below.text_start..].starts_with([']', '}']) {
            end = end.max(below.end);
        }
        return line.value_start..end;
    }
    if !open_brackets.is_empty() {
        // A top-level value in brackets is unreadable as a whole, because the parser sends no events before it has read all of it.
        return start..text.len();
    }
    // The lines below an entry with the wrong indentation usually have the same indentation.
    let child_column = line.indent() + usize::from(error.problem != Problem::Indentation);
    line.start..line_scan::block_end(text, &line, child_column.max(1))
}

/// Diagnoses a line that is not YAML: a marker of a merge conflict, or a comment of another language. It is the line at which the
/// parser stopped or one of the lines without a key above it.
fn diagnose_foreign_line(text: &str, offset: usize) -> Option<Diagnosis> {
    let stop_line = line_scan::line_at(text, offset);
    for line in std::iter::once(stop_line).chain(line_scan::lines_before(text, &stop_line)).take(MAX_FOREIGN_LINES) {
        let content = &text[line.text_start..line.end];
        if line.indent() == 0 && merge_conflict::is_conflict_marker(content) {
            return Some(Diagnosis::new(Problem::MergeConflict, line.text_start, line.text_end));
        }
        if starts_foreign_comment(content) {
            return Some(Diagnosis::new(Problem::Comment, line.text_start, line.text_end));
        }
        if line.start < stop_line.start && line.colon.is_some() && !indentation::is_text(text, &line) {
            break;
        }
    }
    None
}

/// Whether a text starts with a comment of another language.
fn starts_foreign_comment(text: &str) -> bool {
    text.starts_with("//") || text.starts_with("/*")
}

/// Diagnoses text that is indented less than the block scalar it belongs to.
fn diagnose_dedented_text(text: &str, offset: usize) -> Option<Diagnosis> {
    let (first, scalar) = indentation::find_dedented_text(text, &line_scan::line_at(text, offset))?;
    Some(Diagnosis::new(Problem::Indentation, first.text_start, first.text_end).with_unreadable(scalar))
}

/// Diagnoses a control character, which YAML forbids (YAML 1.2, section 5.1).
fn diagnose_control_character(text: &str, offset: usize, character: char) -> Diagnosis {
    let start = text[offset..].find(character).map_or(offset, |distance| offset + distance);
    Diagnosis::new(Problem::ControlCharacter(character), start, start + character.len_utf8())
}
