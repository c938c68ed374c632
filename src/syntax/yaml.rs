//! Parses YAML 1.2 with the crate `granit-parser`, which stops at the first error.
//!
//! The error is diagnosed, the part of the text that cannot be read because of it is blanked out, and the text is parsed again. Other
//! errors are reported only after this one has been fixed.

mod builder;
mod diagnose;
mod indentation;
mod line_scan;
mod merge;
mod parse_pass;
mod scalar;
mod span_fixups;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::{Document, Limits, MAX_ERRORS, Node, Parsed, Problem, Style, SyntaxError, Value};
use parse_pass::{ParsePass, ParseStop, StopReason, Unreadable};

/// Parses a text. The result has one document for each `---`.
pub fn parse<'t>(text: &'t str, limits: &Limits) -> Parsed<'t> {
    let pass = builder::build_tree(text, None, limits);
    if let Some(StopReason::Syntax(stop)) = &pass.stop {
        return parse_around_error(text, stop, limits);
    }
    let mut parsed = finish_pass(pass);
    if parsed.documents.is_empty() && parsed.errors.is_empty() {
        parsed.documents.push(null_document(text));
    }
    parsed
}

/// Parses a text again in which the parser has stopped at an error, without the part that cannot be read.
fn parse_around_error<'t>(text: &str, stop: &ParseStop, limits: &Limits) -> Parsed<'t> {
    let (error, unreadable) = diagnose::find_cause(text, stop);
    let rest_of_text = unreadable.start..text.len();
    let mut parsed = Parsed::default();
    // If another error stops the first pass, the second pass uses only the text before the first error.
    for part in [unreadable, rest_of_text] {
        let is_value = !text[..part.start].ends_with(['\n', '\r', '\u{feff}']) && part.start > 0;
        let loses_entries = !is_value
            || text[part.clone()].split_whitespace().any(|word| word.ends_with(':'))
            // The file may have been cut off there.
            || matches!(error.problem, Problem::MissingClosingQuote | Problem::UnclosedBracket(_));
        let unreadable = Unreadable { span: Span::new(part.start, part.end), loses_entries };
        let blanked = blank_out(text, part, is_value);
        let pass = builder::build_tree(&blanked, Some(unreadable), limits);
        let is_stopped = matches!(pass.stop, Some(StopReason::Syntax(_)));
        let Parsed { documents, errors, comments } = finish_pass(pass);
        parsed = Parsed { documents: documents.into_iter().map(Document::into_owned).collect(), errors, comments };
        if !is_stopped {
            break;
        }
    }
    // An anchor may be in the part that was not read, so errors after it may be wrong.
    parsed.errors.retain(|other| other.is_limit() || other.span.end <= error.span.start);
    // Only the cause is reported. An earlier error is the cause of this one if the text after it is read in another way because of it, or if
    // it is on the same line. If this one states that its line does not fit there, an error on the line above is the cause, too.
    let line = line_scan::line_at(text, error.span.start as usize);
    let mut nearby_start = line.start;
    if is_about_misplaced_line(&error) {
        nearby_start = line_scan::line_before(text, &line).map_or(line.start, |above| above.start);
    }
    let is_cause = |other: &SyntaxError| may_misread_rest(other) || other.span.end as usize > nearby_start;
    if !parsed.errors.iter().any(is_cause) {
        parsed.errors.push(error);
    }
    parsed.errors.sort_by_key(|error| error.span);
    parsed
}

/// Whether the parser may read the text after an error in another way than meant, so that an error there may be a consequence.
fn may_misread_rest(error: &SyntaxError) -> bool {
    matches!(
        error.problem,
        Problem::InvisibleCharacter(_)
            | Problem::LookAlike(..)
            | Problem::Unexpected(_)
            | Problem::TabIndentation
            | Problem::Indentation
    )
}

/// Whether an error states that its line does not fit into the lines around it.
fn is_about_misplaced_line(error: &SyntaxError) -> bool {
    matches!(
        error.problem,
        Problem::Indentation
            | Problem::MissingColon
            | Problem::MissingDash
            | Problem::StrayDash
            | Problem::TextAfterValue
            | Problem::ValueAboveBlock
            | Problem::Yaml(_)
    )
}

/// Replaces a part of a text without moving any offset. The first line of a value becomes a word, so that its key keeps a value. All
/// other bytes become line breaks, because spaces would belong to a block scalar above.
fn blank_out(text: &str, part: Range<usize>, is_value: bool) -> String {
    let first_line_len = text[part.clone()].find(['\n', '\r']).unwrap_or(part.len());
    let word_len = if is_value { first_line_len } else { 0 };
    let mut blanked = String::with_capacity(text.len());
    blanked.push_str(&text[..part.start]);
    blanked.extend(std::iter::repeat_n('x', word_len));
    blanked.extend(std::iter::repeat_n('\n', part.len() - word_len));
    blanked.push_str(&text[part.end..]);
    blanked
}

/// Converts a pass to the result.
fn finish_pass(pass: ParsePass<'_>) -> Parsed<'_> {
    let mut errors = pass.errors;
    errors.sort_by_key(|error| error.span);
    errors.dedup();
    // For the parser, the key after a stray sign belongs to another mapping, so later errors may be consequences.
    if let Some(first) = errors.iter().position(|error| matches!(error.problem, Problem::Unexpected(_))) {
        errors.truncate(first + 1);
    }
    if let Some(StopReason::Limit(error)) = pass.stop {
        // The error about the limit must remain, because another rule reports it.
        errors.truncate(MAX_ERRORS - 1);
        errors.push(error);
        errors.sort_by_key(|error| error.span);
    }
    Parsed { documents: pass.documents, errors, comments: pass.comments }
}

/// The document of an empty file, which is checked like a file that contains only `null`.
fn null_document<'t>(text: &str) -> Document<'t> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut document = Document::default();
    let root = document.push(Node { span: Span::new(start, start), style: Style::Plain, value: Value::Null });
    document.set_root(root);
    document
}
