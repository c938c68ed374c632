//! Checks the files in the workspace folders that are not open, for `workspace/diagnostic`.
//!
//! A file has the same findings as it would have if it were open: the files of a project are compared with each other and with the
//! open documents, and a file in no project is checked on its own.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use gen_lsp_types as lsp;

use crate::base::source::Encoding;
use crate::engine::discovery::discover;
use crate::lsp::analysis::{AnalysisInputs, AnalysisKey, Coverage, ProjectAnalysis, load_projects};
use crate::lsp::convert;
use crate::lsp::documents::Documents;
use crate::lsp::progress::ProgressReporter;

/// The diagnostics of files that are not open, by URI. A file without findings has no entry.
pub(super) type ClosedFiles = BTreeMap<String, Vec<lsp::Diagnostic>>;

/// See the module documentation.
///
/// # Errors
///
/// If writing the progress to the editor fails.
pub(super) fn check_closed_files(
    folders: &[PathBuf],
    documents: &Documents,
    progress: &mut ProgressReporter<'_, '_>,
) -> io::Result<ClosedFiles> {
    let analyses = collect_inputs(folders, documents);
    let file_count = analyses.iter().map(AnalysisInputs::file_count).sum();
    let encoding = progress.client.encoding;
    if ProgressReporter::is_large(file_count) && progress.request_token.is_some() {
        return progress.run(file_count, || check_all(analyses, documents, encoding));
    }
    Ok(check_all(analyses, documents, encoding))
}

fn check_all(analyses: Vec<AnalysisInputs>, documents: &Documents, encoding: Encoding) -> ClosedFiles {
    let mut found = ClosedFiles::new();
    for inputs in analyses {
        add_diagnostics(&inputs.check(), documents, encoding, &mut found);
    }
    found
}

/// The files to check: those of each project, and each file in no project.
fn collect_inputs(folders: &[PathBuf], documents: &Documents) -> Vec<AnalysisInputs> {
    let mut projects = load_projects(documents);
    let found = discover(folders, &mut projects, true);
    let open_uris = AnalysisKey::group_documents(documents);
    let mut analyses = Vec::new();
    for index in 1..projects.len() {
        if let Some(root) = projects.get(index).root.clone() {
            let key = AnalysisKey::Project(root);
            let uris = open_uris.get(&key).map(Vec::as_slice).unwrap_or_default();
            analyses.push(AnalysisInputs::new(&key, uris, documents, Coverage::AllFiles));
        }
    }
    for input in found {
        let is_open = input.real_path().is_some_and(|path| documents.with_real_path(&path).is_some());
        if input.project == 0 && !is_open {
            analyses.push(AnalysisInputs::single(input));
        }
    }
    analyses
}

fn add_diagnostics(analysis: &ProjectAnalysis, documents: &Documents, encoding: Encoding, found: &mut ClosedFiles) {
    let locate_file = |file| analysis.locate_file(file, documents);
    for finding in analysis.report.findings() {
        let Some((uri, _)) = locate_file(finding.file) else { continue };
        if documents.get(&uri.0).is_none() {
            let converted = convert::diagnostic(finding, &locate_file, encoding);
            found.entry(uri.0).or_default().extend(converted);
        }
    }
}
