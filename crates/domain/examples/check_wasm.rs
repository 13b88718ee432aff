//! The entitlement rules as WASM with JSON in and out, for tests and measurements only: the browser runs the worked
//! examples and random answers, and must give the same bytes as `pledge check`.

#![allow(missing_docs, reason = "a tool of the tests")]

use domain::entitlements::answers::{Home, LivingTogether, StayKind, With};
use std::fmt::Write as _;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn check(text: &str, today: &str) -> Result<String, String> {
    let today = today.parse().map_err(|_| "today is no day".to_owned())?;
    domain::entitlements::json::check_text(text, today).map_err(|refused| refused.to_string())
}

/// A list of `count` random answers, as JSON. The same seed gives the same list.
#[wasm_bindgen]
pub fn random_answers(seed: u32, count: usize) -> String {
    let mut dice = Dice(u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let answers: Vec<String> = (0..count).map(|_| dice.answers()).collect();
    format!("[{}]", answers.join(",\n"))
}

/// Numbers that look random (xorshift64*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    /// A date, a month, or now and then something that is neither.
    fn date(&mut self, first_year: usize, last_year: usize) -> String {
        let year = first_year + self.below(last_year - first_year + 1);
        let (month, day) = (1 + self.below(12), 1 + self.below(28));
        match self.below(60) {
            0 => "\"2026-02-30\"".to_owned(),
            1 => "17".to_owned(),
            2..=4 => format!("\"{year}-{month:02}\""),
            _ => format!("\"{year}-{month:02}-{day:02}\""),
        }
    }

    fn span(&mut self, (first, last): (usize, usize), more: &str) -> String {
        let from = self.date(first, last);
        let to = if self.one_in(3) {
            String::new()
        } else {
            format!(",\"to\":{}", self.date(first, last))
        };
        format!("{{\"from\":{from}{to}{more}}}")
    }

    fn spell(&mut self, years: (usize, usize)) -> String {
        let basis = self.pick(&[
            "section_20",
            "care_order",
            "protection",
            "remand",
            "section_17",
            "not_sure",
            "s20",
        ]);
        let home = self.pick(Home::IDS);
        let council = self.pick(&[
            "this_council",
            "this_council",
            "this_council",
            "this_council",
            "other_england",
            "wales",
        ]);
        let short = if self.one_in(12) {
            ",\"under_24_hours\":true"
        } else {
            ""
        };
        self.span(
            years,
            &format!(",\"basis\":\"{basis}\",\"home\":\"{home}\",\"council\":\"{council}\"{short}"),
        )
    }

    fn list(
        &mut self,
        name: &str,
        most: usize,
        mut entry: impl FnMut(&mut Dice) -> String,
    ) -> String {
        let entries: Vec<String> = (0..self.below(most + 1)).map(|_| entry(self)).collect();
        format!(",\"{name}\":[{}]", entries.join(","))
    }

    fn answers(&mut self) -> String {
        let born = 2000 + self.below(12);
        let leap = self.one_in(10);
        let birthday = if leap {
            "2008-02-29".to_owned()
        } else {
            format!("{born}-{:02}-{:02}", 1 + self.below(12), 1 + self.below(28))
        };
        let born = if leap { 2008 } else { born };
        // Most dates lie between the 12th birthday and the day asked about, so that most answers are valid.
        let asked_in = born + 13 + self.below(13);
        let years = (born + 12, asked_in);
        let mut text = format!(
            "{{\"born\":\"{birthday}\",\"asked_on\":{}",
            self.date(asked_in, asked_in)
        );
        text += &self.list("care_spells", 3, |dice| dice.spell(years));
        text += &self.list("home_returns", 1, |dice| {
            let with = dice.pick(With::IDS);
            dice.span(years, &format!(",\"with\":\"{with}\""))
        });
        text += &self.list("other_stays", 1, |dice| {
            let kind = dice.pick(StayKind::IDS);
            dice.span(years, &format!(",\"kind\":\"{kind}\""))
        });
        if self.one_in(4) {
            let days = self.below(1600);
            let year = self.below(120);
            let to = self.date(years.0, years.1);
            let _ = write!(
                text,
                ",\"short_breaks\":{{\"to\":{to},\"days_since_14\":{days},\"days_in_12_months\":{year},\"longest_stay_days\":{}}}",
                self.below(30)
            );
        }
        if self.one_in(6) {
            let order = self.span(years, "");
            let _ = write!(text, ",\"special_guardianship\":{order}");
        }
        for name in [
            "detained_or_in_hospital_at_16",
            "wants_education",
            "unaccompanied",
            "appeals_refused",
            "records_disagree",
        ] {
            if self.one_in(6) {
                let _ = write!(text, ",\"{name}\":true");
            }
        }
        if self.one_in(3) {
            let together = self.pick(LivingTogether::IDS);
            let _ = write!(
                text,
                ",\"staying_put\":{{\"living_together\":\"{together}\",\"both_want\":{}}}",
                self.one_in(2)
            );
        }
        if self.one_in(200) {
            text += ",\"colour\":\"red\"";
        }
        text + "}"
    }
}
