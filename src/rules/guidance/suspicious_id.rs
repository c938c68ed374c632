//! RCP106: reports IDs of the right length with a character other than ASCII letters and digits.

use crate::base::diagnostic::Finding;
use crate::model::portal::has_id_length;
use crate::rules::confusables::ascii_lookalike;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::id_label;
use crate::rules::wording::{describe_char, quote_char};

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if !cx.id_summary.has_invalid_character {
        return;
    }
    for id in cx.portal.ids() {
        // Another rule reports an ID of the wrong length.
        let Some(text) = id.literal_text().filter(|text| has_id_length(text)) else { continue };
        let Some((start, c)) = text.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric()) else { continue };
        let message = format!(
            "the {} contains {}, but all known IDs consist of letters and digits",
            id_label(id),
            describe_char(c)
        );
        let location = cx.locate_part(id, start..start + c.len_utf8());
        let mut finding = Finding::new(location, message, "copy the ID from RevCent again").with_invalid_value();
        finding.label = ascii_lookalike(c).map(|lookalike| format!("looks like {}", quote_char(lookalike)));
        cx.report(finding);
    }
}
