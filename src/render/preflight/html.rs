//! One page that needs nothing else: no script, no picture, no font from anywhere (its own policy forbids it). Words and frames
//! say what colours say, so that it can be printed in black and white.
//!
//! Everything that comes from a file goes through [`escaped`].

use std::io::{self, Write};

use super::groups::{Groups, OTHER, SEVERITIES, counts, elsewhere, joined, place, verdicts, what_it_is};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::preflight::{Item, Portal, Preflight};
use crate::render::preflight::code_spans::{Piece, pieces};
use crate::render::rule_page_url;

const STYLE: &str = include_str!("page.css");

/// Writes the page.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(preflight: &Preflight<'_>, out: &mut dyn Write) -> io::Result<()> {
    let title = escaped(&format!("Preflight: {}", verdicts(preflight)));
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
    )?;
    if preflight.portals.len() > 1 {
        overview(&preflight.portals, out)?;
    }
    if !preflight.beside.is_empty() {
        writeln!(out, "<h3>Settings</h3>")?;
        let row = |one: &&Diagnostic| finding(preflight.report, &one.severity.to_string(), one, None);
        let rows: Vec<String> = preflight.beside.iter().map(row).collect();
        table(&["Severity", "What is wrong", "What to do"], "findings", &rows, out)?;
    }
    writeln!(out, "</header>")?;
    for (index, one) in preflight.portals.iter().enumerate() {
        portal(preflight.report, one, index, out)?;
    }
    writeln!(
        out,
        "<footer>{} {}. V1 to V24 are the guide's MCP Validation Checklist, P1 to P20 its Recommended MCP Preflight \
         Checklist.</footer>\n</body>\n</html>",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION")
    )
}

/// Which portals there are, and where on the page.
fn overview(portals: &[Portal<'_>], out: &mut dyn Write) -> io::Result<()> {
    let row = |(index, portal): (usize, &Portal<'_>)| {
        let name = escaped(portal.name.unwrap_or(&portal.file.name));
        format!(
            "<td>{}</td><td><a href=\"#p{index}\">{name}</a></td><td>{}</td>",
            badge(portal),
            escaped(&portal.file.name)
        )
    };
    let rows: Vec<String> = portals.iter().enumerate().map(row).collect();
    table(&["Verdict", "Portal", "File"], "overview", &rows, out)
}

fn portal(report: &Report, portal: &Portal<'_>, index: usize, out: &mut dyn Write) -> io::Result<()> {
    let name = escaped(portal.name.unwrap_or(&portal.file.name));
    let file = format!("<code>{}</code> ({})", escaped(&portal.file.name), what_it_is(portal));
    let counts = counts(portal).map(|counts| format!("<br>{counts}")).unwrap_or_default();
    writeln!(out, "<section id=\"p{index}\">\n<h2>{} {name}</h2>\n<p>{file}{counts}</p>", badge(portal))?;
    let groups = Groups::of(portal);
    for (severity, heading) in SEVERITIES {
        let findings = groups.findings(severity);
        let rows: Vec<String> =
            findings.map(|(ids, one)| finding(report, &joined(ids), one, Some(&portal.file.name))).collect();
        if !rows.is_empty() {
            writeln!(out, "<h3>{heading}</h3>")?;
            table(&["Items", "What is wrong", "What to do"], "findings", &rows, out)?;
        }
    }
    if !groups.other.is_empty() {
        writeln!(out, "<h3>{OTHER}</h3>")?;
        let row = |one: &&Diagnostic| finding(report, &one.severity.to_string(), one, Some(&portal.file.name));
        let rows: Vec<String> = groups.other.iter().map(row).collect();
        table(&["Severity", "What is wrong", "What to do"], "findings", &rows, out)?;
    }
    if !groups.gaps.is_empty() {
        writeln!(out, "<h3>Unverified</h3>")?;
        let of_way = |(verify, gaps): &(&str, Vec<(Vec<&str>, &str)>)| -> Vec<String> {
            let row = |(index, (ids, reason)): (usize, &(Vec<&str>, &str))| {
                let way = format!("<td rowspan=\"{}\">{}</td>", gaps.len(), text(verify));
                let way = if index == 0 { way } else { String::new() };
                format!("<td>{}</td><td>{}</td>{way}", joined(ids), text(reason))
            };
            gaps.iter().enumerate().map(row).collect()
        };
        let rows: Vec<String> = groups.gaps.iter().flat_map(of_way).collect();
        table(&["Items", "What is not known", "How to find out"], "findings", &rows, out)?;
    }
    if !groups.allowed.is_empty() {
        writeln!(out, "<h3>Allowed</h3>")?;
        let rows = groups.allowed.iter().map(|(ids, decision)| {
            let (what, why) = (text(decision.what), text(&decision.words()));
            format!("<td>{}</td><td>{what} ({})</td><td>{why}</td>", joined(ids), rule(decision.code))
        });
        table(&["Items", "What", "Why"], "findings", &rows.collect::<Vec<_>>(), out)?;
    }
    lists(portal, out)?;
    writeln!(out, "</section>")
}

/// `start`: the ids of its items, or how bad it is.
fn finding(report: &Report, start: &str, diagnostic: &Diagnostic, file: Option<&str>) -> String {
    let place = escaped(&place(report, diagnostic, file));
    let others = elsewhere(report, diagnostic).iter().fold(String::new(), |all, line| all + "<br>" + &text(line));
    let (message, help) = (text(&diagnostic.message), text(&diagnostic.help));
    let rule = rule(diagnostic.code);
    format!("<td>{start}</td><td><span class=\"place\">{place}</span> {message}{others}</td><td>{help} ({rule})</td>")
}

/// Both lists as the guide has them.
fn lists(portal: &Portal<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (letter, name) in [('V', "MCP Validation Checklist"), ('P', "Recommended MCP Preflight Checklist")] {
        let row = |item: &Item<'_>| {
            let word = item.status.word();
            let why = item.unasked.map(|why| format!(" <small>({why})</small>")).unwrap_or_default();
            format!(
                "<td>{}</td><td><span class=\"status {word}\">{word}</span></td><td>{}{why}</td>",
                item.id,
                text(item.title)
            )
        };
        let rows: Vec<String> = portal.items.iter().filter(|item| item.id.starts_with(letter)).map(row).collect();
        if !rows.is_empty() {
            writeln!(out, "<h3>{name}</h3>")?;
            table(&["Item", "Status", "The guide says"], "list", &rows, out)?;
        }
    }
    Ok(())
}

/// A table of finished rows.
fn table(heads: &[&str], class: &str, rows: &[String], out: &mut dyn Write) -> io::Result<()> {
    let heads = heads.join("</th><th scope=\"col\">");
    writeln!(out, "<table class=\"{class}\">\n<thead><tr><th scope=\"col\">{heads}</th></tr></thead>\n<tbody>")?;
    for row in rows {
        writeln!(out, "<tr>{row}</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")
}

fn badge(portal: &Portal<'_>) -> String {
    let word = portal.verdict.word();
    format!("<span class=\"verdict {word}\">{word}</span>")
}

fn rule(code: Code) -> String {
    format!("<a href=\"{}\">{code}</a>", rule_page_url(code))
}

/// A sentence; what stands between backticks is code.
fn text(sentence: &str) -> String {
    let part = |piece| match piece {
        Piece::Text(words) => escaped(words),
        Piece::Code(words) => format!("<code>{}</code>", escaped(words)),
    };
    pieces(sentence).into_iter().map(part).collect()
}

/// Words in which no sign means anything, in text and between quotes.
fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for character in sanitize(words).chars() {
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
    fn nothing_becomes_markup() {
        assert_eq!(
            escaped("<a href='x' id=\"y\">&\u{202e}"),
            "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;\u{fffd}"
        );
        assert_eq!(text("no `<name>`"), "no <code>&lt;name&gt;</code>");
    }
}
