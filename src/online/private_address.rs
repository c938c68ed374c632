//! Addresses that are only reachable from the same machine or network.

use std::net::{IpAddr, Ipv6Addr};

/// Whether a host is this machine, independent of DNS.
#[cfg(feature = "online")]
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether an address is private, loopback or link-local. An IPv4 address inside an IPv6 address counts as well.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address.octets()),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4([first, second, ..]: [u8; 4]) -> bool {
    match first {
        // This host, private use, loopback.
        0 | 10 | 127 => true,
        // 100.64.0.0/10: shared between a provider and its customers (RFC 6598).
        100 => (64..128).contains(&second),
        // Link-local. Cloud machines read their credentials at 169.254.169.254.
        169 => second == 254,
        172 => (16..32).contains(&second),
        192 => second == 168,
        _ => false,
    }
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // fc00::/7 (unique local), fe80::/10 (link-local), fec0::/10 (site-local, deprecated), 64:ff9b:1::/48 (local NAT64).
    if segments[0] & 0xfe00 == 0xfc00 || segments[0] & 0xff80 == 0xfe80 || segments[..3] == [0x64, 0xff9b, 1] {
        return true;
    }
    embedded_v4(address).is_some_and(is_private_v4)
}

/// The IPv4 address that an IPv6 address contains. `::` and `::1` are IPv4-compatible addresses in 0.0.0.0/8.
fn embedded_v4(address: Ipv6Addr) -> Option<[u8; 4]> {
    let octets = address.octets();
    let last_four = [octets[12], octets[13], octets[14], octets[15]];
    match address.segments() {
        // IPv4-compatible (::/96), IPv4-mapped (::ffff:0:0/96), IPv4-translated (::ffff:0:0:0/96), NAT64 (64:ff9b::/96).
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            Some(last_four)
        }
        // 6to4 (2002::/16).
        [0x2002, ..] => Some([octets[2], octets[3], octets[4], octets[5]]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_recognized_in_each_form() {
        let private = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "::",
            "::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "::ffff:0:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2002:a00:1::1",
        ];
        for text in private {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        let public = "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.0.0.1 128.0.0.1 169.253.0.1 172.15.255.255 172.32.0.0 192.167.0.1 \
            192.169.0.1 192.0.2.10 203.0.113.7 2001:db8::1 ::ffff:203.0.113.7 64:ff9b::203.0.113.7 2002:cb00:7107::1 fbff::1 fe00::1 ff02::1 2606:4700::1111";
        for text in public.split(' ') {
            assert!(!is_private(text.parse().unwrap()), "{text}");
        }
    }
}
