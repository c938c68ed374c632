//! RCP900: the file can be read, and is within the limits.

use crate::diagnostic::{Finding, Place};
use crate::rules::context::{FileContext, Trouble};
use crate::source::Span;

/// What the system said, and the limits on size, depth and number of values.
pub fn file(cx: &mut FileContext<'_>) {
    let (message, help) = match cx.trouble {
        Some(Trouble::Missing) => ("there is no such file".to_owned(), "check the path"),
        Some(Trouble::Forbidden) => ("the file may not be read".to_owned(), "check its permissions"),
        Some(Trouble::NotAFile(what)) => (format!("this is {what}, not a file"), "name a file or a folder"),
        Some(Trouble::TooLarge { bytes, limit }) => {
            (format!("the file has {bytes} bytes, more than the {limit} that are read"), "name a portal file")
        }
        Some(Trouble::Io(reason)) => (format!("the file cannot be read: {reason}"), "try again, or check the disk"),
        Some(Trouble::Utf16 | Trouble::NotUtf8 { .. } | Trouble::Nul { .. }) | None => return,
    };
    let place = Place { pointer: String::new(), span: Span::default() };
    cx.report(Finding::new(place, message, help));
}
