//! `preflight_portal`: the verdict, and what to do about it.

use serde_json::{Value as Json, json};

use super::Fields;
use crate::agent::escape::escape_message;
use crate::agent::own_tools::PREFLIGHT;
use crate::agent::review::{Review, VERIFY};
use crate::base::diagnostic::Diagnostic;
use crate::engine::report::Summary;
use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::mcp::finding::{question_to_json, to_json};
use crate::mcp::fit::add_lists;
use crate::mcp::root::Root;
use crate::preflight::{MissingFact, Verdict};

pub(super) fn call(arguments: &Arguments<'_>, root: &Root) -> Result<Fields, ArgumentError> {
    arguments.allow_only(PREFLIGHT.arguments)?;
    // As in the hook, a variable in a body is an error: nothing fills it in before the body is sent.
    let checked = arguments.check(root, true)?;
    let review = Review::new(&checked.report);
    let mut fields = Fields::new();
    fields.insert("verdict".into(), review.verdict.as_str().into());
    fields.insert("next".into(), next_step(&review).into());
    fields.insert("counts".into(), counts(&checked.report.summary));
    fields.insert("body_sha256".into(), checked.sha256().map_or(Json::Null, Json::from));
    let questions = review.questions.iter().map(|(diagnostic, question)| question_to_json(diagnostic, question));
    let convert = |diagnostics: &[&Diagnostic]| {
        diagnostics.iter().map(|diagnostic| to_json(&checked.report, diagnostic)).collect::<Vec<Json>>()
    };
    add_lists(
        &mut fields,
        vec![
            ("must_fix", convert(&review.must_fix)),
            ("ask_user", questions.collect()),
            ("look_at", convert(&review.look_at)),
            ("unverified", review.unverified.iter().map(missing_fact).collect()),
        ],
    );
    Ok(fields)
}

fn counts(summary: &Summary) -> Json {
    let Summary { errors, warnings, advice, allowed, unverified, .. } = summary;
    json!({ "errors": errors, "warnings": warnings, "advice": advice, "allowed": allowed, "unverified": unverified })
}

fn missing_fact(fact: &MissingFact) -> Json {
    json!({ "reason": escape_message(&fact.reason), "verify": VERIFY })
}

/// What to do next, in fixed words.
fn next_step(review: &Review<'_>) -> &'static str {
    match review.verdict {
        Verdict::Go => "Send exactly this body.",
        Verdict::Review if review.questions.is_empty() => {
            "Show look_at and unverified to the user. Send exactly this body only if the user agrees."
        }
        Verdict::NoGo if review.questions.is_empty() => {
            "Do not send this body. Resolve must_fix, then call this tool again."
        }
        Verdict::Review | Verdict::NoGo => {
            "Do not send this body. Ask the user the questions in ask_user, and do not invent values. Resolve must_fix, then call \
             this tool again."
        }
    }
}
