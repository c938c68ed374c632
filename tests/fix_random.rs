//! Fixes on thousands of bodies with mistakes at random, written in random ways: indentation, line ends, comments,
//! trailing commas, quotes, block scalars, brackets. Whatever was not at fault is there afterwards, comments included.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fmt::Write;

use portal_lint::base::diagnostic::Applicability;
use portal_lint::engine::fix::apply_fixes;
use portal_lint::model::portal::PERMISSIONS;
use portal_lint::settings::Settings;
use support::tree;

/// A small generator: the same sequence on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (below as u64)).unwrap_or_default()
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.roll(number) == 0
    }

    fn of<'a>(&mut self, choice: &[&'a str]) -> &'a str {
        choice[self.roll(choice.len())]
    }
}

#[derive(Clone)]
enum Body {
    /// Without quotes.
    Word(&'static str),
    Text(String),
    List(Vec<Body>),
    Object(Vec<(String, Body)>),
}

fn text(text: &str) -> Body {
    Body::Text(text.to_owned())
}

fn object(entries: Vec<(&str, Body)>) -> Body {
    Body::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

const IDS: [&str; 4] = ["Kq7ZpW2mVx9LcT4bRn8D", "h3NfY6sJw1GtE5uQaB0C", "P9dRk2XyM5vHs8LqT1Fz", "Lm8Xq2VbN6rTz4CwJ0Fk"];
const CODES: [&str; 8] = [
    "{{email_code}}",
    "{{ email_code }}",
    "{{{email_code}}}",
    "{{Email_Code}}",
    "[[email_code]]",
    "%email_code%",
    "{{code}}",
    "{email_code}",
];

fn id(dice: &mut Dice) -> Body {
    let id = text(dice.of(&IDS));
    match dice.roll(3) {
        0 => object(vec![("id", id), ("name", text("Acme"))]),
        1 => object(vec![("name", text("A # b, // c")), ("id", id)]),
        _ => id,
    }
}

fn flag(dice: &mut Dice, yaml: bool) -> Body {
    match dice.roll(4) {
        0 => text("true"),
        1 if yaml => Body::Word("no"),
        _ => Body::Word("false"),
    }
}

fn email(dice: &mut Dice) -> Body {
    let code = dice.of(&CODES);
    let html = match dice.roll(3) {
        0 => format!("<p>Your code is {code}</p>"),
        1 => format!("<p>It's \"ü 😀\"</p>\n<p>\n  {code}\n</p>\n"),
        _ => format!("{code} is it, friend"),
    };
    object(vec![("from", text("support@acme-outfitters.com")), ("html", Body::Text(html)), ("subject", text("Code"))])
}

/// A body with mistakes.
fn body(dice: &mut Dice, yaml: bool) -> Body {
    let mut entries = vec![
        ("name", text("Acme Portal of Tests")),
        ("recaptcha", object(vec![("site_key", text("${SITE}")), ("secret_key", text("${SECRET}"))])),
        (dice.of(&["tracking_domain", "tracking_domian"]), id(dice)),
        ("smtp_profile", id(dice)),
        ("enabled", flag(dice, yaml)),
        (
            "customer_emails",
            object(vec![
                ("customer_account_confirm_email", email(dice)),
                ("customer_account_password_reset", email(dice)),
            ]),
        ),
        ("customer_filters", object(vec![("campaign", Body::List((0..dice.roll(5)).map(|_| id(dice)).collect()))])),
    ];
    if !dice.one_in(3) {
        let kept: Vec<&str> = PERMISSIONS.into_iter().filter(|_| !dice.one_in(4)).collect();
        entries.push(("customer_permissions", object(kept.into_iter().map(|key| (key, flag(dice, yaml))).collect())));
    }
    let strange = [
        ("id", text(IDS[0])),
        ("created_date_unix", Body::Word("1767225600")),
        ("portal_urls", Body::List(vec![text("https://a.acme-outfitters.com")])),
        ("logo", text("https://acme-outfitters.com/logo.png")),
        ("desciption", text("Customers of tests")),
    ];
    for entry in strange {
        if dice.one_in(2) {
            entries.insert(dice.roll(entries.len() + 1), entry);
        }
    }
    object(entries)
}

/// Writes a body in one way; comments are numbered.
struct Writer<'d> {
    dice: &'d mut Dice,
    out: String,
    comments: usize,
    newline: &'static str,
    unit: &'static str,
    with_comments: bool,
}

impl Writer<'_> {
    fn comment(&mut self, mark: &str) -> String {
        if !self.with_comments || !self.dice.one_in(5) {
            return String::new();
        }
        self.comments += 1;
        format!("{mark} c{};", self.comments)
    }

    fn put(&mut self, written: &str) {
        self.out += written;
    }

    fn indent(&self, depth: usize) -> String {
        format!("{}{}", self.newline, self.unit.repeat(depth))
    }

    /// In brackets; `mark` starts a comment, keys are quoted in JSON only.
    fn brackets(&mut self, body: &Body, depth: usize, mark: &str, lines: bool) {
        let json = mark != "#";
        let entries: Vec<(String, &Body)> = match body {
            Body::Word(word) => return self.out.push_str(word),
            Body::Text(text) => {
                let text = serde_json::Value::from(text.as_str()).to_string();
                let escaped = if self.dice.one_in(3) { text.replace('{', "\\u007b") } else { text };
                return self.out.push_str(&escaped);
            }
            Body::List(items) => items.iter().map(|item| (String::new(), item)).collect(),
            Body::Object(entries) => entries
                .iter()
                .map(|(key, value)| (if json { format!("\"{key}\": ") } else { format!("{key}: ") }, value))
                .collect(),
        };
        let is_object = matches!(body, Body::Object(_));
        let (open, close) = if is_object { ('{', '}') } else { ('[', ']') };
        let lines = lines && !self.dice.one_in(6);
        self.out.push(open);
        for (index, (key, value)) in entries.iter().enumerate() {
            if lines {
                // Not in objects that give way to their id: those with comments are left alone, and tried elsewhere.
                let above = self.comment(mark);
                if !above.is_empty() {
                    self.out += &(self.indent(depth + 1) + &above);
                }
                self.out += &self.indent(depth + 1);
            }
            self.out += key;
            self.brackets(value, depth + 1, mark, lines);
            let is_last = index + 1 == entries.len();
            if !is_last || (!mark.is_empty() && self.dice.one_in(4)) {
                self.out.push(',');
            }
            if lines {
                let comment = self.comment(mark);
                if !comment.is_empty() {
                    self.put(&format!(" {comment}"));
                }
            } else if !is_last {
                self.out.push(' ');
            }
        }
        if lines && !entries.is_empty() {
            self.out += &self.indent(depth);
        }
        self.out.push(close);
    }

    fn block(&mut self, body: &Body, depth: usize) {
        match body {
            Body::Object(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    let above = self.comment("#");
                    if !above.is_empty() {
                        self.out += &(self.indent(depth) + &above);
                    }
                    if self.dice.one_in(8) {
                        self.out += self.newline;
                    }
                    self.put(&format!("{}{key}:", self.indent(depth)));
                    self.value(value, depth);
                }
            }
            Body::List(items) if !items.is_empty() => {
                for item in items {
                    self.put(&format!("{}-", self.indent(depth)));
                    self.value(item, depth);
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, value: &Body, depth: usize) {
        let nested = matches!(value, Body::Object(entries) if !entries.is_empty())
            || matches!(value, Body::List(items) if !items.is_empty());
        if nested && !self.dice.one_in(4) && !self.out.ends_with('-') {
            return self.block(value, depth + 1);
        }
        self.out.push(' ');
        match value {
            Body::Text(text) if text.contains('\n') || (text.starts_with('<') && self.dice.one_in(2)) => {
                let style = self.dice.of(&["|", ">", "|-", ">-", "|+"]);
                self.out += style;
                for line in text.trim_end().split('\n') {
                    let indent = if line.is_empty() { self.newline.to_owned() } else { self.indent(depth + 1) };
                    write!(self.out, "{indent}{line}").expect("memory can be written");
                }
                return;
            }
            Body::Text(text) => match self.dice.roll(3) {
                0 if !text.contains([':', '#', '{', '[', '%', '"', '\'']) && text != "true" => self.out += text,
                1 => self.put(&format!("'{}'", text.replace('\'', "''"))),
                _ => self.brackets(value, depth, "#", false),
            },
            _ => self.brackets(value, depth, "#", false),
        }
        let comment = self.comment("#");
        if !comment.is_empty() {
            self.put(&format!(" {comment}"));
        }
    }
}

fn written(dice: &mut Dice, name: &str) -> String {
    let body = body(dice, name.ends_with("yaml"));
    let newline = dice.of(&["\n", "\r\n"]);
    let newline: &'static str = if newline == "\n" { "\n" } else { "\r\n" };
    let block = name.ends_with("yaml") && !dice.one_in(5);
    let unit = ["  ", "    ", "\t"][dice.roll(if name.ends_with("yaml") { 2 } else { 3 })];
    let mut writer =
        Writer { dice, out: String::new(), comments: 0, newline, unit, with_comments: !name.ends_with("json") };
    if block {
        writer.block(&body, 0);
    } else {
        let mark = if name.ends_with("yaml") {
            "#"
        } else if name.ends_with("jsonc") {
            "//"
        } else {
            ""
        };
        let lines = !writer.dice.one_in(4);
        writer.brackets(&body, 0, mark, lines);
    }
    if writer.dice.one_in(2) {
        let newline = writer.newline;
        writer.out += newline;
    }
    writer.out.trim_start_matches(['\r', '\n']).to_owned()
}

/// The numbers of the comments of a text, in order.
fn comments(text: &str) -> Vec<usize> {
    let number = |rest: &str| rest.split_once(';').and_then(|(number, _)| number.parse().ok());
    text.match_indices(" c").filter_map(|(at, mark)| number(&text[at + mark.len()..])).collect()
}

#[test]
fn fixes_keep_all_values_and_comments_without_findings() {
    const AT_FAULT: [&str; 9] = [
        "/tracking_domain",
        "/smtp_profile",
        "/customer_filters/campaign",
        "/customer_permissions",
        "/enabled",
        "/id",
        "/created_date_unix",
        "/portal_urls",
        "/logo",
    ];
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut fixes, mut untouched) = (0, 0);
    for round in 0..ROUNDS {
        let name = ["a.json", "a.jsonc", "a.yaml", "a.yaml"][round % 4];
        let text = written(&mut dice, name);
        let widest = [Applicability::Safe, Applicability::Unsafe][dice.roll(2)];
        let after = apply_fixes(&support::memory_file(name, text.clone()), text.clone(), &Settings::default(), widest);
        assert_eq!(after.dropped, [], "{text}\n────\n{}", after.text);
        assert_eq!(comments(&after.text), comments(&text), "{text}\n────\n{}", after.text);
        assert_eq!(after.text.ends_with('\n'), text.ends_with('\n'), "{text}\n────\n{}", after.text);
        let breaks = |text: &str| (text.matches("\r\n").count(), text.matches('\n').count());
        let (crlf, all) = breaks(&after.text);
        assert!(crlf == 0 || crlf == all, "{text}\n────\n{}", after.text);
        let (old, new) = (tree::leaf_values(name, &text), tree::leaf_values(name, &after.text));
        let at_fault = |pointer: &str| {
            let renamed = ["/tracking_domian", "/desciption", "/description"];
            AT_FAULT.iter().chain(&renamed).any(|place| pointer.starts_with(place)) || pointer.ends_with("/html")
        };
        let rest = |values: &[(String, String)]| -> Vec<(String, String)> {
            values.iter().filter(|(pointer, _)| !at_fault(pointer)).cloned().collect()
        };
        assert_eq!(rest(&new), rest(&old), "{text}\n────\n{}", after.text);
        let htmls = |values: &[(String, String)]| -> Vec<usize> {
            let htmls = values.iter().filter(|(pointer, _)| pointer.ends_with("/html"));
            htmls.map(|(_, html)| html.replace(CODES[0], "").matches(['ü', 'p', '"']).count()).collect()
        };
        assert_eq!(htmls(&new), htmls(&old), "{text}\n────\n{}", after.text);
        fixes += after.applied.len();
        untouched += usize::from(after.text == text);
    }
    assert!(fixes > 3 * ROUNDS && untouched < ROUNDS / 10, "{fixes} fixes, {untouched} files untouched");
}

/// Enough to meet what is rare; more finds nothing new.
const ROUNDS: usize = 600;
