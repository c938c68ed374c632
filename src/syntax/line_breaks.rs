//! Line breaks of JSON and YAML: `\n`, `\r\n` and a lone `\r`.

/// The length of the line break at the start of `rest`; 0 if there is none.
pub(super) fn line_break_len(rest: &str) -> usize {
    match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    }
}
