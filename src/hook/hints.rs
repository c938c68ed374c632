//! Recognizes a call by the words around a portal: a verb and "customer portal" in the name of the tool, in the keys of the objects
//! that contain the portal, and in the texts next to them. An example is `create_resource({"type": "customer_portal", "data": {…}})`.

use crate::base::words::split_into_words;
use crate::hook::body::{contains_portal, count_portal_fields, is_certain_portal, is_edit_wrapper, may_send_portal};
use crate::hook::portal_id::{id_in_argument, id_in_path, is_only_id};
use crate::hook::vocabulary::{
    MAX_NAME_LENGTH, PORTAL_WORDS, REVCENT, decode_ascii_escapes, is_about_portals, is_operation_argument, is_verb,
    names_only_portals, names_portal, verb_in, without_server,
};
use crate::model::portal::{has_portal_field, operation_in};
use crate::schema::{PortalKind, field_names};
use crate::syntax::cursor::Cursor;

/// Arguments with text for people, which may contain any words.
const FREE_TEXTS: [&str; 7] = ["title", "subject", "description", "summary", "message", "comment", "text"];

/// Where a word was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the name of the tool or of an argument.
    Name,
    /// In the text of an argument.
    Text,
}

/// What the words around a value say about a call.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hints<'d> {
    /// The operation that a verb means, and where the verb is.
    verb: Option<(Place, PortalKind)>,
    /// Where the customer portal is named.
    portal: Option<Place>,
    /// Whether there is a verb without other words: in a name, where "customer portal" may be next to it, or as the text of an argument for
    /// operations.
    has_bare_verb: bool,
    /// Whether a name is "customer portal" without other words, except a verb.
    has_bare_portal: bool,
    /// The ID of the portal to edit.
    pub id: Option<&'d str>,
    /// Whether a word names portals or RevCent.
    is_about_portals: bool,
    /// The operation if there is no verb: creating a portal, for a tool of RevCent's server.
    default_operation: Option<PortalKind>,
    /// The operation whose name a text contains, which may be a sentence.
    named_in_text: Option<PortalKind>,
}

impl<'d> Hints<'d> {
    /// The hints in the name of a tool.
    pub(super) fn from_tool_name(name: &str) -> Self {
        // The name of the server may name the portal, as in `mcp__customer_portals__create`.
        let words = split_into_words(name);
        let is_of_revcent = words.iter().any(|word| word == REVCENT);
        let hints = Self::default().with_key(without_server(name));
        // `mcp__revcent__update_portal`
        let is_portal_tool = is_of_revcent && names_only_portals(&split_into_words(without_server(name)));
        Self {
            portal: (is_portal_tool || names_portal(&words)).then_some(Place::Name),
            has_bare_portal: hints.has_bare_portal || is_portal_tool,
            is_about_portals: hints.is_about_portals || is_of_revcent,
            default_operation: is_of_revcent.then_some(PortalKind::Create),
            ..hints
        }
    }

    /// Adds the hints in a key.
    #[must_use]
    pub(super) fn with_key(mut self, key: &str) -> Self {
        if key.len() <= MAX_NAME_LENGTH {
            let words = split_into_words(key);
            self.verb = verb_in(&words).map(|kind| (Place::Name, kind)).or(self.verb);
            self.portal = names_portal(&words).then_some(Place::Name).or(self.portal);
            self.is_about_portals |= is_about_portals(&words);
            if words.iter().all(|word| is_verb(word) || PORTAL_WORDS.contains(&word.as_str())) {
                self.has_bare_verb |= verb_in(&words).is_some();
                self.has_bare_portal |= names_portal(&words);
            }
        }
        self
    }

    /// Adds the hints in the texts of an object or a list.
    #[must_use]
    pub(super) fn with_texts(mut self, value: &Cursor<'d>) -> Self {
        for argument in other_arguments(value) {
            self.add_argument(&argument);
        }
        self
    }

    /// Adds the hints in the text of an argument, or in the texts in it.
    fn add_argument(&mut self, argument: &Cursor<'d>) {
        if let Some(text) = argument.text() {
            self.add_text(argument, text);
        } else if is_only_id(argument) || !contains_portal(argument) {
            for part in argument.children().chain(argument.items()) {
                if let Some(text) = part.text() {
                    self.add_text(&part, text);
                }
            }
        }
    }

    fn add_text(&mut self, argument: &Cursor<'d>, text: &'d str) {
        /// A text with more words is a sentence, whose verb may be about anything.
        const MAX_WORDS: usize = 3;
        let key = argument.key();
        if text.len() > MAX_NAME_LENGTH || FREE_TEXTS.contains(&key) {
            return;
        }
        self.named_in_text = operation_in(text).or(self.named_in_text);
        let is_operation = is_operation_argument(key);
        if !is_operation && text.split_whitespace().count() > MAX_WORDS {
            return;
        }
        if let Some(id) = id_in_argument(argument) {
            self.id = Some(id);
            return;
        }
        let words = split_into_words(&decode_ascii_escapes(text, "%"));
        let is_path = is_file_path(text);
        let names_portal = names_portal(&words) && !is_path;
        self.is_about_portals |= is_about_portals(&words) && !is_path;
        // `"note": "add a card"` does not name an operation.
        if (is_operation || names_portal || words.len() == 1)
            && let Some(kind) = verb_in(&words)
        {
            self.verb = Some((Place::Text, kind));
            self.has_bare_verb |= is_operation && words.len() == 1;
        }
        if names_portal {
            self.portal = self.portal.or(Some(Place::Text));
            self.id = id_in_path(text).or(self.id);
        }
    }

    /// Whether the verb and the portal are named without other words, as in `customer_portals({"action": "create", …})`. Then an object
    /// without typical fields of a portal is a body, too.
    pub(super) fn is_exact(&self) -> bool {
        self.has_bare_verb && self.has_bare_portal
    }

    /// Requires typical fields of a portal in a body.
    pub(super) fn require_typical_fields(&mut self) {
        self.has_bare_portal = false;
    }

    /// The operation that takes an object as its body, if the words around the object name the operation and it looks like a portal.
    pub(super) fn operation_of(&self, object: &Cursor<'_>) -> Option<PortalKind> {
        let ((verb, kind), portal) = (self.verb?, self.portal?);
        // `create_webhook({"topic": "customer_portal", "enabled": true})` has one field that a portal also has.
        let may_be_other_object = verb == Place::Name && portal == Place::Text && self.id.is_none();
        let required_fields = if may_be_other_object { 2 } else { 1 };
        let looks_like_portal = has_portal_field(*object) && count_portal_fields(object) >= required_fields;
        let has_name = object.has_field("name") || object.has_field("description");
        let is_body = looks_like_portal || (self.is_exact() && has_name);
        (is_body && !is_edit_wrapper(object)).then_some(edit_with_id(object, kind))
    }

    /// The operation that takes an object as its body, if the object is a portal beyond doubt. Then it is enough that the words around it
    /// contain a verb and "portal", or the name of an operation in a sentence.
    pub(super) fn operation_of_certain_portal(&self, object: &Cursor<'_>) -> Option<PortalKind> {
        let verb = self.verb.map(|(_, kind)| kind).or(self.default_operation);
        let kind = self.named_in_text.or(verb.filter(|_| self.is_about_portals))?;
        is_certain_portal(object).then_some(edit_with_id(object, kind))
    }

    /// The operation that takes a portal at any depth in a value as its body.
    pub(super) fn operation_below(&self, value: &Cursor<'_>) -> Option<PortalKind> {
        let (_, kind) = self.verb?;
        (self.portal.is_some() && may_send_portal(value)).then_some(kind)
    }
}

/// The operation that sends an object: an edit if it has the ID of a portal, whatever the verb is.
fn edit_with_id(object: &Cursor<'_>, kind: PortalKind) -> PortalKind {
    if object.has_field("customer_portal_id") { PortalKind::Edit } else { kind }
}

/// The keys of the arguments next to the fields of a portal that are not for the portal, because they name the operation or the ID.
pub(super) fn keys_of_operation<'d>(portal: &Cursor<'d>) -> Vec<&'d str> {
    let mut keys = Vec::new();
    for argument in other_arguments(portal) {
        let mut hints = Hints::default();
        hints.add_argument(&argument);
        if hints.verb.is_some() || hints.portal.is_some() || hints.id.is_some() {
            keys.push(argument.key());
        }
    }
    keys
}

/// The values in an object or a list, without the fields of a portal.
fn other_arguments<'d>(value: &Cursor<'d>) -> impl Iterator<Item = Cursor<'d>> + use<'d> {
    let is_portal = has_portal_field(*value) && !is_edit_wrapper(value);
    let fields = if is_portal { field_names(PortalKind::Edit, &[]) } else { Vec::new() };
    value.children().filter(move |child| !fields.contains(&child.key())).chain(value.items())
}

/// Whether a text is the path of a file, such as `customer-portals/vip.json`.
fn is_file_path(text: &str) -> bool {
    const MAX_EXTENSION: usize = 5;
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let Some((_, extension)) = name.rsplit_once('.').filter(|_| !text.contains("://")) else { return false };
    extension.len() <= MAX_EXTENSION
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && verb_in(&split_into_words(extension)).is_none()
}
