//! Tests eight bytes at once in a 64-bit number ("SIMD within a register"), for searches that `memchr` does not offer.
//!
//! A test marks a byte by setting its high bit. The lowest mark is exact, but marks above it may be wrong, because the
//! subtraction carries (Mycroft's test, <https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord>).

/// The lowest bit of each byte.
pub(crate) const LSB: u64 = u64::from_ne_bytes([0x01; 8]);
/// The highest bit of each byte: the marks.
pub(crate) const MSB: u64 = u64::from_ne_bytes([0x80; 8]);

/// Loads the first eight bytes of a text, the first one into the lowest byte. A shorter text is padded with zeroes.
#[inline]
pub(crate) fn load_le(bytes: &[u8]) -> u64 {
    if let Some(chunk) = bytes.first_chunk() {
        return u64::from_le_bytes(*chunk);
    }
    let mut padded = [0; 8];
    padded[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(padded)
}

/// Marks the bytes that are less than `limit`, which is ASCII.
#[inline]
pub(crate) const fn lt(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(LSB * limit as u64) & !word & MSB
}

/// Marks the bytes that are equal to `byte`.
#[inline]
pub(crate) const fn eq(word: u64, byte: u8) -> u64 {
    lt(word ^ (LSB * byte as u64), 1)
}

/// Marks the bytes that are ASCII letters or digits. All marks are exact: no addition carries into the next byte.
const fn alphanumeric(word: u64) -> u64 {
    /// Marks the ASCII bytes that are at least `least`. The high bits are the marks; the other bits are meaningless.
    const fn ge(word: u64, least: u8) -> u64 {
        word.wrapping_add(LSB * (0x80 - least) as u64)
    }
    let (ascii, lower) = (word & !MSB, (word & !MSB) | (LSB * 0x20));
    let letters = ge(lower, b'a') & !ge(lower, b'z' + 1);
    let digits = ge(ascii, b'0') & !ge(ascii, b'9' + 1);
    (letters | digits) & !word & MSB
}

/// Whether all bytes are ASCII letters and digits.
pub(crate) fn is_alphanumeric(bytes: &[u8]) -> bool {
    all(bytes, alphanumeric)
}

/// Whether all bytes are ASCII letters, digits and underscores.
pub(crate) fn is_word(bytes: &[u8]) -> bool {
    /// `eq` is exact only at its lowest mark, and `all` needs every mark.
    const fn underscores(word: u64) -> u64 {
        let other = word ^ (LSB * b'_' as u64);
        !((other & !MSB).wrapping_add(!MSB) | other) & MSB
    }
    all(bytes, |word| alphanumeric(word) | underscores(word))
}

/// Whether a test with exact marks marks every byte of a text.
#[inline]
fn all(bytes: &[u8], marks: impl Fn(u64) -> u64) -> bool {
    // Shorter texts are padded with a letter, which both tests accept.
    let mut last = [b'a'; 8];
    // The last eight bytes may overlap with the chunk before them.
    match bytes.last_chunk() {
        Some(chunk) => last = *chunk,
        None => last[..bytes.len()].copy_from_slice(bytes),
    }
    let mut marked = marks(u64::from_le_bytes(last));
    for chunk in bytes.as_chunks().0 {
        marked &= marks(u64::from_le_bytes(*chunk));
    }
    marked & MSB == MSB
}

/// The index of the lowest marked byte; 8 if there is none.
#[inline]
pub(crate) const fn first_marked(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// Whether a test marks a byte in a text. The chunks of eight bytes overlap by one byte, so that a test of pairs sees each pair.
/// A text of fewer bytes is padded with zeroes, which `marks` must not mark.
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

/// Marks the first byte of each pair that is equal to `[first, second]`. The eighth byte is never the lowest mark, because its
/// successor is not in the word. `second` must not be zero: the shift fills with zeroes.
#[inline]
pub(crate) const fn eq_pair(word: u64, [first, second]: [u8; 2]) -> u64 {
    lt((word ^ (LSB * first as u64)) | ((word >> 8) ^ (LSB * second as u64)), 1)
}

#[cfg(test)]
mod tests {
    use crate::base::bytes::swar::*;

    #[test]
    fn only_letters_and_digits_are_alphanumeric() {
        for byte in 0..=u8::MAX {
            let is_alphanumeric_at = |at: usize| {
                let mut bytes = *b"aZ09zA5b7";
                bytes[at] = byte;
                is_alphanumeric(&bytes)
            };
            let expected = byte.is_ascii_alphanumeric();
            assert!(
                (0..9).all(|at| is_alphanumeric_at(at) == expected) && is_alphanumeric(&[b'a', byte]) == expected,
                "{byte}"
            );
            let word = [b'_', b'Z', byte, b'7', b'_', b'a', b'_', b'_'];
            assert_eq!((is_word(&word), is_word(&word[..3])), (expected || byte == b'_', expected || byte == b'_'));
        }
        assert!(is_alphanumeric(b"") && is_word(b""));
    }

    #[test]
    fn the_lowest_mark_is_the_first_byte_that_passes() {
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
