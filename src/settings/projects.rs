//! Which project a folder belongs to: that of the nearest `portal-lint.toml` in it or above it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::project::{NAME, Project};
use crate::base::file::{Inclusion, InputFile, Origin, canonical_parent, relative, shown};
use crate::base::read::{is_descriptor_path, read_descriptor};
use crate::syntax::Limits;

/// Where settings come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsLookup {
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
    texts: HashMap<PathBuf, Vec<u8>>,
    skipped_links: BTreeMap<String, SkippedLink>,
}

/// A symlink that a walk did not follow because it leads out of the folder.
#[derive(Clone, Debug)]
pub struct SkippedLink {
    /// The link, as it is shown.
    pub link: String,
    /// The folder of the walk.
    pub folder: String,
    /// Where the link leads.
    pub target: String,
}

impl Projects {
    /// None is known yet but the one that is none; or the one that holds for all.
    pub fn new(from: &SettingsLookup, named: &[PathBuf]) -> Self {
        let mut found = vec![Project::default()];
        let everywhere = match from {
            SettingsLookup::Nearest => None,
            SettingsLookup::Nowhere => Some(0),
            SettingsLookup::File(path) => {
                found.push(read_named_settings(path, folder_of(path, named)));
                Some(1)
            }
        };
        Self { found, folders: HashMap::new(), everywhere, texts: HashMap::new(), skipped_links: BTreeMap::new() }
    }

    /// Texts that take the place of files, by their real paths: what an editor holds. To be said before any is found.
    #[must_use]
    pub fn with_texts(self, texts: HashMap<PathBuf, Vec<u8>>) -> Self {
        Self { texts, ..self }
    }

    /// The number of a real folder's project, as in [`crate::base::file::InputFile::project`].
    pub fn of_folder(&mut self, folder: &Path) -> usize {
        if let Some(number) = self.everywhere.or_else(|| self.folders.get(folder).copied()) {
            return number;
        }
        let file = folder.join(NAME);
        let number = if self.texts.contains_key(&file) || file.symlink_metadata().is_ok() {
            let project = self.read(&file, folder);
            self.found.push(project);
            self.found.len() - 1
        } else {
            folder.parent().map_or(0, |above| self.of_folder(above))
        };
        self.folders.insert(folder.to_owned(), number);
        number
    }

    /// The project of a settings file in its folder, as far as known from the texts that take the place of files.
    fn read(&self, file: &Path, folder: &Path) -> Project {
        let mut project = match self.texts.get(file) {
            None => Project::read(file, folder.to_owned()),
            Some(text) => {
                let origin = Origin::Memory(text.clone());
                let input = InputFile { name: relative(file), origin, reason: Inclusion::Internal, project: 0 };
                Project::of(input, folder.to_owned())
            }
        };
        if let Some(account) = &mut project.account
            && let Some(text) = account.real_path().and_then(|path| self.texts.get(&path))
        {
            account.origin = Origin::Memory(text.clone());
        }
        project
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

    /// Notes that a walk of `folder` did not follow a link.
    pub fn note_skipped_link(&mut self, link: &Path, folder: &Path, target: &Path) {
        let link = if link.is_absolute() { relative(link) } else { shown(link) };
        let folder = if folder.is_absolute() { relative(folder) } else { shown(folder) };
        let or_here = |path: String| if path.is_empty() { ".".to_owned() } else { path };
        let skipped = SkippedLink { link: link.clone(), folder: or_here(folder), target: or_here(relative(target)) };
        self.skipped_links.insert(link, skipped);
    }

    /// The links that walks did not follow, by name.
    pub fn skipped_links(&self) -> impl Iterator<Item = &SkippedLink> {
        self.skipped_links.values()
    }

    /// One account for all of them, whatever their files say.
    pub fn set_account(&mut self, account: &InputFile) {
        for project in &mut self.found {
            project.account = Some(account.clone());
        }
    }

    /// All of them, by number.
    pub fn into_vec(self) -> Vec<Project> {
        self.found
    }
}

/// The settings that the command line names; unlike those that are found they may come through a pipe.
fn read_named_settings(path: &Path, root: PathBuf) -> Project {
    if !is_descriptor_path(path) {
        return Project::read(path, root);
    }
    let origin = match read_descriptor(path, Limits::default().file_bytes) {
        Ok(bytes) => Origin::Memory(bytes),
        Err(trouble) => Origin::Unreadable(trouble),
    };
    Project::of(InputFile { name: shown(path), origin, reason: Inclusion::Internal, project: 0 }, root)
}

/// The project of a settings file that was named: its folder when we are or something that was named is in it, else where
/// we are (settings that are kept apart, as for CI).
fn folder_of(path: &Path, named: &[PathBuf]) -> PathBuf {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let own = canonical_parent(path);
    let holds = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path.starts_with(&own));
    if here.starts_with(&own) || named.iter().any(holds) { own } else { here }
}
