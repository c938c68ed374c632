//! A file gets other content, all of it or none: written beside it, then moved into its place. The only file that
//! names tempfile.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::read::{open_without_waiting, read_file};

#[cfg(feature = "online")]
use crate::rules::wording::quote;

/// Why a file was left as it is.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nobody may write to it.
    ReadOnly,
    /// It is not what was read a moment ago.
    Changed,
    /// A symlink leads out of what may be written.
    LeadsOut,
    /// It is what another program writes to, such as `/dev/fd/63`.
    Pipe,
    /// The system would not.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ReadOnly => f.write_str("it is read-only"),
            Self::LeadsOut => f.write_str("a symlink leads out of the project or the named folder"),
            Self::Pipe => f.write_str("it is no file"),
            Self::Changed => f.write_str("it was changed by somebody else in the meantime"),
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

/// Puts `after` in the place of `before`. What a link points to is replaced and not the link, and only if it lies in all of
/// the real folders `within`; the mode is kept, and the owner where the system lets us.
///
/// # Errors
///
/// The file is as it was then.
pub(super) fn replace(path: &Path, within: &[PathBuf], before: &[u8], after: &[u8]) -> Result<(), Refusal> {
    let path = path.canonicalize()?;
    lies_in_all(&path, within)?;
    let metadata = writable(&path)?;
    let folder = path.parent().ok_or_else(|| io::Error::other("it is in no folder"))?;
    let mut fresh =
        tempfile::Builder::new().prefix(".portal-lint-").tempfile_in(folder).map_err(|error| without_name(&error))?;
    fresh.write_all(after)?;
    keep_owner(fresh.as_file(), &metadata);
    fresh.as_file().set_permissions(metadata.permissions())?;
    fresh.as_file().sync_all()?;
    // What is no regular file any more, or larger, is not what was read.
    if read_file(&path, before.len() as u64).as_deref() != Ok(before) {
        return Err(Refusal::Changed);
    }
    // A folder on the way may have become a link in the meantime.
    if path.canonicalize()? != path {
        return Err(Refusal::Changed);
    }
    fresh.persist(&path).map_err(|error| error.error)?;
    // The new name is safe when the folder is; not every system can promise that.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn lies_in_all(real: &Path, folders: &[PathBuf]) -> Result<(), Refusal> {
    if folders.iter().all(|folder| real.starts_with(folder)) { Ok(()) } else { Err(Refusal::LeadsOut) }
}

/// What is known of a file that may be written to. Moving a file into its place asks the folder alone: whether the file
/// itself may be written has to be asked here.
fn writable(path: &Path) -> Result<fs::Metadata, Refusal> {
    let metadata = fs::metadata(path)?;
    if metadata.permissions().readonly() {
        return Err(Refusal::ReadOnly);
    }
    drop(open_without_waiting(OpenOptions::new().append(true)).open(path).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Refusal::ReadOnly,
        _ => Refusal::Io(error),
    })?);
    Ok(metadata)
}

/// Whether [`put`] could do it, as far as that can be told without doing it.
///
/// # Errors
///
/// Why not.
#[cfg(feature = "online")]
pub(super) fn may_put(path: &Path, within: &[PathBuf], is_there: bool) -> Result<(), Refusal> {
    if let Ok(real) = if is_there { path } else { folder_of(path) }.canonicalize() {
        lies_in_all(&real, within)?;
    }
    if is_there {
        return writable(path).map(drop);
    }
    let folder = folder_of(path);
    if folder.is_dir() {
        return Ok(());
    }
    let name = quote(&folder.to_string_lossy());
    Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no folder {name}")).into())
}

#[cfg(feature = "online")]
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The same as [`replace`] for a file that may not be there yet: `before` is what was in it, if it was.
///
/// # Errors
///
/// The file is as it was then.
#[cfg(feature = "online")]
pub(super) fn put(path: &Path, within: &[PathBuf], before: Option<&[u8]>, after: &[u8]) -> Result<(), Refusal> {
    if let Some(before) = before {
        return replace(path, within, before, after);
    }
    let folder = folder_of(path).canonicalize()?;
    lies_in_all(&folder, within)?;
    let path = &folder.join(path.file_name().unwrap_or_default());
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(".portal-lint-");
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        // What every new file gets: the system takes away from it what the user does not want.
        builder.permissions(fs::Permissions::from_mode(0o666))
    };
    let mut fresh = builder.tempfile_in(&folder).map_err(|error| without_name(&error))?;
    fresh.write_all(after)?;
    fresh.as_file().sync_all()?;
    match fresh.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(_) if path.is_symlink() => Err(io::Error::other("it is a link to what is not there").into()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(Refusal::Changed),
        Err(error) => Err(error.error.into()),
    }
}

/// The name of the file that was to be moved into its place says nothing to anybody.
fn without_name(error: &io::Error) -> io::Error {
    error.kind().into()
}

#[cfg(unix)]
fn keep_owner(file: &File, metadata: &fs::Metadata) {
    use std::os::unix::fs::MetadataExt;
    // Only root may give files away; for everybody else the owner is the same already.
    let _ = std::os::unix::fs::fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) {}

#[cfg(test)]
mod tests {
    use crate::cli::atomic_write::*;

    #[test]
    fn what_is_not_as_it_was_read_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "new").unwrap();
        assert!(matches!(replace(&path, &[], b"old", b"fixed"), Err(Refusal::Changed)));
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        replace(&path, &[], b"new", b"fixed").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"fixed");
        assert!(matches!(replace(&folder.path().join("b.json"), &[], b"", b""), Err(Refusal::Io(_))));
    }
}
