//! Fixes do not break a file: it parses as before, and fixing it again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portal_lint::base::diagnostic::Applicability;
use portal_lint::base::source::Format;
use portal_lint::engine::fix::apply_fixes;
use portal_lint::settings::Settings;
use portal_lint::syntax::{Limits, parse};
use portal_lint_fuzz::{memory_file, source};

fuzz_target!(|text: &str| {
    for (name, format) in [("a.json", Format::Json), ("a.jsonc", Format::Jsonc), ("a.yaml", Format::Yaml)] {
        let settings = Settings::default();
        let file = memory_file(name, text);
        let fixed = apply_fixes(&file, text.to_owned(), &settings, Applicability::Unsafe);
        if fixed.text == text {
            continue;
        }
        let errors = |text: &str| parse(&source(text, format), &Limits::default()).errors.len();
        assert!(errors(&fixed.text) <= errors(text), "{text}\n---\n{}", fixed.text);
        let again =
            apply_fixes(&memory_file(name, fixed.text.as_str()), fixed.text.clone(), &settings, Applicability::Unsafe);
        assert_eq!(again.text, fixed.text, "{text}");
    }
});
