//! What the network answers, as fixtures and pages write it.

use std::collections::BTreeMap;

use portal_lint::base::file::{InputFile, Origin};
use portal_lint::online::{Answers, Certificate, Host, Mail, Resolution, Sender, Unanswered};
use serde_json::Value as Json;

pub fn is_one(input: &InputFile) -> bool {
    input.name.contains("answers.")
}

pub fn of(input: &InputFile) -> Answers {
    let Origin::Memory(bytes) = &input.origin else { panic!("{} is not in memory", input.name) };
    let json: Json = serde_json::from_slice(bytes).expect("JSON");
    Answers {
        is_online: true,
        hosts: each(&json["hosts"], host),
        senders: each(&json["senders"], sender),
        secrets: each(&json["secrets"], |json| parse_answer(json, |json| json.as_bool().expect("true or false"))),
        ..Answers::default()
    }
}

fn each<T>(json: &Json, one: impl Fn(&Json) -> T) -> BTreeMap<String, T> {
    json.as_object().into_iter().flatten().map(|(key, json)| (key.clone(), one(json))).collect()
}

/// `{ "untold": "why" }`, or the answer.
fn parse_answer<T>(json: &Json, answer: impl Fn(&Json) -> T) -> Result<T, Unanswered> {
    match json["untold"].as_str() {
        Some(why) => Err(Unanswered(why.into())),
        None => Ok(answer(json)),
    }
}

fn host(json: &Json) -> Host {
    let day = |json: &Json| json.as_str().map(|day| day.parse().expect("a day"));
    let resolution = |json: &Json| match json.as_str() {
        Some("no-such-name") => Resolution::NoSuchName { alias: None },
        Some("no-address") => Resolution::NoAddress { alias: None },
        Some(alias) => Resolution::NoSuchName { alias: Some(alias.into()) },
        None => Resolution::Addresses(
            json.as_array().into_iter().flatten().filter_map(|ip| ip.as_str()?.parse().ok()).collect(),
        ),
    };
    let certificate = |json: &Json| match json.as_str() {
        Some("other-name") => Certificate::OtherName,
        Some("unknown-authority") => Certificate::UnknownAuthority,
        Some(other) => panic!("no certificate is {other}"),
        None if !json["expired"].is_null() => Certificate::Expired(day(&json["expired"])),
        None if !json["not-yet-valid"].is_null() => Certificate::NotYetValid(day(&json["not-yet-valid"])),
        None => Certificate::Valid(day(&json["holds"]).expect("a day")),
    };
    let usual: Json = serde_json::json!({ "resolution": ["203.0.113.7"], "certificate": { "holds": "2027-05-01" } });
    let or_usual = |key: &str| if json[key].is_null() { usual[key].clone() } else { json[key].clone() };
    Host {
        resolution: parse_answer(&or_usual("resolution"), resolution),
        certificate: parse_answer(&or_usual("certificate"), certificate),
    }
}

fn sender(json: &Json) -> Sender {
    let mail = |json: &Json| match json.as_str() {
        None | Some("servers") => Mail::Servers,
        Some("refused") => Mail::Refused,
        Some("none") => Mail::NoServer,
        Some("no-such-domain") => Mail::NoSuchDomain,
        Some(other) => panic!("mail is not {other}"),
    };
    let number = |json: &Json| json.as_u64().map_or(1, |number| usize::try_from(number).expect("few"));
    Sender {
        mail: parse_answer(&json["mail"], mail),
        spf: parse_answer(&json["spf"], number),
        dmarc: parse_answer(&json["dmarc"], |json| json.as_bool().unwrap_or(true)),
    }
}
