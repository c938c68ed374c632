//! Scans blocks of 64 bytes for bytes of several classes, 16 bytes at a time with SIMD instructions.
//!
//! A test such as [`eq`] sets all bits of the bytes of a lane that pass it. [`block_mask`] combines the results of four lanes to
//! one number with a bit for each byte of the block; the lowest bit is for the first byte.

use wide::u8x16;

/// The number of bytes in a block.
pub(crate) const BLOCK: usize = 64;

/// The number of bytes in a lane.
pub(crate) const LANE: usize = 16;

/// Sixteen bytes, or the result of a test of them.
pub(crate) type Lane = u8x16;

/// Selects the bytes that are equal to `byte`.
#[inline]
pub(crate) fn eq(lane: Lane, byte: u8) -> Lane {
    lane.simd_eq(Lane::splat(byte))
}

/// Selects the bytes that are less than or equal to `byte`.
#[inline]
pub(crate) fn le(lane: Lane, byte: u8) -> Lane {
    lane.min(Lane::splat(byte)).simd_eq(lane)
}

/// The bits of the bytes in a block that a test selects.
#[inline]
pub(crate) fn block_mask(block: &[u8; BLOCK], select: impl Fn(Lane) -> Lane) -> u64 {
    let mut mask = 0;
    for (index, lane) in block.as_chunks().0.iter().enumerate() {
        mask |= u64::from(select(Lane::new(*lane)).to_bitmask()) << (LANE * index);
    }
    mask
}

/// A mask without the first `start` bytes of a block.
#[inline]
pub(crate) fn mask_from(start: usize) -> u64 {
    if start < BLOCK { u64::MAX << start } else { 0 }
}

/// The first `LENGTH` bytes of a text. If the text is shorter, it is copied to `buffer` and padded with zeroes.
#[inline]
pub(crate) fn padded_chunk<'b, const LENGTH: usize>(bytes: &'b [u8], buffer: &'b mut [u8; LENGTH]) -> &'b [u8; LENGTH] {
    if let Some(start) = bytes.first_chunk() {
        return start;
    }
    *buffer = [0; LENGTH];
    buffer[..bytes.len()].copy_from_slice(bytes);
    buffer
}

#[cfg(test)]
mod tests {
    use crate::base::bytes::simd::*;

    #[test]
    fn each_selected_byte_sets_its_bit() {
        for byte in 0..=u8::MAX {
            for at in 0..BLOCK {
                let mut block = [b'x'; BLOCK];
                block[at] = byte;
                let bit = |is_selected: bool| u64::from(is_selected) << at;
                assert_eq!(block_mask(&block, |lane| eq(lane, byte)), if byte == b'x' { u64::MAX } else { 1 << at });
                assert_eq!(block_mask(&block, |lane| le(lane, 31)), bit(byte < 32), "{byte}");
            }
        }
    }

    #[test]
    fn short_texts_are_padded_with_zeroes() {
        assert_eq!(padded_chunk(b"abc", &mut [1; 5]), b"abc\0\0");
        assert_eq!(padded_chunk(b"abcdefg", &mut [0; 5]), b"abcde");
        assert_eq!((mask_from(0), mask_from(63), mask_from(64), mask_from(900)), (u64::MAX, 1 << 63, 0, 0));
    }
}
