//! The one door: files and settings in, the report out. Everything that lints comes through here.
//!
//! Each file is read, parsed, recognised and checked by itself, several at once; only its findings and the few facts that
//! other files are compared with outlive it. Then the rules that look across files run, and the report is made.

use crate::engine::account_snapshot;
use crate::engine::account_snapshot::Snapshot;
use crate::engine::apply_settings;
use crate::engine::cross_file;
use crate::engine::file_results::{Results, read_failed};
use crate::engine::lint_file;
use crate::engine::lint_file::PortalRule;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::base::file::{Inclusion, InputFile};
use crate::base::load;
use crate::base::read_error::ReadError;
use crate::base::source::Source;
use crate::engine::report;
use crate::engine::report::{FileResult, Report};
use crate::model::account::Account;
use crate::model::portal::{PortalCache, text_may_be_portal};
use crate::rules::RULES;
use crate::rules::context::Environment;
use crate::settings::Settings;
use crate::syntax::Parsed;

/// Checks the files of a run. `inputs` are sorted by name ([`crate::engine::discovery::sort`]).
pub fn check(mut inputs: Vec<InputFile>, settings: &Settings) -> Report {
    let snapshots = account_snapshot::take(&mut inputs, settings);
    let parsed: Vec<Parsed<'_>> = snapshots.iter().map(Snapshot::parse).collect();
    let accounts: Vec<Account<'_>> = parsed.iter().map(account_snapshot::account).collect();
    // By the number of the project.
    let projects = settings.projects.iter().enumerate();
    let environments: Vec<Environment<'_>> = projects
        .map(|(number, project)| {
            let account = snapshots.iter().position(|snapshot| snapshot.is_of(number)).map(|at| &accounts[at]);
            let Settings { answers, schemas, today, .. } = settings;
            let most = settings.findings_per_text;
            Environment { account, answers, policy: &project.expectations, schemas, today: *today, max_per_text: most }
        })
        .collect();
    let Results { mut files, mut portals, templates, .. } = each(&inputs, settings, &environments);
    let mut templates: Vec<String> = templates.into_iter().map(|index| inputs[index].name.clone()).collect();
    templates.sort_unstable();
    files.sort_unstable_by_key(|(input, _)| *input);
    portals.sort_unstable_by_key(|facts| (facts.file, facts.document));
    // What was found and is no portal is no file of the run. Nothing is copied: many files make a run large.
    let mut kept = files.iter().map(|(input, _)| *input).enumerate().peekable();
    let mut facts = portals.iter_mut().peekable();
    let mut input = 0;
    inputs.retain(|_| {
        let file = kept.next_if(|(_, kept)| *kept == input).map(|(file, _)| file);
        while let Some(facts) = facts.next_if(|facts| facts.file == input) {
            facts.file = file.unwrap_or_default();
        }
        input += 1;
        file.is_some()
    });
    let mut checked: Vec<FileResult> = files.into_iter().map(|(_, checked)| checked).collect();
    cross_file::across(portals, &inputs, &mut checked, settings, &environments);
    for (snapshot, parsed) in snapshots.iter().zip(&parsed) {
        snapshot.add(parsed, settings, environments[snapshot.first_project()], &mut inputs, &mut checked);
    }
    apply_settings::decide(&mut inputs, &mut checked, settings);
    Report { templates, ..report::report(inputs, checked, settings.with_edits) }
}

/// So many files are checked together; see [`lint_file`].
const TOGETHER: usize = 4;
/// So many bytes are enough for a batch, and memory for more is not kept.
const LARGE: usize = 256 << 10;

/// Lints files in batches, and adds what came of them to `results`.
fn lint_in_batches(
    results: &mut Results,
    inputs: &[InputFile],
    mut indices: impl Iterator<Item = usize>,
    settings: &Settings,
    environments: &[Environment<'_>],
) {
    let mut buffer = Vec::new();
    let mut known = PortalCache::default();
    let taken = RULES.iter().filter(|rule| settings.selection.takes(rule));
    let looks: Vec<PortalRule> = taken.filter_map(|rule| Some((rule.code, rule.check_portal?))).collect();
    loop {
        let mut batch = Vec::with_capacity(TOGETHER);
        let mut bytes = 0;
        while batch.len() < TOGETHER && bytes < LARGE {
            let Some(index) = indices.next() else { break };
            match read(&inputs[index], settings, buffer.pop().unwrap_or_default()) {
                Some(Ok(source)) => {
                    bytes += source.text().len();
                    batch.push((index, source));
                }
                Some(Err(unread)) => results.files.push((index, unread)),
                None => {}
            }
        }
        if batch.is_empty() {
            return;
        }
        lint_file::check(inputs, &batch, settings, environments, &looks, &mut known, results);
        // Their memory is for the next.
        buffer.extend(batch.into_iter().map(|(_, source)| source.into_bytes()).filter(|bytes| bytes.len() < LARGE));
    }
}

/// Every file by itself. Two threads take more of the processors' time together than one, and memory each: that is worth
/// it where somebody would have to wait, and so many files are done in a fifth of a second.
fn each(inputs: &[InputFile], settings: &Settings, environments: &[Environment<'_>]) -> Results {
    const WORTH_A_THREAD: usize = 8192;
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = settings.threads.unwrap_or_else(|| match inputs.len() / WORTH_A_THREAD {
        0 | 1 => 1,
        worth => worth.min(processors()),
    });
    let threads = threads.min(inputs.len());
    let mut all = Results::with_capacity(inputs.len());
    if threads <= 1 {
        lint_in_batches(&mut all, inputs, 0..inputs.len(), settings, environments);
        return all;
    }
    let next = AtomicUsize::new(0);
    let all = Mutex::new(all);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let indices = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                let mut mine = Results::with_capacity(inputs.len() / threads + 1);
                let mine_indices = indices.take_while(|index| *index < inputs.len());
                lint_in_batches(&mut mine, inputs, mine_indices, settings, environments);
                let mut all = all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                all.files.append(&mut mine.files);
                all.portals.append(&mut mine.portals);
                all.templates.append(&mut mine.templates);
            });
        }
    });
    all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The text of a file, or what there is to say when it has none; `None` when it was found by walking and is no portal.
/// `spare` is memory to put it into.
fn read(input: &InputFile, settings: &Settings, buffer: Vec<u8>) -> Option<Result<Source, FileResult>> {
    let limit = settings.project(input).limits.file_bytes;
    match load::load(input, limit, buffer) {
        Ok(source) => {
            let may_be_one = !input.inclusion.needs_portal_content() || text_may_be_portal(source.text(), true);
            may_be_one.then_some(Ok(source))
        }
        Err(trouble) => {
            // A walked file that is no text is no portal either, unless its name or its bytes say so.
            let no_text = matches!(trouble, ReadError::Utf16 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. });
            let may_be_portal = || text_may_be_portal(&load::lossy_text(input, limit), false);
            let said = match input.inclusion {
                Inclusion::Explicit(_) | Inclusion::ByName => true,
                Inclusion::Candidate => !no_text || may_be_portal(),
                Inclusion::ContextOnly { .. } | Inclusion::Internal => false,
            };
            said.then(|| Err(read_failed(input, &trouble)))
        }
    }
}
