//! Safe fixes: all values that they change, and values that they must not change, because the new value could have another meaning,
//! grant a permission or enable a portal.

use std::fs;

use crate::support::corpus::corpus_inputs;
use crate::support::program::clean_body;
use crate::support::{check_files_with, memory_file, repository};
use portal_lint::base::diagnostic::Applicability;
use portal_lint::engine::fix::apply_fixes;
use portal_lint::settings::Settings;
use serde_json::Value as Json;

/// The text of a file after all safe fixes.
fn fix_text(name: &str, text: &str) -> String {
    apply_fixes(&memory_file(name, text), text.to_owned(), &Settings::default(), Applicability::Safe).text
}

/// The text of a file after all fixes.
fn fix_text_unsafely(name: &str, text: &str) -> String {
    apply_fixes(&memory_file(name, text), text.to_owned(), &Settings::default(), Applicability::Unsafe).text
}

/// A clean body with another code in one of its two emails.
fn body_with_code(code: &str, email_index: usize) -> String {
    let parts: Vec<String> = clean_body().split("{{email_code}}").map(str::to_owned).collect();
    let code = Json::from(code).to_string();
    let mut codes = ["{{email_code}}"; 2];
    codes[email_index] = &code[1..code.len() - 1];
    format!("{}{}{}{}{}", parts[0], codes[0], parts[1], codes[1], parts[2])
}

#[test]
fn spaces_a_third_brace_and_letter_case_in_a_code_are_fixed_safely() {
    let safe_codes = [
        "{{ email_code }}",
        "{{email_code }}",
        "{{  email_code}}",
        "{{\temail_code}}",
        "{{\nemail_code\n}}",
        "{{{email_code}}}",
        "{{{ email_code }}}",
        "{{Email_Code}}",
        "{{EMAIL_CODE}}",
        "{{ EMAIL_code }}",
        "{{{ Email_Code }}}",
    ];
    for email_index in [0, 1] {
        for code in safe_codes {
            assert_eq!(fix_text("a.json", &body_with_code(code, email_index)), clean_body(), "{code}");
        }
    }
}

#[test]
fn a_code_with_any_other_difference_is_not_fixed_safely() {
    let unsafe_codes = [
        "{{#email_code}}",
        "{{# email_code }}",
        "{{#email_code}}Your code: {{.}}{{/email_code}}",
        "{{^email_code}}Ask us for a code.{{/email_code}}",
        "{{{#email_code}}}",
        "{{/email_code}}",
        "{{&email_code}}",
        "{{& email_code }}",
        "{{&Email_Code}}",
        "{{>email_code}}",
        "{{!email_code}}",
        "{{=email_code=}}",
        "{{~email_code~}}",
        "{{~ email_code}}",
        "{{email_code~}}",
        "{{-email_code-}}",
        "{{- email_code -}}",
        "{{.email_code}}",
        "{{ .email_code }}",
        "{{email_code.}}",
        "{{email_code..}}",
        "{{$email_code}}",
        "{{@email_code}}",
        "{{%email_code%}}",
        "{{email_code%}}",
        "{{email_code|}}",
        "{{email_code | upcase}}",
        "{{ email_code|upper }}",
        "{{ EMAIL_CODE | downcase }}",
        "{{email_code|default:\"-\"}}",
        "{{email_code || '-'}}",
        "{{email_code ?? '-'}}",
        "{{email_code()}}",
        "{{email_code[0]}}",
        "{{email_code;}}",
        "{{email_code!}}",
        "{{'email_code'}}",
        "{{\"email_code\"}}",
        "{{customer.email_code}}",
        "{{this.email_code}}",
        "{{{{email_code}}}}",
        "{{{{{email_code}}}}}",
        "{{email_code}",
        "{email_code}}",
        "{{{email_code}}",
        "{email_code}",
        "${email_code}",
        "#{email_code}",
        "[[email_code]]",
        "<%= email_code %>",
        "{% email_code %}",
        "{{emailcode}}",
        "{{email-code}}",
        "{{email code}}",
        "{{emial_code}}",
        "{{code}}",
        "{{email_\u{200b}code}}",
        "{{\u{feff}email_code}}",
        "{{&#32;email_code}}",
        "{{email_<b>code</b>}}",
        "&#123;&#123;email_code&#125;&#125;",
    ];
    for email_index in [0, 1] {
        for code in unsafe_codes {
            let text = body_with_code(code, email_index);
            assert_eq!(fix_text("a.json", &text), text, "{code}");
        }
    }
    // The start of a block has no fix: replacing it alone would leave its end.
    let block = body_with_code("{{#email_code}}Your code: {{.}}{{/email_code}}", 0);
    assert!(fix_text_unsafely("a.json", &block).contains("{{#email_code}}"));
    assert_eq!(fix_text_unsafely("a.json", &body_with_code("{{email_code | upcase}}", 0)), clean_body());
}

/// The pointers of all flags whose value `true` grants or enables something.
fn flag_pointers() -> Vec<String> {
    let body: Json = serde_json::from_str(&clean_body()).expect("JSON");
    let permissions = body["customer_permissions"].as_object().expect("an object");
    let permissions = permissions.keys().map(|name| format!("/customer_permissions/{name}"));
    permissions.chain(["/enabled".into(), "/create_non_existing_customer".into()]).collect()
}

#[test]
fn safe_fixes_may_write_false_but_never_grant_or_enable() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    // The value in the file, and the value after a safe fix.
    let in_yaml = [
        ("no", "false"),
        ("No", "false"),
        ("OFF", "false"),
        ("\"false\"", "false"),
        ("'false'", "false"),
        ("yes", "yes"),
        ("Yes", "Yes"),
        ("ON", "ON"),
        ("on", "on"),
        ("y", "y"),
        ("Y", "Y"),
        ("1", "1"),
        ("'true'", "'true'"),
        ("\"true\"", "\"true\""),
        ("!!str true", "!!str true"),
        ("\"yes\"", "\"yes\""),
        ("tr\u{200b}ue", "tr\u{200b}ue"),
    ];
    let in_json =
        [("\"false\"", "false"), ("\"true\"", "\"true\""), ("\"True\"", "\"True\""), ("1", "1"), ("\"1\"", "\"1\"")];
    for pointer in flag_pointers() {
        let key = pointer.rsplit('/').next().expect("a key");
        let in_yaml = in_yaml.map(|(before, after)| ("a.yaml", &yaml, format!("{key}: "), before, after));
        let json = clean_body();
        let in_json = in_json.map(|(before, after)| ("a.json", &json, format!("\"{key}\": "), before, after));
        for (name, body, start, before, after) in in_yaml.into_iter().chain(in_json) {
            let value = ["true", "false"].into_iter().find(|value| body.contains(&format!("{start}{value}")));
            let clean_value = format!("{start}{}", value.expect("a flag"));
            let text = body.replacen(&clean_value, &format!("{start}{before}"), 1);
            let expected = body.replacen(&clean_value, &format!("{start}{after}"), 1);
            assert_eq!(fix_text(name, &text), expected, "{pointer}: {before}");
        }
    }
    let unsafely = yaml.replacen("subscription_cancel: false", "subscription_cancel: yes", 1);
    assert!(fix_text_unsafely("a.yaml", &unsafely).contains("subscription_cancel: true"));
}

#[test]
fn objects_duplicates_response_fields_and_numeric_ids_are_fixed_safely() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let id = "Kq7ZpW2mVx9LcT4bRn8D";
    let campaign = "[\"P9dRk2XyM5vHs8LqT1Fz\"]";
    let cases: [(&str, String, String); 5] = [
        // An object from a response in place of its ID.
        (
            "a.json",
            clean_body().replace(&format!("\"{id}\""), &format!("{{ \"id\": \"{id}\", \"name\": \"Acme\" }}")),
            clean_body(),
        ),
        // An ID that is listed twice.
        (
            "a.json",
            clean_body().replace(campaign, "[\"P9dRk2XyM5vHs8LqT1Fz\", \"P9dRk2XyM5vHs8LqT1Fz\"]"),
            clean_body(),
        ),
        // A field that only responses have.
        (
            "a.json",
            clean_body().replacen("\"name\":", "\"created_date_unix\": 1740000000,\n  \"name\":", 1),
            clean_body(),
        ),
        // An ID that some YAML parsers read as a number.
        (
            "a.yaml",
            yaml.replace(&format!("tracking_domain: {id}"), "tracking_domain: 72930184655019283746"),
            yaml.replace(&format!("tracking_domain: {id}"), "tracking_domain: \"72930184655019283746\""),
        ),
        ("a.yaml", yaml.replace("subscription_cancel: false", "subscription_cancel: no"), yaml.clone()),
    ];
    for (name, before, after) in cases {
        assert_ne!(before, after);
        assert_eq!(fix_text(name, &before), after, "{before}");
    }
}

#[test]
fn a_value_shared_by_an_alias_is_not_fixed() {
    // A safe fix would change the anchored value, which another field shares through an alias.
    let cases = [
        "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\nenabled: &flag no\ndisplay_name: *flag\n",
        "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\ndisplay_name: &flag \"false\"\nenabled: *flag\n",
        "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\ncreated_date_unix: &flag true\nenabled: *flag\n",
        "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\nbase: &base\n  subscription_cancel: yes\ncustomer_permissions:\n  <<: *base\n",
    ];
    for text in cases {
        assert_eq!(fix_text("a.yaml", text), text);
    }
}

#[test]
fn no_safe_fix_of_any_fixture_writes_true() {
    for (origin, inputs) in corpus_inputs() {
        let report = check_files_with(&inputs, |settings| settings.with_edits = true);
        for diagnostic in &report.diagnostics {
            let Some(fix) = &diagnostic.fix else { continue };
            let is_safe = fix.applicability == Applicability::Safe;
            for edit in diagnostic.unmasked_edits.iter().flatten().filter(|_| is_safe) {
                assert!(!edit.replacement.contains("true"), "{origin}: {} {}", diagnostic.code, diagnostic.message);
            }
        }
    }
}
