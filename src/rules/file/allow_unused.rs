//! RCP912: a recorded decision allows something that is there.

use crate::base::diagnostic::Finding;
use crate::rules::config_contexts::SuppressionsContext;
use crate::rules::wording::quote;

/// Every decision that is good for nothing, though all files that it is about were looked at.
pub(crate) fn check_suppressions(cx: &mut SuppressionsContext<'_>) {
    let recorded = cx.suppressions;
    cx.report_each(recorded.iter().filter(|decision| decision.is_unused).collect(), |decision| {
        let message = format!("this allows {}, and nothing of that is found any more", quote(&decision.rules));
        let help = "remove it, or correct what it is meant for";
        Finding::new(decision.location.clone(), message, help)
    });
}
