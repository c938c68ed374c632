//! portal-lint as a WebAssembly module for the page in `page`: takes a text, and returns its report and its preflight as JSON.
//!
//! The page writes a JSON [`Request`] and the bytes of the text to memory from [`allocate`], calls [`check`] or [`fix`], and reads the
//! length (4 bytes, little-endian) and then the JSON of the response. The module uses one thread and no clock, network, or files.

use std::mem::ManuallyDrop;

use portal_lint::base::date::Date;
use portal_lint::base::diagnostic::{Applicability, Edit};
use portal_lint::base::file::{Inclusion, InputFile, Origin, WalkMatch};
use portal_lint::engine::fix::apply_fixes;
use portal_lint::engine::run;
use portal_lint::preflight::evaluate_report;
use portal_lint::render::preflight::PreflightFormat;
use portal_lint::render::{self, ReportFormat, Screen};
use portal_lint::settings::Settings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The preflight is shown in a column of the page.
const SCREEN: Screen = Screen { color: false, width: 80 };

/// What the page sends with the text.
#[derive(Deserialize)]
pub struct Request {
    /// The name of the file. Its extension decides the format.
    pub name: String,
    /// Today's date as `YYYY-MM-DD`, because the module has no clock.
    pub today: String,
}

/// The result of [`check`].
#[derive(Serialize)]
struct Checked {
    /// The report of `portal-lint check --format json`.
    report: Value,
    /// For each diagnostic of the report the edits of its fix, with secrets: the page applies them to the text and does not show them.
    fixes: Vec<Option<Vec<Replacement>>>,
    /// The output of `portal-lint preflight`.
    preflight: String,
}

/// Replaces the bytes from `start` to `end`.
#[derive(Serialize)]
struct Replacement {
    start: usize,
    end: usize,
    text: String,
}

/// The result of [`fix`].
#[derive(Serialize)]
struct FixedText {
    text: String,
    /// The number of fixes.
    applied: usize,
}

/// The response if there is no result.
#[derive(Serialize)]
struct Failure {
    error: String,
}

/// The random numbers of hash maps. They are constant, because the module has no source of random numbers, and nobody but the user of the
/// page chooses the keys.
///
/// # Safety
///
/// `start` must be the start of `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(start: *mut u8, length: usize) -> Result<(), getrandom::Error> {
    // SAFETY: the caller's promise.
    unsafe { start.write_bytes(0x5a, length) };
    Ok(())
}

/// Reserves `size` bytes for the page. [`check`] and [`fix`] release them.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(size: usize) -> *mut u8 {
    ManuallyDrop::new(vec![0_u8; size].into_boxed_slice()).as_mut_ptr()
}

/// Releases a response.
///
/// # Safety
///
/// `response` must come from [`check`] or [`fix`], and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(response: *mut u8) {
    // SAFETY: `respond` stored the length in the first four bytes of a slice that it leaked.
    unsafe {
        let length = u32::from_le_bytes(*response.cast::<[u8; LENGTH_SIZE]>());
        drop(take(response, LENGTH_SIZE + length as usize));
    }
}

/// Checks a text.
///
/// # Safety
///
/// Both pointers must come from [`allocate`] with these sizes, and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn check(request: *mut u8, request_size: usize, text: *mut u8, text_size: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    let (request, text) = unsafe { (take(request, request_size), take(text, text_size)) };
    respond(check_bytes(&request, &text))
}

/// Applies all safe fixes to a text.
///
/// # Safety
///
/// Both pointers must come from [`allocate`] with these sizes, and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fix(request: *mut u8, request_size: usize, text: *mut u8, text_size: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    let (request, text) = unsafe { (take(request, request_size), take(text, text_size)) };
    respond(fix_bytes(&request, &text))
}

/// Checks a text and returns the response of [`check`].
///
/// # Errors
///
/// If the request is invalid.
pub fn check_bytes(request: &[u8], text: &[u8]) -> Result<String, String> {
    let (file, settings) = read_request(request, text)?;
    let report = run::check(vec![file], &settings);
    let mut json = Vec::new();
    render::render(&report, ReportFormat::Json, SCREEN, &mut json).map_err(|error| error.to_string())?;
    let mut preflight = Vec::new();
    render::preflight::render(&evaluate_report(&report), PreflightFormat::Human, SCREEN, &mut preflight)
        .map_err(|error| error.to_string())?;
    let mut fixes = Vec::new();
    for edits in &report.edits {
        fixes.push(edits.as_ref().map(|edits| {
            let replacement = |edit: &Edit| Replacement {
                start: edit.span.range().start,
                end: edit.span.range().end,
                text: edit.replacement.clone(),
            };
            edits.iter().map(replacement).collect()
        }));
    }
    let report = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
    let preflight = String::from_utf8(preflight).map_err(|error| error.to_string())?;
    to_json(&Checked { report, fixes, preflight })
}

/// Applies all safe fixes and returns the response of [`fix`].
///
/// # Errors
///
/// If the request is invalid, or the text is not UTF-8.
pub fn fix_bytes(request: &[u8], text: &[u8]) -> Result<String, String> {
    let (file, settings) = read_request(request, text)?;
    let text = String::from_utf8(text.to_vec()).map_err(|error| error.to_string())?;
    let fixed = apply_fixes(&file, text, &settings, Applicability::Safe);
    to_json(&FixedText { text: fixed.text, applied: fixed.applied.len() })
}

fn read_request(request: &[u8], text: &[u8]) -> Result<(InputFile, Settings), String> {
    let request: Request = serde_json::from_slice(request).map_err(|error| error.to_string())?;
    let today: Date = request.today.parse().map_err(|_| format!("{} is not a date", request.today))?;
    let file = InputFile {
        name: request.name.into(),
        origin: Origin::Memory(text.into()),
        inclusion: Inclusion::Explicit(WalkMatch::Included),
        project: 0,
    };
    let settings = Settings {
        threads: Some(1),
        with_edits: true,
        with_preflight_facts: true,
        ..Settings::for_day(today)
    };
    Ok((file, settings))
}

fn to_json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}

/// The number of bytes of a response's length.
const LENGTH_SIZE: usize = 4;

/// Leaks the length and the JSON of a response; [`release`] frees them.
fn respond(result: Result<String, String>) -> *mut u8 {
    let json = result.or_else(|error| to_json(&Failure { error })).unwrap_or_default();
    let length = u32::try_from(json.len()).unwrap_or_default();
    let bytes = [&length.to_le_bytes(), json.as_bytes()].concat();
    ManuallyDrop::new(bytes.into_boxed_slice()).as_mut_ptr()
}

/// Takes back bytes that were given away.
///
/// # Safety
///
/// `start` must be the start of a boxed slice of `size` bytes that nothing else uses.
unsafe fn take(start: *mut u8, size: usize) -> Box<[u8]> {
    // SAFETY: the caller's promise.
    unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(start, size)) }
}
