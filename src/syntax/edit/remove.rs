//! Removes an entry of an object or an item of a list with its comma, line and indentation.
//!
//! Comments are kept, because it is not known whether a comment describes the removed entry.

use crate::base::diagnostic::Edit;
use crate::base::source::Span;
use crate::syntax::allow_comment::PREFIX;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::separator::{may_contain_comment, parse_separator};
use crate::syntax::edit::{BlockScalarEnd, Editor, delete, has_brackets, leading_blanks};
use crate::syntax::line_breaks::line_break_len;
use crate::syntax::{Entry, Node, Value};

impl<'d> Editor<'d> {
    /// Removes an entry from its object, or an item from its list.
    pub(crate) fn remove(&self, cursor: &Cursor<'d>) -> Option<Vec<Edit>> {
        let container = cursor.parent()?;
        let value_span = cursor.alias_span().or_else(|| cursor.node().map(|node| node.span))?;
        let element = cursor.key_span().map_or(value_span, |key| join_spans(key, value_span));
        // A comment inside the element would be removed with it. A scalar contains none.
        let commented = if cursor.is_container() { element } else { before_value(element, value_span) };
        if may_contain_comment(self.source.slice(commented), self.source.format()) {
            return None;
        }
        let (left, right) = self.neighbors(container, cursor.index())?;
        let edits = if has_brackets(self.text(), container) {
            self.remove_from_brackets(container, left, element, right)?
        } else if left.is_some() || right.is_some() {
            self.remove_from_block(element, cursor.key_span().is_none())?
        } else {
            // Without its only entry, a YAML block would become `null`.
            return None;
        };
        self.validate(edits)
    }

    /// The entries or items before and after the one at `index`. `None` if the one at `index` was added by a merge key, so that its
    /// text is elsewhere.
    fn neighbors(&self, container: &Node<'_>, index: usize) -> Option<(Option<Span>, Option<Span>)> {
        match &container.value {
            Value::Array(items) => {
                let items = self.document.items(*items);
                let item_span = |index: usize| items.get(index).map(|item| self.document.node(*item).span);
                Some((index.checked_sub(1).and_then(item_span), item_span(index + 1)))
            }
            Value::Object(entries) => {
                let entries = self.document.entries(*entries);
                let is_written = |entry: &&Entry<'_>| !entry.merged;
                entries.get(index).filter(is_written)?;
                let left = entries[..index].iter().rfind(is_written);
                let right = entries[index + 1..].iter().find(is_written);
                Some((left.map(|entry| self.entry_span(entry)), right.map(|entry| self.entry_span(entry))))
            }
            _ => None,
        }
    }

    /// The span of an entry with its key.
    pub(super) fn entry_span(&self, entry: &Entry<'_>) -> Span {
        join_spans(entry.key_span, self.document.node(entry.value).span)
    }

    fn remove_from_brackets(
        &self,
        container: &Node<'_>,
        left: Option<Span>,
        element: Span,
        right: Option<Span>,
    ) -> Option<Vec<Edit>> {
        let (open, close) = (container.span.range().start + 1, container.span.range().end.checked_sub(1)?);
        let element = element.range();
        let left_end = left.map_or(open, |left| left.range().end);
        let right_start = right.map_or(close, |right| right.range().start);
        let before = parse_separator(self.text(), left_end, element.start, self.source.format())?;
        let after = parse_separator(self.text(), element.end, right_start, self.source.format())?;
        let has_comment = before.has_comment || after.has_comment;
        Some(match (before.comma, after.comma) {
            // The only element: `{ "id": 1 }` becomes `{}`.
            _ if left.is_none() && right.is_none() && !has_comment => vec![delete(open, close)],
            // The last element, before a trailing comma: the new last element keeps the trailing comma.
            (Some(comma), Some(_)) if !has_comment && right.is_none() => vec![delete(comma, element.end)],
            // Delete the comma after the element, unless a comment between them would be deleted as well.
            (_, Some(comma)) => {
                if parse_separator(self.text(), element.end, comma, self.source.format())?.has_comment {
                    return None;
                }
                vec![self.delete_with_line(element.start, comma + 1)]
            }
            // The last element: delete the comma before it.
            (Some(comma), None) if !has_comment => vec![delete(comma, element.end)],
            // The same, but keep the comment between the comma and the element.
            (Some(comma), None) => vec![delete(comma, comma + 1), self.delete_with_line(element.start, element.end)],
            // The only element, next to a comment.
            (None, None) => vec![self.delete_with_line(element.start, element.end)],
        })
    }

    pub(super) fn remove_from_block(&self, element: Span, is_item: bool) -> Option<Vec<Edit>> {
        let start = if is_item {
            let before = self.text()[..element.range().start].trim_end_matches([' ', '\t']);
            before.strip_suffix('-')?.len()
        } else {
            element.range().start
        };
        let indentation = self.indentation(start)?.len();
        let end = element.range().end;
        if self.keeps_blank_lines_after(end) {
            return None;
        }
        // An allow comment that remains alone on its line would apply to the line below.
        let rest_of_line = self.text()[end..].split(['\n', '\r']).next().unwrap_or_default();
        if rest_of_line.contains(PREFIX) {
            return None;
        }
        let edit = self.delete_with_line(start, end);
        // The text below must not become part of a block scalar above: this happens to a comment that is indented more than
        // the removed entry, and to blank lines if the block scalar keeps them.
        let line = self.text()[edit.span.range().end..].split(['\n', '\r']).next().unwrap_or_default();
        let is_deeper = line.len() - line.trim_start_matches(' ').len() > indentation;
        match self.block_scalar_ending_at(edit.span.range().start) {
            Some(above) if is_deeper || above.keeps_blank_lines => None,
            _ => Some(vec![edit]),
        }
    }

    /// Whether a block scalar ends at `offset` and keeps the blank lines below it.
    pub(super) fn keeps_blank_lines_after(&self, offset: usize) -> bool {
        self.block_scalar_ending_at(offset).is_some_and(|block| block.keeps_blank_lines)
    }

    /// The block scalar that ends at `offset`, apart from white space.
    fn block_scalar_ending_at(&self, offset: usize) -> Option<&BlockScalarEnd> {
        let text_end = self.text()[..offset].trim_end().len();
        let index = self.block_scalar_ends.binary_search_by_key(&text_end, |block| block.text_end).ok()?;
        self.block_scalar_ends.get(index)
    }

    /// Deletes a range: with its whole line if nothing else is on it, otherwise with the blanks on one side.
    fn delete_with_line(&self, start: usize, end: usize) -> Edit {
        let text = self.text();
        let line_start = self.indentation(start).map(|indentation| start - indentation.len());
        let blanks_end = end + leading_blanks(&text[end..]).len();
        let newline = line_break_len(&text[blanks_end..]);
        let ends_line = newline > 0 || blanks_end == text.len();
        match (line_start, ends_line) {
            // The last line of a file without a final newline: delete the line break before it instead.
            (Some(line_start), true) if newline == 0 => {
                let above = text[..line_start].trim_end_matches([' ', '\t', '\n', '\r']).len();
                let above_end = text[above..line_start].find(['\n', '\r']).map_or(line_start, |length| above + length);
                delete(above_end.max(self.source.bom_len()), blanks_end)
            }
            (Some(line_start), true) => delete(line_start, blanks_end + newline),
            (None, true) => delete(text[..start].trim_end_matches([' ', '\t']).len(), end),
            (_, false) => delete(start, blanks_end),
        }
    }
}

/// The part of an entry before its value.
pub(super) fn before_value(entry: Span, value: Span) -> Span {
    Span { start: entry.start, end: value.start.max(entry.start) }
}

/// The span of an entry, from its key to the end of its value.
fn join_spans(key: Span, value: Span) -> Span {
    Span { start: key.start, end: key.end.max(value.end) }
}
