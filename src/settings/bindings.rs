//! The `[[portal]]` entries of the settings: which portal of the account a file describes.

use std::num::NonZeroUsize;
use std::path::Path;

use crate::base::diagnostic::Location;
use crate::base::file::{canonical_parent, display_path};
use crate::base::folders::resolve_symlinks;
use crate::base::source::Source;
use crate::model::portal::has_id_length;
use crate::syntax::Value;
use crate::syntax::cursor::Cursor;

/// A file, or a document of it, and the portal of the account that it describes.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The path of the file relative to the project's folder, with the symlinks of folders resolved; `None` if it is outside the
    /// project.
    pub path: Option<String>,
    /// The path as it is written.
    pub file: String,
    /// The index of the document in the file, if the entry has a number.
    pub document: Option<usize>,
    /// The ID of the portal in the account.
    pub id: String,
    /// Where `file` is written.
    pub file_location: Location,
    /// Where the number of the document is written; `file_location` without one.
    pub document_location: Location,
    /// Where `id` is written.
    pub id_location: Location,
    /// The line of the entry's ID in the settings.
    pub line: u32,
}

impl Binding {
    /// Reads the entries of the project in the folder `root`. Invalid entries are skipped, because they violate the schema.
    pub(super) fn from_settings(settings: &Cursor<'_>, root: &Path, source: &Source) -> Vec<Self> {
        let mut bindings = Vec::new();
        for entry in settings.field("portal").items() {
            let (file, document, id) = (entry.field("file"), entry.field("document"), entry.field("id"));
            let (Some(path), Some(id_text)) = (file.text(), id.text()) else { continue };
            // The schema reports the length of an ID, but not that of a variable.
            if id.literal_text().is_some_and(|id| !has_id_length(id)) {
                continue;
            }
            let number = match document.value() {
                Some(Value::Number(text)) => text.parse::<NonZeroUsize>().ok(),
                _ => None,
            };
            // The schema reports values that are not positive whole numbers.
            if document.value().is_some() && number.is_none() {
                continue;
            }
            let index = number.map(|number| number.get() - 1);
            bindings.push(Self {
                path: path_in_project(root, path),
                file: path.to_owned(),
                document: index,
                id: id_text.to_owned(),
                file_location: file.location(),
                document_location: if index.is_some() { document.location() } else { file.location() },
                id_location: id.location(),
                line: source.position(id.span().start).line,
            });
        }
        bindings
    }
}

/// The path of a file relative to the project's folder; `None` if the file is outside the project. The symlinks of folders are
/// resolved.
fn path_in_project(root: &Path, file: &str) -> Option<String> {
    let path = root.join(file);
    let root = resolve_symlinks(root);
    let path = canonical_parent(&path).join(path.file_name()?);
    Some(display_path(path.strip_prefix(root).ok()?))
}
