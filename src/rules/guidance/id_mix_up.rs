//! RCP107: reports an id that a portal uses for two different kinds of objects, such as a campaign and a shop.

use std::collections::HashMap;

use crate::base::diagnostic::Finding;
use crate::model::portal::has_id_length;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::id_label;
use crate::syntax::cursor::Cursor;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if are_few_and_distinct(cx.portal.ids()) {
        return;
    }
    let mut first_uses: HashMap<&str, &Cursor<'_>> = HashMap::new();
    for id in cx.portal.ids() {
        let Some(text) = id_text(id) else { continue };
        let first_use = *first_uses.entry(text).or_insert(id);
        // The same id twice in one list is a duplicate, which another rule reports.
        if id_label(first_use) != id_label(id) {
            report_mix_up(cx, id, first_use);
        }
    }
}

/// The finding is about the later of the two fields, because nothing shows which one is wrong.
fn report_mix_up(cx: &mut PortalContext<'_>, id: &Cursor<'_>, first_use: &Cursor<'_>) {
    let message = format!("the {} is the same as the {}", id_label(id), id_label(first_use));
    let help = "look up both IDs in RevCent, and put each in its own field";
    let finding = Finding::new(id.location(), message, help).with_invalid_value();
    // A YAML alias resolves to the bytes of its anchor, so the finding needs a note where the alias is.
    cx.report(match id.alias_span() {
        Some(alias) => finding.with_note(alias, format!("used here as the {}", id_label(id))),
        None => finding.with_note(first_use.span(), "first used here"),
    });
}

/// Whether there are at most eight ids and no two are equal. This holds for nearly every portal and is faster to find out with
/// a small array than with a hash table.
fn are_few_and_distinct(ids: &[Cursor<'_>]) -> bool {
    const MAX_IDS: usize = 8;
    let mut seen = [""; MAX_IDS];
    for (number, text) in ids.iter().filter_map(id_text).enumerate() {
        if number == MAX_IDS || seen[..number].contains(&text) {
            return false;
        }
        seen[number] = text;
    }
    true
}

/// The text of an id. An id of another length is reported as such, so it is left out here.
fn id_text<'d>(id: &Cursor<'d>) -> Option<&'d str> {
    id.literal_text().filter(|text| has_id_length(text))
}
