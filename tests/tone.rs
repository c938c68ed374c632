//! The tone of what people read: help, documents and the settings template are plain American English.

use std::fs;

use crate::support::program::{create_folder, portal_lint};
use crate::support::repository;
use portal_lint::cli::definitions;

/// Phrases that read like a translation, or that are not American English.
const PHRASES: [&str; 39] = [
    "is no portal",
    "is none",
    "are none",
    "left in peace",
    "for once",
    "heeded",
    "heed ",
    "good for nothing",
    "answers for",
    "one a line",
    "one a finding",
    "on hovering",
    "is believed",
    "left out and said",
    "certificates to trust beside",
    "the rule spoke",
    "the least severity",
    "say which",
    "says which settings hold",
    "defaults hold",
    "misspelt",
    "mend ",
    "nobody asks",
    "somebody may",
    "lead astray",
    "the next who",
    "days yet",
    "a gap to be filled",
    "counted up",
    "may not be read",
    "is not there",
    "may be given several times",
    "as it was written there",
    "has such a thing",
    "colour",
    "honour",
    "recognis",
    "licence",
    "behaviour",
];

/// The help of a command and of its subcommands, with the name of each.
fn add_help(command: &mut clap::Command, texts: &mut Vec<(String, String)>) {
    texts.push((format!("{} --help", command.get_name()), command.render_long_help().to_string()));
    for subcommand in command.get_subcommands_mut() {
        add_help(subcommand, texts);
    }
}

/// Everything that is checked, with a name for messages.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    add_help(&mut definitions(), &mut texts);
    let mut documents = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned(), "action.yml".to_owned()];
    for entry in fs::read_dir(repository("docs")).expect("docs") {
        let name = entry.expect("an entry").file_name();
        // The table of rules has the titles of the rule pages.
        if name != "rules.md" {
            documents.push(format!("docs/{}", name.to_string_lossy()));
        }
    }
    for document in documents {
        let text = fs::read_to_string(repository(&document)).expect("a document");
        texts.push((document, text));
    }
    let folder = create_folder(&[]);
    portal_lint(folder.path(), &["init"], b"");
    let settings = fs::read_to_string(folder.path().join("portal-lint.toml")).expect("the settings");
    texts.push(("portal-lint.toml".to_owned(), settings));
    texts
}

#[test]
fn texts_for_people_are_plain_american_english() {
    let mut found = Vec::new();
    for (name, text) in texts() {
        // Sentences are wrapped, so phrases can contain line breaks.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        for phrase in PHRASES {
            if let Some(position) = text.find(phrase) {
                let context: String = text[position..].chars().take(60).collect();
                found.push(format!("{name}: {context}"));
            }
        }
    }
    assert!(found.is_empty(), "{} phrases:\n{}", found.len(), found.join("\n"));
}
