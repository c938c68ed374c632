//! What customers can do with each permission, for messages.

use crate::model::portal::PERMISSIONS;

/// What a customer with this permission can do: "customers can …".
pub(crate) fn permission_action(permission: &str) -> &'static str {
    const ACTIONS: [&str; PERMISSIONS.len()] = [
        "change their contact details",
        "add cards",
        "remove cards",
        "set a default card",
        "change the shipping address",
        "renew subscriptions",
        "reactivate subscriptions",
        "suspend subscriptions",
        "cancel their subscriptions",
        "expire their trials",
        "cancel their trials",
        "pay failed renewals and failed trial expirations",
    ];
    PERMISSIONS.iter().position(|name| *name == permission).map_or("do more", |index| ACTIONS[index])
}
