//! RCP024: reports fields that RevCent's schema does not have: misspelled fields, fields of a response, and other unknown ones.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use crate::base::diagnostic::{Applicability, Finding};
use crate::base::file::TextKind;
use crate::base::source::Span;
use crate::base::steps::count_steps;
use crate::model::portal::PERMISSIONS;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_places::FieldPlace;
use crate::rules::wording::{closest_match, join_quoted, letters_and_digits, quote};
use crate::schema::PortalKind;
use crate::syntax::cursor::{Cursor, FieldIndex};
use crate::syntax::edit::{Editor, MoveTarget};
use crate::syntax::pointer;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    check_schema_reference(cx);
    let violations = cx.owned_violations();
    if violations.is_empty() {
        return;
    }
    let editor = cx.editor();
    let may_be_edit = cx.portal.field("customer_portal_id").is_present();
    let mut findings: HashMap<Span, Finding> = HashMap::new();
    let mut groups = MisplacedGroups::default();
    let mut last_parent: Option<ParentObject<'_>> = None;
    for violation in violations {
        let field = violation.cursor;
        // The unknown fields of one object follow each other, so the known fields of the object are computed once for all of them.
        let parent = match last_parent.take() {
            Some(parent) if parent.contains(&field) => parent,
            _ => ParentObject::new(cx, &field),
        };
        let finding = if let Some(intended) = parent.find_intended_field(cx, field.key()) {
            misspelled_field_finding(&editor, &field, intended, &parent)
        } else if cx.kind() != PortalKind::Export && parent.path.is_empty() && is_response_field(cx, field.key()) {
            response_field_finding(&editor, &field, may_be_edit)
        } else if let Some(place) = parent.find_place(cx, &field) {
            groups.add(field, place, &parent);
            last_parent = Some(parent);
            continue;
        } else {
            unknown_field_finding(cx, &field, &parent)
        };
        // A YAML merge key (`<<`) adds the same field to several objects, so the same bytes can be a violation in each.
        match findings.entry(finding.location.span) {
            Entry::Occupied(mut first) => first.get_mut().subsumes.extend(finding.subsumes),
            Entry::Vacant(first) => drop(first.insert(finding.with_invalid_value())),
        }
        last_parent = Some(parent);
    }
    for finding in findings.into_values() {
        cx.report(finding);
    }
    let mut objects = TargetObjects { root: FieldIndex::new(cx.portal.root), indices: HashMap::new() };
    for mut group in groups.groups.into_values() {
        group.fields.sort_by_key(|(field, _)| field.key_location().span);
        let finding = misplaced_fields_finding(&mut objects, &editor, &group);
        cx.report(finding.with_invalid_value());
    }
}

/// Reports `$schema` in a body that is about to be sent. In a file it is for editors, and `render` removes it.
fn check_schema_reference(cx: &mut PortalContext<'_>) {
    let field = cx.portal.root.field("$schema");
    if field.is_present() && cx.source().kind() == TextKind::Call {
        let finding =
            Finding::new(field.key_location(), "`$schema` is for editors, and would be sent", "remove the field");
        cx.report(finding.with_fix(Applicability::Safe, "remove `$schema`", cx.editor().remove(&field)));
    }
}

fn misspelled_field_finding(
    editor: &Editor<'_>,
    field: &Cursor<'_>,
    intended: &str,
    parent: &ParentObject<'_>,
) -> Finding {
    let (key, location) = (quote(field.key()), field.key_location());
    let intended_pointer = pointer::join(pointer::parent(&location.pointer), intended);
    let message = format!("{key} is not a field of {}", parent.label());
    Finding::new(location, message, format!("rename the field to {}", quote(intended)))
        .with_label(format!("did you mean {}?", quote(intended)))
        // The intended field is missing only because of the misspelling.
        .with_subsumed(intended_pointer)
        .with_fix(
            Applicability::Unsafe,
            format!("rename {key} to {}", quote(intended)),
            editor.rename_key(field, intended),
        )
}

fn response_field_finding(editor: &Editor<'_>, field: &Cursor<'_>, may_be_edit: bool) -> Finding {
    let key = quote(field.key());
    let message = format!("{key} is a field of RevCent's response, not of a request");
    let finding = Finding::new(field.key_location(), message, "remove the field");
    match removal_applicability(field.key(), may_be_edit) {
        Some(applicability) => finding.with_fix(applicability, format!("remove {key}"), editor.remove(field)),
        None => finding,
    }
}

fn unknown_field_finding(cx: &PortalContext<'_>, field: &Cursor<'_>, parent: &ParentObject<'_>) -> Finding {
    let kind = cx.kind();
    if kind != PortalKind::Export && contains_fields_of(parent, field) {
        return extra_level_finding(field, parent);
    }
    let message = format!("{} is not a field of {}", quote(field.key()), parent.label());
    let help = match kind {
        PortalKind::Export => "remove the field: it is not in RevCent's schema for GetCustomerPortal",
        PortalKind::Create | PortalKind::Edit => "remove the field: RevCent's schema does not allow unknown fields",
    };
    Finding::new(field.key_location(), message, help)
}

/// Whether an unknown object contains fields that its own parent lacks. A field such as `name` may be about anything, so it counts
/// only if the object is called a portal.
fn contains_fields_of(parent: &ParentObject<'_>, object: &Cursor<'_>) -> bool {
    const COMMON_FIELDS: [&str; 3] = ["name", "description", "enabled"];
    let is_called_portal = object.key().ends_with("portal");
    for entry in object.entries() {
        let key: &str = &entry.key;
        if parent.free_fields.contains(&key) && (is_called_portal || !COMMON_FIELDS.contains(&key)) {
            return true;
        }
    }
    false
}

/// The finding about an object whose fields belong in its parent.
fn extra_level_finding(object: &Cursor<'_>, parent: &ParentObject<'_>) -> Finding {
    let key = quote(object.key());
    let (place, destination) = match parent.path[..] {
        [] => ("at the top level".to_owned(), "to the top level".to_owned()),
        _ => (format!("in {}", parent.label()), format!("into {}", parent.label())),
    };
    let location = object.key_location();
    let parent_pointer = pointer::parent(&location.pointer).to_owned();
    let message = format!("the fields in {key} belong {place}");
    let mut finding = Finding::new(location, message, format!("move them {destination}, and remove {key}"));
    // The fields are missing in the parent only because of the extra level.
    for entry in object.entries() {
        finding.subsumes.push(pointer::join(&parent_pointer, &entry.key));
    }
    if !parent.path.is_empty() {
        finding.subsumes.push(parent_pointer);
    }
    finding
}

fn is_response_field(cx: &PortalContext<'_>, key: &str) -> bool {
    // Besides the fields of the portal, a response has those of its envelope.
    cx.schema_fields(PortalKind::Export, &[]).contains(&key)
        || matches!(key, "result" | "error_code" | "message" | "customer_portal_id")
}

/// How safe it is to remove a response field from a request; `None` if it must not be removed automatically.
fn removal_applicability(key: &str, may_be_edit: bool) -> Option<Applicability> {
    match key {
        // A file with an ID may be intended as an edit. Only its author knows.
        "customer_portal_id" => None,
        // Without the `code` of a response, a file with an ID would be an edit.
        "code" if may_be_edit => None,
        // Somebody chose the logo, so the file may be its only record.
        "logo" => Some(Applicability::Unsafe),
        // RevCent generates the value itself.
        _ => Some(Applicability::Safe),
    }
}

/// Fields of one object that belong in the same other object.
struct MisplacedFields<'a> {
    parent: Vec<&'a str>,
    /// Each field with the place where it belongs.
    fields: Vec<(Cursor<'a>, FieldPlace<'a>)>,
}

/// The misplaced fields of a portal.
#[derive(Default)]
struct MisplacedGroups<'a> {
    groups: BTreeMap<GroupKey<'a>, MisplacedFields<'a>>,
    /// The number of fields of an object that belong at one place.
    counts: HashMap<(Vec<&'a str>, FieldPlace<'a>), usize>,
}

/// The path of the object with the fields, the path of the object where they belong, whether that is each email, and a number.
/// Two spellings of one field belong at the same place. They are in groups with different numbers, because only one can be moved.
type GroupKey<'a> = (Vec<&'a str>, &'a [&'a str], bool, usize);

impl<'a> MisplacedGroups<'a> {
    fn add(&mut self, field: Cursor<'a>, place: FieldPlace<'a>, parent: &ParentObject<'a>) {
        count_steps(1);
        let count = self.counts.entry((parent.path.clone(), place)).or_default();
        let key = (parent.path.clone(), place.path, place.is_each_email, *count);
        *count += 1;
        let new_group = MisplacedFields { parent: parent.path.clone(), fields: Vec::new() };
        self.groups.entry(key).or_insert(new_group).fields.push((field, place));
    }
}

/// The objects of a portal where misplaced fields belong.
struct TargetObjects<'a> {
    root: FieldIndex<'a>,
    indices: HashMap<&'static [&'static str], FieldIndex<'a>>,
}

impl<'a> TargetObjects<'a> {
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
    /// The place of the first field. The places of the others differ in the names of the fields only.
    fn place(&self) -> FieldPlace<'a> {
        self.fields[0].1
    }

    /// Where an editor can move the fields. `None` if the object already has one of the fields, or if it is missing and cannot be
    /// added.
    fn move_target(&self, objects: &mut TargetObjects<'a>) -> Option<MoveTarget<'a>> {
        let mut targets = Vec::new();
        for path in self.place().paths() {
            let object = objects.get(path);
            if object.object.is_missing() && path.len() == 1 && self.parent.is_empty() {
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
        for path in self.place().paths() {
            let object = objects.get(path);
            if !self.fields.iter().all(|(_, place)| object.has_field(place.field)) {
                return false;
            }
        }
        true
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
            if object.object.is_missing() || is_complete {
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

fn misplaced_fields_finding<'a>(
    objects: &mut TargetObjects<'a>,
    editor: &Editor<'a>,
    group: &MisplacedFields<'a>,
) -> Finding {
    let (first, place) = &group.fields[0];
    let (message, help) = match &group.fields[..] {
        [(field, place)] => describe_misplaced_field(field.key(), place),
        [first, second] if has_renamed_field(&group.fields) => {
            let [(first, _), (second, _)] =
                [first, second].map(|(field, place)| describe_misplaced_field(field.key(), place));
            (format!("{first}, and {second}"), format!("move them {} under these names", destination_label(place)))
        }
        fields => {
            let names = describe_names(fields);
            (format!("{names} belong {}", place_label(place)), format!("move them {}", destination_label(place)))
        }
    };
    if group.are_repeated(objects) {
        let (repeated, help) = match group.fields.len() {
            1 => ("but is already there", "remove it here"),
            _ => ("but are already there", "remove them here"),
        };
        return Finding::new(first.key_location(), format!("{message}, {repeated}"), help);
    }
    let moved: Vec<(Cursor<'a>, &str)> = group.fields.iter().map(|(field, place)| (*field, place.field)).collect();
    let edits = group.move_target(objects).and_then(|target| editor.move_entries(&moved, &target));
    let mut finding =
        Finding::new(first.key_location(), message, help.clone()).with_fix(Applicability::Unsafe, help, edits);
    finding.subsumes = group.missing_pointers(objects);
    finding
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
        path => format!("in {}", quote(&path.join("."))),
    }
}

/// "into `customer_permissions`", "into each email", "to the top level".
fn destination_label(place: &FieldPlace<'_>) -> String {
    match place.path {
        [] => "to the top level".into(),
        _ if place.is_each_email => "into each email".into(),
        path => format!("into {}", quote(&path.join("."))),
    }
}

/// The object that contains an unknown field.
struct ParentObject<'a> {
    /// The keys from the root to the object.
    path: Vec<&'a str>,
    /// The known fields that the object does not have yet.
    free_fields: Vec<&'a str>,
}

impl<'a> ParentObject<'a> {
    fn new(cx: &PortalContext<'a>, field: &Cursor<'a>) -> Self {
        let mut path: Vec<&'a str> = field.keys().collect();
        path.pop();
        let mut object = cx.portal.root;
        for key in &path {
            object = object.field(key);
        }
        let mut free_fields = cx.schema_fields(cx.kind(), &path);
        free_fields.retain(|field| *field != "$schema" && !object.has_field(field));
        Self { path, free_fields }
    }

    /// Whether the object contains the field directly. Two items of a list have the same path, so a field in a list never counts.
    fn contains(&self, field: &Cursor<'_>) -> bool {
        !field.is_in_list() && field.keys().rev().skip(1).eq(self.path.iter().rev().copied())
    }

    /// The field of the object that the author meant.
    fn find_intended_field(&self, cx: &PortalContext<'a>, key: &str) -> Option<&'a str> {
        if key == "portal_id" {
            return self.free_fields.iter().find(|field| **field == "customer_portal_id").copied();
        }
        let synonym = FieldPlace::find_synonym(cx, &self.path, key).filter(|field| self.free_fields.contains(field));
        synonym.or_else(|| closest_match(key, self.free_fields.iter().copied()))
    }

    /// The place of the field in another object.
    fn find_place(&self, cx: &PortalContext<'a>, field: &Cursor<'a>) -> Option<FieldPlace<'a>> {
        // RevCent wrote the export, so its fields are not in the wrong place.
        if cx.kind() == PortalKind::Export || field.is_in_list() {
            return None;
        }
        let place = FieldPlace::find(cx, &self.path, field.key())?;
        // Any object may have a field such as `name`. It is the portal's only if the portal itself has none.
        let is_taken = place.path.is_empty() && cx.portal.root.has_field(place.field);
        (!is_taken).then_some(place)
    }

    fn label(&self) -> String {
        self.path.last().map_or_else(|| "a portal".to_owned(), |key| quote(key))
    }
}
