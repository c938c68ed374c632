//! Parses texts inside of other texts: JSON in a string, and the fenced blocks of Markdown. Each has its own source and tree, and its
//! positions are converted to those of the file.

use std::borrow::Cow;
use std::ops::Range;

use crate::base::diagnostic::{Edit, Finding};
use crate::base::source::{Format, Source, Span};
use crate::syntax::edit::escape_part;
use crate::syntax::located::locate_in;
use crate::syntax::markdown::FencedBlock;
use crate::syntax::string_offsets::{Piece, decode_string};
use crate::syntax::variables::{Variables, fill_variables};
use crate::syntax::{Limits, Node, Parsed, Style, Value, parse};

/// A text inside of another one.
#[derive(Debug)]
pub(crate) struct EmbeddedText {
    /// The decoded text, with the name of the outer text.
    pub source: Source,
    pub parsed: Parsed<'static>,
    /// The position of each part in the outer text; empty if the positions are not known.
    pieces: Vec<Piece>,
    /// The span of the embedded text in the outer text, with its quotes.
    outer_span: Span,
    /// The style of a string; `None` for a block of Markdown, which has no escapes.
    style: Option<Style>,
}

impl EmbeddedText {
    /// Parses the JSON text in a string; `None` if the string does not look like JSON.
    pub(crate) fn in_string(outer: &Source, node: &Node<'_>, limits: &Limits) -> Option<Self> {
        let Value::String(text) = &node.value else { return None };
        if node.style == Style::Variable || !looks_like_json(text) {
            return None;
        }
        let decoded = decode_string(outer.text(), node).filter(|decoded| decoded.text == **text);
        let pieces = decoded.unwrap_or_default().pieces;
        Some(Self::parse(outer, text, Format::Json, pieces, node.span, Some(node.style), limits))
    }

    /// Fills in the values of variables; see [`fill_variables`].
    pub(crate) fn fill_variables(&mut self, variables: &Variables) {
        fill_variables(&mut self.parsed, variables);
    }

    /// Parses a block of Markdown.
    pub(crate) fn in_markdown(outer: &Source, block: &FencedBlock, limits: &Limits) -> Self {
        let text = outer.slice(block.content);
        let piece = Piece { decoded_start: 0, raw: block.content.range(), is_escape: false };
        Self::parse(outer, text, block.format, vec![piece], block.content, None, limits)
    }

    fn parse(
        outer: &Source,
        text: &str,
        format: Format,
        pieces: Vec<Piece>,
        outer_span: Span,
        style: Option<Style>,
        limits: &Limits,
    ) -> Self {
        let source = Source::new(outer.name(), text, format).with_kind(outer.kind());
        let parsed = parse(&source, limits).into_owned();
        Self { source, parsed, pieces, outer_span, style }
    }

    /// Converts a span to one of the outer text.
    pub(crate) fn to_outer(&self, span: Span) -> Span {
        self.locate(span.range()).unwrap_or(self.outer_span)
    }

    fn locate(&self, range: Range<usize>) -> Option<Span> {
        locate_in(&self.pieces, self.source.text(), range)
    }

    /// Converts the spans of a finding. A fix that cannot be converted is dropped.
    pub(crate) fn move_finding_to_outer(&self, finding: &mut Finding, outer: &Source) {
        finding.map_spans(|span| self.to_outer(span));
        if let Some(mut fix) = finding.fix.take()
            && let Some(edits) = self.edits_to_outer(&fix.edits, outer)
        {
            fix.edits = edits;
            finding.fix = Some(fix);
        }
    }

    /// Converts edits of the text to edits of the outer text, in which the new text needs escapes.
    fn edits_to_outer(&self, edits: &[Edit], outer: &Source) -> Option<Vec<Edit>> {
        let mut converted = Vec::with_capacity(edits.len());
        for edit in edits {
            let span = self.locate(edit.span.range())?;
            let replacement = match self.style {
                None => Cow::Borrowed(edit.replacement.as_str()),
                // The lines of a block scalar have an indentation that the decoded text does not have.
                Some(Style::Literal | Style::Folded) if outer.slice(span).contains(['\n', '\r']) => return None,
                Some(style) => escape_part(style, &edit.replacement)?,
            };
            converted.push(Edit { span, replacement: replacement.into_owned() });
        }
        Some(converted)
    }
}

/// Whether a text starts like a JSON object, like a list of objects or strings, or like a JSON string that contains one of these.
/// `{{email_code}}` and `{% if x %}` do not.
pub(crate) fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    match text.as_bytes().first() {
        Some(b'"') => text[1..].starts_with(['{', '[', '\\']),
        Some(b'{') => text[1..].trim_start().starts_with(['"', '\'', '}']),
        Some(b'[') => text[1..].trim_start().starts_with(['{', '"']),
        _ => false,
    }
}
