//! Converts URIs from the editor to paths and names. [`crate::render::uri`] converts paths to URIs.

use std::borrow::Cow;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

/// The path of a `file:` URI (RFC 8089). `None` for any other scheme, for a host that is not the local one (except on Windows,
/// where it is a UNC path), and for a path that is not UTF-8.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let (scheme, location) = uri.split_at_checked(5)?;
    if !scheme.eq_ignore_ascii_case("file:") {
        return None;
    }
    let (host, encoded_path) = match location.strip_prefix("//") {
        Some(host_and_path) => host_and_path.split_at(host_and_path.find('/')?),
        None => ("", location),
    };
    let path = percent_decode(encoded_path)?;
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
        return if cfg!(windows) { Some(PathBuf::from(format!("//{host}{path}"))) } else { None };
    }
    match path.strip_prefix('/') {
        // In `/c:/x`, the first slash belongs to the URI, not to the path.
        Some(drive_path) if cfg!(windows) && has_drive(drive_path) => Some(PathBuf::from(drive_path)),
        Some(_) => Some(PathBuf::from(path)),
        None => None,
    }
}

/// The name of a document that is not a file: the part of its URI after the last slash, or else after the scheme.
pub(super) fn display_name(uri: &str) -> String {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(path);
    percent_decode(name).unwrap_or_else(|| name.to_owned())
}

fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// Decodes `%XX`. Other percent signs are kept, because some editors do not encode them. `None` if the result is not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_file_uris_to_paths() {
        for (uri, path) in [
            ("file:///home/a%20b/%C3%BC%F0%9F%98%80.json", Some("/home/a b/ü😀.json")),
            ("file:///home/ü 100%.json", Some("/home/ü 100%.json")),
            ("FILE://localhost/x%23y", Some("/x#y")),
            ("file:/x", Some("/x")),
            ("file://elsewhere/x", None),
            ("file:///%FF", None),
            ("untitled:Untitled-1", None),
            ("é", None),
        ] {
            assert_eq!(to_path(uri), path.map(PathBuf::from), "{uri}");
        }
        #[cfg(windows)]
        assert_eq!(to_path("file:///c%3A/a%20b.json"), Some(PathBuf::from("c:/a b.json")));
    }

    #[test]
    fn names_documents_that_are_not_files() {
        assert_eq!(display_name("untitled:Untitled-1"), "Untitled-1");
        assert_eq!(display_name("git:/x/main%20a.json?ref=HEAD"), "main a.json");
        assert_eq!(display_name("vscode-vfs://github/a/b.yaml"), "b.yaml");
    }
}
