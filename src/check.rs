//! The one door: files and settings in, the report out. Everything that lints comes through here.
//!
//! Each file is read, parsed, recognised and checked by itself, several at once; only its findings and the few facts that
//! other files are compared with outlive it. Then the rules that look across files run, and the report is made.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::discover::{Input, Origin, Reason, trouble};
use crate::document::slot::Slot;
use crate::document::{self, Document, Parsed, SyntaxError, Value};
use crate::portal::{NotAPortal, Portal, names_a_portal, recognise, text_names_a_portal};
use crate::report::{self, Checked, Report, Shown};
use crate::rules::RULES;
use crate::rules::context::{Facts, FileContext, FilterFact, PortalContext, ProjectContext, Said, Trouble};
use crate::schema::{self, Kind};
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::source::{Format, Source, Span};

/// Checks the files of a run. `inputs` are sorted by name ([`crate::discover::sort`]).
pub fn check(inputs: &[Input], settings: &Settings) -> Report {
    let mut outcomes = each(inputs, settings);
    outcomes.sort_by_key(|(index, _, _)| *index);
    let mut files = Vec::with_capacity(outcomes.len());
    let mut portals = Vec::with_capacity(outcomes.len());
    // Collected where the outcomes stood: for many files this is what memory goes to.
    let keep = |(index, checked, facts): Outcome| {
        portals.extend(facts.into_iter().map(|facts| Facts { file: files.len(), ..facts }));
        files.push(&inputs[index]);
        checked
    };
    let mut checked: Vec<Checked> = outcomes.into_iter().map(keep).collect();
    across(&portals, &files, &mut checked, settings);
    report::report(checked)
}

type Outcome = (usize, Checked, Vec<Facts>);

/// Every file by itself. A few files are done at once; for more it pays to start threads.
fn each(inputs: &[Input], settings: &Settings) -> Vec<Outcome> {
    const FEW: usize = 16;
    let one = |index: usize| {
        let (checked, facts) = one(&inputs[index], settings)?;
        Some((index, checked, facts))
    };
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if inputs.len() < FEW { 1 } else { settings.threads.unwrap_or_else(processors) };
    if threads <= 1 {
        return (0..inputs.len()).filter_map(one).collect();
    }
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Vec::with_capacity(inputs.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(inputs.len()) {
            scope.spawn(|| {
                let indices = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                let mut mine: Vec<Outcome> = Vec::with_capacity(inputs.len() / threads + FEW);
                mine.extend(indices.take_while(|index| *index < inputs.len()).filter_map(one));
                all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(mine);
            });
        }
    });
    all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// One file: `None` when it was found by walking and is no portal.
fn one(input: &Input, settings: &Settings) -> Option<(Checked, Vec<Facts>)> {
    let source = match load(input, settings) {
        Ok(source) => source,
        Err(trouble) => {
            // A walked file that is no text is no portal either, unless its name or its bytes say so.
            let is_text = matches!(trouble, Trouble::Forbidden | Trouble::Io(_) | Trouble::TooLarge { .. });
            let said = input.reason != Reason::Found || is_text || bytes_name_a_portal(input, settings);
            return said.then(|| (unread(input, &trouble), Vec::new()));
        }
    };
    let found = input.reason == Reason::Found;
    if found && !text_names_a_portal(source.text(), true) {
        return None;
    }
    let parsed = document::parse(&source, &settings.limits);
    if found && !is_a_portal(&source, &parsed) {
        return None;
    }
    Some(parsed_file(input, &source, &parsed, settings))
}

/// Whether a file in another encoding names a portal's keys: they are ASCII, in UTF-16 with a zero beside each letter.
fn bytes_name_a_portal(input: &Input, settings: &Settings) -> bool {
    let bytes = match &input.origin {
        Origin::Disk(path) => read(path, settings.limits.file_bytes).unwrap_or_default(),
        Origin::Memory(bytes) => bytes.clone(),
        Origin::Nowhere(_) => Vec::new(),
    };
    let ascii: String = bytes.into_iter().filter(|byte| *byte != 0).filter(u8::is_ascii).map(char::from).collect();
    text_names_a_portal(&ascii, false)
}

fn is_a_portal(source: &Source, parsed: &Parsed<'_>) -> bool {
    let has_tree = parsed.documents.iter().any(|document| Slot::root(document).is_object() && !document.is_partial());
    parsed.documents.iter().any(names_a_portal) || (!has_tree && text_names_a_portal(source.text(), false))
}

fn parsed_file(input: &Input, source: &Source, parsed: &Parsed<'_>, settings: &Settings) -> (Checked, Vec<Facts>) {
    // What is beyond the limits is not judged: what was read of it is an accident.
    let documents = if parsed.errors.iter().any(SyntaxError::is_limit) { &[] } else { &parsed.documents[..] };
    let mut said = Said::default();
    let mut facts = Vec::with_capacity(documents.len());
    let mut strangers = Vec::new();
    let mut first_kind = None;
    let mut portals = 0;
    for (index, document) in documents.iter().enumerate() {
        match kind_of(document, parsed.documents.len(), input.reason, settings) {
            Some(Ok(kind)) => {
                let portal = Portal::new(kind, Slot::root(document));
                check_portal(&portal, document, source, index, settings, &mut said);
                facts.push(facts_of(&portal, index));
                first_kind.get_or_insert(kind);
                portals += 1;
            }
            Some(Err(stranger)) => strangers.push((index, first_line(source, document), stranger)),
            None => {}
        }
    }
    check_file(None, source, parsed, &strangers, &mut said);
    let mut checked = Checked {
        name: input.name.clone(),
        kind: first_kind,
        portals,
        raised: said.raised,
        open: said.open,
        ..Checked::default()
    };
    if !checked.raised.is_empty() {
        show(&mut checked, source, parsed);
    }
    (checked, facts)
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
    if (nothing && documents > 1) || (reason == Reason::Found && documents > 1 && !names_a_portal(document)) {
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
    said: &mut Said,
) {
    let violations = schema::violations(document, portal.kind);
    let mut context = PortalContext::new(portal, source, index, &violations, said);
    for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
        if let Some(look) = rule.portal {
            context.run(rule.code, look);
        }
    }
}

fn check_file(
    trouble: Option<&Trouble>,
    source: &Source,
    parsed: &Parsed<'_>,
    strangers: &[(usize, Span, NotAPortal)],
    said: &mut Said,
) {
    for rule in RULES {
        if let Some(look) = rule.file {
            look(&mut FileContext { trouble, source, errors: &parsed.errors, strangers, code: rule.code, said });
        }
    }
}

fn unread(input: &Input, trouble: &Trouble) -> Checked {
    let mut said = Said::default();
    let source = Source::new(input.name.as_str(), "", Format::Json);
    check_file(Some(trouble), &source, &Parsed::default(), &[], &mut said);
    // The contract: a size limit and what is wrong inside a file that could be read fail the run, they do not break it.
    let broken = matches!(trouble, Trouble::Missing | Trouble::Forbidden | Trouble::NotAFile(_) | Trouble::Io(_));
    Checked {
        name: input.name.clone(),
        raised: said.raised,
        shown: Some(Box::new(Shown { source, secrets: Secrets::default() })),
        unread: broken,
        ..Checked::default()
    }
}

/// Keeps the text of a file that something is said about, its secrets covered.
fn show(checked: &mut Checked, source: &Source, parsed: &Parsed<'_>) {
    let secrets = Secrets::find(source, parsed);
    checked.shown = Some(Box::new(Shown { source: secrets.cover_source(source), secrets }));
}

/// The line a document starts with, for what is said about it as a whole.
fn first_line(source: &Source, document: &Document<'_>) -> Span {
    let Some(root) = document.root() else { return Span::default() };
    let start = document.node(root).span.start;
    let line = source.position(start).line as usize;
    let end = source.line(line).map_or(start, |line| line.end);
    Span { start, end: end.clamp(start, document.node(root).span.end.max(start)) }
}

fn load(input: &Input, settings: &Settings) -> Result<Source, Trouble> {
    let bytes = match &input.origin {
        Origin::Nowhere(trouble) => return Err(trouble.clone()),
        Origin::Memory(bytes) => within(bytes.clone(), settings.limits.file_bytes)?,
        Origin::Disk(path) => read(path, settings.limits.file_bytes)?,
    };
    let text = decode(bytes)?;
    let format = Format::of_name(&input.name).unwrap_or_else(|| Format::of_text(&text));
    Ok(Source::new(input.name.as_str(), text, format))
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Trouble> {
    let mut file = File::open(path).map_err(|error| trouble(&error))?;
    let bytes = file.metadata().map_err(|error| trouble(&error))?.len();
    if bytes > limit {
        return Err(Trouble::TooLarge { bytes, limit });
    }
    // Told its size, a file is read in one go and not asked whether there is more.
    let mut content = vec![0; usize::try_from(bytes).unwrap_or(0)];
    let whole = !content.is_empty() && (&file).read(&mut content).map_err(|error| trouble(&error))? == content.len();
    if whole {
        return Ok(content);
    }
    content.clear();
    file.rewind().map_err(|error| trouble(&error))?;
    file.take(limit + 1).read_to_end(&mut content).map_err(|error| trouble(&error))?;
    within(content, limit)
}

fn within(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, Trouble> {
    let length = bytes.len() as u64;
    if length > limit { Err(Trouble::TooLarge { bytes: length, limit }) } else { Ok(bytes) }
}

fn decode(bytes: Vec<u8>) -> Result<String, Trouble> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Trouble::Utf16);
    }
    match memchr::memchr(0, &bytes) {
        // The first character of JSON or YAML is ASCII: a zero beside it is its other half.
        Some(0 | 1) if matches!(bytes[..], [0, letter, ..] | [letter, 0, ..] if letter >= b' ') => {
            return Err(Trouble::Utf16);
        }
        Some(offset) => return Err(Trouble::Nul { offset }),
        None => {}
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let line = 1 + memchr::memchr_iter(b'\n', &error.as_bytes()[..offset]).count();
        Trouble::NotUtf8 { offset, line }
    })
}

fn facts_of(portal: &Portal<'_>, document: usize) -> Facts {
    let known = |slot: Slot<'_>| slot.known_text().filter(|text| !text.trim().is_empty()).map(Box::from);
    let name = portal.at("name");
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
        document,
        kind: portal.kind,
        name: known(name).map(|text| (text, name.span())),
        tracking_domain: known(portal.tracking_domain()).filter(|id| id.chars().count() == 20),
        filters: filters.collect(),
        unfiltered: (none && (object.is_missing() || object.is_object())).then(|| object.key_place().span),
    }
}

/// The rules that look across files. Files that were not kept and are spoken of now are read again.
fn across(portals: &[Facts], inputs: &[&Input], checked: &mut [Checked], settings: &Settings) {
    let (mut raised, mut open) = (Vec::new(), Vec::new());
    for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
        if let Some(look) = rule.project {
            look(&mut ProjectContext { portals, code: rule.code, raised: &mut raised, open: &mut open });
        }
    }
    for (file, one) in raised {
        let others: Vec<usize> = one.finding.notes.iter().filter_map(|note| note.file).collect();
        for shown in others.into_iter().chain([file]).filter(|file| checked[*file].shown.is_none()).collect::<Vec<_>>()
        {
            if let Ok(source) = load(inputs[shown], settings) {
                let parsed = document::parse(&source, &settings.limits);
                show(&mut checked[shown], &source, &parsed);
            }
        }
        checked[file].raised.push(one);
    }
    for (file, one) in open {
        checked[file].open.push(one);
    }
}
