//! The corpus: every fixture and every example of a rule page. Tests of properties that hold for all reports run over it.

use std::sync::LazyLock;

use portal_lint::base::file::InputFile;
use portal_lint::engine::report::Report;
use portal_lint::rules::RULES;

use super::examples::{example_files, examples};
use super::{check_files, entries, file_name, fixture_paths, read_inputs, repository};

/// The files of each run, with the name of the fixture or example for messages.
pub fn corpus_inputs() -> Vec<(String, Vec<InputFile>)> {
    let mut runs = Vec::new();
    for folder in entries(&repository("fixtures/rules")) {
        for fixture in fixture_paths(&folder) {
            runs.push((format!("{}/{}", file_name(&folder), file_name(&fixture)), read_inputs(&fixture)));
        }
    }
    for fixture in entries(&repository("fixtures/guide")) {
        let name = file_name(&fixture);
        if name != "expected.txt" {
            runs.push((format!("guide/{name}"), read_inputs(&fixture)));
        }
    }
    for rule in RULES {
        for (index, group) in examples(rule.page).iter().enumerate() {
            runs.push((format!("rules/{}.md, run {}", rule.code, index + 1), example_files(group)));
        }
    }
    runs
}

/// The report on each of the [`corpus_inputs`]. The tests of one program share them.
pub fn corpus_reports() -> &'static [(String, Report)] {
    static REPORTS: LazyLock<Vec<(String, Report)>> = LazyLock::new(|| {
        let mut reports = Vec::new();
        for (origin, files) in corpus_inputs() {
            reports.push((origin, check_files(&files)));
        }
        reports
    });
    &REPORTS
}
