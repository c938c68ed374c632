//! Replaces values and parts of strings, in the style of the old value.

use std::borrow::Cow;
use std::ops::Range;

use crate::base::diagnostic::Edit;
use crate::base::source::Span;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::quoting::{escape_part, is_safe_plain};
use crate::syntax::edit::separator::may_contain_comment;
use crate::syntax::edit::{Editor, delete, has_brackets, insert, replace};
use crate::syntax::{Node, Style, Value, located};

impl<'d> Editor<'d> {
    /// Replaces a scalar with `true` or `false`.
    pub(crate) fn set_bool(&self, cursor: &Cursor<'d>, value: bool) -> Option<Vec<Edit>> {
        let node = self.one_line_scalar(cursor)?;
        self.validate(vec![replace(node.span, value.to_string())])
    }

    /// Replaces a scalar with a text, in the same quotes.
    pub(crate) fn set_text(&self, cursor: &Cursor<'d>, text: &str) -> Option<Vec<Edit>> {
        let node = self.one_line_scalar(cursor)?;
        self.validate(vec![replace(node.span, self.quote_for_style(text, node.style)?)])
    }

    /// Puts a YAML value without quotes in quotes. The result is two insertions, so that the value, which may be a secret, is
    /// in no edit.
    pub(crate) fn add_quotes(&self, cursor: &Cursor<'d>) -> Option<Vec<Edit>> {
        let node = self.one_line_scalar(cursor)?;
        // These characters would need an escape in one kind of quotes or the other.
        if node.style != Style::Plain || self.source.slice(node.span).contains(['"', '\'', '\\']) {
            return None;
        }
        let (quote, range) = (self.default_quote(), node.span.range());
        self.validate(vec![insert(range.start, quote), insert(range.end, quote)])
    }

    /// Replaces an object with the value of one of its keys, which keeps its quotes: `{"id": "x", "name": "n"}` becomes `"x"`.
    pub(crate) fn replace_with_field(&self, object: &Cursor<'d>, field: &Cursor<'d>) -> Option<Vec<Edit>> {
        let object = self.replaceable_node(object)?;
        let (outer, inner) = (object.span.range(), self.one_line_scalar(field)?.span.range());
        for removed in [outer.start..inner.start, inner.end..outer.end] {
            if may_contain_comment(self.text().get(removed)?, self.source.format()) {
                return None;
            }
        }
        let delete_after = delete(inner.end, outer.end);
        if has_brackets(self.text(), object) {
            return self.validate(vec![delete(outer.start, inner.start), delete_after]);
        }
        // A YAML block starts on the line below its key. Its new value moves up to the key.
        let before = &self.text()[..outer.start];
        let key_line = before.trim_end_matches([' ', '\t', '\n', '\r']);
        if key_line.ends_with(':') && before[key_line.len()..].contains(['\n', '\r']) {
            let delete_before = replace(Span::new(key_line.len(), inner.start), " ");
            return self.validate(vec![delete_before, delete_after]);
        }
        // An item of a list starts after its dash, where the new value can stay.
        if key_line.ends_with('-') {
            return self.validate(vec![delete(outer.start, inner.start), delete_after]);
        }
        None
    }

    /// Replaces a part of a string. `part` is a range of bytes of the decoded string.
    pub(crate) fn replace_part(&self, cursor: &Cursor<'d>, part: Range<usize>, text: &str) -> Option<Vec<Edit>> {
        let located = located::locate(self.text(), cursor.node()?, part.clone());
        self.replace_located_part(cursor, part, located, text)
    }

    /// Like [`Editor::replace_part`], if [`locate`](located::locate) was already called for the part.
    pub(crate) fn replace_located_part(
        &self,
        cursor: &Cursor<'d>,
        part: Range<usize>,
        located: Option<Span>,
        text: &str,
    ) -> Option<Vec<Edit>> {
        if cursor.alias_span().is_some() {
            return None;
        }
        let node = cursor.node()?;
        let Value::String(whole) = &node.value else { return None };
        let is_whole = part.start == 0 && part.end == whole.len();
        let span = match located {
            Some(span) => span,
            // A value without quotes has the same span as its text.
            None if is_whole && node.style == Style::Plain => node.span,
            None => return None,
        };
        // Removing a line break alone would leave the indentation of the next line in the text.
        if self.source.slice(span).ends_with(['\n', '\r']) {
            return None;
        }
        let raw_text = match node.style {
            Style::Plain if text.chars().any(char::is_control) => return None,
            Style::Plain if stays_plain(whole, &part, text) => Cow::Borrowed(text),
            // Without quotes, the changed text would be parsed as something else, so write the whole text with quotes.
            Style::Plain => {
                let mut changed = whole.to_string();
                changed.replace_range(part, text);
                return self.set_text(cursor, &changed);
            }
            style => escape_part(style, text)?,
        };
        self.validate(vec![replace(span, raw_text)])
    }

    /// The node of a scalar on one line that can be replaced.
    fn one_line_scalar(&self, cursor: &Cursor<'d>) -> Option<&'d Node<'d>> {
        let node = self.replaceable_node(cursor)?;
        let is_scalar = matches!(node.value, Value::String(_) | Value::Number(_) | Value::Bool(_));
        let is_block = matches!(node.style, Style::Literal | Style::Folded);
        let has_line_break = self.source.slice(node.span).contains(['\n', '\r']);
        (is_scalar && !is_block && !has_line_break).then_some(node)
    }
}

/// Whether a plain YAML scalar still needs no quotes after a part of it is replaced with `text`.
fn stays_plain(whole: &str, part: &Range<usize>, text: &str) -> bool {
    let [before, after] = [&whole[..part.start], &whole[part.end..]];
    let parts = [before, text, after];
    for character in text.chars() {
        let is_safe = match character {
            '_' | '.' | ' ' => true,
            // Braces are text if the old text has brackets or commas, because then it is not inside of a flow collection
            // (YAML 1.2, section 7.3.3). `whole` may be long and have many findings: search it only if `text` has a brace.
            '{' | '}' => whole.contains(['{', '}', '[', ']', ',']),
            _ => character.is_alphanumeric(),
        };
        if !is_safe {
            return false;
        }
    }
    // Indicators such as `-`, `[` and `#` have a meaning at the start, and a colon or blank at the end.
    let first = parts.iter().find_map(|part| part.chars().next());
    let last = parts.iter().rev().find_map(|part| part.chars().next_back());
    let starts_as_text = first.is_some_and(|first| first.is_alphanumeric() || matches!(first, '<' | '$'));
    if !starts_as_text || matches!(last, Some(' ' | '\t' | ':')) {
        return false;
    }
    // `: ` starts a value, and ` #` starts a comment. Neither may result where the parts meet.
    let after_first_part = [text, after].iter().find_map(|part| part.chars().next());
    let before_last_part = [text, before].iter().find_map(|part| part.chars().next_back());
    let has_new_value = before.ends_with(':') && after_first_part == Some(' ');
    let has_new_comment = before_last_part == Some(' ') && after.starts_with('#');
    if has_new_value || has_new_comment {
        return false;
    }
    // A text with one of these characters cannot be a number, a boolean or null.
    parts.iter().any(|part| part.contains([' ', '<', '@'])) || is_safe_plain(&parts.concat())
}
