//! Server state: the open documents, the latest analysis of each project, and the diagnostics last published for each URI.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types as lsp;
use serde_json::Value as Json;

use crate::base::source::Encoding;
use crate::lsp::analysis::{AnalysisKey, ProjectAnalysis};
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::convert;
use crate::lsp::documents::Documents;
use crate::lsp::request_context::RequestContext;

/// The diagnostics that were last sent to the editor for one URI.
#[derive(Debug, PartialEq)]
struct Published {
    /// The analysis that found them.
    key: AnalysisKey,
    /// The analyzed version of an open document; `None` for a file that is not open.
    version: Option<i32>,
    diagnostics: Vec<lsp::Diagnostic>,
}

impl Published {
    fn to_params(&self, uri: &str) -> lsp::PublishDiagnosticsParams {
        lsp::PublishDiagnosticsParams { uri: uri.into(), version: self.version, diagnostics: self.diagnostics.clone() }
    }
}

/// See the module documentation.
#[derive(Debug, Default)]
pub(super) struct State {
    documents: Documents,
    /// Only analyses that are up to date: a change removes the ones that it affects.
    analyses: BTreeMap<AnalysisKey, ProjectAnalysis>,
    published: BTreeMap<String, Published>,
    /// Whether something changed since the last [`refresh`](Self::refresh).
    is_dirty: bool,
}

impl State {
    /// Handles `textDocument/didOpen`.
    pub(super) fn open(&mut self, item: lsp::TextDocumentItem) {
        let uri = item.uri.0.clone();
        self.documents.open(item);
        self.mark_dirty(&uri);
    }

    /// Handles `textDocument/didChange`. Returns `None` if the parameters are invalid.
    pub(super) fn change(&mut self, params: &Json, encoding: Encoding) -> Option<()> {
        let uri = params["textDocument"]["uri"].as_str()?;
        // Mark it before and after: an invalid change removes the document from `documents`, and a full text brings it back.
        self.mark_dirty(uri);
        let changed = self.documents.change(uri, params, encoding);
        self.mark_dirty(uri);
        changed
    }

    /// Handles `textDocument/didClose`.
    pub(super) fn close(&mut self, uri: &str) {
        self.mark_dirty(uri);
        self.documents.close(uri);
    }

    /// Removes the analyses that depend on a document.
    pub(super) fn mark_dirty(&mut self, uri: &str) {
        let Some(document) = self.documents.get(uri) else { return };
        if document.is_settings() {
            return self.invalidate_all();
        }
        let own_key = AnalysisKey::for_document(uri, document, &self.documents);
        self.analyses.retain(|key, analysis| *key != own_key && !analysis.uses_as_snapshot(document));
        self.is_dirty = true;
    }

    /// Removes all analyses, because any file on disk may have changed.
    pub(super) fn invalidate_all(&mut self) {
        self.analyses.clear();
        self.is_dirty = true;
    }

    /// Runs the analyses that are missing. Returns the notifications that bring the editor up to date.
    pub(super) fn refresh(&mut self, encoding: Encoding) -> Vec<lsp::PublishDiagnosticsParams> {
        if !std::mem::take(&mut self.is_dirty) {
            return Vec::new();
        }
        let documents = &self.documents;
        let uris_by_key = AnalysisKey::group_documents(documents);
        self.analyses.retain(|key, _| uris_by_key.contains_key(key));
        let mut current = BTreeMap::new();
        for (key, uris) in &uris_by_key {
            if !self.analyses.contains_key(key) {
                let analysis = ProjectAnalysis::new(key, uris, documents);
                current.append(&mut collect_diagnostics(key, uris, &analysis, documents, encoding));
                self.analyses.insert(key.clone(), analysis);
            }
        }
        let keys = uris_by_key.into_keys().collect();
        self.publish_changes(current, &keys)
    }

    /// Returns one notification for each URI whose diagnostics changed, and an empty one for each URI that no longer has any.
    ///
    /// `current` is the result of the analyses that just ran, `keys` are those of all analyses that exist now.
    fn publish_changes(
        &mut self,
        current: BTreeMap<String, Published>,
        keys: &BTreeSet<AnalysisKey>,
    ) -> Vec<lsp::PublishDiagnosticsParams> {
        let mut notifications = Vec::new();
        for uri in self.uris_without_diagnostics(&current, keys) {
            // LSP keeps the last published list until it is replaced, so that a fixed file needs an explicit empty list.
            self.published.remove(&uri);
            notifications.push(lsp::PublishDiagnosticsParams {
                uri: uri.into(),
                version: None,
                diagnostics: Vec::new(),
            });
        }
        for (uri, published) in current {
            // Editors redraw on every notification: do not send an unchanged list again.
            if self.published.get(&uri) == Some(&published) {
                continue;
            }
            notifications.push(published.to_params(&uri));
            self.published.insert(uri, published);
        }
        notifications
    }

    /// The published URIs that are not in the new result of their analysis, or whose analysis no longer exists.
    fn uris_without_diagnostics(
        &self,
        current: &BTreeMap<String, Published>,
        keys: &BTreeSet<AnalysisKey>,
    ) -> Vec<String> {
        let analyzed: BTreeSet<&AnalysisKey> = current.values().map(|published| &published.key).collect();
        let mut uris = Vec::new();
        for (uri, published) in &self.published {
            // An analysis that did not run again still has the same diagnostics.
            let is_outdated = analyzed.contains(&published.key) || !keys.contains(&published.key);
            if is_outdated && !current.contains_key(uri) {
                uris.push(uri.clone());
            }
        }
        uris
    }

    /// What a request about a document needs. `None` if the document is not open. Call [`refresh`](Self::refresh) first: without
    /// it, the document's analysis may be missing.
    pub(super) fn request_context<'a>(
        &'a self,
        uri: &'a str,
        client: &'a ClientCapabilities,
    ) -> Option<RequestContext<'a>> {
        let document = self.documents.get(uri)?;
        let analysis = self.analyses.get(&AnalysisKey::for_document(uri, document, &self.documents))?;
        Some(RequestContext { uri, document, documents: &self.documents, analysis, client })
    }
}

/// The diagnostics to publish for an analysis, by URI: a list for each open document, even an empty one, and one for each
/// settings file or account snapshot with findings that is not open.
fn collect_diagnostics(
    key: &AnalysisKey,
    uris: &[&str],
    analysis: &ProjectAnalysis,
    documents: &Documents,
    encoding: Encoding,
) -> BTreeMap<String, Published> {
    let empty = |version| Published { key: key.clone(), version, diagnostics: Vec::new() };
    let mut by_uri = BTreeMap::new();
    for uri in uris {
        if let Some(document) = documents.get(uri) {
            by_uri.insert((*uri).to_owned(), empty(Some(document.version)));
        }
    }
    let locate_file = |file| analysis.locate_file(file, documents);
    for finding in analysis.report.findings() {
        let Some((uri, _)) = locate_file(finding.file) else { continue };
        let converted = convert::diagnostic(finding, &locate_file, encoding);
        match by_uri.get_mut(&uri.0) {
            Some(published) => published.diagnostics.extend(converted),
            // The other portals of a project are read only for comparison: their findings are shown when they are opened.
            None if analysis.report.file(finding.file).in_scope => {}
            None => by_uri.entry(uri.0).or_insert_with(|| empty(None)).diagnostics.extend(converted),
        }
    }
    by_uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::steps::assert_linear;

    #[test]
    fn the_project_of_each_document_is_looked_up_once() {
        // A document for each 100 bytes of the text.
        let text_of_len = |len: usize| " ".repeat(len);
        assert_linear("documents", text_of_len, |text| {
            let mut state = State::default();
            for number in 0..text.len() / 100 {
                let text = "{\"nmae\": \"x\"}".to_owned();
                let uri = format!("file:///a/b/c/d/e/{number}.json").into();
                state.open(lsp::TextDocumentItem { uri, language_id: "json".into(), version: 1, text });
            }
            state.refresh(Encoding::Utf16);
            state.invalidate_all();
            state.refresh(Encoding::Utf16);
        });
    }
}
