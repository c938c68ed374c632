//! The hook that an AI client runs before each tool call: it stops calls of CreateCustomerPortal and EditCustomerPortal whose body
//! does not pass the preflight.
//!
//! Clients match tools in different ways, and some ignore matchers, so [`call`] decides which calls are checked. A call that cannot
//! be understood but names one of the operations is stopped. For everything else the hook prints nothing: an explicit "allow" would
//! skip the client's own prompts.

mod body;
mod call;
pub mod client;
mod decision;
mod input;
mod mention;
mod operation;
mod portal_id;
mod reason;
mod vocabulary;

use std::path::{Path, PathBuf};

use call::find_calls;
pub use client::Client;
use client::Response;
use decision::Decision;
pub use decision::{OnReview, Policy};
use input::{HookInput, InputStyle};

use crate::agent::check::check_body;
use crate::agent::review::Review;
use crate::model::portal::operation_name;
use crate::settings::projects::SettingsLookup;

/// The number of bytes of an input. A body has at most 8 MiB, and escapes make it longer.
pub(crate) const MAX_INPUT: usize = 64 << 20;

/// Decides about the call in the input of a client.
pub(crate) fn respond(client: Client, policy: Policy, input: &[u8]) -> Response {
    if input.len() > MAX_INPUT {
        // The name of the tool may be in the part that was not read.
        let reason = reason::unreadable_input(&format!("it is longer than {} MiB", MAX_INPUT >> 20));
        return client.response(&Decision::Deny(reason), InputStyle::default());
    }
    let (decision, style) = match HookInput::parse(input) {
        Ok(input) => (decide(client, policy, &input), input.style()),
        // The input may be about any tool. Stop only a call that could be checked if the input were valid.
        Err(error) if input::names_operation(input) => {
            (Decision::Deny(reason::unreadable_input(&error)), InputStyle::default())
        }
        Err(_) => (Decision::Pass, InputStyle::default()),
    };
    client.response(&decision, style)
}

/// The response to a failure of the program itself.
pub fn response_to_failure(client: Client) -> Response {
    client.response(&Decision::Deny(reason::failure()), InputStyle::Unknown)
}

fn decide(client: Client, policy: Policy, input: &HookInput) -> Decision {
    let folder = working_folder(input);
    let mut decision = Decision::Pass;
    for call in find_calls(input) {
        let operation = operation_name(call.operation);
        let own = match call.body {
            Err(problem) => Decision::Deny(reason::unreadable_body(operation, problem)),
            Ok(body) => {
                let checked =
                    check_body(body.into_bytes(), true, Some(call.operation), &folder, &SettingsLookup::Nearest);
                let review = Review::new(&checked.report);
                policy.decide(&review, client.can_ask(), || reason::describe(operation, &review, &checked))
            }
        };
        decision = decision.max(own);
        if matches!(decision, Decision::Deny(_)) {
            break;
        }
    }
    decision
}

/// The folder that the client works in. If it cannot be used, the folder that the hook was started in.
fn working_folder(input: &HookInput) -> PathBuf {
    match input.working_folder() {
        Some(folder) if folder.is_dir() => folder,
        _ => Path::new(".").to_owned(),
    }
}
