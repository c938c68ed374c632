//! stub
use crate::rules::context::PortalContext;
/// stub
pub fn portal(_cx: &mut PortalContext<'_>) {}
