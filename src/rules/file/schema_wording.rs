//! Describes violations of the schemas of the settings and of the account snapshot.

use crate::base::diagnostic::Finding;
use crate::rules::wording::{closest_match, describe_violation, join_quoted, quote};
use crate::schema::{EmbeddedSchema, Violation, ViolationKind, field_names_in};
use crate::syntax::Limits;
use crate::syntax::cursor::Cursor;
use crate::syntax::pointer::parent;

/// The help for a missing or invalid `pulled` in the account snapshot.
pub(crate) const PULLED_HELP: &str = "set `pulled` to the date of the snapshot, such as `2026-11-21`";

/// Describes a violation of the schema of the account snapshot.
pub(crate) fn account_finding(violation: &Violation<'_>) -> Finding {
    let field = &violation.cursor;
    let key = quote(field.key());
    let help = account_help(field);
    let finding = match violation.kind {
        ViolationKind::Unknown => {
            let message = format!("{key} is not a field of the account snapshot");
            unknown_key_finding(field, message, &field_names_in(EmbeddedSchema::Account, &[]))
        }
        ViolationKind::Missing => {
            let keys: Vec<&str> = field.keys().collect();
            let message = match keys[..] {
                [.., list, _] => format!("an entry in {} has no {key}", quote(list)),
                _ => format!("the account snapshot has no {key}"),
            };
            Finding::new(field.location(), message, help)
        }
        ViolationKind::Type(wanted) if field.keys().next().is_none() => {
            let help = format!("use {wanted} with `version`, `pulled`, and the lists of the account");
            Finding::new(field.location(), format!("the account snapshot must be {wanted}"), help)
        }
        ViolationKind::Other if field.key() == "version" => {
            Finding::new(field.location(), format!("{key} must be 1"), help)
        }
        _ => Finding::new(field.location(), describe_violation(violation), help),
    };
    finding.with_invalid_value()
}

/// `known_keys` are the keys that the object may have.
fn unknown_key_finding(field: &Cursor<'_>, message: String, known_keys: &[&'static str]) -> Finding {
    let location = field.key_location();
    if let Some(intended) = closest_match(field.key(), known_keys.iter().copied()) {
        let intended_pointer = format!("{}/{intended}", parent(&location.pointer));
        return Finding::new(location, message, format!("use {}", quote(intended)))
            .with_label(format!("did you mean {}?", quote(intended)))
            // The intended key is missing only because of the misspelling.
            .with_subsumed(intended_pointer);
    }
    // Nobody who writes another key means `$schema`, which is for editors.
    let other_keys: Vec<&str> = known_keys.iter().copied().filter(|key| *key != "$schema").collect();
    let noun = if other_keys.len() == 1 { "key is" } else { "keys are" };
    Finding::new(location, message, format!("remove it: the known {noun} {}", join_quoted(other_keys)))
}

/// Describes a violation of the schema of the settings.
pub(crate) fn settings_finding(violation: &Violation<'_>) -> Finding {
    let setting = &violation.cursor;
    let key = quote(setting.key());
    let mut path: Vec<&str> = setting.keys().collect();
    path.pop();
    let of_table = match path.last() {
        None => String::new(),
        Some(table) if setting.is_in_list() => format!(" of `[[{table}]]`"),
        Some(table) => format!(" of `[{table}]`"),
    };
    let help = setting_help(setting.key());
    let finding = match violation.kind {
        ViolationKind::Unknown => {
            let message = format!("{key} is not a setting{of_table}");
            unknown_key_finding(setting, message, &field_names_in(EmbeddedSchema::Settings, &path))
        }
        ViolationKind::Missing => Finding::new(setting.location(), format!("an entry{of_table} has no {key}"), help),
        ViolationKind::Other if path.last() == Some(&"severity") => unknown_severity_finding(setting),
        ViolationKind::Other => Finding::new(setting.location(), describe_range(setting.key()), help),
        _ => Finding::new(setting.location(), describe_violation(violation), help),
    };
    finding.with_invalid_value()
}

fn unknown_severity_finding(setting: &Cursor<'_>) -> Finding {
    let message = format!("invalid severity for {}", quote(setting.key()));
    let help = match setting.text().and_then(|text| closest_match(text, SEVERITIES)) {
        Some(intended) => format!("use `\"{intended}\"`"),
        None => format!("use one of {}", join_quoted(SEVERITIES)),
    };
    Finding::new(setting.location(), message, help)
}

/// The message for a number that is too low or too high.
fn describe_range(key: &str) -> String {
    let max = match key {
        "file-bytes" => Limits::MAX.file_bytes,
        "depth" => Limits::MAX.depth as u64,
        "nodes" => Limits::MAX.nodes as u64,
        _ => return format!("{} must be at least 1", quote(key)),
    };
    format!("{} must be between 1 and {max}", quote(key))
}

const SEVERITIES: [&str; 4] = ["off", "advice", "warning", "error"];

/// What to write for a setting.
fn setting_help(key: &str) -> &'static str {
    match key {
        "include" | "exclude" | "files" => "use a list of patterns, such as `[\"portals/**/*.json\"]`",
        "dns" | "ssl" => "use a list of words, such as `[\"active\"]`",
        "file-bytes" | "depth" | "nodes" | "certificate" | "snapshot" => "use a whole number without quotes",
        "rule" => "use the code or name of a rule, such as `\"self-cancel\"`",
        "document" => "use the number of the document in the file; the first is 1",
        "id" => "use the 20-character ID from RevCent",
        "until" => "use a date, such as `2027-03-31`",
        "overrides" | "allow" | "portal" | "environment" => {
            "write each entry as a table in double brackets, such as `[[allow]]`"
        }
        "severity" | "limits" | "days" | "account-words" => "write it as a table in brackets, such as `[severity]`",
        _ => "put the value in double quotes",
    }
}

/// What to write for a field of the account snapshot.
fn account_help(field: &Cursor<'_>) -> &'static str {
    match field.key() {
        "version" => "set `version` to the number 1",
        "pulled" => PULLED_HELP,
        "id" => "use the 20-character ID from RevCent",
        "status" => "use the status that GetTrackingDomain returns",
        "dns" | "ssl" => "use an object with a `status`",
        "name" | "domain_name" => "use the string that RevCent returns, or remove the field",
        "from" => "use the email address that the profile sends from",
        "results" => "use the list that RevCent returns",
        _ if field.is_item() => "use an object with an `id`",
        _ => "use a list of objects with `id` and `name`, or remove the field",
    }
}
