//! Whatever passes the check can be rendered as JSON that serde_json reads with the same values.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portal_lint::base::source::Format;
use portal_lint::schema::cursor_to_json;
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Limits, parse};
use portal_lint_fuzz::source;
use serde_json::Value;

fuzz_target!(|text: &str| {
    for format in [Format::Json, Format::Jsonc, Format::Yaml] {
        let source = source(text, format);
        let parsed = parse(&source, &Limits::default());
        if !parsed.errors.is_empty() {
            continue;
        }
        for document in &parsed.documents {
            let value = cursor_to_json(&Cursor::root(document)).unwrap_or_default();
            let json = serde_json::to_string(&value).expect("JSON");
            let again: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json} of {text}"));
            assert_eq!(again, value, "{text}");
        }
    }
});
