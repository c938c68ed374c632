//! Everything that can go wrong between a question to the API and its answer, as rows: what happens, and the words one of
//! which has to be in the reason.

use super::api::{KEY, error_envelope};
use super::http::{Fault, answer, json};

pub struct Row {
    pub name: &'static str,
    pub fault: Fault,
    /// One of these, in lower case, names what happened.
    pub says: &'static [&'static str],
}

const CUT: &[&str] = &["cut", "closed", "ended", "broke", "half", "incomplete", "early", "end of"];
pub const LATE: &[&str] = &["time", "too long", "second", "within"];
const LARGE: &[&str] = &["large", "big", "too long", "more than", "mib", "mb", "bytes"];
const GZIP: &[&str] = &["gzip", "encod", "json", "decompress", "understood"];
const SHAPE: &[&str] = &[
    "expect",
    "form",
    "shape",
    "code",
    "`results`",
    " id",
    "document",
    "understood",
    "not a list",
    "no json",
    "no object",
];

/// A successful answer that is to be read as JSON, whatever it is.
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
    Fault::Bytes(answer(status, &headers, "<html><body><h1>This is not what you asked for</h1></body></html>"))
}

fn envelope(status: u16, code: &str, message: &str) -> Fault {
    Fault::Bytes(json(status, &error_envelope(code, message).to_string()))
}

fn row(name: &'static str, fault: Fault, says: &'static [&'static str]) -> Row {
    Row { name, fault, says }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
const GIGABYTE: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n";
const SQUEEZED: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n";
const UNTIL_THE_END: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";

/// The connection breaks, or says too little, too slowly or too much.
pub fn of_the_connection() -> Vec<Row> {
    let half = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"code\": 1, \"resu";
    let filler = "1000\r\n".to_owned() + &" ".repeat(0x1000) + "\r\n";
    vec![
        row("reset", Fault::Reset, &["reset", "closed", "broke"]),
        row("closed without a word", bytes(""), CUT),
        row("half a head", bytes("HTTP/1.1 200 OK\r\nContent-Ty"), CUT),
        row("half an answer", bytes(half), CUT),
        row("half a chunked answer", bytes(&format!("{CHUNKED}10\r\n{{\"code\"")), CUT),
        row("silence", Fault::Silence, LATE),
        row("an answer in drips", Fault::Drip(CHUNKED, "1\r\n \r\n"), LATE),
        row(
            "a head in drips",
            Fault::Drip("HTTP/1.1 200 OK\r\n", "X-A: b\r\n"),
            &["time", "too long", "second", "within", "head"],
        ),
        row("a gigabyte, declared", Fault::Flood(GIGABYTE, " "), LARGE),
        row("a gigabyte, chunked", Fault::Flood(CHUNKED, filler.leak()), LARGE),
        row("a gigabyte until the end", Fault::Flood(UNTIL_THE_END, " "), LARGE),
        row(
            "a gigabyte of head",
            Fault::Flood("HTTP/1.1 200 OK\r\n", "X-Filler: aaaaaaaaaaaaaaaaaaaa\r\n"),
            &["large", "big", "head", "long"],
        ),
        row(
            "wait, for ever",
            Fault::Flood("", "HTTP/1.1 100 Continue\r\n\r\n"),
            &["time", "long", "second", "within", "100", "large", "big", "http"],
        ),
        row("another protocol", bytes("SSH-2.0-OpenSSH_9.6\r\n"), &["http", "protocol"]),
        row(
            "switching protocols",
            bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
            &["101", "protocol"],
        ),
    ]
}

/// The answer is an answer, but not the one that was asked for.
pub fn of_the_answer() -> Vec<Row> {
    let ok = r#"{"code":1,"current_count":1,"current_page":1,"results":[{"id":"P9dRk2XyM5vHs8LqT1Fz","name":"Acme"}]}"#;
    let later = |seconds: &str| status(429, &[&format!("Retry-After: {seconds}")]);
    vec![
        row("another type", Fault::Bytes(answer(200, &["Content-Type: text/html"], ok)), &["text/html", "type"]),
        row(
            "squeezed",
            Fault::Bytes([SQUEEZED.as_bytes(), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56"].concat()),
            GZIP,
        ),
        row("html", status(200, &[]), &["text/html", "type", "json"]),
        row("broken JSON", body(r#"{"code": 1, "results": ["#), &["json"]),
        row("nothing", body(""), &["json", "empty", "nothing"]),
        row("no content", bytes("HTTP/1.1 204 No Content\r\n\r\n"), &["204", "json", "empty", "nothing", "type"]),
        row("not UTF-8", body(b"{\"code\":1,\"results\":[\"\xff\xfe\"]}"), &["json", "utf-8"]),
        row("a bad key", envelope(401, "invalid_api_key", "the API key is not known"), &["invalid_api_key", "401"]),
        row(
            "the key in the message",
            envelope(401, "invalid_api_key", &format!("{KEY} is not known")),
            &["invalid_api_key", "401"],
        ),
        row(
            "control characters",
            envelope(403, "no", "\u{1b}[2J\u{1b}]0;x\u{7}\r\nerror: all is lost"),
            &["403", "no", "lost"],
        ),
        row("a long message", envelope(403, "denied", &"no ".repeat(100_000)), &["403", "denied"]),
        row(
            "no permission, with success",
            envelope(200, "permission_denied", "not for this key"),
            &["permission_denied", "not for this key"],
        ),
        row("403", status(403, &[]), &["403"]),
        row("404 of somebody else", status(404, &[]), &["404"]),
        row("429 for good", status(429, &[]), &["429"]),
        row("429 until tomorrow", later("86400"), &["429"]),
        row("429 until nonsense", later("-1, soon"), &["429"]),
        row("500 for good", status(500, &[]), &["500"]),
        row("503 for good", status(503, &["Retry-After: 1"]), &["503"]),
        row(
            "a redirect to itself",
            status(302, &["Location: /v2/campaigns?limit=25&page=1"]),
            &["redirect", "302", "elsewhere"],
        ),
    ]
}

/// JSON of another shape than the documentation has it.
pub fn of_the_shape() -> Vec<Row> {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let shapes = [
        ("a list", "[]"),
        ("a text", "\"hello\""),
        ("null", "null"),
        ("nothing in it", "{}"),
        ("a code that is a text", r#"{"code":"1","current_count":0,"current_page":1,"results":[]}"#),
        ("a code that is none", r#"{"code":2,"current_count":0,"current_page":1,"results":[]}"#),
        ("no results", r#"{"code":1}"#),
        (
            "results that are no list",
            r#"{"code":1,"current_count":1,"current_page":1,"results":{"id":"P9dRk2XyM5vHs8LqT1Fz"}}"#,
        ),
        ("a result that is nothing", r#"{"code":1,"current_count":1,"current_page":1,"results":[null]}"#),
        ("a result of other types", r#"{"code":1,"current_count":1,"current_page":1,"results":[{"id":5,"name":[]}]}"#),
        ("a code beyond all numbers", r#"{"code":1e999,"results":[]}"#),
    ];
    let mut rows: Vec<Row> = shapes.into_iter().map(|(name, text)| row(name, body(text), SHAPE)).collect();
    rows.push(row("depth", body(deep), &["json", "deep", "nest", "recursion", "expect"]));
    rows
}
