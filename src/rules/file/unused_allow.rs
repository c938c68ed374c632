//! RCP912: reports suppressions that suppress nothing, although all files that they apply to were checked.

use crate::base::diagnostic::Finding;
use crate::rules::config_contexts::{SuppressionStatus, SuppressionsContext};
use crate::rules::wording::quote;

pub(crate) fn check_suppressions(cx: &mut SuppressionsContext<'_>) {
    let unused = cx.facts.iter().filter(|suppression| suppression.is_unused).collect();
    cx.report_each(unused, unused_finding);
}

fn unused_finding(suppression: &SuppressionStatus) -> Finding {
    let message = format!("unused decision: there is no {} finding here", quote(&suppression.rules));
    let help = "remove it, or correct its rule, files, or pointer";
    Finding::new(suppression.location.clone(), message, help)
}
