//! `check_portal`: returns the findings in pages, errors first.

use crate::agent::own_tools::CHECK;
use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::mcp::finding::{findings_by_severity, findings_to_json};
use crate::mcp::root::Root;
use crate::mcp::short_findings::{fields_length, shorten_findings};
use crate::mcp::size_limit::add_lists;

use super::Fields;

/// The number of findings that are returned if the caller does not give a limit.
const DEFAULT_LIMIT: usize = 50;

pub(super) fn call(arguments: &Arguments<'_>, root: &Root) -> Result<Fields, ArgumentError> {
    arguments.allow_only(CHECK.arguments)?;
    let limit = arguments.number("limit", DEFAULT_LIMIT)?;
    let offset = arguments.number("offset", 0)?;
    let checked = arguments.check(root, false)?;
    let findings = findings_by_severity(&checked.report);
    let total = findings.len();
    let page = findings_to_json(&checked.report, findings.into_iter().skip(offset).take(limit));
    let mut fields = Fields::new();
    fields.insert("truncated".into(), (total.saturating_sub(offset) - page.len()).into());
    let lists = shorten_findings(vec![("diagnostics", page)], fields_length(&fields));
    add_lists(&mut fields, lists);
    Ok(fields)
}
