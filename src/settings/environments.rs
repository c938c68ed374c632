//! The accounts of a project: the one of the setting `account`, and those of its `[[environment]]` entries.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::patterns::Patterns;
use crate::base::diagnostic::Location;
use crate::base::file::{Inclusion, InputFile, Origin, display_relative_path, repository_root};
use crate::base::folders::resolve_symlinks;
use crate::syntax::cursor::Cursor;

/// The account that a file belongs to. Portals of different accounts are not compared with each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountScope {
    /// The index of the project.
    pub project: usize,
    /// 0 for the account of the project, otherwise the number of the first `[[environment]]` entry with the account.
    pub environment: usize,
}

/// An `[[environment]]` entry: the files that belong to another account than the rest of the project.
#[derive(Clone, Debug)]
pub struct ProjectEnvironment {
    /// The files.
    pub files: Patterns,
    /// The account snapshot, and where it is named.
    pub account: AccountSetting,
    /// The number of the first entry with the same account, or 0 if that is the account of the project.
    pub scope: usize,
}

/// The account snapshot that a setting names.
#[derive(Clone, Debug, Default)]
pub struct AccountSetting {
    /// The snapshot; `None` if the setting is missing, or names a file outside the repository.
    pub file: Option<InputFile>,
    /// A file outside the repository, and where the settings name it. It is never read.
    pub outside: Option<(InputFile, Location)>,
    /// The snapshot that the settings name, if `--account` names the snapshot of another account. It is not read, because the user
    /// asks only about that other account.
    pub left_out: Option<InputFile>,
    /// Whether `--account` names the snapshot of another account.
    pub is_left_out: bool,
    /// The IDs of the portals to which the settings bind existing files of the account.
    pub bound_ids: BTreeSet<String>,
}

impl AccountSetting {
    /// Reads a setting with the path of a snapshot, relative to `folder`. The canonical path of the snapshot must be inside one of
    /// the `boundaries`.
    ///
    /// Reports quote the snapshot. Without this check, the settings of somebody else's repository could name any file of this
    /// computer and show its content in the output of CI.
    pub(super) fn read(setting: &Cursor<'_>, folder: &Path, boundaries: &[PathBuf]) -> Self {
        let Some(path) = setting.text() else { return Self::default() };
        let path = folder.join(path);
        let name = display_relative_path(&path);
        let file = InputFile::new(name, Origin::Disk(Some(path)), Inclusion::Internal);
        match file.real_path() {
            Some(path) if is_inside_any(&path, boundaries) => Self { file: Some(file), ..Self::default() },
            _ => Self { outside: Some((file, setting.location())), ..Self::default() },
        }
    }

    /// The file that the setting names, wherever it is.
    pub fn named_file(&self) -> Option<&InputFile> {
        self.file.as_ref().or(self.left_out.as_ref()).or(self.outside.as_ref().map(|(file, _)| file))
    }

    /// Takes the snapshot out of the run, because `--account` names that of another account.
    pub(super) fn leave_out(&mut self) {
        self.left_out = self.file.take();
        self.is_left_out = true;
    }
}

fn is_inside_any(path: &Path, folders: &[PathBuf]) -> bool {
    // The canonical path of a missing file can still contain `..`, and `starts_with` compares names only.
    let has_parent = path.components().any(|component| component == Component::ParentDir);
    !has_parent && folders.iter().any(|folder| path.starts_with(folder))
}

/// Returns the folder that the account snapshot must be in: the repository that contains `folder`, or `folder` itself.
pub(super) fn account_boundary(folder: &Path) -> PathBuf {
    let folder = resolve_symlinks(folder);
    repository_root(&folder).map(Path::to_owned).unwrap_or(folder)
}
