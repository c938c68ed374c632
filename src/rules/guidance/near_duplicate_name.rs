//! RCP103: reports portals whose names differ only in letter case, white space or characters that look alike. Another rule reports
//! equal names.

use std::collections::BTreeMap;

use crate::base::diagnostic::{Finding, Location};
use crate::rules::confusables::{Fold, are_confusable, fold_text, has_empty_skeleton};
use crate::rules::context::{PortalFacts, ProjectContext};
use crate::rules::wording::{quote, quote_char};
use crate::schema::PortalKind;

pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    let portals = cx.portals;
    let names = cx.names();
    let is_ascii = names.iter().all(|(_, name, _)| name.is_ascii());
    // For ASCII names, the last fold is the same as the first.
    let folds = if is_ascii { &Fold::ALL[..2] } else { &Fold::ALL[..] };
    // For each portal to report, a portal with a similar name.
    let mut similar_portals = BTreeMap::new();
    for mode in folds {
        let folded = names.iter().map(|(kind, name, index)| (*kind, fold_text(name, *mode), *index, *name));
        let mut folded: Vec<(PortalKind, String, usize, &str)> = folded.collect();
        // Equal folded names become neighbors, in the order of their portals.
        folded.sort_unstable();
        for group in folded.chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1)) {
            let (_, _, first, first_name) = group[0];
            let Some((_, _, other, _)) = group.iter().find(|(.., name)| *name != first_name) else { continue };
            for (_, _, index, name) in group {
                let similar = if *name == first_name { *other } else { first };
                similar_portals.entry(*index).or_insert(similar);
            }
        }
    }
    for (index, similar) in similar_portals {
        report_near_duplicate(cx, portals[index], portals[similar]);
    }
}

fn report_near_duplicate(cx: &mut ProjectContext<'_>, facts: &PortalFacts, other: &PortalFacts) {
    let (Some((name, span)), Some((other_name, other_span))) = (&facts.name, &other.name) else { return };
    let location = Location { pointer: "/name".into(), span: *span };
    let difference = NameDifference::find(name, other_name);
    let message =
        format!("another portal is named {}, which differs only in {}", quote(other_name), difference.description);
    let help = "give the portals names that are easy to tell apart";
    let mut finding = Finding::new(location, message, help).with_note_in(other.file, *other_span, "the similar name");
    finding.label = difference.label;
    cx.report(facts, finding);
}

/// The difference between two similar names.
struct NameDifference {
    /// "letter case"
    description: &'static str,
    /// The characters that differ, if the difference is invisible or hard to see.
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
        if let Some(c) = compact.chars().chain(other_compact.chars()).find(|c| has_empty_skeleton(*c)) {
            let place = if compact.contains(c) { "in this name" } else { "in the other name" };
            let label = format!("`U+{:04X}` {place}", u32::from(c));
            return Self { description: "an invisible character", label: Some(label) };
        }
        match compact.chars().zip(other_compact.chars()).find(|(own, other)| own != other) {
            Some((own, other)) if are_confusable(own, other) => {
                let label = format!(
                    "{} in this name, {} in the other name",
                    quote_with_code_point(own),
                    quote_with_code_point(other)
                );
                Self { description: "look-alike characters", label: Some(label) }
            }
            // One name has a precomposed letter (`ü`), the other a letter and a combining mark (`u` and U+0308).
            _ => Self { description: "Unicode normalization", label: None },
        }
    }
}

fn remove_white_space(text: &str) -> String {
    text.split_whitespace().collect()
}

fn quote_with_code_point(c: char) -> String {
    format!("{} (U+{:04X})", quote_char(c), u32::from(c))
}
