//! Which rules run: `--select` and `--ignore`, by code, code prefix or name.

use std::collections::HashSet;

use crate::base::diagnostic::Code;
use crate::rules::wording::nearest;
use crate::rules::{RULES, Rule};

/// The rules of a run. Rules about the file itself always run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// `None` is all of them.
    selected: Option<HashSet<Code>>,
    ignored: HashSet<Code>,
}

/// A word that names no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// As it was written.
    pub word: String,
    /// What was probably meant.
    pub nearest: Option<String>,
}

impl Selection {
    /// From the words of `--select` and `--ignore`.
    ///
    /// # Errors
    ///
    /// The first word that names no rule.
    pub fn new(select: &[String], ignore: &[String]) -> Result<Self, UnknownRule> {
        let selected = if select.is_empty() { None } else { Some(resolve(select)?) };
        Ok(Self { selected, ignored: resolve(ignore)? })
    }

    /// Whether a rule of this code runs.
    pub fn takes_code(&self, code: Code) -> bool {
        crate::rules::rule(code).is_some_and(|rule| self.takes(rule))
    }

    /// Whether the rule runs.
    pub fn takes(&self, rule: &Rule) -> bool {
        !rule.meta.configurable || self.names(rule)
    }

    /// Whether it was asked for and not left out again.
    fn names(&self, rule: &Rule) -> bool {
        let selected = self.selected.as_ref().is_none_or(|selected| selected.contains(&rule.code));
        selected && !self.ignored.contains(&rule.code)
    }

    /// Whether nothing is left of what was asked for.
    pub fn is_empty(&self) -> bool {
        !RULES.iter().any(|rule| self.names(rule))
    }
}

fn resolve(words: &[String]) -> Result<HashSet<Code>, UnknownRule> {
    let mut codes = HashSet::new();
    for word in words {
        let named = find(word);
        if named.is_empty() {
            return Err(UnknownRule { word: word.clone(), nearest: meant(word) });
        }
        codes.extend(named.into_iter().map(|rule| rule.code));
    }
    Ok(codes)
}

/// The rules a word names: a code, the start of codes (`RCP2`), or a name.
pub fn find(word: &str) -> Vec<&'static Rule> {
    let upper = word.to_ascii_uppercase();
    if upper.starts_with("RCP") {
        return RULES.iter().filter(|rule| rule.code.to_string().starts_with(&upper)).collect();
    }
    RULES.iter().filter(|rule| rule.meta.name == word).collect()
}

/// The one rule that a code or a name stands for; what stands for several stands for none.
pub fn the_rule(word: &str) -> Option<&'static Rule> {
    let mut named = find(word).into_iter();
    named.next().filter(|_| named.next().is_none())
}

/// The code or name that was probably meant.
pub fn meant(word: &str) -> Option<String> {
    let names = RULES.iter().map(|rule| rule.meta.name.to_owned());
    let known: Vec<String> = names.chain(RULES.iter().map(|rule| rule.code.to_string())).collect();
    nearest(word, known.iter().map(String::as_str)).map(str::to_owned)
}
