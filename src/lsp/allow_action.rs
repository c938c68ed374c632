//! The "allow" code action: inserts a suppression that is complete except for its reason, which only the user knows. A
//! suppression without a reason has no effect and is reported (RCP910), so that accepting the action alone hides no finding.
//!
//! In YAML and JSON with comments, the suppression is a comment. Strict JSON has no comments, so the action adds an entry to the
//! project's settings file.

use std::path::{Path, PathBuf};

use crate::base::diagnostic::{Diagnostic, Edit};
use crate::base::file::{canonical_parent, display_path};
use crate::base::sanitize::sanitize;
use crate::base::source::{Format, Source, Span};
use crate::lsp::client_capabilities::{ClientCapabilities, EditSupport};
use crate::lsp::request_context::RequestContext;
use crate::lsp::workspace_edit::DocumentEdits;
use crate::render::uri::path_to_uri;
use crate::rules::rule;
use crate::settings::project::{SETTINGS_FILE, SettingsFile};
use crate::syntax::allow_comment::find_allow_comments;
use crate::syntax::{Limits, Parsed, Value, edit, parse};

/// The title and the edits of the code action.
pub(super) struct Allowance {
    pub title: String,
    pub edits: DocumentEdits,
}

/// The allowance for a finding. `None` if the rule cannot be suppressed or the suppression would not apply to the finding.
pub(super) fn allowance(context: &RequestContext<'_>, diagnostic: &Diagnostic) -> Option<Allowance> {
    let meta = rule(diagnostic.code)?.meta;
    if meta.is_about_the_file() {
        return None;
    }
    let name = meta.name;
    let project = context.analysis.settings.project(context.analysis.input(diagnostic.file)?);
    let source = &context.document.source;
    if source.format() != Format::Json {
        let parsed = context.analysis.report.file(diagnostic.file).tree.as_deref()?;
        let edit = insert_comment(source, parsed, &project.limits, diagnostic.region.start.offset, name)?;
        let title = format!("allow {name} here: write the reason behind `--`");
        return Some(Allowance { title, edits: context.document_edits(&[edit]) });
    }
    let path = context.document.path.as_deref()?;
    let folder = canonical_parent(path);
    let location = match unmasked_pointer(diagnostic) {
        Some(pointer) => format!(" at {}", sanitize(pointer)),
        None => String::new(),
    };
    let (title, edits) = if let Some(file) = &project.file {
        let entry = settings_entry(path, &project.relative_path(&folder)?, diagnostic, name)?;
        let edits = append_to_settings(context, file, &entry)?;
        (format!("allow {name} in this file{location}: write the reason in {SETTINGS_FILE}"), edits)
    } else {
        let root = new_project_root(context.client, &folder);
        let relative_folder = display_path(folder.strip_prefix(&root).ok()?);
        let entry = settings_entry(path, &relative_folder, diagnostic, name)?;
        let edits = create_settings(context.client, &root, &entry)?;
        (format!("allow {name} in this file{location}: write the reason in a new {SETTINGS_FILE}"), edits)
    };
    Some(Allowance { title, edits })
}

/// Inserts a comment above the line of the finding at `offset`. A finding inside a text of several lines gets it above the line of
/// the text's key, because there are no comments inside a text.
fn insert_comment(source: &Source, parsed: &Parsed<'_>, limits: &Limits, offset: u32, name: &str) -> Option<Edit> {
    let line = source.position(enclosing_text_key(parsed, offset).unwrap_or(offset)).line as usize;
    let span = source.line(line)?;
    let start = if line == 1 { source.bom_len() } else { span.range().start };
    let content = &source.text()[start..span.range().end];
    let indent = &content[..content.len() - content.trim_start().len()];
    let after_line = &source.text()[span.range().end..];
    let newline = ["\r\n", "\r"].into_iter().find(|newline| after_line.starts_with(newline)).unwrap_or("\n");
    let comment_start = if source.format() == Format::Yaml { "#" } else { "//" };
    let text = format!("{indent}{comment_start} portal-lint: allow {name} --");
    // Try it with a reason: the line may be inside a block scalar or another place where the comment would be text. The
    // comment has to cover the finding and must not cause syntax errors.
    let trial = format!("{text} because{newline}");
    let moved_offset = offset as usize + trial.len();
    let changed = edit::apply_edits(source.text(), &[insertion(start, &trial)])?;
    let changed = Source::new(source.name(), changed, source.format());
    let reparsed = parse(&changed, limits);
    let covers_finding = find_allow_comments(&changed, &reparsed).iter().any(|comment| {
        let covered = comment.covers.range();
        comment.reason == "because" && covered.start <= moved_offset && moved_offset <= covered.end
    });
    let is_valid = covers_finding && reparsed.errors.len() <= parsed.errors.len();
    is_valid.then(|| insertion(start, &format!("{text}{newline}")))
}

/// The start of the key whose string value contains `offset`. The key itself counts as part of the value.
fn enclosing_text_key(parsed: &Parsed<'_>, offset: u32) -> Option<u32> {
    for document in &parsed.documents {
        for node in document.nodes() {
            let Value::Object(entries) = &node.value else { continue };
            for entry in document.entries(*entries) {
                let value = document.node(entry.value);
                let is_around = entry.key_span.start <= offset && offset <= value.span.end;
                if is_around && matches!(value.value, Value::String(_)) {
                    return Some(entry.key_span.start);
                }
            }
        }
    }
    None
}

/// The settings entry that suppresses a rule in a file. `relative_folder` is the file's folder, relative to the project root.
fn settings_entry(path: &Path, relative_folder: &str, diagnostic: &Diagnostic, name: &str) -> Option<String> {
    let file_name = path.file_name()?.to_str()?;
    let mut pattern = String::new();
    let folder_chars = relative_folder.chars().chain((!relative_folder.is_empty()).then_some('/'));
    for c in folder_chars.chain(file_name.chars()) {
        // `files` takes glob patterns: a character class makes a special character match itself only.
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' => pattern.extend(['[', c, ']']),
            _ => pattern.push(c),
        }
    }
    let mut entry = format!("[[allow]]\nrule = {}\nfiles = [{}]\n", toml_string(name), toml_string(&pattern));
    if let Some(pointer) = unmasked_pointer(diagnostic) {
        entry.extend(["pointer = ", &toml_string(pointer), "\n"]);
    }
    Some(entry + "reason = \"\"\n")
}

/// The JSON Pointer of a finding, unless a secret in one of its keys was masked with `*`: it would match nothing then.
fn unmasked_pointer(diagnostic: &Diagnostic) -> Option<&str> {
    let pointer = diagnostic.pointer.as_str();
    (!pointer.is_empty() && !pointer.contains('*')).then_some(pointer)
}

/// A TOML basic string. A JSON string is one, except that TOML requires U+007F to be escaped.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// Appends an entry to the settings file and keeps the rest of the file as it is.
fn append_to_settings(context: &RequestContext<'_>, file: &SettingsFile, entry: &str) -> Option<DocumentEdits> {
    let source = file.source();
    let text = source.text();
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let separator = match text {
        "" => "",
        _ if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let edit = insertion(text.len(), &format!("{separator}{entry}").replace('\n', newline));
    let changed = Source::new(SETTINGS_FILE, edit::apply_edits(text, [&edit])?, Format::Toml);
    // After a syntax error, the entry might become part of something else.
    if file.is_unread || !parse(&changed, &Limits::default()).errors.is_empty() {
        return None;
    }
    let path = file.input.real_path()?;
    // The settings file may be a symbolic link to one that other projects use, too. Do not offer an edit of that one.
    if !path.starts_with(canonical_parent(file.input.path()?)) {
        return None;
    }
    let (uri, version) = match context.documents.with_real_path(&path) {
        Some((uri, document)) => (uri.to_owned(), Some(document.version)),
        None => (path_to_uri(&display_path(&path)), None),
    };
    Some(DocumentEdits::new(&uri, version, &source, &[edit], context.client))
}

/// The root for a new project: the innermost workspace folder that contains `folder`, else `folder` itself.
fn new_project_root(client: &ClientCapabilities, folder: &Path) -> PathBuf {
    let mut innermost: Option<PathBuf> = None;
    for workspace in &client.folders {
        let Ok(workspace) = workspace.canonicalize() else { continue };
        // Both contain `folder`, so the innermost one starts with the other.
        let is_inside = innermost.as_ref().is_none_or(|other| workspace.starts_with(other));
        if is_inside && folder.starts_with(&workspace) {
            innermost = Some(workspace);
        }
    }
    innermost.unwrap_or_else(|| folder.to_owned())
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

fn insertion(offset: usize, text: &str) -> Edit {
    Edit { span: Span::new(offset, offset), replacement: text.to_owned() }
}
