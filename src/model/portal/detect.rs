//! Which kind of body a document is, or what it is instead.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::schema::{Kind, describe_value, field_names};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Document, Value};

/// The fields that distinguish a portal from other JSON and YAML files ("Which kind of portal" in `docs/design.md`). They are in
/// the order of the guide, because a portal usually has the first two near its start.
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
    /// No object at all; in the words of [`describe_value`].
    Other(&'static str),
}

/// Detects the kind of a portal from its fields ("Which kind of portal" in `docs/design.md`). `None` if nothing could be read.
pub fn detect_kind(document: &Document<'_>) -> Option<Result<Kind, NotAPortal>> {
    let root = Cursor::root(document);
    Some(match root.value()? {
        Value::Broken | Value::Alias(_) => return None,
        Value::Object(_) => recognise_object(root),
        Value::Array(_) if root.items().next().is_some_and(|first| has_marks(first, 1)) => {
            Err(NotAPortal::ListOfPortals)
        }
        Value::Null if root.span().range().is_empty() => Err(NotAPortal::Nothing),
        other => Err(NotAPortal::Other(describe_value(other))),
    })
}

fn recognise_object(root: Cursor<'_>) -> Result<Kind, NotAPortal> {
    let has = |key: &str| root.has_field(key);
    if has("customer_portal_id") && !has("code") {
        return Ok(Kind::Edit);
    }
    let holds_objects = root.field("tracking_domain").is_object() || root.field("smtp_profile").is_object();
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
    if has("results") && matches!(root.field("results").value(), Some(Value::Array(_))) {
        return Err(NotAPortal::PageOfPortals);
    }
    let known = field_names(Kind::Create, &[]);
    let any_known = root.entries().iter().any(|entry| entry.key != "$schema" && known.contains(&entry.key.as_ref()));
    // In a tree with holes the fields may be in a hole.
    if any_known || root.is_partial() { Ok(Kind::Create) } else { Err(NotAPortal::OtherObject) }
}

/// Whether so many of the marks are there, at least.
fn has_marks(slot: Cursor<'_>, number: usize) -> bool {
    SIGNATURE_FIELDS.into_iter().filter(|key| slot.has_field(key)).take(number).count() == number
}

fn has_export_marks(root: Cursor<'_>) -> bool {
    EXPORT_MARKS.into_iter().filter(|key| root.has_field(key)).nth(1).is_some()
}

/// Whether a walk takes this document for a portal because of its content. Such a document has one of:
///
/// - two signature fields whose values have the right type: an object for `recaptcha` and `customer_emails`, text that could
///   be an ID for `smtp_profile` and `tracking_domain`. Other programs have keys of these names, too, with words in them.
/// - three signature fields, unless all of them are mere words, as in a translation. A portal may have mistakes in them.
/// - `customer_portal_id` and another field of a portal: an edit.
pub fn is_portal_document(document: &Document<'_>) -> bool {
    let root = Cursor::root(document);
    if !root.is_object() {
        return false;
    }
    let mut typed = 0;
    let mut labels = 0;
    let mut all = 0;
    for field in SIGNATURE_FIELDS.into_iter().filter(|field| root.has_field(field)) {
        all += 1;
        typed += usize::from(has_mark_type(root.field(field), has_export_marks(root)));
        labels += usize::from(is_label(root.field(field)));
    }
    typed >= 2 || (all >= 3 && labels < all) || is_edit(root)
}

/// Whether the value of a mark has the type that it has in a portal. In an export, the ids are inside objects.
fn has_mark_type(mark: Cursor<'_>, is_export: bool) -> bool {
    match mark.value() {
        // Nobody knows what was meant to stand here.
        Some(Value::Broken) => true,
        Some(Value::Object(_)) if matches!(mark.key(), "recaptcha" | "customer_emails") => true,
        Some(Value::Object(_)) => is_export && mark.field("id").text().is_some(),
        Some(Value::String(text)) => matches!(mark.key(), "tracking_domain" | "smtp_profile") && could_be_id(text),
        // An ID of digits without its quotes. A short number is a count or a port.
        Some(Value::Number(digits)) => {
            matches!(mark.key(), "tracking_domain" | "smtp_profile") && digits.len() >= SHORTEST_ID
        }
        _ => false,
    }
}

/// Whether a value is text for people or the name of a thing, and no ID.
fn is_label(mark: Cursor<'_>) -> bool {
    matches!(mark.value(), Some(Value::String(text)) if !could_be_id(text))
}

/// IDs have 20 characters; one that was cut off or mistyped is recognized down to this length.
const SHORTEST_ID: usize = 12;

/// Whether a text could be an ID or stand for one: empty, a variable, `<...>`, a placeholder such as `TRACKING_DOMAIN_ID` or
/// `your-smtp-profile-id` or `xxx`, or 12 or more letters and digits of which at least one is a digit; with 20 characters, it needs
/// none.
fn could_be_id(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.contains("${") || text.contains("{{") || (text.starts_with('<') && text.ends_with('>')) {
        return true;
    }
    if text.bytes().all(|byte| byte.eq_ignore_ascii_case(&b'x')) {
        return true;
    }
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.len() == 20 || (text.len() >= SHORTEST_ID && text.bytes().any(|byte| byte.is_ascii_digit()));
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        return false;
    }
    let is_constant = text.contains('_') && !text.bytes().any(|byte| byte.is_ascii_lowercase());
    let last_word = text.rsplit(['_', '-']).next().unwrap_or_default();
    is_constant || last_word.eq_ignore_ascii_case("id")
}

/// `customer_portal_id` and another field of a portal. RevCent's answers carry the id beside a `code`.
fn is_edit(root: Cursor<'_>) -> bool {
    if !root.has_field("customer_portal_id") || root.has_field("code") {
        return false;
    }
    let known = field_names(Kind::Edit, &[]);
    let is_other = |key: &str| !matches!(key, "customer_portal_id" | "$schema") && known.contains(&key);
    root.entries().iter().any(|entry| is_other(entry.key.as_ref()))
}

/// Whether the text of a broken file names two keys of a portal: the marks, and the id of an edit. A mark counts unless the
/// tree that could be read holds it with a value of another type. Three marks count whatever their types, unless the tree
/// holds nothing but words in them.
pub fn is_broken_portal(text: &str, documents: &[Document<'_>]) -> bool {
    let bytes = text.as_bytes();
    let mut typed = usize::from(PORTAL_ID_FINDER.find(bytes).is_some());
    let mut labels = 0;
    let mut all = 0;
    for (field, finder) in SIGNATURE_FIELDS.iter().zip(MARK_FINDERS.iter()) {
        if finder.find(bytes).is_none() {
            continue;
        }
        let roots = || documents.iter().map(Cursor::root).filter(|root| root.has_field(field));
        all += 1;
        typed += usize::from(roots().all(|root| has_mark_type(root.field(field), has_export_marks(root))));
        labels += usize::from(roots().any(|root| is_label(root.field(field))));
    }
    typed >= 2 || (all >= 3 && labels < all)
}

/// Whether a text without a tree names two keys of a portal, and a quick "no" before a tree is made: then the id of an edit
/// alone is enough to look closer. A key may be written with escapes, so any `\u` counts as a "perhaps" when `escapes` may be
/// there.
pub fn text_may_be_portal(text: &str, escapes: bool) -> bool {
    let bytes = text.as_bytes();
    MARK_FINDERS.iter().filter(|mark| mark.find(bytes).is_some()).take(2).count() == 2
        || (escapes && (PORTAL_ID_FINDER.find(bytes).is_some() || memchr::memmem::find(bytes, b"\\u").is_some()))
}
