//! What the fuzz targets share. A target fails by panicking.

use portal_lint::base::file::{Inclusion, InputFile, Origin, WalkMatch};
use portal_lint::base::source::{Format, Source};
use portal_lint::engine::report::Report;
use portal_lint::engine::run::check;
use portal_lint::preflight::evaluate_report;
use portal_lint::render::preflight::PreflightFormat;
use portal_lint::render::{self, ReportFormat, Screen};
use portal_lint::settings::Settings;

const SCREEN: Screen = Screen { color: false, width: 100 };

/// A file with this content, as if its path had been an argument of the program.
pub fn memory_file(name: &str, content: impl Into<Vec<u8>>) -> InputFile {
    InputFile::new(name, Origin::Memory(content.into()), Inclusion::Explicit(WalkMatch::Included))
}

/// Checks a file with the default settings, and everything about its report that must hold for every input.
pub fn check_file(name: &str, content: &[u8]) -> Report {
    check_with(&Settings { with_preflight_facts: true, ..Settings::default() }, memory_file(name, content))
}

/// The same with other settings.
pub fn check_with(settings: &Settings, file: InputFile) -> Report {
    let report = check(vec![file], settings);
    assert_valid_spans(&report);
    report
}

/// Each finding has a span of whole characters in its file.
pub fn assert_valid_spans(report: &Report) {
    for diagnostic in &report.diagnostics {
        let Some(source) = &report.file(diagnostic.file).source else { continue };
        let range = diagnostic.region.span().range();
        assert!(source.text().get(range.clone()).is_some(), "{range:?} of {}: {}", diagnostic.code, diagnostic.message);
    }
}

/// Renders a report in each format, and its preflight.
pub fn render_all(report: &Report) -> Vec<String> {
    let mut texts = Vec::new();
    let formats = [ReportFormat::Human, ReportFormat::Concise, ReportFormat::Json, ReportFormat::Sarif];
    for format in formats {
        let mut out = Vec::new();
        render::render(report, format, SCREEN, &mut out).expect("memory can be written");
        texts.push(String::from_utf8(out).expect("UTF-8"));
    }
    let preflight = evaluate_report(report);
    for format in [PreflightFormat::Human, PreflightFormat::Json] {
        let mut out = Vec::new();
        render::preflight::render(&preflight, format, SCREEN, &mut out).expect("memory can be written");
        texts.push(String::from_utf8(out).expect("UTF-8"));
    }
    texts
}

/// A complete body as JSON in which `html` is the HTML of both emails and of the footer.
pub fn body_with_html(html: &str) -> String {
    let email = serde_json::json!({ "from": "support@acme-outfitters.com", "html": html });
    let emails = serde_json::json!({
        "customer_account_confirm_email": email, "customer_account_password_reset": email,
    });
    serde_json::json!({ "name": "Acme", "recaptcha": {}, "footer_html": html, "customer_emails": emails }).to_string()
}

/// A text in a format.
pub fn source(text: &str, format: Format) -> Source {
    Source::new("fuzz", text, format)
}
