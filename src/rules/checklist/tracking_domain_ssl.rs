//! RCP004: the tracking domain's certificate is active. The account and the host itself can tell; where nobody can be asked
//! the check is left open.

use crate::base::date::Date;
use crate::base::diagnostic::Finding;
use crate::online::Certificate;
use crate::rules::context::PortalContext;
use crate::rules::shared::domain_status::{Aspect, report};
use crate::rules::wording::quote;

const SSL: Aspect = Aspect {
    field: "ssl",
    lacks: "has no active SSL certificate",
    open: &"whether the tracking domain's SSL certificate is active",
    help: "finish the SSL setup of the domain, then take the snapshot again",
};

/// Asks the account, and then the host itself.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let accepted = &cx.policy.ssl_statuses;
    let Some(domain) = report(cx, &SSL, accepted) else { return };
    let Some((name, host)) = domain.answer(cx, SSL.open) else { return };
    let on = |day: &Option<Date>| day.map(|day| format!(" on {day}")).unwrap_or_default();
    let fault = match &host.certificate {
        Ok(Certificate::Valid(_)) => return,
        Ok(Certificate::Expired(day)) => format!("expired{}", on(day)),
        Ok(Certificate::NotYetValid(day)) => {
            format!("is not valid yet{}", day.map(|day| format!(", but from {day} on")).unwrap_or_default())
        }
        Ok(Certificate::OtherName) => "is for another host name".into(),
        Ok(Certificate::UnknownAuthority) => "is from an authority that browsers do not know".into(),
        Err(why) => return cx.mark_unanswered(SSL.open, why),
    };
    let message = format!("the SSL certificate of the tracking domain {} {fault}", quote(&name));
    cx.report(Finding::new(domain.slot.location(), message, "finish the SSL setup of the domain, or set it up again"));
}
