//! The program from outside: what is typed, what comes out, with which exit code.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "cli/formats.rs"]
mod formats;
mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::ValueEnum;
use portal_lint::render::ReportFormat;
use serde_json::Value as Json;
use support::program::{clean, code, err, folder, json, out, portal_lint};
use support::repository;

/// What `--format` takes.
fn formats() -> Vec<String> {
    let names = ReportFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    names.map(|name| name.get_name().to_owned()).collect()
}

/// The files a check looked at.
fn files(folder: &Path, args: &[&str]) -> Vec<String> {
    let report = json(&portal_lint(folder, &[&["check", "--format", "json"], args].concat(), b""));
    let files = report["files"].as_array().expect("a list");
    files.iter().map(|file| file["path"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn statistics_count_findings_by_rule() {
    let folder = folder(&[("a.json", "{ \"name\": 1, \"recaptcha\": {} }"), ("b.json", "{ \"name\": 2 }")]);
    let human = portal_lint(folder.path(), &["check", "--statistics", "--select", "RCP00", "a.json", "b.json"], &[]);
    let printed = out(&human);
    let last = printed.lines().rev().take_while(|line| !line.starts_with("stay")).collect::<Vec<_>>();
    assert!(
        last.contains(&"2  RCP001 unique-name: The name is missing, blank, or the same as another portal's"),
        "{printed}"
    );
    let json = portal_lint(folder.path(), &["check", "--statistics", "--format", "json", "a.json"], &[]);
    assert!(err(&json).contains("1  RCP001 unique-name: "), "{}", err(&json));
    assert!(serde_json::from_slice::<Json>(&json.stdout).is_ok());
}

#[test]
fn the_guides_own_examples_give_exactly_what_a_person_wrote_down() {
    let expected = fs::read_to_string(repository("fixtures/guide/expected.txt")).expect("the list");
    let mut expected: Vec<&str> =
        expected.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
    let found = |args: &[&str]| -> Vec<String> {
        let args = [&["check", "--format", "json"], args].concat();
        let report = json(&portal_lint(&repository("fixtures/guide"), &args, b""));
        let diagnostics = report["diagnostics"].as_array().expect("a list").clone();
        let text = |one: &Json, key: &str| one[key].as_str().expect("text").to_owned();
        diagnostics
            .iter()
            .map(|one| {
                let pointer = text(one, "pointer");
                let pointer = if pointer.is_empty() { "\"\"".into() } else { pointer };
                format!("{} {} {pointer} {}", text(one, "file"), text(one, "code"), text(one, "severity"))
            })
            .collect()
    };
    let answer = expected.iter().position(|line| line.starts_with("response.json")).expect("the answer's line");
    let answer = expected.split_off(answer);
    assert_eq!(found(&["."]), expected);
    assert_eq!(found(&["response.json"]), answer);
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let advice = clean().replace("\"salvage_transaction_process\": false", "\"salvage_transaction_process\": true");
    let warning = clean().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let error = clean().replace("\"Acme Subscription Portal\"", "\"\"");
    let folder = folder(&[
        ("clean.json", &clean()),
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
    for format in formats() {
        for (args, expected) in cases {
            let with_format = [args, &["--format", &format]].concat();
            let takes_format = args[0] == "check" && !args.contains(&"--format");
            let output = portal_lint(folder.path(), if takes_format { &with_format } else { args }, b"");
            assert_eq!(code(&output), expected, "{args:?} {format}\n{}{}", out(&output), err(&output));
            // Never a wordless failure, whatever the format.
            let said = !out(&output).is_empty() || !err(&output).is_empty();
            assert!(said || expected == 0, "{args:?} {format}");
        }
    }
}

#[test]
fn what_cannot_be_done_is_said_on_standard_error_with_a_suggestion() {
    let folder = folder(&[("clean.json", &clean())]);
    let said = |args: &[&str]| err(&portal_lint(folder.path(), args, b""));
    let unknown = said(&["check", "--ignore", "self-cansel", "clean.json"]);
    assert_eq!(unknown, "portal-lint: there is no rule `self-cansel`; did you mean `self-cancel`?\n");
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    let nothing = portal_lint(folder.path(), &["check", "empty"], b"");
    assert_eq!(out(&nothing), "");
    assert!(err(&nothing).starts_with("portal-lint: found no portal in `empty`: "), "{}", err(&nothing));
    assert!(said(&["check", "--formt", "json"]).contains("--format"));
    assert!(said(&["check", "--format", "jsn"]).contains("'json'"));
    assert!(said(&["explain", "RCP00"]).contains("more than one rule"));
}

#[test]
fn a_missing_file_is_a_finding_and_the_others_are_still_checked() {
    let error = clean().replace("\"Acme Subscription Portal\"", "\"\"");
    let folder = folder(&[("error.json", &error)]);
    let report = json(&portal_lint(folder.path(), &["check", "--format", "json", "error.json", "no.json"], b""));
    let codes: Vec<&str> =
        report["diagnostics"].as_array().expect("a list").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["RCP001", "RCP900"]);
}

#[test]
fn the_order_is_the_same_for_any_number_of_threads() {
    let files: Vec<(String, String)> = (0..60)
        .map(|number| (format!("p{number}.json"), clean().replace("\"enabled\": false", "\"enabled\": 1")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    let run = |threads| out(&portal_lint(folder.path(), &["check", "--format", "json", "--threads", threads], b""));
    let first = run("1");
    assert!(first.contains("RCP001") && first.contains("RCP019"));
    for threads in ["2", "7"] {
        assert_eq!(run(threads), first);
    }
}

#[test]
fn standard_input_is_json_or_yaml_or_what_its_name_says() {
    let folder = folder(&[("portals/a.json", &clean())]);
    let check = |args: &[&str], text: &str| {
        portal_lint(folder.path(), &[&["check", "--format", "concise"], args].concat(), text.as_bytes())
    };
    assert_eq!(code(&check(&["-"], &clean())), 0);
    assert!(out(&check(&["-"], "name: [")).starts_with("<stdin>:1:"));
    assert!(out(&check(&["-", "--stdin-filename", "x.json"], "name: 1")).contains("x.json:1:1: error[RCP901]"));
    // The text stands in for the file of that name: it is not another portal of the same name.
    let same = check(&["-", "--stdin-filename", "portals/a.json", "portals"], &clean());
    assert_eq!((code(&same), out(&same).as_str()), (0, ""));
    let other = check(&["-", "--stdin-filename", "portals/b.json", "portals"], &clean());
    assert!(out(&other).contains("RCP001"));
    // What is in no file is shared with nobody.
    let written = clean().replace("${RECAPTCHA_SECRET_KEY}", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr");
    assert_eq!(out(&check(&["-"], &written)), "");
    assert!(out(&check(&["-", "--stdin-filename", "x.json"], &written)).contains("RCP204"));
}

#[test]
fn a_folder_is_searched_by_name_and_content_and_git_is_obeyed() {
    let broken = clean().replace("\"enabled\": false,", "\"enabled\": false");
    let folder = folder(&[
        (".git/HEAD", ""),
        (".gitignore", "ignored/\n*.tmp.json\n"),
        ("a.json", &clean()),
        ("package.json", "{\"name\": \"x\"}"),
        ("broken.json", &broken),
        ("tiny.portal.yaml", "name: x\n"),
        ("ignored/b.json", &clean()),
        ("c.tmp.json", &clean()),
        ("deep/.gitignore", "d.json\n!kept.tmp.json\n"),
        ("deep/d.json", &clean()),
        ("deep/kept.tmp.json", &clean()),
        ("deep/notes.txt", &clean()),
        ("node_modules/x/e.json", &clean()),
    ]);
    let found = ["a.json", "broken.json", "deep/kept.tmp.json", "tiny.portal.yaml"];
    assert_eq!(files(folder.path(), &[]), found);
    assert_eq!(files(folder.path(), &["."]), found);
    assert_eq!(files(folder.path(), &["deep"]), ["deep/kept.tmp.json"]);
    // What is named is checked, ignored or not, and once.
    assert_eq!(files(folder.path(), &["./ignored/b.json", "ignored/b.json"]), ["ignored/b.json"]);
}

#[test]
fn a_portal_in_another_encoding_is_found_and_not_skipped() {
    let folder = folder(&[("a.json", &clean()), ("other.json", "")]);
    let latin: Vec<u8> = clean().replace("Acme", "\u{e4}").chars().map(|c| u8::try_from(c).expect("Latin-1")).collect();
    let wide: Vec<u8> = clean().encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("latin.json"), latin).expect("a file");
    fs::write(folder.path().join("wide.json"), wide).expect("a file");
    fs::write(folder.path().join("picture.json"), [0xFF, 0x00, 0x89]).expect("a file");
    assert_eq!(files(folder.path(), &["."]), ["a.json", "latin.json", "wide.json"]);
    assert_eq!(code(&portal_lint(folder.path(), &["check"], b"")), 1);
}

#[cfg(unix)]
#[test]
fn loops_of_links_devices_and_forbidden_files_are_survived() {
    let folder = folder(&[("in/a.json", &clean())]);
    std::os::unix::fs::symlink("..", folder.path().join("in/up")).expect("a link");
    std::os::unix::fs::symlink("nowhere.json", folder.path().join("in/dangling.json")).expect("a link");
    std::os::unix::fs::symlink("self", folder.path().join("in/self")).expect("a link");
    assert_eq!(files(folder.path(), &["in"]), ["in/a.json"]);
    std::os::unix::fs::symlink("nowhere.json", folder.path().join("in/dangling.portal.json")).expect("a link");
    assert_eq!(files(folder.path(), &["in"]), ["in/a.json", "in/dangling.portal.json"]);
    let device = portal_lint(folder.path(), &["check", "--format", "concise", "/dev/zero"], b"");
    assert_eq!(code(&device), 2);
    assert!(out(&device).contains("RCP900"), "{}", out(&device));
}

#[test]
fn select_and_ignore_take_codes_prefixes_and_names_but_never_hide_a_broken_file() {
    let text = clean()
        .replace("\"enabled\": false", "\"enabled\": \"no\"")
        .replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let folder = folder(&[("a.json", &text), ("b.json", "{\"recaptcha\"")]);
    let codes = |args: &[&str]| -> Vec<String> {
        let text = out(&portal_lint(folder.path(), &[&["check", "--format", "concise"], args].concat(), b""));
        text.lines().map(|line| line.split(['[', ']']).nth(1).expect("a code").to_owned()).collect()
    };
    assert_eq!(codes(&["a.json"]), ["RCP100", "RCP016"]);
    assert_eq!(codes(&["a.json", "--select", "self-cancel"]), ["RCP016"]);
    assert_eq!(codes(&["a.json", "--select", "RCP1"]), ["RCP100"]);
    assert_eq!(codes(&["a.json", "--ignore", "RCP0,schema"]), [""; 0]);
    assert_eq!(codes(&["b.json", "--select", "self-cancel"]), ["RCP901"]);
}

#[test]
fn no_secret_leaves_the_program_in_any_format() {
    let secret = "canary-secret-do-not-use-0123456789-ABCD";
    let written = clean().replace("${RECAPTCHA_SECRET_KEY}", secret);
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
        for format in formats() {
            let output = portal_lint(Path::new("."), &["check", "-", "--format", &format], text.as_bytes());
            assert_ne!(code(&output), 0, "something is wrong in each");
            let all = format!("{}{}", out(&output), err(&output));
            assert!(!all.contains("canary"), "{format}:\n{all}");
        }
    }
}

#[test]
fn the_screen_is_not_flooded_and_no_cursor_is_moved() {
    let long = clean().replace("Manage Your Acme Subscription", &format!("x\u{1b}[31m{}<script>", "y".repeat(1 << 20)));
    let minified: String = long.lines().map(str::trim).collect();
    let output = portal_lint(Path::new("."), &["check", "-", "--color", "never"], minified.as_bytes());
    let human = out(&output);
    assert!(human.len() < 20_000, "{} bytes", human.len());
    assert!(human.lines().all(|line| line.chars().count() <= 120), "{human}");
    assert!(!human.contains('\u{1b}'));
    assert!(human.contains("<script>"), "{human}");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let output = |args: &[&str]| out(&portal_lint(Path::new("."), &[&["check", "-"], args].concat(), b"{}"));
    assert!(!output(&[]).contains('\u{1b}'));
    assert!(output(&["--color", "always"]).contains('\u{1b}'));
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portal-lint"))
        .args(["rules", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((code(&output), err(&output)), (0, String::new()));
}

#[test]
fn explain_and_schema_print_what_is_compiled_in() {
    let page = out(&portal_lint(Path::new("."), &["explain", "confirm-email-code"], b""));
    assert!(
        page.starts_with(
            "RCP012 confirm-email-code · error / warning · V12 P12 M2 · fix: safe / unsafe\n\n\
             Basis: RevCent's guide says “Confirmation email HTML includes `{{email_code}}`.”\n\n# "
        ),
        "{page}"
    );
    let schema = json(&portal_lint(Path::new("."), &["schema", "create"], b""));
    assert_eq!(schema["properties"]["recaptcha"]["properties"]["secret_key"]["x-secret"], true);
}

#[test]
fn what_only_the_account_knows_is_left_open_and_said() {
    let report = json(&portal_lint(Path::new("."), &["check", "-", "--format", "json"], clean().as_bytes()));
    let open: Vec<&str> =
        report["unverified"].as_array().expect("a list").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(open, ["RCP001", "RCP003", "RCP004", "RCP014", "RCP301", "RCP302", "RCP303"]);
    assert_eq!(report["summary"]["unverified"], 7);
    let human = out(&portal_lint(Path::new("."), &["check", "-"], clean().as_bytes()));
    assert!(human.ends_with(
        "7 checks need the account: --account FILE or --online (RCP001, RCP003, RCP004, RCP014, RCP301, RCP302, RCP303)\n"
    ));
}

#[test]
fn a_named_folder_without_portals_fails_even_if_another_has_some() {
    let folder = folder(&[("good/a.json", &clean()), ("empty/note.txt", "nothing")]);
    let output = portal_lint(folder.path(), &["check", "good", "empty"], b"");
    assert_eq!(code(&output), 2);
    assert!(out(&output).contains("nothing wrong found in 1 portal"), "{}", out(&output));
    assert!(err(&output).contains("found no portal in `empty`"), "{}", err(&output));
    for paths in [&["good", "good/a.json"][..], &[".", "./good"], &["good/", "good"]] {
        let output = portal_lint(folder.path(), &[&["check"], paths].concat(), b"");
        assert_eq!(code(&output), 0, "{paths:?}: {}", err(&output));
    }
}
