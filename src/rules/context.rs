//! What the rules receive: the value to check, related facts, and the methods that report findings.
//!
//! There is one context for each stage of a run: [`FileContext`], [`PortalContext`] and [`ProjectContext`] here, and the
//! contexts of the linter's own files in [`config_contexts`](super::config_contexts). By convention a rule names its
//! context `cx`.

use std::borrow::Cow;
use std::cell::{LazyCell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::Range;

use crate::base::date::Date;
use crate::base::diagnostic::{Code, Edit, Finding, Location};
use crate::base::source::{Source, Span};
use crate::model::account;
use crate::model::account::{Account, AccountPolicy};
pub(crate) use crate::model::portal::{FilterFact, PortalFacts};
use crate::model::portal::{Portal, has_id_length};
use crate::online::Answers;
use crate::rules::email_address::Senders;
pub(crate) use crate::rules::file_context::{FileContext, FileFacts};
use crate::rules::ownership::owning_rule;
pub(crate) use crate::rules::project_context::ProjectContext;
use crate::rules::shared::id_summary::IdSummary;
use crate::rules::shared::placeholder_values::is_plausible_id;
pub(crate) use crate::rules::sink::{MAX_FINDINGS_PER_TEXT, OmittedFindings, RuleFinding, Sink};
pub(crate) use crate::rules::unverified::{QueryStatus, Unverified};
use crate::schema::{PortalKind, SchemaSet, Violation, ViolationKind};
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::Editor;
use crate::syntax::located::Located;

/// The facts of a run that do not come from the checked files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Environment<'a> {
    /// The account, from its snapshot; `None` if there is no snapshot.
    pub account: Option<&'a Account<'a>>,
    /// The IDs of the portals of the account to which files are bound.
    pub bound_ids: &'a BTreeSet<String>,
    /// The answers to network queries; empty in an offline run.
    pub answers: &'a Answers,
    /// The accepted statuses, and the limits in days.
    pub policy: &'a AccountPolicy,
    /// The schemas of portals.
    pub schemas: &'a SchemaSet,
    /// The day of the run.
    pub today: Date,
    /// How many findings of one rule are reported for one text (see [`MAX_FINDINGS_PER_TEXT`]).
    pub max_findings_per_text: usize,
}

/// One portal, for [`Rule::check_portal`](super::Rule::check_portal).
pub(crate) struct PortalContext<'a> {
    pub portal: &'a Portal<'a>,
    /// The portal before the edit that is checked; `None` if this is not an edit, or if the account's data does not contain the portal.
    pub before_edit: Option<&'a Portal<'a>>,
    /// Whether the file contains the whole call, and not only its body. The engine sets this and the field above.
    pub is_called: bool,
    /// See [`Environment::account`].
    pub account: Option<&'a Account<'a>>,
    /// See [`Environment::bound_ids`].
    pub bound_ids: &'a BTreeSet<String>,
    /// See [`Environment::answers`].
    pub answers: &'a Answers,
    /// See [`Environment::policy`].
    pub policy: &'a AccountPolicy,
    /// See [`Environment::today`].
    pub today: Date,
    /// Facts about all IDs and keys of the portal together.
    pub id_summary: IdSummary<'a>,
    /// Facts about the senders of both emails.
    pub senders: Senders<'a>,
    /// See [`Environment::schemas`].
    pub schemas: &'a SchemaSet,
    max_findings_per_text: usize,
    /// The offsets of the string that was located last. A rule can report many findings for one string, and decoding the
    /// string for each of them would take quadratic time.
    string_offsets: RefCell<Option<Located<'a>>>,
    /// The editor of [`replace_part`](Self::replace_part), created for the first part.
    part_editor: OnceCell<Editor<'a>>,
    source: &'a Source,
    /// The index of the portal's document in the file.
    document: usize,
    violations: &'a [Violation<'a>],
    /// The schema violations, each with the rule that reports it.
    owned_violations: Vec<(Code, Violation<'a>)>,
    /// The running rule. Set by [`run_rule`](Self::run_rule).
    code: Code,
    sink: &'a mut Sink,
}

impl<'a> PortalContext<'a> {
    /// Creates a context that can run several rules, one after the other, with [`run_rule`](Self::run_rule).
    pub(crate) fn new(
        portal: &'a Portal<'a>,
        source: &'a Source,
        document: usize,
        violations: &'a [Violation<'a>],
        environment: Environment<'a>,
        sink: &'a mut Sink,
    ) -> Self {
        let Environment { account, bound_ids, answers, policy, schemas, today, max_findings_per_text } = environment;
        let [confirm, reset] = portal.emails();
        Self {
            portal,
            before_edit: None,
            is_called: false,
            account,
            bound_ids,
            answers,
            policy,
            today,
            id_summary: IdSummary::new(portal),
            senders: Senders::new(confirm.from.literal_text(), reset.from.literal_text()),
            max_findings_per_text,
            string_offsets: RefCell::default(),
            part_editor: OnceCell::new(),
            schemas,
            source,
            document,
            violations,
            owned_violations: assign_violations(violations),
            code: Code(0),
            sink,
        }
    }

    /// Runs a rule. Its findings get `code`.
    pub(crate) fn run_rule(&mut self, code: Code, check_portal: fn(&mut PortalContext<'_>)) {
        self.code = code;
        check_portal(self);
    }

    /// The text of a field if it is an ID that the account can be queried for (see [`is_id`](Self::is_id)).
    pub(crate) fn literal_id(&self, field: &Cursor<'a>) -> Option<&'a str> {
        field.literal_text().filter(|text| self.is_id(text))
    }

    /// Whether the account can be queried for a text of the portal: it has the length of an ID and is not a placeholder.
    pub(crate) fn is_id(&self, text: &str) -> bool {
        // Few portals contain a placeholder, so the slow check runs only if the summary found one.
        if self.id_summary.has_placeholder { is_plausible_id(text) } else { has_id_length(text) }
    }

    /// The schema violations at the locations that the running rule owns.
    pub(crate) fn owned_violations(&self) -> Vec<Violation<'a>> {
        let owned = self.owned_violations.iter().filter(|(owner, _)| *owner == self.code);
        owned.map(|(_, violation)| *violation).collect()
    }

    /// The schema violation at one location, if the running rule owns it.
    pub(crate) fn owned_violation_at(&self, field: &Cursor<'_>) -> Option<Violation<'a>> {
        self.owned_violations().into_iter().find(|violation| violation.cursor.is_same_place(field))
    }

    /// The fields that the schema does not have, whichever rule owns their location.
    pub(crate) fn unknown_fields(&self) -> Vec<Cursor<'a>> {
        let unknown = self.violations.iter().filter(|violation| violation.kind == ViolationKind::Unknown);
        unknown.map(|violation| violation.cursor).collect()
    }

    /// See [`SchemaSet::field_names`].
    pub(crate) fn schema_fields(&self, kind: PortalKind, path: &[&str]) -> Vec<&'a str> {
        self.schemas.field_names(kind, path)
    }

    pub(crate) fn kind(&self) -> PortalKind {
        self.portal.kind
    }

    pub(crate) fn source(&self) -> &'a Source {
        self.source
    }

    /// A new editor for the file, created at the first fix. A rule uses one editor for all its fixes, because creating one for YAML
    /// visits every node.
    ///
    /// The cell does not borrow the context, so a rule can report findings while it keeps the editor.
    pub(crate) fn editor(&self) -> LazyCell<Editor<'a>, impl FnOnce() -> Editor<'a> + use<'a>> {
        let (source, document) = (self.source, self.portal.root.document());
        LazyCell::new(move || Editor::new(source, document))
    }

    /// The location of a part of a string. `range` is in bytes of the decoded string.
    pub(crate) fn locate_part(&self, field: &Cursor<'a>, range: Range<usize>) -> Location {
        // The whole string if the part cannot be located.
        field.location_of(self.part_span(field, range).unwrap_or(field.span()))
    }

    fn part_span(&self, field: &Cursor<'a>, range: Range<usize>) -> Option<Span> {
        let node = field.node()?;
        let mut cache = self.string_offsets.borrow_mut();
        let offsets = match cache.take() {
            Some(offsets) if std::ptr::eq(offsets.node, node) => offsets,
            _ => Located::new(self.source.text(), node),
        };
        cache.insert(offsets).locate(range)
    }

    /// Replaces a part of a string. `range` is in bytes of the decoded string. See [`Editor::replace_part`].
    pub(crate) fn replace_part(&self, field: &Cursor<'a>, range: Range<usize>, replacement: &str) -> Option<Vec<Edit>> {
        let editor = self.part_editor.get_or_init(|| Editor::new(self.source, self.portal.root.document()));
        editor.replace_located_part(field, range.clone(), self.part_span(field, range), replacement)
    }

    pub(crate) fn report(&mut self, finding: Finding) {
        self.sink.findings.push(RuleFinding::new(self.code, self.document, finding));
    }

    /// Reports one finding for each of `defects`, which are all in one text, up to the limit for a text. `to_finding` creates the
    /// finding about one defect.
    pub(crate) fn report_each<T>(&mut self, defects: Vec<T>, to_finding: impl FnMut(&Self, T) -> Finding) {
        self.report_up_to_limit(defects, false, to_finding);
    }

    /// Like [`report_each`](Self::report_each). With `is_lower_bound`, the rule did not search the text to its end.
    pub(crate) fn report_up_to_limit<T>(
        &mut self,
        defects: Vec<T>,
        is_lower_bound: bool,
        mut to_finding: impl FnMut(&Self, T) -> Finding,
    ) {
        let count = defects.len().saturating_sub(self.max_findings_per_text);
        let omitted = OmittedFindings { count, is_lower_bound };
        for defect in defects.into_iter().take(self.max_findings_per_text) {
            let finding = to_finding(self, defect);
            self.report(finding);
        }
        if omitted != OmittedFindings::default()
            && let Some(last) = self.sink.findings.last_mut()
        {
            last.omitted = omitted;
        }
    }

    /// Reports a finding at the place where a value is used. For a YAML alias, that is the alias, not the anchor with the value.
    pub(crate) fn report_at_use(&mut self, field: &Cursor<'a>, message: &str, help: &str) {
        let finding = match field.alias_span() {
            Some(alias) => Finding::new(field.location_of(alias), message, help)
                .with_note(field.span(), "the value comes from here"),
            None => Finding::new(field.location(), message, help),
        };
        self.report(finding);
    }

    /// Reports a flag that is `true`. If that is intended, users record it with a suppression.
    pub(crate) fn report_if_true(&mut self, flag: &Cursor<'a>, message: &str, help: &str) {
        if flag.bool() == Some(true) {
            self.report_at_use(flag, message, help);
        }
    }

    /// Records that the running check could not be made. `subject` is what could not be verified: "whether …".
    pub(crate) fn mark_unverified(&mut self, subject: impl Into<Cow<'static, str>>) {
        self.push_unverified(subject, QueryStatus::for_account(self.account));
    }

    /// Records that the running check could not be made because a network query has no answer. `subject` is what could not
    /// be verified ("whether …"), and `reason` is why there is no answer.
    pub(crate) fn mark_unanswered(&mut self, subject: &str, reason: &impl Display) {
        self.push_unverified(format!("{subject}: {reason}"), QueryStatus::NoAnswer);
    }

    /// Records that the running check could not be made because the account's data does not decide it: the data about one
    /// ID, or with `None` the data about all objects of a kind.
    pub(crate) fn mark_unverified_by_account(
        &mut self,
        kind: account::ObjectKind,
        id: Option<&str>,
        subject: &'static str,
    ) {
        match self.answers.why_unanswered(kind, id) {
            Some(reason) => self.mark_unanswered(subject, reason),
            None => self.mark_unverified(subject),
        }
    }

    /// Records that the running check could not be made because RevCent does not document what it does. `subject` is what could
    /// not be verified: "whether …".
    pub(crate) fn mark_undocumented(&mut self, subject: impl Into<Cow<'static, str>>) {
        self.push_unverified(subject, QueryStatus::Undocumented);
    }

    /// Whether the edit that is checked changes a flag from `false` to `true`. `flag` returns the flag of a portal.
    pub(crate) fn edit_enables(&self, flag: impl Fn(&Portal<'a>) -> Cursor<'a>) -> bool {
        let was_off = self.before_edit.is_some_and(|before| flag(before).bool() == Some(false));
        was_off && flag(self.portal).bool() == Some(true)
    }

    /// Whether customers can use the portal. An edit that leaves out `enabled` does not change that.
    pub(crate) fn is_enabled(&self) -> bool {
        let enabled = &self.portal.enabled;
        match self.before_edit {
            Some(before) if enabled.is_missing() => before.enabled.bool() == Some(true),
            _ => enabled.bool() == Some(true),
        }
    }

    fn push_unverified(&mut self, reason: impl Into<Cow<'static, str>>, query_status: QueryStatus) {
        self.sink.unverified.push(Unverified::new(self.code, self.document, query_status, reason));
    }
}

fn assign_violations<'a>(violations: &[Violation<'a>]) -> Vec<(Code, Violation<'a>)> {
    violations.iter().map(|violation| (owning_rule(violation), *violation)).collect()
}

/// The bytes where a value is used: for a YAML alias the alias, otherwise the value.
pub(crate) fn usage_span(field: &Cursor<'_>) -> Span {
    field.alias_span().unwrap_or(field.span())
}
