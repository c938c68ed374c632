//! Finds the portals of the account that no file describes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use crate::base::file::{FileId, Inclusion};
use crate::base::steps::count_steps;
use crate::engine::file_result::{FileResults, PortalResult};
use crate::engine::sources::Sources;
use crate::model::account::{AccountObject, ObjectKind, ObjectList};
use crate::model::portal::{Brand, ID_LENGTH, Portal};
use crate::rules::context::{Environment, PortalFacts};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::environments::AccountScope;

/// A portal of the account that no file describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// The account.
    pub scope: AccountScope,
    /// The ID, with masked secrets.
    pub id: Option<String>,
    /// The name, with masked secrets.
    pub name: Option<String>,
    /// The file, and the index of the document, that probably describes the portal under another name.
    pub likely_file: Option<(FileId, usize)>,
}

/// Returns the portals of each account of the run that are described by no file: no file is bound to them, edits them,
/// exports them or has their name.
pub(super) fn find_orphans(
    sources: &Sources,
    results: &FileResults,
    settings: &Settings,
    environments: &BTreeMap<AccountScope, Environment<'_>>,
) -> Vec<Orphan> {
    let mut orphans = Vec::new();
    for scope in scopes_with_known_files(sources, results, settings) {
        let account = environments.get(&scope).and_then(|environment| environment.account);
        let Some(list) = account.and_then(|account| account.list(ObjectKind::Portal)) else { continue };
        let others = undescribed_portals(scope, sources, results, settings, list);
        for (portal, likely_file) in find_likely_files(&others, &unbound_portals(scope, sources, results, list)) {
            let (id, name) = (portal.id.map(str::to_owned), portal.name.map(str::to_owned));
            orphans.push(Orphan { scope, id, name, likely_file });
        }
    }
    orphans
}

/// The portals in `list`, the list of an account, that no file of the run describes.
pub(super) fn undescribed_portals<'a, 'd>(
    scope: AccountScope,
    sources: &Sources,
    results: &FileResults,
    settings: &Settings,
    list: &'a ObjectList<'d>,
) -> Vec<&'a AccountObject<'d>> {
    let described = DescribedPortals::collect(scope, sources, results, settings);
    list.objects.iter().filter(|portal| !described.contains(portal.id, portal.name)).collect()
}

/// The portals of the files that belong to an account.
pub(super) fn portals_of_account<'r>(
    scope: AccountScope,
    sources: &Sources,
    results: &'r FileResults,
) -> impl Iterator<Item = &'r PortalResult> {
    results.iter().filter(move |(id, _)| sources.scope(**id) == scope).flat_map(|(_, result)| &result.portals)
}

/// The portals of files that the account does not have under their names.
fn unbound_portals<'r>(
    scope: AccountScope,
    sources: &Sources,
    results: &'r FileResults,
    list: &ObjectList<'_>,
) -> Vec<&'r PortalFacts> {
    let account_names: HashSet<&str> = list.objects.iter().filter_map(|object| object.name).collect();
    let mut unbound = Vec::new();
    for PortalResult { facts, .. } in portals_of_account(scope, sources, results) {
        if facts.kind == PortalKind::Create
            && facts.bound_id.is_none()
            && let Some((name, _)) = &facts.name
            && !account_names.contains(&**name)
        {
            unbound.push(facts);
        }
    }
    unbound
}

/// Whether a plan or matrix shows the portals of an account even if all their files were deleted: the settings name its snapshot, and
/// folders of its files were walked. Data that was fetched is that of the account that has files.
pub(super) fn shows_portals_without_files(scope: AccountScope, settings: &Settings) -> bool {
    let project = &settings.projects[scope.project];
    (settings.with_plan || settings.with_profiles)
        && settings.answers.account.is_none()
        && project.account(scope.environment).file.as_ref().is_some_and(|file| file.path().is_some_and(Path::exists))
        && project.is_walked(scope.environment)
}

/// What a portal of the account and the file that describes it have in common, although their names differ.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    /// The name without regard to case and spaces.
    Name(String),
    /// The tracking domain and the IDs in the filters.
    Customers([u8; ID_LENGTH], BTreeSet<Vec<u8>>),
    /// The tracking domain and what customers recognize the brand by.
    Brand([u8; ID_LENGTH], Brand),
}

impl Identity {
    /// All identities of a portal, the most reliable first.
    fn all(portal: &PortalFacts) -> Vec<Self> {
        let mut identities = Vec::new();
        if let Some((name, _)) = &portal.name {
            let words: Vec<&str> = name.split_whitespace().collect();
            identities.push(Self::Name(words.concat().to_lowercase()));
        }
        let Some(domain) = portal.tracking_domain else { return identities };
        if !portal.filters.is_empty() {
            let ids = portal.filters.iter().map(|filter| filter.id.bytes().to_vec()).collect();
            identities.push(Self::Customers(domain, ids));
        }
        if let Some((brand, _)) = &portal.brand {
            identities.push(Self::Brand(domain, brand.clone()));
        }
        identities
    }
}

/// Returns each portal of the account with the file and document that probably describe it: the two have an identity in common that no
/// other portal of the account and no other file has.
fn find_likely_files<'o, 'd>(
    orphans: &[&'o AccountObject<'d>],
    unbound: &[&PortalFacts],
) -> Vec<(&'o AccountObject<'d>, Option<(FileId, usize)>)> {
    let mut candidates: HashMap<Identity, Vec<&PortalFacts>> = HashMap::new();
    for portal in unbound {
        for identity in Identity::all(portal) {
            count_steps(1);
            candidates.entry(identity).or_default().push(portal);
        }
    }
    let mut identified_orphans = Vec::with_capacity(orphans.len());
    for &orphan in orphans {
        let portal = Portal::new(PortalKind::Export, orphan.cursor);
        let facts = PortalFacts::from_portal(&portal, FileId::default(), 0, false);
        identified_orphans.push((orphan, Identity::all(&facts)));
    }
    let mut counts: HashMap<&Identity, usize> = HashMap::new();
    for identity in identified_orphans.iter().flat_map(|(_, identities)| identities) {
        *counts.entry(identity).or_default() += 1;
    }
    let mut matched_files = HashSet::new();
    let mut likely_files = Vec::with_capacity(orphans.len());
    for (orphan, identities) in &identified_orphans {
        count_steps(identities.len());
        let mut likely_file = None;
        for identity in identities {
            if counts[identity] == 1
                && let Some([only]) = candidates.get(identity).map(Vec::as_slice)
                && matched_files.insert((only.file, only.document))
            {
                likely_file = Some((only.file, only.document));
                break;
            }
        }
        likely_files.push((*orphan, likely_file));
    }
    likely_files
}

/// The accounts for which the run knows all files. Without settings, the run has only the files on the command line, so at least one
/// folder has to be among them.
fn scopes_with_known_files(sources: &Sources, results: &FileResults, settings: &Settings) -> BTreeSet<AccountScope> {
    let mut scopes = settings.account_scopes();
    scopes.retain(|scope| shows_portals_without_files(*scope, settings));
    let mut scopes = BTreeSet::from_iter(scopes);
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
        for portal in portals_of_account(scope, sources, results) {
            described.add(&portal.facts);
        }
        // A bound file that is not part of the run, such as one that the settings exclude, still describes its portal.
        let project = &settings.projects[scope.project];
        for binding in &project.bindings {
            if let (Some(root), Some(path)) = (&project.root, &binding.path)
                && project.environment_of(path) == scope.environment
                && root.join(path).exists()
            {
                described.ids.insert(binding.id.as_bytes());
            }
        }
        described
    }

    fn add(&mut self, portal: &'r PortalFacts) {
        if portal.bound_id.is_none()
            && portal.kind == PortalKind::Create
            && let Some((name, _)) = &portal.name
        {
            // A rule reports for the file that it has to be bound to the portal or renamed.
            self.names.insert(name);
        }
        self.ids.extend(portal.own_ids());
    }

    fn contains(&self, id: Option<&str>, name: Option<&str>) -> bool {
        id.is_some_and(|id| self.ids.contains(id.as_bytes())) || name.is_some_and(|name| self.names.contains(name))
    }
}
