//! RCP310: reports an edit of a portal that the account does not have.

use crate::model::account::ObjectKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::absent_ids::report_absent_ids;
use crate::schema::PortalKind;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.kind() == PortalKind::Edit {
        let id = cx.portal.field("customer_portal_id");
        if id.is_missing() {
            return cx.mark_unverified("which portal the edit changes, because it has no ID");
        }
        report_absent_ids(cx, ObjectKind::Portal, [id], "whether the account has the portal that the edit changes");
    }
}
