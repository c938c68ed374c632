//! Files with thousands of findings are checked in linear time.

use crate::base::file::{Inclusion, InputFile, Origin, WalkMatch};
use crate::base::steps::assert_linear;
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::settings::Settings;

fn check_text(name: &str, text: &str) -> Report {
    let input =
        InputFile::new(name, Origin::Memory(text.as_bytes().to_vec()), Inclusion::Explicit(WalkMatch::Included));
    check(vec![input], &Settings::default())
}

#[test]
fn files_with_thousands_of_findings_are_checked_in_linear_time() {
    const ID: &str = "\"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\"";
    const YAML_ID: &str = "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\n";
    const LIST: &str = "customer_filters:\n  campaign:\n";
    // The name, the extension, the start of the text, a unit that is repeated with its number in place of `#`, and the end of the text.
    let shapes = [
        ("bad IDs", ".json", format!("{{{ID}, \"customer_filters\": {{\"campaign\": ["), "\"x#\", ", "\"\"]}}"),
        ("repeated IDs", ".yaml", format!("{YAML_ID}{LIST}"), "    - P9dRk2XyM5vHs8LqT1Fz\n", ""),
        ("object IDs", ".yaml", format!("{YAML_ID}{LIST}"), "    - {id: P9dRk2XyM5vHs8LqT1Fz, name: n#}\n", ""),
        ("bad escapes", ".json", format!("{{{ID}, \"description\": \""), "\\q", "\"}"),
        ("links", ".yaml", format!("{YAML_ID}footer_html: |\n"), "  <a href='http://a#.acme.com/'>x</a>\n", ""),
        ("repeated keys", ".json", format!("{{{ID}"), ", \"enabled\": false", "}"),
        ("two of each key", ".json", format!("{{{ID}"), ", \"key#\": {\"a\": 1, \"a\": 2}", "}"),
        ("a long key", ".json", format!("{{{ID}, \"{}\": [", "k".repeat(4000)), "{\"a\": 1, \"a\": 2}, ", "0]}"),
        ("unknown aliases", ".yaml", format!("{YAML_ID}{LIST}"), "    - *a#\n", ""),
        ("aliases", ".yaml", format!("{YAML_ID}a: &a P9dRk2XyM5vHs8LqT1Fz\n{LIST}"), "    - *a\n", ""),
        ("merge keys", ".yaml", format!("{YAML_ID}x: &a {{b: 1}}\ny:\n"), "  - {<<: *a, <<: *a}\n", ""),
        ("tabs", ".yaml", format!("{YAML_ID}x:\n"), "\ta: 1\n", ""),
        ("documents", ".yaml", YAML_ID.to_owned(), "---\nx\n", ""),
        (
            "portals",
            ".yaml",
            String::new(),
            "---\nname: A#\ntracking_domain: Kq7ZpW2mVx9LcT4bRn8D\nrecaptcha: {}\ncustomer_permissions: {}\n",
            "",
        ),
        ("one long line", ".json", format!("{{{ID}"), ", \"key#\": 1", "}"),
        ("misnested tags", ".yaml", format!("{YAML_ID}footer_html: |\n"), "  <b><i></b></i>\n", ""),
        (
            "schema violations",
            ".json",
            format!("{{{ID}, \"customer_permissions\": {{"),
            "\"key#\": 1, ",
            "\"contact_modify\": 1}}",
        ),
        ("misplaced fields", ".json", format!("{{{ID}"), ", \"site_key\": \"#\"", "}"),
        ("allows", ".yaml", YAML_ID.to_owned(), "# portal-lint: allow unknown-field -- agreed\nkey#: 1\n", ""),
        (
            "allows of the file",
            ".yaml",
            YAML_ID.to_owned(),
            "# portal-lint: allow-file unknown-field -- agreed\nkey#: 1\n",
            "",
        ),
        (
            "variables",
            ".json",
            format!("{{{ID}, \"customer_filters\": {{\"campaign\": ["),
            "\"${V#}\", ",
            "\"${V}\"]}}",
        ),
        ("secrets", ".yaml", format!("{YAML_ID}x:\n"), "  - password: hunter#secret\n", ""),
        ("names of secrets", ".json", "{".to_owned(), "secret.a.b.c1.", ""),
    ];
    for (name, extension, start, unit, end) in shapes {
        let text_of_len = |len: usize| {
            let units: String = (0..len / unit.len()).map(|number| unit.replace('#', &number.to_string())).collect();
            format!("{start}{units}{end}")
        };
        assert_linear(name, text_of_len, |text| drop(check_text(&format!("a{extension}"), text)));
    }
}
