//! Runs the fixtures. The name of a fixture states which findings are expected: `bad-*` has findings of exactly the rule of its folder
//! and the rules after a `+`; `ok-*` and the files in `clean/` have no findings.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::support::{
    check_files, entries, file_name, finding_lines, fixture_paths, internal_file, memory_file, read_inputs, repository,
};
use portal_lint::base::file::InputFile;
use portal_lint::engine::report::Report;
use portal_lint::render::{ReportFormat, Screen, render};
use portal_lint::rules::RULES;

/// The rules whose findings are expected in a fixture, according to its name.
fn expected_codes(rule: &str, fixture: &Path) -> BTreeSet<String> {
    let name = file_name(fixture);
    let stem = name.split('.').next().expect("a stem");
    if stem.starts_with("ok-") {
        return BTreeSet::new();
    }
    assert!(stem.starts_with("bad-"), "{name}: neither bad- nor ok-");
    let mut codes = BTreeSet::from([rule.to_owned()]);
    codes.extend(stem.split('+').skip(1).map(str::to_owned));
    codes.retain(|code| RULES.iter().any(|rule| rule.code.to_string() == *code));
    codes
}

fn render_human(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, ReportFormat::Human, Screen { color: false, width: 100 }, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("text")
}

#[test]
fn each_fixture_has_the_findings_that_its_name_states() {
    let mut wrong = Vec::new();
    for folder in entries(&repository("fixtures/rules")) {
        let rule = file_name(&folder);
        for fixture in fixture_paths(&folder) {
            let report = check_files(&read_inputs(&fixture));
            let found: BTreeSet<String> = report.findings().map(|finding| finding.code.to_string()).collect();
            if found != expected_codes(&rule, &fixture) {
                wrong.push(format!("{rule}/{}: {:#?}", file_name(&fixture), finding_lines(&report)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} fixtures:\n{}", wrong.len(), wrong.join("\n"));
}

/// Checks one failing fixture of each rule, because the effect of other files does not depend on the text of the fixture.
#[test]
fn other_files_of_the_run_hide_no_findings() {
    let clean = fs::read_to_string(repository("fixtures/clean/create.json")).expect("a clean body");
    let other_file = |number| {
        memory_file(&format!("0{number}.json"), clean.replace("Acme Subscription", &format!("Other {number}")))
    };
    let other_files: Vec<InputFile> = (0..3).map(other_file).collect();
    // The rules that compare files.
    let cross_file_rules = ["RCP001", "RCP019", "RCP103", "RCP107", "RCP114"];
    let findings_in_fixture = |report: &Report| {
        let mut findings = finding_lines(report);
        // The names of the other files start with a zero.
        findings.retain(|line| !line.starts_with('0') && !cross_file_rules.iter().any(|rule| line.contains(rule)));
        findings
    };
    for folder in entries(&repository("fixtures/rules")) {
        let paths = fixture_paths(&folder);
        let fixture = paths.iter().find(|path| file_name(path).starts_with("bad-")).expect("a failing fixture");
        let inputs = read_inputs(fixture);
        let alone = check_files(&inputs);
        let with_others = check_files(&[other_files.clone(), inputs].concat());
        assert_eq!(findings_in_fixture(&alone), findings_in_fixture(&with_others), "{}", fixture.display());
    }
}

#[test]
fn each_rule_has_ok_and_bad_fixtures() {
    for rule in RULES {
        let code = rule.code.to_string();
        let names: Vec<String> =
            fixture_paths(&repository("fixtures/rules").join(&code)).iter().map(|path| file_name(path)).collect();
        assert!(names.iter().any(|name| name.starts_with("ok-")), "{code}: no ok- fixture");
        assert!(names.iter().any(|name| name.starts_with("bad-")), "{code}: no bad- fixture");
    }
}

#[test]
fn clean_bodies_have_no_findings_alone_or_together() {
    for fixture in entries(&repository("fixtures/clean")) {
        assert_eq!(finding_lines(&check_files(&read_inputs(&fixture))), [""; 0], "{}", file_name(&fixture));
    }
    assert_eq!(finding_lines(&check_files(&read_inputs(&repository("fixtures/clean")))), [""; 0]);
}

#[test]
fn clean_bodies_have_no_unverified_checks_with_a_complete_account() {
    let snapshot = internal_file("account.json", fs::read(repository("fixtures/account.json")).expect("the snapshot"));
    for fixture in &entries(&repository("fixtures/clean")) {
        let report = check_files(&[read_inputs(fixture), vec![snapshot.clone()]].concat());
        let unverified: Vec<_> = report.unverified().collect();
        assert_eq!(
            (finding_lines(&report), unverified.len()),
            (Vec::new(), 0),
            "{}: {unverified:?}",
            file_name(fixture)
        );
    }
}

#[test]
fn human_reports_of_bad_fixtures_match_the_snapshots() {
    for folder in entries(&repository("fixtures/rules")) {
        let mut snapshot = String::new();
        for fixture in fixture_paths(&folder).iter().filter(|fixture| file_name(fixture).starts_with("bad-")) {
            let report = check_files(&read_inputs(fixture));
            let human = render_human(&report);
            // The summary at the end is much the same everywhere.
            let findings = human.rsplit_once("\n\n").map_or("", |(findings, _)| findings);
            writeln!(snapshot, "───── {} ─────\n\n{findings}\n", file_name(fixture)).expect("memory can be written");
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(file_name(&folder), snapshot);
        });
    }
}
