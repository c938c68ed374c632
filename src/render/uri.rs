//! Converts paths to URI references (RFC 3986), for SARIF and for the editor.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters (RFC 3986, section 2.3) and the slash. A colon could occur in a path, but in a relative reference
/// it would end a scheme (section 4.2).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Converts a displayed path to a URI reference: relative paths stay relative, absolute paths become `file:` URIs.
pub fn path_to_uri(path: &str) -> String {
    let encoded = utf8_percent_encode(path, RESERVED).to_string();
    let has_drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    if path.starts_with('/') {
        format!("file://{encoded}")
    } else if has_drive {
        // RFC 8089, appendix E.2: the drive letter follows the third slash, and its colon is not encoded.
        format!("file:///{}", encoded.replacen("%3A", ":", 1))
    } else {
        encoded
    }
}

/// Whether a displayed path is below the current directory.
pub fn is_below_current_dir(path: &str) -> bool {
    let is_absolute = path_to_uri(path).starts_with("file:");
    // `<stdin>` is displayed in place of a path.
    !is_absolute && path != ".." && !path.starts_with("../") && !path.starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_non_ascii_bytes_are_percent_encoded() {
        assert_eq!(path_to_uri("portals/a b.json"), "portals/a%20b.json");
        assert_eq!(path_to_uri("a:b%?#\u{202e}\0\n.json"), "a%3Ab%25%3F%23%E2%80%AE%00%0A.json");
        assert_eq!(path_to_uri("ü😀.yaml"), "%C3%BC%F0%9F%98%80.yaml");
    }

    #[test]
    fn absolute_paths_become_file_uris() {
        assert_eq!(path_to_uri("/tmp/a.json"), "file:///tmp/a.json");
        assert_eq!(path_to_uri("C:/a b.json"), "file:///C:/a%20b.json");
    }

    #[test]
    fn paths_outside_the_current_directory_are_recognized() {
        assert!(is_below_current_dir("a/b.json") && is_below_current_dir("..a.json"));
        assert!(!["../a.json", "/a.json", "C:/a.json", "<stdin>"].into_iter().any(is_below_current_dir));
    }
}
