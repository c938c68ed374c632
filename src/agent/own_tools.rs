//! The tools of the MCP server: their names and arguments. The hook lets their calls pass, because they send nothing.

/// A tool.
pub(crate) struct OwnTool {
    pub name: &'static str,
    pub arguments: &'static [&'static str],
}

pub(crate) const PREFLIGHT: OwnTool = OwnTool { name: "preflight_portal", arguments: &["body", "path", "kind"] };
pub(crate) const CHECK: OwnTool =
    OwnTool { name: "check_portal", arguments: &["body", "path", "kind", "limit", "offset"] };
pub(crate) const FIX: OwnTool =
    OwnTool { name: "fix_portal", arguments: &["body", "path", "kind", "unsafe", "return_body"] };
pub(crate) const EXPLAIN: OwnTool = OwnTool { name: "explain_rule", arguments: &["rule"] };

const OWN_TOOLS: [OwnTool; 4] = [PREFLIGHT, CHECK, FIX, EXPLAIN];

/// The names that `portal-lint init --agents` and the documentation give the server.
const SERVERS: [&str; 2] = ["portal-lint", "portal_lint"];

/// The tool that a client calls by this name, in the notation of any client: `mcp__portal-lint__check_portal` (Claude Code, Codex),
/// `mcp_portal-lint_check_portal` (Gemini CLI, VS Code) or `portal-lint-check_portal` (Copilot). In a plugin of Claude Code, the
/// name of the plugin precedes that of the server (`mcp__plugin_acme_portal-lint__check_portal`).
///
/// The whole name is compared: a tool of another server may contain these words and send the body.
pub(crate) fn own_tool(name: &str) -> Option<&'static OwnTool> {
    OWN_TOOLS.iter().find(|tool| {
        let Some(prefix) = name.strip_suffix(tool.name) else { return false };
        SERVERS.iter().any(|server| {
            let of_plugin = prefix.strip_prefix("mcp__plugin_").and_then(|prefix| prefix.strip_suffix("__"));
            let is_of_plugin = |prefix: &str| {
                prefix.strip_suffix(server).is_some_and(|rest| rest.ends_with('_') && !rest.contains("__"))
            };
            prefix == format!("mcp__{server}__")
                || prefix == format!("mcp_{server}_")
                || prefix == format!("{server}-")
                || of_plugin.is_some_and(is_of_plugin)
        })
    })
}
