//! New entries at the end of an object, written as the entries that are there.

use crate::base::diagnostic::Edit;
use crate::base::source::{Format, Span};
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::separator::gap;
use crate::syntax::edit::{Editor, in_brackets, insert, line_break, replace};
use crate::syntax::{Node, Value};

/// A value that is not in the file yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NewValue {
    /// `true` or `false`.
    Bool(bool),
    /// An object; its keys are plain words.
    Object(Vec<(&'static str, NewValue)>),
}

/// How new entries are written.
struct EntryStyle<'t> {
    /// YAML without brackets.
    block: bool,
    /// Each entry on a line of its own.
    lines: bool,
    /// Around keys.
    mark: &'static str,
    colon: &'t str,
    /// Between entries of one line.
    comma: &'static str,
    newline: &'static str,
    unit: &'t str,
}

impl EntryStyle<'_> {
    fn entry(&self, key: &str, value: &NewValue, indent: &str) -> String {
        let mark = self.mark;
        let colon = if self.block && matches!(value, NewValue::Object(_)) { ":" } else { self.colon };
        format!("{mark}{key}{mark}{colon}{}", self.value(value, indent))
    }

    fn value(&self, value: &NewValue, indent: &str) -> String {
        let entries = match value {
            NewValue::Bool(value) => return value.to_string(),
            NewValue::Object(entries) => entries,
        };
        let inner = format!("{indent}{}", self.unit);
        let inside = self.entries(entries, &inner);
        match (self.block, self.lines) {
            (true, _) => format!("{}{inner}{inside}", self.newline),
            (false, true) => format!("{{{newline}{inner}{inside}{newline}{indent}}}", newline = self.newline),
            (false, false) => format!("{{{inside}}}"),
        }
    }

    /// Entries one behind the other, without what stands before the first and after the last.
    fn entries(&self, entries: &[(&'static str, NewValue)], indent: &str) -> String {
        let written: Vec<String> = entries.iter().map(|(key, value)| self.entry(key, value, indent)).collect();
        written.join(&self.between(indent))
    }

    fn between(&self, indent: &str) -> String {
        match (self.block, self.lines) {
            (true, _) => format!("{}{indent}", self.newline),
            (false, true) => format!(",{}{indent}", self.newline),
            (false, false) => self.comma.to_owned(),
        }
    }
}

impl<'d> Editor<'d> {
    /// Adds entries behind the last of an object. The keys are not there yet.
    pub(crate) fn append(&self, object: &Cursor<'d>, entries: &[(&'static str, NewValue)]) -> Option<Vec<Edit>> {
        let node = self.own(object).filter(|node| matches!(node.value, Value::Object(_)))?;
        // The whole file holds all names; nothing brings it into anything.
        let is_root = object.parent().is_none();
        (is_root || self.is_unnamed(node.span)).then_some(())?;
        let edits = match self.elements(node).last() {
            None if in_brackets(self.text(), node) => vec![self.fill(object, node, entries)?],
            None => return None,
            Some(last) if in_brackets(self.text(), node) => self.behind_in_brackets(node, *last, entries)?,
            Some(last) => vec![self.below(*last, entries)?],
        };
        self.sure(edits)
    }

    fn form(&self, block: bool, lines: bool) -> EntryStyle<'d> {
        let is_yaml = self.source.format() == Format::Yaml;
        let airy = is_yaml || lines || self.text().contains(", \"") || self.text().contains("\": ");
        let colon = if airy { ": " } else { ":" };
        let comma = if airy { ", " } else { "," };
        let mark = if is_yaml { "" } else { "\"" };
        EntryStyle { block, lines, mark, colon, comma, newline: self.newline(), unit: self.unit() }
    }

    /// The first entries of an object: `{}` has become the wrong way to write it.
    fn fill(&self, slot: &Cursor<'d>, node: &Node<'_>, entries: &[(&'static str, NewValue)]) -> Option<Edit> {
        let inside = Span { start: node.span.start + 1, end: node.span.end - 1 };
        let is_empty = self.source.slice(inside).trim().is_empty();
        let start = node.span.range().start;
        let line = &self.text()[self.line_start(start)..start];
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let in_a_block = slot.parent().is_some_and(|holder| !in_brackets(self.text(), holder));
        let one_line = !self.text().trim_end().contains(['\n', '\r']);
        let fresh = NewValue::Object(entries.to_vec());
        is_empty.then_some(())?;
        if in_a_block {
            // The blank before the braces goes with them; a key that shares its line with a dash is left alone.
            let from = line.trim_end_matches([' ', '\t']).len() + self.line_start(start);
            let key = self.indentation(slot.key_span()?.range().start)?;
            return Some(replace(Span::new(from, node.span.range().end), self.form(true, true).value(&fresh, key)));
        }
        let lines = !one_line && self.source.format() != Format::Yaml;
        Some(replace(node.span, self.form(false, lines).value(&fresh, indent)))
    }

    fn behind_in_brackets(
        &self,
        node: &Node<'_>,
        last: Span,
        entries: &[(&'static str, NewValue)],
    ) -> Option<Vec<Edit>> {
        let (end, close) = (last.range().end, node.span.range().end.checked_sub(1)?);
        let format = self.source.format();
        let behind = gap(self.text(), end, close, format)?;
        let (line_end, indent) = (self.line_end(end), self.indentation(last.range().start));
        let Some(indent) = indent.filter(|_| line_end < close) else {
            let form = self.form(false, false);
            return Some(vec![insert(end, format!("{}{}", form.comma, form.entries(entries, "")))]);
        };
        // No line break that belongs to a comment.
        gap(self.text(), end, line_end, format)?;
        let form = self.form(false, true);
        let mut written = format!("{}{indent}{}", form.newline, form.entries(entries, indent));
        Some(match behind.comma {
            // Here the last entry has a comma, too.
            Some(comma) if comma < line_end => {
                written.push(',');
                vec![insert(line_end, written)]
            }
            Some(_) => return None,
            None if line_end == end => vec![insert(end, format!(",{written}"))],
            None => vec![insert(end, ","), insert(line_end, written)],
        })
    }

    /// Lines of a YAML block, below its last entry.
    fn below(&self, last: Span, entries: &[(&'static str, NewValue)]) -> Option<Edit> {
        let indent = self.indentation(last.range().start)?;
        let end = last.range().end;
        let line_end = self.line_end(end);
        let rest = gap(self.text(), end, line_end, Format::Yaml)?;
        if rest.comma.is_some() || self.ends_open(end) {
            return None;
        }
        let form = self.form(true, true);
        let line_end = self.behind_deeper_comments(line_end, indent.len());
        Some(insert(line_end, format!("{}{indent}{}", form.newline, form.entries(entries, indent))))
    }

    /// Comments that are indented deeper belong to what stands above them.
    fn behind_deeper_comments(&self, line_end: usize, indent: usize) -> usize {
        let mut end = line_end;
        loop {
            let next = end + line_break(&self.text()[end..]);
            let line = &self.text()[next..self.line_end(next)];
            let blanks = line.len() - line.trim_start_matches(' ').len();
            if next == end || blanks <= indent || !line[blanks..].starts_with('#') {
                return end;
            }
            end = next + line.len();
        }
    }

    /// Where the line of a byte ends, its break excluded.
    fn line_end(&self, at: usize) -> usize {
        memchr::memchr2(b'\n', b'\r', &self.text().as_bytes()[at..]).map_or(self.text().len(), |length| at + length)
    }
}
