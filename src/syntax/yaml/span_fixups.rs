//! Computes spans that the parser does not report, or that it defines differently than the tree.

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::yaml::line_scan;

/// The span of a block scalar: from its `|` or `>` to the end of its last line of text.
///
/// `reported` is the range that the parser reports: from the first character of the text, or the indicator if there is no text, to the
/// start of the next token. `last_event_end` is the end of the event before it. The header is between the two, and is searched for
/// backwards.
pub(super) fn block_scalar_span(text: &str, last_event_end: usize, reported: Range<usize>, is_empty: bool) -> Span {
    let content_start = text.floor_char_boundary(reported.start);
    let content_end = text.floor_char_boundary(reported.end.max(content_start));
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
    // The span includes the blanks at the end of the last line, because they are part of the value.
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
        for offset in search_start..line.end {
            if is_header(text, offset) {
                return Some(offset);
            }
        }
    }
}

/// The end of a block scalar header: the offset after the `|` or `>` at `offset` and its indentation and chomping indicators.
fn header_end(text: &str, offset: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = offset + 1;
    while matches!(bytes.get(end), Some(b'0'..=b'9' | b'+' | b'-')) {
        end += 1;
    }
    end
}

/// Whether a block scalar header (YAML 1.2, section 8.1.1) starts at `offset`: `|2-`, and nothing but a comment after it.
fn is_header(text: &str, offset: usize) -> bool {
    let bytes = text.as_bytes();
    if !matches!(bytes.get(offset), Some(b'|' | b'>')) {
        return false;
    }
    let end = header_end(text, offset);
    let next = line_scan::skip_blanks(bytes, end);
    let ends_line = match bytes.get(next) {
        None | Some(b'\n' | b'\r') => true,
        Some(b'#') => next > end,
        _ => false,
    };
    // 0xBF is the last byte of a byte order mark.
    ends_line && (offset == 0 || matches!(bytes[offset - 1], b' ' | b'\t' | b'\n' | b'\r' | 0xBF | b':'))
}

/// The offset after the `:` that follows a key, or the end of the key if there is no colon.
pub(super) fn after_colon(text: &str, key_end: usize) -> usize {
    let colon = skip_space_and_comments(text, key_end);
    if text.as_bytes().get(colon) == Some(&b':') { colon + 1 } else { key_end }
}

/// The offset of the first `-` of a list that is the value of a key, after its anchor and tag.
pub(super) fn first_dash(text: &str, key_end: usize, fallback: usize) -> usize {
    let dash = skip_properties(text, after_colon(text, key_end));
    if dash <= fallback && text[dash..].starts_with('-') { dash } else { fallback }
}

/// The offset after blanks, line breaks, comments, and the anchor and tag of a value.
pub(super) fn skip_properties(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut offset = skip_space_and_comments(text, from);
    // A value has at most two properties: an anchor and a tag.
    for _ in 0..2 {
        if !matches!(bytes.get(offset), Some(b'&' | b'!')) {
            break;
        }
        while offset < bytes.len() && !bytes[offset].is_ascii_whitespace() {
            offset += 1;
        }
        offset = skip_space_and_comments(text, offset);
    }
    offset
}

/// The offset after blanks, line breaks and comments.
pub(super) fn skip_space_and_comments(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut offset = from;
    while let Some(byte) = bytes.get(offset) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => offset += 1,
            // Without a blank before it, `#` does not start a comment.
            b'#' if offset > from => offset = line_scan::find_line_break(bytes, offset, bytes.len()),
            _ => break,
        }
    }
    offset
}
