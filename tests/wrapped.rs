//! Portals inside tool calls, JSON strings and Markdown: what each command does with them.

use std::fs;
use std::path::Path;

use crate::support::json::{self, array, field_texts, findings_of, number};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;
use serde_json::{Value as Json, json};

const LINK: &str = "http://acme-outfitters.com/";
const SECRET: &str = "6LcAbCdEfGhIjKlMnOpQrStUvWxYz0123456789a";

fn create_body() -> Json {
    serde_json::from_str(&clean_body()).expect("JSON")
}

/// A body with a link that is not encrypted.
fn body_with_link() -> Json {
    let mut body = create_body();
    body["footer_html"] = format!("<p><a href=\"{LINK}\">Help</a></p>").into();
    body
}

fn call(body: &Json) -> Json {
    json!({ "name": "CreateCustomerPortal", "arguments": body })
}

/// A file for each way to wrap a body, with the pointer of the body. A body inside a JSON string has the pointer of the string.
fn wrapped_files(body: &Json) -> Vec<(&'static str, String, &'static str)> {
    let text = body.to_string();
    vec![
        ("call.json", call(body).to_string(), "/arguments"),
        (
            "request.json",
            json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call(body) }).to_string(),
            "/params/arguments",
        ),
        ("list.json", json!([call(body)]).to_string(), "/0/arguments"),
        ("object.json", json!({ "customer_portal": body }).to_string(), "/customer_portal"),
        (
            "block.yaml",
            format!("portal:\n  {}\n", serde_json::to_string_pretty(body).expect("JSON").replace('\n', "\n  ")),
            "/portal",
        ),
        ("text.json", call(&text.as_str().into()).to_string(), "/arguments"),
        ("string.json", Json::from(text.as_str()).to_string(), ""),
        ("single.yaml", format!("portal: '{}'\n", text.replace('\'', "''")), "/portal"),
        ("literal.yaml", format!("portal: |\n  {text}\n"), "/portal"),
    ]
}

fn diagnostics(folder: &Path, args: &[&str], stdin: &[u8]) -> Vec<Json> {
    let args = [&["check", "--isolated", "--format", "json"], args].concat();
    array(&stdout_json(&portal_lint(folder, &args, stdin))["diagnostics"]).to_vec()
}

fn codes(findings: &[Json]) -> Vec<&str> {
    findings.iter().map(|finding| json::text(&finding["code"])).collect()
}

#[test]
fn the_spans_and_pointers_are_those_of_the_file() {
    for (name, text, pointer) in wrapped_files(&body_with_link()) {
        let folder = create_folder(&[(name, &text)]);
        let found = diagnostics(folder.path(), &[name], b"");
        assert_eq!(codes(&found), ["RCP904", "RCP207"], "{name}");
        assert_eq!((&found[0]["severity"], &found[0]["pointer"]), (&"advice".into(), &pointer.into()), "{name}");
        let is_text = matches!(name, "text.json" | "string.json" | "single.yaml" | "literal.yaml");
        let expected = if is_text { pointer.to_owned() } else { format!("{pointer}/footer_html") };
        assert_eq!(found[1]["pointer"], expected.as_str(), "{name}");
        let [start, end] =
            ["start", "end"].map(|end| usize::try_from(number(&found[1]["span"][end]["offset"])).expect("an offset"));
        assert_eq!(&text[start..end], "http", "{name}");
    }
}

#[test]
fn a_walk_finds_wrapped_portals() {
    for (name, text, _) in wrapped_files(&body_with_link()) {
        let folder = create_folder(&[(name, &text)]);
        assert_eq!(diagnostics(folder.path(), &["."], b"").len(), 2, "{name}");
    }
    // Files of other programs. The last one is a customer record.
    for text in [
        r#"{"customer_portal": {"theme": "dark"}}"#,
        r#"{"name": "x", "arguments": {"recaptcha": 1}}"#,
        r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "display_name": "Jo", "email": "x", "customer_emails": [], "recaptcha": "ok"}"#,
    ] {
        let folder = create_folder(&[("other.json", text)]);
        assert_eq!(diagnostics(folder.path(), &["."], b""), Vec::<Json>::new(), "{text}");
    }
}

#[test]
fn render_prints_the_body_alone() {
    let body = json!({ "customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "enabled": false });
    for (name, text, _) in wrapped_files(&body) {
        let text = text.replace("CreateCustomerPortal", "EditCustomerPortal");
        let folder = create_folder(&[(name, &text)]);
        let output = portal_lint(folder.path(), &["render", name], b"");
        assert_eq!((exit_code(&output), stdout_json(&output)), (0, body.clone()), "{name}: {}", stderr(&output));
    }
}

#[test]
fn the_operation_decides_the_kind() {
    let folder = create_folder(&[(
        "edit.json",
        &json!({ "name": "CreateCustomerPortal", "arguments": { "customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy" } })
            .to_string(),
    )]);
    let report =
        stdout_json(&portal_lint(folder.path(), &["check", "--isolated", "--format", "json", "edit.json"], b""));
    assert_eq!(report["files"][0]["kind"], "create");
}

#[test]
fn a_fix_changes_only_the_wrapped_body() {
    for (name, text, _) in wrapped_files(&body_with_link()) {
        let folder = create_folder(&[(name, &text)]);
        portal_lint(folder.path(), &["check", "--isolated", "--fix", "--unsafe-fixes", name], b"");
        let fixed = fs::read_to_string(folder.path().join(name)).expect("the file");
        assert_eq!(fixed, text.replace(LINK, "https://acme-outfitters.com/"), "{name}");
    }
}

#[test]
fn a_fix_in_json_text_is_escaped() {
    let mut body = create_body();
    body.as_object_mut().expect("an object").remove("customer_permissions");
    let folder = create_folder(&[("call.json", &call(&body.to_string().into()).to_string())]);
    portal_lint(folder.path(), &["check", "--isolated", "--fix", "--unsafe-fixes", "call.json"], b"");
    let fixed = fs::read_to_string(folder.path().join("call.json")).expect("the file");
    let fixed: Json = serde_json::from_str(&fixed).expect("JSON");
    let fixed_body: Json = serde_json::from_str(json::text(&fixed["arguments"])).expect("JSON");
    assert_eq!(fixed_body["customer_permissions"]["subscription_cancel"], false);
}

#[test]
fn secrets_in_wrapped_bodies_are_masked() {
    let mut body = body_with_link();
    body["recaptcha"]["secret_key"] = SECRET.into();
    let mut files: Vec<(String, String)> =
        wrapped_files(&body).into_iter().map(|(name, text, _)| (name.to_owned(), text)).collect();
    files.push(("-".into(), markdown("json", &serde_json::to_string_pretty(&body).expect("JSON"))));
    // With an escape sequence in the secret, a search for it in the text of the file does not find it.
    let escaped = body.to_string().replace("6LcAb", "6L\\u0063Ab");
    files.push(("escaped.json".into(), call(&escaped.into()).to_string()));
    for (name, text) in files {
        let folder = create_folder(&[("z.json", &clean_body()), (&name.replace('-', "unused.txt"), &text)]);
        for format in ["human", "json", "sarif"] {
            let args = ["check", "--isolated", "--format", format, &name];
            let output = portal_lint(folder.path(), &args, text.as_bytes());
            let shown = stdout(&output) + &stderr(&output);
            assert!(shown.contains("RCP207") && !shown.contains(&SECRET[6..]), "{name} {format}: {shown}");
        }
    }
}

#[test]
fn preflight_has_the_same_verdict_for_a_wrapped_portal() {
    let snapshot = repository("fixtures/account.json");
    let args = ["preflight", "--isolated", "--format", "json", "--account", &snapshot.to_string_lossy()];
    let review = |name: &str, text: &str| {
        let folder = create_folder(&[(name, text)]);
        let output = portal_lint(folder.path(), &[&args[..], &[name]].concat(), b"");
        stdout_json(&output)["portals"][0].clone()
    };
    let expected = review("plain.json", &clean_body());
    for (name, text, _) in wrapped_files(&create_body()) {
        let portal = review(name, &text);
        assert_eq!(portal["verdict"], expected["verdict"], "{name}");
        assert_eq!(items_and_statuses(&portal), items_and_statuses(&expected), "{name}");
    }
    // A warning about a wrapped body is a warning of its item, too.
    let mut body = create_body();
    body["customer_permissions"]["subscription_cancel"] = true.into();
    for (name, text, _) in wrapped_files(&body) {
        let portal = review(name, &text);
        assert_eq!(portal["verdict"], "review", "{name}: {portal}");
        assert!(items_and_statuses(&portal).contains(&("V16", "warning")), "{name}: {portal}");
    }
}

/// The ID and the status of each item of a checklist.
fn items_and_statuses(portal: &Json) -> Vec<(&str, &str)> {
    array(&portal["items"]).iter().map(|item| (json::text(&item["id"]), json::text(&item["status"]))).collect()
}

#[test]
fn an_allow_entry_names_the_pointer_in_the_file() {
    let mut body = create_body();
    body["customer_permissions"]["subscription_cancel"] = true.into();
    let entry = |pointer: &str| {
        format!(
            "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"*.json\"]\npointer = \"{pointer}\"\nreason = \"agreed\"\n"
        )
    };
    for (pointer, allowed) in
        [("/arguments/customer_permissions/subscription_cancel", 1), ("/customer_permissions/subscription_cancel", 0)]
    {
        let folder = create_folder(&[("portal-lint.toml", &entry(pointer)), ("a.json", &call(&body).to_string())]);
        let report = stdout_json(&portal_lint(folder.path(), &["check", "--format", "json", "a.json"], b""));
        assert_eq!(report["summary"]["allowed"], allowed, "{pointer}");
    }
}

/// A text with prose around a fenced block.
fn markdown(language: &str, block: &str) -> String {
    format!("Here is the portal that I am about to create:\n\n```{language}\n{block}\n```\n\nShall I go on?\n")
}

#[test]
fn a_fenced_block_on_standard_input_is_checked_in_place() {
    let body = serde_json::to_string_pretty(&body_with_link()).expect("JSON");
    let yaml =
        "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\nfooter_html: <a href=\"http://acme-outfitters.com/\">Help</a>\n";
    let indented = "1. The portal:\n\n   ```yaml\n   customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\n   footer_html: <a href=\"http://acme-outfitters.com/\">Help</a>\n   ```\n";
    let with_command = format!("```bash\nls: 1\n```\n{}", markdown("", &body));
    let with_longer_fence = markdown("json", &body).replace("```", "````");
    let texts = [
        markdown("json", &body),
        markdown("", &body),
        markdown("yaml", yaml),
        indented.into(),
        with_command,
        with_longer_fence,
    ];
    for text in texts {
        let folder = create_folder(&[]);
        let found = diagnostics(folder.path(), &["-"], text.as_bytes());
        assert_eq!(codes(&found), ["RCP904", "RCP207"], "{text}");
        let fence = text[..text.find("http:").expect("a link")].rfind("```").expect("a fence");
        let fence_line = text[..fence].matches('\n').count() + 1;
        assert_eq!(found[0]["span"]["start"]["line"], fence_line, "{text}");
        assert_eq!(found[1]["pointer"], "/footer_html");
        assert_eq!(found[1]["span"]["start"]["offset"], text.find("http:").expect("a link"), "{text}");
        let output =
            portal_lint(folder.path(), &["check", "--isolated", "--fix", "--unsafe-fixes", "-"], text.as_bytes());
        assert_eq!(stdout(&output), text.replace(LINK, "https://acme-outfitters.com/"));
    }
}

#[test]
fn a_comment_in_a_fenced_block_allows_a_finding() {
    let yaml =
        "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\n# portal-lint: allow enabled-at-start -- reviewed\nenabled: true";
    let folder = create_folder(&[]);
    let text = markdown("yaml", yaml);
    let report =
        stdout_json(&portal_lint(folder.path(), &["check", "--isolated", "--format", "json", "-"], text.as_bytes()));
    assert_eq!(findings_of(&report, "RCP022")[0]["allowed"]["source"], "<stdin>:5", "{report}");
}

#[test]
fn markdown_without_a_portal_says_what_its_block_is() {
    let folder = create_folder(&[]);
    // A block in a quotation is not supported, and must not be taken for broken YAML.
    let in_quotation = "> ```json\n> {\"enabled\": false}\n> ```\n";
    for text in [markdown("json", r#"{"a": 1}"#), markdown("bash", "ls"), in_quotation.to_owned()] {
        assert_eq!(codes(&diagnostics(folder.path(), &["-"], text.as_bytes())), ["RCP903"], "{text}");
    }
}

#[test]
fn a_list_with_two_calls_has_two_portals() {
    let mut second = create_body();
    second["name"] = "Acme Wholesale Portal".into();
    let text = json!([call(&create_body()), call(&second)]).to_string();
    let folder = create_folder(&[("a.json", &text)]);
    let output = portal_lint(folder.path(), &["preflight", "--isolated", "--format", "json", "a.json"], b"");
    let names = ["Acme Subscription Portal", "Acme Wholesale Portal"];
    assert_eq!(field_texts(&stdout_json(&output)["portals"], "name"), names);
    // The same name twice in one file is found, too.
    let text = json!([call(&create_body()), call(&create_body())]).to_string();
    let folder = create_folder(&[("a.json", &text)]);
    let found = diagnostics(folder.path(), &["a.json"], b"");
    let duplicates: Vec<&Json> =
        found.iter().filter(|found| found["code"] == "RCP001").map(|found| &found["pointer"]).collect();
    assert_eq!(duplicates, ["/0/arguments/name", "/1/arguments/name"]);
}

#[test]
fn variables_in_wrapped_bodies_are_filled_in_and_not_shown() {
    let mut body = body_with_link();
    body["recaptcha"]["secret_key"] = "${WRAPPED_SECRET}".into();
    body["display_name"] = "${WRAPPED_NAME}".into();
    for (name, text, _) in wrapped_files(&body) {
        let folder = create_folder(&[(name, &text)]);
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_portal-lint"))
            .args(["preflight", "--isolated", "--env", name])
            .env("WRAPPED_SECRET", SECRET)
            .env("WRAPPED_NAME", "<script>alert(1)</script> Acme")
            .current_dir(folder.path())
            .output()
            .expect("the program runs");
        let shown = stdout(&output) + &stderr(&output);
        assert!(
            shown.contains("RCP023") && !shown.contains("alert(1)") && !shown.contains(&SECRET[6..]),
            "{name}: {shown}"
        );
    }
}
