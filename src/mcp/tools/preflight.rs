//! `preflight_portal`: returns the verdict, and what to do about it.

use serde_json::{Value as Json, json};

use super::Fields;
use crate::agent::escape::escape_message;
use crate::agent::own_tools::PREFLIGHT;
use crate::agent::review::Review;

use crate::engine::report::Summary;
use crate::mcp::arguments::{ArgumentError, Arguments};
use crate::mcp::finding::{findings_to_json, question_to_json};
use crate::mcp::root::Root;
use crate::mcp::short_findings::{fields_length, shorten_findings};
use crate::mcp::size_limit::add_lists;
use crate::preflight::{MissingFact, Verdict};

pub(super) fn call(arguments: &Arguments<'_>, root: &Root) -> Result<Fields, ArgumentError> {
    arguments.allow_only(PREFLIGHT.arguments)?;
    // As in the hook, a variable in a body is an error: nothing fills it in before the body is sent.
    let checked = arguments.check(root, true)?;
    let review = Review::new(&checked.report);
    let mut fields = Fields::new();
    fields.insert("verdict".into(), review.verdict.to_string().into());
    fields.insert("next".into(), next_step(&review).into());
    fields.insert("counts".into(), counts_to_json(&checked.report.summary));
    fields.insert("body_sha256".into(), checked.sha256().map_or(Json::Null, Json::from));
    let questions = review.questions.iter().map(|(diagnostic, question)| question_to_json(diagnostic, question));
    let lists = vec![
        ("must_fix", findings_to_json(&checked.report, review.must_fix)),
        ("ask_user", questions.collect()),
        ("look_at", findings_to_json(&checked.report, review.look_at)),
        ("unverified", review.unverified.iter().map(missing_fact_to_json).collect()),
    ];
    let lists = shorten_findings(lists, fields_length(&fields));
    add_lists(&mut fields, lists);
    Ok(fields)
}

fn counts_to_json(summary: &Summary) -> Json {
    let Summary { errors, warnings, advice, allowed, unverified, .. } = summary;
    json!({ "errors": errors, "warnings": warnings, "advice": advice, "allowed": allowed, "unverified": unverified })
}

fn missing_fact_to_json(fact: &MissingFact) -> Json {
    json!({ "reason": escape_message(&fact.reason) })
}

/// What to do next. The text is fixed, because a model may treat it as an instruction.
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
