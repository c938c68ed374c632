//! A table of errors between a request to the API and its response. Each case has the fault of the server, and a list of words: the
//! reason must contain at least one of them.

use super::api::{KEY, error_envelope};
use super::http::{Fault, http_response, json_response};

pub struct ErrorCase {
    pub name: &'static str,
    pub fault: Fault,
    /// The reason, in lower case, contains at least one of these.
    pub words: &'static [&'static str],
}

const INCOMPLETE: &[&str] = &["cut", "closed", "ended", "broke", "half", "incomplete", "early", "end of"];
const TIMEOUT: &[&str] = &["time", "too long", "second", "within"];
const TOO_LARGE: &[&str] = &["large", "big", "too long", "more than", "mib", "mb", "bytes"];
const GZIP: &[&str] = &["gzip", "encod", "json", "decompress", "understood"];
const UNEXPECTED: &[&str] = &[
    "expect",
    "form",
    "shape",
    "code",
    "`results`",
    " id",
    "document",
    "understood",
    "not a list",
    "invalid json",
    "not an object",
];

/// A response with status 200, the content type of JSON, and any body.
fn body(text: impl AsRef<[u8]>) -> Fault {
    let text = text.as_ref();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", text.len());
    Fault::Bytes([head.as_bytes(), text].concat())
}

fn bytes(text: &str) -> Fault {
    Fault::Bytes(text.into())
}

fn status(status: u16, headers: &[&str]) -> Fault {
    let headers = [&["Content-Type: text/html"], headers].concat();
    Fault::Bytes(http_response(status, &headers, "<html><body><h1>This is not what you asked for</h1></body></html>"))
}

fn envelope(status: u16, code: &str, message: &str) -> Fault {
    Fault::Bytes(json_response(status, &error_envelope(code, message).to_string()))
}

fn case(name: &'static str, fault: Fault, words: &'static [&'static str]) -> ErrorCase {
    ErrorCase { name, fault, words }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
const GIGABYTE: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n";
const COMPRESSED: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n";
const WITHOUT_LENGTH: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";

/// The connection breaks, or the response is incomplete, too slow or too long.
pub fn connection_errors() -> Vec<ErrorCase> {
    let half = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"code\": 1, \"resu";
    let filler = "1000\r\n".to_owned() + &" ".repeat(0x1000) + "\r\n";
    vec![
        case("reset", Fault::Reset, &["reset", "closed", "broke"]),
        case("closed without a response", bytes(""), INCOMPLETE),
        case("half a head", bytes("HTTP/1.1 200 OK\r\nContent-Ty"), INCOMPLETE),
        case("half a body", bytes(half), INCOMPLETE),
        case("half a chunked body", bytes(&format!("{CHUNKED}10\r\n{{\"code\"")), INCOMPLETE),
        case("no response", Fault::Silence, TIMEOUT),
        case("a slow body", Fault::Drip(CHUNKED, "1\r\n \r\n"), TIMEOUT),
        case(
            "a slow head",
            Fault::Drip("HTTP/1.1 200 OK\r\n", "X-A: b\r\n"),
            &["time", "too long", "second", "within", "head"],
        ),
        case("a gigabyte, declared", Fault::Flood(GIGABYTE, " "), TOO_LARGE),
        case("a gigabyte, chunked", Fault::Flood(CHUNKED, filler.leak()), TOO_LARGE),
        case("a gigabyte without a length", Fault::Flood(WITHOUT_LENGTH, " "), TOO_LARGE),
        case(
            "a gigabyte of head",
            Fault::Flood("HTTP/1.1 200 OK\r\n", "X-Filler: aaaaaaaaaaaaaaaaaaaa\r\n"),
            &["large", "big", "head", "long"],
        ),
        case(
            "endless interim responses",
            Fault::Flood("", "HTTP/1.1 100 Continue\r\n\r\n"),
            &["time", "long", "second", "within", "100", "large", "big", "http"],
        ),
        case("another protocol", bytes("SSH-2.0-OpenSSH_9.6\r\n"), &["http", "protocol"]),
        case(
            "switching protocols",
            bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
            &["101", "protocol"],
        ),
    ]
}

/// The response is complete, but not the requested list.
pub fn response_errors() -> Vec<ErrorCase> {
    let ok = r#"{"code":1,"current_count":1,"current_page":1,"results":[{"id":"P9dRk2XyM5vHs8LqT1Fz","name":"Acme"}]}"#;
    let retry_after = |seconds: &str| status(429, &[&format!("Retry-After: {seconds}")]);
    vec![
        case(
            "another content type",
            Fault::Bytes(http_response(200, &["Content-Type: text/html"], ok)),
            &["text/html", "type"],
        ),
        case(
            "a compressed body",
            Fault::Bytes([COMPRESSED.as_bytes(), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56"].concat()),
            GZIP,
        ),
        case("html", status(200, &[]), &["text/html", "type", "json"]),
        case("broken JSON", body(r#"{"code": 1, "results": ["#), &["json"]),
        case("an empty body", body(""), &["json", "empty", "nothing"]),
        case("no content", bytes("HTTP/1.1 204 No Content\r\n\r\n"), &["204", "json", "empty", "nothing", "type"]),
        case("not UTF-8", body(b"{\"code\":1,\"results\":[\"\xff\xfe\"]}"), &["json", "utf-8"]),
        case("a bad key", envelope(401, "invalid_api_key", "the API key is not known"), &["invalid_api_key", "401"]),
        case(
            "the key in the message",
            envelope(401, "invalid_api_key", &format!("{KEY} is not known")),
            &["invalid_api_key", "401"],
        ),
        case(
            "control characters",
            envelope(403, "no", "\u{1b}[2J\u{1b}]0;x\u{7}\r\nerror: all is lost"),
            &["403", "no", "lost"],
        ),
        case("a long message", envelope(403, "denied", &"no ".repeat(100_000)), &["403", "denied"]),
        case(
            "no permission, with the status 200",
            envelope(200, "permission_denied", "not for this key"),
            &["permission_denied", "not for this key"],
        ),
        case("403", status(403, &[]), &["403"]),
        case("404 without an envelope", status(404, &[]), &["404"]),
        case("permanent 429", status(429, &[]), &["429"]),
        case("429 until tomorrow", retry_after("86400"), &["429"]),
        case("429 with an invalid Retry-After", retry_after("-1, soon"), &["429"]),
        case("permanent 500", status(500, &[]), &["500"]),
        case("permanent 503", status(503, &["Retry-After: 1"]), &["503"]),
        case(
            "a redirect to itself",
            status(302, &["Location: /v2/campaigns?limit=25&page=1"]),
            &["redirect", "302", "elsewhere"],
        ),
    ]
}

/// JSON without the documented fields or types.
pub fn unexpected_json() -> Vec<ErrorCase> {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let bodies = [
        ("a list", "[]"),
        ("a text", "\"hello\""),
        ("null", "null"),
        ("an empty object", "{}"),
        ("a code that is a text", r#"{"code":"1","current_count":0,"current_page":1,"results":[]}"#),
        ("an unknown code", r#"{"code":2,"current_count":0,"current_page":1,"results":[]}"#),
        ("no results", r#"{"code":1}"#),
        (
            "results that are not a list",
            r#"{"code":1,"current_count":1,"current_page":1,"results":{"id":"P9dRk2XyM5vHs8LqT1Fz"}}"#,
        ),
        ("a result that is null", r#"{"code":1,"current_count":1,"current_page":1,"results":[null]}"#),
        ("a result of other types", r#"{"code":1,"current_count":1,"current_page":1,"results":[{"id":5,"name":[]}]}"#),
        ("a number that overflows", r#"{"code":1e999,"results":[]}"#),
    ];
    let mut cases: Vec<ErrorCase> = bodies.into_iter().map(|(name, text)| case(name, body(text), UNEXPECTED)).collect();
    cases.push(case("deep nesting", body(deep), &["json", "deep", "nest", "recursion", "expect"]));
    cases
}
