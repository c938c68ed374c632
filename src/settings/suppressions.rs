//! Suppressions: `[[allow]]` entries of the settings and `portal-lint: allow` comments.
//!
//! A suppressed finding stays in the report, together with the reason, but does not fail the run. Suppressions that match
//! nothing or have expired are reported themselves.

use crate::base::date::Date;
use crate::base::diagnostic::{Allowed, Code, Location};
use crate::base::source::{Source, Span};
use crate::rules::config_contexts::SuppressionStatus;
use crate::rules::selection::find_rule;
use crate::syntax::allow_comment::AllowComment;
use crate::syntax::cursor::Cursor;

/// A valid suppression. Invalid ones suppress nothing, and rules report them.
#[derive(Clone, Debug)]
pub struct Suppression {
    codes: Vec<Code>,
    /// The JSON Pointer to which it is limited, with everything below.
    pointer: Option<String>,
    /// The bytes to which it is limited (see [`AllowComment::covers`]); `None` for `allow-file` and for an `[[allow]]` entry.
    covered: Option<Span>,
    /// The last day on which it applies.
    until: Option<Date>,
    /// What reports show next to a suppressed finding.
    allowed: Allowed,
    /// Where the suppression itself is written.
    location: Location,
    /// The rules as they are written, for findings about the suppression.
    rule_names: String,
}

impl Suppression {
    /// Reads an `[[allow]]` entry, without its `files`. Returns `None` for an entry that suppresses nothing.
    pub fn from_settings_entry(entry: &Cursor<'_>, source: &Source) -> Option<Self> {
        let rule = entry.field("rule");
        let reason = entry.field("reason").text()?;
        let pointer = entry.field("pointer").text();
        if pointer.is_some_and(is_invalid_pointer) {
            return None;
        }
        let until = entry.field("until");
        // A value of another type (`until = 5`) becomes "", which is not a date, so that the entry is invalid. Otherwise, it would
        // never expire.
        let until = if until.is_present() { Some(until.text().unwrap_or("")) } else { None };
        let suppression = Self::new(&[rule.text()?], reason, until, rule.location(), source)?;
        Some(Self { pointer: pointer.map(str::to_owned), ..suppression })
    }

    /// Reads a comment. Returns `None` for a comment that suppresses nothing.
    pub fn from_comment(comment: &AllowComment<'_>, source: &Source) -> Option<Self> {
        if !comment.has_known_verb() {
            return None;
        }
        let rule_names: Vec<&str> = comment.rules.iter().map(|rule| rule.text).collect();
        let location = Location { pointer: String::new(), span: comment.span };
        let until = comment.until.map(|date| date.text);
        let suppression = Self::new(&rule_names, comment.reason, until, location, source)?;
        let covered = if comment.applies_to_file() { None } else { Some(comment.covers) };
        Some(Self { covered, ..suppression })
    }

    /// Creates a suppression for the whole file. Returns `None` if it names no rule that can be suppressed, gives no reason, or
    /// has an invalid date.
    fn new(
        rule_names: &[&str],
        reason: &str,
        until: Option<&str>,
        location: Location,
        source: &Source,
    ) -> Option<Self> {
        let codes = suppressible_codes(rule_names);
        let reason = reason.trim();
        if codes.is_empty() || reason.is_empty() {
            return None;
        }
        let until = match until {
            // With an invalid date, it is not known how long the suppression applies, so it does not apply at all.
            Some(text) => Some(text.parse::<Date>().ok()?),
            None => None,
        };
        let allowed = Allowed {
            reason: reason.to_owned(),
            until: until.as_ref().map(Date::to_string),
            source: format!("{}:{}", source.name(), source.position(location.span.start).line),
        };
        let rule_names = rule_names.join(", ");
        Some(Self { codes, pointer: None, covered: None, until, allowed, location, rule_names })
    }

    /// Whether its last day is before `today`.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// The codes of the rules whose findings it allows.
    pub fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// The JSON Pointer in the file to which it is limited, with everything below.
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }

    /// The bytes to which it is limited. Their end is included: an empty span at the end of a line (a missing value) is still on
    /// that line.
    pub fn covered_span(&self) -> Option<Span> {
        self.covered
    }

    /// What reports show next to a suppressed finding.
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Describes the suppression and its use for the rules about suppressions.
    ///
    /// `is_used`: whether it allowed something. `rules_ran`: whether its rules ran on every file that it applies to. Otherwise, a
    /// suppression that allowed nothing is not reported as unused.
    pub fn status(&self, today: Date, is_used: bool, rules_ran: bool) -> SuppressionStatus {
        let expired_after = if self.is_expired(today) { self.allowed.until.clone() } else { None };
        // An expired suppression is reported as expired, not as unused as well.
        let is_unused = !is_used && expired_after.is_none() && rules_ran;
        SuppressionStatus { location: self.location.clone(), rules: self.rule_names.clone(), expired_after, is_unused }
    }
}

/// Whether a text is not a JSON Pointer. A pointer is empty or starts with a slash (RFC 6901, section 3).
fn is_invalid_pointer(pointer: &str) -> bool {
    !pointer.is_empty() && !pointer.starts_with('/')
}

/// Returns the codes of the rules that can be suppressed. Unknown names are left out, because another rule reports them.
fn suppressible_codes(rule_names: &[&str]) -> Vec<Code> {
    let mut codes = Vec::new();
    for name in rule_names {
        let Some(rule) = find_rule(name) else { continue };
        // A finding such as a syntax error means that the file was not checked. That cannot be allowed.
        if !rule.meta.is_about_the_file() {
            codes.push(rule.code);
        }
    }
    codes
}
