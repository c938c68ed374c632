//! How far a text goes on without its quote, a backslash or a control character: the texts are where the bytes of a
//! portal are.

use crate::base::bytes::simd::{LANE, Lane, is, start_of, up_to};

/// The length, and whether it is a control character that ends it.
#[inline]
pub fn plain_run(bytes: &[u8], quote: u8) -> (usize, bool) {
    let mut at = 0;
    while at < bytes.len() {
        let found = ends(Lane::new(*start_of(&bytes[at..], &mut [0; LANE])), quote).to_bitmask();
        if found != 0 {
            at += found.trailing_zeros() as usize;
            return bytes.get(at).map_or((bytes.len(), false), |byte| (at, *byte < b' '));
        }
        at += LANE;
    }
    (bytes.len(), false)
}

/// What ends it, or is an escape in it.
#[inline]
pub fn ends(lane: Lane, quote: u8) -> Lane {
    is(lane, quote) | is(lane, b'\\') | up_to(lane, 0x1F)
}
