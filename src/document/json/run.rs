//! How far a text goes on without its quote, a backslash or a control character: the texts are where the bytes of a
//! portal are.

use crate::eight::{below, equal, first};

/// The length, and whether it is a control character that ends it.
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
