//! Names of harmless elements and attributes as numbers: large html has a tag every few bytes, and comparing numbers is what
//! makes it cheap to go over one that is simple.

use crate::base::bytes::swar::{eq, first_marked, load_le, lt};

/// Elements that show their content, do nothing else and have an end.
const ELEMENTS: Names = Names::of([
    "p>", "a>", "b>", "i>", "u>", "s>", "td>", "tr>", "li>", "em>", "h1>", "h2>", "h3>", "h4>", "h5>", "h6>", "th>",
    "ul>", "ol>", "div>", "pre>", "sub>", "sup>", "span>", "font>", "table>", "tbody>", "thead>", "tfoot>", "small>",
    "strong>", "center>",
]);

/// Elements as harmless that have none.
const VOID: [u64; 3] = [packed("br>"), packed("hr>"), packed("img>")];

/// It may begin `<email_code>`, which somebody took for a shortcode.
const EM: u64 = packed("em>");

/// Attributes that neither hide nor run nor lead anywhere.
const ATTRIBUTES: Names = Names::of([
    "id=", "alt=", "dir=", "rel=", "lang=", "role=", "align=", "class=", "width=", "border=", "height=", "target=",
]);

/// Such whose names are longer than a number.
const LONG_ATTRIBUTES: [&[u8]; 2] = [b"cellpadding=", b"cellspacing="];

/// Attributes that lead somewhere.
const LINKS: [u64; 2] = [packed("href="), packed("src=")];

/// A harmless element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name and a `>`.
    name: u64,
    /// How many bits of eight bytes stand behind them and the slash of an end tag.
    rest: u32,
}

impl Element {
    /// None: no text has its name.
    pub(super) const NONE: Self = Self { name: u64::MAX, rest: 0 };

    #[inline]
    fn named(name: u64, mark: u64) -> Self {
        Self { name, rest: 55 - mark.trailing_zeros() }
    }

    /// The element whose `name>` the eight bytes start with, if it has an end.
    #[inline]
    pub(super) fn of_plain_tag(word: u64) -> Option<Self> {
        let end = eq(word, b'>');
        let name = up_to(end, word);
        ELEMENTS.has(name).then(|| Self::named(name, end))
    }

    /// The element whose name the eight bytes start with, which hold the longest and what ends it: `>`, blank space or a
    /// slash.
    pub(super) fn of_tag(word: u64) -> Option<Self> {
        let ends = lt(word, b'0') | eq(word, b'>');
        let length = 8 * first_marked(ends) % 64;
        let name = word & !(u64::MAX << length) | u64::from(b'>') << length;
        (ELEMENTS.has(name) || VOID.contains(&name)).then(|| Self::named(name, ends))
    }

    /// Whether the eight bytes start with a slash, the name and the end of a tag.
    #[inline]
    pub(super) fn is_ended_by(self, word: u64) -> bool {
        let end = self.name << 8 | u64::from(b'/');
        (word ^ end) << (self.rest % 64) == 0
    }

    /// The length of the name.
    pub(super) fn length(self) -> usize {
        first_marked(eq(self.name, b'>'))
    }

    /// It has no end.
    pub(super) fn is_void(self) -> bool {
        VOID.contains(&self.name)
    }

    /// See [`EM`].
    pub(super) fn is_em(self) -> bool {
        self.name == EM
    }
}

/// An attribute of simple html.
pub(super) struct Attribute {
    /// The length of its name and the `=`.
    pub length: usize,
    /// Its value is an address.
    pub leads: bool,
}

impl Attribute {
    /// The one whose name and `=` the bytes start with.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let word = load_le(bytes);
        let end = eq(word, b'=');
        let name = up_to(end, word);
        let leads = LINKS.contains(&name);
        if leads || ATTRIBUTES.has(name) {
            return Some(Self { length: first_marked(end) + 1, leads });
        }
        let name = LONG_ATTRIBUTES.iter().find(|name| bytes.starts_with(name))?;
        Some(Self { length: name.len(), leads: false })
    }
}

/// Names of at most eight bytes, each in a slot of its own.
struct Names {
    /// In the others stands what is no name.
    slots: [u64; 256],
    /// With it no two share a slot.
    factor: u64,
}

impl Names {
    const fn of<const N: usize>(names: [&str; N]) -> Self {
        let mut factor = 1;
        loop {
            if let Some(slots) = slots(&names, factor) {
                return Self { slots, factor };
            }
            // Odd, and its bits without order (the golden ratio).
            factor = factor.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            factor ^= 2;
        }
    }

    #[inline]
    const fn has(&self, name: u64) -> bool {
        self.slots[slot(name, self.factor)] == name
    }
}

/// `None` when two share one.
const fn slots(names: &[&str], factor: u64) -> Option<[u64; 256]> {
    const FREE: u64 = u64::MAX;
    let mut slots = [FREE; 256];
    let mut at = 0;
    while at < names.len() {
        let name = packed(names[at]);
        let slot = slot(name, factor);
        if slots[slot] != FREE {
            return None;
        }
        slots[slot] = name;
        at += 1;
    }
    Some(slots)
}

const fn slot(name: u64, factor: u64) -> usize {
    (name.wrapping_mul(factor) >> 56) as usize
}

/// The first byte of a name is the lowest of its number.
const fn packed(name: &str) -> u64 {
    let (bytes, mut number, mut at) = (name.as_bytes(), 0, 0);
    while at < bytes.len() {
        number |= (bytes[at] as u64) << (8 * at);
        at += 1;
    }
    number
}

/// The bytes up to the lowest mark.
#[inline]
const fn up_to(mark: u64, word: u64) -> u64 {
    word & (mark ^ mark.wrapping_sub(1))
}
