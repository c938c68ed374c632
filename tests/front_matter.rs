//! The front matter of a rule page matches the behavior of the rule, over every fixture and every example of a page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::support::corpus::{corpus_inputs, corpus_reports};
use crate::support::{check_files, check_files_with, memory_file, tree};
use portal_lint::base::diagnostic::{Applicability, Code, Severity};
use portal_lint::base::file::{InputFile, Origin};
use portal_lint::engine::fix::{Fixed, apply_fixes};
use portal_lint::engine::report::Report;
use portal_lint::rules::{RULES, rule};
use portal_lint::schema::PortalKind;
use portal_lint::settings::Settings;

#[test]
fn each_rule_reports_exactly_the_severities_it_declares() {
    let mut reported: BTreeMap<Code, BTreeSet<Severity>> = BTreeMap::new();
    for (origin, report) in corpus_reports() {
        for diagnostic in &report.diagnostics {
            let declared = rule(diagnostic.code).expect("a listed rule").meta.severities;
            assert!(declared.contains(&diagnostic.severity), "{origin}: {} {}", diagnostic.code, diagnostic.severity);
            reported.entry(diagnostic.code).or_default().insert(diagnostic.severity);
        }
    }
    // Patterns that match nothing are reported only when a whole project is walked (see tests/project.rs).
    reported.entry(Code(914)).or_default().insert(Severity::Advice);
    // The advice about an edit without its ID is given only if the kind is set. The corpus detects it.
    let edit = memory_file("edit.json", br#"{"enabled": false}"#.to_vec());
    let report = check_files_with(&[edit], |settings| settings.kind = Some(PortalKind::Edit));
    for diagnostic in &report.diagnostics {
        reported.entry(diagnostic.code).or_default().insert(diagnostic.severity);
    }
    for rule in RULES {
        let declared: BTreeSet<Severity> = rule.meta.severities.iter().copied().collect();
        let reported = reported.remove(&rule.code).unwrap_or_default();
        assert_eq!(reported, declared, "{}", rule.code);
    }
}

#[test]
fn each_rule_checks_only_the_kinds_it_declares() {
    for (origin, report) in corpus_reports() {
        for diagnostic in &report.diagnostics {
            let file = report.file(diagnostic.file);
            let rule = rule(diagnostic.code).expect("a listed rule");
            let Some(kind) = file.kind.filter(|_| !rule.meta.is_about_the_file()) else { continue };
            assert!(rule.meta.kinds.contains(&kind), "{origin}: {} checks an {kind}", diagnostic.code);
        }
    }
}

#[test]
fn exactly_the_rules_that_declare_needs_leave_checks_unverified() {
    let mut unverified = BTreeSet::new();
    for (_, report) in corpus_reports() {
        // What RevCent does not document is not in the account either: whether an edit removes a key that it leaves out.
        let checks = report.unverified().filter(|(_, check)| !check.reason.ends_with("from `recaptcha`"));
        unverified.extend(checks.map(|(_, check)| check.code));
    }
    let mut declared = BTreeSet::new();
    for rule in RULES {
        // Unverified checks are reported for checklist items. A rule without an item usually has only findings.
        let has_checks = !rule.meta.items.is_empty() || unverified.contains(&rule.code);
        if rule.meta.needs.is_some() && has_checks {
            declared.insert(rule.code);
        }
    }
    assert_eq!(unverified, declared);
}

#[test]
fn each_rule_offers_exactly_the_fixes_it_declares() {
    let mut offered: BTreeMap<Code, BTreeSet<Applicability>> = BTreeMap::new();
    for (_, report) in corpus_reports() {
        for diagnostic in &report.diagnostics {
            offered.entry(diagnostic.code).or_default().extend(diagnostic.fix.iter().map(|fix| fix.applicability));
        }
    }
    for rule in RULES {
        let declared: BTreeSet<Applicability> = rule.meta.fixes.iter().copied().collect();
        assert_eq!(offered.remove(&rule.code).unwrap_or_default(), declared, "{}", rule.code);
    }
}

/// A file of the corpus that a fix is offered for.
struct FixableFile {
    /// For messages.
    origin: String,
    input: InputFile,
    text: String,
    report: Report,
}

/// The files of the corpus with a fix of at most this applicability.
fn fixable_files(widest: Applicability) -> impl Iterator<Item = &'static FixableFile> {
    static FIXABLE: LazyLock<Vec<FixableFile>> = LazyLock::new(|| {
        let mut fixable = Vec::new();
        for (origin, inputs) in corpus_inputs() {
            for input in inputs {
                let Origin::Memory(bytes) = &input.origin else { continue };
                let Ok(text) = String::from_utf8(bytes.clone()) else { continue };
                let report = check_files(std::slice::from_ref(&input));
                if fix_count(&report, Applicability::Unsafe) > 0 {
                    fixable.push(FixableFile { origin: origin.clone(), input, text, report });
                }
            }
        }
        fixable
    });
    FIXABLE.iter().filter(move |file| fix_count(&file.report, widest) > 0)
}

/// The number of fixes of at most this applicability.
fn fix_count(report: &Report, widest: Applicability) -> usize {
    report.findings().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.applicability <= widest).count()
}

fn fixed_file(input: &InputFile, fixed: &Fixed) -> InputFile {
    InputFile { origin: Origin::Memory(fixed.text.clone().into_bytes()), ..input.clone() }
}

#[test]
fn one_run_applies_all_fixes() {
    for widest in [Applicability::Safe, Applicability::Unsafe] {
        let file_count = fixable_files(widest).count();
        assert!(file_count > 20, "{file_count}");
        for FixableFile { origin, input, text, .. } in fixable_files(widest) {
            let fixed = apply_fixes(input, text.clone(), &Settings::default(), widest);
            assert_eq!(fixed.dropped, [], "{origin}");
            assert!(!fixed.applied.is_empty(), "{origin}");
            let after = fixed_file(input, &fixed);
            assert_eq!(fix_count(&check_files(std::slice::from_ref(&after)), widest), 0, "{origin}");
            let twice = apply_fixes(&after, fixed.text.clone(), &Settings::default(), widest);
            assert_eq!((&twice.text, twice.applied.len()), (&fixed.text, 0), "{origin}");
        }
    }
}

/// The code, pointer and message of each error.
fn errors(report: &Report) -> BTreeSet<(Code, String, String)> {
    let errors = report.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.code, finding.pointer.clone(), finding.message.clone())).collect()
}

#[test]
fn fixes_change_only_the_values_with_findings_and_cause_no_other_errors() {
    for FixableFile { origin, input, text, report: before } in fixable_files(Applicability::Unsafe) {
        let fixed = apply_fixes(input, text.clone(), &Settings::default(), Applicability::Unsafe);
        let after = check_files(&[fixed_file(input, &fixed)]);
        // The findings that were fixed explain changes at these pointers and below.
        let fixed_pointers: Vec<&str> = before
            .diagnostics
            .iter()
            .filter(|finding| finding.fix.is_some())
            .map(|finding| finding.pointer.as_str())
            .collect();
        let (old, new) = (tree::leaf_values(&input.name, text), tree::leaf_values(&input.name, &fixed.text));
        let is_at = |pointer: &str, fixed: &str| {
            pointer == fixed || pointer.strip_prefix(fixed).is_some_and(|rest| rest.starts_with('/'))
        };
        // A renamed key is a new sibling of the old one.
        let is_renamed = |pointer: &str| {
            let is_related = |fixed: &&str| {
                let parent = fixed.rsplit_once('/').map_or("", |(parent, _)| parent);
                pointer.strip_prefix(parent).and_then(|rest| rest.strip_prefix('/')).is_some_and(|rest| {
                    let key = rest.split('/').next().unwrap_or_default();
                    !old.iter().any(|(own, _)| is_at(own, &format!("{parent}/{key}")))
                })
            };
            fixed_pointers.iter().any(is_related)
        };
        let explained = |pointer: &str| {
            let list =
                pointer.rsplit_once('/').filter(|(_, index)| index.parse::<usize>().is_ok()).map(|(list, _)| list);
            let is_in_list = |fixed: &&str| list.is_some_and(|list| is_at(fixed, list));
            fixed_pointers.iter().any(|fixed| is_at(pointer, fixed) || is_in_list(fixed)) || is_renamed(pointer)
        };
        for (code, pointer, message) in errors(&after).difference(&errors(before)) {
            assert!(explained(pointer), "{origin}: {code} {pointer} {message}");
        }
        let old: BTreeSet<_> = old.iter().cloned().collect();
        let new: BTreeSet<_> = new.into_iter().collect();
        let changes: Vec<_> = old.symmetric_difference(&new).collect();
        // A fix can move a group of fields and rename them. Then each value is in both trees, at another pointer.
        let is_moved =
            |pointer: &str, value: &str| changes.iter().any(|(other, same)| other != pointer && same == value);
        for (pointer, value) in &changes {
            assert!(explained(pointer) || is_moved(pointer, value), "{origin}: {pointer} {value}\n{}", fixed.text);
        }
    }
}
