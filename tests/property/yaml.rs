//! Renders YAML in block style, flow style and both, with random comments, document markers and layout.

use super::choices::Choices;
use super::rendered_text::RenderedText;
use super::scalar::{self, Context};
use super::tree::{Tree, join};

/// Writes YAML with a block mapping at the top level.
pub fn block(tree: &Tree, choices: &mut Choices, rendered: RenderedText) -> RenderedText {
    print(tree, choices, rendered, false)
}

/// Writes YAML in flow style.
pub fn flow(tree: &Tree, choices: &mut Choices, rendered: RenderedText) -> RenderedText {
    print(tree, choices, rendered, true)
}

struct Printer<'c> {
    rendered: RenderedText,
    choices: &'c mut Choices,
    /// The additional indentation of each nested block.
    step: usize,
    /// Whether the items of a list are indented more than its key.
    indents_lists: bool,
    /// Whether flow collections may have line breaks.
    breaks_flow: bool,
}

fn print(tree: &Tree, choices: &mut Choices, rendered: RenderedText, flow: bool) -> RenderedText {
    let (step, indents_lists, breaks_flow) = (choices.pick(&[2, 4, 3, 1]), !choices.one_in(2), choices.one_in(2));
    let mut printer = Printer { rendered, choices, step, indents_lists, breaks_flow };
    printer.start();
    match tree {
        Tree::Object(entries) if !flow => {
            let first = printer.rendered.len();
            printer.mapping(entries, "", 0);
            let end = printer.rendered.locations[&last_pointer(entries)].value.end;
            printer.rendered.record_value_at("", first..end);
            let key = entries.first().map(|(key, _)| join("", key)).expect("a body has fields");
            printer.rendered.root_marker = printer.rendered.locations[&key].key.clone().expect("a field has a key");
        }
        _ => {
            printer.rendered.root_marker = printer.rendered.len()..printer.rendered.len() + 1;
            printer.flow(tree, "", 0);
            printer.end_of_line();
        }
    }
    printer.end();
    printer.rendered
}

fn last_pointer(entries: &[(String, Tree)]) -> String {
    entries.last().map(|(key, _)| join("", key)).expect("a body has fields")
}

impl Printer<'_> {
    fn start(&mut self) {
        for _ in 0..self.choices.below(4) {
            let comment = self.choices.pick(&["# Acme: [the] 'portal'", "# ü 😀", "#", ""]);
            self.rendered.push_str(comment);
            self.rendered.push_line_break(0);
        }
        if self.choices.one_in(6) {
            self.rendered.push_str("%YAML 1.2");
            self.rendered.push_line_break(0);
            self.rendered.push_str("---");
            self.rendered.push_line_break(0);
        } else if self.choices.one_in(3) {
            self.rendered.push_str(self.choices.pick(&["---", "--- # the body", "---  "]));
            self.rendered.push_line_break(0);
        }
    }

    fn end(&mut self) {
        if self.choices.one_in(8) {
            self.rendered.push_str("...");
            self.rendered.push_line_break(0);
            self.rendered.needs_end = false;
        }
        if !self.rendered.needs_end && self.choices.one_in(3) {
            let end = self.rendered.len() - self.rendered.newline.len();
            self.rendered.text.truncate(end);
        }
    }

    /// Writes an optional comment and the line break.
    fn end_of_line(&mut self) {
        if self.choices.one_in(10) {
            self.rendered.push_str(self.choices.pick(&[" # it's: here", "  # ü", " #", "  "]));
        }
        self.rendered.push_line_break(0);
        self.rendered.needs_end = false;
    }

    /// Writes an optional blank line or a line with a comment.
    fn blank_or_comment_line(&mut self, indent: usize) {
        // After a block scalar that keeps its line breaks, such a line would belong to the scalar.
        if !self.rendered.needs_end && self.choices.one_in(16) {
            let comment = self.choices.pick(&["# - x: 'y", "#", ""]);
            self.rendered.push_str(&" ".repeat(if comment.is_empty() { 0 } else { indent }));
            self.rendered.push_str(comment);
            self.rendered.push_line_break(0);
        }
    }

    fn mapping(&mut self, entries: &[(String, Tree)], pointer: &str, indent: usize) {
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 {
                self.blank_or_comment_line(indent);
                self.rendered.push_str(&" ".repeat(indent));
            }
            let pointer = join(pointer, key);
            self.key(key, &pointer, false);
            self.rendered.push_str(":");
            self.after_key(value, &pointer, indent);
        }
    }

    fn key(&mut self, key: &str, pointer: &str, flow: bool) {
        let start = self.rendered.len();
        scalar::write(key, &mut self.rendered, self.choices, Context::key(flow));
        let end = self.rendered.len();
        self.rendered.record_key(pointer, start..end);
    }

    fn after_key(&mut self, value: &Tree, pointer: &str, indent: usize) {
        let in_flow = self.choices.one_in(12);
        match value {
            Tree::Object(entries) if !entries.is_empty() && !in_flow => {
                self.end_of_line();
                let inner = indent + self.step;
                self.rendered.push_str(&" ".repeat(inner));
                let start = self.rendered.len();
                self.mapping(entries, pointer, inner);
                self.record_collection(pointer, start, entries.last().map(|(key, _)| key.as_str()));
            }
            Tree::List(items) if !items.is_empty() && !in_flow => {
                self.end_of_line();
                let inner = indent + if self.indents_lists { self.step } else { 0 };
                self.sequence(items, pointer, inner);
            }
            _ => {
                self.rendered.push_str(self.choices.pick(&[" ", " ", " ", "   "]));
                self.value_on_this_line(value, pointer, indent);
            }
        }
    }

    fn sequence(&mut self, items: &[Tree], pointer: &str, indent: usize) {
        let start = self.rendered.len() + indent;
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.blank_or_comment_line(indent);
            }
            self.rendered.push_str(&" ".repeat(indent));
            let blanks = self.choices.pick(&[1, 1, 1, 3]);
            self.rendered.push_str("-");
            self.rendered.push_str(&" ".repeat(blanks));
            let item_pointer = format!("{pointer}/{index}");
            match item {
                Tree::Object(entries) if !entries.is_empty() => {
                    let start = self.rendered.len();
                    self.mapping(entries, &item_pointer, indent + 1 + blanks);
                    self.record_collection(&item_pointer, start, entries.last().map(|(key, _)| key.as_str()));
                }
                _ => self.value_on_this_line(item, &item_pointer, indent),
            }
        }
        let end = self.rendered.locations[&format!("{pointer}/{}", items.len() - 1)].value.end;
        self.rendered.record_value_at(pointer, start..end);
    }

    /// Records the range of a block collection, which ends with its last value.
    fn record_collection(&mut self, pointer: &str, start: usize, last: Option<&str>) {
        let end = last.map_or(start, |key| self.rendered.locations[&join(pointer, key)].value.end);
        self.rendered.record_value_at(pointer, start..end);
    }

    /// A value that starts on this line, and the end of the line.
    fn value_on_this_line(&mut self, value: &Tree, pointer: &str, indent: usize) {
        if let Tree::Text(text) = value {
            let start = self.rendered.len();
            if let Some(end) = scalar::write(text, &mut self.rendered, self.choices, Context::block(indent)) {
                // A block scalar has ended its own line.
                self.rendered.record_value_at(pointer, start..end);
                return;
            }
            self.rendered.record_value(pointer, start);
        } else {
            self.flow(value, pointer, indent);
        }
        self.end_of_line();
    }

    fn flow(&mut self, value: &Tree, pointer: &str, indent: usize) {
        let start = self.rendered.len();
        match value {
            Tree::Null => self.rendered.push_str(self.choices.pick(&["null", "~", "Null"])),
            Tree::Bool(true) => self.rendered.push_str(self.choices.pick(&["true", "True", "TRUE"])),
            Tree::Bool(false) => self.rendered.push_str(self.choices.pick(&["false", "False", "FALSE"])),
            Tree::Number(text) | Tree::Bare(text) => self.rendered.push_str(text),
            Tree::Text(text) => {
                scalar::write(text, &mut self.rendered, self.choices, Context::flow(indent));
            }
            Tree::List(items) => {
                self.rendered.push_str("[");
                for (index, item) in items.iter().enumerate() {
                    self.gap(index, indent);
                    self.flow(item, &format!("{pointer}/{index}"), indent);
                }
                self.close("]", items.len(), indent);
            }
            Tree::Object(entries) => {
                self.rendered.push_str("{");
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.gap(index, indent);
                    let pointer = join(pointer, key);
                    self.key(key, &pointer, true);
                    self.rendered.push_str(": ");
                    self.flow(value, &pointer, indent);
                }
                self.close("}", entries.len(), indent);
            }
        }
        self.rendered.record_value(pointer, start);
    }

    fn gap(&mut self, index: usize, indent: usize) {
        if index > 0 {
            self.rendered.push_str(",");
        }
        if self.breaks_flow && self.choices.one_in(2) {
            if self.choices.one_in(8) {
                self.rendered.push_str(" # ]}");
            }
            // A continuation line must be indented more than the surrounding block.
            let additional_indent = 1 + self.choices.below(4);
            self.rendered.push_line_break(indent + additional_indent);
        } else {
            self.rendered.push_str(self.choices.pick(&[" ", "", "  "]));
        }
    }

    fn close(&mut self, bracket: &str, length: usize, indent: usize) {
        if length > 0 {
            if self.choices.one_in(6) {
                self.rendered.push_str(",");
            }
            if self.breaks_flow && self.choices.one_in(2) {
                self.rendered.push_line_break(indent + 1);
            } else {
                self.rendered.push_str(self.choices.pick(&[" ", ""]));
            }
        }
        self.rendered.push_str(bracket);
    }
}
