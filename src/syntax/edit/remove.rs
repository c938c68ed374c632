//! An entry of an object or a list goes, with exactly its own comma, line and indentation. Comments stay: they are
//! somebody's words, and the next reader can tell better than we what they are about.

use crate::base::diagnostic::Edit;
use crate::base::source::Span;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::separator::{gap, may_hold_a_comment};
use crate::syntax::edit::{Editor, cut, in_brackets, is_blank, line_break};
use crate::syntax::{Node, Value};

impl<'d> Editor<'d> {
    /// Takes an entry out of its object, or an item out of its list.
    pub(crate) fn remove(&self, slot: &Cursor<'d>) -> Option<Vec<Edit>> {
        let holder = slot.parent()?;
        let own = slot.alias_span().or_else(|| slot.node().map(|node| node.span))?;
        let own = slot.key_span().map_or(own, |key| Span { start: key.start, end: key.end.max(own.end) });
        // A comment inside would go, too.
        if slot.is_container() && may_hold_a_comment(self.source.slice(own), self.source.format()) {
            return None;
        }
        let elements = self.elements(holder);
        let index = elements.iter().position(|element| *element == own)?;
        let edits = if in_brackets(self.text(), holder) {
            self.out_of_brackets(holder, &elements, index)?
        } else if elements.len() > 1 {
            self.out_of_lines(own, slot.key_span().is_none())?
        } else {
            return None;
        };
        self.sure(edits)
    }

    /// What is written in an object or list, keys included.
    pub(super) fn elements(&self, holder: &Node<'_>) -> Vec<Span> {
        let value = |id| self.document.node(id).span;
        match &holder.value {
            Value::Array(items) => self.document.items(*items).iter().map(|&item| value(item)).collect(),
            Value::Object(entries) => {
                let own = self.document.entries(*entries).iter().filter(|entry| !entry.merged);
                own.map(|entry| Span { end: value(entry.value).end.max(entry.key_span.end), ..entry.key_span })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn out_of_brackets(&self, holder: &Node<'_>, elements: &[Span], index: usize) -> Option<Vec<Edit>> {
        let (open, close) = (holder.span.range().start + 1, holder.span.range().end.checked_sub(1)?);
        let own = elements[index].range();
        let left = index.checked_sub(1).map_or(open, |left| elements[left].range().end);
        let right = elements.get(index + 1).map_or(close, |right| right.range().start);
        let before = gap(self.text(), left, own.start, self.source.format())?;
        let after = gap(self.text(), own.end, right, self.source.format())?;
        let comments = before.comments || after.comments;
        Some(match (before.comma, after.comma) {
            _ if elements.len() == 1 && !comments => vec![cut(open, close)],
            // What is last keeps the comma behind it, where there is one.
            (Some(comma), Some(_)) if !comments && index + 1 == elements.len() => vec![cut(comma, own.end)],
            (_, Some(comma)) => vec![self.cut_line(own.start, comma + 1)],
            (Some(comma), None) if !comments => vec![cut(comma, own.end)],
            (Some(comma), None) => vec![cut(comma, comma + 1), self.cut_line(own.start, own.end)],
            (None, None) => vec![self.cut_line(own.start, own.end)],
        })
    }

    /// Out of a YAML block: its lines.
    fn out_of_lines(&self, own: Span, is_item: bool) -> Option<Vec<Edit>> {
        let start = if is_item {
            let before = self.text()[..own.range().start].trim_end_matches([' ', '\t']);
            before.strip_suffix('-')?.len()
        } else {
            own.range().start
        };
        let indentation = self.indentation(start)?.len();
        let end = own.range().end;
        if self.ends_open(end) {
            return None;
        }
        let edit = self.cut_line(start, end);
        let below = &self.text()[edit.span.range().end..];
        // What follows must not become part of a text that stands above.
        let line = below.split(['\n', '\r']).next().unwrap_or_default();
        let is_deeper = line.len() - line.trim_start_matches(' ').len() > indentation;
        let above = self.text()[..edit.span.range().start].trim_end().len();
        let follows_a_block = self.blocks.iter().any(|(end, _)| end.abs_diff(above) <= 1);
        (!(follows_a_block && (is_deeper || self.ends_open(above)))).then(|| vec![edit])
    }

    /// Whether what ends here is a block scalar that keeps the blank lines below it.
    pub(super) fn ends_open(&self, end: usize) -> bool {
        self.blocks.iter().any(|(own, keeps)| *keeps && own.abs_diff(end) <= 1)
    }

    /// From `start` to `end`, and the whole line when nothing else is on it; else the blanks on one side.
    fn cut_line(&self, start: usize, end: usize) -> Edit {
        let text = self.text();
        let line = self.line_start(start);
        let alone = is_blank(&text[line..start]);
        let rest = end + text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len();
        let newline = line_break(&text[rest..]);
        let at_end = newline > 0 || rest == text.len();
        match (alone, at_end) {
            // The last line goes with the breaks before it: the file ends as it did.
            (true, true) if newline == 0 => {
                let above = text[..line].trim_end_matches([' ', '\t', '\n', '\r']).len();
                let kept = text[above..line].find(['\n', '\r']).map_or(line, |length| above + length);
                cut(kept.max(self.source.bom_len()), rest)
            }
            (true, true) => cut(line, rest + newline),
            (false, true) => cut(text[..start].trim_end_matches([' ', '\t']).len(), end),
            (_, false) => cut(start, rest),
        }
    }
}
