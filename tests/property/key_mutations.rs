//! Mutations of keys: unknown, misspelled and duplicate keys.

use super::choices::Choices;
use super::mutations::{Expected, ReportedAt, email};
use super::portal::Portal;
use super::tree::{join, split, text};

/// An unknown field in any object.
pub fn unknown_key(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let objects = p.tree.non_empty_objects();
    let parent = objects[c.below(objects.len())].clone();
    let key = c.pick(&["colour", "größe", "a/b~c", "😀", "with blanks", "x: y", "{}", "'", "\\\"", "yes", "12"]);
    let entries = p.tree.entries_mut(&parent)?;
    let index = c.below(entries.len() + 1);
    entries.insert(index, (key.to_owned(), text("x")));
    Some(Expected { pointer: join(&parent, key), reported_at: ReportedAt::Key })
}

/// A misspelled key. It is one finding: there is no second one for the missing field.
pub fn misspelled_key(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let from = email(c.below(2), "from");
    let html = email(c.below(2), "html");
    let subject = email(c.below(2), "subject");
    let misspellings: [(&str, &str); 13] = [
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
    let (pointer, misspelling) = misspellings[c.below(misspellings.len())];
    let (parent, key) = split(pointer);
    let entry = p.tree.entries_mut(parent)?.iter_mut().find(|(other, _)| *other == key)?;
    misspelling.clone_into(&mut entry.0);
    Some(Expected { pointer: join(parent, misspelling), reported_at: ReportedAt::Key })
}

/// A copy of any field at the end of its object.
pub fn duplicate_key(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let objects = p.tree.non_empty_objects();
    let parent = objects[c.below(objects.len())].clone();
    let entries = p.tree.entries_mut(&parent)?;
    let index = c.below(entries.len());
    let copy = entries[index].clone();
    let pointer = join(&parent, &copy.0);
    entries.push(copy);
    Some(Expected { pointer, reported_at: ReportedAt::Key })
}
