//! RCP914: reports errors in the settings, in comments for the linter, and in the account snapshot.
//!
//! Most of them are violations of a schema, which [`schema_wording`] describes. The others are checked here.

use std::collections::HashSet;

use crate::base::date::Date;
use crate::base::diagnostic::{Finding, Location, Severity};
use crate::base::pattern::{MAX_PATTERN_LEN, compile_pattern};
use crate::base::source::Span;
use crate::model::account::ObjectKind;
use crate::rules::config_contexts::{
    AccountContext, AccountFacts, PatternsContext, SettingsContext, SettingsFacts, UnusedPattern,
};
use crate::rules::context::FileContext;
use crate::rules::file::schema_wording;
use crate::rules::file::schema_wording::PULLED_HELP;
use crate::rules::selection::find_rule;
use crate::rules::wording::{closest_match, quote};
use crate::syntax::allow_comment::AllowComment;
use crate::syntax::cursor::Cursor;

pub(crate) fn check_settings(cx: &mut SettingsContext<'_>) {
    let SettingsFacts { root, violations, outside_accounts, has_root } = cx.facts;
    cx.report_each(violations.iter().collect(), schema_wording::settings_finding);
    for location in outside_accounts {
        let (message, help) = if has_root {
            (
                "`account` is outside the root of the MCP server, so the snapshot is not read",
                "use a file inside the root",
            )
        } else {
            (
                "`account` is outside the repository, so the snapshot is not read",
                "use a file inside the repository, or pass this one with `--account`",
            )
        };
        cx.report(Finding::new(location.clone(), message, help).with_invalid_value());
    }
    for table in ["overrides", "allow", "environment"] {
        for entry in root.field(table).items() {
            check_pattern_list(cx, &entry.field("files"));
        }
    }
    check_pattern_list(cx, &root.field("include"));
    check_pattern_list(cx, &root.field("exclude"));
    for entry in root.field("allow").items() {
        check_allow_entry(cx, &entry);
    }
    for severity in cx.facts.severities() {
        check_severity(cx, &severity);
    }
}

fn check_pattern_list(cx: &mut SettingsContext<'_>, patterns: &Cursor<'_>) {
    for pattern in patterns.items() {
        if let Some((message, help)) = pattern.text().and_then(pattern_problem) {
            cx.report(Finding::new(pattern.location(), message, help));
        }
    }
}

/// Why a pattern can match nothing in the project, and what to do.
fn pattern_problem(text: &str) -> Option<(String, &'static str)> {
    let name = quote(text);
    if has_backslash_separator(text) {
        let message = format!("{name} matches nothing, because `\\` does not separate folders");
        return Some((message, "write `/` between folders"));
    }
    if text.starts_with('!') {
        let message = format!("{name} matches nothing, because `!` does not negate a pattern");
        return Some((message, "list only the files to match, without `!`"));
    }
    if let Err(error) = compile_pattern(text) {
        let help = if text.len() > MAX_PATTERN_LEN { "shorten the pattern" } else { "close all brackets and braces" };
        return Some((format!("{name} is not a valid file pattern: {error}"), help));
    }
    let path = text.strip_prefix("./").unwrap_or(text);
    if text.starts_with('/') || path == ".." || path.starts_with("../") {
        let help = "write the pattern relative to the folder of the settings file, such as `portals/**`";
        return Some((format!("{name} is outside the project"), help));
    }
    if ["", "."].contains(&path.trim_end_matches('/')) {
        let message = format!("{name} matches nothing, because it names no file or folder");
        return Some((message, "write `**` for everything in the project"));
    }
    let part = path.trim_end_matches('/').split('/').find(|part| ["", ".", ".."].contains(part))?;
    let (part, help) = match part {
        "" => ("//", "write one `/` between folders"),
        part => (part, "write the path without `.` and `..`"),
    };
    Some((format!("{name} matches nothing, because no path of a file contains {}", quote(part)), help))
}

pub(crate) fn check_patterns(cx: &mut PatternsContext<'_>) {
    // `check_settings` has already reported the patterns that can never match.
    let reported: HashSet<Span> = cx.findings.iter().map(|known| known.finding.location.span).collect();
    let unused = cx.facts.iter().filter(|pattern| !reported.contains(&pattern.location.span)).collect();
    cx.report_each(unused, unused_pattern_finding);
}

fn unused_pattern_finding(pattern: &UnusedPattern) -> Finding {
    let UnusedPattern { text, location, nested_folder } = pattern;
    let name = quote(text);
    let Some(folder) = nested_folder else {
        let message = format!("{name} matches no file in the project");
        let finding = Finding::new(location.clone(), message, "remove or correct it");
        return finding.with_severity(Severity::Advice);
    };
    let message =
        format!("{name} matches nothing, because {} is not in the folder of the settings file", quote(folder));
    let help = format!("write {}", quote(&format!("**/{}/**", text.trim_end_matches('/'))));
    Finding::new(location.clone(), message, help)
}

/// Whether a pattern has a backslash that does not escape a bracket, a brace or a `!`.
fn has_backslash_separator(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some((_, after)) = rest.split_once('\\') {
        match after.strip_prefix(['[', ']', '{', '}', '!']) {
            Some(after) => rest = after,
            None => return true,
        }
    }
    false
}

fn check_allow_entry(cx: &mut SettingsContext<'_>, entry: &Cursor<'_>) {
    let (rule, until, pointer) = (entry.field("rule"), entry.field("until"), entry.field("pointer"));
    if let Some(name) = rule.text()
        && is_about_the_file(name)
    {
        cx.report(not_suppressible_finding(name, rule.location()));
    }
    if let Some(day) = until.text()
        && day.parse::<Date>().is_err()
    {
        cx.report(invalid_day_finding(day, until.location()));
    }
    // RFC 6901, section 3: a JSON Pointer is empty or starts with a slash.
    if let Some(text) = pointer.text()
        && !text.is_empty()
        && !text.starts_with('/')
    {
        let message = format!("{} is not a JSON Pointer: it does not start with `/`", quote(text));
        let help = "use a pointer such as `/customer_permissions/subscription_cancel`";
        cx.report(Finding::new(pointer.location(), message, help));
    }
}

/// `severity` is an entry of a severity table, whose key is a rule.
fn check_severity(cx: &mut SettingsContext<'_>, severity: &Cursor<'_>) {
    let Some(rule) = find_rule(severity.key()) else { return };
    if !rule.meta.configurable {
        let name = quote(severity.key());
        let message = format!("the severity of {name} cannot be changed, because the rule is about the file itself");
        cx.report(Finding::new(severity.key_location(), message, "remove this line"));
    }
}

pub(crate) fn check_account(cx: &mut AccountContext<'_>) {
    let AccountFacts { violations, environment } = cx.facts;
    cx.report_each(violations.iter().collect(), schema_wording::account_finding);
    let Some(account) = environment.account else { return };
    for kind in ObjectKind::ALL {
        let conflicts = account.list(kind).map(|list| list.conflicts.clone()).unwrap_or_default();
        cx.report_each(conflicts, |[first, other]| conflict_finding(kind, &first, &other));
    }
    let Some(pulled) = account.pulled else { return };
    let Some(text) = pulled.text() else { return };
    // The schema accepts any text.
    if text.parse::<Date>().is_err() {
        let message = "`pulled` is not a valid date";
        cx.report(Finding::new(pulled.location(), message, PULLED_HELP).with_invalid_value());
    }
}

fn conflict_finding(kind: ObjectKind, first: &Cursor<'_>, other: &Cursor<'_>) -> Finding {
    let id = other.field("id");
    let name = quote(id.text().unwrap_or_default());
    let message = format!("the snapshot has two different entries for the {} {name}", kind.label());
    Finding::new(id.location(), message, "remove the entry that is wrong, or take the snapshot again")
        .with_note(first.field("id").span(), "the other entry")
}

/// Checks the comments of a file.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    for comment in cx.facts.allow_comments {
        if comment.has_known_verb() {
            check_allow_comment(cx, comment);
        } else {
            cx.report(unknown_verb_finding(comment));
        }
    }
}

fn check_allow_comment(cx: &mut FileContext<'_>, comment: &AllowComment<'_>) {
    if comment.rules.is_empty() {
        let location = Location { pointer: String::new(), span: comment.span };
        let help = "add the code or name of the rule after `allow`";
        cx.report(Finding::new(location, "this comment does not name the rule that it allows", help));
    }
    for rule in &comment.rules {
        if is_about_the_file(rule.text) {
            let location = Location { pointer: String::new(), span: rule.span };
            cx.report(not_suppressible_finding(rule.text, location));
        }
    }
    if let Some(until) = comment.until
        && until.text.parse::<Date>().is_err()
    {
        let location = Location { pointer: String::new(), span: until.span };
        cx.report(invalid_day_finding(until.text, location));
    }
}

fn unknown_verb_finding(comment: &AllowComment<'_>) -> Finding {
    let verb = comment.verb;
    let location = Location { pointer: String::new(), span: verb.span };
    let message = format!("unknown portal-lint comment: {}", quote(verb.text));
    let help = match closest_match(verb.text, ["allow", "allow-file"]) {
        Some(intended) => format!("did you mean {}?", quote(intended)),
        None => "write `portal-lint: allow RULE -- reason`, or `allow-file` for the whole file".into(),
    };
    Finding::new(location, message, help)
}

fn is_about_the_file(rule_name: &str) -> bool {
    find_rule(rule_name).is_some_and(|rule| rule.meta.is_about_the_file())
}

fn not_suppressible_finding(rule_name: &str, location: Location) -> Finding {
    let message = format!("{} cannot be allowed, because the rule is about the file itself", quote(rule_name));
    Finding::new(location, message, "remove this, and fix what the rule reports")
}

fn invalid_day_finding(day: &str, location: Location) -> Finding {
    let message = match day {
        "" => "`until` has no date".to_owned(),
        day => format!("{} is not a valid date", quote(day)),
    };
    Finding::new(location, message, "write the year, month, and day, such as `2027-03-31`")
}
