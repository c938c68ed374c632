//! Tests of `--online`: which queries are sent where, and what the answers lead to; and that no query is sent without it.
//!
//! All servers are threads of this process on the loopback interface: an API with RevCent's response envelopes, a DNS server, TLS
//! servers with generated certificates, a captcha verifier, and a proxy. The tests run the program as a child process.
//! `cargo test --test main online:: -- --ignored --nocapture` keeps the servers running for curl, dig and openssl.

pub mod api;
pub mod captcha;
pub mod dns;
pub mod environment;
pub mod http;
pub mod proxy;
pub mod server;
pub mod tls;

mod api_error_cases;
mod api_errors;
mod findings;
mod hostile;
mod hosts;
mod key_in_responses;
mod manual_servers;
mod options;
mod probes;
mod pull;
mod pull_over_snapshot;
mod reported;
mod sockets;
mod story;
#[cfg(target_os = "linux")]
mod terminal;
