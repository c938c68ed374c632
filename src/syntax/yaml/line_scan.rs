//! Splits a line of a YAML text into indentation, key and value without parsing the text.
//!
//! It is used only for texts that the parser rejects, to guess what was meant. It does not know the context of a line: the
//! text of a block scalar, for example, may seem to have keys.

/// The parts of a line such as `- key: value # comment`, as byte offsets into the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// First byte of the line.
    pub start: usize,
    /// First byte that is not a space or tab.
    pub text: usize,
    /// First byte after any `- `.
    pub key: usize,
    /// The first `:` that ends a key.
    pub colon: Option<usize>,
    /// First byte of the value; [`Line::end`] when there is none.
    pub value: usize,
    /// End of the text, without a comment and trailing blanks.
    pub end: usize,
    /// End of the line, without the line break.
    pub full_end: usize,
    /// First byte of the next line.
    pub next: usize,
}

impl Line {
    /// Whether the line has nothing but blanks and a comment.
    pub(super) fn is_blank(&self) -> bool {
        self.text >= self.end
    }

    /// The number of columns before the text.
    pub(super) fn indent(&self) -> usize {
        self.text - self.start
    }

    /// The number of columns before the key. Dashes count as indentation.
    pub(super) fn key_column(&self) -> usize {
        self.key - self.start
    }

    /// Whether the line has text after its `:` or, without a colon, any text.
    pub(super) fn has_value(&self) -> bool {
        self.value < self.end
    }
}

/// The line that contains the offset `at`.
pub(super) fn line_at(text: &str, at: usize) -> Line {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let start = memchr::memrchr2(b'\n', b'\r', &bytes[..at]).map_or(0, |found| found + 1);
    let start = if bytes[start..].starts_with("\u{feff}".as_bytes()) { start + 3 } else { start };
    let full_end = memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |found| start + found);
    let next = full_end + usize::from(full_end < bytes.len()) + usize::from(bytes[full_end..].starts_with(b"\r\n"));
    let text = skip_blanks(bytes, start);
    let mut key = text;
    while bytes.get(key) == Some(&b'-') && matches!(bytes.get(key + 1), Some(b' ' | b'\t')) {
        key = skip_blanks(bytes, key + 1);
    }
    let (colon, end) = find_colon_and_end(bytes, key, full_end);
    let value = colon.map_or(key, |colon| skip_blanks(bytes, colon + 1)).min(end.max(key));
    Line { start, text, key, colon, value, end: end.max(text.min(full_end)), full_end, next }
}

/// The closest line before `line` that is not blank.
pub(super) fn line_before(text: &str, line: &Line) -> Option<Line> {
    let mut start = line.start;
    while start > 0 {
        let mut at = start - 1;
        if at > 0 && text.as_bytes()[at] == b'\n' && text.as_bytes()[at - 1] == b'\r' {
            at -= 1;
        }
        let before = line_at(text, at);
        if before.start >= start {
            return None;
        }
        if !before.is_blank() {
            return Some(before);
        }
        start = before.start;
    }
    None
}

/// The end of the block that `line` starts: the lines after it that are blank or indented by at least `column`.
pub(super) fn block_end(text: &str, line: &Line, column: usize) -> usize {
    let mut end = line.full_end;
    let mut next = line.next;
    while next < text.len() {
        let line = line_at(text, next);
        if line.text < line.full_end {
            if line.indent() < column || is_marker(text, line.start) {
                break;
            }
            end = line.full_end;
        }
        if line.next <= next {
            break;
        }
        next = line.next;
    }
    end
}

/// Whether a line starts with a document marker, `---` or `...`.
pub(super) fn is_marker(text: &str, start: usize) -> bool {
    let rest = &text.as_bytes()[start..];
    (rest.starts_with(b"---") || rest.starts_with(b"..."))
        && matches!(rest.get(3), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

/// The offset of the first byte from `at` on that is not a space or tab.
pub(super) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).map_or(at, |rest| at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count())
}

/// The colon of the key and the end of the text of a line whose key starts at `at`.
fn find_colon_and_end(bytes: &[u8], at: usize, full_end: usize) -> (Option<usize>, usize) {
    let mut colon = None;
    let mut end = at;
    let mut here = at;
    while here < full_end {
        let byte = bytes[here];
        let starts = here == at || matches!(bytes[here - 1], b' ' | b'\t' | b'[' | b'{' | b',');
        match byte {
            b'#' if here == at || matches!(bytes[here - 1], b' ' | b'\t') => break,
            b'"' | b'\'' if starts && (here == at || colon.is_some()) => {
                here = quote_end(bytes, here, full_end).unwrap_or(here + 1);
                end = here;
                continue;
            }
            b':' if colon.is_none() && matches!(bytes.get(here + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r')) => {
                colon = Some(here);
                end = here + 1;
            }
            b' ' | b'\t' => {}
            _ => end = here + 1,
        }
        here += 1;
    }
    (colon, end)
}

/// The offset after the quote that closes the one at `at`, if it is before `limit`.
pub(super) fn quote_end(bytes: &[u8], at: usize, limit: usize) -> Option<usize> {
    let quote = *bytes.get(at)?;
    let mut here = at + 1;
    while here < limit {
        match bytes[here] {
            b'\\' if quote == b'"' => here += 2,
            byte if byte == quote => {
                if quote == b'\'' && here + 1 < limit && bytes[here + 1] == quote {
                    here += 2;
                } else {
                    return Some(here + 1);
                }
            }
            _ => here += 1,
        }
    }
    None
}

/// A quoted text or a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// The start and end of a quoted text. The end is `None` if it is not closed within the scanned range.
    Quoted(usize, Option<usize>),
    /// An opening bracket.
    Open(usize),
    /// A closing bracket.
    Close(usize),
}

/// The quoted texts and brackets between two offsets, the first of which is outside of quotes.
pub(super) fn scan_tokens(text: &str, from: usize, to: usize) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut depth = 0usize;
    // Quotes and brackets inside a plain scalar are ordinary text.
    let mut value_may_start = true;
    let mut here = from;
    while here < to {
        let byte = bytes[here];
        match byte {
            b'"' | b'\'' if value_may_start => {
                let end = quote_end(bytes, here, to);
                tokens.push(Token::Quoted(here, end));
                here = end.unwrap_or(to);
                value_may_start = false;
                continue;
            }
            b'[' | b'{' if value_may_start || depth > 0 => {
                tokens.push(Token::Open(here));
                depth += 1;
                value_may_start = true;
            }
            b']' | b'}' => {
                tokens.push(Token::Close(here));
                depth = depth.saturating_sub(1);
                value_may_start = false;
            }
            b'#' if here == 0 || bytes[here - 1].is_ascii_whitespace() => {
                here = memchr::memchr2(b'\n', b'\r', &bytes[here..to]).map_or(to, |found| here + found);
                continue;
            }
            b':' | b',' | b'-' | b'?' | b'\n' | b'\r' => value_may_start = true,
            b' ' | b'\t' => {}
            // After an anchor or a tag, the value is still to come.
            b'&' | b'!' if value_may_start => {
                here = bytes[here..to].iter().position(u8::is_ascii_whitespace).map_or(to, |found| here + found);
                continue;
            }
            _ => value_may_start = false,
        }
        here += 1;
    }
    tokens
}
