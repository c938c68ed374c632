//! `portal-lint explain`.

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

/// Prints the page: its facts in one line, then its text, on a terminal as one reads it and elsewhere as Markdown.
pub(super) fn run(options: &Explain, out: &mut dyn Write) -> Result<u8, Failure> {
    Selection::new(std::slice::from_ref(&options.rule), &[])
        .map_err(|unknown| Failure::Usage(describe_unknown_rule(&unknown)))?;
    let rules = find_rules(&options.rule);
    let [rule] = rules[..] else {
        let codes: Vec<String> = rules.iter().map(|rule| rule.code.to_string()).collect();
        let several = join_quoted(codes.iter().map(String::as_str));
        return Err(Failure::Usage(format!("{} is more than one rule: {several}", quote(&options.rule))));
    };
    if let Some((_, body)) = rule_doc::split(rule.page) {
        let meta = rule.meta;
        let severities: Vec<String> = meta.severities.iter().map(ToString::to_string).collect();
        let items = if meta.items.is_empty() { String::new() } else { format!(" · {}", meta.items.join(" ")) };
        let fixes: Vec<String> = meta.fixes.iter().map(ToString::to_string).collect();
        let fixes = if fixes.is_empty() { String::new() } else { format!(" · fix: {}", fixes.join(" / ")) };
        writeln!(out, "{} {} · {}{items}{fixes}\n", rule.code, meta.name, severities.join(" / "))?;
        writeln!(out, "{}\n", describe_basis(meta))?;
        if io::stdout().is_terminal() || options.color == Color::Always {
            render(body, screen(options.color), out)?;
        } else {
            out.write_all(body.trim_start().as_bytes())?;
        }
    }
    Ok(0)
}

/// Where the rule comes from, so that readers can tell RevCent's words from ours.
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
