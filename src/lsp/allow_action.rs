//! The "allow" code action and command: insert a decision. The action leaves the reason to the user, who alone knows it. A decision
//! without a reason has no effect and is reported (RCP910), so that accepting the action alone hides no finding.

use std::path::Path;

use crate::base::diagnostic::Diagnostic;
use crate::base::file::{canonical_parent, display_path, new_settings_folder};
use crate::base::sanitize::sanitize;
use crate::base::source::{Format, Source};
use crate::engine::decision::{Decision, append_entry, insertion, unmasked_pointer};
use crate::lsp::client_capabilities::{ClientCapabilities, EditSupport};
use crate::lsp::request_context::RequestContext;
use crate::lsp::workspace_edit::DocumentEdits;
use crate::render::uri::path_to_uri;
use crate::rules::rule;
use crate::settings::project::{SETTINGS_FILE, SettingsFile};

/// The title and the edits of the code action.
pub(super) struct Allowance {
    pub title: String,
    pub edits: DocumentEdits,
}

/// The allowance for a finding. `None` if the rule cannot be suppressed or the suppression would not apply to the finding.
pub(super) fn allowance(context: &RequestContext<'_>, diagnostic: &Diagnostic, reason: &str) -> Option<Allowance> {
    let meta = rule(diagnostic.code)?.meta;
    if meta.is_about_the_file() {
        return None;
    }
    let name = meta.name;
    let decision = Decision { rule: name, reason, until: None };
    let project = context.analysis.settings.project(context.analysis.input(diagnostic.file)?);
    let source = &context.document.source;
    if source.format() != Format::Json {
        let parsed = context.analysis.report.file(diagnostic.file).tree.as_deref()?;
        let edit = decision.insert_comment(source, parsed, &project.limits, diagnostic.region.start.offset)?;
        let title = format!("allow {name} here: write the reason after `--`");
        return Some(Allowance { title, edits: context.document_edits(&[edit]) });
    }
    let path = context.document.path.as_deref()?;
    let folder = canonical_parent(path);
    let location = match unmasked_pointer(diagnostic) {
        Some(pointer) => format!(" at {}", sanitize(pointer)),
        None => String::new(),
    };
    let (title, edits) = if let Some(file) = &project.file {
        let entry = decision.settings_entry(path, &project.relative_path(&folder)?, diagnostic)?;
        let edits = append_to_settings(context, file, &entry)?;
        (format!("allow {name} in this file{location}: write the reason in {SETTINGS_FILE}"), edits)
    } else {
        let root = new_settings_folder(path);
        let relative_folder = display_path(folder.strip_prefix(&root).ok()?);
        let entry = decision.settings_entry(path, &relative_folder, diagnostic)?;
        let edits = create_settings(context.client, &root, &entry)?;
        (format!("allow {name} in this file{location}: write the reason in a new {SETTINGS_FILE}"), edits)
    };
    Some(Allowance { title, edits })
}

/// Appends an entry to the settings file.
fn append_to_settings(context: &RequestContext<'_>, file: &SettingsFile, entry: &str) -> Option<DocumentEdits> {
    if file.is_unread {
        return None;
    }
    let source = file.source();
    let edit = append_entry(&source, entry)?;
    let path = file.real_path_in_own_folder()?;
    let (uri, version) = match context.documents.with_real_path(&path) {
        Some((uri, document)) => (uri.to_owned(), Some(document.version)),
        None => (path_to_uri(&display_path(&path)), None),
    };
    Some(DocumentEdits::new(&uri, version, &source, &[edit], context.client))
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
