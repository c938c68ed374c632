//! Diagnoses a line that should have a key with a colon.

use std::ops::Range;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::block::{blank_out_block, find_stray_punctuation};
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::indentation;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;

/// A line that should have a key with a colon. If it is more likely a list item without its dash, or more text of the value
/// above, that is reported instead.
pub(super) fn diagnose_missing_colon(text: &str, line: &Line) -> Diagnosis {
    let (start, end) = (line.key_start, line.text_end);
    if let Some(diagnosis) = diagnose_missing_dash(text, line) {
        return diagnosis;
    }
    let content = &text[start..end];
    let key_length = content.find(|character: char| !is_key_character(character)).unwrap_or(content.len());
    let key_end = start + key_length;
    let after_key = &content[key_length..];
    let is_sentence = !after_key.is_empty() && !after_key.starts_with(':');
    if is_sentence && let Some(column) = indentation::column_of_neighbors(text, line) {
        // The lines around this one show that it continues the value above.
        let repairs = vec![Repair::Reindent(line.start..line.text_start, column + 2)];
        return Diagnosis::new(Problem::Indentation, line.text_start, end, repairs);
    }
    if after_key.starts_with(':')
        && let Some(diagnosis) = find_stray_punctuation(text, line, key_end + 1)
    {
        return diagnosis;
    }
    if key_length == 0 {
        return Diagnosis::new(Problem::MissingColon, start, end, vec![blank_out_block(text, line)]);
    }
    // `key:value`, but not `https://…`
    if after_key.len() > 1 && after_key.starts_with(':') && !after_key.starts_with("://") {
        let repairs = insert_before_value(key_end + 1..key_end + 1, " ", end);
        return Diagnosis::new(Problem::MissingSpace, key_end, key_end + 1, repairs);
    }
    let value_start = end - after_key.trim_start().len();
    if after_key.starts_with(' ') && text[value_start..].starts_with("= ") {
        let equals = value_start..value_start + 1;
        return Diagnosis::new(
            Problem::MissingColon,
            equals.start,
            equals.end,
            insert_before_value(equals.clone(), ":", end),
        );
    }
    if after_key.starts_with('：') {
        // The full-width colon (U+FF1A) of Chinese and Japanese keyboards.
        let full_width = key_end..key_end + '：'.len_utf8();
        let repairs = insert_before_value(full_width.clone(), ": ", end);
        return Diagnosis::new(Problem::MissingColon, start, full_width.end, repairs);
    }
    if after_key.is_empty() || after_key.starts_with(' ') {
        return Diagnosis::new(Problem::MissingColon, start, key_end, insert_before_value(key_end..key_end, ":", end));
    }
    Diagnosis::new(Problem::MissingColon, start, end, vec![blank_out_block(text, line)])
}

/// A list item without its dash, directly below an item of the same column.
fn diagnose_missing_dash(text: &str, line: &Line) -> Option<Diagnosis> {
    let previous = line_scan::line_before(text, line)?;
    if !text[previous.text_start..].starts_with("- ") || previous.indent() != line.indent() {
        return None;
    }
    // `-item` has a dash, but lacks the space after it.
    let dash_length = usize::from(text[line.text_start..].starts_with('-'));
    let repairs = vec![Repair::Replace(line.text_start..line.text_start + dash_length, "- ".to_owned())];
    Some(Diagnosis::new(Problem::MissingDash, line.text_start, line.text_end, repairs))
}

/// Replaces `range` with `new`, and counts the value after it as broken, because what is inserted may be wrong.
fn insert_before_value(range: Range<usize>, new: &str, value_end: usize) -> Vec<Repair> {
    vec![Repair::Replace(range.clone(), new.to_owned()), Repair::DoubtValue(range.end..value_end)]
}

fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}
