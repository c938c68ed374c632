//! An account snapshot with any content is read, and its findings have valid spans.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portal_lint::base::file::{Inclusion, InputFile};
use portal_lint::settings::Settings;
use portal_lint_fuzz::{check_with, memory_file, render_all};

const PORTAL: &str = include_str!("../../fixtures/clean/create.json");
const EDIT: &str =
    r#"{"customer_portal_id": "exD0myCXTaMte0mTOOY3", "enabled": true, "customer_filters": {"campaign": []}}"#;

fuzz_target!(|bytes: &[u8]| {
    for (name, suffix) in [("account.json", PORTAL), ("account.yaml", EDIT)] {
        let account = InputFile { inclusion: Inclusion::Internal, ..memory_file(name, bytes) };
        let mut settings = Settings { with_preflight_facts: true, ..Settings::default() };
        for project in &mut settings.projects {
            project.set_account(&account);
        }
        render_all(&check_with(&settings, memory_file("a.json", suffix)));
    }
});
