//! The capabilities of the editor that the server uses.
//!
//! They are read by JSON pointers, not deserialized into the protocol's types: those have about a hundred more fields, and an
//! editor that sends one of them in an unexpected form could not start the server.

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
pub(super) struct ClientCapabilities {
    /// The unit of positions, chosen from those the editor offers.
    pub encoding: Encoding,
    pub edit_support: EditSupport,
    /// Whether it shows disabled code actions with the reason.
    pub shows_disabled_actions: bool,
    /// Whether it accepts a registration for `workspace/didChangeWatchedFiles`.
    pub watches_files: bool,
    /// Whether it renders Markdown in hovers.
    pub renders_markdown: bool,
    /// The editor's process.
    pub process_id: Option<u32>,
    /// The workspace folders.
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
            renders_markdown: has_option(capabilities, "/textDocument/hover/contentFormat", "markdown"),
            process_id: read_process_id(params),
            folders: workspace_folders(params),
        }
    }
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
    let mut uris = Vec::new();
    match params["workspaceFolders"].as_array() {
        Some(folders) => uris.extend(folders.iter().map(|folder| &folder["uri"])),
        None => uris.push(&params["rootUri"]),
    }
    uris.into_iter().filter_map(Json::as_str).filter_map(uri::to_path).collect()
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
