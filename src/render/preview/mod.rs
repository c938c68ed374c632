//! The preview: one HTML page that shows the emails and the footer as customers see them, with the findings beside them.
//!
//! The page treats the texts as hostile, because their author may be somebody else. Each text is shown in frames that have no origin,
//! run no script, submit no form and do not navigate (`sandbox`). Each frame has its own content security policy, which loads nothing.
//! A switch on the page lets the frames load images. The only script that runs is that of the switch; the policy of the page contains
//! its hash.

mod frame;

use std::io::{self, Write};

use crate::base::diagnostic::Diagnostic;
use crate::engine::report::{Report, ReportFile, ReportPortal, group_by_document};
use crate::model::portal::{EmailText, PortalTexts};
use crate::render::html_page::{FINDING_COLUMNS, STYLE, escape, rule_link, text_to_html, write_table};
use crate::syntax::pointer::is_same_or_below;
use frame::{Frame, with_example_code, write_frames};

const PREVIEW_STYLE: &str = include_str!("preview.css");

/// The script of the switch. `SCRIPT_HASH` is its SHA-256 in Base64.
const SCRIPT: &str = include_str!("switch.js");

/// The hash of `SCRIPT`, which the content security policy of the page allows.
const SCRIPT_HASH: &str = "S6XCYn0SLpBm3sV+3nbVjPr5WjyOk0OLqeqqbMZC1Bc=";

/// Writes the page about the portals of a run. The report must have been made with [`crate::settings::Settings::with_texts`].
///
/// # Errors
///
/// If writing to `out` fails.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let files: Vec<&ReportFile> = report.files.iter().filter(|file| file.in_scope).collect();
    let heading = match &files[..] {
        [file] => escape(&format!("Preview: {}", file.name)),
        _ => format!("Preview of {} files", files.len()),
    };
    // The frames inherit this policy, so it has to allow the images that the switch turns on. The page itself has no images.
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'sha256-{SCRIPT_HASH}'; img-src http: https: data:\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{heading}</title>\n<style>\n{STYLE}{PREVIEW_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{heading}</h1>\n\
         <p><label><input type=\"checkbox\" id=\"images\"> Load images from the network</label></p>\n\
         <p>The frames run no scripts. Without the switch, they load nothing. The code is an example.</p>\n</header>\n"
    )?;
    let mut diagnostics = report.diagnostics_by_file();
    for file in files {
        write_file(file, &diagnostics.remove(&file.id).unwrap_or_default(), out)?;
    }
    writeln!(
        out,
        "<footer>{} {}</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION")
    )
}

fn write_file(file: &ReportFile, diagnostics: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    if file.portals.is_empty() {
        writeln!(out, "<section>\n<h2>{}</h2>", escape(&file.name))?;
        write_findings(diagnostics, out)?;
        return writeln!(out, "</section>");
    }
    let by_document = group_by_document(diagnostics.iter().copied());
    for ReportPortal { summary, texts, .. } in &file.portals {
        let Some(texts) = texts else { continue };
        let about_portal = by_document.get(&summary.document).map_or(&[][..], Vec::as_slice);
        write_portal(file, summary.document, texts, about_portal, out)?;
    }
    Ok(())
}

fn write_portal(
    file: &ReportFile,
    document: usize,
    texts: &PortalTexts,
    diagnostics: &[&Diagnostic],
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = escape(texts.title.as_deref().unwrap_or("a portal without a name"));
    let document = if document > 0 { format!(", document {}", document + 1) } else { String::new() };
    writeln!(out, "<section>\n<h2>{title}</h2>\n<p><code>{}</code>{document}</p>", escape(&file.name))?;
    let mut others = diagnostics.to_vec();
    for email in &texts.emails {
        let pointer = format!("/customer_emails/{}", email.kind.field());
        write_email(email, &findings_at(diagnostics, &pointer), out)?;
        others.retain(|diagnostic| !is_same_or_below(&diagnostic.portal_pointer, &pointer));
    }
    writeln!(out, "<h3>The footer of the portal</h3>")?;
    write_frames(texts.footer.as_deref().map(Frame::footer).as_ref(), "the footer", out)?;
    write_findings(&findings_at(diagnostics, "/footer_html"), out)?;
    others.retain(|diagnostic| !is_same_or_below(&diagnostic.portal_pointer, "/footer_html"));
    if !others.is_empty() {
        writeln!(out, "<h3>Findings elsewhere</h3>")?;
        write_findings(&others, out)?;
    }
    writeln!(out, "</section>")
}

fn write_email(email: &EmailText, findings: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let label = email.kind.label();
    writeln!(out, "<h3>{}</h3>\n<dl>", escape(&capitalize(label)))?;
    let from = match (&email.from_name, &email.from) {
        (Some(name), Some(from)) => Some(format!("{name} <{from}>")),
        (None, from) => from.clone(),
        (name, None) => name.clone(),
    };
    for (term, text) in [("From", from.as_ref()), ("Subject", email.subject.as_ref())] {
        let text = text.map_or_else(|| "<em>not set</em>".to_owned(), |text| escape(&with_example_code(text)));
        writeln!(out, "<dt>{term}</dt><dd>{text}</dd>")?;
    }
    writeln!(out, "</dl>")?;
    write_frames(email.html.as_deref().map(Frame::email).as_ref(), label, out)?;
    write_findings(findings, out)
}

/// The findings about a value or something in it.
fn findings_at<'r>(diagnostics: &[&'r Diagnostic], pointer: &str) -> Vec<&'r Diagnostic> {
    let mut findings = diagnostics.to_vec();
    findings.retain(|diagnostic| is_same_or_below(&diagnostic.portal_pointer, pointer));
    findings
}

fn write_findings(findings: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Vec::with_capacity(findings.len());
    for diagnostic in findings {
        let (message, help) = (text_to_html(&diagnostic.message), text_to_html(&diagnostic.help));
        let severity =
            if diagnostic.allowed.is_some() { "allowed".to_owned() } else { diagnostic.severity.to_string() };
        rows.push(format!(
            "<td>{severity}</td><td><span class=\"place\">{}</span> {message}</td><td>{help} ({})</td>",
            diagnostic.region.start,
            rule_link(diagnostic.code)
        ));
    }
    write_table(&FINDING_COLUMNS, "findings", &rows, out)
}

fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
