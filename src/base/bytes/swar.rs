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

/// The index of the lowest marked byte; 8 if there is none.
#[inline]
pub(crate) const fn first_marked(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use crate::base::bytes::swar::*;

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
