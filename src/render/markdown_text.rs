//! Escapes texts for GitHub Markdown, so that text from files cannot end a table cell, and writes tables of findings. Code that could
//! end a cell is written as text.

use std::io::{self, Write};

use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::render::code_spans::{SentencePart, split_code_spans};
use crate::render::{format_labels_in_other_files, format_short_location, rule_page_url};

pub(super) fn rule_link(code: Code) -> String {
    format!("[{code}]({})", rule_page_url(code))
}

/// Writes a table of findings with their severities, unless there are none. Locations in `portal_file` are shown without its name.
pub(super) fn write_findings_by_severity(
    heading: &str,
    report: &Report,
    diagnostics: &[&Diagnostic],
    portal_file: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if !diagnostics.is_empty() {
        writeln!(out, "\n**{heading}**\n\n| Severity | Problem | Help |\n|---|---|---|")?;
    }
    for diagnostic in diagnostics {
        write_finding_row(report, &diagnostic.severity.to_string(), diagnostic, portal_file, out)?;
    }
    Ok(())
}

/// Writes the row of a finding. `first_cell` holds the IDs of its items, or its severity.
pub(super) fn write_finding_row(
    report: &Report,
    first_cell: &str,
    diagnostic: &Diagnostic,
    portal_file: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let location = text_to_markdown(&format_short_location(report, diagnostic, portal_file));
    let mut what = format!("{location} {}", text_to_markdown(&diagnostic.message));
    for label in format_labels_in_other_files(report, diagnostic) {
        // A table cell cannot contain a line break of Markdown.
        what.push_str("<br>");
        what.push_str(&text_to_markdown(&label));
    }
    let help = text_to_markdown(&diagnostic.help);
    writeln!(out, "| {first_cell} | {what} | {help} ({}) |", rule_link(diagnostic.code))
}

/// Writes a sentence for a table cell: sanitizes it, escapes its text, and keeps its code spans where possible.
pub(super) fn text_to_markdown(sentence: &str) -> String {
    let sentence = sanitize(sentence);
    let mut markdown = String::with_capacity(sentence.len());
    for part in split_code_spans(&sentence) {
        match part {
            SentencePart::Text(text) => markdown.push_str(&escape(text)),
            SentencePart::Code(code) => markdown.push_str(&code_to_cell(code)),
        }
    }
    markdown
}

/// Writes a code span for a table cell, or plain text if a code span there cannot contain it.
pub(super) fn code_to_cell(code: &str) -> String {
    // A `|` in code ends the cell unless it is escaped (GitHub Flavored Markdown, section 4.10), and after a `\` the escape would
    // have no effect.
    if code.contains('\\') { escape(&sanitize(code)) } else { code_to_markdown(code).replace('|', "\\|") }
}

/// Writes a code span, or plain text if a code span cannot contain it. For text that is not in a table.
pub(super) fn code_to_markdown(code: &str) -> String {
    let code = sanitize(code);
    // Backslash escapes have no effect in a code span (CommonMark, section 6.1), and spaces at its ends are removed.
    if code.contains('`') || code.trim().is_empty() || code.trim() != code {
        return escape(&code);
    }
    format!("`{code}`")
}

/// Escapes each character that could be Markdown or HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // GitHub would notify the user or team of that name. A backslash does not prevent this, a comment does.
            '@' => escaped.push_str("@<!-- -->"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_cannot_end_a_cell() {
        assert_eq!(text_to_markdown("no `name` | <b>*x*</b>"), "no `name` \\| &lt;b&gt;\\*x\\*&lt;/b&gt;");
        assert_eq!(text_to_markdown("`a|b` and `c\\|`"), "`a\\|b` and c\\\\\\|");
        // A code span of spaces alone is written as text.
        assert_eq!(text_to_markdown("`` ` `"), "  ");
        assert_eq!(text_to_markdown("a ` b\n@all"), "a \\` b\u{fffd}@<!-- -->all");
        assert_eq!(text_to_markdown("\u{202e}\0::x]]>"), "\u{fffd}\u{fffd}::x\\]\\]&gt;");
        assert_eq!(code_to_markdown("`` ` "), "\\`\\` \\` ");
        assert_eq!(code_to_markdown("<script>"), "`<script>`");
    }
}
