//! Covering what cannot be read, so that the rest can: the text keeps its length and every byte its place.

use std::ops::Range;

use super::lines;
use crate::source::Span;

/// One change to the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// A value that cannot be read becomes a placeholder; it is broken.
    Value(Range<usize>),
    /// Spaces; a value that touches or would stand here is broken.
    Blank(Range<usize>),
    /// Whole lines become line breaks (spaces would add to a text block above): whatever they held is lost.
    Lines(Range<usize>),
    /// Tabs become spaces; nothing is lost.
    Tabs(Range<usize>),
    /// A blank or bracket becomes this character.
    Put(usize, u8),
    /// Added after the end of the text.
    Append(String),
}

/// The places where the text was changed.
#[derive(Debug, Default)]
pub struct Holes {
    broken: Vec<Span>,
    /// Where further errors are only echoes.
    covered: Vec<Span>,
    lost: bool,
}

impl Holes {
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

    /// Whether lines were lost.
    pub fn lost(&self) -> bool {
        self.lost
    }

    /// Changes the text; `false` when that changed no byte.
    pub fn apply(&mut self, text: &mut Vec<u8>, repairs: &[Repair]) -> bool {
        let before = repairs.iter().map(|repair| text.get(repair.range()).map(<[u8]>::to_vec)).collect::<Vec<_>>();
        let length = text.len();
        for repair in repairs {
            match repair {
                Repair::Append(more) => text.extend_from_slice(more.as_bytes()),
                _ => self.change(text, repair),
            }
        }
        text.len() > length
            || repairs.iter().zip(before).any(|(repair, before)| text.get(repair.range()).map(<[u8]>::to_vec) != before)
    }

    fn change(&mut self, text: &mut [u8], repair: &Repair) {
        let range = repair.range();
        let span = Span::new(range.start, range.end);
        let Some(bytes) = text.get_mut(range.clone()) else { return };
        match repair {
            Repair::Put(_, byte) => return bytes.fill(*byte),
            Repair::Append(_) => return,
            Repair::Tabs(_) => bytes.iter_mut().filter(|byte| **byte == b'\t').for_each(|byte| *byte = b' '),
            Repair::Value(_) => {
                let line = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
                bytes[..line].fill(b'x');
                blank(&mut bytes[line..]);
                self.broken.push(span);
            }
            Repair::Blank(_) => {
                blank(bytes);
                self.broken.push(span);
            }
            Repair::Lines(_) => {
                bytes.iter_mut().filter(|byte| **byte != b'\r').for_each(|byte| *byte = b'\n');
                self.lost = true;
            }
        }
        self.covered.push(span);
    }
}

impl Repair {
    fn range(&self) -> Range<usize> {
        match self {
            Self::Value(range) | Self::Blank(range) | Self::Lines(range) | Self::Tabs(range) => range.clone(),
            Self::Put(at, _) => *at..at + 1,
            Self::Append(_) => 0..0,
        }
    }
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
}

/// The run of tab-indented lines around `at`: its first tab, and the changes. `None` when that line has none.
pub fn tab_run(text: &str, at: usize) -> Option<(Span, Vec<Repair>)> {
    let bytes = text.as_bytes();
    let tabs = |line: &lines::Line| memchr::memchr(b'\t', &bytes[line.start..line.text]).map(|tab| line.start + tab);
    let mut first = lines::line_at(text, at);
    tabs(&first)?;
    let mut line = first;
    while let Some(before) = lines::line_before(text, &first).filter(|line| tabs(line).is_some()) {
        first = before;
    }
    let start = tabs(&first)?;
    let end = start + bytes[start..first.text].iter().take_while(|byte| **byte == b'\t').count();
    let mut repairs = vec![Repair::Tabs(first.start..first.text)];
    line = if line.start == first.start { line } else { first };
    while line.next < text.len() && line.next > line.start {
        line = lines::line_at(text, line.next);
        if line.text < line.full_end && tabs(&line).is_none() {
            break;
        }
        repairs.push(Repair::Tabs(line.start..line.text));
    }
    Some((Span::new(start, end), repairs))
}
