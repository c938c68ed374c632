//! RCP101: no value is made up.
//!
//! Ids and keys that nobody was given, and reserved domains (RFC 2606, RFC 6761) where mail or customers would go.

use std::ops::{ControlFlow, Range};

use crate::base::bytes::swar::{ONES, holds, pair};
use crate::base::diagnostic::{Finding, Severity};
use crate::html::fast_scan::Calm;
use crate::html::tokenizer::{Token, scan};
use crate::html::urls;
use crate::model::portal::Html;
use crate::rules::context::PortalContext;
use crate::rules::wording::{quote, trim};
use crate::schema::Kind;
use crate::syntax::cursor::Cursor;

/// Ids, keys, senders and links.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.ids.has_made_up {
        ids_and_keys(cx);
    }
    // An export is what runs; who reads it knows its domains.
    if cx.kind() != Kind::Export {
        senders(cx);
        links(cx);
    }
}

fn ids_and_keys(cx: &mut PortalContext<'_>) {
    for slot in cx.portal.ids_and_keys() {
        let Some(why) = slot.literal_text().and_then(made_up) else { continue };
        let secret = slot.key() == "secret_key";
        let written = slot.text().filter(|_| !secret).map(|text| format!(" {}", quote(text))).unwrap_or_default();
        let message = format!("the {}{written} is made up: it is {why}", thing(slot));
        let help = if secret || slot.key() == "site_key" {
            "copy the key from the reCAPTCHA admin console"
        } else {
            "write the real id, as RevCent gave it"
        };
        cx.report(Finding::new(slot.place(), message, help).of_value());
    }
}

/// What an id or a key is of.
pub(crate) fn thing(slot: &Cursor<'_>) -> &'static str {
    match slot.keys().find(|key| !matches!(*key, "customer_filters" | "recaptcha")) {
        Some("tracking_domain") => "tracking domain id",
        Some("smtp_profile") => "SMTP profile id",
        Some("site_key") => "reCAPTCHA site key",
        Some("secret_key") => "reCAPTCHA secret key",
        Some("third_party_shop") => "shop id",
        Some("customer_portal_id" | "id") => "portal id",
        _ => "campaign id",
    }
}

/// Why an id or key cannot be a real one.
pub(crate) fn made_up(text: &str) -> Option<&'static str> {
    let text = trim(text).as_bytes();
    let (first, last) = (*text.first()?, *text.last()?);
    if text.len() > 3 && text.iter().all(|other| other.eq_ignore_ascii_case(&first)) {
        return Some("one character, repeated");
    }
    if matches!(first, b'<' | b'[' | b'{') && matches!(last, b'>' | b']' | b'}') {
        return Some("a gap to be filled in");
    }
    if first.is_ascii_uppercase() && is_constant(text) {
        return Some("the name of a value, not a value");
    }
    if holds_note(text) {
        return Some("a placeholder");
    }
    is_counting(text).then_some("characters counted up")
}

/// `RECAPTCHA_SITE_KEY`.
fn is_constant(text: &[u8]) -> bool {
    text.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
        && text.contains(&b'_')
        && text.split(|&byte| byte == b'_').all(|part| !part.is_empty())
}

/// Words that ask for something else in their place.
const NOTES: [&[u8]; 9] = [
    b"changeme",
    b"change_me",
    b"change-me",
    b"placeholder",
    b"replace_me",
    b"replace-me",
    b"xxxx",
    b"your_",
    b"your-",
];

/// Whether such a word is in the text. How they begin tells nearly always that none is.
fn holds_note(text: &[u8]) -> bool {
    let is_note = |text: &[u8]| {
        NOTES.iter().any(|note| text.get(..note.len()).is_some_and(|start| start.eq_ignore_ascii_case(note)))
    };
    may_hold_note(text) && (0..text.len()).any(|at| is_note(&text[at..]))
}

/// Whether two letters of the text are, perhaps, the first two of a note. Every id is asked.
fn may_hold_note(text: &[u8]) -> bool {
    const STARTS: [[u8; 2]; 5] = [*b"ch", *b"pl", *b"re", *b"xx", *b"yo"];
    holds(text, |word| {
        let word = word | (ONES * 0x20);
        STARTS.iter().fold(0, |found, start| found | pair(word, *start))
    })
}

/// `12345678901234567890`, `abcdefghijklmnopqrst`.
fn is_counting(text: &[u8]) -> bool {
    let follows = |pair: &[u8]| pair[1] == pair[0].wrapping_add(1) || pair == b"90";
    text.len() >= 10 && text.windows(2).all(follows)
}

/// Where no mail is ever delivered and no page is ever served.
pub(crate) fn is_reserved(domain: &str) -> bool {
    let domain = domain.trim_end_matches('.').as_bytes();
    // Labels are too short to be worth a fast search.
    let dot = domain.iter().rposition(|byte| *byte == b'.');
    let (rest, top) = dot.map_or((&[][..], domain), |dot| (&domain[..dot], &domain[dot + 1..]));
    let is_one_of = |labels: &[&str]| labels.iter().any(|label| top.eq_ignore_ascii_case(label.as_bytes()));
    is_one_of(&["test", "example", "invalid", "localhost"])
        || (is_one_of(&["com", "net", "org"]) && ends_with_label(rest, b"example"))
}

/// Whether the last label of a domain is this one.
fn ends_with_label(domain: &[u8], label: &[u8]) -> bool {
    let Some(before) = domain.len().checked_sub(label.len()) else { return false };
    domain[before..].eq_ignore_ascii_case(label) && (before == 0 || domain[before - 1] == b'.')
}

fn senders(cx: &mut PortalContext<'_>) {
    for (email, domain) in cx.portal.emails().iter().zip(cx.senders.domains) {
        let from = email.from;
        if let Some(domain) = domain.filter(|domain| is_reserved(domain)) {
            let message = format!(
                "{} is sent from {}, a domain reserved for examples and tests",
                email.which.words(),
                quote(domain)
            );
            let help = "set `from` to the email address the SMTP profile uses";
            cx.report(Finding::new(from.place(), message, help).of_value().severity(severity(cx)));
        }
    }
}

fn links(cx: &mut PortalContext<'_>) {
    for Html { slot, calm, .. } in cx.portal.htmls() {
        let Some(html) = slot.text() else { continue };
        cx.report_each(reserved_links(html, calm.as_ref()), |cx, (range, host)| {
            let message = format!("the address leads to {}, a domain reserved for examples and tests", quote(&host));
            let place = cx.part(slot, range);
            let finding = Finding::new(place, message, "write an address that belongs to the shop");
            finding.of_value().severity(severity(cx))
        });
    }
}

/// The addresses that lead to reserved domains, and these.
fn reserved_links(html: &str, calm: Option<&Calm>) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut take = |address: &str, range: Range<usize>| {
        if let Some(host) = host(address).filter(|host| is_reserved(host)) {
            found.push((range, host.to_owned()));
        }
    };
    if let Some(calm) = calm {
        calm.addresses.iter().for_each(|range| take(&html[range.clone()], range.clone()));
        return found;
    }
    scan(html, |token| {
        if let Token::Open(tag) = token {
            for attribute in tag.attributes().filter(|attribute| urls::leads(attribute.name)) {
                take(attribute.value, attribute.value_range);
            }
        }
        ControlFlow::<()>::Continue(())
    });
    found
}

/// The host an address leads to.
fn host(value: &str) -> Option<&str> {
    let value = trim(value);
    if let Some(address) = value.strip_prefix("mailto:") {
        let end = memchr::memchr2(b'?', b',', address.as_bytes()).unwrap_or(address.len());
        return address[..end].rsplit_once('@').map(|(_, domain)| domain);
    }
    let slashes = memchr::memchr(b'/', value.as_bytes())?;
    let (scheme, rest) = value.split_at(slashes);
    let rest = rest.strip_prefix("//").filter(|_| scheme.is_empty() || scheme.ends_with(':'))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(host.split_once(':').map_or(host, |(host, _)| host))
}

fn severity(cx: &PortalContext<'_>) -> Severity {
    if cx.portal.enabled.bool() == Some(true) { Severity::Error } else { Severity::Warning }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_was_given_is_made_up() {
        for text in [
            "XXXXXXXXXXXXXXXXXXXX",
            "RECAPTCHA_SITE_KEY",
            "ACME_BRAND_A_SHOP_ID",
            "<your key>",
            "changeme",
            "YOUR_DOMAIN_ID_00000",
            "12345678901234567890",
        ] {
            assert!(made_up(text).is_some(), "{text}");
        }
        for text in ["Kq7ZpW2mVx9LcT4bRn8D", "ABCDE12345ABCDE12345", "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"] {
            assert_eq!(made_up(text), None, "{text}");
        }
    }

    #[test]
    fn reserved_domains_are_those_of_the_standards() {
        for domain in ["example.com", "mail.EXAMPLE.org", "brand-a.example", "x.test", "localhost", "example.com."] {
            assert!(is_reserved(domain), "{domain}");
        }
        for domain in ["example.de", "myexample.com", "acme-outfitters.com", "test.com", "example.com.evil.org"] {
            assert!(!is_reserved(domain), "{domain}");
        }
    }
}
