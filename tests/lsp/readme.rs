//! The problem matcher in `docs/editors.md` parses the `concise` format.

use std::fs;

use regex::Regex;

use crate::support::program::{portal_lint, stdout};
use crate::support::repository;

/// The code blocks of a language in `docs/editors.md`.
fn code_blocks(language: &str) -> Vec<String> {
    let page = fs::read_to_string(repository("docs/editors.md")).expect("the page");
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|block| block.split("```").next().expect("an end").to_owned()).collect()
}

#[test]
fn the_problem_matcher_parses_every_line_of_the_concise_format() {
    let task = code_blocks("json").into_iter().find(|block| block.contains("problemMatcher")).expect("a task");
    let task: serde_json::Value = serde_json::from_str(&task).expect("JSON");
    let pattern = &task["tasks"][0]["problemMatcher"]["pattern"];
    let regexp = Regex::new(pattern["regexp"].as_str().expect("a pattern")).expect("a pattern");
    let text = stdout(&portal_lint(
        &repository(""),
        &["check", "--format", "concise", "fixtures/guide", "fixtures/rules"],
        b"",
    ));
    assert!(text.lines().count() > 300, "{text}");
    let group_index = |key: &str| usize::try_from(pattern[key].as_u64().expect("a group")).expect("a number");
    for line in text.lines().filter(|line| !line.contains(": allowed[")) {
        let captures = regexp.captures(line).unwrap_or_else(|| panic!("no match: {line}"));
        let group_text = |key: &str| &captures[group_index(key)];
        let rebuilt = format!(
            "{}:{}:{}: {}[{}] {}",
            group_text("file"),
            group_text("line"),
            group_text("column"),
            group_text("severity"),
            group_text("code"),
            group_text("message")
        );
        assert_eq!(rebuilt, line);
    }
    // A suppressed finding is not a problem.
    assert!(!regexp.is_match("a.json:1:2: allowed[RCP016] customers can cancel (agreed)"));
}
