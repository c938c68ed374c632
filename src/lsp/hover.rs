//! The hover text for a position: the findings there, with the reason of each rule or of its suppression, and the field's
//! description, checklist items and rules.
//!
//! The only part of the document that it shows are names of fields that the schemas define, so that it cannot show a secret.

use gen_lsp_types as lsp;

use crate::base::diagnostic::Diagnostic;
use crate::base::sanitize::sanitize;
use crate::base::source::Span;
use crate::engine::report::ReportFile;
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::convert;
use crate::lsp::field_docs::{bullet_list, checklist_items, field_and_parents, without_indices};
use crate::lsp::request_context::RequestContext;
use crate::render::rule_page_url;
use crate::rules::{RULES, Rule, rule, rule_doc};
use crate::schema::{EmbeddedSchema, field_description};
use crate::syntax::cursor::Cursor;
use crate::syntax::node_at_offset::find_entry_at;
use crate::syntax::pointer::steps;
use crate::syntax::{Parsed, Value};

/// The hover for a position. `None` if there is neither a finding nor a known field.
pub(super) fn hover(context: &RequestContext<'_>, position: lsp::Position) -> Option<lsp::Hover> {
    let (source, encoding) = (&context.document.source, context.client.encoding);
    let offset = source.offset_at(convert::encoded_position(position), encoding);
    let mut parts = Vec::new();
    let mut span = None;
    if let Some(file) = context.analysis.file_id(context.uri) {
        for finding in &context.analysis.report.diagnostics {
            if finding.file == file && contains(finding, offset) {
                parts.extend(describe_finding(finding, context.client));
                span.get_or_insert(finding.region.span());
            }
        }
    }
    if let Some((text, key_span)) = describe_field(context, offset) {
        parts.push(text);
        span = Some(key_span);
    }
    if parts.is_empty() {
        return None;
    }
    let range = span.map(|span| convert::range(source, span, encoding));
    Some(lsp::Hover { contents: join_parts(&parts, context.client).into(), range })
}

/// The name in the account of the object whose ID is at `offset`.
fn describe_id(file: &ReportFile, tree: &Parsed<'_>, offset: u32) -> Option<String> {
    for node in tree.nodes() {
        if let Value::String(id) = &node.value
            && node.span.start <= offset
            && offset <= node.span.end
            && let Some(name) = file.id_names.get(&**id)
        {
            return Some(format!("In the account: \"{}\"", sanitize(name)));
        }
    }
    None
}

/// Joins the parts of a hover in the format that the editor supports.
fn join_parts(parts: &[String], client: &ClientCapabilities) -> lsp::MarkupContent {
    if client.renders_markdown {
        return lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: parts.join("\n\n---\n\n") };
    }
    // For an editor that does not render Markdown, the parts contain no Markdown except code spans.
    lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: parts.join("\n\n").replace('`', "") }
}

fn contains(diagnostic: &Diagnostic, offset: u32) -> bool {
    let span = diagnostic.region.span();
    // An empty span counts as one byte, because nobody could hover over it otherwise.
    span.start <= offset && offset < span.end.max(span.start + 1)
}

/// The rule of a finding and why it matters. A suppressed finding also gets its suppression, which the editor shows nowhere else.
fn describe_finding(diagnostic: &Diagnostic, client: &ClientCapabilities) -> Option<String> {
    let rule = rule(diagnostic.code)?;
    let mut paragraphs = vec![rule_title(rule, client)];
    if let Some(allowed) = &diagnostic.allowed {
        let until = allowed.until.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
        paragraphs.push(format!("allowed{until}: {}", sanitize(&allowed.reason)));
    }
    paragraphs.extend(rule_doc::section(rule.page, "Why it matters").map(str::to_owned));
    Some(paragraphs.join("\n\n"))
}

/// The code, name and title of a rule, on one line.
fn rule_title(rule: &Rule, client: &ClientCapabilities) -> String {
    let code = rule.code;
    let code = if client.renders_markdown { format!("[{code}]({})", rule_page_url(code)) } else { code.to_string() };
    format!("{code} {}: {}", rule.meta.name, rule.meta.title)
}

/// The description of the field at `offset`, and the span of its key. Only settings files and portals have one: other files can
/// have fields with the same names and another meaning.
fn describe_field(context: &RequestContext<'_>, offset: u32) -> Option<(String, Span)> {
    if context.document.is_settings() {
        let tree = context.analysis.settings_tree(context.document)?;
        let (pointer, key_span) = find_entry_at(Cursor::root(tree.documents.first()?), offset)?;
        let parts = describe_schema_field(EmbeddedSchema::Settings, &pointer, context.client)?;
        return Some((parts.join("\n\n"), key_span));
    }
    let file = context.analysis.report.file(context.analysis.file_id(context.uri)?);
    let tree = file.tree.as_deref()?;
    file.kind?;
    for body in &file.bodies {
        // The positions in the text of a string are not those of the file.
        if body.place().is_text {
            continue;
        }
        let Some((pointer, key_span)) = find_entry_at(body.root(tree), offset) else { continue };
        let schema = body.detect_kind(tree)?.ok()?.into();
        let mut parts = describe_schema_field(schema, &pointer, context.client)?;
        parts.extend(describe_id(file, tree, offset));
        parts.extend(bullet_list("The guide asks:", &checklist_items(&pointer)));
        parts.extend(bullet_list("Rules:", &find_rule_titles(&pointer, context.client)));
        return Some((parts.join("\n\n"), key_span));
    }
    None
}

/// The path of a field and its description in the schema.
fn describe_schema_field(schema: EmbeddedSchema, pointer: &str, client: &ClientCapabilities) -> Option<Vec<String>> {
    let description = field_description(schema, pointer)?;
    let path = steps(&without_indices(pointer)).collect::<Vec<String>>().join(".");
    let path = if client.renders_markdown { format!("**{path}**") } else { path };
    Some(vec![path, description.to_owned()])
}

/// The rules whose page has an example with a finding in the field, or else in its nearest parent that has any.
fn find_rule_titles(pointer: &str, client: &ClientCapabilities) -> Vec<String> {
    for field in field_and_parents(pointer) {
        let rules = RULES.iter().filter(|rule| !rule.meta.is_about_the_file() && has_example_at(rule, &field));
        let titles: Vec<String> = rules.map(|rule| rule_title(rule, client)).collect();
        if !titles.is_empty() {
            return titles;
        }
    }
    Vec::new()
}

fn has_example_at(rule: &Rule, field: &str) -> bool {
    rule_doc::example_pointers(rule.page).any(|example| without_indices(example) == field)
}
