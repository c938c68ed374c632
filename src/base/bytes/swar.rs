//! Eight bytes of a text as one number: what the loops over megabytes are made of where no search of `memchr` fits.
//!
//! A byte is marked by its high bit. The lowest mark is exact; above it there may be wrong ones (Mycroft's test).

/// One in each byte.
pub(crate) const LSB: u64 = u64::from_ne_bytes([0x01; 8]);
/// The mark of each byte.
pub(crate) const MSB: u64 = u64::from_ne_bytes([0x80; 8]);

/// The first eight bytes, the lowest first; zeroes stand for those that are not there.
#[inline]
pub(crate) fn load_le(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut last = [0; 8];
        last[..bytes.len()].copy_from_slice(bytes);
        last
    }))
}

/// Marks the bytes below `limit`, which is ASCII.
#[inline]
pub(crate) const fn lt(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(LSB * limit as u64) & !word & MSB
}

/// Marks the bytes that are this one.
#[inline]
pub(crate) const fn eq(word: u64, byte: u8) -> u64 {
    lt(word ^ (LSB * byte as u64), 1)
}

/// Marks all bytes if each is an ASCII letter or digit.
const fn alphanumeric(word: u64) -> u64 {
    const fn from(word: u64, least: u8) -> u64 {
        word.wrapping_add(LSB * (0x80 - least) as u64)
    }
    let (ascii, lower) = (word & !MSB, (word & !MSB) | (LSB * 0x20));
    let letters = from(lower, b'a') & !from(lower, b'z' + 1);
    let digits = from(ascii, b'0') & !from(ascii, b'9' + 1);
    (letters | digits) & !word & MSB
}

/// Whether all bytes are ASCII letters and digits.
pub(crate) fn is_alphanumeric(bytes: &[u8]) -> bool {
    all(bytes, alphanumeric)
}

/// Whether all bytes are ASCII letters, digits and underscores.
pub(crate) fn is_word(bytes: &[u8]) -> bool {
    const fn underscores(word: u64) -> u64 {
        let other = word ^ (LSB * b'_' as u64);
        !((other & !MSB).wrapping_add(!MSB) | other) & MSB
    }
    all(bytes, |word| alphanumeric(word) | underscores(word))
}

/// Whether a test that is exact marks every byte.
#[inline]
fn all(bytes: &[u8], marks: impl Fn(u64) -> u64) -> bool {
    let mut short = [b'a'; 8];
    // The last eight may be some of the others once more.
    let last = bytes.last_chunk().unwrap_or_else(|| {
        short[..bytes.len()].copy_from_slice(bytes);
        &short
    });
    let words = bytes.as_chunks().0.iter().chain([last]);
    words.fold(MSB, |marked, word| marked & marks(u64::from_le_bytes(*word))) == MSB
}

/// Where the lowest marked byte is; 8 when there is none.
#[inline]
pub(crate) const fn first_marked(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// Whether a test marks something in a short text. It is given eight bytes at a time, the last of them again as the first of
/// the next, so that it sees any two side by side; zeroes stand for what a text has less.
#[inline]
pub(crate) fn any_marked(bytes: &[u8], marks: impl Fn(u64) -> u64) -> bool {
    let mut rest = bytes;
    while rest.len() > 8 {
        if marks(load_le(rest)) != 0 {
            return true;
        }
        rest = &rest[7..];
    }
    marks(load_le(&bytes[bytes.len().saturating_sub(8)..])) != 0
}

/// Marks the first of two bytes that are these two. The eighth has no second.
#[inline]
pub(crate) const fn eq_pair(word: u64, [first, second]: [u8; 2]) -> u64 {
    lt((word ^ (LSB * first as u64)) | ((word >> 8) ^ (LSB * second as u64)), 1)
}

#[cfg(test)]
mod tests {
    use crate::base::bytes::swar::*;

    #[test]
    fn letters_and_digits_are_distinguished_from_all_other_bytes() {
        for byte in 0..=u8::MAX {
            let of_nine = |at: usize| {
                let mut bytes = *b"aZ09zA5b7";
                bytes[at] = byte;
                is_alphanumeric(&bytes)
            };
            let expected = byte.is_ascii_alphanumeric();
            assert!((0..9).all(|at| of_nine(at) == expected) && is_alphanumeric(&[b'a', byte]) == expected, "{byte}");
            let word = [b'_', b'Z', byte, b'7', b'_', b'a', b'_', b'_'];
            assert_eq!((is_word(&word), is_word(&word[..3])), (expected || byte == b'_', expected || byte == b'_'));
        }
        assert!(is_alphanumeric(b"") && is_word(b""));
    }

    #[test]
    fn the_first_mark_is_where_the_first_such_byte_is() {
        for at in 0..8 {
            let mut bytes = *b"abcdefgh";
            bytes[at] = b'"';
            let word = u64::from_le_bytes(bytes);
            assert_eq!((first_marked(eq(word, b'"')), first_marked(lt(word, b'#'))), (at, at));
        }
        let other = u64::from_le_bytes(*b"\xff\x80abcdef");
        assert_eq!((first_marked(eq(other, b'"')), first_marked(lt(other, 0x20))), (8, 8));
    }
}
