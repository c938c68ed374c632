//! `portal-lint check --fix` and `--diff`: which files are fixed, and what becomes of the new texts.

use std::io::{self, Write};

use super::Failure;
use super::args::Check;
use super::check::{Target, finish, screen, screen_of};
use super::replace::{Refusal, replace};
use crate::check::check;
use crate::diagnostic::Applicability;
use crate::discover::{Input, Origin};
use crate::fix::{Fixed, Made, covered, fix};
use crate::load::load;
use crate::render::{self, Format, concise, diff, fixes};
use crate::report::Report;
use crate::settings::Settings;

/// What was done, and what could not be.
#[derive(Default)]
struct Work {
    done: Vec<(String, Vec<Made>)>,
    trouble: Vec<String>,
}

/// Fixes the files, then reports what is left. The fixed text of standard input goes to standard output, and the
/// report then to standard error.
pub fn run(options: &Check, mut inputs: Vec<Input>, settings: &Settings, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut report = check(inputs.clone(), settings);
    let mut work = Work::default();
    for index in with_fixes(&report, &inputs, options) {
        let Some((before, fixed)) = fixed(&inputs[index], settings, options, &mut work) else { continue };
        let input = &mut inputs[index];
        let written = match &input.origin {
            Origin::Disk(path) => replace(path, before.as_bytes(), fixed.text.as_bytes()),
            _ => {
                input.origin = Origin::Memory(fixed.text.into_bytes());
                Ok(())
            }
        };
        match written {
            Ok(()) => work.done.push((input.name.clone(), fixed.made)),
            Err(refusal) => work.refuse(&input.name, &refusal),
        }
    }
    if !work.done.is_empty() {
        report = check(inputs.clone(), settings);
    }
    let text = inputs.iter().find_map(|input| match &input.origin {
        Origin::Memory(bytes) => Some(bytes),
        _ => None,
    });
    let target = if text.is_some() { Target::Stderr } else { Target::Stdout };
    let mut stderr = io::stderr();
    if let Some(text) = text {
        out.write_all(text)?;
        render::render(&report, options.format, screen_of(options.color, target), &mut stderr)?;
    } else {
        render::render(&report, options.format, screen_of(options.color, target), out)?;
    }
    if !work.done.is_empty() {
        // Other formats are for programs, which read nothing else on standard output.
        let aside = text.is_some() || options.format != Format::Human;
        fixes::render("fixed", &work.done, if aside { &mut stderr } else { &mut *out })?;
    }
    out.flush()?;
    let code = finish(&report, options, settings)?;
    Ok(work.exit_code(code))
}

/// Shows what `run` would do.
pub fn show(options: &Check, inputs: &[Input], settings: &Settings, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut report = check(inputs.to_vec(), settings);
    let mut work = Work::default();
    let color = screen(options.color).color;
    for index in with_fixes(&report, inputs, options) {
        let input = &inputs[index];
        let Some((before, fixed)) = fixed(input, settings, options, &mut work) else { continue };
        let (before, after) = covered(&input.name, &before, &fixed.text, settings);
        diff::render(&input.name, &before, &after, color, out)?;
        work.done.push((input.name.clone(), fixed.made));
    }
    out.flush()?;
    // What cannot be read cannot be fixed, and is no reason for silence.
    let incomplete = report.incomplete;
    report.diagnostics.retain(|diagnostic| diagnostic.code.0 >= 900);
    concise::render(&report, &mut io::stderr())?;
    if !work.done.is_empty() {
        fixes::render("would fix", &work.done, &mut io::stderr())?;
    }
    finish(&report, options, settings)?;
    let code = if incomplete { 2 } else { u8::from(!work.done.is_empty()) };
    Ok(work.exit_code(code))
}

/// The files of the run that have something to fix, by their place among the inputs.
fn with_fixes(report: &Report, inputs: &[Input], options: &Check) -> Vec<usize> {
    let widest = widest(options);
    let fixable =
        report.diagnostics.iter().filter(|one| one.fix.as_ref().is_some_and(|fix| fix.applicability <= widest));
    let mut files: Vec<usize> = fixable.map(|diagnostic| diagnostic.file).collect();
    files.dedup();
    let name = |file: usize| report.files[file].name.as_str();
    files.into_iter().filter_map(|file| inputs.iter().position(|input| input.name == name(file))).collect()
}

fn widest(options: &Check) -> Applicability {
    if options.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
}

/// The text of a file before and after; nothing when it stays as it is.
fn fixed(input: &Input, settings: &Settings, options: &Check, work: &mut Work) -> Option<(String, Fixed)> {
    let source = load(input, settings.limits.file_bytes, Vec::new()).ok()?;
    let fixed = fix(input, source.text().to_owned(), settings, widest(options));
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
    fn drop(&mut self, name: &str, dropped: &Made) {
        let Made { code, line, message } = dropped;
        let what = format!("the fix of {code} in line {line} ({message})");
        self.trouble.push(format!("{what} does not do what it should in `{name}`; nothing in it was fixed"));
    }

    /// That the job was not done wins over every other code.
    fn exit_code(&self, code: u8) -> u8 {
        for trouble in &self.trouble {
            // Nothing can be done when even this fails.
            let _ = writeln!(io::stderr(), "portal-lint: {}", render::plain(trouble));
        }
        if self.trouble.is_empty() { code } else { 2 }
    }
}
