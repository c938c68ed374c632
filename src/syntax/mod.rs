//! A file as one tree in which every key and every value knows its bytes, whatever the syntax.
//!
//! The parsers ([`json`], [`yaml`]) report every syntax error and still give the tree of what could be read. What the
//! values mean (fields, rules, words for the errors) is decided above.

pub(crate) mod allow_comment;
pub mod cursor;
pub(crate) mod edit;
pub mod json;
pub mod located;
pub(crate) mod merge_conflict;
pub(crate) mod node_at_offset;
pub mod pointer;
pub(crate) mod string_offsets;
mod syntax_error;
pub(crate) mod template;
pub(crate) mod toml;
mod tree;
pub(crate) mod tree_pool;
pub mod yaml;

pub use syntax_error::{Problem, SyntaxError};
pub use tree::{Document, Entry, Members, Node, NodeId, Style, Value};

use crate::base::source::{Format, Source, Span};

/// About how many bytes a value takes with its key, and how many fields an object has: to set memory aside in one go.
const BYTES_PER_VALUE: usize = 20;
const FIELDS: usize = 16;

/// About how many values a text holds; for a large one a start.
fn expected_values(text: &str) -> usize {
    (text.len() / BYTES_PER_VALUE).min(256)
}

/// How much a file may hold; see the contract, "Limits".
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a file.
    pub file_bytes: u64,
    /// Levels of nesting.
    pub depth: usize,
    /// Values, after aliases are expanded.
    pub nodes: usize,
}

impl Limits {
    /// The highest limits that the settings can set. Recursive code relies on the bound on the depth.
    pub const MAX: Self = Self { file_bytes: 1 << 30, depth: 1024, nodes: 10_000_000 };
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 8 << 20, depth: 128, nodes: 100_000 }
    }
}

/// After so many errors a file is not worth reading on. A parser stops behind one more, so that it is known whether
/// there are more.
pub const MAX_ERRORS: usize = 20;

/// All that could be read of a text.
#[derive(Clone, Debug, Default)]
pub struct Parsed<'t> {
    /// One for JSON, one for each `---` of YAML.
    pub documents: Vec<Document<'t>>,
    /// In the order of the file: at most [`MAX_ERRORS`], and then where the next one is ([`Problem::MoreErrors`]).
    pub errors: Vec<SyntaxError>,
    /// Comments, in the order of the file, their marks included.
    pub comments: Vec<Span>,
}

/// Reads a text in its format.
pub fn parse<'t>(source: &'t Source, limits: &Limits) -> Parsed<'t> {
    let read = || parse_text(source.text(), source.format(), limits);
    let masked = || Some(parse_masked(source.format(), merge_conflict::mask(source.text())?, limits));
    let mut parsed = match source.format() {
        // The marks of a conflict are errors in JSON: what is read without any is not searched for them.
        Format::Json => {
            let parsed = read();
            if parsed.errors.is_empty() { parsed } else { masked().unwrap_or(parsed) }
        }
        _ => masked().unwrap_or_else(read),
    };
    cut(&mut parsed.errors);
    parsed
}

fn parse_text<'t>(text: &'t str, format: Format, limits: &Limits) -> Parsed<'t> {
    match format {
        Format::Json => json::parse(text, json::Dialect::Strict, limits),
        Format::Jsonc => json::parse(text, json::Dialect::Comments, limits),
        Format::Yaml => yaml::parse(text, limits),
        Format::Toml => toml::parse(text),
    }
}

fn parse_masked(format: Format, masked: merge_conflict::Masked, limits: &Limits) -> Parsed<'static> {
    let parsed = parse_text(&masked.text, format, limits);
    let mut errors = masked.errors;
    errors.extend(parsed.errors);
    errors.sort_by_key(|error| error.span);
    let documents = parsed.documents.into_iter().map(Document::into_owned).collect();
    Parsed { documents, errors, comments: parsed.comments }
}

/// Keeps the first errors; of the others only the place of the next is said.
fn cut(errors: &mut Vec<SyntaxError>) {
    errors.truncate(MAX_ERRORS + 1);
    if let Some(next) = errors.get_mut(MAX_ERRORS).filter(|next| !next.is_limit()) {
        *next = SyntaxError { span: next.span, problem: Problem::MoreErrors, related: None };
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::*;

    #[test]
    fn that_errors_were_left_out_is_said_once_in_both_formats() {
        let said = |text: &str, format| {
            let source = Source::new("portal", text, format);
            parse(&source, &Limits::default()).errors.into_iter().map(|error| error.problem).collect::<Vec<_>>()
        };
        for (format, before, bad) in [(Format::Yaml, "", "a: @x\n"), (Format::Json, "[", "tru,\n")] {
            let text = |count: usize| format!("{before}{}", bad.repeat(count));
            assert!(!said(&text(MAX_ERRORS - 1), format).contains(&Problem::MoreErrors), "{format:?}");
            for count in [MAX_ERRORS + 2, 3 * MAX_ERRORS] {
                let problems = said(&text(count), format);
                assert_eq!(problems.len(), MAX_ERRORS + 1, "{format:?}");
                assert_eq!(problems.iter().position(|problem| *problem == Problem::MoreErrors), Some(MAX_ERRORS));
            }
        }
    }
}
