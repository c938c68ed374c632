//! As much XML as a report needs: elements, attributes and text, each well-formed whatever stands in them.

use std::io::{self, Write};

/// Writes `<name key="value"…>`.
pub(super) fn open(out: &mut dyn Write, depth: usize, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    start(out, depth, name, attributes)?;
    writeln!(out, ">")
}

/// Writes `</name>`.
pub(super) fn close(out: &mut dyn Write, depth: usize, name: &str) -> io::Result<()> {
    writeln!(out, "{:1$}</{name}>", "", 2 * depth)
}

/// Writes `<name key="value"…/>`.
pub(super) fn empty(out: &mut dyn Write, depth: usize, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    start(out, depth, name, attributes)?;
    writeln!(out, "/>")
}

/// Writes an element with words in it.
pub(super) fn words(
    out: &mut dyn Write,
    depth: usize,
    name: &str,
    attributes: &[(&str, &str)],
    text: &str,
) -> io::Result<()> {
    start(out, depth, name, attributes)?;
    writeln!(out, ">{}</{name}>", escaped(text))
}

fn start(out: &mut dyn Write, depth: usize, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    write!(out, "{:1$}<{name}", "", 2 * depth)?;
    attributes.iter().try_for_each(|(key, value)| write!(out, " {key}=\"{}\"", escaped(value)))
}

/// Text for an element or an attribute. A character that XML 1.0 cannot hold, not even as a reference, is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            // Also because of `]]>`.
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Readers make blanks of these.
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
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
    fn nothing_leaves_its_place() {
        assert_eq!(escaped("<a b=\"'\">&]]>"), "&lt;a b=&quot;'&quot;&gt;&amp;]]&gt;");
        assert_eq!(escaped("a\r\n\tb"), "a&#13;&#10;&#9;b");
        assert_eq!(escaped("\0\u{1b}\u{ffff}ü😀"), "\u{fffd}\u{fffd}\u{fffd}ü😀");
        let mut out = Vec::new();
        words(&mut out, 1, "p", &[("q", "\"")], "<").expect("memory can be written");
        assert_eq!(out, b"  <p q=\"&quot;\">&lt;</p>\n");
    }
}
