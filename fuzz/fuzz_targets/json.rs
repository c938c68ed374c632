//! JSON that serde_json accepts is read with the same values and without a syntax error, and all other JSON is reported.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portal_lint::base::source::Format;
use portal_lint::schema::cursor_to_json;
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Limits, parse};
use portal_lint_fuzz::{check_file, source};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    check_file("a.json", bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // Another rule reports a byte order mark, which serde_json rejects.
    if text.starts_with('\u{feff}') {
        return;
    }
    let source = source(text, Format::Json);
    let parsed = parse(&source, &Limits::default());
    match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            // Limits of ours, and numbers and pairs of surrogates that serde_json accepts, may still be errors.
            if let [document] = &parsed.documents[..]
                && parsed.errors.is_empty()
            {
                assert_eq!(cursor_to_json(&Cursor::root(document)), Some(value), "{text}");
            } else {
                assert!(!parsed.errors.is_empty(), "{text}");
            }
        }
        Err(error) => {
            // serde_json also limits the depth, and numbers to those of a float.
            let message = error.to_string();
            let is_limit = message.contains("recursion") || message.contains("out of range");
            assert!(!parsed.errors.is_empty() || is_limit, "{text}: {error}");
        }
    }
});
