//! Counts steps of work in unit tests, so that a test can show that the running time is linear without a clock.
//!
//! Code that reads text in a loop calls [`count_steps`] with the number of bytes or entries it read. Outside of unit tests the
//! call compiles to nothing.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// Adds to the steps of the current thread.
#[inline]
#[cfg_attr(not(test), expect(unused_variables, reason = "steps are counted in unit tests only"))]
pub(crate) fn count_steps(steps: usize) {
    #[cfg(test)]
    STEPS.set(STEPS.get() + steps);
}

/// The smallest of the three sizes, in bytes, that [`assert_linear`] tries.
#[cfg(test)]
const SMALLEST_LEN: usize = 4_000;

/// Runs `work` on texts of n, 2n and 4n bytes, and panics unless the steps grow with the size of the text.
#[cfg(test)]
pub(crate) fn assert_linear(name: &str, text_of_len: impl Fn(usize) -> String, work: impl Fn(&str)) {
    let mut counted = Vec::new();
    for factor in [1, 2, 4] {
        let text = text_of_len(SMALLEST_LEN * factor);
        STEPS.set(0);
        work(&text);
        // The text consists of whole units, so it may be shorter than requested.
        counted.push((text.len(), STEPS.get()));
    }
    let [(small_len, small_steps), _, (large_len, large_steps)] = counted[..] else { unreachable!("three sizes") };
    assert!(small_steps > 0, "{name}: no step was counted");
    // The factor 1.5 allows for work that does not depend on the size, and for limits that end the small runs early.
    let max_steps = small_steps.max(small_len) * large_len / small_len * 3 / 2;
    assert!(large_steps <= max_steps, "{name}: steps grow faster than the text: {counted:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_work_passes() {
        assert_linear("linear", |len| "a".repeat(len), |text| count_steps(3 * text.len()));
    }

    #[test]
    #[should_panic(expected = "steps grow faster than the text")]
    fn quadratic_work_fails() {
        assert_linear("quadratic", |len| "a".repeat(len), |text| count_steps(text.len() * text.len() / 1_000));
    }
}
