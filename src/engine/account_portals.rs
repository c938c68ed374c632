//! Collects the portals and objects of each account for the matrix: the portals as the files describe them, and those of the account
//! that no file describes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::file::FileId;
use crate::engine::file_result::{FileResults, PortalResult};
use crate::engine::orphans::{portals_of_account, shows_portals_without_files, undescribed_portals};
use crate::engine::sources::Sources;
use crate::model::account::{Account, AccountObject, ObjectKind};
use crate::model::portal::{Portal, PortalProfile};
use crate::model::secrets::Secrets;
use crate::rules::context::Environment;
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::environments::AccountScope;

/// The portals and objects of one account, with masked secrets.
#[derive(Clone, Debug)]
pub struct AccountPortals {
    /// The account.
    pub scope: AccountScope,
    /// The name of the snapshot in the settings or on the command line, if there is one.
    pub snapshot: Option<String>,
    /// Whether `--account` names the snapshot of another account.
    pub is_left_out: bool,
    /// The portals of the files in the order of the files, then those of the account.
    pub portals: Vec<ProfiledPortal>,
    /// The campaigns, shops and tracking domains of the account. `None` if the account's data does not have the list.
    pub objects: BTreeMap<ObjectKind, Option<NamedObjects>>,
}

/// A portal of a file or of the account.
#[derive(Clone, Debug)]
pub struct ProfiledPortal {
    /// The file, and the index of the document; `None` for a portal that no file describes.
    pub file: Option<(FileId, usize)>,
    /// What the portal is for.
    pub profile: PortalProfile,
}

/// The objects of one kind in an account.
#[derive(Clone, Debug)]
pub struct NamedObjects {
    /// The ID and the name of each object. The name of a tracking domain is its host name.
    pub objects: Vec<(String, Option<String>)>,
    /// Whether the account has no other objects of this kind.
    pub is_complete: bool,
}

/// Collects the portals of all accounts that a checked file belongs to, and of those whose files were all deleted.
pub(super) fn collect_account_portals(
    sources: &Sources,
    results: &FileResults,
    settings: &Settings,
    environments: &BTreeMap<AccountScope, Environment<'_>>,
) -> Vec<AccountPortals> {
    let mut checked_scopes = BTreeSet::new();
    for (id, result) in results {
        if result.in_scope {
            checked_scopes.insert(sources.scope(*id));
        }
    }
    let mut scopes = settings.account_scopes();
    scopes.retain(|scope| checked_scopes.contains(scope) || shows_portals_without_files(*scope, settings));
    let mut accounts = Vec::new();
    for scope in scopes {
        let account = environments.get(&scope).and_then(|environment| environment.account);
        let mut portals = portals_of_files(scope, sources, results, account);
        if let Some(list) = account.and_then(|account| account.list(ObjectKind::Portal)) {
            for object in undescribed_portals(scope, sources, results, settings, list) {
                portals.push(ProfiledPortal { file: None, profile: profile_of_object(object) });
            }
        }
        if portals.is_empty() && !checked_scopes.contains(&scope) {
            continue;
        }
        let mut objects = BTreeMap::new();
        for kind in [ObjectKind::Campaign, ObjectKind::Shop, ObjectKind::TrackingDomain] {
            objects.insert(kind, account.and_then(|account| named_objects(account, kind)));
        }
        let setting = settings.projects[scope.project].account(scope.environment);
        let snapshot = setting.file.as_ref().map(|file| file.name.clone());
        accounts.push(AccountPortals { scope, snapshot, is_left_out: setting.is_left_out, portals, objects });
    }
    accounts
}

fn profile_of_object(object: &AccountObject<'_>) -> PortalProfile {
    PortalProfile::from_portal(&Portal::new(PortalKind::Export, object.cursor))
}

/// The portals that files describe, each once. Of several files about one portal, a create file counts more than an edit, and an edit
/// more than an export.
fn portals_of_files(
    scope: AccountScope,
    sources: &Sources,
    results: &FileResults,
    account: Option<&Account<'_>>,
) -> Vec<ProfiledPortal> {
    let mut portals: Vec<ProfiledPortal> = Vec::new();
    let mut index_by_id: HashMap<String, usize> = HashMap::new();
    for PortalResult { facts, profile, .. } in portals_of_account(scope, sources, results) {
        let Some(profile) = profile else { continue };
        let profile = with_account_values(PortalProfile::clone(profile), account);
        let portal = ProfiledPortal { file: Some((facts.file, facts.document)), profile };
        let known_index = portal.profile.id.as_ref().and_then(|id| index_by_id.get(id)).copied();
        match known_index {
            // The kinds are ordered: a create describes the portal better than an edit, and an edit better than an export.
            Some(index) if portals[index].profile.kind <= portal.profile.kind => {}
            Some(index) => portals[index] = portal,
            None => {
                index_by_id.extend(portal.profile.id.clone().map(|id| (id, portals.len())));
                portals.push(portal);
            }
        }
    }
    remove_described_exports(&mut portals);
    portals
}

/// Combines the profile of a file with that of its portal in the account: RevCent keeps the values that a file does not change.
fn with_account_values(profile: PortalProfile, account: Option<&Account<'_>>) -> PortalProfile {
    let id = profile.id.as_ref();
    let Some(before) = id.and_then(|id| account?.find(ObjectKind::Portal, id)).map(profile_of_object) else {
        return profile;
    };
    match profile.kind {
        PortalKind::Create => profile.with_values_of_account(before),
        PortalKind::Edit => profile.applied_to(&before),
        PortalKind::Export => profile,
    }
}

/// Removes the exports that have the name of a create file. A file that is not bound has no ID, so only the name shows that both are
/// the same portal.
fn remove_described_exports(portals: &mut Vec<ProfiledPortal>) {
    let mut described_names = BTreeSet::new();
    for portal in &*portals {
        if portal.profile.kind == PortalKind::Create {
            described_names.extend(portal.profile.name.clone());
        }
    }
    portals.retain(|portal| {
        let name = portal.profile.name.as_ref();
        portal.profile.kind != PortalKind::Export || name.is_none_or(|name| !described_names.contains(name))
    });
}

fn named_objects(account: &Account<'_>, kind: ObjectKind) -> Option<NamedObjects> {
    let list = account.list(kind)?;
    let mut objects = Vec::new();
    for object in &list.objects {
        let Some(id) = object.id else { continue };
        let host = match kind {
            ObjectKind::TrackingDomain => object.cursor.field("domain_name").text(),
            _ => None,
        };
        objects.push((id.to_owned(), host.or(object.name).map(str::to_owned)));
    }
    Some(NamedObjects { objects, is_complete: list.is_complete })
}

impl AccountPortals {
    /// Masks the secrets in all texts that a matrix shows.
    pub(super) fn mask(&mut self, secrets: &Secrets) {
        for portal in &mut self.portals {
            portal.profile.mask(&|text| secrets.mask(text));
        }
        for list in self.objects.values_mut().flatten() {
            for (id, name) in &mut list.objects {
                *id = secrets.mask(std::mem::take(id));
                *name = name.take().map(|name| secrets.mask(name));
            }
        }
    }
}
