//! Which rules run: `--select` and `--ignore`, by code, code prefix or name.

use std::collections::HashSet;

use super::words::nearest;
use super::{RULES, Rule, page};
use crate::diagnostic::Code;

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

    /// Whether the rule runs.
    pub fn takes(&self, rule: &Rule) -> bool {
        let selected = self.selected.as_ref().is_none_or(|selected| selected.contains(&rule.code));
        rule.is_about_the_file() || (selected && !self.ignored.contains(&rule.code))
    }
}

fn resolve(words: &[String]) -> Result<HashSet<Code>, UnknownRule> {
    let mut codes = HashSet::new();
    for word in words {
        let named = find(word);
        if named.is_empty() {
            let by_name = RULES.iter().filter_map(|rule| Some(page::head(rule.page)?.name));
            let known: Vec<String> = by_name.chain(RULES.iter().map(|rule| rule.code.to_string())).collect();
            let nearest = nearest(word, known.iter().map(String::as_str)).map(str::to_owned);
            return Err(UnknownRule { word: word.clone(), nearest });
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
    RULES.iter().filter(|rule| page::head(rule.page).is_some_and(|head| head.name == word)).collect()
}
