//! What the hook and the MCP server have in common: they check the body of an agent in its project and describe the result.

mod canonical_json;
pub(crate) mod check;
pub(crate) mod escape;
pub(crate) mod help;
pub(crate) mod own_tools;
pub(crate) mod question;
pub(crate) mod review;
