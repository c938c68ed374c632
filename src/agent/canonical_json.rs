//! The digest of a body: the SHA-256 of its canonical JSON, with sorted keys and without spaces. It shows whether the body that was
//! checked is the one that is sent.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::model::portal::Body;
use crate::schema::cursor_to_json;
use crate::syntax::Parsed;

/// The digest of the only body of a text, in hexadecimal. `None` if the text does not have exactly one body, or if the body
/// has several meanings.
pub(super) fn body_sha256(parsed: &Parsed<'_>, bodies: &[Body]) -> Option<String> {
    let [body] = bodies else { return None };
    let root = body.root(parsed);
    // Clients read a text with errors or duplicate keys in different ways, so it is not known what would be sent.
    if body.first_syntax_error(parsed).is_some() || root.has_duplicate_key_below() {
        return None;
    }
    let mut json = cursor_to_json(&root)?;
    if let Some(fields) = json.as_object_mut() {
        // As in `render`, `$schema` is for editors and is not sent.
        fields.remove("$schema");
    }
    let mut hex = String::new();
    for byte in Sha256::digest(json.to_string().as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use crate::agent::canonical_json::*;
    use crate::base::source::{Format, Source};
    use crate::model::portal::unwrap_bodies;
    use crate::syntax::{Limits, parse};

    fn digest(text: &str) -> Option<String> {
        let source = Source::new("t", text, Format::sniff(text));
        let parsed = parse(&source, &Limits::default());
        body_sha256(&parsed, &unwrap_bodies(&source, &parsed, &Limits::default(), None).bodies)
    }

    #[test]
    fn layout_order_wrappers_and_the_schema_field_make_no_difference() {
        let compact = digest(r#"{"customer_filters":{"campaign":[]},"name":"é","enabled":false}"#).unwrap();
        // `printf '{"customer_filters":{"campaign":[]},"enabled":false,"name":"é"}' | sha256sum`
        assert_eq!(compact, "8de9cc30fb675d1ab862908805d8b1db70aa435c39ce9bfa80c19fdc7f0451fa");
        for text in [
            "{ \"$schema\": \"x\", \"name\": \"\\u00e9\", \"enabled\": false,\n \"customer_filters\": {\"campaign\": [ ]} }",
            "name: é\nenabled: false\ncustomer_filters: {campaign: []}\n",
            r#"{"name": "CreateCustomerPortal", "arguments": {"name": "é", "enabled": false, "customer_filters": {"campaign": []}}}"#,
        ] {
            assert_eq!(digest(text).as_deref(), Some(compact.as_str()), "{text}");
        }
        for text in [
            r#"[{"customer_portal": {"enabled": true}}, {"customer_portal": {}}]"#,
            r#"{"name": "a", "enabled": true"#,
            r#"{"name": "a", "customer_filters": {"campaign": [], "campaign": []}}"#,
            r#"{"name": "CreateCustomerPortal", "arguments": "{\"name\": \"a\", \"enabled\": }"}"#,
        ] {
            assert_eq!(digest(text), None, "{text}");
        }
    }
}
