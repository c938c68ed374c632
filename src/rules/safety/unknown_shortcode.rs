//! RCP210: reports shortcodes other than `{{email_code}}` in the emails, and variables of other template systems.
//!
//! RCP012 and RCP013 report an email without `{{email_code}}`, and the misspelled shortcode in its place. This rule reports the
//! other shortcodes.

use std::ops::Range;

use crate::base::diagnostic::{Applicability, Finding};
use crate::html::email_code::CodeSearch;
use crate::html::facts::HtmlFacts;
use crate::html::foreign_variables::foreign_variables;
use crate::html::near_miss::{self, NearMiss, is_similar_to_email_code};
use crate::html::shortcodes::{EMAIL_CODE, Shortcode, email_codes, shortcodes};
use crate::rules::context::PortalContext;
use crate::rules::wording::quote_markup;
use crate::syntax::cursor::Cursor;

/// A shortcode that RevCent does not replace.
struct UnknownShortcode {
    range: Range<usize>,
    /// Whether it is a misspelling of `{{email_code}}`.
    is_near_miss: bool,
}

impl UnknownShortcode {
    fn new(code: Shortcode, text: &str) -> Self {
        Self { range: code.range, is_near_miss: is_similar_to_email_code(&text[code.inner]) }
    }
}

/// Checks the subject and the HTML of both emails.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for email in cx.portal.emails() {
        if let Some(text) = email.subject.text()
            && may_contain_unknown(text)
        {
            let label = format!("the subject of {}", email.kind.label());
            report_shortcodes(cx, &email.subject, &label, find_in_subject(text));
        }
        let html = cx.portal.email_html(email.kind);
        if let Some(facts) = html.facts()
            && may_contain_unknown(facts.html)
            && (near_miss::may_have_other_brackets(facts.html) || facts.has_other_braces())
        {
            report_shortcodes(cx, &html.cursor, html.label, find_in_html(facts));
        }
    }
}

/// A quick check that rejects nearly all texts: whether a text has braces that are not part of `{{email_code}}`, or something like
/// the brackets of another template system.
fn may_contain_unknown(text: &str) -> bool {
    let braces = memchr::memchr2_iter(b'{', b'}', text.as_bytes()).count();
    // Each `{{email_code}}` has four braces.
    (braces > 0 && braces != email_codes(text).count() * 4) || near_miss::may_have_other_brackets(text)
}

fn find_in_subject(text: &str) -> Vec<UnknownShortcode> {
    let unknown = shortcodes(text).filter(|code| !code.is_email_code(text));
    let mut found = unknown.map(|code| UnknownShortcode::new(code, text)).collect();
    add_foreign_variables(text, foreign_variables(text), &mut found);
    remove_block_ends(text, found)
}

/// Adds the variables of other template systems that do not overlap with the shortcodes that were found before.
fn add_foreign_variables(text: &str, variables: Vec<Shortcode>, found: &mut Vec<UnknownShortcode>) {
    let mut known = found.iter().map(|unknown| unknown.range.clone()).peekable();
    let mut new = Vec::new();
    for variable in variables {
        while known.next_if(|range| range.end <= variable.range.start).is_some() {}
        if known.peek().is_none_or(|range| variable.range.end <= range.start) {
            new.push(UnknownShortcode::new(variable, text));
        }
    }
    drop(known);
    found.append(&mut new);
    found.sort_by_key(|unknown| unknown.range.start);
}

fn find_in_html(facts: HtmlFacts<'_>) -> Vec<UnknownShortcode> {
    let html = facts.html;
    let is_unknown = |code: &Shortcode| code.opening() == code.closing() && !code.is_email_code(html);
    let unknown = facts.shortcodes(is_unknown).into_iter();
    let mut found = unknown.map(|code| UnknownShortcode::new(code, html)).collect();
    add_foreign_variables(html, facts.foreign_variables(), &mut found);
    if matches!(facts.email_code(), CodeSearch::Visible(_)) {
        add_near_misses(facts.near_misses(), &mut found);
    } else {
        // Without a visible code, RCP012 or RCP013 reports the misspelled one.
        found.retain(|unknown| !unknown.is_near_miss);
    }
    remove_block_ends(html, found)
}

/// Adds the misspellings of `{{email_code}}`, including those in other brackets, such as `[email_code]`. They replace the
/// shortcodes that they overlap with.
fn add_near_misses(near_misses: &[NearMiss], found: &mut Vec<UnknownShortcode>) {
    // Both lists are sorted, so one pass finds all overlaps. A search for each shortcode would take quadratic time.
    let mut pending = near_misses.iter().peekable();
    found.retain(|unknown| {
        while pending.next_if(|near_miss| near_miss.range.end <= unknown.range.start).is_some() {}
        pending.peek().is_none_or(|near_miss| unknown.range.end <= near_miss.range.start)
    });
    for near_miss in near_misses {
        found.push(UnknownShortcode { range: near_miss.range.clone(), is_near_miss: true });
    }
    found.sort_by_key(|unknown| unknown.range.start);
}

/// Keeps the start of each block (`{{#if}}`) and removes its other tags (`{{else}}`, `{{^}}`, `{{/if}}`), so that there is one
/// finding for each block. Removes comments (`{{! … }}`), too. This is the syntax of Mustache and Handlebars.
fn remove_block_ends(text: &str, mut found: Vec<UnknownShortcode>) -> Vec<UnknownShortcode> {
    let mut depth = 0usize;
    found.retain(|unknown| {
        let inner = text[unknown.range.clone()].trim_matches(['{', '}']);
        // Handlebars: `{{~#if}}` removes the white space before the block.
        let inner = inner.trim_start_matches('~').trim_start();
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

fn report_shortcodes<'a>(cx: &mut PortalContext<'a>, field: &Cursor<'a>, label: &str, found: Vec<UnknownShortcode>) {
    let Some(text) = field.text() else { return };
    cx.report_each(found, |cx, unknown| {
        let shortcode = quote_markup(&text[unknown.range.clone()]);
        if unknown.is_near_miss {
            near_miss_finding(cx, field, unknown.range, &format!("{label} contains {shortcode}"))
        } else {
            let message =
                format!("{label} contains {shortcode}, but `{{{{email_code}}}}` is the only documented shortcode");
            let help = "replace it with plain text";
            Finding::new(cx.locate_part(field, unknown.range), message, help).with_invalid_value()
        }
    });
}

fn near_miss_finding<'a>(cx: &PortalContext<'a>, field: &Cursor<'a>, range: Range<usize>, subject: &str) -> Finding {
    let message = format!("{subject}, which is not exactly `{{{{email_code}}}}`");
    let help = "write exactly `{{email_code}}`: two braces on each side, lowercase, no spaces";
    let edits = cx.replace_part(field, range.clone(), EMAIL_CODE);
    let finding = Finding::new(cx.locate_part(field, range), message, help).with_invalid_value();
    let finding = finding.with_label("did you mean `{{email_code}}`?");
    finding.with_fix(Applicability::Unsafe, "replace it with `{{email_code}}`", edits)
}
