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
/// `reported` is the range of the parser: from the first character of the text, or the indicator if there is no text, to the
/// start of the next token. `last_event_end` is the end of the event before it. The header is searched for backwards between
/// the two.
pub(super) fn block_scalar_span(text: &str, last_event_end: usize, reported: Range<usize>, is_empty: bool) -> Span {
    let content_start = snap(text, reported.start);
    let content_end = snap(text, reported.end.max(content_start));
    let header = if is_empty && is_header(text, content_start) {
        Some(content_start)
    } else {
        find_header_before(text, content_start, last_event_end)
    };
    let Some(header) = header else { return Span::new(content_start, content_start) };
    let content = text.get(content_start..content_end).unwrap_or_default().trim_end_matches([' ', '\t', '\r', '\n']);
    if header == content_start || content.is_empty() {
        return Span::new(header, header_end(text, header));
    }
    // The last line counts in full, because blanks at its end are part of the value.
    Span::new(header, line_scan::line_at(text, content_start + content.len()).end)
}

/// The offset of the closest block scalar header on the lines before `content_start`.
fn find_header_before(text: &str, content_start: usize, last_event_end: usize) -> Option<usize> {
    let mut line = line_scan::line_at(text, content_start);
    loop {
        line = line_scan::line_before(text, &line)?;
        if line.end <= last_event_end.min(content_start) && line.next_start <= last_event_end {
            return None;
        }
        let search_start = line.start.max(last_event_end.min(line.end));
        for at in search_start..line.end {
            if is_header(text, at) {
                return Some(at);
            }
        }
    }
}

/// The offset after the `|` or `>` at `at` and its indentation and chomping indicators.
fn header_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at + 1;
    while matches!(bytes.get(end), Some(b'0'..=b'9' | b'+' | b'-')) {
        end += 1;
    }
    end
}

/// Whether a block scalar header (YAML 1.2, section 8.1.1) starts at `at`: `|2-`, and nothing but a comment after it.
fn is_header(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    if !matches!(bytes.get(at), Some(b'|' | b'>')) {
        return false;
    }
    let end = header_end(text, at);
    let next = line_scan::skip_blanks(bytes, end);
    let ends_line = match bytes.get(next) {
        None | Some(b'\n' | b'\r') => true,
        Some(b'#') => next > end,
        _ => false,
    };
    // 0xBF is the last byte of a byte order mark.
    ends_line && (at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b'\n' | b'\r' | 0xBF | b':'))
}

/// The offset after the `:` that follows a key, or the end of the key if there is no colon.
pub(super) fn after_colon(text: &str, key_end: usize) -> usize {
    let colon = skip_space_and_comments(text, key_end);
    if text.as_bytes().get(colon) == Some(&b':') { colon + 1 } else { key_end }
}

/// The offset of the first `-` of a list that is the value of a key, after its anchor and tag.
pub(super) fn first_dash(text: &str, key_end: usize, fallback: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = after_colon(text, key_end);
    loop {
        at = skip_space_and_comments(text, at);
        match bytes.get(at) {
            Some(b'-') if at <= fallback => return at,
            Some(b'&' | b'!') if at < fallback => {
                while at < bytes.len() && !bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
            }
            _ => return fallback,
        }
    }
}

/// The offset after blanks, line breaks and comments.
pub(super) fn skip_space_and_comments(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            // Directly after the text, `#` does not start a comment.
            b'#' if at > from => at = line_scan::find_line_break(bytes, at, bytes.len()),
            _ => break,
        }
    }
    at
}
