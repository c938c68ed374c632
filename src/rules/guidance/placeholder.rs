//! RCP101: no value is made up.
//!
//! Ids and keys that nobody was given, and reserved domains (RFC 2606, RFC 6761) where mail or customers would go.

use std::ops::{ControlFlow, Range};

use crate::diagnostic::{Finding, Severity};
use crate::document::slot::Slot;
use crate::html::calm;
use crate::html::tokens::{Token, scan};
use crate::rules::context::PortalContext;
use crate::rules::words::quote;
use crate::schema::Kind;

/// Ids, keys, senders and links.
pub fn portal(cx: &mut PortalContext<'_>) {
    for slot in cx.portal.ids_and_keys() {
        let Some(why) = slot.known_text().and_then(made_up) else { continue };
        let secret = slot.key() == "secret_key";
        let written = slot.text().filter(|_| !secret).map(|text| format!(" {}", quote(text))).unwrap_or_default();
        let message = format!("the {}{written} is made up: it is {why}", thing(&slot));
        let help = if secret || slot.key() == "site_key" {
            "copy the key from the reCAPTCHA admin console"
        } else {
            "write the real id, as RevCent gave it"
        };
        cx.report(Finding::new(slot.place(), message, help).of_value());
    }
    // An export is what runs; who reads it knows its domains.
    if cx.kind() != Kind::Export {
        senders(cx);
        links(cx);
    }
}

/// What an id or a key is of.
pub fn thing(slot: &Slot<'_>) -> &'static str {
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
fn made_up(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let first = text.bytes().next()?;
    if text.len() > 3 && text.bytes().all(|other| other.eq_ignore_ascii_case(&first)) {
        return Some("one character, repeated");
    }
    if text.starts_with(['<', '[', '{']) && text.ends_with(['>', ']', '}']) {
        return Some("a gap to be filled in");
    }
    let constant = text.contains('_')
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text
            .split('_')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    if constant {
        return Some("the name of a value, not a value");
    }
    if (0..text.len()).any(|at| starts_with_note(&text.as_bytes()[at..])) {
        return Some("a placeholder");
    }
    is_counting(text).then_some("characters counted up")
}

/// Whether the text starts with a word that asks for something else in its place.
fn starts_with_note(text: &[u8]) -> bool {
    let words: &[&str] = match text.first().map(u8::to_ascii_lowercase) {
        Some(b'c') => &["changeme", "change_me", "change-me"],
        Some(b'p') => &["placeholder"],
        Some(b'r') => &["replace_me", "replace-me"],
        Some(b'x') => &["xxxx"],
        Some(b'y') => &["your_", "your-"],
        _ => return false,
    };
    words.iter().any(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes())))
}

/// `12345678901234567890`, `abcdefghijklmnopqrst`.
fn is_counting(text: &str) -> bool {
    let follows = |pair: &[u8]| pair[1] == pair[0].wrapping_add(1) || pair == b"90";
    text.len() >= 10 && text.as_bytes().windows(2).all(follows)
}

/// Where no mail is ever delivered and no page is ever served.
fn is_reserved(domain: &str) -> bool {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    let mut labels = domain.rsplit('.');
    let (top, second) = (labels.next().unwrap_or_default(), labels.next());
    matches!(top, "test" | "example" | "invalid" | "localhost")
        || (second == Some("example") && matches!(top, "com" | "net" | "org"))
}

fn senders(cx: &mut PortalContext<'_>) {
    for email in cx.portal.emails() {
        let from = email.slot.at("from");
        let Some(text) = from.known_text() else { continue };
        let Some((_, domain)) = text.trim().trim_end_matches('>').rsplit_once('@') else { continue };
        if is_reserved(domain) {
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
    let [confirm, reset] = cx.portal.emails().map(|email| email.slot.at("html"));
    for slot in [cx.portal.at("footer_html"), confirm, reset] {
        let Some(html) = slot.text() else { continue };
        for (range, host) in reserved_links(html).into_iter().take(MOST) {
            let message = format!("the address leads to {}, a domain reserved for examples and tests", quote(&host));
            let place = cx.part(&slot, range);
            let finding = Finding::new(place, message, "write an address that belongs to the shop");
            cx.report(finding.of_value().severity(severity(cx)));
        }
    }
}

/// Of one html nobody reads on after so many.
const MOST: usize = 50;

/// The addresses that lead to reserved domains, and these.
fn reserved_links(html: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    // Without an attribute nothing leads anywhere.
    if !html.contains('=') {
        return found;
    }
    let take = |found: &mut Vec<(Range<usize>, String)>, name: &str, value: &str, range: Range<usize>| {
        if let Some(host) = linked_host(name, value).filter(|host| is_reserved(host)) {
            found.push((range, host.to_owned()));
        }
    };
    if !calm::is_calm(html, |range| take(&mut found, "href", &html[range.clone()], range)) {
        found.clear();
        scan(html, |token| {
            if let Token::Open(tag) = token {
                for attribute in tag.attributes() {
                    take(&mut found, attribute.name, attribute.value, attribute.value_range.clone());
                }
            }
            ControlFlow::<()>::Continue(())
        });
    }
    found
}

/// The host an attribute leads to, if it is one that links.
fn linked_host<'v>(name: &str, value: &'v str) -> Option<&'v str> {
    if !matches!(name, "href" | "src" | "action" | "formaction" | "background" | "poster") {
        return None;
    }
    let value = value.trim();
    if let Some(address) = value.strip_prefix("mailto:") {
        let address = address.split(['?', ',']).next()?;
        return address.rsplit_once('@').map(|(_, domain)| domain);
    }
    let rest = value
        .split_once("//")
        .filter(|(scheme, _)| scheme.is_empty() || scheme.ends_with(':'))
        .map(|(_, rest)| rest)?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(host.split_once(':').map_or(host, |(host, _)| host))
}

fn severity(cx: &PortalContext<'_>) -> Severity {
    if cx.portal.at("enabled").bool() == Some(true) { Severity::Error } else { Severity::Warning }
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
