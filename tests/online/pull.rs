//! `account pull`: only with `--online`, the same file for the same account, without secrets, and as good as asking anew.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value as Json, json};

use super::http::{Fault, answer};
use super::world::{Run, SECRET, World, account};
use crate::support::entries;
use crate::support::repository;

const FILE: &str = "revcent-account.json";

/// An account in which much is not as the portal wants it, with lists out of order and one portal that is read whole.
fn troubled() -> World {
    let world = World::new();
    let mut whole = account();
    whole["tracking_domains"][0]["dns"]["status"] = "pending".into();
    whole["tracking_domains"][0]["ssl"]["status"] = "failed".into();
    let other =
        json!({ "id": "A".repeat(20), "name": "Globex", "domain_name": "globex.com", "dns": { "status": "ready" } });
    whole["tracking_domains"].as_array_mut().expect("a list").push(other);
    let campaign = |at: usize| json!({ "id": format!("Camp{:016}", 60 - at), "name": format!("Campaign {at}") });
    whole["campaigns"] = (0..60).map(campaign).collect();
    whole["user_shops"] = json!([]);
    let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut portal: Json = serde_json::from_str(&export).expect("JSON");
    portal["display_name"] = "Somebody changed this".into();
    portal["recaptcha"]["secret_key"] = SECRET.into();
    whole["customer_portals"] = json!([portal]);
    world.api.set("", whole);
    world
}

/// What is said, place for place, but for the labels: a snapshot can show where it says so, an answer cannot.
fn said(run: &Run) -> BTreeSet<String> {
    let of = |one: &Json| {
        let keys = ["code", "severity", "message", "help", "file", "document", "pointer", "span", "allowed"];
        keys.map(|key| one[key].to_string()).join(" ")
    };
    run.list("diagnostics").iter().map(of).collect()
}

#[test]
fn without_online_nothing_is_pulled_and_nobody_is_asked() {
    let world = World::new();
    let run = world.run(&["account", "pull"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("--online"), "{}", run.err);
    assert_eq!((world.api.connections(), world.dns.asked().len()), (0, 0));
    assert_eq!(entries(world.folder.path()).len(), 1, "something was written");
}

#[test]
fn a_pulled_snapshot_says_offline_what_asking_says() {
    for body in ["create", "export"] {
        let world = troubled();
        if body == "export" {
            let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
            world.write("portal.json", &export);
        }
        let pulled = world.run(&["account", "pull", "--online"]);
        assert_eq!(pulled.code, Some(0), "{pulled:?}");
        let asked = world.api.requests().len();
        let offline = world.run_offline(&["check", "--format", "json", "--account", FILE, "portal.json"]);
        assert_eq!(world.api.requests().len(), asked);
        let online = world.check();
        let codes = online.codes("diagnostics");
        let wanted: &[&str] = if body == "create" {
            &["RCP001", "RCP003", "RCP004", "RCP303", "RCP304", "RCP309"]
        } else {
            &["RCP003", "RCP004", "RCP303", "RCP309"]
        };
        assert!(wanted.iter().all(|code| codes.contains(*code)), "{body}: {codes:?}");
        assert_eq!(said(&online), said(&offline), "{body}");
        assert_eq!(online.codes("unverified"), offline.codes("unverified"), "{body}");
        assert_eq!((online.code, offline.code), (Some(1), Some(1)), "{body}");
    }
}

#[test]
fn the_same_account_is_the_same_file() {
    let world = troubled();
    let pull = || {
        let run = world.run(&["account", "pull", "--online"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let text = world.read(FILE);
        let mut file: Json = serde_json::from_str(&text).expect("JSON");
        let pulled = file["pulled"].take();
        (text.replace(&pulled.to_string(), "PULLED"), file)
    };
    let (first, file) = pull();
    for list in ["tracking_domains", "campaigns", "user_shops", "customer_portals"] {
        let ids: Vec<&str> =
            file[list].as_array().expect(list).iter().map(|one| one["id"].as_str().expect("an id")).collect();
        assert_eq!(
            ids.len(),
            match list {
                "campaigns" => 60,
                "tracking_domains" => 2,
                "user_shops" => 0,
                _ => 1,
            },
            "{list}"
        );
        assert!(ids.is_sorted(), "{list}: {ids:?}");
    }
    assert!(file.get("smtp_profiles").is_none(), "nobody told about SMTP profiles");
    assert!(!first.contains(SECRET) && first.ends_with("}\n"), "{first}");
    // Another order in the account, the same file.
    let mut turned = account();
    turned["campaigns"] = file["campaigns"].as_array().expect("a list").iter().rev().cloned().collect();
    world.api.set("/campaigns", turned["campaigns"].take());
    assert_eq!(pull().0, first);
    let schema: Json = serde_json::from_str(&world.run_offline(&["schema", "account"]).out).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let pulled: Json = serde_json::from_str(&world.read(FILE)).expect("JSON");
    let errors: Vec<String> = validator.iter_errors(&pulled).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let names: Vec<_> = entries(world.folder.path()).iter().map(|path| crate::support::name(path)).collect();
    assert_eq!(names, ["portal.json", FILE], "something was left lying about");
}

#[test]
fn the_senders_that_people_wrote_stay() {
    let world = World::new();
    let profile =
        json!({ "id": "h3NfY6sJw1GtE5uQaB0C", "name": "Acme support mailbox", "from": "support@acme-outfitters.com" });
    let old = json!({ "version": 1, "pulled": "2020-01-01T00:00:00Z", "smtp_profiles": [profile] });
    world.write(FILE, &old.to_string());
    assert_eq!(world.run(&["account", "pull", "--online"]).code, Some(0));
    let new: Json = serde_json::from_str(&world.read(FILE)).expect("JSON");
    assert_eq!(new["smtp_profiles"], json!([profile]));
    assert_ne!(new["pulled"], old["pulled"]);
}

#[test]
fn what_could_not_be_pulled_is_never_said_to_be_nothing() {
    let mut world = World::impatient();
    let old = "{ \"version\": 1, \"pulled\": \"2026-11-21\", \"campaigns\": [] }\n";
    world.write(FILE, old);
    for path in ["/campaigns", "/tracking_domains", "/customer_portals"] {
        let world = World::impatient();
        world.api.fault(path, usize::MAX, Fault::Bytes(answer(500, &[], "")));
        let run = world.run(&["account", "pull", "--online"]);
        assert!(matches!(run.code, Some(2 | 3)) && run.err.contains("500"), "{path}: {run:?}");
        let text = fs::read_to_string(world.folder.path().join(FILE)).unwrap_or_else(|_| "{}".into());
        let file: Json = serde_json::from_str(&text).expect("JSON");
        let list = path.trim_start_matches('/');
        assert!(
            file.get(list).is_none_or(|list| list.as_array().is_some_and(|list| !list.is_empty())),
            "{path}: {file:#}"
        );
    }
    // When nothing at all was told, the old one stays.
    world.set("--api-url", &format!("http://{}/v2", super::server::NOBODY));
    let run = world.run(&["account", "pull", "--online"]);
    assert!(matches!(run.code, Some(2 | 3)) && run.err.contains("refused"), "{run:?}");
    assert_eq!(world.read(FILE), old);
    world.variable("REVCENT_API_KEY", "");
    let run = world.run(&["account", "pull", "--online"]);
    assert!(matches!(run.code, Some(2 | 3)) && run.err.contains("REVCENT_API_KEY"), "{run:?}");
    assert_eq!((world.read(FILE).as_str(), world.api.connections()), (old, 0));
}

#[test]
fn a_file_that_cannot_be_written_is_said() {
    let world = World::new();
    fs::create_dir(world.folder.path().join(FILE)).expect("a folder in its place");
    let run = world.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains(FILE), "{}", run.err);
}
