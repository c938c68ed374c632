//! The source of all random choices: a vector of bytes that proptest generates and shrinks.
//!
//! A byte of zero is always the simplest choice, so that a shrunk failure is as simple as possible. One vector of bytes is much faster
//! than a hundred nested strategies, which matters for a thousand cases in a debug build.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;

/// A source of choices. It never ends: used bytes are reused in another form.
#[derive(Clone)]
pub struct Choices {
    bytes: Vec<u8>,
    at: usize,
}

impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.bytes)
    }
}

pub fn choices() -> impl Strategy<Value = Choices> {
    vec(any::<u8>(), 0..160).prop_map(|bytes| Choices { bytes, at: 0 })
}

impl Choices {
    /// Always the simplest choice.
    pub fn none() -> Self {
        Self { bytes: Vec::new(), at: 0 }
    }

    /// The next byte. After the last one the bytes start again, each mapped to another value.
    pub fn byte(&mut self) -> u8 {
        let Some(round) = self.at.checked_div(self.bytes.len()) else { return 0 };
        let byte = self.bytes[self.at % self.bytes.len()];
        self.at += 1;
        let odd = u8::try_from(round % 128).expect("below 128") * 2 + 1;
        // The high bits of a product depend on all bits of the byte. Zero stays zero.
        byte.wrapping_mul(odd) ^ (byte.wrapping_mul(odd) >> 5)
    }

    /// A number less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = if end > 256 { usize::from(self.byte()) * 256 } else { 0 };
        (wide + usize::from(self.byte())) % end
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
        for at in 1..items.len() {
            let other = at - self.below(at + 1);
            items.swap(at, other);
        }
    }
}
