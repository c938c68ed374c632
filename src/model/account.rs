//! The account that a snapshot describes: tracking domains, SMTP profiles, campaigns, shops and portals.
//!
//! A list that the snapshot leaves out is unknown; an empty list is empty. The responses of RevCent's list operations are
//! accepted as they come: a list, one page, or a list of pages. The schema validates the form of the file. Here every object
//! that can be read counts, and if some may be missing, the lookup of another ID is [`Lookup::Unknown`] and not
//! [`Lookup::NotFound`].

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::base::steps::count_steps;
use crate::model::portal::has_id_length;
use crate::schema::cursor_to_json;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Document, Value};

/// What the rules expect of an account. The settings `[account-words]` and `[days]` change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPolicy {
    /// The statuses of DNS that is ready.
    pub dns_statuses: StatusWords,
    /// The statuses of a certificate that is active.
    pub ssl_statuses: StatusWords,
    /// The number of days for which a certificate must still be valid.
    pub min_certificate_days: u32,
    /// The maximum age of a snapshot in days. An older one is outdated.
    pub max_snapshot_days: u32,
}

/// Status words that are compared without case. Both levels are `Cow` so that the defaults need no allocation.
pub(crate) type StatusWords = Cow<'static, [Cow<'static, str>]>;

impl Default for AccountPolicy {
    fn default() -> Self {
        const DNS: &[Cow<'static, str>] = &[Cow::Borrowed("ready"), Cow::Borrowed("complete"), Cow::Borrowed("active")];
        const SSL: &[Cow<'static, str>] = &[Cow::Borrowed("issued"), Cow::Borrowed("active")];
        Self {
            dns_statuses: Cow::Borrowed(DNS),
            ssl_statuses: Cow::Borrowed(SSL),
            min_certificate_days: 21,
            max_snapshot_days: 30,
        }
    }
}

/// What a status word means. RevCent does not publish a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// It is an accepted word.
    Ready,
    /// It is a word that means "not ready" for any kind of status.
    NotReady,
    /// It is neither.
    Unclear,
}

impl Readiness {
    /// Interprets a status word.
    pub(crate) fn from_status(status: &str, accepted: &[Cow<'static, str>]) -> Self {
        const NOT_READY: [&str; 5] = ["pending", "failed", "expired", "inactive", "error"];
        let status = status.trim().to_lowercase();
        // The settings win: a user may accept `pending`.
        if accepted.iter().any(|word| word.to_lowercase() == status) {
            Self::Ready
        } else if NOT_READY.contains(&status.as_str()) {
            Self::NotReady
        } else {
            Self::Unclear
        }
    }
}

/// The kinds of objects that an account has lists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// A domain that serves portals.
    TrackingDomain,
    /// The server and sender of emails.
    SmtpProfile,
    /// A campaign.
    Campaign,
    /// What filters call a third-party shop.
    Shop,
    /// A portal.
    Portal,
}

impl ObjectKind {
    /// All kinds, in the order of a snapshot.
    pub const ALL: [Self; 5] = [Self::TrackingDomain, Self::SmtpProfile, Self::Campaign, Self::Shop, Self::Portal];

    /// The field of a snapshot that holds the list.
    pub const fn list_field(self) -> &'static str {
        match self {
            Self::TrackingDomain => "tracking_domains",
            Self::SmtpProfile => "smtp_profiles",
            Self::Campaign => "campaigns",
            Self::Shop => "user_shops",
            Self::Portal => "customer_portals",
        }
    }

    /// The singular noun for messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::TrackingDomain => "tracking domain",
            Self::SmtpProfile => "SMTP profile",
            Self::Campaign => "campaign",
            Self::Shop => "shop",
            Self::Portal => "portal",
        }
    }
}

/// The content of an account snapshot.
#[derive(Debug, Default)]
pub struct Account<'d> {
    /// The field `pulled`, the day of the snapshot; `None` if no document could be read.
    pub pulled: Option<Cursor<'d>>,
    lists: [Option<ObjectList<'d>>; 5],
}

/// The objects of one kind in a snapshot.
#[derive(Debug)]
pub struct ObjectList<'d> {
    /// The field of the list.
    pub cursor: Cursor<'d>,
    /// The objects, in the order of the file.
    pub objects: Vec<AccountObject<'d>>,
    /// Whether the account has no other objects of this kind.
    pub is_complete: bool,
    /// Objects with the same ID and different content: the first one and another one.
    pub conflicts: Vec<[Cursor<'d>; 2]>,
    /// Indices of `objects`.
    by_id: HashMap<&'d str, usize>,
    /// Indices of `objects`.
    by_name: HashMap<&'d str, Vec<usize>>,
    /// IDs that RevCent was queried for and does not have.
    absent_ids: HashSet<&'d str>,
}

/// An object of the account.
#[derive(Clone, Copy, Debug)]
pub struct AccountObject<'d> {
    /// The whole object.
    pub cursor: Cursor<'d>,
    /// The ID, if it has the length of an ID.
    pub id: Option<&'d str>,
    /// The name.
    pub name: Option<&'d str>,
}

/// The result of looking an ID up.
#[derive(Clone, Copy, Debug)]
pub enum Lookup<'a, 'd> {
    /// The object with this ID.
    Found(&'a AccountObject<'d>),
    /// The account has no such object: the list is complete, or RevCent was queried for the ID.
    NotFound(&'a ObjectList<'d>),
    /// The snapshot has no such list, or the list is incomplete.
    Unknown,
}

impl<'d> Account<'d> {
    /// Reads a snapshot.
    pub fn from_document(document: &'d Document<'d>) -> Self {
        let root = Cursor::root(document);
        Self { pulled: Some(root.field("pulled")), lists: ObjectKind::ALL.map(|kind| read_list(root, kind)) }
    }

    /// The objects of a kind; `None` if the snapshot does not have the list.
    pub fn list(&self, kind: ObjectKind) -> Option<&ObjectList<'d>> {
        self.lists[kind as usize].as_ref()
    }

    /// Looks an ID up.
    pub fn lookup(&self, kind: ObjectKind, id: &str) -> Lookup<'_, 'd> {
        let Some(list) = self.list(kind) else { return Lookup::Unknown };
        match list.by_id.get(id) {
            Some(&index) => Lookup::Found(&list.objects[index]),
            None if list.is_complete || list.absent_ids.contains(id) => Lookup::NotFound(list),
            None => Lookup::Unknown,
        }
    }

    /// The object with this ID, if the snapshot has it.
    pub fn find(&self, kind: ObjectKind, id: &str) -> Option<&AccountObject<'d>> {
        match self.lookup(kind, id) {
            Lookup::Found(object) => Some(object),
            Lookup::NotFound(_) | Lookup::Unknown => None,
        }
    }
}

/// Reads the list of a kind. The snapshot names incomplete lists in `partial`, and IDs that RevCent does not have in `absent`.
fn read_list(root: Cursor<'_>, kind: ObjectKind) -> Option<ObjectList<'_>> {
    let mut list = ObjectList::new(root.field(kind.list_field()))?;
    if root.field("partial").items().any(|field| field.text() == Some(kind.list_field())) {
        list.is_complete = false;
    }
    for id in root.field("absent").field(kind.list_field()).items() {
        list.absent_ids.extend(id.text());
    }
    Some(list)
}

impl<'d> ObjectList<'d> {
    /// Reads a list, a page or a list of pages; `None` for any other value.
    fn new(field: Cursor<'d>) -> Option<Self> {
        let elements: Vec<Cursor<'d>> = if field.is_list() {
            field.items().collect()
        } else if page_results(&field).is_some() {
            vec![field]
        } else {
            return None;
        };
        let mut pages: Vec<ListPage> = Vec::new();
        let mut objects = Vec::new();
        let mut has_plain_objects = false;
        for element in elements {
            if let Some(results) = page_results(&element) {
                pages.push(ListPage {
                    len: results.items().len(),
                    number: integer_field(&element, "current_page"),
                    original_len: integer_field(&element, "current_count"),
                });
                objects.extend(results.items().map(AccountObject::new));
            } else {
                objects.push(AccountObject::new(element));
                has_plain_objects = true;
            }
        }
        // Pages next to plain objects, or objects without an ID, show that somebody edited the list.
        let is_mixed = has_plain_objects && !pages.is_empty();
        let has_ids = objects.iter().all(|object| object.id.is_some());
        let is_complete = !field.is_partial() && !is_mixed && has_ids && are_all_pages(&pages);
        let mut list = Self {
            cursor: field,
            objects: Vec::with_capacity(objects.len()),
            is_complete,
            conflicts: Vec::new(),
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            absent_ids: HashSet::new(),
        };
        for object in objects {
            list.add(object);
        }
        Some(list)
    }

    /// Adds an object, unless the list has one with the same ID: a page that was fetched later can repeat an object.
    fn add(&mut self, object: AccountObject<'d>) {
        let index = self.objects.len();
        if let Some(id) = object.id {
            if let Some(&first) = self.by_id.get(id) {
                let first = &self.objects[first];
                if cursor_to_json(&first.cursor) != cursor_to_json(&object.cursor) {
                    self.conflicts.push([first.cursor, object.cursor]);
                }
                return;
            }
            self.by_id.insert(id, index);
        }
        if let Some(name) = object.name {
            self.by_name.entry(name).or_default().push(index);
        }
        self.objects.push(object);
    }

    /// The objects with this name.
    pub fn with_name(&self, name: &str) -> impl Iterator<Item = &AccountObject<'d>> {
        let indices = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        count_steps(indices.len());
        indices.iter().map(|index| &self.objects[*index])
    }
}

/// The `results` of a page; `None` if this is not a page.
fn page_results<'d>(page: &Cursor<'d>) -> Option<Cursor<'d>> {
    Some(page.field("results")).filter(Cursor::is_list)
}

/// A page of a list, as RevCent's list operations return it.
struct ListPage {
    len: usize,
    /// The field `current_page`.
    number: Option<u64>,
    /// The field `current_count`: how many objects the page had when RevCent returned it.
    original_len: Option<u64>,
}

fn integer_field(object: &Cursor<'_>, key: &str) -> Option<u64> {
    match object.children().find(|child| child.key() == key)?.value() {
        Some(Value::Number(text)) => text.parse().ok(),
        _ => None,
    }
}

/// Whether these pages are all pages of a list, in order and unchanged.
fn are_all_pages(pages: &[ListPage]) -> bool {
    /// The maximum number of objects on a page of RevCent's list operations.
    const FULL_PAGE_LEN: usize = 25;
    let is_unchanged = pages.iter().all(|page| page.original_len.is_none_or(|len| len == page.len as u64));
    let numbers: Vec<u64> = pages.iter().filter_map(|page| page.number).collect();
    // RevCent does not document whether the first page has the number 0 or 1.
    let starts_with_first = numbers.first().is_none_or(|first| *first <= 1);
    let is_consecutive = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    // Another page may follow a full one. Any page that has more objects than the last one shows that the last one is not full.
    let ends_with_last = match pages {
        [] => true,
        [only] => only.len < FULL_PAGE_LEN,
        [others @ .., last] => last.len == 0 || others.iter().any(|page| page.len > last.len),
    };
    is_unchanged && starts_with_first && is_consecutive && ends_with_last
}

impl<'d> AccountObject<'d> {
    fn new(object: Cursor<'d>) -> Self {
        let id = object.field("id").text().filter(|id| has_id_length(id));
        Self { cursor: object, id, name: object.field("name").text() }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::source::{Format, Source};
    use crate::model::account::*;
    use crate::syntax::{Limits, Parsed, parse};

    /// Reads a snapshot in which `id: a` and `id: b` stand for IDs of 20 characters.
    fn with_account<T>(text: &str, check: impl FnOnce(&Account<'_>) -> T) -> T {
        let mut text = text.to_owned();
        for letter in ["a", "b"] {
            text = text.replace(&format!("id: {letter}"), &format!("id: {}", letter.repeat(20)));
        }
        let source = Source::new("account.yaml", text, Format::Yaml);
        let parsed: Parsed<'_> = parse(&source, &Limits::default());
        check(&Account::from_document(&parsed.documents[0]))
    }

    #[test]
    fn lists_and_pages_and_lists_of_pages_are_complete() {
        for text in [
            "campaigns: [{id: a}, {id: b}]",
            "campaigns: {current_count: 2, current_page: 1, results: [{id: a}, {id: b}]}",
            "campaigns: [{results: [{id: a}]}, {results: [{id: b}]}, {results: []}]",
        ] {
            with_account(text, |account| {
                assert!(matches!(account.lookup(ObjectKind::Campaign, &"b".repeat(20)), Lookup::Found(_)), "{text}");
                assert!(matches!(account.lookup(ObjectKind::Campaign, "c"), Lookup::NotFound(_)), "{text}");
                assert!(matches!(account.lookup(ObjectKind::Shop, "c"), Lookup::Unknown), "{text}");
            });
        }
        with_account("campaigns: []", |account| {
            assert!(matches!(account.lookup(ObjectKind::Campaign, "c"), Lookup::NotFound(_)));
        });
    }

    #[test]
    fn an_id_is_never_absent_from_a_list_that_may_be_incomplete() {
        let full = format!("campaigns: {{results: [{}]}}", vec!["{id: a}"; 25].join(", "));
        for text in [
            full.as_str(),
            "campaigns: [{id: a}, {name: b}]",
            "campaigns: [{id: a}, x]",
            "campaigns: [{results: [{id: a}]}, {results: [{id: b}]}]",
            "campaigns: [{id: a}, {",
        ] {
            with_account(text, |account| {
                assert!(!matches!(account.lookup(ObjectKind::Campaign, "c"), Lookup::NotFound(_)), "{text}");
            });
        }
    }

    #[test]
    fn an_id_that_the_account_does_not_have_is_absent_from_a_partial_list() {
        with_account(
            "{campaigns: [{id: a}], partial: [campaigns], absent: {campaigns: [x], user_shops: [y]}}",
            |account| {
                assert!(matches!(account.lookup(ObjectKind::Campaign, "x"), Lookup::NotFound(_)));
                assert!(matches!(account.lookup(ObjectKind::Campaign, "y"), Lookup::Unknown));
                assert!(matches!(account.lookup(ObjectKind::Campaign, &"a".repeat(20)), Lookup::Found(_)));
            },
        );
    }

    #[test]
    fn status_words_are_compared_without_case() {
        let policy = AccountPolicy::default();
        assert_eq!(Readiness::from_status("READY", &policy.dns_statuses), Readiness::Ready);
        assert_eq!(Readiness::from_status(" Issued", &policy.ssl_statuses), Readiness::Ready);
        assert_eq!(Readiness::from_status("issued", &policy.dns_statuses), Readiness::Unclear);
        assert_eq!(Readiness::from_status("Pending", &policy.dns_statuses), Readiness::NotReady);
        assert_eq!(Readiness::from_status("pending", &[Cow::Borrowed("pending")]), Readiness::Ready);
    }
}
