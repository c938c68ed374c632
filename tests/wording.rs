//! The wording of findings, over every fixture and every example of a rule page.
//!
//! A message is one line, starts in lower case or with a code span, and has no full stop. Every finding has help. A label adds to
//! the message. Messages of the schema library are never shown.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use portal_lint::base::diagnostic::Diagnostic;
use support::corpus::corpus_reports;

/// What the jsonschema crate says; none of it is written for people.
const LIBRARY: [&str; 19] = [
    "is not of type",
    "is a required property",
    "Additional properties are not allowed",
    "Additional items are not allowed",
    "Unevaluated",
    "False schema does not allow",
    "is shorter than",
    "is longer than",
    "is less than",
    "is greater than",
    "has less than",
    "has more than",
    "does not match",
    "is not one of",
    "under the given schema",
    "of the schemas listed in",
    "has non-unique elements",
    "was expected",
    "unexpected)",
];

/// Looks at every diagnostic; what `wrong` finds is shown with where it comes from.
fn each_diagnostic(wrong: impl Fn(&Diagnostic) -> Vec<String>) {
    let reports = corpus_reports();
    assert!(reports.iter().map(|(_, report)| report.diagnostics.len()).sum::<usize>() > 400, "few were looked at");
    let mut found: Vec<String> = Vec::new();
    for (origin, report) in &reports {
        for diagnostic in &report.diagnostics {
            found.extend(wrong(diagnostic).iter().map(|what| format!("{origin}: {} {what}", diagnostic.code)));
        }
    }
    assert!(found.is_empty(), "{} sentences:\n{}", found.len(), found.join("\n"));
}

/// All that is said: what it is, and the words.
fn sentences(diagnostic: &Diagnostic) -> Vec<(&'static str, &str)> {
    let labels = diagnostic.labels.iter().map(|label| ("label", label.message.as_str()));
    [("message", diagnostic.message.as_str()), ("help", diagnostic.help.as_str())]
        .into_iter()
        .chain(diagnostic.label.as_deref().map(|label| ("label", label)))
        .chain(labels)
        .chain(diagnostic.fix.as_ref().map(|fix| ("fix", fix.message.as_str())))
        .collect()
}

/// What is wrong with the form of a sentence.
fn form(sentence: &str) -> Option<&'static str> {
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
    each_diagnostic(|diagnostic| {
        let wrong = |(kind, sentence): (&str, &str)| Some(format!("the {kind} {}: {sentence}", form(sentence)?));
        sentences(diagnostic).into_iter().filter_map(wrong).collect()
    });
}

#[test]
fn unverified_checks_are_worded_like_findings() {
    for (origin, report) in corpus_reports() {
        for (_, open) in report.unverified() {
            assert_eq!(form(open.reason()), None, "{origin}: {} {}", open.code, open.reason());
        }
    }
}

#[test]
fn every_sentence_of_a_finding_has_text() {
    each_diagnostic(|diagnostic| {
        let empty = sentences(diagnostic).into_iter().filter(|(_, sentence)| sentence.trim().is_empty());
        empty.map(|(kind, _)| format!("the {kind} is empty: {}", diagnostic.message)).collect()
    });
}

#[test]
fn help_and_labels_do_not_repeat_the_message() {
    each_diagnostic(|diagnostic| {
        let message = &diagnostic.message;
        let repeats = |(kind, sentence): &(&str, &str)| *kind != "message" && message.contains(sentence);
        let wrong = sentences(diagnostic).into_iter().filter(repeats);
        wrong.map(|(kind, sentence)| format!("the {kind} repeats the message: {sentence}")).collect()
    });
}

#[test]
fn messages_of_the_schema_library_are_not_shown() {
    each_diagnostic(|diagnostic| {
        let library = |(_, sentence): &(&str, &str)| LIBRARY.iter().any(|words| sentence.contains(words));
        let wrong = sentences(diagnostic).into_iter().filter(library);
        wrong.map(|(kind, sentence)| format!("the {kind} is the library's: {sentence}")).collect()
    });
}

#[test]
fn sentences_have_at_most_200_characters() {
    // A list of many permissions is long by nature.
    each_diagnostic(|diagnostic| {
        let long = |(_, sentence): &(&str, &str)| sentence.chars().count() > 200 && !sentence.contains("leaves out");
        let wrong = sentences(diagnostic).into_iter().filter(long);
        wrong.map(|(kind, sentence)| format!("the {kind} is long: {sentence}")).collect()
    });
}
