//! The command line of the program: arguments, output streams, exit codes, and which files a folder contributes.

mod explain;
mod formats;
mod summary;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::json::{array, checked_files, field_texts, finding_codes, text};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;
use clap::ValueEnum;
use portal_lint::render::ReportFormat;
use serde_json::Value as Json;

/// The values of `--format`.
fn format_names() -> Vec<String> {
    let names = ReportFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    names.map(|name| name.get_name().to_owned()).collect()
}

/// The JSON report of a check.
fn check_json(folder: &Path, args: &[&str]) -> Json {
    stdout_json(&portal_lint(folder, &[&["check", "--format", "json"], args].concat(), b""))
}

#[test]
fn statistics_count_findings_by_rule() {
    let folder = create_folder(&[("a.json", "{ \"name\": 1, \"recaptcha\": {} }"), ("b.json", "{ \"name\": 2 }")]);
    let human = portal_lint(folder.path(), &["check", "--statistics", "--select", "RCP00", "a.json", "b.json"], &[]);
    let printed = stdout(&human);
    let expected = "2  RCP001 duplicate-name: The name is missing, blank, or used by another portal";
    assert!(printed.lines().any(|line| line == expected), "{printed}");
    let json = portal_lint(folder.path(), &["check", "--statistics", "--format", "json", "a.json"], &[]);
    assert!(stderr(&json).contains("1  RCP001 duplicate-name: "), "{}", stderr(&json));
    assert!(serde_json::from_slice::<Json>(&json.stdout).is_ok());
}

#[test]
fn examples_of_the_guide_have_the_findings_in_expected_txt() {
    let expected = fs::read_to_string(repository("fixtures/guide/expected.txt")).expect("the list");
    let mut expected: Vec<&str> =
        expected.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
    // A walk does not take the API response for a portal; it is checked only when it is named.
    let response_start = expected.iter().position(|line| line.starts_with("response.json")).expect("the response");
    let expected_for_response = expected.split_off(response_start);
    let guide = repository("fixtures/guide");
    assert_eq!(finding_lines(&check_json(&guide, &["."])), expected);
    assert_eq!(finding_lines(&check_json(&guide, &["response.json"])), expected_for_response);
}

/// `file code pointer severity` of each finding, as in `fixtures/guide/expected.txt`.
fn finding_lines(report: &Json) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in array(&report["diagnostics"]) {
        let [file, code, pointer, severity] =
            ["file", "code", "pointer", "severity"].map(|field| text(&finding[field]));
        let pointer = if pointer.is_empty() { "\"\"" } else { pointer };
        lines.push(format!("{file} {code} {pointer} {severity}"));
    }
    lines
}

#[test]
fn exit_codes_are_the_documented_ones() {
    let advice =
        clean_body().replace("\"salvage_transaction_process\": false", "\"salvage_transaction_process\": true");
    let warning = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let error = clean_body().replace("\"Acme Subscription Portal\"", "\"\"");
    let folder = create_folder(&[
        ("clean.json", &clean_body()),
        ("advice.json", &advice),
        ("warning.json", &warning),
        ("error.json", &error),
        ("broken.json", "{"),
        ("empty/readme.txt", ""),
    ]);
    let cases: [(&[&str], i32); 23] = [
        (&["check", "clean.json"], 0),
        (&["check", "advice.json"], 0),
        (&["check", "warning.json"], 0),
        (&["check", "error.json"], 1),
        (&["check", "broken.json"], 1),
        (&["check", "--fail-on", "warning", "warning.json"], 1),
        (&["check", "--fail-on", "warning", "advice.json"], 0),
        (&["check", "--fail-on", "advice", "advice.json"], 1),
        (&["check", "missing.json"], 2),
        (&["check", "missing.json", "error.json"], 2),
        (&["check", "empty"], 2),
        (&["check", "--no-such-flag"], 2),
        (&["check", "--select", "RCP999", "clean.json"], 2),
        (&["check", "--select", "RCP016", "--ignore", "self-cancel", "clean.json"], 2),
        (&["check", "--ignore", "self-cansel", "clean.json"], 2),
        (&["check", "--stdin-filename", "x.json", "clean.json"], 2),
        (&["check", "--format", "yaml", "clean.json"], 2),
        (&["explain", "RCP012"], 0),
        (&["explain", "nothing"], 2),
        (&["rules"], 0),
        (&["schema", "create"], 0),
        (&["schema", "nothing"], 2),
        (&["--version"], 0),
    ];
    for format in format_names() {
        for (args, expected) in cases {
            let with_format = [args, &["--format", &format]].concat();
            let takes_format = args[0] == "check" && !args.contains(&"--format");
            let output = portal_lint(folder.path(), if takes_format { &with_format } else { args }, b"");
            assert_eq!(exit_code(&output), expected, "{args:?} {format}\n{}{}", stdout(&output), stderr(&output));
            // A failure prints something in every format.
            let has_output = !stdout(&output).is_empty() || !stderr(&output).is_empty();
            assert!(has_output || expected == 0, "{args:?} {format}");
        }
    }
}

#[test]
fn usage_errors_go_to_stderr_with_a_suggestion() {
    let folder = create_folder(&[("clean.json", &clean_body())]);
    let stderr_of = |args: &[&str]| stderr(&portal_lint(folder.path(), args, b""));
    let unknown = stderr_of(&["check", "--ignore", "self-cansel", "clean.json"]);
    assert_eq!(unknown, "portal-lint: there is no rule `self-cansel`; did you mean `self-cancel`?\n");
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    let nothing = portal_lint(folder.path(), &["check", "empty"], b"");
    assert_eq!(stdout(&nothing), "");
    assert!(stderr(&nothing).starts_with("portal-lint: no portals found in `empty`. "), "{}", stderr(&nothing));
    assert!(stderr_of(&["check", "--formt", "json"]).contains("--format"));
    assert!(stderr_of(&["check", "--format", "jsn"]).contains("'json'"));
    assert!(stderr_of(&["explain", "RCP00"]).contains("matches several rules"));
}

#[test]
fn a_missing_file_is_a_finding_and_the_others_are_still_checked() {
    let error = clean_body().replace("\"Acme Subscription Portal\"", "\"\"");
    let folder = create_folder(&[("error.json", &error)]);
    let report = check_json(folder.path(), &["error.json", "no.json"]);
    assert_eq!(finding_codes(&report), ["RCP001", "RCP900"]);
}

#[test]
fn the_report_is_the_same_for_any_number_of_threads() {
    let files: Vec<(String, String)> = (0..60)
        .map(|number| (format!("p{number}.json"), clean_body().replace("\"enabled\": false", "\"enabled\": 1")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = create_folder(&files);
    let run = |threads| stdout(&portal_lint(folder.path(), &["check", "--format", "json", "--threads", threads], b""));
    let first = run("1");
    assert!(first.contains("RCP001") && first.contains("RCP019"));
    for threads in ["2", "7"] {
        assert_eq!(run(threads), first);
    }
}

#[test]
fn the_format_of_stdin_is_detected_or_taken_from_its_name() {
    let folder = create_folder(&[("portals/a.json", &clean_body())]);
    let check = |args: &[&str], text: &str| {
        portal_lint(folder.path(), &[&["check", "--format", "concise"], args].concat(), text.as_bytes())
    };
    assert_eq!(exit_code(&check(&["-"], &clean_body())), 0);
    assert!(stdout(&check(&["-"], "name: [")).starts_with("<stdin>:1:"));
    assert!(stdout(&check(&["-", "--stdin-filename", "x.json"], "name: 1")).contains("x.json:1:1: error[RCP901]"));
    // The text replaces the file of that name, so the portal's name is not a duplicate of itself.
    let same = check(&["-", "--stdin-filename", "portals/a.json", "portals"], &clean_body());
    assert_eq!((exit_code(&same), stdout(&same).as_str()), (0, ""));
    let other = check(&["-", "--stdin-filename", "portals/b.json", "portals"], &clean_body());
    assert!(stdout(&other).contains("RCP001"));
    // RCP204 is about secrets in files: text without a file name is not stored anywhere.
    let written = clean_body().replace("${RECAPTCHA_SECRET_KEY}", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr");
    assert_eq!(stdout(&check(&["-"], &written)), "");
    assert!(stdout(&check(&["-", "--stdin-filename", "x.json"], &written)).contains("RCP204"));
}

#[test]
fn a_walk_finds_portals_by_name_and_content_and_obeys_gitignore() {
    let broken = clean_body().replace("\"enabled\": false,", "\"enabled\": false");
    let folder = create_folder(&[
        (".git/HEAD", ""),
        (".gitignore", "ignored/\n*.tmp.json\n"),
        ("a.json", &clean_body()),
        ("package.json", "{\"name\": \"x\"}"),
        ("broken.json", &broken),
        ("tiny.portal.yaml", "name: x\n"),
        ("ignored/b.json", &clean_body()),
        ("c.tmp.json", &clean_body()),
        ("deep/.gitignore", "d.json\n!kept.tmp.json\n"),
        ("deep/d.json", &clean_body()),
        ("deep/kept.tmp.json", &clean_body()),
        ("deep/notes.txt", &clean_body()),
        ("node_modules/x/e.json", &clean_body()),
    ]);
    let found = ["a.json", "broken.json", "deep/kept.tmp.json", "tiny.portal.yaml"];
    assert_eq!(checked_files(&check_json(folder.path(), &[])), found);
    assert_eq!(checked_files(&check_json(folder.path(), &["."])), found);
    assert_eq!(checked_files(&check_json(folder.path(), &["deep"])), ["deep/kept.tmp.json"]);
    // Named files are checked once, even if ignored.
    assert_eq!(checked_files(&check_json(folder.path(), &["./ignored/b.json", "ignored/b.json"])), ["ignored/b.json"]);
}

#[test]
fn a_walk_finds_portals_in_other_encodings() {
    let folder = create_folder(&[("a.json", &clean_body()), ("other.json", "")]);
    let latin_1: Vec<u8> =
        clean_body().replace("Acme", "\u{e4}").chars().map(|c| u8::try_from(c).expect("Latin-1")).collect();
    let utf_16: Vec<u8> = clean_body().encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("latin.json"), latin_1).expect("a file");
    fs::write(folder.path().join("wide.json"), utf_16).expect("a file");
    fs::write(folder.path().join("picture.json"), [0xFF, 0x00, 0x89]).expect("a file");
    assert_eq!(checked_files(&check_json(folder.path(), &["."])), ["a.json", "latin.json", "wide.json"]);
    assert_eq!(exit_code(&portal_lint(folder.path(), &["check"], b"")), 1);
}

#[cfg(unix)]
#[test]
fn symlink_loops_dangling_symlinks_and_devices_do_not_stop_a_run() {
    let folder = create_folder(&[("in/a.json", &clean_body())]);
    std::os::unix::fs::symlink("..", folder.path().join("in/up")).expect("a link");
    std::os::unix::fs::symlink("nowhere.json", folder.path().join("in/dangling.json")).expect("a link");
    std::os::unix::fs::symlink("self", folder.path().join("in/self")).expect("a link");
    assert_eq!(checked_files(&check_json(folder.path(), &["in"])), ["in/a.json"]);
    std::os::unix::fs::symlink("nowhere.json", folder.path().join("in/dangling.portal.json")).expect("a link");
    assert_eq!(checked_files(&check_json(folder.path(), &["in"])), ["in/a.json", "in/dangling.portal.json"]);
    let device = portal_lint(folder.path(), &["check", "--format", "concise", "/dev/zero"], b"");
    assert_eq!(exit_code(&device), 2);
    assert!(stdout(&device).contains("RCP900"), "{}", stdout(&device));
}

#[test]
fn select_and_ignore_take_codes_prefixes_and_names_but_keep_syntax_errors() {
    let text = clean_body()
        .replace("\"enabled\": false", "\"enabled\": \"no\"")
        .replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let folder = create_folder(&[("a.json", &text), ("b.json", "{\"recaptcha\"")]);
    let codes = |args: &[&str]| -> Vec<String> {
        let text = stdout(&portal_lint(folder.path(), &[&["check", "--format", "concise"], args].concat(), b""));
        text.lines().map(|line| line.split(['[', ']']).nth(1).expect("a code").to_owned()).collect()
    };
    assert_eq!(codes(&["a.json"]), ["RCP100", "RCP016"]);
    assert_eq!(codes(&["a.json", "--select", "self-cancel"]), ["RCP016"]);
    assert_eq!(codes(&["a.json", "--select", "RCP1"]), ["RCP100"]);
    assert_eq!(codes(&["a.json", "--ignore", "RCP0,schema"]), [""; 0]);
    assert_eq!(codes(&["b.json", "--select", "self-cancel"]), ["RCP901"]);
}

#[test]
fn no_format_shows_a_secret() {
    let secret = "canary-secret-do-not-use-0123456789-ABCD";
    let written = clean_body().replace("${RECAPTCHA_SECRET_KEY}", secret);
    let texts = [
        written.clone(),
        written.replace("\"secret_key\"", "\"secert_key\""),
        written.replace("\"secret_key\"", "\"secret_key\": 1, \"secret_key\""),
        written.replace("\"site_key\": \"${RECAPTCHA_SITE_KEY}\"", &format!("\"site_key\": \"{secret}\"")),
        written.replace("\"Acme Subscription Portal\"", &format!("\"{secret} {secret}\", \"{secret}\": 1")),
        written.replace("\"recaptcha\": {", "\"recaptcha\": {{"),
        written.replace(&format!("\"{secret}\""), &format!("'{secret}'")),
        written.replace("\"recaptcha\": {", &format!("\"smtp_password\": \"{secret}\", \"recaptcha\": [")),
        format!("recaptcha:\n  secret_key: |\n    {secret}\n  site_key: [\nname:\n"),
        format!("// api_key: {secret}\n{{"),
    ];
    for text in texts {
        let text = text.replace("\"enabled\": false", "\"enabled\": 1");
        for format in format_names() {
            let output = portal_lint(Path::new("."), &["check", "-", "--format", &format], text.as_bytes());
            assert_ne!(exit_code(&output), 0, "each text has a finding");
            let all = format!("{}{}", stdout(&output), stderr(&output));
            assert!(!all.contains("canary"), "{format}:\n{all}");
        }
    }
}

#[test]
fn human_output_shortens_long_lines_and_removes_control_characters() {
    let long =
        clean_body().replace("Manage Your Acme Subscription", &format!("x\u{1b}[31m{}<script>", "y".repeat(1 << 20)));
    let minified: String = long.lines().map(str::trim).collect();
    let output = portal_lint(Path::new("."), &["check", "-", "--color", "never"], minified.as_bytes());
    let human = stdout(&output);
    assert!(human.len() < 20_000, "{} bytes", human.len());
    assert!(human.lines().all(|line| line.chars().count() <= 120), "{human}");
    assert!(!human.contains('\u{1b}'));
    assert!(human.contains("x\u{fffd}[31myyy"), "{human}");
}

#[test]
fn colors_need_a_terminal_or_the_option() {
    let output = |args: &[&str]| stdout(&portal_lint(Path::new("."), &[&["check", "-"], args].concat(), b"{}"));
    assert!(!output(&[]).contains('\u{1b}'));
    assert!(output(&["--color", "always"]).contains('\u{1b}'));
}

#[test]
fn a_closed_stdout_is_not_an_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portal-lint"))
        .args(["rules", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((exit_code(&output), stderr(&output)), (0, String::new()));
}

#[test]
fn explain_and_schema_print_the_embedded_documents() {
    let page = stdout(&portal_lint(Path::new("."), &["explain", "confirm-email-without-code"], b""));
    assert!(
        page.starts_with(
            "RCP012 confirm-email-without-code · error / warning · V12 P12 M2 · fix: safe / unsafe\n\n\
             Basis: RevCent's guide says “Confirmation email HTML includes `{{email_code}}`.”\n\n# "
        ),
        "{page}"
    );
    let schema = stdout_json(&portal_lint(Path::new("."), &["schema", "create"], b""));
    assert_eq!(schema["properties"]["recaptcha"]["properties"]["secret_key"]["x-secret"], true);
}

#[test]
fn checks_that_need_the_account_are_listed_as_unverified() {
    let report =
        stdout_json(&portal_lint(Path::new("."), &["check", "-", "--format", "json"], clean_body().as_bytes()));
    let unverified = field_texts(&report["unverified"], "code");
    assert_eq!(unverified, ["RCP001", "RCP003", "RCP004", "RCP014", "RCP301", "RCP302", "RCP303"]);
    assert_eq!(report["summary"]["unverified"], 7);
    let human = stdout(&portal_lint(Path::new("."), &["check", "-"], clean_body().as_bytes()));
    assert_eq!(human, "7 checks need the account (--account or --online)\n");
}

#[test]
fn a_named_folder_without_portals_fails_even_if_another_has_some() {
    let folder = create_folder(&[("good/a.json", &clean_body()), ("empty/note.txt", "nothing")]);
    let output = portal_lint(folder.path(), &["check", "good", "empty"], b"");
    assert_eq!(exit_code(&output), 2);
    assert!(stderr(&output).contains("no portals found in `empty`"), "{}", stderr(&output));
    for paths in [&["good", "good/a.json"][..], &[".", "./good"], &["good/", "good"]] {
        let output = portal_lint(folder.path(), &[&["check"], paths].concat(), b"");
        assert_eq!(exit_code(&output), 0, "{paths:?}: {}", stderr(&output));
    }
}
