//! Reads the account snapshots of a run, before the portals.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use crate::base::date::Date;
use crate::base::file::{Inclusion, InputFile, Origin};
use crate::base::load::load;
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};
use crate::base::steps::count_steps;
use crate::engine::orphans::shows_portals_without_files;
use crate::engine::sources::Sources;
use crate::model::secrets::Secrets;
use crate::online::snapshot_text::{AccountData, parse_previous};
use crate::settings::Settings;
use crate::settings::environments::AccountScope;
use crate::syntax;
use crate::syntax::{Limits, Parsed};

/// The display name of a snapshot that was fetched in this run (`--online`) and has no file.
const FETCHED_NAME: &str = "<account>";

/// A snapshot, and the accounts that it is the snapshot of.
pub(super) struct AccountSnapshot {
    pub input: InputFile,
    pub limits: Limits,
    /// The accounts whose settings name the snapshot; the first one is in the project of `input`.
    pub scopes: Vec<AccountScope>,
    pub text: Result<Source, ReadError>,
}

/// A snapshot with its tree.
pub(super) struct ParsedSnapshot<'t> {
    pub snapshot: &'t AccountSnapshot,
    /// Empty if the text could not be read.
    pub tree: Parsed<'t>,
    /// Searched for when they are needed.
    secrets: OnceCell<Secrets>,
}

/// Reads the snapshots of all accounts that have files in this run, or whose portals are shown although they have none. A snapshot that
/// several accounts name is read once. With `--online`, the fetched data replaces its content.
pub(super) fn read_snapshots(sources: &Sources, settings: &Settings) -> Vec<AccountSnapshot> {
    let fetched = settings.answers.account.as_ref();
    // Projects without a snapshot file share one that exists only in memory.
    let fetched_input =
        fetched.map(|_| InputFile::new(FETCHED_NAME, Origin::Memory(b"{}".into()), Inclusion::Internal));
    // The fetched data is about the account of the checked files, not about that of others in the same project.
    let scopes_with_files = scopes_with_files(sources, settings, fetched.is_some());
    let mut snapshots: Vec<AccountSnapshot> = Vec::new();
    let mut index_by_path: HashMap<Option<PathBuf>, usize> = HashMap::new();
    for scope in settings.account_scopes() {
        let project = &settings.projects[scope.project];
        let setting = project.account(scope.environment);
        let Some(input) = setting.file.as_ref().or(fetched_input.as_ref()) else { continue };
        if !scopes_with_files.contains(&scope) && !shows_portals_without_files(scope, settings) {
            continue;
        }
        let index = *index_by_path.entry(input.real_path()).or_insert(snapshots.len());
        if let Some(known) = snapshots.get_mut(index) {
            known.scopes.push(scope);
            continue;
        }
        let input = InputFile { project: scope.project, ..input.clone() };
        let snapshot = AccountSnapshot::load(input, project.limits, vec![scope]);
        snapshots.push(match fetched {
            Some(fetched) => snapshot.with_fetched_data(fetched, settings.today),
            None => snapshot,
        });
    }
    snapshots
}

/// The accounts that files of the run belong to, or only checked files. The body of an agent may belong to each account of its project
/// until that is decided.
fn scopes_with_files(sources: &Sources, settings: &Settings, only_checked: bool) -> BTreeSet<AccountScope> {
    let mut scopes = BTreeSet::new();
    for id in sources.ids() {
        let input = sources.file(id);
        if only_checked && !is_checked(input) {
            continue;
        }
        match &input.origin {
            Origin::Agent(body) if body.environment.is_none() => {
                scopes.extend(settings.account_scopes().into_iter().filter(|scope| scope.project == input.project));
            }
            _ => {
                scopes.insert(sources.scope(id));
            }
        }
    }
    scopes
}

/// Whether the rules run on a file, unless it turns out not to be a portal.
pub(super) fn is_checked(input: &InputFile) -> bool {
    !matches!(input.inclusion, Inclusion::ContextOnly { .. } | Inclusion::Internal)
}

impl AccountSnapshot {
    pub(super) fn load(input: InputFile, limits: Limits, scopes: Vec<AccountScope>) -> Self {
        let text = load(&input, limits.file_bytes);
        count_steps(text.as_ref().map_or(0, |source| source.text().len()));
        Self { input, limits, scopes, text }
    }

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
        ParsedSnapshot { snapshot: self, tree, secrets: OnceCell::new() }
    }
}

impl ParsedSnapshot<'_> {
    /// Whether this is the snapshot of the account `scope`.
    pub(super) fn is_used_by(&self, scope: AccountScope) -> bool {
        self.snapshot.scopes.contains(&scope)
    }

    /// The secrets in the text. Empty if it could not be read.
    pub(super) fn secrets(&self) -> &Secrets {
        let find = |source| Secrets::find(source, &self.tree);
        self.secrets.get_or_init(|| self.snapshot.text.as_ref().map(find).unwrap_or_default())
    }
}
