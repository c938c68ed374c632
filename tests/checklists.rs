//! Every item of the guide's checklists in every status it can have.
//!
//! A few portals between them have everything that can be right, wrong, doubtful or unknown; each is judged as it is,
//! with every finding allowed, and with every rule switched off.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use portal_lint::rules::RULES;
use serde_json::{Value as Json, json};
use support::program::{clean, folder, json as report, portal_lint};
use support::repository;

/// What stands at some pointers; `null` takes it away.
type Edits = Vec<(&'static str, Json)>;

fn edited(mut body: Json, edits: &Edits) -> Json {
    for (pointer, value) in edits {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"));
        match (parent, value) {
            (Json::Object(map), Json::Null) => drop(map.remove(key)),
            (Json::Object(map), value) => drop(map.insert(key.to_owned(), value.clone())),
            (Json::Array(items), value) => items[key.parse::<usize>().expect("a number")] = value.clone(),
            _ => panic!("{pointer}"),
        }
    }
    body
}

fn body() -> Json {
    let text = clean()
        .replace("${RECAPTCHA_SITE_KEY}", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr")
        .replace("${RECAPTCHA_SECRET_KEY}", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu");
    serde_json::from_str(&text).expect("a clean body")
}

fn account() -> Json {
    let text = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    serde_json::from_str(&text).expect("a snapshot")
}

fn all_permissions(value: bool) -> Json {
    let names = body()["customer_permissions"].as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    names.into_iter().map(|name| (name, Json::Bool(value))).collect::<serde_json::Map<_, _>>().into()
}

/// The portals: changes to a clean body, and to a snapshot that knows all of it; without one nobody is asked.
fn cases() -> Vec<(Edits, Option<Edits>)> {
    let missing: Edits = ["/name", "/tracking_domain", "/recaptcha", "/smtp_profile", "/customer_emails"]
        .map(|pointer| (pointer, Json::Null))
        .into();
    let wrong: Edits = vec![
        ("/recaptcha", json!({ "site_key": "", "secret_key": "" })),
        ("/customer_emails/customer_account_confirm_email", json!({ "html": "<p>Welcome</p>" })),
        ("/customer_emails/customer_account_password_reset", json!({ "html": "<p>Welcome</p>" })),
        ("/footer_html", json!("<script>x()</script>")),
        ("/customer_filters/campaign", json!(["short"])),
        ("/create_non_existing_customer", json!(true)),
        ("/colour", json!("blue")),
    ];
    let of_another_type: Edits = vec![
        ("/description", json!(7)),
        ("/enabled", json!("no")),
        ("/customer_filters", json!([])),
        ("/customer_permissions", json!([])),
        ("/create_non_existing_customer", json!("yes")),
    ];
    let odd_ids: Edits = vec![
        ("/tracking_domain", json!("Kq7ZpW2mVx9LcT4bRn8-")),
        ("/smtp_profile", json!("h3NfY6sJw1GtE5uQaB0-")),
        ("/customer_emails/customer_account_password_reset/from", json!("help@globex-traders.com")),
    ];
    let doubtful: Edits = vec![
        ("/recaptcha", json!({ "site_key": "too-short-for-a-key", "secret_key": "too-short-for-a-secret" })),
        ("/customer_emails/customer_account_confirm_email/html", Json::Null),
        ("/customer_emails/customer_account_confirm_email/subject", Json::Null),
        ("/customer_emails/customer_account_password_reset/html", Json::Null),
        ("/customer_emails/customer_account_password_reset/subject", Json::Null),
        ("/footer_html", json!("<style>@import url('https://acme-outfitters.com/a.css');</style>")),
        ("/customer_filters", Json::Null),
        ("/customer_permissions", all_permissions(true)),
        ("/create_non_existing_customer", json!(true)),
        ("/enabled", json!(true)),
        ("/description", Json::Null),
    ];
    let without_effect: Edits = vec![("/create_non_existing_customer_campaign", json!("P9dRk2XyM5vHs8LqT1Fz"))];
    let variables: Edits = vec![
        ("/name", json!("${NAME}")),
        ("/tracking_domain", json!("${DOMAIN}")),
        ("/smtp_profile", json!("${SMTP}")),
        ("/recaptcha", json!({ "site_key": "${SITE}", "secret_key": "${SECRET}" })),
        ("/display_name", json!("${SHOWN}")),
        ("/customer_emails/customer_account_confirm_email/html", json!("${CONFIRM}")),
        ("/customer_emails/customer_account_password_reset/html", json!("${RESET}")),
        ("/customer_filters/campaign", json!(["${CAMPAIGN}"])),
        ("/create_non_existing_customer_campaign", json!("${CAMPAIGN}")),
    ];
    let says_no: Edits = vec![
        ("/tracking_domains/0/dns/status", json!("pending")),
        ("/tracking_domains/0/ssl/status", json!("expired")),
        ("/smtp_profiles/0/from", json!("mail@globex-traders.com")),
        ("/customer_portals", json!([{ "id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "Acme Subscription Portal" }])),
        ("/campaigns", json!([])),
    ];
    let knows_nothing: Edits =
        vec![("/tracking_domains", json!([])), ("/smtp_profiles", json!([])), ("/campaigns", json!([]))];
    let several: Edits = vec![(
        "/campaigns",
        json!([{ "id": "P9dRk2XyM5vHs8LqT1Fz", "name": "One" }, { "id": "Lm8Xq2VbN6rTz4CwJ0Fk", "name": "Two" }]),
    )];
    vec![
        (vec![], Some(vec![])),
        (vec![], None),
        (missing, None),
        (wrong, None),
        (of_another_type, None),
        (odd_ids, None),
        (doubtful, Some(several)),
        (without_effect.clone(), Some(vec![])),
        (variables, Some(vec![])),
        (without_effect, Some(says_no)),
        (vec![], Some(knows_nothing)),
        (vec![("/name", json!("acme  subscription portal"))], Some(vec![])),
    ]
}

/// Settings that allow whatever any rule finds, and settings that switch every rule off.
fn settings() -> [String; 3] {
    let (mut allow, mut off) = (String::new(), "[severity]\n".to_owned());
    for rule in RULES.iter().filter(|rule| !rule.meta.is_about_the_file()) {
        let name = rule.meta.name;
        writeln!(allow, "[[allow]]\nrule = \"{name}\"\nfiles = [\"*\"]\nreason = \"agreed\"").expect("written");
        writeln!(off, "{name} = \"off\"").expect("written");
    }
    [String::new(), allow, off]
}

/// The statuses that each item has had.
fn seen() -> BTreeMap<String, BTreeSet<String>> {
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (edits, snapshot) in cases() {
        for settings in settings() {
            let twin = edited(body(), &vec![("/name", json!("Acme Subscription Portal"))]).to_string();
            let portal = edited(body(), &edits).to_string();
            let mut files = vec![("portal-lint.toml", settings), ("a.json", portal)];
            let mut args = vec!["preflight", "--format", "json", "a.json"];
            if let Some(edits) = &snapshot {
                files.push(("revcent-account.json", edited(account(), edits).to_string()));
                args.extend(["--account", "revcent-account.json"]);
            }
            // Beside the clean one its twin would have the same name.
            if edits.first().is_some_and(|(pointer, _)| *pointer == "/name") && edits.len() == 1 {
                files.push(("b.json", twin));
            }
            let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let report = report(&portal_lint(folder(&files).path(), &args, b""));
            for item in report["portals"][0]["items"].as_array().expect("a list") {
                let text = |key: &str| item[key].as_str().expect("text").to_owned();
                seen.entry(text("id")).or_default().insert(text("status"));
            }
        }
    }
    seen
}

#[test]
fn every_item_is_seen_in_every_status_it_can_have() {
    // What is there or not there, or known or not known, is nothing to be in doubt about.
    let never_doubtful = ["V3", "V4", "V6", "V7", "V8", "V9", "V10", "V11", "V24", "P2", "P3", "P4", "P5", "P6", "P7"];
    let seen = seen();
    assert_eq!(seen.len(), 44);
    for (id, statuses) in seen {
        let mut expected = vec!["allowed", "fail", "pass", "unverified"];
        expected.extend((!never_doubtful.contains(&id.as_str())).then_some("warning"));
        assert_eq!(statuses.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{id}");
    }
}
