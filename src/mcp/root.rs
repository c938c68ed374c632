//! The folder that the server may read.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::base::folders::home_folder;

/// A folder, with symlinks resolved.
pub(crate) struct Root {
    folder: PathBuf,
}

/// Why a folder cannot be the root.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RootError {
    NotAFolder,
    /// A model could read any file of the user.
    ContainsHome,
}

impl fmt::Display for RootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAFolder => "it is not a folder that can be read",
            Self::ContainsHome => "it is or contains the home folder: use `--root` with the folder of the project",
        })
    }
}

impl Root {
    /// Accepts a folder as the root.
    ///
    /// # Errors
    ///
    /// If it does not exist, or if it is or contains the home folder.
    pub(crate) fn new(folder: &Path) -> Result<Self, RootError> {
        let folder = folder.canonicalize().ok().filter(|folder| folder.is_dir()).ok_or(RootError::NotAFolder)?;
        let home = home_folder().and_then(|home| home.canonicalize().ok());
        // Without a home folder, nothing is known about `/` either.
        let contains_home = home.map_or(folder.parent().is_none(), |home| home.starts_with(&folder));
        if contains_home { Err(RootError::ContainsHome) } else { Ok(Self { folder }) }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The real path of a file inside of the root. `None` for every other path, whether it exists or not, so that a model cannot
    /// find out which files exist elsewhere.
    pub(super) fn resolve(&self, path: &str) -> Option<PathBuf> {
        let real = self.folder.join(path).canonicalize().ok()?;
        (real.starts_with(&self.folder) && real.is_file()).then_some(real)
    }
}
