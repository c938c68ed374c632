//! What a change of a portal means for customers, in the words of RevCent's guide.

use serde_json::Value as Json;

use crate::model::edited_portal::Change;
use crate::model::portal::{EmailKind, FilterKind};
use crate::rules::shared::permission_actions::permission_action;
use crate::rules::wording::pluralize;

/// Describes what a change means.
pub(crate) fn describe_change(change: &Change) -> String {
    let keys: Vec<&str> = change.pointer.split('/').skip(1).collect();
    let turns_on = change.new.as_bool();
    match (&keys[..], turns_on) {
        (["name"], _) => "renames the portal; customers see the name only if it has no display name".into(),
        (["display_name"], _) => "changes the name that customers see".into(),
        (["description"], _) => "changes the description, which customers do not see".into(),
        (["enabled"], Some(true)) => "enables the portal: customers can use it".into(),
        (["enabled"], _) => "disables the portal: customers can no longer use it".into(),
        (["tracking_domain"], _) => {
            "moves the portal to another tracking domain, which must be DNS ready with active SSL".into()
        }
        (["smtp_profile"], _) => "sends the portal's emails through another SMTP profile".into(),
        (["recaptcha", ..], _) => "changes the reCAPTCHA keys, which must be valid for the portal's domain".into(),
        (["footer_html"], _) => "changes the footer of the portal".into(),
        (["customer_emails", email, field], _) => describe_email_change(email, field, &change.new),
        (["customer_filters", list], _) => describe_filter_change(list, change),
        (["customer_permissions", permission], _) => describe_permission_change(permission, change),
        (["create_non_existing_customer"], Some(true)) => "non-existing customers can register".into(),
        (["create_non_existing_customer"], _) => "only existing customers can register".into(),
        (["create_non_existing_customer_campaign"], _) => {
            let is_set = change.old.as_ref().is_some_and(|old| !is_empty(old));
            let campaign = if is_set { "another campaign" } else { "a campaign" };
            format!("assigns non-existing customers who register to {campaign}")
        }
        _ => "changes a setting that the guide does not describe".into(),
    }
}

fn describe_email_change(email: &str, field: &str, new: &Json) -> String {
    let email = EmailKind::from_field(email).map_or("the email", EmailKind::label);
    match field {
        "from" => format!("changes the sender of {email}, which should match the SMTP profile"),
        "from_name" => format!("changes the name of the sender of {email}"),
        "subject" => format!("changes the subject of {email}"),
        "html" => format!("changes the content of {email}, which must include `{{{{email_code}}}}`"),
        "to_cc" | "to_bcc" if is_empty(new) => format!("no longer sends copies of {email}"),
        "to_cc" | "to_bcc" => format!("sends copies of {email}, with the code for account access"),
        _ => format!("changes {email}"),
    }
}

fn describe_filter_change(list: &str, change: &Change) -> String {
    let kinds = [FilterKind::Campaign, FilterKind::Shop];
    let noun = kinds.into_iter().find(|kind| kind.field() == list).map_or("object", FilterKind::label);
    let (old, new) = (items(change.old.as_ref()), items(Some(&change.new)));
    if new.is_empty() && change.old.is_none() && !change.opens_portal {
        return format!("customers need no association with a {noun}");
    }
    if new.is_empty() {
        return if change.opens_portal {
            format!("opens the portal to all customers: association with a {noun} is no longer required")
        } else {
            format!("association with a {noun} is no longer required: it does not restrict who can access the portal")
        };
    }
    if old.is_empty() {
        return format!("only customers associated with {} can access the portal", listed(new.len(), noun));
    }
    let added = new.iter().filter(|item| !old.contains(item)).count();
    let removed = old.iter().filter(|item| !new.contains(item)).count();
    let mut parts = Vec::new();
    if added > 0 {
        parts.push(format!("customers associated with {} more can access the portal", pluralize(added, noun)));
    }
    if removed > 0 {
        parts.push(format!("those associated with {} no longer can", pluralize(removed, noun)));
    }
    parts.join("; ")
}

/// "the listed campaign", "at least one of the 2 listed campaigns"
fn listed(count: usize, noun: &str) -> String {
    if count == 1 { format!("the listed {noun}") } else { format!("at least one of the {count} listed {noun}s") }
}

fn describe_permission_change(permission: &str, change: &Change) -> String {
    let action = permission_action(permission);
    let effect = match (&change.new, &change.old) {
        (Json::Bool(true), _) => format!("customers can {action}"),
        (_, Some(Json::Bool(true))) => format!("customers can no longer {action}"),
        _ => format!("customers cannot {action}"),
    };
    match (permission, &change.new) {
        ("subscription_cancel", Json::Bool(true)) => format!("opens self-cancel: {effect}"),
        ("subscription_cancel", _) => format!("closes self-cancel: {effect}"),
        _ => effect,
    }
}

fn items(list: Option<&Json>) -> Vec<&Json> {
    list.and_then(Json::as_array).map_or_else(Vec::new, |items| items.iter().collect())
}

fn is_empty(value: &Json) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
