//! What stands at a place: what the field is, what the guide asks of it, which rules watch it; and of what was found there,
//! why it matters, or who allowed it and why.
//!
//! Nothing here is taken from the text but the names of fields that the schemas know.

use gen_lsp_types as lsp;

use super::actions::RequestContext;
use super::convert;
use crate::base::diagnostic::Diagnostic;
use crate::base::sanitize::sanitize;
use crate::base::source::Span;
use crate::lsp::client_capabilities::Client;
use crate::model::portal::detect_kind;
use crate::preflight::CHECKLIST;
use crate::render::url;
use crate::rules::{RULES, Rule, rule, rule_doc};
use crate::schema::{Schema, description};
use crate::syntax::node_at_offset::at;
use crate::syntax::parse;
use crate::syntax::pointer::{parent, steps};

/// What there is to say about a place; nothing where nothing is known.
pub fn hover(asked: &RequestContext<'_>, place: lsp::Position) -> Option<lsp::Hover> {
    let (source, encoding) = (&asked.document.source, asked.client.encoding);
    let offset = source.offset(convert::spot(place), encoding);
    let mut parts = Vec::new();
    let mut span = None;
    if let Some(file) = asked.round.file(asked.uri) {
        let findings = asked.round.report.diagnostics.iter().filter(|one| one.file == file && holds(one, offset));
        for finding in findings {
            parts.extend(about(finding, asked.client));
            span.get_or_insert(finding.region.span());
        }
    }
    if let Some((text, key)) = field(asked, offset) {
        parts.push(text);
        span = Some(key);
    }
    let contents = contents(&parts, asked.client);
    let range = span.map(|span| convert::range(source, span, encoding));
    (!parts.is_empty()).then(|| lsp::Hover { contents: contents.into(), range })
}

/// Our own texts mark nothing but code within a line; what else is marked is so only where marks are read.
fn contents(parts: &[String], client: &Client) -> lsp::MarkupContent {
    if client.reads_markdown {
        return lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: parts.join("\n\n---\n\n") };
    }
    lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: parts.join("\n\n").replace('`', "") }
}

fn holds(diagnostic: &Diagnostic, offset: u32) -> bool {
    let span = diagnostic.region.span();
    span.start <= offset && offset < span.end.max(span.start + 1)
}

/// The gist of a finding's rule; of an allowed one also the decision, which is shown nowhere else in an editor.
fn about(diagnostic: &Diagnostic, client: &Client) -> Option<String> {
    let rule = rule(diagnostic.code)?;
    let allowed = diagnostic.allowed.as_ref().map(|allowed| {
        let until = allowed.until.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
        format!("allowed{until}: {}", sanitize(&allowed.reason))
    });
    let why = rule_doc::section(rule.page, "Why it matters").map(str::to_owned);
    Some([Some(line(rule, client)?), allowed, why].into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
}

/// A rule in a line.
fn line(rule: &Rule, client: &Client) -> Option<String> {
    let head = rule_doc::head(rule.page)?;
    let code = rule.code;
    let code = if client.reads_markdown { format!("[{code}]({})", url(code)) } else { code.to_string() };
    Some(format!("{code} {}: {}", head.name, head.title))
}

/// The field at a place, and its key. Other files have fields of the same names: only what is known to be ours is looked at.
fn field(asked: &RequestContext<'_>, offset: u32) -> Option<(String, Span)> {
    let is_settings = asked.document.is_settings();
    let file = asked.round.file(asked.uri);
    let is_portal = file.is_some_and(|file| asked.round.report.files[file].kind.is_some());
    if !is_settings && !is_portal {
        return None;
    }
    let input = file.and_then(|file| asked.round.input(file));
    let limits = input.map(|input| asked.round.settings.project(input).limits).unwrap_or_default();
    let parsed = parse(&asked.document.source, &limits);
    let found = parsed.documents.iter().find_map(|document| Some((document, at(document, offset)?)));
    let (document, (pointer, key)) = found?;
    let schema = if is_settings { Schema::Settings } else { detect_kind(document)?.ok()?.into() };
    let what = description(schema, &pointer)?.to_owned();
    let path = steps(&without_indices(&pointer)).collect::<Vec<String>>().join(".");
    let path = if asked.client.reads_markdown { format!("**{path}**") } else { path };
    let mut parts = vec![path, what];
    if is_portal {
        parts.extend(list("The guide asks:", &questions(&pointer)));
        parts.extend(list("Rules:", &watching(&pointer, asked.client)));
    }
    Some((parts.join("\n\n"), key))
}

fn list(title: &str, lines: &[String]) -> Option<String> {
    (!lines.is_empty()).then(|| format!("{title}\n\n- {}", lines.join("\n- ")))
}

/// The items of the guide's checklists about a field, else those about what it is in.
fn questions(pointer: &str) -> Vec<String> {
    nearest(pointer, |pointer| {
        let about = CHECKLIST.iter().filter(|question| question.fields.contains(&pointer));
        about.map(|question| format!("{}: {}", question.id, question.title)).collect()
    })
}

/// The rules whose pages show that they fire there, else those that do so where it is in.
fn watching(pointer: &str, client: &Client) -> Vec<String> {
    nearest(pointer, |pointer| {
        let fires = |rule: &&Rule| rule_doc::fires_at(rule.page).any(|place| without_indices(place) == pointer);
        RULES
            .iter()
            .filter(|rule| !rule.is_about_the_file())
            .filter(fires)
            .filter_map(|rule| line(rule, client))
            .collect()
    })
}

fn nearest(pointer: &str, find: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut pointer = without_indices(pointer);
    loop {
        let found = find(&pointer);
        if !found.is_empty() || parent(&pointer).is_empty() {
            return found;
        }
        pointer.truncate(parent(&pointer).len());
    }
}

/// The field that a place is in, whichever entry of a list it is.
fn without_indices(pointer: &str) -> String {
    let is_index = |step: &&str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let steps = pointer.split('/').filter(|step| !is_index(step));
    steps.collect::<Vec<_>>().join("/")
}
