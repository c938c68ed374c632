//! The units in which columns are counted, and the length of a text in each of them.

use crate::base::steps::count_steps;

/// The unit of columns in the language server protocol. Editor and server agree on one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Columns are UTF-8 bytes.
    Utf8,
    /// Columns are UTF-16 code units, which is the default of the protocol.
    #[default]
    Utf16,
    /// Columns are Unicode characters.
    Utf32,
}

impl Encoding {
    /// The number of columns of a character.
    pub(crate) fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// The lengths of a piece of text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TextLengths {
    bytes: usize,
    characters: usize,
    /// The characters that have two UTF-16 code units.
    surrogate_pairs: usize,
}

impl TextLengths {
    /// Measures a part of a UTF-8 text. The part may start or end inside a character, which counts in the part with its first byte.
    pub(crate) fn measure(bytes: &[u8]) -> Self {
        count_steps(bytes.len());
        // Nearly all texts are ASCII, and this check is much faster than counting.
        if bytes.is_ascii() {
            return Self { bytes: bytes.len(), characters: bytes.len(), surrogate_pairs: 0 };
        }
        Self {
            bytes: bytes.len(),
            // All bytes of a character after the first one are 10xxxxxx.
            characters: bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count(),
            // UTF-16 needs two units for the characters that UTF-8 writes as four bytes, whose first one is 11110xxx.
            surrogate_pairs: bytes.iter().filter(|byte| **byte >= 0xF0).count(),
        }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            bytes: self.bytes + other.bytes,
            characters: self.characters + other.characters,
            surrogate_pairs: self.surrogate_pairs + other.surrogate_pairs,
        }
    }

    pub(crate) fn units(self, encoding: Encoding) -> usize {
        match encoding {
            Encoding::Utf8 => self.bytes,
            Encoding::Utf16 => self.characters + self.surrogate_pairs,
            Encoding::Utf32 => self.characters,
        }
    }
}
