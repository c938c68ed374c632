//! `--account FILE`: decides which accounts of the settings the snapshot belongs to. It is not compared with the portals of others.

use std::collections::BTreeSet;

use super::{Failure, refuse};
use crate::base::file::InputFile;
use crate::engine::online_queries::checked_accounts;
use crate::rules::wording::quote;
use crate::settings::Settings;
use crate::settings::environments::AccountScope;
use crate::settings::project::Project;

/// Uses a snapshot for the accounts that it belongs to, and leaves the others out.
pub(super) fn use_account(snapshot: &InputFile, inputs: &[InputFile], settings: &mut Settings) -> Result<(), Failure> {
    let checked = checked_accounts(inputs, settings);
    let is_known = settings.projects.iter().any(|project| project.environment_with_snapshot(snapshot).is_some());
    for (index, project) in settings.projects.iter_mut().enumerate() {
        let environment = match project.environment_with_snapshot(snapshot) {
            // The settings of another project name the file, and those of this one name another file.
            None if is_known && project.account(0).named_file().is_some() => None,
            None => Some(only_environment(index, project, &checked, snapshot)?),
            known => known,
        };
        project.select_account(snapshot, environment);
    }
    Ok(())
}

/// The environment of a project to which a snapshot belongs that the settings do not name.
fn only_environment(
    index: usize,
    project: &Project,
    checked: &BTreeSet<AccountScope>,
    snapshot: &InputFile,
) -> Result<usize, Failure> {
    let mut scopes = checked.iter().filter(|scope| scope.project == index);
    match (scopes.next(), scopes.next()) {
        (None, _) => Ok(0),
        (Some(only), None) => Ok(only.environment),
        // The other environments have accounts of their own.
        _ if project.account(0).named_file().is_none() => Ok(0),
        _ => {
            let settings = project.file.as_ref().map(|file| quote(&file.input.name)).unwrap_or_default();
            refuse(format!(
                "according to {settings}, the files belong to several accounts, and {} is not the snapshot of any of them: name only files of its account",
                quote(&snapshot.name)
            ))
        }
    }
}
