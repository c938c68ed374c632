//! Fetches all pages of a list. RevCent does not document the number of the first page, or the response after the last one, so both
//! are inferred from the responses. A list counts as complete only if the responses leave no doubt.

use std::collections::HashSet;

use serde_json::Value;

use crate::online::Unanswered;
use crate::online::net::api::Envelope;
use crate::online::snapshot_text::Object;

/// The number of items to request per page.
pub(super) const PAGE_SIZE: usize = 25;

/// The limit for the number of requests per list.
const MAX_PAGES: u64 = 400;

/// The items of a list.
#[derive(Debug, Default)]
pub(crate) struct FetchedList {
    /// The items as RevCent returned them.
    pub items: Vec<Value>,
    /// Why there may be more items; `None` if the list is complete.
    pub incomplete: Option<Unanswered>,
}

/// What is known about the first page, whose number is 0 or 1.
enum FirstPage {
    /// The first page was received.
    Received,
    /// The service reported that page 0 does not exist, so page 1 is the first.
    StartsAtOne(Unanswered),
    /// The request for page 0 failed for another reason, so page 0 may be the first page.
    Refused(Unanswered),
}

/// Fetches pages until there is no further one. Page 0 may be the first page, empty, or the same as page 1, so page 1 is always
/// fetched.
pub(super) fn fetch_pages(
    mut request_page: impl FnMut(u64) -> Result<Envelope, Unanswered>,
) -> Result<FetchedList, Unanswered> {
    let mut collector = PageCollector::default();
    let mut first = match PageResponse::from_envelope(request_page(0)?) {
        PageResponse::Page(page) => match collector.add_page(page) {
            PageOutcome::Inconsistent(reason) => return collector.into_list(FirstPage::Received, Some(reason)),
            PageOutcome::NewItems | PageOutcome::Repeated { .. } | PageOutcome::Empty => FirstPage::Received,
        },
        PageResponse::PastLastPage(error) => FirstPage::StartsAtOne(error),
        PageResponse::Refused(error) => FirstPage::Refused(error),
    };
    for number in 1..MAX_PAGES {
        let page = match request_page(number).map_or_else(PageResponse::Refused, PageResponse::from_envelope) {
            PageResponse::Page(page) => page,
            PageResponse::PastLastPage(_) => return collector.into_list(first, None),
            PageResponse::Refused(error) => return collector.into_list(first, Some(error)),
        };
        if matches!(first, FirstPage::StartsAtOne(_)) {
            first = FirstPage::Received;
        }
        match collector.add_page(page) {
            PageOutcome::NewItems => {}
            // Services that count from 1 often return page 1 for page 0.
            PageOutcome::Repeated { .. } if number == 1 => {}
            PageOutcome::Repeated { is_short: true } | PageOutcome::Empty => return collector.into_list(first, None),
            PageOutcome::Repeated { is_short: false } => {
                let reason = Unanswered::new("RevCent's API returns the same page repeatedly");
                return collector.into_list(first, Some(reason));
            }
            PageOutcome::Inconsistent(reason) => return collector.into_list(first, Some(reason)),
        }
    }
    collector.into_list(first, Some(Unanswered(format!("there are more than {MAX_PAGES} pages"))))
}

/// The response to a request for one page.
enum PageResponse {
    Page(ResponsePage),
    /// The service reported that the page does not exist.
    PastLastPage(Unanswered),
    Refused(Unanswered),
}

impl PageResponse {
    fn from_envelope(envelope: Envelope) -> Self {
        match envelope {
            Envelope::Success(page) => match ResponsePage::from_object(page) {
                Ok(page) => Self::Page(page),
                Err(error) => Self::Refused(error),
            },
            Envelope::Error(response) if response.is_past_last_page() => Self::PastLastPage(response.error),
            Envelope::Error(response) => Self::Refused(response.error),
        }
    }
}

struct ResponsePage {
    items: Vec<Value>,
    /// `current_count`: the number of items on the page.
    count: Option<u64>,
    /// `current_page`.
    number: Option<u64>,
}

impl ResponsePage {
    fn from_object(mut page: Object) -> Result<Self, Unanswered> {
        let count = page.get("current_count").and_then(Value::as_u64);
        let number = page.get("current_page").and_then(Value::as_u64);
        match page.remove("results") {
            Some(Value::Array(items)) => Ok(Self { items, count, number }),
            _ => Err(Unanswered::new("RevCent's API returned a list without `results`")),
        }
    }
}

/// What a page adds to the list.
enum PageOutcome {
    /// At least one new item.
    NewItems,
    /// Only known items. `is_short` says that an earlier page was longer. This is then the last page: full pages can be shorter than
    /// requested, but all have the same length.
    Repeated {
        is_short: bool,
    },
    Empty,
    /// Its count or number contradicts its content or the page before.
    Inconsistent(Unanswered),
}

/// Collects the items of the pages.
#[derive(Default)]
struct PageCollector {
    items: Vec<Value>,
    seen_keys: HashSet<String>,
    longest_page: usize,
    /// The number that the last page reported.
    last_number: u64,
}

impl PageCollector {
    /// Adds the items of a page that are not known yet, by ID.
    fn add_page(&mut self, page: ResponsePage) -> PageOutcome {
        let page_len = page.items.len();
        let known_items = self.items.len();
        for item in page.items {
            // An item without an ID is compared as a whole.
            let key = item.get("id").unwrap_or(&item).to_string();
            if self.seen_keys.insert(key) {
                self.items.push(item);
            }
        }
        self.longest_page = self.longest_page.max(page_len);
        let last_number = self.last_number;
        self.last_number = page.number.unwrap_or_default();
        match (page.count, page.number) {
            // The numbers are not shown: they could repeat a part of the key.
            (Some(count), _) if count != page_len as u64 => PageOutcome::Inconsistent(Unanswered(format!(
                "a page of the list contains {page_len} items, but states another number"
            ))),
            _ if page_len == 0 => PageOutcome::Empty,
            (_, Some(number)) if number > last_number + 1 => {
                PageOutcome::Inconsistent(Unanswered::new("RevCent's API returned a list in which a page is missing"))
            }
            _ if self.items.len() == known_items => PageOutcome::Repeated { is_short: page_len < self.longest_page },
            _ => PageOutcome::NewItems,
        }
    }

    /// Returns the list, with the reason if it may be incomplete. An incomplete list without items is an error.
    fn into_list(self, first: FirstPage, incomplete: Option<Unanswered>) -> Result<FetchedList, Unanswered> {
        let refused_first = match first {
            FirstPage::Received => None,
            FirstPage::StartsAtOne(error) | FirstPage::Refused(error) => Some(error),
        };
        match incomplete.or(refused_first) {
            Some(reason) if self.items.is_empty() => Err(reason),
            incomplete => Ok(FetchedList { items: self.items, incomplete }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::online::net::api::error_response::ErrorResponse;
    use crate::online::net::api::pagination::*;
    use crate::online::net::secret_finder::SecretFinder;

    /// A page with the items from one ID to before another.
    fn page_with_ids(range: std::ops::Range<u64>) -> Envelope {
        let items: Vec<Value> = range.map(|id| json!({ "id": id })).collect();
        Envelope::Success([("results".to_owned(), Value::from(items))].into_iter().collect())
    }

    fn error_envelope(message: &str) -> Envelope {
        let body = json!({ "code": 0, "message": message });
        Envelope::Error(ErrorResponse::from_body(body.as_object().unwrap(), 200, &SecretFinder::new([])))
    }

    fn refused() -> Envelope {
        error_envelope("could not load results")
    }

    fn past_last_page() -> Envelope {
        error_envelope("page not found")
    }

    /// Page `number` of a list of `all` items whose first page has the number `first`.
    fn page(all: u64, first: u64, number: u64) -> Envelope {
        let start = number.saturating_sub(first) * PAGE_SIZE as u64;
        page_with_ids(start.min(all)..(start + PAGE_SIZE as u64).min(all))
    }

    /// Adds a field to a page.
    fn with_field(page: Envelope, key: &str, number: u64) -> Envelope {
        let Envelope::Success(mut page) = page else { return page };
        page.insert(key.into(), number.into());
        Envelope::Success(page)
    }

    #[test]
    fn each_item_is_listed_once_whatever_the_first_page_number() {
        for all in [0, 1, 24, 25, 26, 50, 60] {
            let from_one: fn(u64, u64) -> Envelope = |all, number| page(all, 1, number);
            let from_one_only = |all, number| if number == 0 { past_last_page() } else { page(all, 1, number) };
            let empty_page_zero = |all, number| if number == 0 { page_with_ids(0..0) } else { page(all, 1, number) };
            let from_zero = |all, number| page(all, 0, number);
            let error_after_last =
                |all: u64, number: u64| if number * 25 < all.max(1) { page(all, 0, number) } else { past_last_page() };
            for request_page in [from_one, from_one_only, empty_page_zero, from_zero, error_after_last] {
                let listed =
                    fetch_pages(|number| Ok(with_field(request_page(all, number), "current_page", number))).unwrap();
                assert_eq!((listed.items.len() as u64, listed.incomplete), (all, None));
            }
        }
    }

    /// Whatever the later pages contain: page 0 may have been the first page.
    #[test]
    fn a_list_without_its_first_page_is_incomplete() {
        let no_results = || Envelope::Success(Object::new());
        for zero in [refused, no_results] {
            for (all, first) in [(0, 1), (7, 1), (60, 1), (25, 0), (32, 0)] {
                let listed = fetch_pages(|number| Ok(if number == 0 { zero() } else { page(all, first, number) }));
                assert!(listed.is_err() || listed.is_ok_and(|listed| listed.incomplete.is_some()), "{all} {first}");
            }
        }
        assert!(fetch_pages(|_| Ok(past_last_page())).is_err() && fetch_pages(|_| Ok(refused())).is_err());
        assert!(fetch_pages(|_| Err(Unanswered::new("down"))).is_err());
    }

    #[test]
    fn reads_services_with_smaller_pages() {
        let capped = |all: u64, start: u64| page_with_ids(start.min(all)..(start + 10).min(all));
        for all in [1, 9, 10, 11, 16, 20, 25, 60] {
            let from_one = |number: u64| capped(all, number.saturating_sub(1) * 10);
            let from_zero = |number: u64| if number * 10 < all { capped(all, number * 10) } else { past_last_page() };
            let last_again = |number: u64| capped(all, number.min((all - 1) / 10) * 10);
            for (request_page, is_complete) in [
                (&from_one as &dyn Fn(u64) -> Envelope, true),
                (&from_zero, true),
                // A last page as long as all others may be one that the service returns for any number.
                (&last_again, all > 10 && all % 10 != 0),
            ] {
                let mut requests = 0;
                let listed = fetch_pages(|number| {
                    requests += 1;
                    Ok(request_page(number))
                });
                let listed = listed.unwrap();
                assert_eq!((listed.items.len() as u64, listed.incomplete.is_none()), (all, is_complete));
                assert!(requests <= all.div_ceil(10) + 2, "{requests} for {all}");
            }
            let broken = fetch_pages(|number| Ok(if number * 10 < all { capped(all, number * 10) } else { refused() }));
            assert!(broken.unwrap().incomplete.is_some());
        }
        // The service ignores the page number, and there are more items than fit on one page.
        assert!(fetch_pages(|_| Ok(capped(25, 0))).unwrap().incomplete.is_some());
    }

    #[test]
    fn a_list_that_may_continue_is_incomplete() {
        let stuck = fetch_pages(|_| Ok(page_with_ids(0..25))).unwrap();
        assert!(stuck.items.len() == PAGE_SIZE && stuck.incomplete.is_some());
        let broken = fetch_pages(|number| if number < 2 { Ok(page(90, 0, number)) } else { Ok(refused()) }).unwrap();
        assert!(broken.items.len() == 2 * PAGE_SIZE && broken.incomplete.is_some());
        let endless = fetch_pages(|number| Ok(page_with_ids(number * 25..number * 25 + 25))).unwrap();
        assert!(endless.incomplete.is_some());
        let cut = |number| with_field(page(5, 0, number), "current_count", 9);
        assert!(fetch_pages(|number| Ok(cut(number))).unwrap().incomplete.is_some());
        let leap = |number| with_field(page(60, 0, number), "current_page", number * 2);
        assert!(fetch_pages(|number| Ok(leap(number))).unwrap().incomplete.is_some());
    }
}
