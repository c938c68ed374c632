//! `portal-lint hook`: decides about a tool call that an AI client is about to make.

use std::io::{self, Write};

use super::Failure;
use super::agent_args::HookArgs;
use super::streams::stderr;
use crate::hook::client::Response;
use crate::hook::{Client, OnReview, Policy, respond, response_to_failure};

/// Reads the call that a client is about to make, and prints the decision. Returns the exit code.
pub(super) fn run(options: &HookArgs, out: &mut dyn Write) -> Result<u8, Failure> {
    deny_on_panic(options.agent);
    let on_review = if options.strict { OnReview::Deny } else { options.on_review };
    let response = respond(options.agent, Policy { on_review }, io::stdin().lock());
    out.write_all(response.stdout.as_bytes())?;
    out.flush()?;
    stderr().write_all(response.stderr.as_bytes())?;
    Ok(response.exit_code)
}

/// Makes a panic deny the call. A release build aborts on a panic, and some clients treat a hook that crashed as if it allowed the
/// call.
pub fn deny_on_panic(client: Client) {
    std::panic::set_hook(Box::new(move |panic| {
        let Response { stdout, stderr, exit_code } = response_to_failure(client);
        // If a stream is closed, there is nobody to tell.
        let _ = io::stdout().write_all(stdout.as_bytes());
        let _ = writeln!(io::stderr(), "{stderr}portal-lint: {panic}");
        #[expect(
            clippy::disallowed_methods,
            reason = "when the panic hook returns, the program aborts without an exit code for the client"
        )]
        std::process::exit(exit_code.into());
    }));
}
