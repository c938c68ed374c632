//! Splits a line of a YAML text into indentation, key and value without parsing the text.
//!
//! For texts that the parser rejects, this guesses the intended structure. The context of a line is ignored. For example, the text of a
//! block scalar may seem to have keys. For valid texts, it only finds the start and end of lines.

use crate::base::steps::count_steps;
use crate::syntax::line_breaks::line_break_len;

/// The parts of a line such as `- key: value # comment`, as byte offsets into the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// First byte of the line.
    pub start: usize,
    /// First byte that is not a space or tab.
    pub text_start: usize,
    /// First byte after any `- `.
    pub key_start: usize,
    /// The first `:` that ends a key.
    pub colon: Option<usize>,
    /// First byte of the value; [`Line::text_end`] if there is none.
    pub value_start: usize,
    /// End of the text, without a comment and trailing blanks.
    pub text_end: usize,
    /// End of the line, without the line break.
    pub end: usize,
    /// First byte of the next line.
    pub next_start: usize,
}

impl Line {
    /// Whether the line contains only blanks and a comment.
    pub(super) fn is_blank(&self) -> bool {
        self.text_start >= self.text_end
    }

    /// Whether the line contains only blanks.
    pub(super) fn is_empty(&self) -> bool {
        self.text_start >= self.end
    }

    /// The number of columns before the text.
    pub(super) fn indent(&self) -> usize {
        self.text_start - self.start
    }

    /// The number of columns before the key. Dashes count as indentation.
    pub(super) fn key_column(&self) -> usize {
        self.key_start - self.start
    }

    /// Whether the text ends with this line.
    pub(super) fn is_last(&self, text: &str) -> bool {
        self.next_start >= text.len() || self.next_start <= self.start
    }
}

/// The line that contains `offset`.
pub(super) fn line_at(text: &str, offset: usize) -> Line {
    let bytes = text.as_bytes();
    let offset = offset.min(bytes.len());
    let mut start = memchr::memrchr2(b'\n', b'\r', &bytes[..offset]).map_or(0, |line_break| line_break + 1);
    // A byte order mark is no part of the indentation.
    if text[start..].starts_with('\u{feff}') {
        start += '\u{feff}'.len_utf8();
    }
    let line_end = find_line_break(bytes, start, bytes.len());
    count_steps(line_end + 1 - start);
    let text_start = skip_blanks(bytes, start);
    let mut key_start = text_start;
    while bytes.get(key_start) == Some(&b'-') && matches!(bytes.get(key_start + 1), Some(b' ' | b'\t')) {
        key_start = skip_blanks(bytes, key_start + 1);
    }
    let (colon, text_end) = find_colon_and_end(bytes, key_start, line_end);
    let value_start = match colon {
        Some(colon) => skip_blanks(bytes, colon + 1),
        None => key_start,
    };
    Line {
        start,
        text_start,
        key_start,
        colon,
        value_start: value_start.min(text_end.max(key_start)),
        text_end: text_end.max(text_start.min(line_end)),
        end: line_end,
        next_start: line_end + line_break_len(&text[line_end..]),
    }
}

/// The closest line before `line` that is not blank.
pub(super) fn line_before(text: &str, line: &Line) -> Option<Line> {
    let mut start = line.start;
    while start > 0 {
        let break_start = if text[..start].ends_with("\r\n") { start - 2 } else { start - 1 };
        let previous = line_at(text, break_start);
        // After a byte order mark, `line_at` returns the same line again.
        if previous.start >= start {
            return None;
        }
        if !previous.is_blank() {
            return Some(previous);
        }
        start = previous.start;
    }
    None
}

/// The lines before `line` that are not blank, the closest first.
pub(super) fn lines_before(text: &str, line: &Line) -> impl Iterator<Item = Line> {
    std::iter::successors(line_before(text, line), move |line| line_before(text, line))
}

/// The lines from the offset `from` to `until` that have more than blanks.
pub(super) fn nonempty_lines(text: &str, from: usize, until: usize) -> impl Iterator<Item = Line> {
    let first = (from < until).then(|| line_at(text, from));
    let lines = std::iter::successors(first, move |line| {
        (!line.is_last(text) && line.next_start < until).then(|| line_at(text, line.next_start))
    });
    lines.filter(|line| !line.is_empty())
}

/// The end of the block that `line` starts: the lines after it that are blank or indented by at least `column`.
pub(super) fn block_end(text: &str, line: &Line, column: usize) -> usize {
    let below = if line.is_last(text) { text.len() } else { line.next_start };
    let lines = nonempty_lines(text, below, text.len());
    let in_block = lines.take_while(|line| line.indent() >= column && !is_document_marker(text, line.start));
    in_block.last().map_or(line.end, |last| last.end)
}

/// Whether a line starts with a document marker, `---` or `...`.
pub(super) fn is_document_marker(text: &str, start: usize) -> bool {
    let line = &text.as_bytes()[start..];
    (line.starts_with(b"---") || line.starts_with(b"..."))
        && matches!(line.get(3), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

/// The offset of the first byte at or after `offset` that is not a space or tab.
pub(super) fn skip_blanks(bytes: &[u8], offset: usize) -> usize {
    let mut end = offset;
    while matches!(bytes.get(end), Some(b' ' | b'\t')) {
        end += 1;
    }
    end
}

/// The offset of the first line break between `from` and `limit`, or `limit`.
pub(super) fn find_line_break(bytes: &[u8], from: usize, limit: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[from..limit]).map_or(limit, |offset| from + offset)
}

/// The offset of the colon after the key, and the end of the text, of a line whose key starts at `key_start`.
fn find_colon_and_end(bytes: &[u8], key_start: usize, line_end: usize) -> (Option<usize>, usize) {
    let mut colon = None;
    let mut text_end = key_start;
    let mut offset = key_start;
    while offset < line_end {
        let is_first = offset == key_start;
        let after_blank = is_first || matches!(bytes[offset - 1], b' ' | b'\t');
        let value_may_start = after_blank || matches!(bytes[offset - 1], b'[' | b'{' | b',');
        match bytes[offset] {
            // A comment needs a blank before it (YAML 1.2, section 6.6): `#` in `a#b` is text.
            b'#' if after_blank => break,
            // Before the colon, only a quote at the very start opens a quoted key; `it's: x` has a plain key.
            b'"' | b'\'' if value_may_start && (is_first || colon.is_some()) => {
                offset = quote_end(bytes, offset, line_end).unwrap_or(offset + 1);
                text_end = offset;
                continue;
            }
            b':' if colon.is_none() && matches!(bytes.get(offset + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r')) => {
                colon = Some(offset);
                text_end = offset + 1;
            }
            b' ' | b'\t' => {}
            _ => text_end = offset + 1,
        }
        offset += 1;
    }
    (colon, text_end)
}

/// The offset after the quote that closes the one at `open`; `None` if there is no such quote before `limit`.
pub(super) fn quote_end(bytes: &[u8], open: usize, limit: usize) -> Option<usize> {
    let quote = *bytes.get(open)?;
    let mut offset = open + 1;
    while offset < limit {
        count_steps(1);
        match bytes[offset] {
            b'\\' if quote == b'"' => offset += 2,
            // `''` inside single quotes stands for one quote (YAML 1.2, section 7.3.2).
            b'\'' if quote == b'\'' && offset + 1 < limit && bytes[offset + 1] == b'\'' => offset += 2,
            byte if byte == quote => return Some(offset + 1),
            _ => offset += 1,
        }
    }
    None
}

/// A quoted text, a bracket, or a comma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlowToken {
    /// The start and end of a quoted text. The end is `None` if it is not closed within the scanned range.
    Quoted(usize, Option<usize>),
    /// The offset of an opening bracket.
    Open(usize),
    /// The offset of a closing bracket.
    Close(usize),
    /// The offset of a comma between brackets.
    Comma(usize),
}

/// Finds the quoted texts, brackets and commas between two offsets, the first of which is outside of quotes.
pub(super) fn scan_flow_tokens(text: &str, from: usize, to: usize) -> Vec<FlowToken> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut depth = 0usize;
    // Quotes and brackets inside a plain scalar are ordinary text.
    let mut value_may_start = true;
    let mut offset = from;
    while offset < to {
        count_steps(1);
        match bytes[offset] {
            b'"' | b'\'' if value_may_start => {
                let end = quote_end(bytes, offset, to);
                tokens.push(FlowToken::Quoted(offset, end));
                offset = end.unwrap_or(to);
                value_may_start = false;
                continue;
            }
            b'[' | b'{' if value_may_start || depth > 0 => {
                tokens.push(FlowToken::Open(offset));
                depth += 1;
                value_may_start = true;
            }
            b']' | b'}' => {
                tokens.push(FlowToken::Close(offset));
                depth = depth.saturating_sub(1);
                // For the parser, a quote directly after a bracket opens a text.
                value_may_start = true;
            }
            b'#' if offset == 0 || bytes[offset - 1].is_ascii_whitespace() => {
                offset = find_line_break(bytes, offset, to);
                continue;
            }
            b',' => {
                if depth > 0 {
                    tokens.push(FlowToken::Comma(offset));
                }
                value_may_start = true;
            }
            b':' | b'-' | b'?' | b'\n' | b'\r' => value_may_start = true,
            b' ' | b'\t' => {}
            // The value follows after its anchor or tag.
            b'&' | b'!' if value_may_start => {
                while offset < to && !bytes[offset].is_ascii_whitespace() {
                    offset += 1;
                }
                continue;
            }
            _ => value_may_start = false,
        }
        offset += 1;
    }
    tokens
}
