//! Compares the files of a run with the account: which portals to create, which to edit and how, and which not to touch. Nothing
//! is ever sent.
//!
//! No checks run here. Preflight decides whether a request may be sent, and [`PlannedRequest`] contains the comparison.

mod meaning;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::steps::count_steps;
use crate::engine::report::{Orphan, Report};
use crate::model::edited_portal::Change;
use crate::model::planned_request::{AccountState, PlannedEdit, PlannedRequest};
use crate::model::request_json::RequestValue;
use crate::preflight::{PortalReview, Preflight, Verdict};
use crate::rules::wording::{join_quoted, quote};
use crate::schema::PortalKind;

pub(crate) use meaning::describe_change;

/// What to do with a portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Create the portal of a file.
    Create,
    /// Edit the portal of the account.
    Update,
    /// The portal of the account is what the file says.
    Unchanged,
    /// Nothing may be sent: preflight says no-go, or what to do is not known.
    Blocked,
    /// The portal is in the account, but in no file.
    Orphan,
}

impl Action {
    /// All actions, in the order of summaries.
    pub const ALL: [Self; 5] = [Self::Create, Self::Update, Self::Unchanged, Self::Blocked, Self::Orphan];

    /// The operation of the request, if there is one.
    pub fn operation(self) -> Option<&'static str> {
        match self {
            Self::Create => Some("CreateCustomerPortal"),
            Self::Update => Some("EditCustomerPortal"),
            Self::Unchanged | Self::Blocked | Self::Orphan => None,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The plan of a run.
#[derive(Debug)]
pub struct Plan<'r> {
    /// The report from which it was made.
    pub report: &'r Report,
    /// The portals in the order of the files, then the orphans.
    pub portals: Vec<PlannedPortal<'r>>,
    /// The portals of other accounts than that of `--account`.
    pub not_planned: Vec<NotPlanned<'r>>,
    /// The diagnostics about the linter's own files (settings and account snapshots).
    pub other_findings: Vec<&'r Diagnostic>,
}

/// What to do with one portal, or with a document or file that is not a portal.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each flag is a fact of its own")]
pub struct PlannedPortal<'r> {
    /// The name of the file; `None` for an orphan.
    pub file: Option<&'r str>,
    /// The index of the document in the file.
    pub document: usize,
    /// The ID of the portal in the account.
    pub id: Option<&'r str>,
    /// The name of the portal.
    pub name: Option<&'r str>,
    /// What to do.
    pub action: Action,
    /// What makes the portal of the account what the file says, also if it is blocked; `None` if the account does not have the
    /// portal, or if that is not known.
    pub edit: Option<&'r PlannedEdit>,
    /// The name of the portal in the account.
    pub account_name: Option<&'r str>,
    /// Whether a bound file has another name than its portal in the account.
    pub is_renamed: bool,
    /// For a create, the orphan that is probably the same portal under another name; for an orphan, the file.
    pub likely_match: Option<LikelyMatch<'r>>,
    /// The body of the request; `None` if nothing is to be sent, or if [`body_contains_secret`](Self::body_contains_secret).
    pub body: Option<&'r RequestValue>,
    /// Whether the body is left out because it contains a secret in plain text.
    pub body_contains_secret: bool,
    /// Whether the secrets in the body are masked. Otherwise, it contains the values of variables.
    pub is_masked: bool,
    /// Why it is blocked.
    pub reasons: Vec<Reason<'r>>,
    /// Whether it is blocked only because a network query has no answer.
    pub is_unanswered: bool,
}

/// A portal of another account than that of `--account`.
#[derive(Debug)]
pub struct NotPlanned<'r> {
    /// The name of the file.
    pub file: &'r str,
    /// The index of the document in the file.
    pub document: usize,
    /// The name of the portal.
    pub name: Option<&'r str>,
    /// The snapshot of its account, if the settings name one.
    pub snapshot: Option<&'r str>,
}

/// A file and a portal of the account that are probably the same portal under two names.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LikelyMatch<'r> {
    /// The name of the file.
    pub file: &'r str,
    /// The index of the document in the file.
    pub document: usize,
    /// The ID of the portal in the account.
    pub id: &'r str,
    /// The name of the portal in the account.
    pub name: Option<&'r str>,
}

impl<'r> PlannedPortal<'r> {
    fn new(name: Option<&'r str>, action: Action) -> Self {
        Self {
            file: None,
            document: 0,
            id: None,
            name,
            action,
            edit: None,
            account_name: None,
            is_renamed: false,
            likely_match: None,
            body: None,
            body_contains_secret: false,
            is_masked: true,
            reasons: Vec::new(),
            is_unanswered: false,
        }
    }

    /// What an edit changes.
    pub fn changes(&self) -> &'r [Change] {
        self.edit.map_or(&[], |edit| &edit.changes)
    }

    /// The body, if people who must not see the secrets may read it.
    pub fn masked_body(&self) -> Option<&'r RequestValue> {
        self.body.filter(|_| self.is_masked)
    }
}

/// Why a portal is blocked.
#[derive(Clone, Debug)]
pub enum Reason<'r> {
    /// An error that preflight reports.
    Finding(&'r Diagnostic),
    /// A value that only the account has, and about which somebody has to decide.
    Undecided(&'r Change),
    /// Something that the plan needs to know.
    Unknown {
        /// What it is.
        message: String,
        /// What the user can do.
        help: Cow<'static, str>,
    },
}

impl Reason<'_> {
    fn unknown(message: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Self {
        Self::Unknown { message: message.into(), help: help.into() }
    }
}

impl Plan<'_> {
    /// Counts the portals with this action.
    pub fn count(&self, action: Action) -> usize {
        self.portals.iter().filter(|portal| portal.action == action).count()
    }

    /// Returns the exit code, 0 to 3 ("Exit codes" in `docs/design.md`). With `check`, the plan fails if there is anything to do.
    pub fn exit_code(&self, check: bool) -> u8 {
        let has_errors = self.other_findings.iter().any(|diagnostic| is_error(diagnostic));
        let has_requests = self.count(Action::Create) + self.count(Action::Update) > 0;
        let unanswered = self.portals.iter().filter(|portal| portal.is_unanswered).count();
        let is_blocked = self.count(Action::Blocked) > unanswered;
        match self.report.exit_code_if(has_errors || is_blocked || (check && has_requests)) {
            // The checks that would also report it may be disabled.
            0 if unanswered > 0 => 3,
            code => code,
        }
    }
}

/// Makes the plan from a preflight, whose report was made with [`crate::settings::Settings::with_plan`].
pub fn make_plan<'r>(preflight: &Preflight<'r>) -> Plan<'r> {
    let (mut portals, mut not_planned) = (Vec::new(), Vec::new());
    for review in &preflight.portals {
        match review.request.map(|request| &request.state) {
            Some(AccountState::OtherAccount(snapshot)) => not_planned.push(NotPlanned {
                file: &review.file.name,
                document: review.document,
                name: review.name,
                snapshot: snapshot.as_deref(),
            }),
            // The account already has an export as it is.
            _ if review.kind == Some(PortalKind::Export) => {}
            _ => portals.push(plan_portal(review, &preflight.other_findings)),
        }
    }
    block_conflicts(&mut portals);
    portals.extend(preflight.report.orphans.iter().map(|orphan| plan_orphan(preflight.report, orphan)));
    add_likely_matches(&mut portals);
    Plan { report: preflight.report, portals, not_planned, other_findings: preflight.other_findings.clone() }
}

/// Blocks portals that are the same portal of the account, if one of them would be edited: each request could undo the other.
fn block_conflicts(portals: &mut [PlannedPortal<'_>]) {
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, portal) in portals.iter().enumerate() {
        if let Some(id) = portal.id {
            by_id.entry(id).or_default().push(index);
        }
    }
    for indices in by_id.into_values() {
        if indices.len() < 2 || indices.iter().all(|index| portals[*index].action != Action::Update) {
            continue;
        }
        for &index in &indices {
            count_steps(1);
            let other = indices.iter().find(|other| **other != index).and_then(|other| portals[*other].file);
            let reason = format!("{} describes the same portal of the account", quote(other.unwrap_or_default()));
            let portal = &mut portals[index];
            portal.reasons.push(Reason::unknown(reason, "describe the portal in one file only"));
            portal.is_unanswered = false;
            (portal.action, portal.body) = (Action::Blocked, None);
        }
    }
}

/// `other_findings` are those in the settings and the account snapshot, which can also cause the verdict "no-go".
fn plan_portal<'r>(review: &PortalReview<'r>, other_findings: &[&'r Diagnostic]) -> PlannedPortal<'r> {
    let facts = review.file.preflight_facts.as_ref();
    let request = review.request;
    let mut planned = PlannedPortal {
        file: Some(&review.file.name),
        document: review.document,
        id: request.and_then(|request| request.id.as_deref()),
        account_name: request.and_then(|request| request.account_name.as_deref()),
        is_masked: facts.is_none_or(|facts| !facts.fills_variables),
        ..PlannedPortal::new(review.name, Action::Blocked)
    };
    if let Some(PlannedRequest { state: AccountState::Found(edit), .. }) = request {
        planned.edit = Some(edit);
        let changes_name = edit.changes.iter().any(|change| change.pointer == "/name");
        planned.is_renamed = changes_name && review.kind == Some(PortalKind::Create);
    }
    if review.verdict == Verdict::NoGo {
        let own = review.items.iter().flat_map(|item| &item.diagnostics).chain(&review.other_findings);
        planned.reasons = find_errors(own);
        if planned.reasons.is_empty() {
            planned.reasons = find_errors(other_findings);
        }
        return planned;
    }
    let body = match request.map(|request| &request.state) {
        Some(AccountState::Absent(body)) => {
            planned.action = Action::Create;
            body
        }
        Some(AccountState::Found(edit)) if !edit.undecided.is_empty() => {
            planned.reasons = edit.undecided.iter().map(Reason::Undecided).collect();
            return planned;
        }
        Some(AccountState::Found(edit)) if edit.changes.is_empty() => {
            planned.action = Action::Unchanged;
            return planned;
        }
        Some(AccountState::Found(edit)) => {
            planned.action = Action::Update;
            &edit.body
        }
        Some(AccountState::Unknown { message, help }) => {
            planned.reasons.push(Reason::unknown(*message, *help));
            return planned;
        }
        Some(AccountState::Unanswered(why)) => {
            let reason = format!("the portals of the account are not known: {why}");
            planned.reasons.push(Reason::unknown(reason, "run the plan again"));
            planned.is_unanswered = true;
            return planned;
        }
        Some(AccountState::OtherAccount(_)) | None => return planned,
    };
    let unset = body.variables();
    if !planned.is_masked && !unset.is_empty() {
        let verb = if unset.len() == 1 { "is" } else { "are" };
        let reason = format!("{} {verb} not set in the environment", join_quoted(unset));
        planned.reasons.push(Reason::unknown(reason, "set it there, or plan without `--env`"));
        planned.action = Action::Blocked;
    } else if request.is_some_and(|request| request.body_contains_secret) {
        planned.body_contains_secret = true;
    } else {
        planned.body = Some(body);
    }
    planned
}

/// The errors, which make the verdict no-go.
fn find_errors<'r: 'd, 'd>(diagnostics: impl IntoIterator<Item = &'d &'r Diagnostic>) -> Vec<Reason<'r>> {
    // Several checklist items can contain the same finding.
    let mut seen: HashSet<*const Diagnostic> = HashSet::new();
    let mut errors: Vec<&Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        if is_error(diagnostic) && seen.insert(std::ptr::from_ref(*diagnostic)) {
            errors.push(diagnostic);
        }
    }
    errors.sort_by_key(|diagnostic| (diagnostic.file, diagnostic.region.start.offset, diagnostic.code));
    errors.into_iter().map(Reason::Finding).collect()
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error && diagnostic.allowed.is_none()
}

fn plan_orphan<'r>(report: &'r Report, orphan: &'r Orphan) -> PlannedPortal<'r> {
    let mut planned = PlannedPortal::new(orphan.name.as_deref(), Action::Orphan);
    planned.id = orphan.id.as_deref();
    if let (Some((file, document)), Some(id)) = (orphan.likely_file, planned.id) {
        let file = &report.file(file).name;
        planned.likely_match = Some(LikelyMatch { file, document, id, name: planned.name });
    }
    planned
}

/// Shows the likely match of each orphan at the portal that would be created, too.
fn add_likely_matches(portals: &mut [PlannedPortal<'_>]) {
    let matches: HashMap<_, _> = portals
        .iter()
        .filter_map(|orphan| orphan.likely_match.map(|likely| ((likely.file, likely.document), likely)))
        .collect();
    for portal in portals {
        if let Some(file) = portal.file {
            portal.likely_match = matches.get(&(file, portal.document)).copied();
        }
    }
}
