//! Other values in the place of the ones that are there, in the style that is there.

use std::ops::Range;

use crate::base::diagnostic::Edit;
use crate::base::source::Span;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::quoting::is_plain;
use crate::syntax::edit::separator::may_hold_a_comment;
use crate::syntax::edit::{Editor, cut, in_brackets, insert, replace};
use crate::syntax::{Node, Style, Value, located};

impl<'d> Editor<'d> {
    /// `true` or `false` in place of a scalar.
    pub(crate) fn set_bool(&self, slot: &Cursor<'d>, value: bool) -> Option<Vec<Edit>> {
        let node = self.scalar(slot)?;
        self.sure(vec![replace(node.span, value.to_string())])
    }

    /// Other text in place of a text, in the quotes it has.
    pub(crate) fn set_text(&self, slot: &Cursor<'d>, text: &str) -> Option<Vec<Edit>> {
        let node = self.scalar(slot)?;
        self.sure(vec![replace(node.span, self.written(text, node.style)?)])
    }

    /// Quotes around a YAML value that has none. Two insertions: the value itself, a secret maybe, is in no edit.
    pub(crate) fn put_in_quotes(&self, slot: &Cursor<'d>) -> Option<Vec<Edit>> {
        let node = self.scalar(slot).filter(|node| node.style == Style::Plain)?;
        if self.source.slice(node.span).contains(['"', '\'', '\\']) {
            return None;
        }
        let (mark, range) = (self.quote_mark(), node.span.range());
        self.sure(vec![insert(range.start, mark), insert(range.end, mark)])
    }

    /// Of an object nothing but the value of one of its keys, as that is written.
    pub(crate) fn keep_only(&self, slot: &Cursor<'d>, inner: &Cursor<'d>) -> Option<Vec<Edit>> {
        let (object, kept) = (self.own(slot)?, self.scalar(inner)?);
        let (outer, inner) = (object.span.range(), kept.span.range());
        let before = self.text().get(outer.start..inner.start)?;
        let after = self.text().get(inner.end..outer.end)?;
        if [before, after].into_iter().any(|part| may_hold_a_comment(part, self.source.format())) {
            return None;
        }
        if in_brackets(self.text(), object) {
            return self.sure(vec![cut(outer.start, inner.start), cut(inner.end, outer.end)]);
        }
        // In lines below its key the object ends with a line of its own; what is kept moves up to the key.
        let held = &self.text()[..outer.start];
        let key_line = held.trim_end_matches([' ', '\t', '\n', '\r']);
        let moves = key_line.ends_with(':') && held[key_line.len()..].contains(['\n', '\r']);
        let first = if moves { replace_range(key_line.len()..inner.start, " ") } else { cut(outer.start, inner.start) };
        let is_item = key_line.ends_with('-');
        (moves || is_item).then_some(())?;
        self.sure(vec![first, cut(inner.end, outer.end)])
    }

    /// Other text in place of a part of a text; `part` in bytes of the decoded text.
    pub(crate) fn replace_part(&self, slot: &Cursor<'d>, part: Range<usize>, text: &str) -> Option<Vec<Edit>> {
        let span = located::locate(self.text(), slot.node()?, part.clone());
        self.replace_located(slot, part, span, text)
    }

    /// The same, when it is known already which bytes of the file the part is made of.
    pub(crate) fn replace_located(
        &self,
        slot: &Cursor<'d>,
        part: Range<usize>,
        span: Span,
        text: &str,
    ) -> Option<Vec<Edit>> {
        let node = slot.node().filter(|_| slot.alias_span().is_none())?;
        let Value::String(whole) = &node.value else { return None };
        let is_whole = part.start == 0 && part.end == whole.len();
        // A line break that goes alone would leave the next line's indentation in the text.
        let splits_a_line = self.source.slice(span).ends_with(['\n', '\r']);
        if splits_a_line || (span == node.span && !(is_whole && node.style == Style::Plain)) {
            return None;
        }
        let written = match node.style {
            Style::Json | Style::Double => {
                let quoted = serde_json::Value::from(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            _ if text.chars().any(char::is_control) => return None,
            Style::Single => text.replace('\'', "''"),
            Style::Literal | Style::Folded => text.to_owned(),
            Style::Plain if stays_plain(whole, &part, text) => text.to_owned(),
            // Without quotes it would be something else than text.
            Style::Plain => {
                let mut changed = whole.to_string();
                changed.replace_range(part, text);
                return self.set_text(slot, &changed);
            }
        };
        self.sure(vec![replace(span, written)])
    }

    /// A scalar on one line that is written where it is used.
    fn scalar(&self, slot: &Cursor<'d>) -> Option<&'d Node<'d>> {
        let is_scalar = |node: &&Node<'_>| {
            matches!(node.value, Value::String(_) | Value::Number(_) | Value::Bool(_))
                && !matches!(node.style, Style::Literal | Style::Folded)
                && !self.source.slice(node.span).contains(['\n', '\r'])
        };
        self.own(slot).filter(is_scalar)
    }
}

fn replace_range(range: Range<usize>, text: &str) -> Edit {
    replace(Span::new(range.start, range.end), text)
}

/// Whether text without quotes stays text when a part of it is replaced. Brackets and commas are text where they are
/// text already (in YAML's block style), and never at the start.
fn stays_plain(whole: &str, part: &Range<usize>, text: &str) -> bool {
    // The whole text may be long and is asked for each of its parts: it is looked through only where that is needed.
    let parts = [&whole[..part.start], text, &whole[part.end..]];
    let [before, _, after] = parts;
    let words = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ');
    let are_brackets_text = || whole.contains(['{', '}', '[', ']', ',']);
    let fits = text.chars().all(|c| words(c) || (matches!(c, '{' | '}') && are_brackets_text()));
    let first = parts.iter().find_map(|part| part.chars().next());
    let last = parts.iter().rev().find_map(|part| part.chars().next_back());
    let starts_well = first.is_some_and(|c| c.is_alphanumeric() || c == '<' || c == '$');
    let ends_well = !last.is_some_and(|c| matches!(c, ' ' | '\t' | ':'));
    // Signs that mean something only beside a blank.
    let next = [text, after].iter().find_map(|part| part.chars().next());
    let previous = [text, before].iter().find_map(|part| part.chars().next_back());
    let makes_a_key = before.ends_with(':') && next == Some(' ');
    let makes_a_comment = previous == Some(' ') && after.starts_with('#');
    let is_text = || parts.iter().any(|part| part.contains([' ', '<', '@'])) || is_plain(&parts.concat());
    fits && starts_well && ends_well && !makes_a_key && !makes_a_comment && is_text()
}
