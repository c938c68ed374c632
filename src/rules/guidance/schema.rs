//! RCP100: whatever else the schema finds wrong with a value.

use serde_json::Value as Json;

use crate::base::diagnostic::{Applicability, Finding};
use crate::rules::context::PortalContext;
use crate::rules::wording::{list, nearest, quote, wrong_type};
use crate::schema::{Violation, ViolationKind};
use crate::syntax::Value;

/// What the schema calls a boolean.
const BOOLEAN: &str = "`true` or `false`";

/// The places no other rule owns.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let violations = cx.owned_violations();
    let editor = cx.editor();
    for violation in violations {
        let finding = Finding::new(violation.slot.location(), wrong_type(&violation), help(&violation));
        let meant = match (violation.fault, violation.slot.text()) {
            (ViolationKind::Type(BOOLEAN), Some("true")) => Some(true),
            (ViolationKind::Type(BOOLEAN), Some("false")) => Some(false),
            _ => None,
        };
        let edits = meant.and_then(|value| editor.set_bool(&violation.slot, value));
        // In quotes it granted nothing. Each of these values grants or enables something when it is `true`.
        let applicability = if meant == Some(true) { Applicability::Unsafe } else { Applicability::Safe };
        let does = format!("write `{}` without quotes", meant.unwrap_or_default());
        cx.report(finding.with_invalid_value().with_fix(applicability, does, edits));
    }
}

fn help(violation: &Violation<'_>) -> String {
    let slot = &violation.slot;
    match violation.fault {
        ViolationKind::Missing => format!("add {}", quote(slot.key())),
        ViolationKind::Length(length) => format!("write the {length}-character id RevCent gave the portal"),
        ViolationKind::TooShort(least) => format!("write {least} characters or more"),
        ViolationKind::TooLong(most) => format!("write {most} characters or fewer"),
        ViolationKind::NotOneOf(choices) => one_of(choices, slot.text()),
        ViolationKind::Unknown | ViolationKind::Other => "write a value of the form RevCent documents".into(),
        ViolationKind::Type(wanted) => match (slot.key(), slot.value()) {
            ("to_cc" | "to_bcc", _) if slot.is_item() => "write an email address".into(),
            ("to_cc" | "to_bcc", _) => "write a list of email addresses".into(),
            ("customer_filters", _) => "write an object with the lists `campaign` and `third_party_shop`".into(),
            ("customer_permissions", _) => {
                "write an object with each of the 12 permissions as `true` or `false`".into()
            }
            (key, _) if key.ends_with("_unix") => "write the time as whole seconds since 1970".into(),
            (_, Some(Value::String(text))) if matches!(&**text, "true" | "false") => {
                format!("write {} without quotes", quote(text))
            }
            (_, Some(Value::Number(_))) if wanted == "text" => "put the number in quotes".into(),
            (key, Some(Value::Null)) if wanted == "text" => format!("write text, or remove {}", quote(key)),
            _ => format!("write {}", if wanted == "text" { "text in quotes" } else { wanted }),
        },
    }
}

/// The values that there are; the one that was meant, or all, as far as they can be read.
fn one_of(choices: &[Json], found: Option<&str>) -> String {
    const ENOUGH: usize = 8;
    let words: Vec<String> =
        choices.iter().map(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned)).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match (found.and_then(|found| nearest(found, words.iter().copied())), &words[..]) {
        (Some(one), _) | (None, &[one]) => format!("write {}", quote(one)),
        (None, few) if few.len() <= ENOUGH => format!("write one of {}", list(few.iter().copied())),
        (None, many) => format!("write one of the {} values that RevCent documents", many.len()),
    }
}
