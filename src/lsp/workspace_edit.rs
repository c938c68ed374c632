//! Edits that an editor makes for us: of one text or of two, for the version that was looked at, with no secret in them.

use std::collections::HashMap;

use gen_lsp_types as lsp;

use crate::base::diagnostic::Edit;
use crate::base::file::InputFile;
use crate::base::source::Source;
use crate::engine::fix::covered;
use crate::lsp::client_capabilities::{Client, Edits};
use crate::lsp::convert;
use crate::render::diff;
use crate::settings::Settings;

/// What is to become of a text.
pub struct Change {
    /// Where it is.
    pub uri: lsp::Uri,
    /// As the editor counts; of a file that is not open, none.
    pub version: Option<i32>,
    /// There is no such file yet.
    pub is_new: bool,
    /// What changes in it.
    pub edits: Vec<lsp::TextEdit>,
}

impl Change {
    /// Of a text that is there.
    pub fn new(uri: &str, version: Option<i32>, source: &Source, edits: &[Edit], client: &Client) -> Self {
        let edits = edits.iter().map(|edit| convert::edit(source, edit, client.encoding));
        Self { uri: uri.into(), version, is_new: false, edits: edits.collect() }
    }
}

/// As the editor takes it.
pub fn workspace_edit(change: Change, client: &Client) -> lsp::WorkspaceEdit {
    let Change { uri, version, is_new, edits } = change;
    if client.edits == Edits::Plain {
        return lsp::WorkspaceEdit { changes: Some(HashMap::from([(uri, edits)])), ..lsp::WorkspaceEdit::default() };
    }
    let options = lsp::CreateFileOptions { overwrite: None, ignore_if_exists: Some(true) };
    let file = || lsp::CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
    let create = is_new.then(|| lsp::DocumentChange::CreateFile(file()));
    let text_document_identifier = lsp::TextDocumentIdentifier { uri };
    let text_document = lsp::OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
    let text = lsp::TextDocumentEdit { text_document, edits: edits.into_iter().map(lsp::Edit::TextEdit).collect() };
    let changes = create.into_iter().chain([lsp::DocumentChange::TextDocumentEdit(text)]).collect();
    lsp::WorkspaceEdit { document_changes: Some(changes), ..lsp::WorkspaceEdit::default() }
}

/// The edits that make `after` of the text, with nothing in them that stays; `None` when one of them would write a secret,
/// which no output of the program may hold.
pub fn minimal_edits(input: &InputFile, before: &str, after: &str, settings: &Settings) -> Option<Vec<Edit>> {
    let edits = diff::edits(before, after);
    let (_, shown) = covered(input, before, after, settings);
    let (mut read, mut written) = (0, 0);
    for edit in &edits {
        let start = written + edit.span.range().start - read;
        (read, written) = (edit.span.range().end, start + edit.replacement.len());
        if shown.get(start..written) != Some(edit.replacement.as_str()) {
            return None;
        }
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use crate::base::file::{Inclusion, Origin};
    use crate::lsp::workspace_edit::*;
    use crate::syntax::edit::apply;

    #[test]
    fn what_stays_is_in_no_edit_and_a_secret_is_written_by_none() {
        let before = "name: x\nsecret_key: canary-0123\nenabled: 'false'\n";
        let input = InputFile {
            name: "a.yaml".into(),
            origin: Origin::Stdin(Vec::new()),
            reason: Inclusion::Candidate,
            project: 0,
        };
        for (after, number) in [
            (before.replace("'false'", "false"), Some(2)),
            (before.replace("canary-0123", "\"canary-0123\""), Some(2)),
            (before.replace("canary-0123", "canary-4567"), None),
            (before.replace("name: x", "name: canary-0123"), None),
        ] {
            let edits = minimal_edits(&input, before, &after, &Settings::default());
            assert_eq!(edits.as_ref().map(Vec::len), number, "{after}");
            assert!(edits.is_none_or(|edits| apply(before, &edits) == Some(after)));
        }
    }
}
