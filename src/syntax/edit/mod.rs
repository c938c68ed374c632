//! Computes text edits that change one value, key or entry of a file and keep everything else: comments, order, indentation, quotes
//! and line endings.
//!
//! The methods of [`Editor`] return `None` if an edit might change more than intended: a value that a YAML anchor shares with
//! other places, a value with a tag, an entry with a comment inside. The caller applies the edits and checks the result.

mod append;
mod move_entries;
mod quoting;
mod remove;
mod replace;
mod separator;
#[cfg(test)]
mod tests;

use crate::base::diagnostic::Edit;
use crate::base::source::{Format, Source, Span};
use crate::base::steps::count_steps;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Document, Node, NodeId, Style, Value};
pub(crate) use append::NewValue;
pub(crate) use move_entries::MoveTarget;
pub(super) use quoting::escape_part;

/// Computes edits for one document of a file.
#[derive(Clone, Debug)]
pub(crate) struct Editor<'d> {
    source: &'d Source,
    document: &'d Document<'d>,
    /// Values and keys that occur in more than one place of the tree, so that an edit would change all of these places.
    shared_spans: Vec<Span>,
    /// Values with an anchor that is used. A key added or renamed in one may appear in another mapping, too.
    anchored_spans: Vec<Span>,
    block_scalar_ends: Vec<BlockScalarEnd>,
    /// The quotes for new YAML strings: those that the strings of the document have, `"` if both kinds occur, or `None` if no
    /// string has quotes.
    preferred_quote: Option<char>,
}

/// The end of a YAML block scalar (`|` or `>`).
#[derive(Clone, Copy, Debug)]
struct BlockScalarEnd {
    /// The end of its text, without white space at the end.
    text_end: usize,
    /// Whether the blank lines below it belong to the text (header `|+` or `>+`).
    keeps_blank_lines: bool,
}

impl<'d> Editor<'d> {
    /// Creates an editor. `document` is one of the documents of `source`.
    pub(crate) fn new(source: &'d Source, document: &'d Document<'d>) -> Self {
        let mut editor = Self {
            source,
            document,
            shared_spans: Vec::new(),
            anchored_spans: Vec::new(),
            block_scalar_ends: Vec::new(),
            preferred_quote: None,
        };
        if source.format() == Format::Yaml {
            for node in document.nodes() {
                editor.record_style(node);
                editor.record_sharing(node);
            }
            merge_spans(&mut editor.shared_spans);
            merge_spans(&mut editor.anchored_spans);
        }
        editor
    }

    fn record_style(&mut self, node: &Node<'_>) {
        match node.style {
            Style::Single | Style::Double => {
                let quote = if node.style == Style::Single { '\'' } else { '"' };
                let is_only_kind = self.preferred_quote.is_none_or(|common| common == quote);
                self.preferred_quote = Some(if is_only_kind { quote } else { '"' });
            }
            Style::Literal | Style::Folded => {
                let header = self.source.slice(node.span).split(['\n', '\r']).next().unwrap_or_default();
                let text_end = self.source.text()[..node.span.range().end].trim_end().len();
                self.block_scalar_ends.push(BlockScalarEnd { text_end, keeps_blank_lines: header.contains('+') });
            }
            Style::Json | Style::Plain | Style::Variable => {}
        }
    }

    /// Records what the node shares with other places. A value behind an alias is shared as a whole. A merge key (`<<: *x`)
    /// shares only the entries that the merging mapping does not override.
    fn record_sharing(&mut self, node: &Node<'_>) {
        match &node.value {
            // The alias of a merge key is a node, but not the value of an entry.
            Value::Alias(target) => self.anchored_spans.push(self.document.node(*target).span),
            Value::Array(items) => {
                for item in self.document.items(*items) {
                    self.shared_spans.extend(self.alias_target(*item));
                }
            }
            Value::Object(entries) => {
                for entry in self.document.entries(*entries) {
                    self.shared_spans.extend(self.alias_target(entry.value));
                    if entry.merged {
                        self.shared_spans.extend([entry.key_span, self.document.node(entry.value).span]);
                    }
                }
            }
            _ => {}
        }
    }

    fn alias_target(&self, id: NodeId) -> Option<Span> {
        match self.document.node(id).value {
            Value::Alias(target) => Some(self.document.node(target).span),
            _ => None,
        }
    }

    /// Whether a key may be added or renamed in this span.
    fn is_outside_anchors(&self, span: Span) -> bool {
        !changes_any(span, &self.anchored_spans)
    }

    /// Renames the key of a value. `key` must be a plain word that the object does not have.
    pub(crate) fn rename_key(&self, cursor: &Cursor<'d>, key: &str) -> Option<Vec<Edit>> {
        let span = cursor.key_span()?;
        let raw = self.source.slice(span);
        // Keep the quotes of the old key.
        let name_span = match raw.as_bytes() {
            [b'"', .., b'"'] | [b'\'', .., b'\''] => Span { start: span.start + 1, end: span.end - 1 },
            _ => span,
        };
        let is_word = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_word || !self.is_outside_anchors(span) || raw.contains(['\n', '\r']) {
            return None;
        }
        self.validate(vec![replace(name_span, key)])
    }

    /// Sorts the edits; `None` if two of them overlap, if one is outside of the text, or if one changes something shared.
    fn validate(&self, mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
        edits.sort_by_key(|edit| edit.span);
        for pair in edits.windows(2) {
            if pair[0].span.end > pair[1].span.start {
                return None;
            }
        }
        for edit in &edits {
            self.source.text().get(edit.span.range())?;
            if changes_any(edit.span, &self.shared_spans) {
                return None;
            }
        }
        Some(edits)
    }

    /// The node of a value that can be replaced; `None` if it is an alias, or if it has a tag or an anchor, which would then
    /// apply to the new value.
    fn replaceable_node(&self, cursor: &Cursor<'d>) -> Option<&'d Node<'d>> {
        if cursor.alias_span().is_some() {
            return None;
        }
        let node = cursor.node()?;
        if self.source.format() != Format::Yaml {
            return Some(node);
        }
        let before = self.text()[..node.span.range().start].trim_end();
        let word = before.rsplit([' ', '\t', '\n', '\r', ',', '[', '{']).next().unwrap_or_default();
        count_steps(word.len());
        (!word.starts_with(['&', '!'])).then_some(node)
    }

    fn text(&self) -> &'d str {
        self.source.text()
    }

    /// The start of the line that contains an offset. The first line starts after the byte order mark.
    fn line_start(&self, offset: usize) -> usize {
        let before = &self.text().as_bytes()[..offset];
        memchr::memrchr2(b'\n', b'\r', before).map_or(self.source.bom_len(), |newline| newline + 1)
    }

    /// The indentation of the line; `None` if anything else precedes the offset on its line.
    fn indentation(&self, offset: usize) -> Option<&'d str> {
        let before = &self.text()[self.source.bom_len()..offset];
        let indentation = &before[before.trim_end_matches([' ', '\t']).len()..];
        count_steps(indentation.len() + 1);
        let line_before = &before[..before.len() - indentation.len()];
        (line_before.is_empty() || line_before.ends_with(['\n', '\r'])).then_some(indentation)
    }
}

/// Sorts spans and merges those that overlap or touch.
fn merge_spans(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    spans.dedup_by(|next, merged| {
        let overlaps = next.start <= merged.end;
        if overlaps {
            merged.end = merged.end.max(next.end);
        }
        overlaps
    });
}

/// Whether an edit changes one of these spans. [`merge_spans`] has sorted and merged them.
fn changes_any(edit: Span, spans: &[Span]) -> bool {
    let first = spans.partition_point(|span| span.end < edit.start);
    let mut touching = spans[first..].iter().take_while(|span| span.start <= edit.end);
    touching.any(|span| changes_shared(edit, *span))
}

/// Whether an edit changes a shared span. For an insertion, the ends of the span count as well, because the inserted text
/// would become part of the value.
fn changes_shared(edit: Span, shared: Span) -> bool {
    if edit.range().is_empty() {
        return shared.start <= edit.start && edit.end <= shared.end;
    }
    edit.overlaps(shared)
}

/// Applies edits to a text; `None` if two of them overlap or one is outside of the text.
pub(crate) fn apply_edits<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut changed = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        changed.push_str(text.get(copied..edit.span.range().start)?);
        changed.push_str(&edit.replacement);
        copied = edit.span.range().end;
    }
    changed.push_str(text.get(copied..)?);
    Some(changed)
}

fn replace(span: Span, text: impl Into<String>) -> Edit {
    Edit { span, replacement: text.into() }
}

fn delete(start: usize, end: usize) -> Edit {
    replace(Span::new(start, end), "")
}

fn insert(offset: usize, text: impl Into<String>) -> Edit {
    replace(Span::new(offset, offset), text)
}

/// The spaces and tabs at the start of a line.
fn leading_blanks(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Whether an object or list is written with brackets (JSON, YAML flow style) and not as a YAML block.
fn has_brackets(text: &str, container: &Node<'_>) -> bool {
    matches!(text.as_bytes().get(container.span.range().start), Some(b'{' | b'['))
}
