//! Errors of the API: the check is reported as unverified with the reason, the other checks run as usual, and temporary errors
//! are retried.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::api::error_envelope;
use super::api_error_cases::{self, ErrorCase};
use super::environment::{HOSTS, Run, TestEnv, run_cases};
use super::http::{Fault, http_response, json_response};
use super::server::REFUSING_ADDRESS;

/// Longer than a run with short time limits takes, even on a busy machine.
const MAX_TIME: Duration = Duration::from_mins(1);
const ALWAYS: usize = usize::MAX;

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// Checks that exactly these codes are unverified, that a reason contains one of `words`, and that the findings are those of an
/// offline run.
pub fn assert_unverified(env: &TestEnv, run: &Run, codes: &[&str], words: &[&str]) {
    assert_eq!(run.code, Some(3), "{}\n{}", run.out, run.err);
    assert!(run.took < MAX_TIME, "{:?}", run.took);
    assert_eq!(run.unverified(), set(codes), "{}", run.out);
    let reasons = run.reasons(codes);
    assert!(words.iter().any(|word| reasons.contains(word)), "none of {words:?} in {reasons}");
    assert!(reasons.lines().all(|reason| reason.len() < 600), "{reasons}");
    let offline = env.check_offline().findings();
    assert!(!offline.is_empty() && run.findings() == offline, "{:#?}\n{offline:#?}", run.findings());
}

/// Runs a check for each error, which the server returns for the list of campaigns.
fn check_campaign_errors(cases: &[ErrorCase]) {
    run_cases(
        cases,
        |case| case.name.to_owned(),
        |case| {
            let env = TestEnv::with_short_timeouts();
            env.api.fault("/campaigns", ALWAYS, case.fault.clone());
            let run = env.check();
            assert_unverified(&env, &run, &["RCP303"], case.words);
            assert!(env.api.flood_bytes() < 128 << 20, "{} bytes were taken", env.api.flood_bytes());
            assert!(!env.requests("/campaigns").is_empty(), "no query was sent");
        },
    );
}

#[test]
fn a_run_without_errors_has_no_unverified_checks() {
    let env = TestEnv::new();
    let run = env.check();
    assert_eq!((run.code, run.unverified()), (Some(0), set(&[])), "{}\n{}", run.out, run.err);
    assert_eq!(run.findings(), env.check_offline().findings());
    assert_eq!(run.err, "", "progress is for terminals");
    let hosts = env.host.requested_hosts();
    assert!(!hosts.is_empty() && hosts.iter().all(|host| HOSTS.contains(&host.as_str())), "{hosts:?}");
    for name in ["acme-outfitters.com", "_dmarc.acme-outfitters.com"] {
        assert!(env.dns.queries().iter().any(|(queried, _)| queried == name), "{name} was not queried");
    }
}

#[test]
fn a_broken_connection_makes_the_check_unverified() {
    check_campaign_errors(&api_error_cases::connection_errors());
}

#[test]
fn an_error_response_makes_the_check_unverified() {
    check_campaign_errors(&api_error_cases::response_errors());
}

#[test]
fn unexpected_json_makes_the_check_unverified() {
    check_campaign_errors(&api_error_cases::unexpected_json());
}

#[test]
fn an_unreachable_api_makes_all_its_checks_unverified() {
    let mut env = TestEnv::with_short_timeouts();
    env.set("--api-url", &format!("http://{REFUSING_ADDRESS}/v2"));
    let run = env.check();
    assert_eq!(run.code, Some(3), "{}", run.out);
    let unverified = run.unverified();
    assert!(
        unverified.is_superset(&set(&["RCP001", "RCP301", "RCP303", "RCP304"])) && !unverified.contains("RCP307"),
        "{}",
        run.out
    );
    assert!(run.reasons(&["RCP301"]).contains("refused"), "{}", run.out);
    assert_eq!(run.findings(), env.check_offline().findings());
}

#[test]
fn a_finding_sets_the_exit_code_before_unverified_checks() {
    let env = TestEnv::with_short_timeouts();
    env.edit("/name", json!(""));
    env.api.fault("/", ALWAYS, Fault::Bytes(http_response(500, &[], "")));
    let run = env.check();
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.unverified().contains("RCP303") && run.codes("diagnostics").contains("RCP001"), "{}", run.out);
}

#[test]
fn the_code_in_the_body_takes_precedence_over_the_status() {
    let env = TestEnv::with_short_timeouts();
    let ok = json!({ "api_call_id": "iJI9Av8Di9lvEtRTGWIS", "api_call_unix": 1_763_769_600, "code": 1, "current_count": 1, "current_page": 1,
        "results": [{ "id": "P9dRk2XyM5vHs8LqT1Fz", "name": "Acme subscriptions" }] });
    env.api.fault("/campaigns", ALWAYS, Fault::Bytes(json_response(400, &ok.to_string())));
    let run = env.check();
    assert_eq!((run.code, run.unverified()), (Some(0), set(&[])), "{}", run.out);
}

#[test]
fn temporary_errors_are_retried_and_permanent_ones_are_not() {
    let nearly_two_seconds = Duration::from_millis(1900);
    // The name, the number of faults, the response, and the time until the next request.
    let cases = [
        ("500 once", 1, http_response(500, &[], ""), Duration::ZERO),
        ("503 twice", 2, http_response(503, &[], ""), Duration::ZERO),
        ("429 once", 1, http_response(429, &[], ""), Duration::ZERO),
        ("429 for two seconds", 1, http_response(429, &["Retry-After: 2"], ""), nearly_two_seconds),
        ("503 for two seconds", 1, http_response(503, &["Retry-After: 2"], ""), nearly_two_seconds),
    ];
    run_cases(
        &cases,
        |(name, ..)| (*name).to_owned(),
        |(_, times, bytes, wait)| {
            let env = TestEnv::new();
            env.api.fault("/campaigns", *times, Fault::Bytes(bytes.clone()));
            let run = env.check();
            assert_eq!((run.code, run.unverified()), (Some(0), set(&[])), "{}", run.out);
            // The first page only: each page is a separate request.
            let mut requests = env.requests("/campaigns");
            requests.retain(|request| request.query("page") == Some("0"));
            assert_eq!(requests.len(), times + 1, "{requests:?}");
            assert!(requests.windows(2).all(|pair| pair[1].received_at - pair[0].received_at >= *wait), "{requests:?}");
        },
    );
    for status in [400, 401, 403, 404] {
        let env = TestEnv::with_short_timeouts();
        let body = error_envelope("no", "no").to_string();
        env.api.fault("/campaigns", ALWAYS, Fault::Bytes(json_response(status, &body)));
        assert_eq!(env.check().code, Some(3), "{status}");
        let targets: Vec<String> = env.requests("/campaigns").into_iter().map(|request| request.target).collect();
        let distinct: BTreeSet<&String> = targets.iter().collect();
        assert_eq!(targets.len(), distinct.len(), "{status}: {targets:?}");
    }
}

#[test]
fn each_query_is_sent_once_and_only_a_few_are_concurrent() {
    let env = TestEnv::new();
    let shop_ids: Vec<String> = (0..60).map(|number| format!("Shop{number:016}")).collect();
    let shops: Vec<Json> = shop_ids.iter().map(|id| json!({ "id": id, "name": id })).collect();
    env.api.set("/user_shops", shops.into());
    env.edit("/customer_filters/third_party_shop", json!(shop_ids));
    env.write("second.portal.json", &env.read("portal.json").replace("Acme Subscription Portal", "Acme Members"));
    env.api.delay(usize::MAX, Duration::from_millis(50));
    let run = env.run(&["check", "--online", "--format", "json", "portal.json", "second.portal.json"]);
    assert_eq!(run.unverified(), set(&[]), "{}", run.out);
    let mut targets: Vec<String> = env.api.requests().into_iter().map(|request| request.target).collect();
    let all = targets.len();
    targets.sort();
    targets.dedup();
    assert_eq!(targets.len(), all, "{targets:#?}");
    assert!((1..=8).contains(&env.api.max_concurrent_requests()), "{} at once", env.api.max_concurrent_requests());
    let mut queries = env.dns.queries().into_iter().map(|(name, kind)| format!("{name} {kind:?}")).collect::<Vec<_>>();
    let all = queries.len();
    queries.sort();
    queries.dedup();
    assert_eq!(queries.len(), all, "{queries:#?}");
}

#[test]
fn the_whole_run_has_a_time_limit() {
    let mut env = TestEnv::new();
    env.set("--probe-timeout", "60");
    env.set("--run-timeout", "2");
    env.api.fault("/", ALWAYS, Fault::Silence);
    let run = env.check();
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(run.took < Duration::from_secs(20), "{:?}", run.took);
    assert!(run.unverified().contains("RCP303"), "{}", run.out);
}

/// The command with the default action for SIGINT. A shell starts background jobs with SIGINT ignored, and children inherit that.
#[cfg(target_os = "linux")]
fn with_default_interrupt(command: &Command) -> Command {
    let mut wrapped = Command::new("/usr/bin/env");
    wrapped.arg("--default-signal=INT").arg(command.get_program()).args(command.get_args()).env_clear();
    wrapped.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    wrapped.current_dir(command.get_current_dir().expect("a folder"));
    wrapped.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    wrapped
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_the_run_at_once() {
    let mut env = TestEnv::new();
    env.set("--probe-timeout", "60");
    env.set("--run-timeout", "60");
    env.api.fault("/", ALWAYS, Fault::Silence);
    let mut command = with_default_interrupt(&env.command(&["check", "--online", "portal.json"]));
    let child = command.spawn().expect("the program starts");
    let start = Instant::now();
    while env.api.requests().is_empty() {
        assert!(start.elapsed() < MAX_TIME, "it sends no request");
        std::thread::sleep(Duration::from_millis(10));
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    let run = Run::wait_for(child);
    assert!(run.took < Duration::from_secs(10), "{:?}", run.took);
    assert!(run.code.is_none_or(|code| code != 0), "{run:?}");
}
