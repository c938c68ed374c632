//! How far a text goes on without its quote, a backslash or a control character: the texts are where the bytes of a
//! portal are. Both answer with the length, and whether it is a control character that ends it.

use crate::eight::{below, equal, first};

/// For texts of any length.
pub fn plain_run(bytes: &[u8], quote: u8) -> (usize, bool) {
    let ends = |byte: u8| byte == quote || byte == b'\\' || byte < b' ';
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let found = equal(word, quote) | equal(word, b'\\') | below(word, b' ');
        if found != 0 {
            at += first(found);
            return (at, bytes[at] < b' ');
        }
        at += 8;
    }
    at += rest.iter().position(|&byte| ends(byte)).unwrap_or(rest.len());
    (at, bytes.get(at).is_some_and(|&byte| byte < b' '))
}

/// Quicker for long ones; looks as far as the next quote or backslash in any case.
pub fn long_run(bytes: &[u8], quote: u8) -> (usize, bool) {
    let end = memchr::memchr2(quote, b'\\', bytes).unwrap_or(bytes.len());
    let lowest = bytes[..end].iter().fold(u8::MAX, |lowest, byte| lowest.min(*byte));
    if lowest >= b' ' {
        return (end, false);
    }
    (bytes[..end].iter().position(|byte| *byte < b' ').unwrap_or(end), true)
}
