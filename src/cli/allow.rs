//! `portal-lint allow`: records the decision to accept a finding, with its reason.

use std::fmt::Write as _;
use std::io::Write;

use super::args::Allow;
use super::boundary::Boundary;
use super::setup::describe_unknown_rule;
use super::streams::stderr;
use super::target::{ExtendedSettings, Target, TargetContext, describe_refusal, quote_path};
use super::{Failure, refuse};
use crate::base::diagnostic::{Diagnostic, Edit};
use crate::base::file::replace_text;
use crate::base::sanitize::{is_unprintable, sanitize};
use crate::base::source::Format;
use crate::cli::atomic_write::{check_writable, replace};
use crate::engine::decision::{Decision, UNPRINTABLE_REASON, file_pattern};
use crate::engine::decision_place::DecisionPlace;
use crate::engine::renewal::{Renewal, renew_comment, renew_entry};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::render::format_location;
use crate::rules::Rule;
use crate::rules::metadata::Needs;
use crate::rules::selection::{Selection, find_rules};
use crate::rules::wording::{join_quoted, quote};
use crate::settings::project::SETTINGS_FILE;
use crate::syntax::edit::apply_edits;
use crate::syntax::pointer::is_same_or_below;
use crate::syntax::{Limits, parse};

/// Records the decision and prints where. Every error leaves all files as they are.
pub(super) fn run(options: &Allow) -> Result<u8, Failure> {
    let rule = find_allowable_rule(&options.rule)?;
    let reason = validate_reason(&options.reason)?;
    let compares_files = rule.check_project.is_some();
    let context = TargetContext { account: options.account.as_deref(), compares_files, ..TargetContext::default() };
    let target = AllowTarget(Target::read(&options.file, context)?);
    if let Some(until) = options.until
        && until < target.0.settings.today
    {
        return refuse(format!("--until {until} is in the past; nothing was changed"));
    }
    let report = check(target.0.inputs.clone(), &target.0.settings);
    let finding = target.select_finding(&report, rule, &Place::new(options)?)?;
    let decision = Decision { rule: rule.meta.name, reason, until: options.until };
    let location = target.record(&decision, &report, finding)?;
    writeln!(stderr(), "allowed {} in {}", rule.meta.name, sanitize(&location))?;
    Ok(0)
}

/// The rule that the user names, or the only one of an item of the guide, if its findings can be allowed.
fn find_allowable_rule(name: &str) -> Result<&'static Rule, Failure> {
    Selection::new(&[name.to_owned()], &[]).map_err(|unknown| Failure::Usage(describe_unknown_rule(&unknown)))?;
    let rules = find_rules(name);
    let [rule] = rules[..] else {
        let several = join_quoted(rules.iter().map(|rule| rule.meta.name));
        return refuse(format!("{} matches several rules; name one of them: {several}", quote(name)));
    };
    if rule.meta.is_about_the_file() {
        let why = if rule.meta.blocks_other_rules {
            "a file that cannot be checked must not pass"
        } else {
            "only findings about a portal can; correct the cause instead"
        };
        return refuse(format!("{} findings cannot be allowed: {why}", rule.meta.name));
    }
    Ok(rule)
}

fn validate_reason(reason: &str) -> Result<&str, Failure> {
    let reason = reason.trim_matches(' ');
    if reason.is_empty() {
        return refuse("the reason is empty: explain why this is allowed");
    }
    if reason.chars().any(is_unprintable) {
        return refuse(UNPRINTABLE_REASON);
    }
    Ok(reason)
}

/// The part of the file that the options name.
struct Place<'o> {
    /// The number of the document, from 1.
    document: Option<u32>,
    pointer: Option<&'o str>,
}

impl<'o> Place<'o> {
    fn new(options: &'o Allow) -> Result<Self, Failure> {
        let pointer = options.pointer.as_deref();
        match pointer {
            Some(pointer) if !pointer.is_empty() && !pointer.starts_with('/') => {
                refuse(format!("{} is not a JSON Pointer: it does not start with `/`", quote(pointer)))
            }
            _ => Ok(Self { document: options.document, pointer }),
        }
    }

    fn contains(&self, finding: &Diagnostic) -> bool {
        self.document.is_none_or(|number| finding.document + 1 == number as usize)
            && self.pointer.is_none_or(|pointer| is_same_or_below(&finding.pointer, pointer))
    }

    /// Where it is, after the name of the file or the rule. Empty for the whole file.
    fn describe(&self) -> String {
        let document = self.document.map(|number| format!(" in document {number}"));
        let pointer = self.pointer.map(|pointer| format!(" at {}", quote(pointer)));
        [document, pointer].into_iter().flatten().collect()
    }
}

/// The file in which something is allowed.
struct AllowTarget(Target);

impl AllowTarget {
    /// The finding of the rule that is not allowed yet, or the first of several at the same location.
    fn select_finding<'r>(
        &self,
        report: &'r Report,
        rule: &Rule,
        place: &Place<'_>,
    ) -> Result<&'r Diagnostic, Failure> {
        let name = quote_path(self.0.path());
        let mut findings = Vec::new();
        let mut allowed_by = None;
        for diagnostic in &report.diagnostics {
            let is_in_file = diagnostic.file == self.0.input.id;
            if diagnostic.code != rule.code || !is_in_file || !place.contains(diagnostic) {
                continue;
            }
            match &diagnostic.allowed {
                None => findings.push(diagnostic),
                Some(allowed) => allowed_by = Some(&allowed.source),
            }
        }
        let Some(first) = findings.first() else {
            let rule_name = rule.meta.name;
            return refuse(match allowed_by {
                Some(source) => {
                    format!("{rule_name} is already allowed in {name}{}, by {}", place.describe(), sanitize(source))
                }
                None => self.describe_missing_finding(rule, place),
            });
        };
        let rule = rule.meta.name;
        let first_location = (first.document, &first.pointer);
        if findings.iter().all(|finding| (finding.document, &finding.pointer) == first_location) {
            return Ok(first);
        }
        let has_several_documents = findings.iter().any(|finding| finding.document != first.document);
        let options = if has_several_documents { "--document and --pointer" } else { "--pointer" };
        let mut message = format!("{name} has several {rule} findings: select one with {options}");
        for finding in findings {
            let (location, pointer) = (format_location(report, finding), &finding.pointer);
            let document =
                if has_several_documents { format!(" --document {}", finding.document + 1) } else { String::new() };
            // Writing to a string cannot fail.
            let _ = write!(message, "\n  {}{document} --pointer {}", sanitize(&location), sanitize(pointer));
        }
        refuse(message)
    }

    fn describe_missing_finding(&self, rule: &Rule, place: &Place<'_>) -> String {
        let message = format!("{} has no {} finding{}", quote_path(self.0.path()), rule.meta.name, place.describe());
        let has_account = self.0.settings.project(&self.0.input).snapshots().next().is_some();
        match rule.meta.needs {
            Some(Needs::Account) if !has_account => {
                format!("{message} without the account: add --account FILE, or set `account` in {SETTINGS_FILE}")
            }
            Some(Needs::Network) => {
                format!(
                    "{message} without the network: write the decision by hand, as a comment or an `[[allow]]` entry"
                )
            }
            _ => message,
        }
    }

    /// Records the decision, and returns its place. An existing decision that has no effect is renewed. A new one is a comment or, in
    /// a file without comments or if a comment would not allow exactly the findings at this place, an entry in the settings.
    fn record(&self, decision: &Decision<'_>, report: &Report, finding: &Diagnostic) -> Result<String, Failure> {
        // A decision about a JSON file is written elsewhere. The owner of a read-only file does not want changes of either kind.
        check_writable(self.0.path()).map_err(|why| describe_refusal(self.0.path(), &why))?;
        let place = DecisionPlace::new(report, finding, self.0.settings.today);
        let source = &self.0.source;
        let limits = &self.0.settings.project(&self.0.input).limits;
        let parsed = parse(source, limits);
        if let Some(Renewal { edits, start }) = renew_comment(decision, &place, source, &parsed, limits)
            && let Some(changed) = self.text_without_finding(&edits, finding)
        {
            return self.write_comment(start, &changed);
        }
        if let Some(renewed) = self.renew_entry(decision, &place) {
            return renewed.write();
        }
        if source.format() != Format::Json
            && let Some(edit) = decision.insert_comment(source, &parsed, limits, &place)
            && let Some(changed) = self.text_without_finding(std::slice::from_ref(&edit), finding)
        {
            return self.write_comment(edit.span.start, &changed);
        }
        if place.entry_covers_others() {
            let (name, rule) = (quote_path(self.0.path()), decision.rule);
            let action = match source.format() {
                Format::Json => "write the `[[allow]]` entry by hand",
                _ => "put it on a line of its own first",
            };
            return refuse(format!(
                "the decision about this finding would allow other {rule} findings in {name} as well: {action}"
            ));
        }
        self.write_entry(decision, finding)
    }

    /// The text after the edits, unless the finding remains.
    fn text_without_finding(&self, edits: &[Edit], finding: &Diagnostic) -> Option<String> {
        let changed = apply_edits(self.0.source.text(), edits)?;
        let mut inputs = self.0.inputs.clone();
        replace_text(&mut inputs, &self.0.input, &changed);
        let report = check(inputs, &self.0.settings);
        let remains = report.findings().any(|diagnostic| {
            diagnostic.code == finding.code
                && diagnostic.document == finding.document
                && diagnostic.pointer == finding.pointer
                && diagnostic.file == self.0.input.id
        });
        (!remains).then_some(changed)
    }

    /// Writes the text with the comment, and returns the place of the comment.
    fn write_comment(&self, start: u32, changed: &str) -> Result<String, Failure> {
        let path = self.0.path();
        let within = Boundary::for_named_file().folders_for(&self.0.input, path, &self.0.settings);
        let before = self.0.source.text();
        replace(path, &within, before.as_bytes(), changed.as_bytes()).map_err(|why| describe_refusal(path, &why))?;
        Ok(format!("{}:{}", self.0.input.name, self.0.source.position(start).line))
    }

    /// The settings with the renewed entry. `None` if there is none to renew.
    fn renew_entry(&self, decision: &Decision<'_>, place: &DecisionPlace<'_>) -> Option<ExtendedSettings> {
        let file = self.0.settings_file().ok()?;
        let pattern = file_pattern(self.0.path(), &self.0.relative_folder(&file))?;
        let source = file.source();
        let parsed = parse(&source, &Limits::default());
        let renewal = renew_entry(decision, place, &pattern, &source, &parsed)?;
        let line = source.position(renewal.start).line as usize;
        file.with_edits(&renewal.edits, line).ok()
    }

    /// Adds an entry to the settings, and returns its place.
    fn write_entry(&self, decision: &Decision<'_>, finding: &Diagnostic) -> Result<String, Failure> {
        let file = self.0.settings_file()?;
        let Some(pattern) = file_pattern(self.0.path(), &self.0.relative_folder(&file)) else {
            let name = quote_path(self.0.path());
            return refuse(format!("no pattern can match {name}: its name is not UTF-8, or contains a backslash"));
        };
        file.with_entry(&decision.settings_entry(&pattern, finding), "allow")?.write()
    }
}
