//! Whether the account has what an id stands for. Shared by the rules about ids.

use crate::base::diagnostic::Finding;
use crate::model::account::{AccountObject, Lookup, ObjectKind, ObjectList};
use crate::rules::context::PortalContext;
use crate::rules::wording::{count, quote};
use crate::syntax::Value;
use crate::syntax::cursor::{Cursor, variable_name};

/// Says which of the ids the account does not have. What is no id at all is for other rules to say; `open` is said once
/// when there is one that nobody can tell.
pub(crate) fn report<'a>(
    cx: &mut PortalContext<'a>,
    kind: ObjectKind,
    ids: impl IntoIterator<Item = Cursor<'a>>,
    open: &'static &'static str,
) {
    let mut unknown: Option<Option<&str>> = None;
    for slot in ids {
        let Some(text) = slot.text() else { continue };
        if variable_name(text).is_some() {
            unknown.get_or_insert(None);
        } else if cx.is_id(text) {
            match cx.account.map(|account| account.lookup(kind, text)) {
                Some(Lookup::Found(_)) => {}
                Some(Lookup::NotFound(list)) => cx.report(absent(kind, list, &slot, text)),
                Some(Lookup::Unknown) | None => {
                    let known = unknown.get_or_insert(Some(text));
                    known.get_or_insert(text);
                }
            }
        }
    }
    match unknown {
        Some(Some(id)) => cx.mark_unverified_by_account(kind, Some(id), open),
        Some(None) => cx.mark_unverified(open),
        None => {}
    }
}

fn absent(kind: ObjectKind, list: &ObjectList<'_>, slot: &Cursor<'_>, text: &str) -> Finding {
    let word = kind.label();
    let message = format!("the account has no {word} {}", quote(text));
    if let Some(thing) = near(list, slot, text)
        && let Some(id) = thing.id
    {
        let named = thing.name.map(|name| format!(" ({})", quote(name))).unwrap_or_default();
        let finding = Finding::new(slot.location(), message, format!("write {}", quote(id)));
        let finding = finding.with_label(format!("did you mean {}{named}?", quote(id)));
        return finding
            .with_note_in_account(thing.cursor.field("id").span(), "this one is in the account")
            .with_invalid_value();
    }
    let (help, label) = match list.objects.len() {
        0 => (format!("create the {word} first, then take the snapshot again"), "this list is empty".to_owned()),
        all => (
            format!("write the id of an existing {word}, or take the snapshot again if this one is new"),
            if all == 1 {
                format!("the only {word} here is another one")
            } else {
                format!("it is none of {}", count(all, word))
            },
        ),
    };
    Finding::new(slot.location(), message, help)
        .with_note_in_account(list.cursor.key_location().span, label)
        .with_invalid_value()
}

/// The one that was meant: an id a few slips away, or the one whose name or domain stands here.
fn near<'l, 'd>(list: &'l ObjectList<'d>, slot: &Cursor<'_>, text: &str) -> Option<&'l AccountObject<'d>> {
    const SLIPS: usize = 3;
    let same = |own: Option<&str>, other: &str| own.is_some_and(|own| own.to_lowercase() == other.to_lowercase());
    let is_called = |thing: &&AccountObject<'_>| {
        same(thing.name, text)
            || same(thing.cursor.field("domain_name").text(), text)
            || is_in_sibling_list(thing, slot)
    };
    let distance = |thing: &&AccountObject<'_>| thing.id.map_or(usize::MAX, |id| strsim::damerau_levenshtein(id, text));
    let slipped = || list.objects.iter().min_by_key(distance).filter(|thing| distance(thing) <= SLIPS);
    list.objects.iter().find(is_called).or_else(slipped)
}

/// Whether the thing has the name that an export writes beside the id.
fn is_in_sibling_list(thing: &AccountObject<'_>, slot: &Cursor<'_>) -> bool {
    let Some(holder) = slot.parent().filter(|_| slot.key() == "id") else { return false };
    let Value::Object(entries) = &holder.value else { return false };
    let document = slot.document();
    let name = document.entries(*entries).iter().find(|entry| entry.key == "name");
    let name = name.map(|entry| document.resolve(entry.value));
    matches!(name.map(|node| &node.value), Some(Value::String(name)) if thing.name == Some(name))
}
