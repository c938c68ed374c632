//! RCP108: reports internal terms of RevCent in texts that customers read: the names of permissions, and "salvage transaction"
//! (guide, "Misunderstanding `salvage_transaction_process`").
//!
//! Customers read the display name, the subjects and senders of emails, and the visible text of HTML with `alt` and `title`.

use std::ops::Range;

use crate::base::diagnostic::Finding;
use crate::html::facts::HtmlFacts;
use crate::html::tree::Element;
use crate::html::visibility::Visibility;
use crate::model::portal::PERMISSIONS;
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;

/// What each of the [`PERMISSIONS`] lets customers do, in their words (guide, "Permission Summary").
const CUSTOMER_WORDS: [&str; 12] = [
    "change your contact details",
    "add a card",
    "remove a card",
    "choose a default card",
    "change your shipping address",
    "renew your subscription",
    "reactivate your subscription",
    "suspend your subscription",
    "cancel your subscription",
    "expire your trial",
    "cancel your trial",
    "pay failed renewal",
];

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    check_plain_texts(cx);
    for html in cx.portal.htmls() {
        if html.cursor.literal_text().is_some_and(may_html_contain_term)
            && let Some(facts) = html.facts()
        {
            report_terms(cx, &html.cursor, find_terms_in_html(facts));
        }
    }
}

fn check_plain_texts(cx: &mut PortalContext<'_>) {
    let portal = cx.portal;
    let [confirm, reset] = portal.emails();
    let texts = [&portal.display_name, &confirm.from_name, &confirm.subject, &reset.from_name, &reset.subject];
    for field in texts {
        let Some(text) = field.literal_text() else { continue };
        if may_contain_term(text) {
            report_terms(cx, field, find_terms(text));
        }
    }
}

fn report_terms<'a>(cx: &mut PortalContext<'a>, field: &Cursor<'a>, terms: Vec<Term>) {
    cx.report_each(terms, |cx, term| {
        let (message, help) = match term.permission {
            Some(index) => (
                format!("customers can read {}, the name of a permission", quote(PERMISSIONS[index])),
                format!("use words that customers understand, such as \"{}\"", CUSTOMER_WORDS[index]),
            ),
            None => (
                "customers can read \"salvage transaction\", an internal RevCent term".to_owned(),
                "use words that customers understand, such as \"pay failed renewal\" or \"complete overdue payment\""
                    .to_owned(),
            ),
        };
        Finding::new(cx.locate_part(field, term.range), message, help)
    });
}

/// A term that customers read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    /// Byte range in the text or HTML.
    range: Range<usize>,
    /// The index in [`PERMISSIONS`]; `None` for "salvage transaction".
    permission: Option<usize>,
}

/// Rejects nearly all HTML before its visible text is extracted.
fn may_html_contain_term(html: &str) -> bool {
    may_contain_term(html) || has_numeric_entity(html)
}

/// Rejects nearly all texts with a search for single bytes. Each term contains the letters `lva`, or an underscore that follows
/// one of a few letters and is not the underscore of `email_code`. A tag or an entity may be between any two letters.
fn may_contain_term(text: &str) -> bool {
    let bytes = text.as_bytes();
    for index in memchr::memchr3_iter(b'_', b'v', b'V', bytes) {
        let Some(before) = index.checked_sub(1).map(|index| bytes[index].to_ascii_lowercase()) else { continue };
        let after = bytes.get(index + 1).map_or(b' ', u8::to_ascii_lowercase);
        let may_be_term = match bytes[index] {
            // `trial_cancel` has `al_`, and `email_code`, which nearly all emails contain, has `il_`.
            b'_' if before == b'l' => index > 1 && bytes[index - 2].eq_ignore_ascii_case(&b'a'),
            b'_' => is_interruption(before) || b"tdgypne".contains(&before),
            _ => (before == b'l' || is_interruption(before)) && (after == b'a' || is_interruption(after)),
        };
        if may_be_term {
            return true;
        }
    }
    false
}

/// Whether a byte can be part of a tag, an entity or an invisible character inside a term.
fn is_interruption(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'&' | b';' | 0x80..)
}

/// Whether the HTML has a numeric character reference, which can stand for any letter.
fn has_numeric_entity(html: &str) -> bool {
    memchr::memmem::find(html.as_bytes(), b"&#").is_some()
}

/// Finds the terms in a text, in their order.
fn find_terms(text: &str) -> Vec<Term> {
    let lower = text.to_ascii_lowercase();
    let mut terms = Vec::new();
    for (index, name) in PERMISSIONS.into_iter().enumerate() {
        for (start, _) in lower.match_indices(name) {
            terms.push(Term { range: start..start + name.len(), permission: Some(index) });
        }
    }
    for (start, _) in lower.match_indices(SALVAGE) {
        if let Some(length) = salvage_transaction_length(&lower[start..]) {
            terms.push(Term { range: start..start + length, permission: None });
        }
    }
    terms.retain(|term| is_separate_word(&lower, &term.range));
    terms.sort_by_key(|term| term.range.start);
    terms
}

const SALVAGE: &str = "salvage";

/// The length of the term at the start of a text that starts with `salvage`: "salvage transaction", "salvage-transactions".
fn salvage_transaction_length(text: &str) -> Option<usize> {
    let after_salvage = &text[SALVAGE.len()..];
    // U+2010 and U+2011 are hyphens.
    let after_separator = after_salvage
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '\u{2010}' | '\u{2011}'));
    if after_separator.len() == after_salvage.len() {
        return None;
    }
    let after_term = after_separator.strip_prefix("transaction")?;
    let after_term = after_term.strip_prefix('s').unwrap_or(after_term);
    Some(text.len() - after_term.len())
}

/// Whether a term is a word of its own, and not part of a longer word, a shortcode, a URL or an email address.
fn is_separate_word(text: &str, range: &Range<usize>) -> bool {
    /// A limit on the search for the start of an address. Without it, the time is quadratic for a long text without spaces.
    const MAX_ADDRESS_LENGTH: usize = 256;
    let (before, after) = (&text[..range.start], &text[range.end..]);
    if before.ends_with(is_word_char) || after.starts_with(is_word_char) {
        return false;
    }
    let nearby = &before[before.floor_char_boundary(before.len().saturating_sub(MAX_ADDRESS_LENGTH))..];
    if nearby.trim_end().ends_with('{') {
        return false;
    }
    let word_start = nearby.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_url = word_start.contains("//") || word_start.contains("www.");
    let is_email_address = word_start.contains('@') || after.starts_with('@');
    !is_url && !is_email_address
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Finds the terms in the visible text of HTML and in its `alt` and `title` attributes, in their order.
fn find_terms_in_html(facts: HtmlFacts<'_>) -> Vec<Term> {
    let visible = facts.visible_text();
    let mut terms = Vec::new();
    for term in find_terms(&visible.text) {
        // Words in two paragraphs, such as `salvage</p><p>transaction`, are not a term.
        if !visible.contains_line_break(term.range.clone()) {
            terms.push(Term { range: visible.source_range(term.range), ..term });
        }
    }
    let mut visibility = Visibility::new(facts.tree());
    for id in facts.tree().ids() {
        let Some(element) = facts.tree().element(id) else { continue };
        let in_attributes = find_terms_in_attributes(facts, element);
        if !in_attributes.is_empty() && visibility.hidden_reason(id).is_none() {
            terms.extend(in_attributes);
        }
    }
    terms.sort_by_key(|term| term.range.start);
    terms
}

fn find_terms_in_attributes(facts: HtmlFacts<'_>, element: &Element) -> Vec<Term> {
    let mut terms = Vec::new();
    for attribute in facts.tree().attributes(element) {
        if matches!(&*attribute.name, "alt" | "title") {
            let value = attribute.mapped_value();
            for term in find_terms(&value.text) {
                terms.push(Term { range: value.source_range(term.range), ..term });
            }
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::facts::ParsedHtml;

    #[test]
    fn visible_terms_are_found_at_their_bytes() {
        for (html, term) in [
            ("Salvage transaction", "Salvage transaction"),
            ("<p>No SALVAGE\n TRANSACTIONS, please</p>", "SALVAGE\n TRANSACTIONS"),
            ("<p>salvage&nbsp;<b>transaction</b></p>", "salvage&nbsp;<b>transaction"),
            ("<p>sal<i>v</i>age-transactions</p>", "sal<i>v</i>age-transactions"),
            ("<p>sal\u{ad}vage transaction</p>", "sal\u{ad}vage transaction"),
            ("sal&#118;age transaction", "sal&#118;age transaction"),
            ("(salvage_transaction_process)", "salvage_transaction_process"),
            ("trial<wbr>_cancel", "trial<wbr>_cancel"),
            ("Credit&#95;Card&#95;Add", "Credit&#95;Card&#95;Add"),
            ("<img alt='contact_modify'>", "contact_modify"),
        ] {
            assert!(may_contain_term(html) || has_numeric_entity(html), "{html}");
            let found: Vec<&str> = find_terms_in_html(ParsedHtml::from_email(html).facts(html))
                .into_iter()
                .map(|term| &html[term.range])
                .collect();
            assert_eq!(found, [term], "{html}");
        }
    }

    #[test]
    fn each_permission_passes_the_prefilter_and_is_found() {
        for (index, name) in PERMISSIONS.into_iter().enumerate() {
            assert!(may_contain_term(name), "{name}");
            assert_eq!(find_terms(name), [Term { range: 0..name.len(), permission: Some(index) }]);
        }
    }

    #[test]
    fn similar_words_addresses_shortcodes_and_hidden_text_are_not_terms() {
        for html in [
            "salvaged transactions",
            "salvage</p><p>transaction",
            "salvagetransaction",
            "my_trial_cancel trial_cancelled",
            "https://acme.com/trial_cancel",
            "www.acme.com/trial_cancel trial_cancel@acme.com",
            "{{trial_cancel}} {{ trial_cancel }} {{email_code}}",
            "<p hidden>salvage transaction</p><!-- salvage transaction -->",
            "<p class='trial_cancel' data-x='salvage transaction'>email_code</p>",
        ] {
            assert_eq!(find_terms_in_html(ParsedHtml::from_email(html).facts(html)), [], "{html}");
        }
    }

    #[test]
    fn typical_emails_are_rejected_by_the_prefilter() {
        for html in [
            "<p>Your confirmation code is: <strong>{{email_code}}</strong></p>",
            "<p>Need help? <a href=\"https://acme.com/?utm_source=mail\" target=\"_blank\">Visit us</a> &amp; save.</p>",
        ] {
            assert!(!may_contain_term(html) && !has_numeric_entity(html), "{html}");
        }
    }
}
