//! Files with random mistakes around the name of a secret and its value, which is as random as a real secret.

use crate::secrets::check;
use crate::support::memory_file;
use crate::support::program::{create_folder, portal_lint, stderr, stdout};
use crate::support::random::{RandomGenerator, for_each_number, random_inputs};
use portal_lint::engine::fix::mask_before_and_after;
use portal_lint::engine::report::Report;
use portal_lint::render::{self, ReportFormat, Screen};
use portal_lint::settings::Settings;

/// What is before the name of the secret; most of it is a mistake.
const BEFORE: &[&str] = &[
    "",
    "",
    ", ",
    "1 ",
    "1, ",
    "true ",
    "null ",
    "[",
    "{",
    "\"",
    "'",
    "# ",
    "// ",
    "/* ",
    "- ",
    "? ",
    "x: ab, ",
    "x ",
    "see ",
    "\"a\": 1 ",
    "\"a\": 1, ",
    "\"enabled\": true ",
    "\"name\": \"Acme\" ",
    "] ",
    "} ",
    "\"x\" ",
    "-1.5 ",
    "x: # ",
];

const KEYS: &[&str] = &[
    "secret_key",
    "secretKey",
    "secret-key",
    "SECRET_KEY",
    "secert_key",
    "sercet key",
    "smtp_password",
    "smtpPassword",
    "smtp_passwor",
    "api_key",
    "apiKey",
    "api-key",
    "access_token",
    "auth-token",
    "private_key",
    "client_secret",
];

/// Quotes around the name; `N` is the name.
const QUOTES: &[&str] = &["N", "N", "\"N\"", "\"N\"", "'N'", "\"N", "N\"", "'N", "N'", "`N`"];

const SEPARATORS: &[&str] = &[
    "",
    " ",
    " ",
    "=",
    " = ",
    "=>",
    " => ",
    "->",
    " -> ",
    ":",
    ": ",
    "::",
    ":: ",
    "|",
    " | ",
    "\t",
    "\n",
    "\n  ",
    ":\n",
    ":\n    ",
    " # ",
    ": # ",
    " // ",
    " /* ",
    " is ",
    ", ",
    ";",
    " \"x\" ",
    ": \"x\", ",
];

/// Texts that can split the name of a secret by mistake.
const SPLITTERS: &[&str] =
    &["\"", "'", "\" \"", "\" + \"", "\"\"", "' '", "\u{7}", "\u{7f}", "\u{9b}", "\u{200b}", "\n", "\n  ", "\\\"", "`"];

/// Quotes and brackets around the value; `S` is the value.
const VALUES: &[&str] =
    &["S", "S", "\"S\"", "\"S\"", "'S'", "\"S", "S\"", "'S", "S'", "S,", "[S]", "(S)", "<S>", "`S`", "{S}"];

/// File names and contents. `ENTRY` is replaced with the name of the secret and its value.
const FILES: &[(&str, &str)] = &[
    ("a.portal.json", "{ENTRY}"),
    ("a.portal.json", "{\"name\": \"Acme\", ENTRY, \"enabled\": 5}"),
    ("a.portal.json", "{\n  \"name\": 5,\n  \"recaptcha\": {\n    ENTRY,\n    \"site_key\": \"a\"\n  }\n}\n"),
    ("a.portal.json", "{\n  \"enabled\": true\n  ENTRY\n  \"name\": \"Acme\"\n}\n"),
    ("a.portal.jsonc", "{\n  // keys\n  \"name\": 5, ENTRY\n}\n"),
    ("a.portal.yaml", "ENTRY\n"),
    ("a.portal.yaml", "name: 5\nENTRY\nenabled: false\n"),
    ("a.portal.yaml", "name: [\nrecaptcha:\n  site_key: a\n  ENTRY\n"),
    ("a.portal.yaml", "recaptcha: {site_key: a, ENTRY}\nenabled: 5\n"),
    ("a.portal.yaml", "description: ENTRY\nenabled: 5\n"),
    ("a.portal.yaml", "description: Acme ENTRY\nname: @\n"),
];

struct RandomForm {
    file: &'static str,
    text: String,
    secret: String,
    /// Whether a mistake splits the name.
    is_split: bool,
}

impl RandomForm {
    fn new(number: usize) -> Self {
        let mut random = RandomGenerator::new(number as u64 * 0x9E37_79B9 + 0x7F4A_7C15);
        // The first numbers of the generator are similar for similar seeds.
        for _ in 0..10 {
            random.below(2);
        }
        let separator = random.pick(SEPARATORS);
        // Without a separator, only a word without punctuation looks like a secret.
        let has_punctuation = !separator.is_empty() && random.one_in(3);
        let secret = random_secret(&mut random, has_punctuation);
        let (quotes, mut key) = (random.pick(QUOTES), random.pick(KEYS).to_owned());
        let value = random.pick(VALUES).replace('S', &secret);
        let before = random.pick(BEFORE);
        let (file, template) = FILES[random.below(FILES.len())];
        let splitter = random.pick(SPLITTERS);
        let is_split = random.one_in(4);
        if is_split {
            key.insert_str(1 + random.below(key.len() - 1), splitter);
        }
        let entry = format!("{before}{}{separator}{value}", quotes.replace('N', &key));
        Self { file, text: template.replace("ENTRY", &entry), secret, is_split }
    }

    fn is_shown(&self, output: &str) -> bool {
        let end = self.secret.len();
        // Half of a secret must not be shown either.
        [0..9, end / 2 - 4..end / 2 + 5, end - 9..end].into_iter().any(|part| output.contains(&self.secret[part]))
    }
}

/// From 20 to 40 characters: letters and digits, and sometimes punctuation.
fn random_secret(random: &mut RandomGenerator, has_punctuation: bool) -> String {
    const WORD: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const PUNCTUATION: &[u8] = b"-_.+/=!@$%^&*~";
    let length = 20 + random.below(21);
    let mut secret = String::new();
    while secret.len() < length {
        let is_inside = !secret.is_empty() && secret.len() + 1 < length;
        let bytes = if has_punctuation && is_inside && random.one_in(6) { PUNCTUATION } else { WORD };
        secret.push(char::from(bytes[random.below(bytes.len())]));
    }
    secret
}

fn rendered(report: &Report, format: ReportFormat) -> String {
    let mut shown = Vec::new();
    render::render(report, format, Screen { color: false, width: 100 }, &mut shown).expect("memory can be written");
    String::from_utf8(shown).expect("a report is UTF-8")
}

#[test]
fn no_report_format_shows_the_secret_of_a_random_form() {
    let formats = <ReportFormat as clap::ValueEnum>::value_variants();
    for_each_number(0..random_inputs(), |number| {
        let form = RandomForm::new(number);
        let report = check(form.file, &form.text);
        let is_valid = !rendered(&report, ReportFormat::Concise).contains("RCP901");
        // In a valid file, a quoted string with the name of a secret is prose, and a long word without a digit can be a name.
        let is_prose = form.text.contains(['"', '\'']) || !form.secret.contains(|c: char| c.is_ascii_digit());
        // A key is shown as it is, because programs find a field by its pointer: `? smtp_passwordS`.
        let is_key = form.text.contains("? ");
        if is_valid && (is_prose || form.is_split || is_key) {
            return;
        }
        // Human and JSON show the most. One of the others is enough: all render the same masked report.
        for format in [ReportFormat::Human, ReportFormat::Json, formats[number % formats.len()]] {
            let shown = rendered(&report, format);
            assert!(
                !form.is_shown(&shown),
                "{format:?} shows the secret of {}:\n{}\n---\n{shown}",
                form.file,
                form.text
            );
        }
        let (input, settings) = (memory_file(form.file, form.text.as_str()), Settings::default());
        let (masked, _) = mask_before_and_after(&input, &form.text, &form.text, &settings, &report);
        assert!(!form.is_shown(&masked), "the secret of {} is not masked:\n{}\n---\n{masked}", form.file, form.text);
    });
}

/// The page of a preview and the plan contain other texts of a file than a report.
#[test]
fn no_command_shows_the_secret_of_a_random_form() {
    let commands: [&[&str]; 4] = [&["preview"], &["plan"], &["plan", "--format=json"], &["check", "--fix"]];
    for_each_number(0..100, |number| {
        let form = RandomForm::new(number);
        let folder = create_folder(&[(form.file, &form.text)]);
        let mut args = commands[number % commands.len()].to_vec();
        args.push(form.file);
        let output = portal_lint(folder.path(), &args, b"");
        let shown = format!("{}{}", stdout(&output), stderr(&output));
        assert!(!form.is_shown(&shown), "{args:?} shows the secret of:\n{}\n---\n{shown}", form.text);
    });
}
