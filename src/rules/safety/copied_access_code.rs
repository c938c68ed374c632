//! RCP202: reports emails that are copied to other addresses. The copies contain the code for the customer's account (guide,
//! "Email CC and BCC").

use crate::rules::context::PortalContext;
use crate::rules::wording::quote;

/// Checks `to_cc` and `to_bcc` of both emails. RCP201 reports invalid addresses in these lists.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for email in cx.portal.emails() {
        for list in &email.copies {
            let copies = list.items().filter(|item| !item.is_blank() && !item.is_broken()).count();
            if copies == 0 {
                continue;
            }
            let addresses = if copies == 1 { "another address".into() } else { format!("{copies} other addresses") };
            let label = email.kind.label();
            let message =
                format!("{label}, which contains the code for the customer's account, is also sent to {addresses}");
            let help = format!("remove {}", quote(list.key()));
            cx.report_at_use(list, &message, &help);
        }
    }
}
