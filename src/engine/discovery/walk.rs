//! Walks a folder.
//!
//! A symlink whose target is outside the folder is not followed: the author of a repository must not be able to choose which other
//! files of the computer are read or changed. A link to a target inside the folder is followed only to files and folders that the walk
//! has not found yet, so that links cannot form a cycle, and each file is found once.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::base::file::{Inclusion, InputFile};
use crate::base::folders::resolve_symlinks;
use crate::base::read_error::ReadError;
use crate::engine::discovery::ignores::{Ignores, is_skipped_dir};
use crate::engine::discovery::{inclusion_by_name, inclusion_in_project, on_disk, unreadable};
use crate::settings::projects::Projects;

/// Adds the files of a folder that their projects include. The folder itself may be a symlink.
///
/// `records_patterns`: whether the projects record which of their patterns match something.
pub(super) fn walk_folder(folder: &Path, projects: &mut Projects, inputs: &mut Vec<InputFile>, records_patterns: bool) {
    let first_input = inputs.len();
    let root = resolve_symlinks(folder);
    let mut walk = FolderWalk {
        folder,
        current_folder: current_folder_below(&root),
        root,
        projects,
        ignores: Ignores::for_parents_of(folder),
        inputs,
        visited_folders: HashSet::new(),
        found_files: None,
        links: BTreeSet::new(),
        records_patterns,
    };
    walk.visit(folder);
    walk.follow_links(first_input);
}

/// The path from `root` to the current folder, if the current folder is below `root`.
fn current_folder_below(root: &Path) -> Option<PathBuf> {
    let current = Path::new(".").canonicalize().ok()?;
    let below = current.strip_prefix(root).ok()?;
    (!below.as_os_str().is_empty()).then(|| below.to_owned())
}

struct FolderWalk<'w> {
    /// The folder as it was named.
    folder: &'w Path,
    /// Its canonical path.
    root: PathBuf,
    /// The path from `root` to the current folder, if the current folder is below `root`.
    current_folder: Option<PathBuf>,
    projects: &'w mut Projects,
    ignores: Ignores,
    inputs: &'w mut Vec<InputFile>,
    /// The canonical paths of the folders that were visited.
    visited_folders: HashSet<PathBuf>,
    /// The canonical paths of the files that were found; `None` until the first link is followed, because resolving every file
    /// would cost a system call each.
    found_files: Option<HashSet<PathBuf>>,
    /// Links to targets inside `root` that were not followed yet. Sorted, so that the result does not depend on the order in
    /// which the file system lists them.
    links: BTreeSet<PathBuf>,
    records_patterns: bool,
}

impl FolderWalk<'_> {
    /// Finds the files in and below a folder, and collects the links.
    fn visit(&mut self, start: &Path) {
        let Ok(real_start) = start.canonicalize() else { return };
        let mut walker = WalkDir::new(start).into_iter();
        while let Some(entry) = walker.next() {
            match entry {
                Ok(entry) => {
                    let real_path = real_start.join(entry.path().strip_prefix(start).unwrap_or(entry.path()));
                    if !self.visit_entry(&entry, real_path) {
                        walker.skip_current_dir();
                    }
                }
                Err(error) => {
                    if let (Some(path), Some(reason)) = (error.path(), error.io_error()) {
                        self.inputs.push(unreadable(self.path_from_current(path), ReadError::from_io(reason)));
                    }
                }
            }
        }
    }

    /// Handles one entry. Returns `false` for a folder that is not walked.
    fn visit_entry(&mut self, entry: &DirEntry, real_path: PathBuf) -> bool {
        let path = entry.path();
        // The start of the walk has depth 0. It was named, or a link to it was followed, so no pattern can exclude it. If it is a
        // link, `walkdir` gives it the type of a link.
        let is_start = entry.depth() == 0;
        if self.records_patterns && !is_start {
            self.projects.record_path(&self.root, &real_path, entry.file_type().is_dir());
        }
        if entry.path_is_symlink() && !is_start {
            self.visit_link(path);
        } else if entry.file_type().is_dir() || is_start {
            if (!is_start && self.is_skipped_folder(path)) || !self.visited_folders.insert(real_path) {
                return false;
            }
            let folder = self.ignores.enter(path);
            // Loads the settings of the folder, so that broken ones are reported even if it contains no portal.
            self.projects.index_for_folder(&folder);
        } else {
            // Includes pipes and devices with the name of a portal: reading them reports what they are.
            self.add_file(path, real_path);
        }
        true
    }

    fn is_skipped_folder(&self, folder: &Path) -> bool {
        let absolute = self.ignores.absolute(folder);
        is_skipped_dir(folder)
            || self.ignores.is_ignored(&absolute, true)
            || self.ignores.is_nested_repository(&absolute)
    }

    fn add_file(&mut self, path: &Path, real_path: PathBuf) {
        let Some(by_name) = path.file_name().and_then(|name| inclusion_by_name(&name.to_string_lossy())) else {
            return;
        };
        let absolute = self.ignores.absolute(path);
        let project = absolute.parent().map_or(0, |folder| self.projects.index_for_folder(folder));
        let Some(inclusion) = inclusion_in_project(self.projects.get(project), &absolute, by_name) else { return };
        if self.ignores.is_ignored(&absolute, false) {
            return;
        }
        if let Some(found_files) = &mut self.found_files
            && !found_files.insert(real_path)
        {
            return;
        }
        self.inputs.push(InputFile { project, ..on_disk(self.path_from_current(path), inclusion) });
    }

    /// The path of a found file, relative to the current folder if the file is below it: a walk of `..` also finds such files.
    fn path_from_current<'p>(&self, path: &'p Path) -> &'p Path {
        let Some(current_folder) = &self.current_folder else { return path };
        let below_folder = path.strip_prefix(self.folder).unwrap_or(path);
        below_folder.strip_prefix(current_folder).unwrap_or(path)
    }

    /// Decides whether a link is followed later, reported as skipped, or ignored.
    fn visit_link(&mut self, link: &Path) {
        let by_name = link.file_name().and_then(|name| inclusion_by_name(&name.to_string_lossy()));
        let target = fs::metadata(link).and_then(|metadata| Ok((metadata.is_dir(), link.canonicalize()?)));
        let (is_folder, target) = match target {
            Ok(target) => target,
            Err(error) => return self.visit_broken_link(link, by_name, &error),
        };
        let is_ignored = if is_folder {
            self.is_skipped_folder(link)
        } else {
            by_name.is_none() || self.ignores.is_ignored(&self.ignores.absolute(link), false)
        };
        if is_ignored {
            return;
        }
        if target.starts_with(&self.root) {
            self.links.insert(link.to_owned());
        } else {
            self.projects.add_skipped_link(link, self.folder, &target);
        }
    }

    /// Reports a broken link if its name says that it is a portal.
    fn visit_broken_link(&mut self, link: &Path, by_name: Option<Inclusion>, error: &io::Error) {
        if by_name == Some(Inclusion::ByName) && !self.ignores.is_ignored(&self.ignores.absolute(link), false) {
            self.inputs.push(unreadable(self.path_from_current(link), ReadError::from_io(error)));
        }
    }

    /// Follows the collected links. `first_input` is the index of the first input of this walk.
    fn follow_links(&mut self, first_input: usize) {
        if self.links.is_empty() {
            return;
        }
        self.found_files = Some(self.inputs[first_input..].iter().filter_map(InputFile::real_path).collect());
        while let Some(link) = self.links.pop_first() {
            // Check the target again: somebody may have changed the link since the walk found it.
            let Ok(target) = link.canonicalize() else { continue };
            if !target.starts_with(&self.root) || self.visited_folders.contains(&target) {
                continue;
            }
            self.ignores.move_to(link.parent().unwrap_or(self.folder));
            if target.is_dir() {
                // This may find more links, which are added to the set.
                self.visit(&link);
            } else {
                self.add_file(&link, target);
            }
        }
    }
}
