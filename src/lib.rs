//! portal-lint checks RevCent Customer Portal configurations where they are written.
//!
//! The data flow, from the paths on the command line to the output. A module uses only modules above it in this list
//! (`tests/architecture.rs` checks this):
//!
//! ```text
//! base        source texts and positions, diagnostics, files, reading, dates     RCP900, RCP902
//! syntax      one spanned tree for JSON, JSONC and YAML; every syntax error      RCP901
//! schema      violations of the embedded schemas, and the rule that owns each
//! html        the tree of an HTML text, styles, visible text and shortcodes, with byte ranges
//! model       portals (create, edit, export), the account, secrets               RCP903
//! online      queries over the network and their answers; only with --online
//! rules       one rule a file; findings with byte ranges
//! settings    portal-lint.toml: projects, severities, suppressions               RCP910 to RCP914
//! engine      discovery, the check of each file, rules across files, the report, fixes
//! preflight   the guide's checklists, item by item, and a verdict
//! plan        the files compared with the account: what to create and what to edit
//! matrix      brands, campaigns, shops and domains against portals, with gaps and overlaps
//! render      one output format a file
//! agent       checks the body of an AI agent in its project
//! lsp         the language server
//! hook        decides about the tool calls of an AI agent
//! mcp         the MCP server: tools for an AI agent that drafts a portal
//! cli         the commands
//! ```
//!
//! [`engine::run::check`] takes files and [`settings::Settings`], and returns an [`engine::report::Report`]. It opens no socket. With
//! `--online`, a command passes `check_online`, which is next to it, the functions that send queries. `check_agent_body` first
//! decides which portal of the project the body of an agent replaces.

#![warn(unreachable_pub)]
#![cfg_attr(
    not(feature = "online"),
    expect(dead_code, reason = "without the feature, queries are still described, but nothing collects or sends them")
)]

mod agent;
pub mod base;
pub mod cli;
pub mod engine;
pub mod hook;
mod html;
mod lsp;
pub mod matrix;
mod mcp;
pub mod model;
pub mod online;
pub mod plan;
pub mod preflight;
pub mod render;
pub mod rules;
pub mod schema;
pub mod settings;
pub mod syntax;

/// What only the fuzz targets in `fuzz/` call.
#[cfg(fuzzing)]
pub mod fuzzing {
    use std::io::{self, BufRead, Write};

    /// Serves one editor, as the command `lsp` does.
    ///
    /// # Errors
    ///
    /// If the input is not LSP.
    pub fn serve_lsp(input: impl BufRead + Send + 'static, out: &mut dyn Write) -> io::Result<u8> {
        crate::lsp::serve(input, out)
    }
}
