//! `JUnit` XML, as Jenkins and others read test results: a suite a file, a test case a finding.
//!
//! A finding that fails the run is a failure, what is allowed is skipped, and anything else passes and says what it found;
//! a check that was not completed is an error; a file without any of these is one test case that passes. So a server that fails a build for a failure agrees with the
//! exit code.

use std::io::{self, Write};

use super::{advised, xml};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::{File, Report};
use crate::rules::context::{QueryStatus, Unverified};

/// Writes the suites of all files; `fail_on` is the least severity that fails.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(report: &Report, fail_on: Severity, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let fails = |one: &Diagnostic| one.allowed.is_none() && one.severity >= fail_on;
    let failures = report.diagnostics.iter().filter(|one| fails(one)).count().to_string();
    let errors = report.not_completed().count().to_string();
    let counts = [("name", env!("CARGO_PKG_NAME")), ("failures", failures.as_str()), ("errors", errors.as_str())];
    xml::open(out, 0, "testsuites", &counts)?;
    let mut of_files: Vec<Vec<&Diagnostic>> = report.files.iter().map(|_| Vec::new()).collect();
    for diagnostic in &report.diagnostics {
        of_files[diagnostic.file].push(diagnostic);
    }
    for (file, own) in report.files.iter().zip(of_files) {
        let is_not_completed = |open: &&Unverified| open.asked == QueryStatus::NoAnswer && open.allowed().is_none();
        let open: Vec<&Unverified> = file.open.iter().filter(is_not_completed).collect();
        if file.listed || !own.is_empty() || !open.is_empty() {
            suite(file, &own, &open, &fails, out)?;
        }
    }
    xml::close(out, 0, "testsuites")
}

fn suite(
    file: &File,
    own: &[&Diagnostic],
    open: &[&Unverified],
    fails: &dyn Fn(&Diagnostic) -> bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = sanitize(&file.name);
    let tests = (own.len() + open.len()).max(1).to_string();
    let errors = open.len().to_string();
    let failures = own.iter().filter(|one| fails(one)).count().to_string();
    let skipped = own.iter().filter(|one| one.allowed.is_some()).count().to_string();
    let counts = [("tests", tests.as_str()), ("failures", &failures), ("errors", &errors), ("skipped", &skipped)];
    xml::open(out, 1, "testsuite", &[&[("name", name.as_str())], counts.as_slice()].concat())?;
    if own.is_empty() && open.is_empty() {
        xml::empty(out, 2, "testcase", &[("name", "no findings"), ("classname", &name)])?;
    }
    own.iter().try_for_each(|one| case(&name, one, fails(one), out))?;
    open.iter().try_for_each(|one| not_completed_case(&name, one, out))?;
    xml::close(out, 1, "testsuite")
}

/// A check that was not completed says nothing about the portal: it is an error and no failure.
fn not_completed_case(file: &str, open: &Unverified, out: &mut dyn Write) -> io::Result<()> {
    let document = if open.document == 0 { String::new() } else { format!(" in document {}", open.document + 1) };
    let name = format!("{} not completed{document}", open.code);
    xml::open(out, 2, "testcase", &[("name", &name), ("classname", file)])?;
    let reason = sanitize(open.reason());
    let text = format!("{file}: {}: {reason}", open.code);
    xml::words(out, 3, "error", &[("type", "not completed"), ("message", &reason)], &text)?;
    xml::close(out, 2, "testcase")
}

fn case(file: &str, diagnostic: &Diagnostic, fails: bool, out: &mut dyn Write) -> io::Result<()> {
    let start = diagnostic.region.start;
    let (line, column) = (start.line.max(1), start.column.max(1));
    let name = format!("{} at {line}:{column}", diagnostic.code);
    xml::open(out, 2, "testcase", &[("name", &name), ("classname", file)])?;
    let (message, severity) = (sanitize(&diagnostic.message), diagnostic.severity.to_string());
    let text = format!("{file}:{line}:{column}: {}", advised(diagnostic));
    match &diagnostic.allowed {
        Some(allowed) => xml::words(out, 3, "skipped", &[("message", &sanitize(&allowed.reason))], &text)?,
        None if fails => xml::words(out, 3, "failure", &[("type", &severity), ("message", &message)], &text)?,
        None => xml::words(out, 3, "system-out", &[], &format!("{severity}: {text}"))?,
    }
    xml::close(out, 2, "testcase")
}
