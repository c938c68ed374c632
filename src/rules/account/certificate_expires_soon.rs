//! RCP306: the certificate of the tracking domain holds for a while yet.

use crate::base::diagnostic::Finding;
use crate::model::account;
use crate::online::Certificate;
use crate::rules::context::PortalContext;
use crate::rules::shared::domain_status::{Domain, find_host_name};
use crate::rules::wording::{count, quote};
use crate::schema::Kind;

const OPEN: &str = "how long the certificate of the tracking domain holds";

/// Counts the days it has left. One that does not hold now is RCP004's.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if !cx.answers.is_online || (cx.kind() == Kind::Edit && !cx.portal.at("tracking_domain").is_present()) {
        return;
    }
    let slot = cx.portal.tracking_domain();
    let known = cx.account.zip(cx.literal_id(&slot));
    let known = known.and_then(|(account, id)| account.find(account::ObjectKind::TrackingDomain, id));
    let domain = Domain { slot, host: find_host_name(cx, known) };
    let Some((name, host)) = domain.answer(cx, OPEN) else { return };
    match &host.certificate {
        Ok(Certificate::Valid(until)) => {
            let (left, least) = (until.days_after(cx.today).max(0), cx.policy.min_certificate_days);
            if left < i64::from(least) {
                let left = match usize::try_from(left).unwrap_or_default() {
                    0 => "today".into(),
                    days => format!("in {}", count(days, "day")),
                };
                let message = format!("the SSL certificate of the tracking domain {} expires {left}", quote(&name));
                let help = "see to it that the certificate is renewed";
                cx.report(Finding::new(slot.location(), message, help).with_label(format!("on {until}")));
            }
        }
        Ok(_) => {}
        Err(why) => cx.mark_unanswered(OPEN, why),
    }
}
