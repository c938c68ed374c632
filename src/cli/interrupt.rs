//! Defers the end of the program by a signal until a file is written, so that no temporary file remains.

/// Runs `work`. If a signal that ends the program arrives in the meantime, the program ends when `work` is done.
#[cfg(unix)]
pub(super) fn defer_signals<T>(work: impl FnOnce() -> T) -> T {
    use std::sync::OnceLock;
    use std::sync::atomic::Ordering;

    static DEFERRAL: OnceLock<unix::Deferral> = OnceLock::new();
    let deferral = DEFERRAL.get_or_init(unix::Deferral::register);
    deferral.may_end.store(false, Ordering::SeqCst);
    let result = work();
    deferral.may_end.store(true, Ordering::SeqCst);
    match i32::try_from(deferral.received.load(Ordering::SeqCst)) {
        Ok(signal) if signal != 0 => drop(signal_hook::low_level::emulate_default_handler(signal)),
        _ => {}
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
        SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPIPE, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGUSR1, SIGUSR2,
        SIGVTALRM, SIGXCPU, SIGXFSZ,
    };
    use signal_hook::flag;

    /// The signals that end a program unless it handles them. Those about a fault of the program itself are left out, because they
    /// cannot be deferred.
    const ENDING_SIGNALS: [i32; 15] = [
        SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPIPE, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGUSR1, SIGUSR2,
        SIGVTALRM, SIGXCPU, SIGXFSZ,
    ];

    /// What the signal handlers read and write.
    pub(super) struct Deferral {
        /// Whether a signal ends the program at once.
        pub may_end: Arc<AtomicBool>,
        /// The number of a signal that arrived while no signal may end the program, or 0.
        pub received: Arc<AtomicUsize>,
    }

    impl Deferral {
        /// Registers the handlers. If the first one of a signal fails, the signal ends the program at once, as before.
        pub(super) fn register() -> Self {
            let deferral = Self { may_end: Arc::new(AtomicBool::new(true)), received: Arc::new(AtomicUsize::new(0)) };
            let ignored = ignored_signals();
            for signal in ENDING_SIGNALS {
                let Ok(number) = usize::try_from(signal) else { continue };
                // Whoever starts the program may have it ignore signals, as `nohup` does. A handler would end that.
                if ignored >> (number - 1) & 1 == 1 {
                    continue;
                }
                // The handlers run in this order. Without the first, the second would swallow the signal.
                if flag::register_conditional_default(signal, Arc::clone(&deferral.may_end)).is_ok() {
                    let _ = flag::register_usize(signal, Arc::clone(&deferral.received), number);
                }
            }
            deferral
        }
    }

    /// The signals that the program ignores: the lowest bit stands for signal 1. On systems without `/proc`, SIGHUP and SIGQUIT count as
    /// ignored, because `nohup` and shell scripts start programs that ignore them.
    fn ignored_signals() -> u64 {
        const SIGHUP_AND_SIGQUIT: u64 = 0b101;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or(SIGHUP_AND_SIGQUIT)
    }
}
