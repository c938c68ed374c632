//! The one door: files and settings in, the report out. Everything that lints comes through here.
//!
//! Each file is read, parsed, recognised and checked by itself, several at once; only its findings and the few facts that
//! other files are compared with outlive it. Then the rules that look across files run, and the report is made.

mod across;
pub mod ask;
mod batch;
mod decide;
mod snapshot;
mod ways;

use batch::Look;
use snapshot::Snapshot;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::account::Account;
use crate::document::Parsed;
use crate::document::remark::Remark;
use crate::input::{Input, Reason};
use crate::load;
use crate::portal::{Known, NotAPortal, text_names_a_portal};
use crate::report::{self, Checked, Report, Shown};
use crate::rules::context::{Beside, Facts, FileContext, Open, Said};
use crate::rules::{self, RULES};
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::source::{Format, Source, Span, Trouble};

/// Checks the files of a run. `inputs` are sorted by name ([`crate::discover::sort`]).
pub fn check(mut inputs: Vec<Input>, settings: &Settings) -> Report {
    let snapshots = snapshot::take(&mut inputs, settings);
    let parsed: Vec<Parsed<'_>> = snapshots.iter().map(Snapshot::parse).collect();
    let accounts: Vec<Account<'_>> = parsed.iter().map(snapshot::account).collect();
    // By the number of the project.
    let projects = settings.projects.iter().enumerate();
    let beside: Vec<Beside<'_>> = projects
        .map(|(number, project)| {
            let account = snapshots.iter().position(|snapshot| snapshot.is_of(number)).map(|at| &accounts[at]);
            let Settings { answers, schemas, today, .. } = settings;
            let most = settings.findings_per_text;
            Beside { account, answers, expectations: &project.expectations, schemas, today: *today, most }
        })
        .collect();
    let Outcomes { mut files, mut portals, templates, .. } = each(&inputs, settings, &beside);
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
    let mut checked: Vec<Checked> = files.into_iter().map(|(_, checked)| checked).collect();
    across::across(portals, &inputs, &mut checked, settings, &beside);
    for (snapshot, parsed) in snapshots.iter().zip(&parsed) {
        snapshot.add(parsed, settings, beside[snapshot.first_project()], &mut inputs, &mut checked);
    }
    decide::decide(&mut inputs, &mut checked, settings);
    Report { templates, ..report::report(inputs, checked, settings.with_edits) }
}

/// So many files are checked together; see [`batch`].
const TOGETHER: usize = 4;
/// So many bytes are enough for a batch, and memory for more is not kept.
const LARGE: usize = 256 << 10;

/// What came of each file by itself, by the index of its input.
struct Outcomes {
    files: Vec<(usize, Checked)>,
    /// [`Facts::file`] is the input's index, too, until all files are known.
    portals: Vec<Facts>,
    /// The inputs that were found by walking and are templates.
    templates: Vec<usize>,
    /// What the last file left open.
    open: Arc<[Open]>,
}

impl Outcomes {
    fn with_capacity(files: usize) -> Self {
        Self {
            files: Vec::with_capacity(files),
            portals: Vec::with_capacity(files),
            templates: Vec::new(),
            open: Arc::default(),
        }
    }

    /// The checks that a file left open: those of the last file where they are the same.
    fn shared(&mut self, open: Vec<Open>) -> Arc<[Open]> {
        if *self.open != *open {
            self.open = open.into();
        }
        Arc::clone(&self.open)
    }

    /// Takes the files in batches.
    fn add(
        &mut self,
        inputs: &[Input],
        mut indices: impl Iterator<Item = usize>,
        settings: &Settings,
        beside: &[Beside<'_>],
    ) {
        let mut spare = Vec::new();
        let mut known = Known::default();
        let taken = RULES.iter().filter(|rule| settings.selection.takes(rule));
        let looks: Vec<Look> = taken.filter_map(|rule| Some((rule.code, rule.portal?))).collect();
        loop {
            let mut batch = Vec::with_capacity(TOGETHER);
            let mut bytes = 0;
            while batch.len() < TOGETHER && bytes < LARGE {
                let Some(index) = indices.next() else { break };
                match read(&inputs[index], settings, spare.pop().unwrap_or_default()) {
                    Some(Ok(source)) => {
                        bytes += source.text().len();
                        batch.push((index, source));
                    }
                    Some(Err(unread)) => self.files.push((index, unread)),
                    None => {}
                }
            }
            if batch.is_empty() {
                return;
            }
            batch::check(inputs, &batch, settings, beside, &looks, &mut known, self);
            // Their memory is for the next.
            spare.extend(batch.into_iter().map(|(_, source)| source.into_bytes()).filter(|bytes| bytes.len() < LARGE));
        }
    }
}

/// Every file by itself. Two threads take more of the processors' time together than one, and memory each: that is worth
/// it where somebody would have to wait, and so many files are done in a fifth of a second.
fn each(inputs: &[Input], settings: &Settings, beside: &[Beside<'_>]) -> Outcomes {
    const WORTH_A_THREAD: usize = 8192;
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = settings.threads.unwrap_or_else(|| match inputs.len() / WORTH_A_THREAD {
        0 | 1 => 1,
        worth => worth.min(processors()),
    });
    let threads = threads.min(inputs.len());
    let mut all = Outcomes::with_capacity(inputs.len());
    if threads <= 1 {
        all.add(inputs, 0..inputs.len(), settings, beside);
        return all;
    }
    let next = AtomicUsize::new(0);
    let all = Mutex::new(all);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let indices = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                let mut mine = Outcomes::with_capacity(inputs.len() / threads + 1);
                mine.add(inputs, indices.take_while(|index| *index < inputs.len()), settings, beside);
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
fn read(input: &Input, settings: &Settings, spare: Vec<u8>) -> Option<Result<Source, Checked>> {
    let limit = settings.project(input).limits.file_bytes;
    match load::load(input, limit, spare) {
        Ok(source) => {
            let may_be_one = !input.reason.is_by_content() || text_names_a_portal(source.text(), true);
            may_be_one.then_some(Ok(source))
        }
        Err(trouble) => {
            // A walked file that is no text is no portal either, unless its name or its bytes say so.
            let no_text = matches!(trouble, Trouble::Utf16 | Trouble::NotUtf8 { .. } | Trouble::Nul { .. });
            let names_a_portal = || text_names_a_portal(&load::letters(input, limit), false);
            let said = match input.reason {
                Reason::Named(_) | Reason::Called => true,
                Reason::Found => !no_text || names_a_portal(),
                Reason::Beside { .. } | Reason::Own => false,
            };
            said.then(|| Err(unread(input, &trouble)))
        }
    }
}

/// The rules of the file run whatever was selected: nothing that could not be read passes in silence.
fn check_file(
    trouble: Option<&Trouble>,
    source: &Source,
    parsed: &Parsed<'_>,
    remarks: &[Remark<'_>],
    strangers: &[(usize, Span, NotAPortal)],
    said: &mut Said,
) {
    for rule in rules::about_files() {
        if let Some(look) = rule.file {
            let errors = &parsed.errors;
            look(&mut FileContext { trouble, source, errors, remarks, strangers, code: rule.code, said });
        }
    }
}

fn unread(input: &Input, trouble: &Trouble) -> Checked {
    let mut said = Said::default();
    let source = Source::new(input.name.as_str(), "", Format::Json);
    check_file(Some(trouble), &source, &Parsed::default(), &[], &[], &mut said);
    // The contract: a size limit and what is wrong inside a file that could be read fail the run, they do not break it.
    let broken = matches!(trouble, Trouble::Missing | Trouble::Forbidden | Trouble::NotAFile(_) | Trouble::Io(_));
    Checked {
        raised: said.raised,
        shown: Some(Box::new(Shown { source, secrets: Secrets::default(), decisions: Vec::new() })),
        unread: broken,
        listed: true,
        ..Checked::default()
    }
}

/// Keeps the text of a file that something is said about, its secrets covered.
fn show<'c>(checked: &'c mut Checked, source: &Source, parsed: &Parsed<'_>) -> &'c mut Shown {
    let secrets = Secrets::find(source, parsed);
    checked.shown.insert(Box::new(Shown { source: secrets.cover_source(source), secrets, decisions: Vec::new() }))
}
