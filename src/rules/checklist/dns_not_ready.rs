//! RCP003: reports a tracking domain that is not DNS ready, according to the account or to DNS itself. Without an answer from
//! either, the check is unverified.

use crate::base::diagnostic::Finding;
use crate::online::Resolution;
use crate::rules::context::PortalContext;
use crate::rules::shared::domain_status::{StatusCheck, check_account_status};
use crate::rules::wording::quote;

const DNS_STATUS: StatusCheck = StatusCheck {
    field: "dns",
    subject: "the DNS setup",
    problem: "is not ready",
    unverified: "whether DNS for the tracking domain is ready",
    help: "complete the domain's DNS records, then update the account snapshot",
};

const HELP: &str = "add the DNS records that RevCent lists for the domain";

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let accepted = &cx.policy.dns_statuses;
    let Some(domain) = check_account_status(cx, &DNS_STATUS, accepted) else { return };
    let Some((name, host)) = domain.queried_host(cx, DNS_STATUS.unverified) else { return };
    let name = quote(&name);
    let (message, help) = match &host.resolution {
        // Customers cannot reach a private address. It may be the answer of a company's own DNS server, so the help mentions that.
        Ok(resolution) if resolution.is_private() => (
            format!("the tracking domain {name} resolves only to private addresses"),
            "add the DNS records that RevCent lists for the domain, or use a public DNS server for this check",
        ),
        Ok(Resolution::Addresses(_)) => return,
        Ok(Resolution::NoSuchName { alias }) => {
            (describe_missing_records(&name, alias.as_deref(), "does not exist in DNS"), HELP)
        }
        Ok(Resolution::NoAddress { alias }) => {
            (describe_missing_records(&name, alias.as_deref(), "has no address record in DNS"), HELP)
        }
        Err(reason) => return cx.mark_unanswered(DNS_STATUS.unverified, reason),
    };
    cx.report(Finding::new(domain.field.location(), message, help));
}

/// The message about a domain without the records. If the domain is an alias (CNAME), its target lacks them.
fn describe_missing_records(name: &str, alias_target: Option<&str>, problem: &str) -> String {
    match alias_target {
        Some(target) => format!("the tracking domain {name} is an alias (CNAME) of {}, which {problem}", quote(target)),
        None => format!("the tracking domain {name} {problem}"),
    }
}
