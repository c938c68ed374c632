//! RCP309: reports a portal whose settings in the file differ from those in the account.
//!
//! Fields that the file leaves out are not compared, and without a binding neither are those that the account lacks. The message
//! names the fields but not their values: notes point at the values in both files, where renderers mask secrets.

use crate::base::diagnostic::{DOCUMENT_OPTION, Finding, Severity, THIS_FILE};
use crate::model::account::ObjectKind;
use crate::model::comparison::{Certainty, FieldDifference, compare_with_account};
use crate::model::portal::{EmailKind, FilterKind, Portal};
use crate::rules::context::{PortalContext, usage_span};
use crate::rules::shared::account_portal::{find_account_portal, identifying_field, only_namesake};
use crate::rules::wording::{bind_command, join_with_and, pluralize, quote};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// How many differing fields get notes.
const MAX_NOTED_FIELDS: usize = 6;
/// How many characters of field names a message contains.
const MAX_NAME_CHARS: usize = 120;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.kind() == PortalKind::Edit {
        return;
    }
    let key = identifying_field(cx);
    let Some(account_portal) = find_account_portal(cx) else {
        mark_if_unanswered(cx, &key);
        return;
    };
    let is_bound = cx.portal.bound_id.is_some();
    let mut differences = compare_with_account(&cx.portal.root, &account_portal.cursor);
    // If only the name is the same, the file need not set the same fields as the account.
    differences.retain(|difference| {
        difference.certainty == Certainty::Different && (is_bound || difference.account.is_present())
    });
    if !differences.is_empty() {
        let finding = drift_finding(cx.portal, &key, account_portal.id, &differences);
        cx.report(finding);
    }
}

fn drift_finding(
    portal: &Portal<'_>,
    key: &Cursor<'_>,
    account_id: Option<&str>,
    differences: &[FieldDifference<'_>],
) -> Finding {
    let labels: Vec<String> = differences.iter().map(|difference| field_name(&difference.own)).collect();
    let message = format!("the portal in the account has different values for {}", join_within_limit(&labels));
    let help = match (portal.kind, portal.bound_id) {
        (PortalKind::Create, Some(_)) => {
            "copy the values from the account to this file, or submit this file with EditCustomerPortal".to_owned()
        }
        (PortalKind::Create, None) => {
            let command = bind_command(THIS_FILE, account_id, DOCUMENT_OPTION);
            format!("if this file describes that portal, run `{command}`")
        }
        (PortalKind::Edit | PortalKind::Export, _) => {
            "fetch the portal again, or update the account snapshot: one of the two is outdated".to_owned()
        }
    };
    let mut finding = Finding::new(key.location(), message, help);
    if portal.kind == PortalKind::Create && portal.bound_id.is_none() {
        // Only the name is the same, so it may be another portal.
        finding = finding.with_severity(Severity::Advice);
    }
    for (label, FieldDifference { own, account, .. }) in labels.iter().zip(differences).take(MAX_NOTED_FIELDS) {
        // Without a note, the location of the finding would be marked twice.
        finding = if own.is_same_place(key) {
            finding.with_label(format!("{label} in this file"))
        } else {
            finding.with_note(usage_span(own), format!("{label} in this file"))
        };
        if account.is_present() {
            finding = finding.with_note_in_account(usage_span(account), format!("{label} in the account"));
        }
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

/// The ID of the portal in the account; for a create request that is not bound, that of the portal with its name.
fn portal_id<'a>(cx: &PortalContext<'a>, key: &Cursor<'a>) -> Option<&'a str> {
    let text = key.literal_text()?;
    match (cx.kind(), cx.portal.bound_id) {
        (PortalKind::Create, None) => only_namesake(cx.account?, text)?.id,
        (PortalKind::Create, bound_id) => bound_id,
        (PortalKind::Edit | PortalKind::Export, _) => Some(text),
    }
}

/// The name of a field, with the email or filter list that contains it.
fn field_name(field: &Cursor<'_>) -> String {
    let keys: Vec<&str> = field.keys().collect();
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
        _ => quote(field.key()),
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
