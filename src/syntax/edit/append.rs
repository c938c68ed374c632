//! Appends entries to an object, in the style of the entries that are there.

use std::ops::Range;

use crate::base::diagnostic::Edit;
use crate::base::source::{Format, Span};
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::separator::parse_separator;
use crate::syntax::edit::{Editor, delete, has_brackets, insert, leading_blanks, replace};
use crate::syntax::line_breaks::line_break_len;
use crate::syntax::{Node, Value};

/// A value to add to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NewValue<'v> {
    /// `true` or `false`.
    Bool(bool),
    /// The raw text of a value elsewhere in the file.
    Verbatim(&'v str),
    /// An object. Its keys must be plain words, because they are not escaped.
    Object(Vec<(&'v str, NewValue<'v>)>),
}

/// Entries to append to an object, in order.
pub(super) type NewEntries<'e> = &'e [(&'e str, NewValue<'e>)];

/// How new entries are arranged on lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// In a YAML block: without brackets, each entry on its own line.
    Block,
    /// In brackets, each entry on its own line.
    BracketsMultiline,
    /// In brackets, all entries on one line.
    BracketsOneLine,
}

/// The style of new entries.
pub(super) struct EntryStyle<'t> {
    layout: Layout,
    /// The quote around keys; empty in YAML.
    key_quote: &'static str,
    colon: &'t str,
    /// The separator of entries on the same line.
    comma: &'static str,
    newline: &'static str,
    indent_unit: &'t str,
}

impl EntryStyle<'_> {
    pub(super) fn format_entry(&self, key: &str, value: &NewValue<'_>, indent: &str) -> String {
        let quote = self.key_quote;
        // In a YAML block, the value of an object starts on the next line.
        let colon = if self.layout == Layout::Block && matches!(value, NewValue::Object(_)) { ":" } else { self.colon };
        format!("{quote}{key}{quote}{colon}{}", self.format_value(value, indent))
    }

    fn format_value(&self, value: &NewValue<'_>, indent: &str) -> String {
        let entries = match value {
            NewValue::Bool(value) => return value.to_string(),
            NewValue::Verbatim(text) => return reindent(text, indent),
            NewValue::Object(entries) => entries,
        };
        let newline = self.newline;
        let inner_indent = format!("{indent}{}", self.indent_unit);
        let content = self.format_entries(entries, &inner_indent);
        match self.layout {
            Layout::Block => format!("{newline}{inner_indent}{content}"),
            Layout::BracketsMultiline => format!("{{{newline}{inner_indent}{content}{newline}{indent}}}"),
            Layout::BracketsOneLine => format!("{{{content}}}"),
        }
    }

    /// Formats entries, with separators only between them.
    fn format_entries(&self, entries: NewEntries<'_>, indent: &str) -> String {
        let formatted: Vec<String> = entries.iter().map(|(key, value)| self.format_entry(key, value, indent)).collect();
        formatted.join(&self.separator(indent))
    }

    fn separator(&self, indent: &str) -> String {
        match self.layout {
            Layout::Block => format!("{}{indent}", self.newline),
            Layout::BracketsMultiline => format!(",{}{indent}", self.newline),
            Layout::BracketsOneLine => self.comma.to_owned(),
        }
    }
}

/// Changes the indentation of a value in brackets to that of its new place. The last line of the value, with the closing bracket,
/// shows the indentation of the old place.
fn reindent(text: &str, indent: &str) -> String {
    let old_indent = leading_blanks(text.rsplit('\n').next().unwrap_or_default());
    let mut lines = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        match line.strip_prefix(old_indent) {
            Some(rest) if index > 0 => lines.push(format!("{indent}{rest}")),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

impl<'d> Editor<'d> {
    /// Appends entries to an object that does not have their keys.
    pub(crate) fn append_entries(&self, object: &Cursor<'d>, entries: NewEntries<'_>) -> Option<Vec<Edit>> {
        let node = self.replaceable_node(object)?;
        let Value::Object(old_entries) = node.value else { return None };
        // The top-level object contains all anchors, but no merge key can refer to it.
        let is_root = object.parent().is_none();
        if !is_root && !self.is_outside_anchors(node.span) {
            return None;
        }
        let last = self.document.entries(old_entries).iter().rfind(|entry| !entry.merged);
        let edits = match last.map(|entry| self.entry_span(entry)) {
            None if has_brackets(self.text(), node) => self.fill_empty_object(object, node, entries)?,
            None => return None,
            Some(last) if has_brackets(self.text(), node) => self.append_in_brackets(node, last, entries)?,
            Some(last) => vec![self.append_to_block(last, entries)?],
        };
        self.validate(edits)
    }

    pub(super) fn entry_style(&self, layout: Layout) -> EntryStyle<'d> {
        let is_yaml = self.source.format() == Format::Yaml;
        // Minified JSON has no spaces after colons and commas.
        let is_one_line = layout == Layout::BracketsOneLine;
        let has_spaces = is_yaml || !is_one_line || self.source.style().has_json_spaces;
        EntryStyle {
            layout,
            key_quote: if is_yaml { "" } else { "\"" },
            colon: if has_spaces { ": " } else { ":" },
            comma: if has_spaces { ", " } else { "," },
            newline: self.source.style().newline,
            indent_unit: &self.source.style().indent_unit,
        }
    }

    /// Adds the first entries of an object that is written as `{}`.
    fn fill_empty_object(&self, cursor: &Cursor<'d>, node: &Node<'_>, entries: NewEntries<'_>) -> Option<Vec<Edit>> {
        // The brackets may contain a comment.
        let content = Span { start: node.span.start + 1, end: node.span.end - 1 };
        if !self.source.slice(content).trim().is_empty() {
            return None;
        }
        let new_value = NewValue::Object(entries.to_vec());
        if cursor.parent().is_some_and(|container| !has_brackets(self.text(), container)) {
            return self.replace_brackets_with_block(cursor.key_span()?, node.span.range(), &new_value);
        }
        // In YAML, each line of a value in brackets must be indented more than the block that contains it (YAML 1.2, section
        // 8.2.3). A closing bracket with the indentation of the line would violate this.
        let layout = if self.source.style().is_one_line || self.source.format() == Format::Yaml {
            Layout::BracketsOneLine
        } else {
            Layout::BracketsMultiline
        };
        let line = &self.text()[self.line_start(node.span.range().start)..];
        let text = self.entry_style(layout).format_value(&new_value, leading_blanks(line));
        Some(vec![replace(node.span, text)])
    }

    /// Replaces the empty brackets after a key of a YAML block, so that the entries form a block of their own. A key after a dash
    /// (`- a: {}`) has no indentation of its own, so there is no edit.
    fn replace_brackets_with_block(
        &self,
        key: Span,
        brackets: Range<usize>,
        new_value: &NewValue<'_>,
    ) -> Option<Vec<Edit>> {
        let indent = self.indentation(key.range().start)?;
        let text = self.entry_style(Layout::Block).format_value(new_value, indent);
        // The spaces before the brackets are replaced as well.
        let start = self.text()[..brackets.start].trim_end_matches([' ', '\t']).len();
        let end = brackets.end;
        let line_end = self.line_end(end);
        if self.text()[end..line_end].trim().is_empty() {
            return Some(vec![replace(Span::new(start, end), text)]);
        }
        // A comment stays next to the key.
        let after = parse_separator(self.text(), end, line_end, Format::Yaml)?;
        if !after.has_comment || after.comma.is_some() {
            return None;
        }
        Some(vec![delete(start, end), insert(line_end, text)])
    }

    fn append_in_brackets(&self, node: &Node<'_>, last: Span, entries: NewEntries<'_>) -> Option<Vec<Edit>> {
        let (end, close) = (last.range().end, node.span.range().end.checked_sub(1)?);
        let format = self.source.format();
        let after_last = parse_separator(self.text(), end, close, format)?;
        let line_end = self.line_end(end);
        let indent = match self.indentation(last.range().start) {
            Some(indent) if line_end < close => indent,
            // The last entry shares its line with another one or with the closing bracket.
            _ => {
                let style = self.entry_style(Layout::BracketsOneLine);
                let text = format!("{}{}", style.comma, style.format_entries(entries, ""));
                return Some(vec![insert(end, text)]);
            }
        };
        // Give up if a block comment continues on the next line: then the rest of this line is no complete separator.
        parse_separator(self.text(), end, line_end, format)?;
        let style = self.entry_style(Layout::BracketsMultiline);
        let mut lines = format!("{}{indent}{}", style.newline, style.format_entries(entries, indent));
        Some(match after_last.comma {
            // The object has a trailing comma, so the new last entry has one, too.
            Some(comma) if comma < line_end => {
                lines.push(',');
                vec![insert(line_end, lines)]
            }
            Some(_) => return None,
            None if line_end == end => vec![insert(end, format!(",{lines}"))],
            // The comma goes before a comment on the line, the new entries after it.
            None => vec![insert(end, ","), insert(line_end, lines)],
        })
    }

    fn append_to_block(&self, last: Span, entries: NewEntries<'_>) -> Option<Edit> {
        let indent = self.indentation(last.range().start)?;
        let end = last.range().end;
        let line_end = self.line_end(end);
        let after_last = parse_separator(self.text(), end, line_end, Format::Yaml)?;
        if after_last.comma.is_some() || self.keeps_blank_lines_after(end) {
            return None;
        }
        let style = self.entry_style(Layout::Block);
        let line_end = self.skip_deeper_comments(line_end, indent.len());
        Some(insert(line_end, format!("{}{indent}{}", style.newline, style.format_entries(entries, indent))))
    }

    /// Skips the comment lines after `line_end` that are indented more than `indent`: they belong to the entry above them.
    fn skip_deeper_comments(&self, line_end: usize, indent: usize) -> usize {
        let mut end = line_end;
        loop {
            let next = end + line_break_len(&self.text()[end..]);
            let line = &self.text()[next..self.line_end(next)];
            let spaces = line.len() - line.trim_start_matches(' ').len();
            if next == end || spaces <= indent || !line[spaces..].starts_with('#') {
                return end;
            }
            end = next + line.len();
        }
    }

    /// The end of the line that contains an offset, without its line break.
    fn line_end(&self, offset: usize) -> usize {
        let rest = &self.text().as_bytes()[offset..];
        memchr::memchr2(b'\n', b'\r', rest).map_or(self.text().len(), |length| offset + length)
    }
}
