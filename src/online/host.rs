//! The names of hosts to query, and the reasons why a text is not one.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;

/// Why no query is sent for a text, as the end of a sentence: "the domain name is empty".
///
/// The reason never contains the text itself, because a URL may contain a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotQueried(pub &'static str);

impl fmt::Display for NotQueried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no query was sent, because {}", self.0)
    }
}

/// Top-level domains that DNS does not have or that stand for the machine or its network (RFC 6761, 6762, 7686 and 9476;
/// `internal` is reserved by ICANN). `test` and `example` are queried, because RFC 6761 says not to treat them as special.
const SPECIAL_USE_TOP_LEVEL: [&str; 6] = ["localhost", "local", "invalid", "onion", "alt", "internal"];

/// Special-use domains below a real top-level domain (RFC 8375, RFC 3172).
const SPECIAL_USE_DOMAINS: [&str; 3] = ["home.arpa", "in-addr.arpa", "ip6.arpa"];

/// The name to send a query for: in lower case, without the last dot, internationalized names as Punycode (UTS 46).
///
/// # Errors
///
/// The text is not the name of a public host.
pub(crate) fn name_to_query(text: &str) -> Result<String, NotQueried> {
    let text = text.trim();
    refuse_other_forms(text)?;
    let ascii = to_ascii(text)?;
    // The mapping converts full-width digits, dots and slashes to ASCII, so the forms are checked again.
    refuse_other_forms(&ascii)?;
    let name = ascii.strip_suffix('.').unwrap_or(&ascii);
    refuse_invalid_labels(name)?;
    refuse_local_names(name)?;
    Ok(name.to_ascii_lowercase())
}

/// Refuses other values that people write in place of a host name, such as URLs and IP addresses.
fn refuse_other_forms(text: &str) -> Result<(), NotQueried> {
    let reason = if text.is_empty() || text == "." {
        "the domain name is empty"
    } else if is_ip_address(text) {
        "the domain name is an IP address"
    } else if text.contains("${") {
        "the domain name is a variable"
    } else if text.contains("://") || text.starts_with("//") {
        "the domain name is a URL"
    } else if text.contains(['?', '#', '\\']) && !text.contains('/') {
        "the value is not a domain name"
    } else if text.contains(['/', '\\', '?', '#']) {
        "the domain name has a path, as in a URL"
    } else if text.contains('@') {
        "the domain name is an email address"
    } else if let Some((_, port)) = text.rsplit_once(':') {
        if port.bytes().all(|byte| byte.is_ascii_digit()) {
            "the domain name has a port"
        } else {
            "the domain name is a URL"
        }
    } else if text.contains('*') {
        "the domain name is a wildcard"
    } else {
        return Ok(());
    };
    Err(NotQueried(reason))
}

/// Whether a text is an IP address in any form that browsers or `inet_aton` accept, also in brackets or with a port.
fn is_ip_address(text: &str) -> bool {
    if let Some(bracketed) = text.strip_prefix('[') {
        let literal = bracketed.split(']').next().unwrap_or(bracketed);
        // The literal of an email address (RFC 5321, section 4.1.3) may start with `IPv6:`.
        let address = match literal.split_at_checked(5) {
            Some((tag, address)) if tag.eq_ignore_ascii_case("ipv6:") => address,
            _ => literal,
        };
        return is_ipv6(address) || is_ipv4(address);
    }
    is_ipv6(text) || is_ipv4(text.split(['/', ':']).next().unwrap_or(text))
}

/// Whether a text is an IPv6 address; a zone (`%eth0`) may follow.
fn is_ipv6(text: &str) -> bool {
    text.split(['%', '/']).next().is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
}

/// Whether a text is one to four numbers with dots between them, each decimal, octal or hexadecimal. As in `inet_aton`, each
/// number except the last one is one byte, and the last one fills the remaining bytes.
fn is_ipv4(text: &str) -> bool {
    let mut numbers = Vec::new();
    for label in text.strip_suffix('.').unwrap_or(text).split('.') {
        let Some(number) = parse_number(label) else { return false };
        numbers.push(number);
    }
    let Some((last, others)) = numbers.split_last() else { return false };
    if others.len() > 3 || others.iter().any(|&number| number > 255) {
        return false;
    }
    let bytes_of_last = 4 - others.len();
    u64::from(*last) < 1 << (8 * bytes_of_last)
}

/// The value of a decimal, octal (`017`) or hexadecimal (`0x0f`) number.
fn parse_number(label: &str) -> Option<u32> {
    if !is_number(label) {
        return None;
    }
    match label.get(..2) {
        // The WHATWG URL Standard parses `0x` without digits as 0.
        Some("0x" | "0X") if label.len() == 2 => Some(0),
        Some("0x" | "0X") => u32::from_str_radix(&label[2..], 16).ok(),
        _ if label.len() > 1 && label.starts_with('0') => u32::from_str_radix(&label[1..], 8).ok(),
        _ => label.parse().ok(),
    }
}

fn is_number(label: &str) -> bool {
    match label.strip_prefix("0x").or_else(|| label.strip_prefix("0X")) {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Refuses names that DNS or certificates cannot contain.
fn refuse_invalid_labels(name: &str) -> Result<(), NotQueried> {
    // RFC 1035, section 2.3.4, allows 255 octets, which include the length of the first label and the root.
    const MAX_NAME_LEN: usize = 253;
    const MAX_LABEL_LEN: usize = 63;
    if name.len() > MAX_NAME_LEN {
        return Err(NotQueried("the domain name is longer than 253 characters"));
    }
    for label in name.split('.') {
        let reason = if label.is_empty() {
            "the domain name has an empty label"
        } else if label.len() > MAX_LABEL_LEN {
            "a label of the domain name is longer than 63 characters"
        } else if !label.bytes().all(is_label_byte) {
            "the domain name contains characters that are not allowed in host names"
        } else if label.starts_with('-') || label.ends_with('-') {
            "a label of the domain name starts or ends with a hyphen"
        } else {
            continue;
        };
        return Err(NotQueried(reason));
    }
    if name.rsplit('.').next().is_some_and(is_number) {
        return Err(NotQueried("the value is not a valid domain name (its last label is a number)"));
    }
    Ok(())
}

/// Whether a byte may be part of a label. `_` is not valid in host names, but in names of records such as `_dmarc`.
fn is_label_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Whether a text has the form of a domain name with at least two labels. Unlike [`name_to_query`], this includes special-use domains.
#[cfg(feature = "online")]
pub(crate) fn is_domain_name(text: &str) -> bool {
    let name = text.trim_end_matches('.');
    name.contains('.') && refuse_invalid_labels(name).is_ok()
}

/// Refuses names that mean something only on one machine or in one network.
fn refuse_local_names(name: &str) -> Result<(), NotQueried> {
    let name = name.to_ascii_lowercase();
    if name == "localhost" {
        return Err(NotQueried("the domain name is `localhost`"));
    }
    let Some((_, top_level)) = name.rsplit_once('.') else {
        return Err(NotQueried("the domain name is a single label without a domain"));
    };
    let is_special_use = SPECIAL_USE_DOMAINS.iter().any(|domain| is_in_domain(&name, domain));
    if is_special_use || SPECIAL_USE_TOP_LEVEL.contains(&top_level) {
        return Err(NotQueried("the domain name is reserved for special use"));
    }
    Ok(())
}

/// Whether a name is a domain or one of its subdomains.
pub(crate) fn is_in_domain(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|subdomain| subdomain.is_empty() || subdomain.ends_with('.'))
}

/// Converts a name to ASCII (UTS 46). A name that is already ASCII does not change.
#[cfg(feature = "online")]
fn to_ascii(text: &str) -> Result<Cow<'_, str>, NotQueried> {
    use idna::AsciiDenyList;
    use idna::uts46::{DnsLength, Hyphens, Uts46};
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    // Lengths and ASCII characters are checked later, where each has its own reason.
    let mapped = Uts46::new().to_ascii(text.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Ignore);
    mapped.map_err(|_| NotQueried("the value is not a valid internationalized domain name"))
}

/// A build without network code sends no queries, so it does not contain the tables for the conversion.
#[cfg(not(feature = "online"))]
fn to_ascii(text: &str) -> Result<Cow<'_, str>, NotQueried> {
    if text.is_ascii() {
        Ok(Cow::Borrowed(text))
    } else {
        Err(NotQueried("this build does not support internationalized domain names"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalized_for_dns() {
        for (text, name) in [
            (" Acme-Outfitters.com. ", "acme-outfitters.com"),
            ("_shop.acme.co.uk", "_shop.acme.co.uk"),
            ("XN--BCHER-KVA.de", "xn--bcher-kva.de"),
            ("1und1.de", "1und1.de"),
            ("0x.de", "0x.de"),
            ("10.0.0.1.de", "10.0.0.1.de"),
            ("localhost.acme.com", "localhost.acme.com"),
            ("local.com", "local.com"),
            ("acme.test", "acme.test"),
        ] {
            assert_eq!(name_to_query(text).as_deref(), Ok(name), "{text}");
        }
    }

    #[cfg(feature = "online")]
    #[test]
    fn domain_names_have_at_least_two_labels() {
        for text in ["Acme-Outfitters.com.", "proxy.internal", "printer.local"] {
            assert!(is_domain_name(text), "{text}");
        }
        for text in ["localhost", "127.0.0.1", "acme..com", "acme .com", "büro.de", "a.com/x", "[::1]", "-a.com", ""] {
            assert!(!is_domain_name(text), "{text}");
        }
    }

    #[cfg(feature = "online")]
    #[test]
    fn an_internationalized_name_is_queried_as_punycode() {
        for (text, name) in [
            ("bücher.de", "xn--bcher-kva.de"),
            ("BÜCHER.DE.", "xn--bcher-kva.de"),
            ("bu\u{308}cher.de", "xn--bcher-kva.de"),
            ("straße.de", "xn--strae-oqa.de"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("ａｃｍｅ．com", "acme.com"),
            ("acme\u{ad}.com", "acme.com"),
        ] {
            assert_eq!(name_to_query(text).as_deref(), Ok(name), "{text}");
        }
        for (text, reason) in [
            ("１２７．0.0.1", "the domain name is an IP address"),
            ("acme.com：443", "the domain name has a port"),
            ("ｌｏｃａｌｈｏｓｔ", "the domain name is `localhost`"),
            ("bücher", "the domain name is a single label without a domain"),
            ("a\u{202e}b.de", "the value is not a valid internationalized domain name"),
            ("https://bücher.de", "the domain name is a URL"),
            (&format!("{}.de", "ü".repeat(63)), "a label of the domain name is longer than 63 characters"),
        ] {
            assert_eq!(name_to_query(text), Err(NotQueried(reason)), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        let ip = "the domain name is an IP address";
        for text in [
            "192.0.2.1",
            "127.0.0.1",
            "127.1",
            "127.0.0.1.",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0x7f.0.0.0x1",
            "127.0.0.1:443",
            "::1",
            "[::1]",
            "[::1]:443",
            "2001:db8::1",
            "fe80::1%eth0",
            "::ffff:127.0.0.1",
            "[127.0.0.1]",
            "[IPv6:::1]",
            "10.0.0.0/8",
        ] {
            assert_eq!(name_to_query(text), Err(NotQueried(ip)), "{text}");
        }
        for (text, reason) in [
            ("", "the domain name is empty"),
            (" \t", "the domain name is empty"),
            (".", "the domain name is empty"),
            ("${DOMAIN}", "the domain name is a variable"),
            ("shop.${DOMAIN}", "the domain name is a variable"),
            ("https://acme.com", "the domain name is a URL"),
            ("https:acme.com", "the domain name is a URL"),
            ("//acme.com", "the domain name is a URL"),
            ("https://user:secret@acme.com/x", "the domain name is a URL"),
            ("acme.com/x", "the domain name has a path, as in a URL"),
            ("acme.com/x?y", "the domain name has a path, as in a URL"),
            ("acme.com?x", "the value is not a domain name"),
            ("acme.com#x", "the value is not a domain name"),
            ("256.1.1.1", "the value is not a valid domain name (its last label is a number)"),
            ("1.2.3.08", "the value is not a valid domain name (its last label is a number)"),
            ("1.2.65536", "the value is not a valid domain name (its last label is a number)"),
            ("4294967296", "the value is not a valid domain name (its last label is a number)"),
            ("a@acme.com", "the domain name is an email address"),
            ("acme.com:443", "the domain name has a port"),
            ("acme.com:", "the domain name has a port"),
            ("*.acme.com", "the domain name is a wildcard"),
            ("localhost", "the domain name is `localhost`"),
            ("LOCALHOST.", "the domain name is `localhost`"),
            ("acme", "the domain name is a single label without a domain"),
            ("shop.localhost", "the domain name is reserved for special use"),
            ("printer.local", "the domain name is reserved for special use"),
            ("nas.home.arpa", "the domain name is reserved for special use"),
            ("1.0.0.127.in-addr.arpa", "the domain name is reserved for special use"),
            ("acme..com", "the domain name has an empty label"),
            (".acme.com", "the domain name has an empty label"),
            ("acme.com..", "the domain name has an empty label"),
            ("acme .com", "the domain name contains characters that are not allowed in host names"),
            ("acme.com\0", "the domain name contains characters that are not allowed in host names"),
            ("-a.com", "a label of the domain name starts or ends with a hyphen"),
            ("acme.123", "the value is not a valid domain name (its last label is a number)"),
            ("1.2.3.4.5", "the value is not a valid domain name (its last label is a number)"),
            (&format!("{}.com", "a".repeat(64)), "a label of the domain name is longer than 63 characters"),
            (&["a"; 130].join("."), "the domain name is longer than 253 characters"),
        ] {
            assert_eq!(name_to_query(text), Err(NotQueried(reason)), "{text}");
        }
    }
}
