//! Email addresses: whether a text is one plain address, and if not, why.
//!
//! The `email_address` crate parses them (RFC 5321 and RFC 6531). It accepts domains that cannot exist, such as `x_y.com`,
//! so [`is_domain`] checks the domain as well. Nothing here checks whether an address exists.

use std::ops::Range;

use email_address::{EmailAddress, Options};

/// Why a text is not one plain address. Ranges are in bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AddressError {
    /// A valid address with white space around it. The range is the white space before it, or else after it.
    SurroundingSpace(Range<usize>),
    /// An address with a name: `Acme <help@acme.com>`.
    DisplayName,
    /// Several addresses: `a@acme.com, b@acme.com`.
    Several,
    /// An address that starts with `mailto:` (the range).
    Mailto(Range<usize>),
    /// There is no `@`.
    NoAt,
    /// There is nothing before the `@`.
    NoLocalPart,
    /// There is nothing after the `@`.
    NoDomain,
    /// The domain (the range) has no dot.
    NoTopLevelDomain(Range<usize>),
    /// There is white space inside (the range).
    InnerSpace(Range<usize>),
    /// There is more than one `@`.
    TwoAts,
    /// The domain (the range) is not one: it contains invalid characters, has an empty label, or is an IP address.
    InvalidDomain(Range<usize>),
    /// Anything else.
    Other,
}

const MAILTO: &str = "mailto:";

/// Returns why a text is not one plain address, or `None` if it is one.
pub(crate) fn find_address_error(text: &str) -> Option<AddressError> {
    if is_address(text) {
        return None;
    }
    let trimmed = text.trim();
    let leading_space = text.len() - text.trim_start().len();
    // Report white space only if it is the only problem, because its fix must result in a valid address.
    if trimmed.len() < text.len() && find_address_error(trimmed).is_none() {
        let space = if leading_space > 0 { 0..leading_space } else { trimmed.len()..text.len() };
        return Some(AddressError::SurroundingSpace(space));
    }
    // URI schemes ignore letter case (RFC 3986, section 3.1).
    if text.get(..MAILTO.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(MAILTO)) {
        return Some(AddressError::Mailto(0..MAILTO.len()));
    }
    if count_addresses(trimmed) > 1 {
        return Some(AddressError::Several);
    }
    if trimmed.contains('<') && trimmed.ends_with('>') {
        return Some(AddressError::DisplayName);
    }
    // A quoted local part may contain an `@`, a domain cannot: split at the last one.
    let Some((local, domain)) = text.rsplit_once('@') else { return Some(AddressError::NoAt) };
    let domain_start = local.len() + 1;
    if local.trim().is_empty() {
        return Some(AddressError::NoLocalPart);
    }
    if domain.trim().is_empty() {
        return Some(AddressError::NoDomain);
    }
    if let Some((index, space)) = trimmed.match_indices(char::is_whitespace).next() {
        let start = leading_space + index;
        return Some(AddressError::InnerSpace(start..start + space.len()));
    }
    if !domain.trim().contains('.') {
        return Some(AddressError::NoTopLevelDomain(domain_start..domain_start + domain.trim_end().len()));
    }
    if local.contains('@') {
        return Some(AddressError::TwoAts);
    }
    if !is_domain(domain) {
        return Some(AddressError::InvalidDomain(domain_start..text.len()));
    }
    Some(AddressError::Other)
}

/// The number of parts with an `@`, between the characters that people separate addresses with.
fn count_addresses(text: &str) -> usize {
    text.split(is_address_separator).filter(|part| part.contains('@')).count()
}

fn is_address_separator(c: char) -> bool {
    matches!(c, ',' | ';') || c.is_whitespace()
}

/// The domain of an address, without the `>` of an address with a name: `acme.com` for `Acme <help@acme.com>`.
pub(crate) fn address_domain(text: &str) -> Option<&str> {
    let at_sign = memchr::memrchr(b'@', text.as_bytes())?;
    Some(text[at_sign + 1..].trim_end().trim_end_matches('>'))
}

/// Whether two host names belong to the same organizational domain (RFC 7489, section 3.2, with the public suffix list).
pub(crate) fn is_same_organization(host: &str, other: &str) -> bool {
    psl::domain_str(host).is_some_and(|organization| psl::domain_str(other) == Some(organization))
}

/// Facts about the senders of both emails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Senders<'a> {
    /// The domain of each sender (see [`address_domain`]); `None` if the sender is missing or contains a variable.
    pub domains: [Option<&'a str>; 2],
    /// Whether a sender is not one plain address.
    pub has_invalid: bool,
}

impl<'a> Senders<'a> {
    /// Parses the senders of the confirmation email and the reset email.
    pub(crate) fn new(confirm: Option<&'a str>, reset: Option<&'a str>) -> Self {
        let confirm_domain = confirm.and_then(address_domain);
        let mut has_invalid = confirm.and_then(find_address_error).is_some();
        // Both emails nearly always have the same sender: parse it once.
        if confirm == reset {
            return Self { domains: [confirm_domain; 2], has_invalid };
        }
        has_invalid |= reset.and_then(find_address_error).is_some();
        Self { domains: [confirm_domain, reset.and_then(address_domain)], has_invalid }
    }
}

fn is_address(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(text, options).is_ok_and(|address| is_domain(address.domain()))
}

/// Whether a text is a domain: two or more labels (RFC 1123, section 2.1), of which the last is not a number.
fn is_domain(domain: &str) -> bool {
    // `a@127.0.0.1` is not an address: RFC 5321 requires brackets around an IP address.
    let top_level = domain.rsplit('.').next().unwrap_or_default();
    // RFC 1035, section 2.3.4: 255 bytes with the length bytes of the first label and of the root.
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(is_domain_label)
        && !top_level.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_domain_label(label: &str) -> bool {
    let has_outer_hyphen = label.starts_with('-') || label.ends_with('-');
    !label.is_empty() && label.len() <= 63 && !has_outer_hyphen && label.chars().all(is_label_character)
}

/// Whether a character is a letter, a digit or a hyphen, or is not ASCII: internationalized domains (RFC 5890) are not checked further.
fn is_label_character(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || (!c.is_ascii() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use crate::rules::email_address::*;

    #[test]
    fn valid_addresses_have_no_error() {
        for text in [
            "support@acme-outfitters.com",
            "a.b+c@mail.acme.co.uk",
            "o'brien@acme.com",
            "\"a b\"@acme.com",
            "grüße@müller.de",
            "support@xn--mller-kva.de",
            "x@1und1.de",
        ] {
            assert_eq!(find_address_error(text), None, "{text}");
        }
    }

    #[test]
    fn invalid_addresses_have_a_specific_error() {
        use AddressError::*;
        for (text, error) in [
            (" a@acme.com", SurroundingSpace(0..1)),
            ("a@acme.com \t", SurroundingSpace(10..12)),
            ("Acme <a@acme.com>", DisplayName),
            ("<a@acme.com>", DisplayName),
            ("a@acme.com, b@acme.com", Several),
            ("a@acme.com;b@acme.com", Several),
            ("Acme <a@acme.com>, <b@acme.com>", Several),
            ("mailto:a@acme.com", Mailto(0..7)),
            ("acme.com", NoAt),
            ("", NoAt),
            ("@acme.com", NoLocalPart),
            ("support@", NoDomain),
            ("support@acme", NoTopLevelDomain(8..12)),
            ("sup port@acme.com", InnerSpace(3..4)),
            (" sup port@acme.com", InnerSpace(4..5)),
            ("a@b@acme.com", TwoAts),
            ("a@x_y.com", InvalidDomain(2..9)),
            ("a@acme..com", InvalidDomain(2..11)),
            (".a@acme.com", Other),
            ("a@-acme.com", InvalidDomain(2..11)),
            ("a@[127.0.0.1]", InvalidDomain(2..13)),
            ("a@127.0.0.1", InvalidDomain(2..11)),
            ("a@acme.com.", InvalidDomain(2..11)),
        ] {
            assert_eq!(find_address_error(text), Some(error), "{text}");
        }
    }
}
