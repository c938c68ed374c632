//! Answers of the account, DNS and TLS lead to findings at the right fields; missing answers do not.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Value as Json, json};
use simple_dns::{RCODE, TYPE};

use super::api::{Pages, error_envelope};
use super::dns::{Dns, Fault as DnsFault, Record};
use super::environment::{DOMAIN, HOSTS, TestEnv, run_cases};
use super::http::{Fault, http_response, json_response};
use super::tls::{Authority, CertificateSpec, Tls};
use crate::support::repository;

const FROM: &str = "/customer_emails/customer_account_confirm_email/from";
const DMARC: &str = "_dmarc.acme-outfitters.com";

#[test]
fn a_problem_in_the_account_is_a_finding_at_the_field() {
    let portals = json!([{ "id": "exD0myCXTaMte0mTOOY3", "name": "Acme Subscription Portal" }]);
    let cases = [
        ("/tracking_domains/0/dns/status", json!("pending"), "RCP003", "/tracking_domain"),
        ("/tracking_domains/0/ssl/status", json!("Failed"), "RCP004", "/tracking_domain"),
        ("/campaigns", json!([]), "RCP303", "/customer_filters/campaign/0"),
        ("/user_shops", json!([]), "RCP304", "/customer_filters/third_party_shop/0"),
        ("/customer_portals", portals, "RCP001", "/name"),
    ];
    run_cases(
        &cases,
        |case| case.2.to_owned(),
        |(changed, value, code, pointer)| {
            let env = TestEnv::new();
            env.api.set(changed, value.clone());
            assert_findings(&env, &[(code, pointer)], 1);
        },
    );
}

/// A wrong path, a missing permission or an internal error does not mean that the object does not exist.
#[test]
fn only_a_clear_response_means_that_an_object_does_not_exist() {
    let html = http_response(404, &["Content-Type: text/html"], "<h1>Not Found</h1>");
    let error = |status, code, message: &str| json_response(status, &error_envelope(code, message).to_string());
    let unclear = [
        ("a 404 page of a web server", html),
        ("no such operation", error(404, "not_found", "there is no such operation")),
        ("a gateway's 403", json_response(403, r#"{"message":"Missing Authentication Token"}"#)),
        ("no permission", error(403, "permission_denied", "this key may not view tracking domains")),
        ("an error", error(500, "internal_error", "the record could not be read")),
        ("an unknown host of the service", error(500, "internal_error", "getaddrinfo ENOTFOUND db.internal")),
        ("a missing table of the service", error(500, "internal_error", "table customers does not exist")),
        ("no account", error(401, "unauthorized", "Account not found")),
        ("no user", error(403, "forbidden", "User not found")),
        ("no quota", error(429, "rate", "no such quota left")),
        ("a message that names no object", error(404, "", "Not Found")),
        ("no message", error(404, "", "")),
        ("an IP address that is not allowed", error(404, "", "Your IP address 1.2.3.4 is not whitelisted")),
        ("another object", error(400, "", "SMTP profile not found")),
        ("another object, with status 200", error(200, "", "Campaign not found")),
        ("maintenance", error(404, "", "maintenance, come back later")),
    ];
    run_cases(
        &unclear,
        |case| case.0.to_owned(),
        |(_, bytes)| {
            let env = TestEnv::with_short_timeouts();
            // The list fails as well, so that it cannot replace the response for the object.
            env.api.fault("/tracking_domains", usize::MAX, Fault::Bytes(bytes.clone()));
            let run = env.check();
            assert!(!run.codes("diagnostics").contains("RCP301") && run.unverified().contains("RCP003"), "{}", run.out);
            assert_eq!(run.code, Some(3), "{}", run.out);
        },
    );
    let env = TestEnv::new();
    env.api.set("/tracking_domains", json!([]));
    let clear = error(200, "not_found", "the tracking domain does not exist");
    env.api.fault("/tracking_domains/", usize::MAX, Fault::Bytes(clear));
    assert_findings_and_unverified(&env, &[("RCP301", "/tracking_domain")], &["RCP003", "RCP004"], 1);
}

/// Page 0 of a list may be the first one: without it, the list does not show that an object or name does not exist.
#[test]
fn a_list_without_its_first_page_is_incomplete() {
    let error = |status, message: &str| json_response(status, &error_envelope("", message).to_string());
    let error_responses = [
        ("500", error(500, "Internal error")),
        ("503", error(503, "")),
        ("429", error(429, "too many")),
        ("an error with the status 200", error(200, "Internal error")),
        ("no results", json_response(200, r#"{"code":1}"#)),
        ("broken JSON", json_response(200, "{")),
    ];
    run_cases(
        &error_responses,
        |case| case.0.to_owned(),
        |(_, bytes)| {
            let env = TestEnv::with_short_timeouts();
            for list in ["/campaigns", "/customer_portals"] {
                env.api.set(list, json!([]));
                env.api.fault(&format!("{list}?limit=25&page=0"), usize::MAX, Fault::Bytes(bytes.clone()));
            }
            let run = env.check();
            assert_eq!(run.code, Some(3), "{}", run.out);
            assert!(!run.codes("diagnostics").contains("RCP303"), "{}", run.out);
            assert!(["RCP001", "RCP303"].iter().all(|code| run.unverified().contains(*code)), "{}", run.out);
            let old = json!({ "version": 1, "pulled": "2026-11-01", "campaigns": [{ "id": "C".repeat(20) }] });
            env.write("old.json", &old.to_string());
            assert_eq!(env.run(&["account", "pull", "--online", "--output", "old.json"]).code, Some(3));
            let new: Json = serde_json::from_str(&env.read("old.json")).expect("JSON");
            assert_eq!((&new["campaigns"], &new["partial"]), (&old["campaigns"], &json!(["campaigns"])));
        },
    );
}

#[test]
fn a_tracking_domain_that_the_account_does_not_have_is_a_finding() {
    let env = TestEnv::new();
    env.api.set("/tracking_domains", json!([]));
    assert_findings_and_unverified(&env, &[("RCP301", "/tracking_domain")], &["RCP003", "RCP004"], 1);
}

/// The name of the case, the change to valid DNS records, the code and the pointer of the finding, and the exit code.
type DnsCase = (&'static str, fn(&Dns), Option<(&'static str, &'static str)>, i32);

const DNS_CASES: [DnsCase; 8] = [
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
        "an IPv6 address is enough",
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
        "another record at the name of the DMARC record",
        |dns| {
            dns.remove(DMARC, TYPE::TXT);
            dns.add(DMARC, Record::Txt("v=spf1 -all"));
        },
        Some(("RCP307", FROM)),
        0,
    ),
];

#[test]
fn missing_dns_records_are_findings_at_their_fields() {
    run_cases(
        &DNS_CASES,
        |case| case.0.to_owned(),
        |(_, change, finding, exit_code)| {
            let env = TestEnv::new();
            change(&env.dns);
            assert_findings(&env, finding.as_slice(), *exit_code);
        },
    );
}

/// Checks that the run has these findings (code and pointer) in addition to the offline ones, and no unverified check.
fn assert_findings(env: &TestEnv, findings: &[(&str, &str)], exit_code: i32) {
    assert_findings_and_unverified(env, findings, &[], exit_code);
}

/// The same as [`assert_findings`], but these checks may be unverified because they need an object that does not exist.
fn assert_findings_and_unverified(env: &TestEnv, findings: &[(&str, &str)], unverified: &[&str], exit_code: i32) {
    let run = env.check();
    let offline = env.check_offline().findings();
    let new_findings: BTreeSet<String> = run.findings().difference(&offline).cloned().collect();
    let locations: BTreeSet<String> =
        new_findings.iter().map(|finding| finding.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let expected: BTreeSet<String> = findings.iter().map(|(code, pointer)| format!("{code} {pointer}")).collect();
    let missing: Vec<_> = expected.difference(&locations).collect();
    let has_only_expected =
        locations.iter().all(|location| findings.iter().any(|(code, _)| location.starts_with(code)));
    assert!(missing.is_empty() && has_only_expected, "{new_findings:#?}\n{}", run.out);
    assert!(run.unverified().iter().all(|code| unverified.contains(&code.as_str())), "{}", run.out);
    assert!(offline.is_subset(&run.findings()), "{}", run.out);
    assert_eq!(run.code, Some(exit_code), "{}", run.out);
}

#[test]
fn a_name_that_does_not_exist_is_a_finding() {
    let env = TestEnv::new();
    env.dns.fault(DOMAIN, None, DnsFault::Code(RCODE::NameError));
    env.dns.fault(DMARC, None, DnsFault::Code(RCODE::NameError));
    assert_findings(&env, &[("RCP003", "/tracking_domain"), ("RCP307", FROM)], 1);
}

/// The name of the case, the certificate (names, first and last day), the codes of the findings, and the exit code.
type CertificateCase = (&'static str, &'static [&'static str], i32, i32, &'static [&'static str], i32);

#[test]
fn a_certificate_that_browsers_reject_is_a_finding() {
    let cases: [CertificateCase; 8] = [
        ("valid", &HOSTS, -1, 90, &[], 0),
        ("with a wildcard name", &[DOMAIN, "*.acme-outfitters.com"], -1, 90, &[], 0),
        ("expired a year ago", &HOSTS, -730, -365, &["RCP004"], 1),
        ("expired yesterday", &HOSTS, -90, -1, &["RCP004"], 1),
        ("not yet valid", &HOSTS, 2, 90, &["RCP004"], 1),
        ("for another name", &["globex.com"], -1, 90, &["RCP004"], 1),
        ("ten days left", &HOSTS, -80, 10, &["RCP306"], 0),
        ("twenty-three days left", &HOSTS, -80, 23, &[], 0),
    ];
    run_cases(
        &cases,
        |case| case.0.to_owned(),
        |(_, names, from, to, codes, exit_code)| {
            let mut env = TestEnv::new();
            let host = Tls::start(CertificateSpec { names, from: *from, to: *to }.signed_by(&env.authority));
            env.connect_hosts_to(&host.server.address());
            let findings: Vec<_> = codes.iter().map(|code| (*code, "/tracking_domain")).collect();
            assert_findings(&env, &findings, *exit_code);
        },
    );
}

#[test]
fn an_unknown_authority_is_a_finding() {
    let mut env = TestEnv::new();
    let host = Tls::start(CertificateSpec::valid(&HOSTS).signed_by(&Authority::new("Somebody else")));
    env.connect_hosts_to(&host.server.address());
    assert_findings(&env, &[("RCP004", "/tracking_domain")], 1);
    // `--ca-file` adds to the known authorities; without it, that of the test is unknown.
    let mut env = TestEnv::new();
    let api = env.api.url();
    env.unset("--ca-file");
    env.set("--api-url", &api);
    assert_findings(&env, &[("RCP004", "/tracking_domain")], 1);
}

#[test]
fn an_unknown_status_is_unverified() {
    let env = TestEnv::new();
    env.api.set("/tracking_domains/0/dns/status", "Provisioned".into());
    let run = env.check();
    assert!(!run.codes("diagnostics").contains("RCP003") && run.unverified().contains("RCP003"), "{}", run.out);
    assert!(run.reasons(&["RCP003"]).contains("provisioned"), "{}", run.out);
}

#[test]
fn a_portal_that_was_changed_in_revcent_is_drift() {
    let env = TestEnv::new();
    let export = std::fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut account: Json = serde_json::from_str(&export).expect("JSON");
    account["display_name"] = "Somebody changed this".into();
    account["recaptcha"]["secret_key"] = super::environment::SECRET.into();
    env.api.set("/customer_portals", json!([account]));
    env.write("portal.json", &export);
    let run = env.check();
    assert_eq!((run.code, run.codes("diagnostics")), (Some(0), ["RCP309".to_owned()].into()), "{}", run.out);
    let get = format!("/customer_portals/{}", account["id"].as_str().expect("an id"));
    assert_eq!(env.requests(&get).len(), 1, "all its fields are fetched");
}

/// A list of campaigns, in which the portal's campaign may be at one index.
fn campaigns(count: usize, portal_campaign: Option<usize>) -> Json {
    let id = |index: usize| match portal_campaign {
        Some(portal_campaign) if portal_campaign == index => "P9dRk2XyM5vHs8LqT1Fz".to_owned(),
        _ => format!("Camp{index:016}"),
    };
    (0..count).map(|index| json!({ "id": id(index), "name": format!("Campaign {index}") })).collect()
}

#[test]
fn a_list_is_read_completely_with_any_numbering_of_its_pages() {
    let mut cases = Vec::new();
    for pages in [Pages::FromOne, Pages::FromZero, Pages::OnlyFromOne, Pages::AtMostTen] {
        for count in [1, 11, 25, 26, 50, 60] {
            for portal_campaign in [Some(0), Some(count - 1), None] {
                cases.push((pages, count, portal_campaign));
            }
        }
    }
    run_cases(
        &cases,
        |case| format!("{case:?}"),
        |(pages, count, portal_campaign)| {
            let env = TestEnv::new();
            env.api.pages(*pages);
            env.api.set("/campaigns", campaigns(*count, *portal_campaign));
            let run = env.check();
            let results = (run.codes("diagnostics").contains("RCP303"), run.unverified().contains("RCP303"));
            assert_eq!(results, (portal_campaign.is_none(), false), "{}", run.out);
        },
    );
}

#[test]
fn an_endless_list_is_incomplete() {
    for pages in [Pages::Stuck, Pages::Forever] {
        let mut env = TestEnv::with_short_timeouts();
        env.set("--run-timeout", "2");
        env.api.pages(pages);
        env.api.set("/campaigns", campaigns(60, None));
        let run = env.check();
        assert!(
            !run.codes("diagnostics").contains("RCP303") && run.unverified().contains("RCP303"),
            "{pages:?}: {}",
            run.out
        );
        assert!(env.requests("/campaigns").len() < 2_000, "{pages:?}");
    }
}
