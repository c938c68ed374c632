//! Every report there is: of each fixture, and of each example of a page.

use portal_lint::report::Report;
use portal_lint::rules::RULES;

use super::examples::{examples, inputs as example_inputs};
use super::{entries, inputs, name, repository, run};

/// Every report there is to read: where it comes from, and the report.
pub fn reports() -> Vec<(String, Report)> {
    let mut reports = Vec::new();
    for folder in entries(&repository("fixtures/rules")) {
        for fixture in entries(&folder) {
            reports.push((format!("{}/{}", name(&folder), name(&fixture)), run(&inputs(&fixture))));
        }
    }
    for fixture in entries(&repository("fixtures/guide")).iter().filter(|path| name(path) != "expected.txt") {
        reports.push((format!("guide/{}", name(fixture)), run(&inputs(fixture))));
    }
    for rule in RULES {
        for (number, group) in examples(rule.page).iter().enumerate() {
            reports.push((format!("rules/{}.md, run {}", rule.code, number + 1), run(&example_inputs(group))));
        }
    }
    reports
}
