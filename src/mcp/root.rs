//! The folder that the server may read.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::base::folders::{home_folder, registered_home_folder};
use crate::settings::projects::SettingsLookup;

/// See the module documentation.
pub(crate) struct Root {
    /// The canonical path.
    folder: PathBuf,
}

/// Why a folder cannot be the root.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RootError {
    NotAFolder,
    /// The folder is or contains the home folder, so that a model could read any file of the user.
    ContainsHome,
}

impl fmt::Display for RootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAFolder => "it is not a readable folder",
            Self::ContainsHome => "it is or contains the home folder: use `--root` with the project's folder",
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
        let mut contains_home = contains_usual_home(&folder);
        for home in [home_folder(), registered_home_folder()].into_iter().flatten() {
            contains_home |= home.canonicalize().is_ok_and(|home| home.starts_with(&folder));
        }
        if contains_home { Err(RootError::ContainsHome) } else { Ok(Self { folder }) }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The lookup of settings, which are read only below the root.
    pub(super) fn settings_lookup(&self) -> SettingsLookup {
        SettingsLookup::NearestWithin(self.folder.clone())
    }

    /// The canonical path of a file below the root. `None` for every other path, whether it exists or not, so that a model cannot find
    /// out which files exist elsewhere.
    pub(super) fn resolve(&self, path: &str) -> Option<PathBuf> {
        let real_path = self.folder.join(path).canonicalize().ok()?;
        if real_path.starts_with(&self.folder) && real_path.is_file() { Some(real_path) } else { None }
    }
}

/// Whether a folder is or contains the home folder of any user, on a system with the usual folders. This is checked in addition to the
/// environment, which may name no home folder, or a wrong one.
fn contains_usual_home(folder: &Path) -> bool {
    const PARENTS: [&str; 2] = ["/home", "/Users"];
    const HOMES: [&str; 2] = ["/root", "/var/root"];
    let Some(parent) = folder.parent() else { return true };
    let contains_home = HOMES.iter().any(|home| Path::new(home).starts_with(folder));
    contains_home || PARENTS.iter().any(|parents| folder == Path::new(parents) || parent == Path::new(parents))
}

#[cfg(test)]
mod tests {
    use crate::mcp::root::*;

    #[test]
    fn usual_places_of_home_folders_are_recognized() {
        for (folder, expected) in [
            ("/", true),
            ("/home", true),
            ("/home/alice", true),
            ("/Users/alice", true),
            ("/root", true),
            ("/var", true),
            ("/home/alice/project", false),
            ("/var/lib/project", false),
            ("/srv/project", false),
        ] {
            assert_eq!(contains_usual_home(Path::new(folder)), expected, "{folder}");
        }
    }
}
