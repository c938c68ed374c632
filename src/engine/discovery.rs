//! From paths to the files of a run, and to those they are compared with.
//!
//! Folders are walked with `walkdir` ([`mod@walk`]); what git ignores is left out by the matcher of the `ignore` crate, one for
//! each folder with a `.gitignore` ([`ignores`]). Which of the walked files are portals is decided by their names here and by
//! their content in the check.

mod ignores;
mod walk;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use ignores::Ignores;
use walk::walk;

use crate::base::bytes::swar::load_le;
use crate::base::file::{
    Inclusion, InputFile, Origin, WalkMatch, canonical_parent, display_path, display_relative_path,
};
use crate::base::read::{is_descriptor_path, read_descriptor, special_kind};
use crate::base::read_error::ReadError;
use crate::base::source::Format;
use crate::settings::project::Project;
use crate::settings::projects::Projects;
use crate::syntax::Limits;

/// Folders that never hold anything of the user's.
const SKIPPED_DIRS: [&str; 5] = [".git", ".hg", ".svn", ".jj", "node_modules"];

/// The files of the given paths, sorted by name, each once.
pub fn discover(paths: &[PathBuf], projects: &mut Projects, force_exclude: bool) -> Vec<InputFile> {
    let mut inputs = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, projects, &mut inputs),
            // A walk would never find it.
            _ if is_descriptor_path(path) && force_exclude => {}
            _ if is_descriptor_path(path) => inputs.push(descriptor(path, projects)),
            Ok(metadata) => match special_kind(metadata.file_type()) {
                Some(kind) => inputs.push(nowhere(path, ReadError::NotAFile(kind))),
                None => inputs.extend(named(path, projects, force_exclude)),
            },
            Err(error) => inputs.push(nowhere(path, ReadError::from_io(&error))),
        }
    }
    if paths.len() > 1 {
        let mut seen = HashSet::new();
        inputs.sort_by_key(|input| matches!(input.inclusion, Inclusion::Candidate));
        inputs.retain(|input| input.real_path().is_none_or(|path| seen.insert(path)));
    }
    sort(&mut inputs);
    inputs
}

/// A file that was named; with `force_exclude` only if walking would have found it.
pub fn named(path: &Path, projects: &mut Projects, force_exclude: bool) -> Option<InputFile> {
    let folder = canonical_parent(path);
    let project = projects.index_for_folder(&folder);
    let real = folder.join(path.file_name()?);
    let walked = || {
        let reason = reason(projects.get(project), || real.clone(), by_name(&path.file_name()?.to_string_lossy())?)?;
        (!Ignores::above(&real).ignore_on_the_way(&real)).then_some(reason)
    };
    let reason = match (force_exclude, project) {
        (true, _) => walked()?,
        (false, 0) => Inclusion::Explicit(WalkMatch::Included),
        (false, _) => Inclusion::Explicit(match walked() {
            Some(Inclusion::ByName) => WalkMatch::Included,
            Some(_) => WalkMatch::IfPortal,
            None => WalkMatch::Excluded,
        }),
    };
    Some(InputFile { project, ..on_disk(path, reason) })
}

/// A file of the linter's own that the command line names.
pub fn context_file(path: &Path) -> InputFile {
    let input = match fs::metadata(path) {
        _ if is_descriptor_path(path) => match read_descriptor(path, Limits::MAX.file_bytes) {
            Ok(bytes) => InputFile { origin: Origin::Memory(bytes), ..on_disk(path, Inclusion::Internal) },
            Err(trouble) => nowhere(path, trouble),
        },
        Ok(metadata) => match special_kind(metadata.file_type()) {
            Some(kind) => nowhere(path, ReadError::NotAFile(kind)),
            None => on_disk(path, Inclusion::Internal),
        },
        Err(error) => nowhere(path, ReadError::from_io(&error)),
    };
    InputFile { inclusion: Inclusion::Internal, ..input }
}

/// What the shell passes for `<(command)`: it can be read only once, so it is read now.
fn descriptor(path: &Path, projects: &mut Projects) -> InputFile {
    let project = projects.index_for_folder(&canonical_parent(path));
    let limit = projects.get(project).limits.file_bytes;
    match read_descriptor(path, limit) {
        Ok(bytes) => InputFile {
            origin: Origin::Stdin(bytes),
            project,
            ..on_disk(path, Inclusion::Explicit(WalkMatch::Included))
        },
        Err(trouble) => InputFile { project, ..nowhere(path, trouble) },
    }
}

/// The other files of the projects that files of the run belong to: what these are compared with. A project that was
/// walked as a whole has no others.
pub fn add_context_files(paths: &[PathBuf], projects: &mut Projects, inputs: &mut Vec<InputFile>) {
    let walked: Vec<PathBuf> =
        paths.iter().filter(|path| path.is_dir()).filter_map(|path| path.canonicalize().ok()).collect();
    let known = inputs.len();
    for number in 1..projects.len() {
        let Some(root) = projects.get(number).root.clone() else { continue };
        let is_whole = walked.iter().any(|folder| root.starts_with(folder));
        if is_whole || !inputs.iter().any(|input| input.project == number) {
            continue;
        }
        let own = inputs[..known].iter().filter(|input| input.project == number);
        let own: HashSet<PathBuf> = own.filter_map(InputFile::real_path).collect();
        let mut found = Vec::new();
        walk(&root, projects, &mut found);
        for input in found.into_iter().filter(|input| input.project == number) {
            if let Some(path) = input.path().filter(|_| !input.real_path().is_some_and(|path| own.contains(&path))) {
                let (name, origin) = (display_relative_path(path), Origin::Disk(Some(path.to_owned())));
                let by_name = input.inclusion == Inclusion::ByName;
                inputs.push(InputFile { name, origin, inclusion: Inclusion::ContextOnly { by_name }, project: number });
            }
        }
    }
    if inputs.len() > known {
        sort(inputs);
    }
}

/// Why walking takes a file, if it does.
fn reason(project: &Project, real: impl Fn() -> PathBuf, by_name: Inclusion) -> Option<Inclusion> {
    let Some(root) = &project.root else { return Some(by_name) };
    let real = real();
    match project.includes(&display_path(real.strip_prefix(root).unwrap_or(&real))) {
        Some(true) => Some(Inclusion::ByName),
        Some(false) => None,
        None => Some(by_name),
    }
}

/// By name; of a file that was reached twice the reason that says most stays.
pub fn sort(inputs: &mut Vec<InputFile>) {
    let rank = |input: &InputFile| matches!(input.inclusion, Inclusion::Candidate);
    // Names that start alike are told apart by what comes then: nearly always eight bytes of that are enough.
    let start = common_start(inputs);
    let first = |input: &InputFile| load_le(&input.name.as_bytes()[start..]).swap_bytes();
    let order = |a: &InputFile, b: &InputFile| first(a).cmp(&first(b)).then_with(|| a.name.cmp(&b.name));
    inputs.sort_unstable_by(|a, b| order(a, b).then_with(|| rank(a).cmp(&rank(b))));
    inputs.dedup_by(|second, first| second.name == first.name);
}

/// How many bytes all names have in common at their start, where eight more follow in each.
fn common_start(inputs: &[InputFile]) -> usize {
    let Some(first) = inputs.first().map(|input| input.name.as_bytes()) else { return 0 };
    inputs.iter().map(|input| input.name.as_bytes()).fold(first.len(), |start, name| {
        let start = start.min(name.len().saturating_sub(8));
        if name[..start] == first[..start] {
            return start;
        }
        name.iter().zip(first).take_while(|(own, other)| own == other).count()
    })
}

fn on_disk(path: &Path, inclusion: Inclusion) -> InputFile {
    let name = display_path(path);
    let other = (Path::new(&name).as_os_str() != path.as_os_str()).then(|| path.to_owned());
    InputFile { name, origin: Origin::Disk(other), inclusion, project: 0 }
}

fn nowhere(path: &Path, trouble: ReadError) -> InputFile {
    InputFile {
        name: display_path(path),
        origin: Origin::Unreadable(trouble),
        inclusion: Inclusion::Explicit(WalkMatch::Included),
        project: 0,
    }
}

/// Whether a file is called `*.portal.*`, in a format that portals are written in.
pub fn is_called_portal(name: &str) -> bool {
    by_name(name.rsplit('/').next().unwrap_or(name)) == Some(Inclusion::ByName)
}

fn by_name(name: &str) -> Option<Inclusion> {
    const MARK: &[u8] = b".portal";
    Format::from_file_name(name)?;
    let stem = &name.as_bytes()[..memchr::memrchr(b'.', name.as_bytes())?];
    let called = stem.len() > MARK.len() && stem[stem.len() - MARK.len()..].eq_ignore_ascii_case(MARK);
    Some(if called { Inclusion::ByName } else { Inclusion::Candidate })
}
