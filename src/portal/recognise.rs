//! Which kind of body a document is, or what it is instead.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::document::slot::Slot;
use crate::document::{Document, Value};
use crate::schema::{Kind, fields, found_word};

/// The fields that tell a portal from any other JSON or YAML (CONTRACT.md, "Settings"), in the order of the guide: mostly the
/// first two are found, and soon.
const MARKS: [&str; 4] = ["tracking_domain", "recaptcha", "smtp_profile", "customer_emails"];

/// Made once: a run may look through many files that are no portals.
static MARK_FINDERS: LazyLock<[Finder<'static>; 4]> = LazyLock::new(|| MARKS.map(Finder::new));

/// What only a response of GetCustomerPortal carries.
const EXPORT_MARKS: [&str; 5] = ["id", "created_date_unix", "updated_date_unix", "portal_urls", "api_call_id"];

/// What a document is that is no portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAPortal {
    /// A list whose entries are portals.
    ListOfPortals,
    /// A page of GetCustomerPortals.
    PageOfPortals,
    /// The answer to CreateCustomerPortal or EditCustomerPortal.
    Answer,
    /// An error answer.
    ErrorAnswer,
    /// A description of an API, or of one of its operations.
    OpenApi,
    /// An object with no field of a portal.
    OtherObject,
    /// Nothing, or nothing but comments (YAML).
    Nothing,
    /// No object at all; in the words of [`found_word`].
    Other(&'static str),
}

/// Decides by content; RULES.md, "Kinds". `None` when nothing could be read.
pub fn recognise(document: &Document<'_>) -> Option<Result<Kind, NotAPortal>> {
    let root = Slot::root(document);
    Some(match root.value()? {
        Value::Broken | Value::Alias(_) => return None,
        Value::Object(_) => recognise_object(root),
        Value::Array(_) if root.items().next().is_some_and(|first| has_marks(first, 1)) => {
            Err(NotAPortal::ListOfPortals)
        }
        Value::Null if root.span().range().is_empty() => Err(NotAPortal::Nothing),
        other => Err(NotAPortal::Other(found_word(other))),
    })
}

fn recognise_object(root: Slot<'_>) -> Result<Kind, NotAPortal> {
    let has = |key: &str| root.has(key);
    if has("customer_portal_id") && !has("code") {
        return Ok(Kind::Edit);
    }
    let holds_objects = root.at("tracking_domain").is_object() || root.at("smtp_profile").is_object();
    if holds_objects && EXPORT_MARKS.into_iter().filter(|key| has(key)).nth(1).is_some() {
        return Ok(Kind::Export);
    }
    if has_marks(root, 1) {
        return Ok(Kind::Create);
    }
    if has("customer_portal_id") {
        return Err(NotAPortal::Answer);
    }
    if has("error_code") || (has("code") && has("message")) {
        return Err(NotAPortal::ErrorAnswer);
    }
    if has("openapi") || has("swagger") || has("operationId") {
        return Err(NotAPortal::OpenApi);
    }
    if has("results") && matches!(root.at("results").value(), Some(Value::Array(_))) {
        return Err(NotAPortal::PageOfPortals);
    }
    let known = fields(Kind::Create, &[]);
    let any_known = root.entries().iter().any(|entry| entry.key != "$schema" && known.contains(&entry.key.as_ref()));
    // In a tree with holes the fields may be in a hole.
    if any_known || root.is_partial() { Ok(Kind::Create) } else { Err(NotAPortal::OtherObject) }
}

/// Whether so many of the marks are there, at least.
fn has_marks(slot: Slot<'_>, number: usize) -> bool {
    MARKS.into_iter().filter(|key| slot.has(key)).take(number).count() == number
}

/// Whether walking a folder takes this document for a portal by its content.
pub fn names_a_portal(document: &Document<'_>) -> bool {
    has_marks(Slot::root(document), 2)
}

/// The same for a text without a tree, and a quick "no" before a tree is made. A key may be written with escapes, so
/// any `\u` counts as a "perhaps" when `escapes` may be there.
pub fn text_names_a_portal(text: &str, escapes: bool) -> bool {
    let bytes = text.as_bytes();
    MARK_FINDERS.iter().filter(|mark| mark.find(bytes).is_some()).take(2).count() == 2
        || (escapes && memchr::memmem::find(bytes, b"\\u").is_some())
}
