//! Which names are queried and which addresses are connected to: what was not asked is not completed, and never passed.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Value as Json, json};
use simple_dns::{RCODE, TYPE};

use super::dns::{Fault as DnsFault, Record};
use super::proxy::Proxy;
use super::tls::{Tls, Wanted};
use super::world::{DOMAIN, Run, World, each};
use crate::support::repository;

const DOMAIN_NAME: &str = "/tracking_domains/0/domain_name";
const FROM: &str = "/customer_emails/customer_account_confirm_email/from";
const OTHER_FROM: &str = "/customer_emails/customer_account_password_reset/from";

/// The checks of the host are not completed, for this reason, and DNS was not asked for it.
fn is_not_queried(world: &World, run: &Run, says: &str) {
    assert_eq!(run.code, Some(3), "{}\n{}", run.out, run.err);
    let open = run.open();
    assert!(["RCP003", "RCP004"].iter().all(|code| open.contains(*code)), "{}", run.out);
    for code in ["RCP003", "RCP004"] {
        assert!(run.reasons(&[code]).contains(says), "{}", run.reasons(&[code]));
    }
    assert!(world.dns.asked().iter().all(|(name, kind)| name.ends_with(DOMAIN) && *kind != TYPE::A), "it was asked");
    assert_eq!(world.host.server.connections(), 0, "it was connected to");
}

#[test]
fn a_tracking_domain_whose_name_is_not_queried_is_not_completed() {
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
    each(
        &cases,
        |(name, _)| name.to_string(),
        |(name, says)| {
            let world = World::new();
            world.api.set(DOMAIN_NAME, name.clone());
            let run = world.check();
            is_not_queried(&world, &run, says);
            assert!(!run.out.contains("canary"), "{}", run.out);
            let run = world.run(&["preflight", "--online", "--format", "json", "portal.json"]);
            assert_eq!(run.code, Some(3), "{}", run.out);
            for id in ["V3", "V4"] {
                let report = run.json();
                let items = report["portals"][0]["items"].as_array().expect("items");
                let item = items.iter().find(|item| item["id"] == id).expect("the item");
                assert_eq!(item["status"], "unverified", "{item}");
                assert!(item.to_string().to_lowercase().contains(says), "{item}");
            }
        },
    );
}

/// The account does not know the domain of this export, and the file names none that is queried.
#[test]
fn the_name_in_an_export_is_no_better() {
    let export = std::fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut export: Json = serde_json::from_str(&export).expect("JSON");
    for (name, says) in [("${DOMAIN}", "variable"), ("localhost", "localhost"), ("10.0.0.1", "ip address")] {
        let mut world = World::impatient();
        world.variable("REVCENT_API_KEY", "");
        export["tracking_domain"]["domain_name"] = name.into();
        world.write("portal.json", &export.to_string());
        is_not_queried(&world, &world.check(), says);
    }
}

#[test]
fn an_id_that_is_a_variable_leaves_the_host_unasked() {
    let world = World::new();
    world.edit("/tracking_domain", json!("${TRACKING_DOMAIN}"));
    is_not_queried(&world, &world.check(), "variable");
}

#[test]
fn names_are_queried_in_the_form_that_dns_knows() {
    let cases = [
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.de.", "xn--bcher-kva.de"),
        ("shop。bücher.de", "shop.xn--bcher-kva.de"),
        ("straße.de", "xn--strae-oqa.de"),
        ("XN--BCHER-KVA.DE", "xn--bcher-kva.de"),
        ("Acme-Outfitters.COM.", DOMAIN),
    ];
    each(
        &cases,
        |(name, _)| (*name).to_owned(),
        |(name, queried)| {
            let mut world = World::new();
            world.dns.add(queried, Record::A(Ipv4Addr::new(203, 0, 113, 7)));
            world.dns.add(queried, Record::Mx("mx.acme-outfitters.com"));
            world.dns.add(queried, Record::Txt("v=spf1 -all"));
            world.dns.add(format!("_dmarc.{queried}").leak(), Record::Txt("v=DMARC1; p=reject"));
            let host = Tls::start(Wanted::valid(&[queried]).by(&world.authority));
            world.lead(queried, &host.server.address());
            world.api.set(DOMAIN_NAME, json!(name));
            let run = world.check();
            assert_eq!((run.code, run.open().len()), (Some(0), 0), "{}", run.out);
            assert_eq!(host.asked(), [*queried]);
            // The domain is not there any more: that is a finding, and no check that was not completed.
            world.dns.remove(queried, TYPE::A);
            for kind in [TYPE::MX, TYPE::TXT] {
                world.dns.remove(queried, kind);
            }
            let run = world.check();
            assert_eq!(run.code, Some(1), "{}", run.out);
            assert!(run.codes("diagnostics").contains("RCP003"), "{}", run.out);
        },
    );
}

#[test]
fn a_sender_whose_domain_is_not_queried_is_not_completed() {
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
    each(
        &cases,
        |(from, _)| (*from).to_owned(),
        |(from, says)| {
            let world = World::new();
            world.edit(FROM, json!(from));
            world.edit(OTHER_FROM, json!(from));
            let run = world.check();
            assert!(run.open().contains("RCP307") && run.reasons(&["RCP307"]).contains(says), "{}", run.out);
            assert!(matches!(run.code, Some(1 | 3)), "{}", run.out);
            assert_eq!(run.code == Some(3), world.check_offline().code == Some(0), "{}", run.out);
            assert!(world.dns.asked().iter().all(|(_, kind)| [TYPE::A, TYPE::AAAA].contains(kind)), "it was asked");
            // The other one is asked all the same.
            world.edit(OTHER_FROM, json!("support@acme-outfitters.com"));
            let run = world.check();
            assert!(run.open().contains("RCP307") && run.reasons(&["RCP307"]).contains(says), "{}", run.out);
            assert!(world.dns.asked().contains(&(DOMAIN.to_owned(), TYPE::MX)), "it was not asked");
        },
    );
}

#[test]
fn a_sender_at_an_internationalized_domain_is_looked_up() {
    let world = World::new();
    for from in [FROM, OTHER_FROM] {
        world.edit(from, json!("support@bücher.de"));
    }
    let run = world.check();
    assert_eq!(run.open().len(), 0, "{}", run.out);
    assert!(run.codes("diagnostics").contains("RCP307"), "{}", run.out);
    assert!(world.dns.asked().contains(&("xn--bcher-kva.de".to_owned(), TYPE::MX)), "{:?}", world.dns.asked());
}

fn v6(text: &str) -> Record {
    Record::Aaaa(text.parse::<Ipv6Addr>().expect("an address"))
}

fn v4(text: &str) -> Record {
    Record::A(text.parse().expect("an address"))
}

/// The domain has these addresses and no others, and nothing leads it elsewhere.
fn at(world: &mut World, addresses: &[Record]) {
    world.dns.remove(DOMAIN, TYPE::A);
    for address in addresses {
        world.dns.add(DOMAIN, address.clone());
    }
    world.unlead(DOMAIN, 443);
}

#[test]
fn a_tracking_domain_with_private_addresses_alone_is_a_finding_and_not_connected_to() {
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
    each(
        &cases,
        |case| format!("{case:?}"),
        |addresses| {
            let mut world = World::impatient();
            at(&mut world, addresses);
            let proxy = Proxy::start(&[]);
            for address in [String::new(), format!("http://{}", proxy.server.address())] {
                world.variable("HTTPS_PROXY", &address);
                let run = world.check();
                assert_eq!(run.code, Some(1), "{}", run.out);
                let found = run.findings();
                let private = "RCP003 /tracking_domain the tracking domain `acme-outfitters.com` has only private addresses in DNS";
                assert!(found.contains(private), "{found:?}");
                assert!(run.open().contains("RCP004") && !run.open().contains("RCP003"), "{}", run.out);
                assert!(run.reasons(&["RCP004"]).contains("no connection is made to private addresses"), "{}", run.out);
            }
            assert!(proxy.requests().iter().all(|request| !request.target.starts_with(DOMAIN)));
            // Who says where the host is decides that it is connected to, and the addresses are no better for it.
            let there = world.host.server.address();
            world.lead(DOMAIN, &there);
            let run = world.check();
            assert!(run.codes("diagnostics").contains("RCP003") && run.open().is_empty(), "{}", run.out);
        },
    );
}

#[test]
fn of_private_and_public_addresses_the_public_ones_count() {
    let mut world = World::impatient();
    at(&mut world, &[v4("127.0.0.1"), v4("192.0.2.10"), v6("::1")]);
    let run = world.check();
    assert!(!run.codes("diagnostics").contains("RCP003") && !run.open().contains("RCP003"), "{}", run.out);
    // The one on this machine would have refused.
    assert!(run.open().contains("RCP004") && !run.reasons(&["RCP004"]).contains("refused"), "{}", run.out);
    let there = world.host.server.address();
    world.lead(DOMAIN, &there);
    assert_eq!(world.check().code, Some(0));
}

/// There may be public addresses among those that DNS did not tell.
#[test]
fn private_addresses_are_no_finding_before_all_are_known() {
    for (kind, other) in [(TYPE::AAAA, v4("10.0.0.1")), (TYPE::A, v6("fd00::1"))] {
        let mut world = World::impatient();
        at(&mut world, &[other]);
        world.dns.fault(DOMAIN, Some(kind), DnsFault::Code(RCODE::ServerFailure));
        let run = world.check();
        assert_eq!(run.code, Some(3), "{}", run.out);
        assert!(["RCP003", "RCP004"].iter().all(|code| run.open().contains(*code)), "{}", run.out);
    }
}

#[test]
fn company_dns_can_be_allowed() {
    let mut world = World::impatient();
    at(&mut world, &[v4("10.0.0.1")]);
    let allow = |rule: &str| {
        format!("[[allow]]\nrule = \"{rule}\"\nfiles = [\"portal.json\"]\nreason = \"the company's own DNS answers\"\n")
    };
    world.write("portal-lint.toml", &allow("tracking-domain-dns"));
    let run = world.check();
    assert_eq!(run.code, Some(3), "{}", run.out);
    let all = ["tracking-domain-dns", "tracking-domain-ssl", "certificate-expires-soon"].map(allow).concat();
    world.write("portal-lint.toml", &all);
    let run = world.check();
    assert_eq!((run.code, run.open().len()), (Some(0), 0), "{}", run.out);
}
