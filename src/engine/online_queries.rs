//! Collects the network queries of a run from its portals.
//!
//! Nothing here sends a query. The account's answers become the snapshot of the projects ([`crate::engine::account_snapshot`]), so that
//! the rules do not differ between `--online` and a snapshot file.

use std::collections::{BTreeSet, HashSet};

use crate::base::file::{Inclusion, InputFile};
use crate::engine::account_snapshot::is_checked;
use crate::engine::check_snapshot::SnapshotAccount;
use crate::engine::parsed_file::ParsedFile;
use crate::engine::sources::{FileSettings, Sources};
use crate::model::account::ObjectKind;
use crate::model::portal::{Portal, find_unfiltered_span};
use crate::online::Queries;
use crate::rules::RULES;
use crate::rules::account::unprepared_sender_domain;
use crate::rules::checklist::missing_filters;
use crate::rules::metadata::Query;
use crate::rules::shared::placeholder_values::{placeholder_reason, plausible_id};
use crate::rules::shared::tracking_domain::{account_host_to_query, exported_host_to_query};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::environments::AccountScope;
use crate::syntax::cursor::Cursor;

/// The accounts that the checked files of a run belong to.
pub(crate) fn checked_accounts(inputs: &[InputFile], settings: &Settings) -> BTreeSet<AccountScope> {
    let mut file_settings = FileSettings::new(settings);
    inputs.iter().filter(|input| is_checked(input)).map(|input| file_settings.look_up(input).0).collect()
}

/// Loads the files and collects the queries that the selected rules need for their portals.
pub(crate) fn collect_queries(inputs: Vec<InputFile>, settings: &Settings) -> Queries {
    let sources = Sources::new(inputs, settings);
    let mut collector = QueryCollector::new(settings, false);
    for id in sources.ids() {
        if let Some(loaded) = sources.load(id, settings) {
            collector.add_file(&ParsedFile::new(&loaded, &sources, settings), settings);
        }
    }
    collector.queries
}

/// Collects the queries that the selected rules need.
pub(super) struct QueryCollector {
    needed: HashSet<Query>,
    pub queries: Queries,
}

impl QueryCollector {
    /// `with_captcha`: whether to query reCAPTCHA secret keys, too.
    pub(super) fn new(settings: &Settings, with_captcha: bool) -> Self {
        let mut needed = HashSet::new();
        for rule in RULES.iter().filter(|rule| settings.selection.is_enabled(rule)) {
            needed.extend(rule.meta.queries);
        }
        // `RecaptchaSecrets` sends secret keys to Google: only with `--online=captcha`.
        if !with_captcha {
            needed.remove(&Query::RecaptchaSecrets);
        }
        let queries = Queries {
            includes_account_hosts: needed.contains(&Query::Hosts),
            // A matrix shows all objects of the account.
            everything: settings.with_profiles,
            ..Queries::default()
        };
        Self { needed, queries }
    }

    fn needs(&self, query: Query) -> bool {
        self.needed.contains(&query)
    }

    /// Adds the queries for the portals of a file.
    pub(super) fn add_file(&mut self, file: &ParsedFile<'_>, settings: &Settings) {
        // Context files are not checked, so nothing is queried for them.
        if file.read_error.is_some() || matches!(file.input.inclusion, Inclusion::ContextOnly { .. }) {
            return;
        }
        // A response may repeat the secrets of the file, and a report may quote the response.
        self.queries.secrets_to_hide.extend(file.secrets().values().iter().cloned());
        for (document, kind) in file.linted_portals(settings) {
            self.add_portal(&file.portal(document, kind));
        }
    }

    fn add_portal(&mut self, portal: &Portal<'_>) {
        self.add_account_objects(portal);
        if self.needs(Query::Hosts) {
            // Only an export contains its host. The hosts of other portals come from the account, see `hosts_in_accounts`.
            self.queries.hosts.extend(exported_host_to_query(portal));
        }
        if self.needs(Query::SenderDomains) {
            for email in portal.emails() {
                // The rule reports the reason if a domain cannot be queried.
                self.queries.senders.extend(unprepared_sender_domain::domain_to_query(&email.from).ok());
            }
        }
        if self.needs(Query::RecaptchaSecrets)
            && let Some(secret) = portal.recaptcha.secret_key.literal_text()
            // The service would reject an empty or placeholder key, which other rules report anyway.
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
            PortalKind::Create => {
                if self.needs(Query::Portals)
                    && let Some(id) = portal.bound_id
                {
                    self.queries.ids.entry(ObjectKind::Portal).or_default().insert(id.to_owned());
                }
            }
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
            self.queries.lists.extend(missing_filters::RELEVANT_LISTS);
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

/// The hosts of the tracking domains in `queries` that the accounts contain. The accounts must contain the answers to the queries.
pub(super) fn hosts_in_accounts(accounts: &[SnapshotAccount<'_>], queries: &Queries) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for SnapshotAccount { account, .. } in accounts {
        for id in queries.ids(ObjectKind::TrackingDomain) {
            hosts.extend(account.find(ObjectKind::TrackingDomain, id).and_then(account_host_to_query));
        }
    }
    hosts
}
