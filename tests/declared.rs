//! Lock 3: what the head of a page declares is how its rule behaves, over every fixture and every example of a page.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use portal_lint::diagnostic::{Code, Severity};
use portal_lint::document::slot::Slot;
use portal_lint::document::{Limits, yaml};
use portal_lint::rules::{RULES, page, rule};
use support::every::reports;

#[test]
fn each_rule_speaks_in_the_severities_it_declares_and_in_all_it_can() {
    let mut heard: BTreeMap<Code, BTreeSet<Severity>> = BTreeMap::new();
    for (origin, report) in reports() {
        for diagnostic in &report.diagnostics {
            let declared = page::head(rule(diagnostic.code).expect("a listed rule").page).expect("a head").severities;
            assert!(declared.contains(&diagnostic.severity), "{origin}: {} {}", diagnostic.code, diagnostic.severity);
            heard.entry(diagnostic.code).or_default().insert(diagnostic.severity);
        }
    }
    for rule in RULES {
        let declared: BTreeSet<Severity> = page::head(rule.page).expect("a head").severities.into_iter().collect();
        let heard = heard.remove(&rule.code).unwrap_or_default();
        let silent: Vec<_> = declared.difference(&heard).collect();
        // Without the account the readiness of the domain cannot fail, nor the sender contradict the profile.
        let expected: &[Severity] = if [3, 4, 14].contains(&rule.code.0) { &[Severity::Error] } else { &[] };
        assert_eq!(silent, expected.iter().collect::<Vec<_>>(), "{}", rule.code);
    }
}

#[test]
fn a_rule_looks_only_at_the_kinds_it_declares() {
    for (origin, report) in reports() {
        for diagnostic in &report.diagnostics {
            let file = &report.files[diagnostic.file];
            let rule = rule(diagnostic.code).expect("a listed rule");
            let Some(kind) = file.kind.filter(|_| !rule.is_about_the_file()) else { continue };
            let (head, _) = page::split(rule.page).expect("a head");
            let parsed = yaml::parse(head, &Limits::default());
            let kinds = Slot::root(&parsed.documents[0]).at("kinds");
            let declared = kinds.items().any(|item| item.text() == Some(kind.word()));
            assert!(declared, "{origin}: {} looks at an {kind}", diagnostic.code);
        }
    }
}

#[test]
fn checks_are_left_open_by_the_rules_that_need_the_account_and_by_no_other() {
    let open: BTreeSet<Code> = reports()
        .iter()
        .flat_map(|(_, report)| report.unverified().map(|(_, open)| open.code).collect::<Vec<_>>())
        .collect();
    let declared: BTreeSet<Code> = RULES
        .iter()
        .filter(|rule| page::head(rule.page).is_some_and(|head| head.needs_account))
        .map(|rule| rule.code)
        .collect();
    assert_eq!(open, declared);
}
