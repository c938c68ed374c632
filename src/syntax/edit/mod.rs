//! Edits of a file's text that change one value, key or entry and leave everything else as it is written: comments,
//! order, indentation, quotes, line ends.
//!
//! An [`Editor`] only says which bytes to change, and says nothing rather than something it is not sure of: what a YAML
//! anchor shares with other places, what a tag gives a type, what has a comment in its midst. Whether the result does
//! what was wanted is found out by whoever makes the edits.

mod append;
mod quoting;
mod remove;
mod replace;
mod separator;
#[cfg(test)]
mod tests;

use crate::base::diagnostic::Edit;
use crate::base::source::{Format, Source, Span};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Document, Node, Style, Value};
pub(crate) use append::NewValue;

/// Knows how to change one document of a file.
#[derive(Clone, Debug)]
pub(crate) struct Editor<'d> {
    source: &'d Source,
    document: &'d Document<'d>,
    /// What stands in more than one place of the tree: changed in one, it would be changed in all.
    shared: Vec<Span>,
    /// What has a name that is used: a key that is added or renamed here may turn up elsewhere, too.
    named: Vec<Span>,
    /// Where block scalars end, and whether they keep the blank lines below them.
    blocks: Vec<(usize, bool)>,
    /// The quotes texts are written with; double ones when there are both or none.
    mark: Option<char>,
}

impl<'d> Editor<'d> {
    /// For one document of the source.
    pub(crate) fn new(source: &'d Source, document: &'d Document<'d>) -> Self {
        let mut editor =
            Self { source, document, shared: Vec::new(), named: Vec::new(), blocks: Vec::new(), mark: None };
        if source.format() == Format::Yaml {
            document.nodes().for_each(|node| editor.note(node));
        }
        editor
    }

    /// Takes in how a node is written and what it shares. An alias that is no value of its own brings a mapping into another (`<<`): of that
    /// only the entries are shared that the other has not itself.
    fn note(&mut self, node: &Node<'_>) {
        let document = self.document;
        let target = |id| match document.node(id).value {
            Value::Alias(target) => Some(document.node(target).span),
            _ => None,
        };
        match node.style {
            Style::Single | Style::Double => {
                let mark = if node.style == Style::Single { '\'' } else { '"' };
                self.mark = Some(if self.mark.is_none_or(|known| known == mark) { mark } else { '"' });
            }
            Style::Literal | Style::Folded => {
                let header = self.source.slice(node.span).split(['\n', '\r']).next().unwrap_or_default();
                self.blocks.push((node.span.range().end, header.contains('+')));
            }
            Style::Json | Style::Plain => {}
        }
        match &node.value {
            Value::Alias(target) => self.named.push(document.node(*target).span),
            Value::Array(items) => self.shared.extend(document.items(*items).iter().filter_map(|&item| target(item))),
            Value::Object(entries) => {
                let entries = document.entries(*entries);
                self.shared.extend(entries.iter().filter_map(|entry| target(entry.value)));
                let merged = entries.iter().filter(|entry| entry.merged);
                self.shared.extend(merged.flat_map(|entry| [entry.key_span, document.node(entry.value).span]));
            }
            _ => {}
        }
    }

    /// Whether a key may be added or renamed here.
    fn is_unnamed(&self, place: Span) -> bool {
        !self.named.iter().any(|named| named.overlaps(place))
    }

    /// Other text for a key. The new one is a plain word that the object does not have.
    pub(crate) fn rename(&self, slot: &Cursor<'d>, key: &str) -> Option<Vec<Edit>> {
        let span = slot.key_span()?;
        let inside = match self.source.slice(span).as_bytes() {
            [b'"', .., b'"'] | [b'\'', .., b'\''] => Span { start: span.start + 1, end: span.end - 1 },
            _ => span,
        };
        let written = self.source.slice(span);
        let is_word = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (is_word && self.is_unnamed(span) && !written.contains(['\n', '\r'])).then_some(())?;
        self.sure(vec![replace(inside, key)])
    }

    /// Edits that stay clear of what is shared, in order; `None` when one does not.
    fn sure(&self, mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
        edits.sort_by_key(|edit| edit.span);
        let is_clear = |edit: &Edit| {
            let inserts = edit.span.range().is_empty();
            let at = |shared: &Span| inserts && shared.start <= edit.span.start && edit.span.end <= shared.end;
            let touches = |shared: &Span| at(shared) || (!inserts && edit.span.overlaps(*shared));
            self.source.text().get(edit.span.range()).is_some() && !self.shared.iter().any(touches)
        };
        let apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        (apart && edits.iter().all(is_clear)).then_some(edits)
    }

    /// The value as it is written at its place; `None` when it is brought in from elsewhere or has a tag or an anchor,
    /// which would stay behind and mean something else.
    fn own(&self, slot: &Cursor<'d>) -> Option<&'d Node<'d>> {
        let node = slot.node().filter(|_| slot.alias_span().is_none())?;
        let before = self.text()[..node.span.range().start].trim_end();
        let word = before.rsplit([' ', '\t', '\n', '\r', ',', '[', '{']).next().unwrap_or_default();
        let has_properties = self.source.format() == Format::Yaml && word.starts_with(['&', '!']);
        (!has_properties).then_some(node)
    }

    fn text(&self) -> &'d str {
        self.source.text()
    }

    /// Where the line of a byte starts; a byte order mark is no part of the first.
    fn line_start(&self, at: usize) -> usize {
        let above = &self.text().as_bytes()[..at];
        memchr::memrchr2(b'\n', b'\r', above).map_or(self.source.bom_len(), |newline| newline + 1)
    }

    /// The blanks a line starts with, when nothing else stands before this byte.
    fn indentation(&self, at: usize) -> Option<&'d str> {
        let before = &self.text()[self.line_start(at)..at];
        is_blank(before).then_some(before)
    }

    /// How lines end in this file.
    fn newline(&self) -> &'static str {
        match self.text().find(['\n', '\r']).map(|at| &self.text()[at..]) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        }
    }

    /// By how much a level is indented: as the first line that is indented at all.
    fn unit(&self) -> &'d str {
        const USUAL: &str = "  ";
        let blanks = |line: &'d str| &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let indented = |line: &&str| line.starts_with([' ', '\t']) && !is_blank(line);
        self.text().split(['\n', '\r']).find(indented).map_or(USUAL, blanks)
    }
}

/// The text with the edits made; `None` when two of them overlap or one is not of this text.
pub(crate) fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        changed.push_str(text.get(at..edit.span.range().start)?);
        changed.push_str(&edit.replacement);
        at = edit.span.range().end;
    }
    changed.push_str(text.get(at..)?);
    Some(changed)
}

fn replace(span: Span, text: impl Into<String>) -> Edit {
    Edit { span, replacement: text.into() }
}

fn cut(start: usize, end: usize) -> Edit {
    replace(Span::new(start, end), "")
}

fn insert(at: usize, text: impl Into<String>) -> Edit {
    replace(Span::new(at, at), text)
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// The length of the line break a text starts with; 0 when there is none.
fn line_break(rest: &str) -> usize {
    match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    }
}

/// Whether an object or list stands in brackets (JSON, YAML flow) and not in lines.
fn in_brackets(text: &str, holder: &Node<'_>) -> bool {
    matches!(text.as_bytes().get(holder.span.range().start), Some(b'{' | b'['))
}
