//! `fix_portal`: returns the edits of automatic fixes, and the findings that remain. Writes nothing, and fills in no variable.

use super::Fields;
use crate::agent::check::Checked;
use crate::agent::own_tools::FIX;
use crate::base::diagnostic::Applicability;
use crate::base::file::replace_text;
use crate::base::load::load;
use crate::engine::edited_spans::minimal_edits;
use crate::engine::fix::{apply_fixes, mask_before_and_after};
use crate::engine::run::check;
use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::mcp::finding::{edit_to_json, findings_by_severity, findings_to_json};
use crate::mcp::root::Root;
use crate::mcp::short_findings::shorten_findings;
use crate::mcp::size_limit::{add_lists, add_text};
use crate::settings::Settings;

pub(super) fn call(arguments: &Arguments<'_>, root: &Root) -> Result<Fields, ArgumentError> {
    arguments.allow_only(FIX.arguments)?;
    let applicability = if arguments.flag("unsafe")? { Applicability::Unsafe } else { Applicability::Safe };
    let return_body = arguments.flag("return_body")?;
    let checked = arguments.check(root, false)?;
    let (input, settings) = (&checked.input, &checked.settings);
    // Otherwise, the tool would show any file below the root, such as one with keys.
    if return_body && !contains_portal(&checked) {
        return Err("the body or file contains no portal, so its text is not returned");
    }
    let Ok(source) = load(input, settings.project(input).limits.file_bytes) else {
        return Err("the body or file cannot be read: call check_portal");
    };
    let fixed = apply_fixes(input, source.text().to_owned(), settings, applicability);
    // If a fix does not remove its finding, portal-lint misunderstood the file, so apply none.
    let (after, spans) =
        if fixed.failed.is_none() { (fixed.text, fixed.spans) } else { (source.text().to_owned(), Vec::new()) };
    // Secrets are never shown, not even those that the model has passed itself.
    let (masked_before, masked_after) = mask_before_and_after(input, source.text(), &after, settings, &checked.report);
    let edits = minimal_edits([&masked_before, &masked_after], &spans);
    let mut inputs = checked.inputs.clone();
    replace_text(&mut inputs, input, &after);
    let report = check(inputs, settings);
    let mut fields = Fields::new();
    if return_body && !add_text(&mut fields, "body", masked_after) {
        fields.insert("note".into(), "The fixed text is too long to be returned. Apply the edits.".into());
    }
    let remaining = ("remaining", findings_to_json(&report, findings_by_severity(&report)));
    let mut lists = shorten_findings(vec![remaining], 0);
    lists.insert(0, ("edits", edits.iter().map(edit_to_json).collect()));
    add_lists(&mut fields, lists);
    Ok(fields)
}

/// Whether the body or file contains a portal, whatever kind of portal the arguments claim.
fn contains_portal(checked: &Checked) -> bool {
    let settings = Settings { kind: None, ..checked.settings.clone() };
    let report = check(vec![checked.input.clone()], &settings);
    report.files.iter().any(|file| file.id == checked.input.id && file.kind.is_some())
}
