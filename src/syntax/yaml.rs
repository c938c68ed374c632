//! YAML 1.2, read with `granit-parser`, which stops at the first error. Here it is given the text again with what it
//! refused put right or covered, so that every error is found and the rest of the file is still read; the places of the
//! tree are then those of the real text again.

mod block;
mod builder;
mod diagnose;
mod escape;
mod flow;
mod indentation;
mod line_scan;
mod merge;
mod repair;
mod scalar;
mod span_fixups;
mod tabs;
#[cfg(test)]
mod tests;

use crate::base::source::Span;
use crate::syntax::{Document, Limits, MAX_ERRORS, Node, Parsed, Style, SyntaxError, Value};
use builder::{ParsePass, Stop};
use repair::Patches;

/// Bytes that may be read for the sake of further errors.
const BYTES: usize = 32 << 20;
/// Readings, however short the text.
const READINGS: usize = 64;

/// Reads a text, one document for each `---`.
pub fn parse<'t>(text: &'t str, limits: &Limits) -> Parsed<'t> {
    let reading = builder::read(text, &Patches::default(), limits);
    match reading.stop {
        None | Some(Stop::Limit(_)) => finish(text, reading, Vec::new(), false),
        Some(Stop::Syntax(_)) => recover(text, reading, limits),
    }
}

/// Reads on behind every error that stops the parser.
fn recover<'t>(text: &str, first: ParsePass<'_>, limits: &Limits) -> Parsed<'t> {
    let mut holes = Patches::default();
    let mut errors = Vec::new();
    let mut repaired = text.to_owned();
    let mut stop = first.stop;
    for reading in 1..=READINGS {
        let Some(Stop::Syntax(halt)) = stop else { break };
        let diagnosis = diagnose::diagnose(&repaired, &halt);
        let told = diagnosis.errors.into_iter().filter(|error| !holes.echo(error.span));
        errors.extend(told.map(|error| holes.error_to_original(error)));
        let enough = errors.len() > MAX_ERRORS || reading * text.len() > BYTES || reading == READINGS;
        let last_resort = diagnose::last_resort(&repaired, halt.at);
        let changed = holes.apply(&mut repaired, &diagnosis.repairs) || holes.apply(&mut repaired, &last_resort);
        if enough || !changed {
            break;
        }
        stop = builder::read(&repaired, &holes, limits).stop;
    }
    let mut last = builder::read(&repaired, &holes, limits);
    last.errors = last.errors.into_iter().map(|error| holes.error_to_original(error)).collect();
    let mut parsed = finish(&repaired, last, errors, holes.lost());
    for place in &mut parsed.comments {
        *place = holes.home(*place);
    }
    let own = |document: Document<'_>| document.into_owned().moved(|place| holes.home(place));
    let documents = parsed.documents.into_iter().map(own).collect();
    Parsed { documents, errors: parsed.errors, comments: parsed.comments }
}

fn finish<'t>(text: &str, reading: ParsePass<'t>, mut errors: Vec<SyntaxError>, lost: bool) -> Parsed<'t> {
    errors.extend(reading.errors);
    errors.sort_by_key(|error| error.span);
    errors.dedup();
    if let Some(Stop::Limit(error)) = reading.stop {
        errors.truncate(MAX_ERRORS - 1);
        errors.push(error);
        errors.sort_by_key(|error| error.span);
    }
    let mut documents = reading.documents;
    if lost {
        documents.iter_mut().for_each(Document::mark_partial);
    }
    if text.is_ascii() && memchr::memchr(b'\\', text.as_bytes()).is_none() {
        documents.iter_mut().for_each(Document::mark_ascii);
    }
    if documents.is_empty() && errors.is_empty() {
        // Nothing, or nothing but comments, is one document without a value.
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut nothing = Document::default();
        let root = nothing.push(Node { span: Span::new(start, start), style: Style::Plain, value: Value::Null });
        nothing.set_root(root);
        documents.push(nothing);
    }
    Parsed { documents, errors, comments: reading.comments }
}
