//! Writes XML elements, each on its own line. Attribute values and text are escaped, so the output is well-formed for any
//! input.

use std::io::{self, Write};

/// Names and values.
type Attributes<'a> = &'a [(&'a str, &'a str)];

/// Writes a document.
pub(super) struct XmlWriter<'w> {
    out: &'w mut dyn Write,
    /// The number of open elements.
    depth: usize,
}

impl<'w> XmlWriter<'w> {
    /// Writes the XML declaration.
    pub(super) fn new(out: &'w mut dyn Write) -> io::Result<Self> {
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        Ok(Self { out, depth: 0 })
    }

    /// Writes `<name key="value"…>`.
    pub(super) fn write_start_tag(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.write_unclosed_tag(name, attributes)?;
        self.depth += 1;
        writeln!(self.out, ">")
    }

    /// Writes `</name>`.
    pub(super) fn write_end_tag(&mut self, name: &str) -> io::Result<()> {
        self.depth -= 1;
        writeln!(self.out, "{:1$}</{name}>", "", 2 * self.depth)
    }

    /// Writes `<name key="value"…/>`.
    pub(super) fn write_empty_element(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.write_unclosed_tag(name, attributes)?;
        writeln!(self.out, "/>")
    }

    /// Writes `<name key="value"…>text</name>`.
    pub(super) fn write_text_element(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.write_unclosed_tag(name, attributes)?;
        writeln!(self.out, ">{}</{name}>", escape(text))
    }

    /// Writes `<name key="value"…`, indented by two spaces for each open element.
    fn write_unclosed_tag(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        write!(self.out, "{:1$}<{name}", "", 2 * self.depth)?;
        for (key, value) in attributes {
            write!(self.out, " {key}=\"{}\"", escape(value))?;
        }
        Ok(())
    }
}

/// Escapes a text for an element or for an attribute in double quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            // XML 1.0, section 2.4: `]]>` must not occur in text.
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0, section 3.3.3: parsers turn these into spaces in attribute values, unless they are references.
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            // XML 1.0, section 2.2: these characters are not allowed, not even as references.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_are_escaped() {
        assert_eq!(escape("<a b=\"'\">&]]>"), "&lt;a b=&quot;'&quot;&gt;&amp;]]&gt;");
        assert_eq!(escape("a\r\n\tb"), "a&#13;&#10;&#9;b");
        assert_eq!(escape("\0\u{1b}\u{ffff}ü😀"), "\u{fffd}\u{fffd}\u{fffd}ü😀");
        let mut out = Vec::new();
        let mut xml = XmlWriter { out: &mut out, depth: 1 };
        xml.write_text_element("p", &[("q", "\"")], "<").expect("memory can be written");
        assert_eq!(out, b"  <p q=\"&quot;\">&lt;</p>\n");
    }
}
