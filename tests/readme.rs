//! The README is current: its tables, examples and picture are generated and compared. `UPDATE=1` writes them.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "readme/options.rs"]
mod options;
mod support;

use std::fs;

use portal_lint::cli::definitions;
use support::program::{exit_code, portal_lint, stdout};
use support::repository;

/// The file whose findings the README shows.
const EXAMPLE_FILE: &str = "fixtures/rules/RCP012/bad-hidden-attribute.json";

#[test]
fn the_picture_of_the_terminal_is_current() {
    assert_is_current("tests/readme/terminal.svg", &generate_picture());
}

#[test]
fn the_generated_parts_of_the_readme_are_current() {
    assert_is_current("README.md", &generate_readme());
}

#[test]
fn the_readme_names_the_commands_that_ci_runs() {
    let text = fs::read_to_string(repository("README.md")).expect("the README");
    let commands: Vec<&str> = text.split("```sh\n").skip(1).filter_map(|rest| rest.lines().next()).collect();
    // `.ci/run` runs the first, and the second runs this test.
    assert_eq!(commands, ["cargo run -- check fixtures/guide", "cargo test"]);
}

/// Compares a file with its generated content. With `UPDATE=1`, writes it first.
fn assert_is_current(file: &str, generated: &str) {
    let path = repository(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, generated).expect("the file can be written");
    }
    let current = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(current, generated, "{file}: `UPDATE=1 cargo test --test readme` writes it");
}

/// The README with its generated parts replaced. A part stands between `<!-- name -->` and `<!-- /name -->`.
fn generate_readme() -> String {
    let comparison = fs::read_to_string(repository("tests/integrations/comparison/expected-output.txt"))
        .expect("the output of the comparison");
    let parts = [
        ("pre-commit", init_file_block("--pre-commit", ".pre-commit-config.yaml")),
        ("github", init_file_block("--github", ".github/workflows/portal-lint.yml")),
        ("gitlab", init_file_block("--gitlab", ".gitlab-ci.yml")),
        ("preflight", command_block(&["preflight", EXAMPLE_FILE])),
        ("comparison", format!("```text\n{comparison}```\n")),
        ("options", format!("\n{}", options::table(&definitions()))),
        ("rules", format!("\n{}", stdout_of(&["rules", "--format", "markdown"]))),
    ];
    let mut text = fs::read_to_string(repository("README.md")).expect("the README");
    for (name, content) in parts {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from = text.find(&start).unwrap_or_else(|| panic!("no {start}")) + start.len();
        let to = from + text[from..].find(&end).unwrap_or_else(|| panic!("no {end}"));
        text.replace_range(from..to, &content);
    }
    text
}

/// What the program prints to standard output.
fn stdout_of(args: &[&str]) -> String {
    stdout(&portal_lint(&repository(""), args, &[]))
}

/// A code block with a command and its output.
fn command_block(args: &[&str]) -> String {
    format!("```text\n$ portal-lint {}\n{}```\n", args.join(" "), stdout_of(args))
}

/// A code block with a file that `init` writes.
fn init_file_block(option: &str, file: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(exit_code(&portal_lint(folder.path(), &["init", option], &[])), 0);
    format!("```yaml\n{}```\n", fs::read_to_string(folder.path().join(file)).expect("the written file"))
}

/// A terminal in which the example file is checked, as SVG.
fn generate_picture() -> String {
    let command = format!("check {EXAMPLE_FILE}");
    let printed = stdout_of(&["check", "--color", "always", EXAMPLE_FILE]);
    // The SVG library drops the text after a terminal link, which would have no use in a picture.
    let links = regex::Regex::new(r"\x1b\]8;;.*?\x1b\\").expect("a pattern");
    let printed = links.replace_all(&printed, "");
    anstyle_svg::Term::new()
        .palette(anstyle_svg::WIN10_CONSOLE)
        .render_svg(&format!("\u{1b}[1m$ portal-lint {command}\u{1b}[0m\n{printed}"))
}
