//! Adds the names of the account's objects to the IDs that a report shows.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::base::diagnostic::Finding;
use crate::base::sanitize::sanitize;
use crate::engine::account_snapshot::ParsedSnapshot;
use crate::engine::file_result::FileResult;
use crate::model::account::{Account, ObjectKind};
use crate::model::edited_portal::Change;
use crate::model::planned_request::AccountState;
use crate::model::portal::has_id_length;
use crate::syntax::{Parsed, Value};

/// The names of the objects of one account.
pub(super) struct IdNames<'a> {
    /// The snapshot that contains the names. Its secrets are masked, because a name may repeat one.
    snapshot: &'a ParsedSnapshot<'a>,
    account: &'a Account<'a>,
}

impl<'a> IdNames<'a> {
    pub(super) fn new(snapshot: &'a ParsedSnapshot<'a>, account: &'a Account<'a>) -> Self {
        Self { snapshot, account }
    }

    /// Adds names to the findings, unverified checks and changes of a file, and collects those of all IDs in its tree.
    pub(super) fn add_to(&self, result: &mut FileResult) {
        for rule_finding in &mut result.findings {
            let Finding { message, help, label, notes, .. } = &mut rule_finding.finding;
            self.add_to_text(message);
            self.add_to_text(help);
            if let Some(label) = label {
                self.add_to_text(label);
            }
            for note in notes {
                self.add_to_text(&mut note.message);
            }
        }
        for check in &mut result.unverified {
            if check.reason.contains('`') {
                self.add_to_text(check.reason.to_mut());
            }
        }
        for portal in result.reported_portals_mut() {
            for change in portal.edit.iter_mut().flat_map(|edit| &mut edit.changes) {
                self.add_to_change(change);
            }
            if let Some(request) = &mut portal.request
                && let AccountState::Found(edit) = &mut request.state
            {
                for change in edit.all_changes() {
                    self.add_to_change(change);
                }
            }
        }
        if let Some(tree) = &result.tree {
            result.id_names = self.names_in(tree);
        }
    }

    /// The name of the object with this ID, as it can be shown in a sentence.
    fn name_of(&self, id: &str) -> Option<String> {
        if !has_id_length(id) {
            return None;
        }
        let name = ObjectKind::ALL.into_iter().find_map(|kind| self.account.find(kind, id)?.name)?;
        Some(self.printable_name(name))
    }

    /// Masks the secrets in a name, and replaces characters that would be misread in a sentence.
    pub(super) fn printable_name(&self, name: &str) -> String {
        // A backtick would start a code span, and a quote would end the name.
        self.snapshot.secrets().mask(sanitize(name)).replace(['`', '"'], "'")
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
            if let Some(name) = self.name_of(code).filter(|name| !text.contains(name.as_str())) {
                named.extend([" \"", &name, "\""]);
            }
            rest = after;
        }
        named.push_str(rest);
        *text = named;
    }

    fn add_to_change(&self, change: &mut Change) {
        let mut names = BTreeMap::new();
        if let Some(old) = &change.old {
            self.collect_names(old, &mut names);
        }
        self.collect_names(&change.new, &mut names);
        change.names = names;
    }

    fn collect_names(&self, value: &Json, names: &mut BTreeMap<String, String>) {
        match value {
            Json::String(id) => names.extend(self.name_of(id).map(|name| (id.clone(), name))),
            Json::Array(items) => {
                for item in items {
                    self.collect_names(item, names);
                }
            }
            _ => {}
        }
    }

    fn names_in(&self, tree: &Parsed<'_>) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for node in tree.nodes() {
            if let Value::String(id) = &node.value {
                names.extend(self.name_of(id).map(|name| (id.to_string(), name)));
            }
        }
        names
    }
}
