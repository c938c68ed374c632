//! `portal-lint account pull`: writes a snapshot of the account, with which later runs compare portals without the network.

use std::io::Write;

use super::args::Pull;
use super::{Failure, refuse};

/// Queries the account, writes the snapshot, and prints what it contains and what it lacks.
pub(super) fn pull(options: &Pull, out: &mut dyn Write) -> Result<u8, Failure> {
    if options.online.extent.is_none() {
        return refuse("`account pull` queries RevCent over the network: add --online");
    }
    pull_account::pull(options, out)
}

#[cfg(not(feature = "online"))]
mod pull_account {
    use super::{Failure, Pull, Write, refuse};
    use crate::cli::online::NO_NETWORK_CODE;

    pub(super) fn pull(_: &Pull, _: &mut dyn Write) -> Result<u8, Failure> {
        refuse(NO_NETWORK_CODE)
    }
}

#[cfg(feature = "online")]
mod pull_account {
    use std::collections::BTreeMap;
    use std::io::{self, Write};
    use std::path::{Path, PathBuf};

    use super::{Failure, Pull, refuse};
    use crate::base::file::{InputFile, Origin, display_path, path_from_current};
    use crate::base::folders::current_folder;
    use crate::base::load::load;
    use crate::base::read::open_file;
    use crate::base::read_error::ReadError;
    use crate::base::sanitize::sanitize;
    use crate::base::source::{Format, Source};
    use crate::cli::atomic_write::{check_can_write, create_or_replace};
    use crate::cli::bind_hints;
    use crate::cli::boundary::folder_around;
    use crate::cli::online::{ensure_one_account, network_client, with_progress};
    use crate::cli::openapi::OpenApiArg;
    use crate::cli::streams::stderr;
    use crate::engine::discovery::{discover, resolve_internal, sort_and_dedup};
    use crate::engine::online_queries::{checked_accounts, collect_queries};
    use crate::model::account::{Account, ObjectKind};
    use crate::online::net::FetchedAccount;
    use crate::online::snapshot_text::{ManualEntries, PreviousSnapshot, SnapshotList, parse_previous};
    use crate::rules::wording::{pluralize, quote};
    use crate::schema::{EmbeddedSchema, validate_own_file};
    use crate::settings::Settings;
    use crate::settings::project::Project;
    use crate::settings::projects::{self, Projects};
    use crate::syntax::cursor::Cursor;
    use crate::syntax::{Limits, Parsed, parse};

    /// The file name of the snapshot if the settings do not have one.
    const DEFAULT_FILE: &str = "revcent-account.json";

    pub(super) fn pull(options: &Pull, out: &mut dyn Write) -> Result<u8, Failure> {
        let (inputs, mut projects) = find_portals(&options.paths)?;
        let current = current_folder();
        let project_index = projects.index_for_folder(&current);
        let settings = Settings { projects: projects.into_vec(), ..Settings::default() };
        let project = &settings.projects[project_index];
        let limits = project.limits;
        let scopes = checked_accounts(&inputs, &settings);
        ensure_one_account(&scopes, &settings)?;
        let (target, within) = if let Some(file) = &options.output_file {
            (file.clone(), folder_around(file))
        } else {
            let scope = scopes.iter().find(|scope| scope.project == project_index);
            target_in_settings(project, scope.map_or(0, |scope| scope.environment), &current)?
        };
        let ExistingFile { bytes, snapshot: PreviousSnapshot { manual_entries, lists }, is_yaml } =
            ExistingFile::read(&target, &within, &limits)?;
        let openapi = OpenApiArg::read(options.online.openapi.as_deref())?;
        let (client, has_key) = network_client(&options.online, openapi.as_ref())?;
        if !has_key {
            return refuse("RevCent requires an API key: set REVCENT_API_KEY");
        }
        let mut queries = collect_queries(inputs.clone(), &settings);
        // Later runs may check other portals, which have other IDs.
        queries.everything = true;
        let mut fetched = with_progress(&client, true, || client.fetch_account(&queries));
        print_unanswered(&fetched)?;
        let name = quote(&display_path(&path_from_current(&target)));
        if fetched.data.0.is_empty() {
            writeln!(stderr(), "portal-lint: nothing was fetched, and {name} was not changed")?;
            return Ok(3);
        }
        keep_previous_lists(&mut fetched, lists)?;
        let text = fetched.data.to_snapshot(settings.today, &manual_entries);
        if !is_within_limits(&text, &limits) {
            // A later run would reject the snapshot.
            let why = "the account exceeds the limits for reading it: increase `[limits]` in the settings";
            return refuse(format!("{name} was not changed: {why}"));
        }
        // Fails if the file has changed since it was read, because its manual entries would be lost.
        if let Err(refusal) = create_or_replace(&target, &within, bytes.as_deref(), text.as_bytes()) {
            return refuse(format!("{name} cannot be written: {refusal}"));
        }
        print_summary(&name, &fetched, &manual_entries, out)?;
        if is_yaml {
            writeln!(out, "it was YAML and is JSON now")?;
        }
        let source = Source::new(name.as_str(), text, Format::Json);
        if let Some(document) = parse(&source, &limits).documents.first() {
            bind_hints::print(inputs, &settings, &Account::from_document(document), out)?;
        }
        Ok(if fetched.unanswered.is_empty() { 0 } else { 3 })
    }

    /// The portals whose IDs are queried, and their projects.
    fn find_portals(paths: &[PathBuf]) -> Result<(Vec<InputFile>, Projects), Failure> {
        let mut paths = paths.to_vec();
        if paths.is_empty() {
            paths.push(PathBuf::from("."));
        }
        let mut projects = Projects::new(&projects::SettingsLookup::Nearest, &paths);
        let mut inputs = discover(&paths, &mut projects, false);
        sort_and_dedup(&mut inputs);
        check_readable(&inputs)?;
        Ok((inputs, projects))
    }

    /// Makes sure that all portals can be read. Otherwise their IDs would not be queried, and the snapshot could contain their
    /// secrets, which are unknown.
    fn check_readable(inputs: &[InputFile]) -> Result<(), Failure> {
        for input in inputs {
            let error = match (&input.origin, input.path()) {
                (Origin::Unreadable(error), _) => Some(error.clone()),
                (_, Some(path)) => open_file(path).err(),
                (_, None) => None,
            };
            if let Some(error) = error {
                return refuse(format!("{} {}", quote(&input.name), describe_read_error(&error)));
            }
        }
        Ok(())
    }

    /// Whether a later run can read the snapshot.
    fn is_within_limits(text: &str, limits: &Limits) -> bool {
        let source = Source::new("", text, Format::Json);
        text.len() as u64 <= limits.file_bytes && parse(&source, limits).errors.is_empty()
    }

    fn print_summary(
        name: &str,
        fetched: &FetchedAccount,
        manual_entries: &ManualEntries,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut counts = Vec::new();
        for kind in ObjectKind::ALL {
            if let Some(list) = fetched.data.0.get(&kind) {
                counts.push(pluralize(list.objects.len(), kind.label()));
            }
        }
        writeln!(out, "{name}: {}", counts.join(", "))?;
        writeln!(out, "{}", fetched.mode)?;
        if manual_entries.profiles.is_some() {
            writeln!(out, "the SMTP profiles of the older snapshot were kept")
        } else {
            writeln!(out, "the API does not return SMTP profiles: add `smtp_profiles` by hand")
        }
    }

    /// The snapshot file in the settings of the current folder, and the folder that it has to be in. The settings may come from
    /// somebody else, so a file outside their project is not written.
    fn target_in_settings(
        project: &Project,
        environment: usize,
        current: &Path,
    ) -> Result<(PathBuf, Vec<PathBuf>), Failure> {
        let named = match project.account(environment).named_file() {
            Some(file) => file.clone(),
            None => resolve_internal(Path::new(DEFAULT_FILE)),
        };
        let root = project.root.as_deref().unwrap_or(current);
        if !named.real_path().is_some_and(|path| path.starts_with(root)) {
            let name = quote(&named.name);
            return refuse(format!(
                "{name} is outside the project and was not changed: to write it, use --output-file"
            ));
        }
        Ok((named.path().unwrap_or(Path::new(DEFAULT_FILE)).to_owned(), vec![root.to_owned()]))
    }

    /// Prints what could not be fetched and why. Objects with the same reason share one line.
    fn print_unanswered(fetched: &FetchedAccount) -> io::Result<()> {
        let mut ids_by_reason: BTreeMap<(ObjectKind, &str), Vec<&str>> = BTreeMap::new();
        for ((kind, id), why) in &fetched.unanswered {
            match id {
                Some(id) => ids_by_reason.entry((*kind, &why.0)).or_default().push(id),
                None => writeln!(stderr(), "portal-lint: the list of {}s: {}", kind.label(), sanitize(&why.0))?,
            }
        }
        for ((kind, why), ids) in ids_by_reason {
            let others = if ids.len() > 1 { format!(" and {} more", ids.len() - 1) } else { String::new() };
            writeln!(stderr(), "portal-lint: the {} {}{others}: {}", kind.label(), quote(ids[0]), sanitize(why))?;
        }
        Ok(())
    }

    /// Keeps the data of the previous snapshot that could not be fetched again, and reports it.
    fn keep_previous_lists(fetched: &mut FetchedAccount, lists: Vec<(ObjectKind, SnapshotList)>) -> io::Result<()> {
        for (kind, mut older) in lists {
            let label = kind.label();
            let mut kept_objects = 0;
            for (unanswered_kind, id) in fetched.unanswered.keys() {
                if let Some(id) = id
                    && *unanswered_kind == kind
                    && fetched.data.add_older_fields(kind, id, &mut older)
                {
                    kept_objects += 1;
                }
            }
            if fetched.unanswered.contains_key(&(kind, None)) && fetched.data.add_older_objects(kind, older) {
                writeln!(stderr(), "portal-lint: the {label}s of the older snapshot were kept and marked `partial`")?;
            } else if kept_objects > 0 {
                let kept = pluralize(kept_objects, label);
                writeln!(stderr(), "portal-lint: the data of {kept} in the older snapshot was kept")?;
            }
        }
        Ok(())
    }

    /// The file that the snapshot replaces.
    #[derive(Default)]
    struct ExistingFile {
        /// `None` if the file does not exist.
        bytes: Option<Vec<u8>>,
        snapshot: PreviousSnapshot,
        /// Whether it is YAML, and not JSON in a file with a YAML extension.
        is_yaml: bool,
    }

    impl ExistingFile {
        /// Reads the file. Fails if it is not a snapshot, or if data in it would be lost.
        fn read(target: &Path, within: &[PathBuf], limits: &Limits) -> Result<Self, Failure> {
            let name = quote(&target.to_string_lossy());
            let unusable = |why: &str| Failure::Usage(format!("{name} {why}; it was not changed"));
            let source = match load(&resolve_internal(target), limits.file_bytes) {
                Ok(source) => Some(source),
                Err(ReadError::Missing) if target.is_symlink() => {
                    return Err(unusable("is a broken symlink"));
                }
                Err(ReadError::Missing) => None,
                Err(error) => return Err(unusable(&describe_read_error(&error))),
            };
            let snapshot = match &source {
                Some(source) => parse_snapshot(&parse(source, limits)).map_err(|why| unusable(&why))?,
                None => PreviousSnapshot::default(),
            };
            if let Err(why) = check_can_write(target, within, source.is_some()) {
                return refuse(format!("{name} cannot be written: {why}"));
            }
            let Some(source) = source else { return Ok(Self::default()) };
            let is_yaml = source.format() == Format::Yaml && !source.text().trim_start().starts_with('{');
            Ok(Self { bytes: Some(source.text().as_bytes().to_vec()), snapshot, is_yaml })
        }
    }

    /// Reads a snapshot. The error says why it cannot be replaced.
    fn parse_snapshot(parsed: &Parsed<'_>) -> Result<PreviousSnapshot, String> {
        let [document] = &parsed.documents[..] else { return Err("cannot be read as a snapshot".into()) };
        if !parsed.errors.is_empty() {
            return Err("cannot be read as a snapshot".into());
        }
        let root = Cursor::root(document);
        if !root.field("version").is_present() || !root.field("pulled").is_present() {
            return Err("is not an account snapshot".into());
        }
        if let Some(violation) = validate_own_file(document, EmbeddedSchema::Account).first() {
            let pointer = quote(&violation.cursor.location().pointer);
            return Err(format!("does not follow the schema of a snapshot at {pointer}"));
        }
        if root.has_duplicate_key_below() {
            return Err("has a duplicate key".into());
        }
        if !parsed.comments.is_empty() {
            return Err("has comments, which would be lost".into());
        }
        parse_previous(document)
            .ok_or_else(|| "has a value that JSON cannot represent, such as a number in another notation".into())
    }

    fn describe_read_error(error: &ReadError) -> String {
        match error {
            ReadError::Missing => "does not exist".into(),
            ReadError::Forbidden => "cannot be read: permission denied".into(),
            ReadError::NotAFile(kind) => format!("is {kind}, not a file"),
            ReadError::TooLarge { limit, .. } => format!("is larger than {limit} bytes"),
            ReadError::Io(reason) => format!("cannot be read: {reason}"),
            ReadError::Toml => "is TOML, not JSON".into(),
            ReadError::Utf16 | ReadError::Utf32 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. } => {
                "is not UTF-8 text".into()
            }
        }
    }
}
