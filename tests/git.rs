//! A walk leaves out what git ignores, as `git ls-files --cached --others --exclude-standard` does. Skipped where git is missing, except
//! in CI.

mod patterns;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::json::checked_files;
use crate::support::program::{
    clean_body, create_folder, exit_code, portal_lint_with_env, stderr, stdout, stdout_json,
};
use tempfile::TempDir;

/// A run of git in a folder, without the configuration of the user.
fn git_command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).env("HOME", folder).env_remove("XDG_CONFIG_HOME").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// Runs git in a folder. Returns `false` if git is not installed.
fn git(folder: &Path, args: &[&str]) -> bool {
    let mut command = git_command(folder);
    command.args(["-c", "user.name=a", "-c", "user.email=a@a.test"]).args(args);
    match command.output() {
        Ok(output) => {
            assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
            true
        }
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "git: {error}");
            false
        }
    }
}

/// Compares the files that git lists below a folder with those that a walk finds.
fn assert_same_walk(folder: &TempDir, case: &str) {
    assert_same_walk_with(folder, &[], case);
}

/// Compares them with additional environment variables.
fn assert_same_walk_with(folder: &TempDir, variables: &[(&str, &str)], case: &str) {
    assert_eq!(walked_files_with(folder, variables), listed_files(folder, variables), "{case}");
}

/// The portals that git lists below a folder.
fn listed_files(folder: &TempDir, variables: &[(&str, &str)]) -> BTreeSet<String> {
    let mut command = git_command(folder.path());
    // `-z` prints names with a backslash as they are.
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).envs(variables.iter().copied());
    let output = command.output().expect("git runs");
    let listed = String::from_utf8(output.stdout).expect("text");
    listed.split('\0').filter(|name| name.ends_with(".portal.json")).map(str::to_owned).collect()
}

/// Compares a walk as [`assert_same_walk`], and also checks that a run on a single file finds the files of the walk.
fn assert_same_files(folder: &TempDir, case: &str) {
    let expected = walked_files(folder);
    assert_same_walk(folder, case);
    // A pre-commit hook passes the files as arguments.
    for (name, _) in FILES {
        let args = ["check", "--isolated", "--force-exclude", "--format", "json", name];
        let output = portal_lint_with_env(folder.path(), &args, &environment(folder), b"");
        assert_eq!(stdout(&output).contains(name), expected.contains(name), "{case}: {name}: {}", stderr(&output));
    }
}

fn environment(folder: &TempDir) -> [(&'static str, &str); 3] {
    let home = folder.path().to_str().expect("text");
    [("HOME", home), ("XDG_CONFIG_HOME", ""), ("GIT_CONFIG_NOSYSTEM", "1")]
}

fn walked_files(folder: &TempDir) -> BTreeSet<String> {
    walked_files_with(folder, &[])
}

fn walked_files_with(folder: &TempDir, variables: &[(&str, &str)]) -> BTreeSet<String> {
    let args = ["check", "--isolated", "--format", "json", "."];
    let variables = [&environment(folder), variables].concat();
    let output = portal_lint_with_env(folder.path(), &args, &variables, b"");
    if exit_code(&output) == 2 {
        return BTreeSet::new();
    }
    let report = stdout_json(&output);
    checked_files(&report).into_iter().map(str::to_owned).collect()
}

const FILES: [(&str, &str); 6] = [
    ("a.portal.json", "{"),
    ("b.portal.json", "{"),
    ("build/c.portal.json", "{"),
    ("build/deep/d.portal.json", "{"),
    ("src/build/e.portal.json", "{"),
    ("src/f1.portal.json", "{"),
];

/// A name, files to write, and commands of git to run.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static [&'static str]]);

#[test]
fn a_walk_finds_the_files_that_git_lists() {
    let cases: [Case; 14] = [
        ("nothing is ignored", &[], &[]),
        ("info/exclude", &[(".git/info/exclude", "a.portal.json\nbuild/\n")], &[]),
        ("info/exclude with a slash", &[(".git/info/exclude", "/build/\n")], &[]),
        (
            "core.excludesFile of the repository",
            &[("ignored", "b.*\n")],
            &[&["config", "core.excludesFile", "ignored"]],
        ),
        (
            "core.excludesFile in the home folder",
            &[("x/ignored", "b.*\n")],
            &[&["config", "core.excludesFile", "~/x/ignored"]],
        ),
        (
            "core.excludesFile of the user",
            &[(".gitconfig", "[core]\n excludesFile = ~/ignored\n"), ("ignored", "/src\n")],
            &[],
        ),
        ("the default file of the user", &[(".config/git/ignore", "src/build/\n")], &[]),
        (
            ".gitignore wins over info/exclude",
            &[(".git/info/exclude", "a.*\nb.*\n"), (".gitignore", "!a.portal.json\n")],
            &[],
        ),
        (
            "info/exclude wins over core.excludesFile",
            &[(".git/info/exclude", "!b.*\n"), ("ignored", "b.*\na.*\n")],
            &[&["config", "core.excludesFile", "ignored"]],
        ),
        (
            "a tracked file",
            &[(".gitignore", "*.portal.json\n")],
            &[&["add", "-f", "a.portal.json", "src/f1.portal.json"]],
        ),
        (
            "a tracked file in an ignored folder",
            &[(".gitignore", "build/\n")],
            &[&["add", "-f", "build/deep/d.portal.json"]],
        ),
        (
            "a tracked file, version 4",
            &[(".gitignore", "build/\nsrc\n")],
            &[&["add", "-f", "build", "src/f1.portal.json"], &["update-index", "--index-version", "4"]],
        ),
        (
            "a file to be added, version 3",
            &[(".gitignore", "build/\n")],
            &[&["add", "-f", "-N", "build/c.portal.json"]],
        ),
        (
            "a split index",
            &[(".gitignore", "build/\n")],
            &[
                &["add", "-f", "build/c.portal.json"],
                &["update-index", "--split-index"],
                &["add", "-f", "build/deep/d.portal.json"],
            ],
        ),
    ];
    assert_cases(&cases);
}

/// The configuration is read as git reads it.
#[test]
fn the_excludes_file_is_the_one_of_the_configuration() {
    const IGNORED: (&str, &str) = ("ignored", "b.*\nsrc\n");
    let cases: [Case; 14] = [
        ("another section", &[(".gitconfig", "[foo]\nexcludesFile=~/ignored\n"), IGNORED], &[]),
        ("a comment after it", &[(".gitconfig", "[core]\nexcludesFile = ~/ignored # mine\n"), IGNORED], &[]),
        ("a comment", &[(".gitconfig", "[core]\n# excludesFile = ~/ignored\n"), IGNORED], &[]),
        ("one line", &[(".gitconfig", "[core] excludesFile=~/ignored\n"), IGNORED], &[]),
        ("two values", &[(".gitconfig", "[core]\nexcludesFile=~/x\nexcludesFile=~/ignored\n"), IGNORED], &[]),
        ("a space", &[(".gitconfig", "[core]\nexcludesFile = ~/a b\n"), ("a b", "b.*\n")], &[]),
        ("an empty value", &[(".config/git/ignore", "b.*\n")], &[&["config", "core.excludesFile", ""]]),
        (
            "a quote and a continued line",
            &[(".config/git/config", "[core]\nexcludesFile = \\\n \"~/a\\\"b\"\n"), ("a\"b", "b.*\n")],
            &[],
        ),
        (
            "the repository wins over the user, and the home folder over .config",
            &[
                (".config/git/config", "[core]\nexcludesFile = ~/x\n"),
                (".gitconfig", "[core]\nexcludesFile = ~/ignored\n"),
                ("x", "a.*\n"),
                IGNORED,
            ],
            &[],
        ),
        (
            "an included file",
            &[(".gitconfig", "[include]\npath = more\n"), ("more", "[core]\nexcludesFile = ~/ignored\n"), IGNORED],
            &[],
        ),
        (
            "conditions that are true",
            &[
                (".gitconfig", "[includeIf \"gitdir:~/\"]\npath = more\n[includeIf \"gitdir:/none/\"]\npath = x\n"),
                ("more", "[core]\nexcludesFile = ~/ignored\n"),
                ("x", "[core]\nexcludesFile = ~/x\n"),
                IGNORED,
            ],
            &[],
        ),
        (
            "a condition that is false",
            &[
                (".gitconfig", "[includeIf \"gitdir:~/other/\"]\npath = more\n"),
                ("more", "[core]\nexcludesFile = ~/ignored\n"),
                IGNORED,
            ],
            &[],
        ),
        (
            "the configuration of the work tree",
            &[IGNORED],
            &[
                &["config", "extensions.worktreeConfig", "true"],
                &["config", "--worktree", "core.excludesFile", "ignored"],
            ],
        ),
        ("letters in upper case", &[(".gitignore", "BUILD/\n")], &[&["config", "core.ignoreCase", "true"]]),
    ];
    assert_cases(&cases);
}

fn assert_cases(cases: &[Case]) {
    for (case, files, commands) in cases {
        let folder = create_folder(&FILES);
        if !git(folder.path(), &["init", "-q", "."]) {
            return;
        }
        for (name, text) in *files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        for command in *commands {
            git(folder.path(), command);
        }
        assert_same_files(&folder, case);
    }
}

/// git sets such variables for its hooks, and users for their shells.
#[test]
fn environment_variables_of_git_count() {
    let folder = create_folder(&FILES);
    if !git(folder.path(), &["init", "-q", "."]) {
        return;
    }
    for (name, text) in [
        (".gitignore", "build/\n"),
        ("ignored", "b.*\n"),
        ("config", "[core]\nexcludesFile = ~/ignored\n"),
        (".gitconfig", "[core]\nexcludesFile = ~/x\n"),
        ("x", "a.*\n"),
    ] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    git(folder.path(), &["add", "-f", "build/c.portal.json", "src/build/e.portal.json"]);
    fs::rename(folder.path().join(".git/index"), folder.path().join(".git/next-index")).expect("it is renamed");
    let config = folder.path().join("config");
    let cases: [&[(&str, &str)]; 5] = [
        &[],
        &[("GIT_INDEX_FILE", ".git/next-index")],
        &[("GIT_CONFIG_GLOBAL", config.to_str().expect("text"))],
        &[
            ("GIT_CONFIG_NOSYSTEM", "0"),
            ("GIT_CONFIG_GLOBAL", ""),
            ("GIT_CONFIG_SYSTEM", config.to_str().expect("text")),
        ],
        &[("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "core.excludesFile"), ("GIT_CONFIG_VALUE_0", "~/ignored")],
    ];
    for variables in cases {
        assert_same_walk_with(&folder, variables, &format!("{variables:?}"));
    }
    // The variable is for the repository of the current folder.
    let args = ["check", "--isolated", "--show-files", "."];
    let other = create_folder(&[]);
    let variables = [&environment(&folder)[..], &[("GIT_INDEX_FILE", ".git/next-index")]].concat();
    let path = folder.path().to_str().expect("text");
    let output = portal_lint_with_env(other.path(), &["check", "--isolated", "--show-files", path], &variables, b"");
    assert!(!stdout(&output).contains("c.portal.json"), "{}", stdout(&output));
    let output = portal_lint_with_env(&folder.path().join("src"), &args, &variables, b"");
    assert_eq!(stdout(&output), "build/e.portal.json\nf1.portal.json\n");
}

#[test]
fn a_repository_with_sha256_and_a_removed_file() {
    let folder = create_folder(&FILES);
    if !git(folder.path(), &["init", "-q", "--object-format=sha256", "."]) {
        return;
    }
    fs::write(folder.path().join(".gitignore"), "build/\n").expect("a file");
    git(folder.path(), &["add", "-f", "build/c.portal.json", "build/deep/d.portal.json"]);
    assert_same_files(&folder, "sha256");
    git(folder.path(), &["rm", "-q", "--cached", "build/c.portal.json"]);
    assert_same_files(&folder, "removed");
}

#[test]
fn a_linked_work_tree_uses_its_own_index() {
    let folder = create_folder(&FILES);
    let main = folder.path();
    if !git(main, &["init", "-q", "."]) {
        return;
    }
    git(main, &["commit", "-q", "--allow-empty", "-m", "x"]);
    fs::write(main.join(".git/info/exclude"), "build/\n").expect("a file");
    let other = create_folder(&[]);
    let path = other.path().join("tree");
    git(main, &["worktree", "add", "-q", path.to_str().expect("text")]);
    for (name, text) in FILES {
        fs::create_dir_all(path.join(name).parent().expect("a parent")).expect("a folder");
        fs::write(path.join(name), text).expect("a file");
    }
    git(&path, &["add", "-f", "build/c.portal.json"]);
    let output =
        portal_lint_with_env(&path, &["check", "--isolated", "--format", "json", "."], &environment(&folder), b"");
    let names: Vec<String> =
        FILES.iter().map(|(name, _)| (*name).to_owned()).filter(|name| stdout(&output).contains(name)).collect();
    assert_eq!(names, ["a.portal.json", "b.portal.json", "build/c.portal.json", "src/f1.portal.json"]);
    assert_eq!(walked_files(&folder).len(), 3);
}

#[test]
fn an_ignored_folder_that_is_an_argument_is_walked() {
    let folder = create_folder(&[("build/c.portal.json", &clean_body()), (".gitignore", "build/\n")]);
    if !git(folder.path(), &["init", "-q", "."]) {
        return;
    }
    let output = portal_lint_with_env(folder.path(), &["check", "--isolated", "build"], &environment(&folder), b"");
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    // A walk from the folder above leaves it out.
    assert_eq!(walked_files(&folder), BTreeSet::new());
}

#[test]
fn repositories_inside_the_repository_are_left_out() {
    let folder = create_folder(&FILES);
    if !git(folder.path(), &["init", "-q", "."]) {
        return;
    }
    // A clone has a folder `.git`, and a submodule a file.
    git(folder.path(), &["init", "-q", "build"]);
    assert_same_walk(&folder, "a clone");
    fs::create_dir_all(folder.path().join(".git/modules")).expect("a folder");
    git(folder.path(), &["init", "-q", "--separate-git-dir", ".git/modules/src", "src"]);
    assert_same_walk(&folder, "a submodule");
    assert_eq!(walked_files(&folder), BTreeSet::from(["a.portal.json".to_owned(), "b.portal.json".to_owned()]));
    // A repository that is an argument is checked, and so are several repositories in a folder that is not a repository.
    let output = portal_lint_with_env(
        folder.path(),
        &["check", "--isolated", "--show-files", "build"],
        &environment(&folder),
        b"",
    );
    assert_eq!(stdout(&output), "build/c.portal.json\nbuild/deep/d.portal.json\n");
    fs::remove_dir_all(folder.path().join(".git")).expect("the repository is removed");
    assert_eq!(walked_files(&folder).len(), FILES.len());
}
