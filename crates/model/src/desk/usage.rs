//! How often pages are opened, in numbers that stand for nobody.

use super::frame::DeskFrame;
use domain::date::Date;

/// How the site is used.
#[derive(Clone, Debug)]
pub struct UsagePage {
    /// Who.
    pub desk: DeskFrame,
    /// The numbers.
    pub numbers: UsageNumbers,
}

/// How often what was opened. Every number goes in steps; `None` stands for fewer than the first.
#[derive(Clone, Debug)]
pub struct UsageNumbers {
    /// The month from which on was counted, if anything was.
    pub since: Option<Date>,
    /// The first of the twelve months.
    pub from: Date,
    /// Views that were sent.
    pub sent: UsageCount,
    /// Pages, the most opened first.
    pub pages: Vec<UsageLine>,
    /// Pages that were hardly opened.
    pub rare: Vec<UsageLine>,
    /// Languages.
    pub languages: Vec<UsageLine>,
}

/// What was opened, and how often.
#[derive(Clone, Debug)]
pub struct UsageLine {
    /// Its title.
    pub title: String,
    /// Its address.
    pub address: String,
    /// How often.
    pub times: UsageCount,
}

/// How often, at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageCount {
    /// In this month so far.
    pub this_month: Option<usize>,
    /// In the month before.
    pub last_month: Option<usize>,
    /// In twelve months up to now.
    pub year: Option<usize>,
}
