//! From the report to the guide's two checklists: for each portal every item with its status, and whether the call may be
//! made ("Preflight" in `docs/design.md`).
//!
//! Nothing is checked here. Which rules decide an item is read from the heads of their pages; how things look is up to the
//! renderers.

mod checklist;
mod evaluate;

pub use checklist::CHECKLIST;

use std::collections::{BTreeMap, HashMap};

use crate::base::diagnostic::{Allowed, Code, Diagnostic, Severity};
use crate::engine::report::{Report, ReportFile};
use crate::model::portal::PortalSummary;
use crate::rules::RULES;
use crate::rules::metadata;
use crate::rules::metadata::{RuleMeta, Subject};
use crate::schema::Kind;
use evaluate::PortalUnderReview;

/// Whether to make the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing stands against it.
    Go,
    /// A person should look first.
    Review,
    /// It would fail, lock customers out, or leak.
    NoGo,
}

impl Verdict {
    /// As in the report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Review => "review",
            Self::NoGo => "no-go",
        }
    }
}

/// What came of an item. An item that several of these hold for is the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// There is an error.
    Fail,
    /// There is a warning or advice.
    Warning,
    /// Facts are missing.
    Unverified,
    /// Somebody decided that it is right so.
    Allowed,
    /// Nothing is wrong.
    Pass,
}

impl Status {
    /// All of them, the worst first.
    pub const ALL: [Self; 5] = [Self::Fail, Self::Warning, Self::Unverified, Self::Allowed, Self::Pass];

    /// As in the report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Warning => "warning",
            Self::Unverified => "unverified",
            Self::Allowed => "allowed",
            Self::Pass => "pass",
        }
    }
}

/// The checklists of a run.
#[derive(Debug)]
pub struct Preflight<'r> {
    /// The report it was made of.
    pub report: &'r Report,
    /// In the order of the files. A file without a portal has one entry here, too.
    pub portals: Vec<Portal<'r>>,
    /// What is said about the linter's own files.
    pub other_findings: Vec<&'r Diagnostic>,
}

/// One portal, or a file that holds none.
#[derive(Debug)]
pub struct Portal<'r> {
    /// The file it is in.
    pub file: &'r ReportFile,
    /// Which YAML document of the file, from 0.
    pub document: usize,
    /// As it is written, secrets covered.
    pub name: Option<&'r str>,
    /// `None` when there is no portal.
    pub kind: Option<Kind>,
    /// Whether to make the call.
    pub verdict: Verdict,
    /// Both lists, in the guide's order; none where there is no portal.
    pub items: Vec<Item<'r>>,
    /// What is said about it beside the checklists: by rules without an item.
    pub other_findings: Vec<&'r Diagnostic>,
    /// What could not be told and no item asks about.
    pub other_gaps: Vec<OtherGap>,
}

/// An item of a checklist, and what came of it.
#[derive(Debug)]
pub struct Item<'r> {
    /// `V12`.
    pub id: &'static str,
    /// The guide's sentence.
    pub title: &'static str,
    /// See [`Status`].
    pub status: Status,
    /// The rules that decide it for this kind of body.
    pub rules: Vec<Code>,
    /// What they say, allowed or not.
    pub diagnostics: Vec<&'r Diagnostic>,
    /// What could not be told, and how to find out.
    pub gaps: Vec<MissingFact>,
    /// What is allowed, and by which decision.
    pub allowed: Vec<Decision<'r>>,
    /// Why it passes without having been asked for.
    pub unasked: Option<&'static str>,
}

/// Something that somebody decided is right as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision<'r> {
    /// The rule.
    pub code: Code,
    /// What was found, or could not be told.
    pub what: &'r str,
    /// The decision.
    pub by: &'r Allowed,
}

impl Decision<'_> {
    /// Why it is right so, where that is written, and how long it holds.
    pub fn words(&self) -> String {
        let Allowed { reason, until, source } = self.by;
        match until {
            Some(day) => format!("{reason} ({source}, until {day})"),
            None => format!("{reason} ({source})"),
        }
    }
}

/// What could not be told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingFact {
    /// The one thing to do about it.
    pub verify: String,
    /// "whether …".
    pub reason: String,
}

/// Something that could not be told and belongs to no item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherGap {
    /// The rule that needs to know it.
    pub code: Code,
    /// What is not known, and how to find out.
    pub gap: MissingFact,
}

impl Item<'_> {
    /// What is behind the status, in words: what could not be told, why it is allowed, or why it was not asked for.
    pub fn reason(&self) -> Option<String> {
        let gaps: Vec<&str> = self.gaps.iter().map(|gap| &*gap.reason).collect();
        match (gaps.is_empty(), self.allowed.is_empty()) {
            (false, _) => Some(gaps.join("; ")),
            (true, false) => {
                let mut reasons: Vec<String> = self.allowed.iter().map(Decision::words).collect();
                reasons.dedup();
                Some(reasons.join("; "))
            }
            (true, true) => self.unasked.map(str::to_owned),
        }
    }

    /// How to find out what could not be told.
    pub fn verify(&self) -> Option<String> {
        let mut instructions: Vec<&str> = self.gaps.iter().map(|gap| &*gap.verify).collect();
        instructions.dedup();
        (!instructions.is_empty()).then(|| instructions.join("; "))
    }
}

impl Portal<'_> {
    /// How many items have a status.
    pub fn count(&self, status: Status) -> usize {
        self.items.iter().filter(|item| item.status == status).count()
    }
}

impl Preflight<'_> {
    /// Whether something is wrong with the settings or the snapshot, so that nobody knows what was asked of them.
    pub fn has_bad_settings(&self) -> bool {
        verdict(&self.other_findings, false) == Verdict::NoGo
    }

    /// The exit code, 0 to 3 ("Exit codes" in `docs/design.md`). With `strict`, a review fails, too.
    pub fn exit_code(&self, strict: bool) -> u8 {
        let worst = self.portals.iter().map(|portal| portal.verdict).max().unwrap_or(Verdict::Go);
        let failed = worst == Verdict::NoGo || (strict && worst == Verdict::Review) || self.has_bad_settings();
        self.report.exit_code_when(failed)
    }
}

/// The rules that decide each checklist item.
struct Deciders {
    rules_by_item: HashMap<&'static str, Vec<&'static RuleMeta>>,
}

impl Deciders {
    fn from_rules() -> Self {
        let mut rules_by_item: HashMap<&str, Vec<&RuleMeta>> = HashMap::new();
        for rule in RULES {
            for item in rule.meta.items {
                rules_by_item.entry(item).or_default().push(rule.meta);
            }
        }
        Self { rules_by_item }
    }

    fn for_item(&self, item: &str) -> &[&'static RuleMeta] {
        self.rules_by_item.get(item).map_or(&[], Vec::as_slice)
    }
}

/// The checklists of a report that was made with [`crate::settings::Settings::with_preflight_facts`].
pub fn preflight(report: &Report) -> Preflight<'_> {
    let deciders = &Deciders::from_rules();
    let mut said: Vec<Vec<&Diagnostic>> = report.files.iter().map(|_| Vec::new()).collect();
    for diagnostic in &report.diagnostics {
        said[diagnostic.file].push(diagnostic);
    }
    let mut preflight = Preflight { report, portals: Vec::new(), other_findings: Vec::new() };
    for (file, said) in report.files.iter().zip(said) {
        if file.in_scope {
            portals_of(file, &said, deciders, &mut preflight.portals);
        } else {
            preflight.other_findings.extend(said);
        }
    }
    // With wrong settings or a wrong snapshot nobody knows what the portals were held against.
    let of_settings = verdict(&preflight.other_findings, false);
    for portal in &mut preflight.portals {
        portal.verdict = portal.verdict.max(of_settings);
    }
    preflight
}

/// The portals of a file, then its documents that are none; of a file without either, the file.
fn portals_of<'r>(file: &'r ReportFile, said: &[&'r Diagnostic], deciders: &Deciders, portals: &mut Vec<Portal<'r>>) {
    let outlines: &[PortalSummary] = file.preflight_facts.as_ref().map_or(&[], |outlines| &outlines.portals);
    let first = portals.len();
    let (of_file, of_document): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        said.iter().partition(|diagnostic| metadata(diagnostic.code).subject == Subject::File);
    for outline in outlines {
        let own = of_document.iter().filter(|diagnostic| diagnostic.document == outline.document);
        let said = of_file.iter().chain(own).copied().collect();
        portals.push(portal(&PortalUnderReview::new(file, outline, said), deciders));
    }
    let mut others: BTreeMap<usize, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in of_document {
        if outlines.iter().all(|outline| outline.document != diagnostic.document) {
            others.entry(diagnostic.document).or_default().push(diagnostic);
        }
    }
    if outlines.is_empty() {
        others.entry(0).or_default().splice(0..0, of_file);
    }
    for (document, other_findings) in others {
        portals.push(Portal {
            file,
            document,
            name: None,
            kind: None,
            verdict: Verdict::NoGo,
            items: Vec::new(),
            other_findings,
            other_gaps: Vec::new(),
        });
    }
    portals[first..].sort_by_key(|portal| portal.document);
}

fn portal<'r>(subject: &PortalUnderReview<'r>, deciders: &Deciders) -> Portal<'r> {
    let items: Vec<Item<'r>> = CHECKLIST.iter().map(|question| subject.judge(question, deciders)).collect();
    let other_gaps = subject.other_gaps(&items);
    let is_unverified = !other_gaps.is_empty() || items.iter().any(|item| !item.gaps.is_empty());
    let verdict = verdict(&subject.said, is_unverified);
    let in_items =
        |one: &&Diagnostic| items.iter().any(|item| item.diagnostics.iter().any(|own| std::ptr::eq(*own, *one)));
    let other_findings = subject.said.iter().copied().filter(|one| !in_items(one)).collect();
    let PortalSummary { document, kind, name, .. } = subject.outline;
    let (document, name, kind) = (*document, name.as_deref(), Some(*kind));
    Portal { file: subject.file, document, name, kind, verdict, items, other_findings, other_gaps }
}

/// Every finding counts that nobody has allowed, whether an item asks about it or not.
fn verdict(said: &[&Diagnostic], is_unverified: bool) -> Verdict {
    let worst = said.iter().filter(|one| one.allowed.is_none()).map(|one| one.severity).max();
    match worst {
        Some(Severity::Error) => Verdict::NoGo,
        Some(Severity::Warning) => Verdict::Review,
        Some(Severity::Advice) | None if is_unverified => Verdict::Review,
        Some(Severity::Advice) | None => Verdict::Go,
    }
}
