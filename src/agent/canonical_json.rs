//! The digest of a body: the SHA-256 of its canonical JSON, with sorted keys and without spaces. It shows whether the body that was
//! checked is the one that is sent.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::base::source::Source;
use crate::model::portal::unwrap;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, Value, parse};

/// The digest of the only body of a text, in hexadecimal. `None` if the text does not have exactly one body.
pub(crate) fn body_sha256(source: &Source, limits: &Limits) -> Option<String> {
    let parsed = parse(source, limits);
    let unwrapped = unwrap(source, &parsed, limits, None);
    let [body] = &unwrapped.bodies[..] else { return None };
    let mut json = String::new();
    write_value(&body.root(&parsed), true, &mut json);
    let mut hex = String::new();
    for byte in Sha256::digest(json.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Some(hex)
}

/// The parser limits the depth, so the recursion ends.
fn write_value(value: &Cursor<'_>, is_top: bool, json: &mut String) {
    match value.value() {
        Some(Value::Bool(true)) => json.push_str("true"),
        Some(Value::Bool(false)) => json.push_str("false"),
        Some(Value::Number(number)) => match serde_json::from_str::<serde_json::Number>(number) {
            Ok(parsed) => json.push_str(&parsed.to_string()),
            Err(_) => json.push_str(number),
        },
        Some(Value::String(text)) => write_text(text, json),
        Some(Value::Array(_)) => {
            json.push('[');
            for (index, item) in value.items().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_value(&item, false, json);
            }
            json.push(']');
        }
        Some(Value::Object(_)) => write_object(value, is_top, json),
        Some(Value::Null | Value::Alias(_) | Value::Broken) | None => json.push_str("null"),
    }
}

fn write_object(object: &Cursor<'_>, is_top: bool, json: &mut String) {
    // Of duplicate keys, JSON parsers keep the last.
    let mut fields: BTreeMap<&str, Cursor<'_>> = BTreeMap::new();
    for (entry, child) in object.entries().iter().zip(object.children()) {
        // As in `render`, `$schema` is for editors and is not sent.
        if !(is_top && entry.key == "$schema") {
            fields.insert(entry.key.as_ref(), child);
        }
    }
    json.push('{');
    for (index, (key, child)) in fields.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write_text(key, json);
        json.push(':');
        write_value(child, false, json);
    }
    json.push('}');
}

fn write_text(text: &str, json: &mut String) {
    json.push_str(&serde_json::Value::from(text).to_string());
}

#[cfg(test)]
mod tests {
    use crate::agent::canonical_json::*;
    use crate::base::source::Format;

    #[test]
    fn layout_order_wrappers_and_the_schema_field_make_no_difference() {
        let digest = |text: &str| body_sha256(&Source::new("t", text, Format::sniff(text)), &Limits::default());
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
        assert_eq!(digest(r#"[{"customer_portal": {"enabled": true}}, {"customer_portal": {}}]"#), None);
    }
}
