//! Shows the names of the account's objects next to the IDs that a report shows.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::base::sanitize::sanitize;
use crate::base::source::Source;
use crate::engine::file_result::FileResult;
use crate::model::account::{Account, ObjectKind};
use crate::model::edited_portal::Change;
use crate::model::planned_request::AccountState;
use crate::model::portal::has_id_length;
use crate::model::secrets::Secrets;
use crate::syntax::{Document, Parsed, Value};

/// The names of the objects of one account.
pub(super) struct IdNames<'a> {
    account: &'a Account<'a>,
    source: &'a Source,
    parsed: &'a Parsed<'a>,
    /// The secrets of the snapshot, which a name may repeat. Searched when the first name is shown.
    secrets: OnceCell<Secrets>,
}

impl<'a> IdNames<'a> {
    /// `source` and `parsed` are the snapshot.
    pub(super) fn new(account: &'a Account<'a>, source: &'a Source, parsed: &'a Parsed<'a>) -> Self {
        Self { account, source, parsed, secrets: OnceCell::new() }
    }

    /// Adds names to the findings, unverified checks and changes of a file, and collects those of all IDs in its tree.
    pub(super) fn add_to(&self, result: &mut FileResult) {
        for rule_finding in &mut result.findings {
            let finding = &mut rule_finding.finding;
            let notes = finding.notes.iter_mut().map(|note| &mut note.message);
            for text in [&mut finding.message, &mut finding.help].into_iter().chain(&mut finding.label).chain(notes) {
                self.add_to_text(text);
            }
        }
        for check in &mut result.unverified {
            if check.reason.contains('`') {
                self.add_to_text(check.reason.to_mut());
            }
        }
        if let Some(facts) = &mut result.preflight_facts {
            for edit in facts.edits.values_mut() {
                edit.changes.iter_mut().for_each(|change| self.add_to_change(change));
            }
            for request in facts.requests.values_mut() {
                if let AccountState::Found(edit) = &mut request.state {
                    edit.all_changes().for_each(|change| self.add_to_change(change));
                }
            }
        }
        if let Some(tree) = &result.tree {
            result.id_names = self.names_in(tree);
        }
    }

    /// The name of the object with this ID, for a sentence.
    fn find(&self, id: &str) -> Option<String> {
        if !has_id_length(id) {
            return None;
        }
        let name = ObjectKind::ALL.into_iter().find_map(|kind| self.account.find(kind, id)?.name)?;
        Some(self.to_shown(name))
    }

    /// A name without secrets, for a sentence.
    pub(super) fn to_shown(&self, name: &str) -> String {
        let secrets = self.secrets.get_or_init(|| Secrets::find(self.source, self.parsed));
        // A backtick would start a code span, and a quote would end the name.
        secrets.mask(sanitize(name)).replace(['`', '"'], "'")
    }

    /// Adds the name after each code span that is an ID, unless the text contains the name already.
    fn add_to_text(&self, text: &mut String) {
        if !text.contains('`') {
            return;
        }
        let mut named = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('`')
            && let Some((code, after)) = after.split_once('`')
        {
            named.extend([before, "`", code, "`"]);
            if let Some(name) = self.find(code).filter(|name| !text.contains(name.as_str())) {
                named.extend([" \"", &name, "\""]);
            }
            rest = after;
        }
        named.push_str(rest);
        *text = named;
    }

    fn add_to_change(&self, change: &mut Change) {
        let mut names = BTreeMap::new();
        for value in change.old.iter().chain([&change.new]) {
            self.collect_names(value, &mut names);
        }
        change.names = names;
    }

    fn collect_names(&self, value: &Json, names: &mut BTreeMap<String, String>) {
        match value {
            Json::String(id) => names.extend(self.find(id).map(|name| (id.clone(), name))),
            Json::Array(items) => items.iter().for_each(|item| self.collect_names(item, names)),
            _ => {}
        }
    }

    fn names_in(&self, tree: &Parsed<'_>) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for node in tree.documents.iter().flat_map(Document::nodes) {
            if let Value::String(id) = &node.value {
                names.extend(self.find(id).map(|name| (id.to_string(), name)));
            }
        }
        names
    }
}
