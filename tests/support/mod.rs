//! Shared helpers of the integration tests: input files, fixtures, and checks of both within the test process.

pub mod answers;
pub mod corpus;
pub mod examples;
pub mod json;
pub mod openapi;
pub mod program;
pub mod random;
pub mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use portal_lint::base::file::{FileId, Inclusion, InputFile, Origin, WalkMatch};
use portal_lint::engine::discovery::sort_and_dedup;
use portal_lint::engine::report::Report;
use portal_lint::engine::run::check;
use portal_lint::settings::Settings;
use portal_lint::settings::project::{Project, SETTINGS_FILE};

/// The absolute path of a file in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files and folders in a folder, sorted by name.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = read.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries
}

pub fn file_name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// A file with this content, as if its path had been an argument of the program.
pub fn memory_file(name: &str, content: impl Into<Vec<u8>>) -> InputFile {
    InputFile::new(name, Origin::Memory(content.into()), Inclusion::Explicit(WalkMatch::Included))
}

/// An account snapshot, or the network answers in the format of [`answers`]: it is not checked as a portal.
pub fn internal_file(name: &str, content: impl Into<Vec<u8>>) -> InputFile {
    InputFile { inclusion: Inclusion::Internal, ..memory_file(name, content) }
}

/// The fixtures in a folder, each a file or a folder of files, without their companion files.
pub fn fixture_paths(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| !is_companion_file(path)).collect()
}

fn is_companion_file(path: &Path) -> bool {
    let name = file_name(path);
    name.contains(".account.") || name.contains(".answers.")
}

/// The account snapshot and the network answers of a fixture: `bad-x.account.json` and `bad-x.answers.json` next to `bad-x.json` or
/// the folder `bad-x`.
fn read_companion_files(fixture: &Path) -> Vec<InputFile> {
    let name = file_name(fixture);
    let stem = name.split('.').next().expect("a stem");
    let mut companions = Vec::new();
    for suffix in ["account.json", "account.yaml", "answers.json"] {
        let path = fixture.with_file_name(format!("{stem}.{suffix}"));
        if path.is_file() {
            companions.push(internal_file(&file_name(&path), fs::read(&path).expect("a companion file")));
        }
    }
    companions
}

/// The files of a fixture, which is a file or a folder, and its companion files.
pub fn read_inputs(fixture: &Path) -> Vec<InputFile> {
    let paths = if fixture.is_dir() { entries(fixture) } else { vec![fixture.to_owned()] };
    let mut inputs = read_companion_files(fixture);
    for path in paths {
        inputs.push(memory_file(&file_name(&path), fs::read(&path).expect("a fixture")));
    }
    sort_and_dedup(&mut inputs);
    inputs
}

/// Checks files. A `portal-lint.toml` among them makes the others a project; an internal file is the account snapshot or the network
/// answers. With a snapshot, today is ten days after the fixtures' snapshots were fetched. Answers without a snapshot are combined
/// with `fixtures/account.json`, in which everything is valid.
pub fn check_files(inputs: &[InputFile]) -> Report {
    check_files_with(inputs, |_| {})
}

/// The same, after a change to the settings.
pub fn check_files_with(inputs: &[InputFile], change: impl FnOnce(&mut Settings)) -> Report {
    let (internal, inputs): (Vec<_>, Vec<_>) =
        inputs.iter().cloned().partition(|input| input.inclusion == Inclusion::Internal);
    let (answers, mut account): (Vec<_>, Vec<_>) = internal.into_iter().partition(answers::is_answers_file);
    let (mut inputs, mut settings) = assign_project(inputs);
    for (index, input) in inputs.iter_mut().enumerate() {
        input.id = FileId::new(index);
    }
    if let [answers] = &answers[..] {
        settings.answers = answers::parse_answers(answers);
        if account.is_empty() {
            let complete = fs::read(repository("fixtures/account.json")).expect("the snapshot");
            account.push(internal_file("account.json", complete));
        }
    }
    if !account.is_empty() {
        settings.today = "2026-12-01".parse().expect("a day");
        for project in &mut settings.projects {
            project.set_account(&account[0]);
        }
    }
    change(&mut settings);
    check(inputs, &settings)
}

/// Takes a settings file out of the inputs and makes them its project.
fn assign_project(inputs: Vec<InputFile>) -> (Vec<InputFile>, Settings) {
    let (settings_files, mut inputs): (Vec<_>, Vec<_>) =
        inputs.into_iter().partition(|input| input.name == SETTINGS_FILE);
    let mut settings = Settings::default();
    if let Some(file) = settings_files.into_iter().next() {
        let folder = Path::new(".").canonicalize().expect("a folder");
        settings.projects.push(Project::from_input(file, folder));
        for input in &mut inputs {
            input.project = 1;
        }
    }
    (inputs, settings)
}

/// `file code pointer severity` of each finding that is not suppressed.
pub fn finding_lines(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in report.findings() {
        let file = &report.file(finding.file).name;
        let pointer = if finding.pointer.is_empty() { "\"\"" } else { &finding.pointer };
        lines.push(format!("{file} {} {pointer} {}", finding.code, finding.severity));
    }
    lines
}
