//! Texts with many findings of one rule: `--fix` fixes all of them, and reports show the first 50 and the number of omitted findings.

use std::fs;

use crate::support::json::array;
use crate::support::program::{REPORT_FORMATS, create_folder, exit_code, portal_lint, stdout, stdout_json};
use serde_json::Value as Json;

/// A body with this number of zero-width spaces in one text, and one finding with a safe fix.
fn body_with_zero_width_spaces(number: usize) -> String {
    let text = "a\u{200b}".repeat(number);
    format!(
        "{{ \"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\", \"enabled\": \"false\",\n  \"description\": \"{text}\" }}\n"
    )
}

/// Bodies with this number of findings of one rule: the rule, the name of the file, the text.
fn bodies_with_findings(number: usize) -> Vec<(&'static str, &'static str, String)> {
    let email = |html: &str| {
        let html = Json::from(html);
        format!(
            "{{ \"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\", \"customer_emails\": {{ \"customer_account_confirm_email\": {{ \"html\": {html} }} }} }}\n"
        )
    };
    let yaml = |text: &str| format!("customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\ndescription: {text}\n");
    let escaped = body_with_zero_width_spaces(number).replace('\u{200b}', "\\u200b");
    vec![
        ("RCP206", "a.json", body_with_zero_width_spaces(number)),
        ("RCP206", "b.json", escaped),
        ("RCP206", "c.yaml", yaml(&format!("so {}a", "a\u{200b}".repeat(number)))),
        ("RCP206", "d.yaml", yaml(&format!("|\n{}", "  a\u{200b}b\n".repeat(number)))),
        (
            "RCP207",
            "e.json",
            email(&format!("{{{{email_code}}}}{}", "<a href='http://acme-outfitters.com/x'>y</a>".repeat(number))),
        ),
        ("RCP210", "f.json", email(&format!("{{{{email_code}}}}{}", "<p>{{ email_code }}</p>".repeat(number)))),
    ]
}

#[test]
fn any_number_of_findings_is_fixed() {
    for number in [1, 49, 50, 51, 60, 101, 1_000] {
        for (rule, name, text) in bodies_with_findings(number) {
            let folder = create_folder(&[(name, &text)]);
            let args = [
                "check",
                "--isolated",
                "--fix",
                "--unsafe-fixes",
                "--select",
                "RCP100",
                "--select",
                rule,
                "--format",
                "json",
                name,
            ];
            let output = portal_lint(folder.path(), &args, &[]);
            let remaining = array(&stdout_json(&output)["diagnostics"]).len();
            assert_eq!((exit_code(&output), remaining), (0, 0), "{name} {number}");
            let fixed = fs::read_to_string(folder.path().join(name)).expect("a file");
            let expected = text
                .replace('\u{200b}', "")
                .replace("\\u200b", "")
                .replace("\"false\"", "false")
                .replace("http://", "https://")
                .replace("{{ email_code }}", "{{email_code}}");
            assert_eq!(fixed, expected, "{name} {number}");
        }
    }
}

#[test]
fn safe_fixes_among_many_unsafe_ones_are_applied() {
    let folder = create_folder(&[("a.json", &body_with_zero_width_spaces(51))]);
    let output = portal_lint(folder.path(), &["check", "--isolated", "--fix", "a.json"], &[]);
    assert_eq!(exit_code(&output), 1, "{}", stdout(&output));
    let fixed = fs::read_to_string(folder.path().join("a.json")).expect("a file");
    assert_eq!(fixed, body_with_zero_width_spaces(51).replace("\"false\"", "false"));
    let shown = portal_lint(folder.path(), &["check", "--isolated", "--diff", "--unsafe-fixes", "a.json"], &[]);
    assert_eq!(exit_code(&shown), 1);
    assert!(stdout(&shown).contains(&format!("+  \"description\": \"{}\"", "a".repeat(51))), "{}", stdout(&shown));
}

#[test]
fn every_format_counts_the_findings_it_omits() {
    for (number, remainder) in [(50, ""), (51, "(and 1 more)"), (60, "(and 10 more)"), (1_000, "(and 950 more)")] {
        let folder = create_folder(&[("a.json", &body_with_zero_width_spaces(number))]);
        for format in REPORT_FORMATS {
            let args = ["check", "--isolated", "--select", "RCP206", "--color", "never", "--format", format, "a.json"];
            let output = portal_lint(folder.path(), &args, &[]);
            // The human format wraps the message, so the words may be on two lines.
            let printed = stdout(&output).split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
            assert_eq!(exit_code(&output), 1);
            assert_eq!(
                printed.matches(" more)").count(),
                printed.matches(remainder).count() * usize::from(number > 50),
                "{format}"
            );
            assert!(number == 50 || printed.contains(remainder), "{format} {number}: {printed}");
        }
        let report =
            stdout_json(&portal_lint(folder.path(), &["check", "--select", "RCP206", "--format=json", "a.json"], &[]));
        assert_eq!(report["summary"]["errors"], 50, "{number}");
        assert_eq!(array(&report["diagnostics"]).len(), 50, "{number}");
    }
}

#[test]
fn every_rule_with_a_cap_counts_the_findings_it_omits() {
    let body = |html: &str| {
        let html = Json::from(html);
        format!("{{ \"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\", \"footer_html\": {html} }}")
    };
    let email = |html: &str| {
        let html = Json::from(html);
        format!(
            "{{ \"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\", \"customer_emails\": {{ \"customer_account_confirm_email\": {{ \"html\": {html} }} }} }}"
        )
    };
    let cases = [
        ("RCP023", body(&"<script></script>".repeat(60)), "(and 10 more)"),
        ("RCP101", body(&"<a href='https://example.com/x'>y</a>".repeat(60)), "(and 10 more)"),
        ("RCP108", body(&"<p>subscription_cancel</p>".repeat(60)), "(and 10 more)"),
        ("RCP207", body(&"<img srcset='http://acme-outfitters.com/a 1x' alt='a'>".repeat(60)), "(and 10 more)"),
        (
            "RCP207",
            body(&format!("<style>{}</style>", "a { background: url(http://acme-outfitters.com/a) } ".repeat(60))),
            "(and 10 more)",
        ),
        ("RCP209", body(&"<div>".repeat(60)), "(and 10 more)"),
        ("RCP209", body(&"<div><section></div>".repeat(2_000)), "(and at least 950 more)"),
        ("RCP209", email(&format!("{{{{email_code}}}}{}", "<p>{{email_code}</p>".repeat(60))), "(and 10 more)"),
        ("RCP210", email(&format!("{{{{email_code}}}}{}", "<p>{{first_name}}</p>".repeat(60))), "(and 10 more)"),
    ];
    for (rule, text, remainder) in cases {
        let folder = create_folder(&[("a.json", &text)]);
        let args = ["check", "--isolated", "--select", rule, "--format", "concise", "a.json"];
        let printed = stdout(&portal_lint(folder.path(), &args, &[]));
        assert!(printed.contains(remainder) && printed.matches(rule).count() == 50, "{rule}: {printed}");
    }
    let unknown: Vec<String> = (0..60).map(|number| format!("strange{number} = 1\n")).collect();
    let unknown = unknown.concat();
    let allowed = "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"a.json\"]\nreason = \"agreed\"\n".repeat(60);
    let expired = allowed.replace("reason", "until = 2020-01-01\nreason");
    for (rule, settings) in [("RCP914", unknown), ("RCP912", allowed), ("RCP911", expired)] {
        let folder = create_folder(&[("portal-lint.toml", &settings), ("a.json", &body("<p>Acme</p>"))]);
        let printed = stdout(&portal_lint(folder.path(), &["check", "--format", "concise", "a.json"], &[]));
        assert!(printed.contains("(and 10 more)") && printed.matches(rule).count() == 50, "{rule}: {printed}");
    }
}
