//! Scans of several bytes at a time.

pub mod simd;
pub mod swar;
