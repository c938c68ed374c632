//! Writes the parts that all HTML pages have in common: the start, tables, and escaped texts.
//!
//! A page is one file that loads no scripts, images or fonts; its content security policy forbids them. All text from files passes
//! through [`escape`].

use std::io::{self, Write};

use crate::base::diagnostic::Code;
use crate::base::sanitize::sanitize;
use crate::render::code_spans::{SentencePart, split_code_spans};
use crate::render::rule_page_url;

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

/// Writes a table. Each row is the HTML of its cells.
pub(super) fn write_table(columns: &[&str], class: &str, rows: &[String], out: &mut dyn Write) -> io::Result<()> {
    let header = columns.join("</th><th scope=\"col\">");
    writeln!(out, "<table class=\"{class}\">\n<thead><tr><th scope=\"col\">{header}</th></tr></thead>\n<tbody>")?;
    for row in rows {
        writeln!(out, "<tr>{row}</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")
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
