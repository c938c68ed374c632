//! Fetches what the queries need from the account: each id that a portal names, the lists that show more than single ids can,
//! and everything for a snapshot.

use crate::online::net::api;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::account::Kind;
use crate::online::key_mode::Mode;
use crate::online::net::Progress;
use crate::online::net::api::{Api, ObjectLookup, Operation};
use crate::online::net::deadline::in_parallel;
use crate::online::snapshot_text::{AccountData, Added, Object};
use crate::online::{Queries, Unanswered};

/// The fetched data, and what could not be fetched.
#[derive(Debug, Default)]
pub(crate) struct Pull {
    /// The data to write into the snapshot.
    pub pulled: AccountData,
    /// Queries without an answer: for one id, or for a whole kind.
    pub unanswered: BTreeMap<(Kind, Option<String>), Unanswered>,
    /// The mode of the API key.
    pub mode: Mode,
}

/// The kinds that the API returns, with the operations for one object and for the list.
const KINDS: [(Kind, Option<Operation>, Operation); 4] = [
    (Kind::TrackingDomain, Some(Operation::TrackingDomain), Operation::TrackingDomains),
    (Kind::Campaign, None, Operation::Campaigns),
    (Kind::Shop, Some(Operation::Shop), Operation::Shops),
    (Kind::Portal, Some(Operation::Portal), Operation::Portals),
];

enum Job {
    Object(Kind, Operation, String),
    List(Kind, Operation),
}

enum Fetched {
    Object(Kind, String, Result<ObjectLookup, Unanswered>),
    List(Kind, Result<api::Listed, Unanswered>),
}

/// Fetches in two rounds: first what the portals name, then what follows from the responses.
pub(super) fn pull(api: &Api<'_>, queries: &Queries, progress: &Progress) -> Pull {
    let mut pull = Pull::default();
    pull.add_all(run_jobs(api, first_jobs(queries), progress), api);
    let follow_ups = pull.follow_up_jobs(queries);
    pull.add_all(run_jobs(api, follow_ups, progress), api);
    pull.resolve_by_lists();
    if queries.ask_the_account() {
        pull.mode = api.mode();
    }
    pull
}

/// The result if the account cannot be queried, with the reason for each kind.
pub(super) fn nothing_fetched(queries: &Queries, why: &Unanswered) -> Pull {
    let unanswered = |kind: Kind| ((kind, None), why.clone());
    let asked = queries.ask_the_account();
    let kinds = KINDS.iter().filter(|_| asked);
    Pull { unanswered: kinds.map(|(kind, ..)| unanswered(*kind)).collect(), ..Pull::default() }
}

fn first_jobs(queries: &Queries) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (kind, one, all) in KINDS {
        if let Some(one) = one {
            jobs.extend(queries.ids(kind).map(|id| Job::Object(kind, one, id.clone())));
        }
        if fetches_list(kind, one, queries) {
            jobs.push(Job::List(kind, all));
        }
    }
    jobs
}

/// Whether the list of a kind is fetched: because a query needs it, or because there is no operation for single objects.
fn fetches_list(kind: Kind, one: Option<Operation>, queries: &Queries) -> bool {
    let by_list = one.is_none() && queries.ids(kind).next().is_some();
    queries.everything || by_list || queries.lists.contains(&kind)
}

fn run_jobs(api: &Api<'_>, jobs: Vec<Job>, progress: &Progress) -> Vec<Fetched> {
    progress.expect(jobs.len());
    in_parallel(jobs, |job| {
        let fetched = match job {
            Job::Object(kind, operation, id) => {
                let object = api.fetch_object(operation, &id);
                Fetched::Object(kind, id, object)
            }
            Job::List(kind, operation) => Fetched::List(kind, api.fetch_list(operation)),
        };
        progress.step();
        fetched
    })
}

impl Pull {
    fn add_all(&mut self, fetched: Vec<Fetched>, api: &Api<'_>) {
        let is_secret = |text: &str| api.redactor.matches(text);
        for fetched in fetched {
            match fetched {
                Fetched::Object(kind, id, object) => self.add_object(kind, id, object, &is_secret),
                Fetched::List(kind, Ok(listed)) => {
                    let mut unanswered = listed.more;
                    for item in listed.items {
                        unanswered = missing_part(self.pulled.add(kind, item, &is_secret)).or(unanswered);
                    }
                    self.pulled.list(kind).is_complete = unanswered.is_none();
                    self.unanswered.extend(unanswered.map(|unanswered| ((kind, None), unanswered)));
                }
                Fetched::List(kind, Err(unanswered)) => {
                    self.unanswered.insert((kind, None), unanswered);
                }
            }
        }
    }

    fn add_object(
        &mut self,
        kind: Kind,
        id: String,
        object: Result<ObjectLookup, Unanswered>,
        is_secret: &dyn Fn(&str) -> bool,
    ) {
        let unanswered = match object {
            // A response may lack the id; the object is the one that was requested.
            Ok(ObjectLookup::Found(mut object)) => {
                object.insert("id".into(), id.as_str().into());
                missing_part(self.pulled.add(kind, Value::Object(object), is_secret))
            }
            Ok(ObjectLookup::Absent) => {
                self.pulled.list(kind).absent.insert(id.clone());
                None
            }
            Err(unanswered) => Some(unanswered),
        };
        self.unanswered.extend(unanswered.map(|unanswered| ((kind, Some(id)), unanswered)));
    }

    /// A complete list shows whether an id exists, even if the request for that id failed.
    fn resolve_by_lists(&mut self) {
        let lists = &self.pulled.0;
        let is_answered = |kind: &Kind, id: &String| {
            lists.get(kind).is_some_and(|list| list.is_complete && !list.objects.contains_key(id))
        };
        self.unanswered.retain(|(kind, id), _| !id.as_ref().is_some_and(|id| is_answered(kind, id)));
    }

    /// The requests of the second round. They fetch the list of a kind if an id was not found, so that a finding can suggest
    /// the id that was meant. They also fetch the portals that a query names and, for a snapshot, all portals and domains,
    /// because lists contain only a few of their fields.
    fn follow_up_jobs(&self, queries: &Queries) -> Vec<Job> {
        if self.pulled.0.is_empty() {
            return Vec::new();
        }
        let mut jobs = Vec::new();
        for (kind, one, all) in KINDS {
            let list = self.pulled.0.get(&kind);
            let is_known = |id: &String| list.is_some_and(|list| list.objects.contains_key(id));
            if !fetches_list(kind, one, queries) && !queries.ids(kind).all(is_known) {
                jobs.push(Job::List(kind, all));
            }
            let Some((one, list)) = one.zip(list) else { continue };
            let is_asked = |object: &Object| match kind {
                Kind::Portal => queries.everything || has_queried_name(object, queries),
                Kind::TrackingDomain => queries.everything,
                _ => false,
            };
            let asked_before = |id: &&String| queries.ids(kind).any(|known| known == *id);
            let wanted = list.objects.iter().filter(|(_, object)| is_asked(object)).map(|(id, _)| id);
            jobs.extend(wanted.filter(|id| !asked_before(id)).map(|id| Job::Object(kind, one, id.clone())));
        }
        jobs
    }
}

/// The reason why a kind counts as incomplete after an object was added.
fn missing_part(added: Added) -> Option<Unanswered> {
    match added {
        Added::Complete => None,
        Added::WithoutSecret => {
            Some(Unanswered::new("RevCent's API repeats a secret of the portals, which is left out"))
        }
        Added::Rejected => Some(Unanswered::new("RevCent's API listed something without a 20-character id")),
    }
}

fn has_queried_name(object: &Object, queries: &Queries) -> bool {
    object.get("name").and_then(Value::as_str).is_some_and(|name| queries.names.contains(name))
}
