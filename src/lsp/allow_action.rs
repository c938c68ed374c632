//! "Allow this here": a decision with everything in it but the reason, which only a person has. Without one it allows nothing
//! (RCP910), so whoever takes the offer and goes home has silenced nothing.
//!
//! YAML and JSON with comments get a comment; strict JSON has none, so there the project's settings get an entry.

use std::path::{Path, PathBuf};

use crate::base::diagnostic::{Diagnostic, Edit};
use crate::base::file::{canonical_parent, shown};
use crate::base::sanitize::sanitize;
use crate::base::source::{Format, Source, Span};
use crate::lsp::actions::RequestContext;
use crate::lsp::client_capabilities::{Client, Edits};
use crate::lsp::workspace_edit::Change;
use crate::render::uri::of_path;
use crate::rules::rule;
use crate::rules::rule_doc;
use crate::settings::project::{NAME, SettingsFile};
use crate::syntax::allow_comment::remarks;
use crate::syntax::{Limits, Parsed, Value, edit, parse};

/// An offer.
pub struct Allowance {
    /// What it says.
    pub title: String,
    /// What it does.
    pub change: Change,
}

/// The offer for a finding; none where a decision would not be one.
pub fn allowance(asked: &RequestContext<'_>, diagnostic: &Diagnostic) -> Option<Allowance> {
    let rule = rule(diagnostic.code).filter(|rule| !rule.is_about_the_file())?;
    let name = rule_doc::name(rule.page)?;
    let project = asked.round.settings.project(asked.round.input(diagnostic.file)?);
    let source = &asked.document.source;
    if source.format() != Format::Json {
        let edit = comment(source, &project.limits, diagnostic.region.start.offset, name)?;
        let title = format!("allow {name} here: write the reason behind `--`");
        return Some(Allowance { title, change: asked.change(&[edit]) });
    }
    let path = asked.document.path.as_deref()?;
    let folder = canonical_parent(path);
    let entry = |way: String| entry(path, &way, diagnostic, name);
    let place = pointer(diagnostic).map(|pointer| format!(" at {}", sanitize(pointer))).unwrap_or_default();
    let (title, change) = if let Some(file) = &project.file {
        let change = in_settings(asked, file, &entry(project.way_to(&folder)?)?)?;
        (format!("allow {name} in this file{place}: write the reason in {NAME}"), change)
    } else {
        let root = root(asked.client, &folder);
        let change = in_new_settings(asked.client, &root, &entry(shown(folder.strip_prefix(&root).ok()?))?)?;
        (format!("allow {name} in this file{place}: write the reason in a new {NAME}"), change)
    };
    Some(Allowance { title, change })
}

/// A comment on the line above the one with the finding, or with the key of the text that it is in.
fn comment(source: &Source, limits: &Limits, at: u32, name: &str) -> Option<Edit> {
    let parsed = parse(source, limits);
    let line = source.position(text_around(&parsed, at).unwrap_or(at)).line as usize;
    let span = source.line(line)?;
    let start = if line == 1 { source.bom_len() } else { span.range().start };
    let content = &source.text()[start..span.range().end];
    let indent = &content[..content.len() - content.trim_start().len()];
    let behind = &source.text()[span.range().end..];
    let newline = ["\r\n", "\r"].into_iter().find(|newline| behind.starts_with(newline)).unwrap_or("\n");
    let mark = if source.format() == Format::Yaml { "#" } else { "//" };
    let text = format!("{indent}{mark} portal-lint: allow {name} --");
    // With a reason it has to be about the finding, and the text has to be what it was.
    let tried = format!("{text} because{newline}");
    let moved = at as usize + tried.len();
    let changed = edit::apply(source.text(), &[insert(start, &tried)])?;
    let changed = Source::new(source.name(), changed, source.format());
    let now = parse(&changed, limits);
    let covers = |covers: Span| covers.range().start <= moved && moved <= covers.range().end;
    let holds = remarks(&changed, &now).iter().any(|remark| remark.reason == "because" && covers(remark.covers));
    (holds && now.errors.len() <= parsed.errors.len()).then(|| insert(start, &format!("{text}{newline}")))
}

/// Where the key starts whose text goes around a place.
fn text_around(parsed: &Parsed<'_>, at: u32) -> Option<u32> {
    parsed.documents.iter().find_map(|document| {
        let entries = document.nodes().filter_map(|node| match &node.value {
            Value::Object(entries) => Some(document.entries(*entries)),
            _ => None,
        });
        let texts = entries.flatten().filter(|entry| matches!(document.node(entry.value).value, Value::String(_)));
        let mut around = texts.map(|entry| (entry.key_span.start, document.node(entry.value).span.end));
        around.find(|(start, end)| *start <= at && at <= *end).map(|(start, _)| start)
    })
}

/// The entry for a finding in a file, `way` being that from the project to its folder.
fn entry(path: &Path, way: &str, diagnostic: &Diagnostic, name: &str) -> Option<String> {
    let file = path.file_name()?.to_str()?;
    let way = if way.is_empty() { file.to_owned() } else { format!("{way}/{file}") };
    // A name may hold what is more than a character in a pattern.
    let is_special = |c| matches!(c, '*' | '?' | '[' | ']' | '{' | '}');
    let pattern: String = way.chars().map(|c| if is_special(c) { format!("[{c}]") } else { c.into() }).collect();
    let mut entry = format!("[[allow]]\nrule = {}\nfiles = [{}]\n", quoted(name), quoted(&pattern));
    if let Some(pointer) = pointer(diagnostic) {
        entry.extend(["pointer = ", &quoted(pointer), "\n"]);
    }
    Some(entry + "reason = \"\"\n")
}

/// The place of a finding in its file. Where a secret slipped into a key, that is covered and no pointer.
fn pointer(diagnostic: &Diagnostic) -> Option<&str> {
    let pointer = diagnostic.pointer.as_str();
    (!pointer.is_empty() && !pointer.contains('*')).then_some(pointer)
}

/// A text in TOML, which takes what JSON writes, but for one character.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// An entry behind all there is in the settings; what is there stays as it is written.
fn in_settings(asked: &RequestContext<'_>, file: &SettingsFile, entry: &str) -> Option<Change> {
    let source = file.source();
    let text = source.text();
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = match text {
        "" => "",
        _ if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let edit = insert(text.len(), &format!("{gap}{entry}").replace('\n', newline));
    let changed = Source::new(NAME, edit::apply(text, [&edit])?, Format::Toml);
    // Behind what is broken, nobody knows what an entry would be.
    if file.is_unread || !parse(&changed, &Limits::default()).errors.is_empty() {
        return None;
    }
    let path = file.input.real_path()?;
    // The settings may be a link to a file of another project: only their owner decides about that one.
    if !path.starts_with(canonical_parent(file.input.path()?)) {
        return None;
    }
    let open = asked.documents.of_file(&path);
    let uri = open.map_or_else(|| of_path(&shown(&path)), |(uri, _)| uri.to_owned());
    Some(Change::new(&uri, open.map(|(_, document)| document.version), &source, &[edit], asked.client))
}

/// Where a project would be: the folder that is open in the editor, else the file's own.
fn root(client: &Client, folder: &Path) -> PathBuf {
    let open = client.folders.iter().filter_map(|open| open.canonicalize().ok());
    let around = open.filter(|open| folder.starts_with(open)).max_by_key(|open| open.components().count());
    around.unwrap_or_else(|| folder.to_owned())
}

/// The first entry of settings that are not there yet.
fn in_new_settings(client: &Client, root: &Path, entry: &str) -> Option<Change> {
    let uri = of_path(&shown(&root.join(NAME)));
    let change = Change::new(&uri, None, &Source::new(NAME, "", Format::Toml), &[insert(0, entry)], client);
    (client.edits == Edits::Files).then_some(Change { is_new: true, ..change })
}

fn insert(at: usize, text: &str) -> Edit {
    Edit { span: Span::new(at, at), replacement: text.to_owned() }
}
