//! The unverified facts of all portals. Many are the same for all portals, so the report lists each fact once.

use std::collections::HashMap;

use super::sections::ItemIds;
use crate::base::steps::count_steps;
use crate::preflight::{MissingFact, PortalReview, Preflight};

/// Facts that are unverified and can be verified in the same way.
#[derive(Debug)]
pub(super) struct UnverifiedGroup<'p> {
    /// What the user can do to verify them.
    pub verify: &'p str,
    pub facts: Vec<UnverifiedFact<'p>>,
}

/// A fact that is unverified for some portals.
#[derive(Debug)]
pub(super) struct UnverifiedFact<'p> {
    /// The fact ("whether …").
    fact: &'p str,
    /// The items that depend on it.
    pub ids: ItemIds,
    portals: Vec<&'p PortalReview<'p>>,
}

impl UnverifiedFact<'_> {
    /// The fact, with the portals if they are not all portals of the run.
    pub(super) fn describe(&self, preflight: &Preflight<'_>) -> String {
        // Files without a portal are not counted.
        let total = preflight.portals.iter().filter(|portal| portal.kind.is_some()).count();
        let Self { fact, portals, .. } = self;
        match portals[..] {
            _ if portals.len() >= total => (*fact).to_owned(),
            [portal] => format!("{fact} ({})", portal.file.name),
            _ => format!("{fact} ({} of {total} portals)", portals.len()),
        }
    }
}

/// Merges the unverified facts of the portals, so that each fact occurs once.
pub(super) fn merge_unverified<'p>(portals: &[&'p PortalReview<'p>]) -> Vec<UnverifiedGroup<'p>> {
    let mut merged = MergedFacts::default();
    for portal in portals {
        for item in &portal.items {
            for fact in &item.missing_facts {
                merged.add(Some(item.id), fact, portal);
            }
        }
        for other in &portal.other_missing_facts {
            merged.add(None, &other.fact, portal);
        }
    }
    merged.groups
}

#[derive(Default)]
struct MergedFacts<'p> {
    groups: Vec<UnverifiedGroup<'p>>,
    /// The index of each group, by what the user can do to verify its facts.
    group_indexes: HashMap<&'p str, usize>,
    /// The index of each fact in its group, by what the user can do to verify it and the fact.
    fact_indexes: HashMap<(&'p str, &'p str), usize>,
}

impl<'p> MergedFacts<'p> {
    fn add(&mut self, id: Option<&'static str>, fact: &'p MissingFact, portal: &'p PortalReview<'p>) {
        count_steps(1);
        let MissingFact { verify, reason, .. } = fact;
        let group_index = *self.group_indexes.entry(verify).or_insert(self.groups.len());
        if group_index == self.groups.len() {
            self.groups.push(UnverifiedGroup { verify, facts: Vec::new() });
        }
        let facts = &mut self.groups[group_index].facts;
        let index = *self.fact_indexes.entry((verify, reason)).or_insert(facts.len());
        if index == facts.len() {
            facts.push(UnverifiedFact { fact: reason, ids: Vec::new(), portals: Vec::new() });
        }
        let known = &mut facts[index];
        if let Some(id) = id
            && !known.ids.contains(&id)
        {
            known.ids.push(id);
        }
        // Several items of a portal can need the same fact.
        if known.portals.last().is_none_or(|last| !std::ptr::eq(*last, portal)) {
            known.portals.push(portal);
        }
    }
}
