//! A check of the raw arguments before they are parsed.
//!
//! Hooks and scripts pass on the names of files that other people committed. A file called `--output=json=a/b.json` must not be
//! able to act as an option, however the program is called.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::{Failure, refuse};
use crate::rules::wording::quote;

/// Refuses an argument that would be parsed as an option and is the name of an existing file. `arguments` do not include the
/// program itself. Everything after `--` is a file name for the parser as well, and `-` is standard input.
pub(super) fn refuse_file_names(arguments: impl IntoIterator<Item = OsString>) -> Result<(), Failure> {
    for argument in arguments {
        if argument == "--" {
            return Ok(());
        }
        if reads_as_option(&argument) && is_file_name(&argument) {
            let name = quote(&argument.to_string_lossy());
            return refuse(format!(
                "{name} looks like an option and is the name of a file: write `--` before file names, or `./` before this one"
            ));
        }
    }
    Ok(())
}

fn reads_as_option(argument: &OsStr) -> bool {
    argument.as_encoded_bytes().starts_with(b"-") && argument != "-"
}

/// A link that leads nowhere counts as well: its name was committed like any other.
fn is_file_name(argument: &OsStr) -> bool {
    Path::new(argument).symlink_metadata().is_ok()
}
