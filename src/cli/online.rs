//! `--online`: its options and environment variables, and the check that queries the network.
//!
//! No network option is read from a file of the project: whoever changes such a file could send the API key to another server.

#[cfg(feature = "online")]
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as Options, ValueEnum};

use super::openapi::OpenApiArg;
use super::{Failure, refuse};
use crate::base::file::InputFile;
use crate::engine::report::Report;
#[cfg(feature = "online")]
use crate::rules::wording::quote;
use crate::settings::Settings;
#[cfg(feature = "online")]
use crate::settings::environments::AccountScope;

#[derive(Debug, Options)]
pub(super) struct Online {
    /// Also query RevCent (key: `REVCENT_API_KEY`), DNS, and the tracking domains; =captcha also sends the reCAPTCHA secrets to
    /// Google's verifier
    #[arg(value_name = "captcha", num_args = 0..=1, require_equals = true, hide_possible_values = true)]
    #[arg(default_missing_value = "usual", display_order = 120)]
    #[arg(long = "online")]
    pub extent: Option<Extent>,
    /// URL of RevCent's API
    #[arg(help = "URL of RevCent's API [default: REVCENT_API_URL, or https://api.revcent.com/v2]")]
    #[arg(long, value_name = "URL", requires = "extent", hide_short_help = true, display_order = 121)]
    pub api_url: Option<String>,
    /// RevCent's OpenAPI document (JSON or YAML), whose schemas and, with --online, API paths replace the built-in ones
    #[arg(long, value_name = "FILE", hide_short_help = true, display_order = 122)]
    pub openapi: Option<PathBuf>,
    /// DNS server to use [default: those of the system]
    #[arg(long, value_name = "ADDR:PORT", requires = "extent", hide_short_help = true, display_order = 123)]
    pub dns_server: Option<SocketAddr>,
    /// Additional trusted certificates
    #[arg(long, value_name = "PEM", requires = "extent", hide_short_help = true, display_order = 124)]
    pub ca_file: Option<PathBuf>,
    /// Connect to another address for a host and port, as in curl; can be repeated
    #[arg(long, value_name = "HOST:PORT:ADDR:PORT", requires = "extent", hide_short_help = true, display_order = 125)]
    pub connect_to: Vec<String>,
    /// Time limit for each query
    #[arg(long, value_name = "SECONDS", requires = "extent", value_parser = seconds, default_value = "5")]
    #[arg(hide_short_help = true, display_order = 126)]
    pub probe_timeout: Duration,
    /// Time limit for all queries
    #[arg(long, value_name = "SECONDS", requires = "extent", value_parser = seconds, default_value = "30")]
    #[arg(hide_short_help = true, display_order = 127)]
    pub run_timeout: Duration,
}

/// What is queried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Extent {
    /// Everything except the reCAPTCHA secrets.
    #[value(hide = true)]
    Usual,
    /// Also the reCAPTCHA secrets.
    Captcha,
}

fn seconds(typed: &str) -> Result<Duration, String> {
    const MAX_SECONDS: f64 = 86_400.0;
    match typed.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= MAX_SECONDS => Ok(Duration::from_secs_f64(seconds)),
        _ => Err(format!("expected a number of seconds greater than 0 and at most {MAX_SECONDS}")),
    }
}

#[cfg(feature = "online")]
pub(super) use queries::{Network, network_client, with_progress};

/// A connection that this build cannot make, because it has no network code.
#[cfg(not(feature = "online"))]
pub(super) enum Network {}

#[cfg(not(feature = "online"))]
impl Network {
    pub(super) fn new(_: &Online, _: Extent, _: Option<&OpenApiArg>, _: bool) -> Result<Self, Failure> {
        refuse(NO_NETWORK_CODE)
    }

    pub(super) fn check(&self, _: Vec<InputFile>, _: &mut Settings) -> Report {
        match *self {}
    }

    pub(super) fn ensure_one_account(&self, _: &[InputFile], _: &Settings) -> Result<(), Failure> {
        match *self {}
    }
}

#[cfg(not(feature = "online"))]
pub(super) const NO_NETWORK_CODE: &str =
    "this portal-lint was built without network code, so --online is not available";

/// Fails if the checked files belong to several accounts of a project, because an API key is that of one account.
#[cfg(feature = "online")]
pub(super) fn ensure_one_account(scopes: &BTreeSet<AccountScope>, settings: &Settings) -> Result<(), Failure> {
    let projects: Vec<usize> = scopes.iter().map(|scope| scope.project).collect();
    for pair in projects.windows(2) {
        if pair[0] == pair[1] {
            let file = settings.projects[pair[0]].file.as_ref().map(|file| quote(&file.input.name)).unwrap_or_default();
            return refuse(format!(
                "according to {file}, the files belong to several accounts, but an API key belongs to one: name only files of that account"
            ));
        }
    }
    Ok(())
}

#[cfg(feature = "online")]
mod queries {
    use std::io::{self, IsTerminal, Write};
    use std::path::Path;
    use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

    use super::{Duration, Extent, Failure, InputFile, Online, OpenApiArg, Report, Settings};
    use crate::base::read::read_path_argument;
    use crate::engine::online_queries::checked_accounts;
    use crate::engine::run::check_online;
    use crate::online::net::{BaseUrl, Client, DEFAULT_BASE, FetchedAccount, NetOptions, OperationPaths, Proxies};
    use crate::online::{Answers, Queries};
    use crate::rules::wording::quote;

    /// The size limit of the file of `--ca-file`.
    const MAX_CERTIFICATE_BYTES: u64 = 64 << 20;

    /// The network as the options describe it.
    pub(crate) struct Network {
        client: Client,
        extent: Extent,
        may_show_progress: bool,
    }

    impl Network {
        pub(crate) fn new(
            options: &Online,
            extent: Extent,
            openapi: Option<&OpenApiArg>,
            may_show_progress: bool,
        ) -> Result<Self, Failure> {
            let (client, _) = network_client(options, openapi)?;
            Ok(Self { client, extent, may_show_progress })
        }

        /// Fails if the files belong to several accounts of a project.
        #[expect(clippy::unused_self, reason = "without network code, there is no instance to call it on")]
        pub(crate) fn ensure_one_account(&self, inputs: &[InputFile], settings: &Settings) -> Result<(), Failure> {
            super::ensure_one_account(&checked_accounts(inputs, settings), settings)
        }

        /// Sends the queries that the files need, stores the answers in the settings, and checks the files.
        pub(crate) fn check(&self, inputs: Vec<InputFile>, settings: &mut Settings) -> Report {
            let fetch_account = |queries: &Queries| {
                let FetchedAccount { data, returned_secrets, unanswered, mode } = self.client.fetch_account(queries);
                // Without a key, the data is empty. It still replaces an existing snapshot: a run with --online must not silently
                // use old data.
                let account = queries.needs_account().then_some(data);
                Answers { is_online: true, account, returned_secrets, unanswered, mode, ..Answers::default() }
            };
            let run_probes = |queries: &Queries, answers: &mut Answers| {
                let Answers { hosts, senders, secrets, .. } = self.client.run_probes(queries);
                *answers = Answers { hosts, senders, secrets, ..std::mem::take(answers) };
            };
            let captcha = self.extent == Extent::Captcha;
            with_progress(&self.client, self.may_show_progress, || {
                check_online(inputs, settings, captcha, fetch_account, run_probes)
            })
        }
    }

    /// Creates the client. The second value is whether there is an API key.
    pub(crate) fn network_client(options: &Online, openapi: Option<&OpenApiArg>) -> Result<(Client, bool), Failure> {
        let key = environment_variable("REVCENT_API_KEY");
        if key.as_ref().is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(usage_error("REVCENT_API_KEY", "it contains characters that no API key has"));
        }
        let (url_source, url) = match (&options.api_url, environment_variable("REVCENT_API_URL")) {
            (Some(url), _) => ("--api-url", url.clone()),
            (None, Some(url)) => ("REVCENT_API_URL", url),
            (None, None) => ("--api-url", DEFAULT_BASE.to_owned()),
        };
        let base = BaseUrl::parse(&url).map_err(|why| usage_error(url_source, &why))?;
        let paths = match openapi {
            Some(openapi) => {
                OperationPaths::from_openapi(&openapi.document, &base).map_err(|why| openapi.error(&why))?
            }
            None => OperationPaths::default(),
        };
        let proxies = Proxies::from_env(environment_variable).map_err(|name| {
            usage_error(name, "it is not the address of a proxy, such as `http://proxy.acme.com:8080`")
        })?;
        let has_key = key.is_some();
        let (ca_file, authorities) = match &options.ca_file {
            Some(path) => (quote(&path.to_string_lossy()), Some(read_certificates(path)?)),
            None => (String::new(), None),
        };
        let mut connect_to = Vec::new();
        for entry in &options.connect_to {
            connect_to.push(entry.parse().map_err(|why: String| usage_error("--connect-to", &why))?);
        }
        let net_options = NetOptions {
            key,
            base,
            paths,
            dns_server: options.dns_server,
            authorities,
            connect_to,
            proxies,
            probe_limit: options.probe_timeout,
            run_limit: options.run_timeout,
        };
        let client = Client::new(net_options).map_err(|why| usage_error(&ca_file, &why))?;
        Ok((client, has_key))
    }

    fn usage_error(subject: &str, why: &str) -> Failure {
        Failure::Usage(format!("{subject}: {why}"))
    }

    /// The value of a variable without white space around it; `None` if it is empty.
    fn environment_variable(name: &str) -> Option<String> {
        let value = std::env::var(name).ok()?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    fn read_certificates(path: &Path) -> Result<Vec<u8>, Failure> {
        read_path_argument(path, MAX_CERTIFICATE_BYTES)
            .map_err(|error| usage_error(&quote(&path.to_string_lossy()), &error.to_string()))
    }

    /// Runs `send_queries`. If it takes longer than a second and a person waits at a terminal, prints its progress.
    pub(crate) fn with_progress<T>(client: &Client, may_show_progress: bool, send_queries: impl FnOnce() -> T) -> T {
        if !may_show_progress || !io::stderr().is_terminal() {
            return send_queries();
        }
        let (finished, is_finished) = channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || print_progress(client, &is_finished));
            let result = send_queries();
            // The receiver sees the closed channel and ends.
            drop(finished);
            result
        })
    }

    /// Prints the progress every second, until the other end of the channel is closed.
    fn print_progress(client: &Client, is_finished: &Receiver<()>) {
        const INTERVAL: Duration = Duration::from_secs(1);
        /// Returns to the start of the line and clears it.
        const CLEAR_LINE: &str = "\r\x1b[K";
        let mut is_shown = false;
        while is_finished.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
            let (finished, expected) = client.progress.counts();
            // Errors do not matter: the progress is not part of the result.
            let _ = write!(io::stderr(), "{CLEAR_LINE}querying the network: {finished} of {expected} answers");
            is_shown = true;
        }
        if is_shown {
            let _ = write!(io::stderr(), "{CLEAR_LINE}");
        }
    }
}
