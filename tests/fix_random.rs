//! Fixes of random bodies: each has random mistakes and a random layout (indentation, line breaks, comments, trailing commas, quotes,
//! block scalars, flow collections). All values without findings and all comments must remain.

use std::fmt::Write;

use crate::support::random::RandomGenerator;
use crate::support::{memory_file, tree};
use portal_lint::base::diagnostic::Applicability;
use portal_lint::engine::fix::apply_fixes;
use portal_lint::model::portal::PERMISSIONS;
use portal_lint::settings::Settings;

/// The number of random bodies.
const ROUNDS: usize = 600;

/// The start of the pointers that fixes may change. Misspelled keys are renamed.
const FIXED_FIELDS: [&str; 12] = [
    "/tracking_domain",
    "/tracking_domian",
    "/smtp_profile",
    "/customer_filters/campaign",
    "/customer_permissions",
    "/enabled",
    "/id",
    "/created_date_unix",
    "/portal_urls",
    "/logo",
    "/desciption",
    "/description",
];

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

fn random_id(random: &mut RandomGenerator) -> Body {
    let id = text(random.pick(&IDS));
    match random.below(3) {
        0 => object(vec![("id", id), ("name", text("Acme"))]),
        1 => object(vec![("name", text("A # b, // c")), ("id", id)]),
        _ => id,
    }
}

fn random_flag(random: &mut RandomGenerator, yaml: bool) -> Body {
    match random.below(4) {
        0 => text("true"),
        1 if yaml => Body::Literal("no"),
        _ => Body::Literal("false"),
    }
}

fn random_email(random: &mut RandomGenerator) -> Body {
    let code = random.pick(&CODES);
    let html = match random.below(3) {
        0 => format!("<p>Your code is {code}</p>"),
        1 => format!("<p>It's \"ü 😀\"</p>\n<p>\n  {code}\n</p>\n"),
        _ => format!("{code} is it, friend"),
    };
    object(vec![("from", text("support@acme-outfitters.com")), ("html", Body::Text(html)), ("subject", text("Code"))])
}

/// A body with random mistakes.
fn random_body(random: &mut RandomGenerator, yaml: bool) -> Body {
    let mut entries = vec![
        ("name", text("Acme Portal of Tests")),
        ("recaptcha", object(vec![("site_key", text("${SITE}")), ("secret_key", text("${SECRET}"))])),
        (random.pick(&["tracking_domain", "tracking_domian"]), random_id(random)),
        ("smtp_profile", random_id(random)),
        ("enabled", random_flag(random, yaml)),
        (
            "customer_emails",
            object(vec![
                ("customer_account_confirm_email", random_email(random)),
                ("customer_account_password_reset", random_email(random)),
            ]),
        ),
        (
            "customer_filters",
            object(vec![("campaign", Body::List((0..random.below(5)).map(|_| random_id(random)).collect()))]),
        ),
    ];
    if !random.one_in(3) {
        let names: Vec<&str> = PERMISSIONS.into_iter().filter(|_| !random.one_in(4)).collect();
        entries.push((
            "customer_permissions",
            object(names.into_iter().map(|key| (key, random_flag(random, yaml))).collect()),
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
        if random.one_in(2) {
            entries.insert(random.below(entries.len() + 1), entry);
        }
    }
    object(entries)
}

/// Writes a body in one random layout. Comments are numbered, so that a lost or moved one is noticed.
struct Writer<'r> {
    random: &'r mut RandomGenerator,
    out: String,
    comments: usize,
    newline: &'static str,
    indent_unit: &'static str,
    with_comments: bool,
}

impl Writer<'_> {
    /// An empty text or a comment with the next number.
    fn comment(&mut self, comment_start: &str) -> String {
        if !self.with_comments || !self.random.one_in(5) {
            return String::new();
        }
        self.comments += 1;
        format!("{comment_start} c{};", self.comments)
    }

    fn push_str(&mut self, text: &str) {
        self.out += text;
    }

    fn new_line(&self, depth: usize) -> String {
        format!("{}{}", self.newline, self.indent_unit.repeat(depth))
    }

    /// Writes JSON or a YAML flow collection. `comment_start` is the text before a comment: `#` in YAML, `//` in JSONC, empty in JSON.
    fn write_flow(&mut self, body: &Body, depth: usize, comment_start: &str, is_multiline: bool) {
        let json = comment_start != "#";
        let entries: Vec<(String, &Body)> = match body {
            Body::Literal(word) => return self.out.push_str(word),
            Body::Text(text) => {
                let text = serde_json::Value::from(text.as_str()).to_string();
                let escaped = if self.random.one_in(3) { text.replace('{', "\\u007b") } else { text };
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
        let is_multiline = is_multiline && !self.random.one_in(6);
        self.out.push(open);
        for (index, (key, value)) in entries.iter().enumerate() {
            if is_multiline {
                let above = self.comment(comment_start);
                if !above.is_empty() {
                    self.out += &(self.new_line(depth + 1) + &above);
                }
                self.out += &self.new_line(depth + 1);
            }
            self.out += key;
            self.write_flow(value, depth + 1, comment_start, is_multiline);
            let is_last = index + 1 == entries.len();
            if !is_last || (!comment_start.is_empty() && self.random.one_in(4)) {
                self.out.push(',');
            }
            if is_multiline {
                let comment = self.comment(comment_start);
                if !comment.is_empty() {
                    self.push_str(&format!(" {comment}"));
                }
            } else if !is_last {
                self.out.push(' ');
            }
        }
        if is_multiline && !entries.is_empty() {
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
                    if self.random.one_in(8) {
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
        if nested && !self.random.one_in(4) && !self.out.ends_with('-') {
            return self.write_block(value, depth + 1);
        }
        self.out.push(' ');
        match value {
            Body::Text(text) if text.contains('\n') || (text.starts_with('<') && self.random.one_in(2)) => {
                let style = self.random.pick(&["|", ">", "|-", ">-", "|+"]);
                self.out += style;
                for line in text.trim_end().split('\n') {
                    let indent = if line.is_empty() { self.newline.to_owned() } else { self.new_line(depth + 1) };
                    write!(self.out, "{indent}{line}").expect("memory can be written");
                }
                return;
            }
            Body::Text(text) => match self.random.below(3) {
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
fn random_text(random: &mut RandomGenerator, name: &str) -> String {
    let body = random_body(random, name.ends_with("yaml"));
    let newline = ["\n", "\r\n"][random.below(2)];
    let is_block = name.ends_with("yaml") && !random.one_in(5);
    let indent_unit = ["  ", "    ", "\t"][random.below(if name.ends_with("yaml") { 2 } else { 3 })];
    let with_comments = !name.ends_with("json");
    let mut writer = Writer { random, out: String::new(), comments: 0, newline, indent_unit, with_comments };
    if is_block {
        writer.write_block(&body, 0);
    } else {
        let comment_start = match name.rsplit_once('.') {
            Some((_, "yaml")) => "#",
            Some((_, "jsonc")) => "//",
            _ => "",
        };
        let is_multiline = !writer.random.one_in(4);
        writer.write_flow(&body, 0, comment_start, is_multiline);
    }
    if writer.random.one_in(2) {
        let newline = writer.newline;
        writer.out += newline;
    }
    writer.out.trim_start_matches(['\r', '\n']).to_owned()
}

/// The numbers of the comments in a text, in order.
fn comment_numbers(text: &str) -> Vec<usize> {
    let comments = text.split(" c").skip(1);
    comments.filter_map(|comment| comment.split_once(';')?.0.parse().ok()).collect()
}

/// The number of line breaks with a carriage return, and of all line breaks.
fn count_line_breaks(text: &str) -> (usize, usize) {
    (text.matches("\r\n").count(), text.matches('\n').count())
}

/// Whether a fix may change the value at this pointer. In HTML it may change the code, which is compared separately.
fn may_change(pointer: &str) -> bool {
    FIXED_FIELDS.iter().any(|field| pointer.starts_with(field)) || pointer.ends_with("/html")
}

fn values_to_keep(values: &[(String, String)]) -> Vec<(String, String)> {
    values.iter().filter(|(pointer, _)| !may_change(pointer)).cloned().collect()
}

/// The number of some letters outside the code in each HTML text: a fix may change only the code.
fn count_html_letters(values: &[(String, String)]) -> Vec<usize> {
    let htmls = values.iter().filter(|(pointer, _)| pointer.ends_with("/html"));
    htmls.map(|(_, html)| html.replace(CODES[0], "").matches(['ü', 'p', '"']).count()).collect()
}

#[test]
fn fixes_keep_all_values_and_comments_without_findings() {
    let mut random = RandomGenerator::new(0x9E37_79B9_7F4A_7C15);
    let (mut fix_count, mut unchanged_files) = (0, 0);
    for round in 0..ROUNDS {
        let name = ["a.json", "a.jsonc", "a.yaml", "a.yaml"][round % 4];
        let text = random_text(&mut random, name);
        let max_applicability = [Applicability::Safe, Applicability::Unsafe][random.below(2)];
        let file = memory_file(name, text.clone());
        let fixed = apply_fixes(&file, text.clone(), &Settings::default(), max_applicability);
        let both_texts = format!("{text}\n────\n{}", fixed.text);
        assert_eq!(fixed.failed, None, "{both_texts}");
        assert_eq!(comment_numbers(&fixed.text), comment_numbers(&text), "{both_texts}");
        assert_eq!(fixed.text.ends_with('\n'), text.ends_with('\n'), "{both_texts}");
        let (crlf, all) = count_line_breaks(&fixed.text);
        assert!(crlf == 0 || crlf == all, "{both_texts}");
        let (old, new) = (tree::leaf_values(name, &text), tree::leaf_values(name, &fixed.text));
        assert_eq!(values_to_keep(&new), values_to_keep(&old), "{both_texts}");
        assert_eq!(count_html_letters(&new), count_html_letters(&old), "{both_texts}");
        fix_count += fixed.applied.len();
        unchanged_files += usize::from(fixed.text == text);
    }
    assert!(
        fix_count > 3 * ROUNDS && unchanged_files < ROUNDS / 10,
        "{fix_count} fixes, {unchanged_files} unchanged files"
    );
}
