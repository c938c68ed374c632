//! A rule's page: the head as data, the title, the text.
//!
//! The head is YAML and read by our own parser, so a page is checked by the same means as a portal (a test holds the
//! heads against `schemas/rule.schema.json`).

use crate::base::diagnostic::{Applicability, Severity};
use crate::schema::Kind;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, yaml};

/// What the head and the title of a page say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleMeta {
    /// Kebab-case; accepted wherever a rule is named.
    pub name: String,
    /// The usual one first; the others are for lesser or special cases.
    pub severities: Vec<Severity>,
    /// Checklist items: V1 to V24, P1 to P20, M1 to M7.
    pub items: Vec<String>,
    /// The bodies it looks at.
    pub kinds: Vec<Kind>,
    /// What it takes to decide it fully.
    pub needs: Option<Needs>,
    /// Fires until the decision is recorded.
    pub intent: bool,
    /// The kinds of fix it has for some of what it finds; none when only a person can fix it.
    pub fixes: Vec<Applicability>,
    /// What the rule finds, in one line.
    pub title: String,
}

/// What a rule asks beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The account: a snapshot of it, or RevCent.
    Account,
    /// Others, over the network.
    Network,
}

impl RuleMeta {
    /// The usual severity.
    pub fn severity(&self) -> Severity {
        self.severities.first().copied().unwrap_or(Severity::Error)
    }
}

/// Head and body of a page; the head without its `---` lines.
pub fn split(page: &str) -> Option<(&str, &str)> {
    page.strip_prefix("---\n")?.split_once("---\n")
}

/// The name of a page's rule, found without reading the rest.
pub fn name(page: &str) -> Option<&str> {
    split(page)?.0.lines().find_map(|line| line.strip_prefix("name: "))
}

/// Reads the head of a page. `None` when it is not of the form; a test sees to it that none is.
pub fn head(page: &str) -> Option<RuleMeta> {
    let (head, body) = split(page)?;
    let parsed = yaml::parse(head, &Limits::default());
    let root = Cursor::root(parsed.documents.first()?);
    let texts = |key| -> Vec<&str> {
        let slot = root.field(key);
        slot.text().into_iter().chain(slot.items().filter_map(|item| item.text())).collect()
    };
    Some(RuleMeta {
        name: root.field("name").text()?.to_owned(),
        severities: texts("severity").into_iter().filter_map(|word| word.parse().ok()).collect(),
        items: texts("items").into_iter().map(str::to_owned).collect(),
        kinds: texts("kinds").into_iter().filter_map(|word| word.parse().ok()).collect(),
        needs: match root.field("needs").text() {
            Some("account") => Some(Needs::Account),
            Some("network") => Some(Needs::Network),
            _ => None,
        },
        intent: root.field("intent").bool() == Some(true),
        fixes: texts("fix").into_iter().filter_map(|word| word.parse().ok()).collect(),
        title: body.lines().find_map(|line| line.strip_prefix("# "))?.to_owned(),
    })
}

/// The JSON Pointers at which the examples of a page fire.
pub fn fires_at(page: &str) -> impl Iterator<Item = &str> {
    let fences = page.lines().filter_map(|line| line.strip_prefix("```"));
    fences.flat_map(str::split_whitespace).filter_map(|word| word.strip_prefix("fires="))
}

/// The text under a heading of a page, up to the next.
pub fn section<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest).trim())
}
