use crate::base::source::Format;
use crate::model::secrets::*;
use crate::syntax::{Limits, parse};

fn mask_text(text: &str, format: Format) -> String {
    let source = Source::new("t", text, format);
    let parsed = parse(&source, &Limits::default());
    let secrets = Secrets::find(&source, &parsed);
    secrets.mask_source(&source).text().to_owned()
}

#[test]
fn a_secret_is_masked_byte_for_byte_under_every_name_of_its_key() {
    for key in [
        "secret_key",
        "secert_key",
        "SecretKey",
        "smtp_password",
        "smtp_passwor",
        "api_ke",
        "api-key",
        "access_token",
        "anything",
    ] {
        let text = format!("{{\"recaptcha\": {{\"site_key\": \"public-site\", \"{key}\": \"canary-ü-1\"}}}}");
        let shown = mask_text(&text, Format::Json);
        assert_eq!(shown.len(), text.len());
        assert!(!shown.contains("canary") && shown.contains("public-site"), "{shown}");
    }
    assert!(!mask_text(r#"{"recaptcha": "canary-1"}"#, Format::Json).contains("canary"));
    assert!(!mask_text(r#"{"Password": ["canary-1", {"a": "canary-2"}]}"#, Format::Json).contains("canary"));
}

#[test]
fn a_secret_is_masked_wherever_else_it_occurs() {
    let shown = mask_text(r#"{"name": "x canary-1 y", "secret_key": "canary-1", "token": 12345678}"#, Format::Json);
    assert_eq!(shown, r#"{"name": "x ******** y", "secret_key": "********", "token": ********}"#);
}

#[test]
fn the_start_of_a_secret_in_a_message_is_masked() {
    let source = Source::new("t", r#"{"secret_key": "canary-secret-that-is-long"}"#, Format::Json);
    let secrets = Secrets::find(&source, &parse(&source, &Limits::default()));
    assert_eq!(secrets.mask("the `canary-secret-th…` of".into()), "the `****************…` of");
    assert_eq!(secrets.mask("the canary".into()), "the canary");
}

#[test]
fn a_secret_outside_its_value_is_masked() {
    for text in [
        "recaptcha: {site_key: a, secret_key:canary-1}",
        "recaptcha: {site_key: a, secret_key canary-1}",
        "recaptcha:\n  secret_key canary-1\n  x: 1\n",
        "recaptcha:\n  secret_key: &canary-1\n  x: 1\n",
        "secret_key: 5 # canary-1\nx: 1\n",
        "# the old secret_key canary-1\nx: 1\n",
        "secret_key: \"a\" canary-1\nx: 1\n",
        "secret_key: {canary-1: 1}\n",
    ] {
        assert!(!mask_text(text, Format::Yaml).contains("canary"), "{text}: {}", mask_text(text, Format::Yaml));
    }
    assert!(!mask_text(r#"{"secret_key": "a" canary-1, "b": 1}"#, Format::Json).contains("canary"));
}

#[test]
fn the_key_after_a_secret_is_not_masked() {
    let text = "{secret_key: '${SECRET}', with blanks: x, name: y}\n";
    assert_eq!(mask_text(text, Format::Yaml), text);
}

#[test]
fn a_value_after_a_look_alike_of_a_colon_is_masked() {
    for colon in ":\u{2d0}\u{589}\u{5c3}\u{2236}\u{a789}\u{fe13}\u{fe30}\u{fe55}\u{ff1a}".chars() {
        for (format, text) in [
            (Format::Yaml, format!("secret_key{colon} canary-1\nname: x\n")),
            (Format::Yaml, format!("secret_key{colon}canary-1\nname: x\n")),
            (Format::Yaml, format!("recaptcha: {{secret_key{colon} canary-1, name: x}}\n")),
            (Format::Yaml, format!("# secret_key{colon}\n# canary-1\nname: x\n")),
            (Format::Json, format!("{{\"secret_key\"{colon} \"canary-1\", \"name\": \"x\"}}")),
        ] {
            let shown = mask_text(&text, format);
            assert!(!shown.contains("canary") && shown.contains("name"), "{text}: {shown}");
        }
    }
}

#[test]
fn the_password_reset_email_is_not_masked() {
    let text = r#"{"customer_account_password_reset": {"from": "support@acme-outfitters.com"}}"#;
    assert_eq!(mask_text(text, Format::Json), text);
}

#[test]
fn the_password_reset_email_is_not_masked_in_a_broken_file() {
    let text = "a: [\ncustomer_account_password_reset:\n  from: support@acme-outfitters.com\n";
    assert!(!mask_text(text, Format::Yaml).contains('*'));
}

#[test]
fn the_schema_below_a_secret_is_not_masked() {
    let text =
        "recaptcha:\n  secret_key: \"${NAME}\"\n$schema: >-\n  https://portal-lint.dev/create.schema.json\nname: x\n";
    assert_eq!(mask_text(text, Format::Yaml), text);
}

#[test]
fn a_variable_is_not_masked() {
    let text = r#"{"secret_key": "${RECAPTCHA_SECRET}"}"#;
    assert_eq!(mask_text(text, Format::Json), text);
}

#[test]
fn a_secret_is_masked_in_a_file_with_syntax_errors() {
    for text in [
        r#"{"secret_key": "canary-1" "b": 1}"#,
        r#"{"secret_key": "canary-1"#,
        "{'secret_key': 'canary-1'}",
        "{secret_key: canary-1, b: [}",
        r#"{"secret_key" "canary-1"}"#,
        "<<<<<<< a\n{\"secret_key\": \"x\"}\n=======\n{\"secret_key\": \"canary-1\"}\n>>>>>>> b\n",
    ] {
        assert!(!mask_text(text, Format::Json).contains("canary"), "{text}");
    }
}

#[test]
fn a_secret_that_is_written_like_an_entry_in_a_string_is_masked() {
    for text in [
        "Subscriptions\n  \"secret_key\":\"canary-1\"\nfor all",
        "name: Acme\n  \"secret_key\":\"canary-1\"\nenabled: false\n",
        "recaptcha: site_key=x secret_key=canary-1\n",
        "html: '<p>{{email_code\n  \"api_key\":\"canary-1\"\n}}</p>'\n",
        " \"customer\n  smtp_password: canary-1\n_portal_id\"\n",
        "recaptcha: {site_key: a, SECRET_KEY ,\n  canary-1}\n",
        "apiKey| # canary-1\nname: Acme\nrecaptcha: @\n",
    ] {
        assert!(!mask_text(text, Format::Yaml).contains("canary"), "{}", mask_text(text, Format::Yaml));
    }
    for prose in [
        "description: \"The secret_key=value is in the vault\"\n",
        "html: \"<p>Choose 'password' or 'secret_key' below: see you</p>\"\n",
    ] {
        assert_eq!(mask_text(prose, Format::Yaml), prose);
    }
}

#[test]
fn the_entry_below_a_secret_in_braces_is_not_masked() {
    for value in ["\\x24{NAME}", "${NAME}", "canary-1"] {
        let text = format!("{{a: {{\n'secret_key': \"{value}\",}}, # ]}}\n\"custom\\x65r\": 1, custom_name: 2}}\n");
        let source = Source::new("test", text, Format::Yaml);
        let secrets = Secrets::find(&source, &parse(&source, &Limits::MAX));
        assert_eq!(secrets.mask("/custom_name".to_owned()), "/custom_name", "{value}");
    }
}

#[test]
fn a_secret_at_which_a_message_truncates_a_text_is_masked() {
    let secrets = Secrets { values: vec!["canary-secret-1".to_owned()], ..Secrets::default() };
    assert_eq!(secrets.mask("use `Kq7Z password: canar…`".to_owned()), "use `Kq7Z password: *****…`");
    assert_eq!(secrets.mask("`canary-secret…`, `a can…`".to_owned()), "`*************…`, `a can…`");
}

#[test]
fn a_secret_in_the_same_string_as_its_name_is_masked() {
    for text in [
        r#"[ {"secret_key canary-1" ] , "display_name": 5}"#,
        r#"[ {"secret_key canary\u0041-1" ] , "display_name": 5}"#,
        r#"{"recaptcha": {"site_key": "a", secert_key canary-1,}, "enabled": false}"#,
        r#"{"name": nope "secret_key canary\u002d1 "display_name": "5}"#,
    ] {
        assert!(!mask_text(text, Format::Json).contains("canary"), "{text}: {}", mask_text(text, Format::Json));
    }
}

#[test]
fn a_line_of_a_secret_that_only_starts_like_the_schema_key_is_masked() {
    let text = "recaptcha:\n  secret_key: \"canary-1\n$schemacanary-2: foo\"\nname: 5\n";
    assert!(!mask_text(text, Format::Yaml).contains("canary"), "{}", mask_text(text, Format::Yaml));
}

#[test]
fn text_with_less_indentation_than_its_block_scalar_is_masked() {
    let text = "smtp_password: |\n  kV7-rose\nTangente blue\n-canary\nenabled: false\n";
    let masked = mask_text(text, Format::Yaml);
    assert_eq!(masked.lines().collect::<Vec<_>>()[2..], ["******** ****", "*******", "enabled: false"]);
}

#[test]
fn names_of_fields_below_a_secret_key_and_expressions_are_not_masked() {
    let text = r#"{"password": {"enabled": "canary-1"}, "enabled": "no", "api_key": "${{ github.token }}"}"#;
    let masked = mask_text(text, Format::Json);
    assert_eq!(masked, text.replace("canary-1", "********"));
}

#[test]
fn a_secret_that_is_a_part_of_a_field_name_is_masked_only_where_it_is_a_value() {
    for (secret, field) in [("enabled", "enabled"), ("create", "create_non_existing_customer"), ("portal", "portal_id")]
    {
        let text = format!(r#"{{"password": "{secret}", "{field}": "no"}}"#);
        for text in [text.clone(), text.replace('}', ",,}")] {
            let source = Source::new("test", text.as_str(), Format::Json);
            let secrets = Secrets::find(&source, &parse(&source, &Limits::MAX));
            let masked = text.replacen(&format!("\"{secret}\""), &format!("\"{}\"", "*".repeat(secret.len())), 1);
            assert_eq!(secrets.mask_source(&source).text(), masked);
            assert_eq!(secrets.mask(format!("/{field}")), format!("/{field}"));
        }
    }
    let source = Source::new("test", "password: create\n", Format::Yaml);
    let secrets = Secrets::find(&source, &parse(&source, &Limits::MAX));
    assert_eq!(secrets.mask("the name is `create`".to_owned()), "the name is `******`");
}

#[test]
fn the_words_of_a_comment_about_a_secret_are_masked_only_there() {
    let text = "# the secret of the customer portal\nname: customer portal\n";
    assert_eq!(mask_text(text, Format::Yaml).lines().last(), Some("name: customer portal"));
    let text = "# smtp_password: hunterpass\nname: hunterpass\n";
    assert!(!mask_text(text, Format::Yaml).contains("hunterpass"));
}

#[test]
fn a_secret_is_masked_in_a_comment_but_a_variable_is_not() {
    let text = "secret_key: ${NAME}\nb: *x\n";
    assert_eq!(mask_text(text, Format::Yaml), text);
    let text = "// secret_key: canary-1\n{\"a\": 1}";
    assert!(!mask_text(text, Format::Jsonc).contains("canary"));
}

#[test]
fn a_text_that_looks_like_a_secret_is_masked_anywhere_after_a_name_in_a_broken_file() {
    for (format, text) in [
        (Format::Json, r#"{"a": 1 secret_key canary-1}"#),
        (Format::Json, r#"{"enabled": true smtp_password canary-1, "name": "x"}"#),
        (Format::Json, "{// \"sercet key\" is canary-1\n}"),
        (Format::Json, r#"{"a": secret_keycanary1canary1}"#),
        (Format::Yaml, "# smtp_password:\ncanary-1\nname: [\n"),
    ] {
        let shown = mask_text(text, format);
        assert!(!shown.contains("canary"), "{text}: {shown}");
    }
}

#[test]
fn a_text_that_looks_like_a_secret_is_masked_in_valid_yaml_without_quotes() {
    for text in [
        "x: ab, secretKey canary1canary123\n",
        "# smtp_password:\ncanary1canary123\n",
        "x: secretKey # canary1canary123\n",
    ] {
        assert!(!mask_text(text, Format::Yaml).contains("canary"), "{text}");
    }
    for prose in [
        "description: \"See secret_key canary1canary1234\"\n",
        "description: Reset your password in 24hours or canary-1\n",
        "description: Reset your password at https://canary1canary1234.com\n",
        "description: Choose a password\nlogo: canary1canary1234\n",
        "- Your password\n- canary1canary1234\n",
    ] {
        assert_eq!(mask_text(prose, Format::Yaml), prose);
    }
}

#[test]
fn a_secret_in_prose_or_after_a_split_name_of_a_broken_file_is_masked() {
    for (format, text) in [
        // Only letters, in the middle of a sentence.
        (Format::Yaml, "name: [\ndescription: Your smtp_password is xCanaryLettersOnly for now\n"),
        (Format::Json, r#"{"description": "the secret_key is xCanaryLettersOnly ok",, "name": 5}"#),
        (Format::Json, r#"{"name": 5, see secret_key is xCanaryLettersOnly "enabled": true}"#),
        (Format::Yaml, "name: [\nsubject: x\n  see the api_key which is xCanaryLettersOnly\n"),
        // Glued to a split name.
        (Format::Json, r#"{"sec"ret_keyA1Canary2C3d4E5f6: 1, "name": 5}"#),
        (Format::Yaml, "name: [\n\"secr\"et_keyA1Canary2C3d4E5f6\n"),
        (Format::Json, r#"{"secr" + "et_keyxCanaryLettersOnlyX", "name": 5}"#),
        // On the third line.
        (Format::Yaml, "sec\nret_key:\n  A1Canary2C3d4E5f6\nname: [\n"),
        (Format::Yaml, "sec\n  ret_key\n\n  A1Canary2C3d4E5f6\nname: [\n"),
        (Format::Json, "{\"sec\nret_key\":\n  A1Canary2C3d4E5f6, \"name\": 5}"),
        (Format::Yaml, "sec\nret_key:\n  xCanaryLettersOnly\nname: [\n"),
        // In a block scalar.
        (Format::Yaml, "name: [\nhtml: |\n  \"sec\"ret_key: A1Canary2C3d4E5f6\n  x\n"),
        (Format::Yaml, "name: [\nhtml: |\n  \"sec\"ret_key: xCanaryLettersOnly\n  x\n"),
    ] {
        let shown = mask_text(text, format);
        assert!(!shown.contains("Canary"), "{text}\n{shown}");
    }
}
