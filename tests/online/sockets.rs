//! Shows that no socket is opened without `--online`: every command runs under `strace`, which must record no network system
//! call. A run with `--online` shows that it would record them.
//!
//! `strace` is a package of Debian (`apt-get install -y strace`). Without it, the tests are skipped with a message, except in CI
//! (the variable `CI`), where they fail.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use super::api::KEY;
use super::environment::TestEnv;
use crate::support::openapi::{published_document, response_fields};
use crate::support::program::{clean_body, create_folder};
use crate::support::repository;

/// A run of a command: its arguments and its standard input.
struct CommandRun {
    args: &'static [&'static str],
    stdin: &'static str,
}

const fn run(args: &'static [&'static str]) -> CommandRun {
    CommandRun { args, stdin: "" }
}

/// The messages of a client that starts and ends a language server, one per line.
const LSP_SESSION: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}
{"jsonrpc":"2.0","method":"initialized","params":{}}
{"jsonrpc":"2.0","id":2,"method":"shutdown"}
{"jsonrpc":"2.0","method":"exit"}"#;

/// The messages with their headers.
fn add_headers(messages: &str) -> String {
    let add_header = |message: &str| format!("Content-Length: {}\r\n\r\n{message}", message.len());
    messages.lines().map(add_header).collect::<Vec<_>>().concat()
}

const HOOK_INPUT: &str = r#"{"hook_event_name": "PreToolUse", "tool_name": "mcp__revcent__EditCustomerPortal",
    "tool_input": {"customer_portal_id": "exD0myCXTaMte0mTOOY3", "enabled": true}}"#;

const MCP_SESSION: &str = concat!(
    r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}"#,
    "\n",
    r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"preflight_portal","arguments":{"path":"portal.json"}}}"#,
    "\n",
);

/// The runs of each command that `--help` lists. A command without a run fails the test.
const COMMANDS: &[(&str, &[CommandRun])] = &[
    (
        "check",
        &[
            run(&["."]),
            run(&["--verbose", "--account", "account.json", "portal.json"]),
            run(&["--format", "sarif", "--output", "json=report.json", "--statistics", "portal.json"]),
            run(&["--fix", "--unsafe-fixes", "portal.json"]),
            run(&["--diff", "portal.json"]),
            run(&["--threads", "4", "."]),
            run(&["--openapi", "openapi.json", "--verbose", "portal.json"]),
            run(&["--openapi", "remote.json", "portal.json"]),
            run(&["missing.json"]),
            CommandRun { args: &["-"], stdin: "{\"name\": \"Acme\", \"recaptcha\": {}}" },
        ],
    ),
    ("preflight", &[run(&["."]), run(&["--format", "html", "--account", "account.json", "portal.json"])]),
    ("allow", &[run(&["RCP012", "portal.json", "--reason", "agreed"])]),
    ("explain", &[run(&["RCP307"])]),
    ("rules", &[run(&["--format", "json"])]),
    ("allow", &[run(&["enabled-at-start", "portal.json", "--reason", "agreed"])]),
    ("bind", &[run(&["portal.json", "exD0myCXTaMte0mTOOY3"])]),
    ("plan", &[run(&["--account", "account.json", "portal.json"])]),
    ("matrix", &[run(&["--account", "account.json", "portal.json"])]),
    ("preview", &[run(&["portal.json"])]),
    ("render", &[run(&["portal.json"]), run(&["--openapi", "openapi.json", "portal.json"])]),
    ("account", &[run(&["pull"]), run(&["--help"])]),
    ("schema", &[run(&["account"]), run(&["create", "--openapi", "openapi.json"])]),
    ("init", &[run(&[])]),
    ("hook", &[CommandRun { args: &["--agent", "claude"], stdin: HOOK_INPUT }]),
    ("mcp", &[CommandRun { args: &[], stdin: MCP_SESSION }]),
    ("lsp", &[CommandRun { args: &[], stdin: LSP_SESSION }]),
    ("completions", &[run(&["bash"])]),
    ("man", &[run(&[])]),
    ("help", &[run(&[]), run(&["check"])]),
];

/// Variables that would cause network access if the program read them.
const NETWORK_VARIABLES: [(&str, &str); 7] = [
    ("REVCENT_API_KEY", KEY),
    ("REVCENT_API_URL", "http://127.9.9.9:9/v2"),
    ("HTTPS_PROXY", "http://127.9.9.9:9"),
    ("https_proxy", "http://127.9.9.9:9"),
    ("ALL_PROXY", "http://127.9.9.9:9"),
    ("PORTAL_LINT_ONLINE", "1"),
    ("RECAPTCHA_SECRET_KEY", "canary-captcha-secret-000000000000000000"),
];

/// Whether a tool is installed. If not, prints that the test is skipped, and fails in CI.
pub fn is_installed(tool: &str, package: &str) -> bool {
    let is_installed = Command::new(tool).arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    let message = format!("skipped: {tool} is not installed (apt-get install -y {package})");
    assert!(is_installed || std::env::var_os("CI").is_none(), "{message}");
    if !is_installed {
        let _ = writeln!(std::io::stderr(), "{message}");
    }
    is_installed
}

/// The network system calls of a command, one per line.
fn network_calls(command: &Command, stdin: &str) -> Vec<String> {
    let trace = tempfile::NamedTempFile::new().expect("a file");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o"])
        .arg(trace.path())
        .arg(command.get_program());
    strace.args(command.get_args()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    strace.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    strace.current_dir(command.get_current_dir().expect("a folder"));
    strace.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = strace.spawn().expect("strace starts");
    let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!error.contains("strace: "), "{error}");
    fs::read_to_string(trace.path()).expect("a trace").lines().map(str::to_owned).collect()
}

/// The commands that `--help` lists.
fn commands_in_help() -> Vec<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_portal-lint")).arg("--help").output().expect("the program runs");
    let help = String::from_utf8(help.stdout).expect("text");
    let commands = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list");
    let mut names = Vec::new();
    for line in commands.lines() {
        // Lines with more indentation continue the description of a command.
        if !line.starts_with("   ")
            && let Some(name) = line.split_whitespace().next()
        {
            names.push(name.to_owned());
        }
    }
    names
}

#[test]
fn no_command_opens_a_socket_without_online() {
    if !is_installed("strace", "strace") {
        return;
    }
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    // A reference to an external document, which some parsers would fetch.
    let mut remote = published_document();
    response_fields(&mut remote)["theme"] = json!({ "$ref": "http://127.9.9.9:9/theme.json" });
    let (openapi, remote) = (published_document().to_string(), remote.to_string());
    let files = [
        ("portal.json", &clean_body()),
        ("account.json", &account),
        ("openapi.json", &openapi),
        ("remote.json", &remote),
    ];
    let folder = create_folder(&files.map(|(name, text)| (name, text.as_str())));
    let commands = commands_in_help();
    for name in ["check", "preflight", "render"] {
        assert!(commands.iter().any(|command| command == name), "{name} in {commands:?}");
    }
    for name in commands {
        let (_, runs) = COMMANDS
            .iter()
            .find(|(command, _)| *command == name)
            .unwrap_or_else(|| panic!("no run of the command {name}"));
        for CommandRun { args, stdin } in *runs {
            let mut command = Command::new(env!("CARGO_BIN_EXE_portal-lint"));
            command.arg(&name).args(*args).current_dir(folder.path()).envs(NETWORK_VARIABLES);
            let stdin = if *stdin == LSP_SESSION { add_headers(stdin) } else { (*stdin).to_owned() };
            let calls = network_calls(&command, &stdin);
            assert!(calls.is_empty(), "{name} {args:?}: {calls:#?}");
        }
    }
}

#[test]
fn strace_records_the_sockets_of_an_online_run() {
    if !is_installed("strace", "strace") {
        return;
    }
    let env = TestEnv::new();
    let calls = network_calls(&env.command(&["check", "--online", "portal.json"]), "");
    for call in ["socket(", "connect("] {
        assert!(calls.iter().any(|line| line.contains(call)), "no {call}: {calls:#?}");
    }
    let port = env.api.port().to_string();
    assert!(calls.iter().any(|line| line.contains(&port)), "{calls:#?}");
}
