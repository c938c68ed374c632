//! RCP210: the emails ask for no shortcode but `{{email_code}}`.
//!
//! What stands in place of a code that is not there is RCP012 and RCP013; here are the shortcodes beside a good one.

use std::ops::Range;

use crate::base::diagnostic::{Applicability, Finding};
use crate::html::email_code::{CodeSearch, look_for_code};
use crate::html::fast_text::shortcodes_in_use;
use crate::html::near_miss::{self, is_like_the_code};
use crate::html::shortcodes::{EMAIL_CODE, Shortcode, email_codes, shortcodes};
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;

/// A shortcode, and whether `{{email_code}}` was meant.
type Unknown = (Range<usize>, bool);

/// The subject and the text of both emails.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for email in cx.portal.emails() {
        let subject = email.subject;
        if let Some(text) = subject.text().filter(|text| cx.prefilter.may_contain_shortcode() && may_hold_any(text)) {
            let found = shortcodes(text).filter(|code| !code.is_email_code(text));
            let found = found.map(|code| (code.range.clone(), is_like_the_code(&text[code.inner]))).collect();
            report(cx, &subject, &format!("the subject of {}", email.kind.label()), without_ends(text, found));
        }
        let Some(html) = cx.portal.email_html(email.kind) else { continue };
        let is_plain = html.simple_html.as_ref().is_some_and(|simple_html| simple_html.only_codes);
        if let Some(text) = html.cursor.text().filter(|text| !is_plain && may_hold_any(text)) {
            report(cx, &html.cursor, html.label, in_html(text));
        }
    }
}

/// A quick "no": all braces are those of good codes, and nothing looks like the brackets of another system.
fn may_hold_any(text: &str) -> bool {
    let braces = memchr::memchr2_iter(b'{', b'}', text.as_bytes()).count();
    (braces > 0 && braces != email_codes(text).count() * 4) || near_miss::may_be_in_other_brackets(text)
}

fn in_html(html: &str) -> Vec<Unknown> {
    let is_even = |code: &Shortcode| code.opening() == code.closing();
    let wanted = |code: &Shortcode| is_even(code) && !code.is_email_code(html);
    let codes = shortcodes_in_use(html, wanted);
    let mut found: Vec<Unknown> =
        codes.into_iter().map(|code| (code.range.clone(), is_like_the_code(&html[code.inner]))).collect();
    // Without a good code what is like one is RCP012 or RCP013.
    if matches!(look_for_code(html), CodeSearch::Visible(_)) {
        let near: Vec<Unknown> = near_miss::near_misses(html).into_iter().map(|near| (near.range, true)).collect();
        let mut next = near.iter().peekable();
        found.retain(|(range, _)| {
            while next.next_if(|(near, _)| near.end <= range.start).is_some() {}
            next.peek().is_none_or(|(near, _)| range.end <= near.start)
        });
        found.extend(near);
        found.sort_by_key(|(range, _)| range.start);
    } else {
        found.retain(|(_, is_like)| !is_like);
    }
    without_ends(html, found)
}

/// The ends of blocks go with their starts.
fn without_ends(text: &str, mut found: Vec<Unknown>) -> Vec<Unknown> {
    let mut depth = 0usize;
    found.retain(|(range, _)| {
        let inner = text[range.clone()].trim_matches(['{', '}']).trim_start_matches('~').trim_start();
        match inner.as_bytes().first() {
            Some(b'!') => false,
            Some(b'#' | b'^') if inner.len() > 1 => {
                depth += 1;
                true
            }
            Some(b'/') if depth > 0 => {
                depth -= 1;
                false
            }
            _ => depth == 0 || !(inner == "^" || inner.split_whitespace().next() == Some("else")),
        }
    });
    found
}

fn report<'a>(cx: &mut PortalContext<'a>, slot: &Cursor<'a>, words: &str, found: Vec<Unknown>) {
    let Some(text) = slot.text() else { return };
    cx.report_each(found, |cx, (range, is_like)| {
        let written = written(&text[range.clone()]);
        let (message, help) = if is_like {
            (
                format!("{words} has {written}, which is not quite `{{{{email_code}}}}`"),
                "write exactly `{{email_code}}`: two braces on each side, lower case, no spaces",
            )
        } else {
            (
                format!("{words} has {written}, and the only shortcode is `{{{{email_code}}}}`"),
                "write the words themselves in place of the shortcode",
            )
        };
        let edits = is_like.then(|| cx.replace_part(slot, range.clone(), EMAIL_CODE)).flatten();
        let mut finding = Finding::new(cx.locate_part(slot, range), message, help).with_invalid_value();
        finding.label = is_like.then(|| "did you mean `{{email_code}}`?".to_owned());
        finding.with_fix(Applicability::Unsafe, "write `{{email_code}}`", edits)
    });
}

/// A shortcode in a sentence: one line.
fn written(text: &str) -> String {
    quote(&text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect::<String>())
}
