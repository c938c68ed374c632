use serde_json::json;

use crate::online::snapshot_text::*;

#[test]
fn a_snapshot_is_sorted_and_has_no_secrets_or_envelope() {
    let mut account = AccountData::default();
    let portal = json!({
        "id": "b".repeat(20), "name": "B", "code": 1, "api_call_id": "x", "api_call_unix": 7,
        "recaptcha": { "site_key": "s", "secret_key": "canary", "other": "canary" },
        "deep": [{ "note": "canary" }], "smtp_password": "canary", "authorization": "canary", "webhook_url": "canary",
        "customer_permissions": { "trial_cancel": true, "pin": "canary", "bearer": { "x": "canary" } },
        "description": { "undocumented": "canary" }, "footer_html": ["canary"], "tracking_domain": "canary",
        "customer_filters": { "campaign": [{ "id": "c", "name": "C", "pin": "canary" }], "third_party_shop": ["canary"] },
    });
    let mut add = |value| account.add_object(ObjectKind::Portal, value, &|_| false);
    assert!(matches!(add(portal), Added::WithoutField(_)));
    assert_eq!(add(json!({ "name": "A", "id": "a".repeat(20) })), Added::Complete);
    assert_eq!((add(json!({ "id": "short" })), add(json!(1))), (Added::Rejected, Added::Rejected));
    account.list(ObjectKind::Portal).is_complete = true;
    let text = account.to_snapshot("2026-11-22".parse().unwrap(), &ManualEntries::default());
    assert!(!text.contains("canary") && !text.contains("api_call"), "{text}");
    assert!(text.contains("\"trial_cancel\": true") && text.contains("\"campaign\": ["), "{text}");
    assert!(text.contains("\"name\": \"C\"") && !text.contains("partial"), "{text}");
    assert!(text.find("aaaa").unwrap() < text.find("bbbb").unwrap());
}

#[test]
fn fields_with_a_secret_are_removed_and_reported() {
    let is_secret = |text: &str| text.contains("canary");
    let id = "a".repeat(20);
    for (value, left) in [
        (json!({ "id": id, "name": "x canary", "enabled": true }), json!({ "id": id, "enabled": true })),
        (json!({ "id": id, "smtp_profile": { "name": "canary" } }), json!({ "id": id })),
        (json!({ "id": id, "customer_filters": { "campaign": [{ "name": "canary" }] } }), json!({ "id": id })),
    ] {
        let mut account = AccountData::default();
        assert_eq!(account.add_object(ObjectKind::Portal, value, &is_secret), Added::WithoutSecret);
        assert_eq!(Value::from(account.list(ObjectKind::Portal).objects[&id].clone()), left);
    }
    let mut account = AccountData::default();
    assert_eq!(
        account.add_object(ObjectKind::Portal, json!({ "id": "canary-0123456789012" }), &is_secret),
        Added::Rejected
    );
    // The secret key of a portal is always removed, and does not count as a missing field.
    let portal = json!({ "id": id, "recaptcha": { "secret_key": "canary" } });
    assert_eq!(account.add_object(ObjectKind::Portal, portal, &is_secret), Added::Complete);
}

#[test]
fn campaigns_keep_only_their_id_and_name() {
    let mut account = AccountData::default();
    let id = "a".repeat(20);
    let campaign = json!({ "id": id, "name": "A", "created_date_unix": 1, "note": "x" });
    account.add_object(ObjectKind::Campaign, campaign, &|_| false);
    let stored = account.list(ObjectKind::Campaign).objects[&id].clone();
    assert_eq!(Value::from(stored), json!({ "id": id, "name": "A" }));
}

#[test]
fn values_of_an_unexpected_type_are_removed() {
    let mut list = SnapshotList::default();
    let id = "a".repeat(20);
    assert!(list.add_object(
        ObjectKind::TrackingDomain,
        json!({ "id": id, "name": 1, "dns": "ready", "ssl": { "status": 2 }, "domain_name": ["x"] })
    ));
    assert_eq!(Value::from(list.objects[&id].clone()), json!({ "id": id }));
}
