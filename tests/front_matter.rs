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
        // Whether an edit removes a key that it omits is not documented, so the account does not answer that either.
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
fn fixable_files(max_applicability: Applicability) -> impl Iterator<Item = &'static FixableFile> {
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
    FIXABLE.iter().filter(move |file| fix_count(&file.report, max_applicability) > 0)
}

/// The number of fixes of at most this applicability.
fn fix_count(report: &Report, max_applicability: Applicability) -> usize {
    report
        .findings()
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| fix.applicability <= max_applicability)
        .count()
}

fn fixed_file(input: &InputFile, fixed: &Fixed) -> InputFile {
    InputFile { origin: Origin::Memory(fixed.text.clone().into_bytes()), ..input.clone() }
}

#[test]
fn one_run_applies_all_fixes() {
    for max_applicability in [Applicability::Safe, Applicability::Unsafe] {
        let file_count = fixable_files(max_applicability).count();
        assert!(file_count > 20, "{file_count}");
        for FixableFile { origin, input, text, .. } in fixable_files(max_applicability) {
            let fixed = apply_fixes(input, text.clone(), &Settings::default(), max_applicability);
            assert_eq!(fixed.failed, None, "{origin}");
            assert!(!fixed.applied.is_empty(), "{origin}");
            let after = fixed_file(input, &fixed);
            assert_eq!(fix_count(&check_files(std::slice::from_ref(&after)), max_applicability), 0, "{origin}");
            let twice = apply_fixes(&after, fixed.text.clone(), &Settings::default(), max_applicability);
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
        let old: BTreeSet<_> = tree::leaf_values(&input.name, text).into_iter().collect();
        let new: BTreeSet<_> = tree::leaf_values(&input.name, &fixed.text).into_iter().collect();
        let is_explained = |pointer: &str| {
            fixed_pointers.iter().any(|fixed| {
                is_at_or_below(pointer, fixed)
                    || is_other_item_of_list(pointer, fixed)
                    || is_new_sibling(pointer, fixed, &old)
            })
        };
        for (code, pointer, message) in errors(&after).difference(&errors(before)) {
            assert!(is_explained(pointer), "{origin}: {code} {pointer} {message}");
        }
        let changes: Vec<_> = old.symmetric_difference(&new).collect();
        for (pointer, value) in &changes {
            // A fix can move a group of fields and rename them. Then each value is in both trees, at another pointer.
            let is_moved = |value: &str| changes.iter().any(|(other, same)| other != pointer && same == value);
            // A renamed field can replace one that a YAML merge key added.
            let is_replaced = changes.iter().any(|(same, new)| same == pointer && new != value && is_moved(new));
            let is_explained = is_explained(pointer) || is_moved(value) || is_replaced;
            assert!(is_explained, "{origin}: {pointer} {value}\n{}", fixed.text);
        }
    }
}

fn is_at_or_below(pointer: &str, ancestor: &str) -> bool {
    pointer.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a pointer is that of an item of the list in which something was fixed. A fix that removes an item moves the others.
fn is_other_item_of_list(pointer: &str, fixed: &str) -> bool {
    let Some((list, index)) = pointer.rsplit_once('/') else { return false };
    index.parse::<usize>().is_ok() && is_at_or_below(fixed, list)
}

/// Whether a pointer is at or below a key next to the fixed one that did not exist before, as after the fixed key was renamed.
fn is_new_sibling(pointer: &str, fixed: &str, old: &BTreeSet<(String, String)>) -> bool {
    let parent = fixed.rsplit_once('/').map_or("", |(parent, _)| parent);
    let Some(rest) = pointer.strip_prefix(parent).and_then(|rest| rest.strip_prefix('/')) else { return false };
    let key = rest.split('/').next().unwrap_or_default();
    let sibling = format!("{parent}/{key}");
    !old.iter().any(|(old_pointer, _)| is_at_or_below(old_pointer, &sibling))
}
