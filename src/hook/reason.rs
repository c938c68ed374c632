//! The reasons that the hook gives. Each has at most 2,000 bytes, and says for each point what is wrong and what to do.

use crate::agent::check::Checked;
use crate::agent::escape::{escape_message, shorten};
use crate::agent::help::fixed_help;
use crate::agent::review::{Review, VERIFY};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::hook::body::BodyProblem;
use crate::preflight::Verdict;

/// The maximum number of bytes of a reason.
const MAX_LENGTH: usize = 2_000;

/// The reason for a decision about a body that was checked.
pub(super) fn describe(operation: &str, review: &Review<'_>, checked: &Checked) -> String {
    let mut lines = Vec::new();
    for (diagnostic, question) in &review.questions {
        lines.push(format!("{}. Ask the user: {question}", describe_defect(diagnostic, checked)));
    }
    let serious = review.look_at.iter().filter(|diagnostic| diagnostic.severity >= Severity::Warning);
    for diagnostic in review.must_fix.iter().chain(serious) {
        lines.push(format!("{}. To do: {}", describe_defect(diagnostic, checked), fixed_help(diagnostic)));
    }
    let start = if review.verdict == Verdict::NoGo {
        format!("portal-lint: no-go: {operation} was not sent. Resolve each point, then call the tool again.")
    } else {
        for fact in &review.unverified {
            let reason = escape_message(&fact.reason);
            lines.push(format!("- not verified: {reason}. To do: {VERIFY}"));
        }
        format!("portal-lint: review: a person has to decide whether {operation} may send this body.")
    };
    let digest = checked.sha256().map(|digest| format!("\nbody_sha256: {digest}")).unwrap_or_default();
    join_lines(&start, &lines, &digest)
}

fn describe_defect(diagnostic: &Diagnostic, checked: &Checked) -> String {
    let Diagnostic { code, severity, portal_pointer, message, .. } = diagnostic;
    let file = checked.report.file(diagnostic.file);
    let place = if !file.in_scope {
        // The settings or the account snapshot.
        shorten(&format!("{}#{portal_pointer}", file.name))
    } else if portal_pointer.is_empty() {
        "the body".to_owned()
    } else {
        shorten(portal_pointer)
    };
    format!("- {severity} {code} at {place}: {}", escape_message(message))
}

/// Joins as many lines as fit, and says how many are left out.
fn join_lines(start: &str, lines: &[String], end: &str) -> String {
    // "\n(1000 more points are not shown.)"
    const MAX_NOTE: usize = 40;
    let mut text = start.to_owned();
    for (index, line) in lines.iter().enumerate() {
        if text.len() + 1 + line.len() + MAX_NOTE + end.len() > MAX_LENGTH {
            let omitted = lines.len() - index;
            return format!("{text}\n({omitted} more points are not shown.){end}");
        }
        text.push('\n');
        text.push_str(line);
    }
    text + end
}

/// The reason for stopping a call whose body cannot be read.
pub(super) fn unreadable_body(operation: &str, problem: BodyProblem) -> String {
    let what = match problem {
        BodyProblem::Missing => "the call has no body. To do: pass the fields of the portal",
        BodyProblem::NotAnObject => "the body is neither an object nor JSON text. To do: pass the body as an object",
        BodyProblem::Several => "two arguments may be the body. To do: pass the body in one argument",
        BodyProblem::Code => {
            "code calls it, and its body cannot be checked. To do: call the tool of the operation with the fields of the portal"
        }
        BodyProblem::TooDeep => "the body is nested in too many objects. To do: pass the fields of the portal directly",
    };
    format!("portal-lint: no-go: {operation} was not sent, because {what}.")
}

/// The reason for stopping a call that cannot be read.
pub(super) fn unreadable_input(problem: &str) -> String {
    format!(
        "portal-lint: the hook's input may be a portal call, but it cannot be read: {problem}. The call was not sent. \
         To do: run `portal-lint preflight` on the body, and tell the user that the hook failed."
    )
}

/// The reason for stopping a call after a failure of the program itself.
pub(super) fn failure() -> String {
    "portal-lint failed while it checked this call, so the call was not sent. To do: tell the user, who can report the bug and \
     turn off the hook."
        .to_owned()
}
