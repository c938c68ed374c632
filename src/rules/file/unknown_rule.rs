//! RCP913: where a rule is named there is one of that code or name.

use crate::base::diagnostic::{Finding, Location};
use crate::rules::config_contexts::SettingsContext;
use crate::rules::context::FileContext;
use crate::rules::selection::{meant, the_rule};
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;

/// In `[[allow]]`, `[severity]` and the severities of `[[overrides]]`.
pub(crate) fn check_settings(cx: &mut SettingsContext<'_>) {
    let root = cx.root;
    for rule in root.field("allow").items().map(|entry| entry.field("rule")) {
        if let Some(word) = rule.text() {
            check(word, rule.location(), &mut |finding| cx.report(finding));
        }
    }
    let tables = root.field("overrides").items().map(|entry| entry.field("severity")).chain([root.field("severity")]);
    for level in tables.flat_map(|table| table.children().collect::<Vec<Cursor<'_>>>()) {
        check(level.key(), level.key_location(), &mut |finding| cx.report(finding));
    }
}

/// In comments.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let remarks = cx.allow_comments;
    for word in remarks.iter().filter(|remark| remark.has_known_verb()).flat_map(|remark| &remark.rules) {
        check(word.text, Location { pointer: String::new(), span: word.span }, &mut |finding| cx.report(finding));
    }
}

fn check(word: &str, place: Location, report: &mut dyn FnMut(Finding)) {
    if the_rule(word).is_some() {
        return;
    }
    let help = match meant(word) {
        Some(meant) => format!("did you mean {}?", quote(&meant)),
        None => "name a rule by its code or its name: `portal-lint rules` lists them".into(),
    };
    report(Finding::new(place, format!("there is no rule {}", quote(word)), help));
}
