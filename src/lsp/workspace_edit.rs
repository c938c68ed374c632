//! Builds the edits that the editor applies for a code action. They apply to the analyzed version and contain no secret.

use std::collections::HashMap;

use gen_lsp_types as lsp;

use crate::base::diagnostic::Edit;
use crate::base::file::InputFile;
use crate::base::source::Source;
use crate::engine::edited_spans::{EditedSpan, minimal_edits};
use crate::engine::fix::mask_before_and_after;
use crate::engine::report::Report;
use crate::lsp::client_capabilities::{ClientCapabilities, EditSupport};
use crate::lsp::convert;
use crate::settings::Settings;

/// The edits of one document or file.
pub(super) struct DocumentEdits {
    pub uri: lsp::Uri,
    /// The version of an open document; `None` for a file that is not open.
    pub version: Option<i32>,
    /// Whether the file has to be created first.
    pub creates_file: bool,
    pub edits: Vec<lsp::TextEdit>,
}

impl DocumentEdits {
    /// Edits of an existing document or file with the text `source`.
    pub(super) fn new(
        uri: &str,
        version: Option<i32>,
        source: &Source,
        edits: &[Edit],
        client: &ClientCapabilities,
    ) -> Self {
        let edits = edits.iter().map(|edit| convert::text_edit(source, edit, client.encoding)).collect();
        Self { uri: uri.into(), version, creates_file: false, edits }
    }
}

/// Converts the edits to the form that the editor supports.
pub(super) fn workspace_edit(change: DocumentEdits, client: &ClientCapabilities) -> lsp::WorkspaceEdit {
    let DocumentEdits { uri, version, creates_file, edits } = change;
    if client.edit_support == EditSupport::Unversioned {
        return lsp::WorkspaceEdit { changes: Some(HashMap::from([(uri, edits)])), ..lsp::WorkspaceEdit::default() };
    }
    let mut changes = Vec::new();
    if creates_file {
        // If the file was created after the action was offered, edit that file.
        let options = lsp::CreateFileOptions { overwrite: None, ignore_if_exists: Some(true) };
        let create = lsp::CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
        changes.push(lsp::DocumentChange::CreateFile(create));
    }
    let text_document_identifier = lsp::TextDocumentIdentifier { uri };
    let text_document = lsp::OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
    let edit = lsp::TextDocumentEdit { text_document, edits: edits.into_iter().map(lsp::Edit::TextEdit).collect() };
    changes.push(lsp::DocumentChange::TextDocumentEdit(edit));
    lsp::WorkspaceEdit { document_changes: Some(changes), ..lsp::WorkspaceEdit::default() }
}

/// The edits that replace the parts `spans` of the text `before` with those of `after`. `None` if one of them would write a secret,
/// because no output of the program may contain one.
pub(super) fn edits_without_secrets(
    input: &InputFile,
    [before, after]: [&str; 2],
    spans: &[EditedSpan],
    settings: &Settings,
    report: &Report,
) -> Option<Vec<Edit>> {
    let edits = minimal_edits([before, after], spans);
    let (_, masked_after) = mask_before_and_after(input, before, after, settings, report);
    // The end of the previous edit in `before` and in `after`.
    let (mut end_before, mut end_after) = (0, 0);
    for edit in &edits {
        let start_after = end_after + edit.span.range().start - end_before;
        (end_before, end_after) = (edit.span.range().end, start_after + edit.replacement.len());
        // A replacement that differs from the masked text contains a secret.
        if masked_after.get(start_after..end_after) != Some(edit.replacement.as_str()) {
            return None;
        }
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use crate::base::file::{Inclusion, Origin};
    use crate::base::source::Span;
    use crate::lsp::workspace_edit::*;
    use crate::syntax::edit::apply_edits;

    /// The span of the line with this index.
    fn line_span(text: &str, index: usize) -> Span {
        let start: usize = text.lines().take(index).map(|line| line.len() + 1).sum();
        Span::new(start, start + text[start..].find('\n').expect("each line ends with a line break"))
    }

    #[test]
    fn edits_write_only_what_differs_and_no_secret() {
        let before = "name: x\nsecret_key: canary-0123\nenabled: 'false'\n";
        let input = InputFile::new("a.yaml", Origin::Stdin(Vec::new()), Inclusion::Candidate);
        for (after, edit_count) in [
            (before.replace("'false'", "false"), Some(1)),
            (before.replace("canary-0123", "\"canary-0123\""), None),
            (before.replace("canary-0123", "canary-4567"), None),
            (before.replace("name: x", "name: canary-0123"), None),
        ] {
            // As if a fix had replaced the whole line.
            let changed = before.lines().zip(after.lines()).position(|(old, new)| old != new).expect("a line differs");
            let spans = [EditedSpan { before: line_span(before, changed), after: line_span(&after, changed) }];
            let edits =
                edits_without_secrets(&input, [before, &after], &spans, &Settings::default(), &Report::default());
            assert_eq!(edits.as_ref().map(Vec::len), edit_count, "{after}");
            assert!(edits.is_none_or(|edits| apply_edits(before, &edits) == Some(after)));
        }
    }
}
