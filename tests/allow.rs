//! `portal-lint allow`: records decisions as comments or settings entries, and changes nothing if it refuses.

mod renewal;

use std::fs;
use std::path::Path;

use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout};
use crate::support::repository;
use tempfile::TempDir;

/// The arguments of most cases after the file.
const REASON: [&str; 2] = ["--reason", "agreed with support"];

fn json_body() -> String {
    clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true")
}

fn yaml_body() -> String {
    let text = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    text.replace("subscription_cancel: false", "subscription_cancel: true")
}

fn read(folder: &TempDir, file: &str) -> String {
    fs::read_to_string(folder.path().join(file)).expect("a file")
}

/// All files of a folder with their texts.
fn contents(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            files.push((path.display().to_string(), fs::read_to_string(&path).unwrap_or_default()));
        }
    }
    files.sort();
    files
}

/// Runs `allow`, which has to succeed and print where it recorded the decision.
fn allow(folder: &TempDir, args: &[&str], location: &str) {
    let output = portal_lint(folder.path(), &[&["allow"], args].concat(), b"");
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (0, ""), "{args:?} {}", stderr(&output));
    assert!(stderr(&output).ends_with(&format!(" in {location}\n")), "{args:?} {}", stderr(&output));
}

/// Runs `allow`, which has to refuse with this message and change nothing.
fn refuse(folder: &TempDir, args: &[&str], message: &str) {
    let before = contents(folder.path());
    let output = portal_lint(folder.path(), &[&["allow"], args].concat(), b"");
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (2, ""), "{args:?} {}", stderr(&output));
    assert!(stderr(&output).contains(message), "{args:?} {}", stderr(&output));
    assert_eq!(contents(folder.path()), before, "{args:?}");
}

/// Checks the file: the rule is allowed, and no decision is reported as invalid or unused.
fn assert_allowed(folder: &TempDir, file: &str, code: &str) {
    let args = ["check", "--fail-on", "advice", "--format", "concise", file];
    let output = portal_lint(folder.path(), &args, b"");
    assert!(stdout(&output).contains(&format!("allowed[{code}]")), "{}", stdout(&output));
    assert!(!stdout(&output).contains("RCP91"), "{}", stdout(&output));
}

#[test]
fn yaml_and_jsonc_get_a_comment_and_keep_everything_else() {
    let crlf = yaml_body().replace('\n', "\r\n");
    for (file, text, marker, newline) in
        [("a.yaml", yaml_body(), "#", "\n"), ("a.yaml", crlf, "#", "\r\n"), ("a.jsonc", json_body(), "//", "\n")]
    {
        let folder = create_folder(&[(file, &text)]);
        let number = text.lines().position(|line| line.contains("subscription_cancel")).expect("a line") + 1;
        allow(
            &folder,
            &["self-cancel", file, "--reason", " VIPs -- may cancel ", "--until", "2099-03-31"],
            &format!("{file}:{number}"),
        );
        let after = read(&folder, file);
        let comment =
            format!("{marker} portal-lint: allow self-cancel until 2099-03-31 -- VIPs -- may cancel{newline}");
        assert!(after.contains(&comment), "{after}");
        let inserted = after.split_inclusive('\n').filter(|line| !line.trim_start().starts_with(comment.trim_end()));
        assert_eq!(inserted.collect::<String>(), text);
        assert!(!folder.path().join("portal-lint.toml").exists());
        assert_allowed(&folder, file, "RCP016");
        refuse(
            &folder,
            &[&["RCP016", file], &REASON[..]].concat(),
            &format!("already allowed in `{file}`, by {file}:"),
        );
    }
}

#[test]
fn a_finding_inside_a_block_of_text_gets_the_comment_above_the_key() {
    let text =
        yaml_body().replace("<p>Welcome to the wholesale portal.</p>", "<p>Hi</p>\n      <p onclick='x()'>you</p>");
    let folder = create_folder(&[("a.yaml", &text)]);
    let args = [&["RCP023", "a.yaml"], &REASON[..]].concat();
    let number = text.lines().position(|line| line.contains("html: |")).expect("a line") + 1;
    // The footer has the first `html: |`, and the confirmation email the next one.
    let number = number + text.lines().skip(number).position(|line| line.contains("html: |")).expect("a line") + 1;
    allow(&folder, &args, &format!("a.yaml:{number}"));
    assert_allowed(&folder, "a.yaml", "RCP023");
}

#[test]
fn json_gets_an_entry_in_new_settings_at_the_root_of_the_repository() {
    let folder = create_folder(&[(".git/HEAD", ""), ("portals/a[1].json", &json_body())]);
    let args = [&["self-cancel", "portals/a[1].json"], &REASON[..], &["--until", "2099-12-31"]].concat();
    allow(&folder, &args, "portal-lint.toml:1");
    assert_eq!(
        read(&folder, "portal-lint.toml"),
        "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"portals/a[[]1[]].json\"]\n\
         pointer = \"/customer_permissions/subscription_cancel\"\nreason = \"agreed with support\"\nuntil = 2099-12-31\n"
    );
    assert_eq!(read(&folder, "portals/a[1].json"), json_body());
    assert_allowed(&folder, "portals/a[1].json", "RCP016");
}

#[test]
fn json_without_a_repository_gets_settings_next_to_it() {
    let folder = create_folder(&[("portals/a.json", &json_body())]);
    allow(&folder, &[&["self-cancel", "portals/a.json"], &REASON[..]].concat(), "portals/portal-lint.toml:1");
    assert_allowed(&folder, "portals/a.json", "RCP016");
}

#[test]
fn existing_settings_keep_their_text() {
    let settings = "# ours\r\n[severity]\r\nRCP104 = \"off\"";
    let folder = create_folder(&[("portal-lint.toml", settings), ("portals/a.json", &json_body())]);
    allow(&folder, &[&["self-cancel", "portals/a.json"], &REASON[..]].concat(), "portal-lint.toml:5");
    let after = read(&folder, "portal-lint.toml");
    assert!(after.starts_with(&format!("{settings}\r\n\r\n[[allow]]\r\nrule = \"self-cancel\"\r\n")), "{after}");
    assert_allowed(&folder, "portals/a.json", "RCP016");
    for broken in ["allow = [", "allow = [{ rule = \"RCP104\" }]\n"] {
        let folder = create_folder(&[("portal-lint.toml", broken), ("a.json", &json_body())]);
        refuse(&folder, &[&["self-cancel", "a.json"], &REASON[..]].concat(), "`portal-lint.toml` cannot be extended");
    }
}

#[test]
fn several_findings_need_a_pointer() {
    let text = json_body().replace("\"trial_expire\": false", "\"trial_expire\": true");
    let text = text.replace("\"trial_cancel\": false", "\"trial_cancel\": true");
    for file in ["a.json", "a.jsonc"] {
        let folder = create_folder(&[(file, &text)]);
        let args = [&["RCP113", file], &REASON[..]].concat();
        refuse(&folder, &args, "has several self-service-trial findings");
        refuse(&folder, &args, "--pointer /customer_permissions/trial_cancel\n");
        refuse(
            &folder,
            &[&args[..], &["--pointer", "/customer_permissions"]].concat(),
            "has several self-service-trial findings",
        );
        refuse(&folder, &[&args[..], &["--pointer", "/name"]].concat(), "has no self-service-trial finding");
        let output = portal_lint(
            folder.path(),
            &[&["allow"], &args[..], &["--pointer", "/customer_permissions/trial_cancel"]].concat(),
            b"",
        );
        assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
        let report = stdout(&portal_lint(folder.path(), &["check", "--format", "concise", file], b""));
        assert_eq!((report.matches("allowed[RCP113]").count(), report.matches("advice[RCP113]").count()), (1, 1));
    }
}

#[test]
fn a_finding_on_the_line_of_others_gets_an_entry() {
    let line = r#"{"customer_portal_id": "exD0myCXTaMte0mTOOY3", "customer_permissions": {"trial_expire": true, "trial_cancel": true}}"#;
    let pointers = ["/customer_permissions/trial_expire", "/customer_permissions/trial_cancel"];
    let expired = "portal-lint: allow self-service-trial until 2020-01-01 -- agreed\n";
    for (file, text, last_place) in [
        ("a.portal.jsonc", line.to_owned(), "portal-lint.toml:7"),
        ("a.portal.yaml", line.to_owned(), "portal-lint.toml:7"),
        // The comment can be renewed when no other finding is left.
        ("a.portal.yaml", format!("# {expired}{line}"), "a.portal.yaml:1"),
        ("a.portal.yaml", format!("# {}{line}", expired.replace("allow", "allow-file")), "a.portal.yaml:1"),
    ] {
        let folder = create_folder(&[(file, &text)]);
        for (place, pointer, open) in [("portal-lint.toml:1", pointers[0], 1), (last_place, pointers[1], 0)] {
            let args = [&["self-service-trial", file, "--pointer", pointer], &REASON[..]].concat();
            allow(&folder, &args, place);
            let report = stdout(&portal_lint(folder.path(), &["check", "--format", "concise", file], b""));
            let counts = ["allowed[RCP113]", "advice[RCP113]"].map(|start| report.matches(start).count());
            assert_eq!(counts, [2 - open, open], "{report}");
        }
    }
    // An entry in the settings has no document.
    let folder = create_folder(&[("a.portal.yaml", &format!("{line}\n---\n{line}\n"))]);
    let args = [&["self-service-trial", "a.portal.yaml", "--document", "2", "--pointer", pointers[0]], &REASON[..]];
    refuse(&folder, &args.concat(), "would allow other self-service-trial findings in `a.portal.yaml` as well");
}

#[test]
fn the_command_that_a_finding_suggests_allows_it() {
    let two = json_body().replace("\"trial_expire\": false", "\"trial_expire\": true");
    let two = two.replace("\"trial_cancel\": false", "\"trial_cancel\": true");
    let folder = create_folder(&[("a.json", &two)]);
    let check = ["check", "--format", "concise", "a.json"];
    for (rule, pointer) in [
        ("self-cancel", ""),
        ("self-service-trial", " --pointer /customer_permissions/trial_cancel"),
        // The other one is allowed now.
        ("self-service-trial", ""),
    ] {
        let report = stdout(&portal_lint(folder.path(), &["check", "--format", "json", "a.json"], b""));
        let command = format!("run `portal-lint allow {rule} a.json{pointer} --reason \\\"…\\\"`");
        assert!(report.contains(&command), "{command} in {report}");
        let options: Vec<&str> = pointer.split_whitespace().collect();
        let args = [&["allow", rule, "a.json"], &options[..], &REASON[..]].concat();
        let output = portal_lint(folder.path(), &args, b"");
        assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    }
    let report = stdout(&portal_lint(folder.path(), &check, b""));
    assert_eq!(report.matches("allowed[").count(), 3, "{report}");
}

#[test]
fn a_comment_follows_the_byte_order_mark() {
    for (file, text, comment) in [
        ("a.portal.yaml", "enabled: true\nname: Bom Shop Portal\n", "# portal-lint"),
        ("a.portal.jsonc", "{\"enabled\": true, \"name\": \"Bom Shop Portal\"}\n", "// portal-lint"),
    ] {
        let folder = create_folder(&[(file, &format!("\u{feff}{text}"))]);
        let args = [&["enabled-at-start", file], &REASON[..]].concat();
        allow(&folder, &args, &format!("{file}:1"));
        let expected = format!("\u{feff}{comment}: allow enabled-at-start -- agreed with support\n{text}");
        assert_eq!(read(&folder, file), expected);
        assert_allowed(&folder, file, "RCP022");
    }
}

#[test]
fn what_cannot_be_recorded_is_refused() {
    let folder =
        create_folder(&[("portal-lint.toml", ""), ("a.yaml", &yaml_body()), ("b.json", "{ \"name\": \"B\", }")]);
    let with = |args: &[&'static str]| [&["self-cancel", "a.yaml"], args].concat();
    for (args, message) in [
        (with(&["--reason", " "]), "the reason is empty"),
        (
            with(&["--reason", "x", "--pointer", "customer"]),
            "`customer` is not a JSON Pointer: it does not start with `/`",
        ),
        (with(&["--reason", "one\ntwo"]), "the reason contains a line break"),
        (with(&["--reason", "one\u{1b}[2Jtwo"]), "the reason contains a line break or another control character"),
        (with(&["--reason", "one\u{202e}two"]), "the reason contains a line break or another control character"),
        (with(&[]), "--reason <TEXT>"),
        (with(&["--reason", "x", "--until", "2020-01-01"]), "--until 2020-01-01 is in the past"),
        (with(&["--reason", "x", "--until", "tomorrow"]), "expected a day such as 2027-03-31"),
        (vec!["self-cancl", "a.yaml", "--reason", "x"], "did you mean `self-cancel`?"),
        (vec!["RCP2", "a.yaml", "--reason", "x"], "`RCP2` matches several rules; name one of them: `"),
        (
            vec!["P12", "a.yaml", "--reason", "x"],
            "`P12` matches several rules; name one of them: `confirm-email-without-code` and `",
        ),
        (vec!["self-cancel", ".", "--reason", "x"], "`.` is not a file"),
        (vec!["RCP901", "b.json", "--reason", "x"], "cannot be allowed: a file that cannot be checked"),
        (vec!["unused-allow", "a.yaml", "--reason", "x"], "cannot be allowed: only findings about a portal can"),
        (vec!["RCP203", "a.yaml", "--reason", "x"], "`a.yaml` has no free-mail-sender finding"),
        (vec!["self-cancel", "b.json", "--reason", "x"], "`b.json` has syntax errors"),
        (vec!["self-cancel", "c.json", "--reason", "x"], "`c.json` cannot be read: the file does not exist"),
        (vec!["self-cancel", "-", "--reason", "x"], "is not a file"),
        (vec!["self-cancel", "a.yaml", "--reason", "x", "--", "b.json"], "unexpected argument"),
    ] {
        refuse(&folder, &args, message);
    }
}

#[test]
fn a_file_outside_the_project_is_refused() {
    let folder = create_folder(&[("project/portal-lint.toml", ""), ("other/a.yaml", &yaml_body())]);
    let args = ["allow", "self-cancel", "../other/a.yaml", "--reason", "x"];
    let before = contents(folder.path());
    let output = portal_lint(&folder.path().join("project"), &args, b"");
    assert_eq!((exit_code(&output), contents(folder.path())), (2, before));
    assert!(stderr(&output).contains("`../other/a.yaml` is outside the project"), "{}", stderr(&output));
}

#[test]
#[cfg(unix)]
fn a_read_only_file_and_a_symlink_out_of_the_project_are_refused() {
    use std::os::unix::fs::symlink;

    let folder = create_folder(&[
        ("project/portal-lint.toml", ""),
        ("project/a.yaml", &yaml_body()),
        ("project/a.json", &json_body()),
        ("other/b.yaml", &yaml_body()),
        ("linked/c.json", &json_body()),
        ("other/portal-lint.toml", "# other\n"),
    ]);
    for file in ["project/a.yaml", "project/a.json"] {
        let path = folder.path().join(file);
        let mut permissions = fs::metadata(&path).expect("metadata").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).expect("permissions");
    }
    symlink("../other/b.yaml", folder.path().join("project/b.yaml")).expect("a symlink");
    symlink("../other/portal-lint.toml", folder.path().join("linked/portal-lint.toml")).expect("a symlink");
    for (place, file, message) in [
        ("project", "a.yaml", "`a.yaml` cannot be written: it is read-only"),
        ("project", "a.json", "`a.json` cannot be written: it is read-only"),
        ("project", "b.yaml", "`b.yaml` is a symlink that leads out of the project `"),
        ("linked", "c.json", "is a symlink that leads out of the project"),
    ] {
        let before = contents(folder.path());
        let args = [&["allow", "self-cancel", file], &REASON[..]].concat();
        let output = portal_lint(&folder.path().join(place), &args, b"");
        assert_eq!((exit_code(&output), contents(folder.path())), (2, before), "{}", stderr(&output));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
}

#[test]
fn a_reason_may_start_with_a_hyphen() {
    let folder = create_folder(&[("a.yaml", &yaml_body())]);
    let output = portal_lint(folder.path(), &["allow", "self-cancel", "a.yaml", "--reason", "-- agreed"], b"");
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    assert!(read(&folder, "a.yaml").contains("# portal-lint: allow self-cancel -- -- agreed\n"));
    assert_allowed(&folder, "a.yaml", "RCP016");
}

#[test]
fn a_finding_of_a_comparison_or_about_the_account_needs_no_settings() {
    let copied = clean_body()
        .replace("Acme Subscription Portal", "Acme Wholesale Portal")
        .replace("P9dRk2XyM5vHs8LqT1Fz", "Xk3Lm8Qp2Rv7Tz5Wn1Bc");
    let folder = create_folder(&[(".git/HEAD", ""), ("a/a.json", &clean_body()), ("b/b.json", &copied)]);
    allow(&folder, &[&["copied-brand", "b/b.json"], &REASON[..]].concat(), "portal-lint.toml:1");
    let report = stdout(&portal_lint(folder.path(), &["check", "--format", "concise"], b""));
    assert!(report.contains("b/b.json") && report.contains("allowed[RCP114]"), "{report}");

    let folder = create_folder(&[
        ("a.json", &clean_body()),
        ("account.json", "{ \"version\": 1, \"pulled\": \"2026-11-21\", \"campaigns\": [] }"),
    ]);
    let args = [&["unknown-campaign", "a.json"], &REASON[..]].concat();
    refuse(
        &folder,
        &args,
        "`a.json` has no unknown-campaign finding without the account: add --account FILE, or set `account`",
    );
    allow(&folder, &[&args[..], &["--account", "account.json"]].concat(), "portal-lint.toml:1");
    let network = [&["expiring-certificate", "a.json"], &REASON[..]].concat();
    refuse(&folder, &network, "has no expiring-certificate finding without the network: write the decision by hand");
}

#[test]
fn a_finding_is_selected_by_its_document() {
    let body = yaml_body();
    let (_, second) = body.split_once("---\n").expect("a start");
    let folder = create_folder(&[("a.yaml", &format!("{}---\n{second}", yaml_body()))]);
    let args = [&["self-cancel", "a.yaml"], &REASON[..]].concat();
    refuse(&folder, &args, "has several self-cancel findings: select one with --document and --pointer\n");
    refuse(&folder, &args, " --document 2 --pointer /customer_permissions/subscription_cancel\n");
    let third = [&args[..], &["--document", "3"]].concat();
    refuse(&folder, &third, "`a.yaml` has no self-cancel finding in document 3\n");
    let output = portal_lint(folder.path(), &[&["allow"], &args[..], &["--document", "2"]].concat(), b"");
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    let text = read(&folder, "a.yaml");
    let (first, second) = text.rsplit_once("\n---\n").expect("two documents");
    assert!(!first.contains("portal-lint: allow") && second.contains("portal-lint: allow self-cancel"), "{text}");
}
