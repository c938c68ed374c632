//! Where the key and the secrets go is decided on the command line and in the environment: no file of the repository, no answer
//! of the API moves them.

use std::net::Ipv4Addr;
use std::process::Command;

use serde_json::{Value as Json, json};

use super::api::{Api, KEY};
use super::dns::Record;
use super::http::{Fault, Request, answer, json as http_json};
use super::proxy::Proxy;
use super::server::{NOBODY, Server};
use super::tls::{Authority, Wanted};
use super::world::{DOMAIN, HOSTS, Run, SECRET, World, account, each};

/// Somebody who would like to have the key: whoever comes is noted.
fn evil() -> Server {
    Server::start(|mut stream, _| {
        let request = Request::peek(&mut stream).and_then(|request| request.read(&mut stream));
        let _ = std::io::Write::write_all(&mut stream, &http_json(200, r#"{"code":1,"results":[]}"#));
        drop(request);
    })
}

#[test]
fn no_file_of_the_repository_moves_a_request() {
    let evil = evil();
    let url = format!("http://{}/v2", evil.address());
    let settings = [
        format!("api-url = \"{url}\"\n"),
        format!("[online]\napi-url = \"{url}\"\nurl = \"{url}\"\nproxy = \"{url}\"\ncaptcha = true\n"),
        format!("account = \"{url}/account.json\"\n"),
        format!("REVCENT_API_URL = \"{url}\"\n\"--api-url\" = \"{url}\"\ndns-server = \"{}\"\n", evil.address()),
        format!("openapi = \"openapi.json\"\n[api]\nbase = \"{url}\"\nopenapi = \"openapi.json\"\n"),
    ];
    each(&settings, Clone::clone, |settings| {
        let world = World::impatient();
        let openapi = json!({ "openapi": "3.1.0", "servers": [{ "url": url }], "paths": {} }).to_string();
        for name in ["openapi.json", "revcent-openapi.json", ".revcent/openapi.json"] {
            world.write(name, &openapi);
        }
        world.write("portal-lint.toml", settings);
        let env = format!("REVCENT_API_URL={url}\nHTTPS_PROXY={url}\nREVCENT_API_KEY=canary-of-the-file\n");
        world.write(".env", &env);
        world.write(".curlrc", &format!("proxy = {url}\n"));
        world.write(
            "revcent-account.json",
            &json!({ "$schema": url, "version": 1, "api_url": url, "tracking_domains": [] }).to_string(),
        );
        let mut body: Json = serde_json::from_str(&world.read("portal.json")).expect("JSON");
        for key in ["$schema", "api_url", "portal_urls", "logo", "$ref"] {
            body[key] = url.clone().into();
        }
        world.write("portal.json", &body.to_string());
        world.check();
        world.run(&["account", "pull", "--online"]);
        assert!(!world.api.requests().is_empty(), "nobody was asked at all");
    });
    assert_eq!(evil.connections(), 0);
}

/// [`World::run`] looks after each run that only documented paths were asked for.
#[test]
fn no_id_of_a_file_makes_another_path() {
    let evil = evil();
    let at_evil = format!("@{}/abcdefgh", evil.address());
    let mut ids: Vec<String> = [
        "/../../../admin/keys",
        "../customer_portals/",
        "?x=1&limit=0&page=9#",
        "Kq7ZpW2mVx9LcT4bRn8/",
        "%2e%2e%2f%2e%2e%2fab",
        "..;/..;/..;/..;/..;/",
        "\\..\\..\\..\\admin\\key",
        "a\r\nx-evil: 1\r\n\r\nGET ",
        "a b HTTP/1.1 c d e f",
        "ünïcödé-ünïcödé-üxyz",
        "\u{0}\u{1}\u{2}\u{7f}aaaaaaaaaaaaaaaa",
        "//127.0.0.1:9/a/b/cd",
        "",
    ]
    .map(str::to_owned)
    .into();
    ids.push(at_evil.chars().take(20).collect());
    ids.push("x".repeat(100_000));
    each(
        &ids,
        |id| id.chars().take(40).collect(),
        |id| {
            let world = World::impatient();
            world.edit("/tracking_domain", json!(id));
            world.edit("/customer_filters/campaign", json!([id]));
            world.edit("/customer_filters/third_party_shop", json!([id]));
            world.check();
            // And as the id of a portal that is to be edited.
            world.write(
                "portal.json",
                &json!({ "customer_portal_id": id, "name": "Acme", "tracking_domain": id }).to_string(),
            );
            world.run(&["check", "--online", "--kind", "edit", "--format", "json", "portal.json"]);
        },
    );
    assert_eq!(evil.connections(), 0);
}

#[test]
fn no_answer_of_the_api_leads_anywhere_else() {
    let evil = evil();
    let url = format!("http://{}/v2/campaigns", evil.address());
    let other_host = format!("http://localhost:{}/v2/campaigns", evil.port);
    let page = |next: &str| {
        let results: Vec<Json> = (0..25).map(|at| json!({ "id": format!("Camp{at:016}"), "name": "x" })).collect();
        let body = json!({ "code": 1, "current_count": 25, "current_page": 1, "results": results, "next": next, "next_page": next,
            "links": { "next": next }, "url": next });
        answer(200, &["Content-Type: application/json", &format!("Link: <{next}>; rel=\"next\"")], &body.to_string())
    };
    let mut cases: Vec<(String, usize, Vec<u8>)> = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        for to in [&url, &other_host] {
            let bytes = answer(status, &[&format!("Location: {to}"), &format!("Refresh: 0; url={to}")], "");
            cases.push((format!("{status} to {to}"), usize::MAX, bytes));
        }
    }
    cases.push((
        "401 with a realm".into(),
        usize::MAX,
        answer(401, &[&format!("WWW-Authenticate: Basic realm=\"{url}\"")], ""),
    ));
    cases.push(("a next page elsewhere".into(), 1, page(&url)));
    cases.push(("alternative services".into(), 1, answer(503, &[&format!("Alt-Svc: h2=\"{}\"", evil.address())], "")));
    each(
        &cases,
        |case| case.0.clone(),
        |(_, times, bytes)| {
            let world = World::impatient();
            world.api.fault("/campaigns", *times, Fault::Bytes(bytes.clone()));
            world.check();
            assert!(!world.requests("/campaigns").is_empty());
        },
    );
    assert_eq!(evil.connections(), 0);
}

#[test]
fn a_domain_of_the_account_is_a_host_or_nothing() {
    let evil = evil();
    let names = [
        evil.address(),
        format!("{DOMAIN}@{}", evil.address()),
        format!("127.0.0.1:{}/x", evil.port),
        "a\r\nb.com".into(),
        "-".into(),
        "..".into(),
        "x".repeat(70_000),
        "[::1]".into(),
        "127.0.0.1".into(),
        "\u{1b}[2J.com".into(),
        String::new(),
    ];
    each(
        &names,
        |name| name.chars().take(40).collect(),
        |name| {
            let world = World::impatient();
            world.api.set("/tracking_domains/0/domain_name", json!(name));
            world.edit("/customer_emails/customer_account_confirm_email/from", json!(format!("a@{name}")));
            let run = world.check();
            assert!(matches!(run.code, Some(1 | 3)), "{run:?}");
        },
    );
    assert_eq!(evil.connections(), 0);
}

#[test]
fn the_key_goes_nowhere_in_the_clear_but_to_loopback() {
    let evil = evil();
    let urls = [
        "http://api.revcent.com/v2",
        "http://192.0.2.1/v2",
        "http://127.0.0.1.evil.test/v2",
        "http://localhost.evil.test/v2",
        "http://127.0.0.1@evil.test/v2",
        "http://[2001:db8::1]/v2",
        "http://[::ffff:192.0.2.1]/v2",
        "ftp://127.0.0.1/v2",
        "file:///v2",
        "api.revcent.com",
        "http:///v2",
        "",
    ];
    each(
        &urls,
        |url| (*url).to_owned(),
        |url| {
            let mut world = World::impatient();
            world.set("--api-url", url);
            for host in ["api.revcent.com", "127.0.0.1.evil.test", "localhost.evil.test", "evil.test", "192.0.2.1"] {
                world.lead_port(host, 80, &evil.address());
            }
            refused(&world, &world.run(&["check", "--online", "portal.json"]));
            world.unset("--api-url");
            world.variable("REVCENT_API_URL", url);
            if !url.is_empty() {
                refused(&world, &world.run(&["check", "--online", "portal.json"]));
            }
        },
    );
    assert_eq!(evil.connections(), 0);
}

/// Before anybody was asked anything.
fn refused(world: &World, run: &Run) {
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(!run.err.trim().is_empty());
    assert_eq!((world.dns.asked().len(), world.host.server.connections()), (0, 0));
}

/// A world whose API is where it is by default, under TLS.
fn secure(names: &[&str], from: i32, to: i32, authority: Option<&Authority>) -> World {
    let own = Authority::new("The authority of the test");
    let config = Wanted { names, from, to }.by(authority.unwrap_or(&own));
    let mut world = World::of(Api::secure(account(), config), own);
    world.unset("--api-url");
    world.set("--probe-timeout", "2");
    world
}

/// What a server shows that says it is the API: for which names, from which day to which, by whom; and whether it is good.
type MaskedSource<'a> = (&'a str, &'a [&'a str], i32, i32, Option<&'a Authority>, bool);

#[test]
fn the_key_goes_to_the_api_over_tls_alone_and_only_if_it_is_the_api() {
    let other = Authority::new("Somebody else");
    let api: &[&str] = &["api.revcent.com"];
    let cases: [MaskedSource; 5] = [
        ("valid", api, -1, 90, None, true),
        ("expired", api, -90, -1, None, false),
        ("not yet valid", api, 2, 90, None, false),
        ("another name", &["api.globex.com"], -1, 90, None, false),
        ("unknown authority", api, -1, 90, Some(&other), false),
    ];
    for (name, names, from, to, authority, is_good) in cases {
        let mut world = secure(names, from, to, authority);
        world.lead("api.revcent.com", &format!("127.0.0.1:{}", world.api.port()));
        let run = world.check();
        assert!(world.api.connections() > 0, "{name}: nobody came");
        assert_eq!(
            (run.code, world.api.requests().is_empty()),
            (Some(if is_good { 0 } else { 3 }), !is_good),
            "{name}: {}",
            run.out
        );
        assert!(is_good || run.reasons(&["RCP303"]).contains("certificate"), "{name}: {}", run.out);
        assert!(world.api.requests().iter().all(|request| request.header("host") == Some("api.revcent.com")), "{name}");
    }
}

#[test]
fn a_proxy_is_used_when_it_is_named_and_sees_no_key() {
    let mut world = secure(&["api.revcent.com"], -1, 90, None);
    world.unlead("api.revcent.com", 443);
    let host = world.host.server.port;
    let portals = HOSTS.map(|host| format!("{host}:443"));
    let here = world.host.server.address();
    let targets = [("api.revcent.com:443", world.api.port()), (&portals[0], host), (&portals[1], host), (&here, host)];
    let proxy = Proxy::start(&targets);
    world.variable("HTTPS_PROXY", &format!("http://{}", proxy.server.address()));
    let run = world.check();
    assert_eq!(run.code, Some(0), "{}", run.out);
    let seen = proxy.requests();
    assert!(seen.iter().any(|request| request.target == "api.revcent.com:443"), "{seen:?}");
    assert!(!format!("{seen:?}").contains(KEY), "{seen:?}");
    // One that is not there, or leads nowhere, is why the check is open.
    let nowhere = Proxy::start(&[]);
    for (address, says) in [(NOBODY.to_owned(), "refused"), (nowhere.server.address(), "proxy")] {
        world.variable("HTTPS_PROXY", &format!("http://{address}"));
        let run = world.check();
        assert_eq!(run.code, Some(3), "{}", run.out);
        let reasons = run.reasons(&["RCP303"]);
        assert!(reasons.contains(says) || reasons.contains("proxy"), "{reasons}");
    }
}

#[test]
fn nobody_is_asked_past_a_proxy_that_is_none() {
    for url in ["not a url at all", "http://"] {
        let mut world = World::impatient();
        world.variable("HTTPS_PROXY", url);
        let run = world.run(&["check", "--online", "portal.json"]);
        assert!(run.code == Some(2) && run.err.contains("HTTPS_PROXY: it names no proxy"), "{run:?}");
        assert_eq!((world.api.connections(), world.dns.asked().len()), (0, 0));
    }
}

/// In the clear, a proxy would read the key.
#[test]
fn a_key_in_the_clear_goes_past_all_proxies() {
    let proxy = Proxy::start(&[]);
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let mut world = World::impatient();
        world.variable(name, &format!("http://{}", proxy.server.address()));
        world.check();
        assert!(!world.api.requests().is_empty(), "{name}");
    }
    let seen = format!("{:?}", proxy.requests());
    assert!(!seen.contains(KEY) && !seen.contains("/v2"), "{seen}");
}

#[test]
fn a_host_that_is_excepted_is_reached_without_the_proxy() {
    let mut world = secure(&["api.revcent.com"], -1, 90, None);
    world.unlead("api.revcent.com", 443);
    world.dns.add("api.revcent.com", Record::A(Ipv4Addr::LOCALHOST));
    world.set("--api-url", &format!("https://api.revcent.com:{}/v2", world.api.port()));
    let proxy = Proxy::start(&[]);
    world.variable("HTTPS_PROXY", &format!("http://{}", proxy.server.address()));
    for excepted in ["api.revcent.com", ".revcent.com", "other.test,api.revcent.com", "*"] {
        world.variable("NO_PROXY", excepted);
        let run = world.check();
        assert!(run.reasons(&["RCP303"]).is_empty(), "{excepted}: {}", run.out);
    }
    let is_the_api = |request: &Request| request.target.starts_with("api");
    assert!(!proxy.requests().iter().any(is_the_api), "{:?}", proxy.requests());
    for excepted in ["com", "revcent.com"] {
        world.variable("NO_PROXY", excepted);
        assert!(world.check().reasons(&["RCP303"]).is_empty(), "{excepted}");
    }
    assert!(!proxy.requests().iter().any(is_the_api), "{:?}", proxy.requests());
    world.variable("NO_PROXY", "globex.com");
    assert_eq!(world.check().code, Some(3));
    assert!(proxy.requests().iter().any(is_the_api), "{:?}", proxy.requests());
}

#[test]
fn without_a_key_what_needs_none_is_asked() {
    let mut world = World::impatient();
    world.variable("REVCENT_API_KEY", "");
    world.dns.remove("_dmarc.acme-outfitters.com", simple_dns::TYPE::TXT);
    for key in ["", " ", "\n"] {
        world.variable("REVCENT_API_KEY", key);
        let run = world.check();
        assert_eq!(run.code, Some(3), "{}", run.out);
        assert!(run.codes("diagnostics").contains("RCP307"), "{}", run.out);
        assert!(["RCP001", "RCP301", "RCP303"].iter().all(|code| run.open().contains(*code)), "{}", run.out);
        assert!(run.reasons(&["RCP301"]).contains("revcent_api_key"), "{}", run.out);
    }
    assert_eq!(world.api.connections(), 0);
}

#[test]
fn nothing_secret_is_said_in_any_format() {
    let formats =
        ["human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown"];
    let mut runs: Vec<(&str, &str)> = formats.map(|format| ("check", format)).into();
    runs.extend(["human", "json", "markdown", "html"].map(|format| ("preflight", format)));
    let parrot = |request: &str| {
        json!({ "code": 0, "error_code": KEY, "message": format!("{KEY} {SECRET} {request}"), "result": KEY })
            .to_string()
    };
    each(
        &runs,
        |run| format!("{run:?}"),
        |(command, format)| {
            let mut world = World::impatient();
            world.api.fault("/campaigns", usize::MAX, Fault::Bytes(http_json(403, &parrot("x"))));
            world.api.set("/tracking_domains/0/name", json!(format!("{KEY} {SECRET}")));
            world.api.set("/tracking_domains/0/dns/status", json!(KEY));
            // A wrong proxy with a password in it is a mouth, too.
            for proxy in ["", "http://user:canary-captcha-secret-000000000000000000@127.9.9.9:9"] {
                world.variable("HTTPS_PROXY", proxy);
                let run = world.run(&[command, "--online=captcha", "--verbose", "--format", format, "portal.json"]);
                assert!(matches!(run.code, Some(1 | 3)), "{run:?}");
            }
        },
    );
    // Nor is the key on a command line, which others can see.
    let help =
        Command::new(env!("CARGO_BIN_EXE_portal-lint")).args(["check", "--help"]).output().expect("the program runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(help.contains("--online") && !help.contains("--api-key"), "{help}");
}
