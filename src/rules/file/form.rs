//! What a schema says about a file of the linter's own, in words: for RCP914.

use crate::diagnostic::Finding;
use crate::rules::words::{list, nearest, quote, wrong_type};
use crate::schema::{Fault, Schema, Violation, fields_of};

/// The help for a day that is missing or none.
pub const PULLED: &str = "write the day the snapshot was taken, such as `2026-11-21`";

/// One violation.
pub fn words(schema: Schema, violation: &Violation<'_>) -> Finding {
    let slot = &violation.slot;
    let (key, file) = (quote(slot.key()), what(schema));
    match violation.fault {
        Fault::Unknown => {
            let place = slot.key_place();
            let known = fields_of(schema, &[]);
            let message = format!("{key} is not a field of {file}");
            if let Some(meant) = nearest(slot.key(), known.iter().copied()) {
                Finding::new(place, message, format!("write {}", quote(meant)))
                    .label(format!("did you mean {}?", quote(meant)))
                    .explains(format!("/{meant}"))
            } else {
                let known = known.into_iter().filter(|known| *known != "$schema");
                Finding::new(place, message, format!("remove it; the fields are {}", list(known)))
            }
        }
        Fault::Missing => {
            let keys: Vec<&str> = slot.keys().collect();
            let message = match keys[..] {
                [.., list, _] => format!("an entry of {} has no {key}", quote(list)),
                _ => format!("{file} has no {key}"),
            };
            Finding::new(slot.place(), message, help(violation))
        }
        Fault::Type(wanted) if slot.keys().next().is_none() => {
            let help = format!("write {wanted} with `version`, `pulled` and the lists of the account");
            Finding::new(slot.place(), format!("{file} must be {wanted}"), help)
        }
        Fault::Other if slot.key() == "version" => {
            Finding::new(slot.place(), format!("{key} must be 1"), help(violation))
        }
        Fault::Type(_) | Fault::Length(_) | Fault::Other => {
            Finding::new(slot.place(), wrong_type(violation), help(violation))
        }
    }
    .of_value()
}

/// What the file is.
fn what(schema: Schema) -> &'static str {
    match schema {
        Schema::Account => "the account snapshot",
        Schema::Create | Schema::Edit | Schema::Export => "the portal",
    }
}

fn help(violation: &Violation<'_>) -> &'static str {
    match violation.slot.key() {
        "version" => "write the number 1 as `version`",
        "pulled" => PULLED,
        "id" => "write the 20-character id that RevCent gave it",
        "status" => "write the word that GetTrackingDomain returns",
        "dns" | "ssl" => "write an object with a `status`",
        "name" | "domain_name" => "write the text that RevCent returns, or leave the field out",
        "from" => "write the email address the profile sends from",
        "results" => "write the list that RevCent returns",
        _ if violation.slot.is_item() => "write an object with an `id`",
        _ => "write a list of objects with `id` and `name`, or leave it out",
    }
}
