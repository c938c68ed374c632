//! The lines of a run besides its findings.

use std::path::Path;

use crate::support::program::{clean_body, create_folder, portal_lint, stderr, stdout};

#[test]
fn runs_without_findings_end_with_a_summary_on_standard_error() {
    let template = "{% if x %}\n{\"smtp_profile\": \"{{ x }}\", \"recaptcha\": {}}\n{% endif %}\n";
    let folder = create_folder(&[
        ("good/a.json", &clean_body()),
        ("bad.json", "{}"),
        ("template.json", template),
        ("mixed/a.json", &clean_body()),
        ("mixed/b.json", template),
    ]);
    let named = "portal-lint: 1 error in 1 file; 1 template skipped\n";
    let skipped = "portal-lint: mixed/b.json: skipped, because it is a template\n\
        portal-lint: no problems found in 1 portal (1 file); 1 template skipped\n";
    let clean = "portal-lint: no problems found in 1 portal (1 file)\n";
    for (args, expected) in [
        (&["good"][..], clean),
        (&["good", "--format", "concise"], clean),
        (&["good", "--format", "github"], clean),
        (&["good", "--fix"], clean),
        (&["good", "--format", "json"], ""),
        (&["good", "--quiet"], ""),
        (&["bad.json"], ""),
        (&["template.json"], named),
        (&["template.json", "--format", "concise"], named),
        (&["template.json", "--format", "github"], named),
        (&["template.json", "--format", "json"], named),
        (&["mixed"], skipped),
        (&["mixed", "--format", "concise"], skipped),
        (&["good", "none.json"], "portal-lint: 1 error in 1 portal (2 files); 1 file could not be read\n"),
        (
            &["good", "none.json", "--format", "json"],
            "portal-lint: 1 error in 1 portal (2 files); 1 file could not be read\n",
        ),
    ] {
        let output = portal_lint(folder.path(), &[&["check"], args].concat(), b"");
        assert_eq!(stderr(&output), expected, "{args:?}");
        // With a summary on standard error, there is none on standard output.
        let summaries = format!("{}{}", stdout(&output), stderr(&output)).matches(" (1 file)").count();
        assert!(summaries <= 1 || args.contains(&"markdown"), "{args:?}");
    }
}

#[test]
fn the_code_in_a_heading_is_a_link_on_a_terminal_only() {
    let text = clean_body().replace("{{email_code}}", "x");
    let print = |color: &str| stdout(&portal_lint(Path::new("."), &["check", "-", "--color", color], text.as_bytes()));
    let link = "\u{1b}]8;;https://github.com/portal-lint/portal-lint/blob/main/rules/RCP012.md\u{1b}\\RCP012\u{1b}]8;;";
    assert!(print("always").contains(link));
    let plain = print("never");
    assert!(
        plain.starts_with("error[RCP012]: ") && !plain.contains("https://") && !plain.contains('\u{1b}'),
        "{plain}"
    );
    assert!(plain.ends_with("\nFor more: portal-lint explain RCP012\n"), "{plain}");
}
