//! The proxy that the environment sets (`HTTPS_PROXY` and `ALL_PROXY`), and the hosts that are excluded from it (`NO_PROXY`).
//!
//! The variables are those of curl. `HTTP_PROXY` is ignored, because `http` URLs are only requested from this machine.

use std::net::IpAddr;

use ureq::Proxy;
use ureq::http::Uri;

use crate::online::host::is_in_domain;
use crate::online::net::text::has_invalid_port;

/// The proxy, and the hosts that are excluded from it.
#[derive(Debug, Default)]
pub(crate) struct Proxies {
    proxy: Option<Proxy>,
    excluded: Vec<ExcludedHost>,
}

impl Proxies {
    /// Reads the environment variables through `variable`. As in curl, those in lower case take precedence, and an empty one counts as
    /// not set.
    ///
    /// # Errors
    ///
    /// The name of a variable with an invalid value. If it were ignored, queries would bypass the proxy.
    pub(crate) fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, &'static str> {
        const PROXIES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        const EXCLUSIONS: [&str; 2] = ["no_proxy", "NO_PROXY"];
        let Some((name, url)) = find_variable(&PROXIES, &variable) else { return Ok(Self::default()) };
        let proxy = Some(parse_proxy(&url).ok_or(name)?);
        let excluded = find_variable(&EXCLUSIONS, &variable).map(|(_, value)| value.to_lowercase()).unwrap_or_default();
        if excluded == "*" {
            return Ok(Self::default());
        }
        let entries = excluded.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty());
        Ok(Self { proxy, excluded: entries.map(ExcludedHost::parse).collect() })
    }

    /// The proxy for a host and port; `None` if there is none or the host is excluded.
    pub(crate) fn for_host(&self, host: &str, port: u16) -> Option<&Proxy> {
        let host = strip_brackets(host).trim_end_matches('.').to_lowercase();
        let is_excluded = self.excluded.iter().any(|excluded| excluded.matches(&host, port));
        if is_excluded { None } else { self.proxy.as_ref() }
    }
}

/// The first of the variables that is set to more than white space: its name, and its value without the white space around it.
fn find_variable(names: &[&'static str], variable: impl Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    for name in names {
        let value = variable(name).unwrap_or_default();
        if !value.trim().is_empty() {
            return Some((name, value.trim().to_owned()));
        }
    }
    None
}

fn parse_proxy(url: &str) -> Option<Proxy> {
    let uri: Uri = url.parse().ok()?;
    if uri.authority().is_some_and(|authority| has_invalid_port(authority.as_str())) {
        return None;
    }
    Proxy::new(url).ok()
}

/// An entry of `NO_PROXY`, in lower case.
#[derive(Debug)]
enum ExcludedHost {
    /// A domain with its subdomains, or an address. With a port, other ports are not excluded.
    Host { name: String, port: Option<u16> },
    /// A range of addresses, such as `10.0.0.0/8`: those that have the first `bits` bits of `network`.
    Range { network: IpAddr, bits: u32 },
}

impl ExcludedHost {
    fn parse(entry: &str) -> Self {
        if let Some((address, bits)) = entry.split_once('/')
            && let Ok(network) = strip_brackets(address).parse()
        {
            // As in curl, only the digits at the start count, so that the range in `10.0.0.0/8:443` has no port.
            let digits = bits.find(|c: char| !c.is_ascii_digit()).map_or(bits, |end| &bits[..end]);
            return match digits.parse() {
                Ok(bits) => Self::Range { network, bits },
                Err(_) => Self::Host { name: strip_brackets(address).to_owned(), port: None },
            };
        }
        // The colons of an IPv6 address without brackets do not separate a port.
        let is_address = entry.parse::<IpAddr>().is_ok();
        if let Some((host, port)) = entry.rsplit_once(':')
            && let Ok(port) = port.parse()
            && !is_address
        {
            return Self::Host { name: strip_brackets(host).to_owned(), port: Some(port) };
        }
        Self::Host { name: strip_brackets(entry).to_owned(), port: None }
    }

    fn matches(&self, host: &str, port: u16) -> bool {
        match self {
            Self::Host { name, port: only_port } => {
                matches_name(host, name) && only_port.is_none_or(|only_port| only_port == port)
            }
            Self::Range { network, bits } => host.parse().is_ok_and(|address| is_in_range(address, *network, *bits)),
        }
    }
}

/// Whether a name in an entry is the host's address, its name, or a domain that contains it. A domain may start or end with a dot.
fn matches_name(host: &str, name: &str) -> bool {
    match host.parse::<IpAddr>() {
        // An address is not in a domain, so `2.7` does not match `192.0.2.7`.
        Ok(address) => name.parse() == Ok(address),
        Err(_) => is_in_domain(host, name.strip_prefix('.').unwrap_or(name).trim_end_matches('.')),
    }
}

/// Whether the first `bits` bits of two addresses are equal. False for addresses of different versions.
fn is_in_range(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let (difference, width) = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => (u128::from(address.to_bits() ^ network.to_bits()), 32),
        (IpAddr::V6(address), IpAddr::V6(network)) => (address.to_bits() ^ network.to_bits(), 128),
        _ => return false,
    };
    bits <= width && difference.checked_shr(width - bits).unwrap_or(0) == 0
}

/// Removes the brackets of an IPv6 address.
fn strip_brackets(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_variables(variables: &[(&str, &str)]) -> Result<Proxies, &'static str> {
        let value = |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        Proxies::from_env(value)
    }

    fn is_direct(host: &str, port: u16, excluded: &str) -> bool {
        let proxies = from_variables(&[("HTTPS_PROXY", "http://proxy.test"), ("NO_PROXY", excluded)]).unwrap();
        proxies.for_host(host, port).is_none()
    }

    #[test]
    fn an_invalid_proxy_url_is_an_error() {
        for url in [
            "not a url at all",
            "http://",
            "ftp://a.test",
            "http://a.test:99999",
            "a.test:65536",
            "http://a:b@c.test:x",
        ] {
            assert_eq!(from_variables(&[("HTTPS_PROXY", url)]).err(), Some("HTTPS_PROXY"), "{url}");
        }
        for url in ["", " ", "http://proxy.test:8080", "proxy.test:8080", "http://a:99999@proxy.test", "http://[::1]"] {
            assert!(from_variables(&[("HTTPS_PROXY", url)]).is_ok(), "{url}");
        }
    }

    #[test]
    fn the_variables_are_those_of_curl_for_https() {
        let all = [
            ("ALL_PROXY", "http://all.test"),
            ("HTTPS_PROXY", "http://upper.test"),
            ("https_proxy", "http://own.test"),
        ];
        for (variables, host) in [(&all[..], "own.test"), (&all[..2], "upper.test"), (&all[..1], "all.test")] {
            assert_eq!(from_variables(variables).unwrap().for_host("a.test", 443).map(Proxy::host), Some(host));
        }
        for name in ["HTTP_PROXY", "http_proxy"] {
            assert!(from_variables(&[(name, "http://a.test")]).unwrap().for_host("a.test", 443).is_none());
        }
        for (lower_case, excluded, direct) in [("y.test", "x.test", "y.test"), ("", "x.test", "x.test")] {
            let variables = [("HTTPS_PROXY", "http://a.test"), ("NO_PROXY", excluded), ("no_proxy", lower_case)];
            let proxies = from_variables(&variables).unwrap();
            let is_direct = |host: &str| proxies.for_host(host, 443).is_none();
            assert_eq!(["x.test", "y.test"].map(is_direct), ["x.test", "y.test"].map(|host| host == direct));
        }
    }

    #[test]
    fn no_proxy_matches_subdomains() {
        for (excluded, expected) in [
            ("api.test.invalid", true),
            ("test.invalid", true),
            (".test.invalid", true),
            ("test.invalid.", true),
            ("other.test, Test.Invalid", true),
            // As in curl, `*` has a meaning only as the whole value.
            ("*", true),
            ("*.test.invalid", false),
            ("api.*", false),
            ("a,*", false),
            ("est.invalid", false),
            ("pi.test.invalid", false),
            ("www.api.test.invalid", false),
            ("", false),
            (",", false),
        ] {
            assert_eq!(is_direct("API.test.invalid", 443, excluded), expected, "{excluded}");
        }
    }

    #[test]
    fn no_proxy_may_have_a_port() {
        for (excluded, host, port, expected) in [
            ("a.test:443", "a.test", 443, true),
            ("a.test:443", "b.a.test", 443, true),
            ("a.test:443", "a.test", 8443, false),
            ("a.test:99999", "a.test", 443, false),
            ("[2001:db8::1]:443", "[2001:db8::1]", 443, true),
            ("[2001:db8::1]:443", "2001:db8::1", 80, false),
            ("2001:db8::1", "[2001:db8::1]", 443, true),
        ] {
            assert_eq!(is_direct(host, port, excluded), expected, "{excluded} {host}:{port}");
        }
    }

    #[test]
    fn no_proxy_may_be_an_address_or_a_range() {
        for (excluded, host, expected) in [
            ("192.0.2.0/24", "192.0.2.77", true),
            ("192.0.2.0/24", "192.0.3.77", false),
            ("192.0.2.128/25", "192.0.2.127", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("192.0.2.7/32", "192.0.2.7", true),
            ("192.0.2.7/33", "192.0.2.7", false),
            ("192.0.2.0/24:443", "192.0.2.77", true),
            ("192.0.2.0/24/", "192.0.2.77", true),
            ("192.0.2.7/", "192.0.2.7", true),
            ("192.0.2.7/x", "192.0.2.8", false),
            ("2001:db8::/32", "[2001:db8:1::1]", true),
            ("2001:db8::/32", "[2001:db9::1]", false),
            ("::/0", "192.0.2.7", false),
            ("192.0.2.0/24", "a.test", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("2.7", "192.0.2.7", false),
            (".2.7", "192.0.2.7", false),
            ("192.0.2.*", "192.0.2.7", false),
        ] {
            assert_eq!(is_direct(host, 443, excluded), expected, "{excluded} {host}");
        }
    }
}
