//! Moves entries from one object to another.

use crate::base::diagnostic::Edit;
use crate::base::source::{Format, Span};
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::append::{Layout, NewValue};
use crate::syntax::edit::remove::before_value;
use crate::syntax::edit::separator::{may_contain_comment, parse_separator};
use crate::syntax::edit::{Editor, delete, has_brackets, replace};
use crate::syntax::{Entry, Node, Value};

/// The target of a move.
pub(crate) enum MoveTarget<'d> {
    /// To the end of these objects. Each receives a copy.
    Objects(Vec<Cursor<'d>>),
    /// Into a new object with this key, in the place of the first entry.
    NewObject(&'d str),
}

impl<'d> Editor<'d> {
    /// Moves entries of one object, each with its new key. The raw text of their values does not change.
    pub(crate) fn move_entries(&self, entries: &[(Cursor<'d>, &'d str)], target: &MoveTarget<'d>) -> Option<Vec<Edit>> {
        let (first, _) = entries.first()?;
        let container = first.parent()?;
        let mut new_entries = Vec::with_capacity(entries.len());
        let mut indices = Vec::with_capacity(entries.len());
        for (entry, key) in entries {
            let node = self.replaceable_node(entry)?;
            let value = node.span;
            let text = self.source.slice(value);
            // Only the value moves, so a comment before it would be lost.
            let before = before_value(entry.key_span()?, value);
            if may_contain_comment(self.source.slice(before), self.source.format()) {
                return None;
            }
            // In YAML, the lines of a value have the indentation of its old place, and a block cannot be on the line of its key.
            let is_block = matches!(node.value, Value::Object(_) | Value::Array(_)) && !has_brackets(self.text(), node);
            if self.source.format() == Format::Yaml && (is_block || text.contains(['\n', '\r'])) {
                return None;
            }
            new_entries.push((*key, NewValue::Verbatim(text)));
            indices.push(entry.index());
        }
        indices.sort_unstable();
        let runs = self.find_runs(container, &indices)?;
        // A single run is replaced in its place, so the comments next to it stay with its first and last entry.
        let stays_in_place = matches!((target, &runs[..]), (MoveTarget::NewObject(_), [_]));
        if !stays_in_place && runs.iter().flat_map(|run| &run.elements).any(|entry| self.has_comment_next_to(*entry)) {
            return None;
        }
        let mut edits = Vec::new();
        match target {
            MoveTarget::Objects(objects) => {
                for object in objects {
                    edits.extend(self.append_entries(object, &new_entries)?);
                }
                for run in &runs {
                    edits.extend(self.remove_run(container, run)?);
                }
            }
            MoveTarget::NewObject(key) => {
                let (first_run, other_runs) = runs.split_first()?;
                edits.push(self.replace_run(container, first_run, key, new_entries)?);
                for run in other_runs {
                    edits.extend(self.remove_run(container, run)?);
                }
            }
        }
        self.validate(edits)
    }

    /// Whether a comment of YAML is on the line above an entry or at its end: if the entry moves, it would be next to another one.
    fn has_comment_next_to(&self, entry: Span) -> bool {
        let (before, after) = (&self.text()[..entry.range().start], &self.text()[entry.range().end..]);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let above = before[..line_start].lines().last().unwrap_or_default();
        let starts_comment = |text: &str| text.trim_start_matches([' ', '\t']).starts_with('#');
        self.source.format() == Format::Yaml && (starts_comment(above) || starts_comment(after))
    }

    /// Groups the entries with these indices, in ascending order, into runs. `None` if the object has entries from a merge key.
    fn find_runs(&self, container: &Node<'_>, indices: &[usize]) -> Option<Vec<Run>> {
        let Value::Object(members) = container.value else { return None };
        let entries = self.document.entries(members);
        if entries.iter().any(|entry| entry.merged) {
            return None;
        }
        let span = |entry: &Entry<'_>| self.entry_span(entry);
        let mut runs: Vec<Run> = Vec::new();
        for &index in indices {
            let element = span(entries.get(index)?);
            let right = entries.get(index + 1).map(span);
            if let Some(run) = runs.last_mut()
                && run.right == Some(element)
            {
                run.elements.push(element);
                run.right = right;
            } else {
                let left = index.checked_sub(1).and_then(|left| entries.get(left)).map(span);
                runs.push(Run { left, elements: vec![element], right });
            }
        }
        Some(runs)
    }

    /// Replaces a run of entries by one entry, whose value is a new object.
    fn replace_run(
        &self,
        container: &Node<'_>,
        run: &Run,
        key: &str,
        new_entries: Vec<(&str, NewValue<'_>)>,
    ) -> Option<Edit> {
        let span = run.span()?;
        self.check_separators(container, run)?;
        let is_block = !has_brackets(self.text(), container);
        let indent = self.indentation(span.range().start);
        let layout = match indent {
            _ if is_block => Layout::Block,
            Some(_) if self.source.format() != Format::Yaml => Layout::BracketsMultiline,
            _ => Layout::BracketsOneLine,
        };
        let indent = if is_block { indent? } else { indent.unwrap_or_default() };
        Some(replace(span, self.entry_style(layout).format_entry(key, &NewValue::Object(new_entries), indent)))
    }

    fn remove_run(&self, container: &Node<'_>, run: &Run) -> Option<Vec<Edit>> {
        let span = run.span()?.range();
        if !has_brackets(self.text(), container) {
            // Without entries, a YAML block would become `null`.
            run.left.or(run.right)?;
            let mut edits = Vec::new();
            for element in &run.elements {
                edits.extend(self.remove_from_block(*element, false)?);
            }
            return Some(edits);
        }
        self.check_separators(container, run)?;
        let container = container.span.range();
        Some(vec![match (run.left, run.right) {
            (_, Some(right)) => delete(span.start, right.range().start),
            (Some(left), None) => delete(left.range().end, span.end),
            (None, None) => delete(container.start + 1, container.end.checked_sub(1)?),
        }])
    }

    /// Returns `None` if there is a comment between the entries, or in brackets next to them: it would be lost.
    fn check_separators(&self, container: &Node<'_>, run: &Run) -> Option<()> {
        let mut separators: Vec<(usize, usize)> = Vec::new();
        for pair in run.elements.windows(2) {
            separators.push((pair[0].range().end, pair[1].range().start));
        }
        if has_brackets(self.text(), container) {
            let (span, container) = (run.span()?.range(), container.span.range());
            separators.push((run.left.map_or(container.start + 1, |left| left.range().end), span.start));
            separators.push((span.end, run.right.map_or(container.end.checked_sub(1)?, |right| right.range().start)));
        }
        for (start, end) in separators {
            if parse_separator(self.text(), start, end, self.source.format())?.has_comment {
                return None;
            }
        }
        Some(())
    }
}

/// Entries of an object that follow each other, and their neighbors.
struct Run {
    left: Option<Span>,
    elements: Vec<Span>,
    right: Option<Span>,
}

impl Run {
    fn span(&self) -> Option<Span> {
        Some(Span { start: self.elements.first()?.start, end: self.elements.last()?.end })
    }
}
