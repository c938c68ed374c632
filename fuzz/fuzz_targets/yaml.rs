//! YAML is read without a panic and with valid spans, and JSON that is read as YAML has the same values.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portal_lint::base::source::Format;
use portal_lint::schema::cursor_to_json;
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Limits, parse};
use portal_lint_fuzz::{check_file, source};

fuzz_target!(|bytes: &[u8]| {
    check_file("a.yaml", bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (json, yaml) = (source(text, Format::Json), source(text, Format::Yaml));
    let (json, yaml) = (parse(&json, &Limits::default()), parse(&yaml, &Limits::default()));
    if let ([from_json], [from_yaml], true, true) =
        (&json.documents[..], &yaml.documents[..], json.errors.is_empty(), yaml.errors.is_empty())
    {
        let [from_json, from_yaml] = [from_json, from_yaml].map(|document| cursor_to_json(&Cursor::root(document)));
        assert_eq!(from_json, from_yaml, "{text}");
    }
});
