//! Makes fixes: applies the edits of a file's findings, looks at the result through the one door, and goes on until
//! there is nothing left to fix.
//!
//! A fix counts only when the result can still be read and the finding is gone; any other is dropped and named. Each
//! file is fixed by itself, in memory; what becomes of the text is for the caller to say.

use std::collections::{HashMap, HashSet};

use crate::check::check;
use crate::diagnostic::{Applicability, Code, Diagnostic, Edit};
use crate::discover::{Input, Origin};
use crate::document::{Limits, edit, parse};
use crate::report::Report;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::source::{Format, Source};

/// So often a text is looked at before it is said to come to no end.
const ATTEMPTS: usize = 500;
/// So many fixes are made at once.
const AT_ONCE: usize = 1_000;

/// A file's text after its fixes.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// What was done to it.
    pub made: Vec<Made>,
    /// What would have broken it, or would not have helped.
    pub dropped: Vec<Made>,
}

/// One fix. Secrets are covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The rule.
    pub code: Code,
    /// The line of the finding when the fix was made, from 1.
    pub line: u32,
    /// What the fix does.
    pub message: String,
}

/// Fixes the text of a file, with fixes up to `widest`. Only what the settings select is fixed.
pub fn fix(input: &Input, text: String, settings: &Settings, widest: Applicability) -> Fixed {
    let settings = Settings { with_edits: true, ..settings.clone() };
    let mut fixed = Fixed { text, ..Fixed::default() };
    let mut report = look(input, &fixed.text, &settings);
    let mut refused = HashSet::new();
    let mut at_once = AT_ONCE;
    for _ in 0..ATTEMPTS {
        let chosen = choose(&report, widest, &refused, at_once);
        if chosen.is_empty() {
            return fixed;
        }
        let edits = chosen.iter().filter_map(|&index| report.edits[index].as_ref()).flatten();
        let changed = edit::apply(&fixed.text, edits).map(|text| (look(input, &text, &settings), text));
        let fixes = chosen.iter().filter_map(|&index| made(&report.diagnostics[index]));
        match changed.filter(|(after, _)| holds(&report, after, &chosen)) {
            Some((after, text)) => {
                fixed.made.extend(fixes);
                (report, fixed.text) = (after, text);
                at_once = AT_ONCE;
            }
            // One of several stands in the way of the others, or two together do what neither does alone.
            None if chosen.len() > 1 => at_once = chosen.len() / 2,
            None => {
                fixed.dropped.extend(fixes);
                refused.extend(chosen.iter().map(|&index| identity(&report.diagnostics[index])));
                at_once = AT_ONCE;
            }
        }
    }
    let left = choose(&report, widest, &refused, AT_ONCE);
    fixed.dropped.extend(left.into_iter().filter_map(|index| made(&report.diagnostics[index])));
    fixed
}

/// Both texts of a file as they may be shown: what is a secret in one is covered in both.
pub fn covered(name: &str, before: &str, after: &str, settings: &Settings) -> (String, String) {
    let format = Format::of_name(name).unwrap_or_else(|| Format::of_text(before));
    let sources = [before, after].map(|text| Source::new(name, text, format));
    let [first, second] = [&sources[0], &sources[1]].map(|source| secrets(source, &settings.limits));
    let show = |secrets: Secrets, source: &Source| secrets.cover_source(source).text().to_owned();
    (show(first.clone().and(&second), &sources[0]), show(second.and(&first), &sources[1]))
}

fn secrets(source: &Source, limits: &Limits) -> Secrets {
    Secrets::find(source, &parse(source, limits))
}

fn look(input: &Input, text: &str, settings: &Settings) -> Report {
    check(vec![Input { origin: Origin::Memory(text.into()), ..input.clone() }], settings)
}

/// A finding among those of one file.
type Identity = (Code, usize, String, String);

fn identity(diagnostic: &Diagnostic) -> Identity {
    (diagnostic.code, diagnostic.document, diagnostic.pointer.clone(), diagnostic.message.clone())
}

fn made(diagnostic: &Diagnostic) -> Option<Made> {
    let fix = diagnostic.fix.as_ref()?;
    Some(Made { code: diagnostic.code, line: diagnostic.region.start.line.max(1), message: fix.message.clone() })
}

/// The findings whose fixes can be made together, in the order of the file.
fn choose(report: &Report, widest: Applicability, refused: &HashSet<Identity>, at_once: usize) -> Vec<usize> {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut chosen = Vec::new();
    for (index, diagnostic) in report.diagnostics.iter().enumerate() {
        let allowed = diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability <= widest);
        let Some(edits) = report.edits[index].as_ref().filter(|_| allowed && chosen.len() < at_once) else { continue };
        let apart = edits.iter().all(|edit| !taken.iter().any(|other| collide(edit, other)));
        if apart && !refused.contains(&identity(diagnostic)) {
            taken.extend(edits);
            chosen.push(index);
        }
    }
    chosen
}

/// Whether it matters which of two edits is made first.
fn collide(a: &Edit, b: &Edit) -> bool {
    let inserts = a.span.range().is_empty() || b.span.range().is_empty();
    a.span.overlaps(b.span) || (inserts && a.span.start <= b.span.end && b.span.start <= a.span.end)
}

/// Whether the fixes did what they are for: the file can be read as before, no key is there twice now, and of each
/// sentence that was fixed there are so many fewer.
fn holds(before: &Report, after: &Report, chosen: &[usize]) -> bool {
    let of_the_text = |report: &Report| report.diagnostics.iter().filter(|one| is_of_the_text(one.code)).count();
    if after.summary.portals < before.summary.portals || of_the_text(after) > of_the_text(before) {
        return false;
    }
    let (had, has) = (sentences(before), sentences(after));
    let mut fixed: HashMap<_, usize> = HashMap::new();
    for &index in chosen {
        *fixed.entry(sentence(&before.diagnostics[index])).or_default() += 1;
    }
    fixed.into_iter().all(|(key, count)| {
        let of = |counts: &HashMap<_, usize>| counts.get(&key).copied().unwrap_or_default();
        of(&has) + count <= of(&had)
    })
}

/// What stands in the way of reading the file as a whole: RCP9xx and a key that is there twice.
fn is_of_the_text(code: Code) -> bool {
    code.0 >= 900 || code.0 == 205
}

/// Indices in pointers shift when an entry goes; what is said does not.
fn sentence(diagnostic: &Diagnostic) -> (Code, usize, &str) {
    (diagnostic.code, diagnostic.document, &diagnostic.message)
}

fn sentences(report: &Report) -> HashMap<(Code, usize, &str), usize> {
    let mut counts = HashMap::new();
    for diagnostic in &report.diagnostics {
        *counts.entry(sentence(diagnostic)).or_default() += 1;
    }
    counts
}
