//! Time limits for each query and for a whole run, and the parallel execution of queries.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::online::Unanswered;

/// The time limits of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    end: Instant,
    run: Duration,
    probe: Duration,
}

/// The deadline of a query that starts now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    end: Instant,
    given: Duration,
}

impl Clock {
    pub(super) fn start(probe: Duration, run: Duration) -> Self {
        Self { end: Instant::now() + run, run, probe }
    }

    /// The deadline of a probe that starts now.
    pub(super) fn probe(&self) -> Result<Deadline, Unanswered> {
        let now = Instant::now();
        if now >= self.end {
            return Err(Unanswered(format!("the time for the whole run, {}, was over", seconds(self.run))));
        }
        let given = self.probe.min(self.end - now);
        Ok(Deadline { end: now + given, given })
    }
}

impl Deadline {
    /// The time that is left.
    pub(super) fn left(&self) -> Result<Duration, Unanswered> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.missed()) } else { Ok(left) }
    }

    /// The error for a deadline that has passed.
    pub(super) fn missed(&self) -> Unanswered {
        Unanswered(format!("there was no answer within {}", seconds(self.given)))
    }

    /// The same deadline, limited to `part` from now.
    pub(super) fn within(&self, part: Duration) -> Self {
        // A duration that overflows the clock is no limit.
        let end = Instant::now().checked_add(part).map_or(self.end, |end| self.end.min(end));
        Self { end, given: self.given }
    }
}

/// Formats a duration as "5 s" or "0.2 s".
pub(super) fn seconds(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    if tenths.is_multiple_of(10) { format!("{} s", tenths / 10) } else { format!("{}.{} s", tenths / 10, tenths % 10) }
}

/// Calls `each` for all items, a few at a time. Returns the results in the order of the items.
pub(super) fn in_parallel<T: Send, R: Send>(items: Vec<T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    const AT_ONCE: usize = 4;
    let threads = items.len().min(AT_ONCE);
    let waiting = Mutex::new(items.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
                    let Some((index, item)) = next else { return };
                    let result = each(item);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        assert_eq!(in_parallel((0..50).collect(), |number| number * 2), (0..50).map(|n| n * 2).collect::<Vec<_>>());
        assert!(in_parallel(Vec::<u8>::new(), |number| number).is_empty());
    }

    #[test]
    fn a_probe_has_no_more_time_than_the_run() {
        let clock = Clock::start(Duration::from_secs(5), Duration::from_millis(1));
        assert!(clock.probe().unwrap().left().unwrap() <= Duration::from_millis(1));
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(clock.probe().unwrap_err().0, "the time for the whole run, 0 s, was over");
        assert_eq!(seconds(Duration::from_millis(1500)), "1.5 s");
    }
}
