//! The tools, in a fixed order.

mod check;
mod explain;
mod fix;
mod preflight;
mod schema;

use serde_json::{Map, Value as Json};

use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::mcp::result::{failure, success};
use crate::mcp::root::Root;
pub(super) use schema::list;

/// The fields of a result.
type Fields = Map<String, Json>;

/// Calls a tool. `None` if there is no tool with this name. `text` is the line of the request.
pub(super) fn call(name: &str, arguments: &Map<String, Json>, text: Option<&[u8]>, root: &Root) -> Option<Json> {
    let arguments = &Arguments::new(arguments, text);
    let result: Result<Fields, ArgumentError> = match name {
        schema::PREFLIGHT => preflight::call(arguments, root),
        schema::CHECK => check::call(arguments, root),
        schema::FIX => fix::call(arguments, root),
        schema::EXPLAIN => explain::call(arguments),
        _ => return None,
    };
    Some(match result {
        Ok(fields) => success(fields),
        Err(message) => failure(message),
    })
}
