//! Scans of several bytes at a time.

pub(crate) mod simd;
