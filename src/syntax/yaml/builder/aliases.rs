//! Builds values and keys from aliases and merge keys.

use std::borrow::Cow;
use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::yaml::builder::{Children, OpenCollection, PendingKey, TreeBuilder};
use crate::syntax::yaml::diagnose::look_alikes::{error_at, find_after_name, find_in_anchor};
use crate::syntax::yaml::merge::Merge;
use crate::syntax::{MAX_ERRORS, Node, NodeId, Problem, Style, SyntaxError, Value};

/// The maximum number of bytes between an error and an anchor that could not be read because of it.
const MAX_DISTANCE: usize = 40;

impl TreeBuilder<'_, '_> {
    /// Adds the entries that the merge keys (`<<`) of the innermost mapping refer to. Called when the mapping ends, because
    /// its own keys take precedence, also those after the merge key.
    pub(super) fn apply_merges(&mut self) {
        let depth = self.open.len();
        let Some(mapping) = self.open.last_mut() else { return };
        let OpenCollection { children: Children::Map { entries, merges, .. }, height, .. } = mapping else { return };
        let Some(&first) = merges.first() else { return };
        let mut merge = Merge {
            document: &self.document,
            sizes: &self.sizes,
            heights: &self.heights,
            max_added: self.limits.nodes.saturating_sub(self.total_values),
            height: 0,
            added: 0,
            non_mappings: Vec::new(),
            lost_entries: false,
        };
        let own_entries = entries.len();
        let result = merge.add_entries(entries, merges);
        if self.document.is_partial() {
            // An entry that could not be read may have precedence over a merged one.
            entries.truncate(own_entries);
        }
        let Merge { added, height: merged_height, non_mappings, lost_entries, .. } = merge;
        let first_span = self.document.node(first).span;
        *height = (*height).max(merged_height);
        self.total_values = self.total_values.saturating_add(added);
        if lost_entries || !non_mappings.is_empty() {
            self.document.mark_partial();
        }
        for span in non_mappings {
            self.report_error(span, Problem::InvalidMergeKey);
        }
        if result.is_err() {
            self.stop_at_limit(first_span, Problem::TooManyNodes(self.limits.nodes));
        } else if depth + merged_height > self.limits.depth {
            self.stop_at_limit(first_span, Problem::TooDeep(self.limits.depth));
        }
    }

    pub(super) fn add_alias(&mut self, anchor: usize, range: Range<usize>) {
        let span = Span::new(range.start, range.end);
        let Some(&Some(target)) = self.anchors.get(&anchor) else {
            self.report_error(span, Problem::CyclicAlias);
            return self.add_broken_alias(range);
        };
        if self.expects_key() {
            let node = self.document.node(target);
            let key = match &node.value {
                Value::String(text) => PendingKey::Text(text.clone(), span),
                Value::Number(text) => PendingKey::Text(text.to_string().into(), span),
                // A key is the raw text of a scalar: `*x` for `&x TRUE` is the key `TRUE`.
                Value::Bool(_) | Value::Null => {
                    let raw = self.text.get(node.span.range()).unwrap_or_default();
                    PendingKey::Text(Cow::Borrowed(raw), span)
                }
                Value::Broken => PendingKey::Unusable(span),
                Value::Array(_) | Value::Object(_) | Value::Alias(_) => {
                    self.report_error(span, Problem::KeyNotString);
                    PendingKey::Unusable(span)
                }
            };
            return self.set_key(key);
        }
        let (size, height) = (self.sizes[target.0 as usize], self.heights[target.0 as usize]);
        if self.open.len() + usize::from(height) > self.limits.depth {
            return self.stop_at_limit(span, Problem::TooDeep(self.limits.depth));
        }
        let node = Node { span, style: Style::Plain, value: Value::Alias(target) };
        let id = self.push_node(node, size, height);
        self.attach_to_parent(id);
    }

    /// Adds an alias without an anchor. A character in its name or in that of the anchor that looks like a space is the cause.
    pub(super) fn add_unknown_alias(&mut self, name: String, range: Range<usize>) {
        // Only a limited number of errors is kept, so a text with many aliases is not searched for each of them.
        let is_kept = self.pass.errors.len() <= MAX_ERRORS;
        let look_alike = match find_after_name(&self.text[range.clone()]) {
            Some(distance) => Some(range.start + distance),
            None if is_kept => find_in_anchor(&self.text[..range.start], &name),
            None => None,
        };
        if let Some(offset) = look_alike {
            let error = error_at(self.text, offset);
            self.report_error(error.span, error.problem);
        } else if !is_kept || !(self.has_error_before_anchor(&name) || self.report_missing_ampersand(&name)) {
            // Otherwise, the error at the anchor is the cause, and is reported.
            self.report_error(Span::new(range.start, range.end), Problem::UnknownAlias(name));
        }
        self.add_broken_alias(range);
    }

    /// Whether the anchor of an alias was not read because of an error directly before it: `from: !!int&sender a@b.example`.
    fn has_error_before_anchor(&self, name: &str) -> bool {
        self.pass.errors.iter().any(|error| {
            let start = error.span.start as usize;
            let end = self.text.ceil_char_boundary((error.span.end as usize + MAX_DISTANCE).min(self.text.len()));
            let line = self.text[start..end].lines().next().unwrap_or_default();
            line.match_indices('&').any(|(sign, _)| {
                let after = line[sign + 1..].strip_prefix(name);
                after.is_some_and(|after| after.is_empty() || after.starts_with(' '))
            })
        })
    }

    /// Reports the name of an anchor that was meant to be defined above, but lacks its `&`: `from: sender a@b.example`. Returns whether there
    /// is one.
    fn report_missing_ampersand(&mut self, name: &str) -> bool {
        let is_reported = |error: &SyntaxError| {
            error.problem == Problem::MissingAmpersand && self.text.get(error.span.range()) == Some(name)
        };
        if self.pass.errors.iter().any(is_reported) {
            return true;
        }
        let is_meant = |node: &Node<'_>| {
            let Value::String(text) = &node.value else { return false };
            node.style == Style::Plain && text.strip_prefix(name).is_some_and(|value| value.starts_with(' '))
        };
        let Some(index) = self.document.nodes().position(is_meant) else { return false };
        let node = self.document.node_mut(NodeId(u32::try_from(index).unwrap_or(u32::MAX)));
        let span = node.span;
        node.value = Value::Broken;
        let start = span.start as usize;
        self.report_error(Span::new(start, start + name.len()), Problem::MissingAmpersand);
        true
    }

    fn add_broken_alias(&mut self, range: Range<usize>) {
        let span = Span::new(range.start, range.end);
        if self.expects_key() {
            return self.set_key(PendingKey::Unusable(span));
        }
        let id = self.push_node(Node { span, style: Style::Plain, value: Value::Broken }, 1, 0);
        self.attach_to_parent(id);
    }
}
