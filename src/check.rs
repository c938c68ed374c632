//! The one door: files and settings in, the report out. Everything that lints comes through here.
//!
//! Each file is read, parsed, recognised and checked by itself, several at once; only its findings and the few facts that
//! other files are compared with outlive it. Then the rules that look across files run, and the report is made.

mod across;
pub mod ask;
mod decide;
mod snapshot;
mod ways;

use snapshot::Snapshot;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::account::Account;
use crate::decisions::Decision;
use crate::document::remark::{Remark, remarks};
use crate::document::slot::Slot;
use crate::document::{self, Document, Parsed, SyntaxError, Value};
use crate::input::{Input, Reason, Walk};
use crate::load;
use crate::portal::{NotAPortal, Outline, Portal, names_a_portal, recognise, text_names_a_portal};
use crate::report::{self, Checked, Outlines, Report, Shown};
use crate::rules::RULES;
use crate::rules::context::{Asked, Beside, Facts, FileContext, FilterFact, PortalContext, Said};
use crate::schema::{self, Kind};
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
            Beside { account, answers: &settings.answers, expectations: &project.expectations, today: settings.today }
        })
        .collect();
    let Outcomes { mut files, mut portals } = each(&inputs, settings, &beside);
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
    report::report(inputs, checked, settings.with_edits)
}

/// What came of each file by itself, by the index of its input.
struct Outcomes {
    files: Vec<(usize, Checked)>,
    /// [`Facts::file`] is the input's index, too, until all files are known.
    portals: Vec<Facts>,
}

impl Outcomes {
    fn with_capacity(files: usize) -> Self {
        Self { files: Vec::with_capacity(files), portals: Vec::with_capacity(files) }
    }

    fn add(
        &mut self,
        inputs: &[Input],
        indices: impl Iterator<Item = usize>,
        settings: &Settings,
        beside: &[Beside<'_>],
    ) {
        let mut spare = Vec::new();
        for index in indices {
            let first = self.portals.len();
            // There is always the first.
            let beside = beside.get(inputs[index].project).unwrap_or(&beside[0]);
            let checked = one(&inputs[index], settings, *beside, &mut self.portals, &mut spare);
            self.portals[first..].iter_mut().for_each(|facts| facts.file = index);
            self.files.extend(checked.map(|checked| (index, checked)));
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
            });
        }
    });
    all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// One file: `None` when it was found by walking and is no portal. Its memory is left in `spare` for the next.
fn one(
    input: &Input,
    settings: &Settings,
    beside: Beside<'_>,
    portals: &mut Vec<Facts>,
    spare: &mut Vec<u8>,
) -> Option<Checked> {
    let limits = &settings.project(input).limits;
    let limit = limits.file_bytes;
    let source = match load::load(input, limit, std::mem::take(spare)) {
        Ok(source) => source,
        Err(trouble) => {
            // A walked file that is no text is no portal either, unless its name or its bytes say so.
            let no_text = matches!(trouble, Trouble::Utf16 | Trouble::NotUtf8 { .. } | Trouble::Nul { .. });
            let names_a_portal = || text_names_a_portal(&load::letters(input, limit), false);
            let said = match input.reason {
                Reason::Named(_) | Reason::Called => true,
                Reason::Found => !no_text || names_a_portal(),
                Reason::Beside { .. } | Reason::Own => false,
            };
            return said.then(|| unread(input, &trouble));
        }
    };
    let found = input.reason.is_by_content();
    if found && !text_names_a_portal(source.text(), true) {
        return None;
    }
    let parsed = document::parse(&source, limits);
    if found && !is_a_portal(&source, &parsed) {
        return None;
    }
    let checked = if matches!(input.reason, Reason::Beside { .. }) {
        compared(input, &parsed, settings, portals)
    } else {
        parsed_file(input, &source, &parsed, settings, beside, portals)
    };
    drop(parsed);
    *spare = source.into_bytes();
    Some(checked)
}

/// A file that others are compared with: nothing is said about it.
fn compared(input: &Input, parsed: &Parsed<'_>, settings: &Settings, facts: &mut Vec<Facts>) -> Checked {
    for (index, document) in parsed.documents.iter().enumerate() {
        if let Some(Ok(kind)) = kind_of(document, parsed.documents.len(), input.reason, settings) {
            facts.push(facts_of(&Portal::new(kind, Slot::root(document)), index, false));
        }
    }
    Checked::default()
}

fn is_a_portal(source: &Source, parsed: &Parsed<'_>) -> bool {
    let has_tree = parsed.documents.iter().any(|document| Slot::root(document).is_object() && !document.is_partial());
    parsed.documents.iter().any(names_a_portal) || (!has_tree && text_names_a_portal(source.text(), false))
}

fn parsed_file(
    input: &Input,
    source: &Source,
    parsed: &Parsed<'_>,
    settings: &Settings,
    beside: Beside<'_>,
    facts: &mut Vec<Facts>,
) -> Checked {
    // What is beyond the limits is not judged: what was read of it is an accident.
    let documents = if parsed.errors.iter().any(SyntaxError::is_limit) { &[] } else { &parsed.documents[..] };
    let is_outside = match input.reason {
        Reason::Named(Walk::Leaves) => true,
        Reason::Named(Walk::TakesAPortal) => !is_a_portal(source, parsed),
        _ => false,
    };
    let mut said = Said::default();
    let mut strangers = Vec::new();
    let mut first_kind = None;
    let (mut portals, mut outlines) = (0, Vec::new());
    for (index, document) in documents.iter().enumerate() {
        match kind_of(document, parsed.documents.len(), input.reason, settings) {
            Some(Ok(kind)) => {
                let portal = Portal::new(kind, Slot::root(document));
                check_portal(&portal, document, source, index, settings, beside, &mut said);
                facts.push(facts_of(&portal, index, is_outside));
                first_kind.get_or_insert(kind);
                portals += 1;
                if settings.with_outlines {
                    outlines.push(Outline::of(&portal, index));
                }
            }
            Some(Err(stranger)) => strangers.push((index, first_line(source, document), stranger)),
            None => {}
        }
    }
    if !parsed.errors.is_empty() {
        // Of a text that could not be read as it stands nobody knows what an edit would make of it.
        said.raised.iter_mut().for_each(|raised| raised.finding.fix = None);
    }
    let remarks = remarks(source, parsed);
    check_file(None, source, parsed, &remarks, &strangers, &mut said);
    let (raised, mut open) = (said.raised, said.open);
    // Many files make a run large.
    open.shrink_to_fit();
    let mut checked = Checked { kind: first_kind, portals, raised, open, listed: true, ..Checked::default() };
    // Of a decision that turns out to be of no use something will be said, and a service may say secrets again.
    let in_vain = checked.open.iter().any(|open| open.asked == Asked::InVain);
    if !checked.raised.is_empty() || !remarks.is_empty() || in_vain {
        let shown = show(&mut checked, source, parsed);
        shown.decisions = remarks.iter().filter_map(|remark| Decision::of_remark(remark, source)).collect();
    }
    if settings.with_outlines {
        outline(&mut checked, outlines, source, parsed, settings);
    }
    checked
}

/// What a document is to be checked as; `None` when there is nothing to say about it.
fn kind_of(
    document: &Document<'_>,
    documents: usize,
    reason: Reason,
    settings: &Settings,
) -> Option<Result<Kind, NotAPortal>> {
    let root = Slot::root(document);
    let nothing = matches!(root.value(), Some(Value::Null));
    let found = reason.is_by_content();
    if (nothing && documents > 1) || (found && documents > 1 && !names_a_portal(document)) {
        return None;
    }
    let recognised = recognise(document)?;
    match (recognised, settings.kind) {
        (_, Some(kind)) if root.is_object() => Some(Ok(kind)),
        // What was found by its content names a portal, and a tree with holes is no reason to say it is none.
        (Err(_), _) if document.is_partial() => None,
        (recognised, _) => Some(recognised),
    }
}

fn check_portal(
    portal: &Portal<'_>,
    document: &Document<'_>,
    source: &Source,
    index: usize,
    settings: &Settings,
    beside: Beside<'_>,
    said: &mut Said,
) {
    let verdict = schema::judge(document, portal.kind);
    let mut context = PortalContext::new(portal, source, index, &verdict, beside, said);
    for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
        if let Some(look) = rule.portal {
            context.run(rule.code, look);
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
    for rule in RULES {
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

/// Keeps what a preflight asks of the portals of a file.
fn outline(checked: &mut Checked, portals: Vec<Outline>, source: &Source, parsed: &Parsed<'_>, settings: &Settings) {
    let mut outlines = Outlines { portals, off: Vec::new() };
    let found = checked.shown.is_none().then(|| Secrets::find(source, parsed));
    if let Some(secrets) = checked.shown.as_ref().map(|shown| &shown.secrets).or(found.as_ref()) {
        for name in outlines.portals.iter_mut().filter_map(|portal| portal.name.as_mut()) {
            *name = secrets.cover(std::mem::take(name));
        }
    }
    outlines.off.extend(RULES.iter().filter(|rule| !settings.selection.takes(rule)).map(|rule| rule.code));
    checked.outlines = Some(Box::new(outlines));
}

/// The line a document starts with, for what is said about it as a whole.
fn first_line(source: &Source, document: &Document<'_>) -> Span {
    let Some(root) = document.root() else { return Span::default() };
    let start = document.node(root).span.start;
    let line = source.position(start).line as usize;
    let end = source.line(line).map_or(start, |line| line.end);
    Span { start, end: end.clamp(start, document.node(root).span.end.max(start)) }
}

fn facts_of(portal: &Portal<'_>, document: usize, is_outside: bool) -> Facts {
    let known = |slot: Slot<'_>| slot.known_text().filter(|_| !slot.is_blank()).map(Box::from);
    let name = portal.name;
    let object = portal.at("customer_filters");
    let lists = portal.filters();
    let filters = lists.iter().flat_map(|filter| {
        portal.filter_ids(filter).enumerate().filter_map(|(index, slot)| {
            Some(FilterFact { list: filter.list, index, id: slot.known_text()?.into(), span: slot.span() })
        })
    });
    // Whatever stands in a list is a filter, be it a good one or not.
    let none = lists.iter().all(|filter| match filter.slot.value() {
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
        None => filter.slot.is_missing() || object.is_missing(),
    });
    Facts {
        file: 0,
        is_outside,
        document,
        kind: portal.kind,
        name: known(name).map(|text| (text, name.span())),
        tracking_domain: known(portal.tracking_domain()).filter(|id| id.chars().count() == 20),
        filters: filters.collect(),
        unfiltered: (none && (object.is_missing() || object.is_object())).then(|| object.key_place().span),
    }
}
