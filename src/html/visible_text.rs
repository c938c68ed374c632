//! The visible text of an HTML text, with a mapping back to the source.
//!
//! Entities are decoded and invisible characters removed, so that a shortcode reads as the reader sees it. Inline tags leave no
//! trace (`email_<b>code</b>`), other tags become line breaks. Hidden text is left out.

use std::ops::{ControlFlow, Range};

use crate::base::steps::count_steps;
use crate::html::elements::is_inline;
use crate::html::tokenizer;
use crate::html::tokenizer::Token;
use crate::html::visibility::VisibilityTracker;

/// The text that a reader sees.
#[derive(Debug, Default)]
pub(crate) struct VisibleText {
    /// In reading order.
    pub text: String,
    segments: Vec<Segment>,
}

/// A part of the text and its source. Both have the same bytes, or the part is the character of an entity, or a line break
/// with an empty source.
#[derive(Debug)]
struct Segment {
    text_start: usize,
    source: Range<usize>,
}

impl VisibleText {
    pub(crate) fn from_html(html: &str) -> Self {
        let mut visible = Self::default();
        let mut tracker = VisibilityTracker::default();
        tokenizer::scan::<()>(html, |token| {
            match token {
                Token::Open(tag) => {
                    tracker.open(html, &tag);
                    if tag.name.starts_with("email") {
                        // Not an element but a shortcode in the wrong brackets: `<email_code>`.
                        visible.push(&html[tag.range.clone()], tag.range);
                    } else if !is_inline(tag.name) {
                        visible.push_line_break(tag.range.start);
                    }
                }
                Token::Close { name, range } => {
                    tracker.close(name);
                    if !is_inline(name) {
                        visible.push_line_break(range.start);
                    }
                }
                Token::Text(range) if tracker.hidden_reason().is_none() => visible.push_text(html, range),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        visible
    }

    /// The source of a part of the text, including the tags in it.
    pub(crate) fn source_range(&self, part: Range<usize>) -> Range<usize> {
        let start = match self.segment_at(part.start) {
            Some(segment) => (segment.source.start + part.start - segment.text_start).min(segment.source.end),
            None => 0,
        };
        let last = part.end.saturating_sub(1).max(part.start);
        let end = match self.segment_at(last) {
            Some(segment) if self.is_entity(segment) => segment.source.end,
            Some(segment) => (segment.source.start + part.end - segment.text_start).min(segment.source.end),
            None => start,
        };
        start..end.max(start)
    }

    /// Whether a part of the text contains the start or end of a block, or a `<br>`.
    pub(crate) fn contains_line_break(&self, part: Range<usize>) -> bool {
        let first = self.segments.partition_point(|segment| segment.text_start < part.start);
        for segment in &self.segments[first..] {
            if segment.text_start >= part.end {
                return false;
            }
            if segment.source.is_empty() {
                return true;
            }
        }
        false
    }

    /// The segment of the byte of the text at `offset`.
    fn segment_at(&self, offset: usize) -> Option<&Segment> {
        let index = self.segments.partition_point(|segment| segment.text_start <= offset).saturating_sub(1);
        self.segments.get(index)
    }

    fn is_entity(&self, segment: &Segment) -> bool {
        let next = self.segments.partition_point(|other| other.text_start <= segment.text_start);
        let text_end = self.segments.get(next).map_or(self.text.len(), |next| next.text_start);
        // An entity is longer than its character; all other segments equal their source.
        text_end - segment.text_start != segment.source.len()
    }

    fn push(&mut self, text: &str, source: Range<usize>) {
        self.segments.push(Segment { text_start: self.text.len(), source });
        self.text.push_str(text);
    }

    fn push_line_break(&mut self, offset: usize) {
        self.push("\n", offset..offset);
    }

    /// Adds the text between two tags.
    fn push_text(&mut self, html: &str, range: Range<usize>) {
        // The start of the text that is not added yet.
        let mut start = range.start;
        let mut offset = range.start;
        while let Some(c) = html[offset..range.end].chars().next() {
            count_steps(1);
            let (end, decoded) = match c {
                '&' => {
                    let Some((length, decoded)) = decode_entity(&html[offset..range.end]) else {
                        offset += 1;
                        continue;
                    };
                    (offset + length, Some(decoded))
                }
                _ if is_invisible(c) => (offset + c.len_utf8(), None),
                _ => {
                    offset += c.len_utf8();
                    continue;
                }
            };
            if start < offset {
                self.push(&html[start..offset], start..offset);
            }
            // An entity may stand for an invisible character: `&shy;`.
            if let Some(decoded) = decoded
                && !decoded.chars().all(is_invisible)
            {
                self.push(&decoded, offset..end);
            }
            offset = end;
            start = end;
        }
        if start < range.end {
            self.push(&html[start..range.end], start..range.end);
        }
    }
}

/// Decodes the entity at the start of a text. Returns its length and the decoded text.
pub(crate) fn decode_entity(text: &str) -> Option<(usize, String)> {
    /// The longest name in the HTML Standard (13.5) has 33 bytes with `&` and `;`.
    const MAX_LEN: usize = 36;
    let bytes = text.as_bytes();
    let end = bytes.iter().take(MAX_LEN).position(|&byte| byte == b';')? + 1;
    if !bytes[1..end - 1].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#') {
        return None;
    }
    let entity = &text[..end];
    let decoded = tokenizer::decode(entity);
    // An unknown name that starts with a known one (`&ampx;`) is decoded only in part: its semicolon is left.
    let is_known = decoded != entity && !decoded.ends_with(';');
    is_known.then(|| (end, decoded.into_owned()))
}

/// Zero-width characters and the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
