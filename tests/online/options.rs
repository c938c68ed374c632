//! Other commands and options with `--online`: preflight, an older snapshot, the formats for people, and `--openapi`.

use serde_json::{Value as Json, json};

use super::api::{KEY, error_envelope};
use super::environment::{TestEnv, account, run_cases};
use super::http::{Fault, http_response, json_response};
use super::server::Server;
use crate::support::json::{array, text};
use crate::support::openapi::{published_document, response_fields};

/// The status of each of these checklist items.
fn item_statuses(report: &Json, ids: &[&str]) -> Vec<String> {
    let mut statuses = Vec::new();
    for id in ids {
        let mut items = array(&report["portals"][0]["items"]).iter();
        let item = items.find(|item| item["id"] == *id).unwrap_or_else(|| panic!("no {id}: {report}"));
        statuses.push(text(&item["status"]).to_owned());
    }
    statuses
}

#[test]
fn preflight_with_online_verifies_items_that_need_the_account() {
    let ids = ["V3", "V4", "V18", "P3", "P4", "P5"];
    let env = TestEnv::with_short_timeouts();
    let offline = env.run_offline(&["preflight", "--format", "json", "portal.json"]);
    assert_eq!(item_statuses(&offline.json(), &ids), ["unverified"; 6]);
    let run = env.run(&["preflight", "--online", "--format", "json", "portal.json"]);
    assert_eq!((run.code, item_statuses(&run.json(), &ids)), (Some(0), vec!["pass".to_owned(); 6]), "{}", run.out);
    env.api.fault("/campaigns", 1, Fault::Bytes(http_response(403, &[], "")));
    let run = env.run(&["preflight", "--online", "--format", "json", "portal.json"]);
    assert_eq!(
        (run.code, item_statuses(&run.json(), &["V18", "V3"])),
        (Some(3), vec!["unverified".into(), "pass".into()]),
        "{}",
        run.out
    );
    env.api.set("/tracking_domains/0/dns/status", "failed".into());
    let run = env.run(&["preflight", "--online", "--format", "json", "portal.json"]);
    assert_eq!((run.code, item_statuses(&run.json(), &["V3"])), (Some(1), vec!["fail".into()]), "{}", run.out);
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
    run_cases(
        &runs,
        |run| format!("{run:?}"),
        |(command, format)| {
            let env = TestEnv::with_short_timeouts();
            env.api.fault("/campaigns", usize::MAX, Fault::Bytes(http_response(403, &[], "")));
            let run = env.run(&[command, "--online", "--format", format, "portal.json"]);
            assert_eq!(run.code, Some(3), "{run:?}");
            assert!(run.out.contains("403") && run.out.contains("campaign"), "{}", run.out);
            assert!(!run.out.contains("--account FILE or --online"), "--online was given: {}", run.out);
        },
    );
}

#[test]
fn an_older_snapshot_does_not_replace_answers() {
    let env = TestEnv::with_short_timeouts();
    let mut old = account();
    old["version"] = 1.into();
    old["pulled"] = "2020-02-29".into();
    old["tracking_domains"][0]["dns"]["status"] = "failed".into();
    old["campaigns"] = json!([]);
    env.write("old.json", &old.to_string());
    let args = ["check", "--online", "--account", "old.json", "--format", "json", "portal.json"];
    let run = env.run(&args);
    let codes = run.codes("diagnostics");
    assert!(!codes.contains("RCP003") && !codes.contains("RCP303") && run.unverified().is_empty(), "{}", run.out);
    // A query without an answer makes the check unverified, although the snapshot of 2020 has the list.
    env.api.fault("/campaigns", usize::MAX, Fault::Bytes(http_response(403, &[], "")));
    let run = env.run(&args);
    assert!(!run.codes("diagnostics").contains("RCP303") && run.unverified().contains("RCP303"), "{}", run.out);
    assert_eq!(run.code, Some(3), "{}", run.out);
}

/// An OpenAPI document with other paths for two operations. `start` is the part of the paths that repeats the path of the server.
fn openapi(server: &str, start: &str) -> String {
    let operation =
        |id: &str| json!({ "get": { "operationId": id, "responses": { "200": { "description": "Success" } } } });
    let mut paths = json!({});
    paths[format!("{start}/sales_campaigns")] = operation("GetCampaigns");
    paths[format!("{start}/domains/{{tracking_domain_id}}")] = operation("GetTrackingDomain");
    json!({ "openapi": "3.1.0", "info": { "title": "RevCent", "version": "2" }, "servers": [{ "url": server }], "paths": paths }).to_string()
}

#[test]
fn an_openapi_document_changes_paths_but_not_the_host() {
    let evil = Server::start(|_, _| {});
    let at_evil = format!("http://{}/v2", evil.address());
    let cases = [("https://api.revcent.com/v2", ""), ("https://api.revcent.com", "/v2"), (&at_evil, "")];
    run_cases(
        &cases,
        |case| format!("{case:?}"),
        |(server, start)| {
            let mut env = TestEnv::with_short_timeouts();
            env.moved = vec!["sales_campaigns", "domains"];
            let mut account = account();
            account["sales_campaigns"] = account["campaigns"].take();
            account["domains"] = account["tracking_domains"].clone();
            env.api.set("", account);
            env.write("openapi.json", &openapi(server, start));
            env.set("--openapi", "openapi.json");
            let run = env.check();
            assert_eq!(run.code, Some(0), "{}\n{}", run.out, run.err);
            assert!(run.unverified().is_empty(), "{}", run.out);
            // The document has no schemas of request bodies, which is reported.
            let message = "portal-lint: `openapi.json` has no usable schemas, so the built-in ones are used: it does not contain the operation GetCustomerPortal";
            assert_eq!(run.err.trim_end(), message);
            assert!(!env.requests("/sales_campaigns").is_empty() && env.requests("/campaigns").is_empty());
            assert!(!env.requests("/domains/").is_empty() && env.requests("/tracking_domains/").is_empty());
        },
    );
    assert_eq!(evil.connections(), 0);
}

#[test]
fn an_openapi_document_changes_schemas_and_paths() {
    let mut env = TestEnv::with_short_timeouts();
    env.moved = vec!["portals"];
    let mut account = account();
    account["portals"] = account["customer_portals"].take();
    env.api.set("", account);
    let mut openapi = published_document();
    response_fields(&mut openapi)["theme"] = json!({ "type": "string", "enum": ["plain", "colourful"] });
    openapi["paths"]["/portals"] = json!({ "get": { "operationId": "GetCustomerPortals" } });
    env.write("openapi.json", &openapi.to_string());
    env.set("--openapi", "openapi.json");
    let mut body = super::environment::portal();
    body["theme"] = "plain".into();
    env.write("portal.json", &body.to_string());
    let run = env.check();
    assert_eq!((run.code, run.unverified().len()), (Some(0), 0), "{run:?}");
    assert!(!env.requests("/portals").is_empty() && env.requests("/customer_portals").is_empty());
    env.edit("/theme", "dark".into());
    let run = env.check();
    assert!(run.findings().contains("RCP100 /theme `theme` has an invalid value"), "{run:?}");
}

#[test]
fn an_openapi_document_without_known_operations_is_an_error() {
    let mut env = TestEnv::with_short_timeouts();
    let unrelated = json!({ "openapi": "3.1.0", "paths": { "/pets": { "get": { "operationId": "GetPets" } } } });
    env.write("openapi.json", &unrelated.to_string());
    env.set("--openapi", "openapi.json");
    for args in [&["check", "--online", "portal.json"][..], &["account", "pull", "--online"]] {
        let run = env.run(args);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains("it has none of the required operations: GetTrackingDomain"), "{}", run.err);
    }
    assert_eq!(env.api.connections(), 0);
}

#[test]
fn an_invalid_openapi_document_is_an_error() {
    for text in ["", "[]", "{\"openapi\": \"3.1.0\", \"paths\": 5}", "{\"openapi\": \"3.1.0\", \"paths\": {", "missing"]
    {
        let mut env = TestEnv::with_short_timeouts();
        if text != "missing" {
            env.write("openapi.json", text);
        }
        env.set("--openapi", "openapi.json");
        let run = env.run(&["check", "--online", "portal.json"]);
        assert_eq!(run.code, Some(2), "{text}: {run:?}");
        assert!(run.err.contains("openapi.json"), "{text}: {run:?}");
        assert_eq!(env.api.connections(), 0);
    }
}

#[test]
fn an_invalid_option_is_an_error_before_any_query() {
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
    run_cases(
        &cases,
        |case| format!("{case:?}"),
        |case| {
            let mut env = TestEnv::with_short_timeouts();
            for option in ["--dns-server", "--ca-file", "--probe-timeout", "--run-timeout"] {
                if case[0] == option {
                    env.unset(option);
                }
            }
            let mut args = vec!["check", "portal.json"];
            if case[0] != "--online=everything" {
                args.push("--online");
            }
            let run = env.run(&[&args, *case].concat());
            assert_eq!(run.code, Some(2), "{run:?}");
            let option = case[0].split('=').next().unwrap_or_default();
            let value = case[case.len() - 1];
            assert!(run.err.contains(option) || run.err.contains(value), "{}", run.err);
            assert_eq!((env.api.connections(), env.dns.queries().len()), (0, 0));
        },
    );
}

#[test]
fn numbers_that_are_too_large_are_errors() {
    let cases: [(&str, &str, &str); 5] = [
        ("--run-timeout", "1e18", "at most 86400"),
        ("--probe-timeout", "inf", "at most 86400"),
        ("--api-url", "https://api.revcent.com:65536/v2", "its port"),
        ("--api-url", "https://api.revcent.com:443000/v2", "its port"),
        ("HTTPS_PROXY", "http://proxy.acme.com:99999", "HTTPS_PROXY: "),
    ];
    for (name, value, words) in cases {
        let mut env = TestEnv::with_short_timeouts();
        if name.starts_with("--") {
            env.set(name, value);
        } else {
            env.variable(name, value);
        }
        let run = env.run(&["check", "--online", "portal.json"]);
        assert!(run.code == Some(2) && run.err.contains(words), "{name} {value}: {run:?}");
        assert_eq!((env.api.connections(), env.dns.queries().len()), (0, 0), "{value}");
    }
}

/// Some JSON parsers use the first value of a duplicate key and others the last one, so such a response is not clear.
#[test]
fn a_check_with_a_duplicate_key_in_the_response_is_unverified() {
    for body in [
        r#"{"code": 1, "results": [], "results": [{"id": "P9dRk2XyM5vHs8LqT1Fz", "name": "x"}]}"#,
        r#"{"code": 0, "code": 1, "results": []}"#,
        r#"{"code": 1, "results": [{"id": "P9dRk2XyM5vHs8LqT1Fz", "name": "x", "n\u0061me": "y"}]}"#,
    ] {
        let env = TestEnv::with_short_timeouts();
        env.api.fault("/campaigns", usize::MAX, Fault::Bytes(json_response(200, body)));
        let run = env.check();
        assert_eq!(run.code, Some(3), "{body}: {run:?}");
        assert!(run.reasons(&["RCP303"]).contains("a duplicate key"), "{body}: {}", run.out);
    }
}

/// A part of the key in any other text of the API is neither shown nor stored.
#[test]
fn a_part_of_the_key_in_the_account_is_neither_shown_nor_stored() {
    let part = &KEY[KEY.len() - 12..];
    let env = TestEnv::with_short_timeouts();
    let mut account = account();
    account["tracking_domains"][0]["dns"]["status"] = part.into();
    env.api.set("", account);
    let run = env.check();
    assert!(!run.out.contains(part) && run.reasons(&["RCP003"]).contains("a part of the api key"), "{run:?}");
    let run = env.run(&["account", "pull", "--online"]);
    let snapshot = env.read("revcent-account.json");
    assert!(!format!("{run:?}{snapshot}").contains(part), "{run:?} {snapshot}");
}

/// A part of the key in an error of the API is not shown, even if it is reversed, encoded or interrupted by invisible characters.
#[test]
fn an_error_of_the_api_shows_no_part_of_the_key() {
    let part = &KEY[KEY.len() - 10..];
    let reversed: String = part.chars().rev().collect();
    let hex = part.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let percent_encoded = part.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let with_zero_width_spaces = part.chars().map(|c| format!("{c}\u{200b}")).collect::<Vec<_>>().concat();
    let full_width: String = part.bytes().filter_map(|byte| char::from_u32(u32::from(byte) + 0xfee0)).collect();
    let octal = part.bytes().map(|byte| format!("\\{byte:03o}")).collect::<Vec<_>>().concat();
    let binary = part.bytes().map(|byte| format!("{byte:08b}")).collect::<Vec<_>>().join(" ");
    let base32 = "GFTXEZDJNYYDCMRT".to_owned();
    for written in
        [part.to_owned(), reversed, hex, percent_encoded, with_zero_width_spaces, full_width, octal, binary, base32]
    {
        let env = TestEnv::with_short_timeouts();
        let error = error_envelope("unauthorized", &format!("the key {written} is unknown"));
        env.api.fault("/campaigns", usize::MAX, Fault::Bytes(json_response(401, &error.to_string())));
        let run = env.check();
        let reasons = run.reasons(&["RCP303"]);
        assert!(reasons.contains("the key … is unknown"), "{written}: {reasons}");
    }
}
