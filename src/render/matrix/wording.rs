//! The texts that all formats for people have in common.

use crate::base::diagnostic::Diagnostic;
use crate::matrix::{AccountMatrix, Coverage, Group, Matrix, MatrixPortal, Row, Subjects, number_ranges};
use crate::render::format_location;
use crate::rules::wording::pluralize;

/// The heading of the findings because of which a portal may be missing.
pub(super) const FINDINGS_HEADING: &str = "Portals may be missing or wrong because of these findings";

/// What the marks in a grid mean.
pub(super) const LEGEND: &str =
    "x: the portal uses it; *: the portal is for all customers, because it has no filters; ?: not known";

/// The maximum number of portals for which a table has a column for each portal. With more, a column lists the numbers of the portals.
const MAX_COLUMNS: usize = 12;

/// "2 portals, account revcent-account.json".
pub(super) fn account_heading(account: &AccountMatrix<'_>) -> String {
    let portals = pluralize(account.portals.len(), "portal");
    match account.snapshot {
        Some(snapshot) => format!("{portals}, account {snapshot}"),
        None if account.is_left_out => format!("{portals} of another account than that of --account"),
        None => portals,
    }
}

/// The title of the whole report.
pub(super) fn matrix_title(matrix: &Matrix<'_>) -> String {
    let portals = matrix.accounts.iter().map(|account| account.portals.len()).sum();
    format!("Brands and portals: {}", pluralize(portals, "portal"))
}

/// The name of a portal. Without a name, its ID or its file.
pub(super) fn portal_name<'m>(portal: &MatrixPortal<'m>) -> &'m str {
    let profile = portal.profile;
    profile.name.as_deref().or(profile.id.as_deref()).or(portal.file).unwrap_or("a portal without a name")
}

/// Where a portal is described, and who can use it.
pub(super) fn describe_portal(portal: &MatrixPortal<'_>) -> String {
    let mut parts = vec![match (portal.file, portal.document) {
        (None, _) => "only in the account".to_owned(),
        (Some(file), 0) => file.to_owned(),
        (Some(file), document) => format!("{file} (document {})", document + 1),
    }];
    if let Some(enabled) = portal.profile.enabled {
        parts.push(if enabled { "enabled" } else { "disabled" }.to_owned());
    }
    match portal.profile.is_for_all() {
        Some(true) => parts.push("all customers".to_owned()),
        Some(false) => {}
        None => parts.push("customers unknown".to_owned()),
    }
    if portal.profile.has_account_filter {
        parts.push("filters of the account, because the file omits them".to_owned());
    }
    parts.join(", ")
}

/// The heading of a group.
pub(super) fn group_heading(subjects: Subjects) -> &'static str {
    match subjects {
        Subjects::Brands => "Brands (senders of the emails)",
        Subjects::Campaigns => "Campaigns",
        Subjects::Shops => "Shops",
        Subjects::Domains => "Tracking domains",
    }
}

/// The name of a row, with its ID or address.
pub(super) fn row_label(subjects: Subjects, row: &Row) -> String {
    match (&row.name, subjects) {
        (Some(name), Subjects::Brands) => format!("{name} <{}>", row.id),
        (Some(name), _) => format!("{name} ({})", row.id),
        (None, _) => row.id.clone(),
    }
}

/// What is noteworthy about a row.
pub(super) fn row_note(subjects: Subjects, row: &Row) -> String {
    let mut parts = Vec::new();
    match row.coverage {
        Coverage::Gap if subjects == Subjects::Domains => parts.push("gap: no portal uses it".to_owned()),
        Coverage::Gap => parts.push("gap: in no portal".to_owned()),
        Coverage::OnlyGeneral => parts.push("only in portals for all customers".to_owned()),
        Coverage::Overlap => parts.push(format!("overlap: {} portals", row.portals.len())),
        Coverage::Unknown => parts.push("unknown: not all settings of the portals are known".to_owned()),
        Coverage::One => {}
    }
    if row.is_in_account == Some(false) {
        parts.push("not in the account".to_owned());
    }
    parts.join(", ")
}

/// The mark in the cell of a portal; see [`LEGEND`].
pub(super) fn portal_mark(account: &AccountMatrix<'_>, subjects: Subjects, row: &Row, portal: usize) -> &'static str {
    if row.portals.binary_search(&portal).is_ok() {
        "x"
    } else if subjects.is_filter() && account.portals[portal].profile.is_for_all() == Some(true) {
        "*"
    } else if account.portals[portal].may_name_others(subjects) {
        "?"
    } else {
        ""
    }
}

/// The numbers of the portals in a row.
pub(super) fn portal_numbers(row: &Row) -> String {
    number_ranges(&row.portals).join(", ")
}

/// The note below the rows of a group.
pub(super) fn group_note(group: &Group) -> Option<&'static str> {
    if !group.is_complete {
        Some("the account data is missing or may be incomplete, so there may be more gaps")
    } else if group.rows.is_empty() {
        Some("none")
    } else {
        None
    }
}

/// The column headings and the rows of the table of a group.
pub(super) fn group_table(account: &AccountMatrix<'_>, group: &Group) -> (Vec<String>, Vec<Vec<String>>) {
    let count = account.portals.len();
    let is_grid = count <= MAX_COLUMNS;
    let mut columns = vec![group_heading(group.subjects).to_owned()];
    if is_grid {
        columns.extend((1..=count).map(|number| number.to_string()));
    } else {
        columns.push("Portals".to_owned());
    }
    columns.push("Note".to_owned());
    let mut rows = Vec::new();
    for row in &group.rows {
        let mut cells = vec![row_label(group.subjects, row)];
        if is_grid {
            cells.extend((0..count).map(|portal| portal_mark(account, group.subjects, row, portal).to_owned()));
        } else {
            cells.push(portal_numbers(row));
        }
        cells.push(row_note(group.subjects, row));
        rows.push(cells);
    }
    (columns, rows)
}

/// "RCP901 an object is not closed (portals/main.json:3:1)".
pub(super) fn describe_finding(matrix: &Matrix<'_>, diagnostic: &Diagnostic) -> String {
    format!("{} {} ({})", diagnostic.code, diagnostic.message, format_location(matrix.report, diagnostic))
}
