//! Finds the next quote, backslash or control character of a string, 16 bytes at a time. Most bytes of a portal are in
//! strings, mainly in HTML, so this determines how fast a file is parsed.

use crate::base::bytes::simd::{LANE, Lane, is, start_of, up_to};

/// The number of bytes before the next quote, backslash or control character, and whether it is a control character.
#[inline]
pub(super) fn scan_plain(bytes: &[u8], quote: u8) -> (usize, bool) {
    let mut at = 0;
    while at < bytes.len() {
        let found = mark_special(Lane::new(*start_of(&bytes[at..], &mut [0; LANE])), quote).to_bitmask();
        if found != 0 {
            at += found.trailing_zeros() as usize;
            return bytes.get(at).map_or((bytes.len(), false), |byte| (at, *byte < b' '));
        }
        at += LANE;
    }
    (bytes.len(), false)
}

/// Marks the bytes that end a string or need attention: its quote, backslashes and control characters.
#[inline]
pub(super) fn mark_special(lane: Lane, quote: u8) -> Lane {
    is(lane, quote) | is(lane, b'\\') | up_to(lane, 0x1F)
}
