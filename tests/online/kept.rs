//! `account pull` and what was there before: what people wrote stays or the file does, and no secret comes into it or out of it.

use std::fs;

use serde_json::{Value as Json, json};

use super::http::{Fault, answer};
use super::pull::{FILE, older};
use super::world::{Run, SECRET, World};

/// What stands in the file before, and what is said of it.
#[test]
fn what_somebody_wrote_is_not_written_over() {
    let head = "{\"version\":1,\"pulled\":\"2026-11-01\"";
    let profile = |from: &str| format!("[{{\"id\":\"h3NfY6sJw1GtE5uQaB0C\",\"from\":\"{from}\"}}]");
    let (a, b) = (profile("a@acme-outfitters.com"), profile("b@acme-outfitters.com"));
    let cases = [
        ("misspelt.json", format!("{head},\"smtp_profile\":{a}}}"), "not of the form of a snapshot at `/smtp_profile`"),
        ("later.json", format!("{{\"version\":2,\"pulled\":\"2026-11-01\",\"smtp_profiles\":{a}}}"), "at `/version`"),
        ("more.json", format!("{head},\"customer_groups\":[]}}"), "at `/customer_groups`"),
        ("twice.json", format!("{head},\"smtp_profiles\":{a},\"smtp_profiles\":{b}}}"), "holds a key twice"),
        ("notes.yaml", "# ours\nversion: 1\npulled: 2026-11-01\n".to_owned(), "holds comments"),
        ("two.yaml", "version: 1\npulled: 2026-11-01\n---\nsmtp_profiles: []\n".to_owned(), "cannot be read"),
    ];
    let world = World::new();
    for (name, text, why) in cases {
        world.write(name, &text);
        let run = world.run(&["account", "pull", "--online", "--output", name]);
        assert_eq!(run.code, Some(2), "{name}: {run:?}");
        assert!(run.err.contains(why) && run.err.contains("is left as it is"), "{name}: {}", run.err);
        assert_eq!(world.read(name), text);
    }
    // What cannot be written is said before anybody is asked, and so is what was named and is not there.
    world.write("fixed.json", &format!("{head}}}"));
    let path = world.folder.path().join("fixed.json");
    let mut mode = fs::metadata(&path).expect("a file").permissions();
    mode.set_readonly(true);
    fs::set_permissions(&path, mode).expect("a mode");
    for (args, why) in [
        (["--output", "fixed.json"], "`fixed.json` cannot be written: it is read-only"),
        (["--output", "no/such.json"], "there is no folder `no`"),
        (["portal.json", "nothere.json"], "`nothere.json` is not there"),
    ] {
        let run = world.run(&[&["account", "pull", "--online"][..], &args].concat());
        assert!(run.code == Some(2) && run.err.contains(why), "{args:?}: {run:?}");
    }
    assert_eq!(world.api.connections(), 0);
}

#[test]
fn what_people_say_of_smtp_profiles_counts_in_the_next_snapshot() {
    let world = World::new();
    let old = json!({ "$schema": "account.schema.json", "version": 1, "pulled": "2026-11-01",
        "partial": ["smtp_profiles", "campaigns"], "absent": { "smtp_profiles": ["A".repeat(20)] },
        "smtp_profiles": [{ "id": "B".repeat(20), "from": "support@acme-outfitters.com" }] });
    world.write(FILE, &old.to_string());
    let check = ["check", "--format", "json", "--account", FILE, "portal.json"];
    let open = |run: Run| {
        assert!(!run.codes("diagnostics").contains("RCP302") && run.codes("unverified").contains("RCP302"), "{run:?}");
    };
    open(world.run_offline(&check));
    open(world.run(&[&check[..], &["--online"]].concat()));
    assert_eq!(world.run(&["account", "pull", "--online"]).code, Some(0));
    let new: Json = serde_json::from_str(&world.read(FILE)).expect("JSON");
    for (key, kept) in
        [("$schema", &old["$schema"]), ("partial", &json!(["smtp_profiles"])), ("absent", &old["absent"])]
    {
        assert_eq!(&new[key], kept, "{key}");
    }
    open(world.run_offline(&check));
    // What was written as YAML says so when it is no more.
    world.write("account.yaml", "version: 1\npulled: 2026-11-01\nsmtp_profiles: []\n");
    for is_news in [true, false] {
        let run = world.run(&["account", "pull", "--online", "--output", "account.yaml"]);
        assert_eq!((run.code, run.out.contains("it was YAML, and is JSON now")), (Some(0), is_news), "{run:?}");
    }
}

/// The lists are told, the things in them are not.
#[test]
fn what_only_the_older_snapshot_tells_of_a_thing_stays() {
    let world = World::new();
    let mut old = older();
    old["customer_portals"] = json!([{ "id": "exD0myCXTaMte0mTOOY3", "name": "Before", "footer_html": "<p>x</p>" }]);
    world.write(FILE, &old.to_string());
    world.api.set("/customer_portals", json!([{ "id": "exD0myCXTaMte0mTOOY3", "name": "Now" }]));
    for path in ["/tracking_domains/", "/customer_portals/"] {
        world.api.fault(path, usize::MAX, Fault::Bytes(answer(403, &[], "")));
    }
    let run = world.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    for said in ["tells of 1 tracking domain is kept", "tells of 1 portal is kept"] {
        assert!(run.err.contains(said), "{}", run.err);
    }
    let new: Json = serde_json::from_str(&world.read(FILE)).expect("JSON");
    assert_eq!(new["customer_portals"][0]["name"], "Now");
    assert_eq!(new["customer_portals"][0]["footer_html"], "<p>x</p>");
    assert_eq!(new["tracking_domains"][0]["domain_name"], old["tracking_domains"][0]["domain_name"]);
    assert_eq!(new["tracking_domains"][0]["dns"], old["tracking_domains"][0]["dns"]);
}

#[test]
fn a_pulled_snapshot_can_be_read_again_or_is_not_written() {
    let world = World::new();
    let campaign = |at: usize| json!({ "id": format!("Camp{at:016}"), "name": format!("Campaign {at}") });
    world.api.set("/campaigns", (0..60).map(campaign).collect());
    world.write("portal-lint.toml", "[limits]\nnodes = 150\n");
    let run = world.run(&["account", "pull", "--online"]);
    assert!(run.code == Some(2) && run.err.contains("left as it is") && run.err.contains("[limits]"), "{run:?}");
    assert!(!world.folder.path().join(FILE).exists());
}

#[test]
fn what_repeats_the_secret_of_a_portal_is_not_written() {
    let world = World::new();
    world.api.set("/campaigns/0/name", json!(format!("{SECRET} x")));
    world.api.set("/tracking_domains/0/domain_name", json!(format!("{}.test", SECRET.to_uppercase())));
    let run = world.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("repeats a secret"), "{}", run.err);
    let text = world.read(FILE);
    assert!(!text.to_lowercase().contains(SECRET) && text.contains("P9dRk2XyM5vHs8LqT1Fz"), "{text}");
    let new: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(new["partial"], json!(["campaigns"]));
}

/// A snapshot that somebody wrote, with a name as it is or in escapes; and answers of RevCent.
#[test]
fn a_secret_in_the_account_is_covered_where_the_account_is_shown() {
    let world = World::new();
    let escaped: Vec<String> = SECRET.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let escaped = escaped.concat();
    for name in [SECRET, &escaped] {
        let campaigns = format!("[{{\"id\":\"P9dRk2XyM5vHs8LqT1Fy\",\"name\":\"{name} x\"}}]");
        world.write(FILE, &format!("{{\"version\":1,\"pulled\":\"2026-11-21\",\"campaigns\":{campaigns}}}"));
        let run = world.run_offline(&["check", "--account", FILE, "--select", "RCP303", "portal.json"]);
        assert!(run.code == Some(1) && run.out.contains(FILE) && run.out.contains("****"), "{run:?}");
        assert!(!run.out.contains(&escaped), "{}", run.out);
    }
    world.api.set("/campaigns", json!([{ "id": "P9dRk2XyM5vHs8LqT1Fy", "name": format!("{SECRET} x") }]));
    world.run(&["check", "--online", "--select", "RCP303", "portal.json"]);
}

#[test]
fn what_is_so_for_many_things_is_said_once() {
    let world = World::new();
    let portal = |at: usize| json!({ "id": format!("Port{at:016}"), "name": format!("Portal {at}") });
    world.api.set("/customer_portals", (0..30).map(portal).collect());
    world.api.fault("/customer_portals/", usize::MAX, Fault::Bytes(answer(403, &[], "")));
    let run = world.run(&["account", "pull", "--online"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("the portal `Port0000000000000000` and 29 more: "), "{}", run.err);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
}

#[test]
fn a_run_reads_no_more_than_it_can_hold() {
    let mut world = World::new();
    world.set("--run-timeout", "80");
    let name = "x".repeat(39_000);
    let campaign = |at: usize| json!({ "id": format!("Camp{at:016}"), "name": name });
    world.api.set("/campaigns", (0..1000).map(campaign).collect());
    let run = world.run(&["account", "pull", "--online"]);
    assert!(run.err.contains("all answers together are longer than 32 MiB"), "{:?} {}", run.code, run.err);
    assert_eq!(world.requests("/campaigns").len(), 35);
}
