//! The values of `--connect-to`: addresses to connect to instead of those from DNS.

use std::net::SocketAddr;
use std::str::FromStr;

/// An entry of `--connect-to`, in curl's form `HOST:PORT:ADDR:PORT`: the address for a host and port. An empty host or port
/// matches any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectTo {
    /// In lower case, IPv6 addresses without brackets.
    host: String,
    port: Option<u16>,
    pub(super) address: SocketAddr,
}

impl ConnectTo {
    /// Whether the entry is for this host and port.
    pub(super) fn matches(&self, host: &str, port: u16) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let matches_host = self.host.is_empty() || self.host == host.to_lowercase();
        matches_host && (self.port.is_none() || self.port == Some(port))
    }

    fn parse(text: &str) -> Option<Self> {
        // IPv6 addresses are written in brackets.
        let in_brackets = text.strip_prefix('[').and_then(|ipv6| ipv6.split_once("]:"));
        let (host, port_and_address) = match in_brackets {
            Some(parts) => parts,
            None => text.split_once(':')?,
        };
        let (port, address) = port_and_address.split_once(':')?;
        let port = if port.is_empty() { None } else { Some(port.parse().ok()?) };
        let address = address.replacen("localhost:", "127.0.0.1:", 1).parse().ok()?;
        Some(Self { host: host.to_lowercase(), port, address })
    }
}

impl FromStr for ConnectTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
            .ok_or_else(|| format!("`{text}` is not HOST:PORT:ADDR:PORT, such as `acme.com:443:127.0.0.1:8443`"))
    }
}

#[cfg(test)]
mod tests {
    use crate::online::net::connect_to::*;

    #[test]
    fn parses_connect_to_like_curl() {
        let entry: ConnectTo = "Acme.com:443:127.0.0.1:8443".parse().unwrap();
        assert_eq!((entry.host.as_str(), entry.port, entry.address.port()), ("acme.com", Some(443), 8443));
        let entry: ConnectTo = "[::1]:443:[::1]:8443".parse().unwrap();
        assert_eq!((entry.host.as_str(), entry.address.to_string().as_str()), ("::1", "[::1]:8443"));
        let entry: ConnectTo = "::127.0.0.1:1".parse().unwrap();
        assert!(entry.host.is_empty() && entry.port.is_none());
        for text in ["", "acme.com", "acme.com:443", "acme.com:x:127.0.0.1:1", "acme.com:443:127.0.0.1", "a:1:b:2"] {
            assert!(text.parse::<ConnectTo>().is_err(), "{text}");
        }
    }
}
