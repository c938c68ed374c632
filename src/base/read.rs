//! Opens files without waiting for another program, and refuses everything that is not a regular file.
//!
//! Opening a named pipe waits until another program writes to it, and reading a device may never end. Whoever controls the
//! checked files could stop a run with either. The check is made on the open file and not on its path, because the path may
//! lead to another file a moment later.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::Read;
use std::path::{Component, Path};

use crate::base::read_error::ReadError;

/// Opens a regular file for reading and returns it with its length in bytes.
///
/// # Errors
/// Fails if the file cannot be opened or is not a regular file.
pub(crate) fn open_file(path: &Path) -> Result<(File, u64), ReadError> {
    let file = match open_without_waiting(OpenOptions::new().read(true)).open(path) {
        Ok(file) => file,
        Err(error) => {
            // `open` fails for a socket with an unrelated error. The path is looked up only to word the message.
            let description = fs::metadata(path).ok().and_then(|metadata| describe_special_file(metadata.file_type()));
            return Err(description.map_or_else(|| ReadError::from_io(&error), ReadError::NotAFile));
        }
    };
    let metadata = file.metadata().map_err(|error| ReadError::from_io(&error))?;
    match describe_special_file(metadata.file_type()) {
        Some(description) => Err(ReadError::NotAFile(description)),
        None => Ok((file, metadata.len())),
    }
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// Fails if the file cannot be read, is not a regular file, or has more bytes.
pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let (file, size) = open_file(path)?;
    if size > limit {
        return Err(ReadError::TooLarge { bytes: size, limit });
    }
    // Files in /proc have the size 0.
    if size == 0 {
        return read_stream(file, limit);
    }
    // Reading exactly the size of the file saves the system call that finds its end.
    let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(size).read_to_end(&mut content).map_err(|error| ReadError::from_io(&error))?;
    Ok(content)
}

/// Reads a path argument: a regular file, or an open file of this process such as `/dev/fd/63`.
///
/// # Errors
/// As [`read_file`].
pub(crate) fn read_path_argument(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    if is_descriptor_path(path) { read_descriptor(path, limit) } else { read_file(path, limit) }
}

/// Reads an open file of this process, named by a path such as `/dev/fd/63`, which the shell passes for `<(command)`. This waits
/// for the writer, as reading standard input does.
///
/// # Errors
/// Fails if it cannot be read or has more than `limit` bytes.
pub(crate) fn read_descriptor(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let file = File::open(path).map_err(|error| ReadError::from_io(&error))?;
    read_stream(file, limit)
}

fn read_stream(file: File, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut content = Vec::new();
    // Reading one byte more than the limit shows whether the file exceeds it.
    file.take(limit.saturating_add(1)).read_to_end(&mut content).map_err(|error| ReadError::from_io(&error))?;
    check_size(content, limit)
}

/// Returns the content of a file, or an error if it has more than `limit` bytes.
pub(crate) fn check_size(content: Vec<u8>, limit: u64) -> Result<Vec<u8>, ReadError> {
    let bytes = content.len() as u64;
    if bytes > limit { Err(ReadError::TooLarge { bytes, limit }) } else { Ok(content) }
}

/// Whether a path names an open file of this process: `/dev/stdin`, `/dev/stdout`, `/dev/stderr`, `/dev/fd/N`,
/// `/proc/self/fd/N` or `/proc/thread-self/fd/N`.
pub(crate) fn is_descriptor_path(path: &Path) -> bool {
    if !path.is_absolute() {
        return false;
    }
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::RootDir => {}
            Component::Normal(name) => match name.to_str() {
                Some(name) => names.push(name),
                None => return false,
            },
            _ => return false,
        }
    }
    match names[..] {
        ["dev", "stdin" | "stdout" | "stderr"] => true,
        ["dev", "fd", number] | ["proc", "self" | "thread-self", "fd", number] => {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// The kind of a file that is not regular, as [`ReadError::NotAFile`] shows it; `None` for a regular file.
pub(crate) fn describe_special_file(file_type: FileType) -> Option<&'static str> {
    if file_type.is_file() {
        None
    } else if file_type.is_dir() {
        Some("a directory")
    } else {
        Some("a device or a pipe")
    }
}

/// Makes `open` return at once (`O_NONBLOCK`, which has no effect on reading regular files). A terminal that is opened does not
/// become the controlling terminal of this process (`O_NOCTTY`).
#[cfg(unix)]
pub(crate) fn open_without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
}

/// Other systems have no files that `open` waits for.
#[cfg(not(unix))]
pub(crate) fn open_without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(test)]
mod tests {
    use crate::base::read::*;

    #[test]
    fn only_paths_of_open_files_are_descriptor_paths() {
        for path in ["/dev/stdin", "/dev/fd/0", "/dev//fd/63", "/proc/self/fd/3", "/dev/./stdout"] {
            assert!(is_descriptor_path(Path::new(path)), "{path}");
        }
        for path in ["dev/fd/0", "/dev/fd", "/dev/fd/x", "/dev/zero", "/tmp/../dev/fd/0", "/dev/fd/0/x", "/proc/1/fd/0"]
        {
            assert!(!is_descriptor_path(Path::new(path)), "{path}");
        }
    }
}
