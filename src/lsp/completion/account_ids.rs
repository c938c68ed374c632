//! Completes IDs by the names of the account's objects.

use gen_lsp_types as lsp;

use crate::base::file::{InputFile, canonical_parent};
use crate::engine::check_snapshot::list_objects;
use crate::lsp::completion::item::ItemBuilder;
use crate::lsp::completion::place::Place;
use crate::lsp::request_context::RequestContext;
use crate::model::account::ObjectKind;
use crate::schema::EmbeddedSchema;
use crate::settings::project::Project;
use crate::syntax::pointer::parent;

/// The maximum number of IDs in one response. The user finds the others by typing a part of the name.
const MAX_ITEMS: usize = 200;

/// The IDs that may be the value at `place`. `None` if the value is not an ID, or if there is no account snapshot.
pub(super) fn id_items(
    context: &RequestContext<'_>,
    builder: &ItemBuilder<'_>,
    place: &Place,
) -> Option<lsp::CompletionList> {
    let kind = kind_of_id(place)?;
    let (project, snapshots) = find_snapshots(context)?;
    let typed = builder.token.typed.to_lowercase();
    let mut items = Vec::new();
    let mut has_more = false;
    for snapshot in snapshots {
        for (id, name) in list_objects(snapshot, &project.limits, kind) {
            let is_in_list = place.siblings.contains(&id);
            let name = name.unwrap_or_else(|| id.clone());
            let matches_typed = name.to_lowercase().contains(&typed) || id.to_lowercase().contains(&typed);
            if is_in_list || !matches_typed {
                continue;
            }
            if items.len() == MAX_ITEMS {
                has_more = true;
                break;
            }
            let item = builder.item(&name, builder.text_literal(&id), lsp::CompletionItemKind::Reference);
            // Some editors compare the typed text only with the start of the filter text, but here a part of the name or ID matches.
            // The filter text is therefore the typed text, so that the editor keeps all items.
            let quote = builder.token.quote.map(String::from).unwrap_or_default();
            let filter = if typed.is_empty() { &name } else { &builder.token.typed };
            let filter_text = Some(format!("{quote}{filter}"));
            items.push(lsp::CompletionItem { detail: Some(format!("{} {id}", kind.label())), filter_text, ..item });
        }
    }
    let is_incomplete = has_more || !typed.is_empty();
    Some(lsp::CompletionList { is_incomplete, item_defaults: None, apply_kind: None, items })
}

/// The kind of object whose ID the value is.
fn kind_of_id(place: &Place) -> Option<ObjectKind> {
    match (place.schema, place.pointer.as_str(), parent(&place.pointer)) {
        (EmbeddedSchema::Settings, pointer, _) => {
            (pointer.starts_with("/portal/") && pointer.ends_with("/id")).then_some(ObjectKind::Portal)
        }
        // An export contains the objects in place of their IDs.
        (EmbeddedSchema::Export, ..) => None,
        (_, "/tracking_domain", _) => Some(ObjectKind::TrackingDomain),
        (_, "/smtp_profile", _) => Some(ObjectKind::SmtpProfile),
        (EmbeddedSchema::Edit, "/customer_portal_id", _) => Some(ObjectKind::Portal),
        (_, "/create_non_existing_customer_campaign", _) | (_, _, "/customer_filters/campaign") => {
            Some(ObjectKind::Campaign)
        }
        (_, _, "/customer_filters/third_party_shop") => Some(ObjectKind::Shop),
        _ => None,
    }
}

/// The account snapshot for a portal. For a settings file, all snapshots that it names.
fn find_snapshots<'c>(context: &'c RequestContext<'_>) -> Option<(&'c Project, Vec<&'c InputFile>)> {
    let path = context.document.path.as_deref()?;
    let folder = canonical_parent(path);
    if context.document.is_settings() {
        let projects = &context.analysis.settings.projects;
        let project = projects.iter().find(|project| project.root.as_deref() == Some(&folder))?;
        return Some((project, project.snapshots().collect()));
    }
    let input = context.analysis.input_of_uri(context.uri)?;
    let project = context.analysis.settings.project(input);
    let environment = project.environment_of(&project.relative_file_path(path)?);
    let snapshot = project.account(environment).file.as_ref()?;
    Some((project, vec![snapshot]))
}
