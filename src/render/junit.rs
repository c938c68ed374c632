//! JUnit XML, as Jenkins and others read test results: one test suite for each file, one test case for each finding.
//!
//! A finding that fails the run is a failure, an allowed finding is skipped, and any other finding passes and is written as output. A
//! check that was not completed is an error. A file without any of these has one test case that passes. A server that fails the build
//! on failures and errors therefore agrees with the exit code.

use std::io::{self, Write};

use super::message_with_help;
use super::xml::XmlWriter;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::{Report, ReportFile};
use crate::rules::context::Unverified;

/// The test cases of one file.
struct TestSuite<'r> {
    file: &'r ReportFile,
    findings: Vec<&'r Diagnostic>,
    not_completed: Vec<&'r Unverified>,
}

/// Writes the suites of all files. `fail_on` is the lowest severity that fails the run.
pub(super) fn render(report: &Report, fail_on: Severity, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = XmlWriter::new(out)?;
    let failures = count_failures(report.diagnostics.iter(), fail_on).to_string();
    let errors = report.not_completed().count().to_string();
    let counts = [("name", env!("CARGO_PKG_NAME")), ("failures", failures.as_str()), ("errors", errors.as_str())];
    xml.write_start_tag("testsuites", &counts)?;
    for suite in collect_suites(report) {
        // Context files, such as other portals of the project, are listed only if there is something about them.
        if suite.file.in_scope || !suite.findings.is_empty() || !suite.not_completed.is_empty() {
            write_suite(&suite, fail_on, &mut xml)?;
        }
    }
    xml.write_end_tag("testsuites")
}

fn collect_suites(report: &Report) -> Vec<TestSuite<'_>> {
    let mut diagnostics_by_file = report.diagnostics_by_file();
    let mut suites = Vec::with_capacity(report.files.len());
    for file in &report.files {
        let not_completed = file.not_completed().collect();
        let findings = diagnostics_by_file.remove(&file.id).unwrap_or_default();
        suites.push(TestSuite { file, findings, not_completed });
    }
    suites
}

fn is_failure(diagnostic: &Diagnostic, fail_on: Severity) -> bool {
    diagnostic.allowed.is_none() && diagnostic.severity >= fail_on
}

fn count_failures<'r>(diagnostics: impl Iterator<Item = &'r Diagnostic>, fail_on: Severity) -> usize {
    diagnostics.filter(|diagnostic| is_failure(diagnostic, fail_on)).count()
}

fn write_suite(suite: &TestSuite<'_>, fail_on: Severity, xml: &mut XmlWriter<'_>) -> io::Result<()> {
    let TestSuite { file, findings, not_completed } = suite;
    let name = sanitize(&file.name);
    let tests = (findings.len() + not_completed.len()).max(1).to_string();
    let errors = not_completed.len().to_string();
    let failures = count_failures(findings.iter().copied(), fail_on).to_string();
    let skipped = findings.iter().filter(|finding| finding.allowed.is_some()).count().to_string();
    let attributes = [
        ("name", name.as_str()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", &errors),
        ("skipped", &skipped),
    ];
    xml.write_start_tag("testsuite", &attributes)?;
    if findings.is_empty() && not_completed.is_empty() {
        // Jenkins rejects a report without any test case.
        xml.write_empty_element("testcase", &[("name", "no findings"), ("classname", &name)])?;
    }
    for finding in findings {
        write_finding_case(&name, finding, fail_on, xml)?;
    }
    for check in not_completed {
        write_not_completed_case(&name, check, xml)?;
    }
    xml.write_end_tag("testsuite")
}

fn write_not_completed_case(file: &str, check: &Unverified, xml: &mut XmlWriter<'_>) -> io::Result<()> {
    let document = if check.document == 0 { String::new() } else { format!(" in document {}", check.document + 1) };
    let name = format!("{} not completed{document}", check.code);
    xml.write_start_tag("testcase", &[("name", &name), ("classname", file)])?;
    let reason = sanitize(&check.reason);
    let text = format!("{file}: {}: {reason}", check.code);
    // In JUnit, an error is a test that could not run to its end, and a failure is a test that found a defect.
    xml.write_text_element("error", &[("type", "not completed"), ("message", &reason)], &text)?;
    xml.write_end_tag("testcase")
}

fn write_finding_case(file: &str, finding: &Diagnostic, fail_on: Severity, xml: &mut XmlWriter<'_>) -> io::Result<()> {
    let start = finding.region.start;
    let name = format!("{} at {start}", finding.code);
    xml.write_start_tag("testcase", &[("name", &name), ("classname", file)])?;
    let (message, severity) = (sanitize(&finding.message), finding.severity.to_string());
    let text = format!("{file}:{start}: {}", message_with_help(finding));
    if let Some(allowed) = &finding.allowed {
        xml.write_text_element("skipped", &[("message", &sanitize(&allowed.reason))], &text)?;
    } else if is_failure(finding, fail_on) {
        xml.write_text_element("failure", &[("type", &severity), ("message", &message)], &text)?;
    } else {
        xml.write_text_element("system-out", &[], &format!("{severity}: {text}"))?;
    }
    xml.write_end_tag("testcase")
}
