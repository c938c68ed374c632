use crate::base::diagnostic::{Fix, LineRange, Severity};
use crate::base::file::{FileId, Inclusion, Origin, WalkMatch};
use crate::base::source::Position;
use crate::base::steps::assert_linear;
use crate::engine::fix::*;

fn input(text: &str) -> InputFile {
    InputFile::new("a.json", Origin::Memory(text.into()), Inclusion::Explicit(WalkMatch::Included))
}

fn edit(start: usize, end: usize) -> Edit {
    Edit { span: Span::new(start, end), replacement: String::new() }
}

fn diagnostic(code: u16, message: &str) -> Diagnostic {
    let start = Position::START;
    Diagnostic {
        code: Code(code),
        severity: Severity::Error,
        file: FileId::default(),
        document: 0,
        pointer: String::new(),
        portal_pointer: String::new(),
        region: LineRange { start, end: start },
        message: message.into(),
        label: None,
        help: String::new(),
        question: None,
        labels: Vec::new(),
        fix: Some(Fix {
            applicability: Applicability::Safe,
            message: String::new(),
            edits: vec![edit(0, 1)],
            masked: false,
        }),
        unmasked_edits: Some(vec![edit(0, 1)]),
        allowed: None,
        omitted: 0,
    }
}

fn report(diagnostics: &[(u16, &str)]) -> Report {
    let diagnostics = diagnostics.iter().map(|(code, message)| diagnostic(*code, message)).collect();
    Report { diagnostics, ..Report::default() }
}

/// The messages of the findings "a" and "b", whose fixes touch, that are chosen.
fn chosen_messages(batch_size: usize) -> Vec<String> {
    let report = report(&[(1, "a"), (1, "b")]);
    let chosen = choose_fixes(&report, Applicability::Safe, batch_size);
    chosen.into_iter().map(|diagnostic| diagnostic.message.clone()).collect()
}

#[test]
fn fixes_are_an_improvement_if_their_findings_are_gone_and_nothing_broke() {
    let mut before = report(&[(18, "twice"), (18, "twice"), (100, "type")]);
    let fixed = before.diagnostics.clone();
    let (first, first_two, outer) = (&[&fixed[0]], &[&fixed[0], &fixed[1]], &[&fixed[0], &fixed[2]]);
    let one_left = report(&[(18, "twice"), (100, "type")]);
    assert!(is_improvement(&before, &one_left, first));
    assert!(is_improvement(&before, &report(&[(18, "twice"), (2, "uncovered")]), outer));
    assert!(!is_improvement(&before, &one_left, first_two));
    assert!(!is_improvement(&before, &report(&[(18, "twice"), (18, "twice")]), first));
    assert!(!is_improvement(&before, &report(&[(901, "broken")]), first));
    assert!(!is_improvement(&before, &report(&[(205, "a key twice")]), first));
    // A portal that is no longer recognized has no findings, which is no improvement.
    before.summary.portals = 1;
    assert!(!is_improvement(&before, &report(&[]), first));
}

#[test]
fn edits_that_touch_are_not_applied_together() {
    for (a, b, conflict) in [
        (edit(0, 2), edit(1, 3), true),
        (edit(0, 2), edit(2, 3), false),
        (edit(0, 2), edit(2, 2), true),
        (edit(1, 1), edit(1, 1), true),
        (edit(0, 2), edit(3, 3), false),
    ] {
        let both_orders = (edits_conflict(a.span, b.span), edits_conflict(b.span, a.span));
        assert_eq!(both_orders, (conflict, conflict), "{a:?} {b:?}");
    }
    assert_eq!(chosen_messages(MAX_BATCH), ["a"]);
}

#[test]
fn no_more_fixes_are_chosen_than_the_batch_size() {
    assert!(chosen_messages(0).is_empty());
}

#[test]
fn a_fix_does_not_change_the_kind_of_the_portal() {
    let text = r#"{"code": 1, "customer_portal_id": "Kq7ZpW2mVx9LcT4bRn8D", "recaptcha": {}, "smtp_profile": ""}"#;
    let fixed = apply_fixes(&input(text), text.into(), &Settings::default(), Applicability::Safe);
    assert_eq!((fixed.text.as_str(), fixed.failed), (text, None));
}

#[test]
fn many_findings_are_fixed_in_linear_time() {
    let text_of_len = |len: usize| {
        r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "TEXT"}"#
            .replace("TEXT", &"a\u{200b}".repeat(len / 4))
    };
    assert_linear("zero-width spaces", text_of_len, |text| {
        let fixed = apply_fixes(&input(text), text.to_owned(), &Settings::default(), Applicability::Unsafe);
        assert_eq!(fixed.text, text.replace('\u{200b}', ""));
    });
}

/// The text is an account snapshot, and there are as many files to fix as it is long.
#[test]
fn many_files_are_fixed_with_one_account_in_linear_time() {
    let text_of_len = |len: usize| format!("{{\"campaigns\": [{}0]}}", "{}, ".repeat(len / 4));
    assert_linear("files", text_of_len, |text| {
        let mut settings = Settings::default();
        let snapshot = Origin::Memory(text.as_bytes().to_vec());
        settings.projects[0].set_account(&InputFile::new("account.json", snapshot, Inclusion::Internal));
        let body = r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "enabled": "false"}"#;
        let inputs: Vec<InputFile> =
            (0..text.len() / 1_000).map(|id| InputFile { id: FileId::new(id), ..input(body) }).collect();
        let files = inputs.iter().map(|input| (input, body.to_owned())).collect();
        let all_fixed = apply_fixes_to_files(files, &settings, Applicability::Safe);
        assert!(all_fixed.iter().all(|fixed| fixed.text == body.replace("\"false\"", "false")));
    });
}
