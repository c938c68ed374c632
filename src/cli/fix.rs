//! `portal-lint check --fix` and `--diff`: which files are fixed, and what becomes of the new texts.

use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use super::args::Check;
use super::boundary::Boundary;
use super::finish::{exit_code, print_report, print_skipped_templates};
use super::streams::stderr;
use super::terminal::{Target, screen, screen_of};
use crate::base::diagnostic::{Applicability, Diagnostic};
use crate::base::file::{InputFile, Origin};
use crate::base::load::load;
use crate::base::read::is_descriptor_path;
use crate::base::sanitize::sanitize;
use crate::cli::atomic_write::{Refusal, replace};
use crate::cli::report_files;
use crate::engine::fix::{AppliedFix, Fixed, apply_fixes, mask_before_and_after};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::render::{ReportFormat, concise, diff, fix_summary};
use crate::rules::metadata;
use crate::settings::Settings;

/// What was done, and what could not be.
#[derive(Default)]
struct Work {
    done: Vec<(String, Vec<AppliedFix>)>,
    trouble: Vec<String>,
}

/// Fixes the files, then reports what is left.
/// `left_out` is a text that came on standard input and is not to be checked.
pub(super) fn run(
    options: &Check,
    mut inputs: Vec<InputFile>,
    left_out: Option<&[u8]>,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let mut report = check(inputs.clone(), settings);
    print_skipped_templates(&report)?;
    let mut work = Work::default();
    let boundary = Boundary::new(&options.job, settings);
    for index in with_fixes(&report, &inputs, options) {
        let Some((before, fixed)) = fixed(&inputs[index], settings, options, &mut work) else { continue };
        match store(&mut inputs[index], &before, fixed.text, &boundary, settings) {
            Ok(()) => work.done.push((inputs[index].name.clone(), fixed.applied)),
            Err(refusal) => work.refuse(&inputs[index].name, &refusal),
        }
    }
    if !work.done.is_empty() {
        report = check(inputs.clone(), settings);
    }
    let typed = inputs.iter().find_map(|input| match &input.origin {
        Origin::Memory(bytes) | Origin::Stdin(bytes) if !is_descriptor_path(Path::new(&input.name)) => {
            Some(bytes.as_slice())
        }
        _ => None,
    });
    let typed = typed.or(left_out);
    let written = report_files::write(&report, options, settings);
    print(&report, &work, typed, options, out)?;
    let code = written.and_then(|()| exit_code(&report, options, settings));
    // What could not be fixed is said in any case.
    let refused = work.exit_code(0);
    Ok(code?.max(refused))
}

/// Puts the new text where the old one came from.
fn store(
    input: &mut InputFile,
    before: &str,
    after: String,
    boundary: &Boundary,
    settings: &Settings,
) -> Result<(), Refusal> {
    if let Origin::Disk(path) = &input.origin {
        let path = path.as_deref().unwrap_or(Path::new(&input.name));
        let within = boundary.of(input, path, settings);
        return replace(path, &within, before.as_bytes(), after.as_bytes());
    }
    if is_descriptor_path(Path::new(&input.name)) {
        return Err(Refusal::Pipe);
    }
    input.origin = input.origin.with_bytes(after.into_bytes());
    Ok(())
}

/// What is left, and what was done. Where standard input was fixed its text goes to standard output, whatever it has
/// become, and all else to standard error.
fn print(report: &Report, work: &Work, typed: Option<&[u8]>, options: &Check, out: &mut dyn Write) -> io::Result<()> {
    let mut aside = stderr();
    if let Some(text) = typed {
        out.write_all(text)?;
        out.flush()?;
        print_report(report, options, screen_of(options.job.color, Target::Stderr), &mut aside)?;
    } else {
        print_report(report, options, screen(options.job.color), out)?;
    }
    // Other formats are for programs, which read nothing else where the report is.
    match (typed, options.format) {
        _ if work.done.is_empty() || options.quiet => {}
        (None, ReportFormat::Human) => fix_summary::render("fixed", &work.done, out)?,
        (None, _) | (Some(_), ReportFormat::Human) => fix_summary::render("fixed", &work.done, &mut aside)?,
        (Some(_), _) => {}
    }
    out.flush()
}

/// Shows what `run` would do.
pub(super) fn show(
    options: &Check,
    inputs: &[InputFile],
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let mut report = check(inputs.to_vec(), settings);
    print_skipped_templates(&report)?;
    let mut work = Work::default();
    let color = screen(options.job.color).color;
    for index in with_fixes(&report, inputs, options) {
        let input = &inputs[index];
        let Some((before, fixed)) = fixed(input, settings, options, &mut work) else { continue };
        let (before, after) = mask_before_and_after(input, &before, &fixed.text, settings);
        diff::render(&input.name, &before, &after, color, out)?;
        work.done.push((input.name.clone(), fixed.applied));
    }
    out.flush()?;
    // What cannot be read cannot be fixed, and is no reason for silence.
    let incomplete = report.incomplete;
    report.diagnostics.retain(|diagnostic| metadata(diagnostic.code).is_about_the_file());
    concise::render(&report, &mut stderr())?;
    if !work.done.is_empty() && !options.quiet {
        fix_summary::render("would fix", &work.done, &mut stderr())?;
    }
    exit_code(&report, options, settings)?;
    let code = match (incomplete, work.done.is_empty()) {
        (true, _) => 2,
        (false, false) => 1,
        (false, true) if report.summary.unanswered > 0 => 3,
        (false, true) => 0,
    };
    Ok(work.exit_code(code))
}

/// The files of the run that have something to fix, by their place among the inputs, which are sorted by name.
fn with_fixes(report: &Report, inputs: &[InputFile], options: &Check) -> Vec<usize> {
    let widest = widest(options);
    // Among those that are not shown there may be one with a fix.
    let may_have_a_fix =
        |one: &Diagnostic| one.omitted > 0 || one.fix.as_ref().is_some_and(|fix| fix.applicability <= widest);
    let fixable = report.diagnostics.iter().filter(|one| may_have_a_fix(one));
    let mut files: Vec<usize> = fixable.map(|diagnostic| diagnostic.file).collect();
    files.dedup();
    let name = |file: usize| report.files[file].name.as_str();
    let input = |file| inputs.binary_search_by(|input| input.name.as_str().cmp(name(file))).ok();
    files.into_iter().filter_map(input).collect()
}

fn widest(options: &Check) -> Applicability {
    if options.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
}

/// The text of a file before and after; nothing when it stays as it is.
fn fixed(input: &InputFile, settings: &Settings, options: &Check, work: &mut Work) -> Option<(String, Fixed)> {
    let source = load(input, settings.project(input).limits.file_bytes, Vec::new()).ok()?;
    let fixed = apply_fixes(input, source.text().to_owned(), settings, widest(options));
    if let Some(dropped) = fixed.dropped.first() {
        work.drop(&input.name, dropped);
        return None;
    }
    (fixed.text != source.text()).then(|| (source.text().to_owned(), fixed))
}

impl Work {
    fn refuse(&mut self, name: &str, refusal: &Refusal) {
        self.trouble.push(format!("`{name}` cannot be written: {refusal}; nothing in it was fixed"));
    }

    /// A fix that does not hold says that we do not understand the file: then nobody should change it.
    fn drop(&mut self, name: &str, dropped: &AppliedFix) {
        let AppliedFix { code, line, message } = dropped;
        let what = format!("the fix of {code} in line {line} ({message})");
        self.trouble.push(format!("{what} does not do what it should in `{name}`; nothing in it was fixed"));
    }

    /// That the job was not done wins over every other code.
    fn exit_code(&self, code: u8) -> u8 {
        for trouble in &self.trouble {
            // Nothing can be done when even this fails.
            let _ = writeln!(stderr(), "portal-lint: {}", sanitize(trouble));
        }
        if self.trouble.is_empty() { code } else { 2 }
    }
}
