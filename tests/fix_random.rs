//! Fixes of random bodies: each has random mistakes and a random layout (indentation, line breaks, comments, trailing commas, quotes,
//! block scalars, flow collections). All values without findings and all comments must remain.

use std::fmt::Write;

use crate::support::tree;
use portal_lint::base::diagnostic::Applicability;
use portal_lint::engine::fix::apply_fixes;
use portal_lint::model::portal::PERMISSIONS;
use portal_lint::settings::Settings;

/// A xorshift generator: the same sequence on every run.
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

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.roll(choices.len())]
    }
}

#[derive(Clone)]
enum Body {
    /// A literal or number, written without quotes.
    Literal(&'static str),
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

fn random_id(dice: &mut Dice) -> Body {
    let id = text(dice.pick(&IDS));
    match dice.roll(3) {
        0 => object(vec![("id", id), ("name", text("Acme"))]),
        1 => object(vec![("name", text("A # b, // c")), ("id", id)]),
        _ => id,
    }
}

fn random_flag(dice: &mut Dice, yaml: bool) -> Body {
    match dice.roll(4) {
        0 => text("true"),
        1 if yaml => Body::Literal("no"),
        _ => Body::Literal("false"),
    }
}

fn random_email(dice: &mut Dice) -> Body {
    let code = dice.pick(&CODES);
    let html = match dice.roll(3) {
        0 => format!("<p>Your code is {code}</p>"),
        1 => format!("<p>It's \"ü 😀\"</p>\n<p>\n  {code}\n</p>\n"),
        _ => format!("{code} is it, friend"),
    };
    object(vec![("from", text("support@acme-outfitters.com")), ("html", Body::Text(html)), ("subject", text("Code"))])
}

/// A body with random mistakes.
fn random_body(dice: &mut Dice, yaml: bool) -> Body {
    let mut entries = vec![
        ("name", text("Acme Portal of Tests")),
        ("recaptcha", object(vec![("site_key", text("${SITE}")), ("secret_key", text("${SECRET}"))])),
        (dice.pick(&["tracking_domain", "tracking_domian"]), random_id(dice)),
        ("smtp_profile", random_id(dice)),
        ("enabled", random_flag(dice, yaml)),
        (
            "customer_emails",
            object(vec![
                ("customer_account_confirm_email", random_email(dice)),
                ("customer_account_password_reset", random_email(dice)),
            ]),
        ),
        (
            "customer_filters",
            object(vec![("campaign", Body::List((0..dice.roll(5)).map(|_| random_id(dice)).collect()))]),
        ),
    ];
    if !dice.one_in(3) {
        let names: Vec<&str> = PERMISSIONS.into_iter().filter(|_| !dice.one_in(4)).collect();
        entries.push((
            "customer_permissions",
            object(names.into_iter().map(|key| (key, random_flag(dice, yaml))).collect()),
        ));
    }
    let unexpected_fields = [
        ("id", text(IDS[0])),
        ("created_date_unix", Body::Literal("1767225600")),
        ("portal_urls", Body::List(vec![text("https://a.acme-outfitters.com")])),
        ("logo", text("https://acme-outfitters.com/logo.png")),
        ("desciption", text("Customers of tests")),
    ];
    for entry in unexpected_fields {
        if dice.one_in(2) {
            entries.insert(dice.roll(entries.len() + 1), entry);
        }
    }
    object(entries)
}

/// Writes a body in one random layout. Comments are numbered, so that a lost or moved one is noticed.
struct Writer<'d> {
    dice: &'d mut Dice,
    out: String,
    comments: usize,
    newline: &'static str,
    unit: &'static str,
    with_comments: bool,
}

impl Writer<'_> {
    /// An empty text or a comment with the next number.
    fn comment(&mut self, mark: &str) -> String {
        if !self.with_comments || !self.dice.one_in(5) {
            return String::new();
        }
        self.comments += 1;
        format!("{mark} c{};", self.comments)
    }

    fn push_str(&mut self, text: &str) {
        self.out += text;
    }

    fn new_line(&self, depth: usize) -> String {
        format!("{}{}", self.newline, self.unit.repeat(depth))
    }

    /// Writes JSON or a YAML flow collection. `mark` starts a comment: `#` in YAML, `//` in JSONC, empty in JSON.
    fn write_flow(&mut self, body: &Body, depth: usize, mark: &str, lines: bool) {
        let json = mark != "#";
        let entries: Vec<(String, &Body)> = match body {
            Body::Literal(word) => return self.out.push_str(word),
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
                let above = self.comment(mark);
                if !above.is_empty() {
                    self.out += &(self.new_line(depth + 1) + &above);
                }
                self.out += &self.new_line(depth + 1);
            }
            self.out += key;
            self.write_flow(value, depth + 1, mark, lines);
            let is_last = index + 1 == entries.len();
            if !is_last || (!mark.is_empty() && self.dice.one_in(4)) {
                self.out.push(',');
            }
            if lines {
                let comment = self.comment(mark);
                if !comment.is_empty() {
                    self.push_str(&format!(" {comment}"));
                }
            } else if !is_last {
                self.out.push(' ');
            }
        }
        if lines && !entries.is_empty() {
            self.out += &self.new_line(depth);
        }
        self.out.push(close);
    }

    fn write_block(&mut self, body: &Body, depth: usize) {
        match body {
            Body::Object(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    let above = self.comment("#");
                    if !above.is_empty() {
                        self.out += &(self.new_line(depth) + &above);
                    }
                    if self.dice.one_in(8) {
                        self.out += self.newline;
                    }
                    self.push_str(&format!("{}{key}:", self.new_line(depth)));
                    self.write_block_value(value, depth);
                }
            }
            Body::List(items) if !items.is_empty() => {
                for item in items {
                    self.push_str(&format!("{}-", self.new_line(depth)));
                    self.write_block_value(item, depth);
                }
            }
            _ => {}
        }
    }

    fn write_block_value(&mut self, value: &Body, depth: usize) {
        let nested = matches!(value, Body::Object(entries) if !entries.is_empty())
            || matches!(value, Body::List(items) if !items.is_empty());
        if nested && !self.dice.one_in(4) && !self.out.ends_with('-') {
            return self.write_block(value, depth + 1);
        }
        self.out.push(' ');
        match value {
            Body::Text(text) if text.contains('\n') || (text.starts_with('<') && self.dice.one_in(2)) => {
                let style = self.dice.pick(&["|", ">", "|-", ">-", "|+"]);
                self.out += style;
                for line in text.trim_end().split('\n') {
                    let indent = if line.is_empty() { self.newline.to_owned() } else { self.new_line(depth + 1) };
                    write!(self.out, "{indent}{line}").expect("memory can be written");
                }
                return;
            }
            Body::Text(text) => match self.dice.roll(3) {
                0 if !text.contains([':', '#', '{', '[', '%', '"', '\'']) && text != "true" => self.out += text,
                1 => self.push_str(&format!("'{}'", text.replace('\'', "''"))),
                _ => self.write_flow(value, depth, "#", false),
            },
            _ => self.write_flow(value, depth, "#", false),
        }
        let comment = self.comment("#");
        if !comment.is_empty() {
            self.push_str(&format!(" {comment}"));
        }
    }
}

/// A random body in a random layout of the format that the name states.
fn random_text(dice: &mut Dice, name: &str) -> String {
    let body = random_body(dice, name.ends_with("yaml"));
    let newline = dice.pick(&["\n", "\r\n"]);
    let newline: &'static str = if newline == "\n" { "\n" } else { "\r\n" };
    let block = name.ends_with("yaml") && !dice.one_in(5);
    let unit = ["  ", "    ", "\t"][dice.roll(if name.ends_with("yaml") { 2 } else { 3 })];
    let mut writer =
        Writer { dice, out: String::new(), comments: 0, newline, unit, with_comments: !name.ends_with("json") };
    if block {
        writer.write_block(&body, 0);
    } else {
        let mark = if name.ends_with("yaml") {
            "#"
        } else if name.ends_with("jsonc") {
            "//"
        } else {
            ""
        };
        let lines = !writer.dice.one_in(4);
        writer.write_flow(&body, 0, mark, lines);
    }
    if writer.dice.one_in(2) {
        let newline = writer.newline;
        writer.out += newline;
    }
    writer.out.trim_start_matches(['\r', '\n']).to_owned()
}

/// The numbers of the comments in a text, in order.
fn comment_numbers(text: &str) -> Vec<usize> {
    let number = |rest: &str| rest.split_once(';').and_then(|(number, _)| number.parse().ok());
    text.match_indices(" c").filter_map(|(at, mark)| number(&text[at + mark.len()..])).collect()
}

#[test]
fn fixes_keep_all_values_and_comments_without_findings() {
    const FIXED_FIELDS: [&str; 9] = [
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
        let text = random_text(&mut dice, name);
        let widest = [Applicability::Safe, Applicability::Unsafe][dice.roll(2)];
        let after =
            apply_fixes(&crate::support::memory_file(name, text.clone()), text.clone(), &Settings::default(), widest);
        assert_eq!(after.dropped, [], "{text}\n────\n{}", after.text);
        assert_eq!(comment_numbers(&after.text), comment_numbers(&text), "{text}\n────\n{}", after.text);
        assert_eq!(after.text.ends_with('\n'), text.ends_with('\n'), "{text}\n────\n{}", after.text);
        let count_line_breaks = |text: &str| (text.matches("\r\n").count(), text.matches('\n').count());
        let (crlf, all) = count_line_breaks(&after.text);
        assert!(crlf == 0 || crlf == all, "{text}\n────\n{}", after.text);
        let (old, new) = (tree::leaf_values(name, &text), tree::leaf_values(name, &after.text));
        let may_change = |pointer: &str| {
            let renamed = ["/tracking_domian", "/desciption", "/description"];
            FIXED_FIELDS.iter().chain(&renamed).any(|place| pointer.starts_with(place)) || pointer.ends_with("/html")
        };
        let unchanged = |values: &[(String, String)]| -> Vec<(String, String)> {
            values.iter().filter(|(pointer, _)| !may_change(pointer)).cloned().collect()
        };
        assert_eq!(unchanged(&new), unchanged(&old), "{text}\n────\n{}", after.text);
        // Of HTML only the code may change: the other letters are counted.
        let count_html_letters = |values: &[(String, String)]| -> Vec<usize> {
            let htmls = values.iter().filter(|(pointer, _)| pointer.ends_with("/html"));
            htmls.map(|(_, html)| html.replace(CODES[0], "").matches(['ü', 'p', '"']).count()).collect()
        };
        assert_eq!(count_html_letters(&new), count_html_letters(&old), "{text}\n────\n{}", after.text);
        fixes += after.applied.len();
        untouched += usize::from(after.text == text);
    }
    assert!(fixes > 3 * ROUNDS && untouched < ROUNDS / 10, "{fixes} fixes, {untouched} files untouched");
}

/// The number of random bodies.
const ROUNDS: usize = 600;
