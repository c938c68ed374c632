//! Secrets are masked in every output, however malformed the text around them is.
//!
//! Each case is a file with a canary as the value of a secret. Key, quotes, separator, value and surrounding file vary. 2,000 cases
//! are rendered within the test process (`RANDOM_INPUTS` changes that); 200 run the program.

mod account_texts;
mod random_forms;
mod unmasked_texts;

use crate::support::memory_file;
use crate::support::program::{create_folder, portal_lint, stderr, stdout};
use crate::support::random::{for_each_number, random_inputs};
use portal_lint::base::diagnostic::Applicability;
use portal_lint::engine::fix::{apply_fixes, mask_before_and_after};
use portal_lint::engine::report::Report;
use portal_lint::preflight::evaluate_report;
use portal_lint::render::{self, ReportFormat, Screen, diff};
use portal_lint::settings::Settings;

const CANARY: &str = "SEKRETzq7Xv81LmPw";

const KEYS: &[&str] = &[
    "secret_key",
    "secret-key",
    "secretKey",
    "SECRET_KEY",
    "secert_key",
    "recaptcha_secret_key",
    "smtp_password",
    "api_key",
    "apiKey",
    "access_token",
    "smtp_pasword",
    "recaptcha_secrt",
    "secret key",
];

/// Quotes and misspelled quotes around the key; `N` is the key.
const QUOTES: &[&str] = &["N", "\"N\"", "'N'", "`N`", "“N”", "\"N", "N\"", "[\"N\"]", "(\"N\")", "\"N'", "«N»"];

/// Separators between key and value, most of them mistakes.
const SEPARATORS: &[&str] = &[
    ": ",
    "; ",
    ":",
    " ",
    " : ",
    "： ",
    "； ",
    "= ",
    "=",
    " => ",
    "=>",
    "-> ",
    " -> ",
    "– ",
    "—",
    "?: ",
    "( ",
    "\u{200b}: ",
    "\u{a0}: ",
    ": \u{a0}",
    ", ",
    " , ",
    ":: ",
    " := ",
    "\t",
    ":\t",
    "| ",
    "\u{feff}:",
    ";",
    "..",
    " - ",
];

/// Values, most of them malformed; `S` is the secret.
const VALUES: &[&str] = &[
    "\"S\"",
    "S",
    "'S'",
    "\"\"S\"",
    "\"x\", \"S\"",
    "\"x\" \"S\"",
    "\"x\" + \"S\"",
    "[S",
    "{S",
    ", S",
    ",\"S\"",
    "] S",
    "} S",
    "*S",
    "&S",
    "&S x",
    "!S",
    "!S x",
    "\"S",
    "S\"",
    "'S",
    "(S)",
    "<S>",
    "@S",
    "%S",
    "`S`",
    "“S”",
    "{ S: x",
    "[x, S",
    "|\n        S",
    ">-\n        S",
    "\n        S",
    "\n      - *S",
    "\n      - S",
    "[\n        \"S\"",
    "[\n        \"x\",\n        \"S\"",
    "\"x\n        S\"",
    "\"x\\\n        S\"",
    "\n        \"S\"",
    "x\n        S",
    "{\n        x: S",
    "\"a\\qS\"",
    "\"a\\u00zzS\"",
    "# S",
    "// S",
    "/* S */",
    "null S",
    "\"x\" # S",
    "\"x\" S",
    "- S",
    "-S",
    "*S S",
    "? S",
    "\"\\\"S\"",
    "\"x\\\" S\"",
    "$S",
    "${S x",
    "${A} S",
    "\"x\"\"S\"",
    "b\"S\"",
    "'x' 'S'",
    "'it's S'",
    "S,",
    "\"S\",,",
    "\"S\"]",
    "\"S\"}}",
    "S: y",
    "\"S\": 1",
];

/// Names and texts of files; `ENTRY` is replaced by the key and the value.
const FILES: &[(&str, &str)] = &[
    (
        "a.portal.json",
        "{\n  \"name\": \"Acme\",\n  \"recaptcha\": {\n    \"site_key\": \"${SITE}\",\n    ENTRY\n  },\n  \"enabled\": false\n}\n",
    ),
    (
        "a.portal.json",
        "{\n  \"recaptcha\": {\n    ENTRY,\n    \"site_key\": \"${SITE}\"\n  },\n  \"enabled\": false,\n}\n",
    ),
    ("a.portal.json", "{\"name\": \"Acme\", \"recaptcha\": {\"site_key\": \"a\", ENTRY}, \"enabled\": false}"),
    ("a.portal.json", "{\"recaptcha\": {ENTRY, \"site_key\": \"a\"}, \"enabled\": False}"),
    ("a.portal.json", "{\n  \"name\": \"Acme,\n  \"recaptcha\": {\"site_key\": \"a\" ENTRY\n  }\n}"),
    (
        "a.portal.jsonc",
        "{\n  // keys\n  \"name\": \"Acme\",\n  \"recaptcha\": {\n    ENTRY, // the secret\n    \"site_key\": x\n  }\n}\n",
    ),
    ("a.portal.jsonc", "{\n  \"recaptcha\": {\n    \"site_key\": \"a\",\n    ENTRY\n"),
    ("a.portal.yaml", "name: Acme\nrecaptcha:\n  site_key: ${SITE}\n  ENTRY\nenabled: false\n"),
    ("a.portal.yaml", "name: Acme\nrecaptcha:\n  ENTRY\n  site_key: ${SITE}\nenabled: false\n"),
    ("a.portal.yaml", "name: Acme\nrecaptcha: {site_key: a, ENTRY}\nenabled: false\n"),
    ("a.portal.yaml", "recaptcha:\n  - ENTRY\n  - site_key: a\nsubject: [\nenabled: false\n"),
    ("a.portal.yaml", "name: \"Acme\nrecaptcha:\n  site_key: a\n  ENTRY\n"),
    ("a.portal.yaml", "ENTRY\nname: Acme\nrecaptcha: @\n"),
];

struct Case {
    file: &'static str,
    text: String,
}

/// The case with a number. Multiplications and shifts spread the numbers over the combinations of key, quotes, separator, value and
/// file.
fn build_case(number: usize) -> Case {
    let pick = |list: &'static [&'static str], step: usize| list[(number / step + number * 7) % list.len()];
    let mixed = number.wrapping_mul(2_654_435_761) >> 7;
    let name = KEYS[mixed % KEYS.len()];
    let quoted = pick(QUOTES, 3).replace('N', name);
    let separator = SEPARATORS[(mixed / 13) % SEPARATORS.len()];
    let value = VALUES[(number + mixed / 29) % VALUES.len()].replace('S', CANARY);
    let (file, template) = FILES[(mixed / 5) % FILES.len()];
    Case { file, text: template.replace("ENTRY", &format!("{quoted}{separator}{value}")) }
}

fn assert_masked(output: &str, source: &str, case: &Case) {
    // Half of a secret must not be shown either.
    for part in [CANARY, &CANARY[..9], &CANARY[8..]] {
        assert!(!output.contains(part), "{source} shows the secret of {}:\n{}\n---\n{output}", case.file, case.text);
    }
}

/// Runs a test for a range of cases.
fn test_cases(numbers: std::ops::Range<usize>, test: impl Fn(usize, &Case) + Sync) {
    for_each_number(numbers, |number| test(number, &build_case(number)));
}

fn check(file: &str, text: &str) -> Report {
    let settings = Settings { with_preflight_facts: true, ..Settings::default() };
    portal_lint::engine::run::check(vec![memory_file(file, text)], &settings)
}

fn assert_format_masks(report: &Report, format: ReportFormat, case: &Case) {
    let mut shown = Vec::new();
    let screen = Screen { color: false, width: 100 };
    render::render(report, format, screen, &mut shown).expect("memory can be written");
    assert_masked(&String::from_utf8_lossy(&shown), &format!("{format:?}"), case);
}

#[test]
fn no_report_format_shows_a_malformed_secret() {
    let formats = <ReportFormat as clap::ValueEnum>::value_variants();
    test_cases(0..random_inputs(), |number, case| {
        let report = check(case.file, &case.text);
        // These two show the most: the snippet, and every message, help text, label and edit.
        assert_format_masks(&report, ReportFormat::Human, case);
        assert_format_masks(&report, ReportFormat::Json, case);
        // One of the others is enough for a case: all render the same masked report.
        assert_format_masks(&report, formats[number % formats.len()], case);
    });
}

#[test]
fn preflight_and_fixes_show_no_malformed_secret() {
    test_cases(0..200, |_, case| {
        let report = check(case.file, &case.text);
        let screen = Screen { color: false, width: 100 };
        for format in <render::preflight::PreflightFormat as clap::ValueEnum>::value_variants() {
            let mut shown = Vec::new();
            render::preflight::render(&evaluate_report(&report), *format, screen, &mut shown)
                .expect("memory can be written");
            assert_masked(&String::from_utf8_lossy(&shown), &format!("preflight {format:?}"), case);
        }
        let (input, settings) = (memory_file(case.file, case.text.as_str()), Settings::default());
        let fixed = apply_fixes(&input, case.text.clone(), &settings, Applicability::Unsafe);
        let (before, after) = mask_before_and_after(&input, &case.text, &fixed.text, &settings, &report);
        let mut shown = Vec::new();
        diff::render(case.file, [&before, &after], &fixed.spans, false, &mut shown).expect("memory can be written");
        assert_masked(&String::from_utf8_lossy(&shown), "--diff", case);
        let messages: Vec<&str> = fixed.applied.iter().map(|fix| fix.message.as_str()).collect();
        assert_masked(&messages.join("\n"), "the list of fixes", case);
    });
}

#[test]
fn no_command_shows_a_malformed_secret() {
    let commands: [&[&str]; 8] = [
        &["check"],
        &["check", "--format=sarif"],
        &["check", "--format=github", "--verbose"],
        &["check", "--fix", "--unsafe-fixes"],
        &["check", "--diff", "--unsafe-fixes"],
        &["preflight"],
        &["preflight", "--format=json"],
        &["render"],
    ];
    test_cases(0..200, |number, case| {
        let folder = create_folder(&[(case.file, &case.text)]);
        let mut args = commands[number % commands.len()].to_vec();
        args.push(case.file);
        let output = portal_lint(folder.path(), &args, b"");
        // Only `render` prints the body itself, and only of a file without an error.
        assert_masked(&stdout(&output), &args.join(" "), case);
        assert_masked(&stderr(&output), &args.join(" "), case);
    });
}

#[test]
fn prose_about_passwords_is_not_masked_in_a_broken_file() {
    for (file, text) in [
        ("a.portal.yaml", "subject: Reset your Acme password: here\nname: Acme\n"),
        ("a.portal.yaml", "subject: \"Your password: enter the code\" x\nname: Acme\n"),
        ("a.portal.yaml", "html: |\n  <p>Password: {{email_code}}</p>\nname: [\n"),
        ("a.portal.yaml", "html: |\n  Password reset: Acme\nname: [\n"),
        ("a.portal.json", "{\"subject\": \"Hello, password reset: Acme\",, \"name\": \"Acme\"}"),
        ("a.portal.json", "{\"customer_account_password_reset\" {\"from_name\": \"Acme\"}}"),
        ("a.portal.yaml", "customer_account_password_reset; Acme\nname: Acme\n"),
        ("a.portal.yaml", "description: \"Cards and\n  passwords: the Acme link\"\nname: [\n"),
        ("a.portal.yaml", "description: <a data-token=\"x\">Your password at Acme</a>\nname: [\n"),
        ("a.portal.yaml", "customer_account_password_rest: {subject: Acme}\nname: [\n"),
        ("a.portal.yaml", "subject: Passwords and a taken pass: Acme\nname: [\n"),
        ("a.portal.json", "{\"html\": \"<p>\n Your password link: Acme</p>\", \"name\": \"Acme\",,}"),
    ] {
        let folder = create_folder(&[(file, text)]);
        let shown = stdout(&portal_lint(folder.path(), &["check", "--isolated", file], b""));
        assert!(shown.contains("RCP901"), "{text}: {shown}");
        let line = text.lines().find(|line| line.contains("assword")).expect("a line about passwords");
        assert!(shown.contains(line), "{text}\n---\n{shown}");
    }
}

#[test]
fn a_secret_below_a_misspelled_name_is_masked_in_any_case() {
    for name in ["SECERT_KEY", "SecertKey", "sercet key", "Secrt-Key"] {
        let text = format!("name: Acme\n{name}: {CANARY}\nenabled: false\n");
        let folder = create_folder(&[("a.portal.yaml", &text)]);
        let shown = stdout(&portal_lint(folder.path(), &["check", "--isolated", "a.portal.yaml"], b""));
        assert!(shown.contains(&format!("{name}: ***")) && !shown.contains(CANARY), "{shown}");
        assert!(shown.contains("RCP204"), "{shown}");
    }
}

/// Forms that the generated cases do not have; `S` is the secret.
#[test]
fn a_secret_below_its_key_or_after_a_split_name_is_masked() {
    let yaml = [
        "recaptcha: {site_key: a, secret_key: \"x\"\n      S}\nenabled: false\n",
        "recaptcha:\n  site_key: a\n  secret_key: \"abc\"\n    S\nenabled: false\n",
        "recaptcha:\n  site_key: a\n  secret_key: \"abc\"\n  S\nenabled: false\n",
        "recaptcha:\n  site_key: a\n  secret_key: \"\"\n    *S\nenabled: false\n",
        "recaptcha.site_key: a\nrecaptcha.secret_key; S\nenabled: false\n",
        "recaptcha:\n  # secret_key:\n  #   S\n  secret_kry: x\nenabled: ]\n",
        "sec\u{7}ret_key: S\n",
        "sec\u{9b}ret_key: S\n",
        "sec\u{7f}ret_key: S\n",
        "sec\nret_key: S\nenabled: false\n",
    ];
    let json = [
        "{\"recaptcha\": {\"secret_key\": \"x\"\n S: \"site_key\"}}",
        "{\"recaptcha\": {\"site_key\": \"a\", \"secret_key\": \"abc\"\n    S}, \"enabled\": false}",
        "{\"recaptcha\": {\"site_key\": \"a\", \"secret_key\": \"abc\",\n    S}, \"enabled\": false}",
        "{\"recaptcha\": {\"site_key\": \"a\", \"secret_key\": \"\"\n    S\"}, \"enabled\": false}",
        "{\"recaptcha\": {\"secret_key\": \"x\"\n, S, \"site_key\": \"a\"}, \"enabled\": false}",
        "{\"recaptcha\": {\"site_key\": \"a\", \"secret_key\": \"x\"},\n S,}, \"enabled\": false}",
        "{\"description\": \"Cards and\n more\" // secret_key S\n, \"enabled\": false,, }",
        "{\n \"recaptcha.site_key\": \"a\",\n \"recaptcha.secret_key\": \"\"S\",\n \"enabled\": false\n}",
    ];
    let split_names =
        ["\"sec\"ret_key\"", "\"pass\"word\"", "\"api\"_key\"", "\"secr\" \"et_key\"", "\"secr\" + \"et_key\""];
    let split_names = split_names.map(|name| format!("{{\n  \"enabled\": 5,\n  {name}: \"S\"\n}}\n"));
    let json = json.into_iter().chain(split_names.iter().map(String::as_str));
    let files = yaml.into_iter().map(|text| ("a.portal.yaml", text)).chain(json.map(|text| ("a.portal.json", text)));
    for (file, text) in files {
        let case = Case { file, text: text.replacen('S', CANARY, 1) };
        let report = check(case.file, &case.text);
        for format in <ReportFormat as clap::ValueEnum>::value_variants() {
            assert_format_masks(&report, *format, &case);
        }
    }
}

#[test]
fn alias_and_anchor_names_in_a_secret_are_masked() {
    for text in
        ["secret_key: *S", "secret_key:\n    - *S", "secret_key:\n    a: *S", "secret_key: &S", "secret_key: &S x"]
    {
        for secret in [CANARY, "hunter"] {
            let text = format!("recaptcha:\n  site_key: x\n  {}\n", text.replace('S', secret));
            let folder = create_folder(&[("a.portal.yaml", &text)]);
            for format in ["human", "concise", "json", "sarif", "markdown", "github"] {
                let output =
                    portal_lint(folder.path(), &["check", "--isolated", "--format", format, "a.portal.yaml"], b"");
                assert!(!stdout(&output).contains(secret), "{format}: {text}\n---\n{}", stdout(&output));
            }
        }
    }
}

#[test]
fn a_key_with_escapes_masks_only_its_value() {
    for name in [r"secret_ke\x79", r"\u0073ecret_key"] {
        let text = format!(
            "{{\"{name}\": '{CANARY}', \"display_name\": 'a\n b', footer_html: \"<a href='https://example.com'>x</a>\"}}\n"
        );
        let folder = create_folder(&[("a.portal.yaml", &text)]);
        let printed = stdout(&portal_lint(folder.path(), &["check", "--isolated", "a.portal.yaml"], b""));
        assert!(!printed.contains(CANARY), "{printed}");
        assert!(printed.contains("this URL leads to `example.com`, a domain reserved for examples"), "{printed}");
    }
}
