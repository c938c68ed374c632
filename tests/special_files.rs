//! Named pipes, devices and sockets do not block a run, and files are read up to the bounds of the limits.

use std::fs;
use std::io::Read;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::program::{clean_body, create_folder};
use portal_lint::syntax::Limits;
use serde_json::Value as Json;

/// The output of a run.
struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs a command and fails if it does not end within a minute.
fn run_with_timeout(mut command: Command) -> Run {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let (mut out, mut err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
    let read = |stream: &mut dyn Read| {
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("text");
        text
    };
    std::thread::scope(|scope| {
        let out = scope.spawn(|| read(&mut out));
        let err = scope.spawn(|| read(&mut err));
        let start = Instant::now();
        let status = loop {
            match child.try_wait().expect("a status") {
                Some(status) => break status,
                None if start.elapsed() > Duration::from_mins(1) => {
                    child.kill().expect("it can be killed");
                    panic!("still running: {command:?}");
                }
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        let code = status.code().unwrap_or_else(|| panic!("{command:?}: {status}"));
        Run { code, out: out.join().expect("text"), err: err.join().expect("text") }
    })
}

fn run(folder: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal-lint"));
    command.args(args).current_dir(folder);
    run_with_timeout(command)
}

/// Runs a shell script in which `$LINT` is the program.
fn run_script(folder: &Path, script: &str) -> Run {
    let mut command = Command::new("bash");
    command.args(["-c", script]).current_dir(folder).env("LINT", env!("CARGO_BIN_EXE_portal-lint"));
    run_with_timeout(command)
}

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

#[test]
fn a_walk_reports_pipes_and_sockets_without_reading_them() {
    let folder = create_folder(&[("a.json", &clean_body())]);
    make_pipe(&folder.path().join("pipe.portal.json"));
    make_pipe(&folder.path().join("plain.yaml"));
    make_pipe(&folder.path().join("other.txt"));
    make_pipe(&folder.path().join(".gitignore"));
    let _socket = UnixListener::bind(folder.path().join("socket.json")).expect("a socket");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.json")).expect("a link");
    for command in [&["check", "--format", "concise"][..], &["check", "--fix", "--format", "concise"], &["preflight"]] {
        let run = run(folder.path(), command);
        assert_eq!(run.code, 2, "{command:?} {} {}", run.out, run.err);
        if command[0] == "check" {
            let names: Vec<&str> = run.out.lines().filter_map(|line| line.split(':').next()).collect();
            assert_eq!(names, ["pipe.portal.json", "plain.yaml", "socket.json"], "{}", run.out);
            assert_eq!(
                run.out.matches("error[RCP900] this is a device or a pipe, not a file").count(),
                3,
                "{}",
                run.out
            );
        }
    }
}

#[test]
fn a_pipe_or_device_is_refused_in_place_of_any_file() {
    let files = [("a.json", clean_body()), ("account.toml", "account = \"pipe\"\n".to_owned())];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = create_folder(&files);
    make_pipe(&folder.path().join("pipe"));
    fs::create_dir(folder.path().join("settings")).expect("a folder");
    fs::write(folder.path().join("settings/a.json"), clean_body()).expect("a file");
    make_pipe(&folder.path().join("settings/portal-lint.toml"));
    fs::create_dir(folder.path().join("zero")).expect("a folder");
    fs::write(folder.path().join("zero/a.json"), clean_body()).expect("a file");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero/portal-lint.toml")).expect("a link");
    for args in [
        &["check", "pipe"][..],
        &["check", "./pipe", "a.json"],
        &["check", "/dev/zero"],
        &["check", "--fix", "pipe"],
        &["check", "settings"],
        &["check", "settings/a.json"],
        &["check", "zero"],
        &["check", "--config", "account.toml", "a.json"],
        &["check", "--config", "pipe", "a.json"],
        &["check", "--account", "pipe", "a.json"],
        &["check", "--account", "/dev/zero", "a.json"],
        &["check", "--openapi", "pipe", "a.json"],
        &["check", "--openapi", "/dev/zero", "a.json"],
        &["schema", "create", "--openapi", "pipe"],
        &["render", "pipe"],
        &["render", "a.json", "--openapi", "pipe"],
        &["preflight", "pipe"],
        #[cfg(feature = "online")]
        &["check", "--online", "--ca-file", "pipe", "a.json"],
        #[cfg(feature = "online")]
        &["account", "pull", "--online", "pipe"],
        #[cfg(feature = "online")]
        &["account", "pull", "--online", "--output", "pipe", "a.json"],
    ] {
        let run = run(folder.path(), args);
        assert_eq!(run.code, 2, "{args:?} {} {}", run.out, run.err);
        let printed = run.out + &run.err;
        assert!(printed.contains("a device or a pipe"), "{args:?} {printed}");
    }
}

#[test]
fn stdin_and_process_substitutions_are_read() {
    let folder = create_folder(&[
        ("a.json", &clean_body()),
        ("account.json", "{}"),
        ("set.toml", "[severity]\nRCP104 = \"off\"\n"),
    ]);
    let broken = "sed 's/\"name\": /\"name\" /' a.json";
    for (script, code, printed) in [
        ("$LINT check <(sleep 0.3; cat a.json)", 0, ""),
        ("$LINT check --format concise <(cat a.json)", 0, ""),
        (&format!("$LINT check --format concise <({broken})"), 1, "/dev/fd/63:2:8: error[RCP901]"),
        ("cat a.json | $LINT check /dev/stdin", 0, ""),
        ("cat a.json | $LINT check /dev/fd/0", 0, ""),
        ("cat a.json | $LINT check /proc/self/fd/0", 0, ""),
        ("$LINT check /dev/stdin < a.json", 0, ""),
        ("$LINT check --config <(cat set.toml) a.json", 0, ""),
        ("$LINT check --format concise --account <(echo '{\"version\": 2}') a.json", 1, "error[RCP914]"),
        ("$LINT preflight --format json <(cat a.json)", 0, "\"file\": \"/dev/fd/63\""),
        ("$LINT render <(cat a.json)", 2, "are not set in the environment"),
        ("$LINT check --format concise <(cat a.json) <(cat a.json)", 1, "RCP001"),
        (
            "$LINT check --fix --format concise <(sed 's/{{email_code}}/{{ email_code }}/' a.json)",
            2,
            "it is not a file",
        ),
        ("$LINT check --output json=>(cat >&2) a.json", 0, ""),
        ("$LINT check --format json --output json=/dev/stderr a.json", 0, "\"version\": 1"),
    ] {
        let run = run_script(folder.path(), script);
        assert_eq!(run.code, code, "{script}: {} {}", run.out, run.err);
        let all = run.out + &run.err;
        assert!(all.contains(printed), "{script}: {all}");
    }
}

#[test]
fn a_file_that_becomes_a_pipe_during_a_run_does_not_block_it() {
    let folder = create_folder(&[]);
    let names: Vec<String> = (0..200).map(|number| format!("p{number}.portal.json")).collect();
    for _ in 0..5 {
        for name in &names {
            let path = folder.path().join(name);
            let _ = fs::remove_file(&path);
            fs::write(path, clean_body()).expect("a file");
        }
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for name in names.iter().rev() {
                    let pipe = folder.path().join("new");
                    make_pipe(&pipe);
                    fs::rename(pipe, folder.path().join(name)).expect("it is renamed");
                }
            });
            let run = run(folder.path(), &["check", "--isolated", "--fix", "--format", "concise"]);
            assert!(matches!(run.code, 1 | 2), "{} {}", run.out, run.err);
        });
    }
}

/// Settings with one limit.
fn limit_settings(key: &str, value: &str) -> String {
    format!("[limits]\n{key} = {value}\n")
}

#[test]
fn limits_out_of_bounds_are_findings_in_the_settings() {
    let folder = create_folder(&[("a.json", &clean_body())]);
    let check = |key: &str, value: &str| {
        fs::write(folder.path().join("portal-lint.toml"), limit_settings(key, value)).expect("a file");
        run(folder.path(), &["check", "--format", "concise", "a.json"])
    };
    for (key, maximum) in
        [("depth", "1024"), ("file-bytes", "1073741824"), ("nodes", "10000000"), ("nodes", "10_000_000")]
    {
        let run = check(key, maximum);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{key} = {maximum}");
    }
    for (key, values, maximum) in [
        ("depth", ["1025", "18446744073709551615", "0", "-1"], "1024"),
        ("file-bytes", ["1073741825", "9223372036854775807", "0", "99999999999999999999"], "1073741824"),
        ("nodes", ["10000001", "0xFFFFFFFF", "0", "-5"], "10000000"),
    ] {
        for value in values {
            let run = check(key, value);
            let message =
                format!("portal-lint.toml:2:{}: error[RCP914] `{key}` must be between 1 and {maximum}", key.len() + 4);
            let is_toml = !value.starts_with("9999") && !value.starts_with("1844");
            assert_eq!(run.code, 1, "{key} = {value}: {}", run.out);
            assert!(run.out.contains(&message) || !is_toml, "{key} = {value}: {}", run.out);
        }
    }
    let schema: Json = serde_json::from_str(&run(folder.path(), &["schema", "settings"]).out).expect("JSON");
    let maximum = |key: &str| schema["properties"]["limits"]["properties"][key]["maximum"].as_u64();
    assert_eq!(maximum("file-bytes"), Some(Limits::MAX.file_bytes));
    assert_eq!(maximum("depth"), Some(Limits::MAX.depth as u64));
    assert_eq!(maximum("nodes"), Some(Limits::MAX.nodes as u64));
}

/// A portal whose `customer_filters` are nested so that the file is `depth` levels deep.
fn nested_portal(format: &str, depth: usize) -> String {
    let levels = depth - 1;
    match format {
        "block.yaml" => {
            let mut text = "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\ncustomer_filters:\n".to_owned();
            for level in 1..=levels {
                text.push_str(&" ".repeat(level));
                text.push_str(if level == levels { "k: 1\n" } else { "k:\n" });
            }
            text
        }
        "sequences.yaml" => {
            format!("customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\ncustomer_filters:\n  {}1\n", "- ".repeat(levels))
        }
        "objects.json" => {
            let (open, close) = ("{\"k\":".repeat(levels), "}".repeat(levels));
            format!("{{\"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\", \"customer_filters\": {open}1{close}}}")
        }
        _ => {
            let (open, close) = ("[".repeat(levels), "]".repeat(levels));
            format!("{{\"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\", \"customer_filters\": {open}{close}}}")
        }
    }
}

/// Runs the commands on a file of the maximum depth, on one that is a level deeper, and on a broken one.
fn check_deepest_file(format: &str) {
    let commands = [
        &["check", "--format", "json"][..],
        &["check", "--fix", "--unsafe-fixes"],
        &["check", "--format", "human"],
        &["check", "--format", "sarif", "--threads", "2"],
        &["check", "--format", "markdown", "--kind", "create"],
        &["check", "--kind", "export", "--format", "junit"],
        &["check", "--diff", "--unsafe-fixes"],
        &["preflight"],
        &["preflight", "--format", "html"],
        &["render"],
    ];
    // The indentation of this file makes it half a megabyte long. Two commands are enough: the others read the same tree as in
    // the other formats.
    let with_account = ["check", "--account", format];
    let count = if format == "block.yaml" { 2 } else { usize::MAX };
    let commands = commands.iter().copied().chain([&with_account[..]]).take(count);
    let broken = nested_portal(format, 1024).replacen("Zb4Nf8QwR2sXk6LmT0Vy", "${ID}\" \"", 1);
    let folder = create_folder(&[
        ("portal-lint.toml", &limit_settings("depth", "1024")),
        (format, &nested_portal(format, 1024)),
        (&format!("deeper-{format}"), &nested_portal(format, 1025)),
        (&format!("broken-{format}"), &broken),
    ]);
    let deeper = run(folder.path(), &["check", "--format", "concise", &format!("deeper-{format}")]);
    assert_eq!(deeper.code, 1);
    assert!(deeper.out.contains("RCP900] the nesting is deeper than 1024 levels"), "{format} {}", deeper.out);
    // Worker threads have a smaller stack than the main thread.
    let threads = run(folder.path(), &["check", "--format", "concise", "--threads", "3", "."]);
    assert!(threads.code == 1 && threads.out.contains("RCP900"), "{format} {} {}", threads.code, threads.err);
    for args in commands {
        for file in [format.to_owned(), format!("broken-{format}")] {
            let run = run(folder.path(), &[args, &[&file]].concat());
            assert!(run.code < 3, "{args:?} {file}: {} {}", run.code, run.err);
            assert!(!(run.out + &run.err).contains("nested deeper"), "{args:?} {file}");
        }
    }
}

#[test]
fn every_command_reads_a_json_file_of_the_maximum_depth() {
    for format in ["flow.json", "objects.json", "comments.jsonc"] {
        check_deepest_file(format);
    }
}

#[test]
fn every_command_reads_a_yaml_file_of_the_maximum_depth() {
    for format in ["flow.yaml", "sequences.yaml", "block.yaml"] {
        check_deepest_file(format);
    }
}

#[test]
fn files_are_read_up_to_the_maximum_number_of_nodes_and_bytes() {
    // More than the default limits.
    let (numbers, spaces) = ("1,\n".repeat(110_000), " ".repeat(9 << 20));
    let text = format!(
        "{{\"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\", \"enabled\": false, \"x\": [{numbers}{spaces}1]}}"
    );
    let maximum = "[limits]\nfile-bytes = 1073741824\nnodes = 10000000\ndepth = 1024\n";
    let folder = create_folder(&[("portal-lint.toml", maximum), ("many.json", &text), ("a.json", &clean_body())]);
    let many = run(folder.path(), &["check", "--format", "concise", "many.json"]);
    assert_eq!(many.code, 1);
    assert!(many.out.contains("RCP024") && !many.out.contains("RCP900"), "{}", many.out);
    let large = fs::File::create(folder.path().join("large.portal.json")).expect("a file");
    large.set_len((1 << 30) + 1).expect("a size");
    let large = run(folder.path(), &["check", "--format", "concise", "large.portal.json"]);
    assert_eq!(large.code, 1);
    assert!(large.out.contains("RCP900") && large.out.contains("more than the limit of 1073741824"), "{}", large.out);
}
