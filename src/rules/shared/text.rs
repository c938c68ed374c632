//! What can be wrong with a text that must be there: missing, no text, nothing in it.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::wording::{quote, wrong_type};
use crate::schema::ViolationKind;
use crate::syntax::cursor::Cursor;

/// Says what the schema found wrong with the texts a rule owns.
pub(crate) fn report_violations(cx: &mut PortalContext<'_>, missing: &str, help: &str) {
    for violation in cx.owned_violations() {
        let message = match violation.fault {
            ViolationKind::Missing => missing.to_owned(),
            _ => wrong_type(&violation),
        };
        cx.report(Finding::new(violation.slot.location(), message, help).with_invalid_value());
    }
}

/// Says that a text is there and has nothing in it.
pub(crate) fn report_blank(cx: &mut PortalContext<'_>, slot: &Cursor<'_>, help: &str) {
    if slot.is_blank() {
        let message = format!("{} {}", quote(slot.key()), empty(slot.text().unwrap_or_default()));
        cx.report(Finding::new(slot.location(), message, help).with_invalid_value());
    }
}

/// How a text says nothing.
pub(crate) fn empty(text: &str) -> &'static str {
    if text.is_empty() { "is empty" } else { "is nothing but white space" }
}
