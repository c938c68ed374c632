//! `preflight --env`: variables get their values from the environment, and no output shows the values.

use super::*;
use crate::support::json::{array, field_texts, text};
use crate::support::program::portal_lint_with_env;

const SITE_KEY: (&str, &str) = ("RECAPTCHA_SITE_KEY", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr");
const SECRET_KEY: (&str, &str) = ("RECAPTCHA_SECRET_KEY", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu");

/// Runs `preflight --env` on a file, with a complete account.
fn run_with_env(file: (&str, &str), format: &str, variables: &[(&str, &str)]) -> std::process::Output {
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let folder = create_folder(&[file, ("revcent-account.json", &account)]);
    let args = ["preflight", "--env", "--account", "revcent-account.json", "--color=never", "--format", format, file.0];
    portal_lint_with_env(folder.path(), &args, variables, b"")
}

#[test]
fn a_portal_with_variables_can_have_the_verdict_go() {
    let output = run_with_env(("a.json", &clean_body()), "json", &[SITE_KEY, SECRET_KEY]);
    let report = stdout_json(&output);
    assert_eq!((exit_code(&output), &report["portals"][0]["verdict"]), (0, &"go".into()), "{report}");
    for item in array(&report["portals"][0]["items"]) {
        assert!(["pass", "not-applicable"].contains(&text(&item["status"])), "{item:#}");
    }
}

#[test]
fn decisions_in_the_file_apply_to_the_portal_with_values() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let with_warning = yaml.replace("subscription_cancel: false", "subscription_cancel: true");
    let allowed = with_warning.replace(
        "subscription_cancel: true",
        "subscription_cancel: true # portal-lint: allow RCP016 -- agreed with support",
    );
    for (text, verdict) in [(with_warning, "review"), (allowed, "go")] {
        let report = stdout_json(&run_with_env(("a.yaml", &text), "json", &[SITE_KEY, SECRET_KEY]));
        assert_eq!(report["portals"][0]["verdict"], verdict, "{report}");
    }
}

#[test]
fn a_variable_that_is_not_set_is_unverified() {
    let body = clean_body().replace("\"Acme Subscription Portal\"", "\"${PORTAL_NAME}\"");
    let body = body.replacen("\"Acme Outfitters\"", "\"${FROM_NAME}\"", 1);
    for variables in [&[SITE_KEY, SECRET_KEY][..], &[("PORTAL_NAME", "")]] {
        let report = stdout_json(&run_with_env(("a.json", &body), "json", variables));
        let portal = &report["portals"][0];
        assert_eq!((&portal["verdict"], &portal["name"]), (&"review".into(), &"${PORTAL_NAME}".into()));
        let reason = "the value of `${PORTAL_NAME}` is not in the environment";
        assert!(text(&portal["items"][0]["reason"]).contains(reason), "{portal}");
        // No item of the checklists is about the sender's name, so it is listed separately.
        let reasons = field_texts(&portal["unverified"], "reason");
        assert_eq!(reasons, ["the value of `${FROM_NAME}` is not in the environment"]);
    }
}

#[test]
fn the_values_are_checked_and_no_output_shows_them() {
    let body = clean_body()
        .replace("\"Acme Subscription Portal\"", "\"${PORTAL_NAME}\"")
        .replace("\"h3NfY6sJw1GtE5uQaB0C\"", "\"${SMTP_PROFILE}\"")
        .replace("\"<p>Your password reset code is: <strong>{{email_code}}</strong></p>\"", "\"${RESET_HTML}\"");
    let values = [
        ("PORTAL_NAME", "Test"),
        ("SMTP_PROFILE", "Kq7ZpW2mVx9LcT4bRn8D"),
        ("RESET_HTML", "<p>Here: {{ email_code }} <a href='http://hidden-host.example.net/x'>x</a>"),
        ("RECAPTCHA_SITE_KEY", "visible-site-key-canary"),
        ("RECAPTCHA_SECRET_KEY", "hidden-secret-key-canary"),
    ];
    let report = stdout_json(&run_with_env(("a.json", &body), "json", &values)).to_string();
    for code in ["RCP102", "RCP107", "RCP013", "RCP105", "RCP207"] {
        assert!(report.contains(code), "{code}: {report}");
    }
    for code in ["RCP204", "RCP101"] {
        assert!(!report.contains(&format!("\"code\":\"{code}\"")), "{code}: {report}");
    }
    for format in FORMATS {
        let shown = stdout(&run_with_env(("a.json", &body), format, &values));
        for part in ["Test", "{{ email_code", "hidden-host", "canary"] {
            assert!(!shown.contains(part), "{part} in {format}: {shown}");
        }
        assert!(shown.contains("${PORTAL_NAME}") || format == "markdown", "{shown}");
    }
}

#[test]
fn without_the_option_no_variable_is_read() {
    let folder = create_folder(&[("a.json", &clean_body())]);
    let args = ["preflight", "--format", "json", "a.json"];
    let without = portal_lint_with_env(folder.path(), &args, &[], b"");
    let with = portal_lint_with_env(folder.path(), &args, &[SITE_KEY, SECRET_KEY], b"");
    assert_eq!(stdout(&without), stdout(&with));
    assert!(stdout(&with).contains("run `portal-lint preflight --env`"));
}
