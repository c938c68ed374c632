//! Replaces files atomically: the new content is written to a temporary file in the same folder, which is then renamed. Only
//! this module uses `tempfile`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::read::{open_without_waiting, read_file};
use crate::cli::interrupt::defer_signals;

#[cfg(feature = "online")]
use crate::rules::wording::quote;

/// Why a file was not written.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The file is read-only.
    ReadOnly,
    /// The file was changed after it was read.
    Changed,
    /// A symlink leads out of the folders that may be written to.
    LeadsOut,
    /// It is a pipe from another program, such as `/dev/fd/63`.
    Pipe,
    /// The operating system reports an error.
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
            Self::Pipe => f.write_str("it is not a file"),
            Self::Changed => f.write_str("it was changed in the meantime"),
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

/// Replaces the content `before` of a file by `after`. A symlink is followed: its target is replaced, if it is in all folders in
/// `within`, whose paths have no symlinks. The file keeps its mode, and its owner if the operating system permits it.
///
/// # Errors
///
/// If the file cannot be replaced; then it is unchanged.
pub(super) fn replace(path: &Path, within: &[PathBuf], before: &[u8], after: &[u8]) -> Result<(), Refusal> {
    defer_signals(|| replace_file(path, within, before, after))
}

fn replace_file(path: &Path, within: &[PathBuf], before: &[u8], after: &[u8]) -> Result<(), Refusal> {
    let path = path.canonicalize()?;
    check_boundary(&path, within)?;
    let metadata = check_writable(&path)?;
    let folder = path.parent().ok_or_else(|| io::Error::other("it is in no folder"))?;
    let mut temporary =
        tempfile::Builder::new().prefix(".portal-lint-").tempfile_in(folder).map_err(|error| without_name(&error))?;
    temporary.write_all(after)?;
    keep_owner(temporary.as_file(), &metadata);
    temporary.as_file().set_permissions(metadata.permissions())?;
    temporary.as_file().sync_all()?;
    // Reading also fails if the file has become larger or is no regular file any more.
    if read_file(&path, before.len() as u64).as_deref() != Ok(before) {
        return Err(Refusal::Changed);
    }
    // A folder in the path may have become a symlink since the check.
    if path.canonicalize()? != path {
        return Err(Refusal::Changed);
    }
    temporary.persist(&path).map_err(|error| error.error)?;
    // The rename is durable only after the folder is synced, which not every file system supports.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn check_boundary(real: &Path, folders: &[PathBuf]) -> Result<(), Refusal> {
    if folders.iter().all(|folder| real.starts_with(folder)) { Ok(()) } else { Err(Refusal::LeadsOut) }
}

/// Returns the metadata of a file if it may be written. A rename needs only permission for the folder, so without this check a
/// read-only file would be replaced.
///
/// # Errors
///
/// If it may not be written.
pub(super) fn check_writable(path: &Path) -> Result<fs::Metadata, Refusal> {
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

/// Checks before the work starts whether [`create_or_replace`] can write a file.
///
/// # Errors
///
/// If it cannot.
#[cfg(feature = "online")]
pub(super) fn check_can_write(path: &Path, within: &[PathBuf], exists: bool) -> Result<(), Refusal> {
    let existing = if exists { path } else { folder_of(path) };
    if let Ok(real) = existing.canonicalize() {
        check_boundary(&real, within)?;
    }
    if exists {
        return check_writable(path).map(drop);
    }
    let folder = folder_of(path);
    if folder.is_dir() {
        return Ok(());
    }
    let name = quote(&folder.to_string_lossy());
    Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no folder {name}")).into())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Like [`replace`], but creates the file if `before` is `None`.
///
/// # Errors
///
/// If the file cannot be written; then it is unchanged.
pub(super) fn create_or_replace(
    path: &Path,
    within: &[PathBuf],
    before: Option<&[u8]>,
    after: &[u8],
) -> Result<(), Refusal> {
    match before {
        Some(before) => replace(path, within, before, after),
        None => defer_signals(|| create(path, within, after)),
    }
}

fn create(path: &Path, within: &[PathBuf], after: &[u8]) -> Result<(), Refusal> {
    let folder = folder_of(path).canonicalize()?;
    check_boundary(&folder, within)?;
    let path = &folder.join(path.file_name().unwrap_or_default());
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(".portal-lint-");
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        // The mode of a new file; the umask removes what the user does not want. Temporary files are private by default.
        builder.permissions(fs::Permissions::from_mode(0o666))
    };
    let mut temporary = builder.tempfile_in(&folder).map_err(|error| without_name(&error))?;
    temporary.write_all(after)?;
    temporary.as_file().sync_all()?;
    match temporary.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(_) if path.is_symlink() => Err(io::Error::other("it is a broken symlink").into()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(Refusal::Changed),
        Err(error) => Err(error.error.into()),
    }
}

/// Removes the name of the temporary file from an error: users do not know it.
fn without_name(error: &io::Error) -> io::Error {
    error.kind().into()
}

#[cfg(unix)]
fn keep_owner(file: &File, metadata: &fs::Metadata) {
    use std::os::unix::fs::MetadataExt;
    // Only root can change the owner. For other users, the owner is already the same.
    let _ = std::os::unix::fs::fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) {}

#[cfg(test)]
mod tests {
    use crate::cli::atomic_write::*;

    #[test]
    fn a_file_that_changed_after_it_was_read_is_not_replaced() {
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
