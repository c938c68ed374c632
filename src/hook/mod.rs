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

use std::io::Read;
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

/// Decides about the call that a client writes to `input`. An error of reading is ignored, because an input that was cut off is
/// handled like one that is not valid.
pub(crate) fn respond(client: Client, policy: Policy, mut input: impl Read) -> Response {
    let mut start = Vec::new();
    // One byte above the limit shows that the input is too long.
    let _ = input.by_ref().take(MAX_INPUT as u64 + 1).read_to_end(&mut start);
    if start.len() > MAX_INPUT {
        respond_to_long_input(client, start, input)
    } else {
        respond_to_input(client, policy, &start)
    }
}

/// Stops a call that is too long to be checked, if its input names an operation anywhere. It may be about any other tool.
fn respond_to_long_input(client: Client, mut part: Vec<u8>, mut input: impl Read) -> Response {
    /// The number of bytes of a part that are searched again with the next one: a name may be in both.
    const OVERLAP: usize = 64 << 10;
    loop {
        if input::names_operation(&part) {
            let reason = reason::unreadable_input(&format!("it is longer than {} MiB", MAX_INPUT >> 20));
            return client.response(&Decision::Deny(reason), InputStyle::default());
        }
        part.drain(..part.len() - OVERLAP);
        let _ = input.by_ref().take(MAX_INPUT as u64).read_to_end(&mut part);
        if part.len() == OVERLAP {
            return Response::default();
        }
    }
}

fn respond_to_input(client: Client, policy: Policy, input: &[u8]) -> Response {
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
