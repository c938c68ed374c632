//! `check` with `--fix`, `--unsafe-fixes` and `--diff`: the bytes of the files, the output, the exit codes.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::json::{self, array, field_values, number};
use crate::support::program::{self, clean_body, create_folder, exit_code, stderr, stdout};
use serde_json::Value as Json;

/// Runs `check`.
fn portal_lint(folder: &Path, args: &[&str], stdin: &str) -> Output {
    program::portal_lint(folder, &[&["check"], args].concat(), stdin.as_bytes())
}

fn read_file(folder: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

/// A body with two findings that have safe fixes and one with an unsafe fix, and the same body after the safe fixes.
fn body_with_fixes() -> (String, String) {
    let (domain, code) = ("\"Kq7ZpW2mVx9LcT4bRn8D\"", "Acme Subscription Portal\",");
    let safely_fixed = clean_body().replace("\"display_name\"", "\"dispaly_name\"");
    let text = safely_fixed
        .replace(domain, &format!("{{ \"id\": {domain}, \"name\": \"Acme\" }}"))
        .replace(code, &format!("{code}\n  \"created_date_unix\": 1767225600,"));
    assert_ne!(text, safely_fixed);
    (text, safely_fixed)
}

/// The text of a file after `--fix`.
#[track_caller]
fn fix_text(name: &str, text: &str, flags: &[&str]) -> String {
    let folder = create_folder(&[(name, text)]);
    let output = portal_lint(folder.path(), &[&["--fix", name], flags].concat(), "");
    assert_ne!(exit_code(&output), 2, "{}", stderr(&output));
    read_file(&folder, name)
}

#[test]
fn fixes_keep_all_other_bytes_in_every_style() {
    let id = "Kq7ZpW2mVx9LcT4bRn8D";
    let yaml_head = "recaptcha: {}\nsmtp_profile: h3NfY6sJw1GtE5uQaB0C\n";
    let cases: &[(&str, &str, &str)] = &[
        (
            "two.json",
            "{\n  \"id\": \"x\",\n  \"enabled\": \"false\",\n  \"recaptcha\": {},\n  \"customer_emails\": {}\n}\n",
            "{\n  \"enabled\": false,\n  \"recaptcha\": {},\n  \"customer_emails\": {}\n}\n",
        ),
        (
            "four.json",
            "{\n    \"recaptcha\": {},\n    \"customer_emails\": {},\n    \"portal_urls\": [\n        \"a\"\n    ]\n}",
            "{\n    \"recaptcha\": {},\n    \"customer_emails\": {}\n}",
        ),
        (
            "tabs.json",
            "{\r\n\t\"recaptcha\": {},\r\n\t\"id\": 1,\r\n\t\"smtp_profile\": {\r\n\t\t\"id\": \"h3NfY6sJw1GtE5uQaB0C\"\r\n\t}\r\n}\r\n",
            "{\r\n\t\"recaptcha\": {},\r\n\t\"smtp_profile\": \"h3NfY6sJw1GtE5uQaB0C\"\r\n}\r\n",
        ),
        (
            "minified.json",
            "{\"id\":1,\"recaptcha\":{},\"enabled\":\"false\",\"smtp_profile\":\"\",\"updated_date_unix\":1,\"api_call_id\":2}",
            "{\"recaptcha\":{},\"enabled\":false,\"smtp_profile\":\"\"}",
        ),
        (
            "comments.jsonc",
            "{ // head\n  \"recaptcha\": {}, // r\n  /* b */ \"id\": 1, // of the portal\n  \"smtp_profile\": \"\", // s\n  \"code\": \"c\" // last\n}\n",
            "{ // head\n  \"recaptcha\": {}, // r\n  /* b */ // of the portal\n  \"smtp_profile\": \"\" // s\n  // last\n}\n",
        ),
        (
            "block.yaml",
            "# head\nrecaptcha: {} # r\n# above\nid: 1 # beside\n# below\nenabled: no # e\nsmtp_profile:\n  id: 'h3NfY6sJw1GtE5uQaB0C'\n  name: x\n",
            "# head\nrecaptcha: {} # r\n# above\n# beside\n# below\nenabled: false # e\nsmtp_profile: 'h3NfY6sJw1GtE5uQaB0C'\n",
        ),
        (
            "flow.yaml",
            "{recaptcha: {}, smtp_profile: {id: \"h3NfY6sJw1GtE5uQaB0C\", name: x}, # c\n enabled: off, id: 3}",
            "{recaptcha: {}, smtp_profile: \"h3NfY6sJw1GtE5uQaB0C\", # c\n enabled: false}",
        ),
        (
            "scalars.yaml",
            "recaptcha: {}\r\nsmtp_profile: ''\r\ncustomer_emails:\r\n  customer_account_confirm_email:\r\n    html: |\r\n      <p>ü 😀\r\n        {{ email_code }}</p>\r\n  customer_account_password_reset:\r\n    html: >-\r\n      <p>Your\r\n      {{Email_Code}}</p>\r\n",
            "recaptcha: {}\r\nsmtp_profile: ''\r\ncustomer_emails:\r\n  customer_account_confirm_email:\r\n    html: |\r\n      <p>ü 😀\r\n        {{email_code}}</p>\r\n  customer_account_password_reset:\r\n    html: >-\r\n      <p>Your\r\n      {{email_code}}</p>\r\n",
        ),
        (
            "escapes.json",
            "{\"recaptcha\":{},\"customer_emails\":{\"customer_account_confirm_email\":{\"html\":\"\\u003cp\\u003e\\ud83d\\ude00 \\u007b{ email_code }}\\n\"}}}",
            "{\"recaptcha\":{},\"customer_emails\":{\"customer_account_confirm_email\":{\"html\":\"\\u003cp\\u003e\\ud83d\\ude00 {{email_code}}\\n\"}}}",
        ),
        (
            "documents.yaml",
            "---\nrecaptcha: {}\nsmtp_profile: ''\nenabled: no\n--- # two\nid: 1\nrecaptcha: {}\nsmtp_profile: ''\n...\n",
            "---\nrecaptcha: {}\nsmtp_profile: ''\nenabled: false\n--- # two\nrecaptcha: {}\nsmtp_profile: ''\n...\n",
        ),
    ];
    for (name, before, after) in cases {
        assert_eq!(fix_text(name, before, &[]), *after, "{name}");
    }
    let list = |items: &str| format!("{yaml_head}customer_filters:\n  campaign:{items}\n");
    assert_eq!(fix_text("a.yaml", &list(&format!(" [{id}, {id}, {id}]")), &[]), list(&format!(" [{id}]")));
    let lines =
        fix_text("a.yaml", &list(&format!("\n  - {id} # one\n  - {id}\n  - {{id: {id}}}\n  - {id} # four")), &[]);
    assert_eq!(lines, list(&format!("\n  - {id} # one\n  # four")));
}

#[test]
fn fixes_keep_comments_or_are_not_offered() {
    let jsonc = "{ \"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\",\n  \"logo\": \"https://acme-outfitters.com/l.png\",\n  \
        \"enabled\": false }\n";
    assert!(!fix_text("a.jsonc", jsonc, &["--unsafe-fixes"]).contains("logo"));
    for (plain, commented) in [
        ("\"logo\":", "\"logo\" /* kept till Q3 */ :"),
        ("\"logo\":", "\"logo\": // agreed with Anna\n"),
        ("png\",", "png\" /* old one */,"),
    ] {
        let text = jsonc.replace(plain, commented);
        assert_eq!(fix_text("a.jsonc", &text, &["--unsafe-fixes"]), text);
    }
    let yaml = "name: Acme Portal\nrecaptcha: {site_key: \"${K}\", secret_key: \"${S}\"}\n\
        customer_permissions: { } # decide with support\ntracking_domain: Kq7ZpW2mVx9LcT4bRn8D\n";
    let fixed = fix_text("a.yaml", yaml, &["--unsafe-fixes"]);
    assert!(fixed.contains("\ncustomer_permissions: # decide with support\n  contact_modify: false\n"), "{fixed}");
}

#[test]
fn values_shared_by_aliases_are_reported_but_not_fixed() {
    let text = "base: &b\n  id: Kq7ZpW2mVx9LcT4bRn8D\nrecaptcha: {}\ntracking_domain: *b\nsmtp_profile: *b\nenabled: &e yes\ncreate_non_existing_customer: *e\n";
    assert_eq!(fix_text("a.yaml", text, &["--unsafe-fixes", "--ignore", "RCP015"]), text);
}

#[test]
fn unsafe_fixes_are_applied_only_with_the_option() {
    let (text, safely_fixed) = body_with_fixes();
    let folder = create_folder(&[("a.json", &text)]);
    let check = |args: &[&str]| portal_lint(folder.path(), args, "");
    let printed = stdout(&check(&["a.json"]));
    assert!(printed.contains("2 can be fixed with --fix, 1 more with --fix --unsafe-fixes\n"), "{printed}");
    // Without `--fix`, `--unsafe-fixes` changes nothing.
    assert_eq!(exit_code(&check(&["--unsafe-fixes", "a.json"])), 1);
    assert_eq!(read_file(&folder, "a.json"), text);
    let output = check(&["--fix", "a.json"]);
    assert_eq!(exit_code(&output), 1, "the remaining error fails the run");
    assert_eq!(read_file(&folder, "a.json"), safely_fixed);
    insta::assert_snapshot!("summary", stdout(&output).split_once("1 error").expect("the numbers").1);
    assert_eq!(stderr(&output), "");
    let output = check(&["--fix", "--unsafe-fixes", "a.json"]);
    assert_eq!((exit_code(&output), read_file(&folder, "a.json")), (0, clean_body()));
    assert!(stdout(&output).contains("fixed 1 finding in 1 file:\n  a.json:"), "{}", stdout(&output));
    let output = check(&["--fix", "--unsafe-fixes", "a.json"]);
    assert!(!stdout(&output).contains("fixed "), "no file was fixed, so no summary is printed");
}

#[test]
fn only_findings_of_selected_rules_are_fixed() {
    let (text, _) = body_with_fixes();
    let folder = create_folder(&[("a.json", &text)]);
    portal_lint(folder.path(), &["--fix", "--select", "RCP002", "a.json"], "");
    assert!(read_file(&folder, "a.json").contains("created_date_unix"));
    assert!(!read_file(&folder, "a.json").contains("\"Acme\""));
}

#[test]
fn a_file_with_a_syntax_error_is_not_fixed() {
    let text = body_with_fixes().0.replacen("\"enabled\": false,", "\"enabled\": false", 1);
    let folder = create_folder(&[("a.json", &text)]);
    let output = portal_lint(folder.path(), &["--fix", "--unsafe-fixes", "--format", "json", "a.json"], "");
    assert_eq!((exit_code(&output), read_file(&folder, "a.json")), (1, text));
    let report: Json = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert!(array(&report["diagnostics"]).iter().all(|finding| finding["fix"].is_null()));
}

#[test]
fn json_reports_have_the_edits_that_fix_applies() {
    let schema: Json =
        serde_json::from_str(portal_lint::schema::embedded_text("report").expect("embedded")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let (text, _) = body_with_fixes();
    let folder = create_folder(&[("a.json", &text)]);
    let json = |args: &[&str]| -> (Json, String) {
        let output = portal_lint(folder.path(), &[&["--format", "json", "a.json"], args].concat(), "");
        let report: Json = serde_json::from_str(&stdout(&output)).expect("one JSON document");
        assert!(schema.is_valid(&report), "{report}");
        (report, stderr(&output))
    };
    let (report, _) = json(&[]);
    assert_eq!(report["summary"]["fixable"], 2);
    let fixes = field_values(&report["diagnostics"], "fix");
    assert_eq!(fixes.len(), 3);
    // Applying the edits of the report by hand gives the text that `--fix` writes. From the end, so that offsets stay valid.
    let mut fixed_text = text.clone();
    let mut edits: Vec<&Json> = fixes.iter().flat_map(|fix| array(&fix["edits"])).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit["start"].as_u64()));
    for edit in edits {
        let [start, end] = ["start", "end"].map(|field| usize::try_from(number(&edit[field])).expect("an offset"));
        fixed_text.replace_range(start..end, json::text(&edit["replacement"]));
    }
    assert_eq!(fixed_text, clean_body());
    let (report, summary) = json(&["--fix", "--unsafe-fixes"]);
    assert_eq!(report["diagnostics"], Json::Array(Vec::new()));
    assert!(summary.starts_with("fixed 3 findings in 1 file:\n"), "{summary}");
    assert_eq!(read_file(&folder, "a.json"), clean_body());
}

#[test]
fn fix_prints_the_fixed_stdin_even_if_findings_remain() {
    let (text, safely_fixed) = body_with_fixes();
    let folder = create_folder(&[]);
    let output = portal_lint(folder.path(), &["--fix", "-"], &text);
    assert_eq!((exit_code(&output), stdout(&output)), (1, safely_fixed.clone()));
    assert!(stderr(&output).contains("RCP024") && stderr(&output).contains("fixed 2 findings in 1 file:\n  <stdin>:"));
    let output = portal_lint(folder.path(), &["--fix", "-", "--format", "concise"], &safely_fixed);
    assert_eq!((exit_code(&output), stdout(&output)), (1, safely_fixed));
    let output = portal_lint(folder.path(), &["--fix", "-"], &clean_body());
    assert_eq!((exit_code(&output), stdout(&output)), (0, clean_body()));
    let output = portal_lint(folder.path(), &["--fix", "-"], "{ broken");
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (1, "{ broken"));
}

#[test]
fn diff_prints_the_changes_and_writes_no_file() {
    let (text, safely_fixed) = body_with_fixes();
    let folder =
        create_folder(&[("a.json", &text), ("b.json", &clean_body().replace("Subscription Portal", "Second Portal"))]);
    let diff = |args: &[&str]| portal_lint(folder.path(), &[&["--diff"], args].concat(), "");
    let output = diff(&["a.json", "b.json"]);
    assert_eq!((exit_code(&output), read_file(&folder, "a.json")), (1, text.clone()));
    insta::assert_snapshot!("diff", stdout(&output));
    assert!(stderr(&output).starts_with("would fix 2 findings in 1 file:\n"), "{}", stderr(&output));
    assert!(!stdout(&output).contains('\x1b'));
    let colored = stdout(&diff(&["--color", "always", "a.json"]));
    assert!(colored.contains("\x1b[31m-") && colored.contains("\x1b[32m+") && colored.ends_with('\n'));
    assert!(stdout(&diff(&["--unsafe-fixes", "a.json"])).contains("+  \"display_name\""));
    // `--diff` takes precedence over `--fix`.
    assert_eq!(exit_code(&diff(&["--fix", "a.json"])), 1);
    assert_eq!(read_file(&folder, "a.json"), text);
    assert_eq!((exit_code(&diff(&["b.json"])), stdout(&diff(&["b.json"])).as_str()), (0, ""));
    assert_eq!(exit_code(&diff(&["a.json", "missing.json"])), 2);
    assert!(stderr(&diff(&["missing.json"])).contains("RCP900"));
    assert_eq!(exit_code(&diff(&["--format", "json", "a.json"])), 2);
    fs::write(folder.path().join("a.json"), &safely_fixed).expect("a file");
    assert_eq!(exit_code(&diff(&["a.json"])), 0, "a finding without a safe fix does not fail a diff");
}

#[test]
fn secrets_are_masked_in_diffs_edits_and_summaries() {
    let canary = "40971628350417";
    let text = format!(
        "# secret_key {canary}\nrecaptcha:\n  site_key: abc\n  secret_key: {canary}\n  secret_kye: x{canary}\nsmtp_profile:\n  id: h3NfY6sJw1GtE5uQaB0C\n  token: {canary}\nid: {canary}\nenabled: yes\n"
    );
    for short in [false, true] {
        let canary = if short { "40971" } else { canary };
        let text = text.replace("40971628350417", canary);
        let folder = create_folder(&[("a.yaml", &text)]);
        for args in [&["--diff"][..], &["--format", "json"], &["--fix"], &["--fix", "--format", "jsonl"]] {
            let name = folder.path().join("a.yaml");
            fs::write(&name, &text).expect("a file");
            let output = portal_lint(folder.path(), &[args, &["--unsafe-fixes", "a.yaml"]].concat(), "");
            let shown = stdout(&output) + &stderr(&output);
            // A short secret is masked only at its own location: the ID with the same value is not a secret.
            let shown = if short { shown.replace(&format!("id: {canary}"), "").replace("`40971`", "") } else { shown };
            assert!(!shown.contains(canary), "{args:?}\n{shown}");
            assert!(args != ["--fix"] || read_file(&folder, "a.yaml").contains(&format!("secret_key: \"{canary}\"")));
        }
    }
}

#[cfg(unix)]
#[test]
fn fix_keeps_file_modes_and_symlinks_and_refuses_read_only_files() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let (text, safely_fixed) = body_with_fixes();
    let folder = create_folder(&[("a.json", &text), ("locked.json", &text)]);
    let path = |name: &str| folder.path().join(name);
    let mode = |name: &str, mode: u32| {
        fs::set_permissions(path(name), fs::Permissions::from_mode(mode)).expect("a mode");
    };
    mode("a.json", 0o754);
    mode("locked.json", 0o444);
    fs::create_dir(path("links")).expect("a folder");
    symlink("../a.json", path("links/l.json")).expect("a link");
    symlink("l.json", path("links/ll.json")).expect("a link");
    let output = portal_lint(folder.path(), &["--fix", "links/ll.json", "locked.json"], "");
    assert_eq!(exit_code(&output), 2);
    assert!(stderr(&output).contains("`locked.json` cannot be written: it is read-only"), "{}", stderr(&output));
    assert!(stdout(&output).contains("fixed 2 findings in 1 file:\n  links/ll.json:"), "{}", stdout(&output));
    assert_eq!(read_file(&folder, "locked.json"), text);
    assert_eq!(read_file(&folder, "a.json"), safely_fixed);
    assert_eq!(fs::metadata(path("a.json")).expect("metadata").mode() & 0o7777, 0o754);
    assert_eq!(fs::read_link(path("links/ll.json")).expect("a link"), Path::new("l.json"));
    let names: Vec<String> =
        crate::support::entries(folder.path()).iter().map(|path| crate::support::file_name(path)).collect();
    assert_eq!(names, ["a.json", "links", "locked.json"], "no temporary file remains");
}

#[test]
fn a_file_that_is_named_twice_is_fixed_once() {
    let (text, safely_fixed) = body_with_fixes();
    let folder = create_folder(&[("a.json", &text), ("b.json", &text.replace("Subscription Portal", "Other Portal"))]);
    let output = portal_lint(folder.path(), &["--fix", "a.json", "./a.json", "."], "");
    assert_eq!(read_file(&folder, "a.json"), safely_fixed);
    assert!(stdout(&output).contains("fixed 4 findings in 2 files:"), "{}", stdout(&output));
}

#[test]
fn excluded_stdin_is_printed_unchanged() {
    let (text, _) = body_with_fixes();
    let folder = create_folder(&[("portal-lint.toml", "exclude = [\"drafts/**\"]")]);
    let args = ["--fix", "--force-exclude", "--stdin-filename", "drafts/a.json", "-"];
    let output = portal_lint(folder.path(), &args, &text);
    assert_eq!((exit_code(&output), stdout(&output), stderr(&output)), (0, text, String::new()));
}

#[test]
fn two_misspellings_of_one_key_do_not_become_a_duplicate_key() {
    let text = clean_body()
        .replace("\"display_name\"", "\"dispaly_name\"")
        .replace("\"enabled\"", "\"display_nmae\": \"Acme\",\n  \"enabled\"");
    let fixed = fix_text("a.json", &text, &["--unsafe-fixes"]);
    assert_eq!(fixed.matches("\"display_name\"").count(), 1, "{fixed}");
}
