//! RCP308: reports an account snapshot that is older than the settings allow.

use crate::base::date::Date;
use crate::base::diagnostic::Finding;
use crate::rules::config_contexts::AccountContext;

pub(crate) fn check_account(cx: &mut AccountContext<'_>) {
    let Some(pulled) = cx.environment.account.and_then(|account| account.pulled) else { return };
    // A text that is no date is reported as a defect of the snapshot.
    let Some(Ok(day)) = pulled.text().map(str::parse::<Date>) else { return };
    let age = cx.environment.today.days_after(day);
    let max_age = cx.environment.policy.max_snapshot_days;
    if age > i64::from(max_age) {
        let message = format!("the account snapshot is {age} days old");
        let help = "update the snapshot, for example with `portal-lint account pull --online`";
        cx.report(Finding::new(pulled.location(), message, help).with_label(format!("the limit is {max_age} days")));
    }
}
