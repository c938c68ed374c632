//! How the files of a project are reached from its folder: what patterns are matched with and files are ordered by.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::base::file::{InputFile, canonical_parent};
use crate::settings::project::Project;

/// Looks each folder up once.
pub(super) struct ProjectPaths<'p> {
    project: &'p Project,
    folders: HashMap<PathBuf, Option<String>>,
}

impl<'p> ProjectPaths<'p> {
    /// None is known yet.
    pub(super) fn of(project: &'p Project) -> Self {
        Self { project, folders: HashMap::new() }
    }

    /// The way to a file, `/` between its parts; `None` for what lies elsewhere or nowhere.
    pub(super) fn to(&mut self, input: &InputFile) -> Option<String> {
        let path = input.path()?;
        let name = path.file_name()?.to_string_lossy();
        let folder = path.parent()?;
        if !self.folders.contains_key(folder) {
            self.folders.insert(folder.to_owned(), self.project.relative_path(&canonical_parent(path)));
        }
        let folder = self.folders.get(folder)?.as_deref()?;
        Some(if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") })
    }
}
