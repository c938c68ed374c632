//! Removes the findings of a file that say the same as others.

use std::collections::{HashMap, HashSet};

use crate::base::diagnostic::{Code, Finding, Scope};
use crate::base::source::{Span, SpanSet};
use crate::rules::context::RuleFinding;
use crate::rules::metadata;

/// A document of a file, a rule, and the bytes of a finding.
type Place = (usize, Code, Span);

/// Removes findings that repeat another one, and those that another finding already explains. Suppressions are
/// applied before, and make no difference here: an allowed finding also removes findings of other rules that are not allowed.
///
/// `has_shared_values`: whether the pointers of different fields can lead to the same value, through YAML aliases. Otherwise, findings at
/// the same bytes are different ones: those about the other fields of an edited portal are all at the edit.
pub(super) fn dedup_findings(findings: &[RuleFinding], has_shared_values: bool) -> Vec<&RuleFinding> {
    if findings.is_empty() {
        return Vec::new();
    }
    let mut by_priority: Vec<&RuleFinding> = findings.iter().collect();
    by_priority.sort_by_key(|rule_finding| metadata(rule_finding.code).priority);
    let mut remaining: Vec<&RuleFinding> = Vec::new();
    let mut invalid_values: HashMap<(usize, &str), SpanSet> = HashMap::new();
    let mut seen: HashSet<(Place, &str)> = HashSet::with_capacity(findings.len());
    let mut first_pointers: HashMap<(Place, Option<&str>), &str> = HashMap::new();
    for rule_finding in by_priority {
        let Finding { location, scope, message, .. } = &rule_finding.finding;
        let place = (rule_finding.document, rule_finding.code, location.span);
        if !seen.insert((place, message)) {
            continue;
        }
        // The messages about a shared value can differ: "the sender of the confirmation email …" and "the sender of the password reset
        // email …".
        let key = location.pointer.rsplit('/').next();
        let first_pointer = *first_pointers.entry((place, key)).or_insert(&location.pointer);
        if has_shared_values && first_pointer != location.pointer {
            continue;
        }
        // Of several rules that call the same value unusable, only the first in order of priority reports it.
        if *scope == Scope::InvalidValue {
            let spans = invalid_values.entry((rule_finding.document, &location.pointer)).or_default();
            if spans.touching(location.span).any(|span| span.overlaps(location.span)) {
                continue;
            }
            spans.insert(location.span);
        }
        remaining.push(rule_finding);
    }
    // A subsumed value is missing, so every other finding at its pointer is about its absence.
    let mut subsumed: HashSet<(usize, &str)> = HashSet::new();
    for rule_finding in &remaining {
        subsumed.extend(rule_finding.finding.subsumes.iter().map(|pointer| (rule_finding.document, pointer.as_str())));
    }
    remaining.retain(|rule_finding| {
        !subsumed.contains(&(rule_finding.document, rule_finding.finding.location.pointer.as_str()))
    });
    remaining
}
