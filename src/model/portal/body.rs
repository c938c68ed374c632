//! A value of a file that should be a portal, and its wrapper.

use std::sync::Arc;

use crate::base::diagnostic::Finding;
use crate::base::source::{Format, Source, Span};
use crate::model::portal::detect::{NotAPortal, detect_kind, is_portal_object};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::embedded::EmbeddedText;
use crate::syntax::{NodeId, Parsed};

/// A value that should be a portal: a document of the file, or what a wrapper contains.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// The texts that contain the value, from the outermost. Empty if it is a value of the file's own tree.
    pub(super) texts: Vec<Arc<EmbeddedText>>,
    /// The index of the document in the innermost text or, without texts, in the file.
    pub document: usize,
    pub(super) node: NodeId,
    /// What contains the value.
    pub wrapper: Option<Wrapper>,
    /// Why the wrapper could not be opened.
    pub error: Option<NotAPortal>,
}

/// What is around a portal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wrapper {
    /// The keys that lead to the portal, for messages: `params.arguments`. Empty for a block of Markdown.
    pub path: String,
    /// The place in the file.
    pub place: BodyPlace,
    /// The bytes of the key of the portal or of the wrapper's innermost part that has one.
    pub span: Span,
    /// The kind of portal that the called operation takes.
    pub operation: Option<PortalKind>,
    /// The number of wrappers.
    pub(super) depth: usize,
}

/// Where a body is in its file. Findings and rules use pointers that start at the body; reports show pointers that start at the
/// top of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyPlace {
    /// The JSON Pointer of the body or, if it is JSON text, of the string.
    pub pointer: String,
    /// Whether the body is in a text, which has no pointers of its own in the file.
    pub is_text: bool,
}

impl BodyPlace {
    /// Converts a pointer in the body to a pointer in the file.
    pub fn to_file(&self, pointer: &str) -> String {
        if self.is_text { self.pointer.clone() } else { format!("{}{pointer}", self.pointer) }
    }
}

impl Body {
    /// The value. `file` is the tree of the file.
    pub(crate) fn root<'a>(&'a self, file: &'a Parsed<'a>) -> Cursor<'a> {
        Cursor::at(&self.parsed(file).documents[self.document], self.node)
    }

    /// The tree that contains the value. `file` is the tree of the file.
    pub(crate) fn parsed<'a>(&'a self, file: &'a Parsed<'a>) -> &'a Parsed<'a> {
        self.texts.last().map_or(file, |text| &text.parsed)
    }

    /// Where the first syntax error of the file and of the texts that contain the value starts. `file` is the tree of the file.
    pub(crate) fn first_syntax_error(&self, file: &Parsed<'_>) -> Option<u32> {
        let mut first = file.errors.first().map(|error| error.span.start);
        for (index, text) in self.texts.iter().enumerate() {
            if let Some(error) = text.parsed.errors.first() {
                let start = to_file_span(&self.texts[..=index], error.span).start;
                first = Some(first.map_or(start, |first| first.min(start)));
            }
        }
        first
    }

    /// Decides what the body is: a portal of some kind, or something else. `None` if it could not be read.
    pub(crate) fn detect_kind(&self, file: &Parsed<'_>) -> Option<Result<PortalKind, NotAPortal>> {
        if let Some(error) = &self.error {
            return Some(Err(error.clone()));
        }
        let detected = detect_kind(self.root(file))?;
        let operation = self.wrapper.as_ref().and_then(|wrapper| wrapper.operation);
        match (detected, operation) {
            // The called operation decides, except about responses and other things that cannot be its body.
            (Ok(_) | Err(NotAPortal::OtherObject), Some(kind)) => Some(Ok(kind)),
            (detected, _) => Some(detected),
        }
    }

    /// Where the body is in the file.
    pub(crate) fn place(&self) -> BodyPlace {
        self.wrapper.as_ref().map(|wrapper| wrapper.place.clone()).unwrap_or_default()
    }

    /// The text that the tree of the value was parsed from. `file` is the text of the file.
    pub(crate) fn source<'a>(&'a self, file: &'a Source) -> &'a Source {
        self.texts.last().map_or(file, |text| &text.source)
    }

    /// Converts a span in the text of the body to the file.
    pub(crate) fn to_file_span(&self, span: Span) -> Span {
        to_file_span(&self.texts, span)
    }

    /// Converts the spans of a finding in the text of the body to the file.
    pub(crate) fn move_finding_to_file(&self, finding: &mut Finding, file: &Source) {
        for (index, text) in self.texts.iter().enumerate().rev() {
            let outer = index.checked_sub(1).map_or(file, |outer| &self.texts[outer].source);
            text.move_finding_to_outer(finding, outer);
        }
    }

    /// The fenced block that contains the body. Allow comments in it are searched separately.
    pub(crate) fn markdown_block(&self, file: &Source) -> Option<&EmbeddedText> {
        if file.format() == Format::Markdown { self.texts.first().map(Arc::as_ref) } else { None }
    }

    /// Whether a walk takes the body for a portal because of its content, or because of the operation that is called with it.
    pub(crate) fn is_recognizable(&self, file: &Parsed<'_>) -> bool {
        let is_called = self.wrapper.as_ref().is_some_and(|wrapper| wrapper.operation.is_some());
        self.error.is_none()
            && (is_portal_object(self.root(file)) || (is_called && matches!(self.detect_kind(file), Some(Ok(_)))))
    }
}

/// Converts a span in the innermost text to the file.
pub(super) fn to_file_span(texts: &[Arc<EmbeddedText>], span: Span) -> Span {
    texts.iter().rev().fold(span, |span, text| text.to_outer(span))
}
