//! Finds the portals of the account that no file describes.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::file::Inclusion;
use crate::engine::file_result::FileResults;
use crate::engine::report::Orphan;
use crate::engine::sources::Sources;
use crate::model::account::ObjectKind;
use crate::rules::context::{Environment, PortalFacts};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::environments::AccountScope;

/// Returns the portals of each account of the checked files that are described by no file: no file is bound to them, edits them,
/// exports them or has their name. Must run before the portals are taken out of `results`.
pub(super) fn find_orphans(
    sources: &Sources,
    results: &FileResults,
    settings: &Settings,
    environments: &BTreeMap<AccountScope, Environment<'_>>,
) -> Vec<Orphan> {
    let mut orphans = Vec::new();
    for scope in checked_scopes(sources, results) {
        let account = environments.get(&scope).and_then(|environment| environment.account);
        let Some(list) = account.and_then(|account| account.list(ObjectKind::Portal)) else { continue };
        let described = DescribedPortals::collect(scope, sources, results, settings);
        for portal in &list.objects {
            if !described.contains(portal.id, portal.name) {
                let (id, name) = (portal.id.map(str::to_owned), portal.name.map(str::to_owned));
                orphans.push(Orphan { scope, id, name });
            }
        }
    }
    orphans
}

/// The accounts whose files were all read. Without settings, these are only the files on the command line, so a folder has to be
/// among them.
fn checked_scopes(sources: &Sources, results: &FileResults) -> BTreeSet<AccountScope> {
    let mut scopes = BTreeSet::new();
    for (id, result) in results {
        let scope = sources.scope(*id);
        let was_walked = matches!(sources.file(*id).inclusion, Inclusion::ByName | Inclusion::Candidate);
        if result.in_scope && (scope.project > 0 || was_walked) {
            scopes.insert(scope);
        }
    }
    scopes
}

/// The portals of one account that files describe.
#[derive(Default)]
struct DescribedPortals<'r> {
    ids: BTreeSet<&'r [u8]>,
    names: BTreeSet<&'r str>,
}

impl<'r> DescribedPortals<'r> {
    fn collect(scope: AccountScope, sources: &Sources, results: &'r FileResults, settings: &'r Settings) -> Self {
        let mut described = Self::default();
        for (id, result) in results {
            if sources.scope(*id) == scope {
                result.portals.iter().for_each(|portal| described.add(portal));
            }
        }
        // A bound file that is not a part of the run, such as one that the settings exclude, still describes its portal.
        let project = &settings.projects[scope.project];
        for binding in &project.bindings {
            let Some(path) = binding.path.as_deref().filter(|path| project.environment_of(path) == scope.environment)
            else {
                continue;
            };
            if project.root.as_ref().is_some_and(|root| root.join(path).exists()) {
                described.ids.insert(binding.id.as_bytes());
            }
        }
        described
    }

    fn add(&mut self, portal: &'r PortalFacts) {
        if let Some(id) = &portal.bound_id {
            self.ids.insert(id.as_bytes());
        } else if let (PortalKind::Create, Some((name, _))) = (portal.kind, &portal.name) {
            // The file has to be bound to the portal, or to be renamed: that is reported for the file.
            self.names.insert(name);
        }
        let own_id = portal.ids.iter().find(|id| matches!(id.field, "customer_portal_id" | "id"));
        self.ids.extend(own_id.map(|id| &id.id[..]));
    }

    fn contains(&self, id: Option<&str>, name: Option<&str>) -> bool {
        id.is_some_and(|id| self.ids.contains(id.as_bytes())) || name.is_some_and(|name| self.names.contains(name))
    }
}
