//! Paths relative to the project's folder: what patterns are matched against, and what cross-file rules sort by.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::base::file::{InputFile, canonical_parent, join_relative};
use crate::settings::project::Project;

/// Computes the relative paths of a project's files. Resolves each folder once, because resolving symlinks is slow.
pub(super) struct ProjectPaths<'p> {
    project: &'p Project,
    /// The relative path of each folder that was resolved; `None` for a folder outside the project.
    folders: HashMap<PathBuf, Option<String>>,
}

impl<'p> ProjectPaths<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        Self { project, folders: HashMap::new() }
    }

    /// Returns the path of a file relative to the project's folder, separated by `/`. Symlinks are resolved in the folder, not in
    /// the file itself. Returns `None` for standard input and for a file outside the project.
    pub(super) fn relative_path(&mut self, input: &InputFile) -> Option<String> {
        let path = input.path()?;
        let name = path.file_name()?.to_string_lossy();
        let folder = path.parent()?;
        if !self.folders.contains_key(folder) {
            self.folders.insert(folder.to_owned(), self.project.relative_path(&canonical_parent(path)));
        }
        let folder = self.folders.get(folder)?.as_deref()?;
        Some(join_relative(folder, &name))
    }
}
