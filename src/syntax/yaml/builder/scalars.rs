//! Builds values and keys from scalars.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{ErrorKind, ScalarStyle, Tag};

use crate::base::source::Span;
use crate::syntax::look_alikes;
use crate::syntax::look_alikes::{looks_like_end, looks_like_separator};
use crate::syntax::number::{is_read_as_infinity, to_json_number};
use crate::syntax::variables::variable_name;
use crate::syntax::yaml::builder::{Children, OpenCollection, PendingKey, TreeBuilder};
use crate::syntax::yaml::diagnose;
use crate::syntax::yaml::diagnose::look_alikes::{error_at, find_in_value};
use crate::syntax::yaml::parse_pass::Unreadable;
use crate::syntax::yaml::scalar;
use crate::syntax::yaml::scalar::{NodeShape, TagKind};
use crate::syntax::yaml::span_fixups;
use crate::syntax::{Node, Problem, Style, SyntaxError, Value};

impl<'t> TreeBuilder<'_, 't> {
    /// The type that a node's tag requires. Reports a tag that is not part of the core schema, or that belongs to another kind of node.
    pub(super) fn check_tag(
        &mut self,
        tag: Option<&Tag>,
        shape: NodeShape,
        node_span: &granit_parser::Span,
    ) -> TagKind {
        let Some(tag) = tag else { return TagKind::Resolve };
        let kind = scalar::tag_kind(tag);
        let tag_range = node_span.tag_span().and_then(|span| span.byte_range());
        let mut tag_range = tag_range.unwrap_or(self.last_event_end..self.last_event_end);
        self.last_event_end = self.last_event_end.max(tag_range.end);
        let problem = if kind == TagKind::Unusable && tag.original().ends_with(':') {
            // For the parser, `!key: value` is a value with the tag `!key:`.
            tag_range.end = tag_range.start + '!'.len_utf8();
            Problem::Unexpected('!')
        } else if kind == TagKind::Unusable {
            Problem::CustomTag(tag.original())
        } else if !scalar::allows_shape(tag, shape) {
            Problem::ContradictingTag
        } else {
            return kind;
        };
        self.report_error(Span::new(tag_range.start, tag_range.end), problem);
        TagKind::Unusable
    }

    /// Removes characters that look like a space or a sign from both ends of a plain scalar, and reports the first one. Does nothing unless
    /// `is_mistake` is true for the rest of the text: in ordinary text, such characters are harmless.
    fn trim_look_alikes(&mut self, text: Cow<'t, str>, span: Span, is_mistake: impl Fn(&str) -> bool) -> Cow<'t, str> {
        let trimmed = text.trim_matches(|character| looks_like_end(character) || character == ' ');
        if trimmed.len() == text.len() || trimmed.is_empty() || !is_mistake(trimmed) {
            return text;
        }
        // The raw text of a scalar on several lines differs from the decoded text.
        let Some(raw) = self.text.get(span.range()).filter(|raw| *raw == text) else { return text };
        let start = if raw.starts_with(looks_like_end) { 0 } else { trimmed.len() };
        let Some((distance, character)) = raw[start..].char_indices().find(|(_, character)| looks_like_end(*character))
        else {
            return text;
        };
        let offset = span.start as usize + start + distance;
        if self.expects_key() && start == 0 && self.is_in_block() {
            // The character is part of the indentation, so the key may belong to another mapping.
            self.stop_with_error(ErrorKind::ExpectedBlockMappingKey, Some(offset));
            return text;
        }
        self.report_error(Span::new(offset, offset + character.len_utf8()), look_alikes::name_character(character));
        // In `{<U+00A0>"a": 1}`, the parser reads the quotes as text.
        let is_quoted_key = self.expects_key() && trimmed.starts_with(['"', '\'']);
        let content = if is_quoted_key { trimmed.trim_matches(['"', '\'']) } else { trimmed };
        Cow::Owned(content.to_owned())
    }

    /// Whether a value overlaps the unreadable part of the text, or is directly before it and may continue in it.
    pub(super) fn is_unreadable(&self, span: Span) -> bool {
        let Some(Unreadable { span: unreadable, .. }) = self.unreadable else { return false };
        if span.overlaps(unreadable) {
            return true;
        }
        span.end <= unreadable.start
            && span_fixups::skip_properties(self.text, span.end as usize) >= unreadable.start as usize
    }

    /// Whether the innermost collection is not in brackets.
    fn is_in_block(&self) -> bool {
        self.open.last().is_some_and(|collection| !collection.is_flow)
    }

    pub(super) fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(OpenCollection { children: Children::Map { key: None, .. }, .. }))
    }

    /// Adds a scalar as a key or as a value, whichever is expected.
    pub(super) fn add_scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        kind: TagKind,
        range: Range<usize>,
    ) {
        let style = convert_style(style);
        // For the value of `key:`, the parser reports a plain scalar with the text `~` and an empty range.
        let is_omitted = range.is_empty() && style == Style::Plain;
        let text = if is_omitted { Cow::Borrowed("") } else { text };
        let span = match style {
            Style::Literal | Style::Folded => {
                span_fixups::block_scalar_span(self.text, self.last_event_end, range, text.trim().is_empty())
            }
            _ if is_omitted => self.omitted_value_span(range.start),
            _ => Span::new(range.start, range.end),
        };
        let has_no_colon = is_omitted && self.report_key_without_colon(span);
        let is_broken = kind == TagKind::Unusable || has_no_colon || self.is_unreadable(span);
        if self.expects_key() {
            if is_omitted {
                // Some parsers accept `: value`, but a key was forgotten. In `{a,: 1}`, the comma is the mistake.
                let colon = span_fixups::skip_space_and_comments(self.text, span.start as usize);
                let end = colon + usize::from(self.text[colon..].starts_with(':'));
                if self.is_in_block() || !self.has_error_in_collection() {
                    self.report_error(Span::new(colon, end), Problem::Unexpected(':'));
                }
            }
            self.add_scalar_as_key(text, style, anchor, kind, span, is_broken || is_omitted);
            return;
        }
        let is_plain = style == Style::Plain && !is_omitted;
        let look_alike = if is_plain { self.find_look_alike(span) } else { None };
        let value = if let Some(error) = look_alike {
            self.report_error(error.span, error.problem);
            Value::Broken
        } else if is_broken {
            Value::Broken
        } else {
            let is_untagged_plain = style == Style::Plain && kind == TagKind::Resolve;
            let text = if is_untagged_plain { self.trim_look_alikes(text, span, is_literal_or_variable) } else { text };
            match scalar::resolve_value(text, style == Style::Plain, kind) {
                Some(Value::Number(number)) if to_json_number(&number).is_none() => {
                    self.report_error(span, Problem::NotJsonNumber);
                    Value::Broken
                }
                Some(Value::Number(number)) if is_read_as_infinity(&number) => {
                    self.report_error(span, Problem::NumberTooLarge);
                    Value::Broken
                }
                Some(value) => value,
                None => {
                    self.report_error(span, Problem::ContradictingTag);
                    Value::Broken
                }
            }
        };
        let id = self.push_node(Node { span, style, value }, 1, 0);
        self.define_anchor(anchor, Some(id));
        self.attach_to_parent(id);
    }

    /// The span of an omitted value (`key:`): the empty span after the colon of its key.
    fn omitted_value_span(&self, event_start: usize) -> Span {
        let offset = match self.pending_key_end() {
            Some(key_end) => span_fixups::after_colon(self.text, key_end),
            None => event_start,
        };
        Span::new(offset, offset)
    }

    /// The error that names a look-alike in a plain value, if the value was meant to be something else than text.
    fn find_look_alike(&self, span: Span) -> Option<SyntaxError> {
        let start = span.start as usize;
        // No portal is text. The characters are before a key or a comment.
        if self.open.is_empty() && self.text[start..].starts_with(looks_like_separator) {
            return Some(error_at(self.text, start));
        }
        let is_in_brackets =
            matches!(self.open.last(), Some(OpenCollection { is_flow: true, children: Children::List(_), .. }));
        find_in_value(self.text, span, is_in_brackets)
    }

    fn add_scalar_as_key(
        &mut self,
        text: Cow<'t, str>,
        style: Style,
        anchor: usize,
        kind: TagKind,
        span: Span,
        is_broken: bool,
    ) {
        if style == Style::Plain
            && self.is_in_block()
            && let Some(error) = diagnose::find_field_in_key(self.text, span)
        {
            self.report_error(error.span, error.problem);
            self.document.mark_partial();
            return self.set_key(PendingKey::Unusable(span));
        }
        if self.looks_like_html(&text) {
            // For the parser, `<p>a: b` is a valid key. Stopping here lets the diagnosis find the block scalar above.
            return self.stop_with_error(ErrorKind::ExpectedBlockMappingKey, Some(span.start as usize));
        }
        let mut text = if style == Style::Plain { self.trim_look_alikes(text, span, |_| true) } else { text };
        let mut span = span;
        if style == Style::Plain && !self.is_in_block() && self.text[span.range()].contains(['\n', '\r']) {
            (text, span) = self.report_invalid_key(span);
        }
        if anchor != 0 {
            // Keys are not nodes of the tree, but an alias to the anchor of a key needs a node as its target.
            let node = Node { span, style, value: Value::String(text.clone()) };
            let id = self.push_node(node, 1, 0);
            self.define_anchor(anchor, Some(id));
        }
        let is_merge = style == Style::Plain && kind == TagKind::Resolve && anchor == 0 && text == "<<";
        self.set_key(if is_broken {
            PendingKey::Unusable(span)
        } else if is_merge {
            PendingKey::Merge(span)
        } else {
            PendingKey::Text(text, span)
        });
    }

    /// Reports the key before an omitted value in braces, if no colon is after it: `{a 1}`. Returns whether that is so. For the parser,
    /// this is a valid entry without a value, but no portal has one.
    fn report_key_without_colon(&mut self, value: Span) -> bool {
        let Some(OpenCollection { is_flow: true, children: Children::Map { key, .. }, .. }) = self.open.last() else {
            return false;
        };
        let Some(PendingKey::Text(_, span)) = key else { return false };
        let span = *span;
        if value.start > span.end || self.is_unreadable(span) {
            return false;
        }
        let (text, span) = self.report_invalid_key(span);
        self.set_key(PendingKey::Text(text, span));
        true
    }

    /// Reports text in braces that has no colon, or a line break before its colon. Returns the key that was probably meant.
    fn report_invalid_key(&mut self, span: Span) -> (Cow<'t, str>, Span) {
        let (error, key) = diagnose::find_cause_in_key(self.text, span);
        // In `{a, 1}`, both lack a colon for one reason.
        if !self.has_error_in_collection() {
            self.report_error(error.span, error.problem);
        }
        self.document.mark_partial();
        (Cow::Borrowed(&self.text[key.range()]), key)
    }

    /// Whether an error was reported in the innermost collection.
    fn has_error_in_collection(&self) -> bool {
        let start = self.open.last().map_or(0, |mapping| mapping.start);
        self.pass.errors.iter().any(|error| error.span.start as usize >= start)
    }

    /// Whether a key is HTML. No portal has such a key, so the line was meant as text of a block scalar.
    fn looks_like_html(&self, key: &str) -> bool {
        let mut characters = key.chars();
        self.is_in_block()
            && characters.next() == Some('<')
            && characters.next().is_some_and(|character| character == '/' || character.is_alphabetic())
    }

    /// Handles a collection in the place of a key. An unquoted template variable such as `{{name}}` is parsed as a mapping
    /// whose key is a mapping; then the outer one is reported, because it needs quotes.
    pub(super) fn add_collection_as_key(&mut self, span: Span) {
        self.set_key(PendingKey::Unusable(span));
        let start = span.start as usize;
        let before = self.text[..start].trim_end_matches([' ', '\t']);
        let has_two_braces = start > 0 && self.text.as_bytes()[start - 1..].starts_with(b"{{");
        match self.open.last_mut() {
            Some(outer) if has_two_braces && outer.is_flow => {
                outer.is_template = true;
                self.pass.errors.retain(|error| error.span.start < span.start);
            }
            // The parser takes `? key: value` for a mapping as a key.
            _ if before.ends_with('?') && !self.text[start..].starts_with(['[', '{']) => {
                self.report_error(Span::new(before.len() - 1, before.len()), Problem::Unexpected('?'));
            }
            _ => self.report_error(span, Problem::KeyNotString),
        }
    }
}

/// Whether a value is a literal such as `true`, or a variable. With a look-alike next to it, it would be text, which is not meant.
fn is_literal_or_variable(text: &str) -> bool {
    scalar::is_literal(text) || variable_name(text).is_some()
}

fn convert_style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}
