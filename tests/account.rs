//! The account snapshot from outside: what `--account` decides, what it leaves open, and what is said about the snapshot.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use portal_lint::base::date::Date;
use serde_json::{Value as Json, json};
use support::program::{clean, code, err, folder, json, out, portal_lint};
use support::repository;

/// The snapshot that goes with the clean body, taken today.
fn snapshot() -> Json {
    let text = std::fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let mut snapshot: Json = serde_json::from_str(&text).expect("JSON");
    snapshot["pulled"] = Date::today().to_string().into();
    snapshot
}

fn with(pointer: &str, value: Json) -> Json {
    let mut snapshot = snapshot();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    snapshot.pointer_mut(parent).expect("a place").as_object_mut().expect("an object").insert(key.to_owned(), value);
    snapshot
}

/// The report on a body, held against a snapshot.
fn report(body: &str, snapshot: &Json) -> Json {
    let text = serde_json::to_string_pretty(snapshot).expect("JSON");
    let folder = folder(&[("portal.json", body), ("revcent-account.json", &text)]);
    let args = ["check", "--format", "json", "--account", "revcent-account.json", "portal.json"];
    json(&portal_lint(folder.path(), &args, b""))
}

fn codes(report: &Json, list: &str) -> Vec<String> {
    let of = |one: &Json| one["code"].as_str().expect("a code").to_owned();
    report[list].as_array().expect("a list").iter().map(of).collect()
}

#[test]
fn a_snapshot_with_all_that_is_asked_leaves_nothing_open() {
    let report = report(&clean(), &snapshot());
    assert_eq!((codes(&report, "diagnostics"), codes(&report, "unverified")), (vec![], vec![]));
    assert_eq!(report["summary"]["files"], 1);
    assert_eq!(report["files"], json!([{ "path": "portal.json", "kind": "create" }]));
}

#[test]
fn each_rule_about_the_account_fires_at_the_place_it_is_about() {
    let full = json!([{ "id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "Acme Subscription Portal" }]);
    let cases = [
        ("RCP001", "/customer_portals", full, "/name"),
        ("RCP003", "/tracking_domains/0/dns", json!({ "status": "failed" }), "/tracking_domain"),
        ("RCP004", "/tracking_domains/0/ssl", json!({ "status": "Expired" }), "/tracking_domain"),
        (
            "RCP014",
            "/smtp_profiles",
            json!([{ "id": "h3NfY6sJw1GtE5uQaB0C", "from": "help@acme-billing.net" }]),
            "/customer_emails/customer_account_confirm_email/from",
        ),
        ("RCP301", "/tracking_domains", json!([]), "/tracking_domain"),
        ("RCP302", "/smtp_profiles", json!({ "current_count": 0, "current_page": 1, "results": [] }), "/smtp_profile"),
        ("RCP303", "/campaigns", json!([{ "results": [] }]), "/customer_filters/campaign/0"),
        ("RCP308", "/pulled", json!("2020-02-29"), "/pulled"),
        ("RCP914", "/pulled", json!("today"), "/pulled"),
    ];
    for (code, place, value, pointer) in cases {
        let report = report(&clean(), &with(place, value));
        let diagnostics = report["diagnostics"].as_array().expect("a list");
        let found = diagnostics.iter().find(|one| one["code"] == code && one["pointer"] == pointer);
        assert!(found.is_some(), "{code}: {report:#}");
        assert!(diagnostics.iter().all(|one| one["code"] == code), "{code}: {report:#}");
    }
}

#[test]
fn what_the_snapshot_does_not_tell_stays_open_with_its_reason() {
    let report = report(&clean(), &with("/tracking_domains/0/dns", json!({ "status": "Provisioned" })));
    assert_eq!(codes(&report, "diagnostics"), [""; 0]);
    let unverified = report["unverified"].as_array().expect("a list");
    let reason = unverified[0]["reason"].as_str().expect("a reason");
    assert_eq!((unverified.len(), &unverified[0]["code"]), (1, &json!("RCP003")));
    assert!(reason.contains("`Provisioned`") && reason.contains("[account-words]"), "{reason}");
}

#[test]
fn the_account_option_is_suggested_only_without_an_account() {
    let text = with("/tracking_domains/0/dns", json!({})).to_string();
    let folder = folder(&[("portal.json", &clean()), ("account.json", &text)]);
    let without = out(&portal_lint(folder.path(), &["check", "portal.json"], b""));
    assert!(
        without.ends_with(
            "7 checks need the account: --account FILE or --online (RCP001, RCP003, RCP004, RCP014, RCP301, RCP302, RCP303)\n"
        ),
        "{without}"
    );
    let given = out(&portal_lint(folder.path(), &["check", "--account", "account.json", "portal.json"], b""));
    assert!(given.contains("the account leaves 1 check open:\n") && !given.contains("--account"), "{given}");
    assert!(given.contains("  RCP003 portal.json: whether"), "{given}");
}

#[test]
fn a_place_in_the_snapshot_is_shown_as_it_is_in_that_file() {
    let text = "# Zürich 😀\r\nversion: 1\r\npulled: 2026-11-21\r\ntracking_domains:\r\n  - id: Kq7ZpW2mVx9LcT4bRn8D\r\n    \
        name: ü😀\r\n    dns: {x: ü😀, status: pending}\r\n";
    let folder = folder(&[("portal.json", &clean()), ("sub/account.yaml", text)]);
    let report = json(&portal_lint(
        folder.path(),
        &["check", "--format", "json", "--account", "./sub/account.yaml", "portal.json"],
        b"",
    ));
    let found = report["diagnostics"].as_array().expect("a list").iter().find(|one| one["code"] == "RCP003");
    let label = &found.expect("not ready")["labels"][0];
    let offset = text.find("pending").expect("it is there");
    assert_eq!(label["file"], "sub/account.yaml");
    assert_eq!(label["span"]["start"], json!({ "offset": offset, "line": 7, "column": 26 }));
    assert_eq!(label["span"]["end"]["offset"], offset + "pending".len());
}

#[test]
fn a_snapshot_that_cannot_be_read_breaks_the_run_and_the_files_are_checked_all_the_same() {
    let error = clean().replace("\"Acme Subscription Portal\"", "\"\"");
    let folder = folder(&[("portal.json", &error), ("sub/x.txt", "")]);
    for name in ["missing.json", "sub"] {
        let args = ["check", "--format", "json", "--account", name, "portal.json"];
        let output = portal_lint(folder.path(), &args, b"");
        let report = json(&output);
        assert_eq!(code(&output), 2, "{report:#}");
        let found = report["diagnostics"].as_array().expect("a list").iter();
        let mut found: Vec<_> = found.map(|one| (one["file"].as_str(), one["code"].as_str())).collect();
        found.sort_unstable_by_key(|(_, code)| *code);
        assert_eq!(found, [(Some("portal.json"), Some("RCP001")), (Some(name), Some("RCP900"))], "{report:#}");
        assert_eq!(report["summary"]["files"], 1);
        let human = out(&portal_lint(folder.path(), &["check", "--account", name, "portal.json"], b""));
        assert!(!human.contains("need the account"), "{human}");
    }
}

#[test]
fn a_broken_snapshot_is_a_finding_and_denies_nothing() {
    let folder = folder(&[
        ("portal.json", &clean()),
        ("account.json", "{\"version\": 1, \"pulled\": \"2026-11-21\", \"campaigns\": [{\"id\": "),
        ("list.json", "[]"),
    ]);
    let run =
        |name: &str| portal_lint(folder.path(), &["check", "--format", "json", "--account", name, "portal.json"], b"");
    let broken = run("account.json");
    assert_eq!(code(&broken), 1);
    assert!(codes(&json(&broken), "diagnostics").iter().all(|code| code == "RCP901"), "{}", out(&broken));
    let list = run("list.json");
    assert_eq!((code(&list), codes(&json(&list), "diagnostics")), (1, vec!["RCP914".to_owned()]));
}

#[test]
fn the_snapshot_is_no_portal_of_the_folder_it_lies_in() {
    let mut whole = snapshot();
    let portal: Json = serde_json::from_str(&clean()).expect("JSON");
    whole["customer_portals"] = json!([portal]);
    whole["customer_portals"][0]["id"] = "exD0myCXTaMte0mTOOY3".into();
    whole["customer_portals"][0]["name"] = "Globex Members".into();
    let folder = folder(&[("a.portal.json", &clean()), ("revcent-account.json", &whole.to_string())]);
    for args in [vec!["."], vec!["a.portal.json", "revcent-account.json"]] {
        let args = [vec!["check", "--format", "json", "--account", "revcent-account.json"], args].concat();
        let report = json(&portal_lint(folder.path(), &args, b""));
        assert_eq!(report["summary"]["files"], 1, "{report:#}");
        assert_eq!(codes(&report, "diagnostics"), [""; 0], "{report:#}");
    }
}

#[test]
fn the_secret_of_a_pulled_portal_is_shown_nowhere() {
    let secret = "canary-of-the-account-4711";
    let mut export: Json =
        serde_json::from_str(&std::fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export"))
            .expect("JSON");
    let body = export.to_string().replace("${RECAPTCHA_SECRET_KEY}", "canary-of-the-file-0815");
    export["recaptcha"]["secret_key"] = secret.into();
    export["display_name"] = format!("Acme {secret}").into();
    let mut account = with("/customer_portals", json!([export]));
    account["secrets"] = secret.into();
    let folder = folder(&[("portal.json", &body), ("account.json", &account.to_string())]);
    for format in ["human", "concise", "json", "jsonl"] {
        let args = ["check", "--format", format, "--account", "account.json", "portal.json"];
        let output = portal_lint(folder.path(), &args, b"");
        let shown = out(&output) + &err(&output);
        assert!(shown.contains("RCP309") && !shown.contains("canary"), "{shown}");
    }
}

#[test]
fn the_rest_of_the_project_is_asked_about_the_same_account() {
    let other = clean()
        .replace("Acme Subscription Portal", "Globex Members")
        .replace("P9dRk2XyM5vHs8LqT1Fz", "Lm8Xq2VbN6rTz4CwJ0Fk");
    let folder = folder(&[("a.json", &clean()), ("b.json", &other), ("c.json", &snapshot().to_string())]);
    let args = ["check", "--format", "concise", "--account", "c.json", "a.json", "b.json"];
    let output = portal_lint(folder.path(), &args, b"");
    assert_eq!(out(&output).lines().count(), 1, "{}", out(&output));
    assert!(out(&output).starts_with("b.json:28:18: ") && out(&output).contains("error[RCP303]"), "{}", out(&output));
}

#[test]
fn the_settings_of_the_project_hold_for_its_snapshot() {
    let folder = folder(&[
        ("portal.json", &clean()),
        ("account.json", &with("/pulled", json!("2020-02-29")).to_string()),
        ("portal-lint.toml", "[severity]\nRCP308 = \"error\"\n"),
    ]);
    let run =
        || portal_lint(folder.path(), &["check", "--format", "json", "--account", "account.json", "portal.json"], b"");
    let report = json(&run());
    assert_eq!(
        (codes(&report, "diagnostics"), &report["diagnostics"][0]["severity"]),
        (vec!["RCP308".to_owned()], &json!("error"))
    );
    std::fs::write(folder.path().join("portal-lint.toml"), "[severity]\nsnapshot-stale = \"off\"\n").expect("a file");
    assert_eq!((code(&run()), codes(&json(&run()), "diagnostics")), (0, vec![]));
}

#[test]
fn fixes_are_made_with_a_snapshot_too() {
    let body = clean().replace("\"enabled\": false", "\"enabled\": \"false\"");
    let folder = folder(&[("portal.json", &body), ("account.json", &snapshot().to_string())]);
    let output = portal_lint(folder.path(), &["check", "--fix", "--account", "account.json", "portal.json"], b"");
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert_eq!(std::fs::read_to_string(folder.path().join("portal.json")).expect("the file"), clean());
}

#[test]
fn the_schema_of_the_snapshot_is_printed_and_fits_the_example() {
    let schema: Json = json(&portal_lint(&repository(""), &["schema", "account"], b""));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&snapshot()));
    assert!(!validator.is_valid(&with("/campaigns", json!([{ "name": "no id" }]))));
    let readme = std::fs::read_to_string(repository("README.md")).expect("the README");
    let shown = readme.split("<!-- account -->").nth(1).expect("an example");
    let shown = shown.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a fence");
    assert!(validator.is_valid(&serde_json::from_str(shown).expect("JSON")), "{shown}");
}
