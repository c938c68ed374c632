//! The verdict go of `preflight`: over the whole corpus, a portal has it only if `check --fail-on warning` passes and no check is
//! unverified.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use crate::support::corpus::corpus_inputs;
use crate::support::json::{array, field_texts, findings_of, text};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stdout, stdout_json};
use crate::support::{check_files_with, entries, file_name, fixture_paths, repository};
use portal_lint::base::diagnostic::{Allowed, Code, Severity};
use portal_lint::base::file::{InputFile, Origin};
use portal_lint::engine::report::Report;
use portal_lint::preflight::{Verdict, evaluate_report};
use portal_lint::schema::PortalKind;
use serde_json::Value as Json;

/// A text in which the variables of the clean bodies have values.
fn fill_variables(text: &str) -> String {
    text.replace("${RECAPTCHA_SITE_KEY}", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr")
        .replace("${RECAPTCHA_SECRET_KEY}", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu")
}

/// Allows all unverified checks, and the finding on the secret that [`fill_variables`] writes into the file.
fn allow_unverified(report: &mut Report) {
    let allowed = Allowed { reason: "agreed".into(), until: None, source: "portal-lint.toml:1".into() };
    for file in &mut report.files {
        for check in &mut file.unverified {
            check.allow(&allowed);
        }
    }
    for diagnostic in report.diagnostics.iter_mut().filter(|finding| finding.code == Code(204)) {
        diagnostic.allowed = Some(allowed.clone());
    }
}

/// The findings and unverified checks of portals that have the verdict go although they must not, and the kinds of these portals.
fn find_false_go(report: &Report) -> (Vec<String>, Vec<PortalKind>) {
    let preflight = evaluate_report(report);
    let mut wrong = Vec::new();
    let go_portals: Vec<_> = preflight.portals.iter().filter(|portal| portal.verdict == Verdict::Go).collect();
    for portal in &go_portals {
        for finding in report.findings().filter(|finding| finding.severity >= Severity::Warning) {
            let file = report.file(finding.file);
            let concerns_portal =
                std::ptr::eq(file, portal.file) && (finding.document == portal.document || finding.code.0 >= 900);
            if concerns_portal || !file.in_scope {
                wrong.push(format!("{} {}", finding.code, finding.message));
            }
        }
        for (file, check) in report.unverified() {
            if std::ptr::eq(file, portal.file) && check.document == portal.document {
                wrong.push(format!("{} {}", check.code, check.reason));
            }
        }
    }
    if go_portals.len() == preflight.portals.len() {
        let fails = report.findings().any(|finding| finding.severity >= Severity::Warning) || report.unread_files > 0;
        if fails || report.unverified().count() > 0 {
            wrong.push("all portals have the verdict go, and the check does not pass".to_owned());
        }
    }
    (wrong, go_portals.iter().filter_map(|portal| portal.kind).collect())
}

#[test]
fn go_means_that_the_check_passes_and_nothing_is_unverified() {
    let mut go_count_by_kind: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, (origin, mut inputs)) in corpus_inputs().into_iter().enumerate() {
        for input in &mut inputs {
            fill_variables_of_file(input);
        }
        let mut report = check_files_with(&inputs, |settings| settings.with_preflight_facts = true);
        // Without suppressions hardly any portal has the verdict go: a part of the corpus is enough.
        if number % 8 == 0 {
            let (wrong, _) = find_false_go(&report);
            assert!(wrong.is_empty(), "{origin}: {wrong:?}");
        }
        allow_unverified(&mut report);
        let (wrong, kinds) = find_false_go(&report);
        assert!(wrong.is_empty(), "{origin} with suppressions: {wrong:?}");
        for kind in kinds {
            *go_count_by_kind.entry(kind.name()).or_default() += 1;
        }
    }
    // If no portal had the verdict go, the test would check nothing.
    for (kind, min_count) in [("create", 100), ("edit", 20), ("export", 20)] {
        assert!(go_count_by_kind[kind] > min_count, "{go_count_by_kind:?}");
    }
}

fn fill_variables_of_file(input: &mut InputFile) {
    if let Origin::Memory(bytes) = &mut input.origin
        && let Ok(text) = str::from_utf8(bytes)
    {
        *bytes = fill_variables(text).into_bytes();
    }
}

/// Settings that allow the unverified checks of a clean body.
fn clean_body_settings() -> String {
    let folder = create_folder(&[("a.json", &fill_variables(&clean_body()))]);
    let report = stdout_json(&portal_lint(folder.path(), &["check", "--format", "json", "a.json"], &[]));
    settings_allowing(&field_texts(&report["unverified"], "code").into_iter().collect())
}

/// Settings that allow these rules. Only rules that are needed may be given: an unused allowance is a finding (RCP912).
fn settings_allowing(codes: &BTreeSet<&str>) -> String {
    let mut settings = "include = [\"*\"]\n".to_owned();
    for code in codes {
        writeln!(settings, "[[allow]]\nrule = \"{code}\"\nfiles = [\"*\"]\nreason = \"agreed\"")
            .expect("memory can be written");
    }
    settings
}

#[test]
fn portals_with_verdict_go_have_no_findings_in_check() {
    let folder = tempfile::tempdir().expect("a folder");
    let all = entries(&repository("fixtures/rules")).into_iter().flat_map(|folder| fixture_paths(&folder));
    // The test above checks the verdicts of all fixtures. For the commands, a third of them is enough. Each has its own project, so that
    // it is not compared with the others.
    for (number, fixture) in all.filter(|path| path.is_file()).step_by(3).enumerate() {
        let Ok(text) = fs::read_to_string(&fixture) else { continue };
        let project = folder.path().join(number.to_string());
        fs::create_dir(&project).expect("a folder");
        fs::write(project.join("portal-lint.toml"), settings_allowing(&BTreeSet::new())).expect("a file");
        fs::write(project.join(file_name(&fixture)), fill_variables(&text)).expect("a file");
    }
    let run =
        |args: &[&str]| stdout_json(&portal_lint(folder.path(), &[args, &["--format", "json", "."]].concat(), &[]));
    let before = run(&["check"]);
    let mut codes_to_allow: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for item in array(&before["unverified"]).iter().chain(findings_of(&before, "RCP204")) {
        codes_to_allow.entry(text(&item["file"])).or_default().insert(text(&item["code"]));
    }
    for (path, codes) in codes_to_allow {
        let path = folder.path().join(path);
        fs::write(path.with_file_name("portal-lint.toml"), settings_allowing(&codes)).expect("a file");
    }
    let (check, preflight) = (run(&["check", "--fail-on", "warning"]), run(&["preflight"]));
    let mut go_portals = 0;
    for portal in array(&preflight["portals"]).iter().filter(|portal| portal["verdict"] == "go") {
        go_portals += 1;
        let concerns_portal = |item: &Json| item["file"] == portal["file"] && item["document"] == portal["document"];
        for finding in array(&check["diagnostics"]) {
            let is_allowed_or_advice = finding["severity"] == "advice" || !finding["allowed"].is_null();
            assert!(is_allowed_or_advice || !concerns_portal(finding), "{finding:#}");
        }
        for unverified in array(&check["unverified"]) {
            assert!(!concerns_portal(unverified), "{unverified:#}");
        }
    }
    assert!(go_portals > 30, "{go_portals}");
}

/// Each case is a rule, a body with a finding of it, and the verdict. The rules belong to no item of the checklists.
#[test]
fn findings_outside_the_checklists_set_the_verdict_and_are_shown() {
    let html = |text: &str| clean_body().replacen("<p>Your confirmation", &format!("{text}<p>Your confirmation"), 1);
    let cases = [
        ("RCP204", fill_variables(&clean_body()), "review"),
        ("RCP207", html("<a href='http://acme-outfitters.com/x'>x</a>"), "review"),
        ("RCP209", html("<div>"), "review"),
        ("RCP201", clean_body().replacen("\"subject\":", "\"to_cc\": [\"no address\"], \"subject\":", 1), "no-go"),
        ("RCP102", clean_body().replacen("Acme Subscription Portal", "Portal", 1), "review"),
    ];
    for (code, text, verdict) in cases {
        let settings = clean_body_settings();
        let folder = create_folder(&[("portal-lint.toml", &settings), ("a.json", &text)]);
        let run = |format: &str| {
            portal_lint(folder.path(), &["preflight", "--strict", "--format", format, "--color=never", "a.json"], &[])
        };
        let report = run("json");
        let portal = &stdout_json(&report)["portals"][0];
        let other_findings = field_texts(&portal["other"], "code");
        assert!(other_findings.contains(&code), "{code}: {other_findings:?}");
        assert_eq!((&portal["verdict"], exit_code(&report)), (&Json::from(verdict), 1), "{code}");
        for format in ["human", "markdown", "html"] {
            let shown = stdout(&run(format));
            let (_, group) = shown.split_once("Other findings, outside the checklists").expect("the group");
            assert!(group.contains(code), "{code} {format}: {shown}");
        }
    }
}

#[test]
fn findings_about_settings_snapshot_or_file_prevent_a_go() {
    let first = fill_variables(&clean_body());
    let second = first.replace("Acme Subscription Portal", "Acme Returns Portal");
    let expired = format!("{}until = 2020-01-01\n", clean_body_settings());
    let unused = format!(
        "{}[[allow]]\nrule = \"self-cancel\"\nfiles = [\"a.json\"]\nreason = \"agreed\"\n",
        clean_body_settings()
    );
    let misspelled = format!("{}[limits]\ndepht = 3\n", clean_body_settings());
    let settings_with_account = || format!("account = \"acc.json\"\n{}", clean_body_settings());
    let old_snapshot = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let unknown_version = old_snapshot.replacen("\"version\": 1", "\"version\": 2", 1);
    let comment = "# portal-lint: allow-file self-cancel until 2020-01-01 -- agreed\n";
    let documents = format!("{comment}{first}\n---\n{second}\n");
    let cases: [(&str, Vec<(&str, String)>); 6] = [
        ("an expired allowance", vec![("portal-lint.toml", expired), ("a.json", first.clone())]),
        ("an unused allowance", vec![("portal-lint.toml", unused), ("a.json", first.clone())]),
        ("a misspelled setting", vec![("portal-lint.toml", misspelled), ("a.json", first.clone())]),
        (
            "a snapshot of an unknown version",
            vec![
                ("portal-lint.toml", settings_with_account()),
                ("acc.json", unknown_version),
                ("a.json", first.clone()),
            ],
        ),
        (
            "an old snapshot",
            vec![("portal-lint.toml", settings_with_account()), ("acc.json", old_snapshot), ("a.json", first)],
        ),
        ("two portals in a file", vec![("portal-lint.toml", clean_body_settings()), ("b.yaml", documents)]),
    ];
    for (case, files) in cases {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let folder = create_folder(&files);
        let file = files.last().expect("a file").0;
        let check = portal_lint(folder.path(), &["check", "--fail-on", "warning", "--format", "json", file], &[]);
        let preflight = stdout_json(&portal_lint(folder.path(), &["preflight", "--format", "json", file], &[]));
        let portals = array(&preflight["portals"]);
        assert!(!portals.is_empty(), "{case}");
        if exit_code(&check) != 0 {
            for portal in portals {
                assert_ne!(portal["verdict"], "go", "{case}: {}", stdout(&check));
            }
        }
    }
}
