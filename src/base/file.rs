//! The files of a run before they are read: name, origin, and how each was included.

use std::path::{Component, Path, PathBuf};

use crate::base::read_error::ReadError;

/// Identifies a file of a run, see [`InputFile::id`]. Account snapshots and settings files come after the other files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The ID of the file at this index of the files of the run.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The ID of the next file of the run.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A file of the run.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Its ID. `sort_and_dedup` in `engine::discovery` assigns the IDs once, when the list of files is complete. No later step changes
    /// them, even if it checks only some of the files.
    pub id: FileId,
    /// The path for display, see [`display_path`].
    pub name: String,
    /// Where the bytes of the file are.
    pub origin: Origin,
    /// How the file became part of the run.
    pub inclusion: Inclusion,
    /// The index of its project; 0 if the file has no project.
    pub project: usize,
}

impl InputFile {
    /// A file with the first ID and without a project.
    pub fn new(name: impl Into<String>, origin: Origin, inclusion: Inclusion) -> Self {
        Self { id: FileId::default(), name: name.into(), origin, inclusion, project: 0 }
    }

    /// The path of the file, even if it does not exist; `None` for a text without a file.
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Stdin(_) => None,
            Origin::Agent(body) => body.replaces.as_ref().map(|(path, _)| path.as_path()),
            Origin::Disk(Some(path)) => Some(path),
            Origin::Disk(None) | Origin::Memory(_) | Origin::Unreadable(_) => Some(Path::new(&self.name)),
        }
    }

    /// The path with all symlinks resolved, which identifies the file.
    pub fn real_path(&self) -> Option<PathBuf> {
        self.path().map(real_path)
    }
}

/// The path with all symlinks resolved, also of a file that does not exist.
pub(crate) fn real_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| canonical_parent(path).join(path.file_name().unwrap_or_default()))
}

/// Replaces the text of one of the inputs.
pub(crate) fn replace_text(inputs: &mut [InputFile], input: &InputFile, text: &str) {
    if let Ok(index) = inputs.binary_search_by_key(&input.id, |other| other.id) {
        inputs[index].origin = input.origin.with_bytes(text.into());
    }
}

/// The folder of a path, with symlinks resolved as far as the folder exists.
pub fn canonical_parent(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    for ancestor in folder.ancestors() {
        if let Ok(real) = ancestor.canonicalize()
            && let Ok(missing_part) = folder.strip_prefix(ancestor)
        {
            return real.join(missing_part);
        }
    }
    folder.to_owned()
}

/// The root of the git repository of a folder, whose path has no symlinks.
pub fn repository_root(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|ancestor| ancestor.join(".git").symlink_metadata().is_ok())
}

/// The folder in which new settings for a file are created: the root of its git repository, or else its own folder.
pub(crate) fn new_settings_folder(path: &Path) -> PathBuf {
    let folder = canonical_parent(path);
    repository_root(&folder).map(Path::to_owned).unwrap_or(folder)
}

/// Joins a folder and a path in it with `/`. An empty folder adds no `/`, because patterns do not match `/a.json`.
pub(crate) fn join_relative(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Where the bytes of a file come from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The file system. The path is given if it differs from the name of the file.
    Disk(Option<PathBuf>),
    /// Standard input with a file name, or the text in an editor.
    Memory(Vec<u8>),
    /// Standard input without a file name.
    Stdin(Vec<u8>),
    /// An AI agent.
    Agent(AgentBody),
    /// No bytes, because the file or standard input could not be read.
    Unreadable(ReadError),
}

impl Origin {
    /// The origin of the file after a change of its bytes, which are then in memory.
    #[must_use]
    pub fn with_bytes(&self, bytes: Vec<u8>) -> Self {
        match self {
            Self::Stdin(_) => Self::Stdin(bytes),
            Self::Agent(body) => Self::Agent(AgentBody { bytes, ..body.clone() }),
            _ => Self::Memory(bytes),
        }
    }

    /// The kind of the text.
    pub fn text_kind(&self) -> TextKind {
        match self {
            Self::Stdin(_) => TextKind::Pipe,
            Self::Agent(body) if body.is_sent => TextKind::Call,
            Self::Agent(_) => TextKind::Draft,
            _ => TextKind::File,
        }
    }
}

/// A body that an AI agent drafts or sends.
#[derive(Clone, Debug, Default)]
pub struct AgentBody {
    /// Its text.
    pub bytes: Vec<u8>,
    /// The folder that the agent works in, with symlinks resolved.
    pub folder: PathBuf,
    /// The file of the project that describes the same portal, and the index of the document. What the settings say about this file
    /// applies to the body.
    pub replaces: Option<(PathBuf, usize)>,
    /// The number of the environment that the body belongs to, or 0 for the account of the project. `None` until it is decided.
    pub environment: Option<usize>,
    /// Whether the agent is about to send the body.
    pub is_sent: bool,
}

/// The kind of a text. Some defects exist only in some kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// The text of a file. A secret in it may get into a repository.
    File,
    /// Standard input without a file name.
    Pipe,
    /// A body that an AI agent drafts. The agent must not be able to suppress findings with a comment.
    Draft,
    /// A body that an AI agent is about to send: nothing fills in its variables.
    Call,
}

/// How a file became part of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// The user named it. If it is not a portal, that is a finding.
    Explicit(WalkMatch),
    /// A walk found it, and its name is `*.portal.*`. If it is not a portal, that is a finding.
    ByName,
    /// A walk found it by its extension. It is part of the run only if it is a portal.
    Candidate,
    /// It is not part of the run: another file of the project, for comparison with the files of the run.
    ContextOnly {
        /// Whether a walk would include the file because of its name. Otherwise it is used only if it is a portal.
        by_name: bool,
    },
    /// It is a file of portal-lint itself: settings or an account snapshot.
    Internal,
}

impl Inclusion {
    /// Whether the file is ignored unless it is a portal.
    pub fn needs_portal_content(self) -> bool {
        matches!(self, Self::Candidate | Self::ContextOnly { by_name: false })
    }
}

/// What a walk of the project would do with a file that the user named. A file that a walk would skip is compared with the other
/// files of the project, but they are not compared with it: their findings must not depend on what else the user named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkMatch {
    /// It would include the file, or there is no project.
    Included,
    /// It would include the file if it is a portal.
    IfPortal,
    /// It would skip the file.
    Excluded,
}

/// Makes a path relative to the current folder if it leads below that folder. The path may be absolute, contain `..`, or go through a
/// symlink. Any other path is returned unchanged. Symlinks below the current folder are not resolved.
pub fn path_from_current(path: &Path) -> PathBuf {
    if !path.components().any(leaves_folder) {
        return path.to_owned();
    }
    let Ok(current) = Path::new(".").canonicalize() else { return path.to_owned() };
    let mut folder = PathBuf::new();
    let mut components = path.components();
    while let Some(component) = components.next() {
        folder.push(component);
        let rest = components.as_path();
        // `canonicalize` of a file would follow it if it is a symlink: it is reported under the name that was given.
        let names_file = rest.as_os_str().is_empty() && !folder.is_dir();
        if names_file || rest.components().any(leaves_folder) {
            continue;
        }
        if let Ok(real) = folder.canonicalize()
            && let Ok(below) = real.strip_prefix(&current)
        {
            let path: PathBuf = below.components().chain(rest.components()).collect();
            return if path.as_os_str().is_empty() { PathBuf::from(".") } else { path };
        }
    }
    path.to_owned()
}

/// Whether a component may lead out of the folder before it: a root, a drive or `..`.
fn leaves_folder(component: Component<'_>) -> bool {
    !matches!(component, Component::Normal(_) | Component::CurDir)
}

/// Formats a path without symlinks for display: relative to the current folder if they have a common ancestor other than `/`.
pub fn display_relative_path(path: &Path) -> String {
    let Ok(current) = Path::new(".").canonicalize() else { return display_path(path) };
    let common = current.ancestors().find(|folder| folder.parent().is_some() && path.starts_with(folder));
    let Some(common) = common else { return display_path(path) };
    let levels_up = current.components().count() - common.components().count();
    let mut relative: PathBuf = std::iter::repeat_n(Component::ParentDir, levels_up).collect();
    relative.push(path.strip_prefix(common).unwrap_or(path));
    display_path(&relative)
}

/// Formats a path for display: with `/` between its components and without `./`.
pub fn display_path(path: &Path) -> String {
    // The paths of a walk have this form already.
    if let Some(text) = path.to_str()
        && is_normalized(text)
    {
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

/// Whether a path certainly has the form of [`display_path`]. Some paths that have it, such as `a/.b`, are not recognized.
fn is_normalized(path: &str) -> bool {
    if cfg!(windows) || path.starts_with('.') {
        return false;
    }
    let mut slashes = memchr::memchr_iter(b'/', path.as_bytes());
    slashes.all(|slash| !matches!(path.as_bytes()[slash + 1..], [] | [b'.' | b'/', ..]))
}
