//! Converts a rule's page to a SARIF `reportingDescriptor`, which code scanning shows next to each result of the rule.

use super::model::{
    SarifMessage, SarifMultiformatMessage, SarifReportingConfiguration, SarifReportingDescriptor, SarifRuleProperties,
    sarif_level,
};
use crate::base::diagnostic::{Code, Severity};
use crate::render::rule_page_url;
use crate::rules::rule;
use crate::rules::rule_doc::split_front_matter;

/// Describes a rule. Returns `None` if the code has no page, which does not happen for codes of findings.
pub(super) fn describe_rule(code: Code) -> Option<SarifReportingDescriptor> {
    let rule = rule(code)?;
    let meta = rule.meta;
    let (_, body) = split_front_matter(rule.page)?;
    let severity = meta.severity();
    let mut tags = vec![rule.group.to_owned()];
    tags.extend(meta.items.iter().map(ToString::to_string));
    let full_description = first_paragraph_of_why(body).unwrap_or_else(|| meta.title.to_owned());
    let help_text = format!("{}: {}", meta.title, rule_page_url(code));
    Some(SarifReportingDescriptor {
        id: code.to_string(),
        name: meta.name.to_owned(),
        full_description: SarifMessage::new(full_description),
        help: SarifMultiformatMessage { text: help_text, markdown: body.trim().to_owned() },
        short_description: SarifMessage::new(meta.title),
        help_uri: rule_page_url(code),
        default_configuration: SarifReportingConfiguration { level: sarif_level(severity) },
        properties: SarifRuleProperties {
            tags,
            // GitHub accepts these three values in `problem.severity`.
            severity: match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Advice => "recommendation",
            },
        },
    })
}

/// The first paragraph below "Why it matters", on one line.
fn first_paragraph_of_why(body: &str) -> Option<String> {
    let (_, section) = body.split_once("\n## Why it matters\n")?;
    let paragraph = section.trim_start().split("\n\n").next()?;
    let lines: Vec<&str> = paragraph.lines().map(str::trim).collect();
    Some(lines.join(" "))
}
