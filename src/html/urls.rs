//! Interprets addresses and CSS in HTML as a browser does, including those that are written to hide a script from filters.

use std::ops::Range;

use crate::base::steps::count_steps;

/// The kind of an address, according to its scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// `javascript:` or `vbscript:`. A browser runs the rest of the address.
    Script(&'static str),
    /// `data:` with an image or a font, which a browser never runs.
    DataMedia,
    /// `data:` with any other content, which may be a page.
    Data,
    /// Any other scheme, or none.
    Other,
}

/// The scheme of an address, with character references decoded. Blanks and controls before the scheme, and tabs and line breaks inside
/// it, are ignored (URL Standard, "basic URL parser").
pub(crate) fn scheme(address: &str) -> Scheme {
    /// The number of characters that are compared: enough for a scheme and the media types below.
    const MAX_PREFIX_LEN: usize = 24;
    // Nearly all addresses start like this.
    if address.starts_with("https://") {
        return Scheme::Other;
    }
    let mut prefix = String::with_capacity(MAX_PREFIX_LEN);
    let characters = address.trim_start_matches(|c: char| c <= ' ').chars();
    for character in characters.filter(|c| !matches!(c, '\t' | '\n' | '\r')).take(MAX_PREFIX_LEN) {
        prefix.push(character.to_ascii_lowercase());
    }
    let Some((scheme, rest)) = prefix.split_once(':') else { return Scheme::Other };
    match scheme {
        "javascript" => Scheme::Script("javascript:"),
        "vbscript" => Scheme::Script("vbscript:"),
        "data" => {
            let media_type = rest.trim_start();
            let harmless = ["image/", "font/", "application/font", "application/x-font"];
            if harmless.iter().any(|start| media_type.starts_with(start)) { Scheme::DataMedia } else { Scheme::Data }
        }
        _ => Scheme::Other,
    }
}

/// Whether the value of an attribute is one address, which a reader follows or a browser loads.
pub(crate) fn is_address_attribute(attribute: &str) -> bool {
    matches!(attribute, "href" | "src" | "action" | "formaction" | "background" | "poster")
}

/// The ranges of the addresses in a `srcset` (HTML Standard, "parsing a srcset attribute"). A `data:` address may contain commas.
pub(crate) fn srcset_addresses(srcset: &str) -> Vec<Range<usize>> {
    let mut addresses = Vec::new();
    let mut position = 0;
    loop {
        let rest = &srcset[position..];
        let start =
            position + rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',').len();
        if start == srcset.len() {
            return addresses;
        }
        let length = srcset[start..].find(|c: char| c.is_ascii_whitespace()).unwrap_or(srcset.len() - start);
        let address = &srcset[start..start + length];
        count_steps(length);
        addresses.push(start..start + address.trim_end_matches(',').len());
        position = start + length;
        if !address.ends_with(',') {
            // A descriptor such as `2x` follows, up to the next comma.
            position += srcset[position..].find(',').map_or(srcset.len() - position, |comma| comma + 1);
        }
    }
}

/// Removes the comments from CSS, decodes its escapes, and converts it to lower case.
pub(crate) fn normalize_css(css: &str) -> String {
    if memchr::memchr2(b'*', b'\\', css.as_bytes()).is_none() {
        return css.to_ascii_lowercase();
    }
    let mut normalized = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        let length_before = rest.len();
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if let Some(escape) = rest.strip_prefix('\\') {
            let digits = escape.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            let code = u32::from_str_radix(&escape[..digits], 16).ok();
            normalized.extend(code.and_then(char::from_u32).map(|c| c.to_ascii_lowercase()));
            rest = &escape[digits..];
            if digits > 0 {
                rest = rest.strip_prefix(|c: char| c.is_ascii_whitespace()).unwrap_or(rest);
            }
        } else {
            normalized.push(c.to_ascii_lowercase());
            rest = &rest[c.len_utf8()..];
        }
        count_steps(length_before - rest.len());
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_recognized_as_in_a_browser() {
        for (address, expected) in [
            ("javascript:alert(1)", Scheme::Script("javascript:")),
            (" \u{1}JaVa\tScr\nipt:x", Scheme::Script("javascript:")),
            ("vbscript:x", Scheme::Script("vbscript:")),
            ("java script:x", Scheme::Other),
            ("https://example.org/javascript:intro", Scheme::Other),
            ("/javascript:x", Scheme::Other),
            ("mailto:a@b.c", Scheme::Other),
            ("data:text/html,x", Scheme::Data),
            ("DATA:image/svg+xml,x", Scheme::DataMedia),
            ("data:,x", Scheme::Data),
            ("", Scheme::Other),
        ] {
            assert_eq!(scheme(address), expected, "{address:?}");
        }
    }

    #[test]
    fn a_srcset_is_split_at_its_commas_only() {
        let srcset = "data:image/png;base64,xy 1x, b.png 2x,c.png,\n d.png";
        let found: Vec<_> = srcset_addresses(srcset).into_iter().map(|range| &srcset[range]).collect();
        assert_eq!(found, ["data:image/png;base64,xy", "b.png", "c.png", "d.png"]);
    }

    #[test]
    fn css_is_normalized_without_comments_and_escapes() {
        for (css, expected) in [
            ("color:red", "color:red"),
            ("EXP/**/ression(1)", "expression(1)"),
            ("\\6a ava\\000073cript:", "javascript:"),
            ("@\\69mport", "@import"),
            ("a/* open", "a"),
            ("\\", ""),
        ] {
            assert_eq!(normalize_css(css), expected, "{css}");
        }
    }
}
