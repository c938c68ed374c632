//! Converts URIs from the editor to paths and names. [`crate::render::uri`] converts paths to URIs.

use std::path::PathBuf;

/// The path of a `file:` URI (RFC 8089). `None` for any other scheme, for a host that is not the local one (except on Windows,
/// where it is a UNC path), and for a path that is not UTF-8.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.split_at_checked(5).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("file:"))?.1;
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/')?),
        None => ("", rest),
    };
    let path = percent_decode(path)?;
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
        return cfg!(windows).then(|| PathBuf::from(format!("//{host}{path}")));
    }
    // In `/c:/x`, the first slash belongs to the URI, not to the path.
    let drive_path = path.strip_prefix('/').filter(|rest| cfg!(windows) && has_drive(rest));
    path.starts_with('/').then(|| PathBuf::from(drive_path.unwrap_or(&path)))
}

/// The name of a document that is not a file: the part of its URI after the last slash, or else after the scheme.
pub(super) fn display_name(uri: &str) -> String {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(path);
    percent_decode(last).unwrap_or_else(|| last.to_owned())
}

fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// Decodes `%XX`. Other percent signs are kept, because some editors do not encode them. `None` if the result is not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |index: usize| after.get(index).and_then(|byte| char::from(*byte).to_digit(16));
        let decoded = (*first == b'%').then(|| u8::try_from(digit(0)? * 16 + digit(1)?).ok()).flatten();
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).ok()
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
