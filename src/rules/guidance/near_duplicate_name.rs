//! RCP103: no two names that a person takes for the same: they differ only in case, spacing or look-alike characters.
//!
//! Names that are equal are RCP001. What is compared are hashes of the folded names, and only of those that [`alike::names`](crate::rules::name_index::names)
//! does not tell apart.

use crate::base::diagnostic::{Finding, Location};
use crate::rules::confusables::{Fold, fold, is_alike, is_unseen};
use crate::rules::context::{PortalFacts, ProjectContext};
use crate::rules::name_index::Key;
use crate::rules::wording::quote;

/// Create bodies among themselves, exports among themselves.
pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    let (portals, alike) = (cx.portals, cx.portals_with_similar_names());
    if alike.is_empty() {
        return;
    }
    let mut said = vec![false; portals.len()];
    let name = |index: usize| portals[index].name.as_ref().map(|(name, _)| &**name);
    let is_ascii = alike.iter().all(|index| name(*index).is_none_or(str::is_ascii));
    // Of ASCII names the last would say what the first has said.
    for &how in &Fold::ALL[..if is_ascii { 2 } else { 3 }] {
        let keys = keys(portals, alike, how);
        for group in keys.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            let name = |&(_, index): &(u64, usize)| name(index);
            let Some(second) = group.iter().find(|member| name(member) != name(&group[0])) else { continue };
            for member in group {
                let (_, other) = if name(member) == name(&group[0]) { *second } else { group[0] };
                if !std::mem::replace(&mut said[member.1], true) {
                    report(cx, &portals[member.1], &portals[other]);
                }
            }
        }
    }
}

/// The folded names as numbers, each with the index of its portal; equal ones side by side.
fn keys(portals: &[PortalFacts], alike: &[usize], how: Fold) -> Vec<(u64, usize)> {
    let mut keys: Vec<(u64, usize)> = Vec::with_capacity(alike.len());
    for &index in alike {
        let Some((name, _)) = &portals[index].name else { continue };
        let mut key = Key::default().with(portals[index].kind as u64);
        fold(name, how, |c| key = key.with(c.into()));
        keys.push((key.number(), index));
    }
    keys.sort_unstable();
    keys
}

fn report(cx: &mut ProjectContext<'_>, about: &PortalFacts, other: &PortalFacts) {
    let (Some((name, span)), Some((other_name, other_span))) = (&about.name, &other.name) else { return };
    let place = Location { pointer: "/name".into(), span: *span };
    let (difference, label) = difference(name, other_name);
    let message = format!("another portal is named {}, which differs only in {difference}", quote(other_name));
    let help = "give the two portals names that nobody takes for one another";
    let mut finding =
        Finding::new(place, message, help).with_note_in(other.file, *other_span, "nearly the same name here");
    finding.label = label;
    cx.report(about, finding);
}

/// What two names differ in; for characters that look alike, which they are.
fn difference(name: &str, other: &str) -> (&'static str, Option<String>) {
    let tight = |text: &str| text.split_whitespace().collect::<String>();
    let (own, others) = (tight(name), tight(other));
    if name.to_lowercase() == other.to_lowercase() {
        return ("letter case", None);
    }
    if own == others {
        return ("spacing", None);
    }
    if own.to_lowercase() == others.to_lowercase() {
        return ("letter case and spacing", None);
    }
    if let Some(unseen) = own.chars().chain(others.chars()).find(|c| is_unseen(*c)) {
        let whose = if own.contains(unseen) { "here" } else { "there" };
        return ("a character that nobody sees", Some(format!("`U+{:04X}` stands {whose}", u32::from(unseen))));
    }
    match own.chars().zip(others.chars()).find(|(a, b)| a != b) {
        Some((a, b)) if is_alike(a, b) => {
            let [a, b] = [a, b].map(|c| format!("{} (U+{:04X})", quote(c.encode_utf8(&mut [0; 4])), u32::from(c)));
            ("characters that look alike", Some(format!("{a} here, {b} there")))
        }
        _ => ("how its letters are put together", None),
    }
}
