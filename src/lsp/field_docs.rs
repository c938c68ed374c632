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
        let mut titles = Vec::new();
        for item in &CHECKLIST {
            if item.fields.contains(&field.as_str()) {
                titles.push(format!("{}: {}", item.id, item.title));
            }
        }
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

/// The pointer without list indices: checklist items and schemas name the field, whichever list entry it is in.
pub(super) fn without_indices(pointer: &str) -> String {
    let mut names = Vec::new();
    for step in pointer.split('/') {
        let is_index = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        if !is_index {
            names.push(step);
        }
    }
    names.join("/")
}
