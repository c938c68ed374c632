//! The portal of the account that a file describes.

use crate::model::account::{AccountObject, ObjectKind};
use crate::rules::context::PortalContext;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// The field that identifies the account's portal. A create request has no ID, so without a binding it is found by its name.
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
        (PortalKind::Create, None) => account.list(ObjectKind::Portal)?.with_name(key.literal_text()?).next()?,
        (PortalKind::Edit | PortalKind::Export, _) => account.find(ObjectKind::Portal, key.literal_text()?)?,
    };
    let has_settings = portal.cursor.entries().iter().any(|entry| !matches!(&*entry.key, "id" | "name"));
    has_settings.then_some(*portal)
}
