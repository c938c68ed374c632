//! RCP911: what was allowed until a day is allowed no longer.

use crate::base::diagnostic::Finding;
use crate::rules::config_contexts::SuppressionsContext;
use crate::rules::wording::quote;

/// Every decision whose last day is over.
pub(crate) fn check_suppressions(cx: &mut SuppressionsContext<'_>) {
    let recorded = cx.suppressions;
    let expired = recorded.iter().filter_map(|decision| Some((decision, decision.expired_after.as_ref()?)));
    cx.report_each(expired.collect(), |(decision, until)| {
        let message = format!("{} was allowed until {until} and is no longer", quote(&decision.rules));
        let help = "decide anew: write a later `until`, or change the portal and remove this";
        Finding::new(decision.location.clone(), message, help)
    });
}
