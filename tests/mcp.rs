//! `portal-lint mcp`: both kinds of the protocol, the tools, the limits, and what a model must not be able to do.

mod bad_input;
mod client;
mod limits;
mod protocol;
mod security;
mod tools;
