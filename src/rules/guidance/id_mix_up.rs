//! RCP107: reports an ID that is used for two different kinds of objects, such as a campaign and a shop, in one portal or in the
//! portals of two files.

use std::collections::{BTreeMap, HashMap};

use crate::base::diagnostic::{Finding, Location};
use crate::base::source::Span;
use crate::model::portal::{ID_LENGTH, has_id_length};
use crate::rules::context::{PortalContext, PortalFacts, ProjectContext};
use crate::rules::shared::field_label::{id_label, id_label_of_key};
use crate::rules::shared::id_summary::are_distinct;
use crate::rules::shared::placeholder_values::is_plausible_id;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if are_distinct(cx.portal.ids().iter().filter_map(id_text)) {
        return;
    }
    let mut first_uses: HashMap<&str, &Cursor<'_>> = HashMap::new();
    for id in cx.portal.ids() {
        let Some(text) = id_text(id) else { continue };
        let first_use = *first_uses.entry(text).or_insert(id);
        // The same ID twice in one list is a duplicate, which another rule reports.
        if id_label(first_use) != id_label(id) {
            report_mix_up(cx, id, first_use);
        }
    }
}

/// Reports the later of the two fields, because nothing shows which one is wrong.
fn report_mix_up(cx: &mut PortalContext<'_>, id: &Cursor<'_>, first_use: &Cursor<'_>) {
    let message = format!("the {} is the same as the {}", id_label(id), id_label(first_use));
    let help = "look up both IDs in RevCent, and put each in its own field";
    let finding = Finding::new(id.location(), message, help).with_invalid_value();
    // A YAML alias resolves to the bytes of its anchor, so the finding needs a note where the alias is.
    cx.report(match id.alias_span() {
        Some(alias) => finding.with_note(alias, format!("used here as the {}", id_label(id))),
        None => finding.with_note(first_use.span(), "first used here"),
    });
}

/// The text of an ID. Another rule reports an ID of the wrong length.
fn id_text<'d>(id: &Cursor<'d>) -> Option<&'d str> {
    id.literal_text().filter(|text| has_id_length(text))
}

/// Compares the portals of different files. A portal that mixes up an ID itself is left out: [`check_portal`] reports it.
pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    let portals = cx.portals;
    let mut labels: Vec<(&[u8], &str)> = Vec::new();
    labels.extend(portals.iter().copied().flat_map(id_uses).map(|id_use| (id_use.id, id_use.label)));
    labels.sort_unstable();
    labels.dedup();
    let mut mixed_up: BTreeMap<&[u8], Vec<IdUse<'_>>> = BTreeMap::new();
    for pair in labels.windows(2) {
        // An ID with two labels.
        if pair[0].0 == pair[1].0 && is_plausible(pair[0].0) {
            mixed_up.entry(pair[0].0).or_default();
        }
    }
    if mixed_up.is_empty() {
        return;
    }
    for id_use in portals.iter().copied().flat_map(id_uses) {
        if let Some(uses) = mixed_up.get_mut(id_use.id) {
            uses.push(id_use);
        }
    }
    for uses in mixed_up.into_values() {
        report_uses(cx, &uses);
    }
}

/// An ID in a portal.
#[derive(Clone, Copy)]
struct IdUse<'f> {
    facts: &'f PortalFacts,
    id: &'f [u8],
    /// What it identifies: "campaign ID".
    label: &'static str,
    /// The field with the ID, or the list in `customer_filters` and the index in it.
    field: (&'static str, Option<usize>),
    span: Span,
}

fn id_uses(facts: &PortalFacts) -> impl Iterator<Item = IdUse<'_>> {
    let fields = facts.ids.iter().map(|fact| IdUse::new(facts, &fact.id, (fact.field, None), fact.span));
    let filters = facts.filters.iter().filter(|filter| filter.id.bytes().len() == ID_LENGTH);
    fields.chain(filters.map(|filter| {
        let field = (filter.list.field(), Some(filter.index));
        IdUse::new(facts, filter.id.bytes(), field, filter.span)
    }))
}

impl<'f> IdUse<'f> {
    fn new(facts: &'f PortalFacts, id: &'f [u8], field: (&'static str, Option<usize>), span: Span) -> Self {
        Self { facts, id, label: id_label_of_key(field.0), field, span }
    }

    fn location(&self) -> Location {
        let (field, index) = self.field;
        let mut pointer = match index {
            Some(index) => format!("/customer_filters/{field}/{index}"),
            None => format!("/{field}"),
        };
        if self.facts.kind == PortalKind::Export && field != "id" {
            pointer.push_str("/id");
        }
        Location { pointer, span: self.span }
    }
}

fn is_plausible(id: &[u8]) -> bool {
    std::str::from_utf8(id).is_ok_and(is_plausible_id)
}

/// Reports the uses of an ID, which are in the order of their portals. The kind of object that most portals use it for is probably
/// right, so only the other uses are reported. If two kinds are equally common, each use is reported.
fn report_uses(cx: &mut ProjectContext<'_>, uses: &[IdUse<'_>]) {
    // The first use in each portal, by the kind of object.
    let mut by_label: BTreeMap<&str, Vec<&IdUse<'_>>> = BTreeMap::new();
    for portal_uses in uses.chunk_by(|a, b| std::ptr::eq(a.facts, b.facts)) {
        let first = &portal_uses[0];
        // `check_portal` reports a portal that itself mixes up the ID.
        if portal_uses.iter().all(|id_use| id_use.label == first.label) {
            by_label.entry(first.label).or_default().push(first);
        }
    }
    let max_count = by_label.values().map(Vec::len).max().unwrap_or_default();
    let is_tie = by_label.values().filter(|group| group.len() == max_count).count() > 1;
    // The uses that a finding can point to. Two in different files are enough, because one of them is not in the finding's file.
    let mut references = Vec::new();
    for group in by_label.values().filter(|group| group.len() == max_count) {
        let first = group[0];
        references.push(first);
        references.extend(group.iter().find(|id_use| id_use.facts.file != first.facts.file));
    }
    for id_use in by_label.values().filter(|group| is_tie || group.len() < max_count).flatten() {
        let mut others = references.iter().filter(|other| other.label != id_use.label);
        if let Some(other) = others.find(|other| other.facts.file != id_use.facts.file) {
            report_use(cx, id_use, other);
        }
    }
}

fn report_use(cx: &mut ProjectContext<'_>, id_use: &IdUse<'_>, other: &IdUse<'_>) {
    let message = format!("the {} is the same as the {} in another file", id_use.label, other.label);
    let help = "look up the ID in RevCent, and replace it where it is used for another kind of object";
    let note = format!("used here as the {}", other.label);
    let finding = Finding::new(id_use.location(), message, help).with_invalid_value();
    cx.report(id_use.facts, finding.with_note_in(other.facts.file, other.span, note));
}
