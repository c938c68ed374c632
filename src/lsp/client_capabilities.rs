//! The capabilities of the editor that the server uses.
//!
//! They are read with JSON Pointers and not deserialized into the protocol's types. Those have about a hundred more fields, and if an
//! editor sent one of them in an unexpected form, the server could not start.

use std::path::PathBuf;

use serde_json::Value as Json;

use crate::base::source::Encoding;
use crate::lsp::uri;

/// Which workspace edits an editor supports. Each level includes the ones before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EditSupport {
    /// Edits of documents, without a version (`changes`).
    #[default]
    Unversioned,
    /// Edits of a given version of a document (`documentChanges`).
    Versioned,
    /// Also the creation of files (`resourceOperations`).
    CreatesFiles,
}

/// See the module documentation.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of the protocol")]
pub(super) struct ClientCapabilities {
    /// The unit of positions, chosen from those that the editor offers.
    pub encoding: Encoding,
    pub edit_support: EditSupport,
    /// Whether it shows disabled code actions with the reason.
    pub shows_disabled_actions: bool,
    /// Whether it accepts a registration for `workspace/didChangeWatchedFiles`.
    pub watches_files: bool,
    /// Whether it asks for diagnostics, so that none are published.
    pub pulls_diagnostics: bool,
    /// Whether a report on a document may contain the diagnostics of other documents.
    pub accepts_related_diagnostics: bool,
    /// Whether it accepts a request to ask for all diagnostics again.
    pub refreshes_diagnostics: bool,
    /// Whether it accepts a request to ask for all inlay hints again.
    pub refreshes_inlay_hints: bool,
    /// Whether it applies edits that the server sends.
    pub applies_edits: bool,
    /// Whether it asks for the edit of a code action when the user chooses the action.
    pub resolves_edits: bool,
    /// Whether it accepts progress that no request asked for.
    pub creates_progress: bool,
    /// Whether it renders Markdown in hovers.
    pub renders_markdown: bool,
    /// Whether it renders Markdown in completions.
    pub renders_markdown_in_completions: bool,
    /// The editor's process.
    pub process_id: Option<u32>,
    /// The workspace folders, which may change during the session.
    pub folders: Vec<PathBuf>,
}

impl ClientCapabilities {
    /// Reads the parameters of `initialize`. A capability that is absent or invalid counts as unsupported.
    pub(super) fn from_initialize_params(params: &Json) -> Self {
        let capabilities = &params["capabilities"];
        Self {
            encoding: choose_encoding(capabilities),
            edit_support: read_edit_support(capabilities),
            shows_disabled_actions: has_flag(capabilities, "/textDocument/codeAction/disabledSupport"),
            watches_files: has_flag(capabilities, "/workspace/didChangeWatchedFiles/dynamicRegistration"),
            pulls_diagnostics: capabilities.pointer("/textDocument/diagnostic").is_some_and(Json::is_object),
            accepts_related_diagnostics: has_flag(capabilities, "/textDocument/diagnostic/relatedDocumentSupport"),
            refreshes_diagnostics: has_flag(capabilities, "/workspace/diagnostics/refreshSupport"),
            refreshes_inlay_hints: has_flag(capabilities, "/workspace/inlayHint/refreshSupport"),
            applies_edits: has_flag(capabilities, "/workspace/applyEdit"),
            resolves_edits: has_flag(capabilities, "/textDocument/codeAction/dataSupport")
                && has_option(capabilities, "/textDocument/codeAction/resolveSupport/properties", "edit"),
            creates_progress: has_flag(capabilities, "/window/workDoneProgress"),
            renders_markdown: has_option(capabilities, "/textDocument/hover/contentFormat", "markdown"),
            renders_markdown_in_completions: has_option(
                capabilities,
                "/textDocument/completion/completionItem/documentationFormat",
                "markdown",
            ),
            process_id: read_process_id(params),
            folders: workspace_folders(params),
        }
    }

    /// Handles `workspace/didChangeWorkspaceFolders`. Returns `None` if the parameters are invalid.
    pub(super) fn change_folders(&mut self, params: &Json) -> Option<()> {
        let removed = folder_paths(&params["event"]["removed"])?;
        let added = folder_paths(&params["event"]["added"])?;
        self.folders.retain(|folder| !removed.contains(folder));
        for folder in added {
            if !self.folders.contains(&folder) {
                self.folders.push(folder);
            }
        }
        Some(())
    }
}

/// The paths of a list of workspace folders. Folders that are not on this computer are left out. `None` if the list is invalid.
fn folder_paths(folders: &Json) -> Option<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for folder in folders.as_array()? {
        paths.extend(uri::to_path(folder["uri"].as_str()?));
    }
    Some(paths)
}

/// Whether the capability at this JSON Pointer is `true`.
fn has_flag(capabilities: &Json, pointer: &str) -> bool {
    capabilities.pointer(pointer) == Some(&Json::Bool(true))
}

/// Whether the capability at this JSON Pointer is a list that contains `option`.
fn has_option(capabilities: &Json, pointer: &str, option: &str) -> bool {
    match capabilities.pointer(pointer) {
        Some(Json::Array(options)) => options.iter().any(|supported| supported == option),
        _ => false,
    }
}

/// Chooses the offered encoding that is cheapest to compute. LSP requires UTF-16 if the editor offers none.
fn choose_encoding(capabilities: &Json) -> Encoding {
    // UTF-8 offsets need no conversion; characters are simpler to count than UTF-16 units.
    for (name, encoding) in [("utf-8", Encoding::Utf8), ("utf-32", Encoding::Utf32), ("utf-16", Encoding::Utf16)] {
        if has_option(capabilities, "/general/positionEncodings", name) {
            return encoding;
        }
    }
    Encoding::default()
}

fn read_edit_support(capabilities: &Json) -> EditSupport {
    if !has_flag(capabilities, "/workspace/workspaceEdit/documentChanges") {
        EditSupport::Unversioned
    } else if has_option(capabilities, "/workspace/workspaceEdit/resourceOperations", "create") {
        EditSupport::CreatesFiles
    } else {
        EditSupport::Versioned
    }
}

fn read_process_id(params: &Json) -> Option<u32> {
    u32::try_from(params["processId"].as_u64()?).ok()
}

/// `workspaceFolders`, or `rootUri` for editors that support only one folder.
fn workspace_folders(params: &Json) -> Vec<PathBuf> {
    match folder_paths(&params["workspaceFolders"]) {
        Some(folders) => folders,
        None => params["rootUri"].as_str().and_then(uri::to_path).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::lsp::client_capabilities::*;
    use serde_json::json;

    #[test]
    fn chooses_the_cheapest_encoding_and_utf_16_by_default() {
        for (offered, encoding) in [
            (json!(["utf-16", "utf-8"]), Encoding::Utf8),
            (json!(["utf-32", "utf-16"]), Encoding::Utf32),
            (json!(["utf-7"]), Encoding::Utf16),
            (json!([]), Encoding::Utf16),
            (json!(null), Encoding::Utf16),
        ] {
            let params = json!({ "capabilities": { "general": { "positionEncodings": offered } } });
            assert_eq!(ClientCapabilities::from_initialize_params(&params).encoding, encoding, "{params}");
        }
        assert_eq!(ClientCapabilities::from_initialize_params(&json!(null)).encoding, Encoding::Utf16);
    }
}
