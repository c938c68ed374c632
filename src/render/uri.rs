//! Paths as URI references (RFC 3986): what SARIF has in place of paths.

use std::fmt::Write;

/// The reference of a file as it is shown: relative to where the program runs, or absolute with a scheme.
pub fn of_path(path: &str) -> String {
    let encoded = encoded(path);
    let has_drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    match (path.starts_with('/'), has_drive) {
        (true, _) => format!("file://{encoded}"),
        // The colon of a drive is one.
        (_, true) => format!("file:///{}", encoded.replacen("%3A", ":", 1)),
        _ => encoded,
    }
}

/// Whether a path lies below where the program runs.
pub fn is_below(path: &str) -> bool {
    let is_absolute = of_path(path).starts_with("file:");
    !is_absolute && path != ".." && !path.starts_with("../") && !path.starts_with('<')
}

/// Every byte that a path of a URI cannot hold, and the colon, which would end a scheme.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => encoded.push(byte.into()),
            _ => {
                // Memory can be written to.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_uri_cannot_hold_is_encoded() {
        assert_eq!(of_path("portals/a b.json"), "portals/a%20b.json");
        assert_eq!(of_path("a:b%?#\u{202e}\0\n.json"), "a%3Ab%25%3F%23%E2%80%AE%00%0A.json");
        assert_eq!(of_path("ü😀.yaml"), "%C3%BC%F0%9F%98%80.yaml");
        assert_eq!(of_path("/tmp/a.json"), "file:///tmp/a.json");
        assert_eq!(of_path("C:/a b.json"), "file:///C:/a%20b.json");
    }

    #[test]
    fn what_is_elsewhere_has_no_base() {
        assert!(is_below("a/b.json") && is_below("..a.json"));
        assert!(!["../a.json", "/a.json", "C:/a.json", "<stdin>"].into_iter().any(is_below));
    }
}
