//! JSON and JSONC as people and programs write it.

use super::choices::Choices;
use super::sheet::Sheet;
use super::tree::{Tree, join};

/// How a file is laid out.
struct Printer<'c> {
    sheet: Sheet,
    choices: &'c mut Choices,
    /// One level of indentation; `None` when there are no line breaks.
    indent: Option<&'static str>,
    comments: bool,
}

/// Writes strict JSON.
pub fn json(tree: &Tree, choices: &mut Choices, sheet: Sheet) -> Sheet {
    print(tree, choices, sheet, false)
}

/// Writes JSON with comments and trailing commas.
pub fn jsonc(tree: &Tree, choices: &mut Choices, sheet: Sheet) -> Sheet {
    print(tree, choices, sheet, true)
}

fn print(tree: &Tree, choices: &mut Choices, sheet: Sheet, comments: bool) -> Sheet {
    let indent = choices.pick(&[Some("  "), Some("    "), Some("\t"), None, Some("")]);
    let mut printer = Printer { sheet, choices, indent, comments };
    printer.comment(0);
    printer.sheet.opening = printer.sheet.at()..printer.sheet.at() + 1;
    printer.value(tree, "", 0);
    printer.comment(0);
    if !printer.choices.one_in(3) {
        printer.sheet.line(0);
    }
    printer.sheet
}

impl Printer<'_> {
    fn value(&mut self, tree: &Tree, pointer: &str, depth: usize) {
        let start = self.sheet.at();
        match tree {
            Tree::Null => self.sheet.put("null"),
            Tree::Bool(value) => self.sheet.put(if *value { "true" } else { "false" }),
            Tree::Number(number) => self.sheet.put(number),
            Tree::Text(text) | Tree::Bare(text) => self.text(text),
            Tree::List(items) => {
                let items: Vec<_> =
                    items.iter().enumerate().map(|(at, item)| (format!("{pointer}/{at}"), None, item)).collect();
                self.several('[', &items, ']', depth);
            }
            Tree::Object(entries) => {
                let entries: Vec<_> =
                    entries.iter().map(|(key, value)| (join(pointer, key), Some(key.as_str()), value)).collect();
                self.several('{', &entries, '}', depth);
            }
        }
        if matches!(tree, Tree::List(_) | Tree::Object(_)) {
            self.sheet.take_pieces();
        }
        self.sheet.placed(pointer, start);
    }

    fn several(&mut self, open: char, entries: &[(String, Option<&str>, &Tree)], close: char, depth: usize) {
        self.sheet.text.push(open);
        for (index, (pointer, key, value)) in entries.iter().enumerate() {
            if index > 0 {
                self.sheet.put(",");
            }
            self.gap(depth + 1);
            if let Some(key) = key {
                let start = self.sheet.at();
                self.text(key);
                let end = self.sheet.at();
                self.sheet.placed_key(pointer, start..end);
                self.comment(depth + 1);
                self.sheet.put(if self.indent.is_some() { ": " } else { ":" });
            }
            self.value(value, pointer, depth + 1);
        }
        if self.comments && !entries.is_empty() && self.choices.one_in(2) {
            self.sheet.put(",");
        }
        if !entries.is_empty() {
            self.gap(depth);
        }
        self.sheet.text.push(close);
    }

    /// Between two values.
    fn gap(&mut self, depth: usize) {
        self.comment(depth);
        if let Some(indent) = self.indent {
            self.sheet.line(0);
            self.sheet.put(&indent.repeat(depth));
        }
        self.comment(depth);
    }

    fn comment(&mut self, depth: usize) {
        if self.comments && self.choices.one_in(12) {
            let comment = self.choices.pick(&["/* ü { */", "/**/", "// it's \"here\" 😀", "/* a\n b: [ */"]);
            self.sheet.put(comment);
            if comment.starts_with("//") {
                self.sheet.line(depth);
            }
        }
    }

    fn text(&mut self, text: &str) {
        // How often a character is escaped that need not be.
        let often = self.choices.pick(&[0, 0, 0, 8, 1]);
        self.sheet.put("\"");
        for c in text.chars() {
            let must = matches!(c, '"' | '\\') || c < ' ';
            if !must && (often == 0 || !(often == 1 || self.choices.one_in(often))) {
                self.sheet.piece(c, c.encode_utf8(&mut [0; 4]));
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
                let raw = self.numbers(c);
                self.sheet.piece(c, &raw);
            } else {
                self.sheet.piece(c, short);
            }
        }
        self.sheet.put("\"");
    }

    /// `\u00fc`; of a character beyond the first plane, two.
    fn numbers(&mut self, c: char) -> String {
        let upper = self.choices.one_in(2);
        let one = |unit: &mut u16| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
        c.encode_utf16(&mut [0; 2]).iter_mut().map(one).collect()
    }
}
