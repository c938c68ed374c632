//! Errors of DNS, TLS and the reCAPTCHA verifier make their own checks unverified, and no others.

use std::io::Read;
use std::net::TcpStream;

use simple_dns::{RCODE, TYPE};

use super::api_error_cases::TIMEOUT;
use super::api_errors::assert_unverified;
use super::captcha::{Captcha, HOST};
use super::dns::{Fault as DnsFault, Record};
use super::environment::{DOMAIN, SECRET, TestEnv, each};
use super::http::{Fault, FloodCounter, http_response};
use super::server::{NOBODY, Server, Stop};
use super::tls::{Authority, CertificateSpec};

const DMARC: &str = "_dmarc.acme-outfitters.com";

#[test]
fn a_dns_error_makes_the_check_unverified() {
    let faults: [(DnsFault, &[&str]); 8] = [
        (DnsFault::Code(RCODE::ServerFailure), &["servfail", "server failure"]),
        (DnsFault::Code(RCODE::Refused), &["refused"]),
        (DnsFault::Code(RCODE::NotImplemented), &["notimp", "not implement"]),
        (DnsFault::Code(RCODE::FormatError), &["formerr", "format error"]),
        (DnsFault::Silence, TIMEOUT),
        (DnsFault::Garbage, &["time", "within", "understood", "read", "garbage", "no dns", "broken", "malformed"]),
        (DnsFault::OtherId, &["time", "another", "second", "within"]),
        (DnsFault::TruncatedWithoutTcp, &["tcp", "cut", "time", "within", "broke", "closed", "ended", "truncat"]),
    ];
    let queries = [
        ("RCP003", DOMAIN, TYPE::A),
        ("RCP003", DOMAIN, TYPE::AAAA),
        ("RCP307", DOMAIN, TYPE::MX),
        ("RCP307", DOMAIN, TYPE::TXT),
        ("RCP307", DMARC, TYPE::TXT),
    ];
    let cases: Vec<_> = queries.iter().flat_map(|query| faults.iter().map(move |fault| (query, fault))).collect();
    each(
        &cases,
        |((_, name, kind), (fault, _))| format!("{name} {kind:?} {fault:?}"),
        |((code, name, kind), (fault, words))| {
            let env = TestEnv::impatient();
            // One kind of address is enough.
            env.dns.fault(name, Some(*kind), *fault);
            if *kind == TYPE::AAAA {
                env.dns.remove(name, TYPE::A);
            }
            assert_unverified(&env, &env.check(), &[code], words);
        },
    );
}

#[test]
fn a_truncated_answer_is_queried_over_tcp() {
    for (name, kind) in [(DOMAIN, TYPE::A), (DOMAIN, TYPE::MX), (DOMAIN, TYPE::TXT), (DMARC, TYPE::TXT)] {
        let env = TestEnv::new();
        env.dns.fault(name, Some(kind), DnsFault::Truncated);
        let run = env.check();
        assert_eq!((run.code, run.unverified().len()), (Some(0), 0), "{name} {kind:?}: {}", run.out);
        let times = env.dns.queries().into_iter().filter(|query| *query == (name.to_owned(), kind)).count();
        assert_eq!(times, 2, "{name} {kind:?}");
    }
}

#[test]
fn a_cycle_of_aliases_ends() {
    let env = TestEnv::impatient();
    env.dns.remove(DOMAIN, TYPE::A);
    env.dns.add(DOMAIN, Record::Cname("a.acme-outfitters.com"));
    env.dns.add("a.acme-outfitters.com", Record::Cname(DOMAIN));
    let run = env.check();
    assert!(run.unverified().contains("RCP003") || run.codes("diagnostics").contains("RCP003"), "{}", run.out);
}

#[test]
fn an_unreachable_dns_server_makes_all_dns_checks_unverified() {
    let mut env = TestEnv::impatient();
    env.set("--dns-server", NOBODY);
    let run = env.check();
    assert_unverified(&env, &run, &["RCP003", "RCP307"], &["refused", "time", "within"]);
}

/// Applies a fault in place of a TLS handshake.
fn replace_handshake(stream: &mut TcpStream, stop: &Stop, fault: &Fault) {
    let hello = stream.peek(&mut [0]);
    if !matches!(fault, Fault::Reset) && hello.is_ok() {
        let _ = stream.read(&mut [0; 4096]);
    }
    fault.apply(stream, stop, &FloodCounter::default());
}

#[test]
fn a_failed_handshake_makes_the_certificate_unverified() {
    let alert = [0x15, 3, 3, 0, 2, 2, 40];
    let cases: Vec<(&str, Option<Fault>, &[&str])> = vec![
        ("refused", None, &["refused"]),
        ("reset", Some(Fault::Reset), &["reset", "closed", "broke"]),
        ("closed", Some(Fault::Bytes(Vec::new())), &["closed", "ended", "broke", "end of", "early", "eof"]),
        ("no response", Some(Fault::Silence), TIMEOUT),
        (
            "HTTP",
            Some(Fault::Bytes(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec())),
            &["tls", "handshake", "hand"],
        ),
        ("garbage", Some(Fault::Bytes(vec![0x16; 4096])), &["tls", "handshake", "hand"]),
        ("an alert", Some(Fault::Bytes(alert.to_vec())), &["tls", "handshake", "hand", "alert"]),
        (
            "a slow handshake",
            Some(Fault::Drip("\u{16}\u{3}\u{3}", "\u{1}")),
            &["time", "too long", "second", "within", "tls", "handshake"],
        ),
        ("a flood", Some(Fault::Flood("\u{16}\u{3}\u{3}\u{40}", "\u{2}")), &["tls", "handshake", "hand"]),
    ];
    each(
        &cases,
        |(name, _, _)| (*name).to_owned(),
        |(_, fault, words)| {
            let mut env = TestEnv::impatient();
            let fault = fault.clone();
            let server =
                fault.map(|fault| Server::start(move |mut stream, stop| replace_handshake(&mut stream, stop, &fault)));
            let address = server.as_ref().map_or(NOBODY.to_owned(), Server::address);
            env.connect_hosts_to(&address);
            let run = env.check();
            // The expiry date of the certificate is unverified as well.
            let unverified: Vec<&str> =
                ["RCP004", "RCP306"].into_iter().filter(|code| run.unverified().contains(*code)).collect();
            assert!(unverified.contains(&"RCP004"), "{}", run.out);
            assert_unverified(&env, &run, &unverified, words);
            assert!(server.is_none_or(|server| server.connections() > 0), "no connection");
        },
    );
}

/// An environment with a verifier that returns this body, at the host of reCAPTCHA.
fn with_verifier(answer: &'static str) -> (TestEnv, Captcha) {
    let mut env = TestEnv::impatient();
    let captcha = Captcha::start(CertificateSpec::valid(&[HOST]).signed_by(&env.authority), answer);
    env.connect_to(HOST, &captcha.tls.server.address());
    (env, captcha)
}

#[test]
fn the_verifier_is_queried_only_with_online_captcha() {
    let (env, captcha) = with_verifier(r#"{"success":false,"error-codes":["invalid-input-secret"]}"#);
    for args in [&["check", "--online"][..], &["preflight", "--online"], &["check", "--online", "--verbose"]] {
        env.run(&[args, &["portal.json"]].concat());
    }
    assert_eq!(captcha.tls.server.connections(), 0);
    let run = env.check_captcha();
    assert_eq!((run.code, run.unverified().len()), (Some(1), 0), "{}", run.out);
    let found = run.list("diagnostics").into_iter().find(|finding| finding["code"] == "RCP305").expect("RCP305");
    assert_eq!((&found["pointer"], &found["severity"]), (&"/recaptcha/secret_key".into(), &"error".into()));
    let requests = captcha.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let request = &requests[0];
    assert_eq!((&*request.method, &*request.target), ("POST", "/recaptcha/api/siteverify"));
    // A form may percent-encode more characters than necessary.
    let body = request.body.replace("%2D", "-");
    assert!(body.contains(&format!("secret={SECRET}")) && body.contains("response="), "{body}");
    assert_eq!(request.header("x-api-key"), None);
}

#[test]
fn a_known_secret_is_no_finding() {
    for answer in [
        r#"{"success":false,"error-codes":["invalid-input-response"]}"#,
        r#"{"success":true,"challenge_ts":"2026-11-22T00:00:00Z","hostname":"testkey.google.com"}"#,
    ] {
        let (env, captcha) = with_verifier(answer);
        let run = env.check_captcha();
        assert_eq!((run.code, run.unverified().len(), captcha.requests().len()), (Some(0), 0, 1), "{}", run.out);
    }
}

/// A response that does not show whether the secret is known.
const NEITHER: &[&str] = &["expect", "form", "understood", "error-codes", "json", "neither", "empty"];

#[test]
fn an_unclear_response_of_the_verifier_makes_the_check_unverified() {
    let answers: [(&str, &[&str]); 7] = [
        (r#"{"success":false,"error-codes":["bad-request"]}"#, &["bad-request"]),
        (r#"{"success":false,"error-codes":["timeout-or-duplicate"]}"#, &["timeout-or-duplicate"]),
        (r#"{"success":false}"#, NEITHER),
        (r#"{"success":"no","error-codes":"invalid-input-secret"}"#, NEITHER),
        ("[]", NEITHER),
        ("<html>", NEITHER),
        ("", NEITHER),
    ];
    each(
        &answers,
        |(answer, _)| (*answer).to_owned(),
        |(answer, words)| {
            let (env, captcha) = with_verifier(answer);
            assert_unverified(&env, &env.check_captcha(), &["RCP305"], words);
            assert!(!captcha.requests().is_empty(), "no connection");
        },
    );
}

#[test]
fn the_secret_is_not_sent_to_the_target_of_a_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let mut env = TestEnv::impatient();
        let evil =
            Captcha::start(CertificateSpec::valid(&["evil.test"]).signed_by(&env.authority), r#"{"success":true}"#);
        env.connect_to("evil.test", &evil.tls.server.address());
        let away = http_response(status, &["Location: https://evil.test/recaptcha/api/siteverify"], "");
        let captcha = Captcha::with_response(CertificateSpec::valid(&[HOST]).signed_by(&env.authority), away);
        env.connect_to(HOST, &captcha.tls.server.address());
        assert_unverified(&env, &env.check_captcha(), &["RCP305"], &[&status.to_string(), "redirect", "elsewhere"]);
        assert_eq!((captcha.requests().len(), evil.tls.server.connections()), (1, 0), "{status}");
    }
}

#[test]
fn the_secret_is_sent_only_after_the_certificate_was_verified() {
    let somebody = Authority::new("Somebody else");
    for (name, config) in [
        ("unknown authority", CertificateSpec::valid(&[HOST]).signed_by(&somebody)),
        ("another name", CertificateSpec::valid(&["www.globex.com"]).signed_by(&somebody)),
    ] {
        let mut env = TestEnv::impatient();
        let captcha = Captcha::start(config, r#"{"success":true}"#);
        env.connect_to(HOST, &captcha.tls.server.address());
        assert_unverified(&env, &env.check_captcha(), &["RCP305"], &["certificate", "authority", "tls"]);
        assert!(captcha.requests().is_empty() && captcha.tls.server.connections() > 0, "{name}");
    }
}
