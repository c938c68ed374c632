//! From paths to the files of a run.
//!
//! Folders are walked with `walkdir`; what git ignores is left out by the matcher of the `ignore` crate, one for each
//! folder with a `.gitignore`. Symlinks to files and folders are followed, a loop is noticed and left. Which of the
//! walked files are portals is decided by their names here and by their content in the check.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;
use walkdir::WalkDir;

use crate::input::{Input, Origin, Reason, shown, trouble};
use crate::source::{Format, Trouble};

/// Folders that never hold anything of the user's.
const NEVER: [&str; 5] = [".git", ".hg", ".svn", ".jj", "node_modules"];

/// The files of the given paths, sorted by name, each once.
pub fn discover(paths: &[PathBuf]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, &mut inputs),
            Ok(metadata) if metadata.is_file() => inputs.push(on_disk(path, Reason::Named)),
            Ok(_) => inputs.push(nowhere(path, Trouble::NotAFile("a device or a pipe"))),
            Err(error) => inputs.push(nowhere(path, trouble(&error))),
        }
    }
    sort(&mut inputs);
    inputs
}

/// By name; of a file that was reached twice the reason that says most stays.
pub fn sort(inputs: &mut Vec<Input>) {
    let rank = |input: &Input| matches!(input.reason, Reason::Found);
    inputs.sort_by(|a, b| a.name.cmp(&b.name).then(rank(a).cmp(&rank(b))));
    inputs.dedup_by(|second, first| second.name == first.name);
}

/// The real folder of something that is not there.
fn where_it_would_be(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok()).unwrap_or_default();
    folder.join(path.file_name().unwrap_or_default())
}

fn on_disk(path: &Path, reason: Reason) -> Input {
    let name = shown(path);
    let other = (Path::new(&name).as_os_str() != path.as_os_str()).then(|| path.to_owned());
    Input { name, origin: Origin::Disk(other), reason }
}

fn nowhere(path: &Path, trouble: Trouble) -> Input {
    Input { name: shown(path), origin: Origin::Nowhere(trouble), reason: Reason::Named }
}

fn walk(folder: &Path, inputs: &mut Vec<Input>) {
    let mut ignores = Ignores::above(folder);
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
                ignores.enter(entry.path());
            }
        } else if entry.file_type().is_file()
            && let Some(reason) = by_name(&name)
            && !ignores.ignores(entry.path(), false)
        {
            inputs.push(on_disk(entry.path(), reason));
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

    /// The walk goes into a folder.
    fn enter(&mut self, folder: &Path) {
        let folder = self.absolute(folder);
        while self.files.last().is_some_and(|(base, _)| !folder.starts_with(base)) {
            self.files.pop();
        }
        self.push(&folder);
    }

    fn push(&mut self, folder: &Path) {
        let file = folder.join(".gitignore");
        if file.is_file() {
            // A line that is no pattern is left out by the matcher, as git does.
            let (gitignore, _) = Gitignore::new(file);
            self.files.push((folder.to_owned(), gitignore));
        }
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
