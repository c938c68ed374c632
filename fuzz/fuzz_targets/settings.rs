//! A settings file with any content is read, and its findings have valid spans.
#![no_main]

use std::path::PathBuf;

use libfuzzer_sys::fuzz_target;
use portal_lint::base::file::InputFile;
use portal_lint::settings::Settings;
use portal_lint::settings::project::{Project, SETTINGS_FILE};
use portal_lint_fuzz::{check_with, memory_file, render_all};

fuzz_target!(|bytes: &[u8]| {
    let project = Project::from_input(memory_file(SETTINGS_FILE, bytes), PathBuf::from("/nonexistent"));
    let mut settings = Settings { with_preflight_facts: true, ..Settings::default() };
    settings.projects.push(project);
    let file = InputFile { project: 1, ..memory_file("a.portal.json", "{\"name\": \"Acme\"}") };
    render_all(&check_with(&settings, file));
});
