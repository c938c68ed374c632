//! Only the command line and the environment decide where the key and the secrets are sent: no file of the repository and no
//! response of the API can change that.

use std::net::Ipv4Addr;
use std::process::Command;

use serde_json::{Value as Json, json};

use super::api::{Api, KEY};
use super::dns::Record;
use super::environment::{DOMAIN, HOSTS, Run, SECRET, TestEnv, account, run_cases};
use super::http::{Fault, Request, http_response, json_response};
use super::proxy::Proxy;
use super::server::{REFUSING_ADDRESS, Server};
use super::tls::{Authority, CertificateSpec};
use crate::support::program::REPORT_FORMATS;

/// The server of an attacker, which counts connections.
fn attacker() -> Server {
    Server::start(|mut stream, _| {
        let request = Request::peek(&mut stream).and_then(|request| request.read(&mut stream));
        let _ = std::io::Write::write_all(&mut stream, &json_response(200, r#"{"code":1,"results":[]}"#));
        drop(request);
    })
}

#[test]
fn no_file_of_the_repository_changes_the_target_of_a_request() {
    let evil = attacker();
    let url = format!("http://{}/v2", evil.address());
    let settings = [
        format!("api-url = \"{url}\"\n"),
        format!("[online]\napi-url = \"{url}\"\nurl = \"{url}\"\nproxy = \"{url}\"\ncaptcha = true\n"),
        format!("account = \"{url}/account.json\"\n"),
        format!("REVCENT_API_URL = \"{url}\"\n\"--api-url\" = \"{url}\"\ndns-server = \"{}\"\n", evil.address()),
        format!("openapi = \"openapi.json\"\n[api]\nbase = \"{url}\"\nopenapi = \"openapi.json\"\n"),
    ];
    run_cases(&settings, Clone::clone, |settings| {
        let env = TestEnv::with_short_timeouts();
        let openapi = json!({ "openapi": "3.1.0", "servers": [{ "url": url }], "paths": {} }).to_string();
        for name in ["openapi.json", "revcent-openapi.json", ".revcent/openapi.json"] {
            env.write(name, &openapi);
        }
        env.write("portal-lint.toml", settings);
        let dotenv = format!("REVCENT_API_URL={url}\nHTTPS_PROXY={url}\nREVCENT_API_KEY=canary-of-the-file\n");
        env.write(".env", &dotenv);
        env.write(".curlrc", &format!("proxy = {url}\n"));
        env.write(
            "revcent-account.json",
            &json!({ "$schema": url, "version": 1, "api_url": url, "tracking_domains": [] }).to_string(),
        );
        let mut body: Json = serde_json::from_str(&env.read("portal.json")).expect("JSON");
        for key in ["$schema", "api_url", "portal_urls", "logo", "$ref"] {
            body[key] = url.clone().into();
        }
        env.write("portal.json", &body.to_string());
        env.check();
        env.run(&["account", "pull", "--online"]);
        assert!(!env.api.requests().is_empty(), "no request was sent");
    });
    assert_eq!(evil.connections(), 0);
}

/// [`TestEnv::run`] checks that only documented paths were requested.
#[test]
fn no_id_of_a_file_changes_the_path_of_a_request() {
    let evil = attacker();
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
    run_cases(
        &ids,
        |id| id.chars().take(40).collect(),
        |id| {
            let env = TestEnv::with_short_timeouts();
            env.edit("/tracking_domain", json!(id));
            env.edit("/customer_filters/campaign", json!([id]));
            env.edit("/customer_filters/third_party_shop", json!([id]));
            env.check();
            // The same text as the ID of a portal to edit.
            env.write(
                "portal.json",
                &json!({ "customer_portal_id": id, "name": "Acme", "tracking_domain": id }).to_string(),
            );
            env.run(&["check", "--online", "--kind", "edit", "--format", "json", "portal.json"]);
        },
    );
    assert_eq!(evil.connections(), 0);
}

#[test]
fn no_response_of_the_api_causes_other_requests() {
    let evil = attacker();
    let url = format!("http://{}/v2/campaigns", evil.address());
    let other_host = format!("http://localhost:{}/v2/campaigns", evil.port);
    let page = |next: &str| {
        let results: Vec<Json> =
            (0..25).map(|index| json!({ "id": format!("Camp{index:016}"), "name": "x" })).collect();
        let body = json!({ "code": 1, "current_count": 25, "current_page": 1, "results": results, "next": next, "next_page": next,
            "links": { "next": next }, "url": next });
        http_response(
            200,
            &["Content-Type: application/json", &format!("Link: <{next}>; rel=\"next\"")],
            &body.to_string(),
        )
    };
    let mut cases: Vec<(String, usize, Vec<u8>)> = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        for to in [&url, &other_host] {
            let bytes = http_response(status, &[&format!("Location: {to}"), &format!("Refresh: 0; url={to}")], "");
            cases.push((format!("{status} to {to}"), usize::MAX, bytes));
        }
    }
    cases.push((
        "401 with a realm".into(),
        usize::MAX,
        http_response(401, &[&format!("WWW-Authenticate: Basic realm=\"{url}\"")], ""),
    ));
    cases.push(("a next page on another host".into(), 1, page(&url)));
    cases.push((
        "alternative services".into(),
        1,
        http_response(503, &[&format!("Alt-Svc: h2=\"{}\"", evil.address())], ""),
    ));
    run_cases(
        &cases,
        |case| case.0.clone(),
        |(_, times, bytes)| {
            let env = TestEnv::with_short_timeouts();
            env.api.fault("/campaigns", *times, Fault::Bytes(bytes.clone()));
            env.check();
            assert!(!env.requests("/campaigns").is_empty());
        },
    );
    assert_eq!(evil.connections(), 0);
}

#[test]
fn an_invalid_domain_of_the_account_is_not_connected_to() {
    let evil = attacker();
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
    run_cases(
        &names,
        |name| name.chars().take(40).collect(),
        |name| {
            let env = TestEnv::with_short_timeouts();
            env.api.set("/tracking_domains/0/domain_name", json!(name));
            env.edit("/customer_emails/customer_account_confirm_email/from", json!(format!("a@{name}")));
            let run = env.check();
            assert!(matches!(run.code, Some(1 | 3)), "{run:?}");
        },
    );
    assert_eq!(evil.connections(), 0);
}

#[test]
fn the_key_is_sent_without_tls_to_loopback_only() {
    let evil = attacker();
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
    run_cases(
        &urls,
        |url| (*url).to_owned(),
        |url| {
            let mut env = TestEnv::with_short_timeouts();
            env.set("--api-url", url);
            for host in ["api.revcent.com", "127.0.0.1.evil.test", "localhost.evil.test", "evil.test", "192.0.2.1"] {
                env.connect_port_to(host, 80, &evil.address());
            }
            assert_refused(&env, &env.run(&["check", "--online", "portal.json"]));
            env.unset("--api-url");
            env.variable("REVCENT_API_URL", url);
            if !url.is_empty() {
                assert_refused(&env, &env.run(&["check", "--online", "portal.json"]));
            }
        },
    );
    assert_eq!(evil.connections(), 0);
}

/// Checks that the run failed before any query was sent.
fn assert_refused(env: &TestEnv, run: &Run) {
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(!run.err.trim().is_empty());
    assert_eq!((env.dns.queries().len(), env.host.server.connections()), (0, 0));
}

/// An environment whose API is at the default URL, with TLS. Without an authority, its certificate is signed by a trusted one.
fn env_with_tls(names: &[&str], from: i32, to: i32, authority: Option<&Authority>) -> TestEnv {
    let trusted = Authority::new("The authority of the test");
    let config = CertificateSpec { names, from, to }.signed_by(authority.unwrap_or(&trusted));
    let mut env = TestEnv::with_api(Api::secure(account(), config), trusted);
    env.unset("--api-url");
    env.set("--probe-timeout", "2");
    env
}

/// The certificate of a server in place of the API (names, first and last day, authority), and whether it is valid.
type CertificateCase<'a> = (&'a str, &'a [&'a str], i32, i32, Option<&'a Authority>, bool);

#[test]
fn the_key_is_sent_only_after_the_certificate_of_the_api_was_verified() {
    let other = Authority::new("Somebody else");
    let api: &[&str] = &["api.revcent.com"];
    let cases: [CertificateCase; 5] = [
        ("valid", api, -1, 90, None, true),
        ("expired", api, -90, -1, None, false),
        ("not yet valid", api, 2, 90, None, false),
        ("another name", &["api.globex.com"], -1, 90, None, false),
        ("unknown authority", api, -1, 90, Some(&other), false),
    ];
    for (name, names, from, to, authority, is_valid) in cases {
        let mut env = env_with_tls(names, from, to, authority);
        env.connect_to("api.revcent.com", &format!("127.0.0.1:{}", env.api.port()));
        let run = env.check();
        assert!(env.api.connections() > 0, "{name}: no connection");
        assert_eq!(
            (run.code, env.api.requests().is_empty()),
            (Some(if is_valid { 0 } else { 3 }), !is_valid),
            "{name}: {}",
            run.out
        );
        assert!(is_valid || run.reasons(&["RCP303"]).contains("certificate"), "{name}: {}", run.out);
        assert!(env.api.requests().iter().all(|request| request.header("host") == Some("api.revcent.com")), "{name}");
    }
}

#[test]
fn a_proxy_is_used_and_does_not_see_the_key() {
    let mut env = env_with_tls(&["api.revcent.com"], -1, 90, None);
    env.remove_connect_to("api.revcent.com", 443);
    let host = env.host.server.port;
    let portals = HOSTS.map(|host| format!("{host}:443"));
    let host_address = env.host.server.address();
    let routes =
        [("api.revcent.com:443", env.api.port()), (&portals[0], host), (&portals[1], host), (&host_address, host)];
    let proxy = Proxy::start(&routes);
    env.variable("HTTPS_PROXY", &format!("http://{}", proxy.server.address()));
    let run = env.check();
    assert_eq!(run.code, Some(0), "{}", run.out);
    let requests = proxy.requests();
    assert!(requests.iter().any(|request| request.target == "api.revcent.com:443"), "{requests:?}");
    assert!(!format!("{requests:?}").contains(KEY), "{requests:?}");
    // A proxy that cannot be reached, or that refuses the connection, makes the check unverified.
    let refusing = Proxy::start(&[]);
    for (address, reason) in [(REFUSING_ADDRESS.to_owned(), "refused"), (refusing.server.address(), "proxy")] {
        env.variable("HTTPS_PROXY", &format!("http://{address}"));
        let run = env.check();
        assert_eq!(run.code, Some(3), "{}", run.out);
        let reasons = run.reasons(&["RCP303"]);
        assert!(reasons.contains(reason) || reasons.contains("proxy"), "{reasons}");
    }
}

#[test]
fn an_invalid_proxy_is_not_bypassed() {
    for url in ["not a url at all", "http://"] {
        let mut env = TestEnv::with_short_timeouts();
        env.variable("HTTPS_PROXY", url);
        let run = env.run(&["check", "--online", "portal.json"]);
        assert!(run.code == Some(2) && run.err.contains("HTTPS_PROXY: it is not the address of a proxy"), "{run:?}");
        assert_eq!((env.api.connections(), env.dns.queries().len()), (0, 0));
    }
}

/// Without TLS, a proxy would read the key.
#[test]
fn requests_without_tls_use_no_proxy() {
    let proxy = Proxy::start(&[]);
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let mut env = TestEnv::with_short_timeouts();
        env.variable(name, &format!("http://{}", proxy.server.address()));
        env.check();
        assert!(!env.api.requests().is_empty(), "{name}");
    }
    let requests = format!("{:?}", proxy.requests());
    assert!(!requests.contains(KEY) && !requests.contains("/v2"), "{requests}");
}

#[test]
fn no_proxy_excludes_a_host() {
    let mut env = env_with_tls(&["api.revcent.com"], -1, 90, None);
    env.remove_connect_to("api.revcent.com", 443);
    env.dns.add("api.revcent.com", Record::A(Ipv4Addr::LOCALHOST));
    env.set("--api-url", &format!("https://api.revcent.com:{}/v2", env.api.port()));
    let proxy = Proxy::start(&[]);
    // As in curl, the variable is for URLs with `http`.
    for name in ["HTTP_PROXY", "http_proxy"] {
        env.variable(name, &format!("http://{}", proxy.server.address()));
    }
    assert!(env.check().reasons(&["RCP303"]).is_empty() && proxy.requests().is_empty());
    env.variable("HTTPS_PROXY", &format!("http://{}", proxy.server.address()));
    // As in curl, an empty variable counts as not set.
    env.variable("no_proxy", "");
    let with_port = format!("api.revcent.com:{}", env.api.port());
    for excluded in ["api.revcent.com", ".revcent.com", "other.test,api.revcent.com", "*", &with_port] {
        env.variable("NO_PROXY", excluded);
        let run = env.check();
        assert!(run.reasons(&["RCP303"]).is_empty(), "{excluded}: {}", run.out);
    }
    let is_to_api = |request: &Request| request.target.starts_with("api");
    assert!(!proxy.requests().iter().any(is_to_api), "{:?}", proxy.requests());
    for excluded in ["com", "revcent.com"] {
        env.variable("NO_PROXY", excluded);
        assert!(env.check().reasons(&["RCP303"]).is_empty(), "{excluded}");
    }
    assert!(!proxy.requests().iter().any(is_to_api), "{:?}", proxy.requests());
    env.variable("NO_PROXY", "globex.com,api.revcent.com:1");
    assert_eq!(env.check().code, Some(3));
    assert!(proxy.requests().iter().any(is_to_api), "{:?}", proxy.requests());
}

#[test]
fn without_a_key_the_other_queries_are_sent() {
    let mut env = TestEnv::with_short_timeouts();
    env.variable("REVCENT_API_KEY", "");
    env.dns.remove("_dmarc.acme-outfitters.com", simple_dns::TYPE::TXT);
    for key in ["", " ", "\n"] {
        env.variable("REVCENT_API_KEY", key);
        let run = env.check();
        assert_eq!(run.code, Some(3), "{}", run.out);
        assert!(run.codes("diagnostics").contains("RCP307"), "{}", run.out);
        assert!(["RCP001", "RCP301", "RCP303"].iter().all(|code| run.unverified().contains(*code)), "{}", run.out);
        assert!(run.reasons(&["RCP301"]).contains("revcent_api_key"), "{}", run.out);
    }
    assert_eq!(env.api.connections(), 0);
}

#[test]
fn no_format_contains_a_secret() {
    let mut runs: Vec<(&str, &str)> = REPORT_FORMATS.map(|format| ("check", format)).into();
    runs.extend(["human", "json", "markdown", "html"].map(|format| ("preflight", format)));
    let error = json!({ "code": 0, "error_code": KEY, "message": format!("{KEY} {SECRET} x"), "result": KEY });
    let error = error.to_string();
    run_cases(
        &runs,
        |run| format!("{run:?}"),
        |(command, format)| {
            let mut env = TestEnv::with_short_timeouts();
            env.api.fault("/campaigns", usize::MAX, Fault::Bytes(json_response(403, &error)));
            env.api.set("/tracking_domains/0/name", json!(format!("{KEY} {SECRET}")));
            env.api.set("/tracking_domains/0/dns/status", json!(KEY));
            // An error about a proxy could contain its password.
            for proxy in ["", "http://user:canary-captcha-secret-000000000000000000@127.9.9.9:9"] {
                env.variable("HTTPS_PROXY", proxy);
                let run = env.run(&[command, "--online=captcha", "--verbose", "--format", format, "portal.json"]);
                assert!(matches!(run.code, Some(1 | 3)), "{run:?}");
            }
        },
    );
    // The key is not on the command line either, which other users can see.
    let help =
        Command::new(env!("CARGO_BIN_EXE_portal-lint")).args(["check", "--help"]).output().expect("the program runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(help.contains("--online") && !help.contains("--api-key"), "{help}");
}
