//! The wording of findings, over every fixture and every example of a rule page.
//!
//! A message is one line, starts in lower case or with a code span, and has no full stop. Every finding has help. A label adds to
//! the message. Messages of the schema library are never shown.

mod tone;

use std::fs;
use std::path::Component;

use crate::architecture::{rust_files, source_code};
use crate::support::corpus::corpus_reports;
use crate::support::program::{create_folder, portal_lint, stderr, stdout, stdout_json};
use crate::support::{entries, repository};
use portal_lint::base::diagnostic::Diagnostic;
use portal_lint::cli::definitions;
use portal_lint::rules::{RULES, rule_doc};
use serde_json::Value as Json;

/// Messages of the jsonschema crate, which are written for developers.
const LIBRARY_MESSAGES: &str = r#"(?x)
    \ is\ not\ of\ types?\ " | \ is\ a\ required\ property | \ is\ not\ one\ of\  | \ was\ expected$
    | Additional\ (items|properties)\ are\ not\ allowed | Unevaluated\  | False\ schema\ does\ not\ allow | unexpected\)
    | \ is\ (shorter|longer)\ than\ \d+\ character | \ is\ (less|greater)\ than\ (or\ equal\ to\ )?the\ m
    | \ has\ (less|more)\ than\ \d+\ (item|propert) | \ does\ not\ match\ " | \ has\ non-unique\ elements
    | under\ the\ given\ schema | of\ the\ schemas\ listed\ in"#;

/// Fails with all problems that a check finds in the diagnostics of the corpus.
fn assert_no_problems(find_problems: impl Fn(&Diagnostic) -> Vec<String>) {
    let reports = corpus_reports();
    assert!(reports.iter().map(|(_, report)| report.diagnostics.len()).sum::<usize>() > 400, "the corpus is too small");
    let mut problems: Vec<String> = Vec::new();
    for (origin, report) in reports {
        for diagnostic in &report.diagnostics {
            for problem in find_problems(diagnostic) {
                problems.push(format!("{origin}: {} {problem}", diagnostic.code));
            }
        }
    }
    assert!(problems.is_empty(), "{} sentences:\n{}", problems.len(), problems.join("\n"));
}

/// All sentences of a diagnostic with their kind.
fn sentences(diagnostic: &Diagnostic) -> Vec<(&'static str, &str)> {
    let labels = diagnostic.labels.iter().map(|label| ("label", label.message.as_str()));
    [("message", diagnostic.message.as_str()), ("help", diagnostic.help.as_str())]
        .into_iter()
        .chain(diagnostic.label.as_deref().map(|label| ("label", label)))
        .chain(labels)
        .chain(diagnostic.fix.as_ref().map(|fix| ("fix", fix.message.as_str())))
        .collect()
}

/// The problem with the form of a sentence.
fn form_problem(sentence: &str) -> Option<&'static str> {
    let first = sentence.chars().next()?;
    if sentence.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        Some("is more than one line")
    } else if sentence.trim() != sentence {
        Some("has space around it")
    } else if !(first.is_lowercase() || first == '`') {
        Some("starts neither in lower case nor with a code span")
    } else if sentence.ends_with(['.', '!', ':', ';', ',']) {
        Some("ends with a mark")
    } else if sentence.contains(". ") {
        Some("is two sentences")
    } else if sentence.matches('`').count() % 2 == 1 {
        Some("has an open code span")
    } else if sentence.contains("``") {
        Some("has an empty code span")
    } else {
        None
    }
}

#[test]
fn every_sentence_is_one_line_in_lower_case_without_a_full_stop() {
    assert_no_problems(|diagnostic| {
        let describe =
            |(kind, sentence): (&str, &str)| Some(format!("the {kind} {}: {sentence}", form_problem(sentence)?));
        sentences(diagnostic).into_iter().filter_map(describe).collect()
    });
}

#[test]
fn unverified_checks_are_worded_like_findings() {
    for (origin, report) in corpus_reports() {
        for (_, check) in report.unverified() {
            assert_eq!(form_problem(&check.reason), None, "{origin}: {} {}", check.code, check.reason);
        }
    }
}

#[test]
fn every_sentence_of_a_finding_has_text() {
    assert_no_problems(|diagnostic| {
        let empty = sentences(diagnostic).into_iter().filter(|(_, sentence)| sentence.trim().is_empty());
        empty.map(|(kind, _)| format!("the {kind} is empty: {}", diagnostic.message)).collect()
    });
}

#[test]
fn help_and_labels_do_not_repeat_the_message() {
    assert_no_problems(|diagnostic| {
        let message = &diagnostic.message;
        let repeats = |(kind, sentence): &(&str, &str)| *kind != "message" && message.contains(sentence);
        let bad_sentences = sentences(diagnostic).into_iter().filter(repeats);
        bad_sentences.map(|(kind, sentence)| format!("the {kind} repeats the message: {sentence}")).collect()
    });
}

#[test]
fn messages_of_the_schema_library_are_not_shown() {
    let pattern = regex::Regex::new(LIBRARY_MESSAGES).expect("a pattern");
    assert!(pattern.is_match(r#"["a"] has more than 1 item"#) && pattern.is_match(r#""x" does not match "^[a-z]+$""#));
    assert_no_problems(|diagnostic| {
        let library = |(_, sentence): &(&str, &str)| pattern.is_match(sentence);
        let bad_sentences = sentences(diagnostic).into_iter().filter(library);
        bad_sentences.map(|(kind, sentence)| format!("the {kind} is the library's: {sentence}")).collect()
    });
}

#[test]
fn sentences_have_at_most_200_characters() {
    // A list of many permissions is long by nature, and so is a command with the path of the file.
    assert_no_problems(|diagnostic| {
        let long = |(_, sentence): &(&str, &str)| {
            let (without_command, _) = sentence.split_once("; if this is intended, ").unwrap_or((sentence, ""));
            without_command.chars().count() > 200 && !sentence.contains("does not set")
        };
        let bad_sentences = sentences(diagnostic).into_iter().filter(long);
        bad_sentences.map(|(kind, sentence)| format!("the {kind} is long: {sentence}")).collect()
    });
}

#[test]
fn findings_have_no_rejected_phrases() {
    assert_no_problems(|diagnostic| {
        let describe = |(kind, sentence): (&str, &str)| match tone::problems(sentence)[..] {
            [] => None,
            ref problems => Some(format!("the {kind} has {}: {sentence}", problems.join(", "))),
        };
        sentences(diagnostic).into_iter().filter_map(describe).collect()
    });
}

#[test]
fn unverified_checks_have_no_rejected_phrases() {
    for (origin, report) in corpus_reports() {
        for (_, check) in report.unverified() {
            assert_eq!(tone::problems(&check.reason), [""; 0], "{origin}: {} {}", check.code, check.reason);
        }
    }
}

/// The help of a command and of its subcommands, with the name of each.
fn add_help(command: &mut clap::Command, texts: &mut Vec<(String, String)>) {
    // Options such as `--color` and `ID` are not prose.
    let help = command.render_long_help().to_string();
    let prose: Vec<&str> = help.lines().filter(|line| !line.contains("  -") && !line.contains('[')).collect();
    texts.push((format!("{} --help", command.get_name()), prose.join(" ")));
    // The help puts a short description on the line of its option.
    for argument in command.get_arguments() {
        let about = argument.get_long_help().or(argument.get_help()).map(ToString::to_string).unwrap_or_default();
        texts.push((format!("{} {}", command.get_name(), argument.get_id()), about));
        for value in argument.get_possible_values() {
            let about = value.get_help().map(ToString::to_string).unwrap_or_default();
            texts.push((format!("{} {}={}", command.get_name(), argument.get_id(), value.get_name()), about));
        }
    }
    for subcommand in command.get_subcommands() {
        let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
        texts.push((format!("the command {}", subcommand.get_name()), about));
    }
    for subcommand in command.get_subcommands_mut() {
        add_help(subcommand, texts);
    }
}

/// The titles and descriptions in a JSON Schema.
fn add_descriptions(schema: &Json, descriptions: &mut Vec<String>) {
    match schema {
        Json::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Json::String(text) if matches!(key.as_str(), "title" | "description") => {
                        descriptions.push(text.clone());
                    }
                    _ => add_descriptions(value, descriptions),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| add_descriptions(item, descriptions)),
        _ => {}
    }
}

/// Rule pages, documents, schemas, help, and what the first commands of a new user print, with a name for each.
fn texts_for_people() -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = Vec::new();
    add_help(&mut definitions(), &mut texts);
    for rule in RULES {
        let (_, body) = rule_doc::split_front_matter(rule.page).expect("front matter");
        texts.push((format!("rules/{}.md", rule.code), format!("{}\n\n{body}", rule.meta.title)));
    }
    let documents = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "AGENTS.md",
        "action.yml",
        "editors/vscode/README.md",
        "skills/portal-lint/SKILL.md",
    ];
    for path in entries(&repository("docs")).into_iter().chain(documents.map(repository)) {
        let text = fs::read_to_string(&path).expect("a document");
        texts.push((path.display().to_string(), text));
    }
    for name in ["account", "matrix", "plan", "preflight", "report", "rule", "settings"] {
        let schema = stdout_json(&portal_lint(&repository(""), &["schema", name], b""));
        let mut descriptions = Vec::new();
        add_descriptions(&schema, &mut descriptions);
        assert!(descriptions.len() > 4, "{name}");
        texts.push((format!("the schema {name}"), descriptions.join("\n")));
    }
    let folder = create_folder(&[]);
    let init = portal_lint(folder.path(), &["init"], b"");
    texts.push(("init".to_owned(), stderr(&init)));
    let settings = fs::read_to_string(folder.path().join("portal-lint.toml")).expect("the settings");
    let comments: Vec<&str> = settings.lines().filter_map(|line| line.strip_prefix("# ")).collect();
    texts.push(("portal-lint.toml".to_owned(), comments.join("\n")));
    let preflight = portal_lint(&repository(""), &["preflight", "fixtures/quickstart"], b"");
    // Without indentation, which marks code in Markdown.
    let lines: Vec<String> = stdout(&preflight).lines().map(|line| line.trim().to_owned()).collect();
    texts.push(("preflight".to_owned(), lines.join("\n")));
    texts
}

/// Has lists of words that are compared with the errors of the API.
const WORD_LISTS: &str = "src/online/net/api/error_response.rs";

/// The sentences in the strings of the program, with the file of each. Strings without spaces are names.
fn sentences_of_the_program() -> Vec<(String, String)> {
    let word_list = regex::Regex::new(r#"split_words\(\s*"[^"]*""#).expect("a pattern");
    let continued_line = regex::Regex::new(r"\\\n\s*").expect("a pattern");
    let placeholder_or_tag = regex::Regex::new(r"\{\w*(:[^}]*)?\}|<[^>]*>").expect("a pattern");
    let mut sentences = Vec::new();
    let is_test = |part: Component<'_>| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "testing.rs"));
    for file in rust_files(&repository("src")) {
        if file.components().any(is_test) || file.ends_with(WORD_LISTS) {
            continue;
        }
        let source = fs::read_to_string(&file).expect("a source file");
        let source = word_list.replace_all(&source, "");
        for text in source_code::production_strings(&source) {
            let text = continued_line.replace_all(text, "").replace("\\n", "\n").replace("\\\"", "\"");
            if text.trim().contains(' ') {
                sentences.push((file.display().to_string(), placeholder_or_tag.replace_all(&text, "x").into_owned()));
            }
        }
    }
    sentences
}

#[test]
fn texts_for_people_have_no_rejected_phrases() {
    let mut problems = Vec::new();
    let sentences = sentences_of_the_program();
    assert!(sentences.len() > 1500, "{}", sentences.len());
    for (name, text) in texts_for_people().into_iter().chain(sentences) {
        for problem in tone::problems(&text) {
            problems.push(format!("{name}: {problem}: {}", text.chars().take(200).collect::<String>().escape_debug()));
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}
