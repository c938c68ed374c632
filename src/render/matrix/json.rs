//! The matrix as JSON, version 1, as described by `schemas/matrix.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::matrix::{AccountMatrix, Answer, Coverage, Group, Matrix};
use crate::render::json::{JsonFinding, convert_all};
use crate::render::json_text::write_json;

#[derive(Serialize)]
struct JsonMatrix<'r> {
    version: u8,
    accounts: Vec<JsonAccount<'r>>,
    /// Findings because of which a portal may be missing or wrong.
    diagnostics: Vec<JsonFinding<'r>>,
}

#[derive(Serialize)]
struct JsonAccount<'r> {
    snapshot: Option<&'r str>,
    portals: Vec<JsonPortal<'r>>,
    #[serde(flatten)]
    groups: BTreeMap<&'static str, JsonGroup<'r>>,
    questions: &'r [Answer],
}

#[derive(Serialize)]
struct JsonPortal<'r> {
    number: usize,
    name: Option<&'r str>,
    file: Option<&'r str>,
    document: Option<usize>,
    id: Option<&'r str>,
    enabled: Option<bool>,
    all_customers: Option<bool>,
    filters_of_account: bool,
}

#[derive(Serialize)]
struct JsonGroup<'r> {
    complete: bool,
    rows: Vec<JsonRow<'r>>,
}

#[derive(Serialize)]
struct JsonRow<'r> {
    id: &'r str,
    name: Option<&'r str>,
    in_account: Option<bool>,
    portals: Vec<usize>,
    coverage: Coverage,
}

/// Writes the matrices as one object.
pub(super) fn render(matrix: &Matrix<'_>, out: &mut dyn Write) -> io::Result<()> {
    let accounts = matrix.accounts.iter().map(convert_account).collect();
    let diagnostics = convert_all(matrix.report, matrix.findings.iter().copied());
    write_json(out, &JsonMatrix { version: 1, accounts, diagnostics })
}

fn convert_account<'m>(account: &'m AccountMatrix<'_>) -> JsonAccount<'m> {
    let mut portals = Vec::with_capacity(account.portals.len());
    for (index, portal) in account.portals.iter().enumerate() {
        let profile = portal.profile;
        portals.push(JsonPortal {
            number: index + 1,
            name: profile.name.as_deref(),
            file: portal.file,
            document: portal.file.map(|_| portal.document),
            id: profile.id.as_deref(),
            enabled: profile.enabled,
            all_customers: profile.is_for_all(),
            filters_of_account: profile.has_account_filter,
        });
    }
    let groups = account.groups.iter().map(|group| (group.subjects.as_str(), convert_group(group))).collect();
    JsonAccount { snapshot: account.snapshot, portals, groups, questions: &account.answers }
}

fn convert_group(group: &Group) -> JsonGroup<'_> {
    let mut rows = Vec::with_capacity(group.rows.len());
    for row in &group.rows {
        rows.push(JsonRow {
            id: &row.id,
            name: row.name.as_deref(),
            in_account: row.is_in_account,
            portals: row.portals.iter().map(|index| index + 1).collect(),
            coverage: row.coverage,
        });
    }
    JsonGroup { complete: group.is_complete, rows }
}
