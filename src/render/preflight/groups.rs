//! The items of a portal by what is to be done about them. V and P items overlap: what several of them say is said once, with
//! the ids of all of them.

use crate::base::diagnostic;
use std::collections::HashMap;

use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::engine::report::Report;
use crate::preflight::{Decision, MissingFact, Portal, Preflight, Status, Verdict};
use crate::rules::wording::count;
use crate::schema::Kind;

/// Ids of items, in the guide's order.
pub(super) type Ids = Vec<&'static str>;

/// What is said about a portal, put together.
#[derive(Debug, Default)]
pub(super) struct Groups<'p> {
    /// What nobody has allowed, by position; see [`Groups::findings`].
    found: Vec<(Ids, &'p Diagnostic)>,
    /// What nobody has allowed and no item asks about, the worst first. Of a file without a portal there are no items, and all
    /// that is said about it is in `found`.
    pub other: Vec<&'p Diagnostic>,
    /// What could not be told, by the way to find out.
    pub gaps: Vec<(&'p str, Vec<(Ids, &'p str)>)>,
    /// What somebody decided.
    pub allowed: Vec<(Ids, Decision<'p>)>,
    /// What was asked for and is right.
    pub passed: Ids,
    /// What was not asked for, by the reason.
    pub unasked: Vec<(&'static str, Ids)>,
}

/// Findings of a severity: the heading above them.
pub(super) const SEVERITIES: [(Severity, &str); 3] =
    [(Severity::Error, "Must be fixed"), (Severity::Warning, "To look at"), (Severity::Advice, "Could be better")];

/// The heading above findings that no item asks about.
pub(super) const OTHER: &str = "Other findings, in neither checklist";

impl<'p> Groups<'p> {
    /// Goes through the items of a portal and what is said beside them.
    pub(super) fn of(portal: &'p Portal<'_>) -> Self {
        let mut groups = Self::default();
        let mut known: HashMap<*const Diagnostic, Ids> = HashMap::new();
        // The words of one finding are one text in memory.
        let mut decisions: HashMap<(Code, *const u8), usize> = HashMap::new();
        let mut order: Vec<&Diagnostic> = Vec::new();
        for item in &portal.items {
            for diagnostic in item.diagnostics.iter().copied() {
                let ids = known.entry(std::ptr::from_ref(diagnostic)).or_default();
                if ids.is_empty() {
                    order.push(diagnostic);
                }
                ids.push(item.id);
            }
            item.gaps.iter().for_each(|gap| groups.add_gap(Some(item.id), gap));
            for decision in &item.allowed {
                let at = *decisions.entry((decision.code, decision.what.as_ptr())).or_insert(groups.allowed.len());
                match groups.allowed.get_mut(at) {
                    Some((ids, _)) => ids.push(item.id),
                    None => groups.allowed.push((vec![item.id], *decision)),
                }
            }
            match (item.status, item.unasked) {
                (Status::Pass, None) => groups.passed.push(item.id),
                (Status::Pass, Some(reason)) => put(&mut groups.unasked, reason, item.id),
                _ => {}
            }
        }
        for other in &portal.other_gaps {
            groups.add_gap(None, &other.gap);
        }
        order.extend(&portal.beside);
        order.sort_by_key(|diagnostic| (diagnostic.region.start.offset, diagnostic.code));
        for diagnostic in order {
            let ids = known.remove(&std::ptr::from_ref(diagnostic)).unwrap_or_default();
            match &diagnostic.allowed {
                None if ids.is_empty() && !portal.items.is_empty() => groups.other.push(diagnostic),
                None => groups.found.push((ids, diagnostic)),
                // The items' own are there already.
                Some(by) if ids.is_empty() => {
                    let decision = Decision { code: diagnostic.code, what: &diagnostic.message, by };
                    groups.allowed.push((ids, decision));
                }
                Some(_) => {}
            }
        }
        groups.other.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        groups
    }

    /// The findings of a severity that nobody has allowed.
    pub(super) fn findings(&self, severity: Severity) -> impl Iterator<Item = (&Ids, &'p Diagnostic)> {
        self.found.iter().filter(move |(_, found)| found.severity == severity).map(|(ids, found)| (ids, *found))
    }

    fn add_gap(&mut self, id: Option<&'static str>, gap: &'p MissingFact) {
        let at = self.gaps.iter().position(|(verify, _)| *verify == gap.verify).unwrap_or_else(|| {
            self.gaps.push((&gap.verify, Vec::new()));
            self.gaps.len() - 1
        });
        let reasons = &mut self.gaps[at].1;
        match reasons.iter_mut().find(|(_, reason)| *reason == gap.reason) {
            Some((ids, _)) => ids.extend(id),
            None => reasons.push((id.into_iter().collect(), &gap.reason)),
        }
    }
}

fn put(lists: &mut Vec<(&'static str, Ids)>, reason: &'static str, id: &'static str) {
    match lists.iter_mut().find(|(known, _)| *known == reason) {
        Some((_, ids)) => ids.push(id),
        None => lists.push((reason, vec![id])),
    }
}

/// Ids in a cell, neighbours as a range; `-` for what no item asks for.
pub(super) fn joined(ids: &[&str]) -> String {
    if ids.is_empty() { "-".into() } else { runs(ids) }
}

/// Ids in a sentence, neighbours as a range: `V5-V11 V15`. They are in the guide's order.
pub(super) fn runs(ids: &[&str]) -> String {
    let number = |id: &str| id.get(1..).and_then(|digits| digits.parse::<u8>().ok()).unwrap_or_default();
    let is_next = |a: &&str, b: &&str| a.as_bytes().first() == b.as_bytes().first() && number(a) + 1 == number(b);
    let run = |run: &[&str]| match run {
        [first, _, .., last] => format!("{first}-{last}"),
        few => few.join(" "),
    };
    ids.chunk_by(is_next).map(run).collect::<Vec<_>>().join(" ")
}

/// `18:47`: line and column; the file as well when it is another one.
pub(super) fn place(report: &Report, diagnostic: &Diagnostic, file: Option<&str>) -> String {
    let start = diagnostic.region.start;
    let name = &report.files[diagnostic.file].name;
    let prefix = if file == Some(name) { String::new() } else { format!("{name}:") };
    format!("{prefix}{}:{}", start.line.max(1), start.column.max(1))
}

/// What a finding shows of other files: the words and the place.
pub(super) fn elsewhere(report: &Report, diagnostic: &Diagnostic) -> Vec<String> {
    let others = diagnostic.labels.iter().filter(|label| label.file != diagnostic.file);
    let line = |label: &diagnostic::Label| {
        let start = label.region.start;
        format!("{}: {}:{}:{}", label.message, report.files[label.file].name, start.line.max(1), start.column.max(1))
    };
    others.map(line).collect()
}

/// "create", and which of several in a file.
pub(super) fn what_it_is(portal: &Portal<'_>) -> String {
    let kind = portal.kind.map_or("no portal", Kind::name);
    if portal.document > 0 { format!("{kind}, document {} of the file", portal.document + 1) } else { kind.into() }
}

/// "44 items: 2 fail, 3 unverified, 39 pass"; nothing where there is no portal.
pub(super) fn counts(portal: &Portal<'_>) -> Option<String> {
    let number = |status: Status| Some((portal.count(status), status.word())).filter(|(number, _)| *number > 0);
    let numbers: Vec<String> =
        Status::ALL.into_iter().filter_map(number).map(|(number, word)| format!("{number} {word}")).collect();
    (!portal.items.is_empty()).then(|| format!("{} items: {}", portal.items.len(), numbers.join(", ")))
}

/// "2 portals: 1 no-go, 1 go".
pub(super) fn verdicts(preflight: &Preflight<'_>) -> String {
    let number = |verdict: Verdict| preflight.portals.iter().filter(|portal| portal.verdict == verdict).count();
    let numbers = [Verdict::NoGo, Verdict::Review, Verdict::Go].map(|verdict| (number(verdict), verdict.word()));
    let numbers = numbers.into_iter().filter(|(number, _)| *number > 0);
    let numbers: Vec<String> = numbers.map(|(number, word)| format!("{number} {word}")).collect();
    let (portals, others): (Vec<_>, Vec<_>) = preflight.portals.iter().partition(|portal| portal.kind.is_some());
    let mut looked = vec![count(portals.len(), "portal")];
    if !others.is_empty() {
        let thing = if others.iter().all(|other| other.document == 0) { "file" } else { "document" };
        looked.push(format!("{} without one", count(others.len(), thing)));
    }
    let settings = if preflight.has_bad_settings() { "; the settings have an error" } else { "" };
    format!("{}: {}{settings}", looked.join(", "), numbers.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_a_range() {
        assert_eq!(runs(&["V1", "V2", "V3", "V5", "V6", "V24", "P1", "P2", "P3"]), "V1-V3 V5 V6 V24 P1-P3");
        assert_eq!(runs(&[]), "");
    }
}
