//! The house is in order: rooms use only rooms above them, files stay small, and what the README shows is what is so.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "architecture/options.rs"]
mod options;
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use portal_lint::cli::definitions;
use support::program::{code, out, portal_lint};
use support::{entries, repository};

/// The rooms, from the ground up.
const ROOMS: [&[&str]; 12] = [
    &["base"],
    &["syntax"],
    &["schema", "html"],
    &["model"],
    &["online"],
    &["rules"],
    &["settings"],
    &["engine"],
    &["preflight"],
    &["render"],
    &["lsp"],
    &["cli"],
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) = entries(folder).into_iter().partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| rust_files(folder));
    files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs")).chain(below).collect()
}

/// A file's room: the first part of its path below `src`.
fn room(file: &Path) -> String {
    let below = file.strip_prefix(repository("src")).expect("below src");
    let first = below.components().next().expect("a part").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn floor(room: &str) -> usize {
    ROOMS.iter().position(|rooms| rooms.contains(&room)).unwrap_or_else(|| panic!("no floor for {room}"))
}

#[test]
fn a_room_uses_only_rooms_above_it_in_the_map() {
    for file in rust_files(&repository("src")) {
        let own = room(&file);
        if ["lib", "main"].contains(&own.as_str()) || file.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        let code = text.split("#[cfg(test)]").next().expect("a part");
        let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for used in code.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let known = used == own || used.is_empty() || floor(&used) < floor(&own);
            assert!(known, "{} uses {used}", file.display());
        }
    }
}

#[test]
fn each_library_is_named_in_its_room_alone() {
    let rooms = [
        ("miette", "render/human.rs"),
        ("jsonschema", "schema"),
        ("granit_parser", "syntax/yaml"),
        ("html5gum", "html"),
        ("aho_corasick", "model/secrets"),
        ("libc", "base/read.rs"),
        ("similar", "render/diff.rs"),
        ("textwrap", "render"),
        ("tempfile", "cli/atomic_write.rs"),
        ("unicode_security", "rules/confusables.rs"),
        ("email_address", "rules"),
        ("base64", "online/net/dial.rs"),
        ("rustls", "online/net/tls.rs"),
        ("webpki_root_certs", "online/net/tls.rs"),
        ("idna", "online/host.rs"),
        ("simple_dns", "online/net/dns"),
        ("ureq", "online/net"),
        ("lsp_server", "lsp"),
        ("gen_lsp_types", "lsp"),
        ("clap_complete", "cli"),
        ("clap_mangen", "cli/man.rs"),
        ("wide", "base/bytes/simd.rs"),
    ];
    for file in rust_files(&repository("src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        for (library, room) in rooms {
            let named = text.lines().any(|line| {
                !line.trim_start().starts_with("//")
                    && (line.contains(&format!("{library}::")) || line.contains(&format!("use {library}")))
            });
            assert!(!named || file.starts_with(repository("src").join(room)), "{} names {library}", file.display());
        }
    }
}

#[test]
fn files_stay_small_enough_to_read() {
    for file in rust_files(&repository("src")) {
        let lines = fs::read_to_string(&file).expect("a source file").lines().count();
        let is_test = file.file_name().is_some_and(|name| name == "tests.rs");
        // One entry for each rule, generated from the pages.
        let is_table = file.ends_with("src/rules/table.rs");
        assert!(lines <= 410 || is_test || is_table, "{} has {lines} lines", file.display());
    }
}

/// What the program prints, standard output alone.
fn output(args: &[&str]) -> String {
    out(&portal_lint(&repository(""), args, &[]))
}

/// A file that `init` writes on request.
fn starter(option: &str, file: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(code(&portal_lint(folder.path(), &["init", option], &[])), 0);
    format!("```yaml\n{}```\n", fs::read_to_string(folder.path().join(file)).expect("what was asked for"))
}

fn example(args: &[&str]) -> String {
    format!("```text\n$ portal-lint {}\n{}```\n", args.join(" "), output(args))
}

/// The README with what is generated written anew.
fn readme() -> String {
    let path = repository("README.md");
    let mut text = fs::read_to_string(&path).expect("the README");
    let mut put = |name: &str, content: &str| {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from = text.find(&start).unwrap_or_else(|| panic!("no {start}")) + start.len();
        let to = from + text[from..].find(&end).unwrap_or_else(|| panic!("no {end}"));
        text.replace_range(from..to, content);
    };
    put("pre-commit", &starter("--pre-commit", ".pre-commit-config.yaml"));
    put("github", &starter("--github", ".github/workflows/portal-lint.yml"));
    put("gitlab", &starter("--gitlab", ".gitlab-ci.yml"));
    put("preflight", &example(&["preflight", SHOWN]));
    let said = fs::read_to_string(repository("tests/integrations/comparison/said.txt")).expect("what was said");
    put("comparison", &format!("```text\n{said}```\n"));
    put("options", &format!("\n{}", options::table(&definitions())));
    put("rules", &format!("\n{}", output(&["rules", "--format", "markdown"])));
    text
}

/// The file whose findings the README shows.
const SHOWN: &str = "fixtures/rules/RCP012/bad-hidden-attribute.json";

/// A terminal in which it is checked.
fn picture() -> String {
    let command = format!("check {SHOWN}");
    let printed = output(&["check", "--color", "always", SHOWN]);
    // Links: nobody can follow them in a picture, and the library loses what stands behind them.
    let links = regex::Regex::new(r"\x1b\]8;;.*?\x1b\\").expect("a pattern");
    let printed = links.replace_all(&printed, "");
    anstyle_svg::Term::new()
        .palette(anstyle_svg::WIN10_CONSOLE)
        .render_svg(&format!("\u{1b}[1m$ portal-lint {command}\u{1b}[0m\n{printed}"))
}

/// Holds a file to what it has to be; `UPDATE=1` writes it.
fn holds(file: &str, now: &str) {
    let path = repository(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, now).expect("it can be written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(there, now, "{file}: UPDATE=1 cargo test --test architecture writes it");
}

#[test]
fn the_readmes_picture_is_what_the_program_prints() {
    holds("tests/architecture/terminal.svg", &picture());
}

#[test]
fn the_readme_shows_what_is_so() {
    holds("README.md", &readme());
}

#[test]
fn the_commands_of_the_readme_are_the_ones_that_are_tried() {
    let text = fs::read_to_string(repository("README.md")).expect("the README");
    let commands: Vec<&str> = text.split("```sh\n").skip(1).filter_map(|rest| rest.lines().next()).collect();
    // `.ci/run` runs the first, and the second is what runs this.
    assert_eq!(commands, ["cargo run -- check fixtures/guide", "cargo test"]);
}
