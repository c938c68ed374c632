//! Checks a status that the account has for the tracking domain. Shared by the rules about DNS and the SSL certificate.

use crate::base::diagnostic::Finding;
use crate::model::account;
use crate::model::account::{AccountObject, Readiness, StatusWords};
use crate::rules::context::PortalContext;
use crate::rules::shared::tracking_domain::TrackingDomain;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;

/// A status to check, and the texts for its findings.
pub(crate) struct StatusCheck {
    /// The field of the account's tracking domain that contains the status.
    pub field: &'static str,
    /// What the status is about: "the DNS setup".
    pub subject: &'static str,
    /// What a bad status means, after the subject: "is not ready".
    pub problem: &'static str,
    /// What remains unverified without a status: "whether …".
    pub unverified: &'static str,
    pub help: &'static str,
}

/// Reports a tracking domain that the account says is not ready. Otherwise returns the domain, so that the caller can query its
/// host. A domain for which the account has no clear status is recorded as unverified and returned as well.
///
/// `None` also for an edit without a tracking domain, because the portal keeps its own.
pub(crate) fn check_account_status<'a>(
    cx: &mut PortalContext<'a>,
    check: &StatusCheck,
    accepted: &StatusWords,
) -> Option<TrackingDomain<'a>> {
    let (domain, object) = TrackingDomain::find(cx)?;
    let field = domain.field;
    let id = cx.literal_id(&field);
    let Some(object) = object else {
        match id {
            Some(_) => cx.mark_unverified_by_account(account::ObjectKind::TrackingDomain, id, check.unverified),
            None if cx.answers.is_online => cx.mark_unanswered(check.unverified, &reason_without_id(&field)),
            None => cx.mark_unverified(check.unverified),
        }
        return Some(domain);
    };
    let status = object.cursor.field(check.field).field("status");
    let Some(word) = status.text() else {
        match cx.answers.why_unanswered(account::ObjectKind::TrackingDomain, id) {
            Some(reason) => cx.mark_unanswered(check.unverified, reason),
            None => record_unclear_status(cx, check, "the account has no status for it"),
        }
        return Some(domain);
    };
    match Readiness::from_status(word, accepted) {
        Readiness::Ready => {}
        Readiness::NotReady => {
            let finding = not_ready_finding(check, object, &field, word);
            cx.report(finding.with_note_in_account(status.span(), "status in the account"));
            return None;
        }
        Readiness::Unclear => {
            let reason = format!(
                "the status in the account, {}, is not a known word (if it means ready, add it to \
                 `[account-words]` in `portal-lint.toml`)",
                quote(word)
            );
            record_unclear_status(cx, check, &reason);
        }
    }
    Some(domain)
}

fn not_ready_finding(check: &StatusCheck, object: &AccountObject<'_>, field: &Cursor<'_>, status: &str) -> Finding {
    let name = object.cursor.field("domain_name").text().or(object.name);
    let name = name.map(|name| format!(" {}", quote(name))).unwrap_or_default();
    let StatusCheck { subject, problem, .. } = check;
    let message = format!("{subject} for the tracking domain{name} {problem}: its status is {}", quote(status));
    Finding::new(field.location(), message, check.help)
}

/// Records that the account's status cannot be interpreted. In an online run the account has just been queried, so the check counts
/// as unanswered.
fn record_unclear_status(cx: &mut PortalContext<'_>, check: &StatusCheck, reason: &str) {
    if cx.answers.is_online {
        cx.mark_unanswered(check.unverified, &reason);
    } else {
        cx.mark_unverified(format!("{}: {reason}", check.unverified));
    }
}

/// Why the account cannot be queried for the tracking domain.
fn reason_without_id(field: &Cursor<'_>) -> &'static str {
    if field.variable().is_some() {
        "its ID is a variable"
    } else if field.text().is_some() {
        "its ID is not a valid ID"
    } else {
        "it has no ID"
    }
}
