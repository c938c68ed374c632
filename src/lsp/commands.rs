//! The commands of `workspace/executeCommand`, for editors and key bindings that do not use code actions. Each command makes one edit,
//! which the server sends to the editor.

use gen_lsp_types as lsp;
use lsp_server::ErrorCode;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::base::diagnostic::Diagnostic;
use crate::base::sanitize::is_unprintable;
use crate::engine::decision::UNPRINTABLE_REASON;
use crate::lsp::allow_action::allowance;
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::fix_all;
use crate::lsp::request_context::RequestContext;
use crate::lsp::response::{RequestError, parse_params};
use crate::lsp::state::State;
use crate::lsp::workspace_edit::workspace_edit;
use crate::rules::selection::find_rule;
use crate::rules::wording;

const FIX_ALL: &str = "portal-lint.fixAll";
const ALLOW: &str = "portal-lint.allow";

/// The names of the commands.
pub(super) const NAMES: [&str; 2] = [FIX_ALL, ALLOW];

/// The document that a command is about, as the only argument.
#[derive(Deserialize)]
struct Target {
    uri: String,
    /// The version that the editor knows. Without it, the command applies to the current version.
    version: Option<i32>,
}

/// The finding to allow, in addition to [`Target`].
#[derive(Deserialize)]
struct AllowedFinding {
    /// The name or code of the rule.
    rule: String,
    /// The JSON Pointer of the finding, as in the `data` of its diagnostic. Needed only if the rule has several findings.
    pointer: Option<String>,
    /// The reason. Without it, the user has to add it in the file.
    #[serde(default)]
    reason: String,
}

/// The edit that a command makes. `None` if there is nothing to change.
///
/// # Errors
///
/// If the command or one of its arguments is unknown, or the command is impossible.
pub(super) fn edit_for_command(
    state: &State,
    client: &ClientCapabilities,
    params: lsp::ExecuteCommandParams,
) -> Result<Option<lsp::ApplyWorkspaceEditParams>, RequestError> {
    let lsp::ExecuteCommandParams { command, arguments, .. } = params;
    if !NAMES.contains(&command.as_str()) {
        let message = format!("{} is not a command of portal-lint", wording::quote(&command));
        return Err(RequestError::new(ErrorCode::InvalidParams, message));
    }
    if !client.applies_edits {
        return Err(RequestError::new(ErrorCode::RequestFailed, "the editor does not support `workspace/applyEdit`"));
    }
    let argument = match arguments.as_deref() {
        Some([argument]) => argument.clone(),
        _ => return Err(RequestError::new(ErrorCode::InvalidParams, format!("`{command}` takes one argument"))),
    };
    let target: Target = parse_argument(&command, &argument)?;
    let context = state.request_context(&target.uri, client).ok_or_else(RequestError::not_open)?;
    if target.version.is_some_and(|version| version != context.document.version) {
        return Err(RequestError::outdated());
    }
    let edit = match command.as_str() {
        FIX_ALL => fix_all::workspace_edit(&context)?,
        _ => allow_finding(&context, &parse_argument(&command, &argument)?)?,
    };
    Ok(edit.map(|edit| lsp::ApplyWorkspaceEditParams { label: Some(command), edit, metadata: None }))
}

fn parse_argument<P: serde::de::DeserializeOwned>(command: &str, argument: &Json) -> Result<P, RequestError> {
    parse_params(argument.clone()).map_err(|_| {
        let message = format!("the argument of `{command}` does not have the form that docs/editors.md describes");
        RequestError::new(ErrorCode::InvalidParams, message)
    })
}

fn allow_finding(
    context: &RequestContext<'_>,
    allowed: &AllowedFinding,
) -> Result<Option<lsp::WorkspaceEdit>, RequestError> {
    if allowed.reason.chars().any(is_unprintable) {
        return Err(RequestError::new(ErrorCode::InvalidParams, UNPRINTABLE_REASON));
    }
    let finding = find_finding(context, allowed)?;
    let allowance = allowance(context, finding, allowed.reason.trim_matches(' '))
        .ok_or_else(|| RequestError::new(ErrorCode::RequestFailed, "this finding cannot be allowed in this file"))?;
    Ok((!allowance.edits.edits.is_empty()).then(|| workspace_edit(allowance.edits, context.client)))
}

/// The finding to allow.
///
/// # Errors
///
/// If the rule is unknown, or if not exactly one finding matches. Several findings with the same pointer count as one, because one
/// decision allows all of them.
fn find_finding<'c>(context: &'c RequestContext<'_>, allowed: &AllowedFinding) -> Result<&'c Diagnostic, RequestError> {
    let AllowedFinding { rule: name, pointer, .. } = allowed;
    let Some(rule) = find_rule(name) else {
        let message = format!("there is no rule {}", wording::quote(name));
        return Err(RequestError::new(ErrorCode::InvalidParams, message));
    };
    let file = context.analysis.file_id(context.uri);
    let mut findings: Vec<&Diagnostic> = context.analysis.report.findings().collect();
    findings.retain(|finding| {
        let has_pointer = pointer.as_ref().is_none_or(|pointer| finding.pointer == *pointer);
        Some(finding.file) == file && finding.code == rule.code && has_pointer
    });
    match findings[..] {
        [first, ref others @ ..] if others.iter().all(|other| other.pointer == first.pointer) => Ok(first),
        [] => Err(RequestError::new(ErrorCode::RequestFailed, "the document has no such finding")),
        _ => {
            Err(RequestError::new(ErrorCode::InvalidParams, "several findings match: add the `pointer` of one of them"))
        }
    }
}
