//! Which files a walk recognizes as portals by their content, and how templates (Jinja, Helm, ERB, Handlebars) are reported.

use std::fs;
use std::path::Path;

use crate::support::json::{self, array, checked_files};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;
use serde_json::Value as Json;

/// The JSON report of a walk.
fn walk(folder: &Path) -> Json {
    stdout_json(&portal_lint(folder, &["check", "--isolated", "--format", "json", "."], b""))
}

/// Whether a walk checks a file with this name and text.
fn is_detected(name: &str, text: &str) -> bool {
    let folder = create_folder(&[(name, text), ("z.portal.json", "{}")]);
    checked_files(&walk(folder.path())).contains(&name)
}

/// A clean body of a kind with some fields replaced.
fn body_with_fields(kind: &str, fields: &[(&str, Json)]) -> String {
    let text = fs::read_to_string(repository(&format!("fixtures/clean/{kind}.json"))).expect("a clean body");
    let mut body: Json = serde_json::from_str(&text).expect("JSON");
    for (key, value) in fields {
        body[*key] = value.clone();
    }
    body.to_string()
}

#[test]
fn files_of_other_programs_with_the_same_keys_are_not_portals() {
    let cases = [
        ("translation.json", r#"{"recaptcha": "Please confirm", "customer_emails": "Emails", "save": "Save"}"#),
        ("one-id.json", r#"{"recaptcha": "Please confirm", "smtp_profile": "SMTP profile"}"#),
        ("nested.json", r#"{"recaptcha": "no", "en": {"smtp_profile": "x", "tracking_domain": "x", "recaptcha": {}}}"#),
        ("broken-translation.json", r#"{"recaptcha": "Please confirm", "customer_emails": "Emails",, "save": "Save"}"#),
        ("values.yaml", "replicas: 2\nrecaptcha:\n  enabled: true\nsmtp_profile:\n  host: mail\n  port: 25\n"),
        ("helm.yaml", "recaptcha:\n  enabled: true\nsmtp_profile: default\nimage:\n  tag: v1\n"),
        ("broken-helm.yaml", "recaptcha:\n  enabled: true\nsmtp_profile: default\nimage: ]\n"),
        ("relay.yaml", "recaptcha: {}\nsmtp_profile: smtp-relay-01\n"),
        ("host.yaml", "recaptcha: {}\ntracking_domain: go.acme.com\n"),
        ("port.yaml", "recaptcha: {}\nsmtp_profile: 2525\n"),
        ("labels.json", r#"{"smtp_profile": "SMTP profile", "tracking_domain": "Tracking domain"}"#),
        ("words.json", r#"{"smtp_profile": "SMTP-Profil", "tracking_domain": "Trackingdomain"}"#),
        ("three.json", r#"{"smtp_profile": "SMTP profile", "tracking_domain": "Domain", "recaptcha": "reCAPTCHA"}"#),
        ("broken.json", r#"{"smtp_profile": "SMTP profile", "tracking_domain": "Domain",, "recaptcha": "Captcha"}"#),
        ("flags.yaml", "recaptcha: true\nsmtp_profile: default\n"),
        ("null.yaml", "recaptcha:\ncustomer_emails:\n"),
        ("lists.yaml", "recaptcha: []\ncustomer_emails: [a]\n"),
        ("numbers.json", r#"{"tracking_domain": 1, "smtp_profile": 2}"#),
        ("list.json", r#"[{"recaptcha": {}, "customer_emails": {}}]"#),
        ("text.yaml", "what recaptcha and smtp_profile and customer_emails are\n"),
        ("text.json", r#""recaptcha smtp_profile""#),
        ("comment.yaml", "# recaptcha, smtp_profile\na: 1\n"),
        ("answer.json", r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "code": 1, "name": "x"}"#),
        ("customer.json", r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "Jo", "enabled": true}"#),
        ("log.json", r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "seen": 3}"#),
        ("two-documents.yaml", "recaptcha: x\n---\nsmtp_profile: {a: 1}\n"),
    ];
    for (name, text) in cases {
        assert!(!is_detected(name, text), "{name}");
    }
}

#[test]
fn portals_with_mistakes_are_found() {
    let cases = [
        ("create.json", clean_body()),
        ("edit.json", body_with_fields("edit", &[])),
        ("export.json", body_with_fields("export", &[])),
        ("short-edit.json", r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "customer_filters": {}}"#.into()),
        ("edit.yaml", "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\ndisplay_name: Acme\n".into()),
        ("escaped.json", r#"{"customer\u005fportal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "display_name": "x"}"#.into()),
        ("broken-edit.json", r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy" "display_name": "x""#.into()),
        ("typed.json", r#"{"recaptcha": {}, "customer_emails": {}}"#.into()),
        ("typed.yaml", "tracking_domain: ${TD}\nrecaptcha: {}\n".into()),
        ("placeholder.yaml", "tracking_domain: TRACKING_DOMAIN_ID\nrecaptcha: {}\n".into()),
        ("placeholders.json", r#"{"tracking_domain": "your-tracking-domain-id", "smtp_profile": "<profile>"}"#.into()),
        ("ids.json", r#"{"tracking_domain": "Zb4Nf8QwR2sXk6LmT0Vy", "smtp_profile": "ZbcNfdQwResXkfLmTgVy"}"#.into()),
        ("short-ids.json", r#"{"tracking_domain": "Zb4Nf8QwR2sXk6LmT0V", "smtp_profile": ""}"#.into()),
        ("number.yaml", "tracking_domain: 10482093847561029384\nrecaptcha: {}\n".into()),
        ("words.yaml", "tracking_domain: go.acme.com\nsmtp_profile: default\nrecaptcha: {}\n".into()),
        ("one-id.json", r#"{"recaptcha": "x", "tracking_domain": "Zb4Nf8QwR2sXk6LmT0Vy", "smtp_profile": "y"}"#.into()),
        ("three.json", r#"{"recaptcha": 1, "customer_emails": [], "smtp_profile": null}"#.into()),
        ("wrong-captcha.json", body_with_fields("create", &[("recaptcha", "oops".into())])),
        ("wrong-id.json", body_with_fields("create", &[("smtp_profile", serde_json::json!({ "id": "x" }))])),
        ("id-number.json", body_with_fields("create", &[("tracking_domain", 7.into())])),
        ("broken.json", clean_body().replace("\"enabled\": false,", "\"enabled\": false")),
        ("no-tree.json", clean_body().replacen('{', "", 1)),
        ("hole.json", r#"{"recaptcha": , "customer_emails": {"#.into()),
    ];
    for (name, text) in cases {
        assert!(is_detected(name, &text), "{name}: {text}");
    }
    // The IDs of an export are in objects; a draft may have few other fields.
    let export = r#"{"id": "Zb4Nf8QwR2sXk6LmT0Vy", "created_date_unix": 1, "tracking_domain": {"id": "x"}, "smtp_profile": {"id": "y"}}"#;
    assert!(is_detected("short-export.json", export));
}

/// Portals with template syntax outside of strings: names and texts.
const TEMPLATES: [(&str, &str); 12] = [
    (
        "jinja.json",
        "{\n  {% if live %}\n  \"tracking_domain\": {{ domain | tojson }},\n  {% endif %}\n  \"smtp_profile\": \"x\",\n  \
         \"recaptcha\": {}\n}\n",
    ),
    (
        "value.json",
        "{\"name\": {{ name | tojson }}, \"recaptcha\": {}, \"customer_emails\": {}, \"smtp_profile\": \"{{ smtp }}\"}",
    ),
    ("loop.json", "{\"recaptcha\": {}, \"customer_emails\": {}{% for a in b %}, \"{{ a }}\": 1{% endfor %}}"),
    ("comment.json", "{# made by hand #}\n{\"recaptcha\": {}, \"customer_emails\": {{ emails }}}"),
    ("hb.json", "{ {{#if live}} \"smtp_profile\": \"x\", {{/if}} \"recaptcha\": {}, \"customer_emails\": {} }"),
    ("erb.json", "{\"name\": <%= name.to_json %>, \"recaptcha\": {}, \"smtp_profile\": \"x\"}"),
    (
        "helm.yaml",
        "{{- if .Values.live }}\nsmtp_profile: {{ .Values.smtp | quote }}\nrecaptcha:\n  site_key: {{ .Values.key }}\n{{- end }}\n",
    ),
    ("value.yaml", "smtp_profile: {{ .Values.smtp }}\ntracking_domain: x\nrecaptcha:\n  site_key: x\n"),
    ("include.yaml", "smtp_profile: x\nrecaptcha:\n{{ include \"captcha\" . | indent 2 }}\ncustomer_emails: {}\n"),
    (
        "jinja.yml",
        "smtp_profile: x\n{% for mail in mails %}\n{{ mail }}: 1\n{% endfor %}\ntracking_domain: x\nrecaptcha: {}\n",
    ),
    ("erb.yaml", "smtp_profile: x\n<% if live %>\ntracking_domain: <%= domain %>\n<% end %>\nrecaptcha: {}\n"),
    ("plain-erb.yaml", "smtp_profile: <%= smtp %>\ntracking_domain: <%= domain %>\nrecaptcha: {}\n"),
];

#[test]
fn a_template_is_reported_in_one_line_and_not_checked() {
    for (name, text) in TEMPLATES {
        let folder = create_folder(&[(name, text)]);
        let check =
            |args: &[&str]| portal_lint(folder.path(), &[&["check", "--format", "concise"], args].concat(), b"");
        // Found by a walk: one line on stderr, and exit code 2 because no file was checked.
        let walked = check(&["."]);
        let line = format!("portal-lint: {name}: skipped, because it is a template\n");
        assert_eq!((exit_code(&walked), stdout(&walked).as_str()), (2, ""), "{name} {}", stderr(&walked));
        assert!(
            stderr(&walked).starts_with(&line) && stderr(&walked).matches(name).count() == 1,
            "{name} {}",
            stderr(&walked)
        );
        // Named: an error.
        let named = check(&[name]);
        assert_eq!(exit_code(&named), 1, "{name}");
        assert_eq!(stdout(&named).lines().count(), 1, "{name} {}", stdout(&named));
        assert!(
            stdout(&named).contains("error[RCP903] this is a template, and templates are not checked"),
            "{name} {}",
            stdout(&named)
        );
        assert_eq!(exit_code(&check(&["--fix", "--unsafe-fixes", name])), 1, "{name}");
        assert_eq!(fs::read_to_string(folder.path().join(name)).expect("a file"), text);
        // Named by a hook, with `--force-exclude`: as if found by a walk.
        let hook = check(&["--force-exclude", name]);
        assert_eq!((exit_code(&hook), stdout(&hook), stderr(&hook)), (0, String::new(), line), "{name}");
        // With `.portal.` in its name: checked as JSON or YAML.
        let new_name = format!("x.portal.{}", name.rsplit('.').next().expect("an ending"));
        fs::rename(folder.path().join(name), folder.path().join(&new_name)).expect("it is renamed");
        let renamed = check(&["."]);
        assert!(exit_code(&renamed) == 1 && !stdout(&renamed).contains("skipped"), "{name} {}", stdout(&renamed));
    }
}

/// A valid portal as YAML in which `value` is written without quotes.
fn yaml_with(field: &str, value: &str) -> String {
    let subject = if field == "subject" { value } else { "\"Confirm your account\"" };
    let site_key = if field == "site_key" { value } else { "\"6LcKnQ8rAAAAAGm2Vw7tXz4Hs1YbPd9fJk3LxNqu\"" };
    format!(
        "name: \"Acme Subscription Portal\"\nenabled: false\ntracking_domain: \"Zb4Nf8QwR2sXk6LmT0Vy\"\n\
         smtp_profile: \"Hd7Kp1WqE5uJc9RnY3Sx\"\nrecaptcha:\n  site_key: {site_key}\ncustomer_emails:\n  \
         customer_account_confirm_email:\n    subject: {subject}\n    html: |\n      {{{{email_code}}}}\n"
    )
}

#[test]
fn a_portal_with_an_unquoted_shortcode_is_not_a_template() {
    let mut cases = Vec::new();
    for value in [
        "{{customer_name}}",
        "{{ name }}, your code: x",
        "{{email-code}}",
        "{{first name}}",
        "{{customer.name}}",
        "{{{first_name}}}",
        "{{name}} {{code}}",
        "{{#first_name}}Hi {{first_name}}{{/first_name}}",
        "{{email_code | upcase}}",
        "{{#email_code}}",
    ] {
        let json = clean_body();
        let start = json.find("\"subject\": ").expect("a subject") + "\"subject\": ".len();
        let end = start + json[start..].find('\n').expect("an end");
        cases.push(("a.json", format!("{}{value},{}", &json[..start], &json[end..])));
        cases.push(("a.yaml", yaml_with("subject", value)));
    }
    let site_key = clean_body().replace("\"site_key\": \"", "\"site_key\": {{RECAPTCHA_SITE_KEY}}, \"x\": \"");
    cases.push(("key.json", site_key));
    cases.push(("key.yaml", yaml_with("site_key", "{{ RECAPTCHA_SITE_KEY }}")));
    cases.push(("if.yaml", yaml_with("subject", "{{#if name}}Hi {{name}}{{/if}}")));
    for (name, text) in cases {
        let folder = create_folder(&[(name, &text)]);
        for args in [&["."][..], &[name], &["--force-exclude", name]] {
            let output = portal_lint(folder.path(), &[&["check", "--format", "concise"], args].concat(), b"");
            assert_eq!((exit_code(&output), stderr(&output).as_str()), (1, ""), "{args:?} {text}");
            assert!(stdout(&output).contains("error[RCP901]") && !stdout(&output).contains("template, not"), "{text}");
        }
    }
    // Template syntax that is not a shortcode makes the same file a template.
    for value in ["{% if x %}", "{{- name -}}", "{{ .Values.x }}", "{{ x | filter }}", "{{ include \"x\" . }}"] {
        let folder = create_folder(&[("a.yaml", &yaml_with("subject", value))]);
        let output = portal_lint(folder.path(), &["check", "--force-exclude", "--quiet", "a.yaml"], b"");
        assert_eq!(
            (exit_code(&output), stderr(&output).as_str()),
            (0, "portal-lint: a.yaml: skipped, because it is a template\n"),
            "{value}"
        );
    }
}

#[test]
fn the_error_for_a_folder_without_portals_says_which_files_are_skipped() {
    let helm = "recaptcha:\n  enabled: true\nsmtp_profile: default\n";
    let folder = create_folder(&[("values.yaml", helm), TEMPLATES[0]]);
    let output = portal_lint(folder.path(), &["check"], b"");
    assert_eq!(exit_code(&output), 2);
    let errors = stderr(&output);
    assert!(errors.contains("other JSON and YAML files with the fields of a portal"), "{errors}");
    assert!(errors.contains("skips templates, excluded or git-ignored files, and symlinks"), "{errors}");
}

#[test]
fn files_next_to_templates_are_checked() {
    let broken = clean_body().replace("\"Acme Subscription Portal\"", "\"\"");
    let mut files: Vec<(&str, &str)> = TEMPLATES.to_vec();
    let clean = clean_body();
    files.push(("clean.json", &clean));
    let folder = create_folder(&files);
    let check = |args: &[&str]| portal_lint(folder.path(), args, b"");
    let walked = check(&["check", "--format", "concise"]);
    assert_eq!((exit_code(&walked), stdout(&walked).as_str()), (0, ""));
    let (lines, summary) =
        stderr(&walked).trim_end().rsplit_once('\n').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("lines");
    assert_eq!(lines.lines().count(), TEMPLATES.len(), "{lines}");
    assert_eq!(
        summary,
        format!("portal-lint: no problems found in 1 portal (1 file); {} templates skipped", TEMPLATES.len())
    );
    assert_eq!(stderr(&check(&["check", "--threads", "3", "--format", "concise"])), stderr(&walked));
    assert_eq!(stderr(&check(&["check", "--quiet"])).trim_end(), lines);
    assert_eq!(stderr(&check(&["check", "--fix", "--quiet"])).trim_end(), lines);
    let preflight = check(&["preflight"]);
    assert!(stderr(&preflight).contains("helm.yaml: skipped") && !stdout(&preflight).contains("helm"));
    fs::write(folder.path().join("bad.json"), broken).expect("a file");
    assert_eq!(exit_code(&check(&["check"])), 1);
    // A file that `include` matches is checked.
    fs::write(folder.path().join("portal-lint.toml"), "include = [\"helm.yaml\"]\n").expect("a file");
    let included = check(&["check", "--format", "concise"]);
    assert!(
        exit_code(&included) == 1 && stdout(&included).contains("helm.yaml:1:1: error[RCP903]"),
        "{}",
        stdout(&included)
    );
}

#[test]
fn template_syntax_inside_text_is_content() {
    let html = "<p class=\\\"x\\\">{{email_code}}</p> {% if a %} {{ first_name }} <% b %> {# c #}";
    let json = clean_body().replacen("\"Acme Subscription Portal\"", &format!("\"{html}\""), 1);
    let yaml = "name: Acme {{ name }}\nsmtp_profile: \"{{ smtp }}\"\ntracking_domain: '{% td %}'\nrecaptcha: {}\n\
                customer_emails:\n  customer_account_confirm_email:\n    html: |\n      {{email_code}}\n      {% if a %}\n\n      \
                <% b %>\n    subject: >-\n      {{ first_name }}\n# {% comment %}\n"
        .to_owned();
    // Files with syntax errors that are not template syntax.
    let cases = [
        ("a.json", json.clone()),
        ("comma.json", json.replace("\"enabled\": false,", "\"enabled\": false")),
        ("quotes.json", clean_body().replace("{{email_code}}", "\"hi\" {{email_code}} \"there\",")),
        ("unquoted.json", r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "footer_html": {{email_code}} }"#.into()),
        ("lines.json", clean_body().replace("{{email_code}}", "\n{{ first_name }}\n{% if a %}\n")),
        ("attributes.json", clean_body().replace("{{email_code}}", "<p class=\"x\">\n{{ first_name }}\n</p>")),
        ("brace.json", "{{\"recaptcha\": {}, \"customer_emails\": {}}}".into()),
        ("keys.json", "{{recaptcha: {}, customer_emails: {}}}".into()),
        ("a.yaml", yaml.clone()),
        ("indent.yaml", yaml.replace("recaptcha: {}", "recaptcha: {\n a: [}")),
        ("quote.yaml", yaml.replace("tracking_domain: '", "tracking_domain: \"")),
    ];
    for (name, text) in cases {
        let folder = create_folder(&[(name, &text)]);
        let output = portal_lint(folder.path(), &["check", "--isolated", "--format", "concise", name], b"");
        assert!(
            !stderr(&output).contains("template") && !stdout(&output).contains("template, not"),
            "{name} {}",
            stdout(&output)
        );
    }
}

/// `code severity` of each finding in a file with this text.
fn codes_and_severities(text: &str, args: &[&str]) -> Vec<String> {
    let folder = create_folder(&[("a.json", text)]);
    let args = [&["check", "--format", "json", "a.json"], args].concat();
    let report = stdout_json(&portal_lint(folder.path(), &args, b""));
    let mut lines = Vec::new();
    for finding in array(&report["diagnostics"]) {
        lines.push(format!("{} {}", json::text(&finding["code"]), json::text(&finding["severity"])));
    }
    lines
}

#[test]
fn an_edit_with_a_misspelled_id_has_one_finding() {
    for key in ["customer_portal_ID", "customerPortalId", "portal_id"] {
        let text = format!(r#"{{ "{key}": "Zb4Nf8QwR2sXk6LmT0Vy", "footer_html": "<p>Acme</p>" }}"#);
        assert_eq!(codes_and_severities(&text, &[]), ["RCP024 error"], "{key}");
    }
    // In a complete create body, the ID is only one field too many.
    assert_eq!(codes_and_severities(&clean_body().replacen('{', "{ \"portal_id\": \"x\",", 1), &[]), ["RCP024 error"]);
}

#[test]
fn an_edit_without_an_id_is_accepted_if_its_kind_is_given() {
    let text = r#"{ "footer_html": "<p>Acme</p>" }"#;
    assert_eq!(codes_and_severities(text, &["--kind", "edit"]), ["RCP100 advice"]);
    let call = r#"{ "name": "EditCustomerPortal", "arguments": { "footer_html": "<p>Acme</p>" } }"#;
    assert!(codes_and_severities(call, &[]).contains(&"RCP100 error".to_owned()));
}

#[test]
fn json_below_comments_on_standard_input_is_json_with_comments() {
    let folder = create_folder(&[]);
    for comments in ["// a portal\n", "/* a\nportal */ // of ours\n\n"] {
        let text = format!("{comments}{}", clean_body());
        let output = portal_lint(folder.path(), &["check", "--isolated", "-"], text.as_bytes());
        assert_eq!(exit_code(&output), 0, "{}", stdout(&output));
    }
    let output = portal_lint(folder.path(), &["check", "--isolated", "-"], b"// a portal\nname: x\n");
    assert!(stdout(&output).contains("comment syntax from another language"), "{}", stdout(&output));
}

#[test]
fn a_settings_file_in_place_of_a_portal_is_reported_as_toml() {
    let folder = create_folder(&[("portal-lint.toml", "[severity]\n"), ("a.portal.json", &clean_body())]);
    let output = portal_lint(folder.path(), &["check", "--format", "concise", "portal-lint.toml"], b"");
    let expected = "portal-lint.toml:1:1: error[RCP900] this is a TOML file, but a portal is JSON or YAML\n";
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (1, expected));
    assert_eq!(exit_code(&portal_lint(folder.path(), &["check", "."], b"")), 0);
}
