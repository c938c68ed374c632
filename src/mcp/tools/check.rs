//! `check_portal`: the findings, errors first, page by page.

use std::cmp::Reverse;

use crate::agent::own_tools::CHECK;
use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::mcp::finding::to_json;
use crate::mcp::fit::add_lists;
use crate::mcp::root::Root;

use super::Fields;

/// The number of findings that are returned if the caller does not say.
const DEFAULT_LIMIT: usize = 50;

pub(super) fn call(arguments: &Arguments<'_>, root: &Root) -> Result<Fields, ArgumentError> {
    arguments.allow_only(CHECK.arguments)?;
    let limit = arguments.number("limit", DEFAULT_LIMIT)?;
    let offset = arguments.number("offset", 0)?;
    let checked = arguments.check(root, false)?;
    let mut findings: Vec<_> = checked.report.findings().collect();
    findings.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    let page: Vec<_> = findings.iter().skip(offset).take(limit).collect();
    let mut fields = Fields::new();
    fields.insert("truncated".into(), (findings.len().saturating_sub(offset) - page.len()).into());
    add_lists(
        &mut fields,
        vec![("diagnostics", page.into_iter().map(|diagnostic| to_json(&checked.report, diagnostic)).collect())],
    );
    Ok(fields)
}
