//! Checks the files of a run: [`check`] takes files and settings and returns the report.
//!
//! Each file is loaded, parsed and checked independently of the others, on several threads. Then the cross-file rules run, the settings
//! are applied, and the report is built.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::base::file::{FileId, InputFile, Origin};
use crate::engine::account_portals::{AccountPortals, collect_account_portals};
use crate::engine::account_snapshot::{AccountSnapshot, ParsedSnapshot, read_snapshots};
use crate::engine::agent_body::{place_body, remove_replaced_portals};
use crate::engine::apply_settings::apply_settings;
use crate::engine::bindings::find_broken_bindings;
use crate::engine::check_snapshot::SnapshotAccount;
use crate::engine::cross_file::check_projects;
use crate::engine::file_result::{FileResult, FileResults};
use crate::engine::lint_file::{Outcome, lint_file};
use crate::engine::online_queries::{QueryCollector, hosts_in_accounts};
use crate::engine::orphans::find_orphans;
use crate::engine::parsed_file::ParsedFile;
use crate::engine::report::{Orphan, Report, build_report};
use crate::engine::sources::{FileSettings, LoadedFile, Sources};
use crate::model::planned_request::AccountState;
use crate::model::secrets::Secrets;
use crate::online::{Answers, Queries};
use crate::rules::context::{Environment, PortalFacts};
use crate::settings::Settings;
use crate::settings::environments::AccountScope;

/// Checks the files of a run and returns the report. `inputs` must be sorted with
/// [`crate::engine::discovery::sort_and_dedup`].
pub fn check(inputs: Vec<InputFile>, settings: &Settings) -> Report {
    let sources = Sources::new(inputs, settings);
    let snapshots = read_snapshots(&sources, settings);
    let trees: Vec<ParsedSnapshot<'_>> = snapshots.iter().map(AccountSnapshot::parse).collect();
    let accounts: Vec<SnapshotAccount<'_>> = trees.iter().map(SnapshotAccount::new).collect();
    check_with_accounts(sources, &accounts, settings)
}

/// Like [`check`], with account snapshots that were read before.
pub(super) fn check_with_accounts(sources: Sources, accounts: &[SnapshotAccount<'_>], settings: &Settings) -> Report {
    let environments = environments_by_scope(accounts, settings);
    let ids: Vec<FileId> = sources.ids().collect();
    let linted = lint_files(&ids, &sources, settings, &environments);
    complete(sources, linted, accounts, &environments, settings)
}

/// Like [`check`], for the body of an agent, which is one of `inputs`. First decides, from the other files, which portal the body
/// replaces and which environment it belongs to. Returns the body with these decisions.
pub(crate) fn check_agent_body(inputs: Vec<InputFile>, settings: &Settings) -> (Report, InputFile) {
    let mut sources = Sources::new(inputs, settings);
    let snapshots = read_snapshots(&sources, settings);
    let mut trees: Vec<ParsedSnapshot<'_>> = snapshots.iter().map(AccountSnapshot::parse).collect();
    let is_body = |id: &FileId| matches!(sources.file(*id).origin, Origin::Agent(_));
    let body_id = sources.ids().find(is_body).unwrap_or_default();
    let other_ids: Vec<FileId> = sources.ids().filter(|id| *id != body_id).collect();
    // The other files are not checked, so they need no account.
    let environments = environments_by_scope(&[], settings);
    let mut linted = lint_files(&other_ids, &sources, settings, &environments);
    let Some(loaded) = sources.load(body_id, settings) else {
        let body = sources.file(body_id).clone();
        return (complete(sources, linted, &[], &environments, settings), body);
    };
    let file = ParsedFile::new(&loaded, &sources, settings);
    let body = place_body(&file, &portals_of(&linted), &trees, &sources, settings);
    let (scope, bindings) = FileSettings::new(settings).look_up(&body);
    let file = file.with_input(&body, scope, &bindings);
    // The snapshots of the other environments were read only to decide.
    let mut scopes: Vec<AccountScope> = other_ids.iter().map(|id| sources.scope(*id)).collect();
    scopes.push(scope);
    trees.retain(|tree| scopes.iter().any(|scope| tree.is_used_by(*scope)));
    let accounts: Vec<SnapshotAccount<'_>> = trees.iter().map(SnapshotAccount::new).collect();
    let environments = environments_by_scope(&accounts, settings);
    let outcome = lint(&file, settings, &environments);
    sources.replace(body.clone(), scope, bindings);
    linted.extend(outcome.map(|outcome| (loaded, outcome)));
    (complete(sources, linted, &accounts, &environments, settings), body)
}

fn portals_of(linted: &[(LoadedFile, Outcome)]) -> Vec<&PortalFacts> {
    let mut portals = Vec::new();
    for (_, outcome) in linted {
        if let Outcome::Linted(result, _) = outcome {
            portals.extend(result.facts());
        }
    }
    portals
}

/// Like [`check`], but queries the network first. `fetch_account` answers the queries about the account, and `run_probes` adds
/// the other answers. Afterward, `settings` contains the answers. `with_captcha`: whether to query reCAPTCHA secret keys, too.
pub(crate) fn check_online(
    inputs: Vec<InputFile>,
    settings: &mut Settings,
    with_captcha: bool,
    fetch_account: impl FnOnce(&Queries) -> Answers,
    run_probes: impl FnOnce(&Queries, &mut Answers),
) -> Report {
    let sources = Sources::new(inputs, settings);
    // The rules run after the answers are known, on the trees that the queries were collected from.
    let loaded: Vec<LoadedFile> = sources.ids().filter_map(|id| sources.load(id, settings)).collect();
    let parsed: Vec<ParsedFile<'_>> = loaded.iter().map(|file| ParsedFile::new(file, &sources, settings)).collect();
    let mut collector = QueryCollector::new(settings, with_captcha);
    for file in &parsed {
        collector.add_file(file, settings);
    }
    let mut queries = collector.queries;
    settings.answers = fetch_account(&queries);
    let snapshots = read_snapshots(&sources, settings);
    let trees: Vec<ParsedSnapshot<'_>> = snapshots.iter().map(AccountSnapshot::parse).collect();
    let accounts: Vec<SnapshotAccount<'_>> = trees.iter().map(SnapshotAccount::new).collect();
    if queries.includes_account_hosts {
        // The account's data contains the host names of the tracking domains.
        queries.hosts.extend(hosts_in_accounts(&accounts, &queries));
    }
    run_probes(&queries, &mut settings.answers);
    let environments = environments_by_scope(&accounts, settings);
    let outcomes = map_on_threads(&parsed, settings, |file| Some((file.id, lint(file, settings, &environments)?)));
    // The trees borrow the texts, which the report needs.
    drop(parsed);
    let mut outcomes: BTreeMap<FileId, Outcome> = outcomes.into_iter().collect();
    let linted =
        loaded.into_iter().filter_map(|file| outcomes.remove(&file.id).map(|outcome| (file, outcome))).collect();
    complete(sources, linted, &accounts, &environments, settings)
}

/// Runs all steps after the check of the single files: the rules across files, the settings, and the report.
fn complete(
    mut sources: Sources,
    linted: Vec<(LoadedFile, Outcome)>,
    accounts: &[SnapshotAccount<'_>],
    environments: &Environments<'_>,
    settings: &Settings,
) -> Report {
    let mut results = FileResults::new();
    let mut templates = Vec::new();
    for (LoadedFile { id, source, .. }, outcome) in linted {
        match outcome {
            Outcome::Linted(result, secrets) => {
                let limits = settings.project(sources.file(id)).limits;
                sources.keep(id, source, limits, secrets);
                results.insert(id, *result);
            }
            Outcome::Template => templates.push(sources.file(id).name.clone()),
        }
    }
    templates.sort_unstable();
    remove_replaced_portals(&sources, &mut results);
    let broken_bindings = find_broken_bindings(&sources, &results, settings, environments);
    let mut orphans = Vec::new();
    if settings.with_plan {
        mark_other_accounts(&sources, &mut results, settings);
        orphans = find_orphans(&sources, &results, settings, environments);
    }
    let mut account_portals = Vec::new();
    if settings.with_profiles {
        account_portals = collect_account_portals(&sources, &results, settings, environments);
    }
    check_projects(&sources, &mut results, settings, environments);
    for account in accounts {
        account.add_names(&sources, &mut results);
        account.add_to_report(settings, environments[&account.first_scope()], &mut sources, &mut results);
    }
    for (file, project) in apply_settings(&mut sources, &mut results, settings, &broken_bindings) {
        let Some(result) = results.get_mut(&file) else { continue };
        for account in accounts {
            account.add_names_to_settings(project, result);
        }
    }
    if shows_texts(&results, &orphans, &account_portals) {
        let ids: Vec<FileId> = sources.ids().collect();
        // Searching the files takes most of the time, so it runs on several threads.
        let mut found = map_on_threads(&ids, settings, |id| sources.find_unknown_secrets(*id));
        found.push(Secrets::of_values(settings.answers.returned_secrets.iter().cloned()));
        sources.share_secrets(found.iter().chain(accounts.iter().map(SnapshotAccount::secrets)));
        mask_texts(&sources, &mut results, &mut orphans, &mut account_portals);
    }
    Report { templates, orphans, accounts: account_portals, ..build_report(sources, results, settings.with_edits) }
}

/// The environment that the files of each account are checked in.
pub(super) type Environments<'a> = BTreeMap<AccountScope, Environment<'a>>;

fn environments_by_scope<'a>(accounts: &'a [SnapshotAccount<'a>], settings: &'a Settings) -> Environments<'a> {
    let Settings { answers, schemas, today, max_findings_per_text, .. } = settings;
    let mut environments = BTreeMap::new();
    for scope in settings.account_scopes() {
        let snapshot = accounts.iter().find(|account| account.is_used_by(scope));
        let environment = Environment {
            account: snapshot.map(|snapshot| &snapshot.account),
            bound_ids: &settings.projects[scope.project].account(scope.environment).bound_ids,
            answers,
            policy: &settings.projects[scope.project].account_policy,
            schemas,
            today: *today,
            max_findings_per_text: *max_findings_per_text,
        };
        environments.insert(scope, environment);
    }
    environments
}

/// Masks the secrets of the run in what the report contains besides findings.
fn mask_texts(
    sources: &Sources,
    results: &mut FileResults,
    orphans: &mut [Orphan],
    account_portals: &mut [AccountPortals],
) {
    for (id, result) in results {
        // Searching a file for its secrets takes time.
        if result.shows_texts() {
            result.mask_texts(&sources.masking_secrets(*id));
        }
    }
    let secrets = sources.run_secrets();
    for text in orphans.iter_mut().flat_map(|orphan| [&mut orphan.id, &mut orphan.name]).flatten() {
        *text = secrets.mask(std::mem::take(text));
    }
    for account in account_portals {
        account.mask(secrets);
    }
}

/// Whether the report contains texts of files or accounts. Otherwise, the files need not be searched for secrets.
fn shows_texts(results: &FileResults, orphans: &[Orphan], account_portals: &[AccountPortals]) -> bool {
    !orphans.is_empty() || !account_portals.is_empty() || results.values().any(FileResult::shows_texts)
}

/// Marks the portals of the accounts that `--account` leaves out.
fn mark_other_accounts(sources: &Sources, results: &mut FileResults, settings: &Settings) {
    for (id, result) in results {
        let scope = sources.scope(*id);
        let setting = settings.projects[scope.project].account(scope.environment);
        if !setting.is_left_out {
            continue;
        }
        for portal in result.reported_portals_mut() {
            if let Some(request) = &mut portal.request {
                request.state = AccountState::OtherAccount(setting.left_out.as_ref().map(|file| file.name.clone()));
            }
        }
    }
}

/// Loads and checks files independently of each other, on several threads. A file that a folder walk found and that is not a portal is
/// left out.
fn lint_files(
    ids: &[FileId],
    sources: &Sources,
    settings: &Settings,
    environments: &Environments<'_>,
) -> Vec<(LoadedFile, Outcome)> {
    map_on_threads(ids, settings, |id| {
        let file = sources.load(*id, settings)?;
        let outcome = lint(&ParsedFile::new(&file, sources, settings), settings, environments)?;
        Some((file, outcome))
    })
}

/// Checks a file with the environment of its account.
fn lint(file: &ParsedFile<'_>, settings: &Settings, environments: &Environments<'_>) -> Option<Outcome> {
    // The default scope always exists: it has the settings of the command line.
    let environment = environments.get(&file.scope).unwrap_or(&environments[&AccountScope::default()]);
    lint_file(file, settings, *environment)
}

/// Calls `function` for each item, on several threads. Returns the results that are not `None`, in any order.
fn map_on_threads<T: Sync, R: Send>(
    items: &[T],
    settings: &Settings,
    function: impl Fn(&T) -> Option<R> + Sync,
) -> Vec<R> {
    let thread_count = settings.threads.unwrap_or_else(|| default_thread_count(items.len())).min(items.len());
    // Each thread takes one item at a time, so that a large file delays only one of them.
    let next_index = AtomicUsize::new(0);
    let next_item = || items.get(next_index.fetch_add(1, Ordering::Relaxed));
    let run_thread = || -> Vec<R> { std::iter::from_fn(next_item).filter_map(&function).collect() };
    if thread_count <= 1 {
        return run_thread();
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..thread_count).map(|_| scope.spawn(run_thread)).collect();
        let mut results = Vec::new();
        for thread in threads {
            match thread.join() {
                Ok(part) => results.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

/// The number of threads for a run with this many files.
fn default_thread_count(file_count: usize) -> usize {
    /// One thread checks this many files in a few milliseconds. With fewer, starting another thread would not save time.
    const MIN_FILES_PER_THREAD: usize = 64;
    let max_threads = std::thread::available_parallelism().map_or(1, usize::from);
    (file_count / MIN_FILES_PER_THREAD).clamp(1, max_threads)
}
