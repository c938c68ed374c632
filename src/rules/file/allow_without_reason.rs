//! RCP910: reports suppressions without a reason. They suppress nothing.

use crate::base::diagnostic::{Finding, Location};
use crate::rules::config_contexts::SettingsContext;
use crate::rules::context::FileContext;

const MESSAGE: &str = "this decision has no reason, so it has no effect";

/// Checks the `[[allow]]` entries of the settings.
pub(crate) fn check_settings(cx: &mut SettingsContext<'_>) {
    for entry in cx.facts.root.field("allow").items() {
        // Anything but a table is reported as an error in the settings.
        if !entry.is_object() {
            continue;
        }
        let reason = entry.field("reason");
        let location = match reason.text() {
            Some(text) if text.trim().is_empty() => reason.location(),
            _ if reason.is_missing() => reason.location_of(entry.span()),
            _ => continue,
        };
        cx.report(Finding::new(location, MESSAGE, "add `reason = \"…\"` with the reason for the decision"));
    }
}

/// Checks the comments of a file: the reason follows after `--`.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    for comment in cx.facts.allow_comments {
        if comment.has_known_verb() && comment.reason.is_empty() {
            let location = Location { pointer: String::new(), span: comment.span };
            cx.report(Finding::new(location, MESSAGE, "add ` -- ` and the reason at the end of the comment"));
        }
    }
}
