//! From the report to the protocol's types, and nothing else.

use gen_lsp_types as lsp;
use serde_json::json;

use crate::base::diagnostic::{Code, Diagnostic, Edit, Severity};
use crate::base::sanitize::sanitize;
use crate::base::source::{EncodedPosition, Encoding, Source, Span};
use crate::render::url;
use crate::rules::{rule, rule_doc};

/// Where the places of a file of the report are: its URI, and the text in which they are counted.
pub type Home<'h> = dyn Fn(usize) -> Option<(lsp::Uri, &'h Source)> + 'h;

/// A place as the protocol has it.
pub fn position(spot: EncodedPosition) -> lsp::Position {
    lsp::Position { line: spot.line, character: spot.units }
}

/// The same, back.
pub fn spot(position: lsp::Position) -> EncodedPosition {
    EncodedPosition { line: position.line, units: position.character }
}

/// Bytes as the protocol has them.
pub fn range(source: &Source, span: Span, encoding: Encoding) -> lsp::Range {
    let [start, end] = [span.start, span.end].map(|offset| position(source.spot(offset, encoding)));
    lsp::Range { start, end }
}

/// The same, back.
pub fn span(source: &Source, range: lsp::Range, encoding: Encoding) -> Span {
    let [start, end] = [range.start, range.end].map(|position| source.offset(spot(position), encoding));
    Span { start, end: end.max(start) }
}

/// A diagnostic; `None` when nobody knows where its file is.
pub fn diagnostic(diagnostic: &Diagnostic, home: &Home<'_>, encoding: Encoding) -> Option<lsp::Diagnostic> {
    let (_, source) = home(diagnostic.file)?;
    let related = diagnostic.labels.iter().filter_map(|label| {
        let (uri, source) = home(label.file)?;
        let location = lsp::Location { uri, range: range(source, label.region.span(), encoding) };
        Some(lsp::DiagnosticRelatedInformation { location, message: sanitize(&label.message) })
    });
    let related: Vec<_> = related.collect();
    let fix = diagnostic.fix.as_ref().map(|fix| fix.applicability);
    let name = rule(diagnostic.code).and_then(|rule| rule_doc::name(rule.page));
    Some(lsp::Diagnostic {
        range: range(source, diagnostic.region.span(), encoding),
        severity: Some(severity(diagnostic.severity)),
        code: Some(diagnostic.code.to_string().into()),
        code_description: Some(lsp::CodeDescription { href: url(diagnostic.code).into() }),
        source: Some(env!("CARGO_PKG_NAME").into()),
        message: message(diagnostic).into(),
        tags: (diagnostic.code == UNUSED).then(|| vec![lsp::DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        data: Some(json!({ "name": name, "pointer": diagnostic.pointer, "fix": fix })),
    })
}

/// A decision that allows nothing: the only thing found that might as well not be there.
const UNUSED: Code = Code(912);

/// What is wrong, what the underline says, and what to do.
fn message(diagnostic: &Diagnostic) -> String {
    let label = diagnostic.label.iter().map(|label| sanitize(label));
    let lines = std::iter::once(sanitize(&diagnostic.message)).chain(label);
    lines.chain([format!("help: {}", sanitize(&diagnostic.help))]).collect::<Vec<_>>().join("\n")
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Advice => lsp::DiagnosticSeverity::Information,
    }
}

/// An edit of a text.
pub fn edit(source: &Source, edit: &Edit, encoding: Encoding) -> lsp::TextEdit {
    lsp::TextEdit { range: range(source, edit.span, encoding), new_text: edit.replacement.clone() }
}
