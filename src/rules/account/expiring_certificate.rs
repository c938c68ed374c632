//! RCP306: reports a tracking domain whose SSL certificate expires within the next days.

use crate::base::date::Date;
use crate::base::diagnostic::Finding;
use crate::online::Certificate;
use crate::rules::context::PortalContext;
use crate::rules::shared::tracking_domain::TrackingDomain;
use crate::rules::wording::{pluralize, quote};

const UNVERIFIED: &str = "when the SSL certificate for the tracking domain expires";

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let Some((domain, _)) = TrackingDomain::find(cx) else { return };
    let Some((name, host)) = domain.queried_host(cx, UNVERIFIED) else { return };
    match &host.certificate {
        Ok(Certificate::Valid(last_day)) => report_if_soon(cx, &domain, &name, *last_day),
        // Another rule reports a certificate that is invalid today.
        Ok(_) => {}
        Err(reason) => cx.mark_unanswered(UNVERIFIED, reason),
    }
}

fn report_if_soon(cx: &mut PortalContext<'_>, domain: &TrackingDomain<'_>, name: &str, last_day: Date) {
    let days_left = last_day.days_after(cx.today).max(0);
    if days_left >= i64::from(cx.policy.min_certificate_days) {
        return;
    }
    let when = match usize::try_from(days_left).unwrap_or_default() {
        0 => "today".to_owned(),
        days => format!("in {}", pluralize(days, "day")),
    };
    let message = format!("the SSL certificate for the tracking domain {} expires {when}", quote(name));
    let help = "renew the certificate";
    cx.report(Finding::new(domain.field.location(), message, help).with_label(format!("on {last_day}")));
}
