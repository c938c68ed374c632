//! The reasons why a file cannot be read as text.

use std::fmt;
use std::io;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// The file does not exist.
    Missing,
    /// The user has no permission to read it.
    Forbidden,
    /// It is not a regular file. The text says what it is, for example "a directory".
    NotAFile(&'static str),
    /// It has more bytes than the limit.
    TooLarge {
        /// The size of the file.
        bytes: u64,
        /// The maximum size.
        limit: u64,
    },
    /// Any other error, with the message of the operating system.
    Io(String),
    /// It is TOML, as settings are. No portal is TOML.
    Toml,
    /// It is UTF-16.
    Utf16,
    /// It is UTF-32.
    Utf32,
    /// It is not UTF-8.
    NotUtf8 {
        /// The offset of the first invalid byte.
        offset: usize,
    },
    /// It contains a zero byte, so it is not text.
    Nul {
        /// The offset of the first zero byte.
        offset: usize,
    },
}

impl ReadError {
    /// Converts an error of the operating system.
    pub(crate) fn from_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::Forbidden,
            io::ErrorKind::IsADirectory => Self::NotAFile("a directory"),
            _ => Self::Io(error.to_string()),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the file does not exist"),
            Self::Forbidden => f.write_str("permission denied"),
            Self::NotAFile(kind) => write!(f, "this is {kind}, not a file"),
            Self::TooLarge { bytes, limit } => {
                write!(f, "the file has {bytes} bytes, more than the limit of {limit}")
            }
            Self::Io(reason) => write!(f, "the file cannot be read: {reason}"),
            Self::Toml => f.write_str("this is a TOML file, but a portal is JSON or YAML"),
            Self::Utf16 | Self::Utf32 | Self::NotUtf8 { .. } | Self::Nul { .. } => {
                f.write_str("the file is not UTF-8 text")
            }
        }
    }
}
