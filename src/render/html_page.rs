//! Writes the parts that HTML pages have in common: the start and the end, tables, and escaped texts.
//!
//! A page is one file that loads no scripts, images or fonts; its content security policy forbids them. All text from files passes
//! through [`escape`].

use std::io::{self, Write};

use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::render::code_spans::{SentencePart, split_code_spans};
use crate::render::{format_labels_in_other_files, format_short_location, rule_page_url};

/// The style of all pages. Everything that a color shows is also shown by a word or a border, for printing in black and white.
pub(super) const STYLE: &str = include_str!("page.css");

/// The columns of a table of findings.
pub(super) const FINDING_COLUMNS: [&str; 3] = ["Severity", "What is wrong", "What to do"];

/// Writes the start of a page, with its title as a heading. The caller has to close the `<header>`.
pub(super) fn write_start(title: &str, out: &mut dyn Write) -> io::Result<()> {
    let title = escape(title);
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
    )
}

/// Writes the footer, which says what the page is by `notes`, and ends the page.
pub(super) fn write_end(notes: &str, out: &mut dyn Write) -> io::Result<()> {
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    writeln!(out, "<footer>{name} {version}.{notes}</footer>\n</body>\n</html>")
}

/// Writes a table, unless it has no rows. Each row is the HTML of its cells.
pub(super) fn write_table(columns: &[&str], class: &str, rows: &[String], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let header = columns.join("</th><th scope=\"col\">");
    writeln!(out, "<table class=\"{class}\">\n<thead><tr><th scope=\"col\">{header}</th></tr></thead>\n<tbody>")?;
    for row in rows {
        writeln!(out, "<tr>{row}</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")
}

/// Writes findings of no item, with the severity in the first column. Locations in `portal_file` are shown without its name;
/// `None` shows all names.
pub(super) fn write_findings_by_severity(
    report: &Report,
    diagnostics: &[&Diagnostic],
    portal_file: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let row = |diagnostic: &&Diagnostic| finding_row(report, &diagnostic.severity.to_string(), diagnostic, portal_file);
    write_table(&FINDING_COLUMNS, "findings", &diagnostics.iter().map(row).collect::<Vec<_>>(), out)
}

/// The cells of a finding. `first_cell` is the IDs of its items, or its severity. See [`write_findings_by_severity`] for
/// `portal_file`.
pub(super) fn finding_row(
    report: &Report,
    first_cell: &str,
    diagnostic: &Diagnostic,
    portal_file: Option<&str>,
) -> String {
    let location = escape(&format_short_location(report, diagnostic, portal_file));
    let mut what = format!("<span class=\"place\">{location}</span> {}", text_to_html(&diagnostic.message));
    for label in format_labels_in_other_files(report, diagnostic) {
        what.push_str("<br>");
        what.push_str(&text_to_html(&label));
    }
    let help = text_to_html(&diagnostic.help);
    format!("<td>{first_cell}</td><td>{what}</td><td>{help} ({})</td>", rule_link(diagnostic.code))
}

pub(super) fn rule_link(code: Code) -> String {
    format!("<a href=\"{}\">{code}</a>", rule_page_url(code))
}

/// Escapes a sentence and marks its code spans as code.
pub(super) fn text_to_html(sentence: &str) -> String {
    let mut html = String::with_capacity(sentence.len());
    for part in split_code_spans(sentence) {
        match part {
            SentencePart::Text(text) => html.push_str(&escape(text)),
            SentencePart::Code(code) => html.extend(["<code>", &escape(code), "</code>"]),
        }
    }
    html
}

/// Sanitizes and escapes a text for an element or for an attribute in quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in sanitize(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_cannot_become_markup() {
        assert_eq!(
            escape("<a href='x' id=\"y\">&\u{202e}"),
            "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;\u{fffd}"
        );
        assert_eq!(text_to_html("no `<name>`"), "no <code>&lt;name&gt;</code>");
    }
}
