//! What goes wrong with DNS, with TLS and with the captcha's verifier leaves their checks open, and no others.

use std::io::Read;
use std::net::TcpStream;

use simple_dns::{RCODE, TYPE};

use super::captcha::{Captcha, HOST};
use super::dns::{Fault as DnsFault, Record};
use super::fault_rows::LATE;
use super::faults::is_open;
use super::http::{Fault, Poured, answer};
use super::server::{NOBODY, Server, Stop};
use super::tls::{Authority, Wanted};
use super::world::{DOMAIN, SECRET, World, each};

const DMARC: &str = "_dmarc.acme-outfitters.com";

#[test]
fn dns_that_does_not_tell_leaves_the_check_open() {
    let faults: [(DnsFault, &[&str]); 8] = [
        (DnsFault::Code(RCODE::ServerFailure), &["servfail", "server failure"]),
        (DnsFault::Code(RCODE::Refused), &["refused"]),
        (DnsFault::Code(RCODE::NotImplemented), &["notimp", "not implement"]),
        (DnsFault::Code(RCODE::FormatError), &["formerr", "format error"]),
        (DnsFault::Silence, LATE),
        (DnsFault::Garbage, &["time", "within", "understood", "read", "garbage", "no dns", "broken", "malformed"]),
        (DnsFault::OtherNumber, &["time", "another", "second", "within"]),
        (DnsFault::CutForGood, &["tcp", "cut", "time", "within", "broke", "closed", "ended", "truncat"]),
    ];
    let questions = [
        ("RCP003", DOMAIN, TYPE::A),
        ("RCP003", DOMAIN, TYPE::AAAA),
        ("RCP307", DOMAIN, TYPE::MX),
        ("RCP307", DOMAIN, TYPE::TXT),
        ("RCP307", DMARC, TYPE::TXT),
    ];
    let cases: Vec<_> =
        questions.iter().flat_map(|question| faults.iter().map(move |fault| (question, fault))).collect();
    each(
        &cases,
        |((_, name, kind), (fault, _))| format!("{name} {kind:?} {fault:?}"),
        |((code, name, kind), (fault, says))| {
            let world = World::impatient();
            // With an address of the one kind, that of the other is no question any more.
            world.dns.fault(name, Some(*kind), *fault);
            if *kind == TYPE::AAAA {
                world.dns.remove(name, TYPE::A);
            }
            is_open(&world, &world.check(), &[code], says);
        },
    );
}

#[test]
fn an_answer_that_is_cut_is_fetched_over_tcp() {
    for (name, kind) in [(DOMAIN, TYPE::A), (DOMAIN, TYPE::MX), (DOMAIN, TYPE::TXT), (DMARC, TYPE::TXT)] {
        let world = World::new();
        world.dns.fault(name, Some(kind), DnsFault::Cut);
        let run = world.check();
        assert_eq!((run.code, run.open().len()), (Some(0), 0), "{name} {kind:?}: {}", run.out);
        let times = world.dns.asked().into_iter().filter(|asked| *asked == (name.to_owned(), kind)).count();
        assert_eq!(times, 2, "{name} {kind:?}");
    }
}

#[test]
fn a_circle_of_aliases_is_no_good_host_and_no_end_of_the_world() {
    let world = World::impatient();
    world.dns.remove(DOMAIN, TYPE::A);
    world.dns.add(DOMAIN, Record::Cname("a.acme-outfitters.com"));
    world.dns.add("a.acme-outfitters.com", Record::Cname(DOMAIN));
    let run = world.check();
    assert!(run.open().contains("RCP003") || run.codes("diagnostics").contains("RCP003"), "{}", run.out);
}

#[test]
fn no_dns_server_leaves_all_of_dns_open() {
    let mut world = World::impatient();
    world.set("--dns-server", NOBODY);
    let run = world.check();
    is_open(&world, &run, &["RCP003", "RCP307"], &["refused", "time", "within"]);
}

/// What a server on the TLS port does instead of shaking hands.
fn instead(stream: &mut TcpStream, stop: &Stop, fault: &Fault) {
    let said = stream.peek(&mut [0]);
    if !matches!(fault, Fault::Reset) && said.is_ok() {
        let _ = stream.read(&mut [0; 4096]);
    }
    fault.play(stream, stop, &Poured::default());
}

#[test]
fn a_host_that_shakes_no_hands_leaves_its_certificate_open() {
    let alert = [0x15, 3, 3, 0, 2, 2, 40];
    let cases: Vec<(&str, Option<Fault>, &[&str])> = vec![
        ("refused", None, &["refused"]),
        ("reset", Some(Fault::Reset), &["reset", "closed", "broke"]),
        ("closed", Some(Fault::Bytes(Vec::new())), &["closed", "ended", "broke", "end of", "early", "eof"]),
        ("silence", Some(Fault::Silence), LATE),
        (
            "HTTP",
            Some(Fault::Bytes(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec())),
            &["tls", "handshake", "hand"],
        ),
        ("garbage", Some(Fault::Bytes(vec![0x16; 4096])), &["tls", "handshake", "hand"]),
        ("an alert", Some(Fault::Bytes(alert.to_vec())), &["tls", "handshake", "hand", "alert"]),
        (
            "drips",
            Some(Fault::Drip("\u{16}\u{3}\u{3}", "\u{1}")),
            &["time", "too long", "second", "within", "tls", "handshake"],
        ),
        ("a flood", Some(Fault::Flood("\u{16}\u{3}\u{3}\u{40}", "\u{2}")), &["tls", "handshake", "hand"]),
    ];
    each(
        &cases,
        |(name, _, _)| (*name).to_owned(),
        |(_, fault, says)| {
            let mut world = World::impatient();
            let own = fault.clone();
            let server = own.map(|fault| Server::start(move |mut stream, stop| instead(&mut stream, stop, &fault)));
            let address = server.as_ref().map_or(NOBODY.to_owned(), Server::address);
            world.lead_hosts_to(&address);
            let run = world.check();
            // Nobody could look when the certificate ends, either.
            let open: Vec<&str> = ["RCP004", "RCP306"].into_iter().filter(|code| run.open().contains(*code)).collect();
            assert!(open.contains(&"RCP004"), "{}", run.out);
            is_open(&world, &run, &open, says);
            assert!(server.is_none_or(|server| server.connections() > 0), "nobody came");
        },
    );
}

/// A world with a verifier that answers so, in which the captcha's host leads to it.
fn with_verifier(answer: &'static str) -> (World, Captcha) {
    let mut world = World::impatient();
    let captcha = Captcha::start(Wanted::valid(&[HOST]).by(&world.authority), answer);
    world.lead(HOST, &captcha.tls.server.address());
    (world, captcha)
}

#[test]
fn the_verifier_is_asked_only_when_it_is_asked_for() {
    let (world, captcha) = with_verifier(r#"{"success":false,"error-codes":["invalid-input-secret"]}"#);
    for args in [&["check", "--online"][..], &["preflight", "--online"], &["check", "--online", "--verbose"]] {
        world.run(&[args, &["portal.json"]].concat());
    }
    assert_eq!(captcha.tls.server.connections(), 0);
    let run = world.check_captcha();
    assert_eq!((run.code, run.open().len()), (Some(1), 0), "{}", run.out);
    let found = run.list("diagnostics").into_iter().find(|one| one["code"] == "RCP305").expect("RCP305");
    assert_eq!((&found["pointer"], &found["severity"]), (&"/recaptcha/secret_key".into(), &"error".into()));
    let requests = captcha.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let request = &requests[0];
    assert_eq!((&*request.method, &*request.target), ("POST", "/recaptcha/api/siteverify"));
    // A form may write more characters in hexadecimal than it has to.
    let body = request.body.replace("%2D", "-");
    assert!(body.contains(&format!("secret={SECRET}")) && body.contains("response="), "{body}");
    assert_eq!(request.header("x-api-key"), None);
}

#[test]
fn a_secret_that_the_verifier_knows_is_no_finding() {
    for answer in [
        r#"{"success":false,"error-codes":["invalid-input-response"]}"#,
        r#"{"success":true,"challenge_ts":"2026-11-22T00:00:00Z","hostname":"testkey.google.com"}"#,
    ] {
        let (world, captcha) = with_verifier(answer);
        let run = world.check_captcha();
        assert_eq!((run.code, run.open().len(), captcha.requests().len()), (Some(0), 0, 1), "{}", run.out);
    }
}

/// An answer that does not say that the secret is known, nor that it is not.
const NEITHER: &[&str] = &["expect", "form", "understood", "error-codes", "json", "neither", "empty"];

#[test]
fn a_verifier_that_does_not_tell_leaves_the_check_open() {
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
        |(answer, says)| {
            let (world, captcha) = with_verifier(answer);
            is_open(&world, &world.check_captcha(), &["RCP305"], says);
            assert!(!captcha.requests().is_empty(), "nobody came");
        },
    );
}

#[test]
fn the_secret_follows_no_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let mut world = World::impatient();
        let evil = Captcha::start(Wanted::valid(&["evil.test"]).by(&world.authority), r#"{"success":true}"#);
        world.lead("evil.test", &evil.tls.server.address());
        let away = answer(status, &["Location: https://evil.test/recaptcha/api/siteverify"], "");
        let captcha = Captcha::answering(Wanted::valid(&[HOST]).by(&world.authority), away);
        world.lead(HOST, &captcha.tls.server.address());
        is_open(&world, &world.check_captcha(), &["RCP305"], &[&status.to_string(), "redirect", "elsewhere"]);
        assert_eq!((captcha.requests().len(), evil.tls.server.connections()), (1, 0), "{status}");
    }
}

#[test]
fn the_secret_is_sent_only_to_a_verified_host() {
    let somebody = Authority::new("Somebody else");
    for (name, config) in [
        ("unknown authority", Wanted::valid(&[HOST]).by(&somebody)),
        ("another name", Wanted::valid(&["www.globex.com"]).by(&somebody)),
    ] {
        let mut world = World::impatient();
        let captcha = Captcha::start(config, r#"{"success":true}"#);
        world.lead(HOST, &captcha.tls.server.address());
        is_open(&world, &world.check_captcha(), &["RCP305"], &["certificate", "authority", "tls"]);
        assert!(captcha.requests().is_empty() && captcha.tls.server.connections() > 0, "{name}");
    }
}
