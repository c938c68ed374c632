//! RCP104: reports a portal whose description is missing, blank, a placeholder, or the same as its name.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::shared::placeholder_values::is_placeholder_text;
use crate::rules::wording::letters_and_digits;
use crate::schema::PortalKind;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    // The portal keeps a description that an edit leaves out, and RevCent wrote the export.
    if cx.kind() != PortalKind::Create {
        return;
    }
    let description = cx.portal.description;
    let help = "set `description` to say who the portal is for and what customers can do in it";
    if description.is_missing() {
        let message = "`description` is missing";
        cx.report(Finding::new(description.location(), message, help).with_invalid_value());
        return;
    }
    let Some(text) = description.literal_text() else { return };
    let message = if description.is_blank() {
        "`description` is blank"
    } else if is_placeholder_text(text) {
        "`description` is a placeholder"
    } else if repeats_name(cx, text) {
        "`description` only repeats the name"
    } else {
        return;
    };
    cx.report(Finding::new(description.location(), message, help));
}

/// Whether a description is the name, apart from letter case, white space and punctuation.
fn repeats_name(cx: &PortalContext<'_>, description: &str) -> bool {
    let Some(name) = cx.portal.name.literal_text() else { return false };
    letters_and_digits(name).eq(letters_and_digits(description))
}
