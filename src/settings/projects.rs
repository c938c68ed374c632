//! The projects of a run. A folder belongs to the project of the nearest `portal-lint.toml` in it or above it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::project::{Project, SETTINGS_FILE};
use crate::base::file::{Inclusion, InputFile, Origin, canonical_parent, display_path, display_relative_path};
use crate::base::folders::current_folder;
use crate::base::read::{is_descriptor_path, read_descriptor};
use crate::base::read_error::ReadError;
use crate::syntax::Limits;

/// How settings are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsLookup {
    /// The nearest settings file applies to each folder.
    Nearest,
    /// As `Nearest`, but no file outside this folder (a canonical path) is read.
    NearestWithin(PathBuf),
    /// This file applies to all folders.
    File(PathBuf),
    /// No settings file is read.
    Disabled,
}

/// The projects of a run. They are read when the first of their folders is looked up.
#[derive(Debug)]
pub struct Projects {
    /// Index 0 is the default project, for files without settings.
    loaded: Vec<Project>,
    /// The project of each folder that was looked up, by canonical path.
    folders: HashMap<PathBuf, usize>,
    /// The project of all folders, if it does not depend on the folder.
    fixed: Option<usize>,
    /// The folder that settings and snapshots must be in.
    boundary: Option<PathBuf>,
    /// Texts that replace files, by canonical path.
    overlays: HashMap<PathBuf, Vec<u8>>,
    /// By name, so that their order is stable.
    skipped_links: BTreeMap<String, SkippedLink>,
}

/// A symlink that a folder walk did not follow because its target is outside the folder.
#[derive(Clone, Debug)]
pub struct SkippedLink {
    /// The display path of the link.
    pub link: String,
    /// The display path of the walked folder.
    pub folder: String,
    /// The display path of the target.
    pub target: String,
}

impl Projects {
    /// Creates the list with the default project and, for [`SettingsLookup::File`], the project of that file. `paths` are
    /// the paths on the command line.
    pub fn new(lookup: &SettingsLookup, paths: &[PathBuf]) -> Self {
        let mut loaded = vec![Project::default()];
        let (fixed, boundary) = match lookup {
            SettingsLookup::Nearest => (None, None),
            SettingsLookup::NearestWithin(folder) => (None, Some(folder.clone())),
            SettingsLookup::Disabled => (Some(0), None),
            SettingsLookup::File(file) => {
                loaded.push(read_explicit_settings(file, root_for_explicit_settings(file, paths)));
                (Some(1), None)
            }
        };
        Self {
            loaded,
            folders: HashMap::new(),
            fixed,
            boundary,
            overlays: HashMap::new(),
            skipped_links: BTreeMap::new(),
        }
    }

    /// Replaces files by texts, such as the unsaved documents of an editor. The keys are canonical paths. Projects that
    /// were read before do not see the texts.
    #[must_use]
    pub fn with_overlays(self, overlays: HashMap<PathBuf, Vec<u8>>) -> Self {
        Self { overlays, ..self }
    }

    /// Returns the index of the project of a folder, given by its canonical path. Reads the settings file if needed.
    pub fn index_for_folder(&mut self, folder: &Path) -> usize {
        if let Some(index) = self.fixed.or_else(|| self.folders.get(folder).copied()) {
            return index;
        }
        let file = folder.join(SETTINGS_FILE);
        // `symlink_metadata` also finds a broken symlink. Settings that cannot be read must be reported, not skipped.
        let index = if self.overlays.contains_key(&file) || file.symlink_metadata().is_ok() {
            let project = self.read_project(&file, folder);
            self.loaded.push(project);
            self.loaded.len() - 1
        } else if let Some(parent) = folder.parent()
            && self.boundary.as_deref() != Some(folder)
        {
            self.index_for_folder(parent)
        } else {
            0
        };
        self.folders.insert(folder.to_owned(), index);
        index
    }

    /// Reads a settings file. Overlays replace the file and its account snapshots.
    fn read_project(&self, file: &Path, folder: &Path) -> Project {
        let origin = match self.overlays.get(file) {
            Some(text) => Origin::Memory(text.clone()),
            // The file is a symlink. It is reported as unreadable, so that nobody assumes that its settings apply.
            None if self.is_outside_boundary(file) => Origin::Unreadable(ReadError::Forbidden),
            None => Origin::Disk(Some(file.to_owned())),
        };
        let input = InputFile::new(display_relative_path(file), origin, Inclusion::Internal);
        let mut project = Project::read(input, folder.to_owned(), self.boundary.as_deref());
        for account in project.accounts_mut().filter_map(|account| account.file.as_mut()) {
            if let Some(text) = account.real_path().and_then(|path| self.overlays.get(&path)) {
                account.origin = Origin::Memory(text.clone());
            }
        }
        project
    }

    fn is_outside_boundary(&self, file: &Path) -> bool {
        let Some(boundary) = &self.boundary else { return false };
        !file.canonicalize().is_ok_and(|real_path| real_path.starts_with(boundary))
    }

    /// Records a file or folder of a walk, given by its canonical path, for the patterns of its project. `walk_root` is the canonical
    /// path of the walked folder.
    pub fn record_path(&mut self, walk_root: &Path, real_path: &Path, is_dir: bool) {
        let Some(folder) = real_path.parent().filter(|folder| folder.starts_with(walk_root)) else { return };
        let index = self.index_for_folder(folder);
        if let Some(project) = self.loaded.get_mut(index) {
            if project.pattern_use.is_none() && project.root.as_deref().is_some_and(|root| root.starts_with(walk_root))
            {
                project.start_pattern_use();
            }
            project.record_path(real_path, is_dir);
        }
    }

    /// Records that a folder, given by its canonical path, was walked.
    pub(crate) fn record_walk(&mut self, folder: &Path) {
        for project in &mut self.loaded {
            let Some(root) = &project.root else { continue };
            if root.starts_with(folder) {
                project.walked_folders.push(PathBuf::new());
            } else if let Ok(path) = folder.strip_prefix(root) {
                project.walked_folders.push(path.to_owned());
            }
        }
    }

    /// Returns the project with this index, or the default project.
    pub fn get(&self, index: usize) -> &Project {
        self.loaded.get(index).unwrap_or(&self.loaded[0])
    }

    /// Returns the number of projects, including the default project.
    pub fn len(&self) -> usize {
        self.loaded.len()
    }

    /// Always `false`, because there is always the default project.
    pub fn is_empty(&self) -> bool {
        self.loaded.is_empty()
    }

    /// Records that a walk of `folder` did not follow `link`.
    pub fn add_skipped_link(&mut self, link: &Path, folder: &Path, target: &Path) {
        let link = display_link_path(link);
        let skipped = SkippedLink {
            link: link.clone(),
            folder: dot_if_empty(display_link_path(folder)),
            target: dot_if_empty(display_relative_path(target)),
        };
        self.skipped_links.insert(link, skipped);
    }

    /// Returns the links that walks did not follow, by name.
    pub fn skipped_links(&self) -> impl Iterator<Item = &SkippedLink> {
        self.skipped_links.values()
    }

    /// Returns all projects, by index.
    pub fn into_vec(self) -> Vec<Project> {
        self.loaded
    }
}

fn display_link_path(path: &Path) -> String {
    if path.is_absolute() { display_relative_path(path) } else { display_path(path) }
}

/// Replaces the empty relative path of the current folder by `.`, which is recognizable in a message.
fn dot_if_empty(path: String) -> String {
    if path.is_empty() { ".".to_owned() } else { path }
}

/// Reads the settings file of `--config`. Unlike the nearest file, it may be a pipe such as `<(command)`.
fn read_explicit_settings(file: &Path, root: PathBuf) -> Project {
    let (name, origin) = if is_descriptor_path(file) {
        let text = read_descriptor(file, Limits::default().file_bytes);
        (display_path(file), text.map_or_else(Origin::Unreadable, Origin::Memory))
    } else {
        (display_relative_path(file), Origin::Disk(Some(file.to_owned())))
    };
    Project::from_input(InputFile::new(name, origin, Inclusion::Internal), root)
}

/// Returns the project folder for an explicit settings file.
fn root_for_explicit_settings(file: &Path, paths: &[PathBuf]) -> PathBuf {
    let current_folder = current_folder();
    let settings_folder = canonical_parent(file);
    let mut contains_files = current_folder.starts_with(&settings_folder);
    for path in paths {
        contains_files |= path.canonicalize().is_ok_and(|path| path.starts_with(&settings_folder));
    }
    // Settings that are stored elsewhere, for example for CI, apply to the current folder, because their own folder contains no
    // files of this run.
    if contains_files { settings_folder } else { current_folder }
}
