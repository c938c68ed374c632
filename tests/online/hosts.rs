//! Which names are queried and which addresses are connected to. A check without a query is unverified and never passes.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Value as Json, json};
use simple_dns::{RCODE, TYPE};

use super::dns::{Fault as DnsFault, Record};
use super::environment::{DOMAIN, Run, TestEnv, run_cases};
use super::proxy::Proxy;
use super::tls::{CertificateSpec, Tls};
use crate::support::json::array;
use crate::support::repository;

const DOMAIN_NAME: &str = "/tracking_domains/0/domain_name";
const FROM: &str = "/customer_emails/customer_account_confirm_email/from";
const OTHER_FROM: &str = "/customer_emails/customer_account_password_reset/from";

/// Checks that the checks of the host are unverified, for this reason, and that no DNS query was sent.
fn assert_not_queried(env: &TestEnv, run: &Run, reason: &str) {
    assert_eq!(run.code, Some(3), "{}\n{}", run.out, run.err);
    let unverified = run.unverified();
    assert!(["RCP003", "RCP004"].iter().all(|code| unverified.contains(*code)), "{}", run.out);
    for code in ["RCP003", "RCP004"] {
        assert!(run.reasons(&[code]).contains(reason), "{}", run.reasons(&[code]));
    }
    assert!(
        env.dns.queries().iter().all(|(name, kind)| name.ends_with(DOMAIN) && *kind != TYPE::A),
        "a query was sent"
    );
    assert_eq!(env.host.server.connections(), 0, "the program connected to the host");
}

#[test]
fn a_tracking_domain_that_is_not_a_public_host_is_unverified() {
    let long = format!("{}.com", "a".repeat(64));
    let cases = [
        (json!(""), "the domain name is empty"),
        (json!("  "), "the domain name is empty"),
        (Json::Null, "no domain name"),
        (json!(5), "no domain name"),
        (json!("acme-outfitters.com:443"), "the domain name has a port"),
        (json!("https://acme-outfitters.com"), "the domain name is a url"),
        (json!("https://user:canary-captcha-secret@acme-outfitters.com/"), "the domain name is a url"),
        (json!("acme-outfitters.com/portal"), "has a path"),
        (json!("localhost"), "localhost"),
        (json!("shop.localhost"), "special use"),
        (json!("printer.local"), "special use"),
        (json!("intranet"), "single label"),
        (json!("127.0.0.1"), "ip address"),
        (json!("203.0.113.7"), "ip address"),
        (json!("2130706433"), "ip address"),
        (json!("0x7f.1"), "ip address"),
        (json!("::1"), "ip address"),
        (json!("[2001:db8::1]"), "ip address"),
        (json!("[::1]:443"), "ip address"),
        (json!("１２７.0.0.1"), "ip address"),
        (json!("256.1.1.1"), "because the value is not a valid domain name"),
        (json!("acme.com?x"), "because the value is not a domain name"),
        (json!("*.acme-outfitters.com"), "wildcard"),
        (json!("support@acme-outfitters.com"), "email address"),
        (json!("acme..com"), "empty label"),
        (json!(long), "63 characters"),
        (json!("a\u{202e}b.com"), "internationalized"),
    ];
    run_cases(
        &cases,
        |(name, _)| name.to_string(),
        |(name, reason)| {
            let env = TestEnv::new();
            env.api.set(DOMAIN_NAME, name.clone());
            let run = env.check();
            assert_not_queried(&env, &run, reason);
            assert!(!run.out.contains("canary"), "{}", run.out);
            let run = env.run(&["preflight", "--online", "--format", "json", "portal.json"]);
            assert_eq!(run.code, Some(3), "{}", run.out);
            for id in ["V3", "V4"] {
                let report = run.json();
                let items = array(&report["portals"][0]["items"]);
                let item = items.iter().find(|item| item["id"] == id).expect("the item");
                assert_eq!(item["status"], "unverified", "{item}");
                assert!(item.to_string().to_lowercase().contains(reason), "{item}");
            }
        },
    );
}

/// The account does not have the domain of this export, and the name in the file is not a public host.
#[test]
fn a_host_in_an_export_is_checked_like_one_in_the_account() {
    let export = std::fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut export: Json = serde_json::from_str(&export).expect("JSON");
    for (name, reason) in [("${DOMAIN}", "variable"), ("localhost", "localhost"), ("10.0.0.1", "ip address")] {
        let mut env = TestEnv::with_short_timeouts();
        env.variable("REVCENT_API_KEY", "");
        export["tracking_domain"]["domain_name"] = name.into();
        env.write("portal.json", &export.to_string());
        assert_not_queried(&env, &env.check(), reason);
    }
}

#[test]
fn a_variable_as_id_makes_the_host_unverified() {
    let env = TestEnv::new();
    env.edit("/tracking_domain", json!("${TRACKING_DOMAIN}"));
    assert_not_queried(&env, &env.check(), "variable");
}

#[test]
fn names_are_normalized_before_the_query() {
    let cases = [
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.de.", "xn--bcher-kva.de"),
        ("shop。bücher.de", "shop.xn--bcher-kva.de"),
        ("straße.de", "xn--strae-oqa.de"),
        ("XN--BCHER-KVA.DE", "xn--bcher-kva.de"),
        ("Acme-Outfitters.COM.", DOMAIN),
    ];
    run_cases(
        &cases,
        |(name, _)| (*name).to_owned(),
        |(name, queried)| {
            let mut env = TestEnv::new();
            env.dns.add(queried, Record::A(Ipv4Addr::new(203, 0, 113, 7)));
            env.dns.add(queried, Record::Mx("mx.acme-outfitters.com"));
            env.dns.add(queried, Record::Txt("v=spf1 -all"));
            env.dns.add(format!("_dmarc.{queried}").leak(), Record::Txt("v=DMARC1; p=reject"));
            let host = Tls::start(CertificateSpec::valid(&[queried]).signed_by(&env.authority));
            env.connect_to(queried, &host.server.address());
            env.api.set(DOMAIN_NAME, json!(name));
            let run = env.check();
            assert_eq!((run.code, run.unverified().len()), (Some(0), 0), "{}", run.out);
            assert_eq!(host.requested_hosts(), [*queried]);
            // The domain does not exist: this is a finding and not an unverified check.
            env.dns.remove(queried, TYPE::A);
            for kind in [TYPE::MX, TYPE::TXT] {
                env.dns.remove(queried, kind);
            }
            let run = env.check();
            assert_eq!(run.code, Some(1), "{}", run.out);
            assert!(run.codes("diagnostics").contains("RCP003"), "{}", run.out);
        },
    );
}

#[test]
fn a_sender_without_a_public_domain_is_unverified() {
    let cases = [
        ("support@[127.0.0.1]", "ip address"),
        ("support@[IPv6:::1]", "ip address"),
        ("support@127.0.0.1", "ip address"),
        ("support@localhost", "localhost"),
        ("support@mail", "single label"),
        ("support@mail.local", "special use"),
        ("support@acme-outfitters.com:25", "port"),
        ("support@shop.example", "reserved"),
        ("${SENDER}", "variable"),
        ("support@${DOMAIN}", "variable"),
        ("support@", "empty"),
        ("support", "not an email address"),
        ("", "not an email address"),
    ];
    run_cases(
        &cases,
        |(from, _)| (*from).to_owned(),
        |(from, reason)| {
            let env = TestEnv::new();
            env.edit(FROM, json!(from));
            env.edit(OTHER_FROM, json!(from));
            let run = env.check();
            assert!(run.unverified().contains("RCP307") && run.reasons(&["RCP307"]).contains(reason), "{}", run.out);
            assert!(matches!(run.code, Some(1 | 3)), "{}", run.out);
            assert_eq!(run.code == Some(3), env.check_offline().code == Some(0), "{}", run.out);
            assert!(env.dns.queries().iter().all(|(_, kind)| [TYPE::A, TYPE::AAAA].contains(kind)), "a query was sent");
            // The domain of the other sender is queried.
            env.edit(OTHER_FROM, json!("support@acme-outfitters.com"));
            let run = env.check();
            assert!(run.unverified().contains("RCP307") && run.reasons(&["RCP307"]).contains(reason), "{}", run.out);
            assert!(env.dns.queries().contains(&(DOMAIN.to_owned(), TYPE::MX)), "no query was sent");
        },
    );
}

#[test]
fn an_internationalized_sender_domain_is_queried() {
    let env = TestEnv::new();
    for from in [FROM, OTHER_FROM] {
        env.edit(from, json!("support@bücher.de"));
    }
    let run = env.check();
    assert_eq!(run.unverified().len(), 0, "{}", run.out);
    assert!(run.codes("diagnostics").contains("RCP307"), "{}", run.out);
    assert!(env.dns.queries().contains(&("xn--bcher-kva.de".to_owned(), TYPE::MX)), "{:?}", env.dns.queries());
}

fn v6(text: &str) -> Record {
    Record::Aaaa(text.parse::<Ipv6Addr>().expect("an address"))
}

fn v4(text: &str) -> Record {
    Record::A(text.parse().expect("an address"))
}

/// Gives the domain only these addresses, and removes its `--connect-to`.
fn set_addresses(env: &mut TestEnv, addresses: &[Record]) {
    env.dns.remove(DOMAIN, TYPE::A);
    for address in addresses {
        env.dns.add(DOMAIN, address.clone());
    }
    env.remove_connect_to(DOMAIN, 443);
}

#[test]
fn private_addresses_are_a_finding_and_not_connected_to() {
    let cases = [
        vec![v4("0.0.0.0")],
        vec![v4("10.0.0.1")],
        vec![v4("100.64.0.1")],
        vec![v4("127.0.0.1")],
        vec![v4("169.254.169.254")],
        vec![v4("172.31.0.1")],
        vec![v4("192.168.1.1")],
        vec![v6("::1")],
        vec![v6("fd00::1")],
        vec![v6("fe80::1")],
        vec![v6("::ffff:10.0.0.1")],
        vec![v6("64:ff9b::7f00:1")],
        vec![v4("10.0.0.1"), v4("192.168.1.1"), v6("::1")],
    ];
    run_cases(
        &cases,
        |case| format!("{case:?}"),
        |addresses| {
            let mut env = TestEnv::with_short_timeouts();
            set_addresses(&mut env, addresses);
            let proxy = Proxy::start(&[]);
            for address in [String::new(), format!("http://{}", proxy.server.address())] {
                env.variable("HTTPS_PROXY", &address);
                let run = env.check();
                assert_eq!(run.code, Some(1), "{}", run.out);
                let found = run.findings();
                let private = "RCP003 /tracking_domain the tracking domain `acme-outfitters.com` resolves only to private addresses";
                assert!(found.contains(private), "{found:?}");
                assert!(run.unverified().contains("RCP004") && !run.unverified().contains("RCP003"), "{}", run.out);
                assert!(run.reasons(&["RCP004"]).contains("the host has only private addresses"), "{}", run.out);
            }
            assert!(proxy.requests().iter().all(|request| !request.target.starts_with(DOMAIN)));
            // `--connect-to` allows the connection, but the addresses are still a finding.
            let host_address = env.host.server.address();
            env.connect_to(DOMAIN, &host_address);
            let run = env.check();
            assert!(run.codes("diagnostics").contains("RCP003") && run.unverified().is_empty(), "{}", run.out);
        },
    );
}

#[test]
fn public_addresses_are_used_if_there_are_any() {
    let mut env = TestEnv::with_short_timeouts();
    set_addresses(&mut env, &[v4("127.0.0.1"), v4("192.0.2.10"), v6("::1")]);
    let run = env.check();
    assert!(!run.codes("diagnostics").contains("RCP003") && !run.unverified().contains("RCP003"), "{}", run.out);
    // A connection to the address of this machine would have been refused.
    assert!(run.unverified().contains("RCP004") && !run.reasons(&["RCP004"]).contains("refused"), "{}", run.out);
    let host_address = env.host.server.address();
    env.connect_to(DOMAIN, &host_address);
    assert_eq!(env.check().code, Some(0));
}

/// If one of the queries for A and AAAA failed, its answer could contain public addresses.
#[test]
fn private_addresses_are_not_a_finding_if_a_query_failed() {
    for (failed_kind, address) in [(TYPE::AAAA, v4("10.0.0.1")), (TYPE::A, v6("fd00::1"))] {
        let mut env = TestEnv::with_short_timeouts();
        set_addresses(&mut env, &[address]);
        env.dns.fault(DOMAIN, Some(failed_kind), DnsFault::Code(RCODE::ServerFailure));
        let run = env.check();
        assert_eq!(run.code, Some(3), "{}", run.out);
        assert!(["RCP003", "RCP004"].iter().all(|code| run.unverified().contains(*code)), "{}", run.out);
    }
}

#[test]
fn the_finding_about_private_addresses_can_be_allowed() {
    let mut env = TestEnv::with_short_timeouts();
    set_addresses(&mut env, &[v4("10.0.0.1")]);
    let allow = |rule: &str| {
        format!("[[allow]]\nrule = \"{rule}\"\nfiles = [\"portal.json\"]\nreason = \"the company's own DNS answers\"\n")
    };
    env.write("portal-lint.toml", &allow("dns-not-ready"));
    let run = env.check();
    assert_eq!(run.code, Some(3), "{}", run.out);
    let all = ["dns-not-ready", "ssl-not-active", "expiring-certificate"].map(allow).concat();
    env.write("portal-lint.toml", &all);
    let run = env.check();
    assert_eq!((run.code, run.unverified().len()), (Some(0), 0), "{}", run.out);
}
