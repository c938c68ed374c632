//! What an editor offers for the findings at a place: their fixes, all safe ones at once, and to allow what is found.

use gen_lsp_types as lsp;

use super::convert;
use super::documents::{Document, Documents};
use crate::base::diagnostic::{Applicability, Diagnostic, Edit};
use crate::base::sanitize::sanitize;
use crate::base::source::Span;
use crate::engine::fix::fix;
use crate::lsp::allow_action;
use crate::lsp::analysis::ProjectAnalysis;
use crate::lsp::client_capabilities::Client;
use crate::lsp::workspace_edit::{Change, minimal_edits, workspace_edit};
use crate::syntax::edit::apply;

/// What an editor asks for to have every safe fix made, on saving for example.
const FIX_ALL: &str = "source.fixAll.portal-lint";

/// What a question is about.
pub struct RequestContext<'a> {
    /// The text.
    pub uri: &'a str,
    /// The same.
    pub document: &'a Document,
    /// All that is open.
    pub documents: &'a Documents,
    /// What was found in it.
    pub round: &'a ProjectAnalysis,
    /// Who asks.
    pub client: &'a Client,
}

/// The kinds that can be asked for.
pub fn kinds() -> Vec<lsp::CodeActionKind> {
    vec![lsp::CodeActionKind::QuickFix, lsp::CodeActionKind::new(FIX_ALL)]
}

/// The actions for a range.
pub fn actions(asked: &RequestContext<'_>, params: &lsp::CodeActionParams) -> Vec<lsp::CodeAction> {
    let Some(file) = asked.round.file(asked.uri) else { return Vec::new() };
    let span = convert::span(&asked.document.source, params.range, asked.client.encoding);
    let findings = asked.round.report.diagnostics.iter().enumerate();
    let findings = findings.filter(|(_, one)| one.file == file && one.allowed.is_none());
    let here: Vec<(usize, &Diagnostic)> = findings.clone().filter(|(_, one)| touches(one, span)).collect();
    let only = params.context.only.as_deref();
    let mut actions = Vec::new();
    if is_wanted("quickfix", only) {
        actions.extend(here.iter().filter_map(|(index, one)| asked.one_fix(*index, one)));
        let safe = findings.filter(|(_, one)| is_safe(one)).count();
        if safe > 1 && here.iter().any(|(_, one)| is_safe(one)) {
            actions.extend(asked.all_fixes(lsp::CodeActionKind::QuickFix));
        }
        actions.extend(here.iter().filter_map(|(_, one)| asked.allow(one)));
    }
    // Nobody who asks for whatever there is wants the same thing twice.
    if only.is_some() && is_wanted(FIX_ALL, only) {
        actions.extend(asked.all_fixes(lsp::CodeActionKind::new(FIX_ALL)));
    }
    without_repeats(actions)
}

/// Two findings can have one cure: it is offered once, for both of them.
fn without_repeats(actions: Vec<lsp::CodeAction>) -> Vec<lsp::CodeAction> {
    let mut kept: Vec<lsp::CodeAction> = Vec::new();
    for action in actions {
        let is_same = |one: &&mut lsp::CodeAction| one.kind == action.kind && one.edit == action.edit;
        match kept.iter_mut().find(is_same).filter(|one| one.edit.is_some()) {
            Some(same) => same.diagnostics.get_or_insert_default().extend(action.diagnostics.into_iter().flatten()),
            None => kept.push(action),
        }
    }
    kept
}

/// A kind is wanted with all that are written behind it.
fn is_wanted(kind: &str, only: Option<&[lsp::CodeActionKind]>) -> bool {
    only.is_none_or(|only| {
        only.iter().map(ToString::to_string).any(|wanted| {
            let rest = kind.strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| wanted.is_empty() || rest.is_empty() || rest.starts_with('.'))
        })
    })
}

fn touches(diagnostic: &Diagnostic, span: Span) -> bool {
    let own = diagnostic.region.span();
    own.start <= span.end && span.start <= own.end
}

fn is_safe(diagnostic: &Diagnostic) -> bool {
    diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe)
}

impl RequestContext<'_> {
    /// The fix of a finding.
    fn one_fix(&self, index: usize, diagnostic: &Diagnostic) -> Option<lsp::CodeAction> {
        let fix = diagnostic.fix.as_ref()?;
        let edits = self.round.report.edits.get(index)?.as_ref()?;
        let edits = if fix.covered { self.without_secrets(&apply(self.text(), edits)?) } else { Some(edits.clone()) };
        let is_safe = fix.applicability == Applicability::Safe;
        let title = sanitize(&fix.message);
        let title = if is_safe { title } else { format!("{title} (probably what was meant)") };
        let action = lsp::CodeAction { is_preferred: is_safe.then_some(true), ..self.action(title, Some(diagnostic)) };
        match edits {
            Some(edits) => Some(lsp::CodeAction { edit: Some(self.edit(&edits)), ..action }),
            None if self.client.shows_disabled => {
                let reason = "it writes a secret, which is shown to no editor: `portal-lint check --fix` makes it";
                let disabled = Some(lsp::CodeActionDisabled { reason: reason.into() });
                Some(lsp::CodeAction { disabled, is_preferred: None, ..action })
            }
            None => None,
        }
    }

    /// Every safe fix of the text; nothing when one of them does not hold, as on the command line.
    fn all_fixes(&self, kind: lsp::CodeActionKind) -> Option<lsp::CodeAction> {
        let input = self.round.input(self.round.file(self.uri)?)?;
        let fixed = fix(input, self.text().to_owned(), &self.round.settings, Applicability::Safe);
        if fixed.made.is_empty() || !fixed.dropped.is_empty() {
            return None;
        }
        let edits = self.without_secrets(&fixed.text)?;
        let title = match fixed.made.len() {
            1 => "make the one safe fix of this file".to_owned(),
            many => format!("make all {many} safe fixes of this file"),
        };
        Some(lsp::CodeAction { kind: Some(kind), edit: Some(self.edit(&edits)), ..self.action(title, None) })
    }

    /// A decision without its reason: somebody has to write that, and until then nothing is allowed.
    fn allow(&self, diagnostic: &Diagnostic) -> Option<lsp::CodeAction> {
        let allowance = allow_action::allowance(self, diagnostic)?;
        let edit = workspace_edit(allowance.change, self.client);
        Some(lsp::CodeAction { edit: Some(edit), ..self.action(allowance.title, Some(diagnostic)) })
    }

    fn action(&self, title: String, diagnostic: Option<&Diagnostic>) -> lsp::CodeAction {
        let home = |file| self.round.home(file, self.documents);
        let convert = |one| convert::diagnostic(one, &home, self.client.encoding);
        lsp::CodeAction {
            title,
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: diagnostic.and_then(convert).map(|one| vec![one]),
            ..lsp::CodeAction::default()
        }
    }

    fn edit(&self, edits: &[Edit]) -> lsp::WorkspaceEdit {
        workspace_edit(self.change(edits), self.client)
    }

    /// Edits of the text, for the version that was looked at.
    pub fn change(&self, edits: &[Edit]) -> Change {
        Change::new(self.uri, Some(self.document.version), &self.document.source, edits, self.client)
    }

    fn without_secrets(&self, after: &str) -> Option<Vec<Edit>> {
        let input = self.round.input(self.round.file(self.uri)?)?;
        minimal_edits(input, self.text(), after, &self.round.settings)
    }

    fn text(&self) -> &str {
        self.document.source.text()
    }
}
