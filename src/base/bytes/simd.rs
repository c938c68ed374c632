//! Sixty-four bytes of a text at once: what the loops over megabytes are made of that have to stop for several bytes.
//!
//! [`bits`] looks for them sixteen at a time, in whatever the processor has for that. The answer has a bit for each byte, the lowest
//! for the first, and to go from one to the next takes no look at the text.

use wide::{i8x16, u8x16};

/// How many bytes are in a block.
pub(crate) const BLOCK: usize = 64;

/// How many bytes are in a lane.
pub(crate) const LANE: usize = 16;

/// Sixteen bytes; as an answer, all bits of those that are meant.
pub(crate) type Lane = u8x16;

/// Those that are this byte.
#[inline]
pub(crate) fn eq(lane: Lane, byte: u8) -> Lane {
    lane.simd_eq(Lane::splat(byte))
}

/// Those of ASCII that are behind this byte of ASCII.
#[inline]
pub(crate) fn gt(lane: Lane, byte: u8) -> Lane {
    lane.cast_signed().simd_gt(i8x16::splat(byte.cast_signed())).cast_unsigned()
}

/// Those that are this byte at most.
#[inline]
pub(crate) fn le(lane: Lane, byte: u8) -> Lane {
    lane.min(Lane::splat(byte)).simd_eq(lane)
}

/// The bytes of the block that are meant.
#[inline]
pub(crate) fn block_mask(block: &[u8; BLOCK], meant: impl Fn(Lane) -> Lane) -> u64 {
    let lanes = block.as_chunks().0.iter().enumerate();
    lanes.fold(0, |bits, (at, lane)| bits | u64::from(meant(Lane::new(*lane)).to_bitmask()) << (LANE * at))
}

/// All bits but the first ones.
#[inline]
pub(crate) fn mask_from(bytes: usize) -> u64 {
    if bytes < BLOCK { u64::MAX << bytes } else { 0 }
}

/// The first bytes of a text, as many as are wanted. Where it is shorter they are put into `room`, and zeroes behind them.
#[inline]
pub(crate) fn padded_chunk<'b, const LENGTH: usize>(bytes: &'b [u8], room: &'b mut [u8; LENGTH]) -> &'b [u8; LENGTH] {
    if let Some(start) = bytes.first_chunk() {
        return start;
    }
    *room = [0; LENGTH];
    room[..bytes.len()].copy_from_slice(bytes);
    room
}

#[cfg(test)]
mod tests {
    use crate::base::bytes::simd::*;

    #[test]
    fn each_byte_has_its_bit() {
        for byte in 0..=u8::MAX {
            for at in 0..BLOCK {
                let mut block = [b'x'; BLOCK];
                block[at] = byte;
                let bit = |meant: bool| u64::from(meant) << at;
                assert_eq!(block_mask(&block, |lane| eq(lane, byte)), if byte == b'x' { u64::MAX } else { 1 << at });
                assert_eq!(block_mask(&block, |lane| gt(lane, b'z')), bit(byte > b'z' && byte.is_ascii()), "{byte}");
                assert_eq!(block_mask(&block, |lane| le(lane, 31)), bit(byte < 32), "{byte}");
            }
        }
    }

    #[test]
    fn the_start_of_a_short_text_has_zeroes_behind_it() {
        assert_eq!(padded_chunk(b"abc", &mut [1; 5]), b"abc\0\0");
        assert_eq!(padded_chunk(b"abcdefg", &mut [0; 5]), b"abcde");
        assert_eq!((mask_from(0), mask_from(63), mask_from(64), mask_from(900)), (u64::MAX, 1 << 63, 0, 0));
    }
}
