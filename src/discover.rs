//! From paths to the files of a run, and to those they are compared with.
//!
//! Folders are walked with `walkdir`; what git ignores is left out by the matcher of the `ignore` crate, one for each
//! folder with a `.gitignore`. Symlinks to files and folders are followed, a loop is noticed and left. Which of the
//! walked files are portals is decided by their names here and by their content in the check.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;
use walkdir::WalkDir;

use crate::eight::eight;
use crate::input::{Input, Origin, Reason, Walk, real_folder_of, relative, shown, trouble};
use crate::settings::project::Project;
use crate::settings::projects::Projects;
use crate::source::{Format, Trouble};

/// Folders that never hold anything of the user's.
const NEVER: [&str; 5] = [".git", ".hg", ".svn", ".jj", "node_modules"];

/// The files of the given paths, sorted by name, each once.
pub fn discover(paths: &[PathBuf], projects: &mut Projects, force_exclude: bool) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, projects, &mut inputs),
            Ok(metadata) if metadata.is_file() => inputs.extend(named(path, projects, force_exclude)),
            Ok(_) => inputs.push(nowhere(path, Trouble::NotAFile("a device or a pipe"))),
            Err(error) => inputs.push(nowhere(path, trouble(&error))),
        }
    }
    if paths.len() > 1 {
        let mut seen = HashSet::new();
        inputs.sort_by_key(|input| matches!(input.reason, Reason::Found));
        inputs.retain(|input| input.real_path().is_none_or(|path| seen.insert(path)));
    }
    sort(&mut inputs);
    inputs
}

/// A file that was named; with `force_exclude` only if walking would have found it.
pub fn named(path: &Path, projects: &mut Projects, force_exclude: bool) -> Option<Input> {
    let folder = real_folder_of(path);
    let project = projects.of_folder(&folder);
    let real = folder.join(path.file_name()?);
    let walked = || {
        let reason = reason(projects.get(project), || real.clone(), by_name(&path.file_name()?.to_string_lossy())?)?;
        (!Ignores::above(&real).ignore_on_the_way(&real)).then_some(reason)
    };
    let reason = match (force_exclude, project) {
        (true, _) => walked()?,
        (false, 0) => Reason::Named(Walk::Takes),
        (false, _) => Reason::Named(match walked() {
            Some(Reason::Called) => Walk::Takes,
            Some(_) => Walk::TakesAPortal,
            None => Walk::Leaves,
        }),
    };
    Some(Input { project, ..on_disk(path, reason) })
}

/// A file of the linter's own.
pub fn beside(path: &Path) -> Input {
    let input = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => on_disk(path, Reason::Own),
        Ok(metadata) if metadata.is_dir() => nowhere(path, Trouble::NotAFile("a folder")),
        Ok(_) => nowhere(path, Trouble::NotAFile("a device or a pipe")),
        Err(error) => nowhere(path, trouble(&error)),
    };
    Input { reason: Reason::Own, ..input }
}

/// The other files of the projects that files of the run belong to: what these are compared with. A project that was
/// walked as a whole has no others.
pub fn add_beside(paths: &[PathBuf], projects: &mut Projects, inputs: &mut Vec<Input>) {
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
        let own: HashSet<PathBuf> = own.filter_map(Input::real_path).collect();
        let mut found = Vec::new();
        walk(&root, projects, &mut found);
        for input in found.into_iter().filter(|input| input.project == number) {
            if let Some(path) = input.path().filter(|_| !input.real_path().is_some_and(|path| own.contains(&path))) {
                let (name, origin) = (relative(path), Origin::Disk(Some(path.to_owned())));
                let called = input.reason == Reason::Called;
                inputs.push(Input { name, origin, reason: Reason::Beside { called }, project: number });
            }
        }
    }
    if inputs.len() > known {
        sort(inputs);
    }
}

/// Why walking takes a file, if it does.
fn reason(project: &Project, real: impl Fn() -> PathBuf, by_name: Reason) -> Option<Reason> {
    let Some(root) = &project.root else { return Some(by_name) };
    let real = real();
    match project.takes(&shown(real.strip_prefix(root).unwrap_or(&real))) {
        Some(true) => Some(Reason::Called),
        Some(false) => None,
        None => Some(by_name),
    }
}

/// By name; of a file that was reached twice the reason that says most stays.
pub fn sort(inputs: &mut Vec<Input>) {
    let rank = |input: &Input| matches!(input.reason, Reason::Found);
    // Names that start alike are told apart by what comes then: nearly always eight bytes of that are enough.
    let start = common_start(inputs);
    let first = |input: &Input| eight(&input.name.as_bytes()[start..]).swap_bytes();
    let order = |a: &Input, b: &Input| first(a).cmp(&first(b)).then_with(|| a.name.cmp(&b.name));
    inputs.sort_unstable_by(|a, b| order(a, b).then_with(|| rank(a).cmp(&rank(b))));
    inputs.dedup_by(|second, first| second.name == first.name);
}

/// How many bytes all names have in common at their start, where eight more follow in each.
fn common_start(inputs: &[Input]) -> usize {
    let Some(first) = inputs.first().map(|input| input.name.as_bytes()) else { return 0 };
    inputs.iter().map(|input| input.name.as_bytes()).fold(first.len(), |start, name| {
        let start = start.min(name.len().saturating_sub(8));
        if name[..start] == first[..start] {
            return start;
        }
        name.iter().zip(first).take_while(|(own, other)| own == other).count()
    })
}

/// The real folder of something that is not there.
fn where_it_would_be(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok()).unwrap_or_default();
    folder.join(path.file_name().unwrap_or_default())
}

fn on_disk(path: &Path, reason: Reason) -> Input {
    let name = shown(path);
    let other = (Path::new(&name).as_os_str() != path.as_os_str()).then(|| path.to_owned());
    Input { name, origin: Origin::Disk(other), reason, project: 0 }
}

fn nowhere(path: &Path, trouble: Trouble) -> Input {
    Input { name: shown(path), origin: Origin::Nowhere(trouble), reason: Reason::Named(Walk::Takes), project: 0 }
}

fn walk(folder: &Path, projects: &mut Projects, inputs: &mut Vec<Input>) {
    let mut ignores = Ignores::above(folder);
    // Of each folder on the way to where the walk is.
    let mut owners: Vec<usize> = Vec::new();
    let mut walker = WalkDir::new(folder).follow_links(true).into_iter();
    let (start, mut linked) = (inputs.len(), false);
    while let Some(entry) = walker.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // A loop is where we have been, and a link that leads nowhere is nothing, unless its name says portal.
                let link = error.path().is_some_and(Path::is_symlink);
                let called = |path: &Path| path.file_name().and_then(|name| by_name(&name.to_string_lossy()));
                if let (None, Some(path), Some(reason)) = (error.loop_ancestor(), error.path(), error.io_error())
                    && (!link || called(path) == Some(Reason::Called))
                {
                    inputs.push(nowhere(path, trouble(reason)));
                }
                continue;
            }
        };
        linked |= entry.path_is_symlink();
        let is_dir = entry.file_type().is_dir();
        let name = entry.file_name().to_string_lossy();
        if is_dir {
            if entry.depth() > 0 && (NEVER.contains(&name.as_ref()) || ignores.ignores(entry.path(), true)) {
                walker.skip_current_dir();
            } else {
                let real = ignores.enter(entry.path());
                owners.truncate(entry.depth());
                owners.push(projects.of_folder(&real));
            }
        } else if entry.file_type().is_file()
            && let Some(by_name) = by_name(&name)
        {
            let project = entry.depth().checked_sub(1).and_then(|depth| owners.get(depth)).copied().unwrap_or(0);
            let real = || ignores.absolute(entry.path());
            if let Some(reason) = reason(projects.get(project), real, by_name)
                && !ignores.ignores(entry.path(), false)
            {
                inputs.push(Input { project, ..on_disk(entry.path(), reason) });
            }
        }
    }
    if linked {
        each_once(folder, inputs, start);
    }
}

/// Of a file that was reached directly and through links, the direct way stays; else the first.
fn each_once(folder: &Path, inputs: &mut Vec<Input>, start: usize) {
    let Ok(root) = folder.canonicalize() else { return };
    let mut walked: Vec<(bool, PathBuf, Input)> = inputs
        .drain(start..)
        .map(|input| {
            let path = match &input.origin {
                Origin::Disk(Some(path)) => path.clone(),
                _ => PathBuf::from(&input.name),
            };
            let real = path.canonicalize().unwrap_or_else(|_| where_it_would_be(&path));
            let direct = path.strip_prefix(folder).is_ok_and(|rest| root.join(rest) == real);
            (!direct, real, input)
        })
        .collect();
    walked.sort_by(|a, b| (a.0, &a.2.name).cmp(&(b.0, &b.2.name)));
    let mut seen = HashSet::new();
    inputs.extend(walked.into_iter().filter(|(_, real, _)| seen.insert(real.clone())).map(|(_, _, input)| input));
}

fn by_name(name: &str) -> Option<Reason> {
    const MARK: &[u8] = b".portal";
    Format::of_name(name)?;
    let stem = &name.as_bytes()[..memchr::memrchr(b'.', name.as_bytes())?];
    let called = stem.len() > MARK.len() && stem[stem.len() - MARK.len()..].eq_ignore_ascii_case(MARK);
    Some(if called { Reason::Called } else { Reason::Found })
}

/// The `.gitignore` files from the root of the repository to where the walk is. Paths are matched in their absolute
/// form, whatever form they were named in.
struct Ignores {
    named: PathBuf,
    absolute: PathBuf,
    files: Vec<(PathBuf, Gitignore)>,
}

impl Ignores {
    /// With those of the folders above, up to the root of the repository.
    fn above(folder: &Path) -> Self {
        let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let mut ignores = Self { named: folder.to_owned(), absolute: absolute.clone(), files: Vec::new() };
        if let Some(root) = absolute.ancestors().find(|ancestor| ancestor.join(".git").exists()) {
            let mut above: Vec<&Path> =
                absolute.ancestors().skip(1).take_while(|ancestor| ancestor.starts_with(root)).collect();
            above.reverse();
            for folder in above {
                ignores.push(folder);
            }
        }
        ignores
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.named).map_or_else(|_| path.to_owned(), |rest| self.absolute.join(rest))
    }

    /// The walk goes into a folder; answers with its real path.
    fn enter(&mut self, folder: &Path) -> PathBuf {
        let folder = self.absolute(folder);
        while self.files.last().is_some_and(|(base, _)| !folder.starts_with(base)) {
            self.files.pop();
        }
        self.push(&folder);
        folder
    }

    fn push(&mut self, folder: &Path) {
        let file = folder.join(".gitignore");
        if file.is_file() {
            // A line that is no pattern is left out by the matcher, as git does.
            let (gitignore, _) = Gitignore::new(file);
            self.files.push((folder.to_owned(), gitignore));
        }
    }

    /// Whether a file or a folder on the way to it is ignored.
    fn ignore_on_the_way(&mut self, path: &Path) -> bool {
        let folders: Vec<&Path> = path.ancestors().skip(1).collect();
        let named_so = |folder: &&Path| folder.file_name().is_some_and(|name| NEVER.iter().any(|never| name == *never));
        folders.iter().any(|folder| named_so(folder) || self.ignores(folder, true)) || self.ignores(path, false)
    }

    /// The nearest file that has a pattern for the path decides.
    fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        if self.files.is_empty() {
            return false;
        }
        let path = self.absolute(path);
        let of_its_folders = self.files.iter().rev().filter(|(base, _)| path.starts_with(base));
        let decided =
            of_its_folders.map(|(_, gitignore)| gitignore.matched(&path, is_dir)).find(|found| !found.is_none());
        decided.is_some_and(|found| found.is_ignore())
    }
}
