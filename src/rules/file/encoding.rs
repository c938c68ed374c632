//! RCP902: the file is UTF-8 text.

use crate::base::diagnostic::{Finding, Location, Severity};
use crate::base::read_error::ReadError;
use crate::base::source::Span;
use crate::rules::context::FileContext;

/// Other encodings, no text at all, or a byte order mark (which is accepted).
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let start = Location { pointer: String::new(), span: Span::default() };
    let save = "save the file as UTF-8";
    let (message, help) = match cx.read_error {
        Some(ReadError::Utf16) => ("the file is UTF-16, not UTF-8".to_owned(), save),
        Some(ReadError::NotUtf8 { offset, line }) => {
            (format!("the file is not UTF-8: byte {offset}, in line {line}, belongs to no character"), save)
        }
        Some(ReadError::Nul { offset }) => {
            (format!("the file is not text: byte {offset} is zero"), "check a JSON or YAML file instead")
        }
        _ => {
            let mark = cx.source.bom_len();
            if mark > 0 {
                let place = Location { pointer: String::new(), span: Span::new(0, mark) };
                let message = "the file starts with a byte order mark, which some parsers refuse";
                cx.report(
                    Finding::new(place, message, "save the file as UTF-8 without BOM").with_severity(Severity::Advice),
                );
            }
            return;
        }
    };
    cx.report(Finding::new(start, message, help));
}
