//! A rule as code scanning shows it: what it finds, why, and its page.

use super::model::{Configuration, Descriptor, Message, Multiformat, RuleProperties};
use crate::base::diagnostic::{Code, Severity};
use crate::render::url;
use crate::rules::rule;
use crate::rules::rule_doc::{head, split};

/// The texts of a rule's page. `None` for a rule that has none; there is no such rule.
pub(super) fn of(code: Code) -> Option<Descriptor> {
    let page = rule(code)?.page;
    let (head, (_, body)) = (head(page)?, split(page)?);
    let severity = head.severity();
    let mut tags = vec![group(code).to_owned()];
    tags.extend(head.items);
    Some(Descriptor {
        id: code.to_string(),
        name: head.name,
        full_description: Message::of(why(body).unwrap_or_else(|| head.title.clone())),
        help: Multiformat { text: format!("{}: {}", head.title, url(code)), markdown: body.trim().to_owned() },
        short_description: Message::of(head.title),
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

/// What a rule is about, by its number.
fn group(code: Code) -> &'static str {
    match code.0 {
        ..100 => "checklist",
        100..200 => "guidance",
        200..300 => "safety",
        300..400 => "account",
        _ => "file",
    }
}

/// The first paragraph of "Why it matters", on one line.
fn why(body: &str) -> Option<String> {
    let paragraph = body.split_once("\n## Why it matters\n")?.1.trim_start().split("\n\n").next()?;
    Some(paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" "))
}
