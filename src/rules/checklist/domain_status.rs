//! Whether the tracking domain is ready in some respect, as the account says. Shared by the rules about DNS and the
//! certificate.

use crate::account::{self, Readiness, Words, readiness};
use crate::diagnostic::Finding;
use crate::rules::account::exists::id;
use crate::rules::context::PortalContext;
use crate::rules::words::quote;
use crate::schema::Kind;

/// What is asked.
pub struct Aspect {
    /// The field of the tracking domain that has the status.
    pub field: &'static str,
    /// What is said when it is not so: "is not DNS ready".
    pub lacks: &'static str,
    /// What is left open.
    pub open: &'static &'static str,
    /// What to do first.
    pub help: &'static str,
}

/// Asks for the status, for every body that has, or should have, a tracking domain.
pub fn report(cx: &mut PortalContext<'_>, aspect: &Aspect, accepted: &Words) {
    if cx.kind() == Kind::Edit && !cx.portal.at("tracking_domain").is_there() {
        return;
    }
    let slot = cx.portal.tracking_domain();
    let known = cx.account.zip(id(&slot));
    let Some(domain) = known.and_then(|(account, id)| account.find(account::Kind::TrackingDomain, id)) else {
        return cx.leave_open(aspect.open);
    };
    let status = domain.slot.at(aspect.field).at("status");
    let Some(word) = status.text() else {
        return cx.leave_open(format!("{}: the account snapshot has no status for it", aspect.open));
    };
    match readiness(word, accepted) {
        Readiness::Ready => {}
        Readiness::NotReady => {
            let name = domain.slot.at("domain_name").text().or(domain.name);
            let named = name.map(|name| format!(" {}", quote(name))).unwrap_or_default();
            let message = format!("the tracking domain{named} {}: its status is {}", aspect.lacks, quote(word));
            let finding = Finding::new(slot.place(), message, aspect.help);
            cx.report(finding.note_in_account(status.span(), "the account says so here"));
        }
        Readiness::Unclear => cx.leave_open(format!(
            "{}: the account says {}, a status word that is not known here (if it means yes, add it to \
             `[account-words]` in `portal-lint.toml`)",
            aspect.open,
            quote(word)
        )),
    }
}
