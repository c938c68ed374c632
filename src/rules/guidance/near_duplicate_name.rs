//! RCP103: reports portals whose names differ only in letter case, white space or characters that look alike. Equal names are
//! reported by another rule.

use std::collections::HashSet;

use crate::base::diagnostic::{Finding, Location};
use crate::rules::confusables::{Fold, are_confusable, fold, is_invisible};
use crate::rules::context::{PortalFacts, ProjectContext};
use crate::rules::name_index::GroupKey;
use crate::rules::wording::{quote, quote_char};

pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    let (portals, candidates) = (cx.portals, cx.portals_with_similar_names());
    if candidates.is_empty() {
        return;
    }
    let is_ascii = candidates.iter().all(|index| portal_name(&portals[*index]).is_ascii());
    // For ASCII names, the last fold is the same as the first.
    let folds = if is_ascii { &Fold::ALL[..2] } else { &Fold::ALL[..] };
    let mut reported = HashSet::new();
    for mode in folds {
        let names = fold_names(portals, candidates, *mode);
        for group in names.chunk_by(|a, b| a.key == b.key) {
            let first = portal_name(&portals[group[0].portal]);
            let Some(other) = group.iter().find(|name| portal_name(&portals[name.portal]) != first) else { continue };
            for name in group {
                // Point at the first portal of the group, or, if this one has the same name, at the first with another name.
                let has_first_name = portal_name(&portals[name.portal]) == first;
                let related = if has_first_name { other.portal } else { group[0].portal };
                if reported.insert(name.portal) {
                    report_near_duplicate(cx, &portals[name.portal], &portals[related]);
                }
            }
        }
    }
}

/// The name of a portal; empty if it has none.
fn portal_name(facts: &PortalFacts) -> &str {
    facts.name.as_ref().map_or("", |(name, _)| name)
}

/// The folded name of a portal as a hash. Derived order: equal names are neighbors, in the order of their portals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct FoldedName {
    key: u64,
    /// The index of the portal.
    portal: usize,
}

/// Folds the names of the candidates and sorts them.
fn fold_names(portals: &[PortalFacts], candidates: &[usize], mode: Fold) -> Vec<FoldedName> {
    let mut names = Vec::with_capacity(candidates.len());
    for &portal in candidates {
        let Some((name, _)) = &portals[portal].name else { continue };
        // Create requests are compared with each other, and exports with each other.
        let mut key = GroupKey::default().with_number(portals[portal].kind as u64);
        fold(name, mode, |c| key = key.with_number(c.into()));
        names.push(FoldedName { key: key.as_u64(), portal });
    }
    names.sort_unstable();
    names
}

fn report_near_duplicate(cx: &mut ProjectContext<'_>, facts: &PortalFacts, other: &PortalFacts) {
    let (Some((name, span)), Some((other_name, other_span))) = (&facts.name, &other.name) else { return };
    let place = Location { pointer: "/name".into(), span: *span };
    let difference = NameDifference::find(name, other_name);
    let message =
        format!("another portal is named {}, which differs only in {}", quote(other_name), difference.description);
    let help = "give the two portals names that nobody takes for one another";
    let mut finding =
        Finding::new(place, message, help).with_note_in(other.file, *other_span, "nearly the same name here");
    finding.label = difference.label;
    cx.report(facts, finding);
}

/// What two similar names differ in.
struct NameDifference {
    /// "letter case"
    description: &'static str,
    /// The characters, where nobody sees the difference otherwise.
    label: Option<String>,
}

impl NameDifference {
    fn find(name: &str, other: &str) -> Self {
        let (compact, other_compact) = (remove_white_space(name), remove_white_space(other));
        if name.to_lowercase() == other.to_lowercase() {
            return Self { description: "letter case", label: None };
        }
        if compact == other_compact {
            return Self { description: "spacing", label: None };
        }
        if compact.to_lowercase() == other_compact.to_lowercase() {
            return Self { description: "letter case and spacing", label: None };
        }
        if let Some(c) = compact.chars().chain(other_compact.chars()).find(|c| is_invisible(*c)) {
            let place = if compact.contains(c) { "here" } else { "there" };
            let label = format!("`U+{:04X}` stands {place}", u32::from(c));
            return Self { description: "a character that nobody sees", label: Some(label) };
        }
        match compact.chars().zip(other_compact.chars()).find(|(own, other)| own != other) {
            Some((own, other)) if are_confusable(own, other) => {
                let label = format!("{} here, {} there", quote_with_code_point(own), quote_with_code_point(other));
                Self { description: "characters that look alike", label: Some(label) }
            }
            // One name has a precomposed letter (`ü`), the other a letter and a combining mark (`u` and U+0308).
            _ => Self { description: "how its letters are put together", label: None },
        }
    }
}

fn remove_white_space(text: &str) -> String {
    text.split_whitespace().collect()
}

fn quote_with_code_point(c: char) -> String {
    format!("{} (U+{:04X})", quote_char(c), u32::from(c))
}
