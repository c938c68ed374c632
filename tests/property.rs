//! Properties that hold for any portal in any rendering: nothing is said about a good one, one thing about one mutation,
//! a fix of it is made once and for all, the tree is the same however it is written, and no damage to a text does harm.
//!
//! Each runs 1,000 cases (`PROPTEST_CASES` changes that). What fails is shrunk and kept in `proptest-regressions`, and tried first from then on.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod property {
    pub mod choices;
    pub mod damage;
    pub mod html_mutations;
    pub mod json;
    pub mod key_mutations;
    pub mod mutate;
    pub mod portal;
    pub mod print;
    pub mod read;
    pub mod scalar;
    pub mod sheet;
    pub mod tree;
    pub mod words;
    pub mod yaml;
}
mod support;

use std::collections::BTreeSet;

use portal_lint::base::diagnostic::{Applicability, Diagnostic, Severity};
use portal_lint::engine::fix::apply_fixes;
use portal_lint::engine::report::Report;
use portal_lint::rules::RULES;
use portal_lint::settings::Settings;
use property::choices::{Choices, choices};
use property::damage::damage;
use property::mutate::{At, Expected, MUTATIONS, Mutation};
use property::portal::{Portal, portal};
use property::print::{RENDERINGS, Rendering, YAML, print};
use property::read;
use property::sheet::Sheet;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};
use support::{check_files, finding_lines, memory_file};

/// In CI and on every developer's machine the same number: a debug build does them in some seconds.
fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1000);
    let kept = Box::new(FileFailurePersistence::Direct("proptest-regressions/property.txt"));
    ProptestConfig { cases, max_shrink_iters: 1000, failure_persistence: Some(kept), ..ProptestConfig::default() }
}

fn check(sheet: &Sheet) -> Report {
    check_files(&[memory_file(sheet.name, sheet.text.as_str())])
}

/// `code pointer start..end` of each diagnostic. A byte order mark is always advised against.
fn found(sheet: &Sheet) -> Vec<String> {
    let report = check(sheet);
    let said = report.diagnostics.iter().map(|one| {
        let span = one.region.span().range();
        format!("{} {} {span:?} {}", one.code, one.pointer, one.message)
    });
    let mut said: Vec<String> = said.collect();
    if sheet.is_marked() {
        assert!(said.remove(0).starts_with("RCP902  0..3 "));
    }
    said
}

/// Applies one of the mutations: the one at `first`, or the next that fits the portal.
fn mutate(portal: &mut Portal, c: &mut Choices, first: usize) -> (Mutation, Expected) {
    let order = (first..MUTATIONS.len()).chain(0..first);
    for index in order {
        let mut mutated = portal.clone();
        if let Some(expected) = MUTATIONS[index].2(&mut mutated, c) {
            *portal = mutated;
            return (MUTATIONS[index], expected);
        }
    }
    panic!("no mutation fits {portal:?}")
}

/// What must be said, as [`found`] says it, without its words.
fn line(code: u16, expected: &Expected, sheet: &Sheet) -> String {
    let span = match &expected.at {
        At::Value => sheet.places[&expected.pointer].value.clone(),
        At::Key => sheet.places[&expected.pointer].key.clone().expect("a field has a key"),
        At::Holder(holder) if holder.is_empty() => sheet.opening.clone(),
        At::Holder(holder) => sheet.places[holder].key.clone().expect("a field has a key"),
        At::Part(range) => sheet.places[&expected.pointer].part(range),
    };
    format!("RCP{code:03} {} {span:?} ", expected.pointer)
}

/// RCP900 to RCP902, but for the advice on a byte order mark.
fn is_said_of_what_cannot_be_read(one: &Diagnostic) -> bool {
    (900..=902).contains(&one.code.0) && one.severity == Severity::Error
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_valid_portal_has_no_findings_in_any_rendering(mut c in choices()) {
        let portal = portal(&mut c);
        for rendering in RENDERINGS {
            let sheet = print(&portal.tree, rendering, &mut c);
            prop_assert_eq!(found(&sheet), Vec::<String>::new(), "\n{}", sheet.text);
        }
    }

    #[test]
    fn a_mutation_has_one_finding_of_its_rule_at_its_bytes_in_any_rendering(
        mut c in choices(),
        first in 0..MUTATIONS.len(),
    ) {
        let mut portal = portal(&mut c);
        let ((code, only_yaml, _), expected) = mutate(&mut portal, &mut c, first);
        for rendering in if only_yaml { &YAML[..] } else { &RENDERINGS[..] } {
            let sheet = print(&portal.tree, *rendering, &mut c);
            let (found, line) = (found(&sheet), line(code, &expected, &sheet));
            let is_it = found.len() == 1 && found[0].starts_with(&line);
            prop_assert!(is_it, "{:?} not {}\n{}", found, line, sheet.text);
        }
    }

    #[test]
    fn a_fix_removes_its_finding_and_fixing_is_idempotent(
        mut c in choices(),
        first in 0..MUTATIONS.len(),
        widest in select(&[Applicability::Safe, Applicability::Unsafe]),
    ) {
        let mut portal = portal(&mut c);
        let ((code, only_yaml, _), expected) = mutate(&mut portal, &mut c, first);
        let rendering = if only_yaml { c.pick(&YAML) } else { c.pick(&RENDERINGS) };
        let sheet = print(&portal.tree, rendering, &mut c);
        let fix_text = |old: &str| apply_fixes(&memory_file(sheet.name, old), old.to_owned(), &Settings::default(), widest);
        let once = fix_text(&sheet.text);
        prop_assert_eq!(&once.dropped, &[], "{}", sheet.text);
        prop_assert_eq!(once.applied.is_empty(), once.text == sheet.text);
        let twice = fix_text(&once.text);
        prop_assert_eq!(&twice.text, &once.text, "{}", sheet.text);
        if once.applied.iter().any(|made| made.code.0 == code) {
            let said = format!("RCP{code:03} {} ", expected.pointer);
            let mut fixed = sheet;
            fixed.text = once.text;
            let found = found(&fixed);
            prop_assert!(!found.iter().any(|one| one.starts_with(&said)), "{:?}", found);
        }
    }

    #[test]
    fn damaged_text_has_valid_spans_and_is_reported_unless_it_is_valid_json(mut c in choices(), rendering in select(&RENDERINGS)) {
        let portal = portal(&mut c);
        let sheet = print(&portal.tree, rendering, &mut c);
        let mut bytes = sheet.text.into_bytes();
        for _ in 0..=c.below(2) {
            damage(&mut bytes, &mut c);
            if bytes.is_empty() {
                break;
            }
        }
        let report = check_files(&[memory_file(sheet.name, bytes.clone())]);
        let shown = String::from_utf8_lossy(&bytes);
        for one in &report.diagnostics {
            let spans = one.labels.iter().map(|label| label.region.span()).chain([one.region.span()]);
            for span in spans {
                // What is no text is not read, and has no places.
                let good = std::str::from_utf8(&bytes).map_or(span.range() == (0..0), |text| text.get(span.range()).is_some());
                prop_assert!(good, "{} at {span:?} in {shown:?}", one.code);
            }
        }
        if rendering == Rendering::Json {
            let unreadable = report.diagnostics.iter().any(is_said_of_what_cannot_be_read);
            let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
            let is_json = serde_json::from_slice::<serde_json::Value>(text).is_ok();
            prop_assert_eq!(unreadable, !is_json, "{:?} {:?}", finding_lines(&report), shown);
        }
    }

    #[test]
    fn a_rendered_portal_is_parsed_with_the_bytes_of_each_key_and_value(mut c in choices()) {
        let portal = portal(&mut c);
        for rendering in RENDERINGS {
            let sheet = print(&portal.tree, rendering, &mut c);
            if let Err(difference) = read::is_read_back(&sheet, &portal.tree) {
                prop_assert!(false, "{}\n{}", difference, sheet.text);
            }
        }
    }
}

#[test]
fn choices_of_zero_render_strict_json() {
    let mut none = Choices::none();
    let portal = portal(&mut none);
    let sheet = print(&portal.tree, RENDERINGS[0], &mut none);
    assert!(serde_json::from_str::<serde_json::Value>(&sheet.text).is_ok(), "{}", sheet.text);
}

#[test]
fn each_rule_that_one_body_can_break_has_a_mutation() {
    // RCP003, 004 and all of RCP3xx need an account, RCP019 and 103 two bodies; RCP900 to 903 are about the text, and
    // damaged texts have a property of their own.
    let elsewhere = |code: u16| matches!(code, 3 | 4 | 19 | 103 | 300..400 | 900..);
    let mutated: BTreeSet<u16> = MUTATIONS.iter().map(|(code, ..)| *code).collect();
    let rules: BTreeSet<u16> = RULES.iter().map(|rule| rule.code.0).filter(|code| !elsewhere(*code)).collect();
    assert_eq!(mutated, rules);
}

#[test]
fn each_mutation_applies_to_some_portal() {
    // Portals of all sorts, the same on every run.
    let mut runner = TestRunner::deterministic();
    for (index, (code, _, mutation)) in MUTATIONS.iter().enumerate() {
        let fits = (0..200).any(|_| {
            let mut c = choices().new_tree(&mut runner).expect("choices can always be made").current();
            mutation(&mut portal(&mut c), &mut c).is_some()
        });
        assert!(fits, "mutation {index}, of RCP{code:03}");
    }
}
