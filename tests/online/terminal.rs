//! At a terminal: who waits sees how far it is, and Ctrl-C ends it. The terminal is the one that `script` makes (Debian's bsdutils);
//! what is written to its standard input is typed there.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::api::KEY;
use super::http::Fault;
use super::sockets::is_there;
use super::world::{SECRET, World};
use crate::support::entries;

/// What is shown while nobody has answered yet.
const PROGRESS: &str = "asking over the network: 0 of";
/// Ctrl-C, as a terminal sends it.
const CTRL_C: &[u8] = &[3];
/// More than anything takes on a machine that is busy, and nothing against the hour that the probes have.
const TOO_LONG: Duration = Duration::from_mins(2);

/// A world in which the account tells nothing of its campaigns, and the probes have the patience to wait for it.
fn silent() -> World {
    let mut world = World::new();
    world.api.fault("/campaigns", usize::MAX, Fault::Silence);
    world.set("--probe-timeout", "3600");
    world.set("--run-timeout", "3600");
    world
}

/// The program as a shell starts it: who runs the tests in the background may have Ctrl-C ignored, and that would be inherited.
fn as_a_shell_does(command: &Command) -> Command {
    let mut shell = Command::new("env");
    shell.arg("--default-signal=INT").arg(command.get_program()).args(command.get_args());
    shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    shell.current_dir(command.get_current_dir().expect("a folder"));
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    shell
}

/// The same at a terminal, with what a shell would read behind it.
fn at_a_terminal(command: &Command, redirected: &str) -> Command {
    let plain = as_a_shell_does(command);
    let words = std::iter::once(plain.get_program()).chain(plain.get_args());
    let quoted = words.map(|word| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''")));
    let line = format!("exec {} {redirected}", quoted.collect::<Vec<_>>().join(" "));
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--flush", "--command", &line, "/dev/null"]);
    terminal.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    terminal.current_dir(plain.get_current_dir().expect("a folder"));
    terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    terminal
}

/// A program that is running, and what it has said so far, be it on standard output or on standard error.
struct Running {
    child: Child,
    said: Arc<Mutex<String>>,
    readers: Vec<thread::JoinHandle<()>>,
    start: Instant,
}

impl Running {
    fn of(mut command: Command) -> Self {
        let mut child = command.spawn().expect("it starts");
        let said = Arc::new(Mutex::new(String::new()));
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().expect("a pipe")), Box::new(child.stderr.take().expect("a pipe"))];
        let read = |mut stream: Box<dyn Read + Send>| {
            let said = Arc::clone(&said);
            thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(1..) = stream.read(&mut bytes).inspect(|length| {
                    said.lock().expect("no panic").push_str(&String::from_utf8_lossy(&bytes[..*length]));
                }) {}
            })
        };
        let readers = streams.map(read).into_iter().collect();
        Self { child, said, readers, start: Instant::now() }
    }

    fn said(&self) -> String {
        self.said.lock().expect("no panic").clone()
    }

    /// Waits until something is so, but not for ever.
    fn until(&mut self, what: &str, is_so: impl Fn(&mut Self) -> bool) {
        while !is_so(self) {
            if self.start.elapsed() > TOO_LONG {
                let _ = self.child.kill();
                panic!("{what}: not after {TOO_LONG:?}\n{}", self.said());
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn end(mut self) -> (ExitStatus, String) {
        self.until("the end", |own| own.child.try_wait().expect("a child").is_some());
        let status = self.child.wait().expect("a child");
        self.readers.drain(..).for_each(|reader| reader.join().expect("read"));
        let said = self.said();
        for canary in [KEY, SECRET, "panicked at"] {
            assert!(!said.contains(canary), "{canary}: {said}");
        }
        (status, said)
    }
}

#[test]
fn who_waits_at_a_terminal_sees_how_far_it_is_and_nobody_else_does() {
    if !is_there("script", "bsdutils") {
        return;
    }
    // What is typed, what the shell does with it, and whether there is progress on the terminal.
    let cases: [(&[&str], &str, bool); 4] = [
        (&["check", "--online", "portal.json"], "", true),
        (&["check", "--online", "portal.json"], "> out.txt", true),
        (&["check", "--online", "portal.json"], "2> err.txt", false),
        (&["check", "--online", "--format", "json", "portal.json"], "", false),
    ];
    for (args, redirected, is_shown) in cases {
        let mut world = World::new();
        world.set("--probe-timeout", "60");
        world.set("--run-timeout", "60");
        world.api.delay(Duration::from_millis(1500));
        let (status, said) = Running::of(at_a_terminal(&world.command(args), redirected)).end();
        assert_eq!(status.code(), Some(0), "{args:?} {redirected}: {said}");
        assert_eq!(said.contains(PROGRESS), is_shown, "{args:?} {redirected}: {said}");
        if is_shown {
            // It is wiped away before anything else is said.
            let (progress, rest) = said.rsplit_once("\r\u{1b}[K").expect("the end of the progress");
            assert!(progress.contains(PROGRESS) && !rest.contains("asking over"), "{said}");
            assert_eq!(rest.is_empty(), !redirected.is_empty(), "{said}");
        }
        let files: Vec<String> = ["out.txt", "err.txt"]
            .iter()
            .filter(|name| redirected.contains(**name))
            .map(|name| world.read(name))
            .collect();
        assert!(files.iter().all(|text| !text.contains("asking over") && !text.contains('\u{1b}')), "{files:?}");
    }
}

#[test]
fn ctrl_c_ends_a_run_that_waits() {
    if !is_there("script", "bsdutils") {
        return;
    }
    for args in [&["check", "--online", "portal.json"][..], &["account", "pull", "--online"]] {
        let world = silent();
        let mut running = Running::of(at_a_terminal(&world.command(args), ""));
        running.until("progress", |own| own.said().contains("asking over the network"));
        assert!(!world.requests("/campaigns").is_empty());
        let mut keyboard = running.child.stdin.take().expect("a pipe");
        keyboard.write_all(CTRL_C).and_then(|()| keyboard.flush()).expect("it is typed");
        let (status, said) = running.end();
        // 128 and the number of the signal: as shells say it.
        assert_eq!(status.code(), Some(130), "{args:?}: {said}");
        assert_eq!(entries(world.folder.path()).len(), 1, "{args:?}: something was written");
    }
}

#[test]
fn an_interrupt_ends_a_run_without_a_terminal_that_said_nothing() {
    let world = silent();
    let mut running = Running::of(as_a_shell_does(&world.command(&["check", "--online", "portal.json"])));
    running.until("a question", |_| !world.requests("/campaigns").is_empty());
    // As long as progress would take to be there.
    thread::sleep(Duration::from_millis(1500));
    let killed = Command::new("kill").args(["-INT", &running.child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let (status, said) = running.end();
    assert_eq!((status.signal(), said.as_str()), (Some(2), ""));
}
