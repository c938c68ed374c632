//! The code actions for the findings in a range: each fix, all safe fixes together, and a suppression.

use gen_lsp_types as lsp;

use crate::base::diagnostic::{Applicability, Diagnostic};
use crate::base::sanitize::sanitize;
use crate::base::source::Span;
use crate::engine::edited_spans::add_edits;
use crate::lsp::allow_action;
use crate::lsp::convert;
use crate::lsp::fix_all::{self, FIX_ALL, SECRET_REASON};
use crate::lsp::request_context::RequestContext;
use crate::lsp::workspace_edit::workspace_edit;
use crate::syntax::edit::apply_edits;

/// The kinds of code actions that the server offers, or that an editor may request for them.
pub(super) fn action_kinds() -> Vec<lsp::CodeActionKind> {
    vec![lsp::CodeActionKind::QuickFix, lsp::CodeActionKind::SourceFixAll, lsp::CodeActionKind::new(FIX_ALL)]
}

/// The code actions for `params.range`.
pub(super) fn code_actions(context: &RequestContext<'_>, params: &lsp::CodeActionParams) -> Vec<lsp::CodeAction> {
    let Some(file) = context.analysis.file_id(context.uri) else { return Vec::new() };
    let span = convert::span(&context.document.source, params.range, context.client.encoding);
    let mut in_range: Vec<&Diagnostic> = Vec::new();
    let mut safe_fixes_in_file = 0;
    for diagnostic in &context.analysis.report.diagnostics {
        if diagnostic.file != file || diagnostic.allowed.is_some() {
            continue;
        }
        safe_fixes_in_file += usize::from(has_safe_fix(diagnostic));
        if touches(diagnostic, span) {
            in_range.push(diagnostic);
        }
    }
    let only = params.context.only.as_deref();
    let mut actions = Vec::new();
    if is_requested("quickfix", only) {
        for diagnostic in &in_range {
            actions.extend(context.fix_action(diagnostic));
        }
        // With a single safe fix, this would be the same edit as the action above.
        if safe_fixes_in_file > 1 && in_range.iter().any(|diagnostic| has_safe_fix(diagnostic)) {
            actions.extend(fix_all::action(context, lsp::CodeActionKind::QuickFix, safe_fixes_in_file));
        }
        for diagnostic in &in_range {
            actions.extend(context.allow_action(diagnostic));
        }
    }
    // Without `only`, the quick fixes already contain the same edit.
    if safe_fixes_in_file > 0 && only.is_some() && is_requested(FIX_ALL, only) {
        actions.extend(fix_all::action(context, lsp::CodeActionKind::new(FIX_ALL), safe_fixes_in_file));
    }
    merge_duplicates(actions)
}

/// Merges actions with the same edit: a fix that two findings have in common is offered once, for both.
fn merge_duplicates(actions: Vec<lsp::CodeAction>) -> Vec<lsp::CodeAction> {
    let mut merged: Vec<lsp::CodeAction> = Vec::new();
    for action in actions {
        match merged.iter_mut().find(|other| has_same_edit(other, &action)) {
            Some(same) => same.diagnostics.get_or_insert_default().extend(action.diagnostics.into_iter().flatten()),
            None => merged.push(action),
        }
    }
    merged
}

fn has_same_edit(action: &lsp::CodeAction, other: &lsp::CodeAction) -> bool {
    // Disabled actions have no edit that could be compared.
    action.edit.is_some() && action.edit == other.edit && action.kind == other.kind
}

/// Whether `only` contains the kind or one of its parents. Kinds are hierarchical: `source` includes `source.fixAll` (LSP 3.17,
/// `CodeActionKind`).
fn is_requested(kind: &str, only: Option<&[lsp::CodeActionKind]>) -> bool {
    let Some(only) = only else { return true };
    only.iter().any(|requested| includes_kind(&requested.to_string(), kind))
}

/// Whether `requested` is the kind, one of its parents, or empty, which stands for all kinds.
fn includes_kind(requested: &str, kind: &str) -> bool {
    let sub_kind = kind.strip_prefix(requested);
    sub_kind.is_some_and(|sub_kind| requested.is_empty() || sub_kind.is_empty() || sub_kind.starts_with('.'))
}

fn touches(diagnostic: &Diagnostic, span: Span) -> bool {
    let region = diagnostic.region.span();
    region.start <= span.end && span.start <= region.end
}

fn has_safe_fix(diagnostic: &Diagnostic) -> bool {
    diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe)
}

impl RequestContext<'_> {
    /// The action that applies the fix of a finding.
    fn fix_action(&self, diagnostic: &Diagnostic) -> Option<lsp::CodeAction> {
        let fix = diagnostic.fix.as_ref()?;
        let edits = diagnostic.unmasked_edits.as_ref()?;
        let edits = if fix.masked {
            self.edits_without_secrets(&apply_edits(self.text(), edits)?, &add_edits(&[], edits))
        } else {
            Some(edits.clone())
        };
        let is_safe = fix.applicability == Applicability::Safe;
        let title = sanitize(&fix.message);
        let title = if is_safe { title } else { format!("{title} (may change the meaning)") };
        let action =
            lsp::CodeAction { is_preferred: is_safe.then_some(true), ..self.new_action(title, Some(diagnostic)) };
        match edits {
            Some(edits) => Some(lsp::CodeAction { edit: Some(self.workspace_edit(&edits)), ..action }),
            None if self.client.shows_disabled_actions => {
                let disabled = Some(lsp::CodeActionDisabled { reason: SECRET_REASON.into() });
                Some(lsp::CodeAction { disabled, is_preferred: None, ..action })
            }
            None => None,
        }
    }

    /// The action that inserts a suppression. Its reason is left empty for the user, and without one it suppresses nothing.
    fn allow_action(&self, diagnostic: &Diagnostic) -> Option<lsp::CodeAction> {
        let allowance = allow_action::allowance(self, diagnostic, "")?;
        if allowance.edits.edits.is_empty() {
            return None;
        }
        let edit = workspace_edit(allowance.edits, self.client);
        Some(lsp::CodeAction { edit: Some(edit), ..self.new_action(allowance.title, Some(diagnostic)) })
    }

    /// A quick fix without an edit yet.
    fn new_action(&self, title: String, diagnostic: Option<&Diagnostic>) -> lsp::CodeAction {
        lsp::CodeAction {
            title,
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: diagnostic.and_then(|diagnostic| self.to_lsp_diagnostics(diagnostic)),
            ..lsp::CodeAction::default()
        }
    }

    fn to_lsp_diagnostics(&self, diagnostic: &Diagnostic) -> Option<Vec<lsp::Diagnostic>> {
        let locate_file = |file| self.analysis.locate_file(file, self.documents);
        Some(vec![convert::diagnostic(diagnostic, &locate_file, self.client.encoding)?])
    }
}
