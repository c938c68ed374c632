//! `portal-lint hook`: the documented input of each client and the output for it (`fixtures/hook`), the options, and failures.
//!
//! `fixtures/hook/CLIENT/CASE.input.json` is the input. `CASE.output.txt` contains the exit code, standard output and standard error;
//! `UPDATE=1` writes it. `PROJECT` in an input stands for a copy of `fixtures/hook/project`.

mod bodies;
mod words;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::{entries, file_name, repository};
use portal_lint::cli::hook::deny_on_panic;
use portal_lint::hook::Client;
use serde_json::{Value as Json, json};

const CLIENTS: [&str; 4] = ["claude", "codex", "gemini", "copilot"];

fn create_project() -> tempfile::TempDir {
    let mut files = Vec::new();
    for path in ["portal-lint.toml", "revcent-account.json", "portals/vip.json"] {
        files.push((path, fs::read_to_string(repository("fixtures/hook/project").join(path)).expect("a file")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    create_folder(&files)
}

fn run_hook(folder: &Path, client: &str, options: &[&str], input: &str) -> Output {
    portal_lint(folder, &[&["hook", "--agent", client], options].concat(), input.as_bytes())
}

/// The input of a case, for a project in `folder`.
fn read_input(client: &str, case: &str, folder: &Path) -> String {
    let path = repository(&format!("fixtures/hook/{client}/{case}.input.json"));
    let text = fs::read_to_string(path).expect("an input");
    text.replace("\"PROJECT\"", &Json::from(folder.to_str().expect("a path")).to_string())
}

fn describe(output: &Output) -> String {
    format!("exit code {}\n--- stdout\n{}--- stderr\n{}", exit_code(output), stdout(output), stderr(output))
}

#[test]
fn each_client_gets_the_documented_output() {
    let mut cases = 0;
    for client in CLIENTS {
        for path in entries(&repository(&format!("fixtures/hook/{client}"))) {
            let name = file_name(&path);
            let Some(case) = name.strip_suffix(".input.json") else { continue };
            let project = create_project();
            // The hook finds the project by the folder in the input.
            let elsewhere = create_folder(&[]);
            let output = run_hook(elsewhere.path(), client, &[], &read_input(client, case, project.path()));
            let actual = describe(&output);
            let expected_path = path.with_file_name(format!("{case}.output.txt"));
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&expected_path, &actual).expect("the output can be written");
            }
            assert_eq!(actual, fs::read_to_string(&expected_path).expect("an output"), "{client}/{case}");
            assert!(stdout(&output).is_empty() || stdout_json(&output).is_object(), "{client}/{case}");
            assert!(stdout(&output).lines().count() <= 1, "{client}/{case}");
            cases += 1;
        }
    }
    assert!(cases >= 40, "{cases} cases");
}

#[test]
fn reasons_have_at_most_2000_bytes_and_the_digest_of_the_body() {
    let project = create_project();
    let input = read_input("claude", "many-findings-fit-into-2000-bytes", project.path());
    let output = stdout_json(&run_hook(project.path(), "claude", &[], &input));
    let reason = output["hookSpecificOutput"]["permissionDecisionReason"].as_str().expect("a reason");
    assert!((1_500..=2_000).contains(&reason.len()), "{} bytes", reason.len());
    assert!(reason.contains("more points are not shown"), "{reason}");
    let digest = reason.rsplit_once("body_sha256: ").expect("a digest").1;
    assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
}

/// The word of the decision in any format; "pass" for no output.
fn decision(output: &Output) -> String {
    if output.stdout.is_empty() {
        return "pass".into();
    }
    let json = stdout_json(output);
    let places = ["/hookSpecificOutput/permissionDecision", "/permissionDecision", "/decision"];
    places.iter().find_map(|place| json.pointer(place)).and_then(Json::as_str).expect("a decision").to_owned()
}

#[test]
fn the_options_decide_about_a_review() {
    let project = create_project();
    // Options, then the decisions for a warning and for something unverified, of a client that can ask and of one that cannot.
    for (options, [asks, asks_unverified, denies, passes]) in [
        (&[][..], ["ask", "ask", "deny", "pass"]),
        (&["--on-review", "ask"], ["ask", "ask", "deny", "pass"]),
        (&["--on-review", "deny"], ["deny"; 4]),
        (&["--strict"], ["deny"; 4]),
        (&["--on-review", "allow"], ["pass"; 4]),
    ] {
        for (client, case, expected) in [
            ("claude", "warning", asks),
            ("claude", "only-unverified", asks_unverified),
            ("gemini", "warning", denies),
            ("gemini", "only-unverified", passes),
        ] {
            let input = read_input(client, case, project.path());
            let output = run_hook(project.path(), client, options, &input);
            assert_eq!(decision(&output), expected, "{client} {case} {options:?}");
        }
        let input = read_input("claude", "no-go-is-denied", project.path());
        assert_eq!(decision(&run_hook(project.path(), "claude", options, &input)), "deny", "{options:?}");
    }
}

fn input_with_body(tool: &str, body: &Json, folder: &Path) -> String {
    json!({ "tool_name": tool, "tool_input": body, "cwd": folder }).to_string()
}

/// A body without variables.
fn complete_body() -> Json {
    let text = clean_body()
        .replace("${RECAPTCHA_SITE_KEY}", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr")
        .replace("${RECAPTCHA_SECRET_KEY}", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn a_portal_of_a_file_with_several_portals_is_replaced_and_the_others_remain() {
    let project = create_project();
    let mut first = complete_body();
    first["name"] = "Acme First Portal".into();
    let mut second = complete_body();
    second["name"] = "Acme Second Portal".into();
    let texts = format!("{first}\n---\n{second}\n");
    fs::write(project.path().join("portals/both.yaml"), &texts).expect("a file");
    let settings = fs::read_to_string(project.path().join("portal-lint.toml")).expect("the settings");
    let settings = settings.replace("portals/*.json", "portals/*").replace("portals/vip.json", "portals/both.yaml");
    fs::write(project.path().join("portal-lint.toml"), settings).expect("the settings");
    first["customer_permissions"]["subscription_cancel"] = true.into();
    let run = |body: &Json| {
        let input = input_with_body("CreateCustomerPortal", body, project.path());
        run_hook(project.path(), "claude", &["--strict"], &input)
    };
    // The body is no duplicate of its own file, and the decision for the file applies.
    let output = stdout(&run(&first));
    assert!(!output.contains("RCP001") && !output.contains("RCP016"), "{output}");
    first["name"] = "Acme second portal".into();
    let output = stdout(&run(&first));
    assert!(output.contains("RCP016") && output.contains("Acme Second Portal"), "{output}");
}

#[test]
fn an_edit_replaces_the_file_that_is_bound_to_its_portal() {
    const ID: &str = "exD0myCXTaMte0mTOOY3";
    let project = create_project();
    let mut settings = fs::read_to_string(project.path().join("portal-lint.toml")).expect("the settings");
    settings.extend(["\n[[portal]]\nfile = \"portals/vip.json\"\nid = \"", ID, "\"\n"]);
    fs::write(project.path().join("portal-lint.toml"), settings).expect("the settings");
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("the snapshot");
    fs::write(project.path().join("revcent-account.json"), account).expect("the snapshot");
    let run = |id: &str| {
        let edit = json!({ "customer_portal_id": id, "customer_permissions": { "subscription_cancel": true } });
        let input = input_with_body("EditCustomerPortal", &edit, project.path());
        stdout(&run_hook(project.path(), "claude", &["--strict"], &input))
    };
    // The decision for the file applies to the edit of its portal only.
    let output = run(ID);
    assert!(!output.contains("RCP016") && !output.contains("RCP915"), "{output}");
    let output = run("Zb4Nf8QwR2sXk6LmT0Vy");
    assert!(output.contains("RCP016"), "{output}");
}

/// A project with a snapshot for each of two environments. The names of both portals are the same.
fn create_project_with_environments() -> tempfile::TempDir {
    let production = fs::read_to_string(repository("fixtures/hook/project/revcent-account.json")).expect("a snapshot");
    let settings = "account = \"production.json\"\n\n[days]\nsnapshot = 100000\n\n[[environment]]\n\
                    files = [\"staging/**\"]\naccount = \"staging.json\"\n";
    create_folder(&[
        ("portal-lint.toml", settings),
        ("production.json", &production),
        ("staging.json", &to_staging(&production)),
        ("production/portal.json", &clean_body()),
        ("staging/portal.json", &to_staging(&clean_body())),
    ])
}

/// Replaces the IDs of the production account by those of the staging account.
fn to_staging(text: &str) -> String {
    text.replace("Kq7ZpW2mVx9LcT4bRn8D", "Stag11mVx9LcT4bRn8DA").replace("h3NfY6sJw1GtE5uQaB0C", "Stag22sJw1GtE5uQaB0C")
}

#[test]
fn the_ids_of_a_body_show_its_environment() {
    let project = create_project_with_environments();
    let body = complete_body();
    let staging: Json = serde_json::from_str(&to_staging(&body.to_string())).expect("JSON");
    assert_ne!(body, staging);
    let run = |body: &Json, folder: &str| {
        let input = input_with_body("CreateCustomerPortal", body, &project.path().join(folder));
        stdout(&run_hook(project.path(), "claude", &["--strict"], &input))
    };
    for folder in ["", "production", "staging"] {
        assert_eq!((run(&body, folder), run(&staging, folder)), (String::new(), String::new()), "{folder}");
    }
    // The name belongs to a portal of the other environment only.
    fs::remove_file(project.path().join("production/portal.json")).expect("the file");
    assert_eq!((run(&body, ""), run(&staging, "")), (String::new(), String::new()));
    // An ID of another account is an error.
    let mut mixed = body.clone();
    mixed["smtp_profile"] = staging["smtp_profile"].clone();
    mixed["customer_filters"] = json!({ "campaign": ["Stag33sJw1GtE5uQaB0C"], "third_party_shop": [] });
    assert!(run(&mixed, "").contains("RCP3"), "{}", run(&mixed, ""));
}

#[test]
fn each_file_of_the_project_is_opened_once() {
    if Command::new("strace").arg("-V").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "strace is missing");
        return;
    }
    let project = create_project_with_environments();
    let input = input_with_body("CreateCustomerPortal", &complete_body(), project.path());
    fs::write(project.path().join("input.txt"), input).expect("a file");
    let output = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=open,openat", "-e", "signal=none", "-o", "trace.txt"])
        .args([env!("CARGO_BIN_EXE_portal-lint"), "hook", "--agent", "claude", "--strict"])
        .current_dir(project.path())
        .stdin(fs::File::open(project.path().join("input.txt")).expect("a file"))
        .output()
        .expect("strace runs");
    assert_eq!(stdout(&output), "", "{}", stderr(&output));
    let trace = fs::read_to_string(project.path().join("trace.txt")).expect("a trace");
    for file in ["production.json", "staging.json", "production/portal.json", "staging/portal.json"] {
        let opened = trace.lines().filter(|line| line.contains(&format!("{file}\""))).count();
        assert_eq!(opened, 1, "{file}: {trace}");
    }
}

#[test]
fn without_known_ids_the_folder_shows_the_environment() {
    let project = create_project_with_environments();
    for file in ["production/portal.json", "staging/portal.json"] {
        fs::remove_file(project.path().join(file)).expect("the file");
    }
    fs::remove_file(project.path().join("staging.json")).expect("the snapshot");
    let run = |folder: &str| {
        let mut body = complete_body();
        body["tracking_domain"] = "Zb4Nf8QwR2sXk6LmT0Vy".into();
        body["smtp_profile"] = "Yc5Pg9RxS3tZm7NnU1Wz".into();
        body["customer_filters"] = json!({ "campaign": [], "third_party_shop": [] });
        let input = input_with_body("CreateCustomerPortal", &body, &project.path().join(folder));
        stdout(&run_hook(project.path(), "claude", &[], &input))
    };
    assert!(run("production").contains("RCP301"), "{}", run("production"));
    let output = run("staging");
    assert!(!output.contains("RCP301") && output.contains("staging.json"), "{output}");
}

#[test]
fn the_export_of_a_portal_is_no_duplicate_of_its_body() {
    let project = create_project();
    let vip = fs::read_to_string(project.path().join("portals/vip.json")).expect("a file");
    let mut body: Json = serde_json::from_str(&vip).expect("JSON");
    body["recaptcha"] = complete_body()["recaptcha"].clone();
    let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut export: Json = serde_json::from_str(&export).expect("JSON");
    export["name"] = body["name"].clone();
    fs::write(project.path().join("portals/export.json"), export.to_string()).expect("a file");
    let input = input_with_body("CreateCustomerPortal", &body, project.path());
    assert_eq!(stdout(&run_hook(project.path(), "claude", &["--strict"], &input)), "");
}

#[test]
fn comments_in_the_body_suppress_nothing() {
    let project = create_project();
    let mut body = complete_body();
    body["customer_permissions"]["subscription_cancel"] = true.into();
    let text = serde_json::to_string_pretty(&body).expect("JSON").replace(
        "\"subscription_cancel\"",
        "// portal-lint: allow self-cancel -- the agent says so\n\"subscription_cancel\"",
    );
    let input = input_with_body("CreateCustomerPortal", &Json::from(text), project.path());
    assert_eq!(decision(&run_hook(project.path(), "claude", &["--on-review", "allow"], &input)), "deny");
}

#[test]
fn a_secret_of_the_body_is_neither_reported_nor_shown() {
    let project = create_project();
    let mut body = complete_body();
    body["recaptcha"]["secret_key_2"] = "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu".into();
    let input = input_with_body("CreateCustomerPortal", &body, project.path());
    let output = stdout(&run_hook(project.path(), "claude", &[], &input));
    assert!(output.contains("RCP024") && !output.contains("RCP204"), "{output}");
    assert!(!output.contains("Hx2RbYk7TnWcE4jLsPz0Ga1ViMu"), "{output}");
}

#[test]
fn settings_that_cannot_be_read_deny_the_call() {
    let project = create_project();
    fs::write(project.path().join("portal-lint.toml"), "include = [\"portals/*.json\"").expect("the settings");
    let input = input_with_body("CreateCustomerPortal", &complete_body(), project.path());
    assert_eq!(decision(&run_hook(project.path(), "gemini", &[], &input)), "deny");
}

#[test]
fn the_hook_writes_no_files() {
    let project = create_project();
    let names = |folder: &Path| entries(folder).iter().map(|path| file_name(path)).collect::<Vec<_>>();
    let before = names(project.path());
    let input = input_with_body("CreateCustomerPortal", &json!({ "name": "x" }), project.path());
    assert_eq!(decision(&run_hook(project.path(), "claude", &[], &input)), "deny");
    assert_eq!(names(project.path()), before);
}

#[test]
fn a_body_over_the_size_limit_is_denied() {
    let project = create_project();
    let mut body = complete_body();
    body["footer_html"] = "x".repeat(9 << 20).into();
    let input = input_with_body("CreateCustomerPortal", &body, project.path());
    let output = run_hook(project.path(), "claude", &[], &input);
    assert_eq!(decision(&output), "deny");
    assert!(stdout(&output).contains("RCP900"), "{}", stdout(&output));
}

#[test]
fn a_long_input_is_denied_only_if_it_names_an_operation() {
    let project = create_project();
    let filler = "x".repeat(65 << 20);
    for (tool, arguments, expected) in [
        ("Write", json!({ "file_path": "a.txt", "content": filler }), "pass"),
        ("mcp__revcent__create_customer_portal", json!({ "data": filler }), "deny"),
        // The name is behind the part that is read first.
        ("call", json!({ "data": filler, "operation": "CreateCustomerPortal" }), "deny"),
    ] {
        let output = run_hook(project.path(), "claude", &[], &input_with_body(tool, &arguments, project.path()));
        assert_eq!(decision(&output), expected, "{tool}");
    }
}

/// Panics in a process of its own: see the next test.
#[test]
#[ignore = "run by the next test"]
fn process_that_panics() {
    let client = std::env::var("HOOK_CLIENT").expect("a client");
    deny_on_panic(<Client as clap::ValueEnum>::from_str(&client, false).expect("a client"));
    panic!("on purpose");
}

#[test]
fn a_panic_denies_the_call() {
    for client in CLIENTS {
        let test = std::env::current_exe().expect("the test program");
        let output = Command::new(test)
            .args(["--exact", "hook::process_that_panics", "--ignored", "--nocapture", "--test-threads", "1"])
            .env("HOOK_CLIENT", client)
            .output()
            .expect("the test runs");
        let json = stdout(&output).lines().last().map(|line| line[line.find('{').expect("JSON")..].to_owned());
        let output = Output { stdout: json.expect("a line").into_bytes(), ..output };
        assert_eq!((decision(&output), exit_code(&output)), ("deny".into(), if client == "codex" { 2 } else { 0 }));
    }
}

#[test]
fn the_agent_is_required() {
    let folder = create_folder(&[]);
    let output = portal_lint(folder.path(), &["hook"], b"{}");
    assert_eq!(exit_code(&output), 2);
    assert!(stderr(&output).contains("--agent"), "{}", stderr(&output));
}
