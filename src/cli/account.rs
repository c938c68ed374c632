//! `portal-lint account pull`: the snapshot that later runs are checked against without the network.

use std::io::Write;

use super::Failure;
use super::args::Pull;

/// Asks, writes, and says what is in it and what is not.
pub(super) fn pull(options: &Pull, out: &mut dyn Write) -> Result<u8, Failure> {
    if options.online.extent.is_none() {
        return Err(Failure::Usage("`account pull` asks RevCent over the network: add --online".into()));
    }
    pulling::pull(options, out)
}

#[cfg(not(feature = "online"))]
mod pulling {
    use super::{Failure, Pull, Write};
    use crate::cli::online::NOTHING_TO_ASK_WITH;

    pub(super) fn pull(_: &Pull, _: &mut dyn Write) -> Result<u8, Failure> {
        Err(Failure::Usage(NOTHING_TO_ASK_WITH.into()))
    }
}

#[cfg(feature = "online")]
mod pulling {
    use std::collections::BTreeMap;
    use std::io::{self, Write};
    use std::path::{Path, PathBuf};

    use super::{Failure, Pull};
    use crate::base::file::{InputFile, Origin};
    use crate::base::load::load;
    use crate::base::read::open_file;
    use crate::base::read_error::ReadError;
    use crate::base::sanitize::sanitize;
    use crate::base::source::{Format, Source};
    use crate::cli::atomic_write::{may_put, put};
    use crate::cli::boundary::folder_around;
    use crate::cli::online::{net, waiting};
    use crate::cli::openapi::OpenApiArg;
    use crate::cli::streams::stderr;
    use crate::engine::discovery::{discover, resolve_internal};
    use crate::engine::online_queries::collect_queries;
    use crate::model::account::ObjectKind;
    use crate::online::net::FetchedAccount;
    use crate::online::snapshot_text::{ManualEntries, PreviousSnapshot, SnapshotList, parse_previous};
    use crate::rules::wording::{count, quote};
    use crate::schema::{EmbeddedSchema, validate_own_file};
    use crate::settings::Settings;
    use crate::settings::project::Project;
    use crate::settings::projects::{self, Projects};
    use crate::syntax::cursor::Cursor;
    use crate::syntax::{Limits, Parsed, parse};

    /// What it is called where the settings do not say.
    const USUAL: &str = "revcent-account.json";

    pub(super) fn pull(options: &Pull, out: &mut dyn Write) -> Result<u8, Failure> {
        let paths = if options.paths.is_empty() { vec![PathBuf::from(".")] } else { options.paths.clone() };
        let mut projects = Projects::new(&projects::SettingsLookup::Nearest, &paths);
        let inputs = discover(&paths, &mut projects, false);
        all_there(&inputs)?;
        let here = Path::new(".").canonicalize().unwrap_or_default();
        let number = projects.index_for_folder(&here);
        let project = projects.get(number);
        let limits = project.limits;
        let (target, within) = match &options.output {
            Some(file) => (file.clone(), folder_around(file)),
            None => of_settings(project, &here)?,
        };
        let Old { bytes, older: PreviousSnapshot { manual_entries, lists }, is_yaml } =
            Old::read(&target, &within, &limits)?;
        let settings = Settings { projects: projects.into_vec(), ..Settings::default() };
        let openapi = OpenApiArg::read(options.online.openapi.as_deref())?;
        let (net, has_key) = net(&options.online, openapi.as_ref())?;
        if !has_key {
            return Err(Failure::Usage("RevCent asks for a key: set REVCENT_API_KEY".into()));
        }
        let mut asked = collect_queries(&inputs, &settings, false);
        asked.everything = true;
        let mut fetched = waiting(&net, true, || net.fetch_account(&asked));
        complain(&fetched)?;
        let name = quote(&target.to_string_lossy());
        if fetched.data.0.is_empty() {
            writeln!(stderr(), "portal-lint: nothing was pulled, and {name} is as it was")?;
            return Ok(3);
        }
        keep(&mut fetched, lists)?;
        let text = fetched.data.to_snapshot(settings.today, &manual_entries);
        if !is_readable(&text, &limits) {
            let why = "the account is beyond the limits that it would be read with: raise `[limits]` in the settings";
            return Err(Failure::Usage(format!("{name} is left as it is: {why}")));
        }
        let cannot = |refusal| Failure::Usage(format!("{name} cannot be written: {refusal}"));
        put(&target, &within, bytes.as_deref(), text.as_bytes()).map_err(cannot)?;
        say(&name, &fetched, &manual_entries, out)?;
        if is_yaml {
            writeln!(out, "it was YAML, and is JSON now")?;
        }
        Ok(if fetched.unanswered.is_empty() { 0 } else { 3 })
    }

    /// What was named is there and can be read: ids that are not seen are not asked for, and secrets not known.
    fn all_there(inputs: &[InputFile]) -> Result<(), Failure> {
        for input in inputs {
            let lost = match (&input.origin, input.path()) {
                (Origin::Unreadable(trouble), _) => Some(trouble.clone()),
                (_, path) => path.and_then(|path| open_file(path).err()),
            };
            if let Some(lost) = lost {
                return Err(Failure::Usage(format!("{} {}", quote(&input.name), words(&lost))));
            }
        }
        Ok(())
    }

    /// Whether a later run could read it.
    fn is_readable(text: &str, limits: &Limits) -> bool {
        let source = Source::new("", text, Format::Json);
        text.len() as u64 <= limits.file_bytes && parse(&source, limits).errors.is_empty()
    }

    fn say(
        name: &str,
        fetched: &FetchedAccount,
        manual_entries: &ManualEntries,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let lists = ObjectKind::ALL.iter().filter_map(|kind| Some((kind, fetched.data.0.get(kind)?)));
        let counts: Vec<String> = lists.map(|(kind, list)| count(list.objects.len(), kind.label())).collect();
        writeln!(out, "{name}: {}", counts.join(", "))?;
        writeln!(out, "{}", fetched.mode)?;
        if manual_entries.profiles.is_some() {
            writeln!(out, "the SMTP profiles of the older snapshot are kept")
        } else {
            writeln!(out, "SMTP profiles cannot be asked for: add `smtp_profiles` by hand")
        }
    }

    /// The snapshot that the settings of the current folder name. Whoever wrote them may be somebody else than who runs
    /// this: what they name is written to only where they are.
    fn of_settings(project: &Project, here: &Path) -> Result<(PathBuf, Vec<PathBuf>), Failure> {
        let usual = || resolve_internal(Path::new(USUAL));
        let named = project.account.clone().or_else(|| project.outside_account.clone()).unwrap_or_else(usual);
        let root = project.root.as_deref().unwrap_or(here);
        if !named.real_path().is_some_and(|path| path.starts_with(root)) {
            let name = quote(&named.name);
            return Err(Failure::Usage(format!(
                "{name} is outside the project, and is left as it is: to write it, name it with --output"
            )));
        }
        Ok((named.path().unwrap_or(Path::new(USUAL)).to_owned(), vec![root.to_owned()]))
    }

    /// Says what was not told and why: what is so for many things once.
    fn complain(fetched: &FetchedAccount) -> io::Result<()> {
        let mut things: BTreeMap<(ObjectKind, &str), Vec<&str>> = BTreeMap::new();
        for ((kind, id), why) in &fetched.unanswered {
            match id {
                Some(id) => things.entry((*kind, &why.0)).or_default().push(id),
                None => writeln!(stderr(), "portal-lint: the list of {}s: {}", kind.label(), sanitize(&why.0))?,
            }
        }
        for ((kind, why), ids) in things {
            let others = if ids.len() > 1 { format!(" and {} more", ids.len() - 1) } else { String::new() };
            writeln!(stderr(), "portal-lint: the {} {}{others}: {}", kind.label(), quote(ids[0]), sanitize(why))?;
        }
        Ok(())
    }

    /// What could not be asked for stays as the older snapshot has it, and who reads it is told so.
    fn keep(fetched: &mut FetchedAccount, lists: Vec<(ObjectKind, SnapshotList)>) -> io::Result<()> {
        for (kind, mut older) in lists {
            let word = kind.label();
            let ids = fetched.unanswered.keys().filter_map(|(own, id)| id.as_deref().filter(|_| *own == kind));
            let kept = ids.filter(|id| fetched.data.add_older_fields(kind, id, &mut older)).count();
            if fetched.unanswered.contains_key(&(kind, None)) && fetched.data.add_older_objects(kind, older) {
                writeln!(stderr(), "portal-lint: the {word}s of the older snapshot are kept, marked `partial`")?;
            } else if kept > 0 {
                let kept = count(kept, word);
                writeln!(stderr(), "portal-lint: what the older snapshot tells of {kept} is kept")?;
            }
        }
        Ok(())
    }

    /// What is there already.
    #[derive(Default)]
    struct Old {
        bytes: Option<Vec<u8>>,
        older: PreviousSnapshot,
        /// Written as YAML, and not as the JSON that YAML can be.
        is_yaml: bool,
    }

    impl Old {
        /// What is no snapshot is not written over, and of one that cannot be read somebody's work would be lost.
        fn read(target: &Path, within: &[PathBuf], limits: &Limits) -> Result<Self, Failure> {
            let name = quote(&target.to_string_lossy());
            let wrong = |why: &str| Failure::Usage(format!("{name} {why}, and is left as it is"));
            let may = |is_there| {
                may_put(target, within, is_there)
                    .map_err(|why| Failure::Usage(format!("{name} cannot be written: {why}")))
            };
            let input = resolve_internal(target);
            // What is no file is not even opened: a pipe would never end.
            let loaded = match &input.origin {
                Origin::Unreadable(trouble) => Err(trouble.clone()),
                _ => load(&input, limits.file_bytes, Vec::new()),
            };
            let source = match loaded {
                Ok(source) => source,
                Err(ReadError::Missing) if target.is_symlink() => return Err(wrong("is a link to what is not there")),
                Err(ReadError::Missing) => return may(false).map(|()| Self::default()),
                Err(trouble) => return Err(wrong(&words(&trouble))),
            };
            let older = older_in(&parse(&source, limits)).map_err(|why| wrong(&why))?;
            may(true)?;
            let is_yaml = source.format() == Format::Yaml && !source.text().trim_start().starts_with('{');
            Ok(Self { bytes: Some(source.into_bytes()), older, is_yaml })
        }
    }

    /// What an older snapshot holds; nothing of one that says what would be lost.
    fn older_in(parsed: &Parsed<'_>) -> Result<PreviousSnapshot, String> {
        let [document] = &parsed.documents[..] else { return Err("cannot be read as a snapshot".into()) };
        if !parsed.errors.is_empty() {
            return Err("cannot be read as a snapshot".into());
        }
        let root = Cursor::root(document);
        if !root.field("version").is_present() || !root.field("pulled").is_present() {
            return Err("is no snapshot of an account".into());
        }
        if let Some(violation) = validate_own_file(document, EmbeddedSchema::Account).first() {
            let place = quote(&violation.cursor.location().pointer);
            return Err(format!("is not of the form of a snapshot at {place}"));
        }
        if document.has_duplicate_key() {
            return Err("holds a key twice".into());
        }
        if !parsed.comments.is_empty() {
            return Err("holds comments, which would be lost".into());
        }
        parse_previous(document)
            .ok_or_else(|| "holds what JSON cannot hold, such as a number in another notation".into())
    }

    fn words(trouble: &ReadError) -> String {
        match trouble {
            ReadError::Missing => "is not there".into(),
            ReadError::Forbidden => "may not be read".into(),
            ReadError::NotAFile(what) => format!("is {what}, not a file"),
            ReadError::TooLarge { limit, .. } => format!("is larger than {limit} bytes"),
            ReadError::Io(reason) => format!("cannot be read: {reason}"),
            ReadError::Utf16 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. } => "is no UTF-8 text".into(),
        }
    }
}
