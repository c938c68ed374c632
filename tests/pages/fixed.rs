//! Checks the examples `fixed` of the rule pages: the same file as the failing example before it, without the defect.

use std::ops::Range;

use portal_lint::base::diagnostic::Diagnostic;
use portal_lint::engine::report::Report;
use portal_lint::rules::RULES;
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Document, Limits, Parsed, json, pointer, yaml};

use crate::support::examples::{Example, complete_text, example_files, examples};
use crate::support::{check_files, finding_lines};

/// The rules whose failing examples cannot be fixed in the file, and the reason.
const WITHOUT_FIXED_EXAMPLE: &[(&str, &str)] = &[
    ("RCP003", "DNS records are not in the file"),
    ("RCP004", "the certificate is not in the file"),
    ("RCP306", "the certificate is not in the file"),
    ("RCP900", "a file that exceeds a limit is not a portal, so there is no portal to show"),
];

#[test]
fn each_page_shows_a_failing_example_without_its_defect() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let code = rule.code.to_string();
        let runs = examples(rule.page);
        let is_excepted = WITHOUT_FIXED_EXAMPLE.iter().any(|(excepted, _)| *excepted == code);
        let has_fixed = runs.iter().flatten().any(|example| example.fixed().is_some());
        if is_excepted == has_fixed {
            wrong.push(format!("{code}: has an example `fixed`: {has_fixed}, is an exception: {is_excepted}"));
        }
        for run in runs {
            for index in 0..run.len() {
                if let Some(fixed) = run[index].fixed()
                    && let Err(reason) = check_fixed(&code, &run, index, fixed)
                {
                    wrong.push(format!("{code}: {reason}\nin {}", run[index].code));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_exceptions_are_rules() {
    for (code, _) in WITHOUT_FIXED_EXAMPLE {
        assert!(RULES.iter().any(|rule| rule.code.to_string() == *code), "{code}");
    }
}

#[test]
fn a_fixed_example_that_does_anything_else_is_rejected() {
    for (fixed, reason) in [
        (r#"{ "name": "Untitled" }"#, "the fixed example still has the finding"),
        (r#"{ "name": "" }"#, "the fixed example has another finding"),
        (r#"{ "name": "Acme Portal", "enabled": true }"#, "the fixed example has another finding"),
        (r#"{ "name": "Acme Portal", "display_name": "Acme" }"#, "the change is not at the finding"),
        (r#"{ "name": "Acme Portal", "customer_filters": { "campaign": [] } }"#, "the change is not at the finding"),
        (r#"{ "name": "Acme Portal" }"#, ""),
    ] {
        let failing = r#"{ "name": "New Portal" }"#;
        let page = format!("## Fires on\n\n```json fires=/name\n{failing}\n```\n\n```json fixed\n{fixed}\n```\n");
        let run = &examples(&page)[0];
        let result = check_fixed("RCP102", run, 0, run[0].fixed().expect("a fixed example"));
        let error = result.err().unwrap_or_default();
        assert!(error.starts_with(reason) && error.is_empty() == reason.is_empty(), "{fixed}: {error}");
    }
}

/// Replaces one file of a run by its fixed text. The rule must find nothing in it, no file may have a finding that it did not have before,
/// and the two texts may differ only at the location of the findings.
fn check_fixed(code: &str, run: &[Example], index: usize, fixed: Example) -> Result<(), String> {
    let (before, after) = (complete_text(&run[index]), complete_text(&fixed));
    let failing_report = check_files(&example_files(run));
    let mut fixed_run = run.to_vec();
    let name = fixed.file_name();
    fixed_run[index] = fixed;
    let fixed_report = check_files(&example_files(&fixed_run));

    if let Some(finding) = findings_of(&fixed_report, &name, code).first() {
        return Err(format!("the fixed example still has the finding: {}", finding.message));
    }
    let mut lines_before = finding_lines(&failing_report);
    for line in finding_lines(&fixed_report) {
        let Some(index) = lines_before.iter().position(|before| *before == line) else {
            return Err(format!("the fixed example has another finding: {line}"));
        };
        lines_before.remove(index);
    }
    let changed = changed_range(&before, &after);
    let findings = findings_of(&failing_report, &name, code);
    if !is_at_findings(&before, &changed, &findings, &name) {
        return Err(format!("the change is not at the finding: {:?} in\n{before}\n{after}", &before[changed]));
    }
    Ok(())
}

fn findings_of<'r>(report: &'r Report, file: &str, code: &str) -> Vec<&'r Diagnostic> {
    let is_wanted = |finding: &&Diagnostic| report.file(finding.file).name == file && finding.code.to_string() == code;
    report.findings().filter(is_wanted).collect()
}

/// The range of the first text without the common start and the common end of both texts. The comma and the line break next to a
/// removed entry are left out.
fn changed_range(before: &str, after: &str) -> Range<usize> {
    let start = common_length(before.chars(), after.chars());
    let common_end = common_length(before[start..].chars().rev(), after[start..].chars().rev());
    let end = before.len() - common_end;
    let is_separator = |character: char| character == ',' || character.is_whitespace();
    let removed = before[start..end].trim_start_matches(is_separator);
    let start = end - removed.len();
    start..start + removed.trim_end_matches(is_separator).len()
}

/// The number of bytes of the characters that both start with.
fn common_length(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(character, _)| character.len_utf8()).sum()
}

/// Whether the change is at the location of the findings:
/// - in the lines from the first finding to the last. In JSON, each field of a completed example is on its own lines. The value that a
///   finding points to counts as a part of the finding, because the finding may underline only the key;
/// - or in the lines of a label of a finding, such as a field that differs from the account;
/// - or, if the finding points to a field that the file does not have, an addition to the object that lacks the field.
fn is_at_findings(text: &str, changed: &Range<usize>, findings: &[&Diagnostic], file: &str) -> bool {
    let limits = Limits::default();
    let parsed = match file.rsplit_once('.') {
        Some((_, "yaml")) => yaml::parse(text, &limits),
        Some((_, "toml")) => Parsed::default(),
        _ => json::parse(text, json::Dialect::Comments, &limits),
    };
    let mut ranges = Vec::new();
    for finding in findings {
        ranges.push(finding.region.span().range());
        let mut labels = finding.labels.iter().filter(|label| label.file == finding.file);
        if labels.any(|label| is_inside(changed, &enclosing_lines(text, &[label.region.span().range()]))) {
            return true;
        }
        let Some(document) = parsed.documents.get(finding.document) else { continue };
        match find_value(document, &finding.pointer) {
            Found::Value(value) => ranges.push(value),
            Found::InnermostObject(object) => {
                if changed.is_empty() && is_inside(changed, &enclosing_lines(text, &[object])) {
                    return true;
                }
            }
        }
    }
    is_inside(changed, &enclosing_lines(text, &ranges))
}

/// The lines from the first range to the last, with the last line break.
fn enclosing_lines(text: &str, ranges: &[Range<usize>]) -> Range<usize> {
    let start = ranges.iter().map(|range| range.start).min().expect("a finding");
    let end = ranges.iter().map(|range| range.end).max().expect("a finding");
    let line_start = text[..start].rfind('\n').map_or(0, |position| position + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |position| end + position + 1);
    line_start..line_end
}

fn is_inside(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The result of [`find_value`].
enum Found {
    Value(Range<usize>),
    /// The pointer leads to no value. This is the last object or list on the path that exists.
    InnermostObject(Range<usize>),
}

/// The range of the value at a pointer. The root does not count as a value.
fn find_value(document: &Document<'_>, path: &str) -> Found {
    let steps: Vec<String> = pointer::steps(path).collect();
    let mut cursor = Cursor::root(document);
    let mut exists = !path.is_empty();
    for step in &steps {
        let next = match step.parse() {
            Ok(index) if cursor.is_list() => cursor.item(index),
            _ => cursor.field(step),
        };
        if !next.is_present() {
            exists = false;
            break;
        }
        cursor = next;
    }
    let range = cursor.node().map(|node| node.span).unwrap_or_default().range();
    if exists { Found::Value(range) } else { Found::InnermostObject(range) }
}
