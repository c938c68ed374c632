//! The account as a snapshot tells of it: tracking domains, SMTP profiles, campaigns, shops, portals.
//!
//! A list that is left out is unknown, an empty one is empty. What RevCent's list calls return is taken as it comes: the
//! list itself, one page, or a list of pages. Whether the file is of its form is for the schema to say; here everything
//! that can be read counts, and what may be lost makes an answer "cannot tell", never "there is none".

use std::borrow::Cow;
use std::collections::HashMap;

use crate::syntax::cursor::Cursor;
use crate::syntax::{Document, Value};

/// What is expected of an account: words and numbers of days that the settings may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPolicy {
    /// The status words of DNS that is ready.
    pub dns: Words,
    /// The status words of a certificate that is active.
    pub ssl: Words,
    /// For how many days a certificate has to hold at least.
    pub certificate_days: u32,
    /// After how many days a snapshot is too old.
    pub snapshot_days: u32,
}

/// Words that are compared without their case; those of the defaults cost nothing.
pub(crate) type Words = Cow<'static, [Cow<'static, str>]>;

impl Default for AccountPolicy {
    fn default() -> Self {
        const DNS: &[Cow<'static, str>] = &[Cow::Borrowed("ready"), Cow::Borrowed("complete"), Cow::Borrowed("active")];
        const SSL: &[Cow<'static, str>] = &[Cow::Borrowed("issued"), Cow::Borrowed("active")];
        Self { dns: Cow::Borrowed(DNS), ssl: Cow::Borrowed(SSL), certificate_days: 21, snapshot_days: 30 }
    }
}

/// What a status word says. RevCent publishes no list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// It is one of the accepted words.
    Ready,
    /// It is a word that means no, whatever it is about.
    NotReady,
    /// It is neither: nobody can tell.
    Unclear,
}

/// Reads a status word.
pub(crate) fn readiness(word: &str, accepted: &[Cow<'static, str>]) -> Readiness {
    const BAD: [&str; 5] = ["pending", "failed", "expired", "inactive", "error"];
    let is = |known: &str| known.to_lowercase() == word.trim().to_lowercase();
    if accepted.iter().any(|known| is(known)) {
        Readiness::Ready
    } else if BAD.into_iter().any(is) {
        Readiness::NotReady
    } else {
        Readiness::Unclear
    }
}

/// What an account has lists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Domains that portals are served on.
    TrackingDomain,
    /// What emails are sent through.
    SmtpProfile,
    /// Campaigns.
    Campaign,
    /// What filters call third-party shops.
    Shop,
    /// Portals.
    Portal,
}

impl Kind {
    /// In the order of a snapshot.
    pub const ALL: [Self; 5] = [Self::TrackingDomain, Self::SmtpProfile, Self::Campaign, Self::Shop, Self::Portal];

    /// The field of the list.
    pub const fn field(self) -> &'static str {
        match self {
            Self::TrackingDomain => "tracking_domains",
            Self::SmtpProfile => "smtp_profiles",
            Self::Campaign => "campaigns",
            Self::Shop => "user_shops",
            Self::Portal => "customer_portals",
        }
    }

    /// What one of them is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::TrackingDomain => "tracking domain",
            Self::SmtpProfile => "SMTP profile",
            Self::Campaign => "campaign",
            Self::Shop => "shop",
            Self::Portal => "portal",
        }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Account<'d> {
    /// When the snapshot was taken, as it is written; `None` when nothing could be read.
    pub pulled: Option<Cursor<'d>>,
    lists: [Option<List<'d>>; 5],
}

/// All things of one kind that the snapshot knows.
#[derive(Debug)]
pub struct List<'d> {
    /// Where it stands.
    pub slot: Cursor<'d>,
    /// In the order of the file.
    pub things: Vec<AccountObject<'d>>,
    /// Whether there are no others: nothing was lost, and the last page is not full.
    pub is_whole: bool,
    by_id: HashMap<&'d str, usize>,
    /// Ids that were asked for by name, and denied.
    absent: Vec<&'d str>,
}

/// One thing of the account.
#[derive(Clone, Copy, Debug)]
pub struct AccountObject<'d> {
    /// Its object.
    pub slot: Cursor<'d>,
    /// Its id, if it is of the length that ids have.
    pub id: Option<&'d str>,
    /// Its name.
    pub name: Option<&'d str>,
}

/// What the account says about an id.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a, 'd> {
    /// It is this.
    Is(&'a AccountObject<'d>),
    /// The list is whole and it is not in it, or the account was asked for it and denied it.
    Absent(&'a List<'d>),
    /// There is no such list, or a part of it may be lost.
    Unknown,
}

impl<'d> Account<'d> {
    /// What a document tells of the account.
    pub fn of(document: &'d Document<'d>) -> Self {
        let root = Cursor::root(document);
        let is_partial = |kind: Kind| root.field("partial").items().any(|field| field.text() == Some(kind.field()));
        let list = |kind: Kind| {
            let mut list = List::of(root.field(kind.field()))?;
            list.is_whole &= !is_partial(kind);
            list.absent = root.field("absent").field(kind.field()).items().filter_map(|id| id.text()).collect();
            Some(list)
        };
        Self { pulled: Some(root.field("pulled")), lists: Kind::ALL.map(list) }
    }

    /// All things of a kind; `None` when they are unknown.
    pub fn list(&self, kind: Kind) -> Option<&List<'d>> {
        self.lists[kind as usize].as_ref()
    }

    /// What an id is.
    pub fn ask(&self, kind: Kind, id: &str) -> Answer<'_, 'd> {
        let Some(list) = self.list(kind) else { return Answer::Unknown };
        match list.by_id.get(id) {
            Some(&index) => Answer::Is(&list.things[index]),
            None if list.is_whole || list.absent.contains(&id) => Answer::Absent(list),
            None => Answer::Unknown,
        }
    }

    /// The thing with this id, if it is known.
    pub fn find(&self, kind: Kind, id: &str) -> Option<&AccountObject<'d>> {
        match self.ask(kind, id) {
            Answer::Is(thing) => Some(thing),
            Answer::Absent(_) | Answer::Unknown => None,
        }
    }
}

/// The most that one page of a RevCent list holds.
const FULL_PAGE: usize = 25;

impl<'d> List<'d> {
    fn of(slot: Cursor<'d>) -> Option<Self> {
        let is_list = |slot: &Cursor<'d>| matches!(slot.value(), Some(Value::Array(_)));
        let results = |page: &Cursor<'d>| Some(page.field("results")).filter(is_list);
        let mut pages: Vec<Page> = Vec::new();
        let mut things = Vec::new();
        let mut alone = 0;
        let mut take = |slot: Cursor<'d>| {
            if let Some(page) = results(&slot) {
                pages.push(Page::of(&slot, page.items().len()));
                things.extend(page.items().map(AccountObject::of));
            } else {
                alone += 1;
                things.push(AccountObject::of(slot));
            }
        };
        if slot.is_object() && results(&slot).is_some() {
            take(slot);
        } else if is_list(&slot) {
            slot.items().for_each(take);
        } else {
            return None;
        }
        let is_of_a_kind = pages.is_empty() || alone == 0;
        let has_ids = things.iter().all(|thing| thing.id.is_some());
        let is_whole = !slot.is_partial() && is_of_a_kind && has_ids && is_all(&pages);
        let by_id = things.iter().enumerate().filter_map(|(index, thing)| Some((thing.id?, index))).collect();
        Some(Self { slot, things, is_whole, by_id, absent: Vec::new() })
    }

    /// Those with this name.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &AccountObject<'d>> {
        self.things.iter().filter(move |thing| thing.name == Some(name))
    }
}

/// One page of a list, as a list call returns it.
struct Page {
    size: usize,
    /// What it says of its own number and size.
    number: Option<u64>,
    count: Option<u64>,
}

impl Page {
    fn of(slot: &Cursor<'_>, size: usize) -> Self {
        let number = |key: &str| match slot.children().find(|child| child.key() == key)?.value() {
            Some(Value::Number(text)) => text.parse().ok(),
            _ => None,
        };
        Self { size, number: number("current_page"), count: number("current_count") }
    }
}

/// Whether these pages are all there are: the first is among them, none is missing or cut, and what comes behind one
/// that is as full as any other is not known. Whether the first is 0 or 1 is not documented.
fn is_all(pages: &[Page]) -> bool {
    let is_cut = |page: &Page| page.count.is_some_and(|count| count != page.size as u64);
    let numbers: Vec<u64> = pages.iter().filter_map(|page| page.number).collect();
    let in_order =
        numbers.first().is_none_or(|first| *first <= 1) && numbers.windows(2).all(|two| two[1] == two[0] + 1);
    let ends = match pages {
        [] => true,
        [only] => only.size < FULL_PAGE,
        [before @ .., last] => last.size == 0 || before.iter().any(|page| page.size > last.size),
    };
    ends && in_order && !pages.iter().any(is_cut)
}

impl<'d> AccountObject<'d> {
    fn of(slot: Cursor<'d>) -> Self {
        let is_an_id = |text: &&str| text.chars().count() == 20;
        Self { slot, id: slot.field("id").text().filter(is_an_id), name: slot.field("name").text() }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::source::{Format, Source};
    use crate::model::account::*;
    use crate::syntax::{Limits, Parsed, parse};

    fn with<T>(text: &str, look: impl FnOnce(&Account<'_>) -> T) -> T {
        let text = ["a", "b"]
            .iter()
            .fold(text.to_owned(), |text, id| text.replace(&format!("id: {id}"), &format!("id: {}", id.repeat(20))));
        let source = Source::new("account.yaml", text, Format::Yaml);
        let parsed: Parsed<'_> = parse(&source, &Limits::default());
        look(&Account::of(&parsed.documents[0]))
    }

    #[test]
    fn a_list_is_read_in_each_of_its_forms() {
        for text in [
            "campaigns: [{id: a}, {id: b}]",
            "campaigns: {current_count: 2, current_page: 1, results: [{id: a}, {id: b}]}",
            "campaigns: [{results: [{id: a}]}, {results: [{id: b}]}, {results: []}]",
        ] {
            with(text, |account| {
                assert!(matches!(account.ask(Kind::Campaign, &"b".repeat(20)), Answer::Is(_)), "{text}");
                assert!(matches!(account.ask(Kind::Campaign, "c"), Answer::Absent(_)), "{text}");
                assert!(matches!(account.ask(Kind::Shop, "c"), Answer::Unknown), "{text}");
            });
        }
        with("campaigns: []", |account| assert!(matches!(account.ask(Kind::Campaign, "c"), Answer::Absent(_))));
    }

    #[test]
    fn a_list_of_which_a_part_may_be_lost_denies_nothing() {
        let full = format!("campaigns: {{results: [{}]}}", vec!["{id: a}"; 25].join(", "));
        for text in [
            full.as_str(),
            "campaigns: [{id: a}, {name: b}]",
            "campaigns: [{id: a}, x]",
            "campaigns: [{results: [{id: a}]}, {results: [{id: b}]}]",
            "campaigns: [{id: a}, {",
        ] {
            with(text, |account| {
                assert!(!matches!(account.ask(Kind::Campaign, "c"), Answer::Absent(_)), "{text}");
            });
        }
    }

    #[test]
    fn a_partial_list_denies_what_the_account_denied() {
        with("{campaigns: [{id: a}], partial: [campaigns], absent: {campaigns: [x], user_shops: [y]}}", |account| {
            assert!(matches!(account.ask(Kind::Campaign, "x"), Answer::Absent(_)));
            assert!(matches!(account.ask(Kind::Campaign, "y"), Answer::Unknown));
            assert!(matches!(account.ask(Kind::Campaign, &"a".repeat(20)), Answer::Is(_)));
        });
    }

    #[test]
    fn status_words_are_read_without_their_case() {
        let expected = AccountPolicy::default();
        assert_eq!(readiness("READY", &expected.dns), Readiness::Ready);
        assert_eq!(readiness(" Issued", &expected.ssl), Readiness::Ready);
        assert_eq!(readiness("issued", &expected.dns), Readiness::Unclear);
        assert_eq!(readiness("Pending", &expected.dns), Readiness::NotReady);
        assert_eq!(readiness("pending", &[Cow::Borrowed("pending")]), Readiness::Ready);
    }
}
