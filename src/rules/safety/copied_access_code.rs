//! RCP202: nobody but the customer gets the code that opens the account (guide, "Email CC and BCC").

use crate::rules::context::PortalContext;
use crate::rules::wording::quote;

/// A list that is not empty; what is wrong with its entries is for others to say.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for email in cx.portal.emails() {
        for list in &email.copies {
            let copies = list.items().filter(|item| !item.is_blank()).count();
            if copies > 0 {
                let addresses =
                    if copies == 1 { "another address".into() } else { format!("{copies} other addresses") };
                let words = email.kind.label();
                let message = format!("{words} goes to {addresses}, and so does the code that opens the account");
                let help = format!("remove {} unless others are meant to get each customer's code", quote(list.key()));
                cx.report_at_use(list, &message, &help);
            }
        }
    }
}
