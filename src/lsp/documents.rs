//! The documents that are open in the editor, with their unsaved changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use gen_lsp_types::{Range, TextDocumentItem};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::base::file::{canonical_parent, display_path};
use crate::base::source::{Encoding, Format, Source};
use crate::lsp::{convert, uri};
use crate::settings::project::SETTINGS_FILE;

/// A document that is open in the editor.
#[derive(Debug)]
pub(super) struct OpenDocument {
    /// The editor's version number, which grows with every change.
    pub version: i32,
    pub source: Source,
    /// The path of its file. `None` for a document that is not a file, such as an unsaved one.
    pub path: Option<PathBuf>,
    /// The path with symbolic links resolved. The file itself need not exist.
    pub real_path: Option<PathBuf>,
}

impl OpenDocument {
    fn new(item: TextDocumentItem) -> Self {
        let path = uri::to_path(&item.uri.0);
        let name = match &path {
            Some(path) => display_path(path),
            None => with_extension(uri::display_name(&item.uri.0), &item.language_id.to_string()),
        };
        let real_path = path.as_deref().and_then(resolve_path);
        Self { version: item.version, source: new_source(name, item.text), path, real_path }
    }

    /// Whether it is a settings file.
    pub(super) fn is_settings(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path.file_name() == Some(OsStr::new(SETTINGS_FILE)))
    }

    fn apply(&mut self, change: Change, encoding: Encoding) {
        let text = match change.range {
            None => change.text,
            Some(range) => {
                let mut text = self.source.text().to_owned();
                text.replace_range(convert::span(&self.source, range, encoding).range(), &change.text);
                text
            }
        };
        self.source = new_source(self.source.name().to_owned(), text);
    }
}

/// The path with symbolic links resolved. A new file may not exist yet, but its folder does.
fn resolve_path(path: &Path) -> Option<PathBuf> {
    match path.canonicalize() {
        Ok(real_path) => Some(real_path),
        Err(_) => Some(canonical_parent(path).join(path.file_name()?)),
    }
}

/// A change that replaces the text in `range`, or the whole text if there is no range. The type of `gen_lsp_types` is not used, because
/// it accepts a change with an invalid range as a change of the whole text.
#[derive(Deserialize)]
struct Change {
    range: Option<Range>,
    text: String,
}

/// The new version of a document and the changes to apply. `None` if one of them is invalid.
fn parse_changes(params: &Json) -> Option<(i32, Vec<Change>)> {
    let version = i32::try_from(params["textDocument"]["version"].as_i64()?).ok()?;
    let mut changes = Vec::new();
    let mut has_invalid_change = false;
    for change in params["contentChanges"].as_array()? {
        let Ok(change) = Change::deserialize(change) else {
            has_invalid_change = true;
            continue;
        };
        // A change of the whole text replaces the changes before it, even invalid ones.
        if change.range.is_none() {
            changes.clear();
            has_invalid_change = false;
        }
        changes.push(change);
    }
    if has_invalid_change { None } else { Some((version, changes)) }
}

fn new_source(name: String, text: String) -> Source {
    let format = if name.rsplit('/').next() == Some(SETTINGS_FILE) {
        Format::Toml
    } else {
        Format::from_file_name(&name).unwrap_or_else(|| Format::sniff(&text))
    };
    Source::new(name, text, format)
}

/// Adds an extension to a name that has no known one, so that the document has the format that the user chose in the editor.
fn with_extension(name: String, language_id: &str) -> String {
    match language_id {
        "json" | "jsonc" | "yaml" if Format::from_file_name(&name).is_none() => format!("{name}.{language_id}"),
        _ => name,
    }
}

/// All open documents, by their URIs as the editor writes them.
#[derive(Debug, Default)]
pub(super) struct Documents {
    by_uri: BTreeMap<String, OpenDocument>,
    /// The URIs by real path. One file can be open under two URIs.
    uris_by_path: HashMap<PathBuf, BTreeSet<String>>,
    /// The documents that received an invalid change, so that their text differs from the editor's.
    out_of_sync: BTreeMap<String, OpenDocument>,
}

impl Documents {
    /// Adds a document.
    pub(super) fn open(&mut self, item: TextDocumentItem) {
        let uri = item.uri.0.clone();
        self.close(&uri);
        self.insert(uri, OpenDocument::new(item));
    }

    fn insert(&mut self, uri: String, document: OpenDocument) {
        if let Some(path) = &document.real_path {
            self.uris_by_path.entry(path.clone()).or_default().insert(uri.clone());
        }
        self.by_uri.insert(uri, document);
    }

    fn remove(&mut self, uri: &str) -> Option<OpenDocument> {
        let document = self.by_uri.remove(uri)?;
        if let Some(path) = &document.real_path
            && let Some(uris) = self.uris_by_path.get_mut(path)
        {
            uris.remove(uri);
            if uris.is_empty() {
                self.uris_by_path.remove(path);
            }
        }
        Some(document)
    }

    /// Applies `textDocument/didChange` to a document, if it is open. Returns `None` if the changes are invalid: the document then
    /// counts as closed until the editor sends its whole text, because its text differs from the editor's.
    pub(super) fn change(&mut self, uri: &str, params: &Json, encoding: Encoding) -> Option<()> {
        let Some((version, changes)) = parse_changes(params) else {
            let document = self.remove(uri)?;
            self.out_of_sync.insert(uri.to_owned(), document);
            return None;
        };
        let starts_with_full_text = changes.first().is_some_and(|change| change.range.is_none());
        if starts_with_full_text && let Some(document) = self.out_of_sync.remove(uri) {
            self.insert(uri.to_owned(), document);
        }
        if let Some(document) = self.by_uri.get_mut(uri) {
            document.version = version;
            for change in changes {
                document.apply(change, encoding);
            }
        }
        Some(())
    }

    /// Removes a document. From now on, the check reads its file from disk.
    pub(super) fn close(&mut self, uri: &str) {
        self.remove(uri);
        self.out_of_sync.remove(uri);
    }

    pub(super) fn get(&self, uri: &str) -> Option<&OpenDocument> {
        self.by_uri.get(uri)
    }

    /// The open document for a file, with its URI.
    pub(super) fn with_real_path(&self, real_path: &Path) -> Option<(&str, &OpenDocument)> {
        let uri = self.uris_by_path.get(real_path)?.first()?;
        Some((uri.as_str(), self.by_uri.get(uri)?))
    }

    /// All open documents with their URIs.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &OpenDocument)> {
        self.by_uri.iter().map(|(uri, document)| (uri.as_str(), document))
    }
}
