//! A day of the calendar: what decisions end on and snapshots are taken on. No times and no zones: days are UTC.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day, as the days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

impl Date {
    /// The day it is now.
    pub fn today() -> Self {
        Self::from_unix_seconds(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }

    /// The day of so many seconds after the first moment of 1970.
    pub fn from_unix_seconds(seconds: u64) -> Self {
        const DAY: u64 = 24 * 60 * 60;
        Self(i64::try_from(seconds / DAY).unwrap_or(i64::MAX))
    }

    /// How many days it is after another; negative when it is before.
    pub fn days_after(self, other: Self) -> i64 {
        self.0 - other.0
    }

    /// Howard Hinnant's `days_from_civil`: years begin in March, so that a leap day is the last of its year.
    fn of(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// Year, month and day: `civil_from_days`.
    fn civil(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (era * 400 + year + i64::from(month <= 2), month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// `2027-03-31`, with a time behind it or none (RFC 3339; the time is not looked at).
impl FromStr for Date {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (date, time) = text.split_at_checked(10).ok_or(())?;
        let [year, month, day] = date.split('-').collect::<Vec<_>>()[..] else { return Err(()) };
        let number = |digits: &str, length: usize| {
            let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
            if plain { digits.parse::<i64>().map_err(|_| ()) } else { Err(()) }
        };
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        let date = Self::of(year, month, day);
        let is_a_day = (1..=12).contains(&month) && date.civil() == (year, month, day);
        if is_a_day && (time.is_empty() || time.starts_with(['T', 't', ' '])) { Ok(date) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::date::*;

    #[test]
    fn days_are_counted_as_the_calendar_counts_them() {
        let day = |text: &str| text.parse::<Date>();
        assert_eq!(day("1970-01-01"), Ok(Date(0)));
        assert_eq!(day("2000-03-01").unwrap().days_after(day("2000-02-28").unwrap()), 2);
        assert_eq!(day("2027-03-31T23:59:59Z"), day("2027-03-31"));
        for number in -800_000..800_000 {
            let date = Date(number);
            assert_eq!(Date::of(date.civil().0, date.civil().1, date.civil().2), date);
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["", "2027", "2027-02-29", "2027-13-01", "2027-00-10", "2027-1-1", "+027-01-01", "2027-01-01x"] {
            assert_eq!(text.parse::<Date>(), Err(()), "{text}");
        }
        assert_eq!("2028-02-29".parse::<Date>().unwrap().to_string(), "2028-02-29");
    }
}
