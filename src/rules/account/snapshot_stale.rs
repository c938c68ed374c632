//! RCP308: the snapshot still says what is so.

use crate::base::date::Date;
use crate::base::diagnostic::Finding;
use crate::rules::config_contexts::AccountContext;

/// Counts the days since it was taken. A day that is none is RCP914.
pub(crate) fn check_account(cx: &mut AccountContext<'_>) {
    let Some(pulled) = cx.environment.account.and_then(|account| account.pulled) else { return };
    let Some(Ok(day)) = pulled.text().map(str::parse::<Date>) else { return };
    let (age, most) = (cx.environment.today.days_after(day), cx.environment.policy.max_snapshot_days);
    if age > i64::from(most) {
        let message = format!("the snapshot of the account is {age} days old");
        let help = "take the snapshot again, and write the day in `pulled`";
        cx.report(Finding::new(pulled.location(), message, help).with_label(format!("older than {most} days")));
    }
}
