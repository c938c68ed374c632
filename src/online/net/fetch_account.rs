//! What is asked of the account: each id that a portal names, the lists that tell more than an id can, and for a snapshot
//! everything.

use crate::online::net::api;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::account::Kind;
use crate::online::key_mode::Mode;
use crate::online::net::Progress;
use crate::online::net::api::{Api, Operation, Thing};
use crate::online::net::deadline::in_parallel;
use crate::online::snapshot_text::{AccountData, Added, Object};
use crate::online::{Queries, Unanswered};

/// What came of it.
#[derive(Debug, Default)]
pub struct Pull {
    /// What the account told.
    pub pulled: AccountData,
    /// What it did not tell: of one id, or of all of a kind.
    pub untold: BTreeMap<(Kind, Option<String>), Unanswered>,
    /// Of the key.
    pub mode: Mode,
}

/// The kinds that can be asked for: how one is, and how all are.
const KINDS: [(Kind, Option<Operation>, Operation); 4] = [
    (Kind::TrackingDomain, Some(Operation::TrackingDomain), Operation::TrackingDomains),
    (Kind::Campaign, None, Operation::Campaigns),
    (Kind::Shop, Some(Operation::Shop), Operation::Shops),
    (Kind::Portal, Some(Operation::Portal), Operation::Portals),
];

enum Job {
    Thing(Kind, Operation, String),
    List(Kind, Operation),
}

enum FetchedList {
    Thing(Kind, String, Result<Thing, Unanswered>),
    List(Kind, Result<api::Listed, Unanswered>),
}

/// Asks in two turns: what is known from the portals, then what follows from the answers.
pub fn pull(api: &Api<'_>, questions: &Queries, progress: &Progress) -> Pull {
    let mut pull = Pull::default();
    pull.take(ask(api, first(questions), progress), api);
    let second = pull.second(questions);
    pull.take(ask(api, second, progress), api);
    pull.hear_the_lists();
    if questions.ask_the_account() {
        pull.mode = api.mode();
    }
    pull
}

/// That nothing can be asked, and why.
pub fn nothing(questions: &Queries, why: &Unanswered) -> Pull {
    let untold = |kind: Kind| ((kind, None), why.clone());
    let asked = questions.ask_the_account();
    let kinds = KINDS.iter().filter(|_| asked);
    Pull { untold: kinds.map(|(kind, ..)| untold(*kind)).collect(), ..Pull::default() }
}

fn first(questions: &Queries) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (kind, one, all) in KINDS {
        if let Some(one) = one {
            jobs.extend(questions.ids(kind).map(|id| Job::Thing(kind, one, id.clone())));
        }
        if is_listed(kind, one, questions) {
            jobs.push(Job::List(kind, all));
        }
    }
    jobs
}

/// Whether all of a kind are asked for at once: because that is wanted, or because there is no other way.
fn is_listed(kind: Kind, one: Option<Operation>, questions: &Queries) -> bool {
    let by_list = one.is_none() && questions.ids(kind).next().is_some();
    questions.everything || by_list || questions.lists.contains(&kind)
}

fn ask(api: &Api<'_>, jobs: Vec<Job>, progress: &Progress) -> Vec<FetchedList> {
    progress.expect(jobs.len());
    in_parallel(jobs, |job| {
        let told = match job {
            Job::Thing(kind, operation, id) => {
                let thing = api.thing(operation, &id);
                FetchedList::Thing(kind, id, thing)
            }
            Job::List(kind, operation) => FetchedList::List(kind, api.list(operation)),
        };
        progress.step();
        told
    })
}

impl Pull {
    fn take(&mut self, told: Vec<FetchedList>, api: &Api<'_>) {
        let is_secret = |text: &str| api.cover.finds(text);
        for told in told {
            match told {
                FetchedList::Thing(kind, id, thing) => self.take_thing(kind, id, thing, &is_secret),
                FetchedList::List(kind, Ok(listed)) => {
                    let mut untold = listed.more;
                    for item in listed.items {
                        untold = lost(self.pulled.add(kind, item, &is_secret)).or(untold);
                    }
                    self.pulled.list(kind).is_whole = untold.is_none();
                    self.untold.extend(untold.map(|untold| ((kind, None), untold)));
                }
                FetchedList::List(kind, Err(untold)) => {
                    self.untold.insert((kind, None), untold);
                }
            }
        }
    }

    fn take_thing(
        &mut self,
        kind: Kind,
        id: String,
        thing: Result<Thing, Unanswered>,
        is_secret: &dyn Fn(&str) -> bool,
    ) {
        let untold = match thing {
            // Should it not say: it is what was asked for.
            Ok(Thing::Is(mut object)) => {
                object.insert("id".into(), id.as_str().into());
                lost(self.pulled.add(kind, Value::Object(object), is_secret))
            }
            Ok(Thing::Absent) => {
                self.pulled.list(kind).absent.insert(id.clone());
                None
            }
            Err(untold) => Some(untold),
        };
        self.untold.extend(untold.map(|untold| ((kind, Some(id)), untold)));
    }

    /// What a whole list does not hold is told, whatever was said when it was asked for by its id.
    fn hear_the_lists(&mut self) {
        let lists = &self.pulled.0;
        let is_told = |kind: &Kind, id: &String| {
            lists.get(kind).is_some_and(|list| list.is_whole && !list.things.contains_key(id))
        };
        self.untold.retain(|(kind, id), _| !id.as_ref().is_some_and(|id| is_told(kind, id)));
    }

    /// The lists of what was not told or denied by its id, so that the one that was meant can be named; and the portals, and
    /// for a snapshot the domains, of which a list tells only names.
    fn second(&self, questions: &Queries) -> Vec<Job> {
        if self.pulled.0.is_empty() {
            return Vec::new();
        }
        let mut jobs = Vec::new();
        for (kind, one, all) in KINDS {
            let list = self.pulled.0.get(&kind);
            let is_known = |id: &String| list.is_some_and(|list| list.things.contains_key(id));
            if !is_listed(kind, one, questions) && !questions.ids(kind).all(is_known) {
                jobs.push(Job::List(kind, all));
            }
            let Some((one, list)) = one.zip(list) else { continue };
            let is_asked = |object: &Object| match kind {
                Kind::Portal => questions.everything || is_named(object, questions),
                Kind::TrackingDomain => questions.everything,
                _ => false,
            };
            let asked_before = |id: &&String| questions.ids(kind).any(|known| known == *id);
            let wanted = list.things.iter().filter(|(_, object)| is_asked(object)).map(|(id, _)| id);
            jobs.extend(wanted.filter(|id| !asked_before(id)).map(|id| Job::Thing(kind, one, id.clone())));
        }
        jobs
    }
}

/// What is not known because of what became of a thing.
fn lost(added: Added) -> Option<Unanswered> {
    match added {
        Added::Whole => None,
        Added::WithoutSecret => {
            Some(Unanswered::new("RevCent's API repeats a secret of the portals, which is left out"))
        }
        Added::Not => Some(Unanswered::new("RevCent's API listed something without a 20-character id")),
    }
}

fn is_named(object: &Object, questions: &Queries) -> bool {
    object.get("name").and_then(Value::as_str).is_some_and(|name| questions.names.contains(name))
}
