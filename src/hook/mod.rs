//! The hook that an AI client runs before each tool call: it stops calls of CreateCustomerPortal and EditCustomerPortal whose body
//! does not pass the preflight.
//!
//! 1. [`input`] parses the JSON that the client writes: the name of the tool and its arguments.
//! 2. [`call`] finds the calls to check, because clients match tools in different ways, and some ignore matchers. [`operation`] recognizes
//!    the names of the two operations. [`hints`] recognizes other calls by the words around a portal ([`vocabulary`]).
//! 3. [`body`] finds the body of a call in the arguments, and [`portal_id`] the ID of the portal to edit.
//! 4. The body is checked like a file, and [`decision`] decides by the verdict. [`reason`] describes it.
//! 5. [`client`] writes the decision in the format of the client.
//!
//! A call that cannot be understood but names one of the operations is stopped. For everything else the hook prints nothing: an
//! explicit "allow" would skip the client's own prompts.

mod body;
mod call;
pub mod client;
mod decision;
mod hints;
mod input;
mod operation;
mod portal_id;
mod reason;
mod vocabulary;

use std::io::Read;
use std::path::{Path, PathBuf};

use call::{Call, find_calls};
pub use client::Client;
use client::Response;
use decision::Decision;
pub use decision::{OnReview, Policy};
use input::{HookInput, InputStyle};

use crate::agent::check::check_body;
use crate::agent::review::Review;
use crate::model::portal::operation_name;
use crate::settings::projects::SettingsLookup;

/// The maximum number of bytes of an input. A body has at most 8 MiB, and escapes make it longer.
pub(crate) const MAX_INPUT: usize = 64 << 20;

/// Decides about the call that a client writes to `input`. Errors of reading are ignored, because the input is then incomplete, and
/// handled like one that is not valid JSON.
pub(crate) fn respond(client: Client, policy: Policy, mut input: impl Read) -> Response {
    let mut bytes = Vec::new();
    // One more byte than the limit shows that the input is too long.
    let _ = input.by_ref().take(MAX_INPUT as u64 + 1).read_to_end(&mut bytes);
    if bytes.len() > MAX_INPUT {
        respond_to_long_input(client, bytes, input)
    } else {
        respond_to_input(client, policy, &bytes)
    }
}

/// Stops a call that is too long to be checked, if any part of its input names an operation. Otherwise, it is a call of another tool.
/// `chunk` is the start of the input, and `rest` what follows.
fn respond_to_long_input(client: Client, mut chunk: Vec<u8>, mut rest: impl Read) -> Response {
    /// The number of bytes of a chunk that are searched again together with the next one, because a name may be in both.
    const OVERLAP: usize = 64 << 10;
    loop {
        if input::names_operation(&chunk) {
            let reason = reason::unreadable_input(&format!("it is longer than {} MiB", MAX_INPUT >> 20));
            return client.response(&Decision::Deny(reason), InputStyle::Unknown);
        }
        chunk.drain(..chunk.len() - OVERLAP);
        let _ = rest.by_ref().take(MAX_INPUT as u64).read_to_end(&mut chunk);
        if chunk.len() == OVERLAP {
            return Response::default();
        }
    }
}

fn respond_to_input(client: Client, policy: Policy, input: &[u8]) -> Response {
    let (decision, style) = match HookInput::parse(input) {
        Ok(input) => (decide(client, policy, &input), input.style()),
        // The input may be about any tool. Stop only a call that would be checked if the input were valid.
        Err(error) if input::names_operation(input) => {
            (Decision::Deny(reason::unreadable_input(&error)), InputStyle::Unknown)
        }
        Err(_) => (Decision::Pass, InputStyle::Unknown),
    };
    client.response(&decision, style)
}

/// The response to a failure of the program itself.
pub fn response_to_failure(client: Client) -> Response {
    client.response(&Decision::Deny(reason::failure()), InputStyle::Unknown)
}

/// Decides about all calls in an input. The strictest decision counts.
fn decide(client: Client, policy: Policy, input: &HookInput) -> Decision {
    let folder = working_folder(input);
    let mut strictest = Decision::Pass;
    for call in find_calls(input) {
        strictest = strictest.max(decide_call(client, policy, call, &folder));
        if matches!(strictest, Decision::Deny(_)) {
            break;
        }
    }
    strictest
}

fn decide_call(client: Client, policy: Policy, call: Call, folder: &Path) -> Decision {
    let operation = operation_name(call.operation);
    match call.body {
        Err(problem) => Decision::Deny(reason::unreadable_body(operation, problem)),
        Ok(body) => {
            let checked = check_body(body.into_bytes(), true, Some(call.operation), folder, &SettingsLookup::Nearest);
            let review = Review::new(&checked.report);
            policy.decide(&review, client.can_ask(), || reason::describe(operation, &review, &checked))
        }
    }
}

/// The folder that the client works in, or the folder that the hook was started in if the input names no folder that exists.
fn working_folder(input: &HookInput) -> PathBuf {
    match input.working_folder() {
        Some(folder) if folder.is_dir() => folder,
        _ => Path::new(".").to_owned(),
    }
}
