//! The ways to an online run and out of it: preflight, a snapshot beside it, people's formats, an `openapi.json` that says where
//! things are.

use serde_json::{Value as Json, json};

use super::http::{Fault, answer};
use super::server::Server;
use super::world::{World, account, each};
use crate::support::openapi::{document, fields};

/// The status of each item that is asked about.
fn items(report: &Json, ids: &[&str]) -> Vec<String> {
    let items = report["portals"][0]["items"].as_array().unwrap_or_else(|| panic!("no items: {report}"));
    let status = |id: &&str| {
        items.iter().find(|item| item["id"] == **id).map_or("none", |item| item["status"].as_str().unwrap_or("?"))
    };
    ids.iter().map(|id| status(id).to_owned()).collect()
}

#[test]
fn preflight_asks_for_what_it_would_leave_open() {
    let asked = ["V3", "V4", "V18", "P3", "P4", "P5"];
    let world = World::impatient();
    let offline = world.run_offline(&["preflight", "--format", "json", "portal.json"]);
    assert_eq!(items(&offline.json(), &asked), ["unverified"; 6]);
    let run = world.run(&["preflight", "--online", "--format", "json", "portal.json"]);
    assert_eq!((run.code, items(&run.json(), &asked)), (Some(0), vec!["pass".to_owned(); 6]), "{}", run.out);
    world.api.fault("/campaigns", 1, Fault::Bytes(answer(403, &[], "")));
    let run = world.run(&["preflight", "--online", "--format", "json", "portal.json"]);
    assert_eq!(
        (run.code, items(&run.json(), &["V18", "V3"])),
        (Some(3), vec!["unverified".into(), "pass".into()]),
        "{}",
        run.out
    );
    world.api.set("/tracking_domains/0/dns/status", "failed".into());
    let run = world.run(&["preflight", "--online", "--format", "json", "portal.json"]);
    assert_eq!((run.code, items(&run.json(), &["V3"])), (Some(1), vec!["fail".into()]), "{}", run.out);
}

#[test]
fn the_reason_of_an_unverified_check_is_printed() {
    let runs = [
        ("check", "human"),
        ("check", "markdown"),
        ("preflight", "human"),
        ("preflight", "markdown"),
        ("preflight", "html"),
    ];
    each(
        &runs,
        |run| format!("{run:?}"),
        |(command, format)| {
            let world = World::impatient();
            world.api.fault("/campaigns", usize::MAX, Fault::Bytes(answer(403, &[], "")));
            let run = world.run(&[command, "--online", "--format", format, "portal.json"]);
            assert_eq!(run.code, Some(3), "{run:?}");
            assert!(run.out.contains("403") && run.out.contains("campaign"), "{}", run.out);
            assert!(!run.out.contains("--account FILE or --online"), "it was given: {}", run.out);
        },
    );
}

#[test]
fn fresh_answers_count_and_not_what_a_snapshot_remembers() {
    let world = World::impatient();
    let mut old = account();
    old["version"] = 1.into();
    old["pulled"] = "2020-02-29".into();
    old["tracking_domains"][0]["dns"]["status"] = "failed".into();
    old["campaigns"] = json!([]);
    world.write("old.json", &old.to_string());
    let args = ["check", "--online", "--account", "old.json", "--format", "json", "portal.json"];
    let run = world.run(&args);
    let codes = run.codes("diagnostics");
    assert!(!codes.contains("RCP003") && !codes.contains("RCP303") && run.open().is_empty(), "{}", run.out);
    // What could not be asked anew is open, whatever was true in 2020.
    world.api.fault("/campaigns", usize::MAX, Fault::Bytes(answer(403, &[], "")));
    let run = world.run(&args);
    assert!(!run.codes("diagnostics").contains("RCP303") && run.open().contains("RCP303"), "{}", run.out);
    assert_eq!(run.code, Some(3), "{}", run.out);
}

/// An `openapi.json` in which two operations are elsewhere, in paths below the server's or with it.
fn openapi(server: &str, start: &str) -> String {
    let operation =
        |id: &str| json!({ "get": { "operationId": id, "responses": { "200": { "description": "Success" } } } });
    let mut paths = json!({});
    paths[format!("{start}/sales_campaigns")] = operation("GetCampaigns");
    paths[format!("{start}/domains/{{tracking_domain_id}}")] = operation("GetTrackingDomain");
    json!({ "openapi": "3.1.0", "info": { "title": "RevCent", "version": "2" }, "servers": [{ "url": server }], "paths": paths }).to_string()
}

#[test]
fn an_openapi_file_says_where_things_are_but_not_at_whom() {
    let evil = Server::start(|_, _| {});
    let at_evil = format!("http://{}/v2", evil.address());
    let cases = [("https://api.revcent.com/v2", ""), ("https://api.revcent.com", "/v2"), (&at_evil, "")];
    each(
        &cases,
        |case| format!("{case:?}"),
        |(server, start)| {
            let mut world = World::impatient();
            world.moved = vec!["sales_campaigns", "domains"];
            let mut moved = account();
            moved["sales_campaigns"] = moved["campaigns"].take();
            moved["domains"] = moved["tracking_domains"].clone();
            world.api.set("", moved);
            world.write("openapi.json", &openapi(server, start));
            world.set("--openapi", "openapi.json");
            let run = world.check();
            assert_eq!(run.code, Some(0), "{}\n{}", run.out, run.err);
            assert!(run.open().is_empty(), "{}", run.out);
            // It says nothing of bodies, and nobody is left to believe so.
            let said = "portal-lint: `openapi.json` gives no schemas, and the built-in ones hold: it has no operation GetCustomerPortal";
            assert_eq!(run.err.trim_end(), said);
            assert!(!world.requests("/sales_campaigns").is_empty() && world.requests("/campaigns").is_empty());
            assert!(!world.requests("/domains/").is_empty() && world.requests("/tracking_domains/").is_empty());
        },
    );
    assert_eq!(evil.connections(), 0);
}

#[test]
fn an_openapi_file_gives_schemas_and_paths_at_once() {
    let mut world = World::impatient();
    world.moved = vec!["portals"];
    world.api.set(
        "",
        json!({ "portals": [], "tracking_domains": account()["tracking_domains"], "campaigns": account()["campaigns"],
        "user_shops": account()["user_shops"] }),
    );
    let mut openapi = document();
    fields(&mut openapi)["theme"] = json!({ "type": "string", "enum": ["plain", "colourful"] });
    openapi["paths"]["/portals"] = json!({ "get": { "operationId": "GetCustomerPortals" } });
    world.write("openapi.json", &openapi.to_string());
    world.set("--openapi", "openapi.json");
    let mut body = super::world::portal();
    body["theme"] = "plain".into();
    world.write("portal.json", &body.to_string());
    let run = world.check();
    assert_eq!((run.code, run.open().len()), (Some(0), 0), "{run:?}");
    assert!(!world.requests("/portals").is_empty() && world.requests("/customer_portals").is_empty());
    world.edit("/theme", "dark".into());
    let run = world.check();
    assert!(run.findings().contains("RCP100 /theme `theme` has a value that is not allowed here"), "{run:?}");
}

#[test]
fn an_openapi_file_that_is_of_no_use_is_an_error_and_nobody_is_asked() {
    let mut world = World::impatient();
    let of_others = json!({ "openapi": "3.1.0", "paths": { "/pets": { "get": { "operationId": "GetPets" } } } });
    world.write("openapi.json", &of_others.to_string());
    world.set("--openapi", "openapi.json");
    for args in [&["check", "--online", "portal.json"][..], &["account", "pull", "--online"]] {
        let run = world.run(args);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains("it has none of the operations that are asked for: GetTrackingDomain"), "{}", run.err);
    }
    assert_eq!(world.api.connections(), 0);
}

#[test]
fn an_openapi_file_that_is_none_is_an_error_and_nobody_is_asked() {
    for text in ["", "[]", "{\"openapi\": \"3.1.0\", \"paths\": 5}", "{\"openapi\": \"3.1.0\", \"paths\": {", "missing"]
    {
        let mut world = World::impatient();
        if text != "missing" {
            world.write("openapi.json", text);
        }
        world.set("--openapi", "openapi.json");
        let run = world.run(&["check", "--online", "portal.json"]);
        assert_eq!(run.code, Some(2), "{text}: {run:?}");
        assert!(run.err.contains("openapi.json"), "{text}: {run:?}");
        assert_eq!(world.api.connections(), 0);
    }
}

#[test]
fn what_is_typed_wrong_is_said_before_anybody_is_asked() {
    let cases: [&[&str]; 10] = [
        &["--dns-server", "nobody"],
        &["--dns-server", "127.0.0.1:99999"],
        &["--ca-file", "missing.pem"],
        &["--ca-file", "portal.json"],
        &["--connect-to", "acme-outfitters.com:443"],
        &["--probe-timeout", "soon"],
        &["--probe-timeout", "-1"],
        &["--run-timeout", "0"],
        &["--online=everything"],
        &["--api-key", "canary"],
    ];
    each(
        &cases,
        |case| format!("{case:?}"),
        |case| {
            let mut world = World::impatient();
            for option in ["--dns-server", "--ca-file", "--probe-timeout", "--run-timeout"] {
                if case[0] == option {
                    world.unset(option);
                }
            }
            let mut args = vec!["check", "portal.json"];
            if case[0] != "--online=everything" {
                args.push("--online");
            }
            let run = world.run(&[&args, *case].concat());
            assert_eq!(run.code, Some(2), "{run:?}");
            assert!(
                run.err.contains(case[0].split('=').next().unwrap_or_default())
                    || run.err.contains(case[case.len() - 1]),
                "{}",
                run.err
            );
            assert_eq!((world.api.connections(), world.dns.asked().len()), (0, 0));
        },
    );
}
