//! Damage to a text, at any byte: what editors, copying and half a download do to files.

use super::choices::Choices;

/// What is put in: signs that mean something to JSON or YAML, and bytes that are no text.
const BITS: [&[u8]; 24] = [
    b"\"",
    b"'",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r",
    b"\t",
    b" ",
    b"\\",
    b"#",
    b"- ",
    b"|",
    b"&a ",
    b"*a",
    b"%",
    b"<<<<<<< HEAD\n",
    b"\0",
    b"\xff",
    b"\xf0\x9f",
    "\u{feff}😀".as_bytes(),
];

/// Damages a text once.
pub fn damage(bytes: &mut Vec<u8>, c: &mut Choices) {
    let at = c.below(bytes.len());
    let until = bytes.len().min(at + 1 + c.below(40));
    match c.below(6) {
        0 => bytes.truncate(at),
        1 => drop(bytes.remove(at)),
        2 => drop(bytes.splice(at..at, c.pick(&BITS).iter().copied())),
        3 => drop(bytes.splice(at..=at, c.pick(&BITS).iter().copied())),
        4 => drop(bytes.drain(at..until)),
        _ => {
            let again = bytes[at..until].to_vec();
            bytes.splice(at..at, again);
        }
    }
}
