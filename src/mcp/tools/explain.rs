//! `explain_rule`: the page of a rule without its examples.

use serde_json::Value as Json;

use super::Fields;
use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::rules::rule_doc::section;
use crate::rules::selection::{find_rules, is_item};

/// The number of bytes of a page. With the JSON around it, a result has at most 4 kB.
const MAX_PAGE: usize = 3_000;

pub(super) fn call(arguments: &Arguments<'_>) -> Result<Fields, ArgumentError> {
    arguments.allow_only(&["rule"])?;
    let name = arguments.text("rule")?;
    let rules = find_rules(name);
    let mut fields = Fields::new();
    match &rules[..] {
        [] => return Err("there is no such rule: use a code such as RCP012, a name, or an item such as V12"),
        [rule] => {
            fields.insert("code".into(), rule.code.to_string().into());
            fields.insert("name".into(), rule.meta.name.into());
            fields.insert("title".into(), rule.meta.title.into());
            fields.insert("page".into(), page(rule.page).into());
        }
        _ if is_item(name) => {
            let codes: Vec<Json> = rules.iter().map(|rule| rule.code.to_string().into()).collect();
            fields.insert("codes".into(), codes.into());
            fields.insert("next".into(), "Several rules check this item. Call this tool with one of the codes.".into());
        }
        _ => return Err("this is more than one rule: use a complete code such as RCP012"),
    }
    Ok(fields)
}

fn page(page: &str) -> String {
    let mut text = String::new();
    for heading in ["What it checks", "How to fix", "Why it matters"] {
        let section = section(page, heading).unwrap_or_default();
        for part in ["## ", heading, "\n\n", section, "\n\n"] {
            text.push_str(part);
        }
    }
    let text = text.trim_end();
    match text.char_indices().find(|(offset, c)| offset + c.len_utf8() > MAX_PAGE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
