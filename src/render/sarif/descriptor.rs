//! A rule as code scanning shows it: what it finds, why, and its page.

use super::model::{Configuration, Descriptor, Message, Multiformat, RuleProperties};
use crate::base::diagnostic::{Code, Severity};
use crate::render::url;
use crate::rules::rule;
use crate::rules::rule_doc::split;

/// The texts of a rule's page. `None` for a rule that has none; there is no such rule.
pub(super) fn of(code: Code) -> Option<Descriptor> {
    let rule = rule(code)?;
    let meta = rule.meta;
    let (_, body) = split(rule.page)?;
    let severity = meta.severity();
    let mut tags = vec![rule.group.to_owned()];
    tags.extend(meta.items.iter().map(ToString::to_string));
    Some(Descriptor {
        id: code.to_string(),
        name: meta.name.to_owned(),
        full_description: Message::of(why(body).unwrap_or_else(|| meta.title.to_owned())),
        help: Multiformat { text: format!("{}: {}", meta.title, url(code)), markdown: body.trim().to_owned() },
        short_description: Message::of(meta.title.to_owned()),
        help_uri: url(code),
        default_configuration: Configuration { level: severity.into() },
        properties: RuleProperties {
            tags,
            severity: match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Advice => "recommendation",
            },
        },
    })
}

/// The first paragraph of "Why it matters", on one line.
fn why(body: &str) -> Option<String> {
    let paragraph = body.split_once("\n## Why it matters\n")?.1.trim_start().split("\n\n").next()?;
    Some(paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" "))
}
