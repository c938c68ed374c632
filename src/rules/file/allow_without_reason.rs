//! RCP910: who allows something says why. Without a reason nothing is allowed.

use crate::base::diagnostic::{Finding, Location};
use crate::rules::config_contexts::SettingsContext;
use crate::rules::context::FileContext;
use crate::syntax::cursor::Cursor;

const MESSAGE: &str = "this allows a finding and does not say why, so it allows nothing";

/// `[[allow]]` without `reason`, or with a blank one.
pub(crate) fn check_settings(cx: &mut SettingsContext<'_>) {
    for entry in cx.root.field("allow").items().filter(Cursor::is_object) {
        let reason = entry.field("reason");
        let blank = reason.text().is_some_and(|text| text.trim().is_empty());
        if reason.is_missing() || blank {
            let help = "write `reason = \"…\"`: why it is right so, and who decided it";
            let place = if blank { reason.location() } else { reason.location_of(entry.span()) };
            cx.report(Finding::new(place, MESSAGE, help));
        }
    }
}

/// A comment without words behind `--`.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let remarks = cx.allow_comments;
    for remark in remarks.iter().filter(|remark| remark.has_known_verb() && remark.reason.is_empty()) {
        let place = Location { pointer: String::new(), span: remark.span };
        cx.report(Finding::new(place, MESSAGE, "write ` -- ` and the reason at the end of the comment"));
    }
}
