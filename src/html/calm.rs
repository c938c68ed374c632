//! Calm html: text and a few harmless tags with harmless attributes, written without tricks.
//!
//! Most html of a portal is that, and then a look at each `<` answers what else takes a tokenizer. "Not calm" says
//! nothing against a html; it has to be read properly.

use std::ops::Range;

use super::shortcodes;

/// Elements that show their content and do nothing else, by the length of their names. A name is a number here: large
/// html has a tag every few bytes, and comparing numbers is what makes a calm one cheap.
const HARMLESS_ELEMENTS: [&[u64]; 8] = [
    &[],
    &packed(["p", "a", "b", "i", "u", "s"]),
    &packed(["br", "td", "tr", "li", "em", "h1", "h2", "h3", "h4", "h5", "h6", "th", "ul", "ol", "hr"]),
    &packed(["div", "img", "pre", "sub", "sup"]),
    &packed(["span", "font"]),
    &packed(["table", "tbody", "thead", "tfoot", "small"]),
    &packed(["strong", "center"]),
    &[],
];

/// Those of them that have no end.
const VOID: [u64; 3] = packed(["br", "hr", "img"]);

const fn packed<const N: usize>(names: [&str; N]) -> [u64; N] {
    let mut numbers = [0; N];
    let mut name = 0;
    while name < N {
        let bytes = names[name].as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            numbers[name] = numbers[name] << 8 | bytes[at] as u64;
            at += 1;
        }
        name += 1;
    }
    numbers
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

/// What one pass over calm html tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calm {
    /// The addresses of links and pictures.
    pub addresses: Vec<Range<usize>>,
    /// The first `{{email_code}}` between the tags: nothing in calm html hides it.
    pub code: Option<Range<usize>>,
    /// Every element ends, and the last that began first. `false` says nothing against the html: it may be too deep.
    pub nested: bool,
}

/// The open elements of calm html, as far as it is not too deep for this.
struct Open {
    names: [u64; 24],
    depth: usize,
    nested: bool,
}

impl Open {
    #[inline]
    fn take(&mut self, tag: &CalmTag) {
        if !tag.closes && VOID.contains(&tag.name) {
            return;
        }
        if !tag.closes {
            match self.names.get_mut(self.depth) {
                Some(free) => *free = tag.name,
                None => self.nested = false,
            }
            self.depth += 1;
        } else if self.depth > 0 && self.names.get(self.depth - 1) == Some(&tag.name) {
            self.depth -= 1;
        } else {
            self.nested = false;
        }
    }
}

/// A tag and where it ends.
struct CalmTag {
    name: u64,
    closes: bool,
    end: usize,
}

/// `None` when the html is not calm.
pub fn look(html: &str) -> Option<Calm> {
    let mut codes = shortcodes::email_codes(html);
    let (mut calm, mut next) = (Calm::default(), codes.next());
    let mut open = Open { names: [0; 24], depth: 0, nested: true };
    let mut at = 0;
    while let Some(start) = next_tag(html.as_bytes(), at) {
        let tag = tag(html, start, &mut |range| calm.addresses.push(range))?;
        at = tag.end;
        open.take(&tag);
        // A code before this tag is text; one in the tag is none.
        while let Some(code) = next.take_if(|code| code.start < at && calm.code.is_none()) {
            if code.start < start {
                calm.code = Some(code);
            } else {
                next = codes.next();
            }
        }
    }
    calm.code = calm.code.or(next);
    calm.nested = open.nested && open.depth == 0;
    Some(calm)
}

/// Where the next `<` is. Tags often follow one another.
#[inline]
fn next_tag(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) == Some(&b'<') { Some(at) } else { Some(at + memchr::memchr(b'<', &bytes[at..])?) }
}

/// A calm tag that starts at `start`.
#[inline]
fn tag(html: &str, start: usize, on_address: &mut impl FnMut(Range<usize>)) -> Option<CalmTag> {
    let bytes = html.as_bytes();
    let closes = bytes.get(start + 1) == Some(&b'/');
    let name = start + 1 + usize::from(closes);
    let (mut at, mut number) = (name, 0_u64);
    while let Some(&byte) = bytes.get(at).filter(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        number = number << 8 | u64::from(byte);
        at += 1;
    }
    if !HARMLESS_ELEMENTS.get(at - name)?.contains(&number) {
        return None;
    }
    let tag = |end: usize| CalmTag { name: number, closes, end };
    loop {
        match bytes.get(at)? {
            b'>' => return Some(tag(at + 1)),
            b'/' if bytes.get(at + 1) == Some(&b'>') => return Some(tag(at + 2)),
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
        let calm = look(html).expect("it is calm");
        let addresses: Vec<&str> = calm.addresses.into_iter().map(|range| &html[range]).collect();
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
            assert_eq!(look(html), None, "{html}");
        }
    }

    #[test]
    fn elements_that_end_in_order_are_nested() {
        let nested = |html: &str| look(html).expect("it is calm").nested;
        for html in ["", "x", "<p>a<br>b</p>", "<ul><li>a</li></ul><hr/><img alt=\"\">"] {
            assert!(nested(html), "{html}");
        }
        for html in ["<p>", "</p>", "<b><i>x</b></i>", "</br>", "<div/>", &"<b>".repeat(30)] {
            assert!(!nested(html), "{html}");
        }
        assert!(!nested(&format!("{}{}", "<b>".repeat(30), "</b>".repeat(30))));
    }

    #[test]
    fn a_code_is_seen_between_tags_and_not_in_them() {
        let code = |html: &str| look(html).expect("it is calm").code.map(|code| code.start);
        assert_eq!(code("<p>{{email_code}}</p>"), Some(3));
        assert_eq!(code("{{email_code}}"), Some(0));
        assert_eq!(code("<p id=\"{{email_code}}\">x</p>"), None);
        assert_eq!(code("<p id=\"{{email_code}}\">{{email_code}}</p>{{email_code}}"), Some(23));
        assert_eq!(code("<p id=\"<{{email_code}}\">{{{email_code}}}</p>"), None);
    }
}
