//! Time limits for each query and for a whole run, and the parallel execution of queries.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::online::Unanswered;

/// The time limits of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    run_end: Instant,
    run_limit: Duration,
    probe_limit: Duration,
}

/// The deadline of a query that starts now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    end: Instant,
    /// The time that the query had, for the error.
    limit: Duration,
}

impl Clock {
    /// Starts a run, with the time limits of each probe and of the run.
    pub(super) fn start(probe_limit: Duration, run_limit: Duration) -> Self {
        Self { run_end: Instant::now() + run_limit, run_limit, probe_limit }
    }

    /// The deadline of a probe that starts now.
    pub(super) fn probe_deadline(&self) -> Result<Deadline, Unanswered> {
        let now = Instant::now();
        if now >= self.run_end {
            let limit = format_seconds(self.run_limit);
            return Err(Unanswered(format!("the time limit for the whole run, {limit}, was exceeded")));
        }
        let limit = self.probe_limit.min(self.run_end - now);
        Ok(Deadline { end: now + limit, limit })
    }
}

impl Deadline {
    pub(super) fn time_left(&self) -> Result<Duration, Unanswered> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.exceeded_error()) } else { Ok(left) }
    }

    /// The error for a deadline that has passed.
    pub(super) fn exceeded_error(&self) -> Unanswered {
        Unanswered(format!("there was no response within {}", format_seconds(self.limit)))
    }

    /// The same deadline, limited to `duration` from now.
    pub(super) fn limited_to(&self, duration: Duration) -> Self {
        // A duration beyond the range of the clock does not limit the time.
        let end = match Instant::now().checked_add(duration) {
            Some(end) => self.end.min(end),
            None => self.end,
        };
        Self { end, limit: self.limit }
    }
}

/// Formats a duration as "5 s" or "0.2 s".
pub(super) fn format_seconds(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    if tenths.is_multiple_of(10) { format!("{} s", tenths / 10) } else { format!("{}.{} s", tenths / 10, tenths % 10) }
}

/// Calls `run` for all items, a few at a time. Returns the results in the order of the items.
pub(super) fn run_in_parallel<T: Send, R: Send>(items: Vec<T>, run: impl Fn(T) -> R + Sync) -> Vec<R> {
    const MAX_THREADS: usize = 4;
    let thread_count = items.len().min(MAX_THREADS);
    let queue = Mutex::new(items.into_iter().enumerate());
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..thread_count {
            scope.spawn(|| {
                loop {
                    // The lock is released at the end of this statement, so that other threads can take items meanwhile.
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, item)) = next else { return };
                    let result = run(item);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        assert_eq!(run_in_parallel((0..50).collect(), |number| number * 2), (0..50).map(|n| n * 2).collect::<Vec<_>>());
        assert!(run_in_parallel(Vec::<u8>::new(), |number| number).is_empty());
    }

    #[test]
    fn a_probe_has_no_more_time_than_the_run() {
        let clock = Clock::start(Duration::from_secs(5), Duration::from_millis(1));
        assert!(clock.probe_deadline().unwrap().time_left().unwrap() <= Duration::from_millis(1));
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(clock.probe_deadline().unwrap_err().0, "the time limit for the whole run, 0 s, was exceeded");
        assert_eq!(format_seconds(Duration::from_millis(1500)), "1.5 s");
    }
}
