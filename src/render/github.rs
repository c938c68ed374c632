//! GitHub Actions workflow commands: each finding annotates its line in the pull request.
//!
//! Text from files is escaped as the runner expects, so that it cannot start a command.

use std::io::{self, Write};

use super::{format_location, message_with_help};
use crate::base::diagnostic::{Diagnostic, LineRange, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::rules::metadata;

/// Writes one command for each finding, and one for each check that was not completed, because that fails the job, too.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        let name = metadata(diagnostic.code).name;
        match &diagnostic.allowed {
            None => write_annotation(report, diagnostic, name, out)?,
            Some(allowed) => write_debug_line(report, diagnostic, name, &allowed.reason, out)?,
        }
    }
    for (file, check) in report.not_completed() {
        let name = metadata(check.code).name;
        let path = escape_property(&sanitize(&file.name));
        let title = escape_property(&format!("{} {name} not completed", check.code));
        writeln!(out, "::error file={path},title={title}::{}", escape_message(&sanitize(&check.reason)))?;
    }
    Ok(())
}

fn write_annotation(report: &Report, diagnostic: &Diagnostic, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let file = escape_property(&sanitize(&report.file(diagnostic.file).name));
    let LineRange { start, end } = diagnostic.region;
    // The runner ignores all columns of a range that ends on another line.
    let end_column = if end.line == start.line { format!(",endColumn={}", end.column) } else { String::new() };
    let title = escape_property(&format!("{} {name}", diagnostic.code));
    let message = escape_message(&message_with_help(diagnostic));
    writeln!(
        out,
        "::{command} file={file},line={},col={},endLine={}{end_column},title={title}::{message}",
        start.line, start.column, end.line
    )
}

/// Writes an allowed finding. It annotates nothing: the runner shows `debug` lines only if debug logging is on.
fn write_debug_line(
    report: &Report,
    diagnostic: &Diagnostic,
    name: &str,
    reason: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let location = sanitize(&format_location(report, diagnostic));
    let (message, reason) = (sanitize(&diagnostic.message), sanitize(reason));
    let text = format!("{} {name} allowed at {location}: {message} ({reason})", diagnostic.code);
    writeln!(out, "::debug::{}", escape_message(&text))
}

/// Escapes the message of a command, which follows the second `::`.
fn escape_message(text: &str) -> String {
    // Escape `%` first, because the other escapes contain it.
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, such as `title=…`. Properties are separated by commas and end at `::`.
fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_or_start_a_command() {
        assert_eq!(escape_message("a\r\n::error::b %0A ]]>"), "a%0D%0A::error::b %250A ]]>");
        assert_eq!(escape_property("a,line=1::b:c%\n"), "a%2Cline=1%3A%3Ab%3Ac%25%0A");
        assert_eq!(sanitize("\u{202e}\0::x"), "\u{fffd}\u{fffd}::x");
    }
}
