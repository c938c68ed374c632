//! `account pull`: it needs `--online`, writes the same file for the same account, without secrets, and a check with the snapshot
//! has the same findings as an online one.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value as Json, json};

use super::environment::{Run, SECRET, TestEnv, account, run_cases};
use super::http::{Fault, http_response};
use crate::support::entries;
use crate::support::json::{array, field_texts};
use crate::support::repository;

pub const FILE: &str = "revcent-account.json";

/// An environment in which the account causes many findings, with unsorted lists and one portal that is fetched in full.
fn env_with_findings() -> TestEnv {
    let env = TestEnv::new();
    let mut account = account();
    account["tracking_domains"][0]["dns"]["status"] = "pending".into();
    account["tracking_domains"][0]["ssl"]["status"] = "failed".into();
    let second_domain =
        json!({ "id": "A".repeat(20), "name": "Globex", "domain_name": "globex.com", "dns": { "status": "ready" } });
    account["tracking_domains"].as_array_mut().expect("a list").push(second_domain);
    // The IDs are in descending order.
    let campaign =
        |index: usize| json!({ "id": format!("Camp{:016}", 60 - index), "name": format!("Campaign {index}") });
    account["campaigns"] = (0..60).map(campaign).collect();
    account["user_shops"] = json!([]);
    let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut portal: Json = serde_json::from_str(&export).expect("JSON");
    portal["display_name"] = "Somebody changed this".into();
    portal["recaptcha"]["secret_key"] = SECRET.into();
    account["customer_portals"] = json!([portal]);
    env.api.set("", account);
    env
}

/// The findings with their locations, but without labels: an online check has no file whose locations a label could show.
fn findings_without_labels(run: &Run) -> BTreeSet<String> {
    let describe = |finding: &Json| {
        let keys = ["code", "severity", "message", "help", "file", "document", "pointer", "span", "allowed"];
        keys.map(|key| finding[key].to_string()).join(" ")
    };
    run.list("diagnostics").iter().map(describe).collect()
}

#[test]
fn pull_without_online_sends_no_query() {
    let env = TestEnv::new();
    let run = env.run(&["account", "pull"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("--online"), "{}", run.err);
    assert_eq!((env.api.connections(), env.dns.queries().len()), (0, 0));
    assert_eq!(entries(env.folder.path()).len(), 1, "something was written");
}

#[test]
fn pull_prints_the_command_that_binds_a_file_to_the_only_portal_with_its_name() {
    let env = env_with_findings();
    let pulled = env.run(&["account", "pull", "--online"]);
    let command = "  portal-lint bind portal.json wT4kQ8sLm2Zr6Yb1Vn9C\n";
    assert!(pulled.out.ends_with(command), "{pulled:?}");
    assert!(!env.folder.path().join("portal-lint.toml").exists(), "the binding was written");

    let bound = env.run_offline(&["bind", "portal.json", "wT4kQ8sLm2Zr6Yb1Vn9C"]);
    assert_eq!(bound.code, Some(0), "{bound:?}");
    let pulled_again = env.run(&["account", "pull", "--online"]);
    assert!(!pulled_again.out.contains("portal-lint bind"), "{pulled_again:?}");
    let online = env.check();
    assert_eq!(
        (online.codes("diagnostics").contains("RCP001"), online.codes("diagnostics").contains("RCP309")),
        (false, true)
    );
}

#[test]
fn pull_and_an_online_check_refuse_files_of_several_accounts() {
    let env = env_with_findings();
    env.write("staging/portal.json", &env.read("portal.json"));
    let settings =
        "account = \"production.json\"\n\n[[environment]]\nfiles = [\"staging/**\"]\naccount = \"staging.json\"\n";
    env.write("portal-lint.toml", settings);
    for args in [&["account", "pull", "--online"][..], &["check", "--online"]] {
        let refused = env.run(args);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.err.contains("the files belong to several accounts"), "{refused:?}");
    }
    let pulled = env.run(&["account", "pull", "--online", "staging"]);
    assert_eq!(pulled.code, Some(0), "{pulled:?}");
    assert!(env.folder.path().join("staging.json").exists() && !env.folder.path().join("production.json").exists());
}

#[test]
fn a_check_with_the_snapshot_has_the_findings_of_an_online_check() {
    for body in ["create", "export"] {
        let env = env_with_findings();
        if body == "export" {
            let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
            env.write("portal.json", &export);
        }
        let pulled = env.run(&["account", "pull", "--online"]);
        assert_eq!(pulled.code, Some(0), "{pulled:?}");
        let requests = env.api.requests().len();
        let offline = env.run_offline(&["check", "--format", "json", "--account", FILE, "portal.json"]);
        assert_eq!(env.api.requests().len(), requests);
        let online = env.check();
        let codes = online.codes("diagnostics");
        let expected: &[&str] = if body == "create" {
            &["RCP001", "RCP003", "RCP004", "RCP303", "RCP304", "RCP309"]
        } else {
            &["RCP003", "RCP004", "RCP303", "RCP309"]
        };
        assert!(expected.iter().all(|code| codes.contains(*code)), "{body}: {codes:?}");
        assert_eq!(findings_without_labels(&online), findings_without_labels(&offline), "{body}");
        assert_eq!(online.codes("unverified"), offline.codes("unverified"), "{body}");
        assert_eq!((online.code, offline.code), (Some(1), Some(1)), "{body}");
    }
}

#[test]
fn the_same_account_gives_the_same_file() {
    let env = env_with_findings();
    let pull = || {
        let run = env.run(&["account", "pull", "--online"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let text = env.read(FILE);
        let mut file: Json = serde_json::from_str(&text).expect("JSON");
        let pulled = file["pulled"].take();
        (text.replace(&pulled.to_string(), "PULLED"), file)
    };
    let (first, file) = pull();
    for (list, count) in [("tracking_domains", 2), ("campaigns", 60), ("user_shops", 0), ("customer_portals", 1)] {
        let ids = field_texts(&file[list], "id");
        assert_eq!(ids.len(), count, "{list}");
        assert!(ids.is_sorted(), "{list}: {ids:?}");
    }
    assert!(file.get("smtp_profiles").is_none(), "the API returns no SMTP profiles");
    assert!(!first.contains(SECRET) && first.ends_with("}\n"), "{first}");
    // The order in the account does not change the file.
    env.api.set("/campaigns", array(&file["campaigns"]).iter().rev().cloned().collect());
    assert_eq!(pull().0, first);
    let schema: Json = serde_json::from_str(&env.run_offline(&["schema", "account"]).out).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let pulled: Json = serde_json::from_str(&env.read(FILE)).expect("JSON");
    let errors: Vec<String> = validator.iter_errors(&pulled).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let names: Vec<_> = entries(env.folder.path()).iter().map(|path| crate::support::file_name(path)).collect();
    assert_eq!(names, ["portal.json", FILE], "a temporary file was not removed");
}

#[test]
fn manual_senders_are_kept() {
    let env = TestEnv::new();
    let profile =
        json!({ "id": "h3NfY6sJw1GtE5uQaB0C", "name": "Acme support mailbox", "from": "support@acme-outfitters.com" });
    let old = json!({ "version": 1, "pulled": "2020-01-01T00:00:00Z", "smtp_profiles": [profile] });
    env.write(FILE, &old.to_string());
    assert_eq!(env.run(&["account", "pull", "--online"]).code, Some(0));
    let new: Json = serde_json::from_str(&env.read(FILE)).expect("JSON");
    assert_eq!(new["smtp_profiles"], json!([profile]));
    assert_ne!(new["pulled"], old["pulled"]);
}

#[test]
fn a_list_that_could_not_be_fetched_is_partial() {
    let lists = ["campaigns", "tracking_domains", "customer_portals"];
    run_cases(
        &lists,
        |list| (*list).to_owned(),
        |list| {
            let env = TestEnv::with_short_timeouts();
            env.api.fault(&format!("/{list}"), usize::MAX, Fault::Bytes(http_response(500, &[], "")));
            let run = env.run(&["account", "pull", "--online"]);
            assert!(matches!(run.code, Some(2 | 3)) && run.err.contains("500"), "{run:?}");
            let text = fs::read_to_string(env.folder.path().join(FILE)).unwrap_or_else(|_| "{}".into());
            let file: Json = serde_json::from_str(&text).expect("JSON");
            assert!(file.get(list).is_none_or(|list| list.as_array().is_some_and(|list| !list.is_empty())), "{file:#}");
        },
    );
    // If nothing was fetched, the old file stays.
    let mut env = TestEnv::with_short_timeouts();
    let old = "{ \"version\": 1, \"pulled\": \"2026-11-21\", \"campaigns\": [] }\n";
    env.write(FILE, old);
    env.set("--api-url", &format!("http://{}/v2", super::server::REFUSING_ADDRESS));
    let run = env.run(&["account", "pull", "--online"]);
    assert!(matches!(run.code, Some(2 | 3)) && run.err.contains("refused"), "{run:?}");
    assert_eq!(env.read(FILE), old);
    env.variable("REVCENT_API_KEY", "");
    let run = env.run(&["account", "pull", "--online"]);
    assert!(matches!(run.code, Some(2 | 3)) && run.err.contains("REVCENT_API_KEY"), "{run:?}");
    assert_eq!((env.read(FILE).as_str(), env.api.connections()), (old, 0));
}

#[test]
fn the_mode_of_the_key_is_reported() {
    let no_mode = "RevCent did not report whether the key is a live or a test key";
    let cases = [
        (json!({}), no_mode),
        (json!({ "live_mode": true }), "RevCent reports that the key is a live key, so test items look missing"),
        (json!({ "mode": "test" }), "RevCent reports that the key is a test key, so live items look missing"),
        (json!({ "mode": "sandbox", "test_mode": 1 }), no_mode),
    ];
    for (extra_fields, expected) in cases {
        let mut env = TestEnv::new();
        env.api.add_page_fields(extra_fields.clone());
        let pulled = env.run(&["account", "pull", "--online"]);
        assert!(pulled.code == Some(0) && pulled.out.contains(expected), "{extra_fields}: {pulled:?}");
        let verbose = ["check", "--online", "--verbose", "portal.json"];
        let run = env.run(&verbose);
        assert!(run.code == Some(0) && run.err.contains(expected), "{extra_fields}: {run:?}");
        assert!(!env.run(&["check", "--online", "portal.json"]).err.contains("key"), "{extra_fields}");
        // Without a query, no mode is reported.
        env.variable("REVCENT_API_KEY", "");
        assert!(!env.run(&verbose).err.contains("live"), "{extra_fields}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let env = TestEnv::new();
    fs::create_dir(env.folder.path().join(FILE)).expect("a folder in its place");
    let run = env.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains(FILE), "{}", run.err);
}

/// A snapshot with a list of each kind that the API returns, and SMTP profiles, which the API does not return.
pub fn older_snapshot() -> Json {
    let mut old = account();
    // A snapshot contains only some fields of an object.
    old["tracking_domains"][0].as_object_mut().expect("an object").remove("a_records");
    old["tracking_domains"][0]["ssl"] = json!({ "status": "issued" });
    old["version"] = 1.into();
    old["pulled"] = "2026-11-01".into();
    old["smtp_profiles"] = json!([{ "id": "h3NfY6sJw1GtE5uQaB0C", "name": "Acme support mailbox" }]);
    old
}

#[cfg(unix)]
#[test]
fn settings_cannot_name_a_file_outside_their_project() {
    let env = TestEnv::new();
    let outside = tempfile::tempdir().expect("a folder");
    let target = outside.path().join("evil.sh");
    let name = target.to_string_lossy().into_owned();
    std::os::unix::fs::symlink(outside.path(), env.folder.path().join("link")).expect("a link");
    for named in [name.as_str(), "../evil.sh", "link/evil.sh"] {
        env.write("portal-lint.toml", &format!("account = {named:?}\n"));
        let run = env.run(&["account", "pull", "--online"]);
        assert_eq!(run.code, Some(2), "{named}: {run:?}");
        assert!(run.err.contains("outside the project") && run.err.contains("--output-file"), "{}", run.err);
        assert!(!target.exists() && env.api.connections() == 0, "{named}");
    }
    let run = env.run(&["account", "pull", "--online", "--output-file", &name]);
    assert!(run.code == Some(0) && target.exists(), "{run:?}");
    env.write("portal-lint.toml", "account = \"accounts.json\"\n");
    let run = env.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(env.read("accounts.json").contains("campaigns"));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_parsed_is_not_replaced() {
    let env = TestEnv::new();
    // Each list contains the one before it ten times, so that the last one expands to 10^9 items.
    let mut bomb = "version: 1\npulled: 2026-11-01\na: &a [1]\n".to_owned();
    for (previous, anchor) in "abcdefghi".chars().zip("bcdefghij".chars()) {
        bomb.extend([format!("{anchor}: &{anchor} [{}]\n", format!("*{previous},").repeat(10))]);
    }
    let deep = format!("{{\"version\":1,\"pulled\":\"2026-11-01\",\"a\":{}1{}}}", "[".repeat(127), "]".repeat(127));
    env.write("bomb.yaml", &bomb);
    env.write("deep.json", &deep);
    let mut files = vec!["bomb.yaml".to_owned(), "deep.json".to_owned()];
    for (number, port) in [".inf", "-.inf", ".nan"].iter().enumerate() {
        let name = format!("{number}.yaml");
        let profile = format!("{{id: h3NfY6sJw1GtE5uQaB0C, name: Acme, port: {port}}}");
        env.write(&name, &format!("version: 1\npulled: 2026-11-01\nsmtp_profiles: [{profile}]\n"));
        files.push(name);
    }
    for name in &files {
        let before = env.read(name);
        let run = env.run(&["account", "pull", "--online", "--output", name]);
        assert_eq!(run.code, Some(2), "{name}: {run:?}");
        assert!(run.err.contains("was not changed"), "{name}: {}", run.err);
        assert_eq!(env.read(name), before);
    }
    let mkfifo = std::process::Command::new("mkfifo").arg(env.folder.path().join("pipe")).status().expect("mkfifo");
    assert!(mkfifo.success());
    std::os::unix::fs::symlink("nowhere", env.folder.path().join("link")).expect("a link");
    for (name, reason) in [
        ("/dev/zero", "a device or a pipe"),
        ("pipe", "a device or a pipe"),
        ("link", "a broken symlink"),
        ("no/such/a.json", "there is no folder `no/such`"),
    ] {
        let run = env.run(&["account", "pull", "--online", "--output", name]);
        assert!(run.code == Some(2) && run.err.contains(reason), "{name}: {run:?}");
    }
}

#[test]
fn lists_that_cannot_be_fetched_are_kept() {
    let env = TestEnv::new();
    let old = older_snapshot();
    env.write(FILE, &old.to_string());
    for path in ["/tracking_domains", "/user_shops", "/customer_portals"] {
        env.api.fault(path, usize::MAX, Fault::Bytes(http_response(403, &[], "")));
    }
    let run = env.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("the shops of the older snapshot were kept"), "{}", run.err);
    let new: Json = serde_json::from_str(&env.read(FILE)).expect("JSON");
    assert_eq!(new["campaigns"][0]["id"], old["campaigns"][0]["id"]);
    for list in ["tracking_domains", "user_shops", "smtp_profiles"] {
        assert_eq!(new[list], old[list], "{list}");
    }
    assert_eq!(new["partial"], json!(["tracking_domains", "user_shops"]));
}

#[test]
fn without_a_key_an_old_snapshot_is_not_used_instead() {
    let mut env = TestEnv::new();
    env.variable("REVCENT_API_KEY", "");
    env.write(FILE, &older_snapshot().to_string());
    for (settings, args) in [("", &["--account", FILE][..]), ("account = \"revcent-account.json\"\n", &[])] {
        env.write("portal-lint.toml", settings);
        let all = [&["check", "--online", "portal.json"], args].concat();
        let run = env.run(&all);
        assert_eq!(run.code, Some(3), "{run:?}");
        assert!(run.out.contains("`REVCENT_API_KEY` is not set"), "{}", run.out);
        assert!(!run.out.contains("or --online"), "{}", run.out);
    }
    assert_eq!(env.api.connections(), 0);
}

#[test]
fn answers_are_used_without_a_snapshot() {
    let env = TestEnv::new();
    let without = env.check();
    env.write("portal-lint.toml", "account = \"not-yet.json\"\n");
    let run = env.check();
    assert!(!run.codes("diagnostics").contains("RCP900"), "{run:?}");
    assert_eq!((run.code, run.unverified()), (without.code, without.unverified()));
    // A snapshot that the command line names must exist.
    let run = env.run(&["check", "--online", "--format", "json", "--account", "not-yet.json", "portal.json"]);
    assert!(run.codes("diagnostics").contains("RCP900"), "{run:?}");
}

#[test]
fn a_secret_of_the_portal_in_a_response_is_not_shown() {
    let env = TestEnv::new();
    let body = format!("{{\"code\":0,\"message\":\"bad {SECRET} of 0123 {}\"}}", &super::api::KEY[12..]);
    env.api.fault("/campaigns", usize::MAX, Fault::Bytes(http_response(500, &[], &body)));
    let run = env.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("\"bad …-secret-… of …\""), "{}", run.err);
}

/// A field may contain a secret even if its name does not suggest it.
#[test]
fn a_snapshot_contains_only_documented_fields() {
    const CANARY: &str = "canary-undocumented-0000";
    let env = env_with_findings();
    for field in ["authorization", "bearer", "pin", "webhook_url", "x"] {
        for object in
            ["/customer_portals/0", "/customer_portals/0/customer_permissions", "/tracking_domains/0", "/campaigns/0"]
        {
            let mut changed = env.api.get(object);
            changed[field] = json!({ "value": [CANARY] });
            changed[format!("{field}_text")] = CANARY.into();
            env.api.set(object, changed);
        }
    }
    let run = env.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let snapshot = env.read(FILE);
    assert!(!snapshot.contains("canary") && snapshot.contains("Somebody changed this"), "{snapshot}");
}
