//! The `[[portal]]` entries of the settings: finds those that cannot be used, and writes new ones.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use crate::base::file::join_relative;
use crate::engine::decision::toml_string;
use crate::engine::file_result::{FileResults, PortalResult};
use crate::engine::project_paths::ProjectPaths;
use crate::engine::sources::Sources;
use crate::model::account::{Lookup, ObjectKind};
use crate::model::portal::is_id;
use crate::rules::config_contexts::{BindingDefect, BrokenBinding};
use crate::rules::context::Environment;
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::bindings::Binding;
use crate::settings::environments::AccountScope;
use crate::settings::project::Project;

/// Returns the entries that cannot be used, by the index of their project.
pub(super) fn find_broken_bindings(
    sources: &Sources,
    results: &FileResults,
    settings: &Settings,
    environments: &BTreeMap<AccountScope, Environment<'_>>,
) -> BTreeMap<usize, Vec<BrokenBinding>> {
    let mut broken = BTreeMap::new();
    for (index, project) in settings.projects.iter().enumerate() {
        if project.bindings.is_empty() {
            continue;
        }
        let checker = BindingChecker::new(index, project, sources, results, environments);
        let found = checker.check_all();
        if !found.is_empty() {
            broken.insert(index, found);
        }
    }
    broken
}

/// The text of an entry that binds a file to the portal with this ID. `relative_folder` is the file's folder, relative to the project
/// root. `None` if the name of the file is not UTF-8.
pub(crate) fn binding_entry(path: &Path, relative_folder: &str, document: Option<u32>, id: &str) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let file = join_relative(relative_folder, name);
    let document = document.map(|number| format!("document = {number}\n")).unwrap_or_default();
    Some(format!("[[portal]]\nfile = {}\n{document}id = {}\n", toml_string(&file), toml_string(id)))
}

/// Checks the entries of one project. Paths are relative to the project's folder.
struct BindingChecker<'c> {
    project_index: usize,
    project: &'c Project,
    environments: &'c BTreeMap<AccountScope, Environment<'c>>,
    /// The files of the run.
    paths: HashSet<String>,
    /// The files of the run that were ignored, because they are not portals.
    non_portals: HashSet<String>,
    /// The portals of each file that contains some.
    portals: HashMap<String, &'c [PortalResult]>,
}

/// The entries that were checked before, to find duplicates.
#[derive(Default)]
struct EarlierBindings<'b> {
    by_document: HashMap<(&'b str, usize), &'b Binding>,
    by_id: HashMap<(AccountScope, &'b str), &'b Binding>,
}

impl<'c> BindingChecker<'c> {
    fn new(
        project_index: usize,
        project: &'c Project,
        sources: &Sources,
        results: &'c FileResults,
        environments: &'c BTreeMap<AccountScope, Environment<'c>>,
    ) -> Self {
        let mut relative_paths = ProjectPaths::new(project);
        let (mut paths, mut non_portals, mut portals) = (HashSet::new(), HashSet::new(), HashMap::new());
        let mut agent_bodies = Vec::new();
        for id in sources.ids().filter(|id| sources.file(*id).project == project_index) {
            let Some(path) = relative_paths.relative_path(sources.file(id)) else { continue };
            if let Some(result) = results.get(&id) {
                if result.is_agent_body {
                    agent_bodies.push(path.clone());
                } else if !result.portals.is_empty() {
                    portals.insert(path.clone(), &*result.portals);
                }
            } else {
                non_portals.insert(path.clone());
            }
            paths.insert(path);
        }
        // The body of an agent replaces one portal of a file, so the portals of the file are not known. The body itself can be an
        // edit, which nothing can be bound to.
        for path in agent_bodies {
            portals.remove(&path);
            non_portals.remove(&path);
        }
        Self { project_index, project, environments, paths, non_portals, portals }
    }

    fn check_all(&self) -> Vec<BrokenBinding> {
        let mut broken = Vec::new();
        let mut earlier = EarlierBindings::default();
        for binding in &self.project.bindings {
            if let Err(defect) = self.check(binding, &mut earlier) {
                broken.push(to_broken(binding, defect));
            }
        }
        broken
    }

    fn check<'b>(&self, binding: &'b Binding, earlier: &mut EarlierBindings<'b>) -> Result<(), BindingDefect> {
        let (path, document) = self.bound_document(binding)?;
        if !is_id(&binding.id) {
            return Err(BindingDefect::InvalidId);
        }
        if let Some(other) = earlier.by_document.insert((path, document), binding) {
            return Err(BindingDefect::DuplicateFile(other.file_location.clone()));
        }
        let scope = AccountScope { project: self.project_index, environment: self.project.environment_of(path) };
        if let Some(other) = earlier.by_id.insert((scope, &binding.id), binding) {
            return Err(BindingDefect::DuplicateId(other.id_location.clone(), other.file.clone()));
        }
        self.check_id(scope, &binding.id)
    }

    /// The path of the bound file and the index of the document.
    fn bound_document<'b>(&self, binding: &'b Binding) -> Result<(&'b str, usize), BindingDefect> {
        let path = binding.path.as_deref().ok_or(BindingDefect::OutsideProject)?;
        // The file may be in memory only, such as the unsaved document of an editor.
        let file = self.project.root.as_ref().map(|root| root.join(path));
        if !self.paths.contains(path) && file.as_ref().is_none_or(|file| file.symlink_metadata().is_err()) {
            return Err(BindingDefect::MissingFile);
        }
        if self.non_portals.contains(path) || file.is_some_and(|file| file.is_dir()) {
            return Err(BindingDefect::NotAPortal);
        }
        // Other rules report a file without portals, and the content of a file that is not part of the run is unknown.
        let Some(portals) = self.portals.get(path) else { return Ok((path, binding.document.unwrap_or_default())) };
        let portal = match binding.document {
            None if portals.len() > 1 => return Err(BindingDefect::SeveralPortals(portals.len())),
            None => portals.first(),
            Some(document) => portals.iter().find(|portal| portal.facts.document == document),
        };
        match portal.map(|portal| &portal.facts) {
            None => Err(BindingDefect::NoPortal(binding.document.unwrap_or_default() + 1)),
            Some(facts) if facts.kind != PortalKind::Create => Err(BindingDefect::NotCreate(facts.kind)),
            Some(facts) => Ok((path, facts.document)),
        }
    }

    /// Fails if the account has no portal with this ID, or has another object with it.
    fn check_id(&self, scope: AccountScope, id: &str) -> Result<(), BindingDefect> {
        let Some(account) = self.environments.get(&scope).and_then(|environment| environment.account) else {
            return Ok(());
        };
        let lookup = account.lookup(ObjectKind::Portal, id);
        if matches!(lookup, Lookup::Found(_)) {
            return Ok(());
        }
        if let Some(kind) = ObjectKind::ALL.into_iter().find(|kind| account.find(*kind, id).is_some()) {
            return Err(BindingDefect::OtherObject(kind));
        }
        match lookup {
            Lookup::NotFound(_) => Err(match self.other_account_with(scope, id) {
                Some(account) => BindingDefect::OtherAccount(account),
                None => BindingDefect::UnknownId,
            }),
            _ => Ok(()),
        }
    }

    /// The name of another snapshot of the project that has the portal.
    fn other_account_with(&self, scope: AccountScope, id: &str) -> Option<String> {
        let mut others =
            self.environments.iter().filter(|(other, _)| other.project == self.project_index && **other != scope);
        let (other, _) = others.find(|(_, environment)| {
            environment.account.is_some_and(|account| account.find(ObjectKind::Portal, id).is_some())
        })?;
        Some(self.project.account(other.environment).file.as_ref()?.name.clone())
    }
}

fn to_broken(binding: &Binding, defect: BindingDefect) -> BrokenBinding {
    let location = match defect {
        BindingDefect::UnknownId
        | BindingDefect::OtherObject(_)
        | BindingDefect::OtherAccount(_)
        | BindingDefect::InvalidId
        | BindingDefect::DuplicateId(..) => &binding.id_location,
        BindingDefect::NoPortal(_) | BindingDefect::NotCreate(_) => &binding.document_location,
        _ => &binding.file_location,
    };
    let (file, id) = (binding.file.clone(), binding.id.clone());
    BrokenBinding { defect, location: location.clone(), file, id }
}
