//! Random damage to the bytes of a file, as by an editor, a bad copy or an incomplete download.

use super::choices::Choices;

/// Inserted bytes: syntax of JSON and YAML, and invalid UTF-8.
const INSERTS: [&[u8]; 24] = [
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

/// Truncates the bytes, or removes, inserts, replaces or repeats some of them.
pub fn damage(bytes: &mut Vec<u8>, c: &mut Choices) {
    let start = c.below(bytes.len());
    let end = bytes.len().min(start + 1 + c.below(40));
    match c.below(6) {
        0 => bytes.truncate(start),
        1 => drop(bytes.remove(start)),
        2 => drop(bytes.splice(start..start, c.pick(&INSERTS).iter().copied())),
        3 => drop(bytes.splice(start..=start, c.pick(&INSERTS).iter().copied())),
        4 => drop(bytes.drain(start..end)),
        _ => {
            let copy = bytes[start..end].to_vec();
            bytes.splice(start..start, copy);
        }
    }
}
