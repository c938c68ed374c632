//! `check --account`: which findings the account snapshot leads to, which checks stay unverified, and findings in the snapshot itself.

use crate::support::json::{array, field_texts, finding_codes, findings_of};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;
use portal_lint::base::date::Date;
use serde_json::{Value as Json, json};

/// A snapshot that has every object the clean body names, fetched today.
fn snapshot() -> Json {
    let text = std::fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let mut snapshot: Json = serde_json::from_str(&text).expect("JSON");
    snapshot["pulled"] = Date::today().to_string().into();
    snapshot
}

/// The snapshot with another value at a pointer.
fn snapshot_with(pointer: &str, value: Json) -> Json {
    let mut snapshot = snapshot();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    snapshot.pointer_mut(parent).expect("a value").as_object_mut().expect("an object").insert(key.to_owned(), value);
    snapshot
}

/// The JSON report on a body, checked against a snapshot.
fn check_with_snapshot(body: &str, snapshot: &Json) -> Json {
    let text = serde_json::to_string_pretty(snapshot).expect("JSON");
    let folder = create_folder(&[("portal.json", body), ("revcent-account.json", &text)]);
    let args = ["check", "--format", "json", "--account", "revcent-account.json", "portal.json"];
    stdout_json(&portal_lint(folder.path(), &args, b""))
}

#[test]
fn a_complete_snapshot_leaves_no_check_unverified() {
    let report = check_with_snapshot(&clean_body(), &snapshot());
    assert_eq!(report["diagnostics"], json!([]));
    assert_eq!(report["unverified"], json!([]));
    assert_eq!(report["summary"]["files"], 1);
    assert_eq!(report["files"], json!([{ "path": "portal.json", "kind": "create" }]));
}

#[test]
fn each_account_rule_reports_the_field_it_checks() {
    let portals = json!([{ "id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "Acme Subscription Portal" }]);
    let cases = [
        ("RCP001", "/customer_portals", portals, "/name"),
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
    for (code, changed, value, pointer) in cases {
        let report = check_with_snapshot(&clean_body(), &snapshot_with(changed, value));
        let pointers = field_texts(&report["diagnostics"], "pointer");
        assert!(pointers.contains(&pointer), "{code}: {report:#}");
        assert!(finding_codes(&report).iter().all(|found| *found == code), "{code}: {report:#}");
    }
}

#[test]
fn an_unknown_status_leaves_the_check_unverified_with_a_reason() {
    let report = check_with_snapshot(
        &clean_body(),
        &snapshot_with("/tracking_domains/0/dns", json!({ "status": "Provisioned" })),
    );
    assert_eq!(report["diagnostics"], json!([]));
    let unverified = array(&report["unverified"]);
    let reason = unverified[0]["reason"].as_str().expect("a reason");
    assert_eq!((unverified.len(), &unverified[0]["code"]), (1, &json!("RCP003")));
    assert!(reason.contains("`Provisioned`") && reason.contains("[account-words]"), "{reason}");
}

#[test]
fn the_account_option_is_suggested_only_without_an_account() {
    let text = snapshot_with("/tracking_domains/0/dns", json!({})).to_string();
    let folder = create_folder(&[("portal.json", &clean_body()), ("account.json", &text)]);
    let without_account = stdout(&portal_lint(folder.path(), &["check", "portal.json"], b""));
    assert!(without_account.ends_with("7 checks need the account (--account or --online)\n"), "{without_account}");
    let with_account = stdout(&portal_lint(folder.path(), &["check", "--account", "account.json", "portal.json"], b""));
    assert!(
        with_account.contains("1 check needs facts that the account data does not contain:\n")
            && !with_account.contains("--account"),
        "{with_account}"
    );
    assert!(with_account.contains("  RCP003 portal.json: whether"), "{with_account}");
}

#[test]
fn labels_in_the_snapshot_have_positions_of_that_file() {
    let text = "# Zürich 😀\r\nversion: 1\r\npulled: 2026-11-21\r\ntracking_domains:\r\n  - id: Kq7ZpW2mVx9LcT4bRn8D\r\n    \
        name: ü😀\r\n    dns: {x: ü😀, status: pending}\r\n";
    let folder = create_folder(&[("portal.json", &clean_body()), ("sub/account.yaml", text)]);
    let report = stdout_json(&portal_lint(
        folder.path(),
        &["check", "--format", "json", "--account", "./sub/account.yaml", "portal.json"],
        b"",
    ));
    let label = &findings_of(&report, "RCP003")[0]["labels"][0];
    let offset = text.find("pending").expect("a status");
    assert_eq!(label["file"], "sub/account.yaml");
    assert_eq!(label["span"]["start"], json!({ "offset": offset, "line": 7, "column": 26 }));
    assert_eq!(label["span"]["end"]["offset"], offset + "pending".len());
}

#[test]
fn an_unreadable_snapshot_exits_with_2_and_the_files_are_still_checked() {
    let error = clean_body().replace("\"Acme Subscription Portal\"", "\"\"");
    let folder = create_folder(&[("portal.json", &error), ("sub/x.txt", "")]);
    for name in ["missing.json", "sub"] {
        let args = ["check", "--format", "json", "--account", name, "portal.json"];
        let output = portal_lint(folder.path(), &args, b"");
        let report = stdout_json(&output);
        assert_eq!(exit_code(&output), 2, "{report:#}");
        assert_eq!(array(&report["diagnostics"]).len(), 2, "{report:#}");
        assert_eq!(findings_of(&report, "RCP001")[0]["file"], "portal.json", "{report:#}");
        assert_eq!(findings_of(&report, "RCP900")[0]["file"], name, "{report:#}");
        assert_eq!(report["summary"]["files"], 1);
        let human = stdout(&portal_lint(folder.path(), &["check", "--account", name, "portal.json"], b""));
        assert!(!human.contains("need the account"), "{human}");
    }
}

#[test]
fn a_broken_snapshot_is_a_finding_and_no_object_is_reported_as_missing() {
    let broken = format!("{{\"version\": 1, \"pulled\": \"{}\", \"campaigns\": [{{\"id\": ", Date::today());
    let folder = create_folder(&[("portal.json", &clean_body()), ("account.json", &broken), ("list.json", "[]")]);
    let run =
        |name: &str| portal_lint(folder.path(), &["check", "--format", "json", "--account", name, "portal.json"], b"");
    let broken = run("account.json");
    assert_eq!(exit_code(&broken), 1);
    assert!(finding_codes(&stdout_json(&broken)).iter().all(|code| *code == "RCP901"), "{}", stdout(&broken));
    let list = run("list.json");
    assert_eq!((exit_code(&list), finding_codes(&stdout_json(&list))), (1, vec!["RCP914"]));
}

#[test]
fn the_snapshot_is_not_checked_as_a_portal() {
    let mut portal: Json = serde_json::from_str(&clean_body()).expect("JSON");
    portal["id"] = "exD0myCXTaMte0mTOOY3".into();
    portal["name"] = "Globex Members".into();
    let snapshot = snapshot_with("/customer_portals", json!([portal])).to_string();
    let folder = create_folder(&[("a.portal.json", &clean_body()), ("revcent-account.json", &snapshot)]);
    for args in [vec!["."], vec!["a.portal.json", "revcent-account.json"]] {
        let args = [vec!["check", "--format", "json", "--account", "revcent-account.json"], args].concat();
        let report = stdout_json(&portal_lint(folder.path(), &args, b""));
        assert_eq!(report["summary"]["files"], 1, "{report:#}");
        assert_eq!(report["diagnostics"], json!([]), "{report:#}");
    }
}

#[test]
fn the_secrets_of_portals_in_the_snapshot_are_masked() {
    let secret = "canary-of-the-account-4711";
    let export = std::fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut export: Json = serde_json::from_str(&export).expect("JSON");
    let body = export.to_string().replace("${RECAPTCHA_SECRET_KEY}", "canary-of-the-file-0815");
    export["recaptcha"]["secret_key"] = secret.into();
    export["display_name"] = format!("Acme {secret}").into();
    let mut account = snapshot_with("/customer_portals", json!([export]));
    account["secrets"] = secret.into();
    let folder = create_folder(&[("portal.json", &body), ("account.json", &account.to_string())]);
    for format in ["human", "concise", "json", "jsonl"] {
        let args = ["check", "--format", format, "--account", "account.json", "portal.json"];
        let output = portal_lint(folder.path(), &args, b"");
        let shown = stdout(&output) + &stderr(&output);
        assert!(shown.contains("RCP309") && !shown.contains("canary"), "{shown}");
    }
}

#[test]
fn all_files_are_checked_against_the_same_snapshot() {
    let other = clean_body()
        .replace("Acme Subscription Portal", "Globex Members")
        .replace("Manage Your Acme Subscription", "Your Globex Account")
        .replace("P9dRk2XyM5vHs8LqT1Fz", "Lm8Xq2VbN6rTz4CwJ0Fk");
    let folder = create_folder(&[("a.json", &clean_body()), ("b.json", &other), ("c.json", &snapshot().to_string())]);
    let args = ["check", "--format", "concise", "--account", "c.json", "a.json", "b.json"];
    let output = portal_lint(folder.path(), &args, b"");
    assert_eq!(stdout(&output).lines().count(), 1, "{}", stdout(&output));
    assert!(
        stdout(&output).starts_with("b.json:28:18: ") && stdout(&output).contains("error[RCP303]"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn severity_settings_apply_to_findings_in_the_snapshot() {
    let folder = create_folder(&[
        ("portal.json", &clean_body()),
        ("account.json", &snapshot_with("/pulled", json!("2020-02-29")).to_string()),
        ("portal-lint.toml", "[severity]\nRCP308 = \"error\"\n"),
    ]);
    let run =
        || portal_lint(folder.path(), &["check", "--format", "json", "--account", "account.json", "portal.json"], b"");
    let report = stdout_json(&run());
    assert_eq!(finding_codes(&report), ["RCP308"]);
    assert_eq!(report["diagnostics"][0]["severity"], "error");
    std::fs::write(folder.path().join("portal-lint.toml"), "[severity]\nstale-snapshot = \"off\"\n").expect("a file");
    assert_eq!((exit_code(&run()), &stdout_json(&run())["diagnostics"]), (0, &json!([])));
}

#[test]
fn fixes_are_applied_with_a_snapshot() {
    let body = clean_body().replace("\"enabled\": false", "\"enabled\": \"false\"");
    let folder = create_folder(&[("portal.json", &body), ("account.json", &snapshot().to_string())]);
    let output = portal_lint(folder.path(), &["check", "--fix", "--account", "account.json", "portal.json"], b"");
    assert_eq!(exit_code(&output), 0, "{}", stdout(&output));
    assert_eq!(std::fs::read_to_string(folder.path().join("portal.json")).expect("the file"), clean_body());
}

#[test]
fn the_account_schema_accepts_the_example_in_the_documentation() {
    let schema: Json = stdout_json(&portal_lint(&repository(""), &["schema", "account"], b""));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&snapshot()));
    assert!(!validator.is_valid(&snapshot_with("/campaigns", json!([{ "name": "no id" }]))));
    let page = std::fs::read_to_string(repository("docs/online.md")).expect("the page");
    let shown = page.split("<!-- account -->").nth(1).expect("an example");
    let shown = shown.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a fence");
    assert!(validator.is_valid(&serde_json::from_str(shown).expect("JSON")), "{shown}");
}
