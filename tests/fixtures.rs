//! Fixtures, whose names are what is expected: `bad-*` fires its rule (and those after a `+`) and no other, `ok-*` is
//! silent for all rules, `clean/` too, `guide/` finds what a person wrote down.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use portal_lint::base::file::InputFile;
use portal_lint::engine::report::Report;
use portal_lint::render::{ReportFormat, Screen, render};
use portal_lint::rules::RULES;
use support::{account, entries, fixtures, inputs, lines, name, repository, run, text};

/// The codes a fixture's name asks for; empty for `ok-*`.
fn expected(rule: &str, fixture: &Path) -> BTreeSet<String> {
    let name = name(fixture);
    let stem = name.split('.').next().expect("a stem");
    if stem.starts_with("ok-") {
        return BTreeSet::new();
    }
    assert!(stem.starts_with("bad-"), "{name}: neither bad- nor ok-");
    let built = |code: &&str| RULES.iter().any(|rule| rule.code.to_string() == **code);
    std::iter::once(rule).chain(stem.split('+').skip(1)).filter(built).map(str::to_owned).collect()
}

fn human(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, ReportFormat::Human, Screen { color: false, width: 100 }, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("text")
}

#[test]
fn each_fixture_does_what_its_name_says() {
    let mut wrong = Vec::new();
    for folder in entries(&repository("fixtures/rules")) {
        let rule = name(&folder);
        for fixture in fixtures(&folder) {
            let report = run(&inputs(&fixture));
            let found: BTreeSet<String> = report.findings().map(|one| one.code.to_string()).collect();
            if found != expected(&rule, &fixture) {
                wrong.push(format!("{rule}/{}: {:#?}", name(&fixture), lines(&report)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} fixtures:\n{}", wrong.len(), wrong.join("\n"));
}

/// Html that was good once is not looked at again; see `portal::PortalCache`.
#[test]
fn what_was_good_in_other_files_hides_nothing() {
    let clean = fs::read_to_string(repository("fixtures/clean/create.json")).expect("a clean body");
    let twin = |number| text(&format!("0{number}.json"), clean.replace("Acme Subscription", &format!("Twin {number}")));
    let twins: Vec<InputFile> = (0..6).map(twin).collect();
    // What depends on the other files.
    let across = ["RCP001", "RCP019", "RCP103"];
    let own = |report: &Report| -> Vec<String> {
        lines(report)
            .into_iter()
            .filter(|line| !line.starts_with('0') && !across.iter().any(|rule| line.contains(rule)))
            .collect()
    };
    for fixture in entries(&repository("fixtures/rules")).iter().flat_map(|folder| fixtures(folder)) {
        let inputs = inputs(&fixture);
        let alone = run(&inputs);
        let among = run(&[twins.clone(), inputs].concat());
        assert_eq!(own(&alone), own(&among), "{}", fixture.display());
    }
}

#[test]
fn each_rule_has_a_fixture_it_passes_and_one_it_fails() {
    for rule in RULES {
        let code = rule.code.to_string();
        let names: Vec<String> =
            fixtures(&repository("fixtures/rules").join(&code)).iter().map(|path| name(path)).collect();
        assert!(names.iter().any(|name| name.starts_with("ok-")), "{code}: no ok- fixture");
        assert!(names.iter().any(|name| name.starts_with("bad-")), "{code}: no bad- fixture");
    }
}

#[test]
fn clean_bodies_are_silent_alone_and_together() {
    for fixture in entries(&repository("fixtures/clean")) {
        assert_eq!(lines(&run(&inputs(&fixture))), [""; 0], "{}", name(&fixture));
    }
    assert_eq!(lines(&run(&inputs(&repository("fixtures/clean")))), [""; 0]);
}

#[test]
fn an_account_that_has_all_they_name_leaves_nothing_open_in_clean_bodies() {
    let snapshot = account("account.json", fs::read(repository("fixtures/account.json")).expect("the snapshot"));
    for fixture in entries(&repository("fixtures/clean")).iter().filter(|path| !name(path).starts_with("edit")) {
        let report = run(&[inputs(fixture), vec![snapshot.clone()]].concat());
        let open: Vec<_> = report.unverified().collect();
        assert_eq!((lines(&report), open.len()), (Vec::new(), 0), "{}: {open:?}", name(fixture));
    }
}

#[test]
fn what_people_read() {
    for folder in entries(&repository("fixtures/rules")) {
        let mut shown = String::new();
        for fixture in fixtures(&folder).iter().filter(|fixture| name(fixture).starts_with("bad-")) {
            let report = run(&inputs(fixture));
            let human = human(&report);
            // The numbers at the end are the same everywhere.
            let findings = human.rsplit_once("\n\n").map_or("", |(findings, _)| findings);
            writeln!(shown, "───── {} ─────\n\n{findings}\n", name(fixture)).expect("memory can be written");
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name(&folder), shown);
        });
    }
}
