//! Objects of a YAML portal whose fields are not indented:
//!
//! ```yaml
//! recaptcha:
//! site_key: ${SITE_KEY}
//! ```
//!
//! To YAML, `recaptcha` has no value, and `site_key` is the next field of the portal.

use crate::base::source::{Format, Span};
use crate::rules::context::PortalContext;
use crate::rules::shared::field_places::{FieldPlace, object_path};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// The objects without a value in one mapping, in the order of the file.
#[derive(Default)]
pub(crate) struct EmptyObjects(Vec<EmptyObject>);

/// A field without a value that should be an object.
#[derive(Clone, Copy)]
pub(crate) struct EmptyObject {
    /// The keys that lead to the object, where it belongs.
    pub path: &'static [&'static str],
    /// Whether the field belongs in another mapping.
    pub is_misplaced: bool,
    /// The first byte of the key.
    key_start: u32,
}

impl EmptyObjects {
    /// Finds the objects without a value in the mapping at `path`.
    pub(crate) fn find<'a>(cx: &PortalContext<'a>, mapping: &Cursor<'a>, path: &[&str]) -> Self {
        // RevCent wrote the export, so its fields are not in the wrong place.
        if cx.source().format() != Format::Yaml || cx.kind() == PortalKind::Export {
            return Self::default();
        }
        let mut objects = Vec::new();
        for field in mapping.children().filter(Cursor::has_no_value) {
            let Some(Span { start: key_start, .. }) = field.key_span() else { continue };
            let own_path = object_path(path, field.key());
            let is_misplaced = own_path.is_none();
            let place = || FieldPlace::find(cx, path, field.key());
            if let Some(path) = own_path.or_else(|| place().and_then(|place| object_path(place.path, place.field))) {
                objects.push(EmptyObject { path, is_misplaced, key_start });
            }
        }
        Self(objects)
    }

    /// The object that a field of the mapping belongs in: the closest object without a value above it, if it can have the field.
    pub(crate) fn object_of(&self, cx: &PortalContext<'_>, key: &str, key_span: Span) -> Option<EmptyObject> {
        let index = self.0.partition_point(|object| object.key_start < key_span.start).checked_sub(1)?;
        let object = self.0[index];
        cx.schema_fields(cx.kind(), object.path).contains(&key).then_some(object)
    }
}
