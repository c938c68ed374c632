//! Reads the files of git that decide what it ignores, besides the `.gitignore` files: `info/exclude`, `core.excludesFile`, and the
//! index of the tracked files.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, gitconfig_excludes_path};

use crate::base::file::display_path;
use crate::base::folders::home_folder;
use crate::base::read::read_file;
use crate::engine::discovery::git_index::{Hash, parse_index};
use crate::engine::discovery::ignore_file::parse_patterns;

/// The maximum size of a file of git. Larger ones are ignored.
const MAX_FILE_BYTES: u64 = 512 << 20;

/// A git repository with a work tree.
pub(super) struct Repository {
    /// The canonical path of the folder that contains `.git`.
    pub root: PathBuf,
    /// The folder that contains the index. Each work tree has its own.
    git_dir: PathBuf,
    /// The text of the repository's configuration.
    config: String,
    /// The patterns of `info/exclude`, then those of `core.excludesFile`.
    excludes: [Gitignore; 2],
    /// The paths of the tracked files, sorted. Read when the first ignored file is found.
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
        let config = read_text(&common_dir.join("config")).unwrap_or_default();
        let excludes_file = match config_value(&config, "core", "excludesfile") {
            Some(path) => Some(folder.join(expand_home(&path))),
            None => gitconfig_excludes_path().map(|path| folder.join(path)),
        };
        let excludes = [
            read_patterns(&common_dir.join("info/exclude"), folder),
            excludes_file.map_or_else(Gitignore::empty, |file| read_patterns(&file, folder)),
        ];
        Some(Self { root: folder.to_owned(), git_dir, config, excludes, tracked: OnceCell::new() })
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
        let tracked = self.tracked.get_or_init(|| self.read_index());
        if is_dir {
            path.push(b'/');
            let first = tracked.partition_point(|tracked| *tracked < path);
            return tracked.get(first).is_some_and(|tracked| tracked.starts_with(&path));
        }
        tracked.binary_search(&path).is_ok()
    }

    fn read_index(&self) -> Vec<Vec<u8>> {
        let is_sha256 =
            config_value(&self.config, "extensions", "objectformat").is_some_and(|format| format == "sha256");
        let hash = if is_sha256 { Hash::Sha256 } else { Hash::Sha1 };
        let index = read_file(&self.git_dir.join("index"), MAX_FILE_BYTES).unwrap_or_default();
        let mut tracked = parse_index(&index, hash).unwrap_or_default();
        tracked.sort_unstable();
        tracked
    }
}

/// Reads a file of patterns, which are relative to `root`. A file that cannot be read has none.
fn read_patterns(file: &Path, root: &Path) -> Gitignore {
    match read_file(file, MAX_FILE_BYTES) {
        Ok(content) => parse_patterns(root, &content),
        Err(_) => Gitignore::empty(),
    }
}

fn read_text(file: &Path) -> Option<String> {
    const MAX_BYTES: u64 = 8 << 20;
    String::from_utf8(read_file(file, MAX_BYTES).ok()?).ok()
}

/// The last value of a key in a section without a subsection.
fn config_value(config: &str, section: &str, key: &str) -> Option<String> {
    let mut is_in_section = false;
    let mut last_value = None;
    for line in config.lines() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            is_in_section = header.split(']').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(section));
        } else if is_in_section
            && let Some((name, value)) = line.split_once('=')
            && name.trim().eq_ignore_ascii_case(key)
        {
            let value = value.trim();
            last_value = Some(match value.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
                None => value.split([';', '#']).next().unwrap_or_default().trim().to_owned(),
            });
        }
    }
    last_value
}

/// Replaces `~/` by the home folder.
fn expand_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), home_folder()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

/// Whether a folder, given by its canonical path, is the root of a repository.
pub(super) fn is_repository_root(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(".git")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_in_the_section_counts() {
        let config = "[core]\n\texcludesFile = ~/a # comment\n[core \"x\"]\nexcludesfile = b\n[CORE]\n ExcludesFile = \"c d\" ; x\n";
        assert_eq!(config_value(config, "core", "excludesfile").as_deref(), Some("c d"));
        assert_eq!(config_value("[core]\nexcludesfile = ~/a # b", "core", "excludesfile").as_deref(), Some("~/a"));
        assert_eq!(config_value("[user]\nexcludesfile = a", "core", "excludesfile"), None);
    }
}
