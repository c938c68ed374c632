//! Texts next to secrets that stay readable.

use crate::support::json::field_texts;
use crate::support::program::{create_folder, portal_lint, stdout, stdout_json};

#[test]
fn a_variable_after_a_broken_colon_is_not_masked() {
    let text = "recaptcha:\n  site_key: x\n  secret_key; ${RECAPTCHA_SECRET}\n";
    let folder = create_folder(&[("a.portal.yaml", text)]);
    let shown = stdout(&portal_lint(folder.path(), &["check", "--isolated", "a.portal.yaml"], b""));
    assert!(shown.contains("secret_key; ${RECAPTCHA_SECRET}"), "{shown}");
}

/// Programs find a field by its pointer, so a key with several words is shown although one of them is the name of a secret.
#[test]
fn a_pointer_contains_the_names_of_keys_unchanged() {
    let body = r#"{"name": "Acme", "webhook${{ github.token }}": 5, "token of the shop": 1, "recaptcha": {"password hint for us": 1},
        "token ${{ github.token }}": 1, "api_key ${{ a }} ${B}": 1}"#;
    let yaml =
        "name: Acme\nwebhook${{ github.token }}: 5\ntoken of the shop: 1\nrecaptcha:\n  password hint for us: 1\n";
    let plain = format!("{yaml}token ${{{{ github.token }}}}: 1\napi_key ${{{{ a }}}} ${{B}}: 1\n");
    let quoted = format!("{yaml}\"token ${{{{ github.token }}}}\": 1\n'api_key ${{{{ a }}}} ${{B}}' : 1\n");
    for (name, text) in [("a.portal.json", body), ("a.portal.yaml", &plain), ("b.portal.yaml", &quoted)] {
        let folder = create_folder(&[(name, text)]);
        let report = stdout_json(&portal_lint(folder.path(), &["check", "--format", "json", "."], b""));
        let pointers = field_texts(&report["diagnostics"], "pointer");
        for pointer in [
            "/webhook${{ github.token }}",
            "/token of the shop",
            "/recaptcha/password hint for us",
            "/token ${{ github.token }}",
            "/api_key ${{ a }} ${B}",
        ] {
            assert!(pointers.contains(&pointer), "{name}: {pointers:?}");
        }
    }
}
