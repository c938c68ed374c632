//! `--online`: what was typed about it and stands in the environment, and the asking before a check.
//!
//! Nothing of it is read from a file of the project: who changes one must not be able to send the key elsewhere.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as Options, ValueEnum};

use super::Failure;
use super::openapi::OpenApiArg;
use crate::base::file::InputFile;
use crate::settings::Settings;

#[derive(Debug, Options)]
pub(super) struct Online {
    /// Ask RevCent (key: `REVCENT_API_KEY`), DNS and the hosts as well; =captcha also sends the reCAPTCHA secrets to their
    /// verifier
    #[arg(value_name = "captcha", num_args = 0..=1, require_equals = true, hide_possible_values = true)]
    #[arg(default_missing_value = "usual", display_order = 110)]
    #[arg(long = "online")]
    pub extent: Option<Extent>,
    /// Where RevCent's API is
    #[arg(help = "Where RevCent's API is [default: REVCENT_API_URL, or https://api.revcent.com/v2]")]
    #[arg(long, value_name = "URL", requires = "extent", hide_short_help = true, display_order = 111)]
    pub api_url: Option<String>,
    /// RevCent's OpenAPI document (JSON or YAML): its schemas hold in place of the built-in ones and, with --online, its paths
    #[arg(long, value_name = "FILE", hide_short_help = true, display_order = 112)]
    pub openapi: Option<PathBuf>,
    /// The DNS server to ask [default: those of the system]
    #[arg(long, value_name = "ADDR:PORT", requires = "extent", hide_short_help = true, display_order = 113)]
    pub dns_server: Option<SocketAddr>,
    /// Certificates to trust beside the usual ones
    #[arg(long, value_name = "PEM", requires = "extent", hide_short_help = true, display_order = 114)]
    pub ca_file: Option<PathBuf>,
    /// Connect to another address in place of a host and port; may be given several times
    #[arg(long, value_name = "HOST:PORT:ADDR:PORT", requires = "extent", hide_short_help = true, display_order = 115)]
    pub connect_to: Vec<String>,
    /// How long each question may take
    #[arg(long, value_name = "SECONDS", requires = "extent", value_parser = seconds, default_value = "5")]
    #[arg(hide_short_help = true, display_order = 116)]
    pub probe_timeout: Duration,
    /// How long all questions may take
    #[arg(long, value_name = "SECONDS", requires = "extent", value_parser = seconds, default_value = "30")]
    #[arg(hide_short_help = true, display_order = 117)]
    pub run_timeout: Duration,
}

/// How much is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Extent {
    /// All but secrets.
    #[value(hide = true)]
    Usual,
    /// Secrets, too.
    Captcha,
}

fn seconds(typed: &str) -> Result<Duration, String> {
    const MAX_SECONDS: f64 = 86_400.0;
    match typed.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= MAX_SECONDS => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("a number of seconds is wanted, more than 0".into()),
    }
}

#[cfg(feature = "online")]
pub(super) use asking::{ask, net, waiting};

/// There is nothing to ask with.
#[cfg(not(feature = "online"))]
pub(super) fn ask(
    _: &Online,
    _: Extent,
    _: Option<&OpenApiArg>,
    _: &mut Vec<InputFile>,
    _: &mut Settings,
    _: bool,
) -> Result<(), Failure> {
    Err(Failure::Usage(NOTHING_TO_ASK_WITH.into()))
}

#[cfg(not(feature = "online"))]
pub(super) const NOTHING_TO_ASK_WITH: &str = "this portal-lint was built without network code, so there is no --online";

#[cfg(feature = "online")]
mod asking {
    use std::io::{self, IsTerminal, Write};
    use std::path::Path;
    use std::sync::mpsc::{RecvTimeoutError, channel};

    use super::{Duration, Extent, Failure, InputFile, Online, OpenApiArg, Settings};
    use crate::base::read::read_named;
    use crate::engine::online_queries::{collect_queries, tracking_domain_hosts};
    use crate::online::Answers;
    use crate::online::net::{BaseUrl, Client, DEFAULT_BASE, FetchedAccount, NetOptions, OperationPaths, Proxies};
    use crate::rules::wording::quote;

    /// The bytes of the largest file of certificates that is read.
    const MOST_CERTIFICATES: u64 = 64 << 20;

    /// Asks what the portals of the run ask, and puts the answers where the check looks for them.
    pub(crate) fn ask(
        options: &Online,
        extent: Extent,
        openapi: Option<&OpenApiArg>,
        inputs: &mut Vec<InputFile>,
        settings: &mut Settings,
        for_people: bool,
    ) -> Result<(), Failure> {
        let (net, _) = net(options, openapi)?;
        let mut asked = collect_queries(inputs, settings, extent == Extent::Captcha);
        waiting(&net, for_people, || {
            let FetchedAccount { data, unanswered, mode } = net.fetch_account(&asked);
            // Without a key nothing was told, and that is the answer: an older snapshot does not take its place unsaid.
            let account = Some(data).filter(|_| asked.needs_account());
            settings.answers = Answers { is_online: true, account, unanswered, mode, ..Answers::default() };
            if asked.wants_hosts {
                asked.hosts.extend(tracking_domain_hosts(inputs, settings, &asked));
            }
            let Answers { hosts, senders, secrets, .. } = net.run_probes(&asked);
            settings.answers = Answers { hosts, senders, secrets, ..std::mem::take(&mut settings.answers) };
        });
        Ok(())
    }

    /// What is asked with, and whether there is a key for the account.
    pub(crate) fn net(options: &Online, openapi: Option<&OpenApiArg>) -> Result<(Client, bool), Failure> {
        let wrong = |what: &str, why: &str| Failure::Usage(format!("{what}: {why}"));
        let variable = |name: &str| {
            std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let key = variable("REVCENT_API_KEY");
        if key.as_ref().is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(wrong("REVCENT_API_KEY", "it holds what no key holds"));
        }
        let (whence, url) = match (&options.api_url, variable("REVCENT_API_URL")) {
            (Some(url), _) => ("--api-url", url.clone()),
            (None, Some(url)) => ("REVCENT_API_URL", url),
            (None, None) => ("--api-url", DEFAULT_BASE.to_owned()),
        };
        let base = BaseUrl::parse(&url).map_err(|why| wrong(whence, &why))?;
        let read = |path: &Path| {
            let read = read_named(path, MOST_CERTIFICATES);
            read.map_err(|trouble| wrong(&quote(&path.to_string_lossy()), &trouble.to_string()))
        };
        let paths = match openapi {
            Some(given) => OperationPaths::from_openapi(&given.document, &base).map_err(|why| given.wrong(&why))?,
            None => OperationPaths::default(),
        };
        let overrides =
            options.connect_to.iter().map(|way| way.parse().map_err(|why: String| wrong("--connect-to", &why)));
        let proxies = Proxies::from_env(variable);
        let proxies = proxies.map_err(|name| wrong(name, "it names no proxy, such as `http://proxy.acme.com:8080`"))?;
        let has_key = key.is_some();
        let asking = NetOptions {
            key,
            base,
            paths,
            dns_server: options.dns_server,
            authorities: options.ca_file.as_deref().map(read).transpose()?,
            connect_to: overrides.collect::<Result<_, _>>()?,
            proxies,
            probe_limit: options.probe_timeout,
            run_limit: options.run_timeout,
        };
        let file = options.ca_file.as_deref().map(|path| quote(&path.to_string_lossy())).unwrap_or_default();
        Ok((Client::new(asking).map_err(|why| wrong(&file, &why))?, has_key))
    }

    /// Who waits at a terminal for more than a moment is told what for.
    pub(crate) fn waiting<T>(net: &Client, for_people: bool, ask: impl FnOnce() -> T) -> T {
        const A_MOMENT: Duration = Duration::from_secs(1);
        if !for_people || !io::stderr().is_terminal() {
            return ask();
        }
        let (done, is_done) = channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut end = "";
                while is_done.recv_timeout(A_MOMENT) == Err(RecvTimeoutError::Timeout) {
                    let (done, all) = net.progress.counts();
                    // Nothing is lost when this cannot be written.
                    let _ = write!(io::stderr(), "\r\x1b[Kasking over the network: {done} of {all} answers");
                    end = "\r\x1b[K";
                }
                let _ = write!(io::stderr(), "{end}");
            });
            let answers = ask();
            drop(done);
            answers
        })
    }
}
