//! `portal-lint check --output FORMAT=FILE`: the report in files, beside what is printed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::Failure;
use super::args::{Check, Output};
use crate::input::{Input, Origin};
use crate::render::{Screen, render_failing_on};
use crate::report::Report;
use crate::rules::words::quote;

/// What a file is as wide as, for there is no terminal.
const SCREEN: Screen = Screen { color: false, width: 100 };

/// Refuses to write over what is checked, and to write two reports over one another.
pub fn refuse(outputs: &[Output], inputs: &[Input]) -> Result<(), Failure> {
    let is_input = |file: &Path| {
        let real = file.canonicalize().ok();
        let same = |input: &Input| match &input.origin {
            Origin::Disk(path) => path.as_deref().unwrap_or(Path::new(&input.name)).canonicalize().ok() == real,
            _ => false,
        };
        real.is_some() && inputs.iter().any(same)
    };
    for (index, output) in outputs.iter().enumerate() {
        let file = quote(&output.file.to_string_lossy());
        if outputs[..index].iter().any(|other| other.file == output.file) {
            return Err(Failure::Usage(format!("two reports cannot both be written to {file}")));
        }
        if is_input(&output.file) {
            return Err(Failure::Usage(format!("{file} is checked, so no report is written to it")));
        }
    }
    Ok(())
}

/// Writes each; that one cannot be written keeps no other from it.
pub fn write(report: &Report, options: &Check) -> Result<(), Failure> {
    let mut trouble = Vec::new();
    for output in &options.output {
        if let Err(error) = write_one(report, options, output) {
            trouble.push(format!("{} cannot be written: {error}", quote(&output.file.to_string_lossy())));
        }
    }
    if trouble.is_empty() { Ok(()) } else { Err(Failure::Usage(trouble.join("; "))) }
}

fn write_one(report: &Report, options: &Check, output: &Output) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(&output.file)?);
    render_failing_on(options.fail_on.into(), report, output.format, SCREEN, &mut file)?;
    file.flush()
}
