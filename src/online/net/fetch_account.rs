//! Fetches the account's data that the queries need: the objects whose IDs the portals contain, whole lists, and everything for a
//! snapshot.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::account::ObjectKind;
use crate::online::key_mode::Mode;
use crate::online::net::QueryProgress;
use crate::online::net::api::{Api, ApiOperation, FetchedList, ObjectLookup};
use crate::online::net::deadline::run_in_parallel;
use crate::online::net::secret_finder::SecretFinder;
use crate::online::snapshot_text::{AccountData, Added, Object, SnapshotList, collect_secrets};
use crate::online::{Queries, Unanswered};

/// The fetched data, and what could not be fetched.
#[derive(Debug, Default)]
pub(crate) struct FetchedAccount {
    /// The data to write into the snapshot.
    pub data: AccountData,
    /// Queries without an answer: for one ID, or for a whole kind.
    pub unanswered: BTreeMap<(ObjectKind, Option<String>), Unanswered>,
    /// The mode of the API key.
    pub mode: Mode,
    /// The secrets of the objects in the responses.
    pub returned_secrets: BTreeSet<String>,
}

/// A kind that the API returns, with its operations.
struct FetchableKind {
    kind: ObjectKind,
    /// The operation for one object, if there is one.
    object_operation: Option<ApiOperation>,
    list_operation: ApiOperation,
}

const KINDS: [FetchableKind; 4] = [
    FetchableKind::new(ObjectKind::TrackingDomain, Some(ApiOperation::TrackingDomain), ApiOperation::TrackingDomains),
    FetchableKind::new(ObjectKind::Campaign, None, ApiOperation::Campaigns),
    FetchableKind::new(ObjectKind::Shop, Some(ApiOperation::Shop), ApiOperation::Shops),
    FetchableKind::new(ObjectKind::Portal, Some(ApiOperation::Portal), ApiOperation::Portals),
];

impl FetchableKind {
    const fn new(kind: ObjectKind, object_operation: Option<ApiOperation>, list_operation: ApiOperation) -> Self {
        Self { kind, object_operation, list_operation }
    }

    /// Whether the list of the kind is fetched: because a query needs it, or because there is no operation for single objects.
    fn needs_list(&self, queries: &Queries) -> bool {
        let has_ids = queries.ids(self.kind).next().is_some();
        queries.everything || queries.lists.contains(&self.kind) || (self.object_operation.is_none() && has_ids)
    }
}

/// One request, or the requests for all pages of a list.
enum FetchJob {
    Object(ObjectKind, ApiOperation, String),
    List(ObjectKind, ApiOperation),
}

enum FetchResult {
    Object(ObjectKind, String, Result<ObjectLookup, Unanswered>),
    List(ObjectKind, Result<FetchedList, Unanswered>),
}

/// Fetches the data in two rounds: first the objects and lists of the queries, then those that the responses make necessary.
pub(super) fn fetch_account(api: &Api<'_>, queries: &Queries, progress: &QueryProgress) -> FetchedAccount {
    let mut account = FetchedAccount::default();
    account.add_results(run_jobs(api, plan_first_jobs(queries), progress), api);
    let follow_ups = account.plan_follow_up_jobs(queries);
    account.add_results(run_jobs(api, follow_ups, progress), api);
    account.remove_returned_secrets();
    account.resolve_by_lists();
    if queries.needs_account() {
        account.mode = api.key_mode();
    }
    account
}

/// The result if the account cannot be queried, with the reason for each kind.
pub(super) fn nothing_fetched(queries: &Queries, reason: &Unanswered) -> FetchedAccount {
    let mut account = FetchedAccount::default();
    if queries.needs_account() {
        for fetchable in &KINDS {
            account.unanswered.insert((fetchable.kind, None), reason.clone());
        }
    }
    account
}

fn plan_first_jobs(queries: &Queries) -> Vec<FetchJob> {
    let mut jobs = Vec::new();
    for fetchable in &KINDS {
        if let Some(operation) = fetchable.object_operation {
            for id in queries.ids(fetchable.kind) {
                jobs.push(FetchJob::Object(fetchable.kind, operation, id.clone()));
            }
        }
        if fetchable.needs_list(queries) {
            jobs.push(FetchJob::List(fetchable.kind, fetchable.list_operation));
        }
    }
    jobs
}

fn run_jobs(api: &Api<'_>, jobs: Vec<FetchJob>, progress: &QueryProgress) -> Vec<FetchResult> {
    progress.add_expected(jobs.len());
    run_in_parallel(jobs, |job| {
        let result = match job {
            FetchJob::Object(kind, operation, id) => {
                let object = api.fetch_object(operation, &id);
                FetchResult::Object(kind, id, object)
            }
            FetchJob::List(kind, operation) => FetchResult::List(kind, api.fetch_list(operation)),
        };
        progress.add_finished();
        result
    })
}

impl FetchedAccount {
    fn add_results(&mut self, results: Vec<FetchResult>, api: &Api<'_>) {
        let is_secret = |text: &str| api.secrets.finds_secret(text);
        for result in results {
            match result {
                FetchResult::Object(kind, id, object) => self.add_object(kind, id, object, &is_secret),
                FetchResult::List(kind, Ok(listed)) => self.add_list(kind, listed, &is_secret),
                FetchResult::List(kind, Err(unanswered)) => {
                    self.unanswered.insert((kind, None), unanswered);
                }
            }
        }
    }

    fn add_list(&mut self, kind: ObjectKind, listed: FetchedList, is_secret: &dyn Fn(&str) -> bool) {
        let mut unanswered = listed.incomplete;
        for item in listed.items {
            collect_secrets(&item, false, &mut self.returned_secrets);
            let missing_part = describe_missing_part(self.data.add_object(kind, item, is_secret));
            unanswered = missing_part.or(unanswered);
        }
        self.data.list(kind).is_complete = unanswered.is_none();
        if let Some(unanswered) = unanswered {
            self.unanswered.insert((kind, None), unanswered);
        }
    }

    fn add_object(
        &mut self,
        kind: ObjectKind,
        id: String,
        object: Result<ObjectLookup, Unanswered>,
        is_secret: &dyn Fn(&str) -> bool,
    ) {
        let unanswered = match object {
            // A response without an ID contains the requested object.
            Ok(ObjectLookup::Found(mut object)) => {
                object.insert("id".into(), id.as_str().into());
                let object = Value::Object(object);
                collect_secrets(&object, false, &mut self.returned_secrets);
                describe_missing_part(self.data.add_object(kind, object, is_secret))
            }
            Ok(ObjectLookup::Absent) => {
                self.data.list(kind).absent.insert(id.clone());
                None
            }
            Err(unanswered) => Some(unanswered),
        };
        if let Some(unanswered) = unanswered {
            self.unanswered.insert((kind, Some(id)), unanswered);
        }
    }

    /// Removes the fields that repeat a secret of an object, which is known only after the last response.
    fn remove_returned_secrets(&mut self) {
        if self.returned_secrets.is_empty() {
            return;
        }
        let secrets = SecretFinder::new(self.returned_secrets.iter().map(String::as_str));
        for kind in self.data.remove_secrets(&|text| secrets.finds_secret(text)) {
            self.unanswered.extend(describe_missing_part(Added::WithoutSecret).map(|reason| ((kind, None), reason)));
        }
    }

    /// A complete list shows whether an ID exists, even if the request for that ID failed.
    fn resolve_by_lists(&mut self) {
        let lists = &self.data.0;
        self.unanswered.retain(|(kind, id), _| match (id, lists.get(kind)) {
            (Some(id), Some(list)) => !list.is_complete || list.objects.contains_key(id),
            _ => true,
        });
    }

    /// The requests of the second round. They fetch the list of a kind if an ID was not found, so that a finding can suggest another
    /// ID. They also fetch the portals with queried names and, for a snapshot, all portals and tracking domains, because lists
    /// contain only a few of their fields.
    fn plan_follow_up_jobs(&self, queries: &Queries) -> Vec<FetchJob> {
        // Without any answer, further requests would fail for the same reason.
        if self.data.0.is_empty() {
            return Vec::new();
        }
        let mut jobs = Vec::new();
        for fetchable in &KINDS {
            let kind = fetchable.kind;
            let list = self.data.0.get(&kind);
            let has_object = |id: &String| list.is_some_and(|list| list.objects.contains_key(id));
            if !fetchable.needs_list(queries) && !queries.ids(kind).all(has_object) {
                jobs.push(FetchJob::List(kind, fetchable.list_operation));
            }
            let (Some(operation), Some(list)) = (fetchable.object_operation, list) else { continue };
            for id in ids_to_fetch_in_full(kind, list, queries) {
                jobs.push(FetchJob::Object(kind, operation, id.clone()));
            }
        }
        jobs
    }
}

/// The objects of a list whose other fields are needed as well, except those that were fetched in the first round.
fn ids_to_fetch_in_full<'l>(kind: ObjectKind, list: &'l SnapshotList, queries: &Queries) -> Vec<&'l String> {
    let mut ids = Vec::new();
    for (id, object) in &list.objects {
        let is_needed = match kind {
            ObjectKind::Portal => queries.everything || has_queried_name(object, queries),
            ObjectKind::TrackingDomain => queries.everything,
            _ => false,
        };
        if is_needed && !queries.ids(kind).any(|fetched| fetched == id) {
            ids.push(id);
        }
    }
    ids
}

/// The reason why a kind counts as incomplete after an object was added.
fn describe_missing_part(added: Added) -> Option<Unanswered> {
    match added {
        Added::Complete => None,
        Added::WithoutSecret => Some(Unanswered::new(
            "a field of the response was omitted, because it contains a secret of a portal or a part of the API key",
        )),
        Added::WithoutField(field) => Some(Unanswered(format!(
            "the field `{field}` of the response was omitted, because its value is not of the documented type"
        ))),
        Added::Rejected => Some(Unanswered::new("RevCent's API listed an item without a 20-character ID")),
    }
}

fn has_queried_name(object: &Object, queries: &Queries) -> bool {
    object.get("name").and_then(Value::as_str).is_some_and(|name| queries.names.contains(name))
}
