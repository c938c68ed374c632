//! Converts positions, edits and diagnostics between the report and the types of LSP.

use gen_lsp_types as lsp;
use serde_json::json;

use crate::base::diagnostic::{Diagnostic, Edit, Severity};
use crate::base::file::FileId;
use crate::base::sanitize::sanitize;
use crate::base::source::{EncodedPosition, Encoding, Source, Span};
use crate::render::rule_page_url;
use crate::rules::metadata;

/// Finds the URI of a file of the report, and the text that its positions refer to.
pub(super) type LocateFile<'f> = dyn Fn(FileId) -> Option<(lsp::Uri, &'f Source)> + 'f;

/// Converts a position to LSP.
pub(super) fn position(position: EncodedPosition) -> lsp::Position {
    lsp::Position { line: position.line, character: position.units }
}

/// Converts a position from LSP.
pub(super) fn encoded_position(position: lsp::Position) -> EncodedPosition {
    EncodedPosition { line: position.line, units: position.character }
}

/// Converts a byte span of `source` to an LSP range.
pub(super) fn range(source: &Source, span: Span, encoding: Encoding) -> lsp::Range {
    lsp::Range {
        start: position(source.encoded_position(span.start, encoding)),
        end: position(source.encoded_position(span.end, encoding)),
    }
}

/// Converts an LSP range to a byte span of `source`. Positions outside the text become the nearest one in it, as LSP requires
/// for characters after the end of a line.
pub(super) fn span(source: &Source, range: lsp::Range, encoding: Encoding) -> Span {
    let start = source.offset_at(encoded_position(range.start), encoding);
    let end = source.offset_at(encoded_position(range.end), encoding);
    // An invalid range may end before it starts.
    Span { start, end: end.max(start) }
}

/// Converts a diagnostic. Returns `None` if its file has no URI.
pub(super) fn diagnostic(
    diagnostic: &Diagnostic,
    locate_file: &LocateFile<'_>,
    encoding: Encoding,
) -> Option<lsp::Diagnostic> {
    let (_, source) = locate_file(diagnostic.file)?;
    let mut related = Vec::new();
    for label in &diagnostic.labels {
        if let Some((uri, source)) = locate_file(label.file) {
            let location = lsp::Location { uri, range: range(source, label.region.span(), encoding) };
            related.push(lsp::DiagnosticRelatedInformation { location, message: sanitize(&label.message) });
        }
    }
    let fix = diagnostic.fix.as_ref().map(|fix| fix.applicability);
    let meta = metadata(diagnostic.code);
    Some(lsp::Diagnostic {
        range: range(source, diagnostic.region.span(), encoding),
        severity: Some(severity(diagnostic.severity)),
        code: Some(diagnostic.code.to_string().into()),
        code_description: Some(lsp::CodeDescription { href: rule_page_url(diagnostic.code).into() }),
        source: Some(env!("CARGO_PKG_NAME").into()),
        message: message(diagnostic).into(),
        tags: if meta.marks_unused { Some(vec![lsp::DiagnosticTag::Unnecessary]) } else { None },
        related_information: (!related.is_empty()).then_some(related),
        data: Some(json!({ "name": meta.name, "pointer": diagnostic.pointer, "fix": fix })),
    })
}

/// The message, the label of the primary location and the help, one per line: LSP has a single field for all three.
fn message(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![sanitize(&diagnostic.message)];
    if let Some(label) = &diagnostic.label {
        lines.push(sanitize(label));
    }
    lines.push(format!("help: {}", sanitize(&diagnostic.help)));
    lines.join("\n")
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Advice => lsp::DiagnosticSeverity::Information,
    }
}

/// Converts an edit of `source`.
pub(super) fn text_edit(source: &Source, edit: &Edit, encoding: Encoding) -> lsp::TextEdit {
    lsp::TextEdit { range: range(source, edit.span, encoding), new_text: edit.replacement.clone() }
}
