//! The walk through a folder.
//!
//! A symlink that leads out of the folder is not followed: whoever commits one must not decide which files of the machine are
//! read or changed. A link that stays inside is followed only to what the walk has not reached already, so links cannot make
//! the walk endless, and each file is found once.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::base::file::{Inclusion, InputFile};
use crate::base::read_error::ReadError;
use crate::engine::discovery::{Ignores, SKIPPED_DIRS, by_name, nowhere, on_disk, reason};
use crate::settings::projects::Projects;

/// Adds the files of a folder that its project takes. The folder itself may be a symlink.
pub(super) fn walk(folder: &Path, projects: &mut Projects, inputs: &mut Vec<InputFile>) {
    let start = inputs.len();
    let mut walk = FolderWalk {
        folder,
        root: folder.canonicalize().unwrap_or_else(|_| folder.to_owned()),
        projects,
        ignores: Ignores::above(folder),
        inputs,
        folders: HashSet::new(),
        files: None,
        links: BTreeSet::new(),
    };
    walk.visit(folder);
    walk.follow_links(start);
}

struct FolderWalk<'w> {
    /// The folder as it was named.
    folder: &'w Path,
    /// Its real path.
    root: PathBuf,
    projects: &'w mut Projects,
    ignores: Ignores,
    inputs: &'w mut Vec<InputFile>,
    /// The real paths of the folders that were visited.
    folders: HashSet<PathBuf>,
    /// The real paths of the files that were found; collected when the first link is followed.
    files: Option<HashSet<PathBuf>>,
    /// Links that stay inside and were not followed yet, in the order of their names.
    links: BTreeSet<PathBuf>,
}

impl FolderWalk<'_> {
    /// Finds the files in a folder and below it, and collects the links.
    fn visit(&mut self, start: &Path) {
        let Ok(real_start) = start.canonicalize() else { return };
        let mut walker = WalkDir::new(start).into_iter();
        while let Some(entry) = walker.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    if let (Some(path), Some(reason)) = (error.path(), error.io_error()) {
                        self.inputs.push(nowhere(path, ReadError::from_io(reason)));
                    }
                    continue;
                }
            };
            let path = entry.path();
            let real = real_start.join(path.strip_prefix(start).unwrap_or(path));
            if entry.path_is_symlink() && entry.depth() > 0 {
                self.meet_link(path);
            } else if entry.file_type().is_dir() || entry.depth() == 0 {
                let is_left_out = entry.depth() > 0 && self.is_left_out(path);
                if is_left_out || !self.folders.insert(real) {
                    walker.skip_current_dir();
                } else {
                    let folder = self.ignores.enter(path);
                    self.projects.index_for_folder(&folder);
                }
            } else {
                // A pipe or a device is found as well: reading it will say what it is.
                self.take_file(path, real);
            }
        }
    }

    fn is_left_out(&self, folder: &Path) -> bool {
        let is_never = folder.file_name().is_some_and(|name| SKIPPED_DIRS.iter().any(|never| name == *never));
        is_never || self.ignores.ignores(folder, true)
    }

    fn take_file(&mut self, path: &Path, real: PathBuf) {
        let Some(by_name) = path.file_name().and_then(|name| by_name(&name.to_string_lossy())) else { return };
        let absolute = self.ignores.absolute(path);
        let project = absolute.parent().map_or(0, |folder| self.projects.index_for_folder(folder));
        let Some(reason) = reason(self.projects.get(project), || absolute.clone(), by_name) else { return };
        if self.ignores.ignores(path, false) {
            return;
        }
        if let Some(files) = &mut self.files
            && !files.insert(real)
        {
            return;
        }
        self.inputs.push(InputFile { project, ..on_disk(path, reason) });
    }

    /// Decides about a link: it is followed later, reported as skipped, or passed over.
    fn meet_link(&mut self, link: &Path) {
        let called = link.file_name().and_then(|name| by_name(&name.to_string_lossy()));
        let target = fs::metadata(link).and_then(|metadata| Ok((metadata.is_dir(), link.canonicalize()?)));
        match target {
            Ok((true, _)) if self.is_left_out(link) => {}
            Ok((false, _)) if called.is_none() || self.ignores.ignores(link, false) => {}
            Ok((_, target)) if target.starts_with(&self.root) => {
                self.links.insert(link.to_owned());
            }
            Ok((_, target)) => self.projects.add_skipped_link(link, self.folder, &target),
            Err(error) => self.meet_broken_link(link, called, &error),
        }
    }

    /// A link that leads nowhere is nothing, unless its name says that it is a portal.
    fn meet_broken_link(&mut self, link: &Path, called: Option<Inclusion>, error: &io::Error) {
        if called == Some(Inclusion::ByName) && !self.ignores.ignores(link, false) {
            self.inputs.push(nowhere(link, ReadError::from_io(error)));
        }
    }

    /// Follows the links that stay inside. `start` is the index of the first input of this walk.
    fn follow_links(&mut self, start: usize) {
        if self.links.is_empty() {
            return;
        }
        let found = self.inputs[start..].iter().filter_map(InputFile::real_path).collect();
        self.files = Some(found);
        while let Some(link) = self.links.pop_first() {
            // The link may have been changed since the walk met it.
            let Ok(target) = link.canonicalize() else { continue };
            if !target.starts_with(&self.root) || self.folders.contains(&target) {
                continue;
            }
            self.ignores.go_to(link.parent().unwrap_or(self.folder));
            if target.is_dir() {
                self.visit(&link);
            } else {
                self.take_file(&link, target);
            }
        }
    }
}
