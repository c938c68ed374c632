//! The language server reports the same locations as every output format.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;

use portal_lint::base::file::{Inclusion, Origin};
use serde_json::{Value as Json, json};

use super::editor::{Editor, all_capabilities, uri};
use crate::support::corpus::corpus_inputs;
use crate::support::json::{self, array, number, text};
use crate::support::program::{clean_body, create_folder, portal_lint, stdout_json};

/// Code, file, line and column from 1 in characters.
type Location = (String, String, u64, u64);

/// The findings of a run on a folder.
fn check_folder(folder: &Path) -> BTreeSet<Location> {
    let report = stdout_json(&portal_lint(folder, &["check", "--format", "json", "."], b""));
    let mut locations = BTreeSet::new();
    for finding in array(&report["diagnostics"]) {
        // The editor does not walk the whole project, so it does not report patterns that match nothing there.
        let needs_walk = text(&finding["message"]).contains("matches no file in the project");
        if finding["allowed"].is_null() && !needs_walk {
            let (code, file) = (text(&finding["code"]).to_owned(), text(&finding["file"]).to_owned());
            let start = &finding["span"]["start"];
            locations.insert((code, file, number(&start["line"]), number(&start["column"])));
        }
    }
    locations
}

/// Converts an LSP position to the line and the column in characters. A byte order mark does not count as a column.
fn to_line_and_column(text: &str, position: &Json, encoding: &str) -> (u64, u64) {
    let (line, units) = (number(&position["line"]), number(&position["character"]));
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let line_text = text.split('\n').nth(usize::try_from(line).expect("a number")).expect("a line");
    let mut remaining_units = units;
    let mut column = 1;
    for character in line_text.chars() {
        if remaining_units == 0 {
            break;
        }
        let width = match encoding {
            "utf-8" => character.len_utf8(),
            "utf-16" => character.len_utf16(),
            _ => 1,
        } as u64;
        remaining_units = remaining_units.checked_sub(width).expect("a position between characters");
        if character != '\u{feff}' || column > 1 {
            column += 1;
        }
    }
    assert_eq!(remaining_units, 0, "the position is after the end of the line");
    (line + 1, column)
}

/// The origin of a project, and its files with their texts.
type Project = (String, Vec<(String, String)>);

/// The files of all fixtures and rule examples that are UTF-8, and some in which bytes, UTF-16 units and characters differ. Each is a
/// project of its own, so that it does not depend on the others.
fn projects() -> Vec<Project> {
    const INCLUDE_ALL: &str = "include = [\"*\"]\n";
    let body = clean_body().replace("\"enabled\": false", "\"ü😀\": 1, \"😀é\": 2, \"enabled\": \"ü😀\"");
    let body = body.replace("{{email_code}}", "ü😀 {{ email_code }}");
    let yaml =
        "\u{feff}# ü😀\r\nname: yes\r\nrecaptcha: {\"ü😀\": 1, \"y\u{202e}\": 2}\r\nsmtp_profile: 'ü😀' # 😀\r\n";
    let single_file = |origin: &str, name: &str, text: String| {
        (origin.to_owned(), vec![(name.to_owned(), text), ("portal-lint.toml".to_owned(), INCLUDE_ALL.to_owned())])
    };
    let mut projects = vec![
        single_file("crlf", "a b;%25 ü😀.json", body.replace('\n', "\r\n")),
        single_file("cr", "x.json", body.replace('\n', "\r")),
        single_file("byte order mark", "x.yaml", yaml.to_owned()),
    ];
    for (origin, inputs) in corpus_inputs() {
        let mut settings = INCLUDE_ALL.to_owned();
        let mut files = Vec::new();
        for input in &inputs {
            let Origin::Memory(bytes) = &input.origin else { continue };
            let Ok(text) = String::from_utf8(bytes.clone()) else { continue };
            if input.inclusion == Inclusion::Internal {
                settings.insert_str(0, &format!("account = \"{}\"\n", input.name));
            }
            if input.name == "portal-lint.toml" {
                settings = text;
            } else {
                files.push((input.name.clone(), text));
            }
        }
        files.push(("portal-lint.toml".into(), settings));
        projects.push((origin, files));
    }
    projects
}

/// Compares the findings that an editor with this encoding receives with those of the JSON report.
fn compare_locations(root: &Path, encoding: &str, projects: &[Project], expected: &BTreeSet<Location>) {
    let mut capabilities = all_capabilities();
    capabilities["general"]["positionEncodings"] = json!([encoding]);
    let mut editor = Editor::with_capabilities(root, &capabilities);
    assert_eq!(editor.initialize_result["capabilities"]["positionEncoding"], encoding);
    for (number, (origin, files)) in projects.iter().enumerate() {
        // The positions in a text of ASCII characters are the same in each encoding.
        if encoding != "utf-16" && files.iter().all(|(_, text)| text.is_ascii()) {
            continue;
        }
        let folder = root.join(number.to_string());
        for (name, text) in files {
            editor.open(&uri(&folder.join(name)), "json", text);
        }
        editor.wait_until_idle();
        let mut published = BTreeSet::new();
        for (name, text) in files {
            let uri = uri(&folder.join(name));
            for diagnostic in array(&editor.published[&uri]["diagnostics"]) {
                let (line, column) = to_line_and_column(text, &diagnostic["range"]["start"], encoding);
                to_line_and_column(text, &diagnostic["range"]["end"], encoding);
                let code = json::text(&diagnostic["code"]).to_owned();
                published.insert((code, format!("{number}/{name}"), line, column));
            }
            editor.close(&uri);
        }
        let prefix = format!("{number}/");
        let mut expected: BTreeSet<Location> =
            expected.iter().filter(|(_, file, _, _)| file.starts_with(&prefix)).cloned().collect();
        // A run on several projects does not check the settings of a project without portals.
        if expected.is_empty() && !published.is_empty() {
            for (code, file, line, column) in check_folder(&folder) {
                expected.insert((code, prefix.clone() + &file, line, column));
            }
        }
        assert_eq!(published, expected, "{origin} in {encoding}");
    }
    editor.shut_down();
}

/// Compares the locations in a part of the projects. Returns the number of findings.
fn compare_in_each_encoding(projects: &[Project]) -> usize {
    let mut files: Vec<(String, &str)> = Vec::new();
    for (number, (_, project_files)) in projects.iter().enumerate() {
        files.extend(project_files.iter().map(|(name, text)| (format!("{number}/{name}"), text.as_str())));
    }
    let folder = create_folder(&files.iter().map(|(name, text)| (name.as_str(), *text)).collect::<Vec<_>>());
    let root = folder.path().canonicalize().expect("a folder");
    let expected = check_folder(&root);
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        compare_locations(&root, encoding, projects, &expected);
    }
    expected.len()
}

#[test]
fn findings_have_the_same_locations_as_in_the_json_report_in_each_encoding() {
    /// The server checks the whole root again after an edit of some files, so smaller roots take less time.
    const PROJECTS_IN_ROOT: usize = 100;
    let projects = projects();
    let mut count = 0;
    thread::scope(|scope| {
        let parts = projects.chunks(PROJECTS_IN_ROOT);
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| compare_in_each_encoding(part))).collect();
        for thread in threads {
            count += thread.join().expect("no panic");
        }
    });
    assert!(count > 700, "{count}");
}
