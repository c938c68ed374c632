//! What the handlers of requests about one document work on.

use crate::lsp::analysis::ProjectAnalysis;
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::documents::{Documents, OpenDocument};

/// What handling a request about one document needs.
pub(super) struct RequestContext<'a> {
    pub uri: &'a str,
    pub document: &'a OpenDocument,
    /// All open documents, including this one.
    pub documents: &'a Documents,
    /// The up-to-date analysis that covers the document.
    pub analysis: &'a ProjectAnalysis,
    pub client: &'a ClientCapabilities,
}
