//! The integration tests, as one program, so that the library is linked once. `cargo test --test main MODULE::` runs one module.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod account;
mod allow;
mod architecture;
mod arguments;
mod bind;
mod checklists;
mod cli;
mod conventions;
mod detection;
mod fix;
mod fix_many;
mod fix_random;
mod fixtures;
mod formats;
mod front_matter;
#[cfg(unix)]
mod git;
mod hook;
#[cfg(unix)]
mod hostile_input;
mod html;
mod lsp;
mod matrix;
mod mcp;
#[cfg(feature = "online")]
#[expect(clippy::disallowed_types, reason = "the servers of the tests open sockets")]
mod online;
mod openapi;
mod outputs;
mod pages;
#[cfg(unix)]
mod paths;
#[cfg(unix)]
mod pipes;
mod plan;
mod preflight;
mod preview;
mod project;
mod property;
mod readme;
mod render;
mod safe_fixes;
mod secrets;
mod setup;
#[cfg(unix)]
mod special_files;
mod support;
#[cfg(unix)]
mod symlinks;
mod syntax_errors;
mod verdicts;
mod wording;
mod wrapped;
