//! Finds the next quote, backslash or control character of a string, 16 bytes at a time. Most bytes of a portal are in
//! strings, mainly in HTML, so this determines how fast a file is parsed.

use crate::base::bytes::simd::{LANE, Lane, eq, le, padded_chunk};

/// The capacity for a decoded string: enough for most strings with escapes, and not too much for many short ones.
pub(super) const DECODED_CAPACITY: usize = 256;

/// The number of bytes before the next quote, backslash or control character, and whether it is a control character.
#[inline]
pub(super) fn scan_plain(bytes: &[u8], quote: u8) -> (usize, bool) {
    let mut offset = 0;
    while offset < bytes.len() {
        let found = mark_special(Lane::new(*padded_chunk(&bytes[offset..], &mut [0; LANE])), quote).to_bitmask();
        if found != 0 {
            offset += found.trailing_zeros() as usize;
            // The padding after the end of the text consists of zeros, which count as control characters.
            return bytes.get(offset).map_or((bytes.len(), false), |byte| (offset, *byte < b' '));
        }
        offset += LANE;
    }
    (bytes.len(), false)
}

/// Marks the bytes that end a string or need attention: its quote, backslashes and control characters.
#[inline]
pub(super) fn mark_special(lane: Lane, quote: u8) -> Lane {
    eq(lane, quote) | eq(lane, b'\\') | le(lane, 0x1F)
}
