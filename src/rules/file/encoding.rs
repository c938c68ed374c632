//! RCP902: reports files that are not UTF-8 text, and UTF-8 files with a byte order mark.

use crate::base::diagnostic::{Finding, Location, Severity};
use crate::base::read_error::ReadError;
use crate::base::source::Span;
use crate::rules::context::FileContext;

pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let (span, message, help) = match cx.facts.read_error {
        Some(ReadError::Utf16) => {
            (Span::default(), "the file is UTF-16, not UTF-8".to_owned(), "save the file as UTF-8")
        }
        Some(ReadError::Utf32) => {
            (Span::default(), "the file is UTF-32, not UTF-8".to_owned(), "save the file as UTF-8")
        }
        Some(ReadError::NotUtf8 { offset }) => {
            let message = format!("invalid UTF-8 at byte {offset}");
            (Span::new(*offset, offset + 1), message, "save the file as UTF-8")
        }
        Some(ReadError::Nul { offset }) => {
            let message = format!("this is not a text file: byte {offset} is NUL");
            (Span::new(*offset, offset + 1), message, "check a JSON or YAML file instead")
        }
        _ => return check_byte_order_mark(cx),
    };
    let location = Location { pointer: String::new(), span };
    cx.report(Finding::new(location, message, help));
}

/// A byte order mark is only advice, because portal-lint ignores it (RFC 8259, section 8.1, permits that).
fn check_byte_order_mark(cx: &mut FileContext<'_>) {
    let length = cx.facts.source.bom_len();
    // A second one is a syntax error.
    if length == 0 || cx.facts.source.text()[length..].starts_with('\u{feff}') {
        return;
    }
    let location = Location { pointer: String::new(), span: Span::new(0, length) };
    let message = "the file starts with a byte order mark, which some parsers reject";
    let finding = Finding::new(location, message, "save the file as UTF-8 without a BOM");
    cx.report(finding.with_severity(Severity::Advice));
}
