//! Changing what cannot be read, so that the rest can: what was lost is remembered, so that nothing is said about it,
//! and so is every place that moved, so that the tree of the repaired text can be brought home to the real one.

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::SyntaxError;
use crate::syntax::yaml::span_fixups::snap;

/// One change to the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// A value that cannot be read becomes a placeholder; it is broken.
    Value(Range<usize>),
    /// Spaces; a value that touches or would stand here is broken.
    Blank(Range<usize>),
    /// Whole lines become line breaks (spaces would add to a text block above): whatever they held is lost.
    Lines(Range<usize>),
    /// A value that is read, but is not known to be meant as one: it is broken, the text stays.
    Guess(Range<usize>),
    /// The blanks before the text of a line become so many spaces: the line belongs to another block.
    Indent(Range<usize>, usize),
    /// Something else stands here; nothing is lost.
    Write(Range<usize>, String),
}

/// The places where the text was changed, as bytes of the changed text.
#[derive(Debug, Default)]
pub struct Patches {
    broken: Vec<Span>,
    /// Where further errors are only echoes.
    covered: Vec<Span>,
    /// Whether entries were covered or moved.
    lost: bool,
    /// Names of anchors that were covered.
    anchors: Vec<String>,
    /// Where bytes of the changed text stand in the real one; in order, what lies between moves along.
    moved: Vec<(usize, usize)>,
}

impl Patches {
    /// Whether a place shares a byte with something broken.
    pub fn touch(&self, place: Span) -> bool {
        self.broken.iter().any(|hole| hole.overlaps(place) && hole.start < hole.end)
    }

    /// Whether only blanks stand between `at` and something broken.
    pub fn follow(&self, text: &str, at: usize) -> bool {
        self.broken.iter().any(|hole| {
            let start = hole.start as usize;
            start >= at && text.as_bytes().get(at..start).is_some_and(|gap| gap.iter().all(|byte| *byte == b' '))
        })
    }

    /// Whether an error here only says that something nearby was covered.
    pub fn echo(&self, place: Span) -> bool {
        self.covered.iter().any(|hole| hole.start <= place.end && place.start <= hole.end)
    }

    /// Whether entries were lost, so that they are not known to be missing.
    pub fn lost(&self) -> bool {
        self.lost
    }

    /// Whether the anchor of this name was lost.
    pub fn hold_anchor(&self, name: &str) -> bool {
        self.anchors.iter().any(|anchor| anchor == name)
    }

    /// The place in the real text.
    pub fn home(&self, place: Span) -> Span {
        Span::new(self.original(place.start as usize), self.original(place.end as usize))
    }

    /// The error at its place in the real text.
    pub fn error_to_original(&self, error: SyntaxError) -> SyntaxError {
        SyntaxError { span: self.home(error.span), related: error.related.map(|span| self.home(span)), ..error }
    }

    fn original(&self, at: usize) -> usize {
        let next = self.moved.partition_point(|&(here, _)| here <= at);
        let (here, there) = next.checked_sub(1).map_or((0, 0), |last| self.moved[last]);
        let limit = self.moved.get(next).map_or(usize::MAX, |&(_, there)| there);
        (there + (at - here)).min(limit)
    }

    /// Changes the text; `false` when that changed no byte. Of repairs that overlap, the first counts.
    pub fn apply(&mut self, text: &mut String, repairs: &[Repair]) -> bool {
        let mut ordered: Vec<&Repair> = repairs.iter().collect();
        ordered.sort_by_key(|repair| repair.range().start);
        let mut changed = String::with_capacity(text.len() + 16);
        let mut edits = Vec::new();
        let mut holes = Vec::new();
        let mut after = 0;
        for repair in ordered {
            let range = snap(text, repair.range().start)..snap(text, repair.range().end);
            if range.start < after {
                continue;
            }
            changed.push_str(&text[after..range.start]);
            let start = changed.len();
            let written = repair.written(&text[range.clone()]);
            if written.len() != range.len() {
                edits.push(Edit { old: range.clone(), end: start + written.len() });
            }
            changed.push_str(&written);
            holes.push((repair, Span::new(start, changed.len())));
            if repair.covers() {
                self.anchors.extend(anchors(&text[range.clone()]));
                self.lost |= holds_entry(&text[range.clone()]);
            }
            after = range.end;
        }
        changed.push_str(&text[after..]);
        self.shift(&edits);
        for (repair, place) in holes {
            self.note(repair, place);
        }
        let differs = *text != changed;
        *text = changed;
        differs
    }

    fn note(&mut self, repair: &Repair, place: Span) {
        match repair {
            Repair::Write(..) => {}
            Repair::Guess(_) => self.broken.push(place),
            Repair::Value(_) | Repair::Blank(_) => {
                self.broken.push(place);
                self.covered.push(place);
            }
            Repair::Lines(_) => {
                self.lost = true;
                self.covered.push(place);
            }
            Repair::Indent(..) => {
                // Where the line belongs is a guess, so what is missing there is not known to be.
                self.lost = true;
                self.covered.push(place);
            }
        }
    }

    /// Brings the places along when the text grows or shrinks.
    fn shift(&mut self, edits: &[Edit]) {
        if edits.is_empty() {
            return;
        }
        let new = |at: usize| {
            let next = edits.partition_point(|edit| edit.old.end <= at);
            let moved = next.checked_sub(1).map_or(at, |last| edits[last].end + (at - edits[last].old.end));
            edits.get(next).filter(|edit| edit.old.start < at).map_or(moved, |edit| moved.min(edit.end))
        };
        for hole in self.broken.iter_mut().chain(&mut self.covered) {
            *hole = Span::new(new(hole.start as usize), new(hole.end as usize));
        }
        let added = edits.iter().map(|edit| (edit.end, self.original(edit.old.end))).collect::<Vec<_>>();
        self.moved.retain(|&(here, _)| {
            let next = edits.partition_point(|edit| edit.old.end < here);
            edits.get(next).is_none_or(|edit| here <= edit.old.start)
        });
        self.moved.iter_mut().for_each(|(here, _)| *here = new(*here));
        self.moved.extend(added);
        self.moved.sort_unstable();
    }
}

/// A change of length: what stood in `old` now ends at `end`.
struct Edit {
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
            | Self::Write(range, _) => range.clone(),
        }
    }

    /// What stands in place of `old`.
    fn written(&self, old: &str) -> String {
        match self {
            Self::Value(_) => {
                let line = old.find(['\n', '\r']).unwrap_or(old.len());
                "x".repeat(line) + &blank(&old[line..])
            }
            Self::Blank(_) => blank(old),
            Self::Lines(_) => old.bytes().map(|byte| if byte == b'\r' { '\r' } else { '\n' }).collect(),
            Self::Guess(_) => old.to_owned(),
            Self::Indent(_, columns) => " ".repeat(*columns),
            Self::Write(_, new) => new.clone(),
        }
    }

    /// Whether what stood here is gone.
    fn covers(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Blank(_) | Self::Lines(_))
    }
}

/// Spaces for every byte but the line breaks.
fn blank(text: &str) -> String {
    text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }).collect()
}

/// The names that look like anchors.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let names = text.split_whitespace().filter_map(|word| word.split_once('&'));
    names.map(|(_, name)| name.trim_end_matches([',', ']', '}']).to_owned())
}

/// Whether what looks like a key with its colon stands behind other text.
fn holds_entry(text: &str) -> bool {
    let key = |word: &str| word.strip_suffix(':').is_some_and(|key| !key.is_empty() && key.bytes().all(is_key));
    text.split_whitespace().skip(1).any(key)
}

/// A character of the keys that portals have.
fn is_key(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}
