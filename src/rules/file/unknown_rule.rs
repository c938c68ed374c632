//! RCP913: reports suppressions and severities for rules that do not exist.

use crate::base::diagnostic::{Finding, Location};
use crate::rules::config_contexts::SettingsContext;
use crate::rules::context::FileContext;
use crate::rules::selection::{find_rule, suggest_rule};
use crate::rules::wording::quote;

/// Checks `[[allow]]`, `[severity]` and the severities of `[[overrides]]` in the settings.
pub(crate) fn check_settings(cx: &mut SettingsContext<'_>) {
    for entry in cx.facts.root.field("allow").items() {
        let rule = entry.field("rule");
        if let Some(name) = rule.text()
            && find_rule(name).is_none()
        {
            cx.report(unknown_rule_finding(name, rule.location()));
        }
    }
    for severity in cx.facts.severities() {
        if find_rule(severity.key()).is_none() {
            cx.report(unknown_rule_finding(severity.key(), severity.key_location()));
        }
    }
}

/// Checks the comments of a file.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    for comment in cx.facts.allow_comments {
        // The rules of a comment with an unknown verb may be any words.
        if !comment.has_known_verb() {
            continue;
        }
        for rule in &comment.rules {
            if find_rule(rule.text).is_none() {
                let location = Location { pointer: String::new(), span: rule.span };
                cx.report(unknown_rule_finding(rule.text, location));
            }
        }
    }
}

fn unknown_rule_finding(name: &str, location: Location) -> Finding {
    let help = match suggest_rule(name) {
        Some(intended) => format!("did you mean {}?", quote(&intended)),
        None => "use the code or name of a rule: `portal-lint rules` lists them".into(),
    };
    Finding::new(location, format!("there is no rule {}", quote(name)), help)
}
