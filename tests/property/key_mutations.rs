//! Mutations of keys: unknown ones, misspelt ones, and keys that stand twice.

use super::choices::Choices;
use super::mutate::{At, Expected, email};
use super::portal::Portal;
use super::tree::{join, split, text};

/// A field that nobody knows, somewhere.
pub fn unknown_key(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let holders = p.tree.objects();
    let holder = holders[c.below(holders.len())].clone();
    let key = c.pick(&["colour", "größe", "a/b~c", "😀", "with blanks", "x: y", "{}", "'", "\\\"", "yes", "12"]);
    let entries = p.tree.entries_mut(&holder)?;
    let index = c.below(entries.len() + 1);
    entries.insert(index, (key.to_owned(), text("x")));
    Some(Expected { pointer: join(&holder, key), at: At::Key })
}

/// A required field or one that is advised, misspelt: that is one defect.
pub fn misspelt(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let from = email(c.below(2), "from");
    let html = email(c.below(2), "html");
    let subject = email(c.below(2), "subject");
    let slips: [(&str, &str); 13] = [
        ("/name", "nmae"),
        ("/tracking_domain", "traking_domain"),
        ("/smtp_profile", "smtpProfile"),
        ("/recaptcha", "recapcha"),
        ("/recaptcha/site_key", "sitekey"),
        ("/description", "descripton"),
        ("/display_name", "displayName"),
        ("/enabled", "enable"),
        ("/customer_permissions", "customer_permission"),
        ("/customer_permissions/credit_card_remove", "credit-card-remove"),
        (&from, "form"),
        (&html, "htm"),
        (&subject, "subjcet"),
    ];
    let (pointer, slip) = slips[c.below(slips.len())];
    let (holder, key) = split(pointer);
    let entry = p.tree.entries_mut(holder)?.iter_mut().find(|(own, _)| *own == key)?;
    slip.clone_into(&mut entry.0);
    Some(Expected { pointer: join(holder, slip), at: At::Key })
}

/// Any field of any object once more, behind the others.
pub fn key_twice(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let holders = p.tree.objects();
    let holder = holders[c.below(holders.len())].clone();
    let entries = p.tree.entries_mut(&holder)?;
    let index = c.below(entries.len());
    let again = entries[index].clone();
    let pointer = join(&holder, &again.0);
    entries.push(again);
    Some(Expected { pointer, at: At::Key })
}
