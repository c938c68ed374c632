//! The words that name the customer portal and what a tool does with it, and functions that find them in names.
//!
//! A tool of any server may send a portal, so the lists contain the words that servers and generated clients use in the names of tools
//! and arguments. A word too few lets a call pass that should be checked. A word too many stops a call of another tool.

use crate::base::words::{split_into_words, split_words};
use crate::schema::PortalKind;

/// Verbs that mean the creation of a portal if the customer portal is named, too. `upsert`, `save` and `apply` create a portal if there is
/// none. A body with the ID of a portal is an edit, whatever the verb is.
const CREATE_VERBS: [&str; 11] = split_words("create add insert new post upsert save submit apply provision register");

/// Verbs that mean an edit if the customer portal is named, too.
const EDIT_VERBS: [&str; 8] = split_words("edit update modify change replace patch put set");

/// The words of "customer portal" in the spellings `customer_portals`, `customerPortal` and `customerportal`.
pub(super) const PORTAL_WORDS: [&str; 5] = ["customer", "portal", "portals", "customerportal", "customerportals"];

/// Words in the names of tools that only read or describe something. Such a tool names operations, but does not call them:
/// `describe_operation({"operation": "CreateCustomerPortal"})`.
pub(super) const LOOKUP_WORDS: [&str; 22] = split_words(
    "get describe search list find read fetch lookup explain help docs documentation schema info details inspect \
     show view spec definition examples usage",
);

/// Words in the names of tools that get a portal and do not send it, in addition to [`LOOKUP_WORDS`]: `validate_portal`.
const CHECK_WORDS: [&str; 9] =
    ["validate", "verify", "check", "lint", "preview", "diff", "compare", "simulate", "count"];

/// What tools of other servers write. Their texts are about anything, also about portals: `create_issue`, `add_observations`.
const OTHER_OBJECTS: [&str; 11] =
    split_words("file files directory issue ticket comment message note memory observations webhook");

/// Arguments in which a generic tool names the operation to call, in lower case and without separators.
const OPERATION_ARGUMENTS: [&str; 19] = split_words(
    "operation operationid operationname operationtype op method methodname endpoint tool toolname function \
     functionname action actionname command api apimethod apioperation call",
);

/// A longer text does not name an operation, also with the prefixes that clients add.
pub(super) const MAX_NAME_LENGTH: usize = 256;

/// Whether an argument names an operation.
pub(super) fn is_operation_argument(key: &str) -> bool {
    OPERATION_ARGUMENTS.contains(&lowercase_letters_and_digits(key).as_str())
}

/// The operation that the verbs in a name mean. "Create or update" counts as creating, because the portal may be new.
pub(super) fn verb_in(words: &[String]) -> Option<PortalKind> {
    operation_of_verbs(|verb| words.iter().any(|word| word == verb))
}

/// The operation that the verbs for which `is_meant` is true mean.
pub(super) fn operation_of_verbs(is_meant: impl Fn(&str) -> bool) -> Option<PortalKind> {
    if CREATE_VERBS.into_iter().any(&is_meant) {
        return Some(PortalKind::Create);
    }
    EDIT_VERBS.into_iter().any(is_meant).then_some(PortalKind::Edit)
}

pub(super) fn is_verb(word: &str) -> bool {
    CREATE_VERBS.contains(&word) || EDIT_VERBS.contains(&word)
}

/// Whether the words contain "customer portal".
pub(super) fn names_portal(words: &[String]) -> bool {
    words.iter().any(|word| matches!(word.as_str(), "customerportal" | "customerportals"))
        || words.windows(2).any(|pair| pair[0] == "customer" && matches!(pair[1].as_str(), "portal" | "portals"))
}

/// The name of the service, which is also that of its server.
pub(super) const REVCENT: &str = "revcent";

/// Whether one of the words names portals or RevCent.
pub(super) fn is_about_portals(words: &[String]) -> bool {
    words.iter().any(|word| matches!(word.as_str(), "portal" | "portals" | REVCENT)) || names_portal(words)
}

/// Whether the words of a tool's name are only verbs, portals and the name of the service: `update_portal`.
pub(super) fn names_only_portals(words: &[String]) -> bool {
    let is_known = |word: &String| is_verb(word) || PORTAL_WORDS.contains(&word.as_str()) || word == REVCENT;
    words.iter().all(is_known) && words.iter().any(|word| matches!(word.as_str(), "portal" | "portals"))
}

/// The name of a tool without that of its server: `mcp__new-corp__call` (Claude Code, Codex) and `mcp_new_call` (Gemini CLI, VS Code).
pub(super) fn without_server(tool_name: &str) -> &str {
    let server_and_tool = tool_name.rsplit_once("__").or_else(|| tool_name.strip_prefix("mcp_")?.split_once('_'));
    server_and_tool.map_or(tool_name, |(_, tool)| tool)
}

/// Whether a word of a tool's name, or of its server's name, suggests that it only reads or describes something.
pub(super) fn is_lookup(tool_name: &str) -> bool {
    split_into_words(tool_name).iter().any(|word| LOOKUP_WORDS.contains(&word.as_str()))
}

/// Whether a tool sends no portal even if its arguments contain one: it looks up or checks something, or writes something else.
pub(super) fn sends_no_portal(tool_name: &str) -> bool {
    if writes_other_object(tool_name) {
        return true;
    }
    let words = split_into_words(without_server(tool_name));
    if words.iter().any(|word| matches!(word.as_str(), "or" | "and")) && verb_in(&words).is_some() {
        // `find_or_create`
        return false;
    }
    // The first such word says what the tool does: `update_details` writes, and `get_new_portals` reads.
    let is_reading = |word: &String| LOOKUP_WORDS.contains(&word.as_str()) || CHECK_WORDS.contains(&word.as_str());
    words.iter().find(|word| is_verb(word) || is_reading(word)).is_some_and(is_reading)
}

/// Whether a tool writes a file, an issue or something else that is no portal.
pub(super) fn writes_other_object(tool_name: &str) -> bool {
    let words = split_into_words(without_server(tool_name));
    !names_portal(&words) && words.iter().any(|word| OTHER_OBJECTS.contains(&word.as_str()))
}

pub(super) fn lowercase_letters_and_digits(text: &str) -> String {
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.to_ascii_lowercase()
}

/// Replaces the escapes of ASCII characters by these characters. They start with `prefix`: `\u00` in JSON, `%` in URLs.
pub(super) fn decode_ascii_escapes(text: &str, prefix: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    for (index, part) in text.split(prefix).enumerate() {
        let code = part.get(..2).filter(|_| index > 0).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(code) = code.filter(u8::is_ascii) {
            decoded.push(char::from(code));
            decoded.push_str(&part[2..]);
        } else {
            decoded.push_str(if index > 0 { prefix } else { "" });
            decoded.push_str(part);
        }
    }
    decoded
}
