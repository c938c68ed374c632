//! The account snapshot of a run: read before the files, judged like them, in the report and no file of the run.

use super::decide::set_severity;
use super::{check_file, show, unread};
use crate::account::Account;
use crate::diagnostic::Home;
use crate::document::{self, Parsed, SyntaxError};
use crate::input::Input;
use crate::load::load;
use crate::report::Checked;
use crate::rules::RULES;
use crate::rules::context::{AccountContext, Beside, Said};
use crate::schema::{Schema, judge_own};
use crate::settings::Settings;
use crate::source::{Source, Trouble};

/// What came of reading it.
type Text = Result<Source, Trouble>;

/// Reads it. A walk that came across it took it for one of the files.
pub fn take(input: &Input, inputs: &mut Vec<Input>, settings: &Settings) -> Text {
    inputs.retain(|other| other.name != input.name);
    load(input, settings.project(input).limits.file_bytes, Vec::new())
}

/// Its tree; of what cannot be read, none.
pub fn parse<'t>(text: &'t Text, settings: &Settings) -> Parsed<'t> {
    let limits = &settings.projects[0].limits;
    text.as_ref().map(|source| document::parse(source, limits)).unwrap_or_default()
}

/// What it tells; nothing when nothing could be read: the account was given all the same.
pub fn account<'p>(parsed: &'p Parsed<'_>) -> Account<'p> {
    let is_beyond_limits = parsed.errors.iter().any(SyntaxError::is_limit);
    parsed.documents.first().filter(|_| !is_beyond_limits).map(Account::of).unwrap_or_default()
}

/// What is wrong with it.
pub fn look(input: &Input, text: &Text, parsed: &Parsed<'_>, settings: &Settings, beside: Beside<'_>) -> Checked {
    let source = match text {
        Ok(source) => source,
        Err(trouble) => return Checked { listed: false, ..unread(input, trouble) },
    };
    let mut said = Said::default();
    check_file(None, source, parsed, &[], &[], &mut said);
    let is_beyond_limits = parsed.errors.iter().any(SyntaxError::is_limit);
    if let Some(document) = parsed.documents.first().filter(|_| !is_beyond_limits) {
        let violations = &judge_own(document, Schema::Account)[..];
        for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
            if let Some(look) = rule.account {
                look(&mut AccountContext { violations, beside, code: rule.code, raised: &mut said.raised });
            }
        }
    }
    set_severity(&mut said.raised, settings.project(input), None);
    Checked { raised: said.raised, ..Checked::default() }
}

/// Puts it behind the files, tells all findings that it stands there, and shows it if one of them speaks of it.
pub fn add(
    input: &Input,
    own: Checked,
    text: &Text,
    parsed: &Parsed<'_>,
    inputs: &mut Vec<Input>,
    checked: &mut Vec<Checked>,
) {
    let place = checked.len();
    let mut is_spoken_of = !own.raised.is_empty();
    let findings = checked.iter_mut().flat_map(|file| &mut file.raised).map(|raised| &mut raised.finding);
    for note in findings.flat_map(|finding| &mut finding.notes).filter(|note| note.home == Home::Account) {
        note.home = Home::File(place);
        is_spoken_of = true;
    }
    if !is_spoken_of {
        return;
    }
    inputs.push(input.clone());
    checked.push(own);
    if let Ok(source) = text {
        show(&mut checked[place], source, parsed);
    }
}
