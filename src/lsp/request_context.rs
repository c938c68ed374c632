//! The data that the handlers of requests about one document need.

use gen_lsp_types as lsp;

use crate::base::diagnostic::Edit;
use crate::engine::edited_spans::EditedSpan;
use crate::lsp::analysis::ProjectAnalysis;
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::documents::{Documents, OpenDocument};
use crate::lsp::workspace_edit::{DocumentEdits, edits_without_secrets, workspace_edit};

/// See the module documentation.
pub(super) struct RequestContext<'a> {
    pub uri: &'a str,
    pub document: &'a OpenDocument,
    /// All open documents, including this one.
    pub documents: &'a Documents,
    /// The up-to-date analysis that covers the document.
    pub analysis: &'a ProjectAnalysis,
    pub client: &'a ClientCapabilities,
}

impl RequestContext<'_> {
    /// Edits of the analyzed version of the document.
    pub(super) fn document_edits(&self, edits: &[Edit]) -> DocumentEdits {
        DocumentEdits::new(self.uri, Some(self.document.version), &self.document.source, edits, self.client)
    }

    /// Edits of the analyzed version of the document, in the form that the editor supports.
    pub(super) fn workspace_edit(&self, edits: &[Edit]) -> lsp::WorkspaceEdit {
        workspace_edit(self.document_edits(edits), self.client)
    }

    /// The edits that change the document's text to `after`; see [`edits_without_secrets`].
    pub(super) fn edits_without_secrets(&self, after: &str, spans: &[EditedSpan]) -> Option<Vec<Edit>> {
        let input = self.analysis.input(self.analysis.file_id(self.uri)?)?;
        let ProjectAnalysis { settings, report, .. } = self.analysis;
        edits_without_secrets(input, [self.text(), after], spans, settings, report)
    }

    pub(super) fn text(&self) -> &str {
        self.document.source.text()
    }
}
