//! RCP309: reports a portal whose settings in the file differ from those in the account.
//!
//! Fields that only one of the two has are not compared. The message names the fields but not their values: notes point at the
//! values in both files, where renderers mask secrets.

use std::collections::BTreeSet;

use crate::base::diagnostic::{Finding, Severity};
use crate::model::account::ObjectKind;
use crate::model::edited_portal::ID_FIELDS;
use crate::model::portal::{EmailKind, FilterKind};
use crate::rules::context::{PortalContext, usage_span};
use crate::rules::shared::account_portal::{find_account_portal, identifying_field};
use crate::rules::wording::{join_with_and, pluralize, quote};
use crate::schema::PortalKind;
use crate::syntax::Value;
use crate::syntax::cursor::Cursor;

/// How many differing fields get notes.
const MAX_NOTED_FIELDS: usize = 6;
/// How many characters of field names a message contains.
const MAX_NAME_CHARS: usize = 120;

/// Top-level fields that RevCent sets or that identify the portal. They are no settings.
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

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.kind() == PortalKind::Edit {
        return;
    }
    let key = identifying_field(cx);
    let Some(account_portal) = find_account_portal(cx) else {
        mark_if_unanswered(cx, &key);
        return;
    };
    let mut differences = Vec::new();
    collect_differences(&cx.portal.root, &account_portal.cursor, &mut differences);
    if !differences.is_empty() {
        cx.report(drift_finding(cx.kind(), &key, &differences));
    }
}

/// A field that has different values in the file and in the account.
struct Difference<'d> {
    own: Cursor<'d>,
    account: Cursor<'d>,
}

fn drift_finding(kind: PortalKind, key: &Cursor<'_>, differences: &[Difference<'_>]) -> Finding {
    let labels: Vec<String> = differences.iter().map(Difference::label).collect();
    let message = format!("the portal in the account has different values for {}", join_within_limit(&labels));
    let help = match kind {
        PortalKind::Create => "if this file describes that portal, change it with EditCustomerPortal",
        PortalKind::Edit | PortalKind::Export => {
            "fetch the portal again, or update the account snapshot: one of the two is outdated"
        }
    };
    let mut finding = Finding::new(key.location(), message, help);
    if kind == PortalKind::Create {
        // Only the name is the same, so it may be another portal.
        finding = finding.with_severity(Severity::Advice);
    }
    for (label, difference) in labels.iter().zip(differences).take(MAX_NOTED_FIELDS) {
        finding = finding
            .with_note(usage_span(&difference.own), format!("{label} in this file"))
            .with_note_in_account(usage_span(&difference.account), format!("{label} in the account"));
    }
    finding
}

/// Records the check as unanswered if a network query for this very portal failed.
fn mark_if_unanswered<'a>(cx: &mut PortalContext<'a>, key: &Cursor<'a>) {
    let Some(id) = portal_id(cx, key) else { return };
    if let Some(reason) = cx.answers.unanswered.get(&(ObjectKind::Portal, Some(id.to_owned()))) {
        cx.mark_unanswered("whether the portal in the account matches this file", reason);
    }
}

/// The id of the portal in the account; for a create request, that of the portal with its name.
fn portal_id<'a>(cx: &PortalContext<'a>, key: &Cursor<'a>) -> Option<&'a str> {
    let text = key.literal_text()?;
    if cx.kind() != PortalKind::Create {
        return Some(text);
    }
    cx.account?.list(ObjectKind::Portal)?.with_name(text).find_map(|portal| portal.id)
}

impl Difference<'_> {
    /// The name of the field, with the email or filter list that contains it.
    fn label(&self) -> String {
        let keys: Vec<&str> = self.own.keys().collect();
        match keys[..] {
            ["customer_emails", email, key] => match EmailKind::from_field(email) {
                Some(kind) => format!("{} of {}", quote(key), kind.label()),
                None => format!("{} of {}", quote(key), quote(email)),
            },
            ["customer_filters", list] => {
                for kind in [FilterKind::Campaign, FilterKind::Shop] {
                    if kind.field() == list {
                        return format!("the {} filter", kind.label());
                    }
                }
                quote(list)
            }
            _ => quote(self.own.key()),
        }
    }
}

/// Joins as many labels as fit in [`MAX_NAME_CHARS`], and counts the others.
fn join_within_limit(labels: &[String]) -> String {
    let mut length = 0;
    let mut shown = 0;
    for label in labels {
        length += label.chars().count();
        if length > MAX_NAME_CHARS {
            break;
        }
        shown += 1;
    }
    match labels.len() - shown {
        0 => join_with_and(labels),
        omitted if shown == 0 => pluralize(omitted, "field"),
        omitted => format!("{} and {}", labels[..shown].join(", "), pluralize(omitted, "more field")),
    }
}

/// Collects the fields that both objects have, with different values. The recursion is as deep as the document, and the parser
/// limits that.
fn collect_differences<'d>(own: &Cursor<'d>, account: &Cursor<'d>, differences: &mut Vec<Difference<'d>>) {
    for (own_field, entry) in own.children().zip(own.entries()) {
        let account_field = account.field(&entry.key);
        let is_top_level = own_field.keys().count() == 1;
        if !account_field.is_present() || (is_top_level && NOT_SETTINGS.contains(&&*entry.key)) {
            continue;
        }
        let is_different = if ID_FIELDS.contains(&own_field.key()) {
            has_other_id(&own_field, &account_field)
        } else if own_field.is_object() && account_field.is_object() {
            collect_differences(&own_field, &account_field, differences);
            false
        } else {
            is_known(&own_field) && is_known(&account_field) && has_other_value(&own_field, &account_field)
        };
        if is_different {
            differences.push(Difference { own: own_field, account: account_field });
        }
    }
}

/// Whether two fields contain different ids. An id that is missing or a variable is equal to any other.
fn has_other_id(own: &Cursor<'_>, account: &Cursor<'_>) -> bool {
    match (id_or_item(own).literal_text(), id_or_item(account).literal_text()) {
        (Some(own_id), Some(account_id)) => own_id != account_id,
        _ => false,
    }
}

/// The `id` of an object; any other value itself.
fn id_or_item<'d>(value: &Cursor<'d>) -> Cursor<'d> {
    if value.is_object() { value.field("id") } else { *value }
}

/// Whether a value, and each item of a list, could be read and contains no variable.
fn is_known(field: &Cursor<'_>) -> bool {
    is_known_scalar(field) && field.items().all(|item| is_known_scalar(&item) && is_known_scalar(&item.field("id")))
}

fn is_known_scalar(field: &Cursor<'_>) -> bool {
    let has_variable = field.text().is_some() && field.literal_text().is_none();
    !field.is_broken() && !has_variable
}

/// Whether two fields have different values. The order in lists does not matter: they contain ids or email addresses.
fn has_other_value(own: &Cursor<'_>, account: &Cursor<'_>) -> bool {
    match (own.value(), account.value()) {
        (Some(Value::Array(_)), Some(Value::Array(_))) => item_texts(own) != item_texts(account),
        // `null`, an empty text and an empty list all mean that nothing is set.
        (Some(own), Some(account)) => own != account && !(is_empty_value(own) && is_empty_value(account)),
        _ => false,
    }
}

fn item_texts<'d>(list: &Cursor<'d>) -> BTreeSet<&'d str> {
    let mut texts = BTreeSet::new();
    for item in list.items() {
        texts.extend(id_or_item(&item).text());
    }
    texts
}

fn is_empty_value(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
