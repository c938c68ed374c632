//! The pages of a list: where they begin and end is not documented, so it is read off them.

use std::collections::HashSet;

use serde_json::Value;

use super::Envelope;
use crate::online::Untold;
use crate::online::pulled::Object;

/// So many entries a full page has.
pub const FULL: usize = 25;

/// More pages nobody asks for.
const MOST: u64 = 400;

/// What came of asking for a list.
#[derive(Debug, Default)]
pub struct Listed {
    /// The entries, as they are.
    pub items: Vec<Value>,
    /// Why there may be more.
    pub more: Option<Untold>,
}

impl Listed {
    fn and_more(self, why: impl Into<String>) -> Self {
        Self { more: Some(Untold::new(why)), ..self }
    }
}

/// Asks for one page after the other until there is no further one. The first is 0 or 1: 0 is asked for, and who has none
/// gives nothing, an error, or page 1. A page that is not full may be all that the service gives at once: what is behind it
/// says whether it was the last.
pub fn pages(mut ask: impl FnMut(u64) -> Result<Envelope, Untold>) -> Result<Listed, Untold> {
    let mut listed = Listed::default();
    let mut known = HashSet::new();
    let mut was_short = false;
    for number in 0..MOST {
        let page = match ask(number) {
            Ok(Envelope::Good(page)) => Page::of(page),
            Ok(Envelope::Bad { is_beyond: true, .. }) if was_short => return Ok(listed),
            Ok(Envelope::Bad { said, .. }) => Err(said),
            // Who does not speak RevCent's language has not said that there is no such page.
            Err(untold) if listed.items.is_empty() => return Err(untold),
            Err(untold) => Err(untold),
        };
        let page = match page {
            Ok(page) => page,
            Err(_) if number == 0 => continue,
            Err(said) if listed.items.is_empty() => return Err(said),
            Err(said) => return Ok(Listed { more: Some(said), ..listed }),
        };
        let (size, before) = (page.items.len(), listed.items.len());
        // Each thing once, by its id.
        let mark = |item: &Value| item.get("id").unwrap_or(item).to_string();
        listed.items.extend(page.items.into_iter().filter(|item| known.insert(mark(item))));
        match page.count {
            Some(count) if count != size as u64 => {
                return Ok(listed.and_more(format!("a page of the list counts {count} and holds {size}")));
            }
            _ if number == 0 && size == 0 => {}
            _ if size == 0 => return Ok(listed),
            // Page 1 may be what page 0 was already.
            _ if listed.items.len() == before && number > 1 && size < FULL => return Ok(listed),
            _ if listed.items.len() == before && number > 1 => {
                return Ok(listed.and_more("the service gives the same page again and again"));
            }
            _ => {}
        }
        was_short = size < FULL;
    }
    Ok(listed.and_more(format!("there are more than {MOST} pages")))
}

struct Page {
    items: Vec<Value>,
    /// What it says of its own size.
    count: Option<u64>,
}

impl Page {
    fn of(mut page: Object) -> Result<Self, Untold> {
        let count = page.get("current_count").and_then(Value::as_u64);
        match page.remove("results") {
            Some(Value::Array(items)) => Ok(Self { items, count }),
            _ => Err(Untold::new("RevCent's API gave a list without `results`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A page of the things from one to before another.
    fn of(range: std::ops::Range<u64>) -> Envelope {
        let items: Vec<Value> = range.map(|id| json!({ "id": id })).collect();
        Envelope::Good([("results".to_owned(), Value::from(items))].into_iter().collect())
    }

    fn refused() -> Envelope {
        Envelope::Bad { denies: false, is_beyond: false, said: Untold::new("no") }
    }

    /// The page of a list of so many things, when the first has this number.
    fn page(all: u64, first: u64, number: u64) -> Envelope {
        let start = number.saturating_sub(first) * FULL as u64;
        of(start.min(all)..(start + FULL as u64).min(all))
    }

    #[test]
    fn every_thing_is_listed_once_wherever_the_pages_begin() {
        for all in [0, 1, 24, 25, 26, 50, 60] {
            let from_one: fn(u64, u64) -> Envelope = |all, number| page(all, 1, number);
            let from_one_alone = |all, number| if number == 0 { refused() } else { page(all, 1, number) };
            let from_one_with_nothing_before = |all, number| if number == 0 { of(0..0) } else { page(all, 1, number) };
            let from_zero = |all, number| page(all, 0, number);
            for ask in [from_one, from_one_alone, from_one_with_nothing_before, from_zero] {
                let listed = pages(|number| Ok(ask(all, number))).unwrap();
                assert_eq!((listed.items.len() as u64, listed.more), (all, None));
            }
        }
    }

    #[test]
    fn a_service_that_gives_fewer_at_once_is_read_to_its_end() {
        let beyond = || Envelope::Bad { denies: false, is_beyond: true, said: Untold::new("no such page") };
        let capped = |all: u64, start: u64| of(start.min(all)..(start + 10).min(all));
        for all in [1, 9, 10, 11, 16, 20, 25, 60] {
            let from_one = |number: u64| capped(all, number.saturating_sub(1) * 10);
            let from_zero = |number: u64| if number * 10 < all { capped(all, number * 10) } else { beyond() };
            let last_again = |number: u64| capped(all, number.min((all - 1) / 10) * 10);
            for ask in [&from_one as &dyn Fn(u64) -> Envelope, &from_zero, &last_again] {
                let mut asked = 0;
                let listed = pages(|number| {
                    asked += 1;
                    Ok(ask(number))
                });
                let listed = listed.unwrap();
                assert_eq!((listed.items.len() as u64, listed.more), (all, None));
                assert!(asked <= all.div_ceil(10) + 2, "{asked} for {all}");
            }
            let broken = pages(|number| Ok(if number * 10 < all { capped(all, number * 10) } else { refused() }));
            assert!(broken.unwrap().more.is_some());
        }
    }

    #[test]
    fn what_may_go_on_is_not_whole() {
        let stuck = pages(|_| Ok(of(0..25))).unwrap();
        assert!(stuck.items.len() == FULL && stuck.more.is_some());
        let broken = pages(|number| if number < 2 { Ok(page(90, 0, number)) } else { Ok(refused()) }).unwrap();
        assert_eq!((broken.items.len(), broken.more), (2 * FULL, Some(Untold::new("no"))));
        let endless = pages(|number| Ok(of(number * 25..number * 25 + 25))).unwrap();
        assert!(endless.more.is_some());
        let cut = |number| {
            let Envelope::Good(mut page) = page(5, 0, number) else { return refused() };
            page.insert("current_count".into(), 9.into());
            Envelope::Good(page)
        };
        assert!(pages(|number| Ok(cut(number))).unwrap().more.is_some());
        assert!(pages(|_| Ok(refused())).is_err() && pages(|_| Err(Untold::new("down"))).is_err());
    }
}
