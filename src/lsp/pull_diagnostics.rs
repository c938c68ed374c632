//! Diagnostics that the editor asks for (`textDocument/diagnostic` and `workspace/diagnostic`, LSP 3.17).
//!
//! The result ID of a list of diagnostics is a hash of the list, so that the server does not have to store what it has sent.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use gen_lsp_types as lsp;

use crate::lsp::state::State;

/// The report on an open document. `None` for any other document.
///
/// `with_related`: whether the editor accepts the diagnostics of other files in the report. These are the settings and the account
/// snapshot of the document's project, which the editor does not ask for unless they are open.
pub(super) fn document_report(
    state: &State,
    params: &lsp::DocumentDiagnosticParams,
    with_related: bool,
) -> Option<lsp::DocumentDiagnosticReport> {
    let uri = &params.text_document.uri.0;
    let own = state.diagnostics().get(uri).filter(|found| found.version.is_some())?;
    let mut related = HashMap::new();
    if with_related {
        for other in state.closed_settings_and_snapshots(uri) {
            // If there are no findings, send an empty list: the editor may still show the findings of the previous report.
            let found = state.diagnostics().get(&other).map(|found| found.diagnostics.as_slice()).unwrap_or_default();
            related.insert(other.into(), full_report(found).into());
        }
    }
    Some(to_report(&own.diagnostics, params.previous_result_id.as_deref(), related))
}

/// The report on a file that is not open.
pub(super) fn closed_file_report(
    state: &State,
    params: &lsp::DocumentDiagnosticParams,
) -> lsp::DocumentDiagnosticReport {
    let found = state.closed_files().get(&params.text_document.uri.0).map(Vec::as_slice).unwrap_or_default();
    to_report(found, params.previous_result_id.as_deref(), HashMap::new())
}

fn to_report(
    diagnostics: &[lsp::Diagnostic],
    previous_result_id: Option<&str>,
    related: HashMap<lsp::Uri, lsp::RelatedDocument>,
) -> lsp::DocumentDiagnosticReport {
    let related_documents = (!related.is_empty()).then_some(related);
    let result_id = result_id(diagnostics);
    if previous_result_id == Some(&result_id) {
        let unchanged_document_diagnostic_report = lsp::UnchangedDocumentDiagnosticReport { result_id };
        return lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents,
            unchanged_document_diagnostic_report,
        }
        .into();
    }
    let full_document_diagnostic_report = full_report(diagnostics);
    lsp::RelatedFullDocumentDiagnosticReport { related_documents, full_document_diagnostic_report }.into()
}

/// The report on all open documents, on all other files of the workspace with findings, and on the files of the previous report, which
/// may have no findings any more.
pub(super) fn workspace_report(state: &State, previous: &[lsp::PreviousResultId]) -> lsp::WorkspaceDiagnosticReport {
    let mut current: BTreeMap<&str, (Option<i32>, &[lsp::Diagnostic])> = BTreeMap::new();
    let mut previous_ids: HashMap<&str, &str> = HashMap::new();
    for lsp::PreviousResultId { uri, value } in previous {
        current.insert(&uri.0, (None, &[]));
        previous_ids.insert(&uri.0, value);
    }
    for (uri, found) in state.diagnostics() {
        current.insert(uri, (found.version, &found.diagnostics));
    }
    for (uri, diagnostics) in state.closed_files() {
        current.insert(uri, (None, diagnostics));
    }
    let mut items = Vec::new();
    for (uri, (version, diagnostics)) in current {
        let result_id = result_id(diagnostics);
        let is_unchanged = previous_ids.get(uri) == Some(&result_id.as_str());
        let uri = uri.into();
        items.push(if is_unchanged {
            let unchanged_document_diagnostic_report = lsp::UnchangedDocumentDiagnosticReport { result_id };
            lsp::WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report }
                .into()
        } else {
            let full_document_diagnostic_report = full_report(diagnostics);
            lsp::WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report }.into()
        });
    }
    lsp::WorkspaceDiagnosticReport { items }
}

fn full_report(diagnostics: &[lsp::Diagnostic]) -> lsp::FullDocumentDiagnosticReport {
    lsp::FullDocumentDiagnosticReport { result_id: Some(result_id(diagnostics)), items: diagnostics.to_vec() }
}

fn result_id(diagnostics: &[lsp::Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    diagnostics.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
