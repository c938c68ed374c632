//! RCP304: the account has the shops of the filter.

use super::exists;
use crate::account::Kind;
use crate::rules::context::PortalContext;

/// Asks for each of them.
pub fn portal(cx: &mut PortalContext<'_>) {
    let portal = cx.portal;
    let [_, shops] = portal.filters();
    exists::report(cx, Kind::Shop, portal.filter_ids(&shops), &"whether the account has the shops");
}
