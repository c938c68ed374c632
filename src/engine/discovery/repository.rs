//! Reads which files a git repository excludes (`info/exclude` and `core.excludesFile`) and which ones it tracks (the index).

use std::cell::OnceCell;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;

use crate::base::file::{display_path, repository_root};
use crate::base::folders::current_folder;
use crate::base::read::read_file;
use crate::engine::discovery::git_config::{GitConfig, expand_home, user_folder};
use crate::engine::discovery::git_index::{Hash, Index, parse_index};
use crate::engine::discovery::ignore_file::parse_patterns;

/// The maximum size of an index or a file of patterns. Larger ones are ignored.
const MAX_FILE_BYTES: u64 = 512 << 20;

/// A git repository with a work tree.
pub(super) struct Repository {
    /// The canonical path of the folder that contains `.git`.
    pub root: PathBuf,
    /// The folder that contains the index: `.git`, or in a linked work tree another folder.
    git_dir: PathBuf,
    config: GitConfig,
    /// The patterns of `info/exclude`, then those of `core.excludesFile`.
    excludes: [Gitignore; 2],
    /// The paths of the tracked files, sorted. They are read when the first ignored file is found.
    tracked: OnceCell<Vec<Vec<u8>>>,
}

impl Repository {
    /// Opens the repository whose root is `folder`, a canonical path.
    pub(super) fn open(folder: &Path) -> Option<Self> {
        let dot_git = folder.join(".git");
        let git_dir = match dot_git.metadata().ok()? {
            metadata if metadata.is_dir() => dot_git,
            // In a submodule and in a linked work tree, `.git` is a file that names the folder.
            _ => folder.join(read_text(&dot_git)?.strip_prefix("gitdir:")?.trim()),
        };
        let common_dir = match read_text(&git_dir.join("commondir")) {
            Some(path) => git_dir.join(path.trim()),
            None => git_dir.clone(),
        };
        let config = GitConfig::read(&git_dir, &common_dir);
        let excludes_file = match config.value("core.excludesfile") {
            Some(path) => expand_home(path),
            None => user_folder().map(|user_folder| user_folder.join("ignore")),
        };
        let ignores_case = config.is_enabled("core.ignorecase");
        let read_excludes = |file: &Path| read_patterns(file, folder, ignores_case);
        let excludes = [
            read_excludes(&common_dir.join("info/exclude")),
            // A relative path starts at the root.
            excludes_file.map_or_else(Gitignore::empty, |file| read_excludes(&folder.join(file))),
        ];
        Some(Self { root: folder.to_owned(), git_dir, config, excludes, tracked: OnceCell::new() })
    }

    /// Whether patterns ignore the case of letters.
    pub(super) fn ignores_case(&self) -> bool {
        self.config.is_enabled("core.ignorecase")
    }

    /// Whether the patterns outside the work tree ignore a path; `None` if none of them matches.
    pub(super) fn excludes(&self, path: &Path, is_dir: bool) -> Option<bool> {
        for patterns in &self.excludes {
            let matched = patterns.matched(path, is_dir);
            if !matched.is_none() {
                return Some(matched.is_ignore());
            }
        }
        None
    }

    /// Whether git tracks a file, or any file in a folder. git does not ignore what it tracks.
    pub(super) fn tracks(&self, path: &Path, is_dir: bool) -> bool {
        let Ok(path) = path.strip_prefix(&self.root) else { return false };
        let mut path = display_path(path).into_bytes();
        let tracked = self.tracked.get_or_init(|| self.read_tracked_paths());
        if is_dir {
            path.push(b'/');
            let first = tracked.partition_point(|tracked| *tracked < path);
            return tracked.get(first).is_some_and(|tracked| tracked.starts_with(&path));
        }
        tracked.binary_search(&path).is_ok()
    }

    /// Reads the paths of the tracked files, sorted. If the index cannot be read, no file counts as tracked.
    fn read_tracked_paths(&self) -> Vec<Vec<u8>> {
        let is_sha256 = self.config.value("extensions.objectformat") == Some("sha256");
        let hash = if is_sha256 { Hash::Sha256 } else { Hash::Sha1 };
        let Some(index) = read_index_file(&self.index_file(), hash) else { return Vec::new() };
        let mut tracked = index.paths;
        if let Some(name) = index.shared_index
            && let Some(shared_index) = read_index_file(&self.git_dir.join(name), hash)
        {
            tracked.extend(shared_index.paths);
        }
        tracked.sort_unstable();
        tracked
    }

    /// The path of the index. While git runs a hook, `GIT_INDEX_FILE` may name another index for the repository of the current folder: the
    /// one that the commit is created from.
    fn index_file(&self) -> PathBuf {
        match env::var_os("GIT_INDEX_FILE") {
            Some(file) if repository_root(&current_folder()) == Some(&self.root) => self.root.join(file),
            _ => self.git_dir.join("index"),
        }
    }
}

fn read_index_file(file: &Path, hash: Hash) -> Option<Index> {
    parse_index(&read_file(file, MAX_FILE_BYTES).ok()?, hash)
}

/// Reads a file of patterns, which are relative to `root`. Returns no patterns if the file cannot be read.
fn read_patterns(file: &Path, root: &Path, ignores_case: bool) -> Gitignore {
    match read_file(file, MAX_FILE_BYTES) {
        Ok(content) => parse_patterns(root, &content, ignores_case),
        Err(_) => Gitignore::empty(),
    }
}

fn read_text(file: &Path) -> Option<String> {
    const MAX_BYTES: u64 = 8 << 20;
    String::from_utf8(read_file(file, MAX_BYTES).ok()?).ok()
}

/// Whether a folder, given by its canonical path, is the root of a repository.
pub(super) fn is_repository_root(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(".git")).is_ok()
}
