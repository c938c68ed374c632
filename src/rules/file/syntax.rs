//! stub
use crate::rules::context::FileContext;
/// stub
pub fn file(_cx: &mut FileContext<'_>) {}
