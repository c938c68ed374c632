//! Which kind of body a document is, or what it is instead.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::schema::{Kind, fields, found_word};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Document, Value};

/// The fields that tell a portal from any other JSON or YAML (CONTRACT.md, "Settings"), in the order of the guide: mostly the
/// first two are found, and soon.
const SIGNATURE_FIELDS: [&str; 4] = ["tracking_domain", "recaptcha", "smtp_profile", "customer_emails"];

/// Made once: a run may look through many files that are no portals.
static MARK_FINDERS: LazyLock<[Finder<'static>; 4]> = LazyLock::new(|| SIGNATURE_FIELDS.map(Finder::new));

/// What only an edit carries.
static PORTAL_ID_FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("customer_portal_id"));

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
    /// A template in another language, which becomes JSON or YAML only when it is filled in.
    Template,
    /// An object with no field of a portal.
    OtherObject,
    /// Nothing, or nothing but comments (YAML).
    Nothing,
    /// No object at all; in the words of [`found_word`].
    Other(&'static str),
}

/// Decides by content; RULES.md, "Kinds". `None` when nothing could be read.
pub fn detect_kind(document: &Document<'_>) -> Option<Result<Kind, NotAPortal>> {
    let root = Cursor::root(document);
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

fn recognise_object(root: Cursor<'_>) -> Result<Kind, NotAPortal> {
    let has = |key: &str| root.has(key);
    if has("customer_portal_id") && !has("code") {
        return Ok(Kind::Edit);
    }
    let holds_objects = root.at("tracking_domain").is_object() || root.at("smtp_profile").is_object();
    if holds_objects && has_export_marks(root) {
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
fn has_marks(slot: Cursor<'_>, number: usize) -> bool {
    SIGNATURE_FIELDS.into_iter().filter(|key| slot.has(key)).take(number).count() == number
}

fn has_export_marks(root: Cursor<'_>) -> bool {
    EXPORT_MARKS.into_iter().filter(|key| root.has(key)).nth(1).is_some()
}

/// Whether walking a folder takes this document for a portal by its content (CONTRACT.md, "Settings"): two of the marks
/// with values of the right type, since other programs have keys of these names, too; or three of whatever type, since a
/// portal may have a mistake in one of them; or what makes an edit.
pub fn names_a_portal(document: &Document<'_>) -> bool {
    let root = Cursor::root(document);
    if !root.is_object() {
        return false;
    }
    has_typed_marks(root) || has_marks(root, 3) || is_edit(root)
}

fn has_typed_marks(root: Cursor<'_>) -> bool {
    let is_export = has_export_marks(root);
    SIGNATURE_FIELDS
        .into_iter()
        .filter(|mark| root.has(mark) && has_mark_type(root.at(mark), is_export))
        .nth(1)
        .is_some()
}

/// Whether the value of a mark has the type that it has in a portal. In an export, the ids are inside objects.
fn has_mark_type(mark: Cursor<'_>, is_export: bool) -> bool {
    match mark.value() {
        // Nobody knows what was meant to stand here.
        Some(Value::Broken) => true,
        Some(Value::Object(_)) if matches!(mark.key(), "recaptcha" | "customer_emails") => true,
        Some(Value::Object(_)) => is_export && mark.at("id").text().is_some(),
        Some(Value::String(_)) => matches!(mark.key(), "tracking_domain" | "smtp_profile"),
        _ => false,
    }
}

/// `customer_portal_id` and another field of a portal. RevCent's answers carry the id beside a `code`.
fn is_edit(root: Cursor<'_>) -> bool {
    if !root.has("customer_portal_id") || root.has("code") {
        return false;
    }
    let known = fields(Kind::Edit, &[]);
    let is_other = |key: &str| !matches!(key, "customer_portal_id" | "$schema") && known.contains(&key);
    root.entries().iter().any(|entry| is_other(entry.key.as_ref()))
}

/// Whether the text of a broken file names two keys of a portal: the marks, and the id of an edit. A mark counts unless the
/// tree that could be read holds it with a value of another type.
pub fn broken_text_names_a_portal(text: &str, documents: &[Document<'_>]) -> bool {
    let has_wrong_type = |mark: &&str| {
        documents
            .iter()
            .map(Cursor::root)
            .any(|root| root.has(mark) && !has_mark_type(root.at(mark), has_export_marks(root)))
    };
    let bytes = text.as_bytes();
    let marks = SIGNATURE_FIELDS.iter().zip(MARK_FINDERS.iter());
    let named = marks.filter(|(mark, finder)| finder.find(bytes).is_some() && !has_wrong_type(mark)).count();
    named + usize::from(PORTAL_ID_FINDER.find(bytes).is_some()) >= 2
}

/// Whether a text without a tree names two keys of a portal, and a quick "no" before a tree is made: then the id of an edit
/// alone is enough to look closer. A key may be written with escapes, so any `\u` counts as a "perhaps" when `escapes` may be
/// there.
pub fn text_names_a_portal(text: &str, escapes: bool) -> bool {
    let bytes = text.as_bytes();
    MARK_FINDERS.iter().filter(|mark| mark.find(bytes).is_some()).take(2).count() == 2
        || (escapes && (PORTAL_ID_FINDER.find(bytes).is_some() || memchr::memmem::find(bytes, b"\\u").is_some()))
}
