//! `portal-lint check --fix` and `--diff`: applies fixes and writes the files, or shows what would change.

use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use super::args::Check;
use super::boundary::Boundary;
use super::finish::{exit_code, print_report, print_summary_line};
use super::setup::RunSetup;
use super::streams::stderr;
use super::terminal::{Target, screen, screen_of};
use crate::base::diagnostic::{Applicability, Diagnostic};
use crate::base::file::{InputFile, Origin};
use crate::base::load::load;
use crate::base::read::is_descriptor_path;
use crate::base::sanitize::sanitize;
use crate::cli::atomic_write::{Refusal, replace};
use crate::cli::report_files;
use crate::engine::fix::{AttemptedFix, Fixed, apply_fixes_to_files, mask_before_and_after};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::render::{ReportFormat, concise, diff, fix_summary};
use crate::rules::metadata;
use crate::settings::Settings;

/// The fixed files, and why other files could not be fixed.
#[derive(Default)]
struct FixOutcome {
    /// The name of each file with its fixes.
    fixed: Vec<(String, Vec<AttemptedFix>)>,
    errors: Vec<String>,
}

/// Fixes the files, then reports the remaining diagnostics. `report` is that of the files before.
pub(super) fn run(
    options: &Check,
    mut report: Report,
    setup: RunSetup<'_>,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let RunSetup { mut inputs, settings, excluded_stdin, .. } = setup;
    let settings = &settings;
    let mut outcome = FixOutcome::default();
    let boundary = Boundary::new(&options.common, settings);
    for (index, before, fixed) in fix_texts(&report, &inputs, settings, options, &mut outcome) {
        match store_text(&mut inputs[index], &before, fixed.text, &boundary, settings) {
            Ok(()) => outcome.fixed.push((inputs[index].name.clone(), fixed.applied)),
            Err(refusal) => outcome.add_refusal(&inputs[index].name, &refusal),
        }
    }
    if !outcome.fixed.is_empty() {
        report = check(inputs.clone(), settings);
    }
    let stdin_text = inputs.iter().find_map(stdin_text).or(excluded_stdin.as_deref());
    let written = report_files::write_all(&report, options, settings);
    let printed = print_result(&report, &outcome, stdin_text, options, out);
    let code = written.and_then(|()| exit_code(&report, options, settings));
    // Before the first `?`, so that these errors are printed even if the reports cannot be written.
    let fix_code = outcome.print_errors(0);
    printed?;
    // Exit code 3 means that nothing else failed.
    let code = match code? {
        3 if fix_code > 0 => fix_code,
        code => code.max(fix_code),
    };
    print_summary_line(&report, options)?;
    Ok(code)
}

/// The text of standard input, which may have been fixed.
fn stdin_text(input: &InputFile) -> Option<&[u8]> {
    match &input.origin {
        Origin::Memory(bytes) | Origin::Stdin(bytes) if !is_descriptor_path(Path::new(&input.name)) => Some(bytes),
        _ => None,
    }
}

/// Writes the fixed text to the file, or keeps it in memory if it came from standard input.
fn store_text(
    input: &mut InputFile,
    before: &str,
    after: String,
    boundary: &Boundary,
    settings: &Settings,
) -> Result<(), Refusal> {
    if let Origin::Disk(path) = &input.origin {
        let path = path.as_deref().unwrap_or(Path::new(&input.name));
        let within = boundary.folders_for(input, path, settings);
        return replace(path, &within, before.as_bytes(), after.as_bytes());
    }
    if is_descriptor_path(Path::new(&input.name)) {
        return Err(Refusal::Pipe);
    }
    input.origin = input.origin.with_bytes(after.into_bytes());
    Ok(())
}

/// Prints the report and the summary of fixes. With standard input, its text goes to standard output even if nothing was fixed,
/// and everything else to standard error.
fn print_result(
    report: &Report,
    outcome: &FixOutcome,
    stdin_text: Option<&[u8]>,
    options: &Check,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut err = stderr();
    if let Some(text) = stdin_text {
        out.write_all(text)?;
        out.flush()?;
        print_report(report, options, screen_of(options.common.color, Target::Stderr), &mut err)?;
    } else {
        print_report(report, options, screen(options.common.color), out)?;
    }
    // The other formats are for programs, so the summary must not be in the same stream as the report.
    match (stdin_text, options.format) {
        _ if outcome.fixed.is_empty() || options.common.quiet => {}
        (None, ReportFormat::Human) => fix_summary::render("fixed", &outcome.fixed, out)?,
        (None, _) | (Some(_), ReportFormat::Human) => fix_summary::render("fixed", &outcome.fixed, &mut err)?,
        (Some(_), _) => {}
    }
    out.flush()
}

/// Prints the changes that `run` would make, as a diff.
pub(super) fn show(
    options: &Check,
    mut report: Report,
    setup: &RunSetup<'_>,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let RunSetup { inputs, settings, .. } = setup;
    let mut outcome = FixOutcome::default();
    let color = screen(options.common.color).color;
    for (index, before, fixed) in fix_texts(&report, inputs, settings, options, &mut outcome) {
        let input = &inputs[index];
        let (before, after) = mask_before_and_after(input, &before, &fixed.text, settings, &report);
        diff::render(&input.name, [&before, &after], &fixed.spans, color, out)?;
        outcome.fixed.push((input.name.clone(), fixed.applied));
    }
    out.flush()?;
    // A file that cannot be read has no diff, so its finding has to be printed.
    let incomplete = report.unread_files > 0;
    report.diagnostics.retain(|diagnostic| metadata(diagnostic.code).is_about_the_file());
    concise::render(&report, &mut stderr())?;
    if !outcome.fixed.is_empty() && !options.common.quiet {
        fix_summary::render("would fix", &outcome.fixed, &mut stderr())?;
    }
    // Only for its error: nothing was checked.
    exit_code(&report, options, settings)?;
    let code = match (incomplete, outcome.fixed.is_empty()) {
        (true, _) => 2,
        (false, false) => 1,
        (false, true) if report.summary.unanswered > 0 => 3,
        (false, true) => 0,
    };
    Ok(outcome.print_errors(code))
}

/// The indices of the inputs that may have something to fix.
fn find_fixable_inputs(report: &Report, inputs: &[InputFile], options: &Check) -> Vec<usize> {
    let mut indices = Vec::new();
    for diagnostic in &report.diagnostics {
        if may_have_fix(diagnostic, max_applicability(options)) {
            indices.extend(inputs.binary_search_by_key(&diagnostic.file, |input| input.id));
        }
    }
    // The diagnostics of a file are next to each other.
    indices.dedup();
    indices
}

fn may_have_fix(diagnostic: &Diagnostic, max: Applicability) -> bool {
    // Findings that were left out may have fixes, too.
    diagnostic.omitted > 0 || diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability <= max)
}

fn max_applicability(options: &Check) -> Applicability {
    if options.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
}

/// Fixes the texts of the files. Returns the index of each input whose text changes, the text before and the result. A fix that failed is
/// added to `outcome`.
fn fix_texts(
    report: &Report,
    inputs: &[InputFile],
    settings: &Settings,
    options: &Check,
    outcome: &mut FixOutcome,
) -> Vec<(usize, String, Fixed)> {
    let mut texts = Vec::new();
    for index in find_fixable_inputs(report, inputs, options) {
        if let Ok(source) = load(&inputs[index], settings.project(&inputs[index]).limits.file_bytes) {
            texts.push((index, source.text().to_owned()));
        }
    }
    let files = texts.iter().map(|(index, text)| (&inputs[*index], text.clone())).collect();
    let all_fixed = apply_fixes_to_files(files, settings, max_applicability(options));
    let mut changed = Vec::new();
    for ((index, before), mut fixed) in texts.into_iter().zip(all_fixed) {
        // Each file was fixed in a run of its own, which does not know the secrets of the other files.
        for fix in fixed.applied.iter_mut().chain(&mut fixed.failed) {
            fix.message = report.secrets.mask(std::mem::take(&mut fix.message));
        }
        match &fixed.failed {
            Some(failed) => outcome.add_failed_fix(&inputs[index].name, failed),
            None if fixed.text != before => changed.push((index, before, fixed)),
            None => {}
        }
    }
    changed
}

impl FixOutcome {
    fn add_refusal(&mut self, name: &str, refusal: &Refusal) {
        self.errors.push(format!("`{name}` cannot be written: {refusal}; it was not changed"));
    }

    /// Adds the error for a fix that did not resolve its finding. Such a fix shows that portal-lint misunderstands the file, so
    /// none of the file's fixes is applied.
    fn add_failed_fix(&mut self, name: &str, failed: &AttemptedFix) {
        let AttemptedFix { code, line, message } = failed;
        let fix = format!("the {code} fix on line {line} ({message})");
        self.errors.push(format!("{fix} does not resolve its finding; `{name}` was not changed"));
    }

    /// Prints the errors. Returns 2 if there are any, else `code`.
    fn print_errors(&self, code: u8) -> u8 {
        for error in &self.errors {
            // If standard error is closed, the exit code is all that is left.
            let _ = writeln!(stderr(), "portal-lint: {}", sanitize(error));
        }
        if self.errors.is_empty() { code } else { 2 }
    }
}
