//! The pages of a list: where they begin and end is not documented, so it is read off them. A list is whole only when they
//! leave no doubt.

use std::collections::HashSet;

use serde_json::Value;

use crate::online::Unanswered;
use crate::online::net::api::Envelope;
use crate::online::snapshot_text::Object;

/// So many entries a full page has.
pub const FULL: usize = 25;

/// More pages nobody asks for.
const MAX_PAGES: u64 = 400;

/// What came of asking for a list.
#[derive(Debug, Default)]
pub struct Listed {
    /// The entries, as they are.
    pub items: Vec<Value>,
    /// Why there may be more.
    pub more: Option<Unanswered>,
}

/// What is known of the first page, whose number is 0 or 1.
enum FirstPage {
    /// It was told.
    Told,
    /// There is no page 0, as is said: it will be page 1.
    IsOne(Unanswered),
    /// Page 0 was refused for another reason, and nobody knows what it would have been.
    Lost(Unanswered),
}

/// Asks for one page after the other until there is no further one. Page 0 may be the first, or nothing, or what page 1 is,
/// too: what is behind it is asked for in any case.
pub fn pages(mut ask: impl FnMut(u64) -> Result<Envelope, Unanswered>) -> Result<Listed, Unanswered> {
    let mut book = Collector::default();
    let mut first = match PageResponse::of(ask(0)?) {
        PageResponse::Page(page) => match book.add(page) {
            Progress::Doubt(why) => return book.close(FirstPage::Told, Some(why)),
            Progress::On | Progress::Same { .. } | Progress::Nothing => FirstPage::Told,
        },
        PageResponse::Beyond(said) => FirstPage::IsOne(said),
        PageResponse::Refused(said) => FirstPage::Lost(said),
    };
    for number in 1..MAX_PAGES {
        let page = match ask(number).map_or_else(PageResponse::Refused, PageResponse::of) {
            PageResponse::Page(page) => page,
            PageResponse::Beyond(_) => return book.close(first, None),
            PageResponse::Refused(said) => return book.close(first, Some(said)),
        };
        if matches!(first, FirstPage::IsOne(_)) {
            first = FirstPage::Told;
        }
        match book.add(page) {
            Progress::On => {}
            // Page 1 may be what page 0 was already.
            Progress::Same { .. } if number == 1 => {}
            Progress::Same { is_short: true } | Progress::Nothing => return book.close(first, None),
            Progress::Same { is_short: false } => {
                return book.close(first, Some(Unanswered::new("the service gives the same page again and again")));
            }
            Progress::Doubt(why) => return book.close(first, Some(why)),
        }
    }
    book.close(first, Some(Unanswered(format!("there are more than {MAX_PAGES} pages"))))
}

/// What came of asking for one page.
enum PageResponse {
    Page(Page),
    /// It is said that there is none of this number.
    Beyond(Unanswered),
    Refused(Unanswered),
}

impl PageResponse {
    fn of(answer: Envelope) -> Self {
        match answer {
            Envelope::Good(page) => Page::of(page).map_or_else(Self::Refused, Self::Page),
            Envelope::Bad(refusal) if refusal.is_beyond() => Self::Beyond(refusal.said),
            Envelope::Bad(refusal) => Self::Refused(refusal.said),
        }
    }
}

struct Page {
    items: Vec<Value>,
    /// What it says of its own size and number.
    count: Option<u64>,
    number: Option<u64>,
}

impl Page {
    fn of(mut page: Object) -> Result<Self, Unanswered> {
        let says = |key: &str| page.get(key).and_then(Value::as_u64);
        let (count, number) = (says("current_count"), says("current_page"));
        match page.remove("results") {
            Some(Value::Array(items)) => Ok(Self { items, count, number }),
            _ => Err(Unanswered::new("RevCent's API gave a list without `results`")),
        }
    }
}

/// What a page brings.
enum Progress {
    /// Something new.
    On,
    /// What was known. It is short when one before it was longer: then it is the last, for a service that gives fewer at
    /// once than it is asked for gives as few each time.
    Same {
        is_short: bool,
    },
    Nothing,
    /// It contradicts itself, or the page before.
    Doubt(Unanswered),
}

/// The pages so far.
#[derive(Default)]
struct Collector {
    items: Vec<Value>,
    known: HashSet<String>,
    longest: usize,
    /// The number that the last one gave itself.
    number: u64,
}

impl Collector {
    /// Takes each thing once, by its id.
    fn add(&mut self, page: Page) -> Progress {
        let (size, before) = (page.items.len(), self.items.len());
        let mark = |item: &Value| item.get("id").unwrap_or(item).to_string();
        self.items.extend(page.items.into_iter().filter(|item| self.known.insert(mark(item))));
        self.longest = self.longest.max(size);
        let last = std::mem::replace(&mut self.number, page.number.unwrap_or_default());
        match (page.count, page.number) {
            (Some(count), _) if count != size as u64 => {
                Progress::Doubt(Unanswered(format!("a page of the list counts {count} and holds {size}")))
            }
            _ if size == 0 => Progress::Nothing,
            (_, Some(number)) if number > last + 1 => {
                Progress::Doubt(Unanswered(format!("behind page {last} of the list comes page {number}")))
            }
            _ if self.items.len() == before => Progress::Same { is_short: size < self.longest },
            _ => Progress::On,
        }
    }

    /// The list, and why there may be more. What holds nothing and may hold more was not told at all.
    fn close(self, first: FirstPage, doubt: Option<Unanswered>) -> Result<Listed, Unanswered> {
        let lost = match first {
            FirstPage::Told => None,
            FirstPage::IsOne(said) | FirstPage::Lost(said) => Some(said),
        };
        match doubt.or(lost) {
            Some(why) if self.items.is_empty() => Err(why),
            more => Ok(Listed { items: self.items, more }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::online::net::api::error_response::Refusal;
    use crate::online::net::api::pagination::*;
    use crate::online::net::redact::Redactor;

    /// A page of the things from one to before another.
    fn of(range: std::ops::Range<u64>) -> Envelope {
        let items: Vec<Value> = range.map(|id| json!({ "id": id })).collect();
        Envelope::Good([("results".to_owned(), Value::from(items))].into_iter().collect())
    }

    fn said(message: &str) -> Envelope {
        let body = json!({ "code": 0, "message": message });
        Envelope::Bad(Refusal::of(body.as_object().unwrap(), 200, &Redactor::default()))
    }

    fn refused() -> Envelope {
        said("could not load results")
    }

    fn beyond() -> Envelope {
        said("page not found")
    }

    /// The page of a list of so many things, when the first has this number.
    fn page(all: u64, first: u64, number: u64) -> Envelope {
        let start = number.saturating_sub(first) * FULL as u64;
        of(start.min(all)..(start + FULL as u64).min(all))
    }

    /// The page with what it says of itself.
    fn saying(page: Envelope, key: &str, number: u64) -> Envelope {
        let Envelope::Good(mut page) = page else { return page };
        page.insert(key.into(), number.into());
        Envelope::Good(page)
    }

    #[test]
    fn every_thing_is_listed_once_wherever_the_pages_begin() {
        for all in [0, 1, 24, 25, 26, 50, 60] {
            let from_one: fn(u64, u64) -> Envelope = |all, number| page(all, 1, number);
            let from_one_alone = |all, number| if number == 0 { beyond() } else { page(all, 1, number) };
            let from_one_with_nothing_before = |all, number| if number == 0 { of(0..0) } else { page(all, 1, number) };
            let from_zero = |all, number| page(all, 0, number);
            let none_behind =
                |all: u64, number: u64| if number * 25 < all.max(1) { page(all, 0, number) } else { beyond() };
            for ask in [from_one, from_one_alone, from_one_with_nothing_before, from_zero, none_behind] {
                let listed = pages(|number| Ok(saying(ask(all, number), "current_page", number))).unwrap();
                assert_eq!((listed.items.len() as u64, listed.more), (all, None));
            }
        }
    }

    /// Whatever comes behind it: page 0 may have been the first.
    #[test]
    fn a_list_whose_first_page_may_be_lost_is_not_whole() {
        let no_results = || Envelope::Good(Object::new());
        for zero in [refused, no_results] {
            for (all, first) in [(0, 1), (7, 1), (60, 1), (25, 0), (32, 0)] {
                let listed = pages(|number| Ok(if number == 0 { zero() } else { page(all, first, number) }));
                assert!(listed.is_err() || listed.is_ok_and(|listed| listed.more.is_some()), "{all} {first}");
            }
        }
        assert!(pages(|_| Ok(beyond())).is_err() && pages(|_| Ok(refused())).is_err());
        assert!(pages(|_| Err(Unanswered::new("down"))).is_err());
    }

    #[test]
    fn a_service_that_gives_fewer_at_once_is_read_to_its_end() {
        let capped = |all: u64, start: u64| of(start.min(all)..(start + 10).min(all));
        for all in [1, 9, 10, 11, 16, 20, 25, 60] {
            let from_one = |number: u64| capped(all, number.saturating_sub(1) * 10);
            let from_zero = |number: u64| if number * 10 < all { capped(all, number * 10) } else { beyond() };
            let last_again = |number: u64| capped(all, number.min((all - 1) / 10) * 10);
            for (ask, is_whole) in [
                (&from_one as &dyn Fn(u64) -> Envelope, true),
                (&from_zero, true),
                // A page as long as all others may be one that comes whatever is asked for.
                (&last_again, all > 10 && all % 10 != 0),
            ] {
                let mut asked = 0;
                let listed = pages(|number| {
                    asked += 1;
                    Ok(ask(number))
                });
                let listed = listed.unwrap();
                assert_eq!((listed.items.len() as u64, listed.more.is_none()), (all, is_whole));
                assert!(asked <= all.div_ceil(10) + 2, "{asked} for {all}");
            }
            let broken = pages(|number| Ok(if number * 10 < all { capped(all, number * 10) } else { refused() }));
            assert!(broken.unwrap().more.is_some());
        }
        // The page is not heeded, and there are more than it holds.
        assert!(pages(|_| Ok(capped(25, 0))).unwrap().more.is_some());
    }

    #[test]
    fn what_may_go_on_is_not_whole() {
        let stuck = pages(|_| Ok(of(0..25))).unwrap();
        assert!(stuck.items.len() == FULL && stuck.more.is_some());
        let broken = pages(|number| if number < 2 { Ok(page(90, 0, number)) } else { Ok(refused()) }).unwrap();
        assert!(broken.items.len() == 2 * FULL && broken.more.is_some());
        let endless = pages(|number| Ok(of(number * 25..number * 25 + 25))).unwrap();
        assert!(endless.more.is_some());
        let cut = |number| saying(page(5, 0, number), "current_count", 9);
        assert!(pages(|number| Ok(cut(number))).unwrap().more.is_some());
        let leap = |number| saying(page(60, 0, number), "current_page", number * 2);
        assert!(pages(|number| Ok(leap(number))).unwrap().more.is_some());
    }
}
