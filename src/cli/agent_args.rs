//! The arguments of the commands that AI clients run.

use clap::Args as Options;

use crate::hook::{Client, OnReview};

#[derive(Debug, Options)]
#[command(after_help = "\
AI clients run this command before each tool call; docs/agents.md describes the setup. It reads the client's JSON from standard input \
and prints a decision only if a call of CreateCustomerPortal or EditCustomerPortal must not be sent as it is. It checks the body in \
the project of the client's working folder, writes nothing, and uses no network. The exit code is 0, for Codex 2 with a denial.")]
pub(super) struct HookArgs {
    /// The client that runs the hook
    #[arg(long, value_enum)]
    pub agent: Client,
    /// What to do if the verdict is review
    #[arg(long, value_enum, default_value_t = OnReview::Ask)]
    pub on_review: OnReview,
    /// Stop the call if the verdict is review (the same as --on-review deny)
    #[arg(long, conflicts_with = "on_review")]
    pub strict: bool,
}
