//! Loads the text of a file: reads it, enforces the size limit, and checks the encoding.
//!
//! A file that cannot be loaded becomes a finding, made from the [`ReadError`].

use std::path::Path;

use crate::base::file::{InputFile, Origin};
use crate::base::read::{check_size, read_file};
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};

/// Loads a file of at most `limit` bytes.
///
/// # Errors
/// Fails if the file cannot be read, is too large, is not UTF-8 text, or is TOML.
pub(crate) fn load(input: &InputFile, limit: u64) -> Result<Source, ReadError> {
    let text = decode(read_bytes(input, limit)?)?;
    if Path::new(&input.name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        return Err(ReadError::Toml);
    }
    let format = Format::from_file_name(&input.name).unwrap_or_else(|| Format::sniff(&text));
    Ok(Source::new(input.name.as_str(), text, format).with_kind(input.origin.text_kind()))
}

/// Loads the text of a file without its format, for files that are not portals.
///
/// # Errors
/// As [`load`].
pub(crate) fn load_text(input: &InputFile, limit: u64) -> Result<String, ReadError> {
    decode(read_bytes(input, limit)?)
}

/// Loads a file that is not UTF-8, to show where. Each invalid byte and each zero byte is replaced by `?`, so that all offsets stay
/// the same. Empty if the file could not be read at all.
pub(crate) fn load_undecodable(input: &InputFile, limit: u64, error: &ReadError) -> String {
    if !matches!(error, ReadError::NotUtf8 { .. } | ReadError::Nul { .. }) {
        return String::new();
    }
    let bytes = read_bytes(input, limit).unwrap_or_default();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text.replace('\0', "?")
}

/// Loads only the ASCII characters of a file, whatever its encoding: UTF-16 adds a zero byte to each. Empty if the file cannot be
/// read.
pub(crate) fn lossy_text(input: &InputFile, limit: u64) -> String {
    let bytes = read_bytes(input, limit).unwrap_or_default();
    bytes.into_iter().filter(|byte| *byte != 0 && byte.is_ascii()).map(char::from).collect()
}

fn read_bytes(input: &InputFile, limit: u64) -> Result<Vec<u8>, ReadError> {
    match &input.origin {
        Origin::Unreadable(error) => Err(error.clone()),
        Origin::Memory(bytes) | Origin::Stdin(bytes) => check_size(bytes.clone(), limit),
        Origin::Agent(body) => check_size(body.bytes.clone(), limit),
        Origin::Disk(path) => read_file(path.as_deref().unwrap_or(Path::new(&input.name)), limit),
    }
}

fn decode(bytes: Vec<u8>) -> Result<String, ReadError> {
    // The mark of UTF-32 in little-endian order starts with the one of UTF-16.
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(ReadError::Utf32);
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(ReadError::Utf16);
    }
    // The first character of JSON or YAML is ASCII, so a zero byte next to it is the other half of a UTF-16 unit.
    if matches!(bytes[..], [0, ascii, ..] | [ascii, 0, ..] if ascii >= b' ') {
        return Err(ReadError::Utf16);
    }
    let zero = memchr::memchr(0, &bytes);
    match (String::from_utf8(bytes), zero) {
        (Ok(text), None) => Ok(text),
        (Ok(_), Some(offset)) => Err(ReadError::Nul { offset }),
        (Err(error), zero) => {
            let invalid = error.utf8_error().valid_up_to();
            // The first of the two is reported.
            Err(match zero.filter(|zero| *zero < invalid) {
                Some(offset) => ReadError::Nul { offset },
                None => ReadError::NotUtf8 { offset: invalid },
            })
        }
    }
}
