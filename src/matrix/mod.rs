//! Which customers see which portal: the brands, campaigns, shops and domains of an account against its portals, with gaps and
//! overlaps, and the answers to the questions that the guide asks about several brands.
//!
//! Only IDs and texts are compared. Nothing here says that a portal is wrong: a brand can have several portals on purpose.

mod answers;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::engine::account_portals::{AccountPortals, NamedObjects, ProfiledPortal};
use crate::engine::report::Report;
use crate::model::account::ObjectKind;
use crate::model::portal::PortalProfile;
use crate::rules::metadata;
use crate::rules::metadata::Subject;
use crate::syntax::variables::variable_name;

/// The matrices of a run.
#[derive(Debug)]
pub struct Matrix<'r> {
    /// The report from which they were made.
    pub report: &'r Report,
    /// One matrix for each account.
    pub accounts: Vec<AccountMatrix<'r>>,
    /// Findings because of which a portal may be missing or wrong: errors in files that cannot be read as portals, and what is wrong
    /// with the settings and account snapshots.
    pub findings: Vec<&'r Diagnostic>,
}

/// The matrix of one account.
#[derive(Debug)]
pub struct AccountMatrix<'r> {
    /// The name of the account snapshot.
    pub snapshot: Option<&'r str>,
    /// Whether its data is not known, because `--account` names the snapshot of another account.
    pub is_left_out: bool,
    /// The columns.
    pub portals: Vec<MatrixPortal<'r>>,
    /// The rows, by what they are about.
    pub groups: Vec<Group>,
    /// The guide's questions with their answers; empty if there are no portals.
    pub answers: Vec<Answer>,
}

/// A column of a matrix.
#[derive(Clone, Copy, Debug)]
pub struct MatrixPortal<'r> {
    /// The name of the file; `None` for a portal that only the account has.
    pub file: Option<&'r str>,
    /// The index of the document in the file.
    pub document: usize,
    /// What the portal is for.
    pub profile: &'r PortalProfile,
}

impl MatrixPortal<'_> {
    /// Whether the portal may use more objects than its row shows, because one of its settings is unknown or a variable.
    pub fn may_name_others(&self, subjects: Subjects) -> bool {
        let profile = self.profile;
        let is_unknown = |text: &Option<String>| text.as_ref().map_or(!profile.is_complete, |text| is_variable(text));
        match subjects {
            Subjects::Brands => is_unknown(&profile.sender),
            Subjects::Domains => is_unknown(&profile.tracking_domain),
            Subjects::Campaigns | Subjects::Shops => {
                let ids = profile.filters[usize::from(subjects == Subjects::Shops)].as_ref();
                profile.is_for_all().is_none() || ids.is_none_or(|ids| ids.iter().any(|id| is_variable(id)))
            }
        }
    }
}

fn is_variable(text: &str) -> bool {
    variable_name(text).is_some()
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subjects {
    /// The senders of the confirmation emails, by which customers recognize a brand.
    Brands,
    /// The campaigns in filters.
    Campaigns,
    /// The shops in filters.
    Shops,
    /// The tracking domains.
    Domains,
}

impl Subjects {
    /// The key in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Brands => "brands",
            Self::Campaigns => "campaigns",
            Self::Shops => "shops",
            Self::Domains => "domains",
        }
    }

    /// Whether a portal without filters is for the customers of such an object.
    pub fn is_filter(self) -> bool {
        matches!(self, Self::Campaigns | Self::Shops)
    }
}

/// The rows about the same kind of objects.
#[derive(Debug)]
pub struct Group {
    /// What the rows are about.
    pub subjects: Subjects,
    /// The rows: the objects of the account, then others that portals name.
    pub rows: Vec<Row>,
    /// Whether all objects of the account are known, so that none of the gaps is missing. Brands are not objects of the account.
    pub is_complete: bool,
}

/// A row of a matrix.
#[derive(Debug)]
pub struct Row {
    /// The ID; for a brand, the address of the sender.
    pub id: String,
    /// The name in the account; for a brand, the name of the sender.
    pub name: Option<String>,
    /// Whether the account has the object; `None` if that is not known, and for a brand.
    pub is_in_account: Option<bool>,
    /// The indices of the portals that name the object.
    pub portals: Vec<usize>,
    /// How many portals are for its customers.
    pub coverage: Coverage,
}

/// How many portals name an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// None.
    Gap,
    /// None, but there are portals for all customers.
    OnlyGeneral,
    /// None that is known, but not all settings of the portals are known.
    Unknown,
    /// One.
    One,
    /// Several.
    Overlap,
}

/// A question of the guide and its answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The question.
    pub question: &'static str,
    /// The answer, which names portals by their numbers.
    pub answer: String,
}

impl Matrix<'_> {
    /// Returns the exit code, 0 to 3 ("Exit codes" in `docs/design.md`).
    pub fn exit_code(&self) -> u8 {
        self.report.exit_code_if(self.findings.iter().any(|diagnostic| diagnostic.severity == Severity::Error))
    }
}

/// Makes the matrices from a report that was made with [`crate::settings::Settings::with_profiles`].
pub fn make_matrix(report: &Report) -> Matrix<'_> {
    let mut findings = Vec::new();
    for diagnostic in report.findings() {
        let is_file_error =
            metadata(diagnostic.code).subject == Subject::File && diagnostic.severity == Severity::Error;
        if is_file_error || !report.file(diagnostic.file).in_scope {
            findings.push(diagnostic);
        }
    }
    Matrix {
        report,
        accounts: report.accounts.iter().map(|account| account_matrix(report, account)).collect(),
        findings,
    }
}

fn account_matrix<'r>(report: &'r Report, account: &'r AccountPortals) -> AccountMatrix<'r> {
    let mut portals = Vec::new();
    for ProfiledPortal { file, profile } in &account.portals {
        let document = file.map_or(0, |(_, document)| document);
        portals.push(MatrixPortal { file: file.map(|(file, _)| &*report.file(file).name), document, profile });
    }
    let objects = |kind| account.objects.get(&kind).and_then(Option::as_ref);
    let groups = vec![
        brands(&portals),
        group(Subjects::Campaigns, &portals, objects(ObjectKind::Campaign), |profile| ids(profile.filters[0].as_ref())),
        group(Subjects::Shops, &portals, objects(ObjectKind::Shop), |profile| ids(profile.filters[1].as_ref())),
        group(Subjects::Domains, &portals, objects(ObjectKind::TrackingDomain), |profile| {
            profile.tracking_domain.iter().map(String::as_str).collect()
        }),
    ];
    let answers = if portals.is_empty() { Vec::new() } else { answers::answer_all(&portals, &groups) };
    let AccountPortals { snapshot, is_left_out, .. } = account;
    AccountMatrix { snapshot: snapshot.as_deref(), is_left_out: *is_left_out, portals, groups, answers }
}

fn ids(filter: Option<&Vec<String>>) -> Vec<&str> {
    filter.into_iter().flatten().map(String::as_str).collect()
}

/// The senders. Addresses differ only in their letter case if they are the same.
fn brands(portals: &[MatrixPortal<'_>]) -> Group {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for (index, MatrixPortal { profile, .. }) in portals.iter().enumerate() {
        let Some(sender) = &profile.sender else { continue };
        let row = rows.entry(sender.to_lowercase()).or_insert_with(|| Row {
            id: sender.clone(),
            name: None,
            is_in_account: None,
            portals: Vec::new(),
            coverage: Coverage::One,
        });
        row.portals.push(index);
        row.name = row.name.take().or_else(|| profile.sender_name.clone());
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    for row in &mut rows {
        row.coverage = coverage(&row.portals, false, false);
    }
    rows.sort_by(|a, b| a.portals.cmp(&b.portals));
    Group { subjects: Subjects::Brands, rows, is_complete: true }
}

/// The objects of the account, and others that portals name.
fn group<'r>(
    subjects: Subjects,
    portals: &[MatrixPortal<'r>],
    objects: Option<&NamedObjects>,
    ids_of: impl Fn(&'r PortalProfile) -> Vec<&'r str>,
) -> Group {
    let mut portals_by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, portal) in portals.iter().enumerate() {
        for id in ids_of(portal.profile) {
            portals_by_id.entry(id).or_default().push(index);
        }
    }
    let has_general = subjects.is_filter() && portals.iter().any(|portal| portal.profile.is_for_all() == Some(true));
    let has_unknown = portals.iter().any(|portal| portal.may_name_others(subjects));
    let is_complete = objects.is_some_and(|list| list.is_complete);
    let mut rows = Vec::new();
    for (id, name) in objects.iter().flat_map(|list| &list.objects) {
        let portals = portals_by_id.remove(id.as_str()).unwrap_or_default();
        let coverage = coverage(&portals, has_general, has_unknown);
        rows.push(Row { id: id.clone(), name: name.clone(), is_in_account: Some(true), portals, coverage });
    }
    for (id, portals) in portals_by_id {
        let coverage = coverage(&portals, has_general, has_unknown);
        let is_in_account = (is_complete && !is_variable(id)).then_some(false);
        rows.push(Row { id: id.to_owned(), name: None, is_in_account, portals, coverage });
    }
    Group { subjects, rows, is_complete }
}

fn coverage(portals: &[usize], has_general: bool, has_unknown: bool) -> Coverage {
    match portals.len() {
        0 if has_unknown => Coverage::Unknown,
        0 if has_general => Coverage::OnlyGeneral,
        0 => Coverage::Gap,
        1 => Coverage::One,
        _ => Coverage::Overlap,
    }
}

/// The numbers of portals with these indices, which are sorted: "1-4", "7".
pub(crate) fn number_ranges(indices: &[usize]) -> Vec<String> {
    let mut ranges = Vec::new();
    for run in indices.chunk_by(|a, b| a + 1 == *b) {
        match run {
            [first, _, .., last] => ranges.push(format!("{}-{}", first + 1, last + 1)),
            short => ranges.extend(short.iter().map(|index| (index + 1).to_string())),
        }
    }
    ranges
}
