//! Email addresses: whether a text is one plain address, and if not, why.
//!
//! The parts are parsed by the `email_address` crate (RFC 5321 and 6531); what it lets pass of domains, such as `x_y.com`,
//! is looked at here. Whether an address exists is not asked.

use std::ops::Range;

use email_address::{EmailAddress, Options};

/// Why a text is not one plain address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AddressError {
    /// Good but for the white space around it: these bytes, those before first.
    Blanks(Range<usize>),
    /// `Acme <help@acme.com>`.
    Name,
    /// `a@acme.com, b@acme.com`.
    Several,
    /// These bytes at the start.
    Mailto(Range<usize>),
    /// No `@`.
    NoAt,
    /// Nothing before the `@`.
    NoLocal,
    /// Nothing behind the `@`.
    NoDomain,
    /// A domain without a dot: these bytes.
    NoEnding(Range<usize>),
    /// White space inside: these bytes.
    Inside(Range<usize>),
    /// More than one `@`.
    TwoAts,
    /// A domain of characters that no domain has: these bytes.
    Domain(Range<usize>),
    /// Anything else.
    Other,
}

const MAILTO: &str = "mailto:";

/// What is wrong with an address.
pub(crate) fn fault(text: &str) -> Option<AddressError> {
    if is_plain(text) || is_address(text) {
        return None;
    }
    let trimmed = text.trim();
    if trimmed.len() < text.len() && fault(trimmed).is_none() {
        let before = text.len() - text.trim_start().len();
        return Some(AddressError::Blanks(if before > 0 { 0..before } else { trimmed.len()..text.len() }));
    }
    if text.get(..MAILTO.len()).is_some_and(|start| start.eq_ignore_ascii_case(MAILTO)) {
        return Some(AddressError::Mailto(0..MAILTO.len()));
    }
    let is_between = |c: char| c == ',' || c == ';' || c.is_whitespace();
    if trimmed.split(is_between).filter(|part| part.contains('@')).count() > 1 {
        return Some(AddressError::Several);
    }
    if trimmed.contains('<') && trimmed.ends_with('>') {
        return Some(AddressError::Name);
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return Some(AddressError::NoAt) };
    let start = local.len() + 1;
    Some(if local.trim().is_empty() {
        AddressError::NoLocal
    } else if domain.trim().is_empty() {
        AddressError::NoDomain
    } else if let Some((at, blank)) = trimmed.char_indices().find(|(_, c)| c.is_whitespace()) {
        let at = at + text.len() - text.trim_start().len();
        AddressError::Inside(at..at + blank.len_utf8())
    } else if !domain.trim().contains('.') {
        AddressError::NoEnding(start..start + domain.trim_end().len())
    } else if local.contains('@') {
        AddressError::TwoAts
    } else if !is_domain(domain) {
        AddressError::Domain(start..text.len())
    } else {
        AddressError::Other
    })
}

/// What stands behind the last `@`, also where a name stands beside the address.
pub(crate) fn domain(text: &str) -> Option<&str> {
    let at = memchr::memrchr(b'@', text.as_bytes())?;
    Some(text[at + 1..].trim_end().trim_end_matches('>'))
}

/// The senders of both emails, as far as they are known. Nearly always they are one, and then that is looked at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Senders<'a> {
    /// See [`domain`].
    pub domains: [Option<&'a str>; 2],
    /// One of them is not one plain address.
    pub have_fault: bool,
}

impl<'a> Senders<'a> {
    /// Of these texts.
    pub(crate) fn of([first, second]: [Option<&'a str>; 2]) -> Self {
        let has_fault = |sender: Option<&str>| sender.is_some_and(|text| fault(text).is_some());
        let first_domain = first.and_then(domain);
        if first == second {
            return Self { domains: [first_domain; 2], have_fault: has_fault(first) };
        }
        Self { domains: [first_domain, second.and_then(domain)], have_fault: has_fault(first) || has_fault(second) }
    }
}

/// What nearly all addresses look like: letters and digits with single dots, hyphens and the like between them, and an
/// ending. Told in one pass.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(at) = bytes.iter().position(|byte| *byte == b'@') else { return false };
    let (local, domain) = (&bytes[..at], &bytes[at + 1..]);
    is_spelt(local, IN_LOCAL)
        && is_spelt(domain, IN_DOMAIN)
        && domain.last().is_some_and(u8::is_ascii_alphabetic)
        && domain.contains(&b'.')
}

/// What a byte is in plain addresses: a letter or digit, a sign in the part before the `@`, a sign in a domain.
const SPELLING: [u8; 256] = {
    let mut spelling = [0; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        spelling[byte as usize] = match byte {
            b'.' | b'-' => IN_LOCAL | IN_DOMAIN,
            b'_' | b'+' => IN_LOCAL,
            _ if byte.is_ascii_alphanumeric() => LETTER,
            _ => 0,
        };
        byte += 1;
    }
    spelling
};
const LETTER: u8 = 1;
const IN_LOCAL: u8 = 1 << 1;
const IN_DOMAIN: u8 = 1 << 2;

/// Letters and digits, no more of them than a label of a domain has, with single signs between them.
fn is_spelt(part: &[u8], sign: u8) -> bool {
    let mut before = sign;
    part.len() <= 63
        && part.iter().all(|&byte| {
            let own = SPELLING[usize::from(byte)] & (LETTER | sign);
            // Of two neighbours one is a letter.
            let fits = own != 0 && (own | before) & LETTER != 0;
            before = own;
            fits
        })
        && before == LETTER
}

fn is_address(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(text, options).is_ok_and(|address| is_domain(address.domain()))
}

/// Two labels or more of letters, digits and hyphens (RFC 1123), the last no number.
fn is_domain(domain: &str) -> bool {
    let of_label = |c: char| c.is_alphanumeric() || c == '-' || (!c.is_ascii() && !c.is_whitespace());
    let is_label = |label: &str| {
        let hyphens = label.starts_with('-') || label.ends_with('-');
        !label.is_empty() && label.len() <= 63 && !hyphens && label.chars().all(of_label)
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(is_label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use crate::rules::email_address::*;

    #[test]
    fn addresses_are_addresses() {
        for text in [
            "support@acme-outfitters.com",
            "a.b+c@mail.acme.co.uk",
            "o'brien@acme.com",
            "\"a b\"@acme.com",
            "grüße@müller.de",
            "support@xn--mller-kva.de",
            "x@1und1.de",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_comes_with_the_reason() {
        use AddressError::*;
        for (text, reason) in [
            (" a@acme.com", Blanks(0..1)),
            ("a@acme.com \t", Blanks(10..12)),
            ("Acme <a@acme.com>", Name),
            ("<a@acme.com>", Name),
            ("a@acme.com, b@acme.com", Several),
            ("a@acme.com;b@acme.com", Several),
            ("Acme <a@acme.com>, <b@acme.com>", Several),
            ("mailto:a@acme.com", Mailto(0..7)),
            ("acme.com", NoAt),
            ("", NoAt),
            ("@acme.com", NoLocal),
            ("support@", NoDomain),
            ("support@acme", NoEnding(8..12)),
            ("sup port@acme.com", Inside(3..4)),
            (" sup port@acme.com", Inside(4..5)),
            ("a@b@acme.com", TwoAts),
            ("a@x_y.com", Domain(2..9)),
            ("a@acme..com", Domain(2..11)),
            (".a@acme.com", Other),
            ("a@-acme.com", Domain(2..11)),
            ("a@[127.0.0.1]", Domain(2..13)),
            ("a@127.0.0.1", Domain(2..11)),
            ("a@acme.com.", Domain(2..11)),
        ] {
            assert_eq!(fault(text), Some(reason), "{text}");
        }
    }
}
