//! Folders of the system and of the user, and paths without symlinks.

use std::env;
use std::path::{Path, PathBuf};

/// The home folder according to the environment. The user database of the system is not asked, because that can open a socket to a
/// name service.
pub(crate) fn home_folder() -> Option<PathBuf> {
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The current folder without symlinks; empty if it no longer exists.
pub(crate) fn current_folder() -> PathBuf {
    Path::new(".").canonicalize().unwrap_or_default()
}

/// A path with all symlinks resolved, or the path itself if it does not exist.
pub(crate) fn resolve_symlinks(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
