//! Property tests of the linter, over random portals in random renderings: a valid portal has no findings, a mutation has exactly one
//! finding, a fix removes it, parsing returns the rendered tree, and damaged text never leads to an invalid span.
//!
//! Each property runs 200 cases; `PROPTEST_CASES` changes that. A failing case is shrunk and stored in `proptest-regressions`, and
//! later runs try it first.

pub mod choices;
pub mod damage;
pub mod html_mutations;
pub mod json;
pub mod key_mutations;
pub mod mutations;
pub mod portal;
pub mod read_back;
pub mod rendered_text;
pub mod rendering;
pub mod scalar;
pub mod tree;
pub mod words;
pub mod yaml;

use std::collections::BTreeSet;

use self::choices::{Choices, choices};
use self::damage::damage;
use self::mutations::{Expected, MUTATIONS, Mutation, ReportedAt};
use self::portal::{Portal, portal};
use self::rendered_text::RenderedText;
use self::rendering::{RENDERINGS, Rendering, YAML_RENDERINGS, render};
use crate::support::{check_files, finding_lines, memory_file};
use portal_lint::base::diagnostic::{Applicability, Diagnostic, Severity};
use portal_lint::engine::fix::apply_fixes;
use portal_lint::engine::report::Report;
use portal_lint::rules::RULES;
use portal_lint::settings::Settings;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

/// The number of cases is 200, or that of `PROPTEST_CASES`, which `.ci/run` sets to more in a separate step.
fn proptest_config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200);
    let regressions = Box::new(FileFailurePersistence::Direct("proptest-regressions/property.txt"));
    ProptestConfig {
        cases,
        max_shrink_iters: 1000,
        failure_persistence: Some(regressions),
        ..ProptestConfig::default()
    }
}

fn check_text(rendered: &RenderedText) -> Report {
    check_files(&[memory_file(rendered.name, rendered.text.as_str())])
}

/// `code pointer start..end message` of each diagnostic, without the advice on a byte order mark, which every file with one has.
fn finding_list(rendered: &RenderedText) -> Vec<String> {
    let report = check_text(rendered);
    let mut findings = Vec::new();
    for finding in &report.diagnostics {
        let span = finding.region.span().range();
        findings.push(format!("{} {} {span:?} {}", finding.code, finding.pointer, finding.message));
    }
    if rendered.has_bom() {
        assert!(findings.remove(0).starts_with("RCP902  0..3 "));
    }
    findings
}

/// Applies the mutation at index `first`, or the next one that is possible in the portal.
fn apply_mutation(portal: &mut Portal, c: &mut Choices, first: usize) -> (Mutation, Expected) {
    let order = (first..MUTATIONS.len()).chain(0..first);
    for index in order {
        let mut mutated = portal.clone();
        if let Some(expected) = MUTATIONS[index].2(&mut mutated, c) {
            *portal = mutated;
            return (MUTATIONS[index], expected);
        }
    }
    panic!("no mutation is possible in {portal:?}")
}

/// The expected item of [`finding_list`], without the message.
fn expected_line(code: u16, expected: &Expected, rendered: &RenderedText) -> String {
    let span = match &expected.reported_at {
        ReportedAt::Value => rendered.locations[&expected.pointer].value.clone(),
        ReportedAt::Key => rendered.locations[&expected.pointer].key.clone().expect("a field has a key"),
        ReportedAt::ParentKey(parent) if parent.is_empty() => rendered.root_marker.clone(),
        ReportedAt::ParentKey(parent) => rendered.locations[parent].key.clone().expect("a field has a key"),
        ReportedAt::TextRange(range) => rendered.locations[&expected.pointer].source_range(range),
    };
    format!("RCP{code:03} {} {span:?} ", expected.pointer)
}

/// Whether it says that the file cannot be read or parsed. The advice on a byte order mark does not.
fn is_read_or_syntax_error(finding: &Diagnostic) -> bool {
    (900..=902).contains(&finding.code.0) && finding.severity == Severity::Error
}

proptest! {
    #![proptest_config(proptest_config())]

    #[test]
    fn a_valid_portal_has_no_findings_in_any_rendering(mut c in choices()) {
        let portal = portal(&mut c);
        for rendering in RENDERINGS {
            let rendered = render(&portal.tree, rendering, &mut c);
            prop_assert_eq!(finding_list(&rendered), Vec::<String>::new(), "\n{}", rendered.text);
        }
    }

    #[test]
    fn a_mutation_has_one_finding_of_its_rule_at_its_bytes_in_any_rendering(
        mut c in choices(),
        first in 0..MUTATIONS.len(),
    ) {
        let mut portal = portal(&mut c);
        let ((code, only_yaml, _), expected) = apply_mutation(&mut portal, &mut c, first);
        for rendering in if only_yaml { &YAML_RENDERINGS[..] } else { &RENDERINGS[..] } {
            let rendered = render(&portal.tree, *rendering, &mut c);
            let (found, line) = (finding_list(&rendered), expected_line(code, &expected, &rendered));
            let is_expected = found.len() == 1 && found[0].starts_with(&line);
            prop_assert!(is_expected, "{:?} not {}\n{}", found, line, rendered.text);
        }
    }

    #[test]
    fn a_fix_removes_its_finding_and_fixing_is_idempotent(
        mut c in choices(),
        first in 0..MUTATIONS.len(),
        max_applicability in select(&[Applicability::Safe, Applicability::Unsafe]),
    ) {
        let mut portal = portal(&mut c);
        let ((code, only_yaml, _), expected) = apply_mutation(&mut portal, &mut c, first);
        let rendering = if only_yaml { c.pick(&YAML_RENDERINGS) } else { c.pick(&RENDERINGS) };
        let rendered = render(&portal.tree, rendering, &mut c);
        let fix_text = |old: &str| apply_fixes(&memory_file(rendered.name, old), old.to_owned(), &Settings::default(), max_applicability);
        let once = fix_text(&rendered.text);
        prop_assert_eq!(&once.failed, &None, "{}", rendered.text);
        prop_assert_eq!(once.applied.is_empty(), once.text == rendered.text);
        let twice = fix_text(&once.text);
        prop_assert_eq!(&twice.text, &once.text, "{}", rendered.text);
        if once.applied.iter().any(|fix| fix.code.0 == code) {
            let fixed_finding = format!("RCP{code:03} {} ", expected.pointer);
            let mut fixed = rendered;
            fixed.text = once.text;
            let found = finding_list(&fixed);
            prop_assert!(!found.iter().any(|line| line.starts_with(&fixed_finding)), "{:?}", found);
        }
    }

    #[test]
    fn damaged_text_has_valid_spans_and_is_reported_unless_it_is_valid_json(mut c in choices(), rendering in select(&RENDERINGS)) {
        let portal = portal(&mut c);
        let rendered = render(&portal.tree, rendering, &mut c);
        let mut bytes = rendered.text.into_bytes();
        for _ in 0..=c.below(2) {
            damage(&mut bytes, &mut c);
            if bytes.is_empty() {
                break;
            }
        }
        let report = check_files(&[memory_file(rendered.name, bytes.clone())]);
        let shown = String::from_utf8_lossy(&bytes);
        for finding in &report.diagnostics {
            let spans = finding.labels.iter().map(|label| label.region.span()).chain([finding.region.span()]);
            for span in spans {
                // In a file that is not UTF-8, the location is that of the invalid byte.
                let is_valid = match std::str::from_utf8(&bytes) {
                    Ok(text) => text.get(span.range()).is_some(),
                    Err(_) => bytes.get(span.range()).is_some(),
                };
                prop_assert!(is_valid, "{} at {span:?} in {shown:?}", finding.code);
            }
        }
        if rendering == Rendering::Json {
            let unreadable = report.diagnostics.iter().any(is_read_or_syntax_error);
            let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
            let is_json = serde_json::from_slice::<serde_json::Value>(text).is_ok();
            prop_assert_eq!(unreadable, !is_json, "{:?} {:?}", finding_lines(&report), shown);
        }
    }

    #[test]
    fn a_rendered_portal_is_parsed_with_the_bytes_of_each_key_and_value(mut c in choices()) {
        let portal = portal(&mut c);
        for rendering in RENDERINGS {
            let rendered = render(&portal.tree, rendering, &mut c);
            if let Err(difference) = read_back::check_read_back(&rendered, &portal.tree) {
                prop_assert!(false, "{}\n{}", difference, rendered.text);
            }
        }
    }
}

#[test]
fn choices_of_zero_render_strict_json() {
    let mut none = Choices::none();
    let portal = portal(&mut none);
    let rendered = render(&portal.tree, RENDERINGS[0], &mut none);
    assert!(serde_json::from_str::<serde_json::Value>(&rendered.text).is_ok(), "{}", rendered.text);
}

#[test]
fn each_rule_that_one_body_can_break_has_a_mutation() {
    // RCP003, 004 and 3xx need an account, RCP019, 103 and 114 need two bodies, and RCP115 is never
    // the only finding. RCP9xx are about the file: the property of damaged texts tests
    // them.
    let is_excluded = |code: u16| matches!(code, 3 | 4 | 19 | 103 | 114 | 115 | 300..400 | 900..);
    let mutated: BTreeSet<u16> = MUTATIONS.iter().map(|(code, ..)| *code).collect();
    let rules: BTreeSet<u16> = RULES.iter().map(|rule| rule.code.0).filter(|code| !is_excluded(*code)).collect();
    assert_eq!(mutated, rules);
}

#[test]
fn each_mutation_applies_to_some_portal() {
    // Random portals, the same on every run.
    let mut runner = TestRunner::deterministic();
    for (index, (code, _, mutation)) in MUTATIONS.iter().enumerate() {
        let applies = (0..200).any(|_| {
            let mut c = choices().new_tree(&mut runner).expect("choices can always be made").current();
            mutation(&mut portal(&mut c), &mut c).is_some()
        });
        assert!(applies, "mutation {index}, of RCP{code:03}");
    }
}
