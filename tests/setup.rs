//! Hooks, CI files, completions, manual pages, and `--quiet`. `tests/integrations` runs them with the programs they are made for.

use std::fs;

use crate::support::program::{
    clean_body, create_folder, exit_code, portal_lint, portal_lint_with_env, stderr, stdout,
};
use crate::support::repository;
use portal_lint::cli::definitions;

#[test]
fn quiet_prints_only_findings() {
    let warning = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let error = clean_body().replace("\"Acme Subscription Portal\"", "\"\"");
    let twice = clean_body().replace("\"P9dRk2XyM5vHs8LqT1Fz\"", "\"P9dRk2XyM5vHs8LqT1Fz\", \"P9dRk2XyM5vHs8LqT1Fz\"");
    let allowed = format!("# portal-lint: allow-file self-cancel -- agreed\n{warning}");
    let folder = create_folder(&[
        ("clean.json", &clean_body()),
        ("warning.json", &warning),
        ("error.json", &error),
        ("twice.json", &twice),
        ("allowed.yaml", &allowed),
        ("none.txt", "-"),
    ]);
    // Arguments, exit code, and the start and the end of the output.
    let cases: [(&[&str], i32, &str, &str); 10] = [
        (&["clean.json"], 0, "", ""),
        (&["allowed.yaml"], 0, "", ""),
        (&["allowed.yaml", "--format", "concise"], 0, "", ""),
        (&["warning.json"], 0, "warning[RCP016]: ", "\n\n"),
        (&["warning.json", "--fail-on", "warning"], 1, "warning[RCP016]: ", "\n\n"),
        (&["error.json"], 1, "error[RCP001]: ", "\n\n"),
        (&["error.json", "--format", "concise"], 1, "error.json:2:11: error[RCP001]", "\n"),
        (&["none.txt", "--force-exclude"], 0, "", ""),
        (&["twice.json", "--diff"], 1, "--- ", "\n"),
        (&["twice.json", "--fix"], 0, "", ""),
    ];
    for (args, expected, start, end) in cases {
        let output = portal_lint(folder.path(), &[&["check", "--quiet"], args].concat(), &[]);
        let printed = stdout(&output);
        assert_eq!((exit_code(&output), stderr(&output)), (expected, String::new()), "{args:?} {printed}");
        assert!(
            printed.starts_with(start) && printed.ends_with(end) && printed.is_empty() == start.is_empty(),
            "{args:?} {printed}"
        );
        assert!(!printed.contains("checks need the account") && !printed.contains("1 portal"), "{printed}");
    }
}

#[test]
fn quiet_keeps_machine_readable_reports_and_errors() {
    let folder = create_folder(&[("clean.json", &clean_body())]);
    for format in ["json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown"] {
        let print = |args: &[&str]| {
            stdout(&portal_lint(folder.path(), &[&["check", "--format", format, "clean.json"], args].concat(), &[]))
        };
        assert_eq!(print(&["-q"]), print(&[]), "{format}");
    }
    let missing = portal_lint(folder.path(), &["check", "-q", "missing.json"], &[]);
    assert!(exit_code(&missing) == 2 && stdout(&missing).contains("the file does not exist"), "{}", stdout(&missing));
    let nothing = portal_lint(folder.path(), &["check", "-q", "--select", "RCP999"], &[]);
    assert!(exit_code(&nothing) == 2 && stderr(&nothing).contains("there is no rule"), "{}", stderr(&nothing));
    assert_eq!(exit_code(&portal_lint(folder.path(), &["check", "-q", "-v"], &[])), 2);
}

#[test]
fn init_writes_the_requested_files_and_overwrites_none() {
    let folder = create_folder(&[(".git/HEAD", ""), (".pre-commit-config.yaml", "repos: []\n")]);
    let init = |args: &[&str]| portal_lint(folder.path(), &[&["init"], args].concat(), &[]);
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).expect(file);

    let first = init(&["--gitlab", "--github"]);
    assert_eq!((exit_code(&first), stdout(&first)), (0, String::new()));
    insta::assert_snapshot!(stderr(&first));
    assert!(read(".github/workflows/portal-lint.yml").contains("fail-on: warning\n"));
    assert!(read(".gitlab-ci.yml").contains("--fail-on=warning "));
    assert!(fs::read_to_string(repository("action.yml")).expect("the action").contains("    default: warning\n"));

    // Existing settings are no error when only the hook was requested. An existing hook file is: `init` prints what to add to it.
    let settings = read("portal-lint.toml");
    let second = init(&["--pre-commit"]);
    assert_eq!(exit_code(&second), 2);
    insta::assert_snapshot!(format!("{}{}", stderr(&second), stdout(&second)));
    assert_eq!((read(".pre-commit-config.yaml"), read("portal-lint.toml")), ("repos: []\n".into(), settings));
}

#[test]
fn init_writes_the_files_of_ai_clients_and_overwrites_none() {
    let settings = "{\n  \"hooks\": {}\n}\n";
    let folder = create_folder(&[(".gemini/settings.json", settings)]);
    let init = |args: &[&str]| {
        let variables = [("PATH", ""), ("HOME", "")];
        portal_lint_with_env(folder.path(), &[&["init"], args].concat(), &variables, &[])
    };
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).expect(file);
    // Only Gemini CLI is found, and its settings exist.
    let found = init(&["--agents"]);
    assert_eq!(exit_code(&found), 2, "{}", stderr(&found));
    insta::assert_snapshot!(format!("{}{}", stderr(&found), stdout(&found)));
    assert_eq!(read(".gemini/settings.json"), settings);
    let all = init(&["--agents=claude,codex,gemini,copilot"]);
    insta::assert_snapshot!(stderr(&all));
    let skill = fs::read_to_string(repository("skills/portal-lint/SKILL.md")).expect("the skill");
    for file in [".claude/skills/portal-lint/SKILL.md", ".agents/skills/portal-lint/SKILL.md"] {
        assert_eq!(read(file), skill);
    }
    for file in [".claude/settings.json", ".github/hooks/portal-lint.json", ".mcp.json", ".vscode/mcp.json"] {
        let _: serde_json::Value = serde_json::from_str(&read(file)).expect(file);
    }
    // Each command in the files is valid.
    for (file, client) in [
        (".claude/settings.json", "claude"),
        (".codex/config.toml", "codex"),
        (".github/hooks/portal-lint.json", "copilot"),
    ] {
        assert!(read(file).contains(&format!("portal-lint hook --agent {client}\"")), "{file}");
        let output = portal_lint(folder.path(), &["hook", "--agent", client], b"{}");
        assert_eq!((exit_code(&output), stdout(&output)), (0, String::new()));
    }
    let empty = create_folder(&[]);
    let variables = [("PATH", "")];
    let none = portal_lint_with_env(empty.path(), &["init", "--agents"], &variables, &[]);
    assert_eq!((exit_code(&none), fs::read_dir(empty.path()).expect("a folder").count()), (2, 0));
}

#[test]
fn the_pre_commit_hooks_are_valid_commands() {
    let hooks = fs::read_to_string(repository(".pre-commit-hooks.yaml")).expect("the hooks");
    let entries: Vec<&str> = hooks.lines().filter_map(|line| line.strip_prefix("  entry: portal-lint ")).collect();
    // The hooks, the action and the files that `init` writes have the same default.
    assert_eq!((entries.len(), hooks.matches("\n  args: [--fail-on=warning, \"--\"]\n").count()), (3, 3));
    let folder =
        create_folder(&[("clean.json", &clean_body()), ("package.json", "{}"), ("--output=json=clean.json", "{}")]);
    for entry in entries {
        let names = ["--fail-on=warning", "--", "clean.json", "package.json", "--output=json=clean.json"];
        let args: Vec<&str> = entry.split(' ').chain(names).collect();
        let output = portal_lint(folder.path(), &args, &[]);
        assert_eq!(exit_code(&output), 0, "{entry} {}{}", stdout(&output), stderr(&output));
    }
}

#[test]
fn the_documentation_names_the_inputs_of_the_action() {
    let action = fs::read_to_string(repository("action.yml")).expect("the action");
    let (_, inputs) = action.split_once("\ninputs:\n").expect("inputs");
    let inputs = inputs.lines().take_while(|line| !line.starts_with("runs:"));
    let names =
        inputs.filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':').filter(|name| !name.starts_with(' ')));
    let names: Vec<&str> = names.collect();
    let page = fs::read_to_string(repository("docs/ci.md")).expect("the page");
    let (_, table) = page.split_once("| input | meaning | default |\n|---|---|---|\n").expect("the table");
    let rows = table.lines().map_while(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(names, rows.collect::<Vec<_>>());
}

#[test]
fn documentation_and_pyproject_match_the_crate() {
    let page = fs::read_to_string(repository("docs/ci.md")).expect("the page");
    let version = env!("CARGO_PKG_VERSION");
    for (text, number) in [("portal-lint==", 2), ("rev: v", 1), ("portal-lint/portal-lint@v", 1), ("`version: ", 1)] {
        assert_eq!(
            (page.matches(text).count(), page.matches(&format!("{text}{version}")).count()),
            (number, number),
            "{text}"
        );
    }
    let project = fs::read_to_string(repository("pyproject.toml")).expect("the wheel's settings");
    assert!(project.contains("dynamic = [\"version\"]") && project.contains("name = \"portal-lint\""));
    assert!(project.contains(&format!("description = \"{}\"", env!("CARGO_PKG_DESCRIPTION"))));
}

#[test]
fn completions_and_manual_pages_name_every_option() {
    let folder = create_folder(&[]);
    let print = |args: &[&str]| stdout(&portal_lint(folder.path(), args, &[]));
    let scripts = ["bash", "elvish", "fish", "powershell", "zsh"].map(|shell| print(&["completions", shell]));
    for command in definitions().get_subcommands() {
        let name = command.get_name();
        let page = print(&["man", name]);
        assert!(
            page.contains(&format!("portal\\-lint\\-{name}")) || page.contains(&format!("portal-lint-{name}")),
            "{page}"
        );
        for option in command.get_arguments().filter_map(clap::Arg::get_long) {
            assert!(page.contains(&format!("\\-\\-{}", option.replace('-', "\\-"))), "{name} --{option}: {page}");
            assert!(scripts.iter().all(|script| script.contains(option)), "{name} --{option}");
        }
    }
    assert!(print(&["man", "account", "pull"]).contains(env!("CARGO_PKG_VERSION")));
    for (name, message) in
        [("chek", "there is no command `chek`; did you mean `check`?"), ("zzzz", "there is no command `zzzz`")]
    {
        let unknown = portal_lint(folder.path(), &["man", name], &[]);
        assert_eq!((exit_code(&unknown), stderr(&unknown)), (2, format!("portal-lint: {message}\n")));
    }
}
