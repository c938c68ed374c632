//! The source of all random choices: a vector of bytes that proptest generates and shrinks.
//!
//! A byte of zero is always the simplest choice, so that a shrunk failure is as simple as possible. One vector of bytes is much faster
//! than a hundred nested strategies, which matters for a thousand cases in a debug build.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;

/// A source of choices. It never ends: after the last byte, the bytes are used again, each mapped to another value.
#[derive(Clone)]
pub struct Choices {
    bytes: Vec<u8>,
    /// The number of bytes used so far.
    used: usize,
}

impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.bytes)
    }
}

pub fn choices() -> impl Strategy<Value = Choices> {
    vec(any::<u8>(), 0..160).prop_map(|bytes| Choices { bytes, used: 0 })
}

impl Choices {
    /// Always the simplest choice.
    pub fn none() -> Self {
        Self { bytes: Vec::new(), used: 0 }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some(round) = self.used.checked_div(self.bytes.len()) else { return 0 };
        let byte = self.bytes[self.used % self.bytes.len()];
        self.used += 1;
        // Multiplication by an odd number is a permutation of the bytes that keeps zero. The shift mixes the high bits into the low ones.
        let odd = u8::try_from(round % 128).expect("below 128") * 2 + 1;
        byte.wrapping_mul(odd) ^ (byte.wrapping_mul(odd) >> 5)
    }

    /// A number less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let high = if end > 256 { usize::from(self.byte()) * 256 } else { 0 };
        (high + usize::from(self.byte())) % end
    }

    /// True with a probability of 1 / `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of the items; the first is the simplest.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// Shuffles the items; choices of zero keep the order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in 1..items.len() {
            let other = index - self.below(index + 1);
            items.swap(index, other);
        }
    }
}
