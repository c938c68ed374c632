//! Finds candidates for the rules that compare portals. Equal values have equal keys, so a rule needs to compare only portals
//! whose keys occur more than once: in most runs hardly any.

use crate::base::bytes::swar::load_le;
use crate::rules::confusables::{Fold, coarse_fold, fold};
use crate::rules::facts::PortalFacts;
use crate::schema::PortalKind;

/// A 64-bit hash. Different values can have the same key, so rules still have to compare them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct GroupKey(u64);

impl GroupKey {
    /// Adds a number to the hash.
    #[must_use]
    pub(crate) fn with_number(self, number: u64) -> Self {
        // The fractional part of the golden ratio, as in Fibonacci hashing: multiplying by it spreads every bit over the high
        // bits, and these are the ones that `find_shared_keys` compares.
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        Self((self.0.rotate_left(5) ^ number).wrapping_mul(SPREAD))
    }

    /// Adds a text to the hash.
    #[must_use]
    pub(crate) fn with_text(self, text: &[u8]) -> Self {
        // With the length, because the last chunk is padded with zeros.
        let mut key = self.with_number(text.len() as u64);
        for chunk in text.chunks(8) {
            key = key.with_number(load_le(chunk));
        }
        key
    }

    /// Returns the hash.
    pub(crate) fn as_u64(self) -> u64 {
        self.0
    }
}

/// Returns the indices that share a key with another index, sorted and without duplicates. An index may have several keys.
pub(crate) fn find_shared_keys(keys: impl Iterator<Item = (GroupKey, usize)>) -> Vec<usize> {
    /// The index replaces the low half of the key, because numbers are sorted faster than pairs.
    const INDEX_BITS: u64 = u32::MAX as u64;
    let mut entries: Vec<u64> = keys.map(|(key, index)| (key.0 & !INDEX_BITS) | (index as u64 & INDEX_BITS)).collect();
    entries.sort_unstable();
    let mut shared = Vec::new();
    for group in entries.chunk_by(|a, b| a & !INDEX_BITS == b & !INDEX_BITS) {
        // A group is sorted: if its first and last entries are equal, it contains only one index.
        if group.first() == group.last() {
            continue;
        }
        for entry in group {
            shared.push(usize::try_from(entry & INDEX_BITS).unwrap_or_default());
        }
    }
    shared.sort_unstable();
    shared.dedup();
    shared
}

/// Returns the indices of portals whose names may be equal or similar to that of another portal of the same kind. Edits are left
/// out.
pub(crate) fn find_similar_names(portals: &[PortalFacts]) -> Vec<usize> {
    let mut keys = Vec::with_capacity(portals.len());
    for (index, facts) in portals.iter().enumerate() {
        let Some((name, _)) = &facts.name else { continue };
        if facts.kind == PortalKind::Edit {
            continue;
        }
        // Create requests are compared with each other, and exports with each other.
        let kind_key = GroupKey::default().with_number(facts.kind as u64);
        if name.is_ascii() {
            // One key is enough: the coarse fold makes equal whatever any fold makes equal.
            let mut key = kind_key;
            for letter in name.bytes().filter_map(coarse_fold) {
                key = key.with_number(letter.into());
            }
            keys.push((key, index));
            continue;
        }
        for mode in Fold::ALL {
            let mut key = kind_key;
            fold(name, mode, |c| key = with_folded_char(key, c));
            keys.push((key, index));
        }
    }
    find_shared_keys(keys.into_iter())
}

/// Adds a character to the key, so that the key of a non-ASCII name equals that of an ASCII name with the same folded text.
fn with_folded_char(key: GroupKey, c: char) -> GroupKey {
    let Some(byte) = u8::try_from(c).ok().filter(u8::is_ascii) else { return key.with_number(c.into()) };
    match coarse_fold(byte) {
        Some(letter) => key.with_number(letter.into()),
        None => key,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::name_index::*;

    #[test]
    fn indices_with_a_shared_key_are_found_and_an_index_does_not_share_a_key_with_itself() {
        let key = |text: &str| GroupKey::default().with_text(text.as_bytes());
        let keys =
            [("a", 0), ("b", 1), ("a", 2), ("c", 3), ("c", 3), ("a longer text", 4), ("d", 5), ("a longer text", 6)];
        assert_eq!(find_shared_keys(keys.iter().map(|(text, index)| (key(text), *index))), [0, 2, 4, 6]);
        assert_eq!(
            find_shared_keys(
                [("a longer text", 0), ("a longer texts", 1)].map(|(text, index)| (key(text), index)).into_iter()
            ),
            [0; 0]
        );
    }
}
