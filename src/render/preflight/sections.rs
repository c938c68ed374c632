//! Sorts the results of a portal into the sections of the report: findings by severity, allowed findings, items that passed, and
//! items that do not apply.
//!
//! The two checklists of the guide overlap, so one finding often belongs to several items. A section lists it once, with the IDs of all
//! these items.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::preflight::{AllowedEntry, ItemResult, PortalReview, Preflight, Status, Verdict};
use crate::rules::wording::pluralize;
use crate::schema::PortalKind;

/// The heading of the fields that an edit changes.
pub(super) const CHANGES_HEADING: &str = "Changes to the portal in the account";

/// What the list of changes says if there are none.
pub(super) const NO_CHANGES: &str = "none: the portal already has these values";

/// IDs of checklist items, in the order of the guide.
pub(super) type ItemIds = Vec<&'static str>;

/// The sections of one portal.
#[derive(Debug, Default)]
pub(super) struct Sections<'p> {
    /// Findings of checklist items that are not allowed, by position; see [`Sections::findings`].
    item_findings: Vec<(ItemIds, &'p Diagnostic)>,
    /// Findings of no item that are not allowed, the most severe first. Empty for a file without a portal: it has no items, and
    /// all its findings are in `item_findings`.
    pub other_findings: Vec<&'p Diagnostic>,
    pub allowed: Vec<(ItemIds, AllowedEntry<'p>)>,
    /// Items that were checked and passed.
    pub passed: ItemIds,
    /// Items that do not apply, grouped by the reason.
    pub not_applicable: Vec<(&'static str, ItemIds)>,
}

/// The headings of the findings of each severity.
pub(super) const SEVERITY_HEADINGS: [(Severity, &str); 3] =
    [(Severity::Error, "Must be fixed"), (Severity::Warning, "Warnings"), (Severity::Advice, "Advice")];

/// The heading of the findings that belong to no portal: those in the settings and in account snapshots.
pub(super) const SETTINGS_HEADING: &str = "Settings and account snapshots";

/// The heading of [`Sections::other_findings`].
pub(super) const OTHER_HEADING: &str = "Other findings, outside the checklists";

impl<'p> Sections<'p> {
    pub(super) fn from_portal(portal: &'p PortalReview<'_>) -> Self {
        let mut builder = SectionsBuilder::default();
        for item in &portal.items {
            builder.add_item(item);
        }
        builder.diagnostics.extend(&portal.other_findings);
        builder.finish(!portal.items.is_empty())
    }

    /// The findings of a severity that belong to items and are not allowed.
    pub(super) fn findings(&self, severity: Severity) -> Vec<(&ItemIds, &'p Diagnostic)> {
        let findings = self.item_findings.iter().map(|(ids, diagnostic)| (ids, *diagnostic));
        findings.filter(|(_, diagnostic)| diagnostic.severity == severity).collect()
    }

    fn add_not_applicable(&mut self, id: &'static str, reason: &'static str) {
        match self.not_applicable.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, ids)) => ids.push(id),
            None => self.not_applicable.push((reason, vec![id])),
        }
    }
}

#[derive(Default)]
struct SectionsBuilder<'p> {
    sections: Sections<'p>,
    /// Each finding once, in the order of the items, then those of no item.
    diagnostics: Vec<&'p Diagnostic>,
    /// The items of each finding. All items refer to the same findings of the report, so their addresses identify them.
    item_ids: HashMap<*const Diagnostic, ItemIds>,
    /// The index in `sections.allowed` of each suppression, by rule and by the address of the text that it allows.
    allowed_indexes: HashMap<(Code, *const u8), usize>,
}

impl<'p> SectionsBuilder<'p> {
    fn add_item(&mut self, item: &'p ItemResult<'_>) {
        for diagnostic in item.diagnostics.iter().copied() {
            let ids = self.item_ids.entry(std::ptr::from_ref(diagnostic)).or_default();
            if ids.is_empty() {
                self.diagnostics.push(diagnostic);
            }
            ids.push(item.id);
        }
        for entry in &item.allowed {
            self.add_allowed(item.id, entry);
        }
        if let Some(reason) = item.skip_reason {
            self.sections.add_not_applicable(item.id, reason);
        } else if item.status == Status::Pass {
            self.sections.passed.push(item.id);
        }
    }

    fn add_allowed(&mut self, id: &'static str, entry: &AllowedEntry<'p>) {
        let allowed = &mut self.sections.allowed;
        let index = *self.allowed_indexes.entry((entry.code, entry.text.as_ptr())).or_insert(allowed.len());
        match allowed.get_mut(index) {
            Some((ids, _)) => ids.push(id),
            None => allowed.push((vec![id], *entry)),
        }
    }

    fn finish(mut self, has_items: bool) -> Sections<'p> {
        let mut sections = self.sections;
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.region.start.offset, diagnostic.code));
        for diagnostic in self.diagnostics {
            let ids = self.item_ids.remove(&std::ptr::from_ref(diagnostic)).unwrap_or_default();
            match &diagnostic.allowed {
                None if ids.is_empty() && has_items => sections.other_findings.push(diagnostic),
                None => sections.item_findings.push((ids, diagnostic)),
                Some(allowed) if ids.is_empty() => {
                    let entry = AllowedEntry { code: diagnostic.code, text: &diagnostic.message, allowed };
                    sections.allowed.push((ids, entry));
                }
                // `add_item` has added the allowed findings of items.
                Some(_) => {}
            }
        }
        // The sort is stable, so findings of the same severity stay in the order of the file.
        sections.other_findings.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
        sections
    }
}

/// The IDs for a table cell: `-` if there are none.
pub(super) fn format_ids_cell(ids: &[&str]) -> String {
    if ids.is_empty() { "-".into() } else { format_ids(ids) }
}

/// The IDs for a sentence, with ranges for three or more consecutive IDs: `V5-V11 V15`. They must be in the order of the guide.
pub(super) fn format_ids(ids: &[&str]) -> String {
    let mut formatted = Vec::new();
    for run in ids.chunk_by(|a, b| are_consecutive(a, b)) {
        match run {
            [first, _, .., last] => formatted.push(format!("{first}-{last}")),
            short => formatted.push(short.join(" ")),
        }
    }
    formatted.join(" ")
}

fn are_consecutive(a: &str, b: &str) -> bool {
    a.as_bytes().first() == b.as_bytes().first() && item_number(a) + 1 == item_number(b)
}

/// The number in an ID: 12 for `V12`.
fn item_number(id: &str) -> u8 {
    id.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

/// "create", with the number of the document if it is not the first one of the file.
pub(super) fn describe_kind(portal: &PortalReview<'_>) -> String {
    let kind = portal.kind.map_or("no portal", PortalKind::name);
    if portal.document > 0 { format!("{kind}, document {} of the file", portal.document + 1) } else { kind.into() }
}

/// "44 items: 2 failed, 3 unverified, 39 passed", or `None` for a file without a portal.
pub(super) fn describe_item_counts(portal: &PortalReview<'_>) -> Option<String> {
    if portal.items.is_empty() {
        return None;
    }
    let mut counts = Vec::new();
    for status in Status::ALL {
        let number = portal.count(status);
        let count = match status {
            _ if number == 0 => continue,
            Status::Fail => format!("{number} failed"),
            Status::Warning => pluralize(number, "warning"),
            Status::Advice if number == 1 => "1 piece of advice".to_owned(),
            Status::Advice => format!("{number} pieces of advice"),
            Status::NotApplicable => format!("{number} not applicable"),
            Status::Pass => format!("{number} passed"),
            Status::Unverified | Status::Allowed => format!("{number} {status}"),
        };
        counts.push(count);
    }
    Some(format!("{} items: {}", portal.items.len(), counts.join(", ")))
}

/// "2 portals: 1 no-go, 1 go".
pub(super) fn describe_verdicts(preflight: &Preflight<'_>) -> String {
    let mut verdicts = Vec::new();
    for verdict in [Verdict::NoGo, Verdict::Review, Verdict::Go] {
        let number = preflight.portals.iter().filter(|portal| portal.verdict == verdict).count();
        if number > 0 {
            verdicts.push(format!("{number} {verdict}"));
        }
    }
    let (portals, others): (Vec<_>, Vec<_>) = preflight.portals.iter().partition(|portal| portal.kind.is_some());
    let mut checked = vec![pluralize(portals.len(), "portal")];
    if !others.is_empty() {
        // An entry beyond the first document is one document of several: calling it a file would count the file twice.
        let noun = if others.iter().all(|other| other.document == 0) { "file" } else { "document" };
        checked.push(format!("{} without a portal", pluralize(others.len(), noun)));
    }
    let settings = if preflight.has_bad_settings() { "; the settings contain an error" } else { "" };
    format!("{}: {}{settings}", checked.join(" and "), verdicts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_ids_are_written_as_a_range() {
        assert_eq!(format_ids(&["V1", "V2", "V3", "V5", "V6", "V24", "P1", "P2", "P3"]), "V1-V3 V5 V6 V24 P1-P3");
        assert_eq!(format_ids(&[]), "");
    }
}
