//! Random inputs for unit tests.

/// A xorshift generator (Marsaglia, 2003), so that every run tests the same inputs.
pub(crate) struct Random(u64);

impl Random {
    /// Starts the sequence that all tests use.
    pub(crate) fn new() -> Self {
        Self(0x2545_F491_4F6C_DD1D)
    }

    /// A number from 0 up to `limit`, which is not included.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("the remainder is smaller than a usize")
    }

    /// The offset of a character of a text that is not empty.
    pub(crate) fn char_start(&mut self, text: &str) -> usize {
        text.floor_char_boundary(self.below(text.len()))
    }
}

/// How many random inputs a test tries: 1,000, or the number in `RANDOM_INPUTS` for a longer search.
pub(crate) fn random_inputs() -> usize {
    match std::env::var("RANDOM_INPUTS") {
        Ok(count) => count.parse().expect("RANDOM_INPUTS is a number"),
        Err(_) => 1_000,
    }
}
