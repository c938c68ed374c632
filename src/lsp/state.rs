//! Server state: the open documents, the latest analysis of each project, and the diagnostics that it found for each URI.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

use gen_lsp_types as lsp;
use serde_json::Value as Json;

use crate::base::source::Encoding;
use crate::lsp::analysis::{AnalysisInputs, AnalysisKey, Coverage, ProjectAnalysis};
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::closed_files::{ClosedFiles, check_closed_files};
use crate::lsp::convert;
use crate::lsp::documents::Documents;
use crate::lsp::progress::ProgressReporter;
use crate::lsp::request_context::RequestContext;

/// The diagnostics of one URI.
#[derive(Debug, PartialEq)]
pub(super) struct FileDiagnostics {
    /// The analysis that found them.
    pub key: AnalysisKey,
    /// The analyzed version of an open document; `None` for a file that is not open.
    pub version: Option<i32>,
    pub diagnostics: Vec<lsp::Diagnostic>,
}

impl FileDiagnostics {
    fn empty(key: &AnalysisKey, version: Option<i32>) -> Self {
        Self { key: key.clone(), version, diagnostics: Vec::new() }
    }
}

/// A URI whose diagnostics changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ChangedDiagnostics {
    pub uri: String,
    /// Whether the document is the same version as before: another file changed.
    pub has_same_version: bool,
}

/// See the module documentation.
#[derive(Debug, Default)]
pub(super) struct State {
    documents: Documents,
    /// Only analyses that are up to date: a change removes the ones that it affects.
    analyses: BTreeMap<AnalysisKey, ProjectAnalysis>,
    diagnostics: BTreeMap<String, FileDiagnostics>,
    /// The diagnostics of the files that are not open.
    closed_files: ClosedFiles,
    /// Whether nothing changed since [`check_closed_files`](Self::check_closed_files).
    are_closed_files_current: bool,
    /// The large projects whose first analysis was reported to the editor.
    reported_projects: BTreeSet<AnalysisKey>,
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
        // Mark it before and after the change: an invalid change removes the document from `documents`, and a full text adds it again.
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
        self.are_closed_files_current = false;
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
        self.are_closed_files_current = false;
        self.is_dirty = true;
    }

    /// Runs the analyses that are missing. Returns the URIs whose diagnostics changed.
    ///
    /// # Errors
    ///
    /// If writing the progress to the editor fails.
    pub(super) fn refresh(&mut self, progress: &mut ProgressReporter<'_, '_>) -> io::Result<Vec<ChangedDiagnostics>> {
        if !std::mem::take(&mut self.is_dirty) {
            return Ok(Vec::new());
        }
        let documents = &self.documents;
        let uris_by_key = AnalysisKey::group_documents(documents);
        self.analyses.retain(|key, _| uris_by_key.contains_key(key));
        let mut current = BTreeMap::new();
        for (key, uris) in &uris_by_key {
            if !self.analyses.contains_key(key) {
                let inputs = AnalysisInputs::new(key, uris, documents, Coverage::OpenDocuments);
                let count = inputs.file_count();
                let is_reported = ProgressReporter::is_large(count) && self.reported_projects.insert(key.clone());
                let analysis = if is_reported { progress.run(count, || inputs.check())? } else { inputs.check() };
                current.append(&mut collect_diagnostics(key, uris, &analysis, documents, progress.client.encoding));
                self.analyses.insert(key.clone(), analysis);
            }
        }
        let keys = uris_by_key.into_keys().collect();
        Ok(self.replace_diagnostics(current, &keys))
    }

    /// Replaces the diagnostics of the analyses that just ran by `current`, their result. `keys` are those of all analyses that
    /// exist now. Returns each URI whose diagnostics changed, and each that no longer has any.
    fn replace_diagnostics(
        &mut self,
        current: BTreeMap<String, FileDiagnostics>,
        keys: &BTreeSet<AnalysisKey>,
    ) -> Vec<ChangedDiagnostics> {
        let mut changes = Vec::new();
        for uri in self.uris_without_diagnostics(&current, keys) {
            // An editor keeps the last published list until it is replaced, so a file without findings needs an empty list.
            self.diagnostics.remove(&uri);
            changes.push(ChangedDiagnostics { uri, has_same_version: false });
        }
        for (uri, found) in current {
            let previous = self.diagnostics.get(&uri);
            // Editors redraw on every notification: do not send an unchanged list again.
            if previous == Some(&found) {
                continue;
            }
            let has_same_version = previous.is_some_and(|previous| previous.version == found.version);
            changes.push(ChangedDiagnostics { uri: uri.clone(), has_same_version });
            self.diagnostics.insert(uri, found);
        }
        changes
    }

    /// The URIs with diagnostics that are not in the new result of their analysis, or whose analysis no longer exists.
    fn uris_without_diagnostics(
        &self,
        current: &BTreeMap<String, FileDiagnostics>,
        keys: &BTreeSet<AnalysisKey>,
    ) -> Vec<String> {
        let analyzed: BTreeSet<&AnalysisKey> = current.values().map(|found| &found.key).collect();
        let mut uris = Vec::new();
        for (uri, found) in &self.diagnostics {
            // An analysis that did not run again still has the same diagnostics.
            let is_outdated = analyzed.contains(&found.key) || !keys.contains(&found.key);
            if is_outdated && !current.contains_key(uri) {
                uris.push(uri.clone());
            }
        }
        uris
    }

    /// The diagnostics of the open documents, and of the settings files and account snapshots that they use, by URI.
    pub(super) fn diagnostics(&self) -> &BTreeMap<String, FileDiagnostics> {
        &self.diagnostics
    }

    /// The URIs of the settings files and account snapshots of an open document's project that are not open.
    pub(super) fn closed_settings_and_snapshots(&self, uri: &str) -> BTreeSet<String> {
        let analysis = self.diagnostics.get(uri).and_then(|found| self.analyses.get(&found.key));
        analysis.map(|analysis| analysis.closed_settings_and_snapshots(&self.documents)).unwrap_or_default()
    }

    /// The notification with the diagnostics of a URI.
    pub(super) fn publish_params(&self, uri: String) -> lsp::PublishDiagnosticsParams {
        let found = self.diagnostics.get(&uri);
        let diagnostics = found.map(|found| found.diagnostics.clone()).unwrap_or_default();
        lsp::PublishDiagnosticsParams { uri: uri.into(), version: found.and_then(|found| found.version), diagnostics }
    }

    /// Checks the files in the workspace folders that are not open, unless nothing changed since the last time.
    ///
    /// # Errors
    ///
    /// If writing the progress to the editor fails.
    pub(super) fn check_closed_files(
        &mut self,
        folders: &[PathBuf],
        progress: &mut ProgressReporter<'_, '_>,
    ) -> io::Result<()> {
        // Without notifications about files on disk, any of them may have changed.
        if !self.are_closed_files_current || !progress.client.watches_files {
            self.closed_files = check_closed_files(folders, &self.documents, progress)?;
            self.are_closed_files_current = true;
        }
        Ok(())
    }

    /// The result of the last [`check_closed_files`](Self::check_closed_files).
    pub(super) fn closed_files(&self) -> &ClosedFiles {
        &self.closed_files
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

/// The diagnostics of an analysis, by URI. Each open document has a list, which may be empty. A settings file or account snapshot that is
/// not open has one only if it has findings.
fn collect_diagnostics(
    key: &AnalysisKey,
    uris: &[&str],
    analysis: &ProjectAnalysis,
    documents: &Documents,
    encoding: Encoding,
) -> BTreeMap<String, FileDiagnostics> {
    let mut by_uri: BTreeMap<String, FileDiagnostics> = BTreeMap::new();
    for uri in uris {
        if let Some(document) = documents.get(uri) {
            by_uri.insert((*uri).to_owned(), FileDiagnostics::empty(key, Some(document.version)));
        }
    }
    let locate_file = |file| analysis.locate_file(file, documents);
    for finding in analysis.report.findings() {
        let Some((uri, _)) = locate_file(finding.file) else { continue };
        let converted = convert::diagnostic(finding, &locate_file, encoding);
        // A file in scope that is not open is another portal of the project. Its findings are shown when it is opened.
        if !by_uri.contains_key(&uri.0) && analysis.report.file(finding.file).in_scope {
            continue;
        }
        let found = by_uri.entry(uri.0).or_insert_with(|| FileDiagnostics::empty(key, None));
        found.diagnostics.extend(converted);
    }
    by_uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::steps::assert_linear;
    use crate::lsp::connection::Connection;
    use crate::lsp::queue::MessageQueue;

    #[test]
    fn the_project_of_each_document_is_looked_up_once() {
        // A document for each 100 bytes of the text.
        let text_of_len = |len: usize| " ".repeat(len);
        assert_linear("documents", text_of_len, |text| {
            let mut out = Vec::new();
            let mut connection = Connection::new(MessageQueue::new(io::empty()), &mut out);
            let client = ClientCapabilities::default();
            let mut progress = ProgressReporter { connection: &mut connection, client: &client, request_token: None };
            let mut state = State::default();
            for number in 0..text.len() / 100 {
                let text = "{\"nmae\": \"x\"}".to_owned();
                let uri = format!("file:///a/b/c/d/e/{number}.json").into();
                state.open(lsp::TextDocumentItem { uri, language_id: "json".into(), version: 1, text });
            }
            assert!(state.refresh(&mut progress).is_ok_and(|changes| !changes.is_empty()));
            state.invalidate_all();
            assert!(state.refresh(&mut progress).is_ok());
        });
    }
}
