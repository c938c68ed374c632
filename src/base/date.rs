//! Calendar days in UTC, for suppressions that end and snapshots that get old.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day: the number of days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

/// The Gregorian calendar repeats after 400 years.
const DAYS_PER_ERA: i64 = 146_097;

/// The number of days from 0000-03-01, where [`Date::from_civil`] starts to count, to 1970-01-01.
const DAYS_BEFORE_1970: i64 = 719_468;

impl Date {
    /// Today's date.
    pub fn today() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_unix_seconds(since_epoch.as_secs())
    }

    /// The day of a Unix timestamp.
    pub fn from_unix_seconds(seconds: u64) -> Self {
        const SECONDS_PER_DAY: u64 = 24 * 60 * 60;
        Self(i64::try_from(seconds / SECONDS_PER_DAY).unwrap_or(i64::MAX))
    }

    /// The number of days from the other day to this one; negative if this one is earlier.
    pub fn days_after(self, other: Self) -> i64 {
        self.0 - other.0
    }

    /// Howard Hinnant's `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>). Its years begin in March, so
    /// that a leap day is the last day of a year, and its eras are 400 years long.
    fn from_civil(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * DAYS_PER_ERA + day_of_era - DAYS_BEFORE_1970)
    }

    /// Year, month and day; Howard Hinnant's `civil_from_days`.
    fn to_civil(self) -> (i64, i64, i64) {
        let days = self.0 + DAYS_BEFORE_1970;
        let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        (era * 400 + year_of_era + i64::from(month <= 2), month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.to_civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Parses a date such as `2027-03-31`. A time may follow (RFC 3339); it is ignored.
impl FromStr for Date {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (date, time) = text.split_at_checked(10).ok_or(())?;
        let [year, month, day] = date.split('-').collect::<Vec<_>>()[..] else { return Err(()) };
        let (year, month, day) = (parse_digits(year, 4)?, parse_digits(month, 2)?, parse_digits(day, 2)?);
        let date = Self::from_civil(year, month, day);
        // Converting back finds days that do not exist, such as February 30.
        let exists = (1..=12).contains(&month) && date.to_civil() == (year, month, day);
        if exists && (time.is_empty() || time.starts_with(['T', 't', ' '])) { Ok(date) } else { Err(()) }
    }
}

/// Parses a number of exactly `len` digits.
fn parse_digits(text: &str, len: usize) -> Result<i64, ()> {
    // `parse` would accept a sign.
    if text.len() != len || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(());
    }
    text.parse().map_err(drop)
}

#[cfg(test)]
mod tests {
    use crate::base::date::*;

    #[test]
    fn dates_follow_the_gregorian_calendar() {
        let day = |text: &str| text.parse::<Date>();
        assert_eq!(day("1970-01-01"), Ok(Date(0)));
        assert_eq!(day("2000-03-01").unwrap().days_after(day("2000-02-28").unwrap()), 2);
        assert_eq!(day("2027-03-31T23:59:59Z"), day("2027-03-31"));
        for number in -800_000..800_000 {
            let date = Date(number);
            let (year, month, day) = date.to_civil();
            assert_eq!(Date::from_civil(year, month, day), date);
        }
    }

    #[test]
    fn invalid_dates_are_errors() {
        for text in ["", "2027", "2027-02-29", "2027-13-01", "2027-00-10", "2027-1-1", "+027-01-01", "2027-01-01x"] {
            assert_eq!(text.parse::<Date>(), Err(()), "{text}");
        }
        assert_eq!("2028-02-29".parse::<Date>().unwrap().to_string(), "2028-02-29");
    }
}
