//! What the account, DNS and TLS say no to is a finding at its place; what they cannot tell is none.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Value as Json, json};
use simple_dns::{RCODE, TYPE};

use super::api::{Pages, error_envelope};
use super::dns::{Dns, Fault as DnsFault, Record};
use super::http::{Fault, answer, json as http_json};
use super::tls::{Authority, Tls, Wanted};
use super::world::{DOMAIN, HOSTS, World, each};
use crate::support::repository;

const FROM: &str = "/customer_emails/customer_account_confirm_email/from";
const DMARC: &str = "_dmarc.acme-outfitters.com";

#[test]
fn what_the_account_denies_is_a_finding_at_its_place() {
    let taken = json!([{ "id": "exD0myCXTaMte0mTOOY3", "name": "Acme Subscription Portal" }]);
    let cases = [
        ("/tracking_domains/0/dns/status", json!("pending"), "RCP003", "/tracking_domain"),
        ("/tracking_domains/0/ssl/status", json!("Failed"), "RCP004", "/tracking_domain"),
        ("/campaigns", json!([]), "RCP303", "/customer_filters/campaign/0"),
        ("/user_shops", json!([]), "RCP304", "/customer_filters/third_party_shop/0"),
        ("/customer_portals", taken, "RCP001", "/name"),
    ];
    each(
        &cases,
        |case| case.2.to_owned(),
        |(place, value, code, pointer)| {
            let world = World::new();
            world.api.set(place, value.clone());
            finds(&world, &[(code, pointer)], 1);
        },
    );
}

/// That a path is wrong, that a key may not, or that something broke, says nothing about the thing.
#[test]
fn only_an_answer_that_says_so_denies_a_thing() {
    let html = answer(404, &["Content-Type: text/html"], "<h1>Not Found</h1>");
    let said = |status, code, message: &str| http_json(status, &error_envelope(code, message).to_string());
    let open = [
        ("somebody else's 404", html),
        ("no such operation", said(404, "not_found", "there is no such operation")),
        ("a gateway's 403", http_json(403, r#"{"message":"Missing Authentication Token"}"#)),
        ("no permission", said(403, "permission_denied", "this key may not view tracking domains")),
        ("an error", said(500, "internal_error", "the record could not be read")),
        ("a host of theirs", said(500, "internal_error", "getaddrinfo ENOTFOUND db.internal")),
        ("a table of theirs", said(500, "internal_error", "table customers does not exist")),
        ("no account", said(401, "unauthorized", "Account not found")),
        ("no user", said(403, "forbidden", "User not found")),
        ("no quota", said(429, "rate", "no such quota left")),
        ("a mere not found", said(404, "", "Not Found")),
        ("nothing at all", said(404, "", "")),
        ("a list of addresses", said(404, "", "Your IP address 1.2.3.4 is not whitelisted")),
        ("another thing", said(400, "", "SMTP profile not found")),
        ("another thing, with success", said(200, "", "Campaign not found")),
        ("maintenance", said(404, "", "maintenance, come back later")),
    ];
    each(
        &open,
        |case| case.0.to_owned(),
        |(_, bytes)| {
            let world = World::impatient();
            // The list is as little there as the thing: neither can stand in for the other.
            world.api.fault("/tracking_domains", usize::MAX, Fault::Bytes(bytes.clone()));
            let run = world.check();
            assert!(!run.codes("diagnostics").contains("RCP301") && run.open().contains("RCP003"), "{}", run.out);
            assert_eq!(run.code, Some(3), "{}", run.out);
        },
    );
    let world = World::new();
    world.api.set("/tracking_domains", json!([]));
    let gone = said(200, "not_found", "the tracking domain does not exist");
    world.api.fault("/tracking_domains/", usize::MAX, Fault::Bytes(gone));
    finds_besides(&world, &[("RCP301", "/tracking_domain")], &["RCP003", "RCP004"], 1);
}

/// Page 0 of a list may be the first: a list without it denies nothing, and nothing is free.
#[test]
fn a_list_whose_first_page_is_refused_tells_what_it_has_and_no_more() {
    let said = |status, message: &str| http_json(status, &error_envelope("", message).to_string());
    let refused = [
        ("500", said(500, "Internal error")),
        ("503", said(503, "")),
        ("429", said(429, "too many")),
        ("an error with success", said(200, "Internal error")),
        ("no results", http_json(200, r#"{"code":1}"#)),
        ("what is no answer", http_json(200, "{")),
    ];
    each(
        &refused,
        |case| case.0.to_owned(),
        |(_, bytes)| {
            let world = World::impatient();
            for list in ["/campaigns", "/customer_portals"] {
                world.api.set(list, json!([]));
                world.api.fault(&format!("{list}?limit=25&page=0"), usize::MAX, Fault::Bytes(bytes.clone()));
            }
            let run = world.check();
            assert_eq!(run.code, Some(3), "{}", run.out);
            assert!(!run.codes("diagnostics").contains("RCP303"), "{}", run.out);
            assert!(["RCP001", "RCP303"].iter().all(|code| run.open().contains(*code)), "{}", run.out);
            let old = json!({ "version": 1, "pulled": "2026-11-01", "campaigns": [{ "id": "C".repeat(20) }] });
            world.write("old.json", &old.to_string());
            assert_eq!(world.run(&["account", "pull", "--online", "--output", "old.json"]).code, Some(3));
            let new: Json = serde_json::from_str(&world.read("old.json")).expect("JSON");
            assert_eq!((&new["campaigns"], &new["partial"]), (&old["campaigns"], &json!(["campaigns"])));
        },
    );
}

#[test]
fn a_tracking_domain_that_the_account_does_not_have_is_a_finding() {
    let world = World::new();
    world.api.set("/tracking_domains", json!([]));
    finds_besides(&world, &[("RCP301", "/tracking_domain")], &["RCP003", "RCP004"], 1);
}

/// What is changed in a good zone, what is said then and where, and the exit code.
type Zone = (&'static str, fn(&Dns), Option<(&'static str, &'static str)>, i32);

const ZONES: [Zone; 8] = [
    ("no address", |dns| dns.remove(DOMAIN, TYPE::A), Some(("RCP003", "/tracking_domain")), 1),
    (
        "an alias to nowhere",
        |dns| {
            dns.remove(DOMAIN, TYPE::A);
            dns.add(DOMAIN, Record::Cname("nowhere.test"));
        },
        Some(("RCP003", "/tracking_domain")),
        1,
    ),
    (
        "an address of the newer kind is enough",
        |dns| {
            dns.remove(DOMAIN, TYPE::A);
            dns.add(DOMAIN, Record::Aaaa(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x10)));
        },
        None,
        0,
    ),
    (
        "an alias is enough",
        |dns| {
            for kind in [TYPE::A, TYPE::MX, TYPE::TXT] {
                dns.remove(DOMAIN, kind);
            }
            dns.add(DOMAIN, Record::Cname("shop.test"));
            dns.add("shop.test", Record::A(Ipv4Addr::new(192, 0, 2, 11)));
            dns.add("shop.test", Record::Mx("mx.acme-outfitters.com"));
            dns.add("shop.test", Record::Txt("v=spf1 -all"));
        },
        None,
        0,
    ),
    ("no MX", |dns| dns.remove(DOMAIN, TYPE::MX), Some(("RCP307", FROM)), 0),
    (
        "no SPF",
        |dns| {
            dns.remove(DOMAIN, TYPE::TXT);
            dns.add(DOMAIN, Record::Txt("some-site-verification=1"));
        },
        Some(("RCP307", FROM)),
        0,
    ),
    ("no DMARC", |dns| dns.remove(DMARC, TYPE::TXT), Some(("RCP307", FROM)), 0),
    (
        "a DMARC record that is none",
        |dns| {
            dns.remove(DMARC, TYPE::TXT);
            dns.add(DMARC, Record::Txt("v=spf1 -all"));
        },
        Some(("RCP307", FROM)),
        0,
    ),
];

#[test]
fn what_dns_denies_is_a_finding_at_its_place() {
    each(
        &ZONES,
        |case| case.0.to_owned(),
        |(_, change, found, code)| {
            let world = World::new();
            change(&world.dns);
            finds(&world, found.as_slice(), *code);
        },
    );
}

/// The run says this, at these places, besides what it says offline, and leaves nothing open.
fn finds(world: &World, found: &[(&str, &str)], code: i32) {
    finds_besides(world, found, &[], code);
}

/// The same, and leaves open what cannot be asked of a thing that is not there.
fn finds_besides(world: &World, found: &[(&str, &str)], open: &[&str], code: i32) {
    let run = world.check();
    let offline = world.check_offline().findings();
    let said: BTreeSet<String> = run.findings().difference(&offline).cloned().collect();
    let places: BTreeSet<String> =
        said.iter().map(|line| line.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let wanted: BTreeSet<String> = found.iter().map(|(code, pointer)| format!("{code} {pointer}")).collect();
    let missing: Vec<_> = wanted.difference(&places).collect();
    let is_all = places.iter().all(|place| found.iter().any(|(code, _)| place.starts_with(code)));
    assert!(missing.is_empty() && is_all, "{said:#?}\n{}", run.out);
    assert!(run.open().iter().all(|code| open.contains(&code.as_str())), "{}", run.out);
    assert!(offline.is_subset(&run.findings()), "{}", run.out);
    assert_eq!(run.code, Some(code), "{}", run.out);
}

#[test]
fn a_name_that_does_not_exist_is_a_finding() {
    let world = World::new();
    world.dns.fault(DOMAIN, None, DnsFault::Code(RCODE::NameError));
    world.dns.fault(DMARC, None, DnsFault::Code(RCODE::NameError));
    finds(&world, &[("RCP003", "/tracking_domain"), ("RCP307", FROM)], 1);
}

/// A certificate: for which names, from which day to which; what is said about it, and the exit code.
type MaskedSource = (&'static str, &'static [&'static str], i32, i32, &'static [&'static str], i32);

#[test]
fn each_certificate_that_browsers_refuse_is_a_finding() {
    let cases: [MaskedSource; 8] = [
        ("valid", &HOSTS, -1, 90, &[], 0),
        ("for all below it", &[DOMAIN, "*.acme-outfitters.com"], -1, 90, &[], 0),
        ("a year over", &HOSTS, -730, -365, &["RCP004"], 1),
        ("a day over", &HOSTS, -90, -1, &["RCP004"], 1),
        ("not yet valid", &HOSTS, 2, 90, &["RCP004"], 1),
        ("for another name", &["globex.com"], -1, 90, &["RCP004"], 1),
        ("ten days left", &HOSTS, -80, 10, &["RCP306"], 0),
        ("twenty-three days left", &HOSTS, -80, 23, &[], 0),
    ];
    each(
        &cases,
        |case| case.0.to_owned(),
        |(_, names, from, to, codes, code)| {
            let mut world = World::new();
            let host = Tls::start(Wanted { names, from: *from, to: *to }.by(&world.authority));
            world.lead_hosts_to(&host.server.address());
            let found: Vec<_> = codes.iter().map(|code| (*code, "/tracking_domain")).collect();
            finds(&world, &found, *code);
        },
    );
}

#[test]
fn an_authority_that_nobody_knows_is_a_finding() {
    let mut world = World::new();
    let host = Tls::start(Wanted::valid(&HOSTS).by(&Authority::new("Somebody else")));
    world.lead_hosts_to(&host.server.address());
    finds(&world, &[("RCP004", "/tracking_domain")], 1);
    // A CA file is added to the known ones; without it, the test's own is as unknown.
    let mut world = World::new();
    let api = world.api.url();
    world.unset("--ca-file");
    world.set("--api-url", &api);
    finds(&world, &[("RCP004", "/tracking_domain")], 1);
}

#[test]
fn a_word_that_is_not_known_is_left_open() {
    let world = World::new();
    world.api.set("/tracking_domains/0/dns/status", "Provisioned".into());
    let run = world.check();
    assert!(!run.codes("diagnostics").contains("RCP003") && run.open().contains("RCP003"), "{}", run.out);
    assert!(run.reasons(&["RCP003"]).contains("provisioned"), "{}", run.out);
}

#[test]
fn a_portal_that_was_changed_in_revcent_is_drift() {
    let world = World::new();
    let export = std::fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut account: Json = serde_json::from_str(&export).expect("JSON");
    account["display_name"] = "Somebody changed this".into();
    account["recaptcha"]["secret_key"] = super::world::SECRET.into();
    world.api.set("/customer_portals", json!([account]));
    world.write("portal.json", &export);
    let run = world.check();
    assert_eq!((run.code, run.codes("diagnostics")), (Some(0), ["RCP309".to_owned()].into()), "{}", run.out);
    let get = format!("/customer_portals/{}", account["id"].as_str().expect("an id"));
    assert_eq!(world.requests(&get).len(), 1, "it is read whole");
}

/// As many campaigns, of which one may be ours.
fn campaigns(number: usize, ours: Option<usize>) -> Json {
    let id = |at: usize| if ours == Some(at) { "P9dRk2XyM5vHs8LqT1Fz".into() } else { format!("Camp{at:016}") };
    (0..number).map(|at| json!({ "id": id(at), "name": format!("Campaign {at}") })).collect()
}

#[test]
fn a_list_is_read_to_its_end_however_its_pages_are_numbered() {
    let mut cases = Vec::new();
    for pages in [Pages::FromOne, Pages::FromZero, Pages::FromOneAlone, Pages::Few] {
        cases.extend(
            [1, 11, 25, 26, 50, 60]
                .into_iter()
                .flat_map(|number| [Some(0), Some(number - 1), None].map(|ours| (pages, number, ours))),
        );
    }
    each(
        &cases,
        |case| format!("{case:?}"),
        |(pages, number, ours)| {
            let world = World::new();
            world.api.pages(*pages);
            world.api.set("/campaigns", campaigns(*number, *ours));
            let run = world.check();
            let said = (run.codes("diagnostics").contains("RCP303"), run.open().contains("RCP303"));
            assert_eq!(said, (ours.is_none(), false), "{}", run.out);
        },
    );
}

#[test]
fn a_list_without_an_end_denies_nothing() {
    for pages in [Pages::Stuck, Pages::Forever] {
        let mut world = World::impatient();
        world.set("--run-timeout", "6");
        world.api.pages(pages);
        world.api.set("/campaigns", campaigns(60, None));
        let run = world.check();
        assert!(
            !run.codes("diagnostics").contains("RCP303") && run.open().contains("RCP303"),
            "{pages:?}: {}",
            run.out
        );
        assert!(world.requests("/campaigns").len() < 2_000, "{pages:?}");
    }
}
