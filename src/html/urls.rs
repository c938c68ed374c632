//! Addresses in html and css as a browser reads them: what they are disguised with is taken off.
//!
//! Only the scheme is looked at; whether an address exists is not asked here.

use std::borrow::Cow;
use std::ops::Range;

use crate::base::steps::count_steps;

/// What a browser does with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// Runs what follows: `javascript`, `vbscript`.
    Script(&'static str),
    /// `data:` of an image or a font: shown, never run.
    DataPicture,
    /// `data:` of anything else: a page in the address.
    Data,
    /// Anything else, also none.
    Other,
}

/// The scheme of an address whose entities are decoded (URL Standard: blanks and controls before it and tabs and line
/// breaks inside it do not count, nor does case).
pub(crate) fn scheme(address: &str) -> Scheme {
    /// Enough for the longest media type that matters.
    const REACH: usize = 24;
    let start: String = address
        .chars()
        .skip_while(|&c| c <= ' ')
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .take(REACH)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let Some((scheme, rest)) = start.split_once(':') else { return Scheme::Other };
    match scheme {
        "javascript" => Scheme::Script("javascript:"),
        "vbscript" => Scheme::Script("vbscript:"),
        "data" => {
            let media = rest.trim_start();
            let harmless = ["image/", "font/", "application/font", "application/x-font"];
            if harmless.iter().any(|kind| media.starts_with(kind)) { Scheme::DataPicture } else { Scheme::Data }
        }
        _ => Scheme::Other,
    }
}

/// Attributes whose value is the one address a reader is led to or a file is loaded from.
pub(crate) fn leads(attribute: &str) -> bool {
    matches!(attribute, "href" | "src" | "action" | "formaction" | "background" | "poster")
}

/// The ranges of the addresses in a `srcset`. A `data:` address may contain commas.
pub(crate) fn candidates(srcset: &str) -> impl Iterator<Item = Range<usize>> {
    let mut position = 0;
    std::iter::from_fn(move || {
        let rest = &srcset[position..];
        let start =
            position + rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',').len();
        if start == srcset.len() {
            return None;
        }
        let length = srcset[start..].find(|c: char| c.is_ascii_whitespace()).unwrap_or(srcset.len() - start);
        let address = &srcset[start..start + length];
        count_steps(length);
        position = start + length;
        if !address.ends_with(',') {
            // A descriptor such as `2x` follows, up to the next comma.
            position += srcset[position..].find(',').map_or(srcset.len() - position, |comma| comma + 1);
        }
        Some(start..start + address.trim_end_matches(',').len())
    })
}

/// Css as a browser reads it: comments out, escapes decoded, in lower case.
pub(crate) fn plain_css(css: &str) -> Cow<'_, str> {
    if !css.contains("/*") && !css.contains('\\') && !css.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Borrowed(css);
    }
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        let length_before = rest.len();
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if let Some(escape) = rest.strip_prefix('\\') {
            let digits = escape.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            let code = u32::from_str_radix(&escape[..digits], 16).ok();
            plain.extend(code.and_then(char::from_u32).map(|c| c.to_ascii_lowercase()));
            rest = &escape[digits..];
            if digits > 0 {
                rest = rest.strip_prefix(|c: char| c.is_ascii_whitespace()).unwrap_or(rest);
            }
        } else {
            plain.push(c.to_ascii_lowercase());
            rest = &rest[c.len_utf8()..];
        }
        count_steps(length_before - rest.len());
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disguised_scheme_is_read_as_a_browser_does() {
        for (address, expected) in [
            ("javascript:alert(1)", Scheme::Script("javascript:")),
            (" \u{1}JaVa\tScr\nipt:x", Scheme::Script("javascript:")),
            ("vbscript:x", Scheme::Script("vbscript:")),
            ("java script:x", Scheme::Other),
            ("https://example.org/javascript:intro", Scheme::Other),
            ("/javascript:x", Scheme::Other),
            ("mailto:a@b.c", Scheme::Other),
            ("data:text/html,x", Scheme::Data),
            ("DATA:image/svg+xml,x", Scheme::DataPicture),
            ("data:,x", Scheme::Data),
            ("", Scheme::Other),
        ] {
            assert_eq!(scheme(address), expected, "{address:?}");
        }
    }

    #[test]
    fn a_srcset_is_split_at_its_commas_only() {
        let srcset = "data:image/png;base64,xy 1x, b.png 2x,c.png,\n d.png";
        let found: Vec<_> = candidates(srcset).map(|range| &srcset[range]).collect();
        assert_eq!(found, ["data:image/png;base64,xy", "b.png", "c.png", "d.png"]);
    }

    #[test]
    fn css_is_read_without_comments_and_escapes() {
        for (css, plain) in [
            ("color:red", "color:red"),
            ("EXP/**/ression(1)", "expression(1)"),
            ("\\6a ava\\000073cript:", "javascript:"),
            ("@\\69mport", "@import"),
            ("a/* open", "a"),
            ("\\", ""),
        ] {
            assert_eq!(plain_css(css), plain, "{css}");
        }
    }
}
