//! What the schemas say about the linter's own files, in words: for RCP914.

use crate::base::diagnostic::{Finding, Location};
use crate::rules::wording::{list, nearest, quote, wrong_type};
use crate::schema::{EmbeddedSchema, Violation, ViolationKind, field_names_in};
use crate::syntax::Limits;
use crate::syntax::pointer::parent;

/// The help for a day that is missing or none.
pub(crate) const PULLED: &str = "write the day the snapshot was taken, such as `2026-11-21`";

/// One violation of the schema of the account snapshot.
pub(crate) fn of_account(violation: &Violation<'_>) -> Finding {
    let slot = &violation.cursor;
    let (key, file) = (quote(slot.key()), "the account snapshot");
    match violation.kind {
        ViolationKind::Unknown => {
            let place = slot.key_location();
            unknown(
                place,
                format!("{key} is not a field of {file}"),
                slot.key(),
                &field_names_in(EmbeddedSchema::Account, &[]),
            )
        }
        ViolationKind::Missing => {
            let keys: Vec<&str> = slot.keys().collect();
            let message = match keys[..] {
                [.., list, _] => format!("an entry of {} has no {key}", quote(list)),
                _ => format!("{file} has no {key}"),
            };
            Finding::new(slot.location(), message, help(violation))
        }
        ViolationKind::Type(wanted) if slot.keys().next().is_none() => {
            let help = format!("write {wanted} with `version`, `pulled` and the lists of the account");
            Finding::new(slot.location(), format!("{file} must be {wanted}"), help)
        }
        ViolationKind::Other if slot.key() == "version" => {
            Finding::new(slot.location(), format!("{key} must be 1"), help(violation))
        }
        _ => Finding::new(slot.location(), wrong_type(violation), help(violation)),
    }
    .with_invalid_value()
}

/// A key that nobody knows, among those that there are.
fn unknown(place: Location, message: String, key: &str, known: &[&'static str]) -> Finding {
    let pointer = place.pointer.clone();
    if let Some(meant) = nearest(key, known.iter().copied()) {
        Finding::new(place, message, format!("write {}", quote(meant)))
            .with_label(format!("did you mean {}?", quote(meant)))
            .with_subsumed(format!("{}/{meant}", parent(&pointer)))
    } else {
        let known = known.iter().copied().filter(|known| *known != "$schema");
        Finding::new(place, message, format!("remove it; there {}", one_of(known)))
    }
}

/// "is `a`", "are `a` and `b`".
fn one_of<'k>(known: impl Iterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.collect();
    format!("{} {}", if known.len() == 1 { "is" } else { "are" }, list(known))
}

/// One violation of the schema of the settings.
pub(crate) fn of_settings(violation: &Violation<'_>) -> Finding {
    let slot = &violation.cursor;
    let key = quote(slot.key());
    let mut path: Vec<&str> = slot.keys().collect();
    path.pop();
    let table = match path.last() {
        None => String::new(),
        Some(table) if slot.is_in_list() => format!(" of `[[{table}]]`"),
        Some(table) => format!(" of `[{table}]`"),
    };
    match violation.kind {
        ViolationKind::Unknown => unknown(
            slot.key_location(),
            format!("{key} is no setting{table}"),
            slot.key(),
            &field_names_in(EmbeddedSchema::Settings, &path),
        ),
        ViolationKind::Missing => {
            Finding::new(slot.location(), format!("an entry{table} has no {key}"), setting(slot.key()))
        }
        ViolationKind::Other if path.last() == Some(&"severity") => {
            let message = format!("this is no severity for {key}");
            let meant = slot.text().and_then(|text| nearest(text, LEVELS));
            let help =
                meant.map_or_else(|| format!("write one of {}", list(LEVELS)), |meant| format!("write `\"{meant}\"`"));
            Finding::new(slot.location(), message, help)
        }
        ViolationKind::Other => Finding::new(slot.location(), out_of_bounds(slot.key()), setting(slot.key())),
        _ => Finding::new(slot.location(), wrong_type(violation), setting(slot.key())),
    }
    .with_invalid_value()
}

/// What is wrong with a number that is too low or too high.
fn out_of_bounds(key: &str) -> String {
    let most = match key {
        "file-bytes" => Limits::MAX.file_bytes,
        "depth" => Limits::MAX.depth as u64,
        "nodes" => Limits::MAX.nodes as u64,
        _ => return format!("{} must be 1 or more", quote(key)),
    };
    format!("{} must be between 1 and {most}", quote(key))
}

const LEVELS: [&str; 4] = ["off", "advice", "warning", "error"];

/// What to write for a setting.
fn setting(key: &str) -> &'static str {
    match key {
        "include" | "exclude" | "files" => "write a list of patterns, such as `[\"portals/**/*.json\"]`",
        "dns" | "ssl" => "write a list of words, such as `[\"active\"]`",
        "file-bytes" | "depth" | "nodes" | "certificate" | "snapshot" => "write a whole number without quotes",
        "rule" => "write the code or the name of a rule, such as `\"self-cancel\"`",
        "until" => "write a day, such as `2027-03-31`",
        "overrides" | "allow" => "start each entry with its name in double brackets, such as `[[allow]]`",
        "severity" | "limits" | "days" | "account-words" => "start it with its name in brackets, such as `[severity]`",
        _ => "write it in double quotes",
    }
}

fn help(violation: &Violation<'_>) -> &'static str {
    match violation.cursor.key() {
        "version" => "write the number 1 as `version`",
        "pulled" => PULLED,
        "id" => "write the 20-character id that RevCent gave it",
        "status" => "write the word that GetTrackingDomain returns",
        "dns" | "ssl" => "write an object with a `status`",
        "name" | "domain_name" => "write the text that RevCent returns, or leave the field out",
        "from" => "write the email address the profile sends from",
        "results" => "write the list that RevCent returns",
        _ if violation.cursor.is_item() => "write an object with an `id`",
        _ => "write a list of objects with `id` and `name`, or leave it out",
    }
}
