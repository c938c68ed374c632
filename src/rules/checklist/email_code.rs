//! RCP012 and RCP013: the reader of each email gets to see `{{email_code}}` (guide, "Critical Email Requirement").
//!
//! The logic both share. An email without any html is the callers' to report.

use std::ops::Range;

use crate::base::diagnostic::{Applicability, Finding, Severity};
use crate::base::sanitize::is_unprintable;
use crate::html::email_code::{CodeSearch, HiddenCode, look_for_code};
use crate::html::near_miss::{NearKind, NearMiss};
use crate::html::shortcodes::EMAIL_CODE;
use crate::html::visibility::HiddenReason;
use crate::model::portal::EmailKind;
use crate::rules::context::PortalContext;
use crate::rules::wording::wrong_type;

/// What there is to say about an email's html.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Bytes of the html; `None` is the whole value.
    pub range: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What the underline says beyond the message.
    pub label: Option<&'static str>,
    /// The one thing to do.
    pub help: String,
    /// Always an error; a warning is only for html that is left out.
    pub severity: Severity,
    /// When `{{email_code}}` in place of the range means the same or is what was probably meant.
    pub near: Option<NearKind>,
}

/// Says what is wrong with the html of one email: left out (a warning: whether RevCent has a text of its own is not
/// documented), no text, or without a code that its reader sees.
pub(crate) fn report(cx: &mut PortalContext<'_>, which: EmailKind) {
    let Some(text) = cx.portal.email_html(which) else { return };
    if text.simple_html.as_ref().is_some_and(|simple_html| simple_html.code.is_some()) {
        return;
    }
    let html = text.slot;
    let help = || format!("write the text of {} as `html`, with `{{{{email_code}}}}` in it", which.words());
    if html.is_missing() {
        let message = format!("{} has no text of its own: there is no `html`", which.words());
        cx.report(Finding::new(html.location(), message, help()).with_severity(Severity::Warning).with_invalid_value());
    } else if let Some(violation) = cx.owned_violations().into_iter().next() {
        cx.report(Finding::new(html.location(), wrong_type(&violation), help()).with_invalid_value());
    } else if let Some(verdict) = html.text().and_then(|text| judge(text, which)) {
        // In a text with holes the code may have stood in a hole.
        if verdict.range.is_none() && html.is_partial() {
            return;
        }
        let (place, is_part) = match &verdict.range {
            Some(range) => (cx.locate_part(&html, range.clone()), true),
            None => (html.location(), false),
        };
        let mut finding = Finding::new(place, verdict.message, verdict.help).with_severity(verdict.severity);
        if let (Some(near), Some(range)) = (verdict.near, verdict.range) {
            let applicability = if near.same_meaning() { Applicability::Safe } else { Applicability::Unsafe };
            let keeps_tags = html.text().and_then(|text| text.get(range.clone())).is_some_and(tags_are_whole);
            let edits = (keeps_tags && near.is_whole()).then(|| cx.replace_part(&html, range, EMAIL_CODE)).flatten();
            finding = finding.with_fix(applicability, "write `{{email_code}}` in its place", edits);
        }
        finding.label = verdict.label.map(str::to_owned);
        cx.report(if is_part { finding.with_invalid_value() } else { finding });
    }
}

/// Whether a stretch of html can go without leaving half an element behind.
fn tags_are_whole(html: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic();
    let tag =
        |mark: &str| html.match_indices(mark).filter(|(at, _)| html[at + mark.len()..].starts_with(letter)).count();
    // `<email_code>` and `<%= email_code %>` are no elements, but brackets.
    !html.contains("</") || tag("<") == tag("</")
}

/// What the customer needs the code for.
fn purpose(which: EmailKind) -> &'static str {
    match which {
        EmailKind::Confirm => "confirm the account",
        EmailKind::Reset => "set a new password",
    }
}

/// `None` when the reader sees the code.
pub(crate) fn judge(html: &str, which: EmailKind) -> Option<Verdict> {
    let email = which.words();
    match look_for_code(html) {
        CodeSearch::Visible(_) => None,
        CodeSearch::NearMisses(near) => near.first().map(|near| near_miss(near, which)),
        CodeSearch::Hidden(hidden) => hidden.first().map(|code| unseen(code, which)),
        CodeSearch::Absent => {
            let blank = html.trim().is_empty();
            let message = if blank {
                format!("{email} is empty: customers cannot {} without `{{{{email_code}}}}`", purpose(which))
            } else {
                format!("{email} does not contain `{{{{email_code}}}}`: customers cannot {}", purpose(which))
            };
            let help = format!("put `{{{{email_code}}}}` where {email} tells the customer the code");
            Some(Verdict { label: None, range: None, message, help, severity: Severity::Error, near: None })
        }
    }
}

fn near_miss(near: &NearMiss<'_>, which: EmailKind) -> Verdict {
    let written = quoted(near.written);
    Verdict {
        range: Some(near.range.clone()),
        message: format!("{} has {written} in place of `{{{{email_code}}}}`: {}", which.words(), difference(near.kind)),
        label: Some("did you mean `{{email_code}}`?"),
        help: "write exactly `{{email_code}}`: two braces on each side, lower case, no spaces".to_owned(),
        severity: Severity::Error,
        near: Some(near.kind),
    }
}

/// What makes it something else.
fn difference(kind: NearKind) -> &'static str {
    match kind {
        NearKind::Spaces => "the shortcode has no spaces inside",
        NearKind::LetterCase => "the shortcode is all lower case",
        NearKind::Spelling | NearKind::Typo => "the shortcode is spelt `email_code`",
        NearKind::OtherName => "the shortcode is called `email_code`",
        NearKind::Signs => "the shortcode is the name alone, without filters and other signs",
        NearKind::Block => "the shortcode is the name alone, and no block",
        NearKind::ExtraBraces | NearKind::ManyBraces | NearKind::OtherBrackets | NearKind::UnevenBraces => {
            "the shortcode has two braces on each side"
        }
        NearKind::Entities => "the shortcode has no html entities in it",
        NearKind::SplitByTag => "a tag splits the shortcode",
        NearKind::InvisibleCharacter => "an invisible character is inside the shortcode",
    }
}

fn unseen(code: &HiddenCode, which: EmailKind) -> Verdict {
    let place = match &code.why {
        HiddenReason::Comment => "inside a comment".to_owned(),
        HiddenReason::Href => "in the address of a link".to_owned(),
        HiddenReason::Attribute(name) => format!("inside the attribute {}", quoted(name)),
        HiddenReason::Element(name) => format!("inside `<{name}>`"),
        HiddenReason::Hidden(how) => format!("inside an element with `{how}`"),
        HiddenReason::BrokenTag => "inside a broken tag".to_owned(),
    };
    Verdict {
        range: Some(code.range.clone()),
        message: format!("the reader of {} does not see `{{{{email_code}}}}`: it is only {place}", which.words()),
        label: None,
        help: "put `{{email_code}}` into the visible text as well".to_owned(),
        severity: Severity::Error,
        near: None,
    }
}

/// Text of the html as a code span: one line, not long, nothing invisible.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 48;
    let blank = |c: char| if c.is_whitespace() { ' ' } else { c };
    let shown = |c: &char| *c != '`' && !is_unprintable(*c);
    let mut short: String = text.chars().map(blank).filter(shown).take(LONGEST).collect();
    if text.chars().count() > LONGEST {
        short.push('…');
    }
    format!("`{short}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_defect_is_said_once_at_its_bytes() {
        let cases: &[(&str, Option<&str>, &str)] = &[
            ("", None, "is empty"),
            (" \n", None, "is empty"),
            ("<p>Hello</p>", None, "does not contain"),
            ("<b>{{ email_code }}</b> {{code}}", Some("{{ email_code }}"), "spaces"),
            ("<!--{{email_code}}--> [[email_code]]", Some("[[email_code]]"), "two braces"),
            ("<!--{{email_code}}-->", Some("{{email_code}}"), "inside a comment"),
            ("<a href='/{{email_code}}'>x</a>", Some("{{email_code}}"), "address of a link"),
            ("<p style='font-size:0'>{{email_code}}", Some("{{email_code}}"), "`font-size:0`"),
            ("{{email_\u{200b}code}}", Some("{{email_\u{200b}code}}"), "invisible"),
        ];
        for which in [EmailKind::Confirm, EmailKind::Reset] {
            for (html, place, part) in cases {
                let verdict = judge(html, which).unwrap();
                assert_eq!(verdict.range.map(|range| &html[range]), *place, "{html}");
                assert!(verdict.message.contains(part), "{}", verdict.message);
                assert!(verdict.message.contains(which.words()), "{}", verdict.message);
                for sentence in [&verdict.message, verdict.label.unwrap_or("`"), &verdict.help] {
                    assert!(sentence.starts_with(|c: char| c.is_lowercase() || c == '`'), "{sentence}");
                    assert!(!sentence.ends_with('.') && !sentence.contains(['\n', '\u{200b}']), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn a_code_that_is_seen_is_enough() {
        for html in ["{{email_code}}", "<!--{{email_code}}-->{{email_code}}", "{{ email_code }} {{email_code}}"] {
            assert_eq!(judge(html, EmailKind::Confirm), None, "{html}");
        }
    }
}
