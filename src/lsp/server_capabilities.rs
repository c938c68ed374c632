//! The capabilities of the server, for the response to `initialize`.

use gen_lsp_types as lsp;

use crate::base::source::Encoding;
use crate::lsp::{actions, commands, completion};

/// The result of `initialize`. `encoding` is the unit of positions that was chosen.
pub(super) fn initialize_result(encoding: Encoding) -> lsp::InitializeResult {
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::Incremental),
        save: Some(lsp::SaveOptions { include_text: Some(false) }.into()),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let actions = lsp::CodeActionOptions {
        code_action_kinds: Some(actions::action_kinds()),
        resolve_provider: Some(true),
        ..lsp::CodeActionOptions::default()
    };
    let diagnostics = lsp::DiagnosticOptions {
        identifier: Some(env!("CARGO_PKG_NAME").into()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        work_done_progress_options: lsp::WorkDoneProgressOptions { work_done_progress: Some(true) },
    };
    let commands = lsp::ExecuteCommandOptions {
        commands: commands::NAMES.map(str::to_owned).to_vec(),
        ..lsp::ExecuteCommandOptions::default()
    };
    let completion = lsp::CompletionOptions {
        trigger_characters: Some(completion::TRIGGER_CHARACTERS.map(str::to_owned).to_vec()),
        ..lsp::CompletionOptions::default()
    };
    let folders =
        lsp::WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(true.into()) };
    let workspace = lsp::WorkspaceOptions { workspace_folders: Some(folders), ..lsp::WorkspaceOptions::default() };
    let capabilities = lsp::ServerCapabilities {
        position_encoding: Some(match encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
            Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(sync.into()),
        hover_provider: Some(true.into()),
        code_action_provider: Some(actions.into()),
        diagnostic_provider: Some(diagnostics.into()),
        execute_command_provider: Some(commands),
        completion_provider: Some(completion),
        inlay_hint_provider: Some(true.into()),
        workspace: Some(workspace),
        ..lsp::ServerCapabilities::default()
    };
    let version = Some(env!("CARGO_PKG_VERSION").into());
    let server_info = Some(lsp::ServerInfo { name: env!("CARGO_PKG_NAME").into(), version });
    lsp::InitializeResult { capabilities, server_info }
}
