//! Parses JSON, YAML and TOML into one kind of tree, in which every key and value has its span.
//!
//! The parsers report syntax errors (of YAML only the first) and return the tree of everything that could be parsed. The layers above
//! interpret the values and turn the errors into messages.

pub(crate) mod allow_comment;
pub mod cursor;
pub(crate) mod edit;
pub(crate) mod embedded;
mod escape;
pub mod json;
mod line_breaks;
pub mod located;
pub(crate) mod look_alikes;
pub(crate) mod markdown;
pub(crate) mod merge_conflict;
pub(crate) mod node_at_offset;
pub(crate) mod number;
pub mod pointer;
pub(crate) mod string_offsets;
mod syntax_error;
pub(crate) mod template;
pub(crate) mod toml;
mod tree;
pub(crate) mod variables;
pub mod yaml;

pub use syntax_error::{Problem, SyntaxError};
pub use tree::{Document, Entry, Members, Node, NodeId, RepeatedMergeKey, Style, Value};

use crate::base::source::{Format, Source, Span, SpanSet};

/// The limits for the size of a file; see "Files and limits" in `docs/design.md`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The size of a file in bytes.
    pub file_bytes: u64,
    /// The number of nested objects and lists.
    pub depth: usize,
    /// The number of values. Each use of a YAML alias counts all values of its target.
    pub nodes: usize,
}

impl Limits {
    /// The highest limits that the settings can set. Recursive functions rely on the maximum depth.
    pub const MAX: Self = Self { file_bytes: 1 << 30, depth: 1024, nodes: 10_000_000 };
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 8 << 20, depth: 128, nodes: 100_000 }
    }
}

/// The maximum number of syntax errors that are reported for a file. A parser stops after one more, which shows that there are more.
pub const MAX_ERRORS: usize = 20;

/// The result of parsing a text.
#[derive(Clone, Debug, Default)]
pub struct Parsed<'t> {
    /// One document for JSON and TOML, and one for each part between `---` for YAML. Empty if nothing could be parsed.
    pub documents: Vec<Document<'t>>,
    /// In the order of the file: at most [`MAX_ERRORS`], and a [`Problem::MoreErrors`] in place of the next one.
    pub errors: Vec<SyntaxError>,
    /// The spans of the comments with their markers, in the order of the file.
    pub comments: Vec<Span>,
}

impl<'t> Parsed<'t> {
    /// The values of all documents.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node<'t>> {
        self.documents.iter().flat_map(Document::nodes)
    }

    /// The spans of the strings of all documents, to distinguish content from syntax.
    pub(crate) fn string_spans(&self) -> SpanSet {
        let strings = self.nodes().filter(|node| matches!(node.value, Value::String(_)));
        strings.map(|node| node.span).collect()
    }

    /// Whether the text at an offset may have been misread because of a syntax error before it.
    pub(crate) fn is_unknown_at(&self, offset: usize) -> bool {
        self.documents.iter().filter_map(Document::unknown_from).any(|unknown_from| unknown_from <= offset)
    }

    /// A copy that does not borrow from the text.
    pub fn into_owned(self) -> Parsed<'static> {
        let documents = self.documents.into_iter().map(Document::into_owned).collect();
        Parsed { documents, errors: self.errors, comments: self.comments }
    }
}

/// Parses a text in its format.
pub fn parse<'t>(source: &'t Source, limits: &Limits) -> Parsed<'t> {
    let mut parsed = parse_around_conflicts(source, limits);
    limit_errors(&mut parsed.errors);
    parsed
}

/// Parses a text in which merge conflicts are masked.
fn parse_around_conflicts<'t>(source: &'t Source, limits: &Limits) -> Parsed<'t> {
    // The markers are errors in JSON, except in a comment. Most files have no errors, so they need no search for markers.
    if matches!(source.format(), Format::Json | Format::Jsonc) {
        let parsed = parse_text(source.text(), source.format(), limits);
        if parsed.errors.is_empty() {
            return parsed;
        }
        return match merge_conflict::mask_conflicts(source.text()) {
            Some(masked) => parse_masked(source.format(), masked, limits),
            None => parsed,
        };
    }
    match merge_conflict::mask_conflicts(source.text()) {
        Some(masked) => parse_masked(source.format(), masked, limits),
        None => parse_text(source.text(), source.format(), limits),
    }
}

fn parse_text<'t>(text: &'t str, format: Format, limits: &Limits) -> Parsed<'t> {
    match format {
        Format::Json => json::parse(text, json::Dialect::Strict, limits),
        Format::Jsonc => json::parse(text, json::Dialect::Comments, limits),
        Format::Yaml => yaml::parse(text, limits),
        Format::Toml => toml::parse(text),
        // `embedded` parses the blocks of Markdown.
        Format::Markdown => Parsed::default(),
    }
}

fn parse_masked(format: Format, masked: merge_conflict::MaskedText, limits: &Limits) -> Parsed<'static> {
    let mut parsed = parse_text(&masked.text, format, limits).into_owned();
    // The other side of a conflict may be meant, and it is not in the tree.
    if let Some(first) = masked.errors.first() {
        let offset = first.span.start as usize;
        parsed.documents.iter_mut().for_each(|document| document.mark_unknown_from(offset));
        parsed.errors.retain(SyntaxError::is_limit);
    }
    parsed.errors.splice(0..0, masked.errors);
    parsed.errors.sort_by_key(|error| error.span);
    parsed
}

/// Keeps the first [`MAX_ERRORS`] errors, and replaces the next one with [`Problem::MoreErrors`].
fn limit_errors(errors: &mut Vec<SyntaxError>) {
    errors.truncate(MAX_ERRORS + 1);
    if let Some(next) = errors.get_mut(MAX_ERRORS)
        && !next.is_limit()
    {
        *next = SyntaxError { span: next.span, problem: Problem::MoreErrors, related: None };
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::*;

    fn parse_problems(text: &str, format: Format) -> Vec<Problem> {
        let source = Source::new("portal", text, format);
        parse(&source, &Limits::default()).errors.into_iter().map(|error| error.problem).collect()
    }

    #[test]
    fn errors_after_the_limit_are_reported_as_one() {
        for (format, start, bad_line) in [(Format::Yaml, "", "a: *x\n"), (Format::Json, "[", "True,\n")] {
            let text = |count: usize| format!("{start}{}", bad_line.repeat(count));
            assert!(!parse_problems(&text(MAX_ERRORS - 1), format).contains(&Problem::MoreErrors), "{format:?}");
            for count in [MAX_ERRORS + 2, 3 * MAX_ERRORS] {
                let problems = parse_problems(&text(count), format);
                assert_eq!(problems.len(), MAX_ERRORS + 1, "{format:?}");
                assert_eq!(problems.iter().position(|problem| *problem == Problem::MoreErrors), Some(MAX_ERRORS));
            }
        }
    }
}
