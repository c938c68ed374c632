//! Every item of the guide's checklists can have each of its statuses.
//!
//! The cases change a clean body and a complete snapshot. Each case runs without settings, with settings that allow all findings,
//! and with settings that disable all rules. The test collects the statuses of every item over all runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use crate::support::json::{array, text};
use crate::support::program::{clean_body, create_folder, portal_lint, stdout_json};
use crate::support::repository;
use portal_lint::base::diagnostic::Severity;
use portal_lint::rules::RULES;
use serde_json::{Value as Json, json};

/// New values by JSON Pointer; `null` removes the field.
type Edits = Vec<(&'static str, Json)>;

fn apply_edits(mut body: Json, edits: &Edits) -> Json {
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

/// A clean body without variables.
fn body_without_variables() -> Json {
    let text = clean_body()
        .replace("${RECAPTCHA_SITE_KEY}", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr")
        .replace("${RECAPTCHA_SECRET_KEY}", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu");
    serde_json::from_str(&text).expect("a clean body")
}

fn complete_snapshot() -> Json {
    let text = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    serde_json::from_str(&text).expect("a snapshot")
}

fn all_permissions(value: bool) -> Json {
    let names = body_without_variables()["customer_permissions"]
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect::<Vec<_>>();
    names.into_iter().map(|name| (name, Json::Bool(value))).collect::<serde_json::Map<_, _>>().into()
}

/// Changes to the body, and to the snapshot. `None`: the case runs without a snapshot.
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
        ("/color", json!("blue")),
    ];
    let other_types: Edits = vec![
        ("/description", json!(7)),
        ("/enabled", json!("no")),
        ("/customer_filters", json!([])),
        ("/customer_permissions", json!([])),
        ("/create_non_existing_customer", json!("yes")),
    ];
    let invalid_ids: Edits = vec![
        ("/tracking_domain", json!("Kq7ZpW2mVx9LcT4bRn8-")),
        ("/smtp_profile", json!("h3NfY6sJw1GtE5uQaB0-")),
        ("/customer_emails/customer_account_password_reset/from", json!("help@globex-traders.com")),
    ];
    let warnings: Edits = vec![
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
    let advice: Edits = vec![
        ("/customer_emails/customer_account_password_reset/from", json!("support@mail.acme-outfitters.com")),
        ("/customer_permissions/salvage_transaction_process", json!(true)),
        ("/enabled", Json::Null),
        ("/description", Json::Null),
        ("/customer_emails/customer_account_confirm_email/subject", Json::Null),
        ("/customer_emails/customer_account_password_reset/subject", Json::Null),
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
    let conflicting_account: Edits = vec![
        ("/tracking_domains/0/dns/status", json!("pending")),
        ("/tracking_domains/0/ssl/status", json!("expired")),
        ("/smtp_profiles/0/from", json!("mail@globex-traders.com")),
        ("/customer_portals", json!([{ "id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "Acme Subscription Portal" }])),
        ("/campaigns", json!([])),
    ];
    let empty_account: Edits =
        vec![("/tracking_domains", json!([])), ("/smtp_profiles", json!([])), ("/campaigns", json!([]))];
    let two_campaigns: Edits = vec![(
        "/campaigns",
        json!([{ "id": "P9dRk2XyM5vHs8LqT1Fz", "name": "One" }, { "id": "Lm8Xq2VbN6rTz4CwJ0Fk", "name": "Two" }]),
    )];
    vec![
        (vec![], Some(vec![])),
        (vec![], None),
        (missing, None),
        (wrong, None),
        (other_types, None),
        (invalid_ids, None),
        (warnings, Some(two_campaigns)),
        (without_effect.clone(), Some(vec![])),
        (variables, Some(vec![])),
        (without_effect, Some(conflicting_account)),
        (vec![], Some(empty_account)),
        (vec![("/name", json!("acme  subscription portal"))], Some(vec![])),
        (advice, Some(vec![])),
    ]
}

/// No settings, settings that allow the findings of every rule, and settings that disable every rule.
fn settings_variants() -> [String; 3] {
    let (mut allow, mut off) = (String::new(), "[severity]\n".to_owned());
    for rule in RULES.iter().filter(|rule| !rule.meta.is_about_the_file()) {
        let name = rule.meta.name;
        writeln!(allow, "[[allow]]\nrule = \"{name}\"\nfiles = [\"*\"]\nreason = \"agreed\"")
            .expect("memory can be written");
        writeln!(off, "{name} = \"off\"").expect("memory can be written");
    }
    [String::new(), allow, off]
}

/// Edits that each leave out most fields. The last one lets customers do more than before.
fn edits() -> [Json; 3] {
    let id = "exD0myCXTaMte0mTOOY3";
    let permissions = body_without_variables()["customer_permissions"].clone();
    [
        json!({ "customer_portal_id": id, "display_name": "Acme" }),
        json!({ "customer_portal_id": id, "enabled": false }),
        json!({ "customer_portal_id": id, "customer_permissions": permissions }),
    ]
}

/// Adds the statuses of the items of a report to those that were collected.
fn add_statuses(report: &Json, statuses_by_item: &mut BTreeMap<String, BTreeSet<String>>) {
    for item in array(&report["portals"][0]["items"]) {
        let (id, status) = (text(&item["id"]).to_owned(), text(&item["status"]).to_owned());
        statuses_by_item.entry(id).or_default().insert(status);
    }
}

/// The statuses of each item over all cases and settings.
fn collect_statuses() -> BTreeMap<String, BTreeSet<String>> {
    let mut statuses_by_item: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (edits, snapshot) in cases() {
        for settings in settings_variants() {
            let portal = apply_edits(body_without_variables(), &edits).to_string();
            let mut files = vec![("portal-lint.toml", settings), ("a.json", portal)];
            let mut args = vec!["preflight", "--format", "json", "a.json"];
            if let Some(edits) = &snapshot {
                files.push(("revcent-account.json", apply_edits(complete_snapshot(), edits).to_string()));
                args.extend(["--account", "revcent-account.json"]);
            }
            // The last case changes only the name, to one that is similar to the name of a second portal. A second portal with the clean
            // name would be a finding (RCP001) in every other case.
            if edits.first().is_some_and(|(pointer, _)| *pointer == "/name") && edits.len() == 1 {
                let name = vec![("/name", json!("Acme Subscription Portal"))];
                files.push(("b.json", apply_edits(body_without_variables(), &name).to_string()));
            }
            let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let report = stdout_json(&portal_lint(create_folder(&files).path(), &args, b""));
            add_statuses(&report, &mut statuses_by_item);
        }
    }
    let no_permissions: Edits = vec![("/customer_portals/0/customer_permissions", all_permissions(false))];
    let snapshot = apply_edits(complete_snapshot(), &no_permissions).to_string();
    for edit in edits() {
        let folder = create_folder(&[("a.json", &edit.to_string()), ("revcent-account.json", &snapshot)]);
        let args = ["preflight", "--format", "json", "--account", "revcent-account.json", "a.json"];
        let report = stdout_json(&portal_lint(folder.path(), &args, b""));
        add_statuses(&report, &mut statuses_by_item);
    }
    statuses_by_item
}

#[test]
fn the_cases_give_every_item_each_of_its_possible_statuses() {
    let statuses_by_item = collect_statuses();
    assert_eq!(statuses_by_item.len(), 44);
    for (id, statuses) in statuses_by_item {
        let mut expected: BTreeSet<String> = ["allowed", "fail", "pass", "unverified"].map(str::to_owned).into();
        // The rules of an item may have findings of other severities, too. The only warning of P10's is located in the other email.
        let rules = RULES.iter().filter(|rule| rule.meta.items.contains(&id.as_str()));
        for severity in rules.filter(|rule| !rule.meta.only_adds).flat_map(|rule| rule.meta.severities) {
            let is_possible = *severity != Severity::Error && (id != "P10" || *severity == Severity::Advice);
            expected.extend(is_possible.then(|| severity.to_string()));
        }
        // Every edit has fields, so the item about unknown fields always applies.
        expected.extend((id != "V24").then(|| "not-applicable".to_owned()));
        assert_eq!(statuses, expected, "{id}");
    }
}
