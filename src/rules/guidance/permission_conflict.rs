//! RCP109: reports permissions that are useless or harmful, because customers cannot add a card.

use crate::base::diagnostic::Finding;
use crate::rules::context::{PortalContext, usage_span};
use crate::rules::wording::join_with_and;

/// The permissions that need `credit_card_add`, and what customers can do with each.
const NEED_A_NEW_CARD: [(&str, &str); 3] = [
    ("salvage_transaction_process", "pay failed renewals"),
    ("credit_card_set_default", "set a default card"),
    ("credit_card_remove", "remove cards"),
];

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let add_card = cx.portal.permission("credit_card_add");
    // What RevCent does if the permission is left out is not documented, so only `false` counts.
    if add_card.bool() != Some(false) {
        return;
    }
    let mut actions = Vec::new();
    let mut granted_spans = Vec::new();
    for (name, action) in NEED_A_NEW_CARD {
        let permission = cx.portal.permission(name);
        if permission.bool() == Some(true) {
            actions.push(action.to_owned());
            granted_spans.push(usage_span(&permission));
        }
    }
    if actions.is_empty() {
        return;
    }
    let message = format!("customers can {}, but they cannot add a card", join_with_and(&actions));
    let help = "set `credit_card_add` to `true`, or disable the permissions that need a new card";
    let mut finding = Finding::new(add_card.location_of(usage_span(&add_card)), message, help);
    for span in granted_spans {
        finding = finding.with_note(span, "allowed here");
    }
    cx.report(finding);
}
