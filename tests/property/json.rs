//! Renders JSON and JSONC with random layout, comments and escapes.

use super::choices::Choices;
use super::rendered_text::RenderedText;
use super::rendering::Escapes;
use super::tree::{Tree, join};

struct Printer<'c> {
    rendered: RenderedText,
    choices: &'c mut Choices,
    /// One level of indentation; `None` when there are no line breaks.
    indent: Option<&'static str>,
    comments: bool,
}

/// Writes strict JSON.
pub fn json(tree: &Tree, choices: &mut Choices, rendered: RenderedText) -> RenderedText {
    print(tree, choices, rendered, false)
}

/// Writes JSON with comments and trailing commas.
pub fn jsonc(tree: &Tree, choices: &mut Choices, rendered: RenderedText) -> RenderedText {
    print(tree, choices, rendered, true)
}

fn print(tree: &Tree, choices: &mut Choices, rendered: RenderedText, comments: bool) -> RenderedText {
    let indent = choices.pick(&[Some("  "), Some("    "), Some("\t"), None, Some("")]);
    let mut printer = Printer { rendered, choices, indent, comments };
    printer.comment(0);
    printer.rendered.root_marker = printer.rendered.len()..printer.rendered.len() + 1;
    printer.value(tree, "", 0);
    printer.comment(0);
    if !printer.choices.one_in(3) {
        printer.rendered.push_line_break(0);
    }
    printer.rendered
}

impl Printer<'_> {
    fn value(&mut self, tree: &Tree, pointer: &str, depth: usize) {
        let start = self.rendered.len();
        match tree {
            Tree::Null => self.rendered.push_str("null"),
            Tree::Bool(value) => self.rendered.push_str(if *value { "true" } else { "false" }),
            Tree::Number(number) => self.rendered.push_str(number),
            Tree::Text(text) | Tree::Bare(text) => self.text(text),
            Tree::List(items) => {
                let items: Vec<_> =
                    items.iter().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), None, item)).collect();
                self.collection('[', &items, ']', depth);
            }
            Tree::Object(entries) => {
                let entries: Vec<_> =
                    entries.iter().map(|(key, value)| (join(pointer, key), Some(key.as_str()), value)).collect();
                self.collection('{', &entries, '}', depth);
            }
        }
        if matches!(tree, Tree::List(_) | Tree::Object(_)) {
            self.rendered.take_characters();
        }
        self.rendered.record_value(pointer, start);
    }

    fn collection(&mut self, open: char, entries: &[(String, Option<&str>, &Tree)], close: char, depth: usize) {
        self.rendered.text.push(open);
        for (index, (pointer, key, value)) in entries.iter().enumerate() {
            if index > 0 {
                self.rendered.push_str(",");
            }
            self.gap(depth + 1);
            if let Some(key) = key {
                let start = self.rendered.len();
                self.text(key);
                let end = self.rendered.len();
                self.rendered.record_key(pointer, start..end);
                self.comment(depth + 1);
                self.rendered.push_str(if self.indent.is_some() { ": " } else { ":" });
            }
            self.value(value, pointer, depth + 1);
        }
        if self.comments && !entries.is_empty() && self.choices.one_in(2) {
            self.rendered.push_str(",");
        }
        if !entries.is_empty() {
            self.gap(depth);
        }
        self.rendered.text.push(close);
    }

    /// Writes the white space and comments between two values.
    fn gap(&mut self, depth: usize) {
        self.comment(depth);
        if let Some(indent) = self.indent {
            self.rendered.push_line_break(0);
            self.rendered.push_str(&indent.repeat(depth));
        }
        self.comment(depth);
    }

    fn comment(&mut self, depth: usize) {
        if self.comments && self.choices.one_in(12) {
            let comment = self.choices.pick(&["/* ü { */", "/**/", "// it's \"here\" 😀", "/* a\n b: [ */"]);
            self.rendered.push_str(comment);
            if comment.starts_with("//") {
                self.rendered.push_line_break(depth);
            }
        }
    }

    fn text(&mut self, text: &str) {
        let escapes = Escapes::random(self.choices);
        self.rendered.push_str("\"");
        for c in text.chars() {
            let must_be_escaped = matches!(c, '"' | '\\') || c < ' ';
            if !must_be_escaped && !escapes.apply(self.choices) {
                self.rendered.push_character(c, c.encode_utf8(&mut [0; 4]));
                continue;
            }
            let short = match c {
                '"' => "\\\"",
                '\\' => "\\\\",
                '/' => "\\/",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => "",
            };
            if short.is_empty() || self.choices.one_in(8) {
                let raw = self.unicode_escape(c);
                self.rendered.push_character(c, &raw);
            } else {
                self.rendered.push_character(c, short);
            }
        }
        self.rendered.push_str("\"");
    }

    /// The character as a `\u` escape, or two for a surrogate pair.
    fn unicode_escape(&mut self, c: char) -> String {
        let upper = self.choices.one_in(2);
        let escape = |unit: &mut u16| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
        c.encode_utf16(&mut [0; 2]).iter_mut().map(escape).collect()
    }
}
