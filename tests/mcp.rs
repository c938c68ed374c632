//! `portal-lint mcp`: both kinds of the protocol, the tools, the limits, and what a model must not be able to do.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "mcp/bad_input.rs"]
mod bad_input;
#[path = "mcp/client.rs"]
mod client;
#[path = "mcp/limits.rs"]
mod limits;
#[path = "mcp/protocol.rs"]
mod protocol;
#[path = "mcp/security.rs"]
mod security;
mod support;
#[path = "mcp/tools.rs"]
mod tools;
