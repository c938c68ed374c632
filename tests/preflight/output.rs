//! The output of `preflight` in each format.

use super::*;
use crate::support::json::{array, text};

#[test]
fn the_json_output_follows_its_schema() {
    let [schema, report_schema] = ["preflight", "report"].map(|name| -> Json {
        serde_json::from_str(portal_lint::schema::embedded_text(name).expect("embedded")).expect("JSON")
    });
    // Both schemas define a diagnostic in the same way.
    for part in ["code", "position", "span", "diagnostic"] {
        assert_eq!(schema["$defs"][part], report_schema["$defs"][part], "{part}");
    }
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let guide = portal_lint(&repository("fixtures/guide"), &["preflight", "--format", "json", "."], b"");
    let clean = portal_lint(&repository("fixtures/clean"), &["preflight", "--format", "json", "."], b"");
    let invalid = run_preflight(
        &[("a.json", "[]"), ("b.json", "{"), ("c.json", &clean_edit())],
        &["--format", "json", "a.json", "b.json", "c.json", "d.json"],
    );
    let mut statuses = BTreeSet::new();
    for output in [guide, clean, invalid] {
        let report = stdout_json(&output);
        let errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
        for portal in array(&report["portals"]) {
            let items = array(&portal["items"]);
            assert!([0, CHECKLIST.len()].contains(&items.len()));
            statuses.extend(items.iter().map(|item| text(&item["status"]).to_owned()));
        }
    }
    assert_eq!(
        statuses,
        ["advice", "fail", "not-applicable", "pass", "unverified", "warning"].map(str::to_owned).into()
    );
}

#[test]
fn no_format_shows_a_secret() {
    let secret = "canary-secret-do-not-use-0123456789-ABCD";
    let text = clean_body()
        .replace("${RECAPTCHA_SECRET_KEY}", secret)
        .replace("\"Acme Subscription Portal\"", &format!("\"{secret} {secret}\", \"{secret}\": 1"));
    for text in [text.clone(), text.replace("\"recaptcha\": {", "\"recaptcha\": {{")] {
        for format in FORMATS {
            let output = run_preflight(&[("a.json", &text)], &["--format", format, "a.json"]);
            assert!(!stdout(&output).contains("canary-secret"), "{format}: {}", stdout(&output));
            assert!(!stdout(&output).is_empty() && stderr(&output).is_empty(), "{format}");
        }
    }
}

#[test]
fn hostile_text_is_escaped_in_every_format() {
    let name =
        r"</title><script>alert(1)</script> | `x` **b** [l](javascript:1) @all \u0007\u202e <img src=x onerror=1>";
    let text = body_without_variables()
        .replace("Acme Subscription Portal", name)
        .replace("\"create_non_existing_customer\": false", r#""<script>|`": 1, "on`|\\|<b>": {"a": 1}"#);
    let file = "a<b>`c`|'&.json";
    let texts = [(file, text.as_str())];
    let html = stdout(&run_preflight(&texts, &["--format", "html", file]));
    for markup in ["<script", "<img", "onerror=1>", "<b>", "</title><", "\u{7}", "\u{202e}"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)") && html.contains("<h1>"), "{html}");
    assert_eq!(html.matches("</title>").count(), 1);
    // The page runs no script and loads nothing.
    let elements: BTreeSet<&str> =
        html.split('<').skip(1).filter_map(|tag| tag.trim_start_matches('/').split([' ', '>']).next()).collect();
    for element in ["script", "img", "link", "iframe", "object", "b"] {
        assert!(!elements.contains(element), "{element}");
    }
    assert!(elements.contains("table") && !html.contains("@import") && !html.contains("url("));
    let markdown = stdout(&run_preflight(&texts, &["--format", "markdown", file]));
    for line in markdown.lines().filter(|line| line.starts_with("| ")) {
        let bars = line.matches('|').count() - line.matches("\\|").count();
        assert_eq!(bars, 4, "{line}");
    }
    // Every second part between backticks is code.
    let outside_code: String = markdown.split('`').step_by(2).collect();
    assert!(
        !outside_code.contains("<script") && !outside_code.contains("<img") && !outside_code.contains("@all"),
        "{outside_code}"
    );
    let human = stdout(&run_preflight(&texts, &[file]));
    assert!(!human.contains(['\u{7}', '\u{202e}']) && !human.contains('\u{1b}'), "{human}");
}

#[test]
fn check_collects_no_preflight_facts() {
    let report = crate::support::check_files(&[crate::support::memory_file("a.json", body_without_variables())]);
    assert!(report.files[0].preflight_facts.is_none());
}

#[test]
fn lines_are_not_wider_than_the_screen() {
    let report = report_on(&[("portals/main.json", &clean_body().replace("{{email_code}}", "code"))]);
    for width in [40, 64, 100] {
        let mut out = Vec::new();
        render(&evaluate_report(&report), PreflightFormat::Human, Screen { color: false, width }, &mut out)
            .expect("memory");
        let text = String::from_utf8(out).expect("text");
        let longest_line = text.lines().map(|line| line.chars().count()).max();
        assert!(longest_line <= Some(width), "{width}: {text}");
    }
}

#[test]
fn what_is_unverified_about_several_portals_is_listed_once() {
    let acme = clean_body().replace("Acme Subscription Portal", "Acme Portal");
    let globex = clean_body()
        .replace("Acme Subscription Portal", "Globex Portal")
        .replace("\"subscription_cancel\": false", "\"subscription_cancel\": true")
        .replace("P9dRk2XyM5vHs8LqT1Fz", "Xk3Lm8Qp2Rv7Tz5Wn1Bc");
    let edit = clean_edit();
    let texts = [("a.json", acme.as_str()), ("b.json", globex.as_str()), ("c.json", edit.as_str())];
    let all = ["a.json", "b.json", "c.json"];
    let human = stdout(&run_preflight(&texts, &all));
    for expected in [
        "REVIEW  c.json (edit)\n",
        "REVIEW  Acme Portal  a.json (create)\n",
        "REVIEW  Globex Portal\n",
        "whether DNS for the tracking domain is ready (2 of 3 portals)\n",
        "customers can cancel their subscriptions themselves\n",
        "`portal-lint allow self-cancel b.json --reason \"…\"`",
        "3 portals: 3 review\n",
    ] {
        assert_eq!(join_lines(&human).matches(&join_lines(expected)).count(), 1, "{expected} in {human}");
    }
    assert!(!human.contains("Passed:"), "{human}");
    // A check that is unverified for one portal only is listed with the name of its file.
    let create_and_edit = stdout(&run_preflight(&texts, &["b.json", "c.json"]));
    assert!(create_and_edit.contains("whether DNS for the tracking domain is ready (b.json)\n"), "{create_and_edit}");
    let quiet = stdout(&run_preflight(&texts, &[&["-q"], &all[..]].concat()));
    assert!(!quiet.contains("3 portals: "), "{quiet}");
    assert!(quiet.contains("whether DNS for the tracking domain is ready (2 of 3 portals)\n"), "{quiet}");
    for format in ["markdown", "html"] {
        let text = stdout(&run_preflight(&texts, &[&["--format", format], &all[..]].concat()));
        let fact = "whether DNS for the tracking domain is ready";
        assert_eq!(
            (text.matches(fact).count(), text.matches("Unverified</h2>").count()),
            (1, usize::from(format == "html")),
            "{text}"
        );
        assert!(text.contains(&format!("{fact} (2 of 3 portals)")), "{text}");
        let text = stdout(&run_preflight(&texts, &["--format", format, "b.json"]));
        assert_eq!((text.matches(fact).count(), text.matches("portals)").count()), (1, 0), "{text}");
    }
    // A single portal is shown with all its sections.
    let single = stdout(&run_preflight(&texts, &["b.json"]));
    assert!(single.contains("\n  V3 P4        whether DNS for the tracking domain is ready\n"), "{single}");
    assert!(single.contains("\nPassed: ") && single.contains(" 2 warnings, "), "{single}");
}

/// The text in one line, with single spaces between words.
fn join_lines(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
