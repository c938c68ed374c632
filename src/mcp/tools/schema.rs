//! The descriptions and input schemas of the tools. A description has at most 300 characters and starts with when to call the tool.

use serde_json::{Value as Json, json};

use crate::agent::own_tools::{CHECK, EXPLAIN, FIX, OwnTool, PREFLIGHT};
use crate::mcp::arguments::MAX_NUMBER;

const PREFLIGHT_DESCRIPTION: &str = "Call this before every CreateCustomerPortal or EditCustomerPortal, and send the body only if the \
verdict is go. Returns the verdict (go, review, no-go), what to fix, what to review, what to ask the user, and what could not be \
verified. Pass the body, or the path of a file.";
const CHECK_DESCRIPTION: &str = "Call this while drafting a portal. Returns all findings, errors first, with the location, what is \
wrong, and what to do. Use `offset` to read the findings that `truncated` counts. Pass the body, or the path of a file.";
const FIX_DESCRIPTION: &str = "Call this to get the edits of automatic fixes. It never writes: apply the edits yourself. Returns the \
edits ([start, end, replacement], in bytes of the text that was passed) and the findings that remain after them. Pass the body, or \
the path of a file.";
const EXPLAIN_DESCRIPTION: &str =
    "Call this if a finding is unclear. Returns what the rule checks, how to fix it, and why it matters.";

/// The list of tools.
pub(in crate::mcp) fn list() -> Json {
    let limit = json!({ "type": "integer", "minimum": 0, "maximum": MAX_NUMBER, "description": "The maximum number of findings to return (default: 50)" });
    let offset = json!({ "type": "integer", "minimum": 0, "maximum": MAX_NUMBER, "description": "The number of findings to skip (default: 0)" });
    let fix_unsafe = json!({ "type": "boolean", "description": "Also return fixes that may change the meaning" });
    let return_body = json!({ "type": "boolean", "description": "Also return the fixed text, with secrets masked" });
    let rule = json!({ "type": "string", "description": "The code of a finding, the name of a rule, or an item of the guide (V12)" });
    json!([
        tool(&PREFLIGHT, "Preflight a portal", PREFLIGHT_DESCRIPTION, &portal_properties(&[]), &[]),
        tool(
            &CHECK,
            "Check a portal",
            CHECK_DESCRIPTION,
            &portal_properties(&[("limit", limit), ("offset", offset)]),
            &[]
        ),
        tool(
            &FIX,
            "Fix a portal",
            FIX_DESCRIPTION,
            &portal_properties(&[("unsafe", fix_unsafe), ("return_body", return_body)]),
            &[]
        ),
        tool(&EXPLAIN, "Explain a rule", EXPLAIN_DESCRIPTION, &json!({ "rule": rule }), &["rule"]),
    ])
}

fn tool(tool: &OwnTool, title: &str, description: &str, properties: &Json, required: &[&str]) -> Json {
    json!({
        "name": tool.name,
        "title": title,
        "description": description,
        "inputSchema": {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        },
        "annotations": {
            "title": title,
            "readOnlyHint": true,
            "destructiveHint": false,
            "idempotentHint": true,
            "openWorldHint": false,
        },
    })
}

/// The input properties of a tool that checks a portal: those that all such tools have, and others.
fn portal_properties(others: &[(&str, Json)]) -> Json {
    let mut properties = json!({
        "body": {
            "anyOf": [{ "type": "object" }, { "type": "string" }],
            "description": "The body of the request, as an object or as JSON or YAML text",
        },
        "path": { "type": "string", "description": "A file below the server's root, instead of `body`" },
        "kind": {
            "type": "string",
            "enum": ["auto", "create", "edit", "export"],
            "description": "The kind of body; auto detects it",
        },
    });
    for (name, schema) in others {
        properties[name] = schema.clone();
    }
    properties
}
