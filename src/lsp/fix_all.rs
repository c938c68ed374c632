//! Applies all safe fixes of a document as one edit: for the code actions, when they are offered or chosen, and for the command.

use gen_lsp_types as lsp;
use lsp_server::ErrorCode;
use serde::{Deserialize, Serialize};

use crate::base::diagnostic::Applicability;
use crate::engine::fix::apply_fixes;
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::request_context::RequestContext;
use crate::lsp::response::{RequestError, parse_params, to_json};
use crate::lsp::state::State;

/// The kind under which editors request all safe fixes, for example on save.
pub(super) const FIX_ALL: &str = "source.fixAll.portal-lint";

/// The `data` of an action whose edit is computed when the user chooses it.
#[derive(Deserialize, Serialize)]
struct DeferredEdit {
    uri: String,
    version: i32,
}

/// The action that applies `count` safe fixes. If the editor does not ask for the edit later, it is computed now; `None` if that fails.
pub(super) fn action(context: &RequestContext<'_>, kind: lsp::CodeActionKind, count: usize) -> Option<lsp::CodeAction> {
    let title = match count {
        1 => "apply the only safe fix in this file".to_owned(),
        count => format!("apply all {count} safe fixes in this file"),
    };
    let mut action = lsp::CodeAction { title, kind: Some(kind), ..lsp::CodeAction::default() };
    if context.client.resolves_edits {
        let deferred = DeferredEdit { uri: context.uri.to_owned(), version: context.document.version };
        action.data = to_json(deferred).ok();
    } else {
        action.edit = Some(workspace_edit(context).ok()??);
    }
    Some(action)
}

/// Handles `codeAction/resolve`: adds the edit to an action.
///
/// # Errors
///
/// If the action is not from this server, if the document has changed since, or if the edit is impossible.
pub(super) fn resolve(
    state: &State,
    client: &ClientCapabilities,
    action: lsp::CodeAction,
) -> Result<lsp::CodeAction, RequestError> {
    // The other actions have their edits from the start.
    if action.edit.is_some() || action.disabled.is_some() {
        return Ok(action);
    }
    let data = action.data.clone().ok_or_else(RequestError::invalid_params)?;
    let DeferredEdit { uri, version } = parse_params(data)?;
    let context = state.request_context(&uri, client).ok_or_else(RequestError::not_open)?;
    if context.document.version != version {
        return Err(RequestError::outdated());
    }
    let edit = workspace_edit(&context)?.unwrap_or_default();
    Ok(lsp::CodeAction { edit: Some(edit), ..action })
}

/// The edit that applies every safe fix of the document. `None` if there is none.
///
/// # Errors
///
/// If a fix failed, as on the command line, or if the edit would contain a secret.
pub(super) fn workspace_edit(context: &RequestContext<'_>) -> Result<Option<lsp::WorkspaceEdit>, RequestError> {
    let Some(input) = context.analysis.file_id(context.uri).and_then(|file| context.analysis.input(file)) else {
        return Ok(None);
    };
    let text = context.document.source.text().to_owned();
    let fixed = apply_fixes(input, text, &context.analysis.settings, Applicability::Safe);
    if fixed.failed.is_some() {
        let message = "one of the fixes does not remove its finding: apply the fixes one by one";
        return Err(RequestError::new(ErrorCode::RequestFailed, message));
    }
    if fixed.applied.is_empty() {
        return Ok(None);
    }
    match context.edits_without_secrets(&fixed.text, &fixed.spans) {
        Some(edits) => Ok(Some(context.workspace_edit(&edits))),
        None => Err(RequestError::new(ErrorCode::RequestFailed, SECRET_REASON)),
    }
}

/// Why a fix with a secret is not offered.
pub(super) const SECRET_REASON: &str =
    "the fix contains a secret, which is never sent to an editor: use `portal-lint check --fix`";
