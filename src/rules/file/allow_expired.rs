//! RCP911: what was allowed until a day is allowed no longer.

use crate::diagnostic::Finding;
use crate::rules::context::DecisionsContext;
use crate::rules::words::quote;

/// Every decision whose last day is over.
pub fn decisions(cx: &mut DecisionsContext<'_>) {
    let recorded = cx.recorded;
    for decision in recorded {
        let Some(until) = &decision.expired else { continue };
        let message = format!("{} was allowed until {until} and is no longer", quote(&decision.rules));
        let help = "decide anew: write a later `until`, or change the portal and remove this";
        cx.report(Finding::new(decision.place.clone(), message, help));
    }
}
