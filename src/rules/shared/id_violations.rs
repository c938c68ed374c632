//! Reports schema violations of IDs: missing, not a string, or not 20 characters long. Shared by the rules about IDs.

use crate::base::diagnostic::{Applicability, Finding};
use crate::model::portal::{ID_LENGTH, has_id_length};
use crate::rules::context::PortalContext;
use crate::rules::shared::required_field::describe_blank;
use crate::rules::wording::{describe_violation, name_look_alike, name_surrounding_look_alike, quote};
use crate::schema::{PortalKind, Violation, ViolationKind};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Style, Value};

/// What an ID identifies, for messages.
#[derive(Clone, Copy)]
pub(crate) struct IdTarget {
    /// "tracking domain"
    pub noun: &'static str,
    /// Where to find the ID, as the end of the help: `, as returned by GetCampaigns`. Empty for an SMTP profile, because RevCent
    /// documents no call that lists them.
    pub source: &'static str,
}

/// Reports all schema violations in the IDs that the rule owns.
pub(crate) fn report_violations(cx: &mut PortalContext<'_>, target: IdTarget) {
    let violations = cx.owned_violations();
    report_each_violation(cx, violations, target);
}

/// Reports the schema violations in the entries of one list.
pub(crate) fn report_entry_violations<'a>(cx: &mut PortalContext<'a>, list: &Cursor<'a>, target: IdTarget) {
    let violations = cx.owned_violations().into_iter().filter(|violation| violation.cursor.is_inside(list)).collect();
    report_each_violation(cx, violations, target);
}

fn report_each_violation<'a>(cx: &mut PortalContext<'a>, violations: Vec<Violation<'a>>, target: IdTarget) {
    let kind = cx.kind();
    // One editor for all fixes, because creating one takes a pass over the file.
    let editor = cx.editor();
    for violation in violations {
        let cursor = &violation.cursor;
        let wording = describe_id_violation(&violation, kind, target);
        let mut finding = Finding::new(cursor.location(), wording.message, wording.help).with_invalid_value();
        if is_exported_object(&violation, kind) {
            let edits = editor.replace_with_field(cursor, &cursor.field("id"));
            finding = finding.with_fix(Applicability::Safe, "replace the object with its `id`", edits);
        }
        finding.label = wording.label;
        cx.report(finding);
    }
}

/// Reports values with the length of an ID that are a host name, a URL or an email address. The schema accepts them, because it only
/// checks the length. Returns whether there are any.
pub(crate) fn report_other_values<'a>(
    cx: &mut PortalContext<'a>,
    ids: impl IntoIterator<Item = Cursor<'a>>,
    target: IdTarget,
) -> bool {
    let mut has_reported = false;
    for id in ids {
        let Some(description) = id.literal_text().filter(|text| has_id_length(text)).and_then(recognize_other_value)
        else {
            continue;
        };
        let message = describe_other_value(target, description, ID_LENGTH as u64);
        cx.report(Finding::new(id.location(), message, id_help(target, ID_LENGTH as u64)).with_invalid_value());
        has_reported = true;
    }
    has_reported
}

fn describe_other_value(target: IdTarget, description: &str, length: u64) -> String {
    format!("the {} must be a {length}-character ID, not {description}", target.noun)
}

fn id_help(IdTarget { noun, source }: IdTarget, length: u64) -> String {
    format!("use the {length}-character ID of the {noun}{source}")
}

/// Whether a request contains an object with an `id`, as GetCustomerPortal returns it, in place of the ID.
fn is_exported_object(violation: &Violation<'_>, kind: PortalKind) -> bool {
    if kind == PortalKind::Export || !matches!(violation.kind, ViolationKind::Type(_)) || !violation.cursor.is_object()
    {
        return false;
    }
    let id = violation.cursor.field("id");
    id.variable().is_some() || id.text().is_some_and(has_id_length)
}

struct IdWording {
    message: String,
    label: Option<String>,
    help: String,
}

fn describe_id_violation(violation: &Violation<'_>, kind: PortalKind, target: IdTarget) -> IdWording {
    let noun = target.noun;
    let length = if let ViolationKind::Length(length) = violation.kind { length } else { ID_LENGTH as u64 };
    let help = id_help(target, length);
    let cursor = &violation.cursor;
    let message = match (violation.kind, cursor.value()) {
        (ViolationKind::Missing, _) if kind == PortalKind::Export && cursor.key() == "id" => {
            format!("the {noun} has no `id`")
        }
        (ViolationKind::Missing, _) => format!("{} is missing", quote(cursor.key())),
        (ViolationKind::Type(_), Some(Value::Object(_))) if kind != PortalKind::Export => {
            match cursor.field("id").text() {
                Some(id) => {
                    return IdWording {
                        message: format!("the {noun} is an object, but the request needs only its ID"),
                        label: Some("the object that GetCustomerPortal returns".into()),
                        help: format!("replace the object with its `id`, {}", quote(id)),
                    };
                }
                None => describe_violation(violation),
            }
        }
        (ViolationKind::Length(_), Some(Value::String(text))) if text.trim().is_empty() => {
            format!("the {noun} ID {}", describe_blank(text))
        }
        (ViolationKind::Length(_), Some(Value::String(text))) if text.trim().chars().count() as u64 == length => {
            // A YAML block scalar (`|` or `>`) always ends with a line break, so the white space cannot be removed from it.
            let is_block = cursor.node().is_some_and(|node| matches!(node.style, Style::Literal | Style::Folded));
            let help = if is_block { "write the ID on the same line as its key" } else { "remove the whitespace" };
            let message =
                format!("the {noun} ID has leading or trailing whitespace{}", name_surrounding_look_alike(text));
            return IdWording { message, label: None, help: help.into() };
        }
        (ViolationKind::Length(_), Some(Value::String(text))) => {
            if let Some(description) = recognize_other_value(text) {
                describe_other_value(target, description, length)
            } else {
                let (count, look_alike) = (text.chars().count(), name_look_alike(text));
                format!("the {noun} ID must have {length} characters, but has {count}{look_alike}")
            }
        }
        _ => describe_violation(violation),
    };
    IdWording { message, label: None, help }
}

/// Recognizes values that people write in place of an ID.
fn recognize_other_value(text: &str) -> Option<&'static str> {
    if text.contains('@') {
        Some("an email address")
    } else if text.contains("://") {
        Some("a URL")
    } else if is_host_name(text) {
        Some("a host name")
    } else {
        None
    }
}

/// Whether a text is a host name. Its top-level domain must exist, because an ID can also contain a dot by mistake.
fn is_host_name(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(is_host_label)
        && psl::suffix(text.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

fn is_host_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
