//! The counts as they are kept and as the desk shows them.

use super::counter::LANGUAGE;
use crate::{ActError, App};
use content::Content;
use domain::date::Date;
use domain::indicator::at_least;
use model::language::Language;
use model::urls;
use model::{UsageCount, UsageLine, UsageNumbers};
use store::PageViewsRow;

/// The public pages that are counted: address and title, in the order of the menu.
pub fn pages(content: &Content) -> Vec<(String, String)> {
    content::site_pages::counted_pages(content)
}

/// The address in English and the code of the language, of an address as it was asked for.
pub fn in_english<'a>(path: &'a str, languages: &'a [Language]) -> (&'a str, &'a str) {
    for language in languages {
        let home = language.address(urls::HOME);
        let Some(rest) = path.strip_prefix(home.trim_end_matches('/')) else {
            continue;
        };
        if !language.is_english() && (rest.is_empty() || rest.starts_with('/')) {
            return (
                if rest.is_empty() { urls::HOME } else { rest },
                &language.code,
            );
        }
    }
    (path, model::language::ENGLISH)
}

/// The first day of the month that is this number of months before the one of this day.
fn months_before(day: Date, months: u32) -> Date {
    let (year, month, _) = day.year_month_day();
    let count = i64::from(year) * 12 + i64::from(month) - 1 - i64::from(months);
    let first = i32::try_from(count.div_euclid(12))
        .ok()
        .zip(u32::try_from(count.rem_euclid(12) + 1).ok())
        .and_then(|(year, month)| Date::new(year, month, 1));
    first.unwrap_or(day)
}

impl App {
    /// Flushes what was counted since the last time. If it cannot be, it is kept for the next time.
    pub async fn save_usage(&self) -> Result<(), ActError> {
        let counts = self.usage.take();
        if counts.is_empty() {
            return Ok(());
        }
        let month = months_before(self.clock.today(), 0);
        let rows = counts.clone().into_iter().collect();
        let kept = self.store.add_uses(month, rows).await;
        if kept.is_err() {
            self.usage.give_back(counts);
        }
        Ok(kept?)
    }

    /// How the site is used, in numbers that go in steps: none of them leads to anybody.
    pub async fn usage_numbers(&self, content: &Content) -> Result<UsageNumbers, ActError> {
        let today = self.clock.today();
        let (this, last, year) = (
            months_before(today, 0),
            months_before(today, 1),
            months_before(today, 11),
        );
        let rows = self.store.uses().await?;
        let times = |what: &dyn Fn(Date) -> u64| UsageCount {
            this_month: step(what(this)),
            last_month: step(what(last)),
            year: step((0..12).map(|back| what(months_before(today, back))).sum()),
        };
        let of = |what: &str| {
            let count = |month| sum(&rows, month, what);
            times(&count)
        };
        let sent = self.store.views_by_month().await?;
        let sent = times(&|month| {
            let of_month = sent.iter().filter(|(of, _)| *of == month);
            of_month.map(|(_, count)| *count).sum()
        });
        let mut pages: Vec<UsageLine> = pages(content)
            .into_iter()
            .map(|(address, title)| UsageLine {
                times: of(&address),
                title,
                address,
            })
            .collect();
        pages.sort_by_key(|line| std::cmp::Reverse(line.times.year));
        let (pages, rare) = pages
            .into_iter()
            .partition(|line| line.times.year.is_some());
        let languages = self.library.languages.iter();
        let languages = languages.map(|language| UsageLine {
            title: language.name.clone(),
            address: language.address(urls::HOME),
            times: of(&format!("{LANGUAGE}{}", language.code)),
        });
        Ok(UsageNumbers {
            since: rows.iter().map(|row| row.month).min(),
            from: year,
            sent,
            pages,
            rare,
            languages: languages.collect(),
        })
    }
}

fn sum(rows: &[PageViewsRow], month: Date, what: &str) -> u64 {
    let found = rows
        .iter()
        .filter(|row| row.month == month && row.what == what);
    found.map(|row| row.count).sum()
}

fn step(count: u64) -> Option<usize> {
    at_least(usize::try_from(count).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    #[test]
    fn months_go_back_over_the_turn_of_the_year() {
        for (day, back, first) in [
            ("2026-11-29", 0, "2026-11-01"),
            ("2026-11-29", 11, "2025-12-01"),
            ("2026-01-31", 1, "2025-12-01"),
            ("2026-03-31", 1, "2026-02-01"),
        ] {
            let day: Date = day.parse().unwrap();
            assert_eq!(months_before(day, back).to_string(), first);
        }
    }
}
