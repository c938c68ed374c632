//! RCP004: reports a tracking domain whose SSL certificate is not active, according to the account or to the host itself. Without
//! an answer from either, the check is unverified.

use crate::base::diagnostic::Finding;
use crate::online::Certificate;
use crate::rules::context::PortalContext;
use crate::rules::shared::domain_status::{StatusCheck, check_account_status};
use crate::rules::wording::quote;

const SSL_STATUS: StatusCheck = StatusCheck {
    field: "ssl",
    subject: "the SSL certificate",
    problem: "is not active",
    unverified: "whether the SSL certificate for the tracking domain is active",
    help: "complete the domain's SSL setup, then update the account snapshot",
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
    let message = format!("the SSL certificate for the tracking domain {} {problem}", quote(&name));
    cx.report(Finding::new(domain.field.location(), message, "complete or repeat the domain's SSL setup"));
}

/// `None` for a valid certificate.
fn describe_problem(certificate: &Certificate) -> Option<String> {
    match certificate {
        Certificate::Valid(_) => None,
        Certificate::Expired(day) => Some(format!("expired{}", day.map_or(String::new(), |day| format!(" on {day}")))),
        Certificate::NotYetValid(day) => {
            Some(format!("is not valid{}", day.map_or(" yet".into(), |day| format!(" until {day}"))))
        }
        Certificate::OtherName => Some("was issued for another host name".into()),
        Certificate::UnknownAuthority => Some("was issued by an authority that browsers do not trust".into()),
    }
}
