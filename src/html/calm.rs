//! Calm html: text and a few harmless tags with harmless attributes, written without tricks.
//!
//! Most html of a portal is that, and then a look at each `<` answers what else takes a tokenizer. "Not calm" says
//! nothing against a html; it has to be read properly.

use std::ops::Range;

/// Elements that show their content and do nothing else.
fn is_harmless_element(name: &str) -> bool {
    matches!(
        name,
        "p" | "a"
            | "b"
            | "i"
            | "u"
            | "s"
            | "br"
            | "hr"
            | "em"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "ol"
            | "ul"
            | "td"
            | "th"
            | "tr"
            | "div"
            | "img"
            | "pre"
            | "sub"
            | "sup"
            | "span"
            | "font"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "small"
            | "strong"
            | "center"
            | "blockquote"
    )
}

/// Attributes that neither hide nor run nor lead anywhere.
fn is_harmless_attribute(name: &str) -> bool {
    matches!(
        name,
        "id" | "alt"
            | "dir"
            | "rel"
            | "lang"
            | "role"
            | "align"
            | "class"
            | "width"
            | "border"
            | "height"
            | "target"
            | "cellpadding"
            | "cellspacing"
    )
}

/// Addresses that lead somewhere and run nothing.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// Whether all of the html is calm. Each address of a link or picture is given to `on_address`.
pub fn is_calm(html: &str, mut on_address: impl FnMut(Range<usize>)) -> bool {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
        match tag(html, at + found, &mut on_address) {
            Some(end) => at = end,
            None => return false,
        }
    }
    true
}

/// Whether `place` is in the text of the html, and everything before it is calm.
pub fn is_calm_text(html: &str, place: usize) -> bool {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &html.as_bytes()[at..place]) {
        match tag(html, at + found, &mut |_| {}) {
            Some(end) if end <= place => at = end,
            _ => return false,
        }
    }
    true
}

/// The end of a calm tag that starts at `start`.
fn tag(html: &str, start: usize, on_address: &mut impl FnMut(Range<usize>)) -> Option<usize> {
    let bytes = html.as_bytes();
    let closes = bytes.get(start + 1) == Some(&b'/');
    let name = start + 1 + usize::from(closes);
    let mut at = name + word(&bytes[name..]);
    if !is_harmless_element(&html[name..at]) {
        return None;
    }
    loop {
        match bytes.get(at)? {
            b'>' => return Some(at + 1),
            b'/' if bytes.get(at + 1) == Some(&b'>') => return Some(at + 2),
            b' ' | b'\n' | b'\r' | b'\t'
                if matches!(bytes.get(at + 1)?, b' ' | b'\n' | b'\r' | b'\t' | b'>' | b'/') =>
            {
                at += 1;
            }
            b' ' | b'\n' | b'\r' | b'\t' if !closes => at = attribute(html, at + 1, on_address)?,
            _ => return None,
        }
    }
}

/// The end of a calm `name="value"` that starts at `start`.
fn attribute(html: &str, start: usize, on_address: &mut impl FnMut(Range<usize>)) -> Option<usize> {
    let bytes = html.as_bytes();
    let equals = start + word(&bytes[start..]);
    let quote = *bytes.get(equals + 1).filter(|byte| bytes[equals] == b'=' && matches!(byte, b'"' | b'\''))?;
    let value = equals + 2..equals + 2 + memchr::memchr(quote, &bytes[equals + 2..])?;
    let text = &html[value.clone()];
    // An entity may stand for anything, and what is no plain text is not calm.
    if text.bytes().any(|byte| byte == b'&' || byte < b' ') {
        return None;
    }
    match &html[start..equals] {
        "href" | "src" if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) => on_address(value.clone()),
        name if is_harmless_attribute(name) => {}
        _ => return None,
    }
    Some(value.end + 1)
}

/// The length of a name in lower case.
fn word(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_by_hand_is_calm_and_its_addresses_are_known() {
        let html =
            "<p class=\"a\">Help: <a href='https://acme.com/x?y=1' target=\"_blank\">here</a><br/><br /></p> 1 > 0";
        let mut addresses = Vec::new();
        assert!(is_calm(html, |range| addresses.push(&html[range])));
        assert_eq!(addresses, ["https://acme.com/x?y=1"]);
    }

    #[test]
    fn what_could_hide_run_or_lead_astray_is_not_calm() {
        for html in [
            "<script>",
            "<P>",
            "<p hidden>",
            "<p style=\"color:red\">",
            "<p onclick=\"x\">",
            "<a href=\"javascript:x\">",
            "<a href=\"https://x&#46;y\">",
            "<a href=https://x>",
            "<a href=\"https://x",
            "<!-- x -->",
            "<p",
            "<",
            "< p>",
            "</p x=\"1\">",
            "<p\u{c}x>",
        ] {
            assert!(!is_calm(html, |_| {}), "{html}");
        }
    }

    #[test]
    fn a_place_behind_something_else_or_inside_a_tag_is_no_calm_text() {
        let html = "<p id=\"x\">here</p><!-- there -->";
        assert!(is_calm_text(html, html.find("here").expect("it is there")));
        assert!(!is_calm_text(html, html.find('x').expect("it is there")));
        assert!(!is_calm_text(html, html.find("there -").expect("it is there")));
    }
}
