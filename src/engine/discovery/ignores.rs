//! Decides which files git ignores: by the `.gitignore` files of the folders between the root of the repository and a file, and by the
//! patterns of the repository and of the user. git does not ignore a file that it tracks.

use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;

use crate::base::file::repository_root;
use crate::base::folders::resolve_symlinks;
use crate::base::read::read_file;
use crate::engine::discovery::SKIPPED_DIRS;
use crate::engine::discovery::ignore_file::parse_patterns;
use crate::engine::discovery::repository::{Repository, is_repository_root};

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
    /// The repositories around the current folder, from the outermost one inwards.
    repositories: Vec<Repository>,
    /// The outermost folder around the current one that is ignored, but contains tracked files.
    ignored_folder: Option<PathBuf>,
}

impl Ignores {
    /// Reads the files of all parents of `folder` in the repository. Its own file is read when the walk enters it.
    pub(super) fn for_parents_of(folder: &Path) -> Self {
        let absolute = resolve_symlinks(folder);
        let mut ignores = Self {
            start: folder.to_owned(),
            absolute_start: absolute.clone(),
            files: Vec::new(),
            repositories: Vec::new(),
            ignored_folder: None,
        };
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
        let ancestors = folder.ancestors();
        let folders = ancestors.take_while(|ancestor| ancestor.starts_with(&self.absolute_start));
        self.read_downwards(folders.collect());
    }

    /// Moves to a folder inside the current one or next to it, as a walk does. Returns its absolute path.
    pub(super) fn enter(&mut self, folder: &Path) -> PathBuf {
        let folder = self.absolute(folder);
        while self.files.last().is_some_and(|(base, _)| !folder.starts_with(base)) {
            self.files.pop();
        }
        while self.repositories.last().is_some_and(|repository| !folder.starts_with(&repository.root)) {
            self.repositories.pop();
        }
        if self.ignored_folder.as_ref().is_some_and(|ignored| !folder.starts_with(ignored)) {
            self.ignored_folder = None;
        }
        // The start was named, so it is walked even if it is ignored.
        if self.ignored_folder.is_none() && folder != self.absolute_start && self.matches_pattern(&folder, true) {
            self.ignored_folder = Some(folder.clone());
        }
        self.read_patterns_of(&folder);
        folder
    }

    /// Reads the patterns of a folder's ancestors, which `folders` lists from the lowest to the highest.
    fn read_downwards(&mut self, folders: Vec<&Path>) {
        for folder in folders.into_iter().rev() {
            self.read_patterns_of(folder);
        }
    }

    fn read_patterns_of(&mut self, folder: &Path) {
        if is_repository_root(folder) {
            self.repositories.extend(Repository::open(folder));
        }
        let file = folder.join(".gitignore");
        // Like git since 2.32, do not follow a symlink here.
        if file.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
            && let Ok(content) = read_file(&file, MAX_FILE_BYTES)
        {
            let ignores_case = self.repositories.last().is_some_and(Repository::ignores_case);
            self.files.push((folder.to_owned(), parse_patterns(folder, &content, ignores_case)));
        }
    }

    /// Whether a file, or any folder above it, is ignored or never walked.
    pub(super) fn is_path_ignored(&self, path: &Path) -> bool {
        if path.ancestors().skip(1).any(is_skipped_dir) {
            return true;
        }
        let is_ignored = self.matches_pattern(path, false)
            || path.ancestors().skip(1).any(|folder| self.matches_pattern(folder, true));
        is_ignored && !self.is_tracked(path, false)
    }

    /// Whether a walk leaves out a file, or a folder with everything in it. `path` is absolute.
    pub(super) fn is_ignored(&self, path: &Path, is_dir: bool) -> bool {
        let is_in_ignored_folder = self.ignored_folder.as_ref().is_some_and(|ignored| path.starts_with(ignored));
        (is_in_ignored_folder || self.matches_pattern(path, is_dir)) && !self.is_tracked(path, is_dir)
    }

    /// Whether a folder is a repository inside another one, such as a submodule. As in git, its files do not belong to the outer
    /// repository. `folder` is an absolute path.
    pub(super) fn is_nested_repository(&self, folder: &Path) -> bool {
        let is_inside = self.repositories.iter().any(|outer| outer.root != *folder && folder.starts_with(&outer.root));
        is_inside && is_repository_root(folder) && !self.is_tracked(folder, true)
    }

    fn is_tracked(&self, path: &Path, is_dir: bool) -> bool {
        self.repositories.iter().any(|repository| repository.tracks(path, is_dir))
    }

    /// Whether a pattern ignores `path` itself. As in git, the patterns of the nearest folder win, then those of the repository.
    fn matches_pattern(&self, path: &Path, is_dir: bool) -> bool {
        for (folder, patterns) in self.files.iter().rev() {
            // A `.gitignore` file applies only to its own folder.
            if !path.starts_with(folder) {
                continue;
            }
            let matched = patterns.matched(path, is_dir);
            if !matched.is_none() {
                return matched.is_ignore();
            }
        }
        let innermost = self.repositories.iter().rev().find(|repository| path.starts_with(&repository.root));
        innermost.and_then(|repository| repository.excludes(path, is_dir)).unwrap_or(false)
    }
}

/// Whether the walk never enters a folder of this name.
pub(super) fn is_skipped_dir(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| SKIPPED_DIRS.iter().any(|skipped| name == *skipped))
}
