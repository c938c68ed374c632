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
    Value(Range<usize>),
    /// Replaces the range with spaces. A value that overlaps it, or that should be there, counts as broken.
    Blank(Range<usize>),
    /// Replaces whole lines with line breaks, because spaces would belong to a block scalar above. Their entries are lost.
    Lines(Range<usize>),
    /// Keeps the text, but counts its value as broken, because it is uncertain that a value was meant.
    Guess(Range<usize>),
    /// Replaces the indentation of a line with this many spaces, because the line belongs to another block.
    Indent(Range<usize>, usize),
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
        self.broken.iter().any(|broken| {
            let start = broken.start as usize;
            start >= at && text.as_bytes().get(at..start).is_some_and(|gap| gap.iter().all(|byte| *byte == b' '))
        })
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
    pub(super) fn error_to_original(&self, error: SyntaxError) -> SyntaxError {
        let related = error.related.map(|span| self.span_to_original(span));
        SyntaxError { span: self.span_to_original(error.span), related, ..error }
    }

    fn offset_to_original(&self, offset: usize) -> usize {
        let next = self.offsets.partition_point(|&(repaired, _)| repaired <= offset);
        let (repaired, original) = next.checked_sub(1).map_or((0, 0), |last| self.offsets[last]);
        // An offset inside inserted text must not pass the original text that follows the insertion.
        let limit = self.offsets.get(next).map_or(usize::MAX, |&(_, original)| original);
        (original + (offset - repaired)).min(limit)
    }

    /// Repairs the text and returns whether that changed any byte. If repairs overlap, only the first is made.
    pub(super) fn apply(&mut self, text: &mut String, repairs: &[Repair]) -> bool {
        let mut ordered: Vec<&Repair> = repairs.iter().collect();
        ordered.sort_by_key(|repair| repair.range().start);
        let mut changed = String::with_capacity(text.len() + 16);
        let mut length_changes = Vec::new();
        let mut made = Vec::new();
        let mut after = 0;
        for repair in ordered {
            let range = snap(text, repair.range().start)..snap(text, repair.range().end);
            if range.start < after {
                continue;
            }
            changed.push_str(&text[after..range.start]);
            let start = changed.len();
            let replacement = repair.replacement(&text[range.clone()]);
            if replacement.len() != range.len() {
                length_changes.push(LengthChange { old: range.clone(), end: start + replacement.len() });
            }
            changed.push_str(&replacement);
            made.push((repair, Span::new(start, changed.len())));
            if repair.removes_text() {
                self.lost_anchors.extend(anchor_names(&text[range.clone()]));
                self.lost_entries |= contains_entry(&text[range.clone()]);
            }
            after = range.end;
        }
        changed.push_str(&text[after..]);
        // First move the spans of earlier repairs: those of the new ones already refer to the changed text.
        self.shift_offsets(&length_changes);
        for (repair, span) in made {
            self.record(repair, span);
        }
        let differs = *text != changed;
        *text = changed;
        differs
    }

    fn record(&mut self, repair: &Repair, span: Span) {
        match repair {
            Repair::Replace(..) => {}
            Repair::Guess(_) => self.broken.push(span),
            Repair::Value(_) | Repair::Blank(_) => {
                self.broken.push(span);
                self.replaced.push(span);
            }
            Repair::Lines(_) => {
                self.lost_entries = true;
                self.replaced.push(span);
            }
            Repair::Indent(..) => {
                // The block of the line is a guess, so a key that another block lacks may be the one on this line.
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
        let shifted = |offset: usize| {
            let next = changes.partition_point(|change| change.old.end <= offset);
            let after_last = match next.checked_sub(1).map(|last| &changes[last]) {
                Some(last) => last.end + (offset - last.old.end),
                None => offset,
            };
            match changes.get(next) {
                // Inside replaced text there is no exact counterpart: stay within the replacement.
                Some(change) if change.old.start < offset => after_last.min(change.end),
                _ => after_last,
            }
        };
        for span in self.broken.iter_mut().chain(&mut self.replaced) {
            *span = Span::new(shifted(span.start as usize), shifted(span.end as usize));
        }
        let added: Vec<(usize, usize)> =
            changes.iter().map(|change| (change.end, self.offset_to_original(change.old.end))).collect();
        // Offsets inside replaced text no longer exist.
        self.offsets.retain(|&(repaired, _)| {
            let next = changes.partition_point(|change| change.old.end < repaired);
            changes.get(next).is_none_or(|change| repaired <= change.old.start)
        });
        for (repaired, _) in &mut self.offsets {
            *repaired = shifted(*repaired);
        }
        self.offsets.extend(added);
        self.offsets.sort_unstable();
    }
}

/// A change of length: the text of the range `old` was replaced and now ends at `end`.
struct LengthChange {
    old: Range<usize>,
    end: usize,
}

impl Repair {
    fn range(&self) -> Range<usize> {
        match self {
            Self::Value(range)
            | Self::Blank(range)
            | Self::Lines(range)
            | Self::Guess(range)
            | Self::Indent(range, _)
            | Self::Replace(range, _) => range.clone(),
        }
    }

    /// The text that replaces `old`.
    fn replacement(&self, old: &str) -> String {
        match self {
            Self::Value(_) => {
                let line = old.find(['\n', '\r']).unwrap_or(old.len());
                "x".repeat(line) + &blank_out(&old[line..])
            }
            Self::Blank(_) => blank_out(old),
            Self::Lines(_) => old.bytes().map(|byte| if byte == b'\r' { '\r' } else { '\n' }).collect(),
            Self::Guess(_) => old.to_owned(),
            Self::Indent(_, columns) => " ".repeat(*columns),
            Self::Replace(_, new) => new.clone(),
        }
    }

    /// Whether the old text is gone.
    fn removes_text(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Blank(_) | Self::Lines(_))
    }
}

/// Spaces for every byte but the line breaks.
fn blank_out(text: &str) -> String {
    text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }).collect()
}

/// The names of what looks like anchors. The text cannot be parsed, so this is a guess.
fn anchor_names(text: &str) -> impl Iterator<Item = String> {
    let names = text.split_whitespace().filter_map(|word| word.split_once('&'));
    names.map(|(_, name)| name.trim_end_matches([',', ']', '}']).to_owned())
}

/// Whether a text contains, after its first word, what looks like a key with its colon.
fn contains_entry(text: &str) -> bool {
    let is_key = |word: &str| {
        let key = word.strip_suffix(':').unwrap_or_default();
        !key.is_empty() && key.bytes().all(is_key_byte)
    };
    text.split_whitespace().skip(1).any(is_key)
}

/// Whether a byte occurs in the keys of portals.
fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}
