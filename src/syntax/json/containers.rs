//! Opens and closes objects and lists, and handles brackets that are wrong, missing or not expected.

use super::stack::{Contents, OpenContainer};
use super::{Expect, Parser};
use crate::base::source::Span;
use crate::syntax::{Node, Problem, Style, SyntaxError, Value};

impl Parser<'_, '_> {
    pub(super) fn open_container(&mut self, byte: u8) -> Option<Expect> {
        let opened = self.lexer.offset;
        self.lexer.offset += 1;
        let span = Span::new(opened, opened + 1);
        let node = self.document.push(Node { span, style: Style::Json, value: Value::Broken });
        self.attach_to_parent(node);
        let (contents, expected) = if byte == b'{' {
            (Contents::Object { entries: Vec::new(), key: None }, Expect::Key)
        } else {
            (Contents::Array(Vec::new()), Expect::Value)
        };
        self.stack.push(OpenContainer { node, opened, has_wrong_opener: false, contents });
        if self.check_limits(opened) {
            return Some(expected);
        }
        // Keep the container that is too deep as a broken value.
        self.stack.pop();
        None
    }

    /// Closes the innermost container, which ends at the current position.
    pub(super) fn close_container(&mut self) -> Expect {
        self.close_container_at(self.lexer.offset);
        self.possible_trailing_comma = None;
        self.last_end = self.lexer.offset;
        self.after_value()
    }

    /// Closes the innermost container, which ends at `end`, at or before the current position.
    pub(super) fn close_container_at(&mut self, end: usize) {
        if let Some(container) = self.stack.pop() {
            let value = match container.contents {
                Contents::Object { entries, .. } => self.document.add_object(entries),
                Contents::Array(items) => self.document.add_list(items),
            };
            let node = self.document.node_mut(container.node);
            (node.span, node.value) = (Span::new(container.opened, end), value);
        }
    }

    pub(super) fn close_all_containers(&mut self) {
        while !self.stack.is_empty() {
            self.add_broken_value_for_key();
            self.close_container();
        }
    }

    /// Handles a closing bracket where a container can end. It may be of the wrong kind, or close more than one container.
    pub(super) fn handle_closer(&mut self, byte: u8) -> Expect {
        let here = self.lexer.offset;
        if self.trust_indentation && self.is_meant_for_outer(byte) {
            self.report_unclosed(here);
            self.close_container_at(self.last_end);
        }
        if self.is_meant_for_innermost(byte) {
            return self.close_with_wrong_bracket(byte);
        }
        let Some(depth) = self.stack.iter().rposition(|container| container.is_closed_by(byte)) else {
            self.lexer.offset += 1;
            self.lexer.report(here, here + 1, Problem::StrayClosingBracket(char::from(byte)));
            return if self.stack.is_empty() { Expect::End } else { Expect::Comma };
        };
        while self.stack.len() > depth + 1 {
            self.report_unclosed(here);
            self.close_container();
        }
        if let Some(comma) = self.possible_trailing_comma.take() {
            self.lexer.report_if_strict(comma, comma + 1, Problem::TrailingComma);
        }
        self.lexer.offset += 1;
        self.close_container()
    }

    /// Whether a closing bracket was meant for the container around the innermost one, whose own bracket is missing: it starts its line with
    /// the indentation of the line that opened the outer container, and the innermost one was opened on a line that is indented more.
    fn is_meant_for_outer(&self, byte: u8) -> bool {
        let [.., outer, innermost] = self.stack.as_slice() else { return false };
        let Some(indent) = self.lexer.indentation_before(self.lexer.offset) else { return false };
        outer.is_closed_by(byte)
            && self.lexer.line_indentation(outer.opened) == Some(indent)
            && self.lexer.line_indentation(innermost.opened).is_some_and(|innermost| innermost > indent)
    }

    /// Reports the innermost container as unclosed. `here` is where the missing bracket was noticed.
    pub(super) fn report_unclosed(&mut self, here: usize) {
        if let Some(container) = self.stack.last() {
            let (opened, bracket) = (container.opened, container.opener());
            self.lexer.errors.add(SyntaxError {
                span: Span::new(opened, opened + 1),
                problem: Problem::UnclosedBracket(bracket),
                related: Some(Span::new(here, (here + 1).min(self.lexer.text.len()))),
            });
        }
    }

    /// Handles a closing bracket where a value is expected.
    pub(super) fn handle_closer_instead_of_value(&mut self, byte: u8) -> Expect {
        self.drop_key_without_value();
        if self.stack.is_empty() {
            let here = self.lexer.offset;
            self.lexer.offset += 1;
            self.lexer.report(here, here + 1, Problem::StrayClosingBracket(char::from(byte)));
            return Expect::Value;
        }
        self.handle_closer(byte)
    }
}
