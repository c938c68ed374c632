//! The `[[portal]]` entries of the settings: finds those that cannot be used, and writes new ones.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use crate::base::file::join_relative;
use crate::engine::decision::toml_string;
use crate::engine::file_result::FileResults;
use crate::engine::project_paths::ProjectPaths;
use crate::engine::sources::Sources;
use crate::model::account::{Lookup, ObjectKind};
use crate::model::portal::is_id;
use crate::rules::config_contexts::{BindingDefect, BrokenBinding};
use crate::rules::context::{Environment, PortalFacts};
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

/// The entry that binds a file to the portal with this ID. `relative_folder` is the file's folder, relative to the project root.
/// `None` if the name of the file is not UTF-8.
pub(crate) fn binding_entry(path: &Path, relative_folder: &str, document: Option<u32>, id: &str) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let file = join_relative(relative_folder, name);
    let document = document.map(|number| format!("document = {number}\n")).unwrap_or_default();
    Some(format!("[[portal]]\nfile = {}\n{document}id = {}\n", toml_string(&file), toml_string(id)))
}

/// Checks the entries of one project.
struct BindingChecker<'c> {
    index: usize,
    project: &'c Project,
    environments: &'c BTreeMap<AccountScope, Environment<'c>>,
    /// The files of the run, by their paths from the project's folder.
    paths: HashSet<String>,
    /// The paths of the files that are not portals.
    others: HashSet<String>,
    /// The portals of the files that are portals.
    portals: HashMap<String, &'c [PortalFacts]>,
}

impl<'c> BindingChecker<'c> {
    fn new(
        index: usize,
        project: &'c Project,
        sources: &Sources,
        results: &'c FileResults,
        environments: &'c BTreeMap<AccountScope, Environment<'c>>,
    ) -> Self {
        let mut relative_paths = ProjectPaths::new(project);
        let (mut paths, mut others, mut portals) = (HashSet::new(), HashSet::new(), HashMap::new());
        let mut replaced = Vec::new();
        for id in sources.ids().filter(|id| sources.file(*id).project == index) {
            let Some(path) = relative_paths.relative_path(sources.file(id)) else { continue };
            match results.get(&id) {
                Some(result) if result.is_agent_body => replaced.push(path.clone()),
                Some(result) if !result.portals.is_empty() => drop(portals.insert(path.clone(), &*result.portals)),
                Some(_) => {}
                None => drop(others.insert(path.clone())),
            }
            paths.insert(path);
        }
        // The body of an agent can be an edit, and the file that it replaces lacks one of its portals.
        for path in replaced {
            portals.remove(&path);
            others.remove(&path);
        }
        Self { index, project, environments, paths, others, portals }
    }

    fn check_all(&self) -> Vec<BrokenBinding> {
        let mut broken = Vec::new();
        let mut documents: HashMap<(&str, usize), &Binding> = HashMap::new();
        let mut ids: HashMap<(AccountScope, &str), &Binding> = HashMap::new();
        for binding in &self.project.bindings {
            let (path, document) = match self.bound_document(binding) {
                Ok(bound) => bound,
                Err(defect) => {
                    broken.push(to_broken(binding, defect));
                    continue;
                }
            };
            if !is_id(&binding.id) {
                broken.push(to_broken(binding, BindingDefect::InvalidId));
                continue;
            }
            if let Some(first) = documents.insert((path, document), binding) {
                broken.push(to_broken(binding, BindingDefect::DuplicateFile(first.file_location.clone())));
                continue;
            }
            let scope = AccountScope { project: self.index, environment: self.project.environment_of(path) };
            if let Some(first) = ids.insert((scope, &binding.id), binding) {
                let defect = BindingDefect::DuplicateId(first.id_location.clone(), first.file.clone());
                broken.push(to_broken(binding, defect));
            } else if let Some(defect) = self.find_wrong_id(scope, &binding.id) {
                broken.push(to_broken(binding, defect));
            }
        }
        broken
    }

    /// The path of the bound file and the index of the document.
    fn bound_document<'b>(&self, binding: &'b Binding) -> Result<(&'b str, usize), BindingDefect> {
        let path = binding.path.as_deref().ok_or(BindingDefect::OutsideProject)?;
        // The file may be in memory only, such as the unsaved document of an editor.
        let file = self.project.root.as_ref().map(|root| root.join(path));
        if !self.paths.contains(path) && file.as_ref().is_none_or(|file| file.symlink_metadata().is_err()) {
            return Err(BindingDefect::MissingFile);
        }
        if self.others.contains(path) || file.is_some_and(|file| file.is_dir()) {
            return Err(BindingDefect::NotAPortal);
        }
        // Other rules report what is wrong with a file without portals. A file that is not part of the run is not known.
        let Some(portals) = self.portals.get(path) else { return Ok((path, binding.document.unwrap_or_default())) };
        let portal = match binding.document {
            None if portals.len() > 1 => return Err(BindingDefect::SeveralPortals(portals.len())),
            None => portals.first(),
            Some(document) => portals.iter().find(|portal| portal.document == document),
        };
        match portal {
            None => Err(BindingDefect::NoPortal(binding.document.unwrap_or_default() + 1)),
            Some(portal) if portal.kind != PortalKind::Create => Err(BindingDefect::NotCreate(portal.kind)),
            Some(portal) => Ok((path, portal.document)),
        }
    }

    /// Finds out whether the account is known to have no portal with this ID.
    fn find_wrong_id(&self, scope: AccountScope, id: &str) -> Option<BindingDefect> {
        let account = self.environments.get(&scope)?.account?;
        let is_absent = match account.lookup(ObjectKind::Portal, id) {
            Lookup::Found(_) => return None,
            Lookup::NotFound(_) => true,
            Lookup::Unknown => false,
        };
        if let Some(kind) = ObjectKind::ALL.into_iter().find(|kind| account.find(*kind, id).is_some()) {
            return Some(BindingDefect::OtherObject(kind));
        }
        let other = is_absent.then(|| self.other_account_with(scope, id)).flatten();
        other.map(BindingDefect::OtherAccount).or(is_absent.then_some(BindingDefect::UnknownId))
    }

    /// The name of another snapshot of the project that has the portal.
    fn other_account_with(&self, scope: AccountScope, id: &str) -> Option<String> {
        let mut others = self.environments.iter().filter(|(other, _)| other.project == self.index && **other != scope);
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
