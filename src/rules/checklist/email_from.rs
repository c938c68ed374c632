//! RCP011: both emails have a sender.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::shared::text;
use crate::rules::wording::wrong_type;
use crate::schema::ViolationKind;

const HELP: &str = "set `from` to the email address the SMTP profile uses";

/// Missing, no text, blank, in either email.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for email in cx.portal.emails() {
        let from = email.from;
        let violation = cx.owned_violations().into_iter().find(|violation| violation.slot.is_same_place(&from));
        if let Some(violation) = violation {
            let message = match violation.fault {
                ViolationKind::Missing => format!("{} has no sender: there is no `from`", email.which.words()),
                _ => wrong_type(&violation),
            };
            cx.report(Finding::new(from.location(), message, HELP).with_invalid_value());
        }
        text::report_blank(cx, &from, HELP);
    }
}
