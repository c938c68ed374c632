//! Repairs a text so that the parser gets past an error.
//!
//! [`Patches`] records which values and entries the repairs destroyed, so that nothing is reported about them, and how the
//! positions moved, so that the tree of the repaired text can be mapped back to the original text.

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::SyntaxError;
use crate::syntax::yaml::span_fixups::snap;

/// One change to the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    /// Replaces a value that cannot be parsed with a placeholder of the same length, which counts as broken.
    BreakValue(Range<usize>),
    /// Replaces the range with spaces. A value that overlaps it, or that should be there, counts as broken.
    BlankOut(Range<usize>),
    /// Replaces whole lines with line breaks, because spaces would belong to a block scalar above. Their entries are lost.
    BlankOutLines(Range<usize>),
    /// Keeps the text, but counts its value as broken, because it is uncertain that a value was meant.
    DoubtValue(Range<usize>),
    /// Replaces the indentation of a line with this many spaces, because the line belongs to another block.
    Reindent(Range<usize>, usize),
    /// Replaces the range with this text. Nothing is lost.
    Replace(Range<usize>, String),
}

/// All repairs made to a text. Spans are those of the repaired text.
#[derive(Debug, Default)]
pub(super) struct Patches {
    /// The values that count as broken.
    broken: Vec<Span>,
    /// Where the original text was replaced, so that further errors there are caused by the repair.
    replaced: Vec<Span>,
    /// Whether entries were removed or moved to another block.
    lost_entries: bool,
    /// The names of anchors (`&name`) in removed text.
    lost_anchors: Vec<String>,
    /// Pairs of an offset in the repaired text and its offset in the original text, in ascending order. An offset between
    /// two pairs has the same distance to the pair before it in both texts.
    offsets: Vec<(usize, usize)>,
}

impl Patches {
    /// Whether a span overlaps a broken value.
    pub(super) fn overlap_broken(&self, span: Span) -> bool {
        self.broken.iter().any(|broken| broken.overlaps(span) && broken.start < broken.end)
    }

    /// Whether a broken value follows `at`, with nothing but spaces in between.
    pub(super) fn broken_follows(&self, text: &str, at: usize) -> bool {
        for broken in &self.broken {
            let gap = text.as_bytes().get(at..broken.start as usize);
            if gap.is_some_and(|gap| gap.iter().all(|&byte| byte == b' ')) {
                return true;
            }
        }
        false
    }

    /// Whether an error at this span is caused by a repair next to it and not by the original text.
    pub(super) fn cause_errors_at(&self, span: Span) -> bool {
        self.replaced.iter().any(|replaced| replaced.start <= span.end && span.start <= replaced.end)
    }

    /// Whether repairs removed entries. Then a key that is not found may still be in the original text.
    pub(super) fn lost_entries(&self) -> bool {
        self.lost_entries
    }

    /// Whether a repair removed the anchor with this name.
    pub(super) fn lost_anchor(&self, name: &str) -> bool {
        self.lost_anchors.iter().any(|anchor| anchor == name)
    }

    /// Maps a span of the repaired text to the original text.
    pub(super) fn span_to_original(&self, span: Span) -> Span {
        Span::new(self.offset_to_original(span.start as usize), self.offset_to_original(span.end as usize))
    }

    /// Maps the spans of an error to the original text.
    pub(super) fn error_to_original(&self, mut error: SyntaxError) -> SyntaxError {
        error.span = self.span_to_original(error.span);
        if let Some(related) = &mut error.related {
            *related = self.span_to_original(*related);
        }
        error
    }

    fn offset_to_original(&self, offset: usize) -> usize {
        let next = self.offsets.partition_point(|&(repaired, _)| repaired <= offset);
        let (repaired, original) = if next == 0 { (0, 0) } else { self.offsets[next - 1] };
        let mapped = original + (offset - repaired);
        match self.offsets.get(next) {
            // An offset inside inserted text must not pass the original text that follows the insertion.
            Some(&(_, next_original)) => mapped.min(next_original),
            None => mapped,
        }
    }

    /// Repairs the text and returns whether that changed any byte. If repairs overlap, only the first is made.
    pub(super) fn apply(&mut self, text: &mut String, repairs: &[Repair]) -> bool {
        let mut in_order: Vec<&Repair> = repairs.iter().collect();
        in_order.sort_by_key(|repair| repair.range().start);
        let mut new_text = String::with_capacity(text.len() + 16);
        let mut length_changes = Vec::new();
        let mut applied = Vec::new();
        let mut copied_until = 0;
        for repair in in_order {
            let range = snap(text, repair.range().start)..snap(text, repair.range().end);
            if range.start < copied_until {
                continue;
            }
            let old = &text[range.clone()];
            new_text.push_str(&text[copied_until..range.start]);
            let new_start = new_text.len();
            new_text.push_str(&repair.replacement(old));
            let new_span = Span::new(new_start, new_text.len());
            if new_text.len() - new_start != range.len() {
                length_changes.push(LengthChange { old: range.clone(), new_end: new_text.len() });
            }
            if repair.removes_text() {
                self.lost_anchors.extend(find_anchor_names(old));
                self.lost_entries |= contains_entry(old);
            }
            applied.push((repair, new_span));
            copied_until = range.end;
        }
        new_text.push_str(&text[copied_until..]);
        // First move the spans of earlier repairs: those of the new ones already refer to the changed text.
        self.shift_offsets(&length_changes);
        for (repair, span) in applied {
            self.record(repair, span);
        }
        let differs = *text != new_text;
        *text = new_text;
        differs
    }

    fn record(&mut self, repair: &Repair, span: Span) {
        match repair {
            Repair::Replace(..) => {}
            Repair::DoubtValue(_) => self.broken.push(span),
            Repair::BreakValue(_) | Repair::BlankOut(_) => {
                self.broken.push(span);
                self.replaced.push(span);
            }
            // The block of a reindented line is a guess, so a key that another block lacks may be the one on this line.
            Repair::BlankOutLines(_) | Repair::Reindent(..) => {
                self.lost_entries = true;
                self.replaced.push(span);
            }
        }
    }

    /// Updates all recorded offsets after changes that made the text longer or shorter.
    fn shift_offsets(&mut self, changes: &[LengthChange]) {
        if changes.is_empty() {
            return;
        }
        for span in self.broken.iter_mut().chain(&mut self.replaced) {
            *span = Span::new(shift_offset(span.start as usize, changes), shift_offset(span.end as usize, changes));
        }
        // The ends of the changes are mapped with the old offsets, so this comes before those are updated.
        let mut shifted = Vec::with_capacity(self.offsets.len() + changes.len());
        for change in changes {
            shifted.push((change.new_end, self.offset_to_original(change.old.end)));
        }
        for &(repaired, original) in &self.offsets {
            // Offsets inside replaced text no longer exist.
            let next = changes.partition_point(|change| change.old.end < repaired);
            if changes.get(next).is_none_or(|change| repaired <= change.old.start) {
                shifted.push((shift_offset(repaired, changes), original));
            }
        }
        shifted.sort_unstable();
        self.offsets = shifted;
    }
}

/// A change of length: the text of the range `old` was replaced and now ends at `new_end`.
struct LengthChange {
    old: Range<usize>,
    new_end: usize,
}

/// The offset in the changed text that corresponds to this one. The changes are in the order of the text.
fn shift_offset(offset: usize, changes: &[LengthChange]) -> usize {
    let next = changes.partition_point(|change| change.old.end <= offset);
    let shifted = match changes[..next].last() {
        Some(last) => last.new_end + (offset - last.old.end),
        None => offset,
    };
    match changes.get(next) {
        // Inside replaced text there is no exact counterpart: stay within the replacement.
        Some(change) if change.old.start < offset => shifted.min(change.new_end),
        _ => shifted,
    }
}

impl Repair {
    fn range(&self) -> Range<usize> {
        match self {
            Self::BreakValue(range)
            | Self::BlankOut(range)
            | Self::BlankOutLines(range)
            | Self::DoubtValue(range)
            | Self::Reindent(range, _)
            | Self::Replace(range, _) => range.clone(),
        }
    }

    /// The text that replaces `old`.
    fn replacement(&self, old: &str) -> String {
        match self {
            Self::BreakValue(_) => {
                // A placeholder of several lines could end a block, so only its first line has text.
                let first_line = old.find(['\n', '\r']).unwrap_or(old.len());
                "x".repeat(first_line) + &blank_out(&old[first_line..])
            }
            Self::BlankOut(_) => blank_out(old),
            Self::BlankOutLines(_) => {
                let mut line_breaks = String::with_capacity(old.len());
                for byte in old.bytes() {
                    line_breaks.push(if byte == b'\r' { '\r' } else { '\n' });
                }
                line_breaks
            }
            Self::DoubtValue(_) => old.to_owned(),
            Self::Reindent(_, columns) => " ".repeat(*columns),
            Self::Replace(_, new) => new.clone(),
        }
    }

    /// Whether the old text is gone.
    fn removes_text(&self) -> bool {
        matches!(self, Self::BreakValue(_) | Self::BlankOut(_) | Self::BlankOutLines(_))
    }
}

/// Replaces every byte with a space, except line breaks. The length in bytes does not change, so no offset moves.
fn blank_out(text: &str) -> String {
    let mut blanks = String::with_capacity(text.len());
    for byte in text.bytes() {
        blanks.push(if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' });
    }
    blanks
}

/// The names of what looks like anchors (`&name`). The text cannot be parsed, so this is a guess.
fn find_anchor_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for word in text.split_whitespace() {
        if let Some((_, name)) = word.split_once('&') {
            names.push(name.trim_end_matches([',', ']', '}']).to_owned());
        }
    }
    names
}

/// Whether a text contains, after its first word, what looks like a key with its colon. The first word is the key or the
/// start of the value that is removed anyway.
fn contains_entry(text: &str) -> bool {
    text.split_whitespace().skip(1).any(is_key_with_colon)
}

fn is_key_with_colon(word: &str) -> bool {
    match word.strip_suffix(':') {
        Some(key) => !key.is_empty() && key.bytes().all(is_key_byte),
        None => false,
    }
}

/// Whether a byte occurs in the keys of portals.
fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}
