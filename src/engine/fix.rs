//! Applies fixes: makes the edits of a file's findings, checks the result as a run does, and repeats this until no fix is left.
//!
//! A fix succeeds if the file is still readable and the finding is gone. At the first fix that fails, the program stops fixing the file, and
//! the caller uses none of its fixes: portal-lint has misunderstood the file. Everything happens in memory; the caller writes the text.

use std::collections::{HashMap, HashSet};

use crate::base::diagnostic::{Applicability, Code, Diagnostic, Edit};
use crate::base::file::InputFile;
use crate::base::source::{Format, Source, Span, SpanSet};
use crate::base::steps::count_steps;
use crate::engine::account_snapshot::{AccountSnapshot, ParsedSnapshot, read_snapshots};
use crate::engine::check_snapshot::SnapshotAccount;
use crate::engine::edited_spans::{EditedSpan, add_edits};
use crate::engine::report::Report;
use crate::engine::run::check_with_accounts;
use crate::engine::sources::Sources;
use crate::model::secrets::Secrets;
use crate::rules::metadata;
use crate::settings::Settings;
use crate::syntax::{edit, parse};

/// The number of failed attempts after which the fixes of a file fail.
const MAX_FAILURES: usize = 500;
/// The number of fixes, beyond the number of findings at the start, after which those of a file fail.
const MAX_EXTRA_FIXES: usize = 500;
/// The number of findings that each rule reports for one text, and of fixes that are applied together. Large enough that a text
/// with many findings is checked only a few times; small enough that the findings fit into memory.
const MAX_BATCH: usize = 20_000;

/// The result of fixing a file.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The text after the fixes.
    pub text: String,
    /// The parts of the text that were replaced.
    pub spans: Vec<EditedSpan>,
    /// The fixes that were applied.
    pub applied: Vec<AttemptedFix>,
    /// A fix that would have broken the file or did not remove its finding, or the next fix when a limit was reached. No fix was tried after
    /// it.
    pub failed: Option<AttemptedFix>,
}

/// A fix that was applied or failed, with masked secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptedFix {
    /// The rule of the finding.
    pub code: Code,
    /// The line of the finding, from 1, in the text before this fix.
    pub line: u32,
    /// What the fix does, as in [`crate::base::diagnostic::Fix::message`].
    pub message: String,
}

/// Checks new texts of one file, with account snapshots that were read once for all files.
struct FileChecker<'a> {
    input: &'a InputFile,
    settings: &'a Settings,
    accounts: &'a [SnapshotAccount<'a>],
}

impl FileChecker<'_> {
    fn check(&self, text: &str) -> Report {
        count_steps(text.len());
        let input = InputFile { origin: self.input.origin.with_bytes(text.into()), ..self.input.clone() };
        check_with_accounts(Sources::new(vec![input], self.settings), self.accounts, self.settings)
    }

    /// Applies the chosen fixes to `text`. Returns the new report and text if they removed their findings and broke nothing.
    fn try_fixes(&self, text: &str, report: &Report, chosen: &[&Diagnostic]) -> Option<(Report, String)> {
        let new_text = edit::apply_edits(text, edits_of(chosen))?;
        let new_report = self.check(&new_text);
        is_improvement(report, &new_report, chosen).then_some((new_report, new_text))
    }
}

/// Fixes a file, see [`apply_fixes_to_files`].
pub fn apply_fixes(input: &InputFile, text: String, settings: &Settings, max_applicability: Applicability) -> Fixed {
    let unchanged = Fixed { text: text.clone(), ..Fixed::default() };
    apply_fixes_to_files(vec![(input, text)], settings, max_applicability).pop().unwrap_or(unchanged)
}

/// Fixes the findings of each file that the settings select, with fixes of at most `max_applicability`. The texts are the contents of the
/// files and replace those of the inputs.
pub fn apply_fixes_to_files(
    files: Vec<(&InputFile, String)>,
    settings: &Settings,
    max_applicability: Applicability,
) -> Vec<Fixed> {
    let settings =
        &Settings { with_edits: true, with_trees: false, max_findings_per_text: MAX_BATCH, ..settings.clone() };
    let inputs = files.iter().map(|(input, _)| (*input).clone()).collect();
    let snapshots = read_snapshots(&Sources::new(inputs, settings), settings);
    let trees: Vec<ParsedSnapshot<'_>> = snapshots.iter().map(AccountSnapshot::parse).collect();
    let accounts = &trees.iter().map(SnapshotAccount::new).collect::<Vec<_>>()[..];
    let mut all_fixed = Vec::new();
    for (input, text) in files {
        all_fixed.push(fix_file(&FileChecker { input, settings, accounts }, text, max_applicability));
    }
    all_fixed
}

fn fix_file(checker: &FileChecker<'_>, text: String, max_applicability: Applicability) -> Fixed {
    let mut fixed = Fixed { text, ..Fixed::default() };
    let mut report = checker.check(&fixed.text);
    let mut batch_size = MAX_BATCH;
    let mut failures = 0;
    // A fix may reveal another finding, so allow more fixes than findings. Without a maximum, two fixes that cause each other's
    // finding would alternate forever.
    let max_applied = count_findings(&report) + MAX_EXTRA_FIXES;
    loop {
        let chosen = choose_fixes(&report, max_applicability, batch_size);
        if chosen.is_empty() {
            return fixed;
        }
        let attempted = describe_fixes(&chosen);
        if failures == MAX_FAILURES || fixed.applied.len() >= max_applied {
            fixed.failed = attempted.into_iter().next();
            return fixed;
        }
        if let Some((new_report, new_text)) = checker.try_fixes(&fixed.text, &report, &chosen) {
            fixed.applied.extend(attempted);
            fixed.spans = add_edits(&fixed.spans, edits_of(&chosen));
            fixed.text = new_text;
            report = new_report;
            batch_size = MAX_BATCH;
            continue;
        }
        failures += 1;
        if chosen.len() == 1 {
            fixed.failed = attempted.into_iter().next();
            return fixed;
        }
        // One of the fixes is bad, or two of them do not work together. Bisect to find it.
        batch_size = chosen.len() / 2;
    }
}

fn edits_of<'r>(chosen: &[&'r Diagnostic]) -> impl Iterator<Item = &'r Edit> {
    chosen.iter().filter_map(|diagnostic| diagnostic.unmasked_edits.as_ref()).flatten()
}

/// Returns both texts of a file with masked secrets. What is a secret in one, or in another file of `report`, is masked in both.
pub fn mask_before_and_after(
    input: &InputFile,
    before: &str,
    after: &str,
    settings: &Settings,
    report: &Report,
) -> (String, String) {
    let name = input.name.as_str();
    let limits = &settings.project(input).limits;
    // The format must be the same for both, and a fix does not change it.
    let format = Format::from_file_name(name).unwrap_or_else(|| Format::sniff(before));
    let before = Source::new(name, before, format);
    let after = Source::new(name, after, format);
    let (parsed_before, parsed_after) = (parse(&before, limits), parse(&after, limits));
    let secrets_before = Secrets::find(&before, &parsed_before);
    let secrets_after = Secrets::find(&after, &parsed_after);
    let run = Secrets::of_run([&secrets_before, &secrets_after]).with_values_of(&report.secrets);
    // `with_values_of` adds only the values: each text keeps the spans of its own secrets.
    let both_before =
        secrets_before.clone().with_values_of(&secrets_after).with_strings_of_run(&run, &before, &parsed_before);
    let both_after = secrets_after.with_values_of(&secrets_before).with_strings_of_run(&run, &after, &parsed_after);
    let masked = [both_before.mask_source_in_run(&before, &run), both_after.mask_source_in_run(&after, &run)];
    let [before, after] = masked.map(|source| source.text().to_owned());
    (before, after)
}

fn describe_fixes(chosen: &[&Diagnostic]) -> Vec<AttemptedFix> {
    let mut fixes = Vec::new();
    for diagnostic in chosen {
        if let Some(fix) = &diagnostic.fix {
            let line = diagnostic.region.start.line;
            fixes.push(AttemptedFix { code: diagnostic.code, line, message: fix.message.clone() });
        }
    }
    fixes
}

/// Returns the diagnostics whose fixes can be applied together, at most `batch_size`, in the order of the file.
fn choose_fixes(report: &Report, max_applicability: Applicability, batch_size: usize) -> Vec<&Diagnostic> {
    let mut edited = SpanSet::default();
    let mut chosen = Vec::new();
    for diagnostic in &report.diagnostics {
        if chosen.len() >= batch_size {
            break;
        }
        let is_applicable = diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability <= max_applicability);
        let Some(edits) = diagnostic.unmasked_edits.as_ref().filter(|_| is_applicable) else { continue };
        let has_conflict = edits.iter().any(|edit| conflicts_with_any(edit.span, &edited));
        if has_conflict {
            continue;
        }
        for edit in edits {
            edited.insert(edit.span);
        }
        chosen.push(diagnostic);
    }
    chosen
}

fn conflicts_with_any(span: Span, edited: &SpanSet) -> bool {
    for other in edited.touching(span) {
        count_steps(1);
        if edits_conflict(span, other) {
            return true;
        }
    }
    false
}

/// Whether the result of two edits depends on their order.
fn edits_conflict(a: Span, b: Span) -> bool {
    // Two insertions at the same offset do not overlap, but their order matters. So does an insertion at the end of a
    // replacement.
    let is_insertion = a.range().is_empty() || b.range().is_empty();
    a.overlaps(b) || (is_insertion && a.start <= b.end && b.start <= a.end)
}

/// Whether the chosen fixes succeeded: the file still contains the same kind of portal and as many of them, has no additional findings
/// of a rule with `guards_fixes`, and has one finding less for each fix.
fn is_improvement(before: &Report, after: &Report, chosen: &[&Diagnostic]) -> bool {
    if !has_same_kind(before, after) || after.summary.portals < before.summary.portals {
        return false;
    }
    if count_guarding_findings(after) > count_guarding_findings(before) {
        return false;
    }
    let (counts_before, counts_after) = (FindingCounts::from_report(before), FindingCounts::from_report(after));
    let mut fixed = FindingCounts::default();
    for diagnostic in chosen {
        fixed.add(diagnostic, 1);
    }
    // The messages of omitted findings are unknown: compare the numbers of findings of the rule as a whole.
    let with_omitted = &counts_before.with_omitted | &counts_after.with_omitted;
    for (rule, fixed_count) in &fixed.by_rule {
        let remaining = counts_after.count_for_rule(rule);
        if with_omitted.contains(rule) && remaining + fixed_count > counts_before.count_for_rule(rule) {
            return false;
        }
    }
    for (key, fixed_count) in &fixed.by_message {
        let (code, document, _) = *key;
        let remaining = counts_after.count_for_message(key);
        if !with_omitted.contains(&(code, document)) && remaining + fixed_count > counts_before.count_for_message(key) {
            return false;
        }
    }
    true
}

/// Whether the fixed file contains the same kind of portal as before, or still none.
fn has_same_kind(before: &Report, after: &Report) -> bool {
    match (before.files.first(), after.files.first()) {
        (Some(before), Some(after)) => before.kind == after.kind,
        (before, after) => before.is_none() == after.is_none(),
    }
}

fn count_guarding_findings(report: &Report) -> usize {
    report.diagnostics.iter().filter(|diagnostic| metadata(diagnostic.code).guards_fixes).count()
}

/// A rule and the document in which it has findings.
type RuleInDocument = (Code, usize);

/// Identifies the findings with the same message. Pointers are not part of it, because removing a list item changes the pointers of the
/// items after it.
type MessageKey<'r> = (Code, usize, &'r str);

/// The numbers of findings in a report.
#[derive(Default)]
struct FindingCounts<'r> {
    /// Includes omitted findings ([`Diagnostic::omitted`]).
    by_rule: HashMap<RuleInDocument, usize>,
    by_message: HashMap<MessageKey<'r>, usize>,
    /// The rules with omitted findings.
    with_omitted: HashSet<RuleInDocument>,
}

impl<'r> FindingCounts<'r> {
    fn from_report(report: &'r Report) -> Self {
        let mut counts = Self::default();
        for diagnostic in &report.diagnostics {
            counts.add(diagnostic, 1 + diagnostic.omitted);
        }
        counts
    }

    /// Adds a diagnostic. `count` includes the omitted findings after it, but `by_message` counts one: their messages are unknown.
    fn add(&mut self, diagnostic: &'r Diagnostic, count: usize) {
        let rule = (diagnostic.code, diagnostic.document);
        *self.by_rule.entry(rule).or_default() += count;
        *self.by_message.entry((diagnostic.code, diagnostic.document, &diagnostic.message)).or_default() += 1;
        if diagnostic.omitted > 0 {
            self.with_omitted.insert(rule);
        }
    }

    fn count_for_rule(&self, rule: &RuleInDocument) -> usize {
        self.by_rule.get(rule).copied().unwrap_or_default()
    }

    fn count_for_message(&self, key: &MessageKey<'_>) -> usize {
        self.by_message.get(key).copied().unwrap_or_default()
    }
}

fn count_findings(report: &Report) -> usize {
    report.diagnostics.iter().map(|diagnostic| 1 + diagnostic.omitted).sum()
}

#[cfg(test)]
mod tests;
