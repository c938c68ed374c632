//! Mutations: each makes one mistake in a valid portal and returns the finding that the rule must report. A mutation returns `None` if it
//! is not possible in the portal.
//!
//! Each row of [`MUTATIONS`] is a kind of mistake. If it can be made in several fields, one of them is picked.

use std::ops::Range;

use portal_lint::schema::PortalKind;

use super::choices::Choices;
use super::portal::{EMAILS, Portal, id_text, key_text};
use super::tree::{Tree, join, object, split, text};
use super::{html_mutations as html, key_mutations as keys, words};

/// The finding that a mutation must lead to.
#[derive(Clone, Debug)]
pub struct Expected {
    pub pointer: String,
    pub reported_at: ReportedAt,
}

/// The range that the finding points to.
#[derive(Clone, Debug)]
pub enum ReportedAt {
    Value,
    Key,
    /// The key of the object at this pointer; for the top level, [`RenderedText::root_marker`](super::rendered_text::RenderedText).
    ParentKey(String),
    /// A range of the decoded text.
    TextRange(Range<usize>),
}

/// The number of the rule, whether the mistake is possible only in YAML, and the mutation.
pub type Mutation = (u16, bool, fn(&mut Portal, &mut Choices) -> Option<Expected>);

pub const MUTATIONS: &[Mutation] = &[
    (1, false, |p, _| remove_required(p, "/name")),
    (1, false, |p, c| replace(p, "/name", blank(c))),
    (1, false, |p, c| replace(p, "/name", not_text(c))),
    (2, false, |p, _| remove_required(p, &p.id("/tracking_domain"))),
    (2, false, |p, c| invalid_id(p, c, "/tracking_domain")),
    (2, false, |p, c| {
        replace(
            p,
            "/tracking_domain",
            c.pick(&[Tree::Null, Tree::Bool(true), Tree::List(Vec::new())].each_ref()).clone(),
        )
    }),
    (5, false, |p, _| remove_required(p, &p.id("/smtp_profile"))),
    (5, false, |p, c| invalid_id(p, c, "/smtp_profile")),
    (5, false, fetched_object),
    (6, false, |p, _| remove_required(p, "/recaptcha")),
    (6, false, |p, c| replace(p, "/recaptcha", not_an_object(c))),
    (7, false, |p, _| remove_required(p, "/recaptcha/site_key")),
    (7, false, |p, c| {
        replace(p, "/recaptcha/site_key", c.pick(&[&text(" "), &Tree::Null, &Tree::Bool(false)]).clone())
    }),
    (8, false, |p, _| remove_required(p, "/recaptcha/secret_key")),
    (8, false, |p, c| replace(p, "/recaptcha/secret_key", c.pick(&[&text(""), &Tree::Null, &object([])]).clone())),
    (9, false, |p, _| remove_required(p, "/customer_emails")),
    (9, false, |p, c| replace(p, "/customer_emails", not_an_object(c))),
    (9, false, |p, _| remove(p, &email(0, ""))),
    (9, false, |p, c| replace(p, &email(0, ""), not_an_object(c))),
    (10, false, |p, _| remove(p, &email(1, ""))),
    (10, false, |p, c| replace(p, &email(1, ""), not_an_object(c))),
    (11, false, |p, c| remove(p, &email(c.below(2), "from"))),
    (11, false, |p, c| replace(p, &email(c.below(2), "from"), if c.one_in(2) { blank(c) } else { not_text(c) })),
    (12, false, |p, _| remove(p, &email(0, "html"))),
    (12, false, |p, c| replace(p, &email(0, "html"), if c.one_in(2) { text(words::html(c)) } else { not_text(c) })),
    (12, false, |p, c| html::invisible_code(p, c, &email(0, "html"))),
    (13, false, |p, _| remove(p, &email(1, "html"))),
    (13, false, |p, c| replace(p, &email(1, "html"), if c.one_in(2) { text(words::html(c)) } else { blank(c) })),
    (13, false, |p, c| html::invisible_code(p, c, &email(1, "html"))),
    (14, false, |p, c| {
        p.tree.literal_text(&email(0, "from"))?;
        replace(p, &email(1, "from"), text(c.pick(&["Support@acme-outfitters.com", "hello@acme.ch"])))
    }),
    (15, false, omitted_permission),
    (15, false, |p, _| remove_in(p, "/customer_permissions", &[PortalKind::Create, PortalKind::Export])),
    (16, false, |p, _| replace(p, "/customer_permissions/subscription_cancel", Tree::Bool(true))),
    (17, false, |p, _| {
        p.tree.replace("/customer_permissions/credit_card_add", Tree::Bool(true))?;
        replace(p, "/customer_permissions/salvage_transaction_process", Tree::Bool(true))
    }),
    (18, false, duplicate_filter),
    (18, false, |p, c| {
        let list = filter(c);
        replace(p, list, c.pick(&[&Tree::Null, &text("x"), &object([])]).clone())
    }),
    (18, false, invalid_filter),
    (20, false, |p, c| {
        let campaign = p.id_value(id_text(c, 3));
        // RCP115: a filter must contain the campaign.
        p.tree.replace("/customer_filters/campaign", Tree::List(vec![campaign.clone()]));
        p.tree.set("/create_non_existing_customer_campaign", campaign)?;
        set(p, "/create_non_existing_customer", Tree::Bool(true))
    }),
    (21, false, |p, c| {
        (p.kind == PortalKind::Create).then_some(())?;
        let campaign = p.id_value(id_text(c, 3));
        set(p, "/create_non_existing_customer_campaign", campaign)
    }),
    (21, false, |p, c| {
        let campaign = p.id_value(id_text(c, 3)[..c.pick(&[19, 1])].to_owned());
        let expected = set(p, "/create_non_existing_customer_campaign", campaign)?;
        Some(Expected { pointer: p.id(&expected.pointer), ..expected })
    }),
    (22, false, |p, _| {
        (p.kind != PortalKind::Export).then_some(()).and_then(|()| replace(p, "/enabled", Tree::Bool(true)))
    }),
    (22, false, |p, _| remove_in(p, "/enabled", &[PortalKind::Create])),
    (23, false, html::hazard),
    (23, false, html::markup_in_name),
    (24, false, keys::unknown_key),
    (24, false, keys::misspelled_key),
    (100, false, |p, c| {
        let flag = c.pick(&[
            "/enabled",
            "/create_non_existing_customer",
            "/customer_permissions/contact_modify",
            "/customer_permissions/trial_cancel",
        ]);
        replace(
            p,
            flag,
            c.pick(&[&text("true"), &text("maybe"), &Tree::Number("1".into()), &Tree::Null, &object([])]).clone(),
        )
    }),
    (100, false, |p, c| {
        let field = c.pick(&["/description", "/display_name", "/footer_html"]);
        replace(p, field, not_text(c))
    }),
    (100, false, |p, c| {
        let field = email(c.below(2), c.pick(&["subject", "from_name"]));
        replace(p, &field, not_text(c))
    }),
    (100, false, |p, c| set(p, &email(c.below(2), c.pick(&["to_cc", "to_bcc"])), Tree::Bool(true))),
    (100, false, |p, c| replace(p, c.pick(&["/customer_permissions", "/customer_filters"]), Tree::List(Vec::new()))),
    (101, false, |p, c| {
        let id = p.id(c.pick(&["/tracking_domain", "/smtp_profile"]));
        replace(p, &id, text(c.pick(&["XXXXXXXXXXXXXXXXXXXX", "YOUR_DOMAIN_ID_00000", "ACME_BRAND_A_SHOP_ID"])))
    }),
    (101, false, |p, c| {
        replace(p, "/recaptcha/site_key", text(c.pick(&["RECAPTCHA_SITE_KEY", "<site key>", "changeme"])))
    }),
    (101, false, html::reserved_link),
    (102, false, |p, c| replace(p, "/name", text(c.pick(&["Portal", "new-portal #3", "TEST", "365", " my  portal"])))),
    (104, false, |p, _| remove_in(p, "/description", &[PortalKind::Create])),
    (104, false, |p, c| {
        // Only ASCII letters are changed: `ß` in upper case is `SS`, another word.
        let name = p.tree.text("/name")?.to_ascii_uppercase();
        let description = if c.one_in(2) { blank(c) } else { text(format!(" {name}!\n")) };
        (p.kind == PortalKind::Create).then_some(()).and_then(|()| replace(p, "/description", description))
    }),
    (105, false, |p, c| {
        let key = key_text(c);
        replace(p, "/recaptcha/site_key", text(c.pick(&[&key[..39], "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"])))
    }),
    (105, false, |p, c| {
        let key = key_text(c);
        invalid_character(p, c, "/recaptcha/site_key", &key)
    }),
    (106, false, |p, c| {
        let (pointer, id) = (p.id(c.pick(&["/tracking_domain", "/smtp_profile"])), id_text(c, 2));
        invalid_character(p, c, &pointer, &id)
    }),
    (107, false, |p, _| {
        let id = p.tree.literal_text(&p.id("/tracking_domain"))?.to_owned();
        replace(p, &p.id("/smtp_profile"), text(id))
    }),
    (108, false, html::system_term),
    (109, false, |p, c| {
        for other in ["remove", "set_default"] {
            p.tree.replace(&format!("/customer_permissions/credit_card_{other}"), Tree::Bool(c.one_in(2)))?;
        }
        p.tree.replace("/customer_permissions/credit_card_remove", Tree::Bool(true))?;
        replace(p, "/customer_permissions/credit_card_add", Tree::Bool(false))
    }),
    (110, false, |p, c| remove_in(p, &email(c.below(2), c.pick(&["subject", "from_name"])), &[PortalKind::Create])),
    (110, false, |p, c| {
        (p.kind == PortalKind::Create).then_some(())?;
        replace(p, &email(c.below(2), c.pick(&["subject", "from_name"])), blank(c))
    }),
    (111, false, |p, c| {
        let field = c.pick(&["subject", "html"]);
        let first = p.tree.literal_text(&email(0, field))?.to_owned();
        replace(p, &email(1, field), text(first))
    }),
    (112, false, |p, _| remove_in(p, "/display_name", &[PortalKind::Create])),
    (112, false, |p, c| {
        (p.kind == PortalKind::Create).then_some(()).and_then(|()| replace(p, "/display_name", blank(c)))
    }),
    (113, false, |p, c| {
        replace(
            p,
            c.pick(&["/customer_permissions/trial_expire", "/customer_permissions/trial_cancel"]),
            Tree::Bool(true),
        )
    }),
    (201, false, |p, c| {
        let invalid_addresses =
            ["support", "Acme ü <support@acme-outfitters.com>", "a@b@acme-outfitters.com", "@acme-outfitters.com"];
        replace(p, &email(c.below(2), "from"), text(c.pick(&invalid_addresses)))
    }),
    (202, false, |p, c| {
        let copies = Tree::List(vec![text("archive@acme-outfitters.com")]);
        set(p, &email(c.below(2), c.pick(&["to_cc", "to_bcc"])), copies)
    }),
    (203, false, |p, c| {
        // The sender of the other email is a variable, which is not compared with this sender (RCP014).
        let index = c.below(2);
        p.tree.replace(&email(1 - index, "from"), text("${SENDER}"))?;
        replace(p, &email(index, "from"), text(c.pick(&["acme@gmail.com", "acme@GMX.de"])))
    }),
    (204, false, |p, c| {
        let key = format!("6S{}", &key_text(c)[2..]);
        replace(p, "/recaptcha/secret_key", text(key))
    }),
    (205, false, keys::duplicate_key),
    (206, false, html::hidden_character),
    (207, false, html::insecure_link),
    (208, false, html::line_break),
    (209, false, html::broken_html),
    (210, false, html::unknown_shortcode),
    (211, true, ambiguous_value),
];

/// The pointer of an email's field, or of the email.
pub fn email(index: usize, field: &str) -> String {
    let email = join("/customer_emails", EMAILS[index]);
    if field.is_empty() { email } else { join(&email, field) }
}

fn filter(c: &mut Choices) -> &'static str {
    c.pick(&["/customer_filters/campaign", "/customer_filters/third_party_shop"])
}

fn blank(c: &mut Choices) -> Tree {
    text(c.pick(&["", " ", "   ", "\t", "\u{a0}"]))
}

fn not_text(c: &mut Choices) -> Tree {
    let values = [
        Tree::Null,
        Tree::Bool(true),
        Tree::Number("12".into()),
        Tree::Number("-1.5e3".into()),
        Tree::List(Vec::new()),
    ];
    values[c.below(values.len())].clone()
}

fn not_an_object(c: &mut Choices) -> Tree {
    let values =
        [Tree::Null, Tree::Bool(false), Tree::Number("0".into()), text("{}"), text(""), Tree::List(vec![text("x")])];
    values[c.below(values.len())].clone()
}

/// Replaces a value; the finding points to the new value.
pub fn replace(p: &mut Portal, pointer: &str, value: Tree) -> Option<Expected> {
    p.tree.replace(pointer, value)?;
    Some(Expected { pointer: pointer.to_owned(), reported_at: ReportedAt::Value })
}

/// Sets a field that may not exist yet; the finding points to its value.
fn set(p: &mut Portal, pointer: &str, value: Tree) -> Option<Expected> {
    p.tree.set(pointer, value)?;
    let pointer = if p.tree.get(&format!("{pointer}/id")).is_some() && p.kind != PortalKind::Export {
        format!("{pointer}/id")
    } else {
        pointer.to_owned()
    };
    Some(Expected { pointer, reported_at: ReportedAt::Value })
}

/// Replaces a text; the finding points to a range of it.
pub fn replace_text(p: &mut Portal, pointer: &str, new: String, range: Range<usize>) -> Option<Expected> {
    p.tree.replace(pointer, text(new))?;
    Some(Expected { pointer: pointer.to_owned(), reported_at: ReportedAt::TextRange(range) })
}

/// Removes a field; the finding points to its parent.
fn remove(p: &mut Portal, pointer: &str) -> Option<Expected> {
    p.tree.remove(pointer)?;
    let parent = split(pointer).0.to_owned();
    Some(Expected { pointer: pointer.to_owned(), reported_at: ReportedAt::ParentKey(parent) })
}

fn remove_in(p: &mut Portal, pointer: &str, kinds: &[PortalKind]) -> Option<Expected> {
    if kinds.contains(&p.kind) { remove(p, pointer) } else { None }
}

/// Removes a required field. An edit has none: it may omit every field.
fn remove_required(p: &mut Portal, pointer: &str) -> Option<Expected> {
    remove_in(p, pointer, &[PortalKind::Create, PortalKind::Export])
}

/// A text that does not have the 20 characters of an ID. It is not a number, which RCP211 would report in YAML without quotes.
fn invalid_id(p: &mut Portal, c: &mut Choices, pointer: &str) -> Option<Expected> {
    let id = id_text(c, 2);
    let invalid_ids = [
        id[1..].to_owned(),
        format!("{id}a"),
        String::new(),
        format!(" {id}"),
        "shop.acme-outfitters.com".into(),
        "ü😀".into(),
    ];
    let invalid_id = invalid_ids[c.below(invalid_ids.len())].clone();
    replace(p, &p.id(pointer), text(invalid_id))
}

/// An object as in a response of GetCustomerPortal, in a request.
fn fetched_object(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    (p.kind != PortalKind::Export).then_some(())?;
    replace(p, "/smtp_profile", object([("id", text(id_text(c, 2))), ("name", text("Acme"))]))
}

fn omitted_permission(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    (p.kind != PortalKind::Edit).then_some(())?;
    let permissions = p.tree.entries_mut("/customer_permissions")?;
    for _ in 0..=c.below(3) {
        let index = c.below(permissions.len());
        permissions.remove(index);
    }
    Some(Expected { pointer: "/customer_permissions".into(), reported_at: ReportedAt::Key })
}

fn duplicate_filter(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let list = filter(c);
    let items = p.tree.items_mut(list)?;
    let index = c.below(items.len().max(1));
    let copy = items.get(index)?.clone();
    items.push(copy);
    let last_index = items.len() - 1;
    Some(Expected { pointer: p.id(&format!("{list}/{last_index}")), reported_at: ReportedAt::Value })
}

fn invalid_filter(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let list = filter(c);
    let invalid_id = p.id_value(c.pick(&["", "short", "ACME_BRAND_A_CAMPAIGN_ID"]).to_owned());
    let items = p.tree.items_mut(list)?;
    let index = c.below(items.len() + 1);
    items.insert(index, invalid_id);
    Some(Expected { pointer: p.id(&format!("{list}/{index}")), reported_at: ReportedAt::Value })
}

/// Replaces one character of a valid ID or key by an invalid one.
fn invalid_character(p: &mut Portal, c: &mut Choices, pointer: &str, valid: &str) -> Option<Expected> {
    let start = 1 + c.below(valid.len() - 2);
    let character = c.pick(&[' ', '.', '"', '\'', '\\', 'О', 'ü', '😀', '/', '#']);
    let invalid = format!("{}{character}{}", &valid[..start], &valid[start + 1..]);
    replace_text(p, pointer, invalid, start..start + character.len_utf8())
}

/// A value without quotes that YAML 1.1 reads with another type.
fn ambiguous_value(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    if c.one_in(2) {
        let flag = c.pick(&["/enabled", "/create_non_existing_customer", "/customer_permissions/subscription_renew"]);
        return replace(p, flag, Tree::Bare(c.pick(&["no", "yes", "Off", "ON"]).to_owned()));
    }
    let pointer = match c.below(3) {
        0 => p.id("/tracking_domain"),
        1 => p.id("/smtp_profile"),
        _ => "/recaptcha/site_key".to_owned(),
    };
    let value =
        c.pick(&["31415926535897932384", "2026-01-01T00:00:00Z", "1234567890123456e123", "1_000_000_000_000_00"]);
    replace(p, &pointer, Tree::Bare(value.to_owned()))
}
