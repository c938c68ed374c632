//! RCP309: the portal is in the account as it is in the file.
//!
//! Compared is what stands in both, wherever the snapshot carries a portal whole. No value is in a sentence: both places
//! are shown, and there secrets are covered.

use std::collections::BTreeSet;

use crate::base::diagnostic::{Finding, Severity};
use crate::model::account;
use crate::model::account::AccountObject;
use crate::model::portal::{EmailKind, FilterKind};
use crate::rules::context::{PortalContext, usage_span};
use crate::rules::wording::{and, count, quote};
use crate::schema::Kind;
use crate::syntax::Value;
use crate::syntax::cursor::Cursor;

/// So many fields are shown.
const SHOWN: usize = 6;
/// So many characters of names are enough for a sentence.
const ENOUGH: usize = 120;

/// What is RevCent's own and not a setting.
const NOT_SETTINGS: [&str; 9] = [
    "$schema",
    "customer_portal_id",
    "id",
    "created_date_unix",
    "updated_date_unix",
    "portal_urls",
    "api_call_id",
    "api_call_unix",
    "code",
];

/// What holds an id, be it in an object or not.
const IDS: [&str; 3] = ["tracking_domain", "smtp_profile", "create_non_existing_customer_campaign"];

/// The portal of the same id; of a create body, which has none, the one of the same name.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let matched = cx.portal.field(match cx.kind() {
        Kind::Create => "name",
        Kind::Edit => "customer_portal_id",
        Kind::Export => "id",
    });
    let Some(thing) = counterpart(cx, &matched) else { return left_open(cx, &matched) };
    let mut differing = Vec::new();
    compare(&cx.portal.root, &thing.cursor, &mut differing);
    if differing.is_empty() {
        return;
    }
    let names: Vec<String> = differing.iter().map(|(own, _)| called(own)).collect();
    let message = format!("the portal in the account has other values in {}", in_a_sentence(&names));
    let help = match cx.kind() {
        Kind::Create => "if it is meant to be that portal, change it with EditCustomerPortal",
        Kind::Edit => "take over what was changed in the account, or submit the edit and take the snapshot again",
        Kind::Export => "fetch the portal again, or take the snapshot again: one of the two is old",
    };
    let mut finding = Finding::new(matched.location(), message, help);
    if cx.kind() == Kind::Create {
        finding = finding.with_severity(Severity::Advice);
    }
    for (name, (own, other)) in names.iter().zip(&differing).take(SHOWN) {
        finding = finding.with_note(usage_span(own), format!("{name} here"));
        finding = finding.with_note_in_account(usage_span(other), format!("{name} in the account"));
    }
    cx.report(finding);
}

/// The account was asked for this very portal, and did not tell.
fn left_open(cx: &mut PortalContext<'_>, matched: &Cursor<'_>) {
    let own = match cx.kind() {
        Kind::Create => cx.account.zip(matched.literal_text()).and_then(|(account, name)| {
            account.list(account::ObjectKind::Portal)?.with_name(name).find_map(|portal| portal.id)
        }),
        Kind::Edit | Kind::Export => matched.literal_text(),
    };
    let why = own.and_then(|id| cx.answers.unanswered.get(&(account::ObjectKind::Portal, Some(id.to_owned()))));
    if let Some(why) = why {
        cx.mark_unanswered("whether the portal in the account is as it is here", why);
    }
}

/// The portal of the account that the body is of, if the snapshot has more of it than its id and name.
fn counterpart<'a>(cx: &PortalContext<'a>, matched: &Cursor<'a>) -> Option<AccountObject<'a>> {
    let (account, text) = (cx.account?, matched.literal_text()?);
    let list = account.list(account::ObjectKind::Portal)?;
    let thing = match cx.kind() {
        Kind::Create => list.with_name(text).next()?,
        Kind::Edit | Kind::Export => account.find(account::ObjectKind::Portal, text)?,
    };
    thing.cursor.entries().iter().any(|entry| !matches!(&*entry.key, "id" | "name")).then_some(*thing)
}

/// What a field is called: its key, and whose it is where two have it.
fn called(slot: &Cursor<'_>) -> String {
    let keys: Vec<&str> = slot.keys().collect();
    match keys[..] {
        ["customer_emails", email, key] => {
            let email = EmailKind::from_field(email).map_or_else(|| quote(email), |which| which.label().to_owned());
            format!("{} of {email}", quote(key))
        }
        ["customer_filters", list] => [FilterKind::Campaign, FilterKind::Shop]
            .into_iter()
            .find(|known| known.field() == list)
            .map_or_else(|| quote(list), |known| format!("the {} filter", known.label())),
        _ => quote(slot.key()),
    }
}

/// As many names as a sentence takes, and how many there are beside.
fn in_a_sentence(names: &[String]) -> String {
    let mut length = 0;
    let fits = |name: &&String| {
        length += name.chars().count();
        length <= ENOUGH
    };
    let shown: Vec<String> = names.iter().take_while(fits).cloned().collect();
    match names.len() - shown.len() {
        0 => and(&shown),
        more if shown.is_empty() => count(more, "field"),
        more => format!("{} and {}", shown.join(", "), count(more, "more field")),
    }
}

/// Both places of each field that stands in both and is not the same.
fn compare<'d>(own: &Cursor<'d>, other: &Cursor<'d>, differing: &mut Vec<(Cursor<'d>, Cursor<'d>)>) {
    for (field, entry) in own.children().zip(own.entries()) {
        let there = other.field(&entry.key);
        let is_top = field.keys().count() == 1;
        if !there.is_present() || (is_top && NOT_SETTINGS.contains(&&*entry.key)) {
            continue;
        }
        match (id(&field), id(&there)) {
            (Some(own), Some(other)) if own != other => differing.push((field, there)),
            _ if IDS.contains(&field.key()) => {}
            _ if field.is_object() && there.is_object() => compare(&field, &there, differing),
            _ if is_known(&field) && is_known(&there) && is_other(&field, &there) => differing.push((field, there)),
            _ => {}
        }
    }
}

/// The id that a value is, or that its object has, where a field holds one; objects are compared with plain ids.
fn id<'d>(slot: &Cursor<'d>) -> Option<&'d str> {
    if !IDS.contains(&slot.key()) {
        return None;
    }
    let id = if slot.is_object() { slot.field("id") } else { *slot };
    id.literal_text()
}

/// Whether nothing in it is hidden behind a variable or could not be read.
fn is_known(slot: &Cursor<'_>) -> bool {
    let known = |slot: &Cursor<'_>| !slot.is_broken() && (slot.text().is_none() || slot.literal_text().is_some());
    known(slot) && slot.items().all(|item| known(&item) && known(&item.field("id")))
}

/// Lists are sets: of ids, be they in objects or not, and of addresses.
fn is_other(own: &Cursor<'_>, other: &Cursor<'_>) -> bool {
    let set = |slot: &Cursor<'_>| -> BTreeSet<String> {
        slot.items()
            .map(|item| if item.is_object() { item.field("id") } else { item })
            .filter_map(|item| item.text())
            .map(str::to_owned)
            .collect()
    };
    match (own.value(), other.value()) {
        (Some(Value::Array(_)), Some(Value::Array(_))) => set(own) != set(other),
        (Some(own), Some(other)) => own != other && !(is_nothing(own) && is_nothing(other)),
        _ => false,
    }
}

fn is_nothing(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
