//! What a rule is handed: the thing it looks at, and the way to say something about it.

use std::cell::{LazyCell, OnceCell, RefCell};

pub(crate) use super::facts::{FilterFact, PortalFacts};
pub(crate) use super::own_files::{AccountContext, Recorded, SettingsContext, SuppressionsContext};
use super::ownership::owning_rule;
use crate::base::date::Date;
use crate::base::diagnostic::{Allowed, Code, Edit, Finding, Location};
use crate::base::read_error::ReadError;
use crate::base::source::{Source, Span};
use crate::model::account;
use crate::model::account::{Account, AccountPolicy};
use crate::model::portal::{NotAPortal, Portal, has_id_length};
use crate::online::Answers;
use crate::rules::email_address::Senders;
use crate::rules::name_index;
use crate::rules::shared::id_summary::IdSummary;
use crate::rules::shared::placeholder_values::is_plausible_id;
use crate::rules::shared::prefilter::TextPrefilter;
pub(crate) use crate::rules::unverified::{QueryStatus, Reason, Unverified};
use crate::schema::{Kind, SchemaSet, Validation, Violation, ViolationKind};
use crate::syntax::SyntaxError;
use crate::syntax::allow_comment::AllowComment;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::Editor;
use crate::syntax::located::Located;

/// So many findings of one rule are shown of one text: nobody reads on after so many. The rest are counted.
pub(crate) const MAX_PER_TEXT: usize = 50;

/// A finding, and who made it about which document.
#[derive(Clone, Debug)]
pub struct RuleFinding {
    /// The rule.
    pub code: Code,
    /// Which YAML document of the file, from 0.
    pub document: usize,
    /// What it says.
    pub finding: Finding,
    /// Decided by nobody in this room: see [`crate::engine::run`].
    pub allowed: Option<Box<Allowed>>,
    /// What follows it in the same text and is not shown.
    pub more: More,
}

/// Findings of one rule in one text that are left out behind the last one that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct More {
    /// How many were counted.
    pub number: usize,
    /// The text was not read to its end: there may be others.
    pub is_open: bool,
}

impl RuleFinding {
    /// Not allowed by anybody yet.
    pub fn new(code: Code, document: usize, finding: Finding) -> Self {
        Self { code, document, finding, allowed: None, more: More::default() }
    }
}

/// What is known beside the files of the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Environment<'a> {
    /// The account, as its snapshot tells of it; `None` when nobody can be asked.
    pub account: Option<&'a Account<'a>>,
    /// What was asked over the network, and answered; offline, nothing.
    pub answers: &'a Answers,
    /// What is expected of the account.
    pub expectations: &'a AccountPolicy,
    /// What bodies are held against.
    pub schemas: &'a SchemaSet,
    /// The day of the run.
    pub today: Date,
    /// How many findings of one rule are reported of one text: see [`MAX_PER_TEXT`].
    pub most: usize,
}

/// What all contexts write to.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    /// Findings, in the order they were made.
    pub raised: Vec<RuleFinding>,
    /// Checks left open.
    pub open: Vec<Unverified>,
}

impl Sink {
    /// With room for the checks of one body that need the account.
    pub(crate) fn with_room() -> Self {
        Self { raised: Vec::new(), open: Vec::with_capacity(7) }
    }
}

/// One body, for [`Rule::check_portal`](super::Rule::check_portal).
pub(crate) struct PortalContext<'a> {
    /// The body.
    pub portal: &'a Portal<'a>,
    /// See [`Environment::account`].
    pub account: Option<&'a Account<'a>>,
    /// See [`Environment::answers`].
    pub answers: &'a Answers,
    /// See [`Environment::expectations`].
    pub expectations: &'a AccountPolicy,
    /// See [`Environment::today`].
    pub today: Date,
    /// Facts about all ids and keys of the portal.
    pub id_summary: IdSummary<'a>,
    /// What there is to know of the senders of both emails.
    pub senders: Senders<'a>,
    /// Which characters the one-line texts of the portal contain.
    pub prefilter: TextPrefilter,
    most: usize,
    /// The text in which a part was looked up last.
    located: RefCell<Option<Located<'a>>>,
    own_editor: OnceCell<Editor<'a>>,
    schemas: &'a SchemaSet,
    source: &'a Source,
    document: usize,
    verdict: &'a Validation<'a>,
    /// The violations, each with the rule that reports it.
    owned: Vec<(Code, Violation<'a>)>,
    code: Code,
    said: &'a mut Sink,
}

impl<'a> PortalContext<'a> {
    /// For one rule after the other: see [`PortalContext::run`].
    pub(crate) fn new(
        portal: &'a Portal<'a>,
        source: &'a Source,
        document: usize,
        verdict: &'a Validation<'a>,
        beside: Environment<'a>,
        said: &'a mut Sink,
    ) -> Self {
        let Environment { account, answers, expectations, schemas, today, most } = beside;
        let senders = Senders::of(portal.emails().each_ref().map(|email| email.from.literal_text()));
        Self {
            portal,
            account,
            answers,
            expectations,
            today,
            most,
            located: RefCell::default(),
            own_editor: OnceCell::new(),
            schemas,
            source,
            document,
            verdict,
            owned: verdict.violations.iter().map(|violation| (owning_rule(violation), *violation)).collect(),
            id_summary: IdSummary::new(portal),
            senders,
            prefilter: TextPrefilter::new(portal),
            code: Code(0),
            said,
        }
    }

    /// Lets a rule look at the body; what it says is said in its name.
    pub(crate) fn run(&mut self, code: Code, rule: fn(&mut PortalContext<'_>)) {
        self.code = code;
        rule(self);
    }

    /// The text of an id that can be looked up in the account: no variable, no placeholder, of the right length.
    pub(crate) fn id(&self, slot: &Cursor<'a>) -> Option<&'a str> {
        slot.literal_text().filter(|text| self.is_id(text))
    }

    /// Whether a text of the portal, which is no variable, is such an id.
    pub(crate) fn is_id(&self, text: &str) -> bool {
        if self.id_summary.has_placeholder { is_plausible_id(text) } else { has_id_length(text) }
    }

    /// The schema violations that this rule reports.
    pub(crate) fn violations(&self) -> Vec<Violation<'a>> {
        let mut violations = Vec::new();
        for (owner, violation) in &self.owned {
            if *owner == self.code {
                violations.push(*violation);
            }
        }
        violations
    }

    /// The fields that the schema does not know, whichever rule owns the place.
    pub(crate) fn unknown_fields(&self) -> impl Iterator<Item = Cursor<'a>> + use<'a> {
        let unknown = |violation: &&Violation<'a>| violation.fault == ViolationKind::Unknown;
        self.verdict.violations.iter().filter(unknown).map(|violation| violation.slot)
    }

    /// See [`SchemaSet::field_names`].
    pub(crate) fn fields(&self, kind: Kind, path: &[&str]) -> Vec<&'a str> {
        self.schemas.field_names(kind, path)
    }

    /// See [`Validation::template`].
    pub(crate) fn is_template(&self) -> bool {
        self.verdict.template.is_some()
    }

    /// The kind of body.
    pub(crate) fn kind(&self) -> Kind {
        self.portal.kind
    }

    /// The file's format and text.
    pub(crate) fn source(&self) -> &'a Source {
        self.source
    }

    /// What knows how to change the file: made when a rule has something to fix, and then once for all of it.
    pub(crate) fn editor(&self) -> LazyCell<Editor<'a>, impl FnOnce() -> Editor<'a> + use<'a>> {
        let (source, document) = (self.source, self.portal.root.document());
        LazyCell::new(move || Editor::new(source, document))
    }

    /// A part of a text: `range` in bytes of the decoded text.
    pub(crate) fn part(&self, slot: &Cursor<'a>, range: std::ops::Range<usize>) -> Location {
        slot.location_of(self.locate(slot, range))
    }

    fn locate(&self, slot: &Cursor<'a>, range: std::ops::Range<usize>) -> Span {
        let Some(node) = slot.node() else { return slot.span() };
        let mut located = self.located.borrow_mut();
        let known = located.take().filter(|known| std::ptr::eq(known.node, node));
        located.insert(known.unwrap_or_else(|| Located::new(self.source.text(), node))).locate(range)
    }

    /// Other text in place of a part of a text; see [`Editor::replace_part`].
    pub(crate) fn replace_part(
        &self,
        slot: &Cursor<'a>,
        part: std::ops::Range<usize>,
        text: &str,
    ) -> Option<Vec<Edit>> {
        let editor = self.own_editor.get_or_init(|| Editor::new(self.source, self.portal.root.document()));
        editor.replace_located_part(slot, part.clone(), self.locate(slot, part), text)
    }

    /// Reports what was found in one text, as far as it is shown; `finding` says it of one thing.
    pub(crate) fn report_each<T>(&mut self, found: Vec<T>, mut finding: impl FnMut(&Self, T) -> Finding) {
        let number = found.len().saturating_sub(self.most);
        for one in found.into_iter().take(self.most) {
            let finding = finding(self, one);
            self.report(finding);
        }
        self.report_more(More { number, is_open: false });
    }

    /// Notes what follows the last finding in the same text.
    fn report_more(&mut self, more: More) {
        if more != More::default()
            && let Some(last) = self.said.raised.last_mut()
        {
            last.more = more;
        }
    }

    /// The same as [`PortalContext::report_each`] of a text that was not read to its end.
    pub(crate) fn report_each_so_far<T>(&mut self, found: Vec<T>, finding: impl FnMut(&Self, T) -> Finding) {
        let number = found.len().saturating_sub(self.most);
        self.report_each(found, finding);
        self.report_more(More { number, is_open: true });
    }

    /// Says it about a choice: where the choice is made, which for a YAML alias is not where its value is written.
    pub(crate) fn report_choice(&mut self, slot: &Cursor<'a>, message: &str, help: &str) {
        let finding = match slot.alias_span() {
            Some(used) => {
                Finding::new(slot.location_of(used), message, help).note(slot.span(), "the value comes from here")
            }
            None => Finding::new(slot.location(), message, help),
        };
        self.report(finding);
    }

    /// Says it about a choice of `true`: a decision that somebody should have made, and recorded.
    pub(crate) fn report_if_true(&mut self, flag: &Cursor<'a>, message: &str, help: &str) {
        if flag.bool() == Some(true) {
            self.report_choice(flag, message, help);
        }
    }

    /// Says it.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.said.raised.push(RuleFinding::new(self.code, self.document, finding));
    }

    /// The check cannot be made; `reason` says what could not be told: "whether …".
    pub(crate) fn unverified_check(&mut self, reason: impl Into<Reason>) {
        self.leave(reason, QueryStatus::of(self.account));
    }

    /// The check was asked for over the network, and there was no answer. `open` says what could not be told, as in
    /// [`PortalContext::unverified_check`], and `why` why not.
    pub(crate) fn unanswered_check(&mut self, open: &str, why: &impl std::fmt::Display) {
        self.leave(format!("{open}: {why}"), QueryStatus::NoAnswer);
    }

    /// The account does not tell, of one id or of anything of the kind.
    pub(crate) fn leave_to_the_account(&mut self, kind: account::Kind, id: Option<&str>, open: &'static &'static str) {
        match self.answers.why_unanswered(kind, id) {
            Some(why) => self.unanswered_check(open, why),
            None => self.unverified_check(open),
        }
    }

    fn leave(&mut self, reason: impl Into<Reason>, asked: QueryStatus) {
        self.said.open.push(Unverified::new(self.code, self.document, asked, reason.into()));
    }
}

/// The bytes where a value is used: of a YAML alias, the alias.
pub(crate) fn where_used(slot: &Cursor<'_>) -> Span {
    slot.alias_span().unwrap_or(slot.span())
}

/// One file, for [`Rule::check_file`](super::Rule::check_file).
pub(crate) struct FileContext<'a> {
    /// Why it could not be read.
    pub trouble: Option<&'a ReadError>,
    /// Its text; empty when it could not be read.
    pub source: &'a Source,
    /// What is wrong with the text.
    pub errors: &'a [SyntaxError],
    /// The comments that speak to the linter.
    pub remarks: &'a [AllowComment<'a>],
    /// The documents that are no portals, with the bytes that show it.
    pub strangers: &'a [(usize, Span, NotAPortal)],
    /// The rule that is looking.
    pub code: Code,
    /// Where findings go.
    pub said: &'a mut Sink,
}

impl FileContext<'_> {
    /// Says it about the file as a whole.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.report_in(0, finding);
    }

    /// Says it about one document of the file.
    pub(crate) fn report_in(&mut self, document: usize, finding: Finding) {
        self.said.raised.push(RuleFinding::new(self.code, document, finding));
    }
}

/// All bodies of the run, for [`Rule::check_project`](super::Rule::check_project).
pub(crate) struct ProjectContext<'a> {
    /// In the order of the files.
    pub portals: &'a [PortalFacts],
    /// See [`ProjectContext::alike_names`]; one for all rules.
    pub alike: &'a OnceCell<Vec<usize>>,
    /// See [`Environment::account`].
    pub account: Option<&'a Account<'a>>,
    /// See [`Environment::answers`].
    pub answers: &'a Answers,
    /// The rule that is looking.
    pub code: Code,
    /// Findings, with the index of their file.
    pub raised: &'a mut Vec<(usize, RuleFinding)>,
    /// Checks left open, with the index of their file.
    pub open: &'a mut Vec<(usize, Unverified)>,
}

impl<'a> ProjectContext<'a> {
    /// See [`name_index::names`]. Two rules ask, and nearly no portal is among them.
    pub(crate) fn alike_names(&self) -> &'a [usize] {
        self.alike.get_or_init(|| name_index::names(self.portals))
    }

    /// Says it about one of the bodies.
    pub(crate) fn report(&mut self, about: &PortalFacts, finding: Finding) {
        self.raised.push((about.file, RuleFinding::new(self.code, about.document, finding)));
    }

    /// The check cannot be made for one of the bodies: of one of these kinds the account does not tell.
    pub(crate) fn leave_to_the_account(
        &mut self,
        about: &PortalFacts,
        kinds: &[account::Kind],
        open: &'static &'static str,
    ) {
        let untold = kinds.iter().find_map(|kind| self.answers.why_unanswered(*kind, None));
        let (asked, reason) = match untold {
            Some(why) => (QueryStatus::NoAnswer, Reason::AppliedFix(format!("{open}: {why}"))),
            None => (QueryStatus::of(self.account), Reason::Usual(open)),
        };
        self.open.push((about.file, Unverified::new(self.code, about.document, asked, reason)));
    }
}
