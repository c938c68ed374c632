//! Where all that is random comes from: some bytes that proptest makes and shrinks.
//!
//! Zero is always the plainest choice, so that what proptest shrinks to is as plain as the failure allows; and one vector
//! of bytes costs less than a hundred nested strategies, which a thousand cases of a debug build would feel.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;

/// A source of choices; never runs out.
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

/// Any choices.
pub fn choices() -> impl Strategy<Value = Choices> {
    vec(any::<u8>(), 0..160).prop_map(|bytes| Choices { bytes, at: 0 })
}

impl Choices {
    /// The plainest.
    pub fn none() -> Self {
        Self { bytes: Vec::new(), at: 0 }
    }

    /// 0 to 255. When the bytes are used up they are taken again, turned into others.
    pub fn byte(&mut self) -> u8 {
        let Some(round) = self.at.checked_div(self.bytes.len()) else { return 0 };
        let byte = self.bytes[self.at % self.bytes.len()];
        self.at += 1;
        let odd = u8::try_from(round % 128).expect("below 128") * 2 + 1;
        // The high bits of a product depend on all bits of the byte; nothing stays nothing.
        byte.wrapping_mul(odd) ^ (byte.wrapping_mul(odd) >> 5)
    }

    /// Less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = if end > 256 { usize::from(self.byte()) * 256 } else { 0 };
        (wide + usize::from(self.byte())) % end
    }

    /// Yes, once in so many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of these; the first is the plainest.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// In another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in 1..items.len() {
            let other = at - self.below(at + 1);
            items.swap(at, other);
        }
    }
}
