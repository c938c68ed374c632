//! The modules of `src`, the modules that each of them uses, and the cycles among them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::source_code::{paths, production_code};

/// The modules that each module uses, without its own child modules: a parent module calls its children, and the children use types of
/// the parent, which is no cycle.
pub fn uses(source_folder: &Path, files: &[std::path::PathBuf]) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let mut codes = BTreeMap::new();
    for file in files {
        if file.ends_with("tests.rs") || file.ends_with("main.rs") || file.ends_with("lib.rs") {
            continue;
        }
        let text = fs::read_to_string(file).expect("a source file");
        codes.insert(module_path(file.strip_prefix(source_folder).expect("a file of src")), production_code(&text));
    }
    let mut uses = BTreeMap::new();
    for (module, code) in &codes {
        let mut targets = BTreeSet::new();
        for path in paths(code) {
            let mut target = resolve(module, &path, |candidate| codes.contains_key(candidate));
            // The last segments of a path name items. The module is the longest prefix of the path that is a module.
            while !target.is_empty() && !codes.contains_key(&target) {
                target.pop();
            }
            if !target.is_empty() && !target.starts_with(module) {
                targets.insert(target);
            }
        }
        uses.insert(module.clone(), targets);
    }
    uses
}

/// `engine/run.rs` is `engine::run`, and `engine/mod.rs` is `engine`.
fn module_path(file: &Path) -> Vec<String> {
    let mut path: Vec<String> =
        file.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|name| name == "mod") {
        path.pop();
    }
    path
}

/// The absolute path of a path in a module. Empty if the path is neither relative to the crate nor to a module of it.
fn resolve(module: &[String], path: &[String], is_module: impl Fn(&Vec<String>) -> bool) -> Vec<String> {
    let Some(first) = path.first() else { return Vec::new() };
    if first == "crate" {
        return path[1..].to_vec();
    }
    if first == "self" || first == "super" {
        let mut absolute = module.to_vec();
        let mut rest = path;
        while let [segment, after @ ..] = rest {
            match segment.as_str() {
                "super" => drop(absolute.pop()),
                "self" => {}
                _ => break,
            }
            rest = after;
        }
        absolute.extend_from_slice(rest);
        return absolute;
    }
    let mut child = module.to_vec();
    child.push(first.clone());
    if is_module(&child) {
        child.extend_from_slice(&path[1..]);
        return child;
    }
    Vec::new()
}

/// The groups of modules that use each other, directly or through others.
pub fn cycles(uses: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>) -> Vec<Vec<String>> {
    let reachable: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> =
        uses.keys().map(|module| (module, reachable_from(module, uses))).collect();
    let mut cycles = BTreeSet::new();
    for (module, targets) in &reachable {
        if targets.contains(module) {
            let members = targets.iter().filter(|target| reachable[*target].contains(module));
            cycles.insert(members.map(|member| member.join("::")).collect::<Vec<String>>());
        }
    }
    cycles.into_iter().collect()
}

fn reachable_from<'u>(
    module: &Vec<String>,
    uses: &'u BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
) -> BTreeSet<&'u Vec<String>> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&Vec<String>> = uses[module].iter().collect();
    while let Some(next) = waiting.pop() {
        if reached.insert(next) {
            waiting.extend(&uses[next]);
        }
    }
    reached
}
