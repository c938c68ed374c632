//! A quick "no" for the rules that look across files: of many portals nearly none has anything in common with another.
//!
//! What could be equal has equal keys, and what has equal keys is nearly always equal. The rules compare the things themselves,
//! but only those.

use crate::base::bytes::swar::load_le;
use crate::rules::confusables::{Fold, coarse, fold};
use crate::rules::facts::PortalFacts;
use crate::schema::Kind;

/// A number that equal things share, and others hardly ever.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Key(u64);

impl Key {
    /// With one part more.
    #[must_use]
    pub(crate) fn with(self, part: u64) -> Self {
        // Odd, and its bits without order (the golden ratio): each factor spreads what came before over all 64 bits.
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        Self((self.0.rotate_left(5) ^ part).wrapping_mul(SPREAD))
    }

    /// With a text more.
    #[must_use]
    pub(crate) fn with_text(self, text: &[u8]) -> Self {
        text.chunks(8).fold(self.with(text.len() as u64), |key, part| key.with(load_le(part)))
    }

    /// As a number.
    pub(crate) fn number(self) -> u64 {
        self.0
    }
}

/// Which of many things have a key that another one has as well: each once, in order. A thing may have several.
pub(crate) fn sharing(keys: impl Iterator<Item = (Key, usize)>) -> Vec<usize> {
    /// The number of a thing takes the place of the low half of its key: numbers are sorted quicker than pairs.
    const LOW: u64 = u32::MAX as u64;
    let mut keys: Vec<u64> = keys.map(|(key, thing)| (key.0 & !LOW) | (thing as u64 & LOW)).collect();
    keys.sort_unstable();
    let thing = |key: &u64| usize::try_from(key & LOW).unwrap_or_default();
    let groups = keys.chunk_by(|a, b| a & !LOW == b & !LOW);
    let shared = groups.filter(|group| group.first().map(thing) != group.last().map(thing));
    let mut things: Vec<usize> = shared.flatten().map(thing).collect();
    things.sort_unstable();
    things.dedup();
    things
}

/// The portals whose names are perhaps those of others, or nearly: create bodies among themselves, exports among themselves.
pub(crate) fn names(portals: &[PortalFacts]) -> Vec<usize> {
    let mut keys = Vec::with_capacity(portals.len());
    for (index, facts) in portals.iter().enumerate().filter(|(_, facts)| facts.kind != Kind::Edit) {
        let Some((name, _)) = &facts.name else { continue };
        let start = Key::default().with(facts.kind as u64);
        if name.is_ascii() {
            let letters = name.bytes().filter_map(coarse);
            keys.push((letters.fold(start, |key, letter| key.with(letter.into())), index));
            continue;
        }
        for how in Fold::ALL {
            let mut key = start;
            fold(name, how, |c| match u8::try_from(c).ok().filter(u8::is_ascii).map(coarse) {
                Some(letter) => key = letter.map_or(key, |letter| key.with(letter.into())),
                None => key = key.with(c.into()),
            });
            keys.push((key, index));
        }
    }
    sharing(keys.into_iter())
}

#[cfg(test)]
mod tests {
    use crate::rules::name_index::*;

    #[test]
    fn those_with_a_key_in_common_are_found_and_nobody_has_one_in_common_with_itself() {
        let key = |text: &str| Key::default().with_text(text.as_bytes());
        let keys =
            [("a", 0), ("b", 1), ("a", 2), ("c", 3), ("c", 3), ("a longer text", 4), ("d", 5), ("a longer text", 6)];
        assert_eq!(sharing(keys.iter().map(|(text, thing)| (key(text), *thing))), [0, 2, 4, 6]);
        assert_eq!(
            sharing([("a longer text", 0), ("a longer texts", 1)].map(|(text, at)| (key(text), at)).into_iter()),
            [0; 0]
        );
    }
}
