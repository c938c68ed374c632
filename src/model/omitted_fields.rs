//! The values that a portal has in the account although its file omits the fields.
//!
//! A bound file is the desired state of its portal, so such a value is drift. An omitted field counts as not set: RevCent's guide says
//! to omit a permission that is not desired, and the other fields are optional texts and lists.

use crate::model::comparison::{id_or_value, is_empty_value};
use crate::model::request_json::RequestValue;
use crate::schema::{PortalKind, SchemaSet};
use crate::syntax::cursor::{Cursor, FieldIndex};

/// A field that only the account has, with a value that is not the default.
#[derive(Clone, Debug)]
pub(crate) struct OmittedField<'d> {
    /// The keys that lead to it.
    pub path: Vec<&'d str>,
    pub account: Cursor<'d>,
    pub removal: Removal,
}

/// What an edit can do about a value that only the account has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Removal {
    /// An edit with this value removes it.
    By(RequestValue),
    /// Somebody has to decide. Without a filter, more customers can access the portal; for a text of an email, RevCent may have a
    /// default that the guide does not describe.
    Undecided,
    /// The value stays: people switch a portal on in RevCent, and an edit cannot remove the ID of a campaign.
    Kept,
}

/// Returns the fields of the account's portal that the file omits, in the order of the account data.
pub(crate) fn find_omitted_fields<'d>(
    own: &Cursor<'d>,
    account: &Cursor<'d>,
    schemas: &SchemaSet,
) -> Vec<OmittedField<'d>> {
    let mut omitted = Vec::new();
    // A field may be in the part of the file that could not be read.
    if !own.is_partial() {
        add_omitted(own, account, &mut Vec::new(), schemas, &mut omitted);
    }
    omitted
}

/// Adds the fields of an object, to which `path` leads. The recursion is as deep as the schema of an edit.
fn add_omitted<'d>(
    own: &Cursor<'d>,
    account: &Cursor<'d>,
    path: &mut Vec<&'d str>,
    schemas: &SchemaSet,
    omitted: &mut Vec<OmittedField<'d>>,
) {
    let known = schemas.field_names(PortalKind::Edit, path);
    let own = FieldIndex::new(*own);
    for (key, account_field) in FieldIndex::new(*account).fields().filter(|(key, _)| known.contains(key)) {
        let own_field = own.field(key);
        path.push(key);
        if let ["customer_emails" | "customer_filters" | "customer_permissions"] | ["customer_emails", _] = path[..] {
            if own_field.is_object() || !own_field.is_present() {
                add_omitted(&own_field, &account_field, path, schemas, omitted);
            }
        } else if !own_field.is_present()
            && has_value(&account_field)
            && let Some(removal) = find_removal(path, &account_field)
        {
            omitted.push(OmittedField { path: path.clone(), account: account_field, removal });
        }
        path.pop();
    }
}

/// How an edit can remove the account's value of a field. `None` if the default of the field is not known.
fn find_removal(path: &[&str], account: &Cursor<'_>) -> Option<Removal> {
    match path {
        ["description" | "display_name" | "footer_html"] | ["customer_emails", _, "from_name"] => {
            Some(Removal::By(RequestValue::Text(String::new())))
        }
        ["create_non_existing_customer"] | ["customer_permissions", _] if account.bool().is_some() => {
            Some(Removal::By(RequestValue::Bool(false)))
        }
        ["customer_emails", _, "to_cc" | "to_bcc"] => Some(Removal::By(RequestValue::Array(Vec::new()))),
        ["customer_emails", _, "subject" | "html"] | ["customer_filters", _] => Some(Removal::Undecided),
        ["enabled" | "create_non_existing_customer_campaign"] => Some(Removal::Kept),
        _ => None,
    }
}

/// Whether a field is set. A flag that is `false` counts as not set.
fn has_value(field: &Cursor<'_>) -> bool {
    let value = id_or_value(field);
    !value.is_broken() && value.bool() != Some(false) && value.value().is_some_and(|value| !is_empty_value(value))
}

impl OmittedField<'_> {
    /// The JSON Pointer of the field.
    pub(crate) fn pointer(&self) -> String {
        // The keys are names of the schema, which need no escapes.
        format!("/{}", self.path.join("/"))
    }
}
