//! The proxy that the environment sets (`HTTPS_PROXY` and similar variables), and the hosts that are excluded from it
//! (`NO_PROXY`).

use ureq::Proxy;

use crate::online::host::is_below;

/// The proxy, and the `NO_PROXY` entries in lower case.
#[derive(Debug, Default)]
pub(crate) struct Proxies {
    proxy: Option<Proxy>,
    excluded: Vec<String>,
}

impl Proxies {
    /// Reads the environment variables through `variable`.
    ///
    /// # Errors
    ///
    /// The name of a variable with an invalid value. Ignoring it would bypass a proxy that the user wants.
    pub(crate) fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, &'static str> {
        const PROXIES: [&str; 6] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];
        let mut proxy = None;
        for name in PROXIES {
            let url = variable(name).unwrap_or_default();
            if !url.trim().is_empty() {
                proxy = Some(Proxy::new(url.trim()).map_err(|_| name)?);
                break;
            }
        }
        let excluded = variable("NO_PROXY").or_else(|| variable("no_proxy")).unwrap_or_default().to_lowercase();
        Ok(Self { proxy, excluded: excluded.split([',', ' ']).map(str::to_owned).collect() })
    }

    /// The proxy for a host; `None` if there is none or the host is excluded.
    pub(crate) fn for_host(&self, host: &str) -> Option<&Proxy> {
        let host = strip_brackets(host).to_lowercase();
        let is_excluded = self.excluded.iter().any(|pattern| matches_no_proxy(pattern, &host));
        if is_excluded { None } else { self.proxy.as_ref() }
    }
}

/// Whether a `NO_PROXY` entry matches a host. As in curl, Go and Python, a name also matches its subdomains, with or without
/// a leading dot.
fn matches_no_proxy(pattern: &str, host: &str) -> bool {
    if let Some(prefix) = pattern.strip_suffix('*') {
        return host.starts_with(prefix);
    }
    let name = strip_brackets(pattern.trim_start_matches('*').trim_start_matches('.'));
    !name.is_empty() && is_below(host, name)
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

    #[test]
    fn an_invalid_proxy_url_is_an_error() {
        for url in ["not a url at all", "http://", "ftp://a.test"] {
            assert_eq!(from_variables(&[("HTTPS_PROXY", url)]).err(), Some("HTTPS_PROXY"), "{url}");
        }
        for url in ["", " ", "http://proxy.test:8080", "proxy.test:8080"] {
            assert!(from_variables(&[("HTTPS_PROXY", url)]).is_ok(), "{url}");
        }
    }

    #[test]
    fn https_proxy_takes_precedence() {
        let proxies = from_variables(&[("ALL_PROXY", "http://all.test"), ("https_proxy", "http://own.test")]).unwrap();
        assert_eq!(proxies.for_host("a.test").map(Proxy::host), Some("own.test"));
    }

    #[test]
    fn no_proxy_matches_subdomains() {
        for (excluded, is_direct) in [
            ("api.test.invalid", true),
            ("test.invalid", true),
            (".test.invalid", true),
            ("*.test.invalid", true),
            ("other.test, Test.Invalid", true),
            ("api.*", true),
            ("*", true),
            ("est.invalid", false),
            ("pi.test.invalid", false),
            ("www.api.test.invalid", false),
            ("", false),
            (",", false),
        ] {
            let proxies = from_variables(&[("HTTPS_PROXY", "http://proxy.test"), ("NO_PROXY", excluded)]).unwrap();
            assert_eq!(proxies.for_host("API.test.invalid").is_none(), is_direct, "{excluded}");
        }
    }
}
