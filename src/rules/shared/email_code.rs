//! Reports an email whose reader does not see `{{email_code}}` (guide, "Critical Email Requirement"). Shared by the rules about
//! the confirmation email and about the password reset email.

use std::ops::Range;
use std::sync::Arc;

use crate::base::diagnostic::{Applicability, Finding, Severity};
use crate::base::sanitize::is_unprintable;
use crate::html::email_code::{CodeSearch, HiddenCode};
use crate::html::facts::HtmlFacts;
use crate::html::near_miss::{NearMiss, NearMissKind};
use crate::html::shortcodes::EMAIL_CODE;
use crate::html::style::DeclarationOrigin;
use crate::html::visibility::HiddenReason;
use crate::model::portal::EmailKind;
use crate::rules::context::PortalContext;
use crate::rules::wording::{describe_violation, quote_markup};
use crate::syntax::cursor::Cursor;
use crate::syntax::variables::variable_name;

/// Reports an email whose HTML is missing, not a string, or does not show the code. A missing email is left to other rules.
pub(crate) fn report_unseen_code(cx: &mut PortalContext<'_>, kind: EmailKind) {
    let email = cx.portal.email_html(kind);
    let html = email.cursor;
    let label = kind.label();
    let help = format!("set `html` to the text of {label}, including `{{{{email_code}}}}`");
    if html.is_missing() {
        let message = format!("{label} has no `html`");
        // Only a warning: `html` is optional, and whether RevCent then sends a text of its own is not documented.
        cx.report(Finding::new(html.location(), message, help).with_severity(Severity::Warning).with_invalid_value());
    } else if let Some(violation) = cx.owned_violations().into_iter().next() {
        cx.report(Finding::new(html.location(), describe_violation(&violation), help).with_invalid_value());
    } else if html.text().is_some_and(is_variable_with_invisible_characters) {
        // Another rule reports the characters, and the value of the variable is not known.
    } else if let Some(defect) = email.facts().and_then(|facts| find_code_defect(facts, kind)) {
        // In a file with syntax errors, the code may be in the part that could not be read.
        if defect.range.is_some() || !html.is_partial() {
            report_defect(cx, &html, defect);
        }
    }
}

fn is_variable_with_invisible_characters(text: &str) -> bool {
    variable_name(text.trim_matches(is_unprintable)).is_some()
}

fn report_defect<'a>(cx: &mut PortalContext<'a>, html: &Cursor<'a>, defect: CodeDefect) {
    let location = match &defect.range {
        Some(range) => cx.locate_part(html, range.clone()),
        None => html.location(),
    };
    let is_part = defect.range.is_some();
    let mut finding = Finding::new(location, defect.message, defect.help).with_severity(defect.severity);
    if let (Some(kind), Some(range)) = (defect.near_miss, defect.range) {
        let applicability = if kind.same_meaning() { Applicability::Safe } else { Applicability::Unsafe };
        let keeps_tags = html.text().and_then(|text| text.get(range.clone())).is_some_and(has_balanced_tags);
        let edits = if keeps_tags && kind.is_replaceable() { cx.replace_part(html, range, EMAIL_CODE) } else { None };
        finding = finding.with_fix(applicability, "replace it with `{{email_code}}`", edits);
    }
    finding.label = defect.label.map(str::to_owned);
    if let Some(origin) = defect.hidden_by {
        let span = cx.locate_part(html, origin.source.clone()).span;
        finding = finding.with_note(span, format!("{} hides it", quote_markup(&origin.text)));
    }
    cx.report(if is_part { finding.with_invalid_value() } else { finding });
}

/// Whether this part of the HTML can be replaced without separating a start tag from its end tag.
fn has_balanced_tags(html: &str) -> bool {
    // Without an end tag, `<` belongs to a near miss such as `<email_code>` or `<%= email_code %>`, which is not an element.
    !html.contains("</") || count_tags(html, "<") == count_tags(html, "</")
}

fn count_tags(html: &str, start: &str) -> usize {
    let tag_names = html.split(start).skip(1);
    tag_names.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).count()
}

/// Why the reader of an email does not see the code.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CodeDefect {
    /// Byte range in the HTML; `None` if the finding is about all of it.
    range: Option<Range<usize>>,
    severity: Severity,
    message: String,
    label: Option<&'static str>,
    help: String,
    /// The declaration that hides the code.
    hidden_by: Option<Arc<DeclarationOrigin>>,
    /// How the range differs from `{{email_code}}`, if it was probably meant to be the code.
    near_miss: Option<NearMissKind>,
}

/// Returns `None` if the reader sees the code.
fn find_code_defect(facts: HtmlFacts<'_>, kind: EmailKind) -> Option<CodeDefect> {
    match facts.email_code() {
        CodeSearch::Visible(_) => None,
        CodeSearch::NearMiss(near) => Some(near_miss_defect(near, facts.html, kind)),
        CodeSearch::Hidden(code) => Some(hidden_code_defect(code, kind)),
        CodeSearch::Absent => Some(absent_code_defect(facts.html, kind)),
    }
}

fn absent_code_defect(html: &str, kind: EmailKind) -> CodeDefect {
    let label = kind.label();
    let purpose = match kind {
        EmailKind::Confirm => "confirm their accounts",
        EmailKind::Reset => "reset their passwords",
    };
    let message = if html.trim().is_empty() {
        format!("{label} is empty, so customers cannot {purpose}")
    } else {
        format!("{label} does not contain `{{{{email_code}}}}`, so customers cannot {purpose}")
    };
    let help = format!("add `{{{{email_code}}}}` to the visible text of {label}");
    let severity = Severity::Error;
    CodeDefect { range: None, severity, message, label: None, help, hidden_by: None, near_miss: None }
}

fn near_miss_defect(near: &NearMiss, html: &str, kind: EmailKind) -> CodeDefect {
    let written = quote_markup(&html[near.range.clone()]);
    let difference = describe_difference(near.kind);
    CodeDefect {
        range: Some(near.range.clone()),
        severity: Severity::Error,
        message: format!("{} contains {written} instead of `{{{{email_code}}}}`: {difference}", kind.label()),
        label: Some("did you mean `{{email_code}}`?"),
        help: "write exactly `{{email_code}}`: two braces on each side, lowercase, no spaces".to_owned(),
        hidden_by: None,
        near_miss: Some(near.kind),
    }
}

fn describe_difference(kind: NearMissKind) -> &'static str {
    match kind {
        NearMissKind::Spaces => "the shortcode contains no spaces",
        NearMissKind::LetterCase => "the shortcode is all lowercase",
        NearMissKind::Spelling | NearMissKind::Typo => "the shortcode is spelled `email_code`",
        NearMissKind::OtherName => "the shortcode is named `email_code`",
        NearMissKind::OtherCharacters => "the shortcode contains only the name, without filters or other characters",
        NearMissKind::BlockStart => "the shortcode contains only the name and is not a block",
        NearMissKind::ExtraBraces
        | NearMissKind::ManyBraces
        | NearMissKind::OtherBrackets
        | NearMissKind::UnevenBraces => "the shortcode has two braces on each side",
        NearMissKind::Entities => "the shortcode contains no HTML entities",
        NearMissKind::SplitByTag => "a tag splits the shortcode",
        NearMissKind::InvisibleCharacter => "the shortcode contains no invisible characters",
    }
}

fn hidden_code_defect(code: &HiddenCode, kind: EmailKind) -> CodeDefect {
    let place = match &code.reason {
        HiddenReason::Comment => "in a comment".to_owned(),
        HiddenReason::Href => "in the URL of a link".to_owned(),
        HiddenReason::Attribute(name) => format!("in the {} attribute", quote_markup(name)),
        HiddenReason::Element(name) => format!("inside `<{name}>`"),
        HiddenReason::Declaration(origin) => format!("inside an element with {}", quote_markup(&origin.text)),
        HiddenReason::BrokenTag => "in a broken tag".to_owned(),
    };
    CodeDefect {
        range: Some(code.range.clone()),
        // A link that contains the code may be intended, but customers then have no code to type into the portal.
        severity: if code.reason == HiddenReason::Href { Severity::Warning } else { Severity::Error },
        message: format!("`{{{{email_code}}}}` is not visible in {}: it appears only {place}", kind.label()),
        label: None,
        help: "add `{{email_code}}` to the visible text as well".to_owned(),
        hidden_by: match &code.reason {
            HiddenReason::Declaration(origin) => Some(Arc::clone(origin)),
            _ => None,
        },
        near_miss: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::facts::ParsedHtml;

    #[test]
    fn the_first_defect_is_reported_at_its_bytes() {
        let cases: &[(&str, Option<&str>, &str)] = &[
            ("", None, "is empty"),
            (" \n", None, "is empty"),
            ("<p>Hello</p>", None, "does not contain"),
            ("<b>{{ email_code }}</b> {{code}}", Some("{{ email_code }}"), "spaces"),
            ("<!--{{email_code}}--> [[email_code]]", Some("[[email_code]]"), "two braces"),
            ("<!--{{email_code}}-->", Some("{{email_code}}"), "in a comment"),
            ("<a href='/{{email_code}}'>x</a>", Some("{{email_code}}"), "URL of a link"),
            ("<p style='font-size:0'>{{email_code}}", Some("{{email_code}}"), "`font-size:0`"),
            ("{{email_\u{200b}code}}", Some("{{email_\u{200b}code}}"), "invisible"),
        ];
        for kind in [EmailKind::Confirm, EmailKind::Reset] {
            for (html, place, part) in cases {
                let defect = find_code_defect(ParsedHtml::from_email(html).facts(html), kind).unwrap();
                assert_eq!(defect.range.map(|range| &html[range]), *place, "{html}");
                assert!(defect.message.contains(part), "{}", defect.message);
                assert!(defect.message.contains(kind.label()), "{}", defect.message);
                for sentence in [&defect.message, defect.label.unwrap_or("`"), &defect.help] {
                    assert!(sentence.starts_with(|c: char| c.is_lowercase() || c == '`'), "{sentence}");
                    assert!(!sentence.ends_with('.') && !sentence.contains(['\n', '\u{200b}']), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn one_visible_code_is_enough() {
        for html in ["{{email_code}}", "<!--{{email_code}}-->{{email_code}}", "{{ email_code }} {{email_code}}"] {
            assert_eq!(find_code_defect(ParsedHtml::from_email(html).facts(html), EmailKind::Confirm), None, "{html}");
        }
    }
}
