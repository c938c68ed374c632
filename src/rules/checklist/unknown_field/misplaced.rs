//! Unknown fields that belong in another object of the portal. Fields that belong in the same object get one finding.

use std::collections::{BTreeMap, HashMap};

use crate::base::diagnostic::{Applicability, Edit, Finding};
use crate::base::steps::count_steps;
use crate::model::portal::PERMISSIONS;
use crate::rules::shared::field_places::{FieldPlace, object_path};
use crate::rules::wording::{join_quoted, letters_and_digits, quote};
use crate::syntax::cursor::{Cursor, FieldIndex};
use crate::syntax::edit::{Editor, MoveTarget};
use crate::syntax::pointer;

/// Fields of one object that belong in the same other object.
pub(super) struct MisplacedFields<'a> {
    /// The path of the object that contains them.
    parent_path: Vec<&'a str>,
    /// Each field with the place where it belongs.
    fields: Vec<(Cursor<'a>, FieldPlace<'a>)>,
}

/// The misplaced fields of a portal.
#[derive(Default)]
pub(super) struct MisplacedGroups<'a> {
    groups: BTreeMap<GroupKey<'a>, MisplacedFields<'a>>,
    /// The number of fields of an object that belong at one place.
    counts: HashMap<(Vec<&'a str>, FieldPlace<'a>), usize>,
}

/// The path of the object with the fields, the path of the object where they belong, whether that is each email, and a number.
/// Two spellings of one field belong at the same place. They are in groups with different numbers, because only one can be moved.
type GroupKey<'a> = (Vec<&'a str>, &'a [&'a str], bool, usize);

impl<'a> MisplacedGroups<'a> {
    /// Adds a field of the object at `parent_path`.
    pub(super) fn add(&mut self, field: Cursor<'a>, place: FieldPlace<'a>, parent_path: &[&'a str]) {
        count_steps(1);
        let parent_path = parent_path.to_vec();
        let count = self.counts.entry((parent_path.clone(), place)).or_default();
        let key = (parent_path.clone(), place.path, place.is_each_email, *count);
        *count += 1;
        let new_group = MisplacedFields { parent_path, fields: Vec::new() };
        self.groups.entry(key).or_insert(new_group).fields.push((field, place));
    }

    /// The groups, each with its fields in the order of the file.
    pub(super) fn into_groups(self) -> Vec<MisplacedFields<'a>> {
        let mut groups: Vec<MisplacedFields<'a>> = self.groups.into_values().collect();
        for group in &mut groups {
            group.fields.sort_by_key(|(field, _)| field.key_location().span);
        }
        groups
    }
}

/// The objects of a portal where misplaced fields belong.
pub(super) struct TargetObjects<'a> {
    root: FieldIndex<'a>,
    indices: HashMap<&'static [&'static str], FieldIndex<'a>>,
}

impl<'a> TargetObjects<'a> {
    pub(super) fn new(root: Cursor<'a>) -> Self {
        Self { root: FieldIndex::new(root), indices: HashMap::new() }
    }

    /// The object at a path, present or missing.
    fn get(&mut self, path: &'static [&'static str]) -> &FieldIndex<'a> {
        let Some((first, rest)) = path.split_first() else { return &self.root };
        self.indices.entry(path).or_insert_with(|| {
            let mut object = self.root.field(first);
            for key in rest {
                object = object.field(key);
            }
            FieldIndex::new(object)
        })
    }
}

impl<'a> MisplacedFields<'a> {
    /// The place of the first field. The places of the others differ only in the names of the fields.
    fn place(&self) -> FieldPlace<'a> {
        self.fields[0].1
    }

    pub(super) fn to_finding(&self, objects: &mut TargetObjects<'a>, editor: &Editor<'a>) -> Finding {
        let (first, place) = &self.fields[0];
        let (message, help) = match &self.fields[..] {
            [(field, place)] => describe_misplaced_field(field.key(), place),
            [first, second] if has_renamed_field(&self.fields) => {
                let [(first, _), (second, _)] =
                    [first, second].map(|(field, place)| describe_misplaced_field(field.key(), place));
                (format!("{first}, and {second}"), format!("move them {} under these names", destination_label(place)))
            }
            fields => {
                let names = describe_names(fields);
                (format!("{names} belong {}", place_label(place)), format!("move them {}", destination_label(place)))
            }
        };
        if self.are_repeated(objects) {
            let (repeated, help) = match self.fields.len() {
                1 => ("but is already there", "remove it here"),
                _ => ("but are already there", "remove them here"),
            };
            return Finding::new(first.key_location(), format!("{message}, {repeated}"), help);
        }
        let mut finding = if let Some(help) = self.indentation_help(objects) {
            Finding::new(first.key_location(), message, help)
        } else {
            let edits = self.move_edits(objects, editor);
            Finding::new(first.key_location(), message, help.clone()).with_fix(Applicability::Unsafe, help, edits)
        };
        finding.subsumes = self.missing_pointers(objects);
        finding
    }

    /// How to correct the indentation, if that is the mistake; see [`EmptyObjects`](crate::rules::shared::unindented_fields::EmptyObjects).
    fn indentation_help(&self, objects: &mut TargetObjects<'a>) -> Option<String> {
        let place = self.place();
        let fields = if self.fields.len() == 1 { "it" } else { "them" };
        let is_empty_object = |(field, place): &(Cursor<'a>, FieldPlace<'a>)| {
            field.has_no_value() && object_path(place.path, place.field).is_some()
        };
        if self.fields.iter().all(is_empty_object) {
            return Some(format!("align {fields} with the fields {}", place_label(&place)));
        }
        let (object, parent_path) = place.path.split_last()?;
        let target = objects.get(place.path).object;
        let keys = target.key_span().zip(self.fields[0].0.key_span());
        let is_above = keys.is_some_and(|(object, field)| object.start < field.start);
        let is_unindented = is_above && parent_path == self.parent_path && target.has_no_value();
        is_unindented.then(|| format!("indent {fields} below {}", quote(object)))
    }

    fn move_edits(&self, objects: &mut TargetObjects<'a>, editor: &Editor<'a>) -> Option<Vec<Edit>> {
        let moved: Vec<(Cursor<'a>, &str)> = self.fields.iter().map(|(field, place)| (*field, place.field)).collect();
        self.move_target(objects).and_then(|target| editor.move_entries(&moved, &target))
    }

    /// Where an editor can move the fields. `None` if the object already has one of the fields, or if it is missing and cannot be
    /// added.
    fn move_target(&self, objects: &mut TargetObjects<'a>) -> Option<MoveTarget<'a>> {
        let mut targets = Vec::new();
        for path in self.place().paths() {
            let object = objects.get(path);
            if object.object.is_missing() && path.len() == 1 && self.parent_path.is_empty() {
                return Some(MoveTarget::NewObject(path[0]));
            }
            if !object.object.is_object() || self.fields.iter().any(|(_, place)| object.has_field(place.field)) {
                return None;
            }
            targets.push(object.object);
        }
        Some(MoveTarget::Objects(targets))
    }

    /// Whether the fields are in the right object as well.
    fn are_repeated(&self, objects: &mut TargetObjects<'a>) -> bool {
        self.place().paths().into_iter().all(|path| {
            let object = objects.get(path);
            self.fields.iter().all(|(_, place)| object.has_field(place.field))
        })
    }

    /// The pointers of the values that are missing only because the fields are in the wrong object.
    fn missing_pointers(&self, objects: &mut TargetObjects<'a>) -> Vec<String> {
        let mut pointers = Vec::new();
        for path in self.place().paths() {
            let object = objects.get(path);
            let object_pointer = object.object.pointer();
            for (_, place) in &self.fields {
                pointers.push(pointer::join(&object_pointer, place.field));
            }
            // The rule on permissions reports the object if it lacks any.
            let is_complete = path == ["customer_permissions"] && self.completes_permissions(object);
            if object.object.is_missing() || object.object.has_no_value() || is_complete {
                pointers.push(object_pointer);
            }
        }
        pointers
    }

    /// Whether the object has all permissions if the fields are moved into it.
    fn completes_permissions(&self, object: &FieldIndex<'a>) -> bool {
        let mut missing = PERMISSIONS.to_vec();
        missing.retain(|name| !object.has_field(name));
        missing.iter().all(|name| self.fields.iter().any(|(_, place)| place.field == *name))
    }
}

/// Whether one of the fields has another name in the object where it belongs, apart from letter case and punctuation.
fn has_renamed_field(fields: &[(Cursor<'_>, FieldPlace<'_>)]) -> bool {
    fields.iter().any(|(field, place)| !letters_and_digits(field.key()).eq(letters_and_digits(place.field)))
}

fn describe_misplaced_field(key: &str, place: &FieldPlace<'_>) -> (String, String) {
    let key_label = quote(key);
    let field = quote(place.field);
    if key == place.field {
        return (
            format!("{key_label} belongs {}", place_label(place)),
            format!("move it {}", destination_label(place)),
        );
    }
    let message = if place.is_each_email {
        format!("{key_label} should be {field} in each email")
    } else {
        let path = [place.path, &[place.field]].concat().join(".");
        format!("{key_label} should be `{path}`")
    };
    (message, format!("move it {} as {field}", destination_label(place)))
}

/// "`contact_modify`, `credit_card_add` and 10 other fields".
fn describe_names(fields: &[(Cursor<'_>, FieldPlace<'_>)]) -> String {
    const MAX_NAMES: usize = 3;
    if fields.len() <= MAX_NAMES {
        return join_quoted(fields.iter().map(|(field, _)| field.key()));
    }
    let [first, second] = [&fields[0].0, &fields[1].0].map(|field| quote(field.key()));
    format!("{first}, {second}, and {} other fields", fields.len() - 2)
}

/// "in `customer_permissions`", "in each email", "at the top level".
fn place_label(place: &FieldPlace<'_>) -> String {
    match place.path {
        [] => "at the top level".into(),
        _ if place.is_each_email => "in each email".into(),
        [.., object] => format!("in {}", quote(object)),
    }
}

/// "into `customer_permissions`", "into each email", "to the top level".
fn destination_label(place: &FieldPlace<'_>) -> String {
    match place.path {
        [] => "to the top level".into(),
        _ if place.is_each_email => "into each email".into(),
        [.., object] => format!("into {}", quote(object)),
    }
}
