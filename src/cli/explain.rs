//! `portal-lint explain`: the pages of rules, as text or as JSON.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::args::{Color, Explain, ExplainFormat};
use super::rules::RuleRow;
use super::setup::describe_unknown_rule;
use super::terminal::screen;
use super::{Failure, refuse};
use crate::render::markdown_terminal::render;
use crate::rules::metadata::{Basis, RuleMeta};
use crate::rules::rule_doc::{first_examples, section, without_test_markers};
use crate::rules::selection::{Selection, find_rules, is_item};
use crate::rules::wording::{join_quoted, join_with_and, pluralize, quote};
use crate::rules::{RULES, Rule};

/// The number of examples of each kind that are shown: the page should fit on one or two screens.
const SHOWN_EXAMPLES: usize = 3;

/// A rule's page in the JSON output. The texts are Markdown.
#[derive(Serialize)]
struct RulePage {
    #[serde(flatten)]
    row: RuleRow,
    basis: String,
    finds: String,
    how_to_fix: String,
    why_it_matters: String,
    fires_on: String,
    does_not_fire_on: String,
}

/// Prints the pages of the rules that the user names, or of all rules.
pub(super) fn run(options: &Explain, out: &mut dyn Write) -> Result<u8, Failure> {
    let rules = match &options.rule {
        Some(name) => rules_to_explain(name)?,
        None => RULES.iter().collect(),
    };
    if matches!(options.format, ExplainFormat::Json) {
        let pages: Vec<RulePage> = rules.iter().map(|rule| RulePage::new(rule)).collect();
        serde_json::to_writer_pretty(&mut *out, &pages).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(0);
    }
    if let Some(name) = &options.rule
        && rules.len() > 1
    {
        let codes: Vec<String> = rules.iter().map(|rule| rule.code.to_string()).collect();
        writeln!(out, "{} is checked by {}.\n", name.to_uppercase(), join_with_and(&codes))?;
    }
    for (index, rule) in rules.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write_page(rule, options, out)?;
    }
    Ok(0)
}

/// The rule with a name or code, or the rules of an item of the guide.
fn rules_to_explain(name: &str) -> Result<Vec<&'static Rule>, Failure> {
    Selection::new(&[name.to_owned()], &[]).map_err(|unknown| Failure::Usage(describe_unknown_rule(&unknown)))?;
    let rules = find_rules(name);
    if rules.len() > 1 && !is_item(name) {
        let codes: Vec<String> = rules.iter().map(|rule| rule.code.to_string()).collect();
        let several = join_quoted(codes.iter().map(String::as_str));
        return refuse(format!("{} matches several rules; name one of them: {several}", quote(name)));
    }
    Ok(rules)
}

/// Writes a page: two lines of metadata, and the text, which is formatted on a terminal and for `--color always`, and is Markdown
/// elsewhere.
fn write_page(rule: &Rule, options: &Explain, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {}\n", rule.code, describe_metadata(rule.meta))?;
    writeln!(out, "Basis: {}\n", describe_basis(rule.meta))?;
    let page = RulePage::new(rule);
    let maximum = if options.examples { usize::MAX } else { SHOWN_EXAMPLES };
    let (fires_on, more_bad) = first_examples(&page.fires_on, maximum);
    let (does_not_fire_on, more_good) = first_examples(&page.does_not_fire_on, maximum);
    let mut body = format!("# {}\n", rule.meta.title);
    for (heading, text) in [
        ("What it checks", page.finds.as_str()),
        ("How to fix", &page.how_to_fix),
        ("Why it matters", &page.why_it_matters),
        ("Fires on", fires_on),
        ("Does not fire on", does_not_fire_on),
    ] {
        body.extend(["\n## ", heading, "\n\n", text, "\n"]);
    }
    if io::stdout().is_terminal() || options.color == Color::Always {
        render(&body, screen(options.color), out)?;
    } else {
        out.write_all(body.as_bytes())?;
    }
    match more_bad + more_good {
        0 => Ok(()),
        more => writeln!(out, "\n{}: portal-lint explain {} --examples", pluralize(more, "more example"), rule.code),
    }
}

impl RulePage {
    fn new(rule: &Rule) -> Self {
        let text = |heading| without_test_markers(section(rule.page, heading).unwrap_or_default());
        Self {
            row: RuleRow::new(rule),
            basis: describe_basis(rule.meta),
            finds: text("What it checks"),
            how_to_fix: text("How to fix"),
            why_it_matters: text("Why it matters"),
            fires_on: text("Fires on"),
            does_not_fire_on: text("Does not fire on"),
        }
    }
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
        (Basis::Guide, Some(line)) => format!("RevCent's guide says “{line}”"),
        (Basis::Schema, Some(part)) => format!("The published operation. {part}"),
        (Basis::Guide, None) => "RevCent's guide.".to_owned(),
        (Basis::Schema, None) => "The published operation.".to_owned(),
        (Basis::Inferred, _) => "Our own conclusion. RevCent's guide and API do not state it.".to_owned(),
    }
}
