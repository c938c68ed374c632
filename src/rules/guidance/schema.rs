//! RCP100: whatever else the schema finds wrong with a value.

use crate::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::words::wrong_type;
use crate::schema::Fault;

/// The places no other rule owns.
pub fn portal(cx: &mut PortalContext<'_>) {
    let violations: Vec<_> = cx.violations().collect();
    for violation in violations {
        let slot = &violation.slot;
        let help = match (violation.fault, slot.text()) {
            (Fault::Type("`true` or `false`"), Some(text @ ("true" | "false"))) => {
                format!("write {text} without quotes")
            }
            (Fault::Type(wanted), _) => format!("write {wanted} here"),
            (Fault::Missing, _) => format!("add `{}`", slot.key()),
            (Fault::Length(_), _) => "write the 20-character id as RevCent shows it".into(),
            (Fault::Unknown | Fault::Other, _) => "write a value of the form RevCent documents".into(),
        };
        cx.report(Finding::new(slot.place(), wrong_type(&violation), help).of_value());
    }
}
