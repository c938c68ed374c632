//! RCP106: ids of the right length are made of letters and digits.

use crate::base::diagnostic::Finding;
use crate::model::portal::has_id_length;
use crate::rules::confusables::ascii_twin;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::id_label;
use crate::rules::wording::{character, quote};

/// The first character that no id has.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if !cx.id_summary.has_invalid_character {
        return;
    }
    for slot in cx.portal.ids() {
        let Some(text) = slot.literal_text().filter(|text| has_id_length(text)) else { continue };
        let Some((at, c)) = text.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric()) else { continue };
        let message =
            format!("the {} has {} in it, and ids are made of plain letters and digits", id_label(slot), character(c));
        let place = cx.locate_part(slot, at..at + c.len_utf8());
        let mut finding = Finding::new(place, message, "copy the id again from RevCent").with_invalid_value();
        finding.label = ascii_twin(c).map(|twin| format!("looks like {}", quote(twin.encode_utf8(&mut [0; 4]))));
        cx.report(finding);
    }
}
