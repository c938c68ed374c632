//! Parses YAML 1.2 with the crate `granit-parser`, which stops at the first error.
//!
//! To find all errors, the text is parsed again after each stop, with the part that stopped the parser repaired or blanked
//! out. At the end, the positions of the tree are mapped back to the original text.

mod builder;
mod diagnose;
mod indentation;
mod line_scan;
mod merge;
mod parse_pass;
mod repair;
mod scalar;
mod span_fixups;
#[cfg(test)]
mod tests;

use crate::base::source::Span;
use crate::syntax::{Document, Limits, MAX_ERRORS, Node, Parsed, Style, SyntaxError, Value};
use parse_pass::{ParsePass, StopReason};
use repair::Patches;

/// Every pass parses the whole text, so the search for further errors ends after this many bytes …
const MAX_RECOVERY_BYTES: usize = 32 << 20;
/// … and after this many passes, which bounds the time for short texts.
const MAX_PASSES: usize = 64;

/// Parses a text. The result has one document for each `---`.
pub fn parse<'t>(text: &'t str, limits: &Limits) -> Parsed<'t> {
    let pass = builder::build_tree(text, &Patches::default(), limits);
    match pass.stop {
        None | Some(StopReason::Limit(_)) => finish_pass(text, pass, Vec::new(), false),
        Some(StopReason::Syntax(_)) => recover(text, pass, limits),
    }
}

/// Repairs the text and parses it again until the parser reaches the end, then returns the tree of the repaired text with
/// the positions of the original text.
fn recover<'t>(text: &str, first_pass: ParsePass<'_>, limits: &Limits) -> Parsed<'t> {
    let mut patches = Patches::default();
    let mut errors = Vec::new();
    let mut repaired = text.to_owned();
    let mut stop = first_pass.stop;
    for pass in 1..=MAX_PASSES {
        let Some(StopReason::Syntax(parse_stop)) = stop else { break };
        let diagnosis = diagnose::diagnose_stop(&repaired, &parse_stop);
        for error in diagnosis.errors {
            if !patches.cause_errors_at(error.span) {
                errors.push(patches.error_to_original(error));
            }
        }
        let is_last = errors.len() > MAX_ERRORS || pass * text.len() > MAX_RECOVERY_BYTES || pass == MAX_PASSES;
        let last_resort = diagnose::blank_out_line(&repaired, parse_stop.at);
        let changed = patches.apply(&mut repaired, &diagnosis.repairs) || patches.apply(&mut repaired, &last_resort);
        // Parsing an unchanged text again would stop at the same place.
        if is_last || !changed {
            break;
        }
        stop = builder::build_tree(&repaired, &patches, limits).stop;
    }
    // The tree borrows from the repaired text, which changed after the pass that the loop ended with.
    let mut last_pass = builder::build_tree(&repaired, &patches, limits);
    for error in &mut last_pass.errors {
        *error = patches.error_to_original(error.clone());
    }
    let mut parsed = finish_pass(&repaired, last_pass, errors, patches.lost_entries());
    for comment in &mut parsed.comments {
        *comment = patches.span_to_original(*comment);
    }
    let mut documents = Vec::with_capacity(parsed.documents.len());
    for document in parsed.documents {
        documents.push(document.into_owned().map_spans(|span| patches.span_to_original(span)));
    }
    Parsed { documents, errors: parsed.errors, comments: parsed.comments }
}

/// Turns the last pass into the result: sorts the errors and sets the properties of the documents. `earlier_errors` are those
/// of the passes before, and `lost_entries` says that repairs may have removed entries.
fn finish_pass<'t>(
    text: &str,
    pass: ParsePass<'t>,
    earlier_errors: Vec<SyntaxError>,
    lost_entries: bool,
) -> Parsed<'t> {
    let mut errors = earlier_errors;
    errors.extend(pass.errors);
    errors.sort_by_key(|error| error.span);
    errors.dedup();
    if let Some(StopReason::Limit(error)) = pass.stop {
        // The limit must not be cut off, because it is reported by another rule.
        errors.truncate(MAX_ERRORS - 1);
        errors.push(error);
        errors.sort_by_key(|error| error.span);
    }
    let mut documents = pass.documents;
    // An escape such as `\u00e9` may stand for a character that is not ASCII.
    let is_ascii = text.is_ascii() && memchr::memchr(b'\\', text.as_bytes()).is_none();
    for document in &mut documents {
        if lost_entries {
            document.mark_partial();
        }
        if is_ascii {
            document.mark_ascii();
        }
    }
    if documents.is_empty() && errors.is_empty() {
        documents.push(null_document(text));
    }
    Parsed { documents, errors, comments: pass.comments }
}

/// The document of an empty stream, which is reported and checked like a file that contains only `null`.
fn null_document<'t>(text: &str) -> Document<'t> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut document = Document::default();
    let root = document.push(Node { span: Span::new(start, start), style: Style::Plain, value: Value::Null });
    document.set_root(root);
    document
}
