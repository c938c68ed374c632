//! Finds the files of a run from the paths on the command line, and the other files of their projects.
//!
//! [`mod@walk`] walks folders. [`ignores`] leaves out what git ignores, with the matcher of the `ignore` crate. The name of a walked
//! file may show that it is a portal; otherwise its content decides when it is checked.

mod bracket_expression;
mod git_config;
mod git_index;
mod ignore_file;
mod ignores;
mod repository;
mod walk;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use ignores::Ignores;
use walk::walk_folder;

use crate::base::file::{
    FileId, Inclusion, InputFile, Origin, WalkMatch, canonical_parent, display_path, display_relative_path,
    path_from_current,
};
use crate::base::folders::resolve_symlinks;
use crate::base::read::{describe_special_file, is_descriptor_path, read_descriptor};
use crate::base::read_error::ReadError;
use crate::base::source::Format;
use crate::settings::project::Project;
use crate::settings::projects::Projects;
use crate::syntax::Limits;

/// Folders that are never walked.
const SKIPPED_DIRS: [&str; 5] = [".git", ".hg", ".svn", ".jj", "node_modules"];

/// Returns the files of the given paths, each once. Paths that cannot be read are included, so that the run reports them.
///
/// A folder is walked. Any other path is included by itself, with `force_exclude` only if a walk would include it.
pub fn discover(paths: &[PathBuf], projects: &mut Projects, force_exclude: bool) -> Vec<InputFile> {
    let mut inputs = Vec::new();
    for path in paths {
        let path = &path_from_current(path);
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                walk_folder(path, projects, &mut inputs, true);
                projects.record_walk(&resolve_symlinks(path));
            }
            _ if is_descriptor_path(path) => {
                // A walk never finds a pipe.
                if !force_exclude {
                    inputs.push(read_descriptor_input(path, projects));
                }
            }
            Ok(metadata) => match describe_special_file(metadata.file_type()) {
                Some(description) => inputs.push(unreadable(path, ReadError::NotAFile(description))),
                None => inputs.extend(resolve_explicit(path, projects, force_exclude)),
            },
            Err(error) => inputs.push(unreadable(path, ReadError::from_io(&error))),
        }
    }
    if paths.len() > 1 {
        // Sort candidates last, so that a file that was found twice keeps its other inclusion.
        inputs.sort_by_key(|input| input.inclusion == Inclusion::Candidate);
        let mut seen = HashSet::new();
        inputs.retain(|input| input.real_path().is_none_or(|path| seen.insert(path)));
    }
    inputs
}

/// Returns the input for a file that was named. With `force_exclude`, returns `None` if a walk would leave it out.
pub fn resolve_explicit(path: &Path, projects: &mut Projects, force_exclude: bool) -> Option<InputFile> {
    let folder = canonical_parent(path);
    let project = projects.index_for_folder(&folder);
    let real_path = folder.join(path.file_name()?);
    let inclusion = if force_exclude {
        inclusion_by_walk(projects.get(project), &real_path)?
    } else if project == 0 {
        // Without settings nothing is excluded, so there is no need to read .gitignore files.
        Inclusion::Explicit(WalkMatch::Included)
    } else {
        Inclusion::Explicit(match inclusion_by_walk(projects.get(project), &real_path) {
            Some(Inclusion::ByName) => WalkMatch::Included,
            Some(_) => WalkMatch::IfPortal,
            None => WalkMatch::Excluded,
        })
    };
    Some(InputFile { project, ..on_disk(path, inclusion) })
}

/// Returns why a walk of its project would include a file, or `None` if it would not.
fn inclusion_by_walk(project: &Project, real_path: &Path) -> Option<Inclusion> {
    let by_name = inclusion_by_name(&real_path.file_name()?.to_string_lossy())?;
    let inclusion = inclusion_in_project(project, real_path, by_name)?;
    let is_ignored = Ignores::for_parents_of(real_path).is_path_ignored(real_path);
    (!is_ignored).then_some(inclusion)
}

/// Returns the input for a file that the command line names and that is read but is not a portal, such as an account snapshot.
pub fn resolve_internal(path: &Path) -> InputFile {
    let path = &path_from_current(path);
    let input = on_disk(path, Inclusion::Internal);
    if is_descriptor_path(path) {
        let origin = match read_descriptor(path, Limits::MAX.file_bytes) {
            Ok(bytes) => Origin::Memory(bytes),
            Err(error) => Origin::Unreadable(error),
        };
        return InputFile { origin, ..input };
    }
    let error = match fs::metadata(path) {
        Ok(metadata) => match describe_special_file(metadata.file_type()) {
            Some(description) => ReadError::NotAFile(description),
            None => return input,
        },
        Err(error) => ReadError::from_io(&error),
    };
    InputFile { origin: Origin::Unreadable(error), ..input }
}

/// Reads a pipe, which the shell passes for `<(command)`. It can be read only once, so its content is kept.
fn read_descriptor_input(path: &Path, projects: &mut Projects) -> InputFile {
    let project = projects.index_for_folder(&canonical_parent(path));
    let limit = projects.get(project).limits.file_bytes;
    match read_descriptor(path, limit) {
        Ok(bytes) => InputFile {
            origin: Origin::Stdin(bytes),
            project,
            ..on_disk(path, Inclusion::Explicit(WalkMatch::Included))
        },
        Err(error) => InputFile { project, ..unreadable(path, error) },
    }
}

/// Adds the other files of the projects that files of the run belong to. Cross-file rules compare the files of the run with
/// them.
pub fn add_context_files(paths: &[PathBuf], projects: &mut Projects, inputs: &mut Vec<InputFile>) {
    let mut walked = Vec::new();
    for path in paths {
        if path.is_dir() {
            walked.extend(path.canonicalize());
        }
    }
    // Index 0 has no folder to walk.
    for index in 1..projects.len() {
        let Some(root) = projects.get(index).root.clone() else { continue };
        // A project that was walked as a whole has no other files.
        let is_complete = walked.iter().any(|folder| root.starts_with(folder));
        if !is_complete && inputs.iter().any(|input| input.project == index) {
            add_context_files_of_project(index, &root, projects, inputs);
        }
    }
}

/// Adds the other files below a folder that belong to no project, as [`add_context_files`] does for a project.
pub(crate) fn add_context_files_without_project(root: &Path, projects: &mut Projects, inputs: &mut Vec<InputFile>) {
    add_context_files_of_project(0, root, projects, inputs);
}

fn add_context_files_of_project(index: usize, root: &Path, projects: &mut Projects, inputs: &mut Vec<InputFile>) {
    let mut known = HashSet::new();
    for input in inputs.iter().filter(|input| input.project == index) {
        known.extend(input.real_path());
    }
    let mut found = Vec::new();
    walk_folder(root, projects, &mut found, false);
    for input in found {
        // The walk also finds the files of projects in subfolders.
        if input.project != index || input.real_path().is_some_and(|path| known.contains(&path)) {
            continue;
        }
        let Some(path) = input.path() else { continue };
        let inclusion = Inclusion::ContextOnly { by_name: input.inclusion == Inclusion::ByName };
        let origin = Origin::Disk(Some(path.to_owned()));
        inputs.push(InputFile { project: index, ..InputFile::new(display_relative_path(path), origin, inclusion) });
    }
}

/// Applies `include` and `exclude` of the project to a file whose inclusion would be `by_name` without them.
fn inclusion_in_project(project: &Project, real_path: &Path, by_name: Inclusion) -> Option<Inclusion> {
    let Some(root) = &project.root else { return Some(by_name) };
    match project.includes(&display_path(real_path.strip_prefix(root).unwrap_or(real_path))) {
        Some(true) => Some(Inclusion::ByName),
        Some(false) => None,
        None => Some(by_name),
    }
}

/// Sorts the files of a run by name and assigns their IDs, when the list is complete. If a file occurs twice, an input that is not a
/// [`Inclusion::Candidate`] remains.
pub fn sort_and_dedup(inputs: &mut Vec<InputFile>) {
    let is_candidate = |input: &InputFile| input.inclusion == Inclusion::Candidate;
    inputs.sort_by(|a, b| file_key(a).cmp(&file_key(b)).then_with(|| is_candidate(a).cmp(&is_candidate(b))));
    inputs.dedup_by(|second, first| file_key(second) == file_key(first));
    for (index, input) in inputs.iter_mut().enumerate() {
        input.id = FileId::new(index);
    }
}

/// Identifies the file of an input. Bytes of a name that are not UTF-8 text are displayed as U+FFFD, so several files can have such a name.
fn file_key(input: &InputFile) -> (&str, Option<PathBuf>) {
    let is_ambiguous = input.name.contains('\u{fffd}');
    (&input.name, if is_ambiguous { input.real_path() } else { None })
}

fn on_disk(path: &Path, inclusion: Inclusion) -> InputFile {
    let name = display_path(path);
    // Most paths are equal to their display names: do not store them twice.
    let other_path = (Path::new(&name).as_os_str() != path.as_os_str()).then(|| path.to_owned());
    InputFile::new(name, Origin::Disk(other_path), inclusion)
}

/// Returns an input for which the run will report `error`, as if the user had named the file.
fn unreadable(path: &Path, error: ReadError) -> InputFile {
    InputFile::new(display_path(path), Origin::Unreadable(error), Inclusion::Explicit(WalkMatch::Included))
}

/// Whether a file name has the form `*.portal.*` with an extension that portals can have.
pub fn is_named_as_portal(name: &str) -> bool {
    inclusion_by_name(name.rsplit('/').next().unwrap_or(name)) == Some(Inclusion::ByName)
}

/// Returns why a walk includes a file with this name, before settings. Returns `None` for other extensions.
fn inclusion_by_name(name: &str) -> Option<Inclusion> {
    const SUFFIX: &[u8] = b".portal";
    Format::from_file_name(name)?;
    let stem = &name.as_bytes()[..memchr::memrchr(b'.', name.as_bytes())?];
    // `.portal.json` has no name before the suffix: it is an ordinary hidden file.
    let has_suffix = stem.len() > SUFFIX.len() && stem[stem.len() - SUFFIX.len()..].eq_ignore_ascii_case(SUFFIX);
    Some(if has_suffix { Inclusion::ByName } else { Inclusion::Candidate })
}
