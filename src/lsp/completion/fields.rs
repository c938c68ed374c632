//! Completes the fields of an object and the values of a field that a schema lists.

use gen_lsp_types as lsp;

use crate::lsp::completion::item::ItemBuilder;
use crate::lsp::completion::place::Place;
use crate::lsp::field_docs::{bullet_list, checklist_items};
use crate::rules::{RULES, Rule};
use crate::schema::{EmbeddedSchema, field_description, known_fields, known_values};
use crate::syntax::pointer::{join, last_step};

/// The fields that the object does not have yet. Required ones come first.
pub(super) fn field_items(builder: &ItemBuilder<'_>, place: &Place) -> Vec<lsp::CompletionItem> {
    let mut items = Vec::new();
    for field in known_fields(place.schema, &place.pointer) {
        if place.siblings.iter().any(|sibling| sibling == field.name) {
            continue;
        }
        let pointer = join(&place.pointer, field.name);
        let item =
            builder.item(field.name, builder.key(field.name, field.is_container), lsp::CompletionItemKind::Field);
        items.push(lsp::CompletionItem {
            detail: field.is_required.then(|| "required".to_owned()),
            documentation: describe(place.schema, &pointer).map(|text| builder.documentation(text)),
            sort_text: Some(format!("{}{}", u8::from(!field.is_required), field.name)),
            ..item
        });
    }
    items
}

fn describe(schema: EmbeddedSchema, pointer: &str) -> Option<String> {
    let mut parts = vec![field_description(schema, pointer)?.to_owned()];
    if schema != EmbeddedSchema::Settings {
        parts.extend(bullet_list("The guide asks:", &checklist_items(pointer)));
    }
    Some(parts.join("\n\n"))
}

/// The values of a field: those that the schema lists, or the rules.
pub(super) fn value_items(builder: &ItemBuilder<'_>, place: &Place) -> Vec<lsp::CompletionItem> {
    if place.schema == EmbeddedSchema::Settings && last_step(&place.pointer).as_deref() == Some("rule") {
        return suppressible_rules().map(|rule| builder.rule(rule, builder.text_literal(rule.meta.name))).collect();
    }
    let mut items = Vec::new();
    for value in known_values(place.schema, &place.pointer) {
        let (label, literal) = match value.as_str() {
            Some(text) => (text.to_owned(), builder.text_literal(text)),
            None => (value.to_string(), value.to_string()),
        };
        items.push(builder.item(&label, literal, lsp::CompletionItemKind::Value));
    }
    items
}

/// The rules as keys of a table of severities.
pub(super) fn rule_keys(builder: &ItemBuilder<'_>, place: &Place) -> Vec<lsp::CompletionItem> {
    let mut items = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.meta.configurable) {
        if !place.siblings.iter().any(|sibling| sibling == rule.meta.name) {
            items.push(builder.rule(rule, builder.key(rule.meta.name, false)));
        }
    }
    items
}

/// The rules whose findings a decision can allow.
pub(super) fn suppressible_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(|rule| !rule.meta.is_about_the_file())
}
