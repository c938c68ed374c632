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

/// The arguments of a command, and its standard input.
struct Typed {
    args: &'static [&'static str],
    stdin: &'static str,
}

const fn typed(args: &'static [&'static str]) -> Typed {
    Typed { args, stdin: "" }
}

/// The messages of a client that starts and ends a language server, one per line.
const SESSION: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}
{"jsonrpc":"2.0","method":"initialized","params":{}}
{"jsonrpc":"2.0","id":2,"method":"shutdown"}
{"jsonrpc":"2.0","method":"exit"}"#;

/// The messages with their headers.
fn framed(messages: &str) -> String {
    let frame = |message: &str| format!("Content-Length: {}\r\n\r\n{message}", message.len());
    messages.lines().map(frame).collect::<Vec<_>>().concat()
}

const HOOK_INPUT: &str = r#"{"hook_event_name": "PreToolUse", "tool_name": "mcp__revcent__EditCustomerPortal",
    "tool_input": {"customer_portal_id": "exD0myCXTaMte0mTOOY3", "enabled": true}}"#;

const MCP_SESSION: &str = concat!(
    r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}"#,
    "\n",
    r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"preflight_portal","arguments":{"path":"portal.json"}}}"#,
    "\n",
);

/// How each command of `--help` is run. A command that is missing here fails the test.
const COMMANDS: &[(&str, &[Typed])] = &[
    (
        "check",
        &[
            typed(&["."]),
            typed(&["--verbose", "--account", "account.json", "portal.json"]),
            typed(&["--format", "sarif", "--output", "json=report.json", "--statistics", "portal.json"]),
            typed(&["--fix", "--unsafe-fixes", "portal.json"]),
            typed(&["--diff", "portal.json"]),
            typed(&["--threads", "4", "."]),
            typed(&["--openapi", "openapi.json", "--verbose", "portal.json"]),
            typed(&["--openapi", "remote.json", "portal.json"]),
            typed(&["missing.json"]),
            Typed { args: &["-"], stdin: "{\"name\": \"Acme\", \"recaptcha\": {}}" },
        ],
    ),
    ("preflight", &[typed(&["."]), typed(&["--format", "html", "--account", "account.json", "portal.json"])]),
    ("allow", &[typed(&["RCP012", "portal.json", "--reason", "agreed"])]),
    ("explain", &[typed(&["RCP307"])]),
    ("rules", &[typed(&["--format", "json"])]),
    ("allow", &[typed(&["enabled-at-start", "portal.json", "--reason", "agreed"])]),
    ("bind", &[typed(&["portal.json", "exD0myCXTaMte0mTOOY3"])]),
    ("plan", &[typed(&["--account", "account.json", "portal.json"])]),
    ("matrix", &[typed(&["--account", "account.json", "portal.json"])]),
    ("preview", &[typed(&["portal.json"])]),
    ("render", &[typed(&["portal.json"]), typed(&["--openapi", "openapi.json", "portal.json"])]),
    ("account", &[typed(&["pull"]), typed(&["--help"])]),
    ("schema", &[typed(&["account"]), typed(&["create", "--openapi", "openapi.json"])]),
    ("init", &[typed(&[])]),
    ("hook", &[Typed { args: &["--agent", "claude"], stdin: HOOK_INPUT }]),
    ("mcp", &[Typed { args: &[], stdin: MCP_SESSION }]),
    ("lsp", &[Typed { args: &[], stdin: SESSION }]),
    ("completions", &[typed(&["bash"])]),
    ("man", &[typed(&[])]),
    ("help", &[typed(&[]), typed(&["check"])]),
];

/// Variables that would cause network access if the program read them.
const TEMPTATIONS: [(&str, &str); 7] = [
    ("REVCENT_API_KEY", KEY),
    ("REVCENT_API_URL", "http://127.9.9.9:9/v2"),
    ("HTTPS_PROXY", "http://127.9.9.9:9"),
    ("https_proxy", "http://127.9.9.9:9"),
    ("ALL_PROXY", "http://127.9.9.9:9"),
    ("PORTAL_LINT_ONLINE", "1"),
    ("RECAPTCHA_SECRET_KEY", "canary-captcha-secret-000000000000000000"),
];

/// Whether a tool is installed, which is required in CI. Elsewhere, the test is skipped with a message.
pub fn is_installed(tool: &str, package: &str) -> bool {
    let is_installed = Command::new(tool).arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    let missing = format!("not proved: there is no {tool} here (apt-get install -y {package})");
    assert!(is_installed || std::env::var_os("CI").is_none(), "{missing}");
    if !is_installed {
        let _ = writeln!(std::io::stderr(), "{missing}");
    }
    is_installed
}

/// The network system calls of a command, one per line.
fn calls(mut command: Command, stdin: &str) -> Vec<String> {
    let trace = tempfile::NamedTempFile::new().expect("a file");
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o"])
        .arg(trace.path())
        .arg(command.get_program());
    traced.args(command.get_args()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    traced.current_dir(command.get_current_dir().expect("a folder"));
    command = traced;
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("strace starts");
    let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!error.contains("strace: "), "{error}");
    fs::read_to_string(trace.path()).expect("a trace").lines().map(str::to_owned).collect()
}

/// The commands that `--help` lists.
fn listed() -> Vec<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_portal-lint")).arg("--help").output().expect("the program runs");
    let help = String::from_utf8(help.stdout).expect("text");
    let commands = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list");
    let name = |line: &str| {
        line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   ")).map(str::to_owned)
    };
    commands.lines().filter_map(name).collect()
}

#[test]
fn no_command_opens_a_socket_without_online() {
    if !is_installed("strace", "strace") {
        return;
    }
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    // With a reference to an external document, which a careless parser would fetch.
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
    let listed = listed();
    assert!(["check", "preflight", "render"].iter().all(|name| listed.iter().any(|own| own == name)), "{listed:?}");
    for name in listed {
        let (_, runs) =
            COMMANDS.iter().find(|(own, _)| *own == name).unwrap_or_else(|| panic!("no row for the command {name}"));
        for Typed { args, stdin } in *runs {
            let mut command = Command::new(env!("CARGO_BIN_EXE_portal-lint"));
            command.arg(&name).args(*args).current_dir(folder.path()).envs(TEMPTATIONS);
            let stdin = if *stdin == SESSION { framed(stdin) } else { (*stdin).to_owned() };
            let calls = calls(command, &stdin);
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
    let calls = calls(env.command(&["check", "--online", "portal.json"]), "");
    for call in ["socket(", "connect("] {
        assert!(calls.iter().any(|line| line.contains(call)), "no {call}: {calls:#?}");
    }
    let port = env.api.port().to_string();
    assert!(calls.iter().any(|line| line.contains(&port)), "{calls:#?}");
}
