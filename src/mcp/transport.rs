//! Reads and writes messages, one per line.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value as Json;

use crate::base::sanitize::escape_in_json;

/// The maximum number of bytes of a line, without its line break. A body of the maximum size fits, with some escapes.
pub(super) const MAX_LINE_BYTES: usize = 9 << 20;

/// A line of the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Text(Vec<u8>),
    /// A line over the limit, which was skipped.
    TooLong,
}

/// Reads the next line that is not blank. `None` at the end of the input.
///
/// # Errors
///
/// If reading fails.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    loop {
        let mut line = Vec::new();
        input.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.len() > MAX_LINE_BYTES && !line.ends_with(b"\n") {
            skip_line(input)?;
            return Ok(Some(Line::TooLong));
        }
        if !line.trim_ascii().is_empty() {
            return Ok(Some(Line::Text(line)));
        }
    }
}

/// Skips the rest of a line without keeping it.
fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let available = input.fill_buf()?;
        if available.is_empty() {
            return Ok(());
        }
        let end = memchr::memchr(b'\n', available);
        let length = end.map_or(available.len(), |end| end + 1);
        input.consume(length);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// Writes a message. JSON text contains no line breaks of its own.
///
/// # Errors
///
/// If writing fails.
pub(super) fn write(message: &Json, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", escape_in_json(&message.to_string()))?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use crate::mcp::transport::*;

    #[test]
    fn long_lines_are_skipped_and_blank_lines_are_ignored() {
        let mut input = vec![b'x'; MAX_LINE_BYTES + 1];
        input.extend(b"\n\n \r\na\n");
        input.extend(vec![b'y'; MAX_LINE_BYTES]);
        input.extend(b"\nb");
        let mut input = &input[..];
        let mut lines = Vec::new();
        while let Some(line) = read(&mut input).unwrap() {
            lines.push(match line {
                Line::Text(text) => text.len(),
                Line::TooLong => 0,
            });
        }
        assert_eq!(lines, [0, 2, MAX_LINE_BYTES + 1, 1]);
    }
}
