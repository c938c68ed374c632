//! From an input of the run to its text: reading, the size limit, the encoding.
//!
//! What the text says is for the rooms behind; what cannot be read is a [`ReadError`] and becomes RCP900 or RCP902.

use std::io::Read;
use std::path::Path;

use crate::base::file::{InputFile, Origin};
use crate::base::read::open_file;
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};

/// The text of a file of at most `limit` bytes. `spare` is memory to put it into.
///
/// # Errors
/// What keeps the file from being read: it is not there, too large, no text.
pub(crate) fn load(input: &InputFile, limit: u64, buffer: Vec<u8>) -> Result<Source, ReadError> {
    let text = decode(bytes(input, limit, buffer)?)?;
    let format = Format::from_file_name(&input.name).unwrap_or_else(|| Format::sniff(&text));
    let source = Source::new(input.name.as_str(), text, format);
    Ok(if matches!(input.origin, Origin::Stdin(_)) { source.without_file() } else { source })
}

/// The text of a file that is no portal, read as it is.
///
/// # Errors
/// As [`load`].
pub(crate) fn load_text(input: &InputFile, limit: u64) -> Result<String, ReadError> {
    decode(bytes(input, limit, Vec::new())?)
}

/// The ASCII letters and signs of a file in whatever encoding: in UTF-16 they have a zero beside them.
pub(crate) fn lossy_text(input: &InputFile, limit: u64) -> String {
    let bytes = bytes(input, limit, Vec::new()).unwrap_or_default();
    bytes.into_iter().filter(|byte| *byte != 0 && byte.is_ascii()).map(char::from).collect()
}

fn bytes(input: &InputFile, limit: u64, buffer: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    match &input.origin {
        Origin::Unreadable(trouble) => Err(trouble.clone()),
        Origin::Memory(bytes) | Origin::Stdin(bytes) => within(bytes.clone(), limit),
        Origin::Disk(path) => read(path.as_deref().unwrap_or(Path::new(&input.name)), limit, buffer),
    }
}

fn read(path: &Path, limit: u64, mut content: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    let (file, bytes) = open_file(path)?;
    if bytes > limit {
        return Err(ReadError::TooLarge { bytes, limit });
    }
    content.clear();
    content.reserve_exact(usize::try_from(bytes).unwrap_or(0));
    // Told its size, a file is read in one go and not asked whether there is more; some files have no size to tell.
    let expected = if bytes > 0 { bytes } else { limit.saturating_add(1) };
    file.take(expected).read_to_end(&mut content).map_err(|error| ReadError::from_io(&error))?;
    within(content, limit)
}

fn within(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, ReadError> {
    let length = bytes.len() as u64;
    if length > limit { Err(ReadError::TooLarge { bytes: length, limit }) } else { Ok(bytes) }
}

fn decode(bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(ReadError::Utf16);
    }
    match memchr::memchr(0, &bytes) {
        // The first character of JSON or YAML is ASCII: a zero beside it is its other half.
        Some(0 | 1) if matches!(bytes[..], [0, letter, ..] | [letter, 0, ..] if letter >= b' ') => {
            return Err(ReadError::Utf16);
        }
        Some(offset) => return Err(ReadError::Nul { offset }),
        None => {}
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let line = 1 + memchr::memchr_iter(b'\n', &error.as_bytes()[..offset]).count();
        ReadError::NotUtf8 { offset, line }
    })
}
