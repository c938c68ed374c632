//! `preflight`: the status of each checklist item, the verdicts, the exit codes, and the escaping of hostile text.

mod edits;
mod env;
mod output;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::support::json::{array, field_texts, finding_codes, text};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;
use portal_lint::base::diagnostic::{Allowed, Code};
use portal_lint::engine::discovery::sort_and_dedup;
use portal_lint::engine::report::Report;
use portal_lint::engine::run::check;
use portal_lint::preflight::{CHECKLIST, Status, Verdict, evaluate_report};
use portal_lint::render::Screen;
use portal_lint::render::preflight::{PreflightFormat, render};
use portal_lint::rules::RULES;
use portal_lint::rules::selection::Selection;
use portal_lint::settings::Settings;
use serde_json::Value as Json;

const FORMATS: [&str; 4] = ["human", "json", "markdown", "html"];

/// A clean body without variables: only items that need the account are unverified.
fn body_without_variables() -> String {
    clean_body()
        .replace("${RECAPTCHA_SITE_KEY}", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr")
        .replace("${RECAPTCHA_SECRET_KEY}", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu")
}

fn clean_edit() -> String {
    fs::read_to_string(repository("fixtures/clean/edit.json")).expect("a clean edit")
}

/// The report on files, with the facts that `preflight` needs.
fn report_on(texts: &[(&str, &str)]) -> Report {
    let mut inputs: Vec<_> = texts.iter().map(|(name, text)| crate::support::memory_file(name, *text)).collect();
    sort_and_dedup(&mut inputs);
    check(inputs, &Settings { with_preflight_facts: true, ..Settings::default() })
}

/// The status of every item of a portal, by ID.
fn item_statuses(report: &Report, portal: usize) -> BTreeMap<&'static str, Status> {
    evaluate_report(report).portals[portal].items.iter().map(|item| (item.id, item.status)).collect()
}

/// The IDs of the items with a status, in the order of the checklists.
fn items_with(statuses: &BTreeMap<&'static str, Status>, status: Status) -> Vec<&'static str> {
    let in_order = CHECKLIST.iter().map(|item| item.id);
    in_order.filter(|id| statuses[id] == status).collect()
}

/// Runs `preflight` in a folder with these files.
fn run_preflight(texts: &[(&str, &str)], args: &[&str]) -> std::process::Output {
    let folder = create_folder(texts);
    portal_lint(folder.path(), &[&["preflight", "--color", "never"], args].concat(), b"")
}

/// A suppression from a line of the settings or of a file.
fn suppression(source: &str) -> Allowed {
    Allowed { reason: "agreed with support".into(), until: Some("2027-03-31".into()), source: source.into() }
}

fn render_text(report: &Report, format: PreflightFormat) -> String {
    let mut out = Vec::new();
    let screen = Screen { color: false, width: 100 };
    render(&evaluate_report(report), format, screen, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("text")
}

#[test]
fn the_checklists_are_complete_and_have_every_item_of_the_rule_pages() {
    let ids: Vec<String> = CHECKLIST.iter().map(|item| item.id.to_owned()).collect();
    let expected = (1..=24).map(|number| format!("V{number}")).chain((1..=20).map(|number| format!("P{number}")));
    assert_eq!(ids, expected.collect::<Vec<_>>());
    let ids_in_pages: BTreeSet<&str> = RULES.iter().flat_map(|rule| rule.meta.items).copied().collect();
    for id in ids_in_pages {
        assert!(id.starts_with('M') || ids.iter().any(|known| known == id), "{id} is unknown");
    }
}

#[test]
fn an_item_lists_the_rules_whose_pages_name_it() {
    let output = run_preflight(&[("a.json", &body_without_variables())], &["--format", "json", "a.json"]);
    let report = stdout_json(&output);
    for item in array(&report["portals"][0]["items"]) {
        let id = item["id"].as_str().expect("an id");
        let naming_rules = RULES.iter().filter(|rule| {
            rule.meta.items.contains(&id) && rule.meta.kinds.contains(&portal_lint::schema::PortalKind::Create)
        });
        let codes: Vec<String> = naming_rules.map(|rule| rule.code.to_string()).collect();
        assert_eq!(item["rules"], Json::from(codes), "{id}");
    }
}

#[test]
fn items_that_need_the_account_are_unverified_and_the_others_pass() {
    let report = report_on(&[("a.json", &body_without_variables())]);
    let statuses = item_statuses(&report, 0);
    let unverified = items_with(&statuses, Status::Unverified);
    for id in ["V1", "V3", "V4", "V14", "P2", "P4", "P5", "P6", "P13"] {
        assert!(unverified.contains(&id), "{id}");
    }
    for id in ["V2", "V5", "V7", "V8", "V12", "V21", "V24", "P1", "P8", "P9", "P10", "P11"] {
        assert_eq!(statuses[id], Status::Pass, "{id}");
    }
    assert_eq!((statuses["P19"], evaluate_report(&report).portals[0].verdict), (Status::Pass, Verdict::Review));
    for item in &evaluate_report(&report).portals[0].items {
        assert_eq!(item.verify().is_some(), item.status == Status::Unverified, "{}", item.id);
    }
}

#[test]
fn a_variable_leaves_only_the_items_about_its_value_unverified() {
    let text = body_without_variables()
        .replace("Kq7ZpW2mVx9LcT4bRn8D", "${DOMAIN}")
        .replace("h3NfY6sJw1GtE5uQaB0C", "${SMTP}")
        .replace("P9dRk2XyM5vHs8LqT1Fz", "${CAMPAIGN}")
        .replace("6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr", "${SITE}")
        .replace("6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu", "${SECRET}");
    let (before, after) = (report_on(&[("a.json", &body_without_variables())]), report_on(&[("a.json", &text)]));
    let (before, after) = (item_statuses(&before, 0), item_statuses(&after, 0));
    let changed: Vec<&str> = CHECKLIST.iter().map(|item| item.id).filter(|id| before[id] != after[id]).collect();
    // V6 to V8 check only that a field exists, which needs no value.
    for id in &changed {
        assert_eq!(after[id], Status::Unverified, "{id}");
    }
    for id in ["V2", "V5", "V18", "P7", "P8", "P9", "P14"] {
        assert_eq!(after[id], Status::Unverified, "{id}");
    }
    assert!(["V2", "V5", "P8", "P9"].iter().all(|id| changed.contains(id)), "{changed:?}");
    assert!(["V6", "V7", "V8", "V11"].iter().all(|id| after[id] == Status::Pass), "{after:?}");
}

#[test]
fn the_most_severe_finding_sets_the_status_of_an_item() {
    let text = body_without_variables()
        .replace("{{email_code}}", "the code")
        .replace("\"subscription_cancel\": false", "\"subscription_cancel\": true")
        .replace("\"name\": \"Acme Subscription Portal\",", "\"name\": \" \",");
    let report = report_on(&[("a.json", &text)]);
    let statuses = item_statuses(&report, 0);
    assert_eq!(items_with(&statuses, Status::Fail), ["V1", "V12", "V13", "P2", "P12"]);
    assert_eq!(items_with(&statuses, Status::Warning), ["V16", "P16"]);
    assert_eq!(evaluate_report(&report).portals[0].verdict, Verdict::NoGo);
}

#[test]
fn a_suppressed_item_is_allowed_and_shows_the_reason_and_its_source() {
    let text = body_without_variables().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let mut report = report_on(&[("a.json", &text)]);
    for diagnostic in report.diagnostics.iter_mut().filter(|finding| finding.code == Code(16)) {
        diagnostic.allowed = Some(suppression("portal-lint.toml:12"));
    }
    for check in report.files[0].unverified.iter_mut().filter(|check| check.code == Code(3)) {
        check.allow(&suppression("portal-lint.toml:20"));
    }
    let after = item_statuses(&report, 0);
    assert_eq!(items_with(&after, Status::Allowed), ["V3", "V16", "P4", "P16"]);
    assert_eq!(items_with(&after, Status::Warning), [""; 0]);
    let preflight = evaluate_report(&report);
    let item = preflight.portals[0].items.iter().find(|item| item.id == "V16").expect("V16");
    assert_eq!(item.reason().as_deref(), Some("agreed with support (portal-lint.toml:12, until 2027-03-31)"));
    assert_eq!(item.verify(), None);
    let human = render_text(&report, PreflightFormat::Human);
    assert!(human.contains("V16 P16      RCP016 customers can cancel their subscriptions themselves"), "{human}");
    assert!(human.contains("V3 P4        RCP003 whether DNS for the tracking domain is ready"), "{human}");
}

#[test]
fn the_verdict_is_go_if_every_item_passes_or_is_allowed() {
    let mut report = report_on(&[("a.json", &body_without_variables())]);
    for check in &mut report.files[0].unverified {
        check.allow(&suppression("portal-lint.toml:1"));
    }
    // RCP204 reports the secret in the file. It belongs to no item, but prevents a go.
    assert_eq!(evaluate_report(&report).portals[0].verdict, Verdict::Review);
    for diagnostic in &mut report.diagnostics {
        diagnostic.allowed = Some(suppression("portal-lint.toml:2"));
    }
    let preflight = evaluate_report(&report);
    let unverified: Vec<&str> = preflight.portals[0]
        .items
        .iter()
        .filter(|item| item.status == Status::Unverified)
        .map(|item| item.id)
        .collect();
    // An item without a rule is always unverified.
    let has_rule = RULES.iter().any(|rule| rule.meta.items.contains(&"P6"));
    assert_eq!(unverified, if has_rule { vec![] } else { vec!["P6"] });
    assert_eq!(preflight.portals[0].verdict, if has_rule { Verdict::Go } else { Verdict::Review });
}

#[test]
fn a_disabled_rule_leaves_its_items_unverified() {
    let selection = Selection::new(&[], &["enabled-at-start".to_owned()]).expect("a rule");
    let settings = Settings { with_preflight_facts: true, selection, ..Settings::default() };
    let report = check(vec![crate::support::memory_file("a.json", body_without_variables())], &settings);
    let preflight = evaluate_report(&report);
    for id in ["V22", "P20"] {
        let item = preflight.portals[0].items.iter().find(|item| item.id == id).expect("the item");
        assert_eq!(item.status, Status::Unverified);
        assert_eq!(item.reason().as_deref(), Some("RCP022 (enabled-at-start) was not run"));
        assert_eq!(
            item.verify().as_deref(),
            Some("enable the rule in the settings, and do not exclude it with --select or --ignore")
        );
    }
}

#[test]
fn suppressions_change_statuses_and_mistakes_in_them_are_shown() {
    let json = body_without_variables().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let yaml = format!("# portal-lint: allow-file dns-not-ready -- seen in RevCent\n{yaml}");
    let settings = "[severity]\nenabled-at-start = \"off\"\nRCP015 = \"error\"\n\n[[allow]]\nrule = \"self-cancel\"\nfiles = \
         [\"a.json\"]\nreason = \"VIPs may\"\nuntil = 2999-12-31\n";
    let files = [("portal-lint.toml", settings), ("a.json", &*json), ("b.yaml", &*yaml)];
    let items_by_id = |args: &[&str]| -> BTreeMap<String, Json> {
        let report = stdout_json(&run_preflight(&files, &[&["--format", "json"], args].concat()));
        let items = array(&report["portals"][0]["items"]).iter();
        items.map(|item| (text(&item["id"]).to_owned(), item.clone())).collect()
    };
    let first = items_by_id(&["a.json"]);
    assert_eq!((&first["V16"]["status"], &first["P16"]["status"]), (&"allowed".into(), &"allowed".into()));
    assert_eq!(first["V16"]["reason"], "VIPs may (portal-lint.toml:6, until 2999-12-31)");
    assert_eq!((&first["V22"]["status"], &first["P20"]["status"]), (&"unverified".into(), &"unverified".into()));
    assert_eq!(
        first["V22"]["verify"],
        "enable the rule in the settings, and do not exclude it with --select or --ignore"
    );
    assert_eq!(items_by_id(&["--no-allow", "a.json"])["V16"]["status"], "warning");
    assert_eq!(items_by_id(&["--isolated", "a.json"])["V22"]["status"], "pass");
    let second = items_by_id(&["b.yaml"]);
    assert_eq!(
        (&second["V3"]["status"], &second["V3"]["reason"]),
        (&"allowed".into(), &"seen in RevCent (b.yaml:1)".into())
    );

    let invalid =
        [("portal-lint.toml", "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"a.json\"]\n"), ("a.json", &*json)];
    let output = run_preflight(&invalid, &["--format", "json", "a.json"]);
    let report = stdout_json(&output);
    assert_eq!((exit_code(&output), &report["portals"][0]["verdict"]), (1, &"no-go".into()));
    assert_eq!(finding_codes(&report), ["RCP910"]);
    for format in ["human", "markdown", "html"] {
        let shown = stdout(&run_preflight(&invalid, &["--format", format, "a.json"]));
        assert!(shown.contains("RCP910") && shown.contains("portal-lint.toml:"), "{format}: {shown}");
    }
}

#[test]
fn items_about_fields_that_an_edit_leaves_out_are_not_applicable() {
    let report = report_on(&[("a.json", &clean_edit())]);
    let preflight = evaluate_report(&report);
    let portal = &preflight.portals[0];
    assert_eq!((portal.name, portal.verdict), (None, Verdict::Review));
    for item in &portal.items {
        let left_out = ["V1", "V2", "V8", "V18", "V19", "P1", "P6"].contains(&item.id);
        let present = ["V12", "V15", "V16", "V22", "V24", "P20"].contains(&item.id);
        if left_out {
            assert_eq!(item.reason().as_deref(), Some("the edit omits it, so it does not change"), "{}", item.id);
            assert_eq!(item.status, Status::NotApplicable, "{}", item.id);
        }
        if present {
            assert_eq!((item.status, item.reason()), (Status::Pass, None), "{}", item.id);
        }
    }
}

#[test]
fn an_error_outside_the_checklists_is_a_no_go_and_is_shown() {
    let copied = body_without_variables()
        .replace("\"subject\": \"Confirm", "\"to_cc\": [\"no address\"], \"subject\": \"Confirm");
    let output = run_preflight(&[("a.json", &copied)], &["--format", "json", "a.json"]);
    let portal = &stdout_json(&output)["portals"][0];
    assert_eq!((exit_code(&output), &portal["verdict"]), (1, &Json::from("no-go")));
    let other_findings = field_texts(&portal["other"], "code");
    assert!(other_findings.contains(&"RCP201"), "{other_findings:?}");
    let human = stdout(&run_preflight(&[("a.json", &copied)], &["a.json"]));
    assert!(
        human.contains("Other findings, outside the checklists\n  error  ") && human.contains("(RCP201,"),
        "{human}"
    );
}

#[test]
fn each_document_has_its_own_verdict_and_a_non_portal_is_a_no_go() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let second = yaml.replace("name: ", "name: Second ").replace("{{email_code}}", "the code");
    let text = format!("{yaml}{second}---\n- a list\n");
    let report = report_on(&[("a.yaml", &text)]);
    let preflight = evaluate_report(&report);
    let verdicts: Vec<(usize, Verdict, bool)> =
        preflight.portals.iter().map(|portal| (portal.document, portal.verdict, portal.kind.is_some())).collect();
    assert_eq!(verdicts, [(0, Verdict::Review, true), (1, Verdict::NoGo, true), (2, Verdict::NoGo, false)]);
    assert_eq!(preflight.portals[2].other_findings[0].code, Code(903));
    let human = render_text(&report, PreflightFormat::Human);
    assert!(human.ends_with("2 portals and 1 document without a portal: 2 no-go, 1 review\n"), "{human}");
}

#[test]
fn items_that_a_syntax_error_may_affect_do_not_pass() {
    let broken = "{\"name\": \"Acme\", \"tracking_domain\": ";
    let broken_report = report_on(&[("a.json", broken)]);
    let statuses = item_statuses(&broken_report, 0);
    assert_eq!(items_with(&statuses, Status::Pass), [""; 0], "{statuses:?}");
    // A trailing comma affects no value, so items pass; the file is a no-go because of the syntax error.
    let comma = body_without_variables()
        .replace("\"create_non_existing_customer\": false", "\"create_non_existing_customer\": false,");
    let comma = report_on(&[("a.json", &comma)]);
    let preflight = evaluate_report(&comma);
    assert_eq!(preflight.portals[0].verdict, Verdict::NoGo);
    assert!(preflight.portals[0].count(Status::Pass) > 20);
    assert_eq!(preflight.portals[0].other_findings[0].code, Code(901));
}

#[test]
fn exit_codes_are_the_documented_ones_in_every_format() {
    let failing = body_without_variables().replace("{{email_code}}", "the code");
    let folder = create_folder(&[
        ("review.json", &body_without_variables()),
        ("bad.json", &failing),
        ("list.json", "[]"),
        ("broken.json", "{"),
        ("empty/readme.txt", ""),
    ]);
    let cases: [(&[&str], i32); 12] = [
        (&["review.json"], 0),
        (&["--strict", "review.json"], 1),
        (&["bad.json"], 1),
        (&["--strict", "bad.json"], 1),
        (&["list.json"], 1),
        (&["broken.json"], 1),
        (&["missing.json"], 2),
        (&["missing.json", "bad.json"], 2),
        (&["empty"], 2),
        (&["review.json", "empty"], 2),
        (&["--stdin-filename", "x.json", "review.json"], 2),
        (&["--no-such-flag"], 2),
    ];
    for format in FORMATS {
        for (args, expected) in cases {
            let output = portal_lint(folder.path(), &[&["preflight", "--format", format], args].concat(), b"");
            assert_eq!(exit_code(&output), expected, "{args:?} {format}\n{}{}", stdout(&output), stderr(&output));
            assert!(!stdout(&output).is_empty() || !stderr(&output).is_empty(), "{args:?} {format}");
        }
    }
    let from_stdin = portal_lint(folder.path(), &["preflight", "-"], failing.as_bytes());
    assert_eq!(exit_code(&from_stdin), 1);
    assert!(stdout(&from_stdin).contains("<stdin>"), "{}", stdout(&from_stdin));
}

#[test]
fn human_and_markdown_output_match_the_snapshots() {
    let with_findings = clean_body()
        .replacen("{{email_code}}", "{{ email_code }}", 1)
        .replace("\"subscription_cancel\": false", "\"subscription_cancel\": true")
        .replace("\"salvage_transaction_process\": false", "\"salvage_transaction_process\": true")
        .replace("\"create_non_existing_customer\": false", "\"colour\": \"red\"")
        .replace("h3NfY6sJw1GtE5uQaB0C", "${SMTP_PROFILE}");
    let mut report = report_on(&[
        ("portals/main.json", &with_findings),
        ("portals/other.json", &body_without_variables()),
        ("x.json", "[]"),
    ]);
    for diagnostic in report.diagnostics.iter_mut().filter(|finding| finding.code == Code(16)) {
        diagnostic.allowed = Some(suppression("portal-lint.toml:12"));
    }
    insta::assert_snapshot!("preflight_human", render_text(&report, PreflightFormat::Human));
    insta::assert_snapshot!("preflight_markdown", render_text(&report, PreflightFormat::Markdown));
}
