//! The README and the other documents are current: their tables, examples and the picture are generated and compared. `UPDATE=1` writes them.

mod options;

use std::fs;

use crate::support::program::{exit_code, portal_lint, stdout};
use crate::support::repository;
use portal_lint::cli::definitions;
use portal_lint::schema::EMBEDDED;

/// The portal in the README, in its picture, and in the preflight report of `docs/formats.md`.
const QUICKSTART: &str = "fixtures/quickstart";

#[test]
fn the_picture_of_the_terminal_is_current() {
    assert_is_current("tests/readme/terminal.svg", &generate_picture());
}

#[test]
fn the_generated_parts_of_the_readme_are_current() {
    assert_parts_are_current("README.md", &readme_parts());
}

#[test]
fn the_generated_parts_of_the_other_documents_are_current() {
    let comparison = fs::read_to_string(repository("tests/integrations/comparison/expected-output.txt"))
        .expect("the output of the comparison");
    // The links of the table are relative to the root of the repository.
    let rules = stdout_of(&["rules", "--format", "markdown"]).replace("](rules/", "](../rules/");
    let ci = [
        ("pre-commit", init_file_block("--pre-commit", ".pre-commit-config.yaml")),
        ("github", init_file_block("--github", ".github/workflows/portal-lint.yml")),
        ("gitlab", init_file_block("--gitlab", ".gitlab-ci.yml")),
    ];
    assert_parts_are_current("docs/ci.md", &ci);
    let agents = [
        ("agents-claude", init_file_block("--agents=claude", ".claude/settings.json")),
        ("agents-codex", init_file_block("--agents=codex", ".codex/config.toml")),
        ("agents-gemini", init_file_block("--agents=gemini", ".gemini/settings.json")),
        ("agents-copilot", init_file_block("--agents=copilot", ".github/hooks/portal-lint.json")),
        ("agents-vscode", init_file_block("--agents=copilot", ".vscode/mcp.json")),
    ];
    assert_parts_are_current("docs/agents.md", &agents);
    assert_parts_are_current("docs/formats.md", &[("preflight", command_block(&["preflight", QUICKSTART]))]);
    assert_parts_are_current("docs/options.md", &[("options", format!("\n{}\n", options::table(&definitions())))]);
    assert_parts_are_current("docs/rules.md", &[("rules", format!("\n{rules}\n"))]);
    assert_parts_are_current("docs/schemas.md", &[("comparison", format!("```text\n{comparison}```\n"))]);
}

#[test]
fn the_readme_has_at_most_200_lines_in_the_order_of_a_new_users_steps() {
    let text = fs::read_to_string(repository("README.md")).expect("the README");
    assert!(text.lines().count() <= 200, "{} lines", text.lines().count());
    let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let expected = [
        "Try it",
        "A portal with two mistakes",
        "Record a decision",
        "pre-commit",
        "CI",
        "Preflight",
        "Online",
        "Read more",
        "License",
    ];
    assert_eq!(headings, expected);
}

#[test]
fn the_document_about_schemas_names_each_schema() {
    let text = fs::read_to_string(repository("docs/schemas.md")).expect("a document");
    for (name, _) in EMBEDDED {
        assert!(text.contains(&format!("`{name}`")) || text.contains(&format!("schema {name} ")), "{name}");
    }
}

#[test]
fn links_between_the_documents_lead_to_files() {
    let link = regex::Regex::new(r"\]\(([^)#:]+)(?:#[^)]*)?\)").expect("a pattern");
    let documents = ["README.md".to_owned()].into_iter().chain(
        fs::read_dir(repository("docs"))
            .expect("docs")
            .map(|entry| format!("docs/{}", entry.expect("an entry").file_name().to_string_lossy())),
    );
    for document in documents {
        let text = fs::read_to_string(repository(&document)).expect("a document");
        let folder = repository(&document).parent().expect("a folder").to_owned();
        for target in link.captures_iter(&text).map(|found| found[1].to_owned()) {
            assert!(folder.join(&target).exists(), "{document}: {target}");
        }
    }
}

#[test]
fn the_readme_names_the_commands_that_ci_runs() {
    let text = fs::read_to_string(repository("README.md")).expect("the README");
    let commands: Vec<&str> = text.split("```sh\n").skip(1).filter_map(|rest| rest.lines().next()).collect();
    // `.ci/run` runs the first, and the second runs this test.
    assert_eq!(commands, ["cargo run -- check fixtures/quickstart", "cargo test"]);
}

#[test]
fn the_first_command_prints_two_mistakes_and_a_decision_in_45_lines() {
    let output = portal_lint(&repository(""), &["check", QUICKSTART], &[]);
    let printed = stdout(&output);
    assert_eq!(exit_code(&output), 1);
    assert!(printed.lines().count() <= 45, "{printed}");
    let concise = stdout_of(&["check", "--format", "concise", QUICKSTART]);
    let codes: Vec<&str> = concise.lines().filter_map(|line| line.split(": ").nth(1)?.split(' ').next()).collect();
    assert_eq!(codes, ["error[RCP012]", "warning[RCP016]", "error[RCP024]"]);
}

#[test]
fn the_command_that_records_a_decision_writes_the_comment_of_the_readme() {
    let text = fs::read_to_string(repository("README.md")).expect("the README");
    let (_, section) = text.split_once("<!-- allow -->\n```bash\nportal-lint ").expect("the command");
    let (command, rest) = section.split_once('\n').expect("a line");
    let comment = rest.split("```yaml\n").nth(1).and_then(|block| block.split("```").next()).expect("the comment");
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join(QUICKSTART)).expect("a folder");
    let portal = folder.path().join(QUICKSTART).join("portal.yaml");
    fs::copy(repository(QUICKSTART).join("portal.yaml"), &portal).expect("a copy");
    let mut args: Vec<&str> = Vec::new();
    for (index, part) in command.split('"').enumerate() {
        if index % 2 == 0 { args.extend(part.split_whitespace()) } else { args.push(part) }
    }
    assert_eq!(exit_code(&portal_lint(folder.path(), &args, &[])), 0, "{args:?}");
    assert!(fs::read_to_string(&portal).expect("the portal").contains(comment), "{comment}");
}

/// Compares a file with its generated content. With `UPDATE=1`, writes it first.
fn assert_is_current(file: &str, generated: &str) {
    let path = repository(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, generated).expect("the file can be written");
    }
    let current = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(current, generated, "{file}: `UPDATE=1 cargo test --test main readme::` writes it");
}

/// Compares the generated parts of a document with their content. A part is between `<!-- name -->` and `<!-- /name -->`.
fn assert_parts_are_current(file: &str, parts: &[(&str, String)]) {
    let mut text = fs::read_to_string(repository(file)).expect("a document");
    for (name, content) in parts {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from = text.find(&start).unwrap_or_else(|| panic!("{file}: no {start}")) + start.len();
        let to = from + text[from..].find(&end).unwrap_or_else(|| panic!("{file}: no {end}"));
        text.replace_range(from..to, content);
    }
    assert_is_current(file, &text);
}

/// The portal of the README, its findings, and the start of its preflight report.
fn readme_parts() -> [(&'static str, String); 3] {
    let portal = fs::read_to_string(repository("fixtures/quickstart/portal.yaml")).expect("the portal");
    let preflight = stdout_of(&["preflight", QUICKSTART]);
    let head: Vec<&str> = preflight.lines().take_while(|line| !line.is_empty()).collect();
    [
        ("quickstart", format!("```yaml\n{portal}```\n")),
        ("quickstart-report", command_block(&["check", "--format", "concise", QUICKSTART])),
        ("preflight-start", format!("```text\n$ portal-lint preflight {QUICKSTART}\n{}\n…\n```\n", head.join("\n"))),
    ]
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
    let extension = file.rsplit('.').next().unwrap_or_default();
    let language = if extension == "yml" { "yaml" } else { extension };
    format!("```{language}\n{}```\n", fs::read_to_string(folder.path().join(file)).expect("the written file"))
}

/// A terminal in which the portal of the README is checked, as SVG.
fn generate_picture() -> String {
    let command = format!("check {QUICKSTART}");
    let printed = stdout_of(&["check", "--color", "always", QUICKSTART]);
    // The SVG library drops the text after a terminal link, which would have no use in a picture.
    let links = regex::Regex::new(r"\x1b\]8;;.*?\x1b\\").expect("a pattern");
    let printed = links.replace_all(&printed, "");
    anstyle_svg::Term::new()
        .palette(anstyle_svg::WIN10_CONSOLE)
        .render_svg(&format!("\u{1b}[1m$ portal-lint {command}\u{1b}[0m\n{printed}"))
}
