//! Applies the `.gitignore` files of the folders between the root of the repository and a file.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::base::file::repository_root;
use crate::base::read::read_file;
use crate::engine::discovery::SKIPPED_DIRS;

/// The maximum size of a `.gitignore` file. Larger ones are ignored.
const MAX_FILE_BYTES: u64 = 8 << 20;

/// The `.gitignore` files that apply to the current folder of a walk.
pub(super) struct Ignores {
    /// The folder of the walk as it was named; paths given to the methods start with it.
    start: PathBuf,
    /// The same folder as an absolute path, in which form patterns are matched.
    absolute_start: PathBuf,
    /// The folders that have a `.gitignore` file, from the root of the repository downwards, with their patterns.
    files: Vec<(PathBuf, Gitignore)>,
}

impl Ignores {
    /// Reads the files of all parents of `folder` in the repository. Its own file is read when the walk enters it.
    pub(super) fn for_parents_of(folder: &Path) -> Self {
        let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let mut ignores = Self { start: folder.to_owned(), absolute_start: absolute.clone(), files: Vec::new() };
        if let Some(root) = repository_root(&absolute) {
            let parents = absolute.ancestors().skip(1);
            ignores.read_downwards(parents.take_while(|parent| parent.starts_with(root)).collect());
        }
        ignores
    }

    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.start) {
            Ok(below) => self.absolute_start.join(below),
            Err(_) => path.to_owned(),
        }
    }

    /// Moves to any folder below the start, after the walk has been in another part of the tree.
    pub(super) fn move_to(&mut self, folder: &Path) {
        let folder = self.absolute(folder);
        *self = Self { start: std::mem::take(&mut self.start), ..Self::for_parents_of(&self.absolute_start) };
        let above = folder.ancestors();
        let folders = above.take_while(|ancestor| ancestor.starts_with(&self.absolute_start));
        self.read_downwards(folders.collect());
    }

    /// Moves to a folder inside the current one or next to it, as a walk does. Returns its absolute path.
    pub(super) fn enter(&mut self, folder: &Path) -> PathBuf {
        let folder = self.absolute(folder);
        while self.files.last().is_some_and(|(base, _)| !folder.starts_with(base)) {
            self.files.pop();
        }
        self.read_file_of(&folder);
        folder
    }

    /// Reads the files of folders that are listed from the lowest to the highest.
    fn read_downwards(&mut self, folders: Vec<&Path>) {
        for folder in folders.into_iter().rev() {
            self.read_file_of(folder);
        }
    }

    fn read_file_of(&mut self, folder: &Path) {
        let file = folder.join(".gitignore");
        // Like git since 2.32, do not follow a symlink here.
        if file.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
            && let Ok(content) = read_file(&file, MAX_FILE_BYTES)
        {
            self.files.push((folder.to_owned(), parse_patterns(folder, &content)));
        }
    }

    /// Whether a file, or any folder above it, is ignored or never walked.
    pub(super) fn is_path_ignored(&self, path: &Path) -> bool {
        for folder in path.ancestors().skip(1) {
            if is_skipped_dir(folder) || self.is_ignored(folder, true) {
                return true;
            }
        }
        self.is_ignored(path, false)
    }

    /// Whether `path` itself is ignored. The patterns of the nearest folder win, as in git.
    pub(super) fn is_ignored(&self, path: &Path, is_dir: bool) -> bool {
        if self.files.is_empty() {
            return false;
        }
        let path = self.absolute(path);
        for (folder, patterns) in self.files.iter().rev() {
            // A file applies only below its own folder.
            if !path.starts_with(folder) {
                continue;
            }
            let matched = patterns.matched(&path, is_dir);
            if !matched.is_none() {
                return matched.is_ignore();
            }
        }
        false
    }
}

/// Whether the walk never enters a folder of this name.
pub(super) fn is_skipped_dir(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| SKIPPED_DIRS.iter().any(|skipped| name == *skipped))
}

/// Parses a `.gitignore` file. Invalid lines are skipped, as git does.
fn parse_patterns(folder: &Path, content: &[u8]) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    let text = String::from_utf8_lossy(content);
    for line in text.strip_prefix('\u{feff}').unwrap_or(&text).lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
