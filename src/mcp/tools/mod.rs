//! The tools, in a fixed order.

mod check;
mod explain;
mod fix;
mod preflight;
mod schema;

use serde_json::{Map, Value as Json};

use crate::agent::own_tools::{CHECK, EXPLAIN, FIX, PREFLIGHT};
use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::mcp::result::{failure, success};
use crate::mcp::root::Root;
pub(super) use schema::list;

/// The fields of a result.
type Fields = Map<String, Json>;

/// Calls a tool. `None` if there is no tool with this name. `text` is the line of the request.
pub(super) fn call(name: &str, arguments: &Map<String, Json>, text: Option<&[u8]>, root: &Root) -> Option<Json> {
    let arguments = &Arguments::new(arguments, text);
    let result: Result<Fields, ArgumentError> = if name == PREFLIGHT.name {
        preflight::call(arguments, root)
    } else if name == CHECK.name {
        check::call(arguments, root)
    } else if name == FIX.name {
        fix::call(arguments, root)
    } else if name == EXPLAIN.name {
        explain::call(arguments)
    } else {
        return None;
    };
    Some(match result {
        Ok(fields) => success(fields),
        Err(message) => failure(message),
    })
}
