//! RCP108: customers do not read RevCent's inner words (guide, "Misunderstanding `salvage_transaction_process`").
//!
//! Looked at is what they read: names, subjects, and of html its visible text and what stands in for pictures.

use std::ops::{ControlFlow, Range};

use crate::base::diagnostic::Finding;
use crate::html::tokenizer::{Tag, Token, scan};
use crate::html::visibility::VisibilityTracker;
use crate::html::visible_text::Prose;
use crate::model::portal::{Html, PERMISSIONS};
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;

/// The permissions in customers' words, in the order of [`PERMISSIONS`] (guide, "Permission Summary").
const MEANINGS: [&str; 12] = [
    "change your contact details",
    "add a card",
    "remove a card",
    "choose a default card",
    "change your shipping address",
    "renew your subscription",
    "re-activate your subscription",
    "suspend your subscription",
    "cancel your subscription",
    "expire your trial",
    "cancel your trial",
    "pay failed renewal",
];

/// A term that somebody reads: its bytes, and the permission it names, if it is the name of one.
type Read = (Range<usize>, Option<usize>);

/// Plain texts and html, each looked into only when a term may be in it.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let portal = cx.portal;
    let of_emails = portal.emails().iter().flat_map(|email| [&email.from_name, &email.subject]);
    let may_name_a_term = cx.prefilter.may_contain_system_term();
    for slot in [&portal.display_name].into_iter().chain(of_emails).filter(|_| may_name_a_term) {
        let Some(text) = slot.literal_text().filter(|text| may_hold_a_term(text)) else { continue };
        report(cx, slot, terms(text));
    }
    for Html { slot, simple_html, .. } in cx.portal.htmls() {
        // A good code has one underscore, and nothing else in it.
        let may_hold_a_term = |html: &&str| match simple_html {
            Some(simple_html) if simple_html.only_codes => {
                simple_html.signs_of_terms != simple_html.codes && may_hold_a_term(html)
            }
            _ => may_hold_a_term(html) || may_hide_a_term(html),
        };
        let Some(html) = slot.literal_text().filter(may_hold_a_term) else { continue };
        report(cx, slot, terms_of_html(html));
    }
}

fn report<'a>(cx: &mut PortalContext<'a>, slot: &Cursor<'a>, found: Vec<Read>) {
    cx.report_each(found, |cx, (range, permission)| {
        let (message, help) = match permission {
            Some(index) => (
                format!("customers read {}, the name of a permission", quote(PERMISSIONS[index])),
                format!("say it in their words, such as \"{}\"", MEANINGS[index]),
            ),
            None => (
                "customers read \"salvage transaction\", a term of RevCent's system".to_owned(),
                "say it in their words, such as \"pay failed renewal\" or \"complete overdue payment\"".to_owned(),
            ),
        };
        Finding::new(cx.locate_part(slot, range), message, help)
    });
}

/// A quick "no" for nearly every text. All terms have a `v` between `l` and `a`, or an underscore behind one of a few
/// letters and not that of `email_code`; a tag or an entity may cut them anywhere.
fn may_hold_a_term(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).map_or(b' ', u8::to_ascii_lowercase);
    let is_cut = |byte: u8| matches!(byte, b'<' | b'>' | b'&' | b';' | 0x80..);
    memchr::memchr3_iter(b'_', b'v', b'V', bytes).filter(|&index| index > 0).any(|index| {
        let (before, after) = (at(index - 1), at(index + 1));
        match bytes[index] {
            b'_' if before == b'l' => index > 1 && at(index - 2) == b'a',
            b'_' => is_cut(before) || b"tdgypne".contains(&before),
            _ => (before == b'l' || is_cut(before)) && (after == b'a' || is_cut(after)),
        }
    })
}

/// Whether characters of the html are written as numbers.
fn may_hide_a_term(html: &str) -> bool {
    memchr::memmem::find(html.as_bytes(), b"&#").is_some()
}

/// The terms in a text, in its order.
fn terms(text: &str) -> Vec<Read> {
    const PARTS: [&str; 2] = ["salvage", "transaction"];
    let lower = text.to_ascii_lowercase();
    let names = PERMISSIONS.iter().enumerate().flat_map(|(index, name)| {
        lower.match_indices(name).map(move |(start, name)| (start..start + name.len(), Some(index)))
    });
    let spoken = lower.match_indices(PARTS[0]).filter_map(|(start, _)| {
        let behind = &lower[start + PARTS[0].len()..];
        let next =
            behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '\u{2010}' | '\u{2011}'));
        let rest = next.strip_prefix(PARTS[1]).filter(|_| next.len() < behind.len())?;
        Some((start..lower.len() - rest.strip_prefix('s').unwrap_or(rest).len(), None))
    });
    let mut found: Vec<Read> = names.chain(spoken).filter(|(range, _)| is_read(&lower, range)).collect();
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// A word of its own, and neither a shortcode nor a part of an address.
fn is_read(text: &str, range: &Range<usize>) -> bool {
    /// Longer addresses are not shown to people; and a text without spaces must not cost a search for each term.
    const ADDRESS: usize = 256;
    let (before, behind) = (&text[..range.start], &text[range.end..]);
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let whole = !before.ends_with(in_word) && !behind.starts_with(in_word);
    let near = &before[before.floor_char_boundary(before.len().saturating_sub(ADDRESS))..];
    let start = near.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_address = start.contains("//") || start.contains('@') || start.contains("www.") || behind.starts_with('@');
    whole && !is_address && !near.trim_end().ends_with('{')
}

/// The terms a reader of html comes upon: in its text, and in `alt` and `title`.
fn terms_of_html(html: &str) -> Vec<Read> {
    let prose = Prose::of(html);
    let together = |range: &Range<usize>| !prose.is_broken(range.clone());
    let in_text = terms(&prose.text).into_iter().filter(|(range, _)| together(range));
    let mut found: Vec<Read> = in_text.map(|(range, term)| (prose.written(range), term)).collect();
    let mut tracker = VisibilityTracker::default();
    scan::<()>(html, |token| {
        match token {
            Token::Open(tag) => {
                tracker.open(html, &tag);
                if tracker.unseen().is_none() {
                    found.extend(terms_of_tag(html, &tag));
                }
            }
            Token::Close { name, .. } => tracker.close(name),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    found.sort_by_key(|(range, _)| range.start);
    found
}

fn terms_of_tag(html: &str, tag: &Tag<'_>) -> Vec<Read> {
    let mut found = Vec::new();
    for attribute in tag.attributes().filter(|attribute| matches!(attribute.name, "alt" | "title")) {
        let written = attribute.value_range;
        // With entities in it the place of a part is not known.
        let is_exact = html.get(written.clone()) == Some(attribute.value);
        let place = |range: Range<usize>| {
            if is_exact { written.start + range.start..written.start + range.end } else { written.clone() }
        };
        found.extend(terms(attribute.value).into_iter().map(|(range, term)| (place(range), term)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_that_a_reader_comes_upon_is_found_at_its_bytes() {
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
            assert!(may_hold_a_term(html) || may_hide_a_term(html), "{html}");
            let found: Vec<&str> = terms_of_html(html).into_iter().map(|(range, _)| &html[range]).collect();
            assert_eq!(found, [term], "{html}");
        }
    }

    #[test]
    fn every_permission_may_be_held_and_is_found() {
        for (index, name) in PERMISSIONS.into_iter().enumerate() {
            assert!(may_hold_a_term(name), "{name}");
            assert_eq!(terms(name), [(0..name.len(), Some(index))]);
        }
    }

    #[test]
    fn other_words_addresses_and_shortcodes_are_not_read_as_terms() {
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
            assert_eq!(terms_of_html(html), [], "{html}");
        }
    }

    #[test]
    fn what_portals_usually_say_is_not_looked_into() {
        for html in [
            "<p>Your confirmation code is: <strong>{{email_code}}</strong></p>",
            "<p>Need help? <a href=\"https://acme.com/?utm_source=mail\" target=\"_blank\">Visit us</a> &amp; save.</p>",
        ] {
            assert!(!may_hold_a_term(html) && !may_hide_a_term(html), "{html}");
        }
    }
}
