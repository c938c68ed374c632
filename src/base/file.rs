//! A file of a run before it is read: its name, where its bytes are, why it is looked at.

use std::path::{Component, Path, PathBuf};

use crate::base::read_error::ReadError;

/// A file of the run, not read yet.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// As it is shown: relative as it was named, `/` between the parts, no `./`.
    pub name: String,
    /// Where its bytes are.
    pub origin: Origin,
    /// Why it is part of the run.
    pub inclusion: Inclusion,
    /// The number of its project; 0 is none.
    pub project: usize,
}

impl InputFile {
    /// Where it is, or would be; what came through a pipe is nowhere.
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Stdin(_) => None,
            Origin::Disk(Some(path)) => Some(path),
            Origin::Disk(None) | Origin::Memory(_) | Origin::Unreadable(_) => Some(Path::new(&self.name)),
        }
    }

    /// The same, links followed: two of the same real path are one file.
    pub fn real_path(&self) -> Option<PathBuf> {
        let path = self.path()?;
        Some(path.canonicalize().unwrap_or_else(|_| canonical_parent(path).join(path.file_name().unwrap_or_default())))
    }
}

/// The real folder that something lies in; of what is not there, as far as it is there.
pub fn canonical_parent(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().unwrap_or(Path::new("/"));
    let real = |known: &Path| Some(known.canonicalize().ok()?.join(folder.strip_prefix(known).ok()?));
    folder.ancestors().find_map(real).unwrap_or_else(|| folder.to_owned())
}

/// The root of the git repository that a real folder lies in.
pub fn repository_root(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|ancestor| ancestor.join(".git").symlink_metadata().is_ok())
}

/// Where bytes come from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file, and its path when that is not its name.
    Disk(Option<PathBuf>),
    /// Standard input under the name of a file, or the text in an editor.
    Memory(Vec<u8>),
    /// Standard input that is no file's text.
    Stdin(Vec<u8>),
    /// It is known already that there are none.
    Unreadable(ReadError),
}

impl Origin {
    /// Other bytes in the place of these, held in memory; what belongs to no file still belongs to none.
    #[must_use]
    pub fn with_bytes(&self, bytes: Vec<u8>) -> Self {
        if matches!(self, Self::Stdin(_)) { Self::Stdin(bytes) } else { Self::Memory(bytes) }
    }
}

/// Why a file is part of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// It was named: if it is no portal, that is a finding.
    Explicit(WalkMatch),
    /// Found by walking, and called `*.portal.*`: the same.
    ByName,
    /// Found by walking, by its ending: it is part of the run if its content is a portal's.
    Candidate,
    /// Not part of the run: another file of the project, which the files of the run are compared with.
    ContextOnly {
        /// Walking takes it by its name; else its content decides.
        by_name: bool,
    },
    /// Not part of the run: a file of the linter's own.
    Internal,
}

impl Inclusion {
    /// Whether a file is only taken if its content is a portal's.
    pub fn needs_portal_content(self) -> bool {
        matches!(self, Self::Candidate | Self::ContextOnly { by_name: false })
    }
}

/// What walking the project makes of a file that was named. One that walking would leave out is compared with the others
/// of the project, and they are not compared with it: what is found in them does not hang on what else was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkMatch {
    /// It takes it; so does everybody where there is no project.
    Included,
    /// It takes it if its content is a portal's.
    IfPortal,
    /// It leaves it out.
    Excluded,
}

/// A real path as it is shown: as seen from where we are, when that is not further than one can see.
pub fn display_relative_path(path: &Path) -> String {
    let Ok(here) = Path::new(".").canonicalize() else { return display_path(path) };
    let common = here.ancestors().find(|folder| folder.parent().is_some() && path.starts_with(folder));
    let Some(common) = common else { return display_path(path) };
    let up = here.components().count() - common.components().count();
    let rest = path.strip_prefix(common).unwrap_or(path);
    let way: PathBuf = std::iter::repeat_n(Component::ParentDir, up).chain(rest.components()).collect();
    display_path(&way)
}

/// A path as it is shown.
pub fn display_path(path: &Path) -> String {
    // A path that was walked to is nearly always written so.
    if let Some(text) = path.to_str().filter(|text| is_plain(text)) {
        return text.to_owned();
    }
    let mut name = String::new();
    for part in path.components() {
        if part == Component::CurDir {
            continue;
        }
        if !name.is_empty() && !name.ends_with('/') {
            name.push('/');
        }
        match part {
            Component::RootDir => name.push('/'),
            _ => name.push_str(&part.as_os_str().to_string_lossy()),
        }
    }
    name
}

/// Whether a path has no part that would not be shown.
fn is_plain(path: &str) -> bool {
    let starts_part = |rest: &[u8]| matches!(rest, [] | [b'.' | b'/', ..]);
    !cfg!(windows)
        && !path.starts_with('.')
        && memchr::memchr_iter(b'/', path.as_bytes()).all(|at| !starts_part(&path.as_bytes()[at + 1..]))
}
