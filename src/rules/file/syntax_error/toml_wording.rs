//! The messages for errors in TOML.

use crate::base::source::Source;
use crate::rules::file::syntax_error::Wording;
use crate::syntax::{Problem, SyntaxError};

/// Errors that only TOML has, which is the format of the settings. Most messages of the TOML parser are shown as they are.
pub(super) fn word_toml_error(error: &SyntaxError, source: &Source) -> Option<Wording> {
    let Problem::Toml(message, expected) = &error.problem else { return None };
    Some(match (&**message, &**expected) {
        ("string values must be quoted", _) => Wording::new("string without quotes", "put it in double quotes"),
        ("duplicate key", _) => Wording::new("duplicate key or table", "keep one of the two"),
        (message, _) if message.contains("array") => Wording::new(
            "unclosed list, or a missing comma in it",
            "add `]` at the end of the list, or a comma between two entries",
        ),
        _ if source.slice(error.span) == ":" => {
            Wording::new("expected `=`, found `:`", "write `=` between the key and its value")
        }
        (message, "" | "nothing") => Wording::new(message, "write it in the form `key = value`"),
        (message, expected) => Wording::new(message, format!("write what TOML expects here: {expected}")),
    })
}
