//! What `--online` asks, whom it asks, and what it makes of the answers; and that nothing else ever asks anybody anything.
//!
//! All servers are threads of this process on loopback: an API that speaks RevCent's envelopes, a DNS server, TLS servers with
//! certificates made on the spot, a captcha verifier, a proxy. The program is only ever run from outside.
//! `cargo test --test online -- --ignored --nocapture` starts them for curl, dig and openssl.

#![cfg(feature = "online")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_types, reason = "the servers of the tests have to listen")]

mod online {
    pub mod api;
    pub mod captcha;
    pub mod dns;
    pub mod http;
    pub mod proxy;
    pub mod server;
    pub mod tls;
    pub mod world;

    mod by_hand;
    mod fault_rows;
    mod faults;
    mod findings;
    mod hostile;
    mod hosts;
    mod kept;
    mod options;
    mod probes;
    mod pull;
    mod reported;
    mod sockets;
    #[cfg(target_os = "linux")]
    mod terminal;
}
mod support;
