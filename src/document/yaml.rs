//! YAML 1.2, read with `granit-parser`, which stops at the first error. Here it is given the text again with what it
//! refused covered by spaces, so that every error is found and the rest of the file is still read.

mod block;
mod diagnose;
mod escape;
mod flow;
mod lines;
mod merge;
mod repair;
mod scalar;
mod span;
#[cfg(test)]
mod tests;
mod tree;

use super::{Document, Limits, MAX_ERRORS, Node, Parsed, Style, SyntaxError, Value};
use crate::source::Span;
use repair::Holes;
use tree::{Reading, Stop};

/// Bytes that may be read for the sake of further errors.
const BYTES: usize = 32 << 20;
/// Readings, however short the text.
const READINGS: usize = 64;

/// Reads a text, one document for each `---`.
pub fn parse<'t>(text: &'t str, limits: &Limits) -> Parsed<'t> {
    let reading = tree::read(text, &Holes::default(), limits);
    match reading.stop {
        None | Some(Stop::Limit(_)) => finish(text, reading, Vec::new(), false),
        Some(Stop::Syntax(_)) => recover(text, reading, limits),
    }
}

/// Reads on behind every error that stops the parser.
fn recover<'t>(text: &str, first: Reading<'_>, limits: &Limits) -> Parsed<'t> {
    let mut holes = Holes::default();
    let mut errors = Vec::new();
    let mut repaired = text.to_owned();
    let mut stop = first.stop;
    for reading in 1..=READINGS {
        let Some(Stop::Syntax(halt)) = stop else { break };
        let diagnosis = diagnose::diagnose(&repaired, &halt);
        for error in diagnosis.errors {
            if !holes.echo(error.span) {
                errors.push(error);
            }
        }
        let mut bytes = repaired.clone().into_bytes();
        let changed = holes.apply(&mut bytes, &diagnosis.repairs)
            || holes.apply(&mut bytes, &diagnose::last_resort(&repaired, halt.at));
        let enough = errors.len() >= MAX_ERRORS || reading * text.len() > BYTES || reading == READINGS;
        match String::from_utf8(bytes) {
            Ok(text) if changed && !enough => repaired = text,
            _ => break,
        }
        stop = tree::read(&repaired, &holes, limits).stop;
    }
    let last = tree::read(&repaired, &holes, limits);
    let parsed = finish(&repaired, last, errors, holes.lost());
    let mut documents: Vec<_> = parsed.documents.into_iter().map(Document::into_owned).collect();
    let mut errors = parsed.errors;
    if repaired.len() > text.len() {
        for document in &mut documents {
            document.clamp(text.len());
        }
        for error in &mut errors {
            error.span = error.span.clamp(text.len());
            error.related = error.related.map(|span| span.clamp(text.len()));
        }
    }
    Parsed { documents, errors, comments: parsed.comments }
}

fn finish<'t>(text: &str, reading: Reading<'t>, mut errors: Vec<SyntaxError>, lost: bool) -> Parsed<'t> {
    errors.extend(reading.errors);
    errors.sort_by_key(|error| error.span);
    errors.dedup();
    errors.truncate(MAX_ERRORS);
    if let Some(Stop::Limit(error)) = reading.stop {
        errors.truncate(MAX_ERRORS - 1);
        errors.push(error);
        errors.sort_by_key(|error| error.span);
    }
    let mut documents = reading.documents;
    if lost {
        documents.iter_mut().for_each(Document::mark_partial);
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
