//! Property: after the requests of a plan were applied to a copy of the snapshot, a second plan has nothing to do. It holds whether
//! RevCent keeps or removes the fields that an edit leaves out of an object.

use portal_lint::engine::report::Report;
use portal_lint::plan::{Action, make_plan};
use portal_lint::preflight::evaluate_report;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Value as Json, json};

use super::project::{as_export, binding, body, snapshot};
use crate::property::choices::{Choices, choices};
use crate::support::{check_files_with, internal_file, memory_file};

const PERMISSIONS: [&str; 12] = [
    "contact_modify",
    "credit_card_add",
    "credit_card_remove",
    "credit_card_set_default",
    "shipping_modify_ship_to",
    "subscription_renew",
    "subscription_activate",
    "subscription_suspend",
    "subscription_cancel",
    "trial_expire",
    "trial_cancel",
    "salvage_transaction_process",
];

/// A portal that may be submitted, with many fields chosen at random. `number` makes its name and customers unique.
fn random_body(number: usize, choices: &mut Choices) -> Json {
    let mut portal = body();
    portal["name"] = format!("Acme Portal {number}").into();
    portal["customer_filters"]["campaign"] = random_campaigns(number, choices);
    set_or_remove(&mut portal, "display_name", choices.pick(&[Some("My Acme"), Some("Acme Ü \"😀\""), None]));
    set_or_remove(&mut portal, "description", choices.pick(&[Some("For subscribers of Acme"), Some(""), None]));
    set_or_remove(&mut portal, "footer_html", choices.pick(&[Some("<p>Acme</p>"), Some(""), None]));
    set_or_remove(&mut portal, "enabled", choices.pick(&[Some(0), Some(1), None]).map(|flag| Json::from(flag == 1)));
    for permission in PERMISSIONS {
        let value = choices.pick(&[Some(false), Some(true), None]);
        set_or_remove(&mut portal["customer_permissions"], permission, value.map(Json::from));
    }
    for email in ["customer_account_confirm_email", "customer_account_password_reset"] {
        let email = &mut portal["customer_emails"][email];
        email["subject"] = choices.pick(&["Your code", "Your Acme code"]).into();
        set_or_remove(email, "from_name", choices.pick(&[Some("Acme"), Some("Acme Outfitters"), None]));
        let copies = [
            Some(&[][..]),
            Some(&["a@acme-outfitters.com"]),
            Some(&["b@acme-outfitters.com", "a@acme-outfitters.com"]),
            None,
        ];
        set_or_remove(email, "to_bcc", choices.pick(&copies).map(Json::from));
    }
    if choices.one_in(3) {
        portal["create_non_existing_customer"] = true.into();
        portal["create_non_existing_customer_campaign"] = campaign_id(number, 'a').into();
    }
    if choices.one_in(3) {
        portal["recaptcha"]["site_key"] = choices
            .pick(&["6LfSiteKeyA00000000000000000000000000000", "6LfSiteKeyB00000000000000000000000000000"])
            .into();
    }
    portal
}

fn set_or_remove(object: &mut Json, key: &str, value: Option<impl Into<Json>>) {
    let object = object.as_object_mut().expect("an object");
    match value {
        Some(value) => drop(object.insert(key.to_owned(), value.into())),
        None => drop(object.remove(key)),
    }
}

/// One or two campaigns that no other portal has, in any order.
fn random_campaigns(number: usize, choices: &mut Choices) -> Json {
    let ids = [campaign_id(number, 'a'), campaign_id(number, 'b')];
    match choices.below(3) {
        0 => json!([ids[0]]),
        1 => json!([ids[1], ids[0]]),
        _ => json!([ids[0], ids[1]]),
    }
}

fn campaign_id(number: usize, letter: char) -> String {
    format!("Camp{number:014}0{letter}")
}

fn portal_id(number: usize) -> String {
    format!("Portal{number:014}")
}

/// Files that are bound to portals of the account with other values, except for some that the account does not have.
struct Pair {
    /// The files and whether they are bound.
    files: Vec<(Json, bool)>,
    account: Json,
}

fn random_pair(choices: &mut Choices) -> Pair {
    let (mut files, mut portals, mut campaigns) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..=choices.below(3) {
        let desired = random_body(number, choices);
        let is_bound = !choices.one_in(4);
        if is_bound {
            let mut account = as_export(&random_body(number, choices), &portal_id(number));
            account["customer_permissions"]["unknown_to_requests"] = true.into();
            if choices.one_in(4) {
                // An incomplete portal.
                let field = choices.pick(&["customer_emails", "recaptcha", "smtp_profile"]);
                account.as_object_mut().expect("an object").remove(field);
            }
            portals.push(account);
        }
        files.push((desired, is_bound));
        for letter in ['a', 'b'] {
            campaigns.push(json!({ "id": campaign_id(number, letter), "name": format!("Campaign {number} {letter}") }));
        }
    }
    let mut account = snapshot(&portals.into());
    account["pulled"] = "2026-11-21".into();
    account["campaigns"] = campaigns.into();
    Pair { files, account }
}

impl Pair {
    fn check(&self) -> Report {
        let mut settings = String::new();
        let mut inputs = vec![internal_file("account.json", self.account.to_string())];
        for (number, (desired, is_bound)) in self.files.iter().enumerate() {
            inputs.push(memory_file(&format!("{number}.json"), desired.to_string()));
            if *is_bound {
                settings.push_str(&binding(&format!("{number}.json"), &portal_id(number)));
            }
        }
        inputs.push(memory_file("portal-lint.toml", settings));
        check_files_with(&inputs, |settings| {
            settings.with_preflight_facts = true;
            settings.with_plan = true;
        })
    }

    /// Applies the requests of a plan. `replaces_objects`: whether an edit removes the fields that it leaves out of an object.
    fn apply(&mut self, requests: Vec<(Action, Option<String>, usize, Json)>, replaces_objects: bool) {
        let portals = self.account["customer_portals"].as_array_mut().expect("a list");
        for (action, id, number, body) in requests {
            if action == Action::Create {
                self.files[number].1 = true;
                portals.push(as_export(&body, &portal_id(number)));
                continue;
            }
            assert_eq!(body["customer_portal_id"].as_str(), id.as_deref());
            let portal = portals.iter_mut().find(|portal| portal["id"].as_str() == id.as_deref()).expect("a portal");
            let mut with_recaptcha = body.clone();
            if body.get("recaptcha").is_none() {
                with_recaptcha["recaptcha"] = json!({});
            }
            let converted = as_export(&with_recaptcha, &portal_id(number));
            for (field, _) in
                body.as_object().expect("an object").iter().filter(|(field, _)| *field != "customer_portal_id")
            {
                merge(&mut portal[field], &converted[field], replaces_objects);
            }
        }
    }
}

impl Pair {
    /// The permissions that the account grants and no file does.
    fn undesired_permissions(&self) -> Vec<String> {
        let mut undesired = Vec::new();
        for portal in self.account["customer_portals"].as_array().expect("a list") {
            let (desired, _) = self.files.iter().find(|(file, _)| file["name"] == portal["name"]).expect("a file");
            for permission in PERMISSIONS {
                if portal["customer_permissions"][permission] == true
                    && desired["customer_permissions"][permission] != true
                {
                    undesired.push(format!("{permission} of {}", portal["name"]));
                }
            }
        }
        undesired
    }
}

fn merge(current: &mut Json, new: &Json, replaces_objects: bool) {
    // An object with an `id` stands for the ID.
    match (current.as_object_mut(), new.as_object()) {
        (Some(current), Some(new)) if !replaces_objects && !new.contains_key("id") => {
            for (key, value) in new {
                merge(current.entry(key.as_str()).or_insert(Json::Null), value, replaces_objects);
            }
        }
        _ => *current = new.clone(),
    }
}

fn requests(report: &Report) -> Vec<(Action, Option<String>, usize, Json)> {
    let preflight = evaluate_report(report);
    let mut requests = Vec::new();
    for portal in &make_plan(&preflight).portals {
        assert_ne!(portal.action, Action::Blocked, "{:?}", portal.reasons);
        if let Some(body) = portal.body {
            let number =
                portal.file.and_then(|file| file.strip_suffix(".json")).expect("a file").parse().expect("a number");
            let body = serde_json::from_str(&body.to_text()).expect("JSON");
            requests.push((portal.action, portal.id.map(str::to_owned), number, body));
        }
    }
    requests
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applying_a_plan_leaves_nothing_to_do(mut choices in choices(), replaces_objects in any::<bool>()) {
        let mut pair = random_pair(&mut choices);
        let planned = requests(&pair.check());
        pair.apply(planned, replaces_objects);
        let remaining = requests(&pair.check());
        prop_assert!(remaining.is_empty(), "{remaining:#?}");
        prop_assert_eq!(pair.undesired_permissions(), Vec::<String>::new());
    }
}

#[test]
fn random_pairs_have_creates_and_updates_and_unchanged_portals() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut counts = [0; 3];
    for _ in 0..50 {
        let mut choices = choices().new_tree(&mut runner).expect("choices").current();
        let report = random_pair(&mut choices).check();
        let preflight = evaluate_report(&report);
        let plan = make_plan(&preflight);
        for (count, action) in counts.iter_mut().zip([Action::Create, Action::Update, Action::Unchanged]) {
            *count += plan.count(action);
        }
    }
    assert!(counts[0] > 5 && counts[1] > 20, "{counts:?}");
}
