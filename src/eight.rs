//! Eight bytes of a text as one number: what the loops over megabytes are made of where no search of `memchr` fits.
//!
//! A byte is marked by its high bit. The lowest mark is exact; above it there may be wrong ones (Mycroft's test).

/// One in each byte.
pub const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
/// The mark of each byte.
pub const MARKS: u64 = u64::from_ne_bytes([0x80; 8]);

/// The first eight bytes, the lowest first; zeroes stand for those that are not there.
#[inline]
pub fn eight(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut last = [0; 8];
        last[..bytes.len()].copy_from_slice(bytes);
        last
    }))
}

/// The first sixteen bytes, likewise.
#[inline]
pub fn sixteen(bytes: &[u8]) -> u128 {
    u128::from_le_bytes(bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut last = [0; 16];
        last[..bytes.len()].copy_from_slice(bytes);
        last
    }))
}

/// Marks the bytes below `limit`, which is ASCII.
#[inline]
pub const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(ONES * limit as u64) & !word & MARKS
}

/// Marks the bytes that are this one.
#[inline]
pub const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * byte as u64), 1)
}

/// Where the lowest marked byte is; 8 when there is none.
#[inline]
pub const fn first(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// Whether one of the bytes is a control character.
pub fn has_control(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    // Without a way out of it the loop takes several words at once.
    let found = words.iter().fold(0, |found, word| found | below(u64::from_le_bytes(*word), b' '));
    found != 0 || rest.iter().any(|byte| *byte < b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mark_is_where_the_first_such_byte_is() {
        for at in 0..8 {
            let mut bytes = *b"abcdefgh";
            bytes[at] = b'"';
            let word = u64::from_le_bytes(bytes);
            assert_eq!((first(equal(word, b'"')), first(below(word, b'#'))), (at, at));
        }
        assert!(!has_control(b"abcdefgh\x7f\xffij") && has_control(b"abcdefg\th") && has_control(b"abcdefghi\0"));
        let other = u64::from_le_bytes(*b"\xff\x80abcdef");
        assert_eq!((first(equal(other, b'"')), first(below(other, 0x20))), (8, 8));
    }
}
