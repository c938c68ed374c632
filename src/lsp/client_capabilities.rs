//! What the editor can do, as far as it matters here.
//!
//! Read by pointers and not into the protocol's types: those hold some hundred capabilities that nobody asks for here, and
//! one of them in a shape of its own would be a reason not to start.

use std::path::PathBuf;

use serde_json::Value as Json;

use crate::base::source::Encoding;
use crate::lsp::uri;

/// Which edits an editor makes: each of these with those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edits {
    /// Of texts, whatever version they are in.
    #[default]
    Plain,
    /// Of a version of a text.
    Versioned,
    /// Of files as well: it creates them.
    Files,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Client {
    /// In what it counts.
    pub encoding: Encoding,
    /// Which edits it makes.
    pub edits: Edits,
    /// It shows actions that cannot be taken, with the reason.
    pub shows_disabled: bool,
    /// It can be asked to tell of changed files.
    pub watches_files: bool,
    /// It shows Markdown.
    pub reads_markdown: bool,
    /// Its process.
    pub process: Option<u32>,
    /// The folders that are open in it.
    pub folders: Vec<PathBuf>,
}

impl Client {
    /// From the parameters of `initialize`. What is not there is not offered.
    pub fn of(params: &Json) -> Self {
        let at = |pointer: &str| params.pointer(&format!("/capabilities/{pointer}"));
        let can = |pointer| at(pointer).and_then(Json::as_bool) == Some(true);
        let says = |pointer, word: &str| {
            at(pointer).and_then(Json::as_array).is_some_and(|list| list.iter().any(|one| one == word))
        };
        Self {
            encoding: at("general/positionEncodings")
                .and_then(Json::as_array)
                .map_or_else(Encoding::default, |list| encoding(list)),
            edits: match can("workspace/workspaceEdit/documentChanges") {
                true if says("workspace/workspaceEdit/resourceOperations", "create") => Edits::Files,
                true => Edits::Versioned,
                false => Edits::Plain,
            },
            shows_disabled: can("textDocument/codeAction/disabledSupport"),
            watches_files: can("workspace/didChangeWatchedFiles/dynamicRegistration"),
            reads_markdown: says("textDocument/hover/contentFormat", "markdown"),
            process: params["processId"].as_u64().and_then(|id| u32::try_from(id).ok()),
            folders: folders(params),
        }
    }
}

/// Bytes need no counting, characters less than units of UTF-16; without a word it is the last.
fn encoding(offered: &[Json]) -> Encoding {
    let known = [("utf-8", Encoding::Utf8), ("utf-32", Encoding::Utf32), ("utf-16", Encoding::Utf16)];
    let mut known = known.into_iter();
    known.find(|(word, _)| offered.iter().any(|one| one == word)).map_or_else(Encoding::default, |(_, one)| one)
}

fn folders(params: &Json) -> Vec<PathBuf> {
    let path = |uri: &Json| uri::to_path(uri.as_str()?);
    match params["workspaceFolders"].as_array() {
        Some(folders) => folders.iter().filter_map(|folder| path(&folder["uri"])).collect(),
        None => path(&params["rootUri"]).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::lsp::client_capabilities::*;
    use serde_json::json;

    #[test]
    fn the_encoding_is_the_best_of_those_offered_and_utf_16_without_a_word() {
        for (offered, encoding) in [
            (json!(["utf-16", "utf-8"]), Encoding::Utf8),
            (json!(["utf-32", "utf-16"]), Encoding::Utf32),
            (json!(["utf-7"]), Encoding::Utf16),
            (json!([]), Encoding::Utf16),
            (json!(null), Encoding::Utf16),
        ] {
            let params = json!({ "capabilities": { "general": { "positionEncodings": offered } } });
            assert_eq!(Client::of(&params).encoding, encoding, "{params}");
        }
        assert_eq!(Client::of(&json!(null)).encoding, Encoding::Utf16);
    }
}
