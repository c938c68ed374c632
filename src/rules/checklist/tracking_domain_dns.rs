//! RCP003: the tracking domain is DNS ready. The account and DNS can tell; where nobody can be asked the check is left open.

use crate::base::diagnostic::Finding;
use crate::online::Resolution;
use crate::rules::context::PortalContext;
use crate::rules::shared::domain_status::{Aspect, Domain, report};
use crate::rules::wording::quote;

const DNS: Aspect = Aspect {
    field: "dns",
    lacks: "is not DNS ready",
    open: &"whether the tracking domain is DNS ready",
    help: "finish the DNS records of the domain, then take the snapshot again",
};

/// Asks the account, and then DNS itself.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let accepted = &cx.policy.dns_statuses;
    let Some(domain) = report(cx, &DNS, accepted) else { return };
    let Some((name, host)) = domain.answer(cx, DNS.open) else { return };
    let (lacks, alias) = match &host.resolution {
        Ok(resolution) if resolution.is_private() => return report_private(cx, &domain, &name),
        Ok(Resolution::Addresses(_)) => return,
        Ok(Resolution::NoSuchName { alias }) => ("is not in DNS", alias),
        Ok(Resolution::NoAddress { alias }) => ("has no address in DNS", alias),
        Err(why) => return cx.mark_unanswered(DNS.open, why),
    };
    let named = quote(&name);
    let message = match alias {
        Some(alias) => format!("the tracking domain {named} is an alias of {}, and that {lacks}", quote(alias)),
        None => format!("the tracking domain {named} {lacks}"),
    };
    cx.report(Finding::new(domain.slot.location(), message, "add the DNS records that RevCent lists for the domain"));
}

/// Customers cannot reach a private address. Inside a company its own DNS may answer so, and somebody has to allow that.
fn report_private(cx: &mut PortalContext<'_>, domain: &Domain<'_>, name: &str) {
    let message = format!("the tracking domain {} has only private addresses in DNS", quote(name));
    let help = "add the DNS records that RevCent lists for the domain, or ask a DNS server outside the company";
    cx.report(Finding::new(domain.slot.location(), message, help));
}
