//! Detects whether a document is a portal, and of which kind.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::base::diagnostic::Location;
use crate::schema::{PortalKind, describe_value, field_names};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Document, Value};

/// The fields that distinguish a portal from other JSON and YAML files ("Which kind of portal" in `docs/design.md`). They are in
/// the order of the guide, because a portal usually has the first two near its start.
const SIGNATURE_FIELDS: [&str; 4] = ["tracking_domain", "recaptcha", "smtp_profile", "customer_emails"];

/// Built once, because a run may search many files that are not portals.
static SIGNATURE_FINDERS: LazyLock<[Finder<'static>; 4]> = LazyLock::new(|| SIGNATURE_FIELDS.map(Finder::new));

/// The field that only the body of an edit has.
static PORTAL_ID_FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("customer_portal_id"));

/// Fields that only a response of `GetCustomerPortal` has.
const EXPORT_FIELDS: [&str; 5] = ["id", "created_date_unix", "updated_date_unix", "portal_urls", "api_call_id"];

/// Why a document is not a portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAPortal {
    /// A list whose first entry is a portal.
    ListOfPortals,
    /// A response of `GetCustomerPortals`.
    PageOfPortals,
    /// A response of `CreateCustomerPortal` or `EditCustomerPortal`.
    WriteResponse,
    /// An error response.
    ErrorResponse,
    /// An OpenAPI document, or one of its operations.
    OpenApi,
    /// A template in another language, which becomes JSON or YAML only when it is filled in.
    Template,
    /// An object without fields of a portal.
    OtherObject,
    /// Nothing, or only comments (YAML).
    Nothing,
    /// A value that is not an object, described by [`describe_value`].
    Other(&'static str),
    /// Markdown without a fenced block of JSON or YAML.
    MarkdownWithoutData,
    /// A call of an operation that does not take a portal.
    OtherOperation(String),
    /// A call without an object that could be a portal.
    NoBody,
    /// A call whose `arguments` are neither an object nor JSON text.
    BadArguments,
    /// The parameters of a `tools/call` without the name of an operation.
    NoOperation,
    /// A wrapper with a second value that could be the portal.
    TwoBodies,
    /// More wrappers than [`MAX_WRAPPERS`](super::MAX_WRAPPERS).
    TooManyWrappers,
}

/// A document that is not a portal.
#[derive(Clone, Debug)]
pub struct NonPortal {
    /// Its index in the file.
    pub document: usize,
    /// What to report: the document, the part of a wrapper that is wrong or, if `contains_portal`, the portal.
    pub location: Location,
    /// What it is instead.
    pub what: NotAPortal,
    /// Whether there is a portal at the location, in a wrapper that is not supported.
    pub contains_portal: bool,
}

/// Detects the kind of a portal from its fields ("Which kind of portal" in `docs/design.md`). `None` if nothing could be read.
pub fn detect_kind(root: Cursor<'_>) -> Option<Result<PortalKind, NotAPortal>> {
    Some(match root.value()? {
        Value::Broken | Value::Alias(_) => return None,
        Value::Object(_) => detect_kind_of_object(root),
        Value::Array(_) if root.items().next().is_some_and(has_portal_field) => Err(NotAPortal::ListOfPortals),
        Value::Null if root.span().range().is_empty() => Err(NotAPortal::Nothing),
        other => Err(NotAPortal::Other(describe_value(other))),
    })
}

/// The order of the tests matters: a response, for example, may also have fields of a portal.
fn detect_kind_of_object(root: Cursor<'_>) -> Result<PortalKind, NotAPortal> {
    // RevCent's responses to create and edit requests have the ID, too, next to a `code`.
    let has_portal_id = root.has_field("customer_portal_id");
    let has_code = root.has_field("code");
    if has_portal_id && !has_code {
        return Ok(PortalKind::Edit);
    }
    if !has_code && has_misspelled_portal_id(root) {
        return Ok(PortalKind::Edit);
    }
    let has_nested_objects = root.field("tracking_domain").is_object() || root.field("smtp_profile").is_object();
    if has_nested_objects && is_export(root) {
        return Ok(PortalKind::Export);
    }
    if has_signature_field(root) {
        return Ok(PortalKind::Create);
    }
    if has_portal_id {
        return Err(NotAPortal::WriteResponse);
    }
    let is_rpc_error = root.field("error").has_field("message");
    if root.has_field("error_code") || (has_code && root.has_field("message")) || is_rpc_error {
        return Err(NotAPortal::ErrorResponse);
    }
    if ["openapi", "swagger", "operationId"].into_iter().any(|key| root.has_field(key)) {
        return Err(NotAPortal::OpenApi);
    }
    if matches!(root.field("results").value(), Some(Value::Array(_))) {
        return Err(NotAPortal::PageOfPortals);
    }
    // If a part of the tree could not be read, the fields may be in that part.
    let is_portal = root.is_partial() || has_field_of(root, PortalKind::Create, &["$schema"]);
    if is_portal { Ok(PortalKind::Create) } else { Err(NotAPortal::OtherObject) }
}

/// Whether an object has the ID of a portal under a wrong key and is not a complete request to create a portal.
fn has_misspelled_portal_id(root: Cursor<'_>) -> bool {
    let is_complete = SIGNATURE_FIELDS.into_iter().all(|field| root.has_field(field));
    !is_complete && root.entries().iter().any(|entry| is_misspelled_portal_id(&entry.key)) && has_portal_field(root)
}

/// Whether a key is `portal_id` or, in any spelling and with any signs in it, `customer_portal_id`.
fn is_misspelled_portal_id(key: &str) -> bool {
    let letters: String = key.chars().filter(char::is_ascii_alphabetic).collect();
    key == "portal_id" || letters.eq_ignore_ascii_case("customerportalid")
}

/// Whether an object has a field of a portal that wrappers and other objects do not have.
pub(crate) fn has_portal_field(object: Cursor<'_>) -> bool {
    has_signature_field(object) || has_field_of(object, PortalKind::Edit, &["name", "description", "$schema"])
}

fn has_signature_field(object: Cursor<'_>) -> bool {
    SIGNATURE_FIELDS.into_iter().any(|field| object.has_field(field))
}

/// Whether an object has at least two fields that only an export has.
fn is_export(root: Cursor<'_>) -> bool {
    EXPORT_FIELDS.into_iter().filter(|field| root.has_field(field)).count() >= 2
}

/// Whether an object has a top-level field of a kind of portal, apart from the ignored ones.
fn has_field_of(object: Cursor<'_>, kind: PortalKind, ignored: &[&str]) -> bool {
    let known = field_names(kind, &[]);
    let mut keys = object.entries().iter().map(|entry| &*entry.key);
    keys.any(|key| known.contains(&key) && !ignored.contains(&key))
}

/// How many signature fields a document has.
#[derive(Default)]
struct SignatureCount {
    all: usize,
    /// The fields whose values have the type that they have in a portal.
    with_portal_type: usize,
    /// The fields whose values are text for people.
    with_label: usize,
}

impl SignatureCount {
    /// Whether the fields are enough for a portal:
    ///
    /// - two signature fields whose values have the right type: an object for `recaptcha` and `customer_emails`, text that could
    ///   be an ID for `smtp_profile` and `tracking_domain`. Other programs have keys with these names, too, with words as values.
    /// - three signature fields, unless all of them are words, as in a translation. A portal may have mistakes in them.
    fn is_portal(&self) -> bool {
        self.with_portal_type >= 2 || (self.all >= 3 && self.with_label < self.all)
    }
}

/// Whether a walk takes this value for a portal because of its content: it has enough signature fields
/// ([`SignatureCount::is_portal`]), or it is an edit, with `customer_portal_id` and another field that only
/// portals have.
pub fn is_portal_object(root: Cursor<'_>) -> bool {
    if !root.is_object() {
        return false;
    }
    let mut count = SignatureCount::default();
    for field in SIGNATURE_FIELDS {
        if root.has_field(field) {
            let cursor = root.field(field);
            count.all += 1;
            count.with_portal_type += usize::from(has_portal_type(cursor, is_export(root)));
            count.with_label += usize::from(is_label(cursor));
        }
    }
    count.is_portal() || is_edit(root)
}

/// Whether the value of a signature field has the type that it has in a portal. In an export, the IDs are in objects.
fn has_portal_type(field: Cursor<'_>, is_export: bool) -> bool {
    let is_id_field = matches!(field.key(), "tracking_domain" | "smtp_profile");
    match field.value() {
        Some(Value::Object(_)) if is_id_field => is_export && field.field("id").text().is_some(),
        // A value that could not be read may have any type.
        Some(Value::Object(_) | Value::Broken) => true,
        Some(Value::String(text)) => is_id_field && could_be_id(text),
        // An ID of digits without quotes. A short number is a count or a port.
        Some(Value::Number(digits)) => is_id_field && digits.len() >= MIN_ID_LEN,
        _ => false,
    }
}

/// Whether a value is text for people or the name of an object, and not an ID.
fn is_label(field: Cursor<'_>) -> bool {
    matches!(field.value(), Some(Value::String(text)) if !could_be_id(text))
}

/// IDs have 20 characters. An ID that was cut off or mistyped is recognized down to this length.
const MIN_ID_LEN: usize = 12;

/// Whether a text could be an ID or stand for one:
///
/// - nothing, a variable, or `<...>`
/// - a placeholder such as `TRACKING_DOMAIN_ID`, `your-smtp-profile-id` or `xxx`
/// - 20 letters and digits, or at least 12 of which one is a digit
fn could_be_id(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.contains("${") || text.contains("{{") || (text.starts_with('<') && text.ends_with('>')) {
        return true;
    }
    let bytes = text.as_bytes();
    if bytes.iter().all(|byte| byte.eq_ignore_ascii_case(&b'x')) {
        return true;
    }
    if bytes.iter().all(u8::is_ascii_alphanumeric) {
        return text.len() == 20 || (text.len() >= MIN_ID_LEN && bytes.iter().any(u8::is_ascii_digit));
    }
    if !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        return false;
    }
    let is_constant = text.contains('_') && !bytes.iter().any(u8::is_ascii_lowercase);
    let last_word = text.rsplit(['_', '-']).next().unwrap_or_default();
    is_constant || last_word.eq_ignore_ascii_case("id")
}

/// Whether an object is an edit: it has `customer_portal_id` and another field of a portal, and no `code`, as responses have.
///
/// A record of a customer can have a `customer_portal_id` as well. Fields such as `display_name` count only in an object that has no
/// fields but those of a portal, and objects such as `customer_emails` only if they are objects.
fn is_edit(root: Cursor<'_>) -> bool {
    const COMMON_FIELDS: [&str; 5] = ["customer_portal_id", "$schema", "name", "description", "enabled"];
    if !root.has_field("customer_portal_id") || root.has_field("code") {
        return false;
    }
    let known = field_names(PortalKind::Edit, &[]);
    let (mut has_other_fields, mut has_own_field, mut has_display_name) = (false, false, false);
    for (entry, field) in root.entries().iter().zip(root.children()) {
        let key = entry.key.as_ref();
        match key {
            _ if COMMON_FIELDS.contains(&key) => {}
            "display_name" => has_display_name = true,
            "recaptcha" | "customer_emails" | "tracking_domain" | "smtp_profile" => {
                has_own_field |= has_portal_type(field, false);
            }
            _ if known.contains(&key) => has_own_field = true,
            _ => has_other_fields = true,
        }
    }
    has_own_field || (has_display_name && !has_other_fields)
}

/// Whether a file with syntax errors is a portal: its text contains enough signature fields ([`SignatureCount::is_portal`]).
/// Here `customer_portal_id` counts as one of them. The values of the fields are tested as far as they could be read.
pub fn is_broken_portal(text: &str, documents: &[Document<'_>]) -> bool {
    let bytes = text.as_bytes();
    let mut count = SignatureCount::default();
    count.with_portal_type += usize::from(PORTAL_ID_FINDER.find(bytes).is_some());
    for (field, finder) in SIGNATURE_FIELDS.iter().zip(SIGNATURE_FINDERS.iter()) {
        if finder.find(bytes).is_none() {
            continue;
        }
        // A field that is in the text, but not in the tree, may have any type.
        let mut may_have_portal_type = true;
        let mut has_label = false;
        for root in documents.iter().map(Cursor::root) {
            if root.has_field(field) {
                may_have_portal_type &= has_portal_type(root.field(field), is_export(root));
                has_label |= is_label(root.field(field));
            }
        }
        count.all += 1;
        count.with_portal_type += usize::from(may_have_portal_type);
        count.with_label += usize::from(has_label);
    }
    count.is_portal()
}

/// Whether a text that was not parsed may be a portal. If `false`, it is not one. `may_have_escapes` says whether its keys may
/// contain escapes, as in JSON and YAML.
pub fn text_may_be_portal(text: &str, may_have_escapes: bool) -> bool {
    let bytes = text.as_bytes();
    let found = SIGNATURE_FINDERS.iter().filter(|finder| finder.find(bytes).is_some()).take(2).count();
    // A text with `customer_portal_id` may be an edit, and `\u0072ecaptcha` is a signature field: only the tree shows whether it is.
    found == 2
        || (may_have_escapes
            && (PORTAL_ID_FINDER.find(bytes).is_some() || memchr::memmem::find(bytes, b"\\u").is_some()))
}
