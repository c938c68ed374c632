//! `account pull`: only with `--online`, the same file for the same account, without secrets, and as good as asking anew.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value as Json, json};

use super::http::{Fault, answer};
use super::world::{Run, SECRET, World, account};
use crate::support::entries;
use crate::support::repository;

pub const FILE: &str = "revcent-account.json";

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
fn whether_the_key_is_live_or_test_is_said_as_far_as_revcent_says_so() {
    let no_mode = "RevCent did not say whether the key is live or test";
    let cases = [
        (json!({}), no_mode),
        (json!({ "live_mode": true }), "the key is live, as RevCent said; it is shown no test items"),
        (json!({ "mode": "test" }), "the key is a test key, as RevCent said; it is shown no live items"),
        (json!({ "mode": "sandbox", "test_mode": 1 }), no_mode),
    ];
    for (extra, said) in cases {
        let mut world = World::new();
        world.api.add_fields(extra.clone());
        let pulled = world.run(&["account", "pull", "--online"]);
        assert!(pulled.code == Some(0) && pulled.out.contains(said), "{extra}: {pulled:?}");
        let verbose = ["check", "--online", "--verbose", "portal.json"];
        let run = world.run(&verbose);
        assert!(run.code == Some(0) && run.err.contains(said), "{extra}: {run:?}");
        assert!(!world.run(&["check", "--online", "portal.json"]).err.contains("key"), "{extra}");
        // Who was not asked said nothing.
        world.variable("REVCENT_API_KEY", "");
        assert!(!world.run(&verbose).err.contains("live"), "{extra}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_said() {
    let world = World::new();
    fs::create_dir(world.folder.path().join(FILE)).expect("a folder in its place");
    let run = world.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains(FILE), "{}", run.err);
}

/// A snapshot with one list of each kind that can be asked for, and senders.
pub fn older() -> Json {
    let mut old = account();
    old["version"] = 1.into();
    old["pulled"] = "2026-11-01".into();
    old["smtp_profiles"] = json!([{ "id": "h3NfY6sJw1GtE5uQaB0C", "name": "Acme support mailbox" }]);
    old
}

#[cfg(unix)]
#[test]
fn settings_name_no_file_outside_their_project() {
    let world = World::new();
    let outside = tempfile::tempdir().expect("a folder");
    let target = outside.path().join("evil.sh");
    let name = target.to_string_lossy().into_owned();
    std::os::unix::fs::symlink(outside.path(), world.folder.path().join("way")).expect("a link");
    for named in [name.as_str(), "../evil.sh", "way/evil.sh"] {
        world.write("portal-lint.toml", &format!("account = {named:?}\n"));
        let run = world.run(&["account", "pull", "--online"]);
        assert_eq!(run.code, Some(2), "{named}: {run:?}");
        assert!(run.err.contains("outside the project") && run.err.contains("--output"), "{}", run.err);
        assert!(!target.exists() && world.api.connections() == 0, "{named}");
    }
    let run = world.run(&["account", "pull", "--online", "--output", &name]);
    assert!(run.code == Some(0) && target.exists(), "{run:?}");
    world.write("portal-lint.toml", "account = \"accounts.json\"\n");
    let run = world.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(world.read("accounts.json").contains("campaigns"));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_again_is_left_as_it_is() {
    let world = World::new();
    let links = "abcdefghi".chars().zip("bcdefghij".chars());
    let bomb: Vec<String> = links.map(|(a, b)| format!("{a}: &{a} [{}]\n", format!("*{b},").repeat(10))).collect();
    let bomb: String = bomb.into_iter().rev().collect();
    let bomb = format!("version: 1\npulled: 2026-11-01\nj: &j [1]\n{bomb}");
    let deep = format!("{{\"version\":1,\"pulled\":\"2026-11-01\",\"a\":{}1{}}}", "[".repeat(127), "]".repeat(127));
    world.write("bomb.yaml", &bomb);
    world.write("deep.json", &deep);
    let mut files = vec!["bomb.yaml".to_owned(), "deep.json".to_owned()];
    for (number, port) in ["0x1F", ".5", "+1", ".inf", "0o17", "007", "1."].iter().enumerate() {
        let name = format!("{number}.yaml");
        let profile = format!("{{id: h3NfY6sJw1GtE5uQaB0C, name: Acme, port: {port}}}");
        world.write(&name, &format!("version: 1\npulled: 2026-11-01\nsmtp_profiles: [{profile}]\n"));
        files.push(name);
    }
    for name in &files {
        let before = world.read(name);
        let run = world.run(&["account", "pull", "--online", "--output", name]);
        assert_eq!(run.code, Some(2), "{name}: {run:?}");
        assert!(run.err.contains("left as it is"), "{name}: {}", run.err);
        assert_eq!(world.read(name), before);
    }
    let made = std::process::Command::new("mkfifo").arg(world.folder.path().join("pipe")).status().expect("mkfifo");
    assert!(made.success());
    std::os::unix::fs::symlink("nowhere", world.folder.path().join("link")).expect("a link");
    for (name, why) in [
        ("/dev/zero", "a device or a pipe"),
        ("pipe", "a device or a pipe"),
        ("link", "a link to what is not there"),
        ("no/such/a.json", "there is no folder `no/such`"),
    ] {
        let run = world.run(&["account", "pull", "--online", "--output", name]);
        assert!(run.code == Some(2) && run.err.contains(why), "{name}: {run:?}");
    }
}

#[test]
fn what_could_not_be_asked_for_stays_as_it_was() {
    let world = World::new();
    let old = older();
    world.write(FILE, &old.to_string());
    for path in ["/tracking_domains", "/user_shops", "/customer_portals"] {
        world.api.fault(path, usize::MAX, Fault::Bytes(answer(403, &[], "")));
    }
    let run = world.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("the shops of the older snapshot are kept"), "{}", run.err);
    let new: Json = serde_json::from_str(&world.read(FILE)).expect("JSON");
    assert_eq!(new["campaigns"][0]["id"], old["campaigns"][0]["id"]);
    for list in ["tracking_domains", "user_shops", "smtp_profiles"] {
        assert_eq!(new[list], old[list], "{list}");
    }
    assert_eq!(new["partial"], json!(["tracking_domains", "user_shops"]));
}

#[test]
fn without_a_key_no_snapshot_takes_its_place() {
    let mut world = World::new();
    world.variable("REVCENT_API_KEY", "");
    world.write(FILE, &older().to_string());
    for (settings, args) in [("", &["--account", FILE][..]), ("account = \"revcent-account.json\"\n", &[])] {
        world.write("portal-lint.toml", settings);
        let all = [&["check", "--online", "portal.json"], args].concat();
        let run = world.run(&all);
        assert_eq!(run.code, Some(3), "{run:?}");
        assert!(run.out.contains("there is no key in `REVCENT_API_KEY`"), "{}", run.out);
        assert!(!run.out.contains("or --online"), "{}", run.out);
    }
    assert_eq!(world.api.connections(), 0);
}

#[test]
fn answers_count_before_there_is_a_snapshot() {
    let world = World::new();
    let without = world.check();
    world.write("portal-lint.toml", "account = \"not-yet.json\"\n");
    let run = world.check();
    assert!(!run.codes("diagnostics").contains("RCP900"), "{run:?}");
    assert_eq!((run.code, run.open()), (without.code, without.open()));
    // Who names one on the command line wants it to be there.
    let run = world.run(&["check", "--online", "--format", "json", "--account", "not-yet.json", "portal.json"]);
    assert!(run.codes("diagnostics").contains("RCP900"), "{run:?}");
}

#[test]
fn an_answer_that_holds_a_secret_of_the_portal_is_covered() {
    let world = World::new();
    let body = format!("{{\"code\":0,\"message\":\"bad secret {SECRET} of {}\"}}", super::api::KEY);
    world.api.fault("/campaigns", usize::MAX, Fault::Bytes(answer(500, &[], &body)));
    let run = world.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("bad secret ***"), "{}", run.err);
}
