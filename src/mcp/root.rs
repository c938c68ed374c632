//! The folder that the server may read.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::base::folders::{home_folder, registered_home_folder};
use crate::settings::projects::SettingsLookup;

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
        let homes =
            home_folder().into_iter().chain(registered_home_folder()).filter_map(|home| home.canonicalize().ok());
        let contains_home =
            has_usual_place_of_homes(&folder) || homes.into_iter().any(|home| home.starts_with(&folder));
        if contains_home { Err(RootError::ContainsHome) } else { Ok(Self { folder }) }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Settings are read inside of the root only.
    pub(super) fn settings_lookup(&self) -> SettingsLookup {
        SettingsLookup::NearestWithin(self.folder.clone())
    }

    /// The real path of a file inside of the root. `None` for every other path, whether it exists or not, so that a model cannot
    /// find out which files exist elsewhere.
    pub(super) fn resolve(&self, path: &str) -> Option<PathBuf> {
        let real = self.folder.join(path).canonicalize().ok()?;
        (real.starts_with(&self.folder) && real.is_file()).then_some(real)
    }
}

/// Whether a folder is the home folder of some user, or contains home folders, on a usual system. The environment may name no home
/// folder, or a wrong one.
fn has_usual_place_of_homes(folder: &Path) -> bool {
    const PARENTS: [&str; 2] = ["/home", "/Users"];
    const HOMES: [&str; 2] = ["/root", "/var/root"];
    let is_parent = |folder: &Path| PARENTS.iter().any(|parent| folder == Path::new(parent));
    let is_home =
        HOMES.iter().any(|home| Path::new(home).starts_with(folder)) || folder.parent().is_some_and(is_parent);
    folder.parent().is_none() || is_parent(folder) || is_home
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
            ("/var/root/project", false),
            ("/srv/project", false),
        ] {
            assert_eq!(has_usual_place_of_homes(Path::new(folder)), expected, "{folder}");
        }
    }
}
