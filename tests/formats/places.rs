//! Each format read back: which finding stands where. Places are made comparable here, and only here.

use portal_lint::base::sanitize::sanitize;
use portal_lint::engine::report::Report;
use roxmltree::Document;
use serde_json::Value as Json;

/// Code, file, line, column.
pub type Location = (String, String, u64, u64);

/// What the report itself says; `allowed`: with what is allowed.
pub fn of_report(report: &Report, allowed: bool) -> Vec<Location> {
    let shown = report.diagnostics.iter().filter(|one| allowed || one.allowed.is_none());
    let place = |one: &portal_lint::base::diagnostic::Diagnostic| {
        let start = one.region.start;
        let file = sanitize(&report.files[one.file].name);
        (one.code.to_string(), file, start.line.max(1).into(), start.column.max(1).into())
    };
    sorted(shown.map(place))
}

pub fn sorted(places: impl IntoIterator<Item = Location>) -> Vec<Location> {
    let mut places: Vec<Location> = places.into_iter().collect();
    places.sort();
    places
}

/// `file:line:column`.
fn at(code: &str, place: &str) -> Location {
    let mut parts = place.rsplitn(3, ':');
    let mut number = || parts.next().and_then(|part| part.parse().ok()).unwrap_or_else(|| panic!("no place: {place}"));
    let (column, line) = (number(), number());
    (code.into(), parts.next().expect("a file").into(), line, column)
}

fn allowed_at(line: &str) -> Location {
    let (code, rest) = line.split_once(' ').expect("a code");
    let (_, rest) = rest.split_once(" allowed at ").expect("a place");
    at(code, rest.split_once(": ").expect("a message").0)
}

pub fn of_concise(text: &str) -> Vec<Location> {
    let line = |line: &str| {
        let (place, rest) = line.split_once(": ").expect("a place");
        at(rest.split(['[', ']']).nth(1).expect("a code"), place)
    };
    // A check that was not completed has no place.
    sorted(text.lines().filter(|line| !line.contains(": not completed[")).map(line))
}

pub fn of_json(report: &Json) -> Vec<Location> {
    sorted(report["diagnostics"].as_array().expect("a list").iter().map(of_finding))
}

pub fn of_jsonl(text: &str) -> Vec<Location> {
    let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON"));
    sorted(lines.filter(|line| line.get("summary").is_none()).map(|line| of_finding(&line)))
}

fn of_finding(one: &Json) -> Location {
    let start = &one["span"]["start"];
    (text(&one["code"]), sanitize(&text(&one["file"])), number(&start["line"]), number(&start["column"]))
}

pub fn of_sarif(log: &Json) -> Vec<Location> {
    let result = |one: &Json| {
        let place = &one["locations"][0]["physicalLocation"];
        let rule = number(&one["ruleIndex"]);
        let rule = log.pointer(&format!("/runs/0/tool/driver/rules/{rule}/id")).expect("a rule");
        assert_eq!(one["ruleId"], *rule);
        let uri = text(&place["artifactLocation"]["uri"]);
        let region = &place["region"];
        (text(rule), sanitize(&decoded(&uri)), number(&region["startLine"]), number(&region["startColumn"]))
    };
    sorted(log["runs"][0]["results"].as_array().expect("results").iter().map(result))
}

/// A URI's path.
fn decoded(uri: &str) -> String {
    let path = uri.strip_prefix("file://").unwrap_or(uri);
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next().expect("a digit")).to_digit(16).expect("a digit");
        bytes.push(if byte == b'%' { u8::try_from(digit() * 16 + digit()).expect("a byte") } else { byte });
    }
    String::from_utf8(bytes).expect("text")
}

/// A check that was not completed has no place.
fn is_not_completed(line: &str) -> bool {
    line.starts_with("::error ") && line.split("::").nth(1).is_some_and(|command| command.ends_with(" not completed"))
}

/// As the runner of GitHub Actions reads its commands.
pub fn of_github(text: &str) -> Vec<Location> {
    let unescaped = |text: &str| {
        let text = text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r");
        text.replace("%25", "%")
    };
    let command = |line: &str| {
        let (command, data) = line.strip_prefix("::").and_then(|line| line.split_once("::")).expect("a command");
        let Some((word, properties)) = command.split_once(' ') else {
            assert_eq!(command, "debug");
            return allowed_at(&unescaped(data));
        };
        assert!(["error", "warning", "notice"].contains(&word), "{line}");
        let property = |name: &str| {
            let value = properties.split(',').find_map(|one| one.strip_prefix(name)?.strip_prefix('='));
            unescaped(value.unwrap_or_else(|| panic!("no {name}: {line}")))
        };
        let number = |name| property(name).parse().expect("a number");
        let code = property("title").split(' ').next().expect("a code").to_owned();
        (code, property("file"), number("line"), number("col"))
    };
    sorted(text.lines().filter(|line| !is_not_completed(line)).map(command))
}

/// Lines alone: columns are all 1.
pub fn of_gitlab(issues: &Json) -> Vec<Location> {
    let issue = |one: &Json| {
        let place = &one["location"];
        (text(&one["check_name"]), sanitize(&text(&place["path"])), number(&place["lines"]["begin"]), 1)
    };
    let is_finding = |one: &&Json| !text(&one["description"]).starts_with("not completed: ");
    sorted(issues.as_array().expect("a list").iter().filter(is_finding).map(issue))
}

pub fn of_checkstyle(xml: &Document<'_>) -> Vec<Location> {
    let error = |one: roxmltree::Node<'_, '_>| {
        let attribute = |name| one.attribute(name).unwrap_or_else(|| panic!("no {name}"));
        let number = |name| attribute(name).parse().expect("a number");
        let file = one.parent().and_then(|file| file.attribute("name")).expect("a file");
        let code = attribute("source").strip_prefix("portal-lint.").expect("a code");
        (code.to_owned(), file.to_owned(), number("line"), number("column"))
    };
    let is_finding = |one: &roxmltree::Node<'_, '_>| {
        let message = one.attribute("message").expect("a message");
        !message.starts_with("not completed: ")
    };
    sorted(xml.descendants().filter(|one| one.has_tag_name("error")).filter(is_finding).map(error))
}

pub fn of_junit(xml: &Document<'_>) -> Vec<Location> {
    let case = |one: roxmltree::Node<'_, '_>| {
        let (name, file) = one.attribute("name").zip(one.attribute("classname")).expect("a name and a file");
        let (code, place) = name.split_once(" at ")?;
        Some(at(code, &format!("{file}:{place}")))
    };
    sorted(xml.descendants().filter(|one| one.has_tag_name("testcase")).filter_map(case))
}

/// Columns are bytes: the report's text tells how many characters those are.
pub fn of_rdjson(document: &Json, report: &Report) -> Vec<Location> {
    let finding = |one: &Json| {
        let (path, start) = (text(&one["location"]["path"]), &one["location"]["range"]["start"]);
        let (line, column) = (number(&start["line"]), number(&start["column"]));
        let file = report.files.iter().find(|file| file.name == path).expect("a file");
        let source = file.source.as_ref().map_or("", |source| source.text());
        let before = &lines(source)[usize::try_from(line).expect("a line") - 1];
        let before = &before[..usize::try_from(column).expect("a column") - 1];
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        (text(&one["code"]["value"]), sanitize(&path), line, column as u64)
    };
    let is_finding = |one: &&Json| !text(&one["message"]).starts_with("not completed: ");
    sorted(document["diagnostics"].as_array().expect("a list").iter().filter(is_finding).map(finding))
}

pub fn of_markdown(text: &str) -> Vec<Location> {
    let row = |line: &str| {
        let cells: Vec<String> = line.replace("\\|", "\0").split('|').map(|cell| cell.replace('\0', "\\|")).collect();
        let signed = ["error", "warning", "advice"].iter().any(|word| cells[1].trim_end().ends_with(word));
        let (place, what) = if signed { (&cells[2], &cells[3]) } else { (&cells[1], &cells[2]) };
        let (_, code) = what.rsplit_once("([").expect("a link");
        let place = place.trim().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace('\\', "");
        at(code.split(']').next().expect("a code"), &place)
    };
    let rows =
        text.lines().filter(|line| line.starts_with("| ") && *line != "| | Place | What is wrong | What to do |");
    sorted(rows.filter(|line| *line != "| Place | What | Why |").map(row))
}

/// What is drawn, and what is allowed: of findings that are drawn together, only the place of the first is told, and the
/// others take it from `expected`, where their line has to be the same.
pub fn of_human(text: &str, report: &Report) -> Vec<Location> {
    let mut places = Vec::new();
    let mut together: Vec<&str> = Vec::new();
    let mut expected = report.findings().peekable();
    for line in text.lines() {
        if line.starts_with("RCP") && line.contains(" allowed at ") {
            places.push(allowed_at(line));
        } else if line.starts_with("RCP") && line.contains(" (https://") {
            together.push(line.split(' ').next().expect("a code"));
        } else if let Some((_, place)) = line.split_once("╭─[")
            && !together.is_empty()
        {
            let first = at(together[0], place.trim_end_matches(']'));
            for (index, code) in together.drain(..).enumerate() {
                let own = expected.next().expect("a finding").region.start;
                assert_eq!(u64::from(own.line), first.2, "{line}");
                let column = if index == 0 { first.3 } else { own.column.into() };
                places.push((code.into(), first.1.clone(), first.2, column));
            }
        } else if line.starts_with("  × ") && !together.is_empty() {
            // Without a source there is no place to draw.
            let own = expected.peek().expect("a finding");
            let file = &report.files[own.file];
            let name = sanitize(&file.name);
            let is_drawn = file.source.as_ref().is_some_and(|source| !source.text().is_empty());
            if line[4..].trim_start().starts_with(&format!("{name}: ")) && !is_drawn {
                places.push((together.remove(0).into(), name, 1, 1));
                expected.next();
            }
        }
    }
    sorted(places)
}

/// The lines of a text, their breaks left out.
pub fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_owned).collect()
}

pub fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

pub fn number(value: &Json) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))
}
