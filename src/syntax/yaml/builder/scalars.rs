//! Builds values and keys from scalars, aliases and merge keys.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{ErrorKind, ScalarStyle, Tag};

use crate::base::source::Span;
use crate::syntax::yaml::builder::{Frame, Items, Key, Tree};
use crate::syntax::yaml::merge::Merge;
use crate::syntax::yaml::scalar;
use crate::syntax::yaml::scalar::TagKind;
use crate::syntax::yaml::span_fixups;
use crate::syntax::{Node, Problem, Style, Value};

impl<'t> Tree<'_, 't> {
    /// The type that a node's tag requires. Reports a tag that is not part of the core schema.
    pub(super) fn check_tag(&mut self, tag: Option<&Tag>, place: &granit_parser::Span) -> TagKind {
        let Some(tag) = tag else { return TagKind::Resolve };
        let kind = scalar::tag_kind(tag);
        if kind == TagKind::Custom {
            let place = place.tag_span().and_then(|span| span.byte_range()).unwrap_or(self.after..self.after);
            self.after = self.after.max(place.end);
            self.report(Span::new(place.start, place.end), Problem::CustomTag(tag.original()));
        }
        kind
    }

    pub(super) fn add_scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        kind: TagKind,
        range: Range<usize>,
    ) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let is_written = !range.is_empty() || style != Style::Plain;
        let text = if is_written { text } else { Cow::Borrowed("") };
        let place = match style {
            Style::Literal | Style::Folded => {
                span_fixups::block_scalar_span(self.text, self.after, range, text.trim().is_empty())
            }
            _ if is_written => Span::new(range.start, range.end),
            _ => self.omitted_value_span(range.start),
        };
        let broken = self.patches.overlap_broken(place)
            || (!is_written && self.patches.broken_follows(self.text, place.end as usize));
        if self.expects_key() && self.is_html(&text) {
            return self.stop_with_error(ErrorKind::ExpectedBlockMappingKey, Some(place.start as usize));
        }
        if self.expects_key() && (anchor != 0 || broken) {
            return self.add_special_key(text, style, anchor, broken, place);
        }
        if self.expects_key() {
            let merge = style == Style::Plain && kind == TagKind::Resolve && text == "<<";
            return self.set_key(if merge { Key::Merge(place) } else { Key::Text(text, place) });
        }
        let value = if broken { Ok(Value::Broken) } else { scalar::resolve_value(text, style == Style::Plain, kind) };
        let value = value.unwrap_or_else(|value| {
            self.report(place, Problem::Yaml("a value that is not what its tag says"));
            value
        });
        let id = self.push(Node { span: place, style, value }, 1, 0);
        self.define(anchor, Some(id));
        self.attach(id);
    }

    /// Sets a key that has an anchor, or one that a repair destroyed.
    fn add_special_key(&mut self, text: Cow<'t, str>, style: Style, anchor: usize, broken: bool, place: Span) {
        if anchor != 0 {
            let value = Value::String(text.clone());
            let id = self.push(Node { span: place, style, value }, 1, 0);
            self.define(anchor, Some(id));
        }
        self.set_key(if broken { Key::Bad(place) } else { Key::Text(text, place) });
    }

    /// Adds the entries that the merge keys (`<<`) of the innermost mapping refer to. Called when the mapping ends.
    pub(super) fn apply_merges(&mut self) {
        let depth = self.frames.len();
        let Some(Frame { items: Items::Map { entries, merges, .. }, height, .. }) = self.frames.last_mut() else {
            return;
        };
        let mut merge = Merge {
            document: &self.document,
            sizes: &self.sizes,
            heights: &self.heights,
            max_added: self.limits.nodes.saturating_sub(self.total),
            height: 0,
            added: 0,
            bad: Vec::new(),
            lost: false,
        };
        let full = merge.add_entries(entries, merges).is_err();
        let (added, bad, merged_height, lost) = (merge.added, merge.bad, merge.height, merge.lost);
        let place = merges.first().map_or(Span::default(), |&id| self.document.node(id).span);
        *height = (*height).max(merged_height);
        self.total = self.total.saturating_add(added);
        if lost || !bad.is_empty() {
            self.document.mark_partial();
        }
        for span in bad {
            self.report(span, Problem::BadMerge);
        }
        if full {
            self.stop_at(place, Problem::TooManyNodes(self.limits.nodes));
        } else if depth + merged_height > self.limits.depth {
            self.stop_at(place, Problem::TooDeep(self.limits.depth));
        }
    }

    pub(super) fn add_alias(&mut self, target: usize, range: Range<usize>) {
        let place = Span::new(range.start, range.end);
        let Some(&Some(target)) = self.anchors.get(&target) else {
            let name = self.text.get(range.start + 1..range.end).unwrap_or_default();
            return self.add_unknown_alias(name, range);
        };
        if self.expects_key() {
            let key = match &self.document.node(target).value {
                Value::String(text) => Key::Text(text.clone(), place),
                Value::Number(text) => Key::Text(text.to_string().into(), place),
                Value::Bool(_) | Value::Null => {
                    let at = self.document.node(target).span;
                    Key::Text(Cow::Borrowed(self.text.get(at.range()).unwrap_or_default()), place)
                }
                Value::Broken => Key::Bad(place),
                _ => {
                    self.report(place, Problem::KeyNotText);
                    Key::Bad(place)
                }
            };
            return self.set_key(key);
        }
        let (size, height) = (self.sizes[target.0 as usize], self.heights[target.0 as usize]);
        if self.frames.len() + usize::from(height) > self.limits.depth {
            return self.stop_at(place, Problem::TooDeep(self.limits.depth));
        }
        let node = Node { span: place, style: Style::Plain, value: Value::Alias(target) };
        let id = self.push(node, size, height);
        self.attach(id);
    }

    pub(super) fn add_unknown_alias(&mut self, name: &str, range: Range<usize>) {
        let place = Span::new(range.start, range.end);
        if !self.patches.lost_anchor(name) {
            self.report(place, Problem::UnknownAlias(name.to_owned()));
        }
        if self.expects_key() {
            return self.set_key(Key::Bad(place));
        }
        let id = self.push(Node { span: place, style: Style::Plain, value: Value::Broken }, 1, 0);
        self.attach(id);
    }
}
