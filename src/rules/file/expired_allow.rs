//! RCP911: reports suppressions whose last day is over.

use crate::base::diagnostic::Finding;
use crate::rules::config_contexts::SuppressionsContext;
use crate::rules::wording::quote;

pub(crate) fn check_suppressions(cx: &mut SuppressionsContext<'_>) {
    let mut expired = Vec::new();
    for suppression in cx.facts {
        if let Some(until) = &suppression.expired_after {
            expired.push((suppression, until));
        }
    }
    cx.report_each(expired, |(suppression, until)| {
        let message = format!("the decision to allow {} expired after {until}", quote(&suppression.rules));
        let help = "renew the decision with a later `until`, or fix the finding and remove the decision";
        Finding::new(suppression.location.clone(), message, help)
    });
}
