//! Defers the end of the program by a signal until a file is written, so that no temporary file remains.

/// Runs `work`. If a signal that ends the program arrives in the meantime, the program ends when `work` is done.
#[cfg(unix)]
pub(super) fn defer_signals<T>(work: impl FnOnce() -> T) -> T {
    use std::sync::OnceLock;
    use std::sync::atomic::Ordering;

    static HANDLERS: OnceLock<unix::SignalHandlers> = OnceLock::new();
    let handlers = HANDLERS.get_or_init(unix::SignalHandlers::register);
    handlers.end_program.store(false, Ordering::SeqCst);
    let result = work();
    handlers.end_program.store(true, Ordering::SeqCst);
    if let Ok(signal) = i32::try_from(handlers.deferred_signal.load(Ordering::SeqCst))
        && signal != 0
    {
        // If this fails, the program continues, as if the signal had not arrived.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
    result
}

#[cfg(not(unix))]
pub(super) fn defer_signals<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[cfg(unix)]
mod unix {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use signal_hook::consts::{
        SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM,
        SIGXCPU, SIGXFSZ,
    };
    use signal_hook::flag;

    /// The signals that end a program unless it handles them. SIGPIPE is left out, because every Rust program ignores it, and so are the
    /// signals for an invalid instruction or memory access, because the program cannot continue after them.
    const ENDING_SIGNALS: [i32; 14] = [
        SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM,
        SIGXCPU, SIGXFSZ,
    ];

    /// The variables that the signal handlers use.
    pub(super) struct SignalHandlers {
        /// Whether a signal ends the program at once.
        pub end_program: Arc<AtomicBool>,
        /// The number of a signal that arrived while `end_program` was false, or 0.
        pub deferred_signal: Arc<AtomicUsize>,
    }

    impl SignalHandlers {
        /// Registers the handlers. A signal whose handlers cannot be registered still ends the program at once.
        pub(super) fn register() -> Self {
            let handlers =
                Self { end_program: Arc::new(AtomicBool::new(true)), deferred_signal: Arc::new(AtomicUsize::new(0)) };
            let ignored = ignored_signals();
            for signal in ENDING_SIGNALS {
                let Ok(number) = usize::try_from(signal) else { continue };
                // A signal that the program was started to ignore, as by `nohup`, would end it if it had a handler.
                if ignored >> (number - 1) & 1 == 1 {
                    continue;
                }
                // The handlers run in this order. Without the first one, no signal would end the program.
                if flag::register_conditional_default(signal, Arc::clone(&handlers.end_program)).is_ok() {
                    let _ = flag::register_usize(signal, Arc::clone(&handlers.deferred_signal), number);
                }
            }
            handlers
        }
    }

    /// The set of signals that the program ignores: the lowest bit stands for signal 1. Without `/proc`, only SIGHUP and SIGQUIT count as
    /// ignored, because `nohup` and shell scripts start programs that ignore them.
    fn ignored_signals() -> u64 {
        const SIGHUP_AND_SIGQUIT: u64 = 0b101;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or_default();
        u64::from_str_radix(bits.trim(), 16).unwrap_or(SIGHUP_AND_SIGQUIT)
    }
}
