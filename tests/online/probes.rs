//! Errors of DNS, TLS and the reCAPTCHA verifier make their own checks unverified, and no others.

use std::io::Read;
use std::net::TcpStream;

use simple_dns::{RCODE, TYPE};

use super::api_errors::assert_unverified;
use super::captcha::{CAPTCHA_HOST, Captcha};
use super::dns::{Fault as DnsFault, Record};
use super::environment::{DOMAIN, SECRET, TestEnv, run_cases};
use super::http::{Fault, FloodCounter, http_response};
use super::server::{REFUSING_ADDRESS, Server, Stop};
use super::tls::{Authority, CertificateSpec};

const DMARC_NAME: &str = "_dmarc.acme-outfitters.com";
/// The time limit of probes that are never answered. Other probes of the same run are answered within it.
const SILENT_TIMEOUT: &str = "1";
const NO_ANSWER: &str = "there was no response within 1 s";
const NO_DNS_ANSWER: &str = "dns: there was no response within 1 s";

#[test]
fn a_dns_error_makes_the_check_unverified() {
    let faults = [
        (DnsFault::Code(RCODE::ServerFailure), "the dns server returned servfail"),
        (DnsFault::Code(RCODE::Refused), "the dns server returned refused"),
        (DnsFault::Code(RCODE::NotImplemented), "the dns server returned notimp"),
        (DnsFault::Code(RCODE::FormatError), "the dns server returned formerr"),
        (DnsFault::Silence, NO_DNS_ANSWER),
        // The program ignores packets that do not answer its query, because they may be forged.
        (DnsFault::Garbage, NO_DNS_ANSWER),
        (DnsFault::OtherId, NO_DNS_ANSWER),
        (DnsFault::NoQuestion, NO_DNS_ANSWER),
        (DnsFault::OtherOperation, NO_DNS_ANSWER),
        (DnsFault::OtherClass, NO_DNS_ANSWER),
        (DnsFault::TruncatedWithoutTcp, "dns: the connection was closed"),
    ];
    let queries = [
        ("RCP003", DOMAIN, TYPE::A),
        ("RCP003", DOMAIN, TYPE::AAAA),
        ("RCP307", DOMAIN, TYPE::MX),
        ("RCP307", DOMAIN, TYPE::TXT),
        ("RCP307", DMARC_NAME, TYPE::TXT),
    ];
    let cases: Vec<_> = queries.iter().flat_map(|query| faults.iter().map(move |fault| (query, fault))).collect();
    run_cases(
        &cases,
        |((_, name, kind), (fault, _))| format!("{name} {kind:?} {fault:?}"),
        |((code, name, kind), (fault, reason))| {
            let mut env = TestEnv::with_short_timeouts();
            if *reason == NO_DNS_ANSWER {
                env.set("--probe-timeout", SILENT_TIMEOUT);
            }
            env.dns.fault(name, Some(*kind), *fault);
            // The lookup succeeds if A or AAAA is answered, so remove A to make the AAAA error decide.
            if *kind == TYPE::AAAA {
                env.dns.remove(name, TYPE::A);
            }
            assert_unverified(&env, &env.check(), &[code], &[reason]);
        },
    );
}

#[test]
fn a_truncated_answer_is_queried_over_tcp() {
    for (name, kind) in [(DOMAIN, TYPE::A), (DOMAIN, TYPE::MX), (DOMAIN, TYPE::TXT), (DMARC_NAME, TYPE::TXT)] {
        let env = TestEnv::new();
        env.dns.fault(name, Some(kind), DnsFault::Truncated);
        let run = env.check();
        assert_eq!((run.code, run.unverified().len()), (Some(0), 0), "{name} {kind:?}: {}", run.out);
        let times = env.dns.queries().into_iter().filter(|query| *query == (name.to_owned(), kind)).count();
        assert_eq!(times, 2, "once over UDP and once over TCP: {name} {kind:?}");
    }
}

#[test]
fn a_name_in_a_cname_loop_has_no_address() {
    let env = TestEnv::with_short_timeouts();
    env.dns.remove(DOMAIN, TYPE::A);
    env.dns.add(DOMAIN, Record::Cname("a.acme-outfitters.com"));
    env.dns.add("a.acme-outfitters.com", Record::Cname(DOMAIN));
    let run = env.check();
    assert_eq!((run.code, run.unverified().len()), (Some(1), 0), "{}", run.out);
    let findings = run.findings();
    let expected = "RCP003 /tracking_domain the tracking domain `acme-outfitters.com` has no address record in DNS";
    assert!(findings.contains(expected), "{findings:#?}");
}

#[test]
fn an_unreachable_dns_server_makes_all_dns_checks_unverified() {
    let mut env = TestEnv::with_short_timeouts();
    env.set("--dns-server", REFUSING_ADDRESS);
    let run = env.check();
    assert_unverified(&env, &run, &["RCP003", "RCP307"], &["dns: the connection was refused"]);
}

/// A TLS record that contains an alert: type 21 (alert), TLS 1.2, length 2, level 2 (fatal), description 40 (handshake failure).
const FATAL_HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];
/// The start of a TLS record: type 22 (handshake), TLS 1.2. The length of the record follows.
const HANDSHAKE_RECORD_START: &str = "\u{16}\u{3}\u{3}";
/// The start of a handshake record of 16,386 bytes, if the byte 2 follows: the largest records that TLS allows are about as long.
const LONG_HANDSHAKE_RECORD_START: &str = "\u{16}\u{3}\u{3}\u{40}";

/// Applies a fault in place of a TLS handshake.
fn replace_handshake(stream: &mut TcpStream, stop: &Stop, fault: &Fault) {
    // Wait for the ClientHello. `Reset` must leave it unread: closing a socket with unread bytes resets the connection.
    let client_hello = stream.peek(&mut [0]);
    if !matches!(fault, Fault::Reset) && client_hello.is_ok() {
        let _ = stream.read(&mut [0; 4096]);
    }
    fault.apply(stream, stop, &FloodCounter::default());
}

#[test]
fn a_failed_handshake_makes_the_certificate_unverified() {
    let http_response = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    let cases = [
        ("refused", None, "the connection was refused"),
        ("reset", Some(Fault::Reset), "the connection was closed"),
        ("closed", Some(Fault::Bytes(Vec::new())), "the connection was closed"),
        ("no response", Some(Fault::Silence), NO_ANSWER),
        ("HTTP", Some(Fault::Bytes(http_response.to_vec())), "the server does not use tls"),
        ("garbage", Some(Fault::Bytes(vec![0x16; 4096])), "the server does not use tls"),
        (
            "an alert",
            Some(Fault::Bytes(FATAL_HANDSHAKE_FAILURE.to_vec())),
            "the server rejected the tls handshake (handshakefailure)",
        ),
        ("a slow handshake", Some(Fault::Drip(HANDSHAKE_RECORD_START, "\u{1}")), NO_ANSWER),
        ("a flood", Some(Fault::Flood(LONG_HANDSHAKE_RECORD_START, "\u{2}")), "the server does not use tls"),
    ];
    run_cases(
        &cases,
        |(name, _, _)| (*name).to_owned(),
        |(_, fault, reason)| {
            let mut env = TestEnv::with_short_timeouts();
            if *reason == NO_ANSWER {
                env.set("--probe-timeout", SILENT_TIMEOUT);
            }
            let fault = fault.clone();
            let server =
                fault.map(|fault| Server::start(move |mut stream, stop| replace_handshake(&mut stream, stop, &fault)));
            let address = server.as_ref().map_or(REFUSING_ADDRESS.to_owned(), Server::address);
            env.connect_hosts_to(&address);
            let run = env.check();
            // RCP306 checks the expiry date, which comes from the same handshake.
            assert_unverified(&env, &run, &["RCP004", "RCP306"], &[reason]);
            assert!(server.is_none_or(|server| server.connections() > 0), "no connection");
        },
    );
}

/// An environment with a verifier that returns this body, at the host of reCAPTCHA.
fn env_with_verifier(answer: &'static str) -> (TestEnv, Captcha) {
    let mut env = TestEnv::with_short_timeouts();
    let captcha = Captcha::start(CertificateSpec::valid(&[CAPTCHA_HOST]).signed_by(&env.authority), answer);
    env.connect_to(CAPTCHA_HOST, &captcha.tls.server.address());
    (env, captcha)
}

#[test]
fn the_verifier_is_queried_only_with_online_captcha() {
    let (env, captcha) = env_with_verifier(r#"{"success":false,"error-codes":["invalid-input-secret"]}"#);
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
fn a_known_secret_is_not_a_finding() {
    // Google checks the secret first: an error about the response means that the secret is known. `success` is the answer for its
    // test keys.
    for answer in [
        r#"{"success":false,"error-codes":["invalid-input-response"]}"#,
        r#"{"success":true,"challenge_ts":"2026-11-22T00:00:00Z","hostname":"testkey.google.com"}"#,
    ] {
        let (env, captcha) = env_with_verifier(answer);
        let run = env.check_captcha();
        assert_eq!((run.code, run.unverified().len(), captcha.requests().len()), (Some(0), 0, 1), "{}", run.out);
    }
}

#[test]
fn an_unclear_response_of_the_verifier_makes_the_check_unverified() {
    // Without a documented code, the response does not show whether the secret is known.
    const NO_CODE: &str = "gave no clear result (no documented code, http 200)";
    let answers = [
        (r#"{"success":false,"error-codes":["bad-request"]}"#, "gave no clear result (bad-request, http 200)"),
        (
            r#"{"success":false,"error-codes":["timeout-or-duplicate"]}"#,
            "gave no clear result (timeout-or-duplicate, http 200)",
        ),
        (r#"{"success":false}"#, NO_CODE),
        (r#"{"success":"no","error-codes":"invalid-input-secret"}"#, NO_CODE),
        ("[]", NO_CODE),
        ("<html>", NO_CODE),
        ("", NO_CODE),
    ];
    run_cases(
        &answers,
        |(answer, _)| (*answer).to_owned(),
        |(answer, reason)| {
            let (env, captcha) = env_with_verifier(answer);
            assert_unverified(&env, &env.check_captcha(), &["RCP305"], &[reason]);
            assert!(!captcha.requests().is_empty(), "no connection");
        },
    );
}

#[test]
fn the_secret_is_not_sent_to_the_target_of_a_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let mut env = TestEnv::with_short_timeouts();
        let evil =
            Captcha::start(CertificateSpec::valid(&["evil.test"]).signed_by(&env.authority), r#"{"success":true}"#);
        env.connect_to("evil.test", &evil.tls.server.address());
        let redirect = http_response(status, &["Location: https://evil.test/recaptcha/api/siteverify"], "");
        let config = CertificateSpec::valid(&[CAPTCHA_HOST]).signed_by(&env.authority);
        let captcha = Captcha::with_response(config, redirect);
        env.connect_to(CAPTCHA_HOST, &captcha.tls.server.address());
        assert_unverified(&env, &env.check_captcha(), &["RCP305"], &[&format!("http {status}")]);
        assert_eq!((captcha.requests().len(), evil.tls.server.connections()), (1, 0), "{status}");
    }
}

#[test]
fn the_secret_is_sent_only_after_the_certificate_was_verified() {
    let other_authority = Authority::new("Somebody else");
    for (names, is_trusted, reason) in [
        ([CAPTCHA_HOST], false, "its certificate was issued by an unknown authority"),
        (["www.globex.com"], true, "its certificate was issued for another name"),
    ] {
        let mut env = TestEnv::with_short_timeouts();
        let authority = if is_trusted { &env.authority } else { &other_authority };
        let config = CertificateSpec::valid(&names).signed_by(authority);
        let captcha = Captcha::start(config, r#"{"success":true}"#);
        env.connect_to(CAPTCHA_HOST, &captcha.tls.server.address());
        assert_unverified(&env, &env.check_captcha(), &["RCP305"], &[reason]);
        assert!(captcha.requests().is_empty() && captcha.tls.server.connections() > 0, "{reason}");
    }
}

/// RFC 7489, section 6.6.3.
#[test]
fn several_dmarc_records_count_as_none() {
    let env = TestEnv::with_short_timeouts();
    env.dns.add(DMARC_NAME, Record::Txt("v=DMARC1; p=none"));
    let run = env.check();
    assert!(run.codes("diagnostics").contains("RCP307"), "{}", run.out);
    assert!(run.out.contains("has 2 DMARC records"), "{}", run.out);
}
