//! Checks an account snapshot, and adds the names of its objects to the findings of the files of its account. A snapshot is validated like a
//! portal, but is not in scope ([`crate::engine::report::ReportFile::in_scope`]).

use std::borrow::Cow;

use crate::base::diagnostic::FileRef;
use crate::base::file::{FileId, InputFile};
use crate::base::load::load_undecodable;
use crate::base::source::{Format, Source};
use crate::engine::account_snapshot::{AccountSnapshot, ParsedSnapshot};
use crate::engine::file_result::{FileResult, FileResults};
use crate::engine::id_names::IdNames;
use crate::engine::lint_file::read_failed;
use crate::engine::sources::Sources;
use crate::model::account::{Account, ObjectKind};
use crate::model::secrets::Secrets;
use crate::rules::config_contexts::{AccountContext, AccountFacts};
use crate::rules::context::{Environment, FileFacts, Sink};
use crate::rules::{RULES, run_file_rules};
use crate::schema::{EmbeddedSchema, validate_own_file};
use crate::settings::Settings;
use crate::settings::environments::AccountScope;
use crate::syntax::{Document, Limits, Parsed, SyntaxError};

/// A snapshot with the account that it describes.
pub(super) struct SnapshotAccount<'p> {
    parsed: &'p ParsedSnapshot<'p>,
    /// The account. If the snapshot could not be read, nothing is known about it.
    pub account: Account<'p>,
}

impl<'p> SnapshotAccount<'p> {
    /// Reads the account from the tree.
    pub(super) fn new(parsed: &'p ParsedSnapshot<'p>) -> Self {
        Self { parsed, account: complete_document(parsed).map(Account::from_document).unwrap_or_default() }
    }

    /// Whether this is the snapshot of the account `scope`.
    pub(super) fn is_used_by(&self, scope: AccountScope) -> bool {
        self.parsed.is_used_by(scope)
    }

    /// The first of the accounts that it is the snapshot of.
    pub(super) fn first_scope(&self) -> AccountScope {
        self.parsed.snapshot.scopes[0]
    }

    /// See [`ParsedSnapshot::secrets`].
    pub(super) fn secrets(&self) -> &Secrets {
        self.parsed.secrets()
    }

    /// The names of the account's objects.
    fn names(&self) -> IdNames<'_> {
        IdNames::new(self.parsed, &self.account)
    }

    /// Runs the rules about snapshots. `source` is the text; it is empty if the file could not be read.
    fn check(&self, source: &Source, settings: &Settings, environment: Environment<'_>) -> FileResult {
        if let Err(error) = &self.parsed.snapshot.text {
            return FileResult { in_scope: false, ..read_failed(source, error) };
        }
        let mut sink = Sink::default();
        run_file_rules(&FileFacts { syntax_errors: &self.parsed.tree.errors, ..FileFacts::new(source) }, &mut sink);
        if let Some(document) = complete_document(self.parsed) {
            let violations = &validate_own_file(document, EmbeddedSchema::Account)[..];
            let facts = AccountFacts { violations, environment };
            for rule in RULES {
                let Some(check) = rule.check_account else { continue };
                if settings.selection.is_enabled(rule) {
                    check(&mut AccountContext { facts, code: rule.code, findings: &mut sink.findings });
                }
            }
        }
        FileResult { findings: sink.findings, ..FileResult::default() }
    }

    /// Checks the snapshot. Adds it to the report if it has findings, or if a finding of a portal refers to it.
    pub(super) fn add_to_report(
        &self,
        settings: &Settings,
        environment: Environment<'_>,
        sources: &mut Sources,
        results: &mut FileResults,
    ) {
        let AccountSnapshot { input, limits, text, .. } = self.parsed.snapshot;
        let source = match text {
            Ok(source) => Cow::Borrowed(source),
            Err(error) => {
                let text = load_undecodable(input, limits.file_bytes, error);
                Cow::Owned(Source::new(input.name.as_str(), text, Format::Json))
            }
        };
        let mut result = self.check(&source, settings, environment);
        self.names().add_to(&mut result);
        let id = sources.add(input.clone());
        let is_referenced = self.resolve_references(id, sources, results);
        if result.findings.is_empty() && !is_referenced {
            return;
        }
        results.insert(id, result);
        sources.keep(id, source.into_owned(), *limits, Some(Box::new(self.secrets().clone())));
    }

    /// Adds the names of the account's objects to the results of its files.
    pub(super) fn add_names(&self, sources: &Sources, results: &mut FileResults) {
        let names = self.names();
        for (file, result) in results {
            if self.is_used_by(sources.scope(*file)) {
                names.add_to(result);
            }
        }
    }

    /// Adds the names of the account's objects to the findings of a project's settings, if the project uses the snapshot.
    pub(super) fn add_names_to_settings(&self, project: usize, result: &mut FileResult) {
        if self.parsed.snapshot.scopes.iter().any(|scope| scope.project == project) {
            self.names().add_to(result);
        }
    }

    /// Replaces [`FileRef::Account`] in the findings of its files by the ID of the snapshot. Returns whether it occurs.
    fn resolve_references(&self, id: FileId, sources: &Sources, results: &mut FileResults) -> bool {
        let mut is_referenced = false;
        for (file, result) in results {
            if !self.is_used_by(sources.scope(*file)) {
                continue;
            }
            for rule_finding in &mut result.findings {
                for note in &mut rule_finding.finding.notes {
                    if note.file == FileRef::Account {
                        note.file = FileRef::File(id);
                        is_referenced = true;
                    }
                }
            }
        }
        is_referenced
    }
}

/// The IDs and names of all objects of a kind in a snapshot, in the order of the file, with masked secrets. Empty if the snapshot
/// cannot be read.
pub(crate) fn list_objects(input: &InputFile, limits: &Limits, kind: ObjectKind) -> Vec<(String, Option<String>)> {
    let snapshot = AccountSnapshot::load(input.clone(), *limits, Vec::new());
    let parsed = snapshot.parse();
    let snapshot_account = SnapshotAccount::new(&parsed);
    let names = snapshot_account.names();
    let mut objects = Vec::new();
    for object in snapshot_account.account.list(kind).map(|list| list.objects.as_slice()).unwrap_or_default() {
        // Other texts are not IDs: in a portal, they would be reported.
        if let Some(id) = object.id.filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            objects.push((id.to_owned(), object.name.map(|name| names.printable_name(name))));
        }
    }
    objects
}

/// The snapshot's document, unless parsing stopped at a limit: the missing rest would look like missing objects.
fn complete_document<'p>(parsed: &'p ParsedSnapshot<'_>) -> Option<&'p Document<'p>> {
    let Parsed { documents, errors, .. } = &parsed.tree;
    if errors.iter().any(SyntaxError::is_limit) { None } else { documents.first() }
}
