//! The questions that the guide asks about several brands and websites ("MCP Guidance for Brand/Website-Specific Portals"), answered
//! from the portals.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Coverage, Group, MatrixPortal, Row, Subjects, number_ranges};
use crate::model::portal::{PERMISSIONS, PortalProfile};
use crate::rules::shared::permission_actions::permission_action;
use crate::rules::wording::{join_with_and, pluralize, quote};
use crate::rules::{address_domain, is_same_organization};

/// How many portals, names or permissions an answer lists.
const MAX_LISTED: usize = 8;

/// The answer if there is nothing to compare.
const ONE_PORTAL: &str = "there is only one portal";

/// Answers all questions, in the order of the guide.
pub(super) fn answer_all(portals: &[MatrixPortal<'_>], groups: &[Group]) -> Vec<Answer> {
    let questions: [(&'static str, AnswerFunction); 8] = [
        ("Is each portal for all customers, or only for some?", customers),
        ("Are there several brands or websites?", brands),
        ("Are campaign filters used?", |facts| filters(facts, Subjects::Campaigns)),
        ("Are shop filters used?", |facts| filters(facts, Subjects::Shops)),
        ("Does each brand, campaign, and shop have a portal of its own?", separation),
        ("Do the portals differ in display name, footer, and emails?", texts),
        ("Is each portal on the domain of its brand?", domains),
        ("Do the permissions differ?", permissions),
    ];
    let facts = Facts { portals, groups };
    questions.map(|(question, answer)| Answer { question, answer: answer(&facts) }).into()
}

type AnswerFunction = fn(&Facts<'_>) -> String;

struct Facts<'m> {
    portals: &'m [MatrixPortal<'m>],
    groups: &'m [Group],
}

impl<'m> Facts<'m> {
    fn rows(&self, subjects: Subjects) -> &'m [Row] {
        self.groups.iter().find(|group| group.subjects == subjects).map_or(&[], |group| &group.rows)
    }

    /// The indices of the portals for which `test` holds.
    fn portals_with(&self, test: impl Fn(&PortalProfile) -> bool) -> Vec<usize> {
        (0..self.portals.len()).filter(|index| test(self.portals[*index].profile)).collect()
    }

    /// The indices of the portals that may name other such objects.
    fn unknown(&self, subjects: Subjects) -> Vec<usize> {
        (0..self.portals.len()).filter(|index| self.portals[*index].may_name_others(subjects)).collect()
    }
}

fn customers(facts: &Facts<'_>) -> String {
    let general = facts.portals_with(|profile| profile.is_for_all() == Some(true));
    let filtered = facts.portals_with(|profile| profile.is_for_all() == Some(false));
    let unknown = facts.portals_with(|profile| profile.is_for_all().is_none());
    let mut parts = Vec::new();
    match (general.len(), filtered.len(), unknown.len()) {
        (0, _, 0) => parts.push("only for some: every portal has filters".to_owned()),
        (_, 0, 0) => parts.push("for all customers: no portal has filters".to_owned()),
        (_, _, 0) => {
            parts.push(format!("for all customers: {}, without filters; the others have filters", portals(&general)));
        }
        _ => {
            if !general.is_empty() {
                parts.push(format!("for all customers: {}, without filters", portals(&general)));
            }
            if !filtered.is_empty() {
                parts.push(format!("only for some: {}, with filters", portals(&filtered)));
            }
        }
    }
    add_unknown(&mut parts, &unknown);
    parts.join("; ")
}

fn brands(facts: &Facts<'_>) -> String {
    let nouns = [
        (Subjects::Brands, "brand"),
        (Subjects::Campaigns, "campaign"),
        (Subjects::Shops, "shop"),
        (Subjects::Domains, "domain"),
    ];
    let counts = nouns.map(|(subjects, noun)| pluralize(facts.rows(subjects).len(), noun));
    let has_several = nouns.iter().any(|(subjects, _)| facts.rows(*subjects).len() > 1);
    let mut parts = vec![format!("{}: {}", if has_several { "yes" } else { "no" }, join_with_and(&counts))];
    add_unknown(&mut parts, &facts.unknown(Subjects::Brands));
    parts.join("; ")
}

fn filters(facts: &Facts<'_>, subjects: Subjects) -> String {
    let index = usize::from(subjects == Subjects::Shops);
    let filtered = facts.portals_with(|profile| profile.filters[index].as_ref().is_some_and(|ids| !ids.is_empty()));
    let unknown = facts.portals_with(|profile| profile.filters[index].is_none());
    let mut parts = Vec::new();
    match filtered.len() {
        0 if !unknown.is_empty() => {}
        0 => parts.push("by no portal".to_owned()),
        number if number == facts.portals.len() => parts.push("by all portals".to_owned()),
        _ => parts.push(format!("by {}", portals(&filtered))),
    }
    add_unknown(&mut parts, &unknown);
    for (coverage, text) in
        [(Coverage::Gap, "in no portal"), (Coverage::OnlyGeneral, "only in portals for all customers")]
    {
        let rows: Vec<String> =
            facts.rows(subjects).iter().filter(|row| row.coverage == coverage).map(name_of).collect();
        if !rows.is_empty() {
            parts.push(format!("{text}: {}", list(&rows)));
        }
    }
    parts.join("; ")
}

fn separation(facts: &Facts<'_>) -> String {
    let mut shared = Vec::new();
    for subjects in [Subjects::Brands, Subjects::Campaigns, Subjects::Shops] {
        for row in facts.rows(subjects).iter().filter(|row| row.coverage == Coverage::Overlap) {
            shared.push(format!("{} in {}", name_of(row), portals(&row.portals)));
        }
    }
    let mut parts = Vec::new();
    if !shared.is_empty() {
        parts.push(format!("in several portals: {}", shorten(&shared, "; ")));
    }
    let unknown: BTreeSet<usize> = [Subjects::Brands, Subjects::Campaigns, Subjects::Shops]
        .into_iter()
        .flat_map(|subjects| facts.unknown(subjects))
        .collect();
    add_unknown(&mut parts, &Vec::from_iter(unknown));
    let general = facts.portals_with(|profile| profile.is_for_all() == Some(true));
    if !general.is_empty() && facts.portals.len() > 1 {
        parts.push(format!("all customers can also access {}", portals(&general)));
    }
    if parts.is_empty() { "yes, none is in several portals".to_owned() } else { parts.join("; ") }
}

fn texts(facts: &Facts<'_>) -> String {
    if facts.portals.len() < 2 {
        return ONE_PORTAL.to_owned();
    }
    let mut parts = Vec::new();
    let mut add = |noun: &str, shared: Vec<String>| {
        if !shared.is_empty() {
            parts.push(format!("the same {noun}: {}", shared.join(" and ")));
        }
    };
    add("display name", sharing(facts, |profile| profile.display_name.as_ref()));
    add("footer", sharing(facts, |profile| profile.footer.as_ref()));
    add("emails", sharing(facts, |profile| profile.emails.iter().all(Option::is_some).then_some(&profile.emails)));
    let unknown = facts.portals_with(|profile| {
        let texts = [&profile.display_name, &profile.footer].into_iter().chain(&profile.emails);
        !profile.is_complete && texts.into_iter().any(Option::is_none)
    });
    add_unknown(&mut parts, &unknown);
    if parts.is_empty() { "yes, each portal has its own".to_owned() } else { parts.join("; ") }
}

/// The groups of portals with the same value.
fn sharing<'m, T: Ord>(facts: &Facts<'m>, value: impl Fn(&'m PortalProfile) -> Option<T>) -> Vec<String> {
    let mut portals_by_value: BTreeMap<T, Vec<usize>> = BTreeMap::new();
    for (index, portal) in facts.portals.iter().enumerate() {
        if let Some(value) = value(portal.profile) {
            portals_by_value.entry(value).or_default().push(index);
        }
    }
    let mut shared: Vec<Vec<usize>> = portals_by_value.into_values().filter(|portals| portals.len() > 1).collect();
    shared.sort_unstable();
    shared.iter().map(|indices| portals(indices)).collect()
}

fn domains(facts: &Facts<'_>) -> String {
    let mut others = Vec::new();
    let mut unknown = BTreeSet::from_iter(facts.portals_with(|profile| profile.tracking_domain.is_none()));
    for row in facts.rows(Subjects::Domains) {
        let host = row.name.as_deref().filter(|host| host.contains('.'));
        for &index in &row.portals {
            match (sender_domain(facts.portals[index].profile), host) {
                (Some(sender), Some(host)) if is_same_organization(&sender, host) => {}
                (Some(sender), Some(host)) => others.push((index, sender, host)),
                _ => drop(unknown.insert(index)),
            }
        }
    }
    others.sort_unstable();
    let mut parts = Vec::new();
    if !others.is_empty() {
        let others: Vec<String> = others
            .into_iter()
            .map(|(index, sender, host)| {
                format!("portal {} sends from {} and is on {}", index + 1, quote(&sender), quote(host))
            })
            .collect();
        parts.push(list(&others));
    }
    add_unknown(&mut parts, &Vec::from_iter(unknown));
    if parts.is_empty() { "yes, each portal is on the domain that it sends from".to_owned() } else { parts.join("; ") }
}

fn sender_domain(profile: &PortalProfile) -> Option<String> {
    Some(address_domain(profile.sender.as_deref()?)?.to_lowercase())
}

fn permissions(facts: &Facts<'_>) -> String {
    if facts.portals.len() < 2 {
        return ONE_PORTAL.to_owned();
    }
    let mut differing = Vec::new();
    for (index, permission) in PERMISSIONS.iter().enumerate() {
        let allowed = facts.portals_with(|profile| profile.permissions[index] == Some(true));
        let known = facts.portals_with(|profile| profile.permissions[index].is_some() || profile.is_complete);
        if !allowed.is_empty() && allowed.len() < known.len() {
            differing.push(format!("only customers of {} can {}", portals(&allowed), permission_action(permission)));
        }
    }
    let unknown = facts.portals_with(|profile| !profile.is_complete && profile.permissions.iter().any(Option::is_none));
    let mut parts = Vec::new();
    if !differing.is_empty() {
        parts.push(format!("yes: {}", differing.join("; ")));
    } else if unknown.is_empty() {
        parts.push("no, all portals have the same permissions".to_owned());
    }
    add_unknown(&mut parts, &unknown);
    parts.join("; ")
}

/// Says for which portals the answer is not known.
fn add_unknown(parts: &mut Vec<String>, unknown: &[usize]) {
    if !unknown.is_empty() {
        parts.push(format!("unknown for {}", portals(unknown)));
    }
}

/// "portal 3", "portals 1-4, 7"
fn portals(indices: &[usize]) -> String {
    let numbers = number_ranges(indices);
    format!("{} {}", if indices.len() == 1 { "portal" } else { "portals" }, list(&numbers))
}

fn list(items: &[String]) -> String {
    shorten(items, ", ")
}

/// The first items, and the number of others.
fn shorten(items: &[String], separator: &str) -> String {
    let shown = items.iter().take(MAX_LISTED).map(String::as_str).collect::<Vec<_>>().join(separator);
    match items.len().saturating_sub(MAX_LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn name_of(row: &Row) -> String {
    quote(row.name.as_deref().unwrap_or(&row.id))
}
