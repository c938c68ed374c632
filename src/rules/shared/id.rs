//! What can be wrong with an id: missing, no text, not 20 characters. Shared by the rules about ids.

use crate::base::diagnostic::{Applicability, Finding};
use crate::model::portal::{ID_LENGTH, has_id_length};
use crate::rules::context::PortalContext;
use crate::rules::shared::text::empty;
use crate::rules::wording::{count, quote, wrong_type};
use crate::schema::{Kind, Violation, ViolationKind};
use crate::syntax::cursor::{Cursor, variable_name};
use crate::syntax::{Style, Value};

/// Says what the schema found wrong with the ids a rule owns. `thing` is what the id is of ("tracking domain"),
/// `whence` how to look it up (`, as GetCampaigns lists it`), or nothing where no way is documented.
pub(crate) fn report(cx: &mut PortalContext<'_>, thing: &str, whence: &str) {
    report_those(cx, |_| true, thing, whence);
}

/// The same for the entries of one list.
pub(crate) fn report_entries<'a>(cx: &mut PortalContext<'a>, list: &Cursor<'a>, thing: &str, whence: &str) {
    report_those(cx, |violation| violation.slot.is_inside(list), thing, whence);
}

fn report_those<'a>(cx: &mut PortalContext<'a>, which: impl Fn(&Violation<'a>) -> bool, thing: &str, whence: &str) {
    let violations: Vec<_> = cx.owned_violations().into_iter().filter(which).collect();
    let editor = cx.editor();
    for violation in violations {
        let (message, label, help) = words(&violation, cx.kind(), thing, whence);
        let mut finding = Finding::new(violation.slot.location(), message, help).with_invalid_value();
        if is_fetched(&violation, cx.kind()) {
            let edits = editor.replace_with_field(&violation.slot, &violation.slot.field("id"));
            finding = finding.with_fix(Applicability::Safe, "write the `id` in place of the object", edits);
        }
        finding.label = label;
        cx.report(finding);
    }
}

/// An object as GetCustomerPortal returns it, with an id that a request takes.
fn is_fetched(violation: &Violation<'_>, kind: Kind) -> bool {
    let fits = |id: &str| has_id_length(id) || variable_name(id).is_some();
    kind != Kind::Export
        && matches!(violation.fault, ViolationKind::Type(_))
        && violation.slot.is_object()
        && violation.slot.field("id").text().is_some_and(fits)
}

fn words(violation: &Violation<'_>, kind: Kind, thing: &str, whence: &str) -> (String, Option<String>, String) {
    let length = if let ViolationKind::Length(length) = violation.fault { length } else { ID_LENGTH as u64 };
    let help = format!("write the {length}-character id of the {thing}{whence}");
    let slot = &violation.slot;
    match (violation.fault, slot.value()) {
        (ViolationKind::Missing, _) if kind == Kind::Export && slot.key() == "id" => {
            (format!("the {thing} has no `id`"), None, help)
        }
        (ViolationKind::Missing, _) => {
            (format!("the {thing} is missing: there is no {}", quote(slot.key())), None, help)
        }
        (ViolationKind::Type(_), Some(Value::Object(_)))
            if kind != Kind::Export && slot.field("id").text().is_some() =>
        {
            (
                format!("the {thing} is the object of a fetched portal; a request wants the id alone"),
                Some("as GetCustomerPortal returns it".into()),
                format!("replace the object with its `id`, {}", quote(slot.field("id").text().unwrap_or_default())),
            )
        }
        (ViolationKind::Length(_), Some(Value::String(text))) if text.trim().is_empty() => {
            (format!("the id of the {thing} {}", empty(text)), None, help)
        }
        (ViolationKind::Length(_), Some(Value::String(text))) if text.trim().chars().count() as u64 == length => {
            let block = slot.node().is_some_and(|node| matches!(node.style, Style::Literal | Style::Folded));
            let help = if block { "write the id on the line of its key" } else { "remove the white space" };
            (format!("the id of the {thing} has white space around it"), None, help.into())
        }
        (ViolationKind::Length(_), Some(Value::String(text))) => {
            let found = || count(text.chars().count(), "character");
            let message = looks_like(text).map_or_else(
                || format!("the id of the {thing} has {}, not {length}", found()),
                |what| format!("the {thing} is {what}, not a {length}-character id"),
            );
            (message, None, help)
        }
        _ => (wrong_type(violation), None, help),
    }
}

/// What was written instead of an id, if it can be told.
fn looks_like(text: &str) -> Option<&'static str> {
    let host = |text: &str| {
        let mut labels = text.split('.');
        let valid = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        text.contains('.') && labels.all(valid)
    };
    if text.contains('@') {
        Some("an email address")
    } else if text.contains("://") {
        Some("a URL")
    } else if host(text) {
        Some("a host name")
    } else {
        None
    }
}
