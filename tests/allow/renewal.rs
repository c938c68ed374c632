//! `portal-lint allow` renews a decision that has expired or has no reason, instead of adding another one.

use super::{REASON, allow, assert_allowed, json_body, read, yaml_body};
use crate::support::program::{create_folder, exit_code, portal_lint, stderr, stdout};

/// The body with these comments above the permission to cancel.
fn with_comments(body: &str, comments: &str) -> String {
    let line = body.lines().find(|line| line.contains("subscription_cancel")).expect("a line");
    body.replace(line, &format!("{comments}\n{line}"))
}

/// Records a decision in a file with ineffective comments, which have to become `after`.
fn renew(file: &str, body: &str, before: &str, after: &str) {
    let folder = create_folder(&[(file, &with_comments(body, before))]);
    let args = ["allow", "self-cancel", file, "--reason", "agreed again", "--until", "2099-12-31"];
    let output = portal_lint(folder.path(), &args, b"");
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    assert_eq!(read(&folder, file), with_comments(body, after), "{before}");
    let report = portal_lint(folder.path(), &["check", "--format", "concise", file], b"");
    assert!(stdout(&report).contains("allowed[RCP016]"), "{}", stdout(&report));
}

#[test]
fn a_comment_without_effect_is_renewed_in_its_place() {
    let renewed = "allow self-cancel until 2099-12-31 -- agreed again";
    for (before, after) in [
        ("allow self-cancel until 2020-01-01 -- agreed", renewed),
        ("allow RCP016", renewed),
        ("allow self-cancel until soon -- agreed", renewed),
        ("allow self-cancel: agreed", renewed),
        (
            "allow-file self-cancel until 2020-01-01 -- agreed",
            "allow-file self-cancel until 2099-12-31 -- agreed again",
        ),
    ] {
        for (file, body, comment) in [
            ("a.yaml", yaml_body(), "  # portal-lint: X"),
            ("a.jsonc", json_body(), "    // portal-lint: X"),
            ("a.jsonc", json_body(), "    /* portal-lint: X */"),
        ] {
            renew(file, &body, &comment.replace('X', before), &comment.replace('X', after));
        }
    }
}

#[test]
fn a_reason_does_not_end_a_block_comment() {
    let old = "portal-lint: allow self-cancel until 2020-01-01 -- agreed";
    let new = "portal-lint: allow self-cancel -- agreed */ again";
    for (before, after) in
        [(format!("// {old}"), format!("// {new}")), (format!("/* {old} */"), format!("/* {old} */\n    // {new}"))]
    {
        let folder = create_folder(&[("a.jsonc", &with_comments(&json_body(), &format!("    {before}")))]);
        let args = ["allow", "self-cancel", "a.jsonc", "--reason", "agreed */ again"];
        let output = portal_lint(folder.path(), &args, b"");
        assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
        assert_eq!(read(&folder, "a.jsonc"), with_comments(&json_body(), &format!("    {after}")));
    }
}

#[test]
fn a_comment_about_several_rules_keeps_the_others() {
    let old = "until 2020-01-01 -- agreed";
    let renewed = "portal-lint: allow self-cancel until 2099-12-31 -- agreed again";
    for rules in ["self-cancel, self-renewal", "self-renewal, self-cancel", "self-renewal self-cancel"] {
        for (file, body, marker) in [("a.yaml", yaml_body(), "  #"), ("a.jsonc", json_body(), "    //")] {
            let before = format!("{marker} portal-lint: allow {rules} {old}");
            let after = format!("{marker} portal-lint: allow self-renewal {old}\n{marker} {renewed}");
            renew(file, &body, &before, &after);
        }
    }
}

#[test]
fn a_comment_at_the_end_of_a_line_is_renewed() {
    let line = "subscription_cancel: true # the support team does this";
    let old = "subscription_cancel: true # portal-lint: allow self-cancel until 2020-01-01 -- agreed";
    let folder = create_folder(&[("a.yaml", &yaml_body().replace(line, old))]);
    let number = yaml_body().lines().position(|line| line.contains("subscription_cancel")).expect("a line") + 1;
    allow(&folder, &[&["self-cancel", "a.yaml"], &REASON[..]].concat(), &format!("a.yaml:{number}"));
    let new = "subscription_cancel: true # portal-lint: allow self-cancel -- agreed with support";
    assert_eq!(read(&folder, "a.yaml"), yaml_body().replace(line, new));
    assert_allowed(&folder, "a.yaml", "RCP016");
}

#[test]
fn a_decision_about_other_findings_as_well_is_not_renewed() {
    let text = yaml_body().replace("trial_expire: false", "trial_expire: true");
    let text = text.replace("trial_cancel: false", "trial_cancel: true");
    let text = format!("# portal-lint: allow-file self-service-trial until 2020-01-01 -- agreed\n{text}");
    let folder = create_folder(&[("a.yaml", &text)]);
    let pointer = ["--pointer", "/customer_permissions/trial_cancel"];
    let args = [&["allow", "self-service-trial", "a.yaml"], &REASON[..], &pointer[..]].concat();
    let output = portal_lint(folder.path(), &args, b"");
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    let report = stdout(&portal_lint(folder.path(), &["check", "--format", "concise", "a.yaml"], b""));
    assert_eq!((report.matches("allowed[RCP113]").count(), report.matches("advice[RCP113]").count()), (1, 1));
}

#[test]
fn an_entry_without_effect_is_renewed_in_its_place() {
    let pointer = "pointer = \"/customer_permissions/subscription_cancel\"\n";
    let entry = |lines: &str| {
        format!("# ours\n[[allow]] # cancel\nrule = \"RCP016\" # V16\n{lines}\n[severity]\nRCP104 = \"off\"\n")
    };
    let files = "files = [\"a.json\"]\n";
    let old = format!("{files}{pointer}reason = \"agreed\" # by phone\nuntil = 2020-01-01\n");
    let new = "reason = \"agreed with support\" # by phone\n";
    let day = ["--until", "2099-12-31"];
    for (before, options, after) in [
        (old.clone(), &[][..], format!("{files}{pointer}{new}")),
        (old.clone(), &day[..], format!("{files}{pointer}{new}until = 2099-12-31\n")),
        (
            format!("{files}{pointer}reason = \"\"\n"),
            &day[..],
            format!("{files}{pointer}reason = \"agreed with support\"\nuntil = 2099-12-31\n"),
        ),
        (files.to_owned(), &[][..], format!("reason = \"agreed with support\"\n{files}")),
    ] {
        for (file, body) in [("a.json", json_body()), ("a.yaml", yaml_body())] {
            let with = |lines: &str| entry(&lines.replace("a.json", file));
            let folder = create_folder(&[("portal-lint.toml", &with(&before)), (file, &body)]);
            allow(&folder, &[&["self-cancel", file], &REASON[..], options].concat(), "portal-lint.toml:2");
            assert_eq!((read(&folder, "portal-lint.toml"), read(&folder, file)), (with(&after), body));
            assert_allowed(&folder, file, "RCP016");
        }
    }
    // Entries for other files, and those that a line cannot be added to, stay as they are.
    let inline = "allow = [{ rule = \"RCP016\", files = [\"a.yaml\"], reason = \"\" }]\n";
    for settings in [entry(&old.replace("a.json", "*.yaml")), inline.to_owned()] {
        let folder = create_folder(&[("portal-lint.toml", &settings), ("a.yaml", &yaml_body())]);
        let args = [&["allow", "self-cancel", "a.yaml"], &REASON[..], &day[..]].concat();
        let output = portal_lint(folder.path(), &args, b"");
        assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
        assert_eq!(read(&folder, "portal-lint.toml"), settings);
        assert!(read(&folder, "a.yaml").contains("# portal-lint: allow self-cancel until 2099-12-31 -- agreed"));
    }
}
