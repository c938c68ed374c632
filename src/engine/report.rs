//! The report of a run, and how it is built from the results of the files: findings are deduplicated, sorted and converted to
//! [`Diagnostic`]s with line positions, severities and masked secrets. Only this module creates them; the renderers decide how they look.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::base::diagnostic::{
    Allowed, Applicability, Code, DOCUMENT_OPTION, Diagnostic, FileRef, Finding, Fix, IF_INTENDED, Label, LineRange,
    Location, RelatedLocation, Severity, THIS_FILE,
};
use crate::base::file::{FileId, TextKind};
use crate::base::shell_word::{FILE, shell_word, shell_word_or};
use crate::base::source::{Format, Source};
use crate::base::steps::count_steps;
use crate::engine::account_portals::AccountPortals;
use crate::engine::dedup_findings::dedup_findings;
use crate::engine::file_result::{FileResult, FileResults};
pub use crate::engine::file_result::{PreflightFacts, ReportPortal};
pub use crate::engine::orphans::Orphan;
use crate::engine::sources::Sources;
pub use crate::engine::summary::Summary;
use crate::model::portal::Body;
use crate::model::secrets::{Secrets, mask_all};
use crate::rules::context::{OmittedFindings, QueryStatus, RuleFinding, Unverified};
use crate::rules::metadata;
use crate::rules::metadata::RuleMeta;
use crate::rules::wording::document_option;
use crate::schema::PortalKind;
use crate::syntax::Parsed;

/// A file of the report.
#[derive(Debug)]
pub struct ReportFile {
    /// Identifies the file in diagnostics and labels.
    pub id: FileId,
    /// Its display name: a relative path separated by `/`, or the name of standard input.
    pub name: String,
    /// Its path; `None` for a text without a file.
    pub path: Option<PathBuf>,
    /// The kind of the first portal in the file; `None` if it contains none.
    pub kind: Option<PortalKind>,
    /// Whether the run checks this file. Others are in the report only if a diagnostic or a label points into them.
    pub in_scope: bool,
    /// Whether the system failed to read the file (missing, no permission).
    pub is_unread: bool,
    /// The text with masked secrets, if a diagnostic or a label points into the file.
    pub source: Option<Box<Source>>,
    /// The checks that could not be made, by document and code, including those that a suppression allows.
    pub unverified: Vec<Unverified>,
    /// The portals of the file, in document order, if [`crate::settings::Settings::with_preflight_facts`] is set.
    pub portals: Box<[ReportPortal]>,
    /// The data about the check for the preflight checklists, if [`crate::settings::Settings::with_preflight_facts`] is set.
    pub preflight_facts: Option<Box<PreflightFacts>>,
    /// The names in the account of the IDs in the file, with masked secrets; empty without [`ReportFile::tree`].
    pub id_names: BTreeMap<String, String>,
    /// The tree of a file in scope, if [`crate::settings::Settings::with_trees`] is set.
    pub tree: Option<Box<Parsed<'static>>>,
    /// The values that should be portals, by document; empty without [`ReportFile::tree`].
    pub(crate) bodies: Vec<Body>,
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
    /// The number of files that the system failed to read (missing, no permission), so that not everything was checked.
    pub unread_files: usize,
    /// The names of the files that a folder walk found and that are templates of another language. They are not checked.
    pub templates: Vec<String>,
    /// The number of files that were named and are templates. Each has a finding.
    pub named_templates: usize,
    /// The portals of the accounts that no file describes; empty unless [`crate::settings::Settings::with_plan`] is set.
    pub orphans: Vec<Orphan>,
    /// The portals and objects of each account; empty unless [`crate::settings::Settings::with_profiles`] is set.
    pub accounts: Vec<AccountPortals>,
    /// The secrets that are masked in all files.
    pub(crate) secrets: Secrets,
}

impl ReportFile {
    /// Returns the checks of one document that could not be made, including those that a suppression allows.
    pub fn unverified_in(&self, document: usize) -> &[Unverified] {
        // They are sorted by document.
        let start = self.unverified.partition_point(|check| check.document < document);
        let end = self.unverified.partition_point(|check| check.document <= document);
        &self.unverified[start..end]
    }

    /// Returns the checks that could not be made, because a network query was not answered, and that no suppression allows.
    pub fn not_completed(&self) -> impl Iterator<Item = &Unverified> {
        self.unverified.iter().filter(|check| check.query_status == QueryStatus::NoAnswer && check.allowed.is_none())
    }
}

impl Report {
    /// Returns the file with this ID, which must be the ID of a diagnostic or label of this report.
    pub fn file(&self, id: FileId) -> &ReportFile {
        // The files are in the order of their IDs.
        &self.files[self.files.partition_point(|file| file.id < id)]
    }

    /// Returns the diagnostics of each file that has any.
    pub fn diagnostics_by_file(&self) -> HashMap<FileId, Vec<&Diagnostic>> {
        let mut diagnostics: HashMap<FileId, Vec<&Diagnostic>> = HashMap::new();
        for diagnostic in &self.diagnostics {
            diagnostics.entry(diagnostic.file).or_default().push(diagnostic);
        }
        diagnostics
    }

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
        checks.filter(|(_, check)| check.allowed.is_none())
    }

    /// Returns the checks of [`Report::unverified`] whose network query was not answered.
    pub fn not_completed(&self) -> impl Iterator<Item = (&ReportFile, &Unverified)> {
        self.files.iter().flat_map(|file| file.not_completed().map(move |check| (file, check)))
    }

    /// Returns the exit code of a run that fails from the severity `fail_on` on. See "Exit codes" in `docs/design.md`.
    pub fn exit_code(&self, fail_on: Severity) -> u8 {
        self.exit_code_if(self.findings().any(|diagnostic| diagnostic.severity >= fail_on))
    }

    /// Returns the exit code of a run of which the caller determined whether it `failed`: 2 if a file could not be read, else 1 if it
    /// failed, else 3 if a network query was not answered, else 0.
    pub fn exit_code_if(&self, failed: bool) -> u8 {
        if self.unread_files > 0 {
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

/// Groups diagnostics of one file by document, in their order.
pub fn group_by_document<'r>(
    diagnostics: impl IntoIterator<Item = &'r Diagnostic>,
) -> HashMap<usize, Vec<&'r Diagnostic>> {
    let mut groups: HashMap<usize, Vec<&Diagnostic>> = HashMap::new();
    for diagnostic in diagnostics {
        count_steps(1);
        groups.entry(diagnostic.document).or_default().push(diagnostic);
    }
    groups
}

/// Builds the report from the results of the files. `with_edits` sets [`Diagnostic::unmasked_edits`].
pub(super) fn build_report(mut sources: Sources, results: FileResults, with_edits: bool) -> Report {
    let diagnostics = sorted_diagnostics(&sources, &results, with_edits);
    let mut report = Report { diagnostics, files: Vec::with_capacity(results.len()), ..Report::default() };
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
    for (id, result) in results {
        report.unread_files += usize::from(result.is_unread);
        report.named_templates += usize::from(result.is_template);
        if result.in_scope {
            report.summary.portals += result.portals.len();
            report.summary.files += 1;
        }
        report.files.push(to_report_file(id, result, &mut sources));
    }
    report.secrets = sources.take_run_secrets();
    report.summary.unverified = report.unverified().count();
    report.summary.unanswered = report.not_completed().count();
    report
}

/// Converts the findings of all files to diagnostics, each with the edits of its fix if `with_edits` is set.
fn sorted_diagnostics(sources: &Sources, results: &FileResults, with_edits: bool) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut results_by_name: Vec<_> = results.iter().collect();
    // Compare names, not IDs: account snapshots and settings files were added at the end.
    results_by_name.sort_by_key(|(id, _)| sources.file(**id).name.as_str());
    for (id, result) in results_by_name {
        let is_edit = result.facts().any(|portal| portal.kind == PortalKind::Edit);
        let mut findings = dedup_findings(&result.findings, result.has_aliases && !is_edit);
        // Sort the findings and not the diagnostics, which are large.
        findings.sort_by(|a, b| position_key(a).cmp(&position_key(b)));
        let scattered = scattered_codes(&findings);
        for rule_finding in findings {
            let mut diagnostic = to_diagnostic(rule_finding, *id, result, sources);
            let is_scattered = scattered.contains(&rule_finding.code);
            diagnostic.help += &describe_decision(&diagnostic, is_scattered, sources);
            // An allowed finding is intended: its fix must not be applied.
            if with_edits && diagnostic.allowed.is_none() {
                diagnostic.unmasked_edits = rule_finding.finding.fix.as_ref().map(|fix| fix.edits.clone());
            }
            diagnostics.push(diagnostic);
        }
    }
    diagnostics
}

/// What the findings of a file are sorted by.
fn position_key(rule_finding: &RuleFinding) -> (u32, Code, u32, &str) {
    let Location { pointer, span } = &rule_finding.finding.location;
    (span.start, rule_finding.code, span.end, pointer)
}

fn to_report_file(id: FileId, mut result: FileResult, sources: &mut Sources) -> ReportFile {
    result.unverified.sort_by_key(|check| (check.document, check.code));
    for check in &mut result.unverified {
        // Only an owned reason was composed for this file, for example from the response of a service, and can contain a secret.
        if let Cow::Owned(reason) = &mut check.reason {
            *reason = sources.mask(id, std::mem::take(reason));
        }
    }
    ReportFile {
        id,
        name: sources.file(id).name.clone(),
        path: sources.file(id).path().map(Path::to_owned),
        kind: result.portals.first().map(|portal| portal.facts.kind),
        in_scope: result.in_scope,
        is_unread: result.is_unread,
        source: sources.take_masked(id),
        unverified: result.unverified,
        portals: result.portals.into_iter().filter_map(|portal| portal.reported).map(|portal| *portal).collect(),
        preflight_facts: result.preflight_facts,
        id_names: result.id_names,
        tree: result.tree,
        bodies: result.bodies,
    }
}

fn to_diagnostic(rule_finding: &RuleFinding, file: FileId, result: &FileResult, sources: &Sources) -> Diagnostic {
    let Finding { location, message, label, help, question, notes, severity, fix, .. } = &rule_finding.finding;
    // A message can quote the files of its notes as well: "the same name as in b.json".
    let mut secrets = sources.masking_secrets(file);
    for note in notes {
        let other = file_of_note(note, file);
        if other != file {
            secrets.extend(sources.secrets(other));
        }
    }
    let mask = |text: &str| mask_all(text.to_owned(), &secrets);
    // The text of every file with a result is kept.
    let locate = |file, span| sources.masked(file).map_or(LineRange::START, |source| LineRange::new(source, span));
    let portal_pointer = mask(&location.pointer);
    let place = result.places.get(rule_finding.document);
    let mut labels = Vec::new();
    for note in notes {
        let file = file_of_note(note, file);
        labels.push(Label { file, region: locate(file, note.span), message: mask(&note.message) });
    }
    let allowed = rule_finding.allowed.as_deref();
    Diagnostic {
        code: rule_finding.code,
        severity: severity.unwrap_or_else(|| metadata(rule_finding.code).severity()),
        file,
        document: rule_finding.document,
        pointer: place.map_or_else(|| portal_pointer.clone(), |place| mask(&place.to_file(&location.pointer))),
        portal_pointer,
        region: locate(file, location.span),
        message: mask(message) + &describe_omitted(rule_finding.omitted),
        label: label.as_ref().map(|label| mask(label)),
        help: fill_in_command(mask(help), rule_finding.document, file, result, sources),
        question: *question,
        labels,
        fix: fix.as_ref().map(|fix| mask_fix(fix, &secrets)),
        unmasked_edits: None,
        allowed: allowed.map(|allowed| Allowed { reason: mask(&allowed.reason), ..allowed.clone() }),
        omitted: rule_finding.omitted.count,
    }
}

/// The file that a note of a finding in `own_file` points into.
fn file_of_note(note: &RelatedLocation, own_file: FileId) -> FileId {
    match note.file {
        FileRef::File(other) => other,
        // `SnapshotAccount::add_to_report` has replaced all references to the account by the ID of the snapshot.
        FileRef::SameFile | FileRef::Account => own_file,
    }
}

/// Replaces [`THIS_FILE`] in a help by the name of the file, and [`DOCUMENT_OPTION`], which always follows it, by the option.
fn fill_in_command(help: String, document: usize, file: FileId, result: &FileResult, sources: &Sources) -> String {
    if !help.contains(THIS_FILE) {
        return help;
    }
    let is_file = sources.masked(file).is_some_and(|source| source.kind() == TextKind::File);
    let word = if is_file { shell_word(&sources.file(file).name) } else { FILE.to_owned() };
    let option = document_option((result.portals.len() > 1).then_some(document));
    help.replace(THIS_FILE, &word).replace(DOCUMENT_OPTION, &option)
}

/// The rules with findings at several places of a file that are not allowed.
fn scattered_codes(findings: &[&RuleFinding]) -> HashSet<Code> {
    let mut first_places = HashMap::new();
    let mut codes = HashSet::new();
    for rule_finding in findings.iter().filter(|rule_finding| rule_finding.allowed.is_none()) {
        let place = (rule_finding.document, &rule_finding.finding.location.pointer);
        if *first_places.entry(rule_finding.code).or_insert(place) != place {
            codes.insert(rule_finding.code);
        }
    }
    codes
}

/// The end of a help: how to record that a finding of an intent rule is intended. Empty if that is not possible or not needed.
/// `is_scattered` says whether the file has other findings of the rule, so that the command needs the pointer. It does not need the
/// document, because a JSON file is a single one.
fn describe_decision(diagnostic: &Diagnostic, is_scattered: bool, sources: &Sources) -> String {
    let RuleMeta { name, intent, .. } = metadata(diagnostic.code);
    let Some(source) = sources.masked(diagnostic.file) else { return String::new() };
    if !intent || source.kind() != TextKind::File || diagnostic.allowed.is_some() {
        return String::new();
    }
    match source.format() {
        Format::Yaml => format!("{IF_INTENDED}add `# portal-lint: allow {name} -- reason` above this line"),
        Format::Jsonc => format!("{IF_INTENDED}add `// portal-lint: allow {name} -- reason` above this line"),
        _ => {
            let file = shell_word(&sources.file(diagnostic.file).name);
            let pointer = if is_scattered {
                format!(" --pointer {}", shell_word_or(&diagnostic.pointer, "POINTER"))
            } else {
                String::new()
            };
            format!("{IF_INTENDED}run `portal-lint allow {name} {file}{pointer} --reason \"…\"`")
        }
    }
}

/// The end of a message: how many more findings were only counted.
fn describe_omitted(omitted: OmittedFindings) -> String {
    match (omitted.count, omitted.is_lower_bound) {
        (0, false) => String::new(),
        (0, true) => " (and perhaps more)".to_owned(),
        (number, false) => format!(" (and {number} more)"),
        (number, true) => format!(" (and at least {number} more)"),
    }
}

/// `secrets` begins with those of the file of the fix, if the text of the file was kept.
fn mask_fix(fix: &Fix, secrets: &[&Secrets]) -> Fix {
    let mut edits = fix.edits.clone();
    for edit in &mut edits {
        let masked = secrets[0].mask_replacement(edit.span, &edit.replacement);
        edit.replacement = masked.unwrap_or_else(|| mask_all(std::mem::take(&mut edit.replacement), secrets));
    }
    // Applying a masked edit would write asterisks into the file, so consumers must be able to tell.
    let masked = edits != fix.edits;
    Fix { applicability: fix.applicability, message: mask_all(fix.message.clone(), secrets), edits, masked }
}
