//! The report of a run, and how it is built from the results of the files: findings are deduplicated, sorted and converted to
//! [`Diagnostic`]s with line positions, severities and masked secrets.
//!
//! Only this module creates [`Diagnostic`]s. The renderers decide how they look.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::base::diagnostic::{
    Allowed, Applicability, Code, Diagnostic, Edit, FileRef, Finding, Fix, Label, LineRange, Scope, Severity,
};
use crate::base::file::InputFile;
use crate::base::source::{Position, Source, Span, SpanSet};
use crate::model::portal::PortalSummary;
use crate::model::secrets::Secrets;
use crate::rules::context::{OmittedFindings, QueryStatus, RuleFinding, Unverified};
use crate::rules::metadata;
use crate::schema::PortalKind;
use crate::settings::suppressions::Suppression;

/// A file of the report.
#[derive(Debug)]
pub struct ReportFile {
    /// Its display name: a relative path separated by `/`, or what standard input is called.
    pub name: String,
    /// The kind of the first portal in the file; `None` if it contains none.
    pub kind: Option<PortalKind>,
    /// Whether the run checks this file. Other portals of the project, settings files and account snapshots are not in scope:
    /// they are part of the report only when a diagnostic or a label points into them.
    pub in_scope: bool,
    /// The text with masked secrets, if a diagnostic or a label points into the file.
    pub source: Option<Box<Source>>,
    /// The checks that could not be made, by document and code, including those that a suppression allows. Shared, because most
    /// files of a run have the same ones.
    pub unverified: Arc<[Unverified]>,
    /// The data for the preflight checklists, if [`crate::settings::Settings::with_preflight_facts`] is set.
    pub preflight_facts: Option<Box<PreflightFacts>>,
}

/// What the preflight checklists need to know about a file besides its findings.
#[derive(Debug)]
pub struct PreflightFacts {
    /// The portals of the file, in document order, with masked secrets.
    pub portals: Vec<PortalSummary>,
    /// The rules that did not run on the file.
    pub disabled_rules: Vec<Code>,
}

/// Counts of files, findings and checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Checked files.
    pub files: usize,
    /// Portals in these files.
    pub portals: usize,
    /// Errors that no suppression allows.
    pub errors: usize,
    /// Warnings that no suppression allows.
    pub warnings: usize,
    /// Advice that no suppression allows.
    pub advice: usize,
    /// Findings that a suppression allows.
    pub allowed: usize,
    /// Findings with a safe fix.
    pub fixable: usize,
    /// Checks that could not be made and that no suppression allows.
    pub unverified: usize,
    /// Checks among `unverified` whose network query was not answered.
    pub unanswered: usize,
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// The files of the run and the context files, sorted by name, followed by account snapshots and settings files.
    pub files: Vec<ReportFile>,
    /// The diagnostics, sorted by file name, position and code.
    pub diagnostics: Vec<Diagnostic>,
    /// Counts of files, findings and checks.
    pub summary: Summary,
    /// Whether the system failed to read a file (missing, no permission), so that not everything was checked.
    pub incomplete: bool,
    /// The names of the files that a folder walk found and that are templates of another language. They are not checked.
    pub templates: Vec<String>,
    /// For each diagnostic the edits of its fix, with unmasked secrets; empty unless
    /// [`crate::settings::Settings::with_edits`] is set. Never print them.
    pub edits: Vec<Option<Vec<Edit>>>,
}

impl Report {
    /// Returns the diagnostics that no suppression allows.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.allowed.is_none())
    }

    /// Counts the findings that have a fix of this applicability.
    pub fn fixable(&self, applicability: Applicability) -> usize {
        let fixes = self.findings().filter_map(|diagnostic| diagnostic.fix.as_ref());
        fixes.filter(|fix| fix.applicability == applicability).count()
    }

    /// Returns the checks that could not be made and that no suppression allows, with their files, sorted by file name,
    /// document and code.
    pub fn unverified(&self) -> impl Iterator<Item = (&ReportFile, &Unverified)> {
        let checks = self.files.iter().flat_map(|file| file.unverified.iter().map(move |check| (file, check)));
        checks.filter(|(_, check)| check.allowed().is_none())
    }

    /// Returns the checks of [`Report::unverified`] whose network query was not answered.
    pub fn not_completed(&self) -> impl Iterator<Item = (&ReportFile, &Unverified)> {
        self.unverified().filter(|(_, check)| check.query_status == QueryStatus::NoAnswer)
    }

    /// Returns the exit code of a run that fails from the severity `fail_on` on. See "Exit codes" in `docs/design.md`.
    pub fn exit_code(&self, fail_on: Severity) -> u8 {
        self.exit_code_if(self.findings().any(|diagnostic| diagnostic.severity >= fail_on))
    }

    /// Returns the exit code when the caller knows whether the run `failed`: 2 if the report is incomplete, else 1 if it
    /// failed, else 3 if a network query was not answered, else 0.
    pub fn exit_code_if(&self, failed: bool) -> u8 {
        if self.incomplete {
            2
        } else if failed {
            1
        } else if self.summary.unanswered > 0 {
            3
        } else {
            0
        }
    }
}

/// The result of checking one file.
#[derive(Debug, Default)]
pub struct FileResult {
    /// See [`ReportFile::kind`].
    pub kind: Option<PortalKind>,
    /// The number of portals in the file.
    pub portal_count: usize,
    /// The findings of the rules.
    pub findings: Vec<RuleFinding>,
    /// See [`ReportFile::unverified`].
    pub unverified: Arc<[Unverified]>,
    /// The masked text, if reports may need it: for findings, allow comments and unanswered queries. Boxed because most files have none: a run keeps one result for each file.
    pub masked: Option<Box<MaskedSource>>,
    /// Whether the system failed to read the file.
    pub is_unread: bool,
    /// See [`ReportFile::in_scope`].
    pub in_scope: bool,
    /// See [`ReportFile::preflight_facts`].
    pub preflight_facts: Option<Box<PreflightFacts>>,
}

/// The text of a file as reports may show it.
#[derive(Debug)]
pub struct MaskedSource {
    /// The text with masked secrets. Masking does not change the length, so all positions stay valid.
    pub source: Source,
    /// The secrets of the file, for masking messages that quote it.
    pub secrets: Secrets,
    /// The suppressions in the comments of the file.
    pub suppressions: Vec<Suppression>,
}

/// Builds the report from the results of the files, which have the same indices as `inputs`. `with_edits` fills
/// [`Report::edits`].
pub fn build_report(inputs: Vec<InputFile>, results: Vec<FileResult>, with_edits: bool) -> Report {
    let mut report = Report::default();
    (report.diagnostics, report.edits) = sorted_diagnostics(&inputs, &results, with_edits);
    for diagnostic in &report.diagnostics {
        let summary = &mut report.summary;
        let counter = match diagnostic.severity {
            _ if diagnostic.allowed.is_some() => &mut summary.allowed,
            Severity::Error => &mut summary.errors,
            Severity::Warning => &mut summary.warnings,
            Severity::Advice => &mut summary.advice,
        };
        *counter += 1;
    }
    report.summary.fixable = report.fixable(Applicability::Safe);
    for (input, result) in inputs.into_iter().zip(results) {
        report.incomplete |= result.is_unread;
        report.summary.portals += result.portal_count;
        report.summary.files += usize::from(result.in_scope);
        report.files.push(to_report_file(input, result));
    }
    report.summary.unverified = report.unverified().count();
    report.summary.unanswered = report.not_completed().count();
    report
}

/// Converts the findings of all files to diagnostics, each with the edits of its fix if `with_edits` is set.
fn sorted_diagnostics(
    inputs: &[InputFile],
    results: &[FileResult],
    with_edits: bool,
) -> (Vec<Diagnostic>, Vec<Option<Vec<Edit>>>) {
    let mut diagnostics: Vec<(Diagnostic, Option<Vec<Edit>>)> = Vec::new();
    for (index, result) in results.iter().enumerate() {
        for rule_finding in dedup_findings(&result.findings) {
            let fix = rule_finding.finding.fix.as_ref();
            // An allowed finding is right as it is: its fix must not be applied.
            let edits = fix.filter(|_| with_edits && rule_finding.allowed.is_none()).map(|fix| fix.edits.clone());
            diagnostics.push((to_diagnostic(rule_finding, index, results), edits));
        }
    }
    // Compare names, not indices: account snapshots and settings files are appended at the end.
    let sort_key = |diagnostic: &Diagnostic| {
        let Diagnostic { file, region, code, .. } = *diagnostic;
        (inputs[file].name.as_str(), region.start.offset, code, region.end.offset)
    };
    diagnostics.sort_by(|(a, _), (b, _)| sort_key(a).cmp(&sort_key(b)).then_with(|| a.pointer.cmp(&b.pointer)));
    diagnostics.into_iter().unzip()
}

fn to_report_file(input: InputFile, result: FileResult) -> ReportFile {
    let FileResult { kind, in_scope, masked, mut unverified, preflight_facts, .. } = result;
    let sort_key = |check: &Unverified| (check.document, check.code);
    // `make_mut` copies the shared list. Avoid that where nothing changes: this is nearly every file of a large run.
    if !unverified.is_sorted_by_key(sort_key) {
        Arc::make_mut(&mut unverified).sort_by_key(sort_key);
    }
    // Only a reason that was worded for this file can quote a secret of it, such as the response of a service.
    if let Some(masked) = masked.as_ref().filter(|_| unverified.iter().any(Unverified::has_specific_reason)) {
        for check in Arc::make_mut(&mut unverified) {
            check.map_specific_reason(|reason| masked.secrets.mask(reason));
        }
    }
    let source = masked.map(|masked| Box::new(masked.source));
    ReportFile { name: input.name, kind, in_scope, source, unverified, preflight_facts }
}

/// Removes findings that repeat another one, and those that another finding already explains. Suppressions are
/// applied before, and make no difference here: an allowed finding also removes findings of other rules that are not allowed.
fn dedup_findings(findings: &[RuleFinding]) -> Vec<&RuleFinding> {
    if findings.is_empty() {
        return Vec::new();
    }
    let mut by_priority: Vec<&RuleFinding> = findings.iter().collect();
    by_priority.sort_by_key(|rule_finding| metadata(rule_finding.code).priority);
    let mut remaining: Vec<&RuleFinding> = Vec::new();
    let mut invalid_values: HashMap<(usize, &str), SpanSet> = HashMap::new();
    let mut seen: HashSet<(usize, Code, Span, &str)> = HashSet::new();
    for rule_finding in by_priority {
        let Finding { location, scope, message, .. } = &rule_finding.finding;
        // Two YAML aliases of the same anchor lead to the same finding at the same bytes.
        if !seen.insert((rule_finding.document, rule_finding.code, location.span, message)) {
            continue;
        }
        // Of several rules that call the same value unusable, only the first in order of priority reports it.
        if *scope == Scope::InvalidValue {
            let spans = invalid_values.entry((rule_finding.document, &location.pointer)).or_default();
            if spans.touching(location.span).any(|span| span.overlaps(location.span)) {
                continue;
            }
            spans.insert(location.span);
        }
        remaining.push(rule_finding);
    }
    // A subsumed value is missing, so every other finding at its pointer is about its absence.
    let mut subsumed: HashSet<(usize, &str)> = HashSet::new();
    for rule_finding in &remaining {
        subsumed.extend(rule_finding.finding.subsumes.iter().map(|pointer| (rule_finding.document, pointer.as_str())));
    }
    remaining.retain(|rule_finding| {
        !subsumed.contains(&(rule_finding.document, rule_finding.finding.location.pointer.as_str()))
    });
    remaining
}

fn to_diagnostic(rule_finding: &RuleFinding, file: usize, results: &[FileResult]) -> Diagnostic {
    let Finding { location, message, label, help, notes, severity, fix, .. } = &rule_finding.finding;
    let mut labels = Vec::new();
    let mut mask = Mask::default();
    mask.add_secrets_of(&results[file]);
    for note in notes {
        if let FileRef::File(other) = note.file
            && other != file
        {
            // A message can quote the other file as well: "the same name as in b.json".
            mask.add_secrets_of(&results[other]);
        }
    }
    for note in notes {
        let note_file = match note.file {
            FileRef::File(other) => other,
            // `AccountSnapshot::add_to_report` has replaced all references to the account by the index of the snapshot.
            FileRef::SameFile | FileRef::Account => file,
        };
        let region = to_line_range(&results[note_file], note.span);
        labels.push(Label { file: note_file, region, message: mask.apply(&note.message) });
    }
    let allowed = rule_finding.allowed.as_deref();
    Diagnostic {
        code: rule_finding.code,
        severity: severity.unwrap_or_else(|| metadata(rule_finding.code).severity()),
        file,
        document: rule_finding.document,
        pointer: mask.apply(&location.pointer),
        region: to_line_range(&results[file], location.span),
        message: mask.apply(message) + &describe_omitted(rule_finding.omitted),
        label: label.as_ref().map(|label| mask.apply(label)),
        help: mask.apply(help),
        labels,
        fix: fix.as_ref().map(|fix| mask_fix(fix, &results[file])),
        allowed: allowed.map(|allowed| Allowed { reason: mask.apply(&allowed.reason), ..allowed.clone() }),
        omitted: rule_finding.omitted.count,
    }
}

/// Masks the secrets of the files that a finding is about.
#[derive(Default)]
struct Mask<'a>(Vec<&'a Secrets>);

impl<'a> Mask<'a> {
    fn add_secrets_of(&mut self, result: &'a FileResult) {
        self.0.extend(result.masked.as_ref().map(|masked| &masked.secrets));
    }

    fn apply(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secrets in &self.0 {
            masked = secrets.mask(masked);
        }
        masked
    }
}

/// Describes the findings that were only counted, as the end of a message.
fn describe_omitted(omitted: OmittedFindings) -> String {
    match (omitted.count, omitted.is_lower_bound) {
        (0, false) => String::new(),
        (0, true) => " (and perhaps more)".to_owned(),
        (number, false) => format!(" (and {number} more)"),
        (number, true) => format!(" (and at least {number} more)"),
    }
}

fn mask_fix(fix: &Fix, result: &FileResult) -> Fix {
    let Some(secrets) = result.masked.as_ref().map(|masked| &masked.secrets) else { return fix.clone() };
    let mut edits = fix.edits.clone();
    for edit in &mut edits {
        edit.replacement = secrets.mask_replacement(edit.span, &edit.replacement);
    }
    // Applying a masked edit would write asterisks into the file, so consumers must be able to tell.
    let masked = edits != fix.edits;
    Fix { applicability: fix.applicability, message: secrets.mask(fix.message.clone()), edits, masked }
}

/// Converts a span to lines and columns.
fn to_line_range(result: &FileResult, span: Span) -> LineRange {
    let Some(source) = result.masked.as_ref().map(|masked| &masked.source) else {
        // The file could not be read again after its check (see `cross_file`).
        return LineRange { start: Position::default(), end: Position::default() };
    };
    LineRange { start: source.position(span.start), end: source.position(span.end) }
}
