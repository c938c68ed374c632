//! Reports IDs that the account does not have. Shared by the rules about tracking domains, SMTP profiles, campaigns and shops.

use crate::base::diagnostic::Finding;
use crate::model::account::{AccountObject, Lookup, ObjectKind, ObjectList};
use crate::rules::context::PortalContext;
use crate::rules::wording::{pluralize, quote};
use crate::syntax::Value;
use crate::syntax::cursor::Cursor;

/// Reports the IDs that the account does not have. Other rules report values that cannot be IDs.
///
/// If IDs cannot be looked up, because they are variables or the account data is incomplete, one unverified check with the text
/// `unverified` is recorded.
pub(crate) fn report_absent_ids<'a>(
    cx: &mut PortalContext<'a>,
    kind: ObjectKind,
    ids: impl IntoIterator<Item = Cursor<'a>>,
    unverified: &'static str,
) {
    let mut has_variable = false;
    let mut first_unknown_id: Option<&str> = None;
    for id in ids {
        let Some(text) = id.text() else { continue };
        if id.variable().is_some() {
            has_variable = true;
        } else if cx.is_id(text) {
            match cx.account.map(|account| account.lookup(kind, text)) {
                Some(Lookup::Found(_)) => {}
                Some(Lookup::NotFound(list)) => cx.report(absent_id_finding(kind, list, &id, text)),
                Some(Lookup::Unknown) | None => first_unknown_id = first_unknown_id.or(Some(text)),
            }
        }
    }
    // For an ID, the answers may contain the reason why it could not be looked up. For a variable, there is none.
    if let Some(id) = first_unknown_id {
        cx.mark_unverified_by_account(kind, Some(id), unverified);
    } else if has_variable {
        cx.mark_unverified(unverified);
    }
}

fn absent_id_finding(kind: ObjectKind, list: &ObjectList<'_>, id: &Cursor<'_>, text: &str) -> Finding {
    let noun = kind.label();
    let message = format!("the account has no {noun} {}", quote(text));
    // The value of a variable is masked in the output, and with it an ID that differs in a few characters.
    let intended = if id.is_from_variable() { None } else { find_intended_object(list, id, text) };
    if let Some((object, object_id)) = intended {
        let name = object.name.map(|name| format!(" ({})", quote(name))).unwrap_or_default();
        return Finding::new(id.location(), message, format!("use {}", quote(object_id)))
            .with_label(format!("did you mean {}{name}?", quote(object_id)))
            .with_note_in_account(object.cursor.field("id").span(), "in the account")
            .with_invalid_value();
    }
    let help = match list.objects.len() {
        0 => format!("create the {noun} first, then update the account snapshot"),
        _ => format!("use the ID of an existing {noun}, or update the account snapshot if this one is new"),
    };
    let label = match list.objects.len() {
        0 => "this list is empty".to_owned(),
        1 => format!("the only {noun} in the account has a different ID"),
        number => format!("none of these {} has this ID", pluralize(number, noun)),
    };
    Finding::new(id.location(), message, help)
        .with_note_in_account(list.cursor.key_location().span, label)
        .with_invalid_value()
}

/// The object of the account that the author most likely meant, with its ID: the one whose name is written in place of the ID or
/// next to it, or else the one whose ID differs by the fewest typos, at most three.
fn find_intended_object<'l, 'd>(
    list: &'l ObjectList<'d>,
    id: &Cursor<'_>,
    text: &str,
) -> Option<(&'l AccountObject<'d>, &'d str)> {
    const MAX_TYPOS: usize = 3;
    for object in &list.objects {
        let is_named = equals_ignoring_case(object.name, text) || has_exported_name(object, id);
        if is_named {
            return Some((object, object.id?));
        }
    }
    let mut closest: Option<(usize, &AccountObject<'_>, &str)> = None;
    for object in &list.objects {
        let Some(object_id) = object.id else { continue };
        let typos = strsim::damerau_levenshtein(object_id, text);
        if typos <= MAX_TYPOS && closest.is_none_or(|(min_typos, ..)| typos < min_typos) {
            closest = Some((typos, object, object_id));
        }
    }
    closest.map(|(_, object, object_id)| (object, object_id))
}

fn equals_ignoring_case(text: Option<&str>, other: &str) -> bool {
    text.is_some_and(|text| text.to_lowercase() == other.to_lowercase())
}

/// Whether the object has the `name` that an export writes next to this `id`.
fn has_exported_name(object: &AccountObject<'_>, id: &Cursor<'_>) -> bool {
    if id.key() != "id" {
        return false;
    }
    let Some(Value::Object(entries)) = id.parent().map(|parent| &parent.value) else { return false };
    let document = id.document();
    let Some(entry) = document.entries(*entries).iter().find(|entry| entry.key == "name") else { return false };
    matches!(&document.resolve(entry.value).value, Value::String(name) if object.name == Some(name))
}
