//! Names of harmless elements as numbers: large html has a tag every few bytes, and comparing numbers is what makes it cheap to go
//! over one that is calm.

use crate::eight::{below, equal, first};

/// The name of an element as a number, and how long it is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Name {
    /// Its first byte is the lowest.
    pub number: u64,
    pub length: usize,
}

impl Name {
    /// Whether the eight bytes start with this name and the end of a tag.
    #[inline]
    pub fn ends_tag(self, word: u64) -> bool {
        let with_end = self.number | u64::from(b'>') << (8 * self.length % 64);
        (word ^ with_end) << (56 - 8 * self.length % 64) == 0
    }
}

/// Elements that show their content and do nothing else.
const HARMLESS_ELEMENTS: [u64; 35] = packed([
    "p", "a", "b", "i", "u", "s", "br", "td", "tr", "li", "em", "h1", "h2", "h3", "h4", "h5", "h6", "th", "ul", "ol",
    "hr", "div", "img", "pre", "sub", "sup", "span", "font", "table", "tbody", "thead", "tfoot", "small", "strong",
    "center",
]);

/// Each of them in a slot of its own, and zero in the others.
const SLOTS: [u64; 256] = match slots(FACTOR) {
    Some(slots) => slots,
    None => [0; 256],
};

/// With it no two share a slot.
const FACTOR: u64 = {
    let mut factor = 1;
    while slots(factor).is_none() {
        // Odd, and its bits without order (the golden ratio).
        factor = factor.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        factor ^= 2;
    }
    factor
};

/// `None` when two share one.
const fn slots(factor: u64) -> Option<[u64; 256]> {
    let mut slots = [0; 256];
    let mut element = 0;
    while element < HARMLESS_ELEMENTS.len() {
        let slot = slot(HARMLESS_ELEMENTS[element], factor);
        if slots[slot] != 0 {
            return None;
        }
        slots[slot] = HARMLESS_ELEMENTS[element];
        element += 1;
    }
    Some(slots)
}

const fn slot(name: u64, factor: u64) -> usize {
    (name.wrapping_mul(factor) >> 56) as usize
}

/// It may begin `<email_code>`, which somebody took for a shortcode.
pub const EM: u64 = packed(["em"])[0];

/// Those of them that have no end.
pub const VOID: [u64; 3] = packed(["br", "hr", "img"]);

/// The first byte of a name is the lowest of its number.
const fn packed<const N: usize>(names: [&str; N]) -> [u64; N] {
    let mut numbers = [0; N];
    let mut name = 0;
    while name < N {
        let bytes = names[name].as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            numbers[name] |= (bytes[at] as u64) << (8 * at);
            at += 1;
        }
        name += 1;
    }
    numbers
}

/// The harmless name that the eight bytes start with, which hold the longest and what ends it: `>`, blank space or a
/// slash.
#[inline]
pub fn harmless_name(word: u64) -> Option<Name> {
    let ends = below(word, b'0') | equal(word, b'>');
    let end = ends & ends.wrapping_neg();
    let number = word & (end >> 7).wrapping_sub(1);
    (number != 0 && SLOTS[slot(number, FACTOR)] == number).then_some(Name { number, length: first(ends) })
}
