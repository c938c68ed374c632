//! Random bodies without any finding: create, edit and export.
//!
//! A comment with the code of a rule explains a choice that avoids a finding of it.

use portal_lint::model::portal::PERMISSIONS;
use portal_lint::schema::PortalKind;

use super::choices::Choices;
use super::tree::{Tree, object, text};
use super::words::{html, html_around, line, lines, phrase};

/// A body and its kind.
#[derive(Clone, Debug)]
pub struct Portal {
    pub kind: PortalKind,
    pub tree: Tree,
}

impl Portal {
    /// The pointer of an ID: in an export the IDs are inside objects.
    pub fn id(&self, pointer: &str) -> String {
        if self.kind == PortalKind::Export { format!("{pointer}/id") } else { pointer.to_owned() }
    }

    /// The value of a field that refers to an object by ID.
    pub fn id_value(&self, id: String) -> Tree {
        id_value(self.kind, text(id))
    }
}

/// The keys of both emails.
pub const EMAILS: [&str; 2] = ["customer_account_confirm_email", "customer_account_password_reset"];

/// A body of any kind.
pub fn portal(c: &mut Choices) -> Portal {
    let kind = c.pick(&[PortalKind::Create, PortalKind::Create, PortalKind::Edit, PortalKind::Export]);
    let mut fields = common_fields(c, kind);
    match kind {
        PortalKind::Create => {
            if c.one_in(8) {
                fields.push(("$schema", text("https://portal-lint.dev/create.schema.json")));
            }
        }
        PortalKind::Edit => {
            fields.retain(|_| !c.one_in(3));
            fields.insert(0, ("customer_portal_id", id(c, 6)));
        }
        PortalKind::Export => fields.extend(response_fields(c)),
    }
    let mut tree = Tree::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
    if c.one_in(2) {
        shuffle(c, &mut tree);
    }
    Portal { kind, tree }
}

fn shuffle(c: &mut Choices, tree: &mut Tree) {
    if let Tree::Object(entries) = tree {
        c.shuffle(entries);
        for (_, value) in entries {
            shuffle(c, value);
        }
    }
}

/// The fields of all three kinds.
fn common_fields(c: &mut Choices, kind: PortalKind) -> Vec<(&'static str, Tree)> {
    let mut fields = vec![
        ("name", text(name(c))),
        // RCP104: more than the name, and not blank.
        ("description", text(format!("{}{}", lines(c), c.pick(&["Members update their cards here.", " Help desk\n"])))),
        // RCP022: only an export may be enabled.
        ("enabled", Tree::Bool(kind == PortalKind::Export && c.one_in(2))),
        ("tracking_domain", reference(c, kind, 0)),
        (
            "recaptcha",
            // RCP204: no secret is written out.
            object([("site_key", key(c)), ("secret_key", variable(c, 16))]),
        ),
        ("display_name", text(phrase(c))),
        ("footer_html", text(html(c))),
        ("smtp_profile", reference(c, kind, 1)),
        ("customer_emails", emails(c)),
        ("customer_permissions", permissions(c)),
    ];
    if !c.one_in(4) {
        let mut references = |first_id: usize| {
            let count = c.below(4);
            Tree::List((first_id..first_id + count).map(|id| reference(c, kind, id)).collect())
        };
        fields.push(("customer_filters", object([("campaign", references(7)), ("third_party_shop", references(11))])));
    }
    if c.one_in(2) {
        fields.push(("create_non_existing_customer", Tree::Bool(false)));
    }
    fields
}

/// RCP102: a name that starts with a word of letters is not generic.
fn name(c: &mut Choices) -> String {
    phrase(c)
}

fn emails(c: &mut Choices) -> Tree {
    // RCP014: both emails have the same sender. RCP203: not at a free mail provider.
    let from = match c.below(5) {
        0 | 1 => text("support@acme-outfitters.com"),
        2 => text("no-reply+portal@mail.acme.co.uk"),
        3 => text("hilfe@xn--zrich-kva.ch"),
        _ => variable(c, 17),
    };
    // RCP111: the subjects and the texts of the two emails differ.
    let mut email = |subject: &str| {
        let (html, _) = html_around(c, subject, "{{email_code}}");
        let mut fields = vec![
            ("from", from.clone()),
            ("from_name", text(line(c))),
            ("subject", text(format!("{subject} {}", line(c)))),
            ("html", text(html)),
        ];
        for copies in ["to_cc", "to_bcc"] {
            if c.one_in(3) {
                fields.push((copies, Tree::List(Vec::new())));
            }
        }
        Tree::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    object([(EMAILS[0], email("Confirm")), (EMAILS[1], email("Neues Paßwort"))])
}

fn permissions(c: &mut Choices) -> Tree {
    // RCP016, 017, 113: these must be false.
    const MUST_BE_FALSE: [&str; 4] =
        ["subscription_cancel", "trial_expire", "trial_cancel", "salvage_transaction_process"];
    let can_add_cards = !c.one_in(4);
    object(PERMISSIONS.map(|name| {
        // RCP109: cards can be removed or made default only if they can be added.
        let is_allowed = match name {
            "credit_card_add" => can_add_cards,
            "credit_card_remove" | "credit_card_set_default" => can_add_cards && c.one_in(2),
            _ => !MUST_BE_FALSE.contains(&name) && c.one_in(2),
        };
        (name, Tree::Bool(is_allowed))
    }))
}

/// The fields that only a response has.
fn response_fields(c: &mut Choices) -> Vec<(&'static str, Tree)> {
    let number = |number: &str| Tree::Number(number.to_owned());
    let url = |path: &str| text(format!("https://portal.acme-outfitters.com/{path}"));
    vec![
        ("id", id(c, 6)),
        ("api_call_id", id(c, 15)),
        ("api_call_unix", number("1763769600")),
        ("code", number("1")),
        ("created_date_unix", number("1748736000")),
        ("updated_date_unix", number(c.pick(&["1761955200", "0"]))),
        ("logo", url("logo.png")),
        (
            "portal_urls",
            object([("main", url("")), ("register", url("register")), ("login", url("login")), ("account", url("a"))]),
        ),
    ]
}

/// A reference to an object: its ID, in an export an object with the ID.
fn reference(c: &mut Choices, kind: PortalKind, id_number: usize) -> Tree {
    let id = id(c, id_number);
    match id_value(kind, id) {
        Tree::Object(mut fields) => {
            if c.one_in(2) {
                fields.push(("name".to_owned(), text(line(c))));
            }
            Tree::Object(fields)
        }
        id => id,
    }
}

fn id_value(kind: PortalKind, id: Tree) -> Tree {
    if kind == PortalKind::Export { object([("id", id)]) } else { id }
}

fn id(c: &mut Choices, id_number: usize) -> Tree {
    if c.one_in(8) { variable(c, id_number) } else { text(id_text(c, id_number)) }
}

/// 20 letters and digits. They can also be only digits or a float in exponent notation, which YAML reads as numbers without quotes.
///
/// It contains no `x`, because four of them in a row are a placeholder (RCP101). The second character depends on `id_number`, so that the
/// IDs of different fields are different (RCP107, 018).
pub fn id_text(c: &mut Choices, id_number: usize) -> String {
    const LETTERS: &[u8] = b"K7pZWq2mVy9LcTbRn8D4hNfYsJw1GtEu5QaB0CdPk6HvMrXSzF3jgU";
    const OFFSETS: &[u8] = b"48150372962718203648";
    if c.one_in(8) {
        let digits: String = (2..19).map(|_| char::from(b'0' + u8::try_from(c.below(10)).expect("a digit"))).collect();
        return format!("3{:02}{digits}", 17 + id_number);
    }
    if c.one_in(10) {
        return format!("3{:02}41592653589793e12", 17 + id_number);
    }
    let mut id = String::new();
    for (index, offset) in OFFSETS.iter().enumerate() {
        if index == 1 {
            id.push(char::from(b'A' + u8::try_from(id_number).expect("a small number")));
            continue;
        }
        // The letter of a choice of zero differs between the positions and between the IDs.
        let start = usize::from(*offset) * 7 + index * 11 + id_number * 3;
        let letter = char::from(LETTERS[(start + usize::from(c.byte())) % LETTERS.len()]);
        id.push(if letter == 'X' { 'V' } else { letter });
    }
    id
}

fn key(c: &mut Choices) -> Tree {
    if c.one_in(2) {
        return variable(c, 14);
    }
    text(key_text(c))
}

/// RCP105: 40 characters that a reCAPTCHA key can have.
pub fn key_text(c: &mut Choices) -> String {
    format!("6L{}_{}-", &id_text(c, 14), &id_text(c, 13)[..16])
}

/// RCP018: a variable that occurs twice in a list is a duplicate, so its name depends on `id_number`.
fn variable(c: &mut Choices, id_number: usize) -> Tree {
    let name = c.pick(&["PORTAL_VALUE_", "x", "_A", "RECAPTCHA_SECRET_KEY"]);
    text(format!("${{{name}{id_number}}}"))
}
