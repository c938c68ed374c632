//! Inlay hints: the name in the account, after each ID in a portal.

use gen_lsp_types as lsp;

use crate::lsp::convert;
use crate::lsp::request_context::RequestContext;
use crate::syntax::Value;

/// The hints in a range. There are none without an account snapshot.
pub(super) fn inlay_hints(context: &RequestContext<'_>, range: lsp::Range) -> Vec<lsp::InlayHint> {
    let (source, encoding) = (&context.document.source, context.client.encoding);
    let mut hints = Vec::new();
    let Some(file) = context.analysis.file_id(context.uri).map(|file| context.analysis.report.file(file)) else {
        return hints;
    };
    let Some(tree) = file.tree.as_deref() else { return hints };
    let requested = convert::span(source, range, encoding);
    for node in tree.nodes() {
        if let Value::String(id) = &node.value
            && node.span.end >= requested.start
            && node.span.end <= requested.end
            && let Some(name) = file.id_names.get(&**id)
        {
            hints.push(lsp::InlayHint {
                position: convert::position(source.encoded_position(node.span.end, encoding)),
                label: format!("\"{name}\"").into(),
                kind: None,
                text_edits: None,
                tooltip: Some("The name in the account".to_owned().into()),
                padding_left: Some(true),
                padding_right: None,
                data: None,
            });
        }
    }
    hints
}
