//! Checks the files of a run: [`check`] takes files and settings and returns the report.
//!
//! Each file is read, parsed, classified and checked independently, on several threads for a large run. Only its findings and
//! the facts that cross-file rules compare stay in memory. Then the cross-file rules run, the settings are applied, and the
//! report is built.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::base::file::{Inclusion, InputFile};
use crate::base::load;
use crate::base::read_error::ReadError;
use crate::base::source::Source;
use crate::engine::account_snapshot;
use crate::engine::account_snapshot::AccountSnapshot;
use crate::engine::apply_settings;
use crate::engine::cross_file;
use crate::engine::file_results::{Results, read_failed};
use crate::engine::lint_file;
use crate::engine::lint_file::PortalRule;
use crate::engine::report;
use crate::engine::report::{FileResult, Report};
use crate::model::account::Account;
use crate::model::portal::text_may_be_portal;
use crate::rules::RULES;
use crate::rules::context::{Environment, PortalFacts};
use crate::settings::Settings;
use crate::syntax::Parsed;

/// Checks the files of a run and returns the report. `inputs` must be sorted with
/// [`crate::engine::discovery::sort_and_dedup`].
pub fn check(mut inputs: Vec<InputFile>, settings: &Settings) -> Report {
    let snapshots = account_snapshot::read_snapshots(&mut inputs, settings);
    let parsed_snapshots: Vec<Parsed<'_>> = snapshots.iter().map(AccountSnapshot::parse).collect();
    let accounts: Vec<Account<'_>> = parsed_snapshots.iter().map(account_snapshot::to_account).collect();
    let environments = environments_by_project(&snapshots, &accounts, settings);

    let Results { mut files, mut portals, templates, .. } = check_files(&inputs, settings, &environments);
    // Threads finish in any order.
    files.sort_unstable_by_key(|(input, _)| *input);
    portals.sort_unstable_by_key(|facts| (facts.file, facts.document));
    let mut templates: Vec<String> = templates.into_iter().map(|index| inputs[index].name.clone()).collect();
    templates.sort_unstable();
    remove_unused_inputs(&mut inputs, &files, &mut portals);
    let mut results: Vec<FileResult> = files.into_iter().map(|(_, result)| result).collect();

    cross_file::check_projects(portals, &inputs, &mut results, settings, &environments);
    for (snapshot, parsed) in snapshots.iter().zip(&parsed_snapshots) {
        let environment = environments[snapshot.first_project()];
        snapshot.add_to_report(parsed, settings, environment, &mut inputs, &mut results);
    }
    apply_settings::apply_settings(&mut inputs, &mut results, settings);
    Report { templates, ..report::build_report(inputs, results, settings.with_edits) }
}

fn environments_by_project<'a>(
    snapshots: &[AccountSnapshot],
    accounts: &'a [Account<'a>],
    settings: &'a Settings,
) -> Vec<Environment<'a>> {
    let Settings { answers, schemas, today, max_findings_per_text, .. } = settings;
    let mut environments = Vec::with_capacity(settings.projects.len());
    for (index, project) in settings.projects.iter().enumerate() {
        let snapshot = snapshots.iter().position(|snapshot| snapshot.is_used_by(index));
        environments.push(Environment {
            account: snapshot.map(|snapshot| &accounts[snapshot]),
            answers,
            policy: &project.expectations,
            schemas,
            today: *today,
            max_findings_per_text: *max_findings_per_text,
        });
    }
    environments
}

/// Removes the inputs that have no result, because a folder walk found them and they are not portals. Replaces the input
/// indices in `portals` by indices of `files`. All three are sorted by input index.
fn remove_unused_inputs(inputs: &mut Vec<InputFile>, files: &[(usize, FileResult)], portals: &mut [PortalFacts]) {
    let mut remaining_files = files.iter().map(|(input, _)| *input).enumerate().peekable();
    let mut remaining_portals = portals.iter_mut().peekable();
    let mut input_index = 0;
    // One pass over three sorted lists, without copies: a run can have hundreds of thousands of inputs.
    inputs.retain(|_| {
        let file = remaining_files.next_if(|(_, input)| *input == input_index).map(|(file, _)| file);
        while let Some(facts) = remaining_portals.next_if(|facts| facts.file == input_index) {
            facts.file = file.unwrap_or_default();
        }
        input_index += 1;
        file.is_some()
    });
}

/// The number of files that are checked together; see [`lint_file`].
const BATCH_FILES: usize = 4;
/// The size of text after which a batch is complete, and the largest buffer that is kept for the next batch.
const BATCH_BYTES: usize = 256 << 10;

/// Checks the inputs with these indices in batches and adds the results to `results`.
fn check_in_batches(
    results: &mut Results,
    inputs: &[InputFile],
    mut indices: impl Iterator<Item = usize>,
    settings: &Settings,
    environments: &[Environment<'_>],
) {
    let mut buffers = Vec::new();
    let rules = selected_portal_rules(settings);
    loop {
        let mut batch = Vec::with_capacity(BATCH_FILES);
        let mut bytes = 0;
        while batch.len() < BATCH_FILES && bytes < BATCH_BYTES {
            let Some(index) = indices.next() else { break };
            match read_input(&inputs[index], settings, buffers.pop().unwrap_or_default()) {
                Some(Ok(source)) => {
                    bytes += source.text().len();
                    batch.push((index, source));
                }
                Some(Err(result)) => results.files.push((index, result)),
                None => {}
            }
        }
        if batch.is_empty() {
            return;
        }
        lint_file::check_batch(inputs, &batch, settings, environments, &rules, results);
        for (_, source) in batch {
            // Reuse the buffers, so that a large run does not allocate one for each file.
            let buffer = source.into_bytes();
            if buffer.len() < BATCH_BYTES {
                buffers.push(buffer);
            }
        }
    }
}

fn selected_portal_rules(settings: &Settings) -> Vec<PortalRule> {
    let mut rules = Vec::new();
    for rule in RULES.iter().filter(|rule| settings.selection.is_enabled(rule)) {
        if let Some(check) = rule.check_portal {
            rules.push((rule.code, check));
        }
    }
    rules
}

/// Checks all files independently of each other.
fn check_files(inputs: &[InputFile], settings: &Settings, environments: &[Environment<'_>]) -> Results {
    let threads = settings.threads.unwrap_or_else(|| default_threads(inputs.len())).min(inputs.len());
    let mut all = Results::with_capacity(inputs.len());
    if threads <= 1 {
        check_in_batches(&mut all, inputs, 0..inputs.len(), settings, environments);
        return all;
    }
    let next_index = AtomicUsize::new(0);
    let all = Mutex::new(all);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                // Threads take one input after the other, so that a large file delays only one of them.
                let indices = std::iter::repeat_with(|| next_index.fetch_add(1, Ordering::Relaxed))
                    .take_while(|index| *index < inputs.len());
                let mut results = Results::with_capacity(inputs.len() / threads + 1);
                check_in_batches(&mut results, inputs, indices, settings, environments);
                all.lock().unwrap_or_else(PoisonError::into_inner).append(&mut results);
            });
        }
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Returns how many threads a run of this size should use.
fn default_threads(files: usize) -> usize {
    /// One thread checks this many files in about a fifth of a second. For less, a second thread costs more processor time
    /// and memory than a user would notice in waiting time.
    const FILES_PER_THREAD: usize = 8192;
    match files / FILES_PER_THREAD {
        0 | 1 => 1,
        threads => threads.min(std::thread::available_parallelism().map_or(1, usize::from)),
    }
}

/// Reads a file into `buffer`. Returns its text, or the result for a file that cannot be read, or `None` for a file that a
/// folder walk found and that is not a portal.
fn read_input(input: &InputFile, settings: &Settings, buffer: Vec<u8>) -> Option<Result<Source, FileResult>> {
    let limit = settings.project(input).limits.file_bytes;
    match load::load(input, limit, buffer) {
        Ok(source) => {
            let may_be_portal = !input.inclusion.needs_portal_content() || text_may_be_portal(source.text(), true);
            may_be_portal.then_some(Ok(source))
        }
        Err(error) => reports_read_error(input, &error, limit).then(|| Err(read_failed(input, &error))),
    }
}

/// Whether it is a finding that this file cannot be read.
fn reports_read_error(input: &InputFile, error: &ReadError, limit: u64) -> bool {
    let is_not_text = matches!(error, ReadError::Utf16 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. });
    match input.inclusion {
        // A folder can contain any JSON file in any encoding. It is reported only if it is likely to be a portal: its ASCII
        // characters contain the field names.
        Inclusion::Candidate if is_not_text => text_may_be_portal(&load::lossy_text(input, limit), false),
        Inclusion::Explicit(_) | Inclusion::ByName | Inclusion::Candidate => true,
        Inclusion::ContextOnly { .. } | Inclusion::Internal => false,
    }
}
