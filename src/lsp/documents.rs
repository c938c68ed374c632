//! The texts that are open in the editor, as they are there and not on disk.

use crate::base::file;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use gen_lsp_types::{Range, TextDocumentItem};
use serde::Deserialize;
use serde_json::Value as Json;

use super::convert;
use super::uri;
use crate::base::file::canonical_parent;
use crate::base::source::{Encoding, Format, Source};
use crate::settings::project::NAME;

/// An open text.
#[derive(Debug)]
pub struct Document {
    /// As the editor counts them.
    pub version: i32,
    /// Its name and its text.
    pub source: Source,
    /// The file that it is the text of, if it is one's.
    pub path: Option<PathBuf>,
    /// The same, links followed. The file need not be there.
    pub real_path: Option<PathBuf>,
}

impl Document {
    fn new(item: TextDocumentItem) -> Self {
        let path = uri::to_path(&item.uri.0);
        let name = match &path {
            Some(path) => file::shown(path),
            None => with_ending(uri::name(&item.uri.0), &item.language_id.to_string()),
        };
        let would_be = |path: &PathBuf| Some(canonical_parent(path).join(path.file_name()?));
        let real_path = path.as_ref().and_then(|path| path.canonicalize().ok().or_else(|| would_be(path)));
        Self { version: item.version, source: source(name, item.text), path, real_path }
    }

    /// Whether it is the settings of a project.
    pub fn is_settings(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path.file_name().is_some_and(|name| name == NAME))
    }

    /// A place that is not in the text is moved to its nearest end.
    fn change(&mut self, change: Change, encoding: Encoding) {
        let text = match change.range {
            None => change.text,
            Some(range) => {
                let mut text = self.source.text().to_owned();
                text.replace_range(convert::span(&self.source, range, encoding).range(), &change.text);
                text
            }
        };
        self.source = source(self.source.name().to_owned(), text);
    }
}

/// A change of a text, or of the part of it that is in the range. Not the protocol's type: that takes a change with a range
/// which it cannot read for the whole text.
#[derive(Deserialize)]
struct Change {
    range: Option<Range>,
    text: String,
}

/// The version that a text is in now, and the changes that made it; `None` when they cannot all be read.
fn changes(params: &Json) -> Option<(i32, Vec<Change>)> {
    let version = i32::try_from(params["textDocument"]["version"].as_i64()?).ok()?;
    let changes = params["contentChanges"].as_array()?.iter().map(|change| Change::deserialize(change).ok());
    let mut changes: Vec<Option<Change>> = changes.collect();
    // Of what was changed before a whole text came, nothing is left.
    let whole = changes.iter().rposition(|change| change.as_ref().is_some_and(|change| change.range.is_none()));
    let changes = changes.split_off(whole.unwrap_or(0));
    Some((version, changes.into_iter().collect::<Option<_>>()?))
}

fn source(name: String, text: String) -> Source {
    let is_settings = name.rsplit('/').next() == Some(NAME);
    let format = if is_settings { Some(Format::Toml) } else { Format::of_name(&name) };
    let format = format.unwrap_or_else(|| Format::sniff(&text));
    Source::new(name, text, format)
}

/// A text without a file is read as what the editor takes it for.
fn with_ending(name: String, language: &str) -> String {
    match language {
        "json" | "jsonc" | "yaml" if Format::of_name(&name).is_none() => format!("{name}.{language}"),
        _ => name,
    }
}

/// All of them, by their URIs as the editor writes them.
#[derive(Debug, Default)]
pub struct Documents {
    open: BTreeMap<String, Document>,
    /// By their real paths. A file may be open in two ways.
    files: HashMap<PathBuf, BTreeSet<String>>,
    /// Those of which it is not known any more what is in them.
    lost: BTreeMap<String, Document>,
}

impl Documents {
    /// One is opened.
    pub fn open(&mut self, item: TextDocumentItem) {
        let uri = item.uri.0.clone();
        self.close(&uri);
        self.put(uri, Document::new(item));
    }

    fn put(&mut self, uri: String, document: Document) {
        if let Some(path) = &document.real_path {
            self.files.entry(path.clone()).or_default().insert(uri.clone());
        }
        self.open.insert(uri, document);
    }

    fn take(&mut self, uri: &str) -> Option<Document> {
        let document = self.open.remove(uri)?;
        if let Some(path) = &document.real_path
            && let Some(uris) = self.files.get_mut(path)
        {
            uris.remove(uri);
            if uris.is_empty() {
                self.files.remove(path);
            }
        }
        Some(document)
    }

    /// One is changed; what is not open cannot be. `None` when it cannot be read how: then the text is another than the
    /// editor's, and counts as not open until all of it comes.
    pub fn change(&mut self, uri: &str, params: &Json, encoding: Encoding) -> Option<()> {
        let Some((version, changes)) = changes(params) else {
            let document = self.take(uri)?;
            self.lost.insert(uri.to_owned(), document);
            return None;
        };
        let is_whole = changes.first().is_some_and(|change| change.range.is_none());
        if is_whole && let Some(document) = self.lost.remove(uri) {
            self.put(uri.to_owned(), document);
        }
        if let Some(document) = self.open.get_mut(uri) {
            document.version = version;
            for change in changes {
                document.change(change, encoding);
            }
        }
        Some(())
    }

    /// One is closed: its file on disk counts again.
    pub fn close(&mut self, uri: &str) {
        self.take(uri);
        self.lost.remove(uri);
    }

    /// The one with this URI.
    pub fn get(&self, uri: &str) -> Option<&Document> {
        self.open.get(uri)
    }

    /// The one that is the text of a file, by its real path.
    pub fn of_file(&self, path: &Path) -> Option<(&str, &Document)> {
        let uri = self.files.get(path)?.first()?;
        Some((uri.as_str(), self.open.get(uri)?))
    }

    /// Each with its URI.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Document)> {
        self.open.iter().map(|(uri, document)| (uri.as_str(), document))
    }
}
