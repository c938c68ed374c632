//! RCP308: reports an account snapshot that is older than the settings allow, or whose date is in the future, so that its age is not
//! known.

use crate::base::date::Date;
use crate::base::diagnostic::Finding;
use crate::rules::config_contexts::AccountContext;

/// A snapshot that was taken today can have the date of tomorrow in another time zone.
const MAX_DAYS_AHEAD: i64 = 1;

pub(crate) fn check_account(cx: &mut AccountContext<'_>) {
    let environment = cx.facts.environment;
    let Some(pulled) = environment.account.and_then(|account| account.pulled) else { return };
    // Another rule reports a text that is not a date.
    let Some(Ok(day)) = pulled.text().map(str::parse::<Date>) else { return };
    let age = environment.today.days_after(day);
    let max_age = environment.policy.max_snapshot_days;
    let finding = if age > i64::from(max_age) {
        let message = format!("the account snapshot is {age} days old");
        let help = "update the snapshot, for example with `portal-lint account pull --online`";
        Finding::new(pulled.location(), message, help).with_label(format!("the limit is {max_age} days"))
    } else if age < -MAX_DAYS_AHEAD {
        let message = format!("the date of the account snapshot is {} days in the future", -age);
        let help = "correct `pulled`, or update the snapshot, for example with `portal-lint account pull --online`";
        Finding::new(pulled.location(), message, help)
    } else {
        return;
    };
    cx.report(finding);
}
