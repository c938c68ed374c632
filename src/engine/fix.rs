//! Makes fixes: applies the edits of a file's findings, looks at the result through the one door, and goes on until
//! there is nothing left to fix.
//!
//! A fix counts only when the result can still be read and the finding is gone; any other is dropped and named. Each
//! file is fixed by itself, in memory; what becomes of the text is for the caller to say.

use std::collections::{HashMap, HashSet};

use crate::base::diagnostic::{Applicability, Code, Diagnostic, Edit};
use crate::base::file::InputFile;
use crate::base::source::{Format, Source, Span, SpanSet};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::model::secrets::Secrets;
use crate::rules::metadata;
use crate::settings::Settings;
use crate::syntax::{Limits, edit, parse};

/// So often fixes may not hold before the rest are given up.
const ATTEMPTS: usize = 500;
/// So many findings of one rule are fixed at once in one text: enough that the text need not be looked at often, and few enough to
/// be held in memory.
const AT_ONCE: usize = 20_000;

/// A file's text after its fixes.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// What was done to it.
    pub made: Vec<AppliedFix>,
    /// What would have broken it, or would not have helped.
    pub dropped: Vec<AppliedFix>,
}

/// One fix. Secrets are covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedFix {
    /// The rule.
    pub code: Code,
    /// The line of the finding when the fix was made, from 1.
    pub line: u32,
    /// What the fix does.
    pub message: String,
}

/// Fixes the text of a file, with fixes up to `widest`. Only what the settings select is fixed.
pub fn fix(input: &InputFile, text: String, settings: &Settings, widest: Applicability) -> Fixed {
    let settings = Settings { with_edits: true, findings_per_text: AT_ONCE, ..settings.clone() };
    let mut fixed = Fixed { text, ..Fixed::default() };
    let mut report = look(input, &fixed.text, &settings);
    let mut refused = HashSet::new();
    let mut at_once = AT_ONCE;
    // Each fix that holds takes a finding away. More of them than there are findings, and the fixes go round in a circle.
    let mut failures = 0;
    let most = number_of_findings(&report) + ATTEMPTS;
    while failures < ATTEMPTS && fixed.made.len() < most {
        let chosen = choose(&report, widest, &refused, at_once);
        if chosen.is_empty() {
            return fixed;
        }
        let edits = chosen.iter().filter_map(|&index| report.edits[index].as_ref()).flatten();
        let changed = edit::apply_edits(&fixed.text, edits).map(|text| (look(input, &text, &settings), text));
        let done = chosen.iter().filter_map(|&index| made(&report.diagnostics[index]));
        match changed.filter(|(after, _)| holds(&report, after, &chosen)) {
            Some((after, text)) => {
                fixed.made.extend(done);
                (report, fixed.text) = (after, text);
                at_once = AT_ONCE;
            }
            // One of several stands in the way of the others, or two together do what neither does alone.
            None if chosen.len() > 1 => {
                failures += 1;
                at_once = chosen.len() / 2;
            }
            None => {
                failures += 1;
                fixed.dropped.extend(done);
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
pub fn covered(input: &InputFile, before: &str, after: &str, settings: &Settings) -> (String, String) {
    let name = input.name.as_str();
    let format = Format::from_file_name(name).unwrap_or_else(|| Format::sniff(before));
    let sources = [before, after].map(|text| Source::new(name, text, format));
    let [first, second] = [&sources[0], &sources[1]].map(|source| secrets(source, &settings.project(input).limits));
    let show = |secrets: Secrets, source: &Source| secrets.mask_source(source).text().to_owned();
    (show(first.clone().with_values_of(&second), &sources[0]), show(second.with_values_of(&first), &sources[1]))
}

fn secrets(source: &Source, limits: &Limits) -> Secrets {
    Secrets::find(source, &parse(source, limits))
}

fn look(input: &InputFile, text: &str, settings: &Settings) -> Report {
    check(vec![InputFile { origin: input.origin.with_bytes(text.into()), ..input.clone() }], settings)
}

/// A finding among those of one file.
type Identity = (Code, usize, String, String);

fn identity(diagnostic: &Diagnostic) -> Identity {
    (diagnostic.code, diagnostic.document, diagnostic.pointer.clone(), diagnostic.message.clone())
}

fn made(diagnostic: &Diagnostic) -> Option<AppliedFix> {
    let fix = diagnostic.fix.as_ref()?;
    Some(AppliedFix { code: diagnostic.code, line: diagnostic.region.start.line.max(1), message: fix.message.clone() })
}

/// The findings whose fixes can be made together, in the order of the file.
fn choose(report: &Report, widest: Applicability, refused: &HashSet<Identity>, at_once: usize) -> Vec<usize> {
    let mut taken = Taken::default();
    let mut chosen = Vec::new();
    for (index, diagnostic) in report.diagnostics.iter().enumerate() {
        let allowed = diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability <= widest);
        let Some(edits) = report.edits[index].as_ref().filter(|_| allowed && chosen.len() < at_once) else { continue };
        let apart = edits.iter().all(|edit| taken.is_clear_of(edit));
        if apart && !refused.contains(&identity(diagnostic)) {
            for edit in edits {
                taken.0.insert(edit.span);
            }
            chosen.push(index);
        }
    }
    chosen
}

/// What is changed by the edits that were chosen.
#[derive(Default)]
struct Taken(SpanSet);

impl Taken {
    fn is_clear_of(&self, edit: &Edit) -> bool {
        !self.0.touching(edit.span).any(|other| collide(edit.span, other))
    }
}

/// Whether it matters which of two edits is made first.
fn collide(a: Span, b: Span) -> bool {
    let inserts = a.range().is_empty() || b.range().is_empty();
    a.overlaps(b) || (inserts && a.start <= b.end && b.start <= a.end)
}

/// Whether the fixes did what they are for: the file can be read as before and as the same kind of body, no key is there
/// twice now, and of each sentence that was fixed there are so many fewer.
fn holds(before: &Report, after: &Report, chosen: &[usize]) -> bool {
    let kind = |report: &Report| report.files.first().map(|file| file.kind);
    if kind(before) != kind(after) {
        return false;
    }
    let of_the_text = |report: &Report| report.diagnostics.iter().filter(|one| metadata(one.code).guards_fixes).count();
    if after.summary.portals < before.summary.portals || of_the_text(after) > of_the_text(before) {
        return false;
    }
    let (had, has) = (Counts::of(before), Counts::of(after));
    let mut fixed = Counts::default();
    for &index in chosen {
        fixed.add(&before.diagnostics[index], 1);
    }
    // Where some are only counted it is not known what they say, and the number of all of a rule has to do.
    let is_incomplete = |rule: &Rule| had.incomplete.contains(rule) || has.incomplete.contains(rule);
    let number = |counts: &Counts<'_>, rule| counts.of_rule.get(rule).copied().unwrap_or_default();
    let mut rules = fixed.of_rule.iter().filter(|(rule, _)| is_incomplete(rule));
    let mut sentences = fixed.of_sentence.iter().filter(|((code, document, _), _)| !is_incomplete(&(*code, *document)));
    rules.all(|(rule, count)| number(&has, rule) + count <= number(&had, rule))
        && sentences.all(|(said, count)| has.number_of(said) + count <= had.number_of(said))
}

/// A rule in a document.
type Rule = (Code, usize);

/// A finding by what it says: indices in pointers shift when an entry goes, and words do not.
type Sentence<'r> = (Code, usize, &'r str);

/// How many findings there are.
#[derive(Default)]
struct Counts<'r> {
    /// By rule and document; those that are only counted are among them.
    of_rule: HashMap<Rule, usize>,
    /// By what they say.
    of_sentence: HashMap<Sentence<'r>, usize>,
    /// The rules, by document, of which some are only counted.
    incomplete: HashSet<Rule>,
}

impl<'r> Counts<'r> {
    fn of(report: &'r Report) -> Self {
        let mut counts = Self::default();
        for diagnostic in &report.diagnostics {
            counts.add(diagnostic, 1 + diagnostic.omitted);
        }
        counts
    }

    fn add(&mut self, diagnostic: &'r Diagnostic, number: usize) {
        let rule = (diagnostic.code, diagnostic.document);
        *self.of_rule.entry(rule).or_default() += number;
        *self.of_sentence.entry((diagnostic.code, diagnostic.document, &diagnostic.message)).or_default() += 1;
        if diagnostic.omitted > 0 {
            self.incomplete.insert(rule);
        }
    }

    fn number_of(&self, sentence: &Sentence<'_>) -> usize {
        self.of_sentence.get(sentence).copied().unwrap_or_default()
    }
}

fn number_of_findings(report: &Report) -> usize {
    report.diagnostics.iter().map(|diagnostic| 1 + diagnostic.omitted).sum()
}

#[cfg(test)]
mod tests {
    use crate::base::diagnostic::{Fix, LineRange, Severity};
    use crate::base::file::{Inclusion, Origin, WalkMatch};
    use crate::base::source::Position;
    use crate::engine::fix::*;

    fn edit(start: usize, end: usize) -> Edit {
        Edit { span: Span::new(start, end), replacement: String::new() }
    }

    fn diagnostic(code: u16, message: &str) -> Diagnostic {
        let start = Position { offset: 0, line: 1, column: 1 };
        Diagnostic {
            code: Code(code),
            severity: Severity::Error,
            file: 0,
            document: 0,
            pointer: String::new(),
            region: LineRange { start, end: start },
            message: message.into(),
            label: None,
            help: String::new(),
            labels: Vec::new(),
            fix: Some(Fix {
                applicability: Applicability::Safe,
                message: String::new(),
                edits: vec![edit(0, 1)],
                masked: false,
            }),
            allowed: None,
            omitted: 0,
        }
    }

    fn report(diagnostics: &[(u16, &str)]) -> Report {
        let diagnostics: Vec<_> = diagnostics.iter().map(|(code, message)| diagnostic(*code, message)).collect();
        let edits = diagnostics.iter().map(|one| one.fix.as_ref().map(|fix| fix.edits.clone())).collect();
        Report { diagnostics, edits, ..Report::default() }
    }

    #[test]
    fn a_fix_holds_when_its_finding_is_gone_and_the_file_is_as_good_as_before() {
        let before = report(&[(18, "twice"), (18, "twice"), (100, "type")]);
        assert!(holds(&before, &report(&[(18, "twice"), (100, "type")]), &[0]));
        assert!(holds(&before, &report(&[(18, "twice"), (2, "uncovered")]), &[0, 2]));
        assert!(!holds(&before, &report(&[(18, "twice"), (100, "type")]), &[0, 1]));
        assert!(!holds(&before, &report(&[(18, "twice"), (18, "twice")]), &[0]));
        assert!(!holds(&before, &report(&[(901, "broken")]), &[0]));
        assert!(!holds(&before, &report(&[(205, "a key twice")]), &[0]));
        let with_a_portal = |mut report: Report| {
            report.summary.portals = 1;
            report
        };
        assert!(!holds(&with_a_portal(before), &report(&[]), &[0]));
    }

    #[test]
    fn edits_that_meet_are_not_made_together() {
        for (a, b, meet) in [
            (edit(0, 2), edit(1, 3), true),
            (edit(0, 2), edit(2, 3), false),
            (edit(0, 2), edit(2, 2), true),
            (edit(1, 1), edit(1, 1), true),
            (edit(0, 2), edit(3, 3), false),
        ] {
            assert_eq!((collide(a.span, b.span), collide(b.span, a.span)), (meet, meet), "{a:?} {b:?}");
        }
        let all = choose(&report(&[(1, "a"), (1, "b")]), Applicability::Safe, &HashSet::new(), AT_ONCE);
        assert_eq!(all, [0]);
    }

    #[test]
    fn what_was_refused_is_not_chosen_again() {
        let report = report(&[(1, "a"), (1, "b")]);
        let refused = HashSet::from([identity(&report.diagnostics[0])]);
        assert_eq!(choose(&report, Applicability::Safe, &refused, AT_ONCE), [1]);
        assert_eq!(choose(&report, Applicability::Safe, &HashSet::new(), 0), [0; 0]);
    }

    #[test]
    fn a_body_that_may_be_an_edit_does_not_become_one() {
        let text = r#"{"code": 1, "customer_portal_id": "Kq7ZpW2mVx9LcT4bRn8D", "recaptcha": {}, "smtp_profile": ""}"#;
        let origin = Origin::Memory(text.into());
        let input = InputFile {
            name: "a.json".into(),
            origin,
            inclusion: Inclusion::Explicit(WalkMatch::Included),
            project: 0,
        };
        let fixed = fix(&input, text.into(), &Settings::default(), Applicability::Safe);
        assert_eq!((fixed.text.as_str(), fixed.dropped.len()), (text, 0));
    }
}
