//! The language server reports the same locations as every output format.

use std::collections::BTreeSet;
use std::path::Path;

use portal_lint::base::file::{Inclusion, Origin};
use serde_json::{Value as Json, json};

use super::editor::{Editor, able, uri};
use super::support::every::runs;
use super::support::program::{clean, folder, json as report, portal_lint};

/// Code, file, line and column from 1 in characters.
type Location = (String, String, u64, u64);

/// What the program finds in a folder.
fn places(folder: &Path) -> BTreeSet<Location> {
    let report = report(&portal_lint(folder, &["check", "--format", "json", "."], b""));
    let findings = report["diagnostics"].as_array().expect("a list").iter().filter(|one| one["allowed"].is_null());
    let place = |one: &Json| {
        let start = &one["span"]["start"];
        let text = |value: &Json| value.as_str().expect("text").to_owned();
        let number = |value: &Json| value.as_u64().expect("a number");
        (text(&one["code"]), text(&one["file"]), number(&start["line"]), number(&start["column"]))
    };
    findings.map(place).collect()
}

/// The line and the column in characters of a place that is counted in an encoding; a byte order mark is no column.
fn counted(text: &str, place: &Json, encoding: &str) -> (u64, u64) {
    let [line, units] = ["line", "character"].map(|key| place[key].as_u64().expect("a number"));
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let of_line = text.split('\n').nth(usize::try_from(line).expect("a number")).expect("a line");
    let mut left = units;
    let before = of_line.chars().take_while(|c| {
        let width = match encoding {
            "utf-8" => c.len_utf8(),
            "utf-16" => c.len_utf16(),
            _ => 1,
        } as u64;
        let goes = left > 0;
        left = left.checked_sub(if goes { width } else { 0 }).expect("a place between characters");
        goes
    });
    let column = before.collect::<String>().trim_start_matches('\u{feff}').chars().count();
    assert_eq!(left, 0, "past the end of its line");
    (line + 1, column as u64 + 1)
}

/// The files of every run there is whose text an editor can hold, and some in which everything counts differently. Each run
/// is a project, so that nothing in it hangs on the others.
fn projects() -> Vec<(String, Vec<(String, String)>)> {
    const ALL: &str = "include = [\"*\"]\n";
    let body = clean().replace("\"enabled\": false", "\"ü😀\": 1, \"😀é\": 2, \"enabled\": \"ü😀\"");
    let body = body.replace("{{email_code}}", "ü😀 {{ email_code }}");
    let yaml =
        "\u{feff}# ü😀\r\nname: yes\r\nrecaptcha: {\"ü😀\": 1, \"y\u{202e}\": 2}\r\nsmtp_profile: 'ü😀' # 😀\r\n";
    let alone = |origin: &str, name: &str, text: String| {
        (origin.to_owned(), vec![(name.to_owned(), text), ("portal-lint.toml".to_owned(), ALL.to_owned())])
    };
    let mut projects = vec![
        alone("crlf", "a b;%25 ü😀.json", body.replace('\n', "\r\n")),
        alone("cr", "x.json", body.replace('\n', "\r")),
        alone("mark", "x.yaml", yaml.to_owned()),
    ];
    for (origin, inputs) in runs() {
        let mut settings = ALL.to_owned();
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

#[test]
fn every_finding_is_where_the_formats_say_in_all_three_encodings() {
    let projects = projects();
    let files: Vec<(String, &String)> = projects
        .iter()
        .enumerate()
        .flat_map(|(number, (_, files))| files.iter().map(move |(name, text)| (format!("{number}/{name}"), text)))
        .collect();
    let root = folder(&files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    let root = root.path().canonicalize().expect("a folder");
    let expected = places(&root);
    assert!(expected.len() > 700, "{}", expected.len());
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = json!([encoding]);
        let mut editor = Editor::with(&root, &capabilities);
        assert_eq!(editor.server["capabilities"]["positionEncoding"], encoding);
        for (number, (origin, files)) in projects.iter().enumerate() {
            let folder = root.join(number.to_string());
            for (name, text) in files {
                editor.open(&uri(&folder.join(name)), "json", text);
            }
            editor.settle();
            let mut own = BTreeSet::new();
            for (name, text) in files {
                let uri = uri(&folder.join(name));
                for one in editor.published[&uri]["diagnostics"].as_array().expect("a list") {
                    let (line, column) = counted(text, &one["range"]["start"], encoding);
                    counted(text, &one["range"]["end"], encoding);
                    let code = one["code"].as_str().expect("a code").to_owned();
                    own.insert((code, format!("{number}/{name}"), line, column));
                }
                editor.close(&uri);
            }
            let prefix = format!("{number}/");
            let mut here: BTreeSet<Location> =
                expected.iter().filter(|(_, file, _, _)| file.starts_with(&prefix)).cloned().collect();
            // Of settings that no file belongs to, a run over several projects says nothing.
            if here.is_empty() && !own.is_empty() {
                let alone = places(&folder).into_iter();
                here = alone.map(|(code, file, line, column)| (code, prefix.clone() + &file, line, column)).collect();
            }
            assert_eq!(own, here, "{origin} in {encoding}");
        }
        editor.quit();
    }
}
