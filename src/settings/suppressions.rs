//! Suppressions: `[[allow]]` entries of the settings and `portal-lint: allow` comments.
//!
//! A suppressed finding stays in the report, together with the reason, but does not fail the run. Suppressions that match
//! nothing or have expired are reported themselves.

use crate::base::date::Date;
use crate::base::diagnostic::{Allowed, Code, Location};
use crate::base::source::{Source, Span};
use crate::rules::config_contexts::SuppressionStatus;
use crate::rules::context::{RuleFinding, Unverified};
use crate::rules::selection::find_rule;
use crate::syntax::allow_comment::AllowComment;
use crate::syntax::cursor::Cursor;

/// A valid suppression. The file rules and the rule on bad settings report invalid ones, which suppress nothing.
#[derive(Clone, Debug)]
pub struct Suppression {
    codes: Vec<Code>,
    /// The JSON pointer to which it is limited, with everything below.
    pointer: Option<String>,
    /// The bytes to which it is limited, for a comment on one line.
    lines: Option<Span>,
    /// The last day on which it applies.
    until: Option<Date>,
    /// What reports show next to a suppressed finding.
    allowed: Allowed,
    /// Where the suppression itself is written.
    place: Location,
    /// The rules as they are written, for findings about the suppression.
    rule_names: String,
}

impl Suppression {
    /// Reads an `[[allow]]` entry, without its `files`. Returns `None` for an entry that suppresses nothing.
    pub fn from_settings_entry(entry: &Cursor<'_>, source: &Source) -> Option<Self> {
        let rule = entry.field("rule");
        let until = entry.field("until");
        let pointer = entry.field("pointer").text().map(str::to_owned);
        // RFC 6901, section 3: a JSON pointer is empty or starts with a slash. Other text would match by accident.
        if pointer.as_ref().is_some_and(|pointer| !pointer.is_empty() && !pointer.starts_with('/')) {
            return None;
        }
        // A value of another type (`until = 5`) becomes "", which is no date, so that the entry is not valid for ever.
        let until = until.is_present().then(|| until.text().unwrap_or(""));
        let suppression = Self::new(&[rule.text()?], entry.field("reason").text()?, until, rule.location(), source)?;
        Some(Self { pointer, ..suppression })
    }

    /// Reads a comment. Returns `None` for a comment that suppresses nothing.
    pub fn from_comment(comment: &AllowComment<'_>, source: &Source) -> Option<Self> {
        if !comment.has_known_verb() {
            return None;
        }
        let rules: Vec<&str> = comment.rules.iter().map(|rule| rule.text).collect();
        let place = Location { pointer: String::new(), span: comment.span };
        let until = comment.until.map(|date| date.text);
        let suppression = Self::new(&rules, comment.reason, until, place, source)?;
        let lines = (!comment.applies_to_file()).then_some(comment.covers);
        Some(Self { lines, ..suppression })
    }

    fn new(rules: &[&str], reason: &str, until: Option<&str>, place: Location, source: &Source) -> Option<Self> {
        let mut codes = Vec::new();
        for rule in rules.iter().filter_map(|name| find_rule(name)) {
            // Findings such as a syntax error mean that the file was not checked: nobody can allow that.
            if !rule.meta.is_about_the_file() {
                codes.push(rule.code);
            }
        }
        // With an invalid date nobody knows how long the suppression applies, so it does not apply at all.
        let until = until.map(str::parse::<Date>).transpose().ok()?;
        let reason = reason.trim();
        if codes.is_empty() || reason.is_empty() {
            return None;
        }
        let allowed = Allowed {
            reason: reason.to_owned(),
            until: until.map(|date| date.to_string()),
            source: format!("{}:{}", source.name(), source.position(place.span.start).line),
        };
        Some(Self { codes, pointer: None, lines: None, until, allowed, place, rule_names: rules.join(", ") })
    }

    /// Whether its last day is before `today`.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Marks a finding as allowed if the suppression matches it. Returns whether it matches. The caller checks `files`.
    pub fn allow_finding(&self, raised: &mut RuleFinding) -> bool {
        if !self.matches(raised) {
            return false;
        }
        raised.allowed.get_or_insert_with(|| Box::new(self.allowed.clone()));
        true
    }

    /// Marks an unverified check as allowed if the suppression names its rule. Returns whether it does.
    pub fn allow_unverified(&self, check: &mut Unverified) -> bool {
        // An unverified check has no location of its own, so pointer and lines do not limit this.
        if !self.codes.contains(&check.code) {
            return false;
        }
        check.allow(&self.allowed);
        true
    }

    fn matches(&self, raised: &RuleFinding) -> bool {
        let place = &raised.finding.location;
        if !self.codes.contains(&raised.code) {
            return false;
        }
        if let Some(pointer) = &self.pointer {
            // Compare whole segments: `/name` must not match `/name_suffix`.
            match place.pointer.strip_prefix(pointer.as_str()) {
                Some(below) if below.is_empty() || below.starts_with('/') => {}
                _ => return false,
            }
        }
        // The end is included: an empty span at the end of the line (a missing value) is still on this line.
        self.lines.is_none_or(|lines| lines.start <= place.span.start && place.span.start <= lines.end)
    }

    /// Describes the suppression and its use for the rules about suppressions.
    ///
    /// `used` says whether it matched something. `was_checked` says for a code whether that rule ran on every file that
    /// the suppression applies to: only then is a suppression without a match reported as unused.
    pub fn status(&self, today: Date, used: bool, was_checked: impl Fn(Code) -> bool) -> SuppressionStatus {
        let expired_after = self.until.filter(|_| self.is_expired(today)).map(|until| until.to_string());
        let is_unused = !used && expired_after.is_none() && self.codes.iter().all(|code| was_checked(*code));
        SuppressionStatus { location: self.place.clone(), rules: self.rule_names.clone(), expired_after, is_unused }
    }
}
