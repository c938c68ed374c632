//! The result of parsing a text once, up to its end or to the place where parsing stopped.

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::base::source::Span;
use crate::syntax::{Document, SyntaxError};

#[derive(Default)]
pub(super) struct ParsePass<'t> {
    /// If there is a `stop`, the last document is incomplete.
    pub documents: Vec<Document<'t>>,
    /// Errors that did not stop the pass.
    pub errors: Vec<SyntaxError>,
    /// In the order of the file.
    pub comments: Vec<Span>,
    /// Why the pass ended before the end of the text.
    pub stop: Option<StopReason>,
}

/// Why a pass ended before the end of the text.
pub(super) enum StopReason {
    /// The text exceeds one of the [`Limits`](crate::syntax::Limits).
    Limit(SyntaxError),
    /// The parser found a syntax error.
    Syntax(ParseStop),
}

/// A syntax error that stopped the parser.
pub(super) struct ParseStop {
    /// The reason that the parser reports.
    pub kind: ErrorKind,
    /// The offset that the parser reports.
    pub offset: usize,
    /// The bytes from the start of the last event before the stop to the end of what the parser has read.
    pub last_event: Range<usize>,
    /// The collections that were still open, outermost first.
    pub open: Vec<UnclosedCollection>,
}

/// A mapping or sequence that was still open when the parser stopped.
pub(super) struct UnclosedCollection {
    pub start: usize,
    /// Whether it is in brackets (YAML's flow style).
    pub is_flow: bool,
}

/// The part of a text that was blanked out because of a syntax error.
#[derive(Clone, Copy)]
pub(super) struct Unreadable {
    pub span: Span,
    /// Whether it may contain entries of the mappings around it, and not only a value.
    pub loses_entries: bool,
}
