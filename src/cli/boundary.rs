//! Which files a run may write: nothing is written through a symlink that leads out of the project.
//!
//! A repository can hold a symlink to any file of the machine. Whoever runs `--fix` in it means the files of the repository.

use std::path::{Component, Path, PathBuf};

use super::args::CommonArgs;
use crate::base::file::{Inclusion, InputFile, canonical_parent, display_path, repository_root};
use crate::base::read::is_descriptor_path;
use crate::settings::Settings;
use crate::settings::project::SETTINGS_FILE;

/// The real folders that the files of a run must lie in to be written.
pub(super) struct Boundary {
    /// Where the program runs.
    here: PathBuf,
    /// The project that it runs in.
    project: Option<PathBuf>,
    /// The folders that were named, as they were named.
    folders: Vec<PathBuf>,
}

impl Boundary {
    /// Of what was typed.
    pub(super) fn new(job: &CommonArgs, settings: &Settings) -> Self {
        let here = Path::new(".").canonicalize().unwrap_or_default();
        let project = if job.isolated {
            None
        } else if job.config.is_some() {
            settings.projects.get(1).and_then(|project| project.root.clone())
        } else {
            project_root(&here)
        };
        let mut folders: Vec<PathBuf> = job.paths.iter().filter(|path| path.is_dir()).cloned().collect();
        if job.paths.is_empty() {
            folders.push(PathBuf::from("."));
        }
        Self { here, project, folders }
    }

    /// The folders that a file has to lie in, links followed, to be written; all of them.
    pub(super) fn of(&self, input: &InputFile, path: &Path, settings: &Settings) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        match &self.project {
            Some(project) if is_written_below(path, &self.here, project) => folders.push(project.clone()),
            _ => folders.extend(self.named_folder(input, path)),
        }
        let own_folder = canonical_parent(path);
        let root = settings.project(input).root.as_ref();
        let root = root.map(|root| root.canonicalize().unwrap_or_else(|_| root.clone()));
        // Settings from elsewhere (--config) say nothing about where the files are.
        let root = root.filter(|root| own_folder.starts_with(root));
        folders.extend(root);
        if folders.is_empty() {
            folders.push(own_folder);
        }
        folders
    }

    /// The folder that was named. For a file that was named: the current folder, if the file is written as a path below it.
    fn named_folder(&self, input: &InputFile, path: &Path) -> Option<PathBuf> {
        if !matches!(input.inclusion, Inclusion::Explicit(_)) {
            let around = self.folders.iter().filter(|folder| path.starts_with(display_path(folder)));
            let nearest = around.max_by_key(|folder| folder.components().count());
            if let Some(folder) = nearest.and_then(|folder| folder.canonicalize().ok()) {
                return Some(folder);
            }
        }
        is_written_below(path, &self.here, &self.here).then(|| self.here.clone())
    }
}

/// The folder that a file named with `account pull --output` has to lie in: if it is written as a path below the project
/// that the program runs in, it must really lie there.
#[cfg(feature = "online")]
pub(super) fn folder_around(path: &Path) -> Vec<PathBuf> {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let project = project_root(&here).unwrap_or_else(|| here.clone());
    if is_written_below(path, &here, &project) { vec![project] } else { Vec::new() }
}

/// The folder of the nearest settings.
pub(super) fn project_root(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(SETTINGS_FILE).symlink_metadata().is_ok()).map(Path::to_owned)
}

/// Whether a path leads into a folder as it is written, no matter where its links lead.
fn is_written_below(path: &Path, here: &Path, folder: &Path) -> bool {
    let has_parent = path.components().any(|component| component == Component::ParentDir);
    !has_parent && here.join(path).starts_with(folder)
}

/// The first symlink on the way to a report file that lies inside what is checked: a repository could hold it, and then it
/// would decide which file of the machine is written over.
pub(super) fn link_in_checked_folder(file: &Path, job: &CommonArgs) -> Option<PathBuf> {
    if is_descriptor_path(file) {
        return None;
    }
    let checked = checked_folders(job);
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let mut way = PathBuf::new();
    for component in whole.components() {
        way.push(component);
        if way.is_symlink() && checked.iter().any(|folder| canonical_parent(&way).starts_with(folder)) {
            return Some(way);
        }
    }
    None
}

/// The repositories or projects of what is checked; without either, the folders themselves.
fn checked_folders(job: &CommonArgs) -> Vec<PathBuf> {
    let mut named: Vec<&Path> = job.paths.iter().map(PathBuf::as_path).filter(|path| *path != Path::new("-")).collect();
    named.extend(job.stdin_filename.as_deref());
    // Standard input without a name belongs to the folder that the program runs in.
    let reads_stdin = job.paths.iter().any(|path| path == Path::new("-"));
    if job.paths.is_empty() || (reads_stdin && job.stdin_filename.is_none()) {
        named.push(Path::new("."));
    }
    let mut folders = Vec::new();
    for path in named {
        let folder = match path.canonicalize() {
            Ok(real) if real.is_dir() => real,
            _ => canonical_parent(path),
        };
        let project = project_root(&folder);
        folders.push(repository_root(&folder).map(Path::to_owned).or(project).unwrap_or(folder));
    }
    folders
}
