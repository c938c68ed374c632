//! Parses the output of each report format back into findings and their locations, in a form that can be compared.

use crate::support::json::{self, array, number};
use portal_lint::base::diagnostic::Diagnostic;
use portal_lint::base::sanitize::sanitize;
use portal_lint::engine::report::Report;
use roxmltree::{Document, Node};
use serde_json::Value as Json;

/// Rule code, sanitized file name, line and column.
pub type FindingLocation = (String, String, u64, u64);

/// The locations in the report itself, with or without those of allowed findings.
pub fn locations_in_report(report: &Report, with_allowed: bool) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    for diagnostic in &report.diagnostics {
        if with_allowed || diagnostic.allowed.is_none() {
            locations.push(location_of(report, diagnostic));
        }
    }
    sorted(locations)
}

fn location_of(report: &Report, diagnostic: &Diagnostic) -> FindingLocation {
    let start = diagnostic.region.start;
    let file = sanitize(&report.file(diagnostic.file).name);
    (diagnostic.code.to_string(), file, start.line.max(1).into(), start.column.max(1).into())
}

pub fn sorted(mut locations: Vec<FindingLocation>) -> Vec<FindingLocation> {
    locations.sort();
    locations
}

/// Parses `file:line:column`. The file name can contain colons, too.
fn parse_location(code: &str, location: &str) -> FindingLocation {
    let mut parts = location.rsplitn(3, ':');
    let mut next_number =
        || parts.next().and_then(|part| part.parse().ok()).unwrap_or_else(|| panic!("no location: {location}"));
    let (column, line) = (next_number(), next_number());
    (code.into(), parts.next().expect("a file").into(), line, column)
}

/// Parses `RCP016 self-cancel allowed at file:line:column: message`.
fn parse_allowed_line(line: &str) -> FindingLocation {
    let (code, rest) = line.split_once(' ').expect("a code");
    let (_, rest) = rest.split_once(" allowed at ").expect("a location");
    let (location, _) = rest.split_once(": ").expect("a message");
    parse_location(code, location)
}

pub fn parse_concise(text: &str) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    for line in text.lines() {
        // A check that was not completed has no location.
        if line.contains(": not completed[") {
            continue;
        }
        let (location, rest) = line.split_once(": ").expect("a location");
        let code = rest.split(['[', ']']).nth(1).expect("a code");
        locations.push(parse_location(code, location));
    }
    sorted(locations)
}

pub fn parse_json(report: &Json) -> Vec<FindingLocation> {
    sorted(array(&report["diagnostics"]).iter().map(parse_json_finding).collect())
}

pub fn parse_jsonl(text: &str) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    for line in text.lines() {
        let line: Json = serde_json::from_str(line).expect("JSON");
        if line.get("summary").is_none() {
            locations.push(parse_json_finding(&line));
        }
    }
    sorted(locations)
}

fn parse_json_finding(finding: &Json) -> FindingLocation {
    let start = &finding["span"]["start"];
    (text(&finding["code"]), sanitize(&text(&finding["file"])), number(&start["line"]), number(&start["column"]))
}

pub fn parse_sarif(log: &Json) -> Vec<FindingLocation> {
    let run = &log["runs"][0];
    let mut locations = Vec::new();
    for result in array(&run["results"]) {
        let rule_index = usize::try_from(number(&result["ruleIndex"])).expect("an index");
        let code = &run["tool"]["driver"]["rules"][rule_index]["id"];
        assert_eq!(result["ruleId"], *code);
        let location = &result["locations"][0]["physicalLocation"];
        let file = uri_to_path(&text(&location["artifactLocation"]["uri"]));
        let region = &location["region"];
        locations.push((text(code), sanitize(&file), number(&region["startLine"]), number(&region["startColumn"])));
    }
    sorted(locations)
}

fn uri_to_path(uri: &str) -> String {
    let mut encoded = uri.strip_prefix("file://").unwrap_or(uri).bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = encoded.next() {
        let mut next_digit = || char::from(encoded.next().expect("a digit")).to_digit(16).expect("a digit");
        decoded.push(if byte == b'%' { u8::try_from(next_digit() * 16 + next_digit()).expect("a byte") } else { byte });
    }
    String::from_utf8(decoded).expect("text")
}

/// Parses workflow commands the way the runner of GitHub Actions does.
pub fn parse_github(text: &str) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    for line in text.lines() {
        let (command, message) = line.strip_prefix("::").and_then(|line| line.split_once("::")).expect("a command");
        let Some((name, properties)) = command.split_once(' ') else {
            assert_eq!(command, "debug");
            locations.push(parse_allowed_line(&unescape_github(message)));
            continue;
        };
        assert!(["error", "warning", "notice"].contains(&name), "{line}");
        let title = github_property(properties, "title");
        // A check that was not completed has no location.
        if title.ends_with(" not completed") {
            continue;
        }
        let code = title.split(' ').next().expect("a code").to_owned();
        let [line, column] = ["line", "col"].map(|name| github_property(properties, name).parse().expect("a number"));
        locations.push((code, github_property(properties, "file"), line, column));
    }
    sorted(locations)
}

fn github_property(properties: &str, name: &str) -> String {
    let mut values = properties.split(',').filter_map(|property| property.strip_prefix(name)?.strip_prefix('='));
    unescape_github(values.next().unwrap_or_else(|| panic!("no {name}: {properties}")))
}

fn unescape_github(text: &str) -> String {
    let text = text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r");
    // `%25` comes last: `%250A` is the text `%0A`.
    text.replace("%25", "%")
}

/// GitLab reports have no columns: all columns are 1.
pub fn parse_gitlab(issues: &Json) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    for issue in array(issues) {
        if !text(&issue["description"]).starts_with("not completed: ") {
            let (path, line) = (text(&issue["location"]["path"]), number(&issue["location"]["lines"]["begin"]));
            locations.push((text(&issue["check_name"]), sanitize(&path), line, 1));
        }
    }
    sorted(locations)
}

pub fn parse_checkstyle(xml: &Document<'_>) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    for error in xml.descendants().filter(|node| node.has_tag_name("error")) {
        if attribute(&error, "message").starts_with("not completed: ") {
            continue;
        }
        let code = attribute(&error, "source").strip_prefix("portal-lint.").expect("a code");
        let file = attribute(&error.parent().expect("a file"), "name").to_owned();
        let [line, column] = ["line", "column"].map(|name| attribute(&error, name).parse().expect("a number"));
        locations.push((code.to_owned(), file, line, column));
    }
    sorted(locations)
}

fn attribute<'d>(node: &Node<'d, '_>, name: &str) -> &'d str {
    node.attribute(name).unwrap_or_else(|| panic!("no {name}"))
}

pub fn parse_junit(xml: &Document<'_>) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    for case in xml.descendants().filter(|node| node.has_tag_name("testcase")) {
        // The name of any other test case, such as `no findings`, has no location.
        if let Some((code, location)) = attribute(&case, "name").split_once(" at ") {
            locations.push(parse_location(code, &format!("{}:{location}", attribute(&case, "classname"))));
        }
    }
    sorted(locations)
}

/// Columns of rdjson are bytes. The text in the report shows how many characters these are.
pub fn parse_rdjson(document: &Json, report: &Report) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    for diagnostic in array(&document["diagnostics"]) {
        if text(&diagnostic["message"]).starts_with("not completed: ") {
            continue;
        }
        let (path, start) = (text(&diagnostic["location"]["path"]), &diagnostic["location"]["range"]["start"]);
        let (line, byte_column) = (number(&start["line"]), number(&start["column"]));
        let file = report.files.iter().find(|file| file.name == path).expect("a file");
        let source = file.source.as_ref().map_or("", |source| source.text());
        let line_text = &split_lines(source)[usize::try_from(line).expect("a line") - 1];
        let before = &line_text[..usize::try_from(byte_column).expect("a column") - 1];
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        locations.push((text(&diagnostic["code"]["value"]), sanitize(&path), line, column as u64));
    }
    sorted(locations)
}

pub fn parse_markdown(text: &str) -> Vec<FindingLocation> {
    let headers = ["| | Location | Problem | Help |", "| Location | Finding | Reason |"];
    let mut locations = Vec::new();
    for line in text.lines() {
        if line.starts_with("| ") && !headers.contains(&line) {
            locations.push(parse_markdown_row(line));
        }
    }
    sorted(locations)
}

fn parse_markdown_row(row: &str) -> FindingLocation {
    // An escaped `|` does not end a cell.
    let row = row.replace("\\|", "\0");
    let cells: Vec<&str> = row.split('|').collect();
    // A row of a finding starts with the severity, a row of an allowed finding with the location.
    let has_severity = ["error", "warning", "advice"].iter().any(|word| cells[1].trim_end().ends_with(word));
    let (location, what) = if has_severity { (cells[2], cells[3]) } else { (cells[1], cells[2]) };
    let (_, link) = what.rsplit_once("([").expect("a link");
    let code = link.split(']').next().expect("a code");
    let location = location.trim().replace('\0', "|").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    parse_location(code, &location.replace('\\', ""))
}

/// Parses the headings and the snippets. Findings that share a snippet show only the location of the first: the columns of the
/// others are taken from the report, after checking that they are on the same line.
pub fn parse_human(text: &str, report: &Report) -> Vec<FindingLocation> {
    let mut locations = Vec::new();
    // The codes of findings whose snippet has not come yet.
    let mut pending: Vec<&str> = Vec::new();
    let mut expected = report.findings().peekable();
    for line in text.lines() {
        let label = line.split_once("]: ").map_or("", |(label, _)| label);
        let code = ["error[", "warning[", "advice["].into_iter().find_map(|severity| label.strip_prefix(severity));
        if let Some(code) = code {
            pending.push(code);
            // Without a source there is no snippet: the message starts with the name of the file.
            let file = report.file(expected.peek().expect("a finding").file);
            let name = sanitize(&file.name);
            let has_snippet = file.source.as_ref().is_some_and(|source| !source.text().is_empty());
            if line.contains(&format!("]: {name}: ")) && !has_snippet {
                locations.push((pending.remove(0).into(), name, 1, 1));
                expected.next();
            }
        } else if let Some((_, location)) = line.split_once("╭─[")
            && !pending.is_empty()
        {
            let first = parse_location(pending[0], location.trim_end_matches(']'));
            for (index, code) in pending.drain(..).enumerate() {
                let start = expected.next().expect("a finding").region.start;
                assert_eq!(u64::from(start.line), first.2, "{line}");
                let column = if index == 0 { first.3 } else { start.column.into() };
                locations.push((code.into(), first.1.clone(), first.2, column));
            }
        }
    }
    sorted(locations)
}

/// The lines of a text, without their line breaks.
fn split_lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_owned).collect()
}

fn text(value: &Json) -> String {
    json::text(value).to_owned()
}
