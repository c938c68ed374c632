//! The parts of a report, a plan or another JSON value that a test expects to exist.

use serde_json::Value as Json;

pub fn array(value: &Json) -> &[Json] {
    value.as_array().unwrap_or_else(|| panic!("no array: {value:#}"))
}

pub fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value:#}"))
}

pub fn number(value: &Json) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value:#}"))
}

/// The value of one field of each object in an array.
pub fn field_values<'j>(objects: &'j Json, field: &str) -> Vec<&'j Json> {
    array(objects).iter().map(|object| &object[field]).collect()
}

/// The text in one field of each object in an array.
pub fn field_texts<'j>(objects: &'j Json, field: &str) -> Vec<&'j str> {
    array(objects).iter().map(|object| text(&object[field])).collect()
}

/// The code of each finding in a report.
pub fn finding_codes(report: &Json) -> Vec<&str> {
    field_texts(&report["diagnostics"], "code")
}

/// The path of each checked file in a report.
pub fn checked_files(report: &Json) -> Vec<&str> {
    field_texts(&report["files"], "path")
}

/// The findings of one rule in a report.
pub fn findings_of<'j>(report: &'j Json, code: &str) -> Vec<&'j Json> {
    array(&report["diagnostics"]).iter().filter(|finding| finding["code"] == code).collect()
}
