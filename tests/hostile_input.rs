//! Inputs that attack the program or its user: broken encodings, huge patterns, control characters, and interrupts.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::json::array;
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use serde_json::Value as Json;
use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU,
    SIGXFSZ,
};

/// Checks a file with these bytes and returns its first finding.
fn first_finding(name: &str, bytes: &[u8]) -> Json {
    let folder = create_folder(&[]);
    fs::write(folder.path().join(name), bytes).expect("a file");
    let report = stdout_json(&portal_lint(folder.path(), &["check", "--format", "json", "."], b""));
    report["diagnostics"][0].clone()
}

#[test]
fn an_encoding_error_is_at_the_first_invalid_byte() {
    for (name, text, line, column) in [
        ("a.portal.json", &b"{\n  \"name\": \"a\",\n  \"description\": \"\xc3\xbc \xfc \xff\"\n}\n"[..], 3, 21),
        ("a.portal.json", b"{\"name\": \"a\0b\"}", 1, 12),
        ("a.portal.yaml", b"name: a\r\ndescription: \xe4\r\n", 2, 14),
        ("a.portal.yaml", b"name: \xf0\x9f\x98\x80\xf0\x9f", 1, 8),
    ] {
        let finding = first_finding(name, text);
        let start = &finding["span"]["start"];
        assert_eq!(
            (&finding["code"], &start["line"], &start["column"]),
            (&"RCP902".into(), &line.into(), &column.into())
        );
        let offset = usize::try_from(start["offset"].as_u64().expect("an offset")).expect("a small offset");
        assert!(text[offset] >= 0x80 || text[offset] == 0, "{finding:#}");
        assert_eq!(finding["span"]["end"]["offset"], offset + 1);
    }
}

#[test]
fn an_encoding_error_in_the_settings_has_its_position() {
    let folder = create_folder(&[("a.portal.json", &clean_body())]);
    fs::write(folder.path().join("portal-lint.toml"), b"# a\n# \xfc\nexclude = []\n").expect("a file");
    let output = portal_lint(folder.path(), &["check", "--format", "concise", "."], b"");
    assert!(stdout(&output).starts_with("portal-lint.toml:2:3: error[RCP902]"), "{}", stdout(&output));
}

#[test]
fn the_excerpt_of_an_encoding_error_shows_no_secret() {
    let folder = create_folder(&[]);
    let body = b"{\n \"recaptcha\": {\"secret_key\": \"6LcCANARYcanaryCANARY\"},\n \"name\": \"\xfc\"\n}\n";
    fs::write(folder.path().join("a.portal.json"), body).expect("a file");
    for format in ["human", "json", "sarif", "rdjson"] {
        let output = portal_lint(folder.path(), &["check", "--format", format, "."], b"");
        assert!(stdout(&output).contains("RCP902") && !stdout(&output).contains("CANARY"), "{}", stdout(&output));
    }
}

#[test]
fn huge_patterns_are_rejected_in_little_time() {
    for pattern in
        ["a".repeat(50_000), "a".repeat(50_000) + "/**", format!("*{}*", "?".repeat(50_000)), "{a,".repeat(3_000)]
    {
        let settings = format!("exclude = ['{pattern}']\n");
        let folder = create_folder(&[("portal-lint.toml", &settings), ("a.portal.json", &clean_body())]);
        let start = Instant::now();
        let output = portal_lint(folder.path(), &["check", "--format", "json", "."], b"");
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        let report = stdout_json(&output);
        assert_eq!((&report["diagnostics"][0]["code"], &report["summary"]["errors"]), (&"RCP914".into(), &1.into()));
    }
}

/// The pattern that cannot be compiled must not disable the others.
#[test]
fn html_with_too_many_different_names_is_one_error() {
    let names = |count: usize| (0..count).map(|number| format!(" data-{number:05}=x")).collect::<Vec<_>>().concat();
    for (count, errors) in [(100, 0), (6_000, 1)] {
        let body = clean_body().replacen("<p>", &format!("<p{}>", names(count)), 1);
        let folder = create_folder(&[("a.portal.json", &body)]);
        let report = stdout_json(&portal_lint(folder.path(), &["check", "--isolated", "--format", "json", "."], b""));
        assert_eq!(report["summary"]["errors"], errors, "{report}");
        if errors > 0 {
            let first = &report["diagnostics"][0];
            assert_eq!(first["code"], "RCP900");
            assert!(first["message"].as_str().is_some_and(|message| message.contains("more than 5000")), "{first}");
        }
    }
}

#[test]
fn other_patterns_apply_next_to_a_bad_one() {
    let nested = "{".repeat(300) + "a" + &"}".repeat(300);
    let long = format!("{}/**", "b".repeat(4000));
    let settings = format!("exclude = ['{nested}', '{long}', 'drafts/**']\n");
    let folder = create_folder(&[
        ("portal-lint.toml", &settings),
        ("a.portal.json", &clean_body()),
        ("drafts/b.portal.json", "{"),
    ]);
    let report = stdout_json(&portal_lint(folder.path(), &["check", "--format", "json", "."], b""));
    assert_eq!(array(&report["files"]).len(), 1);
}

/// Characters that a terminal obeys or that hide text: DEL, a C1 control, a bidirectional override, zero-width characters.
const UNPRINTABLE: &str = "\u{7f}\u{9b}\u{202e}\u{2066}\u{200b}\u{200d}\u{feff}\u{e0041}";

#[test]
fn json_formats_escape_unprintable_characters() {
    let name = format!("a{UNPRINTABLE}b.portal.json");
    let folder = create_folder(&[(&name, "{\"enabled\": 1}")]);
    for format in ["json", "jsonl", "sarif", "gitlab", "rdjson"] {
        assert_is_escaped(format, folder.path(), &["check", "--format", format, "."]);
    }
    assert_is_escaped("preflight", folder.path(), &["preflight", "--format", "json", "."]);
}

fn assert_is_escaped(format: &str, folder: &Path, args: &[&str]) {
    let text = stdout(&portal_lint(folder, args, b""));
    let raw: Vec<char> = text.chars().filter(|c| UNPRINTABLE.contains(*c)).collect();
    assert!(text.contains(".portal.json") && raw.is_empty(), "{format}: {raw:?}");
}

#[test]
fn verbose_output_has_no_unprintable_characters() {
    let settings = "\"a\\u001b[31m\\u202e\" = 1\n[severity]\n\"b\\u009b\\u200b\" = \"off\"\n";
    let folder = create_folder(&[("portal-lint.toml", settings), ("a.portal.json", &clean_body())]);
    let output = portal_lint(folder.path(), &["check", "--verbose", "."], b"");
    let errors = stderr(&output);
    assert!(errors.contains("severity.b\u{fffd}\u{fffd} = "), "{errors}");
    assert!(!errors.chars().any(|c| c == '\u{1b}' || UNPRINTABLE.contains(c) || c == '\u{9b}'), "{errors:?}");
}

const FIXED_FILES: usize = 100;

/// Starts a fix of many files in a folder, and waits until it has created a temporary file. The shell runs `setup` first.
fn start_fix(folder: &Path, body: &str, setup: &str) -> Child {
    for index in 0..FIXED_FILES {
        fs::write(folder.join(format!("{index}.portal.json")), body).expect("a file");
    }
    let command = format!("{setup} exec '{}' check --isolated --fix --quiet .", env!("CARGO_BIN_EXE_portal-lint"));
    let mut child = Command::new("sh")
        .args(["-c", &command])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    while child.try_wait().expect("a status").is_none() && !has_temporary_file(folder) {}
    child
}

fn send_signal(child: &Child, signal: &str) {
    let _ = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status();
}

fn unfixed_body() -> String {
    clean_body().replace("{{email_code}}", "{{ email_code }}")
}

/// Interrupts the program as soon as it has created a temporary file.
#[test]
fn an_interrupt_of_a_fix_leaves_no_temporary_file() {
    const RUNS_OF_EACH: usize = 2;
    let signals = [
        SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM,
        SIGXCPU, SIGXFSZ,
    ];
    let body = unfixed_body();
    let mut interrupted = 0;
    for signal in signals.repeat(RUNS_OF_EACH) {
        let folder = create_folder(&[]);
        let mut child = start_fix(folder.path(), &body, "");
        send_signal(&child, &format!("-{signal}"));
        let status = child.wait().expect("it ends");
        assert!(!has_temporary_file(folder.path()), "signal {signal}");
        assert!(status.code().is_some() || status.signal() == Some(signal), "signal {signal}: {status}");
        // Every file is complete: fixed or as before.
        for index in 0..FIXED_FILES {
            let text = fs::read_to_string(folder.path().join(format!("{index}.portal.json"))).expect("a file");
            assert!(text == body || text == clean_body(), "{index}");
        }
        interrupted += usize::from(status.code().is_none());
    }
    assert!(interrupted > 0, "the program was never interrupted");
}

/// `nohup` has a program ignore SIGHUP, and a shell has it ignore SIGINT in the background.
#[test]
fn a_fix_continues_after_signals_that_are_ignored() {
    let folder = create_folder(&[]);
    let mut child = start_fix(folder.path(), &unfixed_body(), "trap '' HUP INT;");
    for signal in ["-HUP", "-INT", "-HUP", "-INT"] {
        send_signal(&child, signal);
    }
    let status = child.wait().expect("it ends");
    assert!(status.code().is_some(), "{status}");
    let last = fs::read_to_string(folder.path().join(format!("{}.portal.json", FIXED_FILES - 1))).expect("a file");
    assert_eq!(last, clean_body());
}

fn has_temporary_file(folder: &Path) -> bool {
    let mut entries = fs::read_dir(folder).expect("a folder");
    entries.any(|entry| entry.expect("an entry").file_name().to_string_lossy().starts_with(".portal-lint-"))
}

#[test]
fn an_exit_code_follows_the_first_invalid_byte() {
    let folder = create_folder(&[]);
    fs::write(folder.path().join("a.json"), b"{\"name\": \"\xfc\"}").expect("a file");
    let output = portal_lint(folder.path(), &["check", "--format", "github", "a.json"], b"");
    assert_eq!(exit_code(&output), 1);
    assert!(
        stdout(&output).starts_with("::error file=a.json,line=1,col=11,endLine=1,endColumn=12,title=RCP902"),
        "{}",
        stdout(&output)
    );
}
