//! Workflow commands of GitHub Actions: each finding annotates its line in the pull request.
//!
//! What is allowed annotates nothing: it is a line for those who debug the workflow. All that comes from a file is
//! escaped as the runner unescapes it, so no text can be a command of its own.

use std::io::{self, Write};

use super::advised;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::rules::metadata;

/// One command a finding, and one a check that was not completed: the job fails for that as well.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        let name = metadata(diagnostic.code).name;
        command(report, diagnostic, name, out)?;
    }
    for (file, open) in report.not_completed() {
        let name = metadata(open.code).name;
        let (file, title) = (property(&sanitize(&file.name)), property(&format!("{} {name} not completed", open.code)));
        writeln!(out, "::error file={file},title={title}::{}", data(&sanitize(open.reason())))?;
    }
    Ok(())
}

fn command(report: &Report, diagnostic: &Diagnostic, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let file = sanitize(&report.files[diagnostic.file].name);
    let (start, end) = (diagnostic.region.start, diagnostic.region.end);
    let (line, column) = (start.line.max(1), start.column.max(1));
    let code = diagnostic.code;
    if let Some(allowed) = &diagnostic.allowed {
        let (message, reason) = (sanitize(&diagnostic.message), sanitize(&allowed.reason));
        let text = format!("{code} {name} allowed at {file}:{line}:{column}: {message} ({reason})");
        return writeln!(out, "::debug::{}", data(&text));
    }
    let word = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    // The runner drops all columns of a place that ends on another line.
    let end_column = if end.line == start.line { format!(",endColumn={}", end.column.max(1)) } else { String::new() };
    let (file, title) = (property(&file), property(&format!("{code} {name}")));
    let text = data(&advised(diagnostic));
    let end_line = end.line.max(line);
    writeln!(out, "::{word} file={file},line={line},col={column},endLine={end_line}{end_column},title={title}::{text}")
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands behind a `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_a_command_or_starts_one() {
        assert_eq!(data("a\r\n::error::b %0A ]]>"), "a%0D%0A::error::b %250A ]]>");
        assert_eq!(property("a,line=1::b:c%\n"), "a%2Cline=1%3A%3Ab%3Ac%25%0A");
        assert_eq!(sanitize("\u{202e}\0::x"), "\u{fffd}\u{fffd}::x");
    }
}
