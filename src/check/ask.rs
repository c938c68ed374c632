//! What a run asks over the network before it checks.
//!
//! Nothing here asks: the questions are read off the portals. What the account answers becomes the snapshot of every project
//! of the run ([`super::snapshot`]), so the rules are the same with `--online` and with a snapshot file.

use std::collections::BTreeSet;

use super::snapshot::{account, take};
use super::{facts_of, kind_of};
use crate::account::Kind as Things;
use crate::document::slot::Slot;
use crate::document;
use crate::input::{Input, Reason};
use crate::load;
use crate::online::Questions;
use crate::portal::{Portal, text_names_a_portal};
use crate::rules::RULES;
use crate::rules::account::exists;
use crate::rules::account::sender_domain;
use crate::rules::checklist::domain_status::{host_in, host_of};
use crate::rules::guidance::placeholder::{is_reserved, made_up};
use crate::schema::Kind;
use crate::settings::Settings;

/// What the portals of the run ask, as far as a rule that was selected wants to know. `captcha`: secret keys, too.
pub fn questions(inputs: &[Input], settings: &Settings, captcha: bool) -> Questions {
    let wanted = Wanted::by(settings, captcha);
    let mut questions = Questions { wants_hosts: wanted.hosts, ..Questions::default() };
    let mut spare = Vec::new();
    for input in inputs.iter().filter(|input| !matches!(input.reason, Reason::Beside { .. })) {
        let limits = &settings.project(input).limits;
        let Ok(source) = load::load(input, limits.file_bytes, std::mem::take(&mut spare)) else { continue };
        if !input.reason.is_by_content() || text_names_a_portal(source.text(), true) {
            let parsed = document::parse(&source, limits);
            for document in &parsed.documents {
                if let Some(Ok(kind)) = kind_of(document, parsed.documents.len(), input.reason, settings) {
                    wanted.ask(&Portal::new(kind, Slot::root(document)), &mut questions);
                }
            }
        }
        spare = source.into_bytes();
    }
    questions
}

/// What rules that were selected want to know.
struct Wanted {
    domains: bool,
    hosts: bool,
    campaigns: bool,
    shops: bool,
    portals: bool,
    filters: bool,
    senders: bool,
    secrets: bool,
}

impl Wanted {
    fn by(settings: &Settings, captcha: bool) -> Self {
        let taken: BTreeSet<u16> =
            RULES.iter().filter(|rule| settings.selection.takes(rule)).map(|rule| rule.code.0).collect();
        let one_of = |codes: &[u16]| codes.iter().any(|code| taken.contains(code));
        Self {
            domains: one_of(&[3, 4, 301, 306]),
            hosts: one_of(&[3, 4, 306]),
            campaigns: one_of(&[303]),
            shops: one_of(&[304]),
            portals: one_of(&[1, 309]),
            filters: one_of(&[19]),
            senders: one_of(&[307]),
            secrets: captcha && one_of(&[305]),
        }
    }

    fn ask(&self, portal: &Portal<'_>, questions: &mut Questions) {
        let mut ask = |wanted: bool, kind: Things, slot: Slot<'_>| {
            let id = exists::id(&slot).filter(|_| wanted);
            questions.ids.entry(kind).or_default().extend(id.map(str::to_owned));
        };
        let [campaigns, shops] = portal.filters();
        ask(self.domains, Things::TrackingDomain, portal.tracking_domain());
        ask(self.campaigns, Things::Campaign, portal.registration_campaign());
        portal.filter_ids(&campaigns).for_each(|id| ask(self.campaigns, Things::Campaign, id));
        portal.filter_ids(&shops).for_each(|id| ask(self.shops, Things::Shop, id));
        match portal.kind {
            Kind::Create => {}
            Kind::Edit => ask(self.portals, Things::Portal, portal.at("customer_portal_id")),
            Kind::Export => ask(self.portals, Things::Portal, portal.at("id")),
        }
        if let Some(name) = portal.name.known_text().filter(|name| self.portals && !name.trim().is_empty()) {
            questions.names.insert(name.to_owned());
            questions.lists.insert(Things::Portal);
        }
        if self.filters && portal.kind != Kind::Edit && facts_of(portal, 0, false).unfiltered.is_some() {
            questions.lists.extend([Things::Campaign, Things::Shop, Things::Portal]);
        }
        questions.hosts.extend(host_in(portal).filter(|_| self.hosts));
        let senders = portal.emails().iter().filter_map(|email| sender_domain::domain(&email.from));
        questions.senders.extend(senders.filter(|domain| self.senders && !is_reserved(domain)));
        let secret = portal.recaptcha.secret_key.known_text().filter(|secret| self.secrets && is_a_key(secret));
        questions.secrets.extend(secret.map(str::to_owned));
    }
}

/// Whether there is any use in asking for it.
fn is_a_key(secret: &str) -> bool {
    !secret.trim().is_empty() && made_up(secret).is_none()
}

/// The hosts of tracking domains that portals name, where the accounts of the run know them.
pub fn hosts(inputs: &mut Vec<Input>, settings: &Settings, questions: &Questions) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for snapshot in take(inputs, settings) {
        let parsed = snapshot.parse();
        let account = account(&parsed);
        let ids = questions.ids(Things::TrackingDomain);
        hosts.extend(ids.filter_map(|id| host_of(account.find(Things::TrackingDomain, id)?)));
    }
    hosts
}
