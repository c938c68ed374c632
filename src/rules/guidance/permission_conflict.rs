//! RCP109: no permission that needs another one which is switched off.

use crate::base::diagnostic::Finding;
use crate::rules::context::{PortalContext, usage_span};
use crate::rules::wording::and;

/// What is of no use, or does harm, to customers who cannot add a card.
const NEED_A_CARD: [(&str, &str); 3] = [
    ("salvage_transaction_process", "pay failed renewals"),
    ("credit_card_set_default", "set a default card"),
    ("credit_card_remove", "remove cards"),
];

/// One finding, where adding cards is switched off. What a permission means that is left out is not documented.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let add = cx.portal.permission("credit_card_add");
    if add.bool() != Some(false) {
        return;
    }
    let needs = NEED_A_CARD.map(|(name, can)| (cx.portal.permission(name), can));
    let allowed = || needs.iter().filter(|(permission, _)| permission.bool() == Some(true));
    let can: Vec<String> = allowed().map(|(_, can)| (*can).to_owned()).collect();
    if can.is_empty() {
        return;
    }
    let message = format!("customers can {}, but not add a card", and(&can));
    let help = "set `credit_card_add` to `true`, or switch off what customers need a new card for";
    let finding = Finding::new(add.location_of(usage_span(&add)), message, help);
    cx.report(
        allowed().fold(finding, |finding, (permission, _)| finding.with_note(usage_span(permission), "allowed here")),
    );
}
