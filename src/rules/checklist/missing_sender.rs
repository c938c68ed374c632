//! RCP011: reports an email without a sender address.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::shared::required_field;
use crate::rules::wording::describe_violation;
use crate::schema::ViolationKind;

const HELP: &str = "set `from` to the sender address of the SMTP profile";

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for email in cx.portal.emails() {
        let from = email.from;
        if let Some(violation) = cx.owned_violation_at(&from) {
            let message = match violation.kind {
                ViolationKind::Missing => format!("{} has no `from` address", email.kind.label()),
                _ => describe_violation(&violation),
            };
            cx.report(Finding::new(from.location(), message, HELP).with_invalid_value());
        }
        required_field::report_blank(cx, &from, HELP);
    }
}
