//! YAML in blocks, in flow style, and in both, with comments, markers and every way to lay out a collection.

use super::choices::Choices;
use super::scalar::{self, Context};
use super::sheet::Sheet;
use super::tree::{Tree, join};

/// Writes YAML; the top level is a block once in a while not.
pub fn block(tree: &Tree, choices: &mut Choices, sheet: Sheet) -> Sheet {
    print(tree, choices, sheet, false)
}

/// Writes YAML in flow style.
pub fn flow(tree: &Tree, choices: &mut Choices, sheet: Sheet) -> Sheet {
    print(tree, choices, sheet, true)
}

struct Printer<'c> {
    sheet: Sheet,
    choices: &'c mut Choices,
    /// Of nested blocks.
    step: usize,
    /// Whether lists stand deeper than their keys.
    deep_lists: bool,
    /// Flow collections are broken over lines.
    broken: bool,
}

fn print(tree: &Tree, choices: &mut Choices, sheet: Sheet, flow: bool) -> Sheet {
    let (step, deep_lists, broken) = (choices.pick(&[2, 4, 3, 1]), !choices.one_in(2), choices.one_in(2));
    let mut printer = Printer { sheet, choices, step, deep_lists, broken };
    printer.start();
    match tree {
        Tree::Object(entries) if !flow => {
            let first = printer.sheet.at();
            printer.mapping(entries, "", 0);
            let end = printer.sheet.places[&last(entries)].value.end;
            printer.sheet.placed_at("", first..end);
            let key = entries.first().map(|(key, _)| join("", key)).expect("a body has fields");
            printer.sheet.opening = printer.sheet.places[&key].key.clone().expect("a field has a key");
        }
        _ => {
            printer.sheet.opening = printer.sheet.at()..printer.sheet.at() + 1;
            printer.flow(tree, "", 0);
            printer.end_of_line();
        }
    }
    printer.end();
    printer.sheet
}

fn last(entries: &[(String, Tree)]) -> String {
    entries.last().map(|(key, _)| join("", key)).expect("a body has fields")
}

impl Printer<'_> {
    fn start(&mut self) {
        for _ in 0..self.choices.below(4) {
            let comment = self.choices.pick(&["# Acme: [the] 'portal'", "# ü 😀", "#", ""]);
            self.sheet.put(comment);
            self.sheet.line(0);
        }
        if self.choices.one_in(6) {
            self.sheet.put("%YAML 1.2");
            self.sheet.line(0);
            self.sheet.put("---");
            self.sheet.line(0);
        } else if self.choices.one_in(3) {
            self.sheet.put(self.choices.pick(&["---", "--- # the body", "---  "]));
            self.sheet.line(0);
        }
    }

    fn end(&mut self) {
        if self.choices.one_in(8) {
            self.sheet.put("...");
            self.sheet.line(0);
            self.sheet.needs_end = false;
        }
        if !self.sheet.needs_end && self.choices.one_in(3) {
            let end = self.sheet.at() - self.sheet.newline.len();
            self.sheet.text.truncate(end);
        }
    }

    /// A comment perhaps, and the line break.
    fn end_of_line(&mut self) {
        if self.choices.one_in(10) {
            self.sheet.put(self.choices.pick(&[" # it's: here", "  # ü", " #", "  "]));
        }
        self.sheet.line(0);
        self.sheet.needs_end = false;
    }

    fn own_line(&mut self, indent: usize) {
        // A blank line or a comment here would belong to a text before it that keeps its line breaks.
        if !self.sheet.needs_end && self.choices.one_in(16) {
            let comment = self.choices.pick(&["# - x: 'y", "#", ""]);
            self.sheet.put(&" ".repeat(if comment.is_empty() { 0 } else { indent }));
            self.sheet.put(comment);
            self.sheet.line(0);
        }
    }

    fn mapping(&mut self, entries: &[(String, Tree)], pointer: &str, indent: usize) {
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 {
                self.own_line(indent);
                self.sheet.put(&" ".repeat(indent));
            }
            let pointer = join(pointer, key);
            self.key(key, &pointer, false);
            self.sheet.put(":");
            self.after_key(value, &pointer, indent);
        }
    }

    fn key(&mut self, key: &str, pointer: &str, flow: bool) {
        let start = self.sheet.at();
        scalar::write(key, &mut self.sheet, self.choices, Context::key(flow));
        let end = self.sheet.at();
        self.sheet.placed_key(pointer, start..end);
    }

    fn after_key(&mut self, value: &Tree, pointer: &str, indent: usize) {
        let in_flow = self.choices.one_in(12);
        match value {
            Tree::Object(entries) if !entries.is_empty() && !in_flow => {
                self.end_of_line();
                let inner = indent + self.step;
                self.sheet.put(&" ".repeat(inner));
                let start = self.sheet.at();
                self.mapping(entries, pointer, inner);
                self.enclose(pointer, start, entries.last().map(|(key, _)| key.as_str()));
            }
            Tree::List(items) if !items.is_empty() && !in_flow => {
                self.end_of_line();
                let inner = indent + if self.deep_lists { self.step } else { 0 };
                self.sequence(items, pointer, inner);
            }
            _ => {
                self.sheet.put(self.choices.pick(&[" ", " ", " ", "   "]));
                self.in_line(value, pointer, indent);
            }
        }
    }

    fn sequence(&mut self, items: &[Tree], pointer: &str, indent: usize) {
        let start = self.sheet.at() + indent;
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.own_line(indent);
            }
            self.sheet.put(&" ".repeat(indent));
            let blanks = self.choices.pick(&[1, 1, 1, 3]);
            self.sheet.put("-");
            self.sheet.put(&" ".repeat(blanks));
            let item_pointer = format!("{pointer}/{index}");
            match item {
                Tree::Object(entries) if !entries.is_empty() => {
                    let start = self.sheet.at();
                    self.mapping(entries, &item_pointer, indent + 1 + blanks);
                    self.enclose(&item_pointer, start, entries.last().map(|(key, _)| key.as_str()));
                }
                _ => self.in_line(item, &item_pointer, indent),
            }
        }
        let end = self.sheet.places[&format!("{pointer}/{}", items.len() - 1)].value.end;
        self.sheet.placed_at(pointer, start..end);
    }

    /// A block collection ends with its last value.
    fn enclose(&mut self, pointer: &str, start: usize, last: Option<&str>) {
        let end = last.map_or(start, |key| self.sheet.places[&join(pointer, key)].value.end);
        self.sheet.placed_at(pointer, start..end);
    }

    /// A value that starts on this line, and the end of the line.
    fn in_line(&mut self, value: &Tree, pointer: &str, indent: usize) {
        if let Tree::Text(text) = value {
            let start = self.sheet.at();
            if let Some(end) = scalar::write(text, &mut self.sheet, self.choices, Context::block(indent)) {
                // A block scalar has ended its own line.
                self.sheet.placed_at(pointer, start..end);
                return;
            }
            self.sheet.placed(pointer, start);
        } else {
            self.flow(value, pointer, indent);
        }
        self.end_of_line();
    }

    fn flow(&mut self, value: &Tree, pointer: &str, indent: usize) {
        let start = self.sheet.at();
        match value {
            Tree::Null => self.sheet.put(self.choices.pick(&["null", "~", "Null"])),
            Tree::Bool(true) => self.sheet.put(self.choices.pick(&["true", "True", "TRUE"])),
            Tree::Bool(false) => self.sheet.put(self.choices.pick(&["false", "False", "FALSE"])),
            Tree::Number(text) | Tree::Bare(text) => self.sheet.put(text),
            Tree::Text(text) => {
                scalar::write(text, &mut self.sheet, self.choices, Context::flow(indent));
            }
            Tree::List(items) => {
                self.sheet.put("[");
                for (index, item) in items.iter().enumerate() {
                    self.gap(index, indent);
                    self.flow(item, &format!("{pointer}/{index}"), indent);
                }
                self.close("]", items.len(), indent);
            }
            Tree::Object(entries) => {
                self.sheet.put("{");
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.gap(index, indent);
                    let pointer = join(pointer, key);
                    self.key(key, &pointer, true);
                    self.sheet.put(": ");
                    self.flow(value, &pointer, indent);
                }
                self.close("}", entries.len(), indent);
            }
        }
        self.sheet.placed(pointer, start);
    }

    fn gap(&mut self, index: usize, indent: usize) {
        if index > 0 {
            self.sheet.put(",");
        }
        if self.broken && self.choices.one_in(2) {
            if self.choices.one_in(8) {
                self.sheet.put(" # ]}");
            }
            // Deeper than the block around it.
            let deeper = 1 + self.choices.below(4);
            self.sheet.line(indent + deeper);
        } else {
            self.sheet.put(self.choices.pick(&[" ", "", "  "]));
        }
    }

    fn close(&mut self, bracket: &str, length: usize, indent: usize) {
        if length > 0 {
            if self.choices.one_in(6) {
                self.sheet.put(",");
            }
            if self.broken && self.choices.one_in(2) {
                self.sheet.line(indent + 1);
            } else {
                self.sheet.put(self.choices.pick(&[" ", ""]));
            }
        }
        self.sheet.put(bracket);
    }
}
