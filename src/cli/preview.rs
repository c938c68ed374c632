//! `portal-lint preview`: writes a page that shows the emails and the footer of portals as customers see them.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Failure;
use super::args::{Output, PreviewArgs};
use super::finish::{ensure_something_checked, print_unanswered};
use super::report_files;
use super::run_report::check_files;
use super::setup::set_up_run;
use crate::render::preview::render;
use crate::settings::Settings;

/// Checks the files and writes the page. Findings do not fail the command: they are on the page.
pub(super) fn run(options: &PreviewArgs, out: &mut dyn Write) -> Result<u8, Failure> {
    let settings = Settings { with_preflight_facts: true, with_texts: true, ..Settings::default() };
    let mut setup = set_up_run(&options.common, settings, !options.common.quiet)?;
    let outputs: Vec<Output<()>> =
        options.output.iter().map(|file| Output { format: (), file: without_format(file) }).collect();
    let report = check_files(&mut setup, &outputs)?;
    print_unanswered(&report)?;
    ensure_something_checked(&report, &options.common.paths, &setup.settings)?;
    if outputs.is_empty() {
        render(&report, out)?;
    } else {
        report_files::write(&report, &outputs, &options.common, &setup.settings, |(), _, file| render(&report, file))?;
    }
    Ok(report.exit_code_if(false))
}

/// The file without the format that `--output` of the other commands requires.
fn without_format(file: &Path) -> PathBuf {
    file.to_str().and_then(|name| name.strip_prefix("html=")).map_or_else(|| file.to_owned(), PathBuf::from)
}
