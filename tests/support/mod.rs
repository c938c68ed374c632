//! What the tests share: runs of the one door on files and on texts.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod answers;
pub mod every;
pub mod examples;
pub mod openapi;
pub mod program;
pub mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use portal_lint::base::file::{Inclusion, InputFile, Origin, WalkMatch};
use portal_lint::engine::discovery::sort_and_dedup;
use portal_lint::engine::report::Report;
use portal_lint::engine::run::check;
use portal_lint::settings::Settings;
use portal_lint::settings::project::{Project, SETTINGS_FILE};

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What a folder holds, sorted.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = read.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries
}

pub fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// A text under a name, as if it had been named.
pub fn text(name: &str, text: impl Into<Vec<u8>>) -> InputFile {
    InputFile {
        name: name.into(),
        origin: Origin::Memory(text.into()),
        inclusion: Inclusion::Explicit(WalkMatch::Included),
        project: 0,
    }
}

/// The fixtures of a folder: what it holds but for the snapshots and answers beside them.
pub fn fixtures(folder: &Path) -> Vec<PathBuf> {
    let is_companion = |path: &Path| [".account.", ".answers."].iter().any(|mark| name(path).contains(mark));
    entries(folder).into_iter().filter(|path| !is_companion(path)).collect()
}

/// The account snapshot and the answers of a fixture: `bad-x.account.json` and `bad-x.answers.json` beside `bad-x.json` or the
/// folder `bad-x`.
fn known(fixture: &Path) -> Vec<InputFile> {
    let name = name(fixture);
    let stem = name.split('.').next().expect("a stem");
    let companions =
        ["account.json", "account.yaml", "answers.json"].map(|end| fixture.with_file_name(format!("{stem}.{end}")));
    let there = companions.iter().filter(|path| path.is_file());
    there.map(|path| account(&self::name(path), fs::read(path).expect("what is known"))).collect()
}

/// A snapshot under a name, or answers.
pub fn account(name: &str, content: impl Into<Vec<u8>>) -> InputFile {
    InputFile { inclusion: Inclusion::Internal, ..text(name, content) }
}

/// A file, or all files of a folder, named one by one, under their own names, and their snapshot.
pub fn inputs(path: &Path) -> Vec<InputFile> {
    let files = if path.is_dir() { entries(path) } else { vec![path.to_owned()] };
    let mut inputs: Vec<InputFile> =
        files.iter().map(|file| text(&name(file), fs::read(file).expect("a fixture"))).collect();
    inputs.extend(known(path));
    sort_and_dedup(&mut inputs);
    inputs
}

/// A `portal-lint.toml` among them makes a project of the others, and what is there only to be asked is the account; with
/// one it is ten days after the snapshots were taken. Answers of the network are about the account in which all is well.
pub fn run(inputs: &[InputFile]) -> Report {
    run_with(inputs, |_| {})
}

/// The same with other settings.
pub fn run_with(inputs: &[InputFile], change: impl FnOnce(&mut Settings)) -> Report {
    let (known, inputs): (Vec<_>, Vec<_>) =
        inputs.iter().cloned().partition(|input| input.inclusion == Inclusion::Internal);
    let (answers, mut account): (Vec<_>, Vec<_>) = known.into_iter().partition(answers::is_one);
    let (inputs, mut settings) = in_project(&inputs);
    if let [own] = &answers[..] {
        settings.answers = answers::of(own);
        if account.is_empty() {
            let well = fs::read(repository("fixtures/account.json")).expect("the snapshot");
            account.push(self::account("account.json", well));
        }
    }
    if !account.is_empty() {
        settings.today = "2026-12-01".parse().expect("a day");
        for project in &mut settings.projects {
            project.account = account.first().cloned();
        }
    }
    change(&mut settings);
    check(inputs, &settings)
}

fn in_project(inputs: &[InputFile]) -> (Vec<InputFile>, Settings) {
    let (own, mut inputs): (Vec<InputFile>, Vec<InputFile>) =
        inputs.iter().cloned().partition(|input| input.name == SETTINGS_FILE);
    let mut settings = Settings::default();
    if let Some(own) = own.into_iter().next() {
        let here = Path::new(".").canonicalize().expect("a folder");
        settings.projects.push(Project::from_input(own, here));
        for input in &mut inputs {
            input.project = 1;
        }
    }
    (inputs, settings)
}

/// `file code pointer severity` of each diagnostic.
pub fn lines(report: &Report) -> Vec<String> {
    let line = |one: &portal_lint::base::diagnostic::Diagnostic| {
        let pointer = if one.pointer.is_empty() { "\"\"" } else { &one.pointer };
        format!("{} {} {pointer} {}", report.files[one.file].name, one.code, one.severity)
    };
    report.findings().map(line).collect()
}
