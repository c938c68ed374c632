//! Each fault of the API leaves the check open with its reason, and everything else as it is; what passes is asked again.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::api::error_envelope;
use super::fault_rows::{self, Row};
use super::http::{Fault, answer, json as http_json};
use super::server::NOBODY;
use super::world::{HOSTS, Run, World, each};

/// More than an impatient run takes, with room for a busy machine.
const IN_TIME: Duration = Duration::from_mins(1);
const ALWAYS: usize = usize::MAX;

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// The run is not completed for these codes alone, for that reason, and has said what there is to say without them.
pub fn is_open(world: &World, run: &Run, codes: &[&str], says: &[&str]) {
    assert_eq!(run.code, Some(3), "{}\n{}", run.out, run.err);
    assert!(run.took < IN_TIME, "{:?}", run.took);
    assert_eq!(run.open(), set(codes), "{}", run.out);
    let reasons = run.reasons(codes);
    assert!(says.iter().any(|word| reasons.contains(word)), "none of {says:?} in {reasons}");
    assert!(reasons.lines().all(|reason| reason.len() < 600), "{reasons}");
    let offline = world.check_offline().findings();
    assert!(!offline.is_empty() && run.findings() == offline, "{:#?}\n{offline:#?}", run.findings());
}

fn campaigns_fail(rows: &[Row]) {
    each(
        rows,
        |row| row.name.to_owned(),
        |row| {
            let world = World::impatient();
            world.api.fault("/campaigns", ALWAYS, row.fault.clone());
            let run = world.check();
            is_open(&world, &run, &["RCP303"], row.says);
            assert!(world.api.poured() < 128 << 20, "{} bytes were taken", world.api.poured());
            assert!(!world.requests("/campaigns").is_empty(), "it was not asked");
        },
    );
}

#[test]
fn all_is_well_in_a_world_that_is() {
    let world = World::new();
    let run = world.check();
    assert_eq!((run.code, run.open()), (Some(0), set(&[])), "{}\n{}", run.out, run.err);
    assert_eq!(run.findings(), world.check_offline().findings());
    assert_eq!(run.err, "", "progress is for terminals");
    let asked = world.host.asked();
    assert!(!asked.is_empty() && asked.iter().all(|host| HOSTS.contains(&host.as_str())), "{asked:?}");
    for name in ["acme-outfitters.com", "_dmarc.acme-outfitters.com"] {
        assert!(world.dns.asked().iter().any(|(own, _)| own == name), "{name} was not asked for");
    }
}

#[test]
fn a_broken_connection_leaves_the_check_open() {
    campaigns_fail(&fault_rows::of_the_connection());
}

#[test]
fn another_answer_leaves_the_check_open() {
    campaigns_fail(&fault_rows::of_the_answer());
}

#[test]
fn an_answer_of_another_shape_leaves_the_check_open() {
    campaigns_fail(&fault_rows::of_the_shape());
}

#[test]
fn an_unreachable_api_leaves_its_checks_unverified() {
    let mut world = World::impatient();
    world.set("--api-url", &format!("http://{NOBODY}/v2"));
    let run = world.check();
    assert_eq!(run.code, Some(3), "{}", run.out);
    let open = run.open();
    assert!(
        open.is_superset(&set(&["RCP001", "RCP301", "RCP303", "RCP304"])) && !open.contains("RCP307"),
        "{}",
        run.out
    );
    assert!(run.reasons(&["RCP301"]).contains("refused"), "{}", run.out);
    assert_eq!(run.findings(), world.check_offline().findings());
}

#[test]
fn an_error_in_the_file_is_said_and_counts_before_what_is_open() {
    let world = World::impatient();
    world.edit("/name", json!(""));
    world.api.fault("/", ALWAYS, Fault::Bytes(answer(500, &[], "")));
    let run = world.check();
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.open().contains("RCP303") && run.codes("diagnostics").contains("RCP001"), "{}", run.out);
}

#[test]
fn the_body_decides_and_not_the_status() {
    let world = World::impatient();
    let ok = json!({ "api_call_id": "iJI9Av8Di9lvEtRTGWIS", "api_call_unix": 1_763_769_600, "code": 1, "current_count": 1, "current_page": 1,
        "results": [{ "id": "P9dRk2XyM5vHs8LqT1Fz", "name": "Acme subscriptions" }] });
    world.api.fault("/campaigns", ALWAYS, Fault::Bytes(http_json(400, &ok.to_string())));
    let run = world.check();
    assert_eq!((run.code, run.open()), (Some(0), set(&[])), "{}", run.out);
}

#[test]
fn what_passes_is_asked_again_and_what_does_not_is_not() {
    struct Case(&'static str, usize, Vec<u8>, Duration);
    let zero = Duration::ZERO;
    let cases = [
        Case("500 once", 1, answer(500, &[], ""), zero),
        Case("503 twice", 2, answer(503, &[], ""), zero),
        Case("429 once", 1, answer(429, &[], ""), zero),
        Case("429 for two seconds", 1, answer(429, &["Retry-After: 2"], ""), Duration::from_millis(1900)),
        Case("503 for two seconds", 1, answer(503, &["Retry-After: 2"], ""), Duration::from_millis(1900)),
    ];
    each(
        &cases,
        |case| case.0.to_owned(),
        |Case(_, times, bytes, wait)| {
            let world = World::new();
            world.api.fault("/campaigns", *times, Fault::Bytes(bytes.clone()));
            let run = world.check();
            assert_eq!((run.code, run.open()), (Some(0), set(&[])), "{}", run.out);
            // Each page is asked for by itself.
            let mut asked = world.requests("/campaigns");
            asked.retain(|request| request.query("page") == Some("0"));
            assert_eq!(asked.len(), times + 1, "{asked:?}");
            assert!(asked.windows(2).all(|two| two[1].at - two[0].at >= *wait), "{asked:?}");
        },
    );
    for status in [400, 401, 403, 404] {
        let world = World::impatient();
        let body = error_envelope("no", "no").to_string();
        world.api.fault("/campaigns", ALWAYS, Fault::Bytes(http_json(status, &body)));
        assert_eq!(world.check().code, Some(3), "{status}");
        let asked: Vec<String> = world.requests("/campaigns").into_iter().map(|request| request.target).collect();
        let once: BTreeSet<&String> = asked.iter().collect();
        assert_eq!(asked.len(), once.len(), "{status}: {asked:?}");
    }
}

#[test]
fn each_question_is_asked_once_and_a_few_at_a_time() {
    let world = World::new();
    let id = |number: usize| format!("Shop{number:016}");
    let shops: Vec<String> = (0..60).map(id).collect();
    let known: Vec<Json> = shops.iter().map(|id| json!({ "id": id, "name": id })).collect();
    world.api.set("/user_shops", known.into());
    world.edit("/customer_filters/third_party_shop", json!(shops));
    world.write("second.portal.json", &world.read("portal.json").replace("Acme Subscription Portal", "Acme Members"));
    world.api.delay(Duration::from_millis(50));
    let run = world.run(&["check", "--online", "--format", "json", "portal.json", "second.portal.json"]);
    assert_eq!(run.open(), set(&[]), "{}", run.out);
    let mut targets: Vec<String> = world.api.requests().into_iter().map(|request| request.target).collect();
    let all = targets.len();
    targets.sort();
    targets.dedup();
    assert_eq!(targets.len(), all, "{targets:#?}");
    assert!((1..=8).contains(&world.api.most_under_way()), "{} at once", world.api.most_under_way());
    let mut asked = world.dns.asked().into_iter().map(|(name, kind)| format!("{name} {kind:?}")).collect::<Vec<_>>();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "{asked:#?}");
}

#[test]
fn the_whole_run_has_a_limit() {
    let mut world = World::new();
    world.set("--probe-timeout", "60");
    world.set("--run-timeout", "2");
    world.api.fault("/", ALWAYS, Fault::Silence);
    let run = world.check();
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(run.took < Duration::from_secs(20), "{:?}", run.took);
    assert!(run.open().contains("RCP303"), "{}", run.out);
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
    let mut world = World::new();
    world.set("--probe-timeout", "60");
    world.set("--run-timeout", "60");
    world.api.fault("/", ALWAYS, Fault::Silence);
    let mut command = with_default_interrupt(&world.command(&["check", "--online", "portal.json"]));
    let child = command.spawn().expect("the program starts");
    let start = Instant::now();
    while world.api.requests().is_empty() {
        assert!(start.elapsed() < IN_TIME, "it asks nobody");
        std::thread::sleep(Duration::from_millis(10));
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    let run = Run::of(child);
    assert!(run.took < Duration::from_secs(10), "{:?}", run.took);
    assert!(run.code.is_none_or(|code| code != 0), "{run:?}");
}
