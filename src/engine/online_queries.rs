//! Collects the network queries of a run from its portals, before the check.
//!
//! Nothing here sends a query. What the account answers becomes the snapshot of every project of the run
//! ([`crate::engine::account_snapshot`]), so that the rules are the same with `--online` and with a snapshot file.

use std::collections::{BTreeSet, HashSet};

use crate::base::file::{Inclusion, InputFile};
use crate::base::load;
use crate::base::source::Source;
use crate::engine::account_snapshot::{read_snapshots, to_account};
use crate::engine::lint_file;
use crate::model::account::ObjectKind;
use crate::model::portal::{Portal, text_may_be_portal};
use crate::model::secrets::Secrets;
use crate::online::Queries;
use crate::rules::RULES;
use crate::rules::account::sender_domain;
use crate::rules::checklist::filters_considered;
use crate::rules::facts::find_unfiltered_span;
use crate::rules::metadata::Query;
use crate::rules::shared::placeholder_values::{placeholder_reason, plausible_id};
use crate::rules::shared::tracking_domain::{account_host_to_query, exported_host_to_query};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::syntax;
use crate::syntax::cursor::Cursor;

/// Collects the queries that the selected rules need for the portals of the run. `captcha` includes reCAPTCHA secret keys.
pub(crate) fn collect_queries(inputs: &[InputFile], settings: &Settings, captcha: bool) -> Queries {
    let mut collector = QueryCollector::new(settings, captcha);
    let mut buffer = Vec::new();
    for input in inputs {
        // Context files are not checked, so nothing is queried for them.
        if matches!(input.inclusion, Inclusion::ContextOnly { .. }) {
            continue;
        }
        let limits = &settings.project(input).limits;
        let Ok(source) = load::load(input, limits.file_bytes, std::mem::take(&mut buffer)) else { continue };
        if !input.inclusion.needs_portal_content() || text_may_be_portal(source.text(), true) {
            collector.add_file(input, &source, settings);
        }
        buffer = source.into_bytes();
    }
    collector.queries
}

/// Collects the queries that the selected rules need.
struct QueryCollector {
    needed: HashSet<Query>,
    queries: Queries,
}

impl QueryCollector {
    fn new(settings: &Settings, captcha: bool) -> Self {
        let mut needed = HashSet::new();
        for rule in RULES.iter().filter(|rule| settings.selection.is_enabled(rule)) {
            needed.extend(rule.meta.queries);
        }
        // `RecaptchaSecrets` sends secret keys to Google: only with `--online=captcha`.
        if !captcha {
            needed.remove(&Query::RecaptchaSecrets);
        }
        let queries = Queries { wants_hosts: needed.contains(&Query::Hosts), ..Queries::default() };
        Self { needed, queries }
    }

    fn needs(&self, query: Query) -> bool {
        self.needed.contains(&query)
    }

    fn add_file(&mut self, input: &InputFile, source: &Source, settings: &Settings) {
        let parsed = syntax::parse(source, &settings.project(input).limits);
        // Also the secrets of a file that is not checked: a response may repeat them, and reports may quote the response.
        self.queries.secrets_to_redact.extend(Secrets::find(source, &parsed).values().iter().cloned());
        if !lint_file::is_linted(input, source, &parsed) {
            return;
        }
        for document in &parsed.documents {
            if let Some(Ok(kind)) =
                lint_file::classify_document(document, parsed.documents.len(), input.inclusion, settings)
            {
                self.add_portal(&Portal::new(kind, Cursor::root(document)));
            }
        }
    }

    fn add_portal(&mut self, portal: &Portal<'_>) {
        self.add_account_objects(portal);
        if self.needs(Query::Hosts) {
            // Only an export contains its host. The hosts of other portals come from the account, see
            // `take_snapshots_and_collect_hosts`.
            self.queries.hosts.extend(exported_host_to_query(portal));
        }
        if self.needs(Query::SenderDomains) {
            for email in portal.emails() {
                // The rule reports why a domain is not queried.
                self.queries.senders.extend(sender_domain::domain_to_query(&email.from).ok());
            }
        }
        if self.needs(Query::RecaptchaSecrets)
            && let Some(secret) = portal.recaptcha.secret_key.literal_text()
            // The service would reject a blank or made-up key, which other rules report anyway.
            && !secret.trim().is_empty()
            && placeholder_reason(secret).is_none()
        {
            self.queries.secrets.insert(secret.to_owned());
        }
    }

    fn add_account_objects(&mut self, portal: &Portal<'_>) {
        let [campaigns, shops] = portal.filters();
        self.add_id(Query::TrackingDomains, ObjectKind::TrackingDomain, &portal.tracking_domain());
        self.add_id(Query::Campaigns, ObjectKind::Campaign, &portal.registration_campaign());
        for id in portal.filter_ids(&campaigns) {
            self.add_id(Query::Campaigns, ObjectKind::Campaign, &id);
        }
        for id in portal.filter_ids(&shops) {
            self.add_id(Query::Shops, ObjectKind::Shop, &id);
        }
        match portal.kind {
            PortalKind::Create => {}
            PortalKind::Edit => self.add_id(Query::Portals, ObjectKind::Portal, &portal.field("customer_portal_id")),
            PortalKind::Export => self.add_id(Query::Portals, ObjectKind::Portal, &portal.field("id")),
        }
        if self.needs(Query::Portals)
            && let Some(name) = portal.name.literal_text()
            && !name.trim().is_empty()
        {
            // Names are looked up in the list of all portals.
            self.queries.names.insert(name.to_owned());
            self.queries.lists.insert(ObjectKind::Portal);
        }
        // A portal without filters is a mistake if the account has other campaigns, shops or portals.
        if self.needs(Query::ObjectLists) && portal.kind != PortalKind::Edit && find_unfiltered_span(portal).is_some() {
            self.queries.lists.extend(filters_considered::RELEVANT_LISTS);
        }
    }

    fn add_id(&mut self, query: Query, kind: ObjectKind, field: &Cursor<'_>) {
        if self.needs(query)
            && let Some(id) = plausible_id(field)
        {
            self.queries.ids.entry(kind).or_default().insert(id.to_owned());
        }
    }
}

/// Removes the account snapshots from `inputs`, and returns the hosts of the tracking domains in `queries` that the snapshots
/// contain. Call it after the account's answers are in `settings`, because they replace the content of the snapshots.
pub(crate) fn take_snapshots_and_collect_hosts(
    inputs: &mut Vec<InputFile>,
    settings: &Settings,
    queries: &Queries,
) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for snapshot in read_snapshots(inputs, settings) {
        let parsed = snapshot.parse();
        let account = to_account(&parsed);
        for id in queries.ids(ObjectKind::TrackingDomain) {
            hosts.extend(account.find(ObjectKind::TrackingDomain, id).and_then(account_host_to_query));
        }
    }
    hosts
}
