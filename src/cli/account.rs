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
    use std::collections::BTreeMap;
    use std::fs;
    use std::io::{self, Write};
    use std::path::{Path, PathBuf};

    use super::{Failure, Pull};
    use crate::account::Kind;
    use crate::check::ask::questions;
    use crate::cli::online::{net, waiting};
    use crate::cli::replace::put;
    use crate::discover::discover;
    use crate::document::slot::Slot;
    use crate::document::{Limits, parse};
    use crate::online::Untold;
    use crate::online::net::Pull as Pulled;
    use crate::online::pulled::profiles;
    use crate::rules::words::{count, quote};
    use crate::settings::Settings;
    use crate::settings::projects::{self, Projects};
    use crate::source::{Format, Source};

    /// What it is called where the settings do not say.
    const USUAL: &str = "revcent-account.json";

    pub fn pull(options: &Pull, out: &mut dyn Write) -> Result<u8, Failure> {
        let paths = if options.paths.is_empty() { vec![PathBuf::from(".")] } else { options.paths.clone() };
        let mut projects = Projects::new(&projects::Settings::Nearest, &paths);
        let inputs = discover(&paths, &mut projects, false);
        let target = options.output.clone().unwrap_or_else(|| of_settings(&mut projects));
        let old = Old::read(&target)?;
        let settings = Settings { projects: projects.into_vec(), ..Settings::default() };
        let (net, has_key) = net(&options.online)?;
        if !has_key {
            return Err(Failure::Usage("RevCent asks for a key: set REVCENT_API_KEY".into()));
        }
        let mut asked = questions(&inputs, &settings, false);
        asked.everything = true;
        let Pulled { pulled, untold } = waiting(&net, true, || net.pull(&asked));
        complain_about(&untold)?;
        let name = quote(&target.to_string_lossy());
        if pulled.0.is_empty() {
            writeln!(io::stderr(), "portal-lint: nothing was pulled, and {name} is as it was")?;
            return Ok(3);
        }
        let kept = old.profiles.is_some();
        let text = pulled.text(settings.today, old.profiles);
        put(&target, old.bytes.as_deref(), text.as_bytes())
            .map_err(|refusal| Failure::Usage(format!("{name} cannot be written: {refusal}")))?;
        let lists = Kind::ALL.iter().filter_map(|kind| Some((kind, pulled.0.get(kind)?)));
        let counts: Vec<String> = lists.map(|(kind, list)| count(list.things.len(), kind.word())).collect();
        writeln!(out, "{name}: {}", counts.join(", "))?;
        if kept {
            writeln!(out, "the SMTP profiles of the older snapshot are kept")?;
        } else {
            writeln!(out, "SMTP profiles cannot be asked for: add `smtp_profiles` by hand")?;
        }
        Ok(if untold.is_empty() { 0 } else { 3 })
    }

    /// The snapshot that the settings of the current folder name.
    fn of_settings(projects: &mut Projects) -> PathBuf {
        let here = Path::new(".").canonicalize().unwrap_or_default();
        let number = projects.of_folder(&here);
        let named = projects.get(number).account.as_ref().and_then(|account| account.path());
        named.map_or_else(|| PathBuf::from(USUAL), Path::to_owned)
    }

    fn complain_about(untold: &BTreeMap<(Kind, Option<String>), Untold>) -> io::Result<()> {
        for ((kind, id), why) in untold {
            let word = kind.word();
            match id {
                Some(id) => writeln!(io::stderr(), "portal-lint: the {word} {}: {why}", quote(id))?,
                None => writeln!(io::stderr(), "portal-lint: the list of {word}s: {why}")?,
            }
        }
        Ok(())
    }

    /// What is there already.
    struct Old {
        bytes: Option<Vec<u8>>,
        profiles: Option<serde_json::Value>,
    }

    impl Old {
        /// What is no snapshot is not written over, and of one that cannot be read somebody's work would be lost.
        fn read(target: &Path) -> Result<Self, Failure> {
            let name = target.to_string_lossy().into_owned();
            let wrong = |why: &str| Failure::Usage(format!("{} {why}, and is left as it is", quote(&name)));
            let bytes = match fs::read(target) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(Self { bytes: None, profiles: None });
                }
                Err(error) => return Err(wrong(&format!("cannot be read: {error}"))),
            };
            let text = String::from_utf8(bytes.clone()).map_err(|_| wrong("is no text"))?;
            let format = Format::of_name(&name).unwrap_or(Format::Json);
            let source = Source::new(name.as_str(), text, format);
            let parsed = parse(&source, &Limits { file_bytes: u64::MAX, depth: 256, nodes: usize::MAX });
            let Some(document) = parsed.documents.first().filter(|_| parsed.errors.is_empty()) else {
                return Err(wrong("cannot be read as a snapshot"));
            };
            let root = Slot::root(document);
            if !root.at("version").is_there() || !root.at("pulled").is_there() {
                return Err(wrong("is no snapshot of an account"));
            }
            Ok(Self { profiles: profiles(document), bytes: Some(bytes) })
        }
    }
}
