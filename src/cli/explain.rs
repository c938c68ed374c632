//! `portal-lint explain`: the page of a rule.

use std::io::{self, IsTerminal, Write};

use super::Failure;
use super::args::{Color, Explain};
use super::setup::describe_unknown_rule;
use super::terminal::screen;
use crate::render::markdown_terminal::render;
use crate::rules::metadata::{Basis, RuleMeta};
use crate::rules::rule_doc;
use crate::rules::selection::{Selection, find_rules};
use crate::rules::wording::{join_quoted, quote};

/// Prints the page of a rule: a line of metadata and the text, which is formatted on a terminal and Markdown elsewhere.
pub(super) fn run(options: &Explain, out: &mut dyn Write) -> Result<u8, Failure> {
    Selection::new(std::slice::from_ref(&options.rule), &[])
        .map_err(|unknown| Failure::Usage(describe_unknown_rule(&unknown)))?;
    let rules = find_rules(&options.rule);
    let [rule] = rules[..] else {
        let codes: Vec<String> = rules.iter().map(|rule| rule.code.to_string()).collect();
        let several = join_quoted(codes.iter().map(String::as_str));
        return Err(Failure::Usage(format!("{} is more than one rule: {several}", quote(&options.rule))));
    };
    let Some((_, body)) = rule_doc::split(rule.page) else { return Ok(0) };
    writeln!(out, "{} {}\n", rule.code, describe_metadata(rule.meta))?;
    writeln!(out, "{}\n", describe_basis(rule.meta))?;
    if io::stdout().is_terminal() || options.color == Color::Always {
        render(body, screen(options.color), out)?;
    } else {
        out.write_all(body.trim_start().as_bytes())?;
    }
    Ok(0)
}

/// The name, severities, checklist items and fixes of a rule.
fn describe_metadata(meta: &RuleMeta) -> String {
    let severities: Vec<String> = meta.severities.iter().map(ToString::to_string).collect();
    let mut parts = vec![meta.name.to_owned(), severities.join(" / ")];
    if !meta.items.is_empty() {
        parts.push(meta.items.join(" "));
    }
    if !meta.fixes.is_empty() {
        let fixes: Vec<String> = meta.fixes.iter().map(ToString::to_string).collect();
        parts.push(format!("fix: {}", fixes.join(" / ")));
    }
    parts.join(" · ")
}

/// Where the rule comes from: readers should know what RevCent requires and what is our own advice.
fn describe_basis(meta: &RuleMeta) -> String {
    match (meta.basis, meta.source) {
        (Basis::Guide, Some(line)) => format!("Basis: RevCent's guide says “{}”", line.trim_end_matches(':')),
        (Basis::Schema, Some(part)) => format!("Basis: the published operation. {part}"),
        (Basis::Guide, None) => "Basis: RevCent's guide.".to_owned(),
        (Basis::Schema, None) => "Basis: the published operation.".to_owned(),
        (Basis::Inferred, _) => {
            "Basis: our own conclusion; neither the guide nor the published operation says it.".to_owned()
        }
    }
}
