//! The proxy of the environment (`HTTPS_PROXY` and its like), and the hosts that are reached without it (`NO_PROXY`).

use ureq::Proxy;

/// See the module.
#[derive(Debug, Default)]
pub struct Proxies {
    proxy: Option<Proxy>,
    excepted: Vec<String>,
}

impl Proxies {
    /// Those that the variables of the environment name.
    ///
    /// # Errors
    ///
    /// The variable that names none: past a proxy that was meant nobody is asked.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, &'static str> {
        const PROXIES: [&str; 6] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];
        let named =
            |name: &'static str| Some((name, variable(name)?.trim().to_owned())).filter(|(_, url)| !url.is_empty());
        let proxy = match PROXIES.into_iter().find_map(named) {
            Some((name, url)) => Some(Proxy::new(&url).map_err(|_| name)?),
            None => None,
        };
        let excepted = variable("NO_PROXY").or_else(|| variable("no_proxy")).unwrap_or_default().to_lowercase();
        Ok(Self { proxy, excepted: excepted.split([',', ' ']).map(str::to_owned).collect() })
    }

    /// The one that a host is asked through.
    pub fn of_host(&self, host: &str) -> Option<&Proxy> {
        let host = bare(host).to_lowercase();
        self.proxy.as_ref().filter(|_| !self.excepted.iter().any(|excepted| covers(excepted, &host)))
    }
}

/// As curl, Go and Python read it: a name stands for what is below it as well, with a dot in front or without.
fn covers(excepted: &str, host: &str) -> bool {
    if let Some(start) = excepted.strip_suffix('*') {
        return !excepted.is_empty() && host.starts_with(start);
    }
    let name = bare(excepted.trim_start_matches('*').trim_start_matches('.'));
    let below = host.strip_suffix(name).filter(|_| !name.is_empty());
    below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

/// An address of IPv6 without its brackets.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Proxies, &'static str> {
        let value = |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        Proxies::of(value)
    }

    #[test]
    fn what_names_no_proxy_is_said_and_not_passed_by() {
        for url in ["not a url at all", "http://", "ftp://a.test"] {
            assert_eq!(of(&[("HTTPS_PROXY", url)]).err(), Some("HTTPS_PROXY"), "{url}");
        }
        for url in ["", " ", "http://proxy.test:8080", "proxy.test:8080"] {
            assert!(of(&[("HTTPS_PROXY", url)]).is_ok(), "{url}");
        }
    }

    #[test]
    fn the_one_for_https_counts_more_than_the_one_for_all() {
        let proxies = of(&[("ALL_PROXY", "http://all.test"), ("https_proxy", "http://own.test")]).unwrap();
        assert_eq!(proxies.of_host("a.test").map(Proxy::host), Some("own.test"));
    }

    #[test]
    fn a_host_is_excepted_with_all_that_is_below_it() {
        for (excepted, is_direct) in [
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
            let proxies = of(&[("HTTPS_PROXY", "http://proxy.test"), ("NO_PROXY", excepted)]).unwrap();
            assert_eq!(proxies.of_host("API.test.invalid").is_none(), is_direct, "{excepted}");
        }
    }
}
