//! What the rules about files receive.

use crate::base::diagnostic::{Code, Finding};
use crate::base::read_error::ReadError;
use crate::base::source::Source;
use crate::model::portal::{NonPortal, Wrapper};
use crate::rules::sink::{RuleFinding, Sink};
use crate::syntax::SyntaxError;
use crate::syntax::allow_comment::AllowComment;

/// What the rules about files know about one file.
#[derive(Clone, Copy)]
pub(crate) struct FileFacts<'a> {
    /// Why the file could not be read.
    pub read_error: Option<&'a ReadError>,
    /// The text; empty if the file could not be read.
    pub source: &'a Source,
    /// The errors in the syntax.
    pub syntax_errors: &'a [SyntaxError],
    /// The comments that start with `portal-lint:`.
    pub allow_comments: &'a [AllowComment<'a>],
    /// The documents that are not portals.
    pub non_portals: &'a [NonPortal],
    /// The wrappers around the portals, each with the index of its portal's document.
    pub wrappers: &'a [(usize, &'a Wrapper)],
}

impl<'a> FileFacts<'a> {
    /// A file without errors, comments and portals.
    pub(crate) fn new(source: &'a Source) -> Self {
        Self { read_error: None, source, syntax_errors: &[], allow_comments: &[], non_portals: &[], wrappers: &[] }
    }
}

/// One file, for [`Rule::check_file`](super::Rule::check_file).
pub(crate) struct FileContext<'a> {
    /// The file.
    pub facts: &'a FileFacts<'a>,
    /// The running rule.
    pub code: Code,
    /// Receives the findings.
    pub sink: &'a mut Sink,
}

impl FileContext<'_> {
    /// Reports a finding about the file as a whole.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.report_in_document(0, finding);
    }

    /// Reports a finding about one document of the file.
    pub(crate) fn report_in_document(&mut self, document: usize, finding: Finding) {
        self.sink.findings.push(RuleFinding::new(self.code, document, finding));
    }
}
