//! Restricts which files a run may write: none through a symlink that leads out of the project.
//!
//! A repository can contain a symlink to any file of the machine, but `--fix` is meant for the files of the repository.

use std::path::{Component, Path, PathBuf};

use super::args::CommonArgs;
use crate::base::file::{Inclusion, InputFile, canonical_parent, display_path, path_from_current, repository_root};
use crate::base::folders::{current_folder, resolve_symlinks};
use crate::base::read::is_descriptor_path;
use crate::settings::Settings;
use crate::settings::project::SETTINGS_FILE;

/// The folders that the files of a run have to be in to be written.
pub(super) struct Boundary {
    /// The current folder.
    current: PathBuf,
    /// The root of the project of the current folder.
    project: Option<PathBuf>,
    /// The folders on the command line, as paths from the current folder.
    named_folders: Vec<PathBuf>,
}

impl Boundary {
    /// Determines the folders from the command line.
    pub(super) fn new(args: &CommonArgs, settings: &Settings) -> Self {
        let current = current_folder();
        let project = if args.isolated {
            None
        } else if args.config.is_some() {
            settings.projects.get(1).and_then(|project| project.root.clone())
        } else {
            project_root(&current)
        };
        let folders = args.paths.iter().filter(|path| path.is_dir());
        let mut named_folders: Vec<PathBuf> = folders.map(|folder| path_from_current(folder)).collect();
        if args.paths.is_empty() {
            named_folders.push(PathBuf::from("."));
        }
        Self { current, project, named_folders }
    }

    /// The boundary for a single file on the command line, with the nearest settings.
    pub(super) fn for_named_file() -> Self {
        let current = current_folder();
        Self { project: project_root(&current), current, named_folders: Vec::new() }
    }

    /// The folders that a file has to be in, with all symlinks resolved, to be written. It has to be in each of them.
    pub(super) fn folders_for(&self, input: &InputFile, path: &Path, settings: &Settings) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        match &self.project {
            Some(project) if is_written_below(path, &self.current, project) => folders.push(project.clone()),
            _ => folders.extend(self.named_folder(input, path)),
        }
        let own_folder = canonical_parent(path);
        if let Some(root) = &settings.project(input).root {
            let root = resolve_symlinks(root);
            // With --config, the settings may be elsewhere.
            if own_folder.starts_with(&root) {
                folders.push(root);
            }
        }
        if folders.is_empty() {
            folders.push(own_folder);
        }
        folders
    }

    /// For a file that a walk found, the folder on the command line. For a file on the command line, the current folder if the
    /// file is written as a path below it.
    fn named_folder(&self, input: &InputFile, path: &Path) -> Option<PathBuf> {
        if !matches!(input.inclusion, Inclusion::Explicit(_)) {
            // A walk of a folder above the current one finds files whose paths do not start with that of the folder.
            let contains = |folder: &&PathBuf| {
                path.starts_with(display_path(folder)) || self.current.join(path).starts_with(canonical(folder))
            };
            let ancestors = self.named_folders.iter().filter(contains);
            let nearest = ancestors.max_by_key(|folder| folder.components().count());
            if let Some(folder) = nearest {
                return Some(canonical(folder));
            }
        }
        is_written_below(path, &self.current, &self.current).then(|| self.current.clone())
    }
}

/// The folders that the file of `account pull --output` has to be in: if it is written as a path below the project of the
/// current folder, it has to be there with symlinks resolved, too.
#[cfg(feature = "online")]
pub(super) fn folder_around(path: &Path) -> Vec<PathBuf> {
    let current = current_folder();
    let project = project_root(&current).unwrap_or_else(|| current.clone());
    if is_written_below(path, &current, &project) { vec![project] } else { Vec::new() }
}

fn canonical(folder: &Path) -> PathBuf {
    resolve_symlinks(folder)
}

/// The nearest folder with a settings file.
pub(super) fn project_root(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(SETTINGS_FILE).symlink_metadata().is_ok()).map(Path::to_owned)
}

/// Whether a path is in a folder according to its text, wherever its symlinks lead.
fn is_written_below(path: &Path, current: &Path, folder: &Path) -> bool {
    let has_parent = path.components().any(|component| component == Component::ParentDir);
    !has_parent && current.join(path).starts_with(folder)
}

/// The first symlink in the path of a report file that is in a checked folder. A repository could contain such a symlink and
/// choose with it which file of the machine is overwritten.
pub(super) fn link_in_checked_folder(file: &Path, args: &CommonArgs) -> Option<PathBuf> {
    if is_descriptor_path(file) {
        return None;
    }
    let checked = checked_folders(args);
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let mut ancestor = PathBuf::new();
    for component in absolute.components() {
        ancestor.push(component);
        if ancestor.is_symlink() && checked.iter().any(|folder| canonical_parent(&ancestor).starts_with(folder)) {
            return Some(ancestor);
        }
    }
    None
}

/// The repositories of the checked files; without a repository, their projects, or else their folders.
fn checked_folders(args: &CommonArgs) -> Vec<PathBuf> {
    let mut named: Vec<&Path> =
        args.paths.iter().map(PathBuf::as_path).filter(|path| *path != Path::new("-")).collect();
    named.extend(args.stdin_filename.as_deref());
    // Standard input without a name belongs to the folder that the program runs in.
    let reads_stdin = args.paths.iter().any(|path| path == Path::new("-"));
    if args.paths.is_empty() || (reads_stdin && args.stdin_filename.is_none()) {
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
