//! Writes JSON in which no string contains an unprintable character, because a terminal or an editor may show the report.

use std::io::{self, Write};

use serde::Serialize;

use crate::base::sanitize::escape_in_json;

/// Writes a value with indentation and a line break.
pub(super) fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", escape_in_json(&serde_json::to_string_pretty(value)?))
}

/// Writes a value as one line.
pub(super) fn write_json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", escape_in_json(&serde_json::to_string(value)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unprintable_characters_are_escaped() {
        let text = "ü\u{7f}\u{9b}\u{202e}\u{200b}\u{feff}\u{e0041}\n";
        let mut out = Vec::new();
        write_json(&mut out, &[text]).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert_eq!(json, "[\n  \"ü\\u007f\\u009b\\u202e\\u200b\\ufeff\\udb40\\udc41\\n\"\n]\n");
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [text]);
    }
}
