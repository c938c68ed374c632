//! RCP107: one id does not stand for two kinds of thing.

use std::collections::HashMap;

use crate::base::diagnostic::Finding;
use crate::model::portal::has_id_length;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::id_label;
use crate::syntax::cursor::Cursor;

/// The later of the two is at fault, in the order of the fields. Ids of another length are wrong anyway.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let ids = || cx.portal.ids().iter().filter_map(|slot| Some((id(slot)?, slot)));
    if are_few_and_different(ids().map(|(text, _)| text)) {
        return;
    }
    let mut firsts: HashMap<&str, &Cursor<'_>> = HashMap::new();
    let mut mixed = Vec::new();
    for (text, slot) in ids() {
        let first = *firsts.entry(text).or_insert(slot);
        if id_label(first) != id_label(slot) {
            mixed.push((first, slot));
        }
    }
    for (first, slot) in mixed {
        let message = format!("the {} is the same as the {}", id_label(slot), id_label(first));
        let help = "look up both in RevCent and write each id in its own field";
        let finding = Finding::new(slot.location(), message, help).with_invalid_value();
        cx.report(match slot.alias_span() {
            Some(used) => finding.with_note(used, format!("used here as the {}", id_label(slot))),
            None => finding.with_note(first.span(), "first used here"),
        });
    }
}

/// Nearly always there are few, and each is there once: comparing all of these is quicker than a table of them.
fn are_few_and_different<'d>(ids: impl Iterator<Item = &'d str>) -> bool {
    const FEW: usize = 8;
    let (mut seen, mut number) = ([""; FEW], 0);
    for id in ids {
        if number == FEW || seen[..number].contains(&id) {
            return false;
        }
        seen[number] = id;
        number += 1;
    }
    true
}

fn id<'d>(slot: &Cursor<'d>) -> Option<&'d str> {
    slot.literal_text().filter(|text| has_id_length(text))
}
