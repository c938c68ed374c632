//! RCP914: the settings say something that can be done, in words that we know, and the account snapshot is of its form.
//!
//! What kind of value belongs where is said by the schema of the settings; here is what a schema cannot say.

use crate::base::date::Date;
use crate::base::diagnostic::{Finding, Location};
use crate::rules::config_contexts::{AccountContext, SettingsContext};
use crate::rules::context::FileContext;
use crate::rules::file::schema_wording;
use crate::rules::file::schema_wording::PULLED;
use crate::rules::selection::the_rule;
use crate::rules::wording::{nearest, quote};
use crate::syntax::cursor::Cursor;

/// Patterns, days, pointers, and rules whose findings nobody can allow or turn off.
pub(crate) fn check_settings(cx: &mut SettingsContext<'_>) {
    let (root, violations) = (cx.root, cx.violations);
    cx.report_each(violations.iter().collect(), schema_wording::of_settings);
    if cx.account_leads_out {
        let message = "`account` leads out of the repository, so the snapshot is not read";
        let help = "name a file inside the repository, or name this one with `--account`";
        cx.report(Finding::new(root.field("account").location(), message, help).with_invalid_value());
    }
    let lists = root.field("overrides").items().chain(root.field("allow").items()).map(|entry| entry.field("files"));
    for pattern in lists.chain([root.field("include"), root.field("exclude")]).flat_map(|list| list.items()) {
        check_pattern(cx, &pattern);
    }
    for entry in root.field("allow").items() {
        check_allow(cx, &entry);
    }
    let tables = root.field("overrides").items().map(|entry| entry.field("severity")).chain([root.field("severity")]);
    for level in tables.flat_map(|table| table.children().collect::<Vec<_>>()) {
        check_level(cx, &level);
    }
}

fn check_pattern(cx: &mut SettingsContext<'_>, pattern: &Cursor<'_>) {
    let Some(text) = pattern.text() else { return };
    let (message, help) = if let Err(error) = globset::Glob::new(text) {
        (format!("{} is no pattern for file names: {}", quote(text), error.kind()), "close every bracket and brace")
    } else if text.starts_with('/') || text.split('/').any(|part| part == "..") {
        (
            format!("{} leads out of the project", quote(text)),
            "write the pattern as seen from the folder of the settings file, such as `portals/**`",
        )
    } else {
        return;
    };
    cx.report(Finding::new(pattern.location(), message, help));
}

fn check_allow(cx: &mut SettingsContext<'_>, entry: &Cursor<'_>) {
    let (rule, until, pointer) = (entry.field("rule"), entry.field("until"), entry.field("pointer"));
    if let Some(word) = rule.text()
        && is_about_files(word)
    {
        cx.report(not_allowable(word, rule.location()));
    }
    if let Some(day) = until.text()
        && day.parse::<Date>().is_err()
    {
        cx.report(no_day(day, until.location()));
    }
    if let Some(text) = pointer.text()
        && !text.is_empty()
        && !text.starts_with('/')
    {
        let message = format!("{} is no JSON Pointer: it does not start with `/`", quote(text));
        let help = "write the way to the field with slashes, such as `/customer_permissions/subscription_cancel`";
        cx.report(Finding::new(pointer.location(), message, help));
    }
}

fn check_level(cx: &mut SettingsContext<'_>, level: &Cursor<'_>) {
    if the_rule(level.key()).is_some_and(|rule| !rule.meta.configurable) {
        let message = format!("the severity of {} cannot be changed: it is about the file itself", quote(level.key()));
        cx.report(Finding::new(level.key_location(), message, "remove this line"));
    }
}

/// The account snapshot: what its schema says, and a day that is none.
pub(crate) fn check_account(cx: &mut AccountContext<'_>) {
    let violations = cx.violations;
    cx.report_each(violations.iter().collect(), schema_wording::of_account);
    let Some(pulled) = cx.environment.account.and_then(|account| account.pulled) else { return };
    if pulled.text().is_some_and(|text| text.parse::<Date>().is_err()) {
        cx.report(Finding::new(pulled.location(), "`pulled` is no day of the calendar", PULLED).with_invalid_value());
    }
}

/// In comments: what to do, for which rules, until when.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let remarks = cx.allow_comments;
    for remark in remarks {
        let place = |span| Location { pointer: String::new(), span };
        if !remark.has_known_verb() {
            let help = match nearest(remark.verb.text, ["allow", "allow-file"]) {
                Some(meant) => format!("did you mean {}?", quote(meant)),
                None => "write `portal-lint: allow RULE -- reason`, or `allow-file` for the whole file".into(),
            };
            let message = format!("a comment for the linter that it does not understand: {}", quote(remark.verb.text));
            cx.report(Finding::new(place(remark.verb.span), message, help));
            continue;
        }
        if remark.rules.is_empty() {
            let help = "write the code or the name of the rule behind `allow`";
            cx.report(Finding::new(place(remark.span), "this allows something and does not say what", help));
        }
        for rule in remark.rules.iter().filter(|rule| is_about_files(rule.text)) {
            cx.report(not_allowable(rule.text, place(rule.span)));
        }
        if let Some(day) = remark.until.filter(|day| day.text.parse::<Date>().is_err()) {
            cx.report(no_day(day.text, place(day.span)));
        }
    }
}

fn is_about_files(word: &str) -> bool {
    the_rule(word).is_some_and(|rule| rule.meta.is_about_the_file())
}

fn not_allowable(word: &str, place: Location) -> Finding {
    let message = format!("{} cannot be allowed: it is about the file itself", quote(word));
    Finding::new(place, message, "remove this, and mend what the rule finds")
}

fn no_day(day: &str, place: Location) -> Finding {
    let message = match day {
        "" => "`until` without a day behind it".to_owned(),
        day => format!("{} is no day of the calendar", quote(day)),
    };
    Finding::new(place, message, "write year, month and day, such as `2027-03-31`")
}
