//! The portal of the account that a file describes.

use crate::model::account::{Account, AccountObject, ObjectKind};
use crate::model::comparison::has_settings;
use crate::rules::context::PortalContext;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// The field that identifies the account's portal. A create request has no ID, so without a binding it is found by its name, if
/// no other portal has the name.
pub(crate) fn identifying_field<'a>(cx: &PortalContext<'a>) -> Cursor<'a> {
    cx.portal.field(match cx.kind() {
        PortalKind::Create => "name",
        PortalKind::Edit => "customer_portal_id",
        PortalKind::Export => "id",
    })
}

/// The portal of the account, if the account data has more of it than its ID and name.
pub(crate) fn find_account_portal<'a>(cx: &PortalContext<'a>) -> Option<AccountObject<'a>> {
    let key = identifying_field(cx);
    let account = cx.account?;
    let portal = match (cx.kind(), cx.portal.bound_id) {
        (PortalKind::Create, Some(id)) => account.find(ObjectKind::Portal, id)?,
        (PortalKind::Create, None) => only_namesake(cx, account, key.literal_text()?)?,
        (PortalKind::Edit | PortalKind::Export, _) => account.find(ObjectKind::Portal, key.literal_text()?)?,
    };
    has_settings(&portal.cursor).then_some(*portal)
}

/// The portal with this name, if no other one has it and no other file is bound to it.
pub(crate) fn only_namesake<'p, 'a>(
    cx: &PortalContext<'_>,
    account: &'p Account<'a>,
    name: &str,
) -> Option<&'p AccountObject<'a>> {
    let mut namesakes = account.list(ObjectKind::Portal)?.with_name(name);
    match (namesakes.next(), namesakes.next()) {
        (Some(portal), None) if portal.id.is_none_or(|id| !cx.bound_ids.contains(id)) => Some(portal),
        _ => None,
    }
}
