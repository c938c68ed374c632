//! Reports required fields that are missing or have a wrong type, and texts that are blank. Shared by the rules about single fields.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::wording::{describe_violation, name_look_alike, quote};
use crate::schema::ViolationKind;
use crate::syntax::cursor::Cursor;

/// Reports all schema violations in the fields that the rule owns. `missing` is the message for a missing field.
pub(crate) fn report_violations(cx: &mut PortalContext<'_>, missing: &str, help: &str) {
    for violation in cx.owned_violations() {
        let message = match violation.kind {
            ViolationKind::Missing => missing.to_owned(),
            _ => describe_violation(&violation),
        };
        cx.report(Finding::new(violation.cursor.location(), message, help).with_invalid_value());
    }
}

/// Reports a text that is empty or consists of white space. The schema allows both.
pub(crate) fn report_blank(cx: &mut PortalContext<'_>, field: &Cursor<'_>, help: &str) {
    if field.is_blank() {
        let message = format!("{} {}", quote(field.key()), describe_blank(field.text().unwrap_or_default()));
        cx.report(Finding::new(field.location(), message, help).with_invalid_value());
    }
}

/// Records that an edit sets `object` without this field. RevCent does not document whether the field keeps its value then.
pub(crate) fn mark_if_left_out(cx: &mut PortalContext<'_>, object: &Cursor<'_>, field: &Cursor<'_>) {
    if cx.portal.keeps_missing_fields() && object.is_object() && field.is_missing() {
        let [object, field] = [object, field].map(|cursor| quote(cursor.key()));
        cx.mark_undocumented(format!("whether RevCent keeps the {field} that the edit omits from {object}"));
    }
}

/// Describes a blank text as the end of a sentence.
pub(crate) fn describe_blank(text: &str) -> String {
    if text.is_empty() { "is empty".into() } else { format!("contains only whitespace{}", name_look_alike(text)) }
}
