//! Random choices that are the same on every run.

/// A xorshift generator.
pub struct RandomGenerator(u64);

impl RandomGenerator {
    /// The seed must not be 0.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end as u64)).unwrap_or_default()
    }

    /// True with a probability of 1 / `number`.
    pub fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    pub fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// Runs a test for a range of numbers, on all processors.
pub fn for_each_number(numbers: std::ops::Range<usize>, test: impl Fn(usize) + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (test, own_numbers) = (&test, numbers.clone().skip(thread).step_by(threads));
            scope.spawn(move || own_numbers.for_each(test));
        }
    });
}

/// The number of cases that are rendered within the test process.
pub fn random_inputs() -> usize {
    std::env::var("RANDOM_INPUTS").map_or(2_000, |count| count.parse().expect("a number"))
}
