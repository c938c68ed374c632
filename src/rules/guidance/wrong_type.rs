//! RCP100: reports all schema violations in fields that no other rule owns.

use serde_json::Value as Json;

use crate::base::diagnostic::{Applicability, Finding, Severity};
use crate::base::file::TextKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::id_violations::{IdTarget, report_other_values};
use crate::rules::wording::{closest_match, describe_violation, join_quoted, quote};
use crate::schema::{PortalKind, Violation, ViolationKind};
use crate::syntax::Value;
use crate::syntax::cursor::Cursor;

/// How the schema describes the type of a boolean field.
const BOOLEAN: &str = "`true` or `false`";

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let violations = cx.owned_violations();
    let editor = cx.editor();
    for violation in violations {
        let cursor = &violation.cursor;
        if is_id_in_path(cx, &violation) {
            cx.report(missing_id_finding(cursor));
            continue;
        }
        let mut finding = Finding::new(cursor.location(), describe_violation(&violation), violation_help(&violation))
            .with_invalid_value();
        if let Some(value) = quoted_bool(&violation) {
            // RevCent ignores a quoted `true`. Each of these fields grants or enables something, so removing the quotes of `true`
            // changes what customers can do.
            let applicability = if value { Applicability::Unsafe } else { Applicability::Safe };
            let fix = format!("write `{value}` without quotes");
            finding = finding.with_fix(applicability, fix, editor.set_bool(cursor, value));
        }
        cx.report(finding);
    }
    if cx.kind() == PortalKind::Edit {
        let target = IdTarget { noun: "portal to change", source: ", as returned by GetCustomerPortals" };
        report_other_values(cx, [cx.portal.field("customer_portal_id")], target);
    }
}

/// Whether the ID of the portal is missing from the body of an edit, and may be in the path of RevCent's REST call.
fn is_id_in_path(cx: &PortalContext<'_>, violation: &Violation<'_>) -> bool {
    let is_call = cx.is_called || cx.source().kind() == TextKind::Call;
    violation.kind == ViolationKind::Missing && violation.cursor.key() == "customer_portal_id" && !is_call
}

fn missing_id_finding(cursor: &Cursor<'_>) -> Finding {
    let message = "`customer_portal_id` is missing: only a REST call, which has the ID in its path, can send this body";
    Finding::new(cursor.location(), message, "add `customer_portal_id`")
        .with_invalid_value()
        .with_severity(Severity::Advice)
}

/// The value of a boolean that is written as a string.
fn quoted_bool(violation: &Violation<'_>) -> Option<bool> {
    if violation.kind != ViolationKind::Type(BOOLEAN) {
        return None;
    }
    match violation.cursor.text()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn violation_help(violation: &Violation<'_>) -> String {
    let cursor = &violation.cursor;
    match violation.kind {
        ViolationKind::Missing => format!("add {}", quote(cursor.key())),
        ViolationKind::Length(length) => format!("use the {length}-character ID of the portal"),
        ViolationKind::TooShort(least) => format!("use at least {least} characters"),
        ViolationKind::TooLong(most) => format!("use at most {most} characters"),
        ViolationKind::NotOneOf(choices) => choice_help(choices, cursor.text()),
        ViolationKind::Unknown | ViolationKind::Other => "use a value that RevCent's schema allows".into(),
        ViolationKind::Type(wanted) => type_help(cursor, wanted),
    }
}

fn type_help(cursor: &Cursor<'_>, wanted: &str) -> String {
    match (cursor.key(), cursor.value()) {
        ("to_cc" | "to_bcc", _) if cursor.is_item() => "use an email address".into(),
        ("to_cc" | "to_bcc", _) => "use a list of email addresses".into(),
        ("customer_filters", _) => "use an object with the lists `campaign` and `third_party_shop`".into(),
        ("customer_permissions", _) => "use an object that sets each of the 12 permissions to `true` or `false`".into(),
        (key, _) if key.ends_with("_unix") => "use a Unix timestamp in whole seconds".into(),
        (_, Some(Value::String(text))) if matches!(&**text, "true" | "false") => {
            format!("write {} without quotes", quote(text))
        }
        (_, Some(Value::Number(_))) if wanted == "a string" => "put the number in quotes".into(),
        (key, Some(Value::Null)) if wanted == "a string" => format!("use a string, or remove {}", quote(key)),
        _ => format!("use {wanted}"),
    }
}

/// Suggests the value that was probably meant, or else all values, unless there are too many to list.
fn choice_help(choices: &[Json], actual: Option<&str>) -> String {
    const MAX_LISTED: usize = 8;
    let mut values: Vec<String> = Vec::with_capacity(choices.len());
    for choice in choices {
        values.push(choice.as_str().map_or_else(|| choice.to_string(), str::to_owned));
    }
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let intended = actual.and_then(|actual| closest_match(actual, values.iter().copied()));
    match (intended, &values[..]) {
        (Some(value), _) | (None, &[value]) => format!("use {}", quote(value)),
        (None, few) if few.len() <= MAX_LISTED => format!("use one of {}", join_quoted(few.iter().copied())),
        (None, many) => format!("use one of the {} values that RevCent documents", many.len()),
    }
}
