//! The "allow" code action and command, which insert a decision. The action leaves the reason empty, because only the user knows it. A
//! decision without a reason has no effect and is reported (RCP910), so that accepting the action alone hides no finding.

use std::path::Path;

use crate::base::diagnostic::{Diagnostic, Edit};
use crate::base::file::{canonical_parent, display_path, new_settings_folder};
use crate::base::sanitize::sanitize;
use crate::base::source::{Format, Source};
use crate::engine::decision::{Decision, append_entry, file_pattern, insertion};
use crate::engine::decision_place::{DecisionPlace, unmasked_pointer};
use crate::engine::renewal::{renew_comment, renew_entry};
use crate::lsp::client_capabilities::{ClientCapabilities, EditSupport};
use crate::lsp::request_context::RequestContext;
use crate::lsp::workspace_edit::DocumentEdits;
use crate::render::uri::path_to_uri;
use crate::rules::rule;
use crate::settings::project::{Project, SETTINGS_FILE, SettingsFile};

/// The title and the edits of the code action.
pub(super) struct Allowance {
    pub title: String,
    pub edits: DocumentEdits,
}

/// The code action that allows a finding. It has no edits if there is a decision that lacks only its reason. `None` if the rule cannot
/// be suppressed or the suppression would not apply to the finding.
pub(super) fn allowance(context: &RequestContext<'_>, diagnostic: &Diagnostic, reason: &str) -> Option<Allowance> {
    let meta = rule(diagnostic.code)?.meta;
    if meta.is_about_the_file() {
        return None;
    }
    let name = meta.name;
    let decision = Decision { rule: name, reason, until: None };
    let project = context.analysis.settings.project(context.analysis.input(diagnostic.file)?);
    let place = DecisionPlace::new(&context.analysis.report, diagnostic, context.analysis.settings.today);
    let source = &context.document.source;
    let parsed = context.analysis.report.file(diagnostic.file).tree.as_deref();
    if let Some(parsed) = parsed
        && let Some(renewal) = renew_comment(&decision, &place, source, parsed, &project.limits)
    {
        let title = format!("renew the decision to allow {name} here: write the reason after `--`");
        return Some(Allowance { title, edits: context.document_edits(&renewal.edits) });
    }
    let path = context.document.path.as_deref();
    if let (Some(file), Some(path)) = (&project.file, path)
        && let Some(pattern) =
            project.relative_path(&canonical_parent(path)).and_then(|folder| file_pattern(path, &folder))
        && let Some(renewal) = renew_entry(&decision, &place, &pattern, &file.source(), &file.tree)
    {
        let title = format!("renew the decision to allow {name} in this file: write the reason in {SETTINGS_FILE}");
        return Some(Allowance { title, edits: edit_settings(context, file, &renewal.edits)? });
    }
    let has_comments = source.format() != Format::Json;
    let Some(edit) = parsed
        .filter(|_| has_comments)
        .and_then(|parsed| decision.insert_comment(source, parsed, &project.limits, &place))
    else {
        let covers_others = place.entry_covers_others();
        return if covers_others { None } else { allowance_in_settings(context, diagnostic, &decision, project) };
    };
    let title = format!("allow {name} here: write the reason after `--`");
    Some(Allowance { title, edits: context.document_edits(&[edit]) })
}

/// Allows a finding with a new entry in the settings.
fn allowance_in_settings(
    context: &RequestContext<'_>,
    diagnostic: &Diagnostic,
    decision: &Decision<'_>,
    project: &Project,
) -> Option<Allowance> {
    let name = decision.rule;
    let path = context.document.path.as_deref()?;
    let folder = canonical_parent(path);
    let location = unmasked_pointer(diagnostic).map(|pointer| format!(" at {}", sanitize(pointer))).unwrap_or_default();
    let (title, edits) = if let Some(file) = &project.file {
        let pattern = file_pattern(path, &project.relative_path(&folder)?)?;
        let edit = append_entry(&file.source(), &decision.settings_entry(&pattern, diagnostic))?;
        let edits = edit_settings(context, file, &[edit])?;
        (format!("allow {name} in this file{location}: write the reason in {SETTINGS_FILE}"), edits)
    } else {
        let root = new_settings_folder(path);
        let pattern = file_pattern(path, &display_path(folder.strip_prefix(&root).ok()?))?;
        let edits = create_settings(context.client, &root, &decision.settings_entry(&pattern, diagnostic))?;
        (format!("allow {name} in this file{location}: write the reason in a new {SETTINGS_FILE}"), edits)
    };
    Some(Allowance { title, edits })
}

/// Edits the settings file, which may be open in the editor.
fn edit_settings(context: &RequestContext<'_>, file: &SettingsFile, edits: &[Edit]) -> Option<DocumentEdits> {
    if file.is_unread {
        return None;
    }
    let path = file.real_path_in_own_folder()?;
    let (uri, version) = match context.documents.with_real_path(&path) {
        Some((uri, document)) => (uri.to_owned(), Some(document.version)),
        None => (path_to_uri(&display_path(&path)), None),
    };
    Some(DocumentEdits::new(&uri, version, &file.source(), edits, context.client))
}

/// Creates a settings file with one entry. `None` if the editor cannot create files.
fn create_settings(client: &ClientCapabilities, root: &Path, entry: &str) -> Option<DocumentEdits> {
    if client.edit_support != EditSupport::CreatesFiles {
        return None;
    }
    let uri = path_to_uri(&display_path(&root.join(SETTINGS_FILE)));
    let empty = Source::new(SETTINGS_FILE, "", Format::Toml);
    let edits = DocumentEdits::new(&uri, None, &empty, &[insertion(0, entry)], client);
    Some(DocumentEdits { creates_file: true, ..edits })
}
