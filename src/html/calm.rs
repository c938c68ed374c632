//! Calm html: text and a few harmless tags with harmless attributes, written without tricks.
//!
//! Most html of a portal is that, and then a look at each `<` answers what else takes a tokenizer. "Not calm" says
//! nothing against a html; it has to be read properly.

use std::ops::Range;

use super::names::{EM, Name, VOID, harmless_name};
use super::shortcodes::EMAIL_CODE;
use crate::eight::{MARKS, ONES, below, eight, equal, first};

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
    /// How many of them there are.
    pub codes: usize,
    /// Its only braces are those of good codes between the tags, and nothing in it could be another system's brackets or
    /// stand for them.
    pub only_codes: bool,
    /// Every element ends, and the last that began first. `false` says nothing against the html: it may be too deep.
    pub nested: bool,
}

/// The open elements of calm html, as far as it is not too deep for this.
#[derive(Default)]
struct Open {
    names: [Name; 24],
    depth: usize,
    /// What came so far was not in order.
    is_tangled: bool,
}

impl Open {
    #[inline]
    fn begin(&mut self, name: Name) {
        match self.names.get_mut(self.depth) {
            Some(free) => *free = name,
            None => self.is_tangled = true,
        }
        self.depth += 1;
    }

    #[inline]
    fn end(&mut self, name: Name) {
        if self.last() == Some(name) {
            self.depth -= 1;
        } else {
            self.is_tangled = true;
        }
    }

    /// Where the end tag of the last element ends, if it stands at `at`: of all tags that is the most frequent.
    #[inline]
    fn end_at(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let behind = bytes.get(at..)?.strip_prefix(b"</")?;
        let last = self.last()?;
        last.ends_tag(eight(behind)).then_some(at + "</>".len() + last.length)
    }

    #[inline]
    fn last(&self) -> Option<Name> {
        self.names.get(self.depth.wrapping_sub(1)).copied()
    }
}

/// A tag and where it ends.
struct CalmTag {
    name: Name,
    closes: bool,
    end: usize,
    /// Nothing in it may be, or be part of, a shortcode.
    is_plain: bool,
}

/// What a byte may begin, as far as somebody looking for tags and shortcodes has to stop for it.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut at = 0;
    while at < SIGNS.len() {
        stops[SIGNS[at] as usize] = true;
        at += 1;
    }
    stops
};

/// `<`, and whatever brackets and entities are made of.
const SIGNS: &[u8] = b"<{}[%|&";

/// `None` when the html is not calm.
pub fn look(html: &str) -> Option<Calm> {
    let bytes = html.as_bytes();
    let mut calm = Calm { only_codes: true, ..Calm::default() };
    let mut open = Open::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if !STOPS[usize::from(byte)] {
            at = plain_end(bytes, at + 1);
        } else if byte == b'<' {
            if let Some(end) = open.end_at(bytes, at) {
                at = end;
                open.depth -= 1;
                continue;
            }
            let tag = tag(html, at, &mut |range| calm.addresses.push(range))?;
            at = tag.end;
            if tag.closes {
                open.end(tag.name);
            } else if !VOID.contains(&tag.name.number) {
                open.begin(tag.name);
            }
            calm.only_codes &= tag.is_plain;
        } else if let Some(end) = code_end(bytes, at) {
            calm.code.get_or_insert(at..end);
            calm.codes += 1;
            at = end;
        } else {
            at += 1;
            calm.only_codes = false;
        }
    }
    calm.nested = !open.is_tangled && open.depth == 0;
    Some(calm)
}

/// How far plain text goes on, at least. Eight bytes at a time: most of a html is that.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    /// What tells `[` from `{`.
    const CASE: u64 = ONES * 0x20;
    for word in bytes[at..].as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*word);
        // Brackets, braces and the bar, and a few others that are as rare, stand behind `z`.
        let behind_z = ((word | CASE) & !MARKS) + ONES * u64::from(0x80 - b'{');
        // Of the four signs from `$` on two are marks.
        let stops = (behind_z & MARKS) | below(word ^ (ONES * u64::from(b'$')), 4) | equal(word, b'<');
        if stops != 0 {
            return at + first(stops);
        }
        at += 8;
    }
    at
}

/// Where a good code ends that starts here; see [`email_codes`](super::shortcodes::email_codes).
fn code_end(bytes: &[u8], start: usize) -> Option<usize> {
    let behind = bytes[start..].strip_prefix(EMAIL_CODE.as_bytes())?;
    let more = bytes[..start].ends_with(b"{") || behind.starts_with(b"}");
    (!more).then_some(start + EMAIL_CODE.len())
}

/// A calm tag that starts at `start`.
#[inline]
fn tag(html: &str, start: usize, on_address: &mut impl FnMut(Range<usize>)) -> Option<CalmTag> {
    let bytes = html.as_bytes();
    let closes = bytes.get(start + 1) == Some(&b'/');
    let name = start + 1 + usize::from(closes);
    let harmless = harmless_name(eight(bytes.get(name..)?))?;
    let mut at = name + harmless.length;
    let mut is_plain = harmless.number != EM;
    let tag = |end: usize, is_plain| CalmTag { name: harmless, closes, end, is_plain };
    if bytes.get(at) == Some(&b'>') {
        return Some(tag(at + 1, true));
    }
    loop {
        match bytes.get(at)? {
            b'>' => return Some(tag(at + 1, is_plain)),
            b'/' if bytes.get(at + 1) == Some(&b'>') => return Some(tag(at + 2, is_plain)),
            b' ' | b'\n' | b'\r' | b'\t'
                if matches!(bytes.get(at + 1)?, b' ' | b'\n' | b'\r' | b'\t' | b'>' | b'/') =>
            {
                at += 1;
            }
            b' ' | b'\n' | b'\r' | b'\t' if !closes => {
                let value = attribute(html, at + 1, on_address)?;
                at = value.end + 1;
                is_plain &= !bytes[value].iter().any(|&byte| STOPS[usize::from(byte)]);
            }
            _ => return None,
        }
    }
}

/// The value of a calm `name="value"` that starts at `start`.
fn attribute(html: &str, start: usize, on_address: &mut impl FnMut(Range<usize>)) -> Option<Range<usize>> {
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
    Some(value)
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
    fn whatever_may_be_a_shortcode_is_told_from_good_codes() {
        let only_codes = |html: &str| look(html).expect("it is calm").only_codes;
        for html in ["", "<p>{{email_code}} {{email_code}}</p>", "<em>x</em>", "<a href=\"https://x.com/?y=1\">z</a>"] {
            assert!(only_codes(html), "{html}");
        }
        for html in [
            "{{name}}",
            "{{{email_code}}}",
            "{{email_code}} }",
            "[code]",
            "%code%",
            "<p id=\"{{email_code}}\">",
            "&#123;",
            "<em class=\"x\">",
        ] {
            assert!(!only_codes(html), "{html}");
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
