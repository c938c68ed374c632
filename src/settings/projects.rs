//! Which project a folder belongs to: that of the nearest `portal-lint.toml` in it or above it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::project::{NAME, Project};
use crate::input::Input;

/// Where settings come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// The nearest file.
    Nearest,
    /// This file, whatever lies nearer.
    File(PathBuf),
    /// No file.
    Nowhere,
}

/// The projects of a run, found one after the other.
#[derive(Debug)]
pub struct Projects {
    found: Vec<Project>,
    folders: HashMap<PathBuf, usize>,
    everywhere: Option<usize>,
}

impl Projects {
    /// None is known yet but the one that is none; or the one that holds for all.
    pub fn new(from: &From) -> Self {
        let mut found = vec![Project::default()];
        let everywhere = match from {
            From::Nearest => None,
            From::Nowhere => Some(0),
            From::File(path) => {
                found.push(Project::read(path, folder_of(path)));
                Some(1)
            }
        };
        Self { found, folders: HashMap::new(), everywhere }
    }

    /// The number of a real folder's project, as in [`crate::input::Input::project`].
    pub fn of_folder(&mut self, folder: &Path) -> usize {
        if let Some(number) = self.everywhere.or_else(|| self.folders.get(folder).copied()) {
            return number;
        }
        let file = folder.join(NAME);
        let number = if file.exists() {
            self.found.push(Project::read(&file, folder.to_owned()));
            self.found.len() - 1
        } else {
            folder.parent().map_or(0, |above| self.of_folder(above))
        };
        self.folders.insert(folder.to_owned(), number);
        number
    }

    /// The one with this number.
    pub fn get(&self, number: usize) -> &Project {
        self.found.get(number).unwrap_or(&self.found[0])
    }

    /// How many there are, that which is none included.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Never: see [`Projects::new`].
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// One account for all of them, whatever their files say.
    pub fn set_account(&mut self, account: &Input) {
        for project in &mut self.found {
            project.account = Some(account.clone());
        }
    }

    /// All of them, by number.
    pub fn into_vec(self) -> Vec<Project> {
        self.found
    }
}

/// The project of a file that was named: its folder when that is where we are or lies above, else where we are.
fn folder_of(path: &Path) -> PathBuf {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let own = path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned));
    own.filter(|own| here.starts_with(own)).unwrap_or(here)
}
