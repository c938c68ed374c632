//! Compares a portal in a file with the same portal in the account, field by field.
//!
//! [`crate::model::omitted_fields`] compares the fields that the file leaves out. Responses have objects where requests have IDs;
//! of such an object, only the `id` is compared.

use std::collections::BTreeSet;

use crate::model::secrets::is_secret_name;
use crate::syntax::Value;
use crate::syntax::cursor::{Cursor, FieldIndex};

/// The field that identifies the portal in an edit.
pub(crate) const PORTAL_ID: &str = "customer_portal_id";

/// Fields that contain an ID in a request, and an object with an `id` in a response.
pub(crate) const ID_FIELDS: [&str; 3] = ["tracking_domain", "smtp_profile", "create_non_existing_customer_campaign"];

/// The fields that every portal has. If the account's data lacks one of them, it is not the whole portal.
const REQUIRED_FIELDS: [&str; 5] = ["name", "tracking_domain", "recaptcha", "smtp_profile", "customer_emails"];

/// The fields that are objects in a request.
const NESTED_OBJECTS: [&str; 4] = ["recaptcha", "customer_emails", "customer_filters", "customer_permissions"];

/// Top-level fields that RevCent sets or that identify the portal. Nobody configures them.
const NOT_SETTINGS: [&str; 9] = [
    "$schema",
    PORTAL_ID,
    "id",
    "created_date_unix",
    "updated_date_unix",
    "portal_urls",
    "api_call_id",
    "api_call_unix",
    "code",
];

/// Whether the account's data has more of a portal than what identifies it.
pub(crate) fn has_settings(portal: &Cursor<'_>) -> bool {
    portal.children().any(|field| {
        let is_setting = field.key() != "name" && !NOT_SETTINGS.contains(&field.key());
        is_setting && field.value() != Some(&Value::Null)
    })
}

/// Whether the account's data contains a whole portal. Otherwise, a field that it lacks may have any value.
pub(crate) fn is_complete_portal(portal: &Cursor<'_>) -> bool {
    REQUIRED_FIELDS.iter().all(|field| portal.field(field).is_present())
}

/// Whether a field that an object of the account lacks is known not to be set. `path` leads to the object, and `is_complete` says
/// whether the account's data contains the whole portal.
///
/// RevCent may leave out optional texts that are not set. Permissions, filters and the other email always have a value, so an object
/// without them is only a part of what RevCent returns.
pub(crate) fn is_known_to_be_unset(path: &[&str], object: &Cursor<'_>, is_complete: bool) -> bool {
    is_complete
        && match path {
            ["customer_emails", _] => object.field("from").is_present() && object.field("html").is_present(),
            [first, ..] => !NESTED_OBJECTS.contains(first),
            [] => true,
        }
}

/// A field of the file that has, or may have, another value in the account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldDifference<'d> {
    pub own: Cursor<'d>,
    /// The value in the account; not present if it is not set there or not known.
    pub account: Cursor<'d>,
    pub certainty: Certainty,
}

/// Whether the values of a field are known to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    Different,
    /// The account's data does not contain the value.
    UnknownInAccount,
    /// The account's data never contains secrets.
    Secret,
    /// The file contains a variable whose value is not known.
    Variable,
}

/// Returns the fields of a portal that differ, or may differ, from those of the account's portal, in the order of the file.
pub(crate) fn compare_with_account<'d>(own: &Cursor<'d>, account: &Cursor<'d>) -> Vec<FieldDifference<'d>> {
    let mut comparison = Comparison { is_complete: is_complete_portal(account), differences: Vec::new() };
    comparison.compare_objects(own, account);
    comparison.differences
}

struct Comparison<'d> {
    is_complete: bool,
    differences: Vec<FieldDifference<'d>>,
}

impl<'d> Comparison<'d> {
    /// The recursion is as deep as the document, and the parser limits that.
    fn compare_objects(&mut self, own: &Cursor<'d>, account: &Cursor<'d>) {
        let path: Vec<&str> = own.keys().collect();
        let is_unset_known = is_known_to_be_unset(&path, account, self.is_complete);
        let account = FieldIndex::new(*account);
        let is_top_level = path.is_empty();
        for (key, own_field) in FieldIndex::new(*own).fields() {
            if is_top_level && NOT_SETTINGS.contains(&key) {
                continue;
            }
            let account_field = account.field(key);
            if own_field.is_object() && !(is_top_level && ID_FIELDS.contains(&key)) {
                self.compare_objects(&own_field, &account_field);
                continue;
            }
            // A flag always has a value, so a missing one is unknown.
            let is_unset_known = is_unset_known && own_field.bool().is_none();
            if let Some(certainty) = compare_values(&own_field, &account_field, is_unset_known) {
                self.differences.push(FieldDifference { own: own_field, account: account_field, certainty });
            }
        }
    }
}

/// Compares a value of the file with that of the account. `is_unset_known` says whether a value that the account's data lacks is known
/// not to be set. Returns `None` if the values are equal, or if that of the file could not be read.
fn compare_values(own: &Cursor<'_>, account: &Cursor<'_>, is_unset_known: bool) -> Option<Certainty> {
    let is_secret = is_secret_field(own);
    let (own, account) = (id_or_value(own), id_or_value(account));
    if own.is_broken() || !own.is_present() {
        return None;
    }
    // A flag always has a value, so `null` in a response means that RevCent did not return it.
    if let (Some(Value::Bool(_)), Some(Value::Null)) = (own.value(), account.value()) {
        return Some(Certainty::UnknownInAccount);
    }
    let is_equal = match (own.value(), account.value()) {
        (Some(Value::Array(_)), Some(Value::Array(_))) => item_texts(&own) == item_texts(&account),
        (Some(value), None) => is_empty_value(value),
        (Some(value), Some(other)) => value == other || (is_empty_value(value) && is_empty_value(other)),
        (None, _) => true,
    };
    if is_equal {
        // An empty value is equal to a missing one only if the missing one is known not to be set.
        let is_known = account.is_present() || is_unset_known;
        return (!is_known).then_some(Certainty::UnknownInAccount);
    }
    Some(if !account.is_present() && is_secret {
        Certainty::Secret
    } else if account.is_broken() || (!account.is_present() && !is_unset_known) {
        Certainty::UnknownInAccount
    } else if has_variable(&own) || has_variable(&account) {
        Certainty::Variable
    } else {
        Certainty::Different
    })
}

/// Whether a field contains a secret, according to its name.
pub(crate) fn is_secret_field(field: &Cursor<'_>) -> bool {
    let keys: Vec<&str> = field.keys().collect();
    // Whatever `recaptcha` contains besides the site key may be the secret under another name.
    is_secret_name(field.key()) || matches!(keys[..], ["recaptcha", key] if key != "site_key")
}

/// The `id` of an object; any other value itself.
pub(crate) fn id_or_value<'d>(value: &Cursor<'d>) -> Cursor<'d> {
    if value.is_object() { value.field("id") } else { *value }
}

/// Whether a value, or an item of a list, contains a variable such as `${NAME}`.
fn has_variable(value: &Cursor<'_>) -> bool {
    text_has_variable(value) || value.items().any(|item| text_has_variable(&id_or_value(&item)))
}

fn text_has_variable(value: &Cursor<'_>) -> bool {
    value.text().is_some() && value.literal_text().is_none()
}

/// The texts in a list. Their order does not matter: they are IDs or email addresses.
fn item_texts<'d>(list: &Cursor<'d>) -> BTreeSet<Option<&'d str>> {
    list.items().map(|item| id_or_value(&item).text()).collect()
}

/// `null`, an empty text and an empty list all mean that nothing is set.
pub(crate) fn is_empty_value(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
