//! The sentences that all formats for people have in common.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::base::sanitize::sanitize;
use crate::base::shell_word::shell_word;
use crate::engine::report::Report;
use crate::model::planned_request::{NotComparedReason, PlannedEdit};
use crate::plan::{Action, LikelyMatch, NotPlanned, Plan, PlannedPortal, Reason};
use crate::render::changed_values::describe_values;
use crate::render::format_location;
use crate::rules::wording::{bind_command, document_option, join_quoted, pluralize, quote};

/// The heading of findings in the settings and the account snapshot.
pub(super) const SETTINGS_HEADING: &str = "Settings and account snapshot";

/// "3 portals: 1 create, 2 unchanged".
pub(super) fn describe_actions(plan: &Plan<'_>) -> String {
    let mut counts = Vec::new();
    for action in Action::ALL {
        let number = plan.count(action);
        if number > 0 {
            counts.push(format!("{number} {action}"));
        }
    }
    let portals = pluralize(plan.portals.len(), "portal");
    let planned = if counts.is_empty() { portals } else { format!("{portals}: {}", counts.join(", ")) };
    match plan.not_planned.len() {
        0 => planned,
        number => format!("{planned}; {number} not planned"),
    }
}

/// The file of a portal, with the number of the document if it is not the first one.
pub(super) fn describe_file(portal: &PlannedPortal<'_>) -> String {
    portal.file.map_or_else(|| "in no file".to_owned(), |file| describe_document(file, portal.document))
}

fn describe_document(file: &str, document: usize) -> String {
    if document == 0 { file.to_owned() } else { format!("{file} (document {})", document + 1) }
}

/// The name of a portal. Without a name, its name in the account, its ID or its file.
pub(super) fn portal_title<'p>(portal: &PlannedPortal<'p>) -> &'p str {
    portal.name.or(portal.account_name).or(portal.id).or(portal.file).unwrap_or("a portal without a name")
}

/// What happens to a portal that has no changes to show. The terminal shows the action in front of the portal instead.
pub(super) fn describe_action(action: Action) -> Option<&'static str> {
    match action {
        Action::Create => Some("the portal is created as the file describes it"),
        Action::Orphan => Some("the account has this portal, but no file describes it: the plan does not change it"),
        Action::Update | Action::Unchanged | Action::Blocked => None,
    }
}

/// What a reader has to know about a portal besides its changes, one sentence each.
pub(super) fn describe_notes(portal: &PlannedPortal<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(name) = portal.account_name.filter(|_| portal.is_renamed) {
        notes.push(format!(
            "the portal is named {} in the account: if you did not rename it in the file, somebody renamed it in RevCent, or the file is bound to the wrong portal",
            quote(name)
        ));
    }
    notes.extend(portal.likely_match.map(|likely| describe_likely_match(portal.action, &likely)));
    if let (Some(edit), Action::Update) = (portal.edit, portal.action) {
        notes.extend(describe_request(edit));
    }
    if portal.body_contains_secret {
        notes.push(
            "the plan has no body, because it contains a secret in plain text: write a variable such as `${RECAPTCHA_SECRET_KEY}`, or add `--env`, with which `--format json` prints the body with its secrets"
                .to_owned(),
        );
    }
    let unknown = fields_not_compared([portal], NotComparedReason::NotInAccount);
    if !unknown.is_empty() {
        notes.push(describe_not_compared(&unknown, "the account data does not contain the values"));
    }
    notes
}

/// What the request contains besides the changes, what it removes, and what it lacks.
fn describe_request(edit: &PlannedEdit) -> Vec<String> {
    let mut notes = Vec::new();
    if !edit.removed.is_empty() {
        let fields = describe_pointers(edit.removed.iter().map(String::as_str));
        notes.push(format!(
            "the file omits {fields}, so the request removes the value in the account: to keep it, copy it to the file"
        ));
    }
    if !edit.whole_objects.is_empty() {
        let objects = join_quoted(edit.whole_objects.iter().map(String::as_str));
        notes.push(format!(
            "the request repeats the unchanged fields of {objects}, because RevCent does not document what happens to omitted fields"
        ));
    }
    if !edit.left_out.is_empty() {
        let fields = describe_pointers(edit.left_out.iter().map(String::as_str));
        notes.push(format!(
            "the request omits {fields}, because neither the file nor the account data has a value, and RevCent does not document whether it keeps omitted fields of an object: write the whole object in the file"
        ));
    }
    if !edit.unsupported.is_empty() {
        let fields = describe_pointers(edit.unsupported.iter().map(String::as_str));
        notes.push(format!(
            "the request omits {fields}, which the account has, because an edit has no such field, and RevCent does not document whether it keeps omitted fields of an object: check the portal in RevCent after the edit"
        ));
    }
    notes
}

fn describe_likely_match(action: Action, likely: &LikelyMatch<'_>) -> String {
    let LikelyMatch { file, document, id, name } = *likely;
    let option = document_option((document > 0).then_some(document));
    let command = format!("`{}`", bind_command(&shell_word(file), Some(id), &option));
    if action == Action::Orphan {
        return format!("{} probably describes this portal: if it does, run {command}", quote(file));
    }
    let name = name.map(|name| format!(" ({})", quote(name))).unwrap_or_default();
    let id = quote(id);
    format!(
        "this is probably the portal {id}{name} of the account, which no other file describes: if it is, run {command}"
    )
}

/// What a reader has to know about all portals, one sentence each. Fields that are not compared are listed once for all portals,
/// because nearly every portal has a secret and variables.
pub(super) fn describe_general_notes(plan: &Plan<'_>) -> Vec<String> {
    let mut notes: Vec<String> = plan.not_planned.iter().map(describe_not_planned).collect();
    let variables = fields_not_compared(&plan.portals, NotComparedReason::Variable);
    if !variables.is_empty() {
        notes.push(describe_not_compared(&variables, "variables, which `--env` fills in"));
    }
    let omitted = fields_not_compared(&plan.portals, NotComparedReason::Omitted);
    if !omitted.is_empty() {
        notes.push(describe_not_compared(&omitted, "the file omits it, and its value in the account stays as it is"));
    }
    let secrets = fields_not_compared(&plan.portals, NotComparedReason::Secret);
    if !secrets.is_empty() {
        notes.push(describe_not_compared(&secrets, "the account data contains no secrets"));
    }
    notes
}

fn describe_not_planned(portal: &NotPlanned<'_>) -> String {
    let file = describe_document(portal.file, portal.document);
    format!("not planned: {} ({}): {}", quote(&file), not_planned_reason(portal), not_planned_help(portal))
}

/// Why a portal is not planned.
pub(super) fn not_planned_reason(portal: &NotPlanned<'_>) -> String {
    let account = portal.snapshot.map(|snapshot| format!(", that of {}", quote(snapshot))).unwrap_or_default();
    format!("according to the settings, the portal belongs to another account{account}")
}

/// What to do about a portal that is not planned.
pub(super) fn not_planned_help(portal: &NotPlanned<'_>) -> String {
    let file = shell_word(portal.file);
    match portal.snapshot {
        Some(snapshot) => format!("run `portal-lint plan --account {} {file}`", shell_word(snapshot)),
        None => format!("run `portal-lint plan --account SNAPSHOT {file}` with a snapshot of that account"),
    }
}

/// The fields of the portals that are not compared for a reason.
fn fields_not_compared<'p>(
    portals: impl IntoIterator<Item = &'p PlannedPortal<'p>>,
    reason: NotComparedReason,
) -> BTreeSet<&'p str> {
    let mut pointers = BTreeSet::new();
    for edit in portals.into_iter().filter_map(|portal| portal.edit) {
        for field in &edit.not_compared {
            if field.reason == reason {
                pointers.insert(field.pointer.as_str());
            }
        }
    }
    pointers
}

fn describe_not_compared(pointers: &BTreeSet<&str>, because: &str) -> String {
    format!("not compared: {} ({because})", describe_pointers(pointers.iter().copied()))
}

/// "`/description`, `from` and `html` in `/customer_emails/customer_account_confirm_email`".
fn describe_pointers<'p>(pointers: impl Iterator<Item = &'p str>) -> String {
    let mut keys_by_parent: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pointer in pointers {
        let (parent, key) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        keys_by_parent.entry(parent).or_default().push(key);
    }
    let mut groups = Vec::new();
    for (parent, keys) in keys_by_parent {
        match keys[..] {
            [key] => groups.push(code_span(&format!("{parent}/{key}"))),
            _ if parent.is_empty() => groups.extend(keys.iter().map(|key| code_span(&format!("/{key}")))),
            _ => groups.push(format!("{} in {}", join_quoted(keys), code_span(parent))),
        }
    }
    groups.join(", ")
}

/// A pointer as a code span. Unlike [`quote`], this does not shorten it.
fn code_span(pointer: &str) -> String {
    format!("`{}`", sanitize(pointer).replace('`', "\u{fffd}"))
}

/// The texts of a reason why a portal is blocked.
#[derive(Serialize)]
pub(super) struct ReasonText<'r> {
    pub code: Option<String>,
    pub message: Cow<'r, str>,
    pub help: Option<&'r str>,
    pub location: Option<String>,
}

pub(super) fn describe_reason<'p>(report: &Report, reason: &'p Reason<'_>) -> ReasonText<'p> {
    match reason {
        Reason::Finding(diagnostic) => ReasonText {
            code: Some(diagnostic.code.to_string()),
            message: diagnostic.message.as_str().into(),
            help: Some(&diagnostic.help),
            location: Some(format_location(report, diagnostic)),
        },
        Reason::Undecided(value) => {
            let [old, _] = describe_values(value);
            let message = format!("the file omits `{}`, and the account has {old}", value.pointer).into();
            let help = if value.pointer.starts_with("/customer_filters/") {
                "copy the filter from the account to the file, or write `[]` to let more customers access the portal"
            } else {
                "copy the text from the account to the file, or write another one: it is not known what RevCent sends without it"
            };
            ReasonText { code: None, message, help: Some(help), location: None }
        }
        Reason::Unknown { message, help } => {
            ReasonText { code: None, message: message.as_str().into(), help: Some(help), location: None }
        }
    }
}
