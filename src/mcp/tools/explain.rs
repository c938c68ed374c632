//! `explain_rule`: returns the page of a rule without its examples.

use serde_json::Value as Json;

use super::Fields;
use crate::agent::own_tools::EXPLAIN;
use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::mcp::size_limit::response_length;
use crate::rules::rule_doc::{section, without_test_markers};
use crate::rules::selection::{find_rules, is_item};

/// The maximum number of bytes of a response.
const MAX_RESPONSE_BYTES: usize = 4_000;

pub(super) fn call(arguments: &Arguments<'_>) -> Result<Fields, ArgumentError> {
    arguments.allow_only(EXPLAIN.arguments)?;
    let name = arguments.text("rule")?;
    let rules = find_rules(name);
    let mut fields = Fields::new();
    match &rules[..] {
        [] => return Err("there is no such rule: use the code or the name of a rule, or an item such as V12"),
        [rule] => {
            fields.insert("code".into(), rule.code.to_string().into());
            fields.insert("name".into(), rule.meta.name.into());
            fields.insert("title".into(), rule.meta.title.into());
            add_page(&mut fields, rule.page);
        }
        _ if is_item(name) => {
            let codes: Vec<Json> = rules.iter().map(|rule| rule.code.to_string().into()).collect();
            fields.insert("codes".into(), codes.into());
            fields.insert("next".into(), "Several rules check this item. Call this tool with one of the codes.".into());
        }
        _ => return Err("this matches several rules: use a complete code, as in a finding"),
    }
    Ok(fields)
}

/// Adds the sections of a page. If they do not fit, the end of what the rule checks is left out: how to fix a finding is
/// more important.
fn add_page(fields: &mut Fields, page: &str) {
    let [checks, fix, why] =
        ["What it checks", "How to fix", "Why it matters"].map(|heading| section(page, heading).unwrap_or_default());
    // Leave out whole paragraphs and list items: the text can end before each of them.
    let mut ends = vec![0];
    for (offset, _) in checks.match_indices('\n') {
        if checks[offset + 1..].starts_with(['\n', '-']) {
            ends.push(offset);
        }
    }
    ends.push(checks.len());
    for end in ends.into_iter().rev() {
        let omitted = if end < checks.len() { "\n\n…" } else { "" };
        let text = format!(
            "## What it checks\n\n{}{omitted}\n\n## How to fix\n\n{fix}\n\n## Why it matters\n\n{why}",
            &checks[..end]
        );
        fields.insert("page".into(), without_test_markers(&text).into());
        if response_length(fields) <= MAX_RESPONSE_BYTES {
            break;
        }
    }
}
