//! From the URIs of an editor to paths. The way back is [`crate::render::uri`].

use std::path::PathBuf;

/// The path of a `file:` URI; `None` for every other scheme, for other machines, and for what is no text.
pub fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.split_at_checked(5).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("file:"))?.1;
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/')?),
        None => ("", rest),
    };
    let path = decoded(path)?;
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
        return cfg!(windows).then(|| PathBuf::from(format!("//{host}{path}")));
    }
    // The slash in front of a drive is the URI's.
    let of_drive = path.strip_prefix('/').filter(|rest| cfg!(windows) && has_drive(rest));
    path.starts_with('/').then(|| PathBuf::from(of_drive.unwrap_or(&path)))
}

/// What an editor calls a text that is no file: what stands behind the last slash, or behind the scheme.
pub fn name(uri: &str) -> String {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(path);
    decoded(last).unwrap_or_else(|| last.to_owned())
}

fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// Percent signs that stand for nothing stand for themselves.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digit = |at: usize| behind.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        let value = (*first == b'%').then(|| u8::try_from(digit(0)? * 16 + digit(1)?).ok()).flatten();
        bytes.push(value.unwrap_or(*first));
        rest = if value.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_what_the_uri_of_a_file_says() {
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
    fn what_is_no_file_has_a_name_all_the_same() {
        assert_eq!(name("untitled:Untitled-1"), "Untitled-1");
        assert_eq!(name("git:/x/main%20a.json?ref=HEAD"), "main a.json");
        assert_eq!(name("vscode-vfs://github/a/b.yaml"), "b.yaml");
    }
}
