//! What the README tells people to put into their editors is so.

use std::fs;

use regex::Regex;

use super::support::program::{out, portal_lint};
use super::support::repository;

fn readme() -> String {
    fs::read_to_string(repository("README.md")).expect("the README")
}

/// The blocks of a language in the part about editors.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let (_, part) = readme.split_once("\n## Editors\n").expect("the part");
    let part = part.split("\n## ").next().expect("a part");
    let fence = format!("```{language}\n");
    part.split(&fence).skip(1).map(|block| block.split("```").next().expect("an end").to_owned()).collect()
}

#[test]
fn the_problem_matcher_reads_every_line_of_concise() {
    let task = blocks("json").into_iter().find(|block| block.contains("problemMatcher")).expect("a task");
    let task: serde_json::Value = serde_json::from_str(&task).expect("JSON");
    let pattern = &task["tasks"][0]["problemMatcher"]["pattern"];
    let regexp = Regex::new(pattern["regexp"].as_str().expect("a pattern")).expect("a pattern");
    let text =
        out(&portal_lint(&repository(""), &["check", "--format", "concise", "fixtures/guide", "fixtures/rules"], b""));
    assert!(text.lines().count() > 300, "{text}");
    let group = |key: &str| usize::try_from(pattern[key].as_u64().expect("a group")).expect("a number");
    for line in text.lines().filter(|line| !line.contains(": allowed[")) {
        let found = regexp.captures(line).unwrap_or_else(|| panic!("not read: {line}"));
        let of = |key: &str| &found[group(key)];
        let again = format!(
            "{}:{}:{}: {}[{}] {}",
            of("file"),
            of("line"),
            of("column"),
            of("severity"),
            of("code"),
            of("message")
        );
        assert_eq!(again, line);
    }
    // What is allowed is no problem.
    assert!(!regexp.is_match("a.json:1:2: allowed[RCP016] customers can cancel (agreed)"));
}
