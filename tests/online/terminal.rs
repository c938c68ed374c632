//! At a terminal, a run shows its progress, and Ctrl-C ends it. The terminal is that of `script` (package bsdutils of Debian), whose
//! standard input is the keyboard.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::api::KEY;
use super::environment::{SECRET, TestEnv, run_cases};
use super::http::Fault;
use super::sockets::is_installed;
use crate::support::entries;

/// The progress before the first answer.
const PROGRESS: &str = "querying the network: 0 of";
/// Ctrl-C.
const CTRL_C: &[u8] = &[3];
/// Longer than any step takes on a busy machine, and much shorter than the time limit of the probes, an hour.
const TOO_LONG: Duration = Duration::from_mins(2);

/// An environment in which the API never returns the campaigns, with a long time limit for probes.
fn env_with_silent_api() -> TestEnv {
    let mut env = TestEnv::new();
    env.api.fault("/campaigns", usize::MAX, Fault::Silence);
    env.set("--probe-timeout", "3600");
    env.set("--run-timeout", "3600");
    env
}

/// The command with the default action for SIGINT. If the tests run in the background, SIGINT may be ignored, and children inherit
/// that.
fn with_default_interrupt(command: &Command) -> Command {
    let mut shell = Command::new("env");
    shell.arg("--default-signal=INT").arg(command.get_program()).args(command.get_args());
    shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    shell.current_dir(command.get_current_dir().expect("a folder"));
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    shell
}

/// The command at a terminal, with redirections in the syntax of a shell.
fn at_a_terminal(command: &Command, redirections: &str) -> Command {
    let command = with_default_interrupt(command);
    let arguments = std::iter::once(command.get_program()).chain(command.get_args());
    let quoted = arguments.map(|argument| format!("'{}'", argument.to_string_lossy().replace('\'', r"'\''")));
    let line = format!("exec {} {redirections}", quoted.collect::<Vec<_>>().join(" "));
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--flush", "--command", &line, "/dev/null"]);
    terminal.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    terminal.current_dir(command.get_current_dir().expect("a folder"));
    terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    terminal
}

/// A running program, and its output so far on standard output and standard error.
struct Running {
    child: Child,
    output: Arc<Mutex<String>>,
    readers: Vec<thread::JoinHandle<()>>,
    start: Instant,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("it starts");
        let output = Arc::new(Mutex::new(String::new()));
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().expect("a pipe")), Box::new(child.stderr.take().expect("a pipe"))];
        let read_in_thread = |mut stream: Box<dyn Read + Send>| {
            let output = Arc::clone(&output);
            thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut bytes) {
                    output.lock().expect("no panic").push_str(&String::from_utf8_lossy(&bytes[..length]));
                }
            })
        };
        let readers = streams.map(read_in_thread).into_iter().collect();
        Self { child, output, readers, start: Instant::now() }
    }

    fn output(&self) -> String {
        self.output.lock().expect("no panic").clone()
    }

    /// Waits until a condition is true, up to a time limit.
    fn wait_until(&mut self, condition: &str, is_true: impl Fn(&mut Self) -> bool) {
        while !is_true(self) {
            if self.start.elapsed() > TOO_LONG {
                let _ = self.child.kill();
                panic!("{condition}: not after {TOO_LONG:?}\n{}", self.output());
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn end(mut self) -> (ExitStatus, String) {
        self.wait_until("the end", |running| running.child.try_wait().expect("a child").is_some());
        let status = self.child.wait().expect("a child");
        self.readers.drain(..).for_each(|reader| reader.join().expect("read"));
        let output = self.output();
        for canary in [KEY, SECRET, "panicked at"] {
            assert!(!output.contains(canary), "{canary}: {output}");
        }
        (status, output)
    }
}

#[test]
fn progress_is_shown_at_terminals_only() {
    if !is_installed("script", "bsdutils") {
        return;
    }
    // The arguments, the redirections, and whether the terminal shows progress.
    let cases: [(&[&str], &str, bool); 4] = [
        (&["check", "--online", "portal.json"], "", true),
        (&["check", "--online", "portal.json"], "> out.txt", true),
        (&["check", "--online", "portal.json"], "2> err.txt", false),
        (&["check", "--online", "--format", "json", "portal.json"], "", false),
    ];
    let name = |case: &(&[&str], &str, bool)| format!("{:?} {}", case.0, case.1);
    run_cases(&cases, name, |&(args, redirected, is_shown)| {
        let mut env = TestEnv::new();
        env.set("--probe-timeout", "60");
        env.set("--run-timeout", "60");
        // The first requests, which are sent at the same time, take longer than the time after which progress is shown.
        env.api.delay(4, Duration::from_millis(1200));
        let (status, output) = Running::start(at_a_terminal(&env.command(args), redirected)).end();
        assert_eq!(status.code(), Some(0), "{args:?} {redirected}: {output}");
        assert_eq!(output.contains(PROGRESS), is_shown, "{args:?} {redirected}: {output}");
        if is_shown {
            // The progress is erased before any other output.
            let (progress, report) = output.rsplit_once("\r\u{1b}[K").expect("the end of the progress");
            assert!(progress.contains(PROGRESS) && !report.contains("querying the network"), "{output}");
            assert_eq!(report.is_empty(), !redirected.is_empty(), "{output}");
        }
        let files: Vec<String> = ["out.txt", "err.txt"]
            .iter()
            .filter(|name| redirected.contains(**name))
            .map(|name| env.read(name))
            .collect();
        assert!(
            files.iter().all(|text| !text.contains("querying the network") && !text.contains('\u{1b}')),
            "{files:?}"
        );
    });
}

#[test]
fn ctrl_c_ends_a_run_that_waits() {
    if !is_installed("script", "bsdutils") {
        return;
    }
    for args in [&["check", "--online", "portal.json"][..], &["account", "pull", "--online"]] {
        let env = env_with_silent_api();
        let mut running = Running::start(at_a_terminal(&env.command(args), ""));
        running.wait_until("progress", |running| running.output().contains("querying the network"));
        assert!(!env.requests("/campaigns").is_empty());
        let mut keyboard = running.child.stdin.take().expect("a pipe");
        keyboard.write_all(CTRL_C).and_then(|()| keyboard.flush()).expect("it is typed");
        let (status, output) = running.end();
        // Shells report 128 plus the number of the signal.
        assert_eq!(status.code(), Some(130), "{args:?}: {output}");
        assert_eq!(entries(env.folder.path()).len(), 1, "{args:?}: something was written");
    }
}

#[test]
fn an_interrupt_ends_a_run_without_a_terminal() {
    let env = env_with_silent_api();
    let mut running = Running::start(with_default_interrupt(&env.command(&["check", "--online", "portal.json"])));
    running.wait_until("a request", |_| !env.requests("/campaigns").is_empty());
    // Longer than the time after which progress would be shown.
    thread::sleep(Duration::from_millis(1200));
    let killed = Command::new("kill").args(["-INT", &running.child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let (status, output) = running.end();
    assert_eq!((status.signal(), output.as_str()), (Some(2), ""));
}
