//! From findings to the report: one defect once, severities, places as people count, secrets covered, order, counts.
//!
//! Nothing else makes a [`Diagnostic`]. How it looks is up to the renderers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::base::diagnostic::{
    Allowed, Applicability, Code, Diagnostic, Edit, FileRef, Finding, Fix, Label, LineRange, Scope, Severity,
};
use crate::base::file::InputFile;
use crate::base::source::{Source, Span, SpanSet};
use crate::model::portal::PortalSummary;
use crate::model::secrets::Secrets;
use crate::rules::context::{OmittedFindings, QueryStatus, RuleFinding, Unverified};
use crate::rules::metadata;
use crate::schema::Kind;
use crate::settings::suppressions::Suppression;

/// A file of the report.
#[derive(Debug)]
pub struct File {
    /// As it is shown.
    pub name: String,
    /// What the first portal in it is; `None` when there is none.
    pub kind: Option<Kind>,
    /// Whether the run is about it; it is not about other portals of the project and the linter's own files, which are
    /// here because something is said about them or points into them.
    pub listed: bool,
    /// The text, secrets covered; there when a diagnostic or a label points into the file.
    pub source: Option<Box<Source>>,
    /// The checks that could not be made, by document and code. Nearly all files of a run leave the same ones open, and share them.
    pub open: Arc<[Unverified]>,
    /// There only when the settings ask for them.
    pub outlines: Option<Box<PreflightFacts>>,
}

/// What a preflight asks of a file beside its findings.
#[derive(Debug)]
pub struct PreflightFacts {
    /// The portals in it, in their order; secrets covered.
    pub portals: Vec<PortalSummary>,
    /// The rules that were not asked about it.
    pub off: Vec<Code>,
}

/// Numbers of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files looked at.
    pub files: usize,
    /// Portals found in them.
    pub portals: usize,
    /// Diagnostics by severity.
    pub errors: usize,
    /// See `errors`.
    pub warnings: usize,
    /// See `errors`.
    pub advice: usize,
    /// Findings that a recorded decision allows.
    pub allowed: usize,
    /// Diagnostics with a safe fix.
    pub fixable: usize,
    /// Checks that could not be made.
    pub unverified: usize,
    /// Those of them that were asked for over the network and not completed.
    pub unanswered: usize,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Report {
    /// Those of the run, sorted by path; then those beside it.
    pub files: Vec<File>,
    /// Sorted by path, place and code.
    pub diagnostics: Vec<Diagnostic>,
    /// Numbers.
    pub summary: Summary,
    /// Some file could not be read at all: the job was not done.
    pub incomplete: bool,
    /// The names of the files that were found by walking and are templates in another language: they were not checked.
    pub templates: Vec<String>,
    /// Of each diagnostic the edits of its fix as they are to be made, secrets included. Never shown, and there only
    /// when the settings ask for them.
    pub edits: Vec<Option<Vec<Edit>>>,
}

impl Report {
    /// What nobody has allowed.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.allowed.is_none())
    }

    /// How many findings have a fix of this kind.
    pub fn fixable(&self, applicability: Applicability) -> usize {
        let fixes = self.findings().filter_map(|diagnostic| diagnostic.fix.as_ref());
        fixes.filter(|fix| fix.applicability == applicability).count()
    }

    /// The checks that could not be made and that nobody vouches for, with their files, by path, document and code.
    pub fn unverified(&self) -> impl Iterator<Item = (&File, &Unverified)> {
        let open = self.files.iter().flat_map(|file| file.open.iter().map(move |open| (file, open)));
        open.filter(|(_, open)| open.allowed().is_none())
    }

    /// The checks that were asked for over the network and not completed, as [`Report::unverified`] has them.
    pub fn not_completed(&self) -> impl Iterator<Item = (&File, &Unverified)> {
        self.unverified().filter(|(_, open)| open.query_status == QueryStatus::NoAnswer)
    }

    /// The exit code, 0 to 3 ("Exit codes" in `docs/design.md`).
    pub fn exit_code(&self, fail_on: Severity) -> u8 {
        self.exit_code_of(self.findings().any(|diagnostic| diagnostic.severity >= fail_on))
    }

    /// The same, when it is known whether the run failed: 2 wins over 1, 1 over 3.
    pub fn exit_code_of(&self, failed: bool) -> u8 {
        match failed {
            _ if self.incomplete => 2,
            true => 1,
            false if self.summary.unanswered > 0 => 3,
            false => 0,
        }
    }
}

/// A file as the check leaves it.
#[derive(Debug, Default)]
pub struct FileResult {
    /// See [`File::kind`].
    pub kind: Option<Kind>,
    /// How many portals it holds.
    pub portals: usize,
    /// What was said about it.
    pub raised: Vec<RuleFinding>,
    /// What could not be checked; see [`File::open`].
    pub open: Arc<[Unverified]>,
    /// Its text, when something is said about it. Most files have nothing said about them: they stay small.
    pub shown: Option<Box<MaskedSource>>,
    /// It could not be read at all.
    pub unread: bool,
    /// See [`File::listed`].
    pub listed: bool,
    /// See [`File::outlines`].
    pub outlines: Option<Box<PreflightFacts>>,
}

/// What can be shown of a file.
#[derive(Debug)]
pub struct MaskedSource {
    /// The text, secrets covered.
    pub source: Source,
    /// What must not be shown of it.
    pub secrets: Secrets,
    /// What its comments decide about the findings.
    pub decisions: Vec<Suppression>,
}

/// Makes the report of the files of a run, and of those beside it that something is said about. `with_edits`: see [`Report::edits`].
pub fn report(inputs: Vec<InputFile>, checked: Vec<FileResult>, with_edits: bool) -> Report {
    let mut report = Report::default();
    let mut found: Vec<(Diagnostic, Option<Vec<Edit>>)> = Vec::new();
    for (index, file) in checked.iter().enumerate() {
        report.incomplete |= file.unread;
        report.summary.portals += file.portals;
        for raised in dedup_findings(&file.raised) {
            let wanted = with_edits && raised.allowed.is_none();
            let edits = raised.finding.fix.as_ref().filter(|_| wanted).map(|fix| fix.edits.clone());
            found.push((diagnostic(raised, index, &checked), edits));
        }
    }
    // By name, for files that stand beside the run come behind it.
    let name = |one: &Diagnostic| inputs[one.file].name.as_str();
    found.sort_by(|(a, _), (b, _)| (name(a), order(a)).cmp(&(name(b), order(b))));
    (report.diagnostics, report.edits) = found.into_iter().unzip();
    for diagnostic in &report.diagnostics {
        *match diagnostic.severity {
            _ if diagnostic.allowed.is_some() => &mut report.summary.allowed,
            Severity::Error => &mut report.summary.errors,
            Severity::Warning => &mut report.summary.warnings,
            Severity::Advice => &mut report.summary.advice,
        } += 1;
    }
    report.summary.fixable = report.fixable(Applicability::Safe);
    report.summary.files = checked.iter().filter(|file| file.listed).count();
    report.files = checked
        .into_iter()
        .zip(inputs)
        .map(|(mut file, input)| {
            let order = |open: &Unverified| (open.document, open.code);
            if !file.open.is_sorted_by_key(order) {
                Arc::make_mut(&mut file.open).sort_by_key(order);
            }
            if let Some(shown) = file.shown.as_ref().filter(|_| file.open.iter().any(Unverified::has_specific_reason)) {
                for open in Arc::make_mut(&mut file.open) {
                    open.map_specific_reason(|reason| shown.secrets.mask(reason));
                }
            }
            let FileResult { kind, listed, shown, open, outlines, .. } = file;
            File { name: input.name, kind, listed, source: shown.map(|shown| Box::new(shown.source)), open, outlines }
        })
        .collect();
    let count = |(all, unanswered), open: &Unverified| {
        (all + 1, unanswered + usize::from(open.query_status == QueryStatus::NoAnswer))
    };
    (report.summary.unverified, report.summary.unanswered) =
        report.unverified().fold((0, 0), |counted, (_, open)| count(counted, open));
    report
}

fn order(diagnostic: &Diagnostic) -> (u32, Code, u32, &str) {
    let region = diagnostic.region;
    (region.start.offset, diagnostic.code, region.end.offset, &diagnostic.pointer)
}

/// Leaves out what another finding says or explains already.
fn dedup_findings(raised: &[RuleFinding]) -> Vec<&RuleFinding> {
    if raised.is_empty() {
        return Vec::new();
    }
    let mut by_priority: Vec<&RuleFinding> = raised.iter().collect();
    by_priority.sort_by_key(|raised| metadata(raised.code).priority);
    let mut kept: Vec<&RuleFinding> = Vec::new();
    let mut taken: HashMap<(usize, &str), SpanSet> = HashMap::new();
    let mut said: HashSet<(usize, Code, Span, &str)> = HashSet::new();
    for one in by_priority {
        let Finding { location, scope, message, .. } = &one.finding;
        // The same sentence about the same bytes, reached through a YAML alias.
        if !said.insert((one.document, one.code, location.span, message)) {
            continue;
        }
        if *scope == Scope::InvalidValue {
            let spans = taken.entry((one.document, &location.pointer)).or_default();
            if spans.touching(location.span).any(|span| span.overlaps(location.span)) {
                continue;
            }
            spans.insert(location.span);
        }
        kept.push(one);
    }
    let explained: HashSet<(usize, &str)> = kept
        .iter()
        .flat_map(|one| one.finding.subsumes.iter().map(|pointer| (one.document, pointer.as_str())))
        .collect();
    kept.retain(|one| !explained.contains(&(one.document, one.finding.location.pointer.as_str())));
    kept
}

fn diagnostic(raised: &RuleFinding, file: usize, checked: &[FileResult]) -> Diagnostic {
    let Finding { location, message, label, help, notes, severity, fix, .. } = &raised.finding;
    let home = |home: FileRef| if let FileRef::File(other) = home { other } else { file };
    let secrets_of = |file: usize| checked[file].shown.as_ref().map(|shown| &shown.secrets);
    let secrets = secrets_of(file);
    // A sentence may show what stands in another file, too.
    let others = || notes.iter().map(|note| home(note.file)).filter(|other| *other != file).filter_map(secrets_of);
    let cover = |text: &String| secrets.into_iter().chain(others()).fold(text.clone(), |text, one| one.mask(text));
    let labels = notes.iter().map(|note| {
        let other = home(note.file);
        Label { file: other, region: region(&checked[other], note.span), message: cover(&note.message) }
    });
    Diagnostic {
        code: raised.code,
        severity: severity.unwrap_or_else(|| metadata(raised.code).severity()),
        file,
        document: raised.document,
        pointer: cover(&location.pointer),
        region: region(&checked[file], location.span),
        message: cover(message) + &and_more(raised.omitted),
        label: label.as_ref().map(cover),
        help: cover(help),
        labels: labels.collect(),
        fix: fix.as_ref().map(|fix| secrets.map_or_else(|| fix.clone(), |secrets| covered(fix, secrets))),
        allowed: raised.allowed.as_deref().map(|allowed| Allowed { reason: cover(&allowed.reason), ..allowed.clone() }),
        omitted: raised.omitted.count,
    }
}

/// What follows the last finding of a text that is shown, in words.
fn and_more(omitted: OmittedFindings) -> String {
    match (omitted.count, omitted.is_lower_bound) {
        (0, false) => String::new(),
        (0, true) => " (and perhaps more)".to_owned(),
        (number, false) => format!(" (and {number} more)"),
        (number, true) => format!(" (and at least {number} more)"),
    }
}

fn covered(fix: &Fix, secrets: &Secrets) -> Fix {
    let edits = fix.edits.iter();
    let edits =
        edits.map(|edit| Edit { span: edit.span, replacement: secrets.mask_replacement(edit.span, &edit.replacement) });
    let edits: Vec<Edit> = edits.collect();
    let masked = edits != fix.edits;
    Fix { applicability: fix.applicability, message: secrets.mask(fix.message.clone()), edits, masked }
}

fn region(file: &FileResult, span: Span) -> LineRange {
    let position = |offset| file.shown.as_ref().map(|shown| shown.source.position(offset));
    LineRange { start: position(span.start).unwrap_or_default(), end: position(span.end).unwrap_or_default() }
}
