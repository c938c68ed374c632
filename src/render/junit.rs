//! `JUnit` XML, as Jenkins and others read test results: a suite a file, a test case a finding.
//!
//! A finding that fails the run is a failure, what is allowed is skipped, and anything else passes and says what it found;
//! a file without findings is one test case that passes. So a server that fails a build for a failure agrees with the
//! exit code.

use std::io::{self, Write};

use super::{advised, plain, xml};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::{File, Report};

/// Writes the suites of all files; `fail_on` is the least severity that fails.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn render(report: &Report, fail_on: Severity, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let fails = |one: &Diagnostic| one.allowed.is_none() && one.severity >= fail_on;
    let failures = report.diagnostics.iter().filter(|one| fails(one)).count().to_string();
    xml::open(out, 0, "testsuites", &[("name", env!("CARGO_PKG_NAME")), ("failures", &failures), ("errors", "0")])?;
    let mut of_files: Vec<Vec<&Diagnostic>> = report.files.iter().map(|_| Vec::new()).collect();
    for diagnostic in &report.diagnostics {
        of_files[diagnostic.file].push(diagnostic);
    }
    for (file, own) in report.files.iter().zip(of_files) {
        if file.listed || !own.is_empty() {
            suite(file, &own, &fails, out)?;
        }
    }
    xml::close(out, 0, "testsuites")
}

fn suite(file: &File, own: &[&Diagnostic], fails: &dyn Fn(&Diagnostic) -> bool, out: &mut dyn Write) -> io::Result<()> {
    let name = plain(&file.name);
    let tests = own.len().max(1).to_string();
    let failures = own.iter().filter(|one| fails(one)).count().to_string();
    let skipped = own.iter().filter(|one| one.allowed.is_some()).count().to_string();
    let counts = [("tests", tests.as_str()), ("failures", &failures), ("errors", "0"), ("skipped", &skipped)];
    xml::open(out, 1, "testsuite", &[&[("name", name.as_str())], counts.as_slice()].concat())?;
    if own.is_empty() {
        xml::empty(out, 2, "testcase", &[("name", "no findings"), ("classname", &name)])?;
    }
    own.iter().try_for_each(|one| case(&name, one, fails(one), out))?;
    xml::close(out, 1, "testsuite")
}

fn case(file: &str, diagnostic: &Diagnostic, fails: bool, out: &mut dyn Write) -> io::Result<()> {
    let start = diagnostic.region.start;
    let (line, column) = (start.line.max(1), start.column.max(1));
    let name = format!("{} at {line}:{column}", diagnostic.code);
    xml::open(out, 2, "testcase", &[("name", &name), ("classname", file)])?;
    let (message, severity) = (plain(&diagnostic.message), diagnostic.severity.to_string());
    let text = format!("{file}:{line}:{column}: {}", advised(diagnostic));
    match &diagnostic.allowed {
        Some(allowed) => xml::words(out, 3, "skipped", &[("message", &plain(&allowed.reason))], &text)?,
        None if fails => xml::words(out, 3, "failure", &[("type", &severity), ("message", &message)], &text)?,
        None => xml::words(out, 3, "system-out", &[], &format!("{severity}: {text}"))?,
    }
    xml::close(out, 2, "testcase")
}
