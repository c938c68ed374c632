//! The structure of the source: imports point downward, modules form no cycles, files stay small, and names are standard terms.

mod modules;
pub mod source_code;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{entries, repository};

/// The modules of `src`, from the lowest layer to the highest. A module uses only modules of lower layers.
const LAYERS: [&[&str]; 14] = [
    &["base"],
    &["syntax"],
    &["schema", "html"],
    &["model"],
    &["online"],
    &["rules"],
    &["settings"],
    &["engine"],
    &["preflight"],
    &["plan", "matrix"],
    &["render"],
    &["agent"],
    &["lsp", "hook", "mcp"],
    &["cli"],
];

/// Each library, and the only parts of `src` that name it.
const LIBRARIES: [(&str, &[&str]); 25] = [
    ("miette", &["render/human.rs"]),
    ("jsonschema", &["schema"]),
    ("granit_parser", &["syntax/yaml"]),
    ("aho_corasick", &["model/secrets", "online/net/secret_finder.rs", "settings/pattern_index.rs"]),
    ("libc", &["base/read.rs"]),
    ("html5ever", &["html"]),
    ("html5gum", &["html/tree"]),
    ("cssparser", &["html"]),
    ("sha2", &["agent/canonical_json.rs"]),
    ("textwrap", &["render"]),
    ("globset", &["base/pattern.rs", "settings/patterns.rs"]),
    ("signal_hook", &["cli/interrupt.rs"]),
    ("tempfile", &["cli/atomic_write.rs"]),
    ("unicode_security", &["rules/confusables.rs"]),
    ("email_address", &["rules"]),
    ("base64", &["online/net/dial.rs", "online/net/secret_finder.rs"]),
    ("rustls", &["online/net/tls.rs", "online/net/certificate.rs"]),
    ("webpki_root_certs", &["online/net/certificate.rs"]),
    ("idna", &["online/host.rs"]),
    ("simple_dns", &["online/net/dns"]),
    ("ureq", &["online/net"]),
    ("lsp_server", &["lsp"]),
    ("gen_lsp_types", &["lsp"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli/man.rs"]),
];

/// Words that this code once used with a meaning that only its authors knew. No identifier and no file name may contain one of them.
const UNCLEAR_WORDS: [&str; 14] = [
    "desk",
    "calm",
    "sight",
    "told",
    "beside",
    "mend",
    "stranger",
    "strangers",
    "untold",
    "seat",
    "holes",
    "ways",
    "spare",
    "eight",
];

/// A name of several words that is unclear for the same reason.
const UNCLEAR_NAME: &str = "bring_home";

/// Words that are unclear in one folder only. Elsewhere they have their usual meaning.
const UNCLEAR_WORDS_IN: [(&str, &str); 3] =
    [("src/html", "quiet"), ("src/syntax/json", "echo"), ("src/syntax/json", "frame")];

#[test]
fn a_module_uses_only_modules_of_lower_layers() {
    let files = rust_files(&repository("src"));
    for (module, used) in modules::uses(&repository("src"), &files) {
        for target in used {
            let (from, to) = (&module[0], &target[0]);
            assert!(from == to || layer(to) < layer(from), "{} uses {}", module.join("::"), target.join("::"));
        }
    }
}

#[test]
fn modules_form_no_cycles() {
    let files = rust_files(&repository("src"));
    let cycles = modules::cycles(&modules::uses(&repository("src"), &files));
    assert_eq!(cycles, Vec::<Vec<String>>::new());
}

#[test]
fn each_library_is_named_in_one_part_of_the_source() {
    for file in rust_files(&repository("src")) {
        let code = source_code::without_comments_and_strings(&fs::read_to_string(&file).expect("a source file"));
        for (library, parts) in LIBRARIES {
            let is_named = code.contains(&format!("{library}::")) || code.contains(&format!("use {library}"));
            let is_allowed = parts.iter().any(|part| file.starts_with(repository("src").join(part)));
            assert!(!is_named || is_allowed, "{} names {library}", file.display());
        }
    }
}

#[test]
fn files_have_at_most_400_lines() {
    for folder in ["src", "tests", "benches"] {
        for file in rust_files(&repository(folder)) {
            let lines = fs::read_to_string(&file).expect("a source file").lines().count();
            assert!(lines <= 400, "{} has {lines} lines", file.display());
        }
    }
}

#[test]
fn names_are_standard_terms() {
    let mut found = BTreeSet::new();
    for folder in ["src", "tests", "benches", "fixtures"] {
        for file in files(&repository(folder)) {
            let path = file.strip_prefix(repository("")).expect("a file of the repository").display().to_string();
            let mut names: Vec<String> = path.split('/').map(str::to_owned).collect();
            if file.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&file).expect("a source file");
                let code = source_code::without_comments_and_strings(&text);
                names.extend(source_code::identifiers(&code).into_iter().map(str::to_owned));
            }
            for name in names {
                if is_unclear(&name, &path) {
                    found.insert(format!("{path}: {name}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

fn is_unclear(name: &str, path: &str) -> bool {
    name.contains(UNCLEAR_NAME) || source_code::words(name).iter().any(|word| is_unclear_word(word, path))
}

fn is_unclear_word(word: &str, path: &str) -> bool {
    UNCLEAR_WORDS.contains(&word)
        || UNCLEAR_WORDS_IN.iter().any(|(folder, unclear)| path.starts_with(folder) && word == *unclear)
}

fn layer(module: &str) -> usize {
    LAYERS.iter().position(|layer| layer.contains(&module)).unwrap_or_else(|| panic!("{module} is in no layer"))
}

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    found
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
