//! Domains reserved for examples and tests (RFC 2606, RFC 6761): no mail is delivered there and no page is served.

/// Whether a domain is reserved or lies below a reserved one. Case and a trailing dot do not matter.
pub(crate) fn is_reserved_domain(domain: &str) -> bool {
    let domain = domain.trim_end_matches('.').as_bytes();
    // A plain loop: the labels are too short for `memchr` to be faster.
    let last_dot = domain.iter().rposition(|byte| *byte == b'.');
    let (parent, top_level) = last_dot.map_or((&[][..], domain), |dot| (&domain[..dot], &domain[dot + 1..]));
    is_one_of(top_level, &["test", "example", "invalid", "localhost"])
        || (is_one_of(top_level, &["com", "net", "org"]) && has_last_label(parent, b"example"))
}

fn is_one_of(label: &[u8], names: &[&str]) -> bool {
    names.iter().any(|name| label.eq_ignore_ascii_case(name.as_bytes()))
}

/// Whether the last label of a domain is `label`: `myexample` is not `example`.
fn has_last_label(domain: &[u8], label: &[u8]) -> bool {
    let Some(start) = domain.len().checked_sub(label.len()) else { return false };
    domain[start..].eq_ignore_ascii_case(label) && (start == 0 || domain[start - 1] == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domains_of_the_rfcs_are_reserved() {
        for domain in ["example.com", "mail.EXAMPLE.org", "brand-a.example", "x.test", "localhost", "example.com."] {
            assert!(is_reserved_domain(domain), "{domain}");
        }
    }

    #[test]
    fn domains_that_only_contain_a_reserved_name_are_not_reserved() {
        for domain in ["example.de", "myexample.com", "acme-outfitters.com", "test.com", "example.com.evil.org"] {
            assert!(!is_reserved_domain(domain), "{domain}");
        }
    }
}
