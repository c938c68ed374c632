//! The account snapshots of a run: read before the files, judged like them, in the report and no files of the run.

use crate::base::date::Date;
use crate::base::diagnostic::FileRef;
use crate::base::file::{Inclusion, InputFile, Origin};
use crate::base::load::load;
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};
use crate::engine::file_results::{read_failed, run_file_rules};
use crate::engine::report::{FileResult, MaskedSource};
use crate::model::account::Account;
use crate::model::secrets::Secrets;
use crate::online::snapshot_text::{AccountData, parse_previous};
use crate::rules::RULES;
use crate::rules::config_contexts::AccountContext;
use crate::rules::context::{Environment, Sink};
use crate::schema::{EmbeddedSchema, validate_own_file};
use crate::settings::Settings;
use crate::syntax;
use crate::syntax::{Limits, Parsed, SyntaxError};

/// What is shown as the file of an account that was asked just now.
const FRESH: &str = "<account>";

/// A snapshot, and which projects ask it.
pub(super) struct Snapshot {
    /// Its file; it is of the first of the projects.
    input: InputFile,
    limits: Limits,
    projects: Vec<usize>,
    text: Result<Source, ReadError>,
}

/// Reads each snapshot once. A walk that came across one took it for one of the files. What the account was asked for just
/// now takes the place of all of them.
pub(super) fn take(inputs: &mut Vec<InputFile>, settings: &Settings) -> Vec<Snapshot> {
    let pulled = settings.answers.account.as_ref();
    let nowhere = pulled.map(|_| InputFile {
        name: FRESH.into(),
        origin: Origin::Memory(b"{}".into()),
        inclusion: Inclusion::Internal,
        project: 0,
    });
    let mut snapshots: Vec<Snapshot> = Vec::new();
    for (number, project) in settings.projects.iter().enumerate() {
        let Some(account) = project.account.as_ref().or(nowhere.as_ref()) else { continue };
        let real = account.real_path();
        if let Some(known) = snapshots.iter_mut().find(|known| known.input.real_path() == real) {
            known.projects.push(number);
        } else if inputs.iter().any(|input| input.project == number) {
            let name = |input: &InputFile| input.path().and_then(|path| Some(path.file_name()?.to_owned()));
            let own = name(account);
            inputs.retain(|other| name(other) != own || other.real_path() != real);
            let text = load(account, project.limits.file_bytes, Vec::new());
            let input = InputFile { project: number, ..account.clone() };
            let snapshot = Snapshot { input, limits: project.limits, projects: vec![number], text };
            snapshots.push(match pulled {
                Some(pulled) => snapshot.renewed(pulled, settings.today),
                None => snapshot,
            });
        }
    }
    snapshots
}

impl Snapshot {
    /// What was pulled, with the SMTP profiles of this one: nobody but people knows them.
    fn renewed(self, pulled: &AccountData, today: Date) -> Self {
        /// An answer is as large as it is: how much is read of it was decided when it was pulled.
        const LIMITS: Limits = Limits { file_bytes: u64::MAX, depth: 256, nodes: usize::MAX };
        let parsed = self.parse();
        let manual_entries = parsed.documents.first().and_then(parse_previous).unwrap_or_default().manual_entries;
        let trouble = self.text.as_ref().err().filter(|trouble| !self.is_to_come(trouble)).cloned();
        let text = trouble
            .map_or_else(|| Ok(Source::new(FRESH, pulled.to_snapshot(today, &manual_entries), Format::Json)), Err);
        drop(parsed);
        Self { input: InputFile { name: FRESH.into(), ..self.input }, limits: LIMITS, projects: self.projects, text }
    }

    /// Whether the settings name it and nobody has pulled it yet: the answers say what it would. One that was named on the
    /// command line was looked for before, and is no [`Origin::Disk`] when it is not there.
    fn is_to_come(&self, trouble: &ReadError) -> bool {
        *trouble == ReadError::Missing && matches!(self.input.origin, Origin::Disk(_))
    }

    /// Its tree; of what cannot be read, none.
    pub(super) fn parse(&self) -> Parsed<'_> {
        self.text.as_ref().map(|source| syntax::parse(source, &self.limits)).unwrap_or_default()
    }

    /// Whether a project asks it.
    pub(super) fn is_of(&self, project: usize) -> bool {
        self.projects.contains(&project)
    }

    /// The project that it was found by.
    pub(super) fn first_project(&self) -> usize {
        self.input.project
    }

    /// What is wrong with it.
    fn look(&self, parsed: &Parsed<'_>, settings: &Settings, environment: Environment<'_>) -> FileResult {
        let source = match &self.text {
            Ok(source) => source,
            Err(trouble) => return FileResult { listed: false, ..read_failed(&self.input, trouble) },
        };
        let mut said = Sink::default();
        run_file_rules(None, source, parsed, &[], &[], &mut said);
        let is_beyond_limits = parsed.errors.iter().any(SyntaxError::is_limit);
        if let Some(document) = parsed.documents.first().filter(|_| !is_beyond_limits) {
            let violations = &validate_own_file(document, EmbeddedSchema::Account)[..];
            for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
                if let Some(look) = rule.check_account {
                    look(&mut AccountContext {
                        violations,
                        environment,
                        code: rule.code,
                        findings: &mut said.findings,
                    });
                }
            }
        }
        FileResult { raised: said.findings, ..FileResult::default() }
    }

    /// Puts it behind the files, tells all findings of its projects that it stands there, and shows it if one of them
    /// speaks of it.
    pub(super) fn add(
        &self,
        parsed: &Parsed<'_>,
        settings: &Settings,
        environment: Environment<'_>,
        inputs: &mut Vec<InputFile>,
        checked: &mut Vec<FileResult>,
    ) {
        let own = self.look(parsed, settings, environment);
        let place = checked.len();
        let mut is_spoken_of = !own.raised.is_empty();
        let files = checked.iter_mut().zip(inputs.iter()).filter(|(_, input)| self.is_of(input.project));
        let findings = files.flat_map(|(file, _)| &mut file.raised).map(|raised| &mut raised.finding);
        for note in findings.flat_map(|finding| &mut finding.notes).filter(|note| note.file == FileRef::Account) {
            note.file = FileRef::File(place);
            is_spoken_of = true;
        }
        if !is_spoken_of {
            return;
        }
        inputs.push(self.input.clone());
        checked.push(own);
        if let Ok(source) = &self.text {
            let others = self.secrets_of_files(inputs, settings);
            let secrets = Secrets::find(source, parsed).with_other_files(&others, parsed);
            let source = secrets.mask_source(source);
            checked[place].shown = Some(Box::new(MaskedSource { source, secrets, decisions: Vec::new() }));
        }
    }

    /// What is secret in the files that ask it, for an account can repeat it: looked for only now that it is shown.
    fn secrets_of_files(&self, inputs: &[InputFile], settings: &Settings) -> Secrets {
        let own = inputs.iter().filter(|input| self.is_of(input.project));
        Secrets::from_files(own.filter_map(|input| {
            let limits = &settings.project(input).limits;
            let source = load(input, limits.file_bytes, Vec::new()).ok()?;
            Some(Secrets::find(&source, &syntax::parse(&source, limits)))
        }))
    }
}

/// What a snapshot tells; nothing when nothing could be read: the account was given all the same.
pub(super) fn account<'p>(parsed: &'p Parsed<'_>) -> Account<'p> {
    let is_beyond_limits = parsed.errors.iter().any(SyntaxError::is_limit);
    parsed.documents.first().filter(|_| !is_beyond_limits).map(Account::from_document).unwrap_or_default()
}
