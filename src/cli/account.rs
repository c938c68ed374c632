//! `portal-lint account pull`: the snapshot that later runs are checked against without the network.

use std::io::Write;

use super::Failure;
use super::args::Pull;

/// Asks, writes, and says what is in it and what is not.
pub fn pull(options: &Pull, out: &mut dyn Write) -> Result<u8, Failure> {
    if options.online.extent.is_none() {
        return Err(Failure::Usage("`account pull` asks RevCent over the network: add --online".into()));
    }
    pulling::pull(options, out)
}

#[cfg(not(feature = "online"))]
mod pulling {
    use super::{Failure, Pull, Write};
    use crate::cli::online::NOTHING_TO_ASK_WITH;

    pub fn pull(_: &Pull, _: &mut dyn Write) -> Result<u8, Failure> {
        Err(Failure::Usage(NOTHING_TO_ASK_WITH.into()))
    }
}

#[cfg(feature = "online")]
mod pulling {
    use std::io::{self, Write};
    use std::path::{Path, PathBuf};

    use super::{Failure, Pull};
    use crate::account::Kind;
    use crate::check::ask::questions;
    use crate::cli::online::{net, waiting};
    use crate::cli::openapi::Given;
    use crate::cli::replace::put;
    use crate::discover::{beside, discover};
    use crate::document::slot::Slot;
    use crate::document::{Limits, parse};
    use crate::input::{Input, Origin};
    use crate::load::load;
    use crate::online::net::Pull as Pulled;
    use crate::online::pulled::{List, Older, older};
    use crate::render::plain;
    use crate::rules::words::{count, quote};
    use crate::secrets::Secrets;
    use crate::settings::Settings;
    use crate::settings::project::Project;
    use crate::settings::projects::{self, Projects};
    use crate::source::Trouble;

    /// What it is called where the settings do not say.
    const USUAL: &str = "revcent-account.json";

    pub fn pull(options: &Pull, out: &mut dyn Write) -> Result<u8, Failure> {
        let paths = if options.paths.is_empty() { vec![PathBuf::from(".")] } else { options.paths.clone() };
        let mut projects = Projects::new(&projects::Settings::Nearest, &paths);
        let inputs = discover(&paths, &mut projects, false);
        let here = Path::new(".").canonicalize().unwrap_or_default();
        let number = projects.of_folder(&here);
        let project = projects.get(number);
        let target = options.output.clone().map_or_else(|| of_settings(project, &here), Ok)?;
        let old = Old::read(&target, &project.limits)?;
        let settings = Settings { projects: projects.into_vec(), ..Settings::default() };
        let openapi = Given::read(options.online.openapi.as_deref())?;
        let (net, has_key) = net(&options.online, openapi.as_ref())?;
        if !has_key {
            return Err(Failure::Usage("RevCent asks for a key: set REVCENT_API_KEY".into()));
        }
        let mut asked = questions(&inputs, &settings, false);
        asked.everything = true;
        let mut told = waiting(&net, true, || net.pull(&asked));
        complain(&told, &secrets(&inputs, &settings))?;
        let name = quote(&target.to_string_lossy());
        if told.pulled.0.is_empty() {
            writeln!(io::stderr(), "portal-lint: nothing was pulled, and {name} is as it was")?;
            return Ok(3);
        }
        let Old { bytes, older: Older { profiles, lists } } = old;
        keep(&mut told, lists)?;
        let has_profiles = profiles.is_some();
        let text = told.pulled.text(settings.today, profiles);
        put(&target, bytes.as_deref(), text.as_bytes())
            .map_err(|refusal| Failure::Usage(format!("{name} cannot be written: {refusal}")))?;
        say(&name, &told, has_profiles, out)?;
        Ok(if told.untold.is_empty() { 0 } else { 3 })
    }

    fn say(name: &str, told: &Pulled, has_profiles: bool, out: &mut dyn Write) -> io::Result<()> {
        let lists = Kind::ALL.iter().filter_map(|kind| Some((kind, told.pulled.0.get(kind)?)));
        let counts: Vec<String> = lists.map(|(kind, list)| count(list.things.len(), kind.word())).collect();
        writeln!(out, "{name}: {}", counts.join(", "))?;
        writeln!(out, "{}", told.mode)?;
        if has_profiles {
            writeln!(out, "the SMTP profiles of the older snapshot are kept")
        } else {
            writeln!(out, "SMTP profiles cannot be asked for: add `smtp_profiles` by hand")
        }
    }

    /// The snapshot that the settings of the current folder name. Whoever wrote them may be somebody else than who runs
    /// this: what they name is written to only where they are.
    fn of_settings(project: &Project, here: &Path) -> Result<PathBuf, Failure> {
        let usual = || beside(Path::new(USUAL));
        let named = project.account.clone().unwrap_or_else(usual);
        let root = project.root.as_deref().unwrap_or(here);
        if !named.real_path().is_some_and(|path| path.starts_with(root)) {
            let name = quote(&named.name);
            return Err(Failure::Usage(format!(
                "{name} is outside the project, and is left as it is: to write it, name it with --output"
            )));
        }
        Ok(named.path().unwrap_or(Path::new(USUAL)).to_owned())
    }

    /// Says what was not told and why. An answer may say again what a portal holds.
    fn complain(told: &Pulled, secrets: &Secrets) -> io::Result<()> {
        for ((kind, id), why) in &told.untold {
            let (word, why) = (kind.word(), plain(&secrets.cover(why.to_string())));
            match id {
                Some(id) => writeln!(io::stderr(), "portal-lint: the {word} {}: {why}", quote(id))?,
                None => writeln!(io::stderr(), "portal-lint: the list of {word}s: {why}")?,
            }
        }
        Ok(())
    }

    /// The secrets of all files that were looked at.
    fn secrets(inputs: &[Input], settings: &Settings) -> Secrets {
        inputs.iter().fold(Secrets::default(), |secrets, input| {
            let limits = &settings.project(input).limits;
            let Ok(source) = load(input, limits.file_bytes, Vec::new()) else { return secrets };
            secrets.and(&Secrets::find(&source, &parse(&source, limits)))
        })
    }

    /// What could not be asked for stays as the older snapshot has it, and who reads it is told that it may not be all.
    fn keep(told: &mut Pulled, lists: Vec<(Kind, List)>) -> io::Result<()> {
        for (kind, list) in lists {
            if told.untold.contains_key(&(kind, None)) && told.pulled.keep(kind, list) {
                let word = kind.word();
                writeln!(io::stderr(), "portal-lint: the {word}s of the older snapshot are kept, marked `partial`")?;
            }
        }
        Ok(())
    }

    /// What is there already.
    #[derive(Default)]
    struct Old {
        bytes: Option<Vec<u8>>,
        older: Older,
    }

    impl Old {
        /// What is no snapshot is not written over, and of one that cannot be read somebody's work would be lost.
        fn read(target: &Path, limits: &Limits) -> Result<Self, Failure> {
            let name = target.to_string_lossy();
            let wrong = |why: &str| Failure::Usage(format!("{} {why}, and is left as it is", quote(&name)));
            let input = beside(target);
            // What is no file is not even opened: a pipe would never end.
            let loaded = match &input.origin {
                Origin::Nowhere(trouble) => Err(trouble.clone()),
                _ => load(&input, limits.file_bytes, Vec::new()),
            };
            let source = match loaded {
                Ok(source) => source,
                Err(Trouble::Missing) if target.is_symlink() => return Err(wrong("is a link to what is not there")),
                Err(Trouble::Missing) => return Ok(Self::default()),
                Err(trouble) => return Err(wrong(&words(&trouble))),
            };
            let parsed = parse(&source, limits);
            let Some(document) = parsed.documents.first().filter(|_| parsed.errors.is_empty()) else {
                return Err(wrong("cannot be read as a snapshot"));
            };
            let root = Slot::root(document);
            if !root.at("version").is_there() || !root.at("pulled").is_there() {
                return Err(wrong("is no snapshot of an account"));
            }
            let older = older(document)
                .ok_or_else(|| wrong("holds what JSON cannot hold, such as a number in another notation"))?;
            drop(parsed);
            Ok(Self { bytes: Some(source.into_bytes()), older })
        }
    }

    fn words(trouble: &Trouble) -> String {
        match trouble {
            Trouble::Missing => "is not there".into(),
            Trouble::Forbidden => "may not be read".into(),
            Trouble::NotAFile(what) => format!("is {what}, not a file"),
            Trouble::TooLarge { limit, .. } => format!("is larger than {limit} bytes"),
            Trouble::Io(reason) => format!("cannot be read: {reason}"),
            Trouble::Utf16 | Trouble::NotUtf8 { .. } | Trouble::Nul { .. } => "is no UTF-8 text".into(),
        }
    }
}
