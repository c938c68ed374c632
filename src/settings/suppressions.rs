//! Decisions that somebody recorded: `[[allow]]` in the settings and `portal-lint: allow` in comments.
//!
//! A decision never hides anything: what it allows stays in the report, with the reason, and fails no run. Each
//! is held to be of use.

use crate::base::date::Date;
use crate::base::diagnostic::{Allowed, Code, Location};
use crate::base::source::{Source, Span};
use crate::rules::context::{Recorded, RuleFinding, Unverified};
use crate::rules::selection::the_rule;
use crate::syntax::allow_comment::AllowComment;
use crate::syntax::cursor::Cursor;

/// One decision. What is wrong in it has been said (RCP910, RCP913, RCP914) and allows nothing.
#[derive(Clone, Debug)]
pub struct Suppression {
    codes: Vec<Code>,
    pointer: Option<String>,
    covers: Option<Span>,
    until: Option<Date>,
    allowed: Allowed,
    place: Location,
    rules: String,
}

impl Suppression {
    /// An entry of `[[allow]]`; its files are the settings' business. `None` when it allows nothing.
    pub fn of_entry(entry: &Cursor<'_>, source: &Source) -> Option<Self> {
        let word = entry.at("rule").text()?;
        let until = entry.at("until");
        let pointer = entry.at("pointer").text().map(str::to_owned);
        // What is no pointer points at nothing.
        if pointer.as_ref().is_some_and(|pointer| !pointer.is_empty() && !pointer.starts_with('/')) {
            return None;
        }
        let rule = entry.at("rule").place();
        Self::new(
            &[word],
            entry.at("reason").text()?,
            until.is_there().then(|| until.text().unwrap_or("")),
            rule,
            source,
        )
        .map(|decision| Self { pointer, ..decision })
    }

    /// A comment. `None` when it allows nothing.
    pub fn from_comment(remark: &AllowComment<'_>, source: &Source) -> Option<Self> {
        let words: Vec<&str> = remark.rules.iter().map(|rule| rule.text).collect();
        let place = Location { pointer: String::new(), span: remark.span };
        let decision = Self::new(&words, remark.reason, remark.until.map(|day| day.text), place, source)?;
        let covers = (!remark.is_about_the_file()).then_some(remark.covers);
        remark.is_known().then_some(Self { covers, ..decision })
    }

    fn new(rules: &[&str], reason: &str, until: Option<&str>, place: Location, source: &Source) -> Option<Self> {
        let rule = |word: &&str| the_rule(word).filter(|rule| !rule.is_about_the_file()).map(|rule| rule.code);
        let codes: Vec<Code> = rules.iter().filter_map(rule).collect();
        // A day that is none is no day to go by.
        let until = until.map(str::parse::<Date>).transpose().ok()?;
        let written = format!("{}:{}", source.name(), source.position(place.span.start).line);
        let allowed =
            Allowed { reason: reason.trim().to_owned(), until: until.map(|day| day.to_string()), source: written };
        let says_something = !codes.is_empty() && !allowed.reason.is_empty();
        let rules = rules.join(", ");
        says_something.then_some(Self { codes, pointer: None, covers: None, until, allowed, place, rules })
    }

    /// Whether its last day is over.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Allows a finding of its files; answers whether it is about it.
    pub fn allow(&self, raised: &mut RuleFinding) -> bool {
        let is_about = self.is_about(raised);
        if is_about {
            raised.allowed.get_or_insert_with(|| Box::new(self.allowed.clone()));
        }
        is_about
    }

    /// Vouches for a check of its files that could not be made; answers whether it is about it.
    pub fn vouch(&self, open: &mut Unverified) -> bool {
        let is_about = self.codes.contains(&open.code);
        if is_about {
            open.allow(&self.allowed);
        }
        is_about
    }

    fn is_about(&self, raised: &RuleFinding) -> bool {
        let place = &raised.finding.place;
        let below = |pointer: &String| {
            place.pointer.strip_prefix(pointer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let covers = |span: &Span| span.start <= place.span.start && place.span.start <= span.end;
        self.codes.contains(&raised.code)
            && self.pointer.as_ref().is_none_or(below)
            && self.covers.as_ref().is_none_or(covers)
    }

    /// What became of it. `all_seen`: every file that it is about was looked at, and a rule of this code at it.
    pub fn recorded(&self, today: Date, used: bool, all_seen: impl Fn(Code) -> bool) -> Recorded {
        let expired = self.until.filter(|_| self.is_expired(today)).map(|until| until.to_string());
        let is_unused = !used && expired.is_none() && self.codes.iter().all(|code| all_seen(*code));
        Recorded { place: self.place.clone(), rules: self.rules.clone(), expired, is_unused }
    }
}
