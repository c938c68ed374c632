//! What the guide says about a field, for hovers and completions.

use crate::preflight::CHECKLIST;
use crate::syntax::pointer::parent;

/// A title and a list below it. `None` if the list is empty.
pub(super) fn bullet_list(title: &str, lines: &[String]) -> Option<String> {
    if lines.is_empty() { None } else { Some(format!("{title}\n\n- {}", lines.join("\n- "))) }
}

/// The guide's checklist items for a field, or else for its nearest parent that has any.
pub(super) fn checklist_items(pointer: &str) -> Vec<String> {
    for field in field_and_parents(pointer) {
        let items = CHECKLIST.iter().filter(|item| item.fields.contains(&field.as_str()));
        let titles: Vec<String> = items.map(|item| format!("{}: {}", item.id, item.title)).collect();
        if !titles.is_empty() {
            return titles;
        }
    }
    Vec::new()
}

/// The pointer of a field without list indices, and those of its parents, without the root.
pub(super) fn field_and_parents(pointer: &str) -> Vec<String> {
    let mut field = without_indices(pointer);
    let mut fields = vec![field.clone()];
    while !parent(&field).is_empty() {
        field.truncate(parent(&field).len());
        fields.push(field.clone());
    }
    fields
}

/// The pointer without list indices, because checklist items and schemas name a field without them.
pub(super) fn without_indices(pointer: &str) -> String {
    let mut names: Vec<&str> = pointer.split('/').collect();
    // A pointer starts with a slash, so its first part is empty.
    names.retain(|name| name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()));
    names.join("/")
}
