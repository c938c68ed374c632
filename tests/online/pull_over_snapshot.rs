//! `account pull` with an existing snapshot: entries of users are kept or the file is left unchanged, and no secret is written.

use std::fs;

use serde_json::{Value as Json, json};

use super::environment::{Run, SECRET, TestEnv};
use super::http::{Fault, http_response};
use super::pull::{FILE, older_snapshot};

#[test]
fn a_file_that_is_not_a_valid_snapshot_is_not_replaced() {
    let start = "{\"version\":1,\"pulled\":\"2026-11-01\"";
    let profile = |from: &str| format!("[{{\"id\":\"h3NfY6sJw1GtE5uQaB0C\",\"from\":\"{from}\"}}]");
    let (a, b) = (profile("a@acme-outfitters.com"), profile("b@acme-outfitters.com"));
    let cases = [
        (
            "misspelt.json",
            format!("{start},\"smtp_profile\":{a}}}"),
            "does not follow the schema of a snapshot at `/smtp_profile`",
        ),
        ("later.json", format!("{{\"version\":2,\"pulled\":\"2026-11-01\",\"smtp_profiles\":{a}}}"), "at `/version`"),
        ("more.json", format!("{start},\"customer_groups\":[]}}"), "at `/customer_groups`"),
        ("twice.json", format!("{start},\"smtp_profiles\":{a},\"smtp_profiles\":{b}}}"), "has a duplicate key"),
        ("notes.yaml", "# ours\nversion: 1\npulled: 2026-11-01\n".to_owned(), "has comments"),
        ("two.yaml", "version: 1\npulled: 2026-11-01\n---\nsmtp_profiles: []\n".to_owned(), "cannot be read"),
    ];
    let env = TestEnv::new();
    for (name, text, reason) in cases {
        env.write(name, &text);
        let run = env.run(&["account", "pull", "--online", "--output", name]);
        assert_eq!(run.code, Some(2), "{name}: {run:?}");
        assert!(run.err.contains(reason) && run.err.contains("was not changed"), "{name}: {}", run.err);
        assert_eq!(env.read(name), text);
    }
    // A file that cannot be written, or an argument that does not exist, is an error before any query.
    env.write("fixed.json", &format!("{start}}}"));
    let path = env.folder.path().join("fixed.json");
    let mut mode = fs::metadata(&path).expect("a file").permissions();
    mode.set_readonly(true);
    fs::set_permissions(&path, mode).expect("a mode");
    for (args, reason) in [
        (["--output", "fixed.json"], "`fixed.json` cannot be written: it is read-only"),
        (["--output", "no/such.json"], "there is no folder `no`"),
        (["portal.json", "nothere.json"], "`nothere.json` does not exist"),
    ] {
        let run = env.run(&[&["account", "pull", "--online"][..], &args].concat());
        assert!(run.code == Some(2) && run.err.contains(reason), "{args:?}: {run:?}");
    }
    assert_eq!(env.api.connections(), 0);
}

#[test]
fn manual_smtp_profiles_are_kept_in_the_next_snapshot() {
    let env = TestEnv::new();
    let old = json!({ "$schema": "account.schema.json", "version": 1, "pulled": "2026-11-01",
        "partial": ["smtp_profiles", "campaigns"], "absent": { "smtp_profiles": ["A".repeat(20)] },
        "smtp_profiles": [{ "id": "B".repeat(20), "from": "support@acme-outfitters.com" }] });
    env.write(FILE, &old.to_string());
    let check = ["check", "--format", "json", "--account", FILE, "portal.json"];
    let assert_unverified = |run: Run| {
        assert!(!run.codes("diagnostics").contains("RCP302") && run.codes("unverified").contains("RCP302"), "{run:?}");
    };
    assert_unverified(env.run_offline(&check));
    assert_unverified(env.run(&[&check[..], &["--online"]].concat()));
    assert_eq!(env.run(&["account", "pull", "--online"]).code, Some(0));
    let new: Json = serde_json::from_str(&env.read(FILE)).expect("JSON");
    for (key, kept) in
        [("$schema", &old["$schema"]), ("partial", &json!(["smtp_profiles"])), ("absent", &old["absent"])]
    {
        assert_eq!(&new[key], kept, "{key}");
    }
    assert_unverified(env.run_offline(&check));
    // The first pull replaces YAML by JSON, and reports it.
    env.write("account.yaml", "version: 1\npulled: 2026-11-01\nsmtp_profiles: []\n");
    for is_first in [true, false] {
        let run = env.run(&["account", "pull", "--online", "--output", "account.yaml"]);
        assert_eq!((run.code, run.out.contains("it was YAML and is JSON now")), (Some(0), is_first), "{run:?}");
    }
}

/// The API returns the lists, but not the single objects.
#[test]
fn fields_that_only_the_older_snapshot_has_are_kept() {
    let env = TestEnv::new();
    let mut old = older_snapshot();
    old["customer_portals"] = json!([{ "id": "exD0myCXTaMte0mTOOY3", "name": "Before", "footer_html": "<p>x</p>" }]);
    env.write(FILE, &old.to_string());
    env.api.set("/customer_portals", json!([{ "id": "exD0myCXTaMte0mTOOY3", "name": "Now" }]));
    for path in ["/tracking_domains/", "/customer_portals/"] {
        env.api.fault(path, usize::MAX, Fault::Bytes(http_response(403, &[], "")));
    }
    let run = env.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    for message in ["the data of 1 tracking domain in", "the data of 1 portal in"] {
        assert!(run.err.contains(message), "{}", run.err);
    }
    let new: Json = serde_json::from_str(&env.read(FILE)).expect("JSON");
    assert_eq!(new["customer_portals"][0]["name"], "Now");
    assert_eq!(new["customer_portals"][0]["footer_html"], "<p>x</p>");
    assert_eq!(new["tracking_domains"][0]["domain_name"], old["tracking_domains"][0]["domain_name"]);
    assert_eq!(new["tracking_domains"][0]["dns"], old["tracking_domains"][0]["dns"]);
}

#[test]
fn a_snapshot_over_the_limits_is_not_written() {
    let env = TestEnv::new();
    let campaign = |number: usize| json!({ "id": format!("Camp{number:016}"), "name": format!("Campaign {number}") });
    env.api.set("/campaigns", (0..60).map(campaign).collect());
    env.write("portal-lint.toml", "[limits]\nnodes = 150\n");
    let run = env.run(&["account", "pull", "--online"]);
    assert!(run.code == Some(2) && run.err.contains("was not changed") && run.err.contains("[limits]"), "{run:?}");
    assert!(!env.folder.path().join(FILE).exists());
}

#[test]
fn a_response_with_the_secret_of_a_portal_is_written_without_it() {
    let env = TestEnv::new();
    env.api.set("/campaigns/0/name", json!(format!("{SECRET} x")));
    env.api.set("/tracking_domains/0/domain_name", json!(format!("{}.test", SECRET.to_uppercase())));
    let run = env.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("contains a secret"), "{}", run.err);
    let text = env.read(FILE);
    assert!(!text.to_lowercase().contains(SECRET) && text.contains("P9dRk2XyM5vHs8LqT1Fz"), "{text}");
    let new: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(new["partial"], json!(["campaigns"]));
}

/// The secret of a portal of the account, which no file contains.
#[test]
fn a_secret_that_the_api_returns_is_not_repeated_by_another_field() {
    const RETURNED: &str = "zqSECRETVALUE1234567";
    let env = TestEnv::new();
    let mut portal = json!({ "id": "Port0000000000000000", "name": "Acme" });
    portal["recaptcha"] = json!({ "site_key": "s", "secret_key": RETURNED });
    portal["description"] = json!(format!("see {RETURNED}"));
    portal["footer_html"] = json!(format!("<p>{}</p>", RETURNED.to_lowercase()));
    env.api.set("/customer_portals", json!([portal]));
    env.api.set("/campaigns/0/name", json!(format!("x {RETURNED}")));
    let run = env.run(&["account", "pull", "--online"]);
    assert!(run.code == Some(3) && run.err.contains("contains a secret"), "{run:?}");
    let text = env.read(FILE);
    assert!(!text.to_lowercase().contains(&RETURNED.to_lowercase()) && text.contains("site_key"), "{text}");
    let run = env.run(&["check", "--online", "--format", "json", "portal.json"]);
    assert!(!run.out.contains(RETURNED), "{}", run.out);
    // A file can repeat it, too.
    env.api.set("/customer_portals/0/name", json!("Acme Subscription Portal"));
    env.write("repeats.json", &env.read("portal.json").replacen('{', &format!("{{\"bogus\": \"{RETURNED}\","), 1));
    for format in ["human", "json"] {
        let run = env.run(&["check", "--online", "--format", format, "repeats.json"]);
        assert!(run.out.contains("RCP001") && run.out.contains("RCP024"), "{run:?}");
        assert!(!run.out.contains(RETURNED), "{}", run.out);
    }
}

/// A documented field of another type is not lost without a message, and nothing in it is stored.
#[test]
fn a_documented_field_of_another_type_is_omitted_with_a_message() {
    const CANARY: &str = "canary-nested-0000";
    for (field, value) in [
        ("description", json!({ "text": CANARY })),
        ("footer_html", json!([CANARY])),
        ("name", json!({ "en": CANARY })),
        ("tracking_domain", json!(CANARY)),
        ("customer_filters", json!({ "campaign": [{ "id": CANARY }, CANARY] })),
        ("customer_filters", json!({ "campaign": { CANARY: 1 } })),
        ("customer_permissions", json!([{ "trial_cancel": CANARY }])),
        ("customer_emails", json!({ "customer_account_confirm_email": { "html": { "text": CANARY } } })),
        ("customer_emails", json!(CANARY)),
        ("recaptcha", json!([{ "site_key": CANARY }])),
    ] {
        let env = TestEnv::new();
        let mut portal = json!({ "id": "Port0000000000000000", "name": "Acme" });
        portal[field] = value.clone();
        env.api.set("/customer_portals", json!([portal]));
        let run = env.run(&["account", "pull", "--online"]);
        assert!(run.code == Some(3) && run.err.contains("not of the documented type"), "{field} {value}: {run:?}");
        assert!(!format!("{run:?}{}", env.read(FILE)).contains("canary"), "{field} {value}: {run:?}");
    }
}

/// The secret is in a snapshot that a user wrote, plain or escaped, or in a response.
#[test]
fn a_secret_in_the_account_is_masked_in_findings() {
    let env = TestEnv::new();
    let escaped: Vec<String> = SECRET.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let escaped = escaped.concat();
    for name in [SECRET, &escaped] {
        let campaigns = format!("[{{\"id\":\"P9dRk2XyM5vHs8LqT1Fy\",\"name\":\"{name} x\"}}]");
        env.write(FILE, &format!("{{\"version\":1,\"pulled\":\"2026-11-21\",\"campaigns\":{campaigns}}}"));
        let run = env.run_offline(&["check", "--account", FILE, "--select", "RCP303", "portal.json"]);
        assert!(run.code == Some(1) && run.out.contains(FILE) && run.out.contains("****"), "{run:?}");
        assert!(!run.out.contains(&escaped), "{}", run.out);
    }
    env.api.set("/campaigns", json!([{ "id": "P9dRk2XyM5vHs8LqT1Fy", "name": format!("{SECRET} x") }]));
    env.run(&["check", "--online", "--select", "RCP303", "portal.json"]);
}

#[test]
fn the_same_error_of_many_objects_is_reported_once() {
    let env = TestEnv::new();
    let portal = |number: usize| json!({ "id": format!("Port{number:016}"), "name": format!("Portal {number}") });
    env.api.set("/customer_portals", (0..30).map(portal).collect());
    env.api.fault("/customer_portals/", usize::MAX, Fault::Bytes(http_response(403, &[], "")));
    let run = env.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("the portal `Port0000000000000000` and 29 more: "), "{}", run.err);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
}

#[test]
fn the_length_of_all_responses_is_limited() {
    let mut env = TestEnv::new();
    env.set("--run-timeout", "80");
    let name = "x".repeat(39_000);
    let campaign = |number: usize| json!({ "id": format!("Camp{number:016}"), "name": name });
    env.api.set("/campaigns", (0..1000).map(campaign).collect());
    let run = env.run(&["account", "pull", "--online"]);
    assert!(run.err.contains("all responses together exceed 32 MiB"), "{:?} {}", run.code, run.err);
    assert_eq!(env.requests("/campaigns").len(), 35);
}
