//! Network answers as fixtures and rule pages write them: `{ "hosts": {…}, "senders": {…}, "secrets": {…} }`, each by name. A field
//! that is left out has the answer that causes no finding. `{ "untold": "reason" }` in place of an answer: the query failed.

use std::collections::BTreeMap;

use portal_lint::base::file::{InputFile, Origin};
use portal_lint::online::{Answers, Certificate, Host, Mail, Resolution, Sender, Unanswered};
use serde_json::{Value as Json, json};

pub fn is_answers_file(input: &InputFile) -> bool {
    input.name.contains("answers.")
}

pub fn parse_answers(input: &InputFile) -> Answers {
    let Origin::Memory(bytes) = &input.origin else { panic!("{} is not in memory", input.name) };
    let json: Json = serde_json::from_slice(bytes).expect("JSON");
    Answers {
        is_online: true,
        hosts: parse_map(&json["hosts"], parse_host),
        senders: parse_map(&json["senders"], parse_sender),
        secrets: parse_map(&json["secrets"], |json| parse_answer(json, parse_bool)),
        ..Answers::default()
    }
}

fn parse_map<T>(json: &Json, parse_value: impl Fn(&Json) -> T) -> BTreeMap<String, T> {
    let mut map = BTreeMap::new();
    for (key, value) in json.as_object().into_iter().flatten() {
        map.insert(key.clone(), parse_value(value));
    }
    map
}

fn parse_answer<T>(json: &Json, parse: impl Fn(&Json) -> T) -> Result<T, Unanswered> {
    match json["untold"].as_str() {
        Some(reason) => Err(Unanswered(reason.into())),
        None => Ok(parse(json)),
    }
}

fn parse_bool(json: &Json) -> bool {
    json.as_bool().expect("true or false")
}

fn parse_host(json: &Json) -> Host {
    let valid = json!({ "resolution": ["203.0.113.7"], "certificate": { "holds": "2027-05-01" } });
    let field = |key: &str| if json[key].is_null() { &valid[key] } else { &json[key] };
    Host {
        resolution: parse_answer(field("resolution"), parse_resolution),
        certificate: parse_answer(field("certificate"), parse_certificate),
    }
}

fn parse_resolution(json: &Json) -> Resolution {
    match json.as_str() {
        Some("no-such-name") => Resolution::NoSuchName { alias: None },
        Some("no-address") => Resolution::NoAddress { alias: None },
        Some(alias) => Resolution::NoSuchName { alias: Some(alias.into()) },
        None => Resolution::Addresses(
            json.as_array().into_iter().flatten().filter_map(|ip| ip.as_str()?.parse().ok()).collect(),
        ),
    }
}

fn parse_certificate(json: &Json) -> Certificate {
    let day = |json: &Json| json.as_str().map(|day| day.parse().expect("a day"));
    match json.as_str() {
        Some("other-name") => Certificate::OtherName,
        Some("unknown-authority") => Certificate::UnknownAuthority,
        Some(other) => panic!("no certificate is {other}"),
        None if !json["expired"].is_null() => Certificate::Expired(day(&json["expired"])),
        None if !json["not-yet-valid"].is_null() => Certificate::NotYetValid(day(&json["not-yet-valid"])),
        None => Certificate::Valid(day(&json["holds"]).expect("a day")),
    }
}

fn parse_sender(json: &Json) -> Sender {
    Sender {
        mail: parse_answer(&json["mail"], parse_mail),
        spf: parse_answer(&json["spf"], parse_record_count),
        dmarc: parse_answer(&json["dmarc"], |json| {
            json.as_bool().map_or_else(|| parse_record_count(json), usize::from)
        }),
    }
}

fn parse_mail(json: &Json) -> Mail {
    match json.as_str() {
        None | Some("servers") => Mail::Servers,
        Some("refused") => Mail::Refused,
        Some("none") => Mail::NoServer,
        Some("no-such-domain") => Mail::NoSuchDomain,
        Some(other) => panic!("mail is not {other}"),
    }
}

fn parse_record_count(json: &Json) -> usize {
    json.as_u64().map_or(1, |number| usize::try_from(number).expect("a small number"))
}
