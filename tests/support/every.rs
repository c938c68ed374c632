//! Every report there is: of each fixture, and of each example of a page.

use portal_lint::base::file::InputFile;
use portal_lint::engine::report::Report;
use portal_lint::rules::RULES;

use super::examples::{examples, inputs as example_inputs};
use super::{entries, fixtures, inputs, name, repository, run};

/// Every run there is: where it comes from, and its files.
pub fn runs() -> Vec<(String, Vec<InputFile>)> {
    let mut runs = Vec::new();
    for folder in entries(&repository("fixtures/rules")) {
        for fixture in fixtures(&folder) {
            runs.push((format!("{}/{}", name(&folder), name(&fixture)), inputs(&fixture)));
        }
    }
    for fixture in entries(&repository("fixtures/guide")).iter().filter(|path| name(path) != "expected.txt") {
        runs.push((format!("guide/{}", name(fixture)), inputs(fixture)));
    }
    for rule in RULES {
        for (number, group) in examples(rule.page).iter().enumerate() {
            runs.push((format!("rules/{}.md, run {}", rule.code, number + 1), example_inputs(group)));
        }
    }
    runs
}

/// Every report there is to read: where it comes from, and the report.
pub fn reports() -> Vec<(String, Report)> {
    runs().into_iter().map(|(origin, inputs)| (origin, run(&inputs))).collect()
}
