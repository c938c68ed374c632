//! What a run asks over the network before it checks.
//!
//! Nothing here asks: the questions are read off the portals. What the account answers becomes the snapshot of every project
//! of the run ([`crate::engine::account_snapshot`]), so the rules are the same with `--online` and with a snapshot file.

use std::collections::BTreeSet;

use crate::base::file::{Inclusion, InputFile};
use crate::base::load;
use crate::engine::account_snapshot::{account, take};
use crate::engine::lint_file::{is_a_portal, kind_of, template_in};
use crate::model::account::Kind as Things;
use crate::model::portal::{Known, Portal, text_names_a_portal};
use crate::model::secrets::Secrets;
use crate::online::Queries;
use crate::rules::RULES;
use crate::rules::account::sender_domain;
use crate::rules::facts::PortalFacts;
use crate::rules::shared::domain_status::{host_in, host_of};
use crate::rules::shared::placeholder_values::{placeholder_reason, plausible_id};
use crate::schema::Kind;
use crate::settings::Settings;
use crate::syntax;
use crate::syntax::SyntaxError;
use crate::syntax::cursor::Cursor;

/// What the portals of the run ask, as far as a rule that was selected wants to know. `captcha`: secret keys, too.
pub(crate) fn questions(inputs: &[InputFile], settings: &Settings, captcha: bool) -> Queries {
    let wanted = Wanted::by(settings, captcha);
    let mut questions = Queries { wants_hosts: wanted.one_of(HOSTS), ..Queries::default() };
    let mut spare = Vec::new();
    for input in inputs.iter().filter(|input| !matches!(input.reason, Inclusion::ContextOnly { .. })) {
        let limits = &settings.project(input).limits;
        let Ok(source) = load::load(input, limits.file_bytes, std::mem::take(&mut spare)) else { continue };
        if !input.reason.is_by_content() || text_names_a_portal(source.text(), true) {
            let parsed = syntax::parse(&source, limits);
            questions.hidden.extend(Secrets::find(&source, &parsed).values().iter().cloned());
            let is_beyond_limits = parsed.errors.iter().any(SyntaxError::is_limit);
            let is_judged = !is_beyond_limits
                && (!input.reason.is_by_content() || is_a_portal(&source, &parsed))
                && template_in(input, &source, &parsed).is_none();
            for document in parsed.documents.iter().filter(|_| is_judged) {
                if let Some(Ok(kind)) = kind_of(document, parsed.documents.len(), input.reason, settings) {
                    wanted.ask(&Portal::new(kind, Cursor::root(document), None, &mut Known::default()), &mut questions);
                }
            }
        }
        spare = source.into_bytes();
    }
    questions
}

/// The rules that were selected.
struct Wanted(BTreeSet<u16>);

impl Wanted {
    fn by(settings: &Settings, captcha: bool) -> Self {
        let taken = RULES.iter().filter(|rule| settings.selection.takes(rule)).map(|rule| rule.code.0);
        Self(taken.filter(|code| captcha || *code != 305).collect())
    }

    /// Whether one of these rules wants to know.
    fn one_of(&self, codes: &[u16]) -> bool {
        codes.iter().any(|code| self.0.contains(code))
    }

    fn ask(&self, portal: &Portal<'_>, questions: &mut Queries) {
        self.ask_the_account(portal, questions);
        if self.one_of(HOSTS) {
            questions.hosts.extend(host_in(portal));
        }
        if self.one_of(&[307]) {
            let senders = portal.emails().iter().filter_map(|email| sender_domain::domain(&email.from).ok());
            questions.senders.extend(senders);
        }
        if self.one_of(&[305]) {
            let secret = portal.recaptcha.secret_key.literal_text().filter(|secret| is_a_key(secret));
            questions.secrets.extend(secret.map(str::to_owned));
        }
    }

    fn ask_the_account(&self, portal: &Portal<'_>, questions: &mut Queries) {
        let mut ask = |codes: &[u16], kind: Things, slot: Cursor<'_>| {
            let id = plausible_id(&slot).filter(|_| self.one_of(codes));
            questions.ids.entry(kind).or_default().extend(id.map(str::to_owned));
        };
        let [campaigns, shops] = portal.filters();
        ask(&[3, 4, 301, 306], Things::TrackingDomain, portal.tracking_domain());
        ask(&[303], Things::Campaign, portal.registration_campaign());
        portal.filter_ids(&campaigns).for_each(|id| ask(&[303], Things::Campaign, id));
        portal.filter_ids(&shops).for_each(|id| ask(&[304], Things::Shop, id));
        match portal.kind {
            Kind::Create => {}
            Kind::Edit => ask(PORTALS, Things::Portal, portal.at("customer_portal_id")),
            Kind::Export => ask(PORTALS, Things::Portal, portal.at("id")),
        }
        let name = portal.name.literal_text().filter(|name| self.one_of(PORTALS) && !name.trim().is_empty());
        if let Some(name) = name {
            questions.names.insert(name.to_owned());
            questions.lists.insert(Things::Portal);
        }
        if self.one_of(&[19]) && portal.kind != Kind::Edit && PortalFacts::of(portal, 0, 0, false).unfiltered.is_some()
        {
            questions.lists.extend([Things::Campaign, Things::Shop, Things::Portal]);
        }
    }
}

/// The rules that look at hosts, and those that look at other portals.
const HOSTS: &[u16] = &[3, 4, 306];
const PORTALS: &[u16] = &[1, 309];

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
        let ids = questions.ids(Things::TrackingDomain);
        hosts.extend(ids.filter_map(|id| host_of(account.find(Things::TrackingDomain, id)?)));
    }
    hosts
}
