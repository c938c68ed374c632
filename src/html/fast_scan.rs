//! Simple HTML: text and a few harmless tags with harmless attributes, written without tricks.
//!
//! Most html of a portal is that, and then a look at each `<` answers what else takes a tokenizer. "Not simple" says
//! nothing against a html; it has to be read properly.

use std::ops::Range;

use crate::base::bytes::simd::{BLOCK, LANE, Lane, block_mask, eq, gt, le, mask_from, padded_chunk};
use crate::base::bytes::swar::load_le;
use crate::base::steps::count_steps;
use crate::html::names::{Attribute, Element};
use crate::html::shortcodes::EMAIL_CODE;

/// Addresses that lead somewhere and run nothing.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// What one pass over simple html tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimpleHtml {
    /// The addresses of links and pictures.
    pub addresses: Vec<Range<usize>>,
    /// The first `{{email_code}}` between the tags: nothing in simple html hides it.
    pub code: Option<Range<usize>>,
    /// How many of them there are.
    pub codes: usize,
    /// Its only braces are those of good codes between the tags, and nothing in it could be another system's brackets or
    /// stand for them.
    pub only_codes: bool,
    /// How many `v`, `V` and `_` there are: without one there is no term of RevCent's in it.
    pub signs_of_terms: usize,
    /// Every element ends, and the last that began first. `false` says nothing against the html: it may be too deep.
    pub nested: bool,
}

/// The open elements, as far as they are not too deep for this.
struct Open {
    /// The one that began last.
    last: Element,
    /// Those around it.
    outer: [Element; 24],
    depth: usize,
    /// What came so far was not in order.
    is_tangled: bool,
}

impl Open {
    fn none() -> Self {
        Self { last: Element::NONE, outer: [Element::NONE; 24], depth: 0, is_tangled: false }
    }

    #[inline]
    fn begin(&mut self, element: Element) {
        match self.outer.get_mut(self.depth) {
            Some(slot) => {
                *slot = self.last;
                self.last = element;
                self.depth += 1;
            }
            None => self.is_tangled = true,
        }
    }

    #[inline]
    fn end_last(&mut self) {
        self.depth -= 1;
        self.last = self.outer[self.depth];
    }

    fn take(&mut self, tag: &Tag) {
        if !tag.closes && !tag.element.is_void() {
            self.begin(tag.element);
        } else if tag.closes && tag.element == self.last {
            self.end_last();
        } else {
            self.is_tangled |= tag.closes;
        }
    }
}

/// `None` when the html is not simple.
pub(crate) fn scan_simple_html(html: &str) -> Option<SimpleHtml> {
    let bytes = html.as_bytes();
    let mut addresses = Vec::new();
    let mut look =
        Look { bytes, addresses: &mut addresses, open: Open::none(), code: None, codes: 0, only_codes: true, done: 0 };
    let mut signs_of_terms = 0;
    // A block with as much behind it as is looked at from its last byte on.
    let mut room = [0; BLOCK + EMAIL_CODE.len()];
    for start in (0..bytes.len()).step_by(BLOCK) {
        let window = padded_chunk(&bytes[start..], &mut room);
        let block = window.first_chunk()?;
        signs_of_terms += block_mask(block, signs).count_ones() as usize;
        let mut stops = block_mask(block, stops) & mask_from(look.done.saturating_sub(start));
        while stops != 0 {
            let offset = stops.trailing_zeros() as usize;
            stops &= stops - 1;
            look.at_stop(start + offset, &window[offset..])?;
            if look.done > start + offset {
                stops &= mask_from(look.done - start);
            }
        }
    }
    let Look { open, code, codes, only_codes, .. } = look;
    let nested = open.depth == 0 && !open.is_tangled;
    Some(SimpleHtml { addresses, code, codes, only_codes, signs_of_terms, nested })
}

/// What is known on the way.
struct Look<'h> {
    bytes: &'h [u8],
    open: Open,
    /// What was read behind a stop, if there may be others in it.
    done: usize,
    // As in `SimpleHtml`.
    addresses: &'h mut Vec<Range<usize>>,
    code: Option<Range<usize>>,
    codes: usize,
    only_codes: bool,
}

impl Look<'_> {
    /// Reads what begins with a stop; `here` are the bytes from there on. `None` when it is not simple.
    #[inline]
    fn at_stop(&mut self, at: usize, here: &[u8]) -> Option<()> {
        if here[0] == b'<' {
            let word = load_le(&here[1..]);
            // Of all tags these two are the most frequent, and there is no stop in them.
            if self.open.last.is_ended_by(word) {
                self.open.end_last();
            } else if let Some(element) = Element::of_plain_tag(word) {
                self.open.begin(element);
            } else {
                let tag = tag(self.bytes, at, self.addresses)?;
                self.open.take(&tag);
                self.only_codes &= tag.rest.is_plain;
                self.done = tag.rest.end;
            }
        } else if is_code(here) && !self.bytes[..at].ends_with(b"{") {
            self.done = at + EMAIL_CODE.len();
            self.code.get_or_insert(at..self.done);
            self.codes += 1;
        } else {
            self.only_codes &= !is_stop(here[0]);
        }
        Some(())
    }
}

/// Whether somebody looking for tags and shortcodes has to stop for it: `<`, and whatever brackets and entities are made of.
fn is_stop(byte: u8) -> bool {
    matches!(byte, b'<' | b'{' | b'}' | b'[' | b'%' | b'|' | b'&')
}

/// Those to stop for, and `~` and one more that are rare.
#[inline]
fn stops(lane: Lane) -> Lane {
    eq(lane, b'<') | eq(lane, b'[') | eq(lane, b'%') | eq(lane, b'&') | gt(lane, b'z')
}

/// See [`SimpleHtml::signs_of_terms`].
#[inline]
fn signs(lane: Lane) -> Lane {
    eq(lane | Lane::splat(0x20), b'v') | eq(lane, b'_')
}

/// Whether the bytes start with a good code, as far as it is not for what stands before it; see
/// [`email_codes`](crate::html::shortcodes::email_codes).
#[inline]
fn is_code(bytes: &[u8]) -> bool {
    /// Of a length that is known it is compared as two numbers.
    const CODE: Option<&[u8; EMAIL_CODE.len()]> = EMAIL_CODE.as_bytes().as_array();
    bytes.first_chunk() == CODE && bytes[EMAIL_CODE.len()] != b'}'
}

/// A simple tag.
struct Tag {
    element: Element,
    closes: bool,
    rest: Rest,
}

/// What stands behind the name of a tag, or a value.
struct Rest {
    end: usize,
    /// Nothing in it may be, or be part of, a shortcode.
    is_plain: bool,
}

/// The tag that starts at `start`.
#[inline(never)]
fn tag(bytes: &[u8], start: usize, addresses: &mut Vec<Range<usize>>) -> Option<Tag> {
    let closes = bytes.get(start + 1) == Some(&b'/');
    let name = start + 1 + usize::from(closes);
    let element = Element::of_tag(load_le(bytes.get(name..)?))?;
    let at = name + element.length();
    let mut rest = rest_of_tag(bytes, at, closes, addresses)?;
    rest.is_plain &= !element.is_em() || rest.end == at + 1;
    Some(Tag { element, closes, rest })
}

fn rest_of_tag(bytes: &[u8], mut at: usize, closes: bool, addresses: &mut Vec<Range<usize>>) -> Option<Rest> {
    let mut is_plain = true;
    loop {
        count_steps(1);
        match bytes.get(at)? {
            b'>' => return Some(Rest { end: at + 1, is_plain }),
            b'/' if bytes.get(at + 1) == Some(&b'>') => return Some(Rest { end: at + 2, is_plain }),
            b' ' | b'\n' | b'\r' | b'\t'
                if matches!(bytes.get(at + 1)?, b' ' | b'\n' | b'\r' | b'\t' | b'>' | b'/') =>
            {
                at += 1;
            }
            b' ' | b'\n' | b'\r' | b'\t' if !closes => {
                let value = attribute(bytes, at + 1, addresses)?;
                at = value.end + 1;
                is_plain &= value.is_plain;
            }
            _ => return None,
        }
    }
}

/// The value of a simple `name="value"` that starts at `start`.
fn attribute(bytes: &[u8], start: usize, addresses: &mut Vec<Range<usize>>) -> Option<Rest> {
    let attribute = Attribute::of(&bytes[start..])?;
    let quote = start + attribute.length;
    let value = value(bytes, quote + 1, *bytes.get(quote).filter(|byte| matches!(byte, b'"' | b'\''))?)?;
    if attribute.leads {
        let address = quote + 1..value.end;
        let text = &bytes[address.clone()];
        SCHEMES.iter().any(|scheme| text.starts_with(scheme.as_bytes())).then(|| addresses.push(address))?;
    }
    Some(value)
}

/// A value up to its quote.
fn value(bytes: &[u8], mut at: usize, quote: u8) -> Option<Rest> {
    let mut is_plain = true;
    loop {
        count_steps(LANE);
        let lane = Lane::new(*padded_chunk(bytes.get(at..)?, &mut [0; LANE]));
        let quotes = eq(lane, quote).to_bitmask();
        let before_quote = quotes.wrapping_sub(1) & !quotes;
        // An entity may stand for anything, and what is no plain text is not simple.
        if (le(lane, 0x1F) | eq(lane, b'&')).to_bitmask() & before_quote != 0 {
            return None;
        }
        is_plain &= stops(lane).to_bitmask() & before_quote == 0;
        if quotes != 0 {
            return Some(Rest { end: at + quotes.trailing_zeros() as usize, is_plain });
        }
        at += LANE;
    }
}

#[cfg(test)]
mod tests {
    use crate::html::fast_scan::*;

    #[test]
    fn common_html_is_simple_and_its_addresses_are_found() {
        let html =
            "<p class=\"a\">Help: <a href='https://acme.com/x?y=1' target=\"_blank\">here</a><br/><br /></p> 1 > 0";
        let simple = scan_simple_html(html).expect("it is simple");
        let addresses: Vec<&str> = simple.addresses.into_iter().map(|range| &html[range]).collect();
        assert_eq!(addresses, ["https://acme.com/x?y=1"]);
    }

    #[test]
    fn html_that_may_hide_or_run_content_is_not_simple() {
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
            assert_eq!(scan_simple_html(html), None, "{html}");
        }
    }

    #[test]
    fn other_shortcodes_are_detected() {
        let only_codes = |html: &str| scan_simple_html(html).expect("it is simple").only_codes;
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
    fn what_terms_are_made_of_is_counted() {
        let signs = |html: &str| scan_simple_html(html).expect("it is simple").signs_of_terms;
        let long = format!("<p>{}v</p>_", "x".repeat(2 * BLOCK));
        for (html, count) in [("", 0), ("<p>u~w?</p>", 0), ("Salvage <b>V</b>_", 3), ("{{email_code}}", 1), (&long, 2)]
        {
            assert_eq!(signs(html), count, "{html}");
        }
    }

    #[test]
    fn elements_that_end_in_order_are_nested() {
        let nested = |html: &str| scan_simple_html(html).expect("it is simple").nested;
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
        let code = |html: &str| scan_simple_html(html).expect("it is simple").code.map(|code| code.start);
        assert_eq!(code("<p>{{email_code}}</p>"), Some(3));
        assert_eq!(code("{{email_code}}"), Some(0));
        assert_eq!(code("<p id=\"{{email_code}}\">x</p>"), None);
        assert_eq!(code("<p id=\"{{email_code}}\">{{email_code}}</p>{{email_code}}"), Some(23));
        assert_eq!(code("<p id=\"<{{email_code}}\">{{{email_code}}}</p>"), None);
    }
}
