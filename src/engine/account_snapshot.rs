//! The account snapshots of a run. They are read before the portals, and validated like them, but are not in scope
//! ([`crate::engine::report::ReportFile::in_scope`]).

use std::borrow::Cow;

use crate::base::date::Date;
use crate::base::diagnostic::FileRef;
use crate::base::file::{FileId, Inclusion, InputFile, Origin};
use crate::base::load::{load, load_undecodable};
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};
use crate::engine::account_portals::AccountPortals;
use crate::engine::file_result::{FileResult, FileResults};
use crate::engine::id_names::IdNames;
use crate::engine::lint_file::read_failed;
use crate::engine::orphans::shows_portals_without_files;
use crate::engine::report::Orphan;
use crate::engine::sources::Sources;
use crate::model::account::{Account, ObjectKind};
use crate::model::secrets::Secrets;
use crate::online::snapshot_text::{AccountData, parse_previous};
use crate::rules::config_contexts::{AccountContext, AccountFacts};
use crate::rules::context::{Environment, FileFacts, Sink};
use crate::rules::{RULES, run_file_rules};
use crate::schema::{EmbeddedSchema, validate_own_file};
use crate::settings::Settings;
use crate::settings::environments::AccountScope;
use crate::syntax;
use crate::syntax::{Limits, Parsed, SyntaxError};

/// The display name of a snapshot that was fetched in this run (`--online`) and has no file.
const FETCHED_NAME: &str = "<account>";

/// A snapshot, and the accounts that it is the snapshot of.
pub(super) struct AccountSnapshot {
    input: InputFile,
    limits: Limits,
    /// The accounts whose settings name the snapshot; the first one is in the project of `input`.
    scopes: Vec<AccountScope>,
    text: Result<Source, ReadError>,
}

/// A snapshot with its tree.
pub(super) struct ParsedSnapshot<'t> {
    snapshot: &'t AccountSnapshot,
    /// Empty if the text could not be read.
    pub tree: Parsed<'t>,
}

/// A snapshot with its tree and the account that it describes.
pub(super) struct SnapshotAccount<'p> {
    snapshot: &'p AccountSnapshot,
    tree: &'p Parsed<'p>,
    /// The account. If the snapshot could not be read, nothing is known about it.
    pub account: Account<'p>,
}

/// Reads the snapshots of all accounts that have files in this run, or whose portals are shown although they have none. A snapshot that
/// several accounts name is read once. With `--online`, the fetched data replaces its content.
pub(super) fn read_snapshots(sources: &Sources, settings: &Settings) -> Vec<AccountSnapshot> {
    let fetched = settings.answers.account.as_ref();
    // Projects without a snapshot file share one that exists only in memory.
    let fetched_input =
        fetched.map(|_| InputFile::new(FETCHED_NAME, Origin::Memory(b"{}".into()), Inclusion::Internal));
    let mut snapshots: Vec<AccountSnapshot> = Vec::new();
    for scope in settings.account_scopes() {
        let project = &settings.projects[scope.project];
        let setting = project.account(scope.environment);
        let Some(input) = setting.file.as_ref().or(fetched_input.as_ref()) else { continue };
        // The fetched data is about the account of the checked files, not about that of others in the same project.
        let belongs_to_account =
            |id: FileId| sources.may_belong_to(id, scope) && (fetched.is_none() || is_checked(sources.file(id)));
        let has_files = sources.ids().any(belongs_to_account);
        if !has_files && !shows_portals_without_files(scope, settings) {
            continue;
        }
        let path = input.real_path();
        if let Some(known) = snapshots.iter_mut().find(|snapshot| snapshot.input.real_path() == path) {
            known.scopes.push(scope);
            continue;
        }
        let text = load(input, project.limits.file_bytes);
        let input = InputFile { project: scope.project, ..input.clone() };
        let snapshot = AccountSnapshot { input, limits: project.limits, scopes: vec![scope], text };
        snapshots.push(match fetched {
            Some(fetched) => snapshot.with_fetched_data(fetched, settings.today),
            None => snapshot,
        });
    }
    snapshots
}

/// Whether the rules run on a file, unless it turns out not to be a portal.
pub(super) fn is_checked(input: &InputFile) -> bool {
    !matches!(input.inclusion, Inclusion::ContextOnly { .. } | Inclusion::Internal)
}

impl AccountSnapshot {
    /// Replaces the content by fetched data. Keeps the SMTP profiles of the file, because the API of RevCent does not list
    /// them: people add them by hand.
    fn with_fetched_data(self, fetched: &AccountData, today: Date) -> Self {
        /// The limits were applied while the data was fetched.
        const LIMITS: Limits = Limits { file_bytes: u64::MAX, depth: 256, nodes: usize::MAX };
        let previous = self.parse().tree.documents.first().and_then(parse_previous).unwrap_or_default();
        let text = match &self.text {
            // Report that the file cannot be read: otherwise its manual entries would be lost without a message.
            Err(error) if !self.is_not_created_yet(error) => Err(error.clone()),
            _ => Ok(Source::new(FETCHED_NAME, fetched.to_snapshot(today, &previous.manual_entries), Format::Json)),
        };
        let input = InputFile { name: FETCHED_NAME.into(), ..self.input };
        Self { input, limits: LIMITS, scopes: self.scopes, text }
    }

    /// Whether the settings name a snapshot file that does not exist yet: then the fetched data is used. If the command line names a
    /// missing file, that is an error, and its origin is [`Origin::Unreadable`].
    fn is_not_created_yet(&self, error: &ReadError) -> bool {
        *error == ReadError::Missing && matches!(self.input.origin, Origin::Disk(_))
    }

    /// Parses the text.
    pub(super) fn parse(&self) -> ParsedSnapshot<'_> {
        let tree = self.text.as_ref().map(|source| syntax::parse(source, &self.limits)).unwrap_or_default();
        ParsedSnapshot { snapshot: self, tree }
    }
}

impl ParsedSnapshot<'_> {
    /// Whether this is the snapshot of the account `scope`.
    pub(super) fn is_used_by(&self, scope: AccountScope) -> bool {
        self.snapshot.scopes.contains(&scope)
    }

    /// Reads the account from the tree.
    pub(super) fn account(&self) -> SnapshotAccount<'_> {
        SnapshotAccount { snapshot: self.snapshot, tree: &self.tree, account: to_account(&self.tree) }
    }
}

impl SnapshotAccount<'_> {
    /// Whether this is the snapshot of the account `scope`.
    pub(super) fn is_used_by(&self, scope: AccountScope) -> bool {
        self.snapshot.scopes.contains(&scope)
    }

    /// The first of the accounts that it is the snapshot of.
    pub(super) fn first_scope(&self) -> AccountScope {
        self.snapshot.scopes[0]
    }

    /// The secrets in the text. `None` if the snapshot could not be read.
    fn find_secrets(&self) -> Option<Secrets> {
        Some(Secrets::find(self.snapshot.text.as_ref().ok()?, self.tree))
    }

    /// Runs the rules about snapshots. `source` is the text; it is empty if the file could not be read.
    fn check(&self, source: &Source, settings: &Settings, environment: Environment<'_>) -> FileResult {
        if let Err(error) = &self.snapshot.text {
            return FileResult { in_scope: false, ..read_failed(source, error) };
        }
        let mut sink = Sink::default();
        run_file_rules(&FileFacts { syntax_errors: &self.tree.errors, ..FileFacts::new(source) }, &mut sink);
        if let Some(document) = complete_document(self.tree) {
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
        let AccountSnapshot { input, limits, text, .. } = self.snapshot;
        let source = match text {
            Ok(source) => Cow::Borrowed(source),
            Err(error) => {
                let text = load_undecodable(input, limits.file_bytes, error);
                Cow::Owned(Source::new(input.name.as_str(), text, Format::Json))
            }
        };
        let mut result = self.check(&source, settings, environment);
        IdNames::new(&self.account, &source, self.tree).add_to(&mut result);
        let id = sources.add(input.clone());
        let is_referenced = self.resolve_references(id, sources, results);
        if result.findings.is_empty() && !is_referenced {
            return;
        }
        results.insert(id, result);
        // The snapshot contains the live portals, so it can repeat a secret of a portal file, also in a field that is not for secrets.
        let files = sources.ids().filter(|id| self.is_used_by(sources.scope(*id)));
        let secrets_of_files = Secrets::from_files(files.filter_map(|id| sources.secrets(id)));
        let secrets = Secrets::find(&source, self.tree).with_other_files(&secrets_of_files, self.tree);
        sources.keep(id, source.into_owned(), *limits, Some(Box::new(secrets)));
    }

    /// Adds the names of the account's objects to the results of its files.
    pub(super) fn add_names(&self, sources: &Sources, results: &mut FileResults) {
        let Ok(source) = &self.snapshot.text else { return };
        let names = IdNames::new(&self.account, source, self.tree);
        for (file, result) in results {
            if self.is_used_by(sources.scope(*file)) {
                names.add_to(result);
            }
        }
    }

    /// Adds the names of the account's objects to the findings of a project's settings, if the project uses the snapshot.
    pub(super) fn add_names_to_settings(&self, project: usize, result: &mut FileResult) {
        if let Ok(source) = &self.snapshot.text
            && self.snapshot.scopes.iter().any(|scope| scope.project == project)
        {
            IdNames::new(&self.account, source, self.tree).add_to(result);
        }
    }

    /// Masks the secrets of the snapshot in the account's data that a plan shows.
    pub(super) fn mask_plan(&self, sources: &Sources, results: &mut FileResults, orphans: &mut [Orphan]) {
        let Some(secrets) = self.find_secrets() else { return };
        for (file, result) in results {
            if self.is_used_by(sources.scope(*file))
                && let Some(facts) = &mut result.preflight_facts
            {
                facts.mask_requests(&secrets);
            }
        }
        for orphan in orphans.iter_mut().filter(|orphan| self.is_used_by(orphan.scope)) {
            for text in [&mut orphan.id, &mut orphan.name].into_iter().flatten() {
                *text = secrets.mask(std::mem::take(text));
            }
        }
    }

    /// Masks the secrets of the snapshot in the portals and objects of its accounts.
    pub(super) fn mask_portals(&self, accounts: &mut [AccountPortals]) {
        let Some(secrets) = self.find_secrets() else { return };
        for account in accounts.iter_mut().filter(|account| self.is_used_by(account.scope)) {
            account.mask(&secrets);
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

/// Returns the account that a snapshot describes. If the snapshot could not be read, nothing is known about the account.
fn to_account<'p>(parsed: &'p Parsed<'_>) -> Account<'p> {
    complete_document(parsed).map(Account::from_document).unwrap_or_default()
}

/// The IDs and names of all objects of a kind in a snapshot, in the order of the file, with masked secrets. Empty if the snapshot
/// cannot be read.
pub(crate) fn list_objects(snapshot: &InputFile, limits: &Limits, kind: ObjectKind) -> Vec<(String, Option<String>)> {
    let Ok(source) = load(snapshot, limits.file_bytes) else { return Vec::new() };
    let parsed = syntax::parse(&source, limits);
    let account = to_account(&parsed);
    let names = IdNames::new(&account, &source, &parsed);
    let mut objects = Vec::new();
    for object in account.list(kind).map(|list| list.objects.as_slice()).unwrap_or_default() {
        // Other texts are not IDs: in a portal, they would be reported.
        if let Some(id) = object.id.filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            objects.push((id.to_owned(), object.name.map(|name| names.printable_name(name))));
        }
    }
    objects
}

/// Returns the snapshot's document, unless parsing stopped at a limit: the missing rest would look like missing objects.
fn complete_document<'p, 't>(parsed: &'p Parsed<'t>) -> Option<&'p syntax::Document<'t>> {
    if parsed.errors.iter().any(SyntaxError::is_limit) { None } else { parsed.documents.first() }
}
