//! Recognizes a call by the words on the way to a portal: a verb and "customer portal" in the name of the tool, in the keys that lead
//! to the portal, and in the texts next to them. An example is `create_resource({"type": "customer_portal", "data": {…}})`.

use crate::base::words::split_into_words;
use crate::hook::body::{contains_portal, count_portal_fields, is_around_body, is_certain_portal, may_send_portal};
use crate::hook::portal_id::{id_in_argument, id_in_path, is_only_id};
use crate::hook::vocabulary::{
    MAX_NAME_LENGTH, PORTAL_WORDS, REVCENT, decode_ascii_escapes, is_about_portals, is_operation_argument, is_verb,
    names_only_portals, names_portal, verb_in, without_server,
};
use crate::model::portal::{has_portal_field, operation_in};
use crate::schema::{PortalKind, field_names};
use crate::syntax::cursor::Cursor;

/// Arguments with text for people.
const FREE_TEXTS: [&str; 7] = ["title", "subject", "description", "summary", "message", "comment", "text"];

/// Where a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the name of the tool or of an argument.
    Name,
    /// In the text of an argument.
    Text,
}

/// What the words on the way to a value mean.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mention<'d> {
    verb: Option<(Place, PortalKind)>,
    /// Where the customer portal is named.
    portal: Option<Place>,
    /// Whether a name or the text of an operation has no other words than the verb.
    is_verb_alone: bool,
    /// Whether a name has no other words than "customer portal", or than the verb and these.
    is_portal_alone: bool,
    /// The ID of the portal to edit.
    pub id: Option<&'d str>,
    /// Whether a word names portals or RevCent.
    is_about_portals: bool,
    /// The operation if no word is a verb: creating a portal, for a tool of RevCent's server.
    default_operation: Option<PortalKind>,
    /// The operation that a sentence names.
    in_sentence: Option<PortalKind>,
}

impl<'d> Mention<'d> {
    /// What the name of a tool means.
    pub(super) fn in_tool_name(name: &str) -> Self {
        // The name of the server may name the portal, as in `mcp__customer_portals__create`.
        let words = split_into_words(name);
        let is_of_revcent = words.iter().any(|word| word == REVCENT);
        let mention = Self::default().with_key(without_server(name));
        // `mcp__revcent__update_portal`
        let is_portal_tool = is_of_revcent && names_only_portals(&split_into_words(without_server(name)));
        Self {
            portal: (is_portal_tool || names_portal(&words)).then_some(Place::Name),
            is_portal_alone: mention.is_portal_alone || is_portal_tool,
            is_about_portals: mention.is_about_portals || is_of_revcent,
            default_operation: is_of_revcent.then_some(PortalKind::Create),
            ..mention
        }
    }

    /// Adds what a key means.
    #[must_use]
    pub(super) fn with_key(mut self, key: &str) -> Self {
        if key.len() <= MAX_NAME_LENGTH {
            let words = split_into_words(key);
            self.verb = verb_in(&words).map(|kind| (Place::Name, kind)).or(self.verb);
            self.portal = names_portal(&words).then_some(Place::Name).or(self.portal);
            self.is_about_portals |= is_about_portals(&words);
            if words.iter().all(|word| is_verb(word) || PORTAL_WORDS.contains(&word.as_str())) {
                self.is_verb_alone |= verb_in(&words).is_some();
                self.is_portal_alone |= names_portal(&words);
            }
        }
        self
    }

    /// Adds what the texts in an object or a list mean.
    #[must_use]
    pub(super) fn with_texts(self, value: &Cursor<'d>) -> Self {
        labels(value).fold(self, |mention, label| mention.with_label(&label))
    }

    /// Adds what an argument means: its text, or the texts in it.
    fn with_label(self, label: &Cursor<'d>) -> Self {
        match label.text() {
            Some(text) => self.with_text(label, text),
            None if contains_portal(label) && !is_only_id(label) => self,
            None => label
                .children()
                .chain(label.items())
                .filter_map(|part| part.text().map(|text| (part, text)))
                .fold(self, |mention, (part, text)| mention.with_text(&part, text)),
        }
    }

    fn with_text(mut self, argument: &Cursor<'d>, text: &'d str) -> Self {
        const MAX_WORDS: usize = 3;
        let key = argument.key();
        let is_operation = is_operation_argument(key);
        if text.len() <= MAX_NAME_LENGTH && !FREE_TEXTS.contains(&key) {
            self.in_sentence = operation_in(text).or(self.in_sentence);
        }
        let is_name = is_operation || text.split_whitespace().count() <= MAX_WORDS;
        if text.len() > MAX_NAME_LENGTH || !is_name || FREE_TEXTS.contains(&key) {
            return self;
        }
        if let Some(id) = id_in_argument(argument) {
            self.id = Some(id);
            return self;
        }
        let words = split_into_words(&decode_ascii_escapes(text, "%"));
        let is_path = is_file_path(text);
        let names_portal = names_portal(&words) && !is_path;
        self.is_about_portals |= is_about_portals(&words) && !is_path;
        // `"note": "add a card"` is no operation.
        if (is_operation || names_portal || words.len() == 1)
            && let Some(kind) = verb_in(&words)
        {
            self.verb = Some((Place::Text, kind));
            self.is_verb_alone |= is_operation && words.len() == 1;
        }
        if names_portal {
            self.portal = self.portal.or(Some(Place::Text));
            self.id = id_in_path(text).or(self.id);
        }
        self
    }

    /// Whether names are exactly those of an operation, as in `customer_portals({"action": "create", …})`. Then an object without typical
    /// fields of a portal is a body, too.
    pub(super) fn is_exact(&self) -> bool {
        self.is_verb_alone && self.is_portal_alone
    }

    /// Requires typical fields of a portal.
    pub(super) fn require_portal(&mut self) {
        self.is_portal_alone = false;
    }

    /// The operation that takes an object as its body, if it is a portal.
    pub(super) fn operation_of(&self, object: &Cursor<'_>) -> Option<PortalKind> {
        let ((verb, kind), portal) = (self.verb?, self.portal?);
        // `create_webhook({"topic": "customer_portal", "enabled": true})`
        let may_be_other = verb == Place::Name && portal == Place::Text && self.id.is_none();
        let fields = count_portal_fields(object);
        let has_label = ["name", "description"].iter().any(|field| object.has_field(field));
        let is_body = (has_portal_field(*object) && (fields > 1 || !may_be_other)) || (self.is_exact() && has_label);
        let has_id = object.has_field("customer_portal_id");
        (is_body && !is_around_body(object)).then_some(if has_id { PortalKind::Edit } else { kind })
    }

    /// The operation that takes an object as its body, if the object is a portal beyond doubt. The words around it may be any that mean
    /// a verb and portals.
    pub(super) fn operation_of_certain_portal(&self, object: &Cursor<'_>) -> Option<PortalKind> {
        let verb = self.verb.map(|(_, kind)| kind).or(self.default_operation);
        let kind = self.in_sentence.or(verb.filter(|_| self.is_about_portals))?;
        let has_id = object.has_field("customer_portal_id");
        is_certain_portal(object).then_some(if has_id { PortalKind::Edit } else { kind })
    }

    /// The operation that takes a portal at any depth in a value as its body.
    pub(super) fn operation_below(&self, value: &Cursor<'_>) -> Option<PortalKind> {
        let (_, kind) = self.verb?;
        (self.portal.is_some() && may_send_portal(value)).then_some(kind)
    }
}

/// The keys of the arguments next to the fields of a portal that name the operation or the ID of the portal.
pub(super) fn label_keys<'d>(portal: &Cursor<'d>) -> Vec<&'d str> {
    let is_label = |label: &Cursor<'d>| {
        let mention = Mention::default().with_label(label);
        mention.verb.is_some() || mention.portal.is_some() || mention.id.is_some()
    };
    labels(portal).filter(is_label).map(|label| label.key()).collect()
}

/// The values in an object or a list, without the fields of a portal.
fn labels<'d>(value: &Cursor<'d>) -> impl Iterator<Item = Cursor<'d>> + use<'d> {
    let is_portal = has_portal_field(*value) && !is_around_body(value);
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
