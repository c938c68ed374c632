//! RCP004: reports a tracking domain whose SSL certificate is not active, according to the account or to the host itself. Without
//! an answer from either, the check is unverified.

use crate::base::date::Date;
use crate::base::diagnostic::Finding;
use crate::online::Certificate;
use crate::rules::context::PortalContext;
use crate::rules::shared::domain_status::{StatusCheck, check_account_status};
use crate::rules::wording::quote;

const SSL_STATUS: StatusCheck = StatusCheck {
    field: "ssl",
    problem: "has no active SSL certificate",
    unverified: "whether the tracking domain's SSL certificate is active",
    help: "finish the SSL setup of the domain, then take the snapshot again",
};

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let accepted = &cx.policy.ssl_statuses;
    let Some(domain) = check_account_status(cx, &SSL_STATUS, accepted) else { return };
    let Some((name, host)) = domain.queried_host(cx, SSL_STATUS.unverified) else { return };
    let problem = match &host.certificate {
        Ok(certificate) => describe_problem(certificate),
        Err(reason) => return cx.mark_unanswered(SSL_STATUS.unverified, reason),
    };
    let Some(problem) = problem else { return };
    let message = format!("the SSL certificate of the tracking domain {} {problem}", quote(&name));
    cx.report(Finding::new(domain.field.location(), message, "finish the SSL setup of the domain, or set it up again"));
}

/// `None` for a valid certificate.
fn describe_problem(certificate: &Certificate) -> Option<String> {
    match certificate {
        Certificate::Valid(_) => None,
        Certificate::Expired(day) => Some(format!("expired{}", surround_date(" on ", *day, ""))),
        Certificate::NotYetValid(day) => Some(format!("is not valid yet{}", surround_date(", but from ", *day, " on"))),
        Certificate::OtherName => Some("is for another host name".into()),
        Certificate::UnknownAuthority => Some("is from an authority that browsers do not know".into()),
    }
}

/// The date between two texts; empty if it is not known.
fn surround_date(before: &str, date: Option<Date>, after: &str) -> String {
    date.map(|date| format!("{before}{date}{after}")).unwrap_or_default()
}
