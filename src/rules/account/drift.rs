//! RCP309: reports a portal whose settings in the file differ from those in the account.
//!
//! Without a binding, only the fields that both have are compared. The message names the fields but not their values: notes point to
//! the values in both files, where secrets are masked.

use crate::base::diagnostic::{DOCUMENT_OPTION, Finding, Severity, THIS_FILE};
use crate::model::account::ObjectKind;
use crate::model::comparison::{Certainty, compare_with_account};
use crate::model::omitted_fields::{Removal, find_omitted_fields};
use crate::model::portal::{EmailKind, FilterKind, Portal};
use crate::rules::context::{PortalContext, usage_span};
use crate::rules::shared::account_portal::{find_account_portal, identifying_field, only_namesake};
use crate::rules::wording::{bind_command, join_with_and, pluralize, quote};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// The maximum number of fields with notes.
const MAX_NOTED_FIELDS: usize = 6;
/// The maximum number of characters of the field names in a message.
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
    let differences = find_differences(cx, &account_portal.cursor);
    if !differences.is_empty() {
        let finding = drift_finding(cx.portal, &key, account_portal.id, &differences);
        cx.report(finding);
    }
}

/// A field with another value in the account.
struct Difference<'a> {
    label: String,
    /// The value in the file; `None` if the file omits the field.
    own: Option<Cursor<'a>>,
    account: Cursor<'a>,
}

fn find_differences<'a>(cx: &PortalContext<'a>, account: &Cursor<'a>) -> Vec<Difference<'a>> {
    let is_bound = cx.portal.bound_id.is_some();
    let own = &cx.portal.root;
    let mut differences = Vec::new();
    for difference in compare_with_account(own, account) {
        // If only the name is the same, the file need not set the same fields as the account.
        if difference.certainty == Certainty::Different && (is_bound || difference.account.is_present()) {
            let path: Vec<&str> = difference.own.keys().collect();
            let label = field_name(&path);
            differences.push(Difference { label, own: Some(difference.own), account: difference.account });
        }
    }
    if is_bound {
        for omitted in find_omitted_fields(own, account, cx.schemas) {
            if omitted.removal != Removal::Kept {
                differences.push(Difference { label: field_name(&omitted.path), own: None, account: omitted.account });
            }
        }
    }
    differences
}

fn drift_finding(
    portal: &Portal<'_>,
    key: &Cursor<'_>,
    account_id: Option<&str>,
    differences: &[Difference<'_>],
) -> Finding {
    let labels: Vec<String> = differences.iter().map(|difference| difference.label.clone()).collect();
    let message = format!("the portal in the account has different values for {}", join_within_limit(&labels));
    let help = match (portal.kind, portal.bound_id) {
        (PortalKind::Create, Some(_)) => {
            "copy the values from the account to this file, or submit the edit that `portal-lint plan` prints"
                .to_owned()
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
    for Difference { label, own, account } in differences.iter().take(MAX_NOTED_FIELDS) {
        // A note at the location of the finding would mark it twice, so there the text is the label.
        finding = match own {
            Some(own) if own.is_same_place(key) => finding.with_label(format!("{label} in this file")),
            Some(own) => finding.with_note(usage_span(own), format!("{label} in this file")),
            None => finding,
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
        (PortalKind::Create, None) => only_namesake(cx, cx.account?, text)?.id,
        (PortalKind::Create, bound_id) => bound_id,
        (PortalKind::Edit | PortalKind::Export, _) => Some(text),
    }
}

/// The name of a field, with the email or filter list that contains it.
fn field_name(path: &[&str]) -> String {
    match path {
        ["customer_emails", email, key] => match EmailKind::from_field(email) {
            Some(kind) => format!("{} of {}", quote(key), kind.label()),
            None => format!("{} of {}", quote(key), quote(email)),
        },
        ["customer_filters", list] => {
            for kind in [FilterKind::Campaign, FilterKind::Shop] {
                if kind.field() == *list {
                    return format!("the {} filter", kind.label());
                }
            }
            quote(list)
        }
        _ => quote(path.last().unwrap_or(&"")),
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
