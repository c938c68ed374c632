//! Completion: fields, values and IDs according to the schema of the portal or of the settings, and rules in comments.

mod account_ids;
mod allow_comment;
mod fields;
mod item;
mod place;
mod token;

use gen_lsp_types as lsp;

use crate::lsp::convert;
use crate::lsp::request_context::RequestContext;
use crate::schema::EmbeddedSchema;
use item::ItemBuilder;
use place::{Role, find_place};
use token::Token;

/// The characters after which an editor asks for completions, in addition to words.
pub(super) const TRIGGER_CHARACTERS: [&str; 1] = ["\""];

/// The completions at a position. `None` if there are none.
pub(super) fn completions(context: &RequestContext<'_>, position: lsp::Position) -> Option<lsp::CompletionList> {
    let source = &context.document.source;
    let offset = source.offset_at(convert::encoded_position(position), context.client.encoding);
    if let Some(items) = allow_comment::rule_items(context, offset) {
        return to_list(items);
    }
    let token = Token::at(source, offset)?;
    let place = find_place(context, &token)?;
    let builder = ItemBuilder::new(context, &token);
    match place.role {
        Role::Key if place.schema == EmbeddedSchema::Settings && is_severity_table(&place.pointer) => {
            to_list(fields::rule_keys(&builder, &place))
        }
        Role::Key => to_list(fields::field_items(&builder, &place)),
        Role::Value => match account_ids::id_items(context, &builder, &place) {
            Some(list) => Some(list),
            None => to_list(fields::value_items(&builder, &place)),
        },
    }
}

/// Whether the object at a pointer of the settings has rules as keys.
fn is_severity_table(pointer: &str) -> bool {
    pointer.rsplit('/').next() == Some("severity")
}

fn to_list(items: Vec<lsp::CompletionItem>) -> Option<lsp::CompletionList> {
    if items.is_empty() {
        return None;
    }
    Some(lsp::CompletionList { is_incomplete: false, item_defaults: None, apply_kind: None, items })
}
