//! Which rules run: `--select` and `--ignore`, by code, code prefix, name or item of the guide.

use std::collections::HashSet;

use crate::base::diagnostic::Code;
use crate::rules::former_names::current_name;
use crate::rules::wording::closest_match;
use crate::rules::{RULES, Rule};

/// The rules of a run. Rules about the file itself always run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// `None` means all rules.
    selected: Option<HashSet<Code>>,
    ignored: HashSet<Code>,
}

/// A name in `--select` or `--ignore` that matches no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// As it was written.
    pub name: String,
    /// The code or name that was probably meant.
    pub suggestion: Option<String>,
}

impl Selection {
    /// Creates a selection from the values of `--select` and `--ignore`.
    ///
    /// # Errors
    ///
    /// Returns the first value that matches no rule.
    pub fn new(select: &[String], ignore: &[String]) -> Result<Self, UnknownRule> {
        let selected = if select.is_empty() { None } else { Some(resolve_codes(select)?) };
        Ok(Self { selected, ignored: resolve_codes(ignore)? })
    }

    /// Whether the rule with this code runs.
    pub fn is_code_enabled(&self, code: Code) -> bool {
        crate::rules::rule(code).is_some_and(|rule| self.is_enabled(rule))
    }

    /// Whether the rule runs.
    pub fn is_enabled(&self, rule: &Rule) -> bool {
        !rule.meta.configurable || self.is_selected(rule)
    }

    fn is_selected(&self, rule: &Rule) -> bool {
        let selected = self.selected.as_ref().is_none_or(|selected| selected.contains(&rule.code));
        selected && !self.ignored.contains(&rule.code)
    }

    /// Whether no rule is selected.
    pub fn is_empty(&self) -> bool {
        !RULES.iter().any(|rule| self.is_selected(rule))
    }
}

fn resolve_codes(names: &[String]) -> Result<HashSet<Code>, UnknownRule> {
    let mut codes = HashSet::new();
    for name in names {
        let rules = find_rules(name);
        if rules.is_empty() {
            let suggestion = suggest_item(name).or_else(|| suggest_rule(name));
            return Err(UnknownRule { name: name.clone(), suggestion });
        }
        for rule in rules {
            codes.insert(rule.code);
        }
    }
    Ok(codes)
}

/// Whether a rule decides this item of the guide's checklists (V1 to V24, P1 to P20) or common mistakes (M1 to M7).
pub fn is_item(name: &str) -> bool {
    RULES.iter().any(|rule| has_item(rule, name))
}

fn has_item(rule: &Rule, name: &str) -> bool {
    rule.meta.items.iter().any(|item| item.eq_ignore_ascii_case(name))
}

/// Returns the rules with this code, code prefix (`RCP2`) or name, or those that decide this item of the guide (`V12`).
pub fn find_rules(name: &str) -> Vec<&'static Rule> {
    let prefix = name.to_ascii_uppercase();
    // No name starts with `rcp`, so this is a code or the start of one.
    if prefix.starts_with("RCP") {
        return RULES.iter().filter(|rule| rule.code.to_string().starts_with(&prefix)).collect();
    }
    RULES.iter().filter(|rule| rule.meta.name == name || has_item(rule, name)).collect()
}

/// Returns the rule with this code or name. Returns `None` for a prefix that matches several rules, and for an item of the guide.
pub fn find_rule(name: &str) -> Option<&'static Rule> {
    match find_rules(name)[..] {
        [rule] if !is_item(name) => Some(rule),
        _ => None,
    }
}

/// Returns the item of the guide that is most similar to a misspelled one: `V2` for `V25`.
fn suggest_item(misspelled: &str) -> Option<String> {
    let (letter, digits) = misspelled.split_at_checked(1)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let items = RULES.iter().flat_map(|rule| rule.meta.items).copied();
    let items_of_list = items.filter(|item| item[..1].eq_ignore_ascii_case(letter));
    closest_match(misspelled, items_of_list).map(str::to_owned)
}

/// Returns the code or name that is most similar to a misspelled one, or the current name of a rule that was renamed. For an item of
/// the guide, returns the name of a rule that decides it.
pub fn suggest_rule(misspelled: &str) -> Option<String> {
    if let Some(current) = current_name(misspelled) {
        return Some(current.to_owned());
    }
    if let Some(rule) = RULES.iter().find(|rule| has_item(rule, misspelled)) {
        return Some(rule.meta.name.to_owned());
    }
    // Names first: of two candidates that are equally similar, the first is suggested.
    let mut candidates = Vec::with_capacity(2 * RULES.len());
    candidates.extend(RULES.iter().map(|rule| rule.meta.name.to_owned()));
    candidates.extend(RULES.iter().map(|rule| rule.code.to_string()));
    closest_match(misspelled, candidates.iter().map(String::as_str)).map(str::to_owned)
}
