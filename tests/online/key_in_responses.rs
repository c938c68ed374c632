//! Whatever part of a response repeats the API key: no output and no snapshot contains 8 characters of it.

use std::fs;

use super::api::KEY;
use super::environment::{TestEnv, run_cases};
use super::http::{Fault, http_response, json_response};

/// Responses to the request for the campaigns. `KEY` stands for the key.
const RESPONSES: [(&str, &str); 14] = [
    ("reason phrase", "HTTP/1.1 403 KEY\r\nContent-Length: 0\r\n\r\n"),
    ("reason phrase of a success", "HTTP/1.1 200 KEY\r\nContent-Length: 1\r\n\r\n{"),
    ("status code", "HTTP/1.1 KEY OK\r\nContent-Length: 0\r\n\r\n"),
    ("version", "KEY 200 OK\r\n\r\n"),
    ("name of a header", "HTTP/1.1 403 Forbidden\r\nKEY: 1\r\nContent-Length: 0\r\n\r\n"),
    ("value of a header", "HTTP/1.1 401 X\r\nWWW-Authenticate: Bearer error=\"KEY\"\r\nContent-Length: 0\r\n\r\n"),
    ("broken header", "HTTP/1.1 200 OK\r\nKEY\r\n\r\n{}"),
    ("content type", "HTTP/1.1 200 OK\r\nContent-Type: text/KEY\r\nContent-Length: 2\r\n\r\n{}"),
    ("content length", "HTTP/1.1 200 OK\r\nContent-Length: KEY\r\n\r\n{}"),
    ("content encoding", "HTTP/1.1 200 OK\r\nContent-Encoding: KEY\r\nContent-Length: 2\r\n\r\n{}"),
    ("length of a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nKEY\r\n{}"),
    ("retry", "HTTP/1.1 429 X\r\nRetry-After: KEY\r\nContent-Length: 0\r\n\r\n"),
    ("location", "HTTP/1.1 302 Found\r\nLocation: https://KEY.example.com/KEY?KEY#KEY\r\nContent-Length: 0\r\n\r\n"),
    ("broken location", "HTTP/1.1 308 X\r\nLocation: KEY://:99999\r\nContent-Length: 0\r\n\r\n"),
];

/// Bodies of responses to the same request.
const BODIES: [(&str, &str); 14] = [
    ("message", r#"{"code": 0, "message": "the key KEY is unknown"}"#),
    ("error code", r#"{"code": 0, "error_code": "KEY", "message": "no"}"#),
    ("names of fields", r#"{"code": 0, "message": "bad field `KEY`", "errors": {"KEY": ["KEY"]}, "KEY": 1}"#),
    ("nested message", r#"{"code": 0, "message": {"KEY": "KEY"}, "result": ["KEY"]}"#),
    ("code", r#"{"code": "KEY"}"#),
    ("object as code", r#"{"code": {"KEY": 1}}"#),
    ("no code", r#"{"KEY": 1}"#),
    ("not JSON", r#"{"code": 1, KEY}"#),
    ("duplicate key", r#"{"code": 1, "KEY": 1, "KEY": 2}"#),
    ("page number", r#"{"code": 1, "current_page": "KEY", "current_count": "KEY", "results": []}"#),
    ("message about a page", r#"{"code": 0, "message": "page KEY is out of range: 0123456789"}"#),
    ("names of results", r#"{"code": 1, "current_page": 0, "results": [{"id": "P9dRk2XyM5vHs8LqT1Fz", "KEY": 1}]}"#),
    ("name of an object", r#"{"code": 1, "results": [{"id": "P9dRk2XyM5vHs8LqT1Fz", "name": "x KEY"}]}"#),
    ("ID", r#"{"code": 1, "results": [{"id": "KEY", "name": "x"}, {"id": "ary-api-key-01234567", "name": "KEY"}]}"#),
];

/// Parts of the key with 8 characters. `-api-key` is not one, because messages name the header `x-api-key`.
fn key_parts() -> Vec<String> {
    let parts = (8..=KEY.len()).map(|end| KEY[end - 8..end].to_owned());
    parts.filter(|part| part != "-api-key").collect()
}

#[test]
fn no_part_of_a_response_shows_the_key() {
    let reversed: String = KEY.chars().rev().collect();
    let mut cases = Vec::new();
    for written in [KEY, &reversed, &KEY[5..], &KEY.to_uppercase()] {
        for (name, response) in RESPONSES {
            cases.push((format!("{name}: {written}"), response.replace("KEY", written).into_bytes()));
        }
        for (name, body) in BODIES {
            let body = body.replace("KEY", written);
            cases.push((
                format!("{name}: {written}"),
                json_response(if name.len() % 2 == 0 { 200 } else { 422 }, &body),
            ));
        }
    }
    cases.push(("binary".to_owned(), http_response(500, &["X: \u{ff}"], KEY)));
    run_cases(
        &cases,
        |(name, _)| name.clone(),
        |(name, response)| {
            let env = TestEnv::with_short_timeouts();
            env.api.fault("/campaigns", usize::MAX, Fault::Bytes(response.clone()));
            for args in [
                &["check", "--online", "--verbose", "portal.json"][..],
                &["check", "--online", "--format", "json", "portal.json"],
                &["check", "--online", "--format", "sarif", "portal.json"],
                &["account", "pull", "--online", "--verbose"],
            ] {
                let run = env.run(args);
                // Without any answer, no snapshot is written.
                let snapshot = fs::read_to_string(env.folder.path().join("revcent-account.json")).unwrap_or_default();
                let shown = format!("{}{}{snapshot}", run.out, run.err).to_lowercase();
                let backward: String = shown.chars().rev().collect();
                for part in key_parts() {
                    assert!(!shown.contains(&part) && !backward.contains(&part), "{name}: `{part}` in {shown}");
                }
            }
        },
    );
}
