//! The arguments of the commands that AI clients run.

use std::path::PathBuf;

use clap::Args as Options;

use crate::hook::{Client, OnReview};

#[derive(Debug, Options)]
#[command(after_help = "\
AI clients run this command before each tool call; docs/agents.md describes the setup. It reads the client's JSON from standard input \
and prints a decision only if a call of CreateCustomerPortal or EditCustomerPortal must not be sent as it is. It checks the body in \
the project of the client's working folder, writes nothing, and uses no network. The exit code is 0 (for Codex: 2 with a denial).")]
pub(super) struct HookArgs {
    /// The client that runs the hook
    #[arg(long, value_name = "CLIENT", value_enum)]
    pub agent: Client,
    /// What to do if the verdict is review
    #[arg(long, value_name = "ACTION", value_enum, default_value_t = OnReview::Ask)]
    pub on_review: OnReview,
    /// Stop the call if the verdict is review (the same as --on-review deny)
    #[arg(long, conflicts_with = "on_review")]
    pub strict: bool,
}

#[derive(Debug, Options)]
#[command(after_help = "\
AI clients start this command; docs/agents.md describes the setup. The tools read files inside the root, write nothing, and use no \
network. Exit codes: 0 the client closed the connection; 2 the server could not start.")]
pub(super) struct McpArgs {
    /// The folder that the tools may read; not the home folder or a folder above it [default: the current folder]
    #[arg(long, value_name = "FOLDER")]
    pub root: Option<PathBuf>,
}
