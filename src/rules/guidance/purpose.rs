//! RCP104: somebody wrote down what the portal is for.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::wording::bare;
use crate::schema::Kind;

/// No description, an empty one, or the name once more. Not for exports, where nobody writes it, nor for edits.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.kind() != Kind::Create {
        return;
    }
    let description = cx.portal.description;
    let help = "say in `description` who the portal is for and what customers can do in it";
    if description.is_missing() {
        let message = "nothing says what the portal is for: there is no `description`";
        cx.report(Finding::new(description.location(), message, help).with_invalid_value());
        return;
    }
    let Some(text) = description.literal_text() else { return };
    let message = if description.is_blank() {
        "nothing says what the portal is for: `description` is blank"
    } else if cx.portal.name.literal_text().is_some_and(|name| bare(name).eq(bare(text))) {
        "`description` says no more than the name"
    } else {
        return;
    };
    cx.report(Finding::new(description.location(), message, help));
}
