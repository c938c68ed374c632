//! What a run asks over the network before it checks.
//!
//! Nothing here asks: the questions are read off the portals. What the account answers becomes the snapshot of every project
//! of the run ([`crate::engine::account_snapshot`]), so the rules are the same with `--online` and with a snapshot file.

use std::collections::{BTreeSet, HashSet};

use crate::base::file::{Inclusion, InputFile};
use crate::base::load;
use crate::engine::account_snapshot::{account, take};
use crate::engine::lint_file::{is_a_portal, kind_of, template_in};
use crate::model::account::ObjectKind;
use crate::model::portal::{Portal, PortalCache, text_may_be_portal};
use crate::model::secrets::Secrets;
use crate::online::Queries;
use crate::rules::RULES;
use crate::rules::account::sender_domain;
use crate::rules::facts::PortalFacts;
use crate::rules::metadata::Query;
use crate::rules::shared::placeholder_values::{placeholder_reason, plausible_id};
use crate::rules::shared::tracking_domain::{account_host_to_query, exported_host_to_query};
use crate::schema::Kind;
use crate::settings::Settings;
use crate::syntax;
use crate::syntax::SyntaxError;
use crate::syntax::cursor::Cursor;

/// What the portals of the run ask, as far as a rule that was selected wants to know. `captcha`: secret keys, too.
pub(crate) fn questions(inputs: &[InputFile], settings: &Settings, captcha: bool) -> Queries {
    let wanted = Wanted::from_selection(settings, captcha);
    let mut questions = Queries { wants_hosts: wanted.includes(Query::Hosts), ..Queries::default() };
    let mut buffer = Vec::new();
    for input in inputs.iter().filter(|input| !matches!(input.inclusion, Inclusion::ContextOnly { .. })) {
        let limits = &settings.project(input).limits;
        let Ok(source) = load::load(input, limits.file_bytes, std::mem::take(&mut buffer)) else { continue };
        if !input.inclusion.needs_portal_content() || text_may_be_portal(source.text(), true) {
            let parsed = syntax::parse(&source, limits);
            questions.secrets_to_redact.extend(Secrets::find(&source, &parsed).values().iter().cloned());
            let is_beyond_limits = parsed.errors.iter().any(SyntaxError::is_limit);
            let is_judged = !is_beyond_limits
                && (!input.inclusion.needs_portal_content() || is_a_portal(&source, &parsed))
                && template_in(input, &source, &parsed).is_none();
            for document in parsed.documents.iter().filter(|_| is_judged) {
                if let Some(Ok(kind)) = kind_of(document, parsed.documents.len(), input.inclusion, settings) {
                    wanted.ask(
                        &Portal::new(kind, Cursor::root(document), None, &mut PortalCache::default()),
                        &mut questions,
                    );
                }
            }
        }
        buffer = source.into_bytes();
    }
    questions
}

/// What the selected rules ask for.
struct Wanted(HashSet<Query>);

impl Wanted {
    fn from_selection(settings: &Settings, captcha: bool) -> Self {
        let mut queries = HashSet::new();
        for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
            queries.extend(rule.meta.queries);
        }
        if !captcha {
            queries.remove(&Query::RecaptchaSecrets);
        }
        Self(queries)
    }

    fn includes(&self, query: Query) -> bool {
        self.0.contains(&query)
    }

    fn ask(&self, portal: &Portal<'_>, questions: &mut Queries) {
        self.ask_the_account(portal, questions);
        if self.includes(Query::Hosts) {
            questions.hosts.extend(exported_host_to_query(portal));
        }
        if self.includes(Query::SenderDomains) {
            let senders = portal.emails().iter().filter_map(|email| sender_domain::domain_to_query(&email.from).ok());
            questions.senders.extend(senders);
        }
        if self.includes(Query::RecaptchaSecrets) {
            let secret = portal.recaptcha.secret_key.literal_text().filter(|secret| is_a_key(secret));
            questions.secrets.extend(secret.map(str::to_owned));
        }
    }

    fn ask_the_account(&self, portal: &Portal<'_>, questions: &mut Queries) {
        let mut ask = |query: Query, kind: ObjectKind, slot: Cursor<'_>| {
            let id = plausible_id(&slot).filter(|_| self.includes(query));
            questions.ids.entry(kind).or_default().extend(id.map(str::to_owned));
        };
        let [campaigns, shops] = portal.filters();
        ask(Query::TrackingDomains, ObjectKind::TrackingDomain, portal.tracking_domain());
        ask(Query::Campaigns, ObjectKind::Campaign, portal.registration_campaign());
        portal.filter_ids(&campaigns).for_each(|id| ask(Query::Campaigns, ObjectKind::Campaign, id));
        portal.filter_ids(&shops).for_each(|id| ask(Query::Shops, ObjectKind::Shop, id));
        match portal.kind {
            Kind::Create => {}
            Kind::Edit => ask(Query::Portals, ObjectKind::Portal, portal.field("customer_portal_id")),
            Kind::Export => ask(Query::Portals, ObjectKind::Portal, portal.field("id")),
        }
        let name = portal.name.literal_text().filter(|name| self.includes(Query::Portals) && !name.trim().is_empty());
        if let Some(name) = name {
            questions.names.insert(name.to_owned());
            questions.lists.insert(ObjectKind::Portal);
        }
        if self.includes(Query::ObjectLists)
            && portal.kind != Kind::Edit
            && PortalFacts::from_portal(portal, 0, 0, false).unfiltered_span.is_some()
        {
            questions.lists.extend([ObjectKind::Campaign, ObjectKind::Shop, ObjectKind::Portal]);
        }
    }
}

/// Whether there is any use in asking for it.
fn is_a_key(secret: &str) -> bool {
    !secret.trim().is_empty() && placeholder_reason(secret).is_none()
}

/// The hosts of tracking domains that portals name, where the accounts of the run know them.
pub(crate) fn hosts(inputs: &mut Vec<InputFile>, settings: &Settings, questions: &Queries) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for snapshot in take(inputs, settings) {
        let parsed = snapshot.parse();
        let account = account(&parsed);
        let ids = questions.ids(ObjectKind::TrackingDomain);
        hosts.extend(ids.filter_map(|id| account_host_to_query(account.find(ObjectKind::TrackingDomain, id)?)));
    }
    hosts
}
