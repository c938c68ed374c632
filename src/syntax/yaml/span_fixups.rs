//! Corrects spans that the parser does not report, or reports differently than the tree defines them.

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::yaml::line_scan;

/// The nearest character start at or before `at`.
pub(super) fn snap(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

/// The span of a block scalar: from its `|` or `>` to the end of its last line of text.
///
/// `range` is what the parser reports: from the first character of the text, or the indicator if there is no text, to the
/// start of the next token. `after` is the end of the event before it. The header is searched for backwards between the two.
pub(super) fn block_scalar_span(text: &str, after: usize, range: Range<usize>, empty: bool) -> Span {
    let bytes = text.as_bytes();
    let content = snap(text, range.start);
    let end = snap(text, range.end.max(content));
    let at_header = matches!(bytes.get(content), Some(b'|' | b'>')) && is_header(bytes, content);
    let (start, header_end) = if empty && at_header {
        (content, header_length(bytes, content))
    } else {
        let mut line = line_scan::line_at(text, content);
        loop {
            match line_scan::line_before(text, &line) {
                Some(before) if before.full_end > after.min(content) || before.next > after => {
                    line = before;
                    if let Some(found) = (line.start.max(after.min(line.full_end))..line.full_end)
                        .find(|&at| matches!(bytes[at], b'|' | b'>') && is_header(bytes, at))
                    {
                        break (found, header_length(bytes, found));
                    }
                }
                _ => break (content, content),
            }
        }
    };
    let last = text.get(content..end).unwrap_or_default().trim_end_matches([' ', '\t', '\r', '\n']).len();
    if start == content || last == 0 {
        return Span::new(start, header_end.max(start));
    }
    Span::new(start, line_scan::line_at(text, content + last).full_end)
}

fn header_length(bytes: &[u8], at: usize) -> usize {
    at + 1 + bytes[at + 1..].iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-')).count()
}

fn is_header(bytes: &[u8], at: usize) -> bool {
    let end = header_length(bytes, at);
    let rest = line_scan::skip_blanks(bytes, end);
    let fits = match bytes.get(rest) {
        None | Some(b'\n' | b'\r') => true,
        Some(b'#') => rest > end,
        _ => false,
    };
    fits && (at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b'\n' | b'\r' | 0xBF | b':'))
}

/// The offset after the `:` that follows a key, or the end of the key if there is no colon.
pub(super) fn after_colon(text: &str, key_end: usize) -> usize {
    match text.as_bytes().get(skip_space(text, key_end)) {
        Some(b':') => skip_space(text, key_end) + 1,
        _ => key_end,
    }
}

/// The offset of the first `-` of a list that is the value of a key, after its anchor and tag.
pub(super) fn first_dash(text: &str, key_end: usize, fallback: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = after_colon(text, key_end);
    loop {
        at = skip_space(text, at);
        match bytes.get(at) {
            Some(b'-') if at <= fallback => return at,
            Some(b'&' | b'!') if at < fallback => {
                at += bytes[at..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            }
            _ => return fallback,
        }
    }
}

/// The offset after blanks, line breaks and comments.
fn skip_space(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            b'#' if at > from => {
                at = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |found| at + found);
            }
            _ => break,
        }
    }
    at
}
