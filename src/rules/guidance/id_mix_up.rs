//! RCP107: one id does not stand for two kinds of thing.

use std::collections::HashMap;

use super::placeholder::thing;
use crate::diagnostic::Finding;
use crate::document::slot::Slot;
use crate::portal::has_id_length;
use crate::rules::context::PortalContext;

/// For so many ids comparing all of them is quicker than a table of them.
const FEW: usize = 8;

/// The later of the two is at fault, in the order of the fields. Ids of another length are wrong anyway.
pub fn portal(cx: &mut PortalContext<'_>) {
    let ids = || cx.portal.ids().iter().filter_map(|slot| Some((id(slot)?, slot)));
    // Nearly always there are few, and each is there once.
    if ids().count() <= FEW && !ids().enumerate().any(|(at, (text, _))| ids().take(at).any(|(other, _)| other == text))
    {
        return;
    }
    let mut firsts: HashMap<&str, &Slot<'_>> = HashMap::new();
    let mut mixed = Vec::new();
    for (text, slot) in ids() {
        let first = *firsts.entry(text).or_insert(slot);
        if thing(first) != thing(slot) {
            mixed.push((first, slot));
        }
    }
    for (first, slot) in mixed {
        let message = format!("the {} is the same as the {}", thing(slot), thing(first));
        let help = "look up both in RevCent and write each id in its own field";
        let finding = Finding::new(slot.place(), message, help).of_value();
        cx.report(match slot.used_at() {
            Some(used) => finding.note(used, format!("used here as the {}", thing(slot))),
            None => finding.note(first.span(), "first used here"),
        });
    }
}

fn id<'d>(slot: &Slot<'d>) -> Option<&'d str> {
    slot.known_text().filter(|text| has_id_length(text))
}
