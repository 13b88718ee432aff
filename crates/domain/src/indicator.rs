//! Whether a promise moves: figures with their periods, and a word that follows from them by rule and is never typed.
//!
//! Rules (the facts' chart rules): only like is compared with like, an old figure says nothing about today, and a number
//! small enough to point at somebody is not shown.

use crate::date::Date;
use std::fmt;
use std::str::FromStr;

/// From this many months after its period a figure is old: the council counts at least once a year, and half a year more
/// is time enough to publish.
pub const OLD_AFTER_MONTHS: i32 = 18;

/// A number of people from 1 up to this one less is not shown.
pub const SMALL: i64 = 5;

/// A percentage has moved from this many points on.
const POINTS: i64 = 1;
/// A count has moved from this share of the earlier one on, in percent.
const SHARE: i64 = 2;

/// When a figure was true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// At some day of this year; which one is not known. Written `2017`.
    Year(i32),
    /// At the end of this month, or in all until then. Written `2018-12`.
    Month(Month),
    /// Counted from the first of these months to the end of the last. Written `2018-04/2018-12`.
    Span(Month, Month),
}

/// A month, as months since the year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// The text is not a period from 1990 to 2199 written `2017`, `2018-12` or `2018-04/2018-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPeriod;

impl Month {
    /// The month with this year (1990 to 2199) and number (1 to 12).
    pub fn new(year: i32, month: u32) -> Option<Month> {
        let there = (1990..=2199).contains(&year) && (1..=12).contains(&month);
        there.then_some(Month(year * 12 + month as i32 - 1))
    }

    /// The month that holds this day; `None` outside 1990 to 2199.
    pub fn of(day: Date) -> Option<Month> {
        let (year, month, _) = day.year_month_day();
        Month::new(year, month)
    }

    /// Year, and month from 1 to 12.
    pub fn year_month(self) -> (i32, u32) {
        (self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1)
    }
}

impl Period {
    /// The last month of the period.
    pub fn end(self) -> Month {
        match self {
            Period::Year(year) => Month(year * 12 + 11),
            Period::Month(month) | Period::Span(_, month) => month,
        }
    }

    /// How many months were counted; 0 for a position at one time.
    pub fn length(self) -> i32 {
        match self {
            Period::Year(_) | Period::Month(_) => 0,
            Period::Span(from, to) => to.0 - from.0 + 1,
        }
    }

    /// Whether numbers of both periods may be compared, or joined in a picture.
    pub fn is_like(self, other: Period) -> bool {
        self.length() == other.length()
    }

    /// Whether it is too long ago to say anything about today.
    pub fn is_old(self, today: Date) -> bool {
        Month::of(today).is_none_or(|now| now.0 - self.end().0 > OLD_AFTER_MONTHS)
    }

    /// Whether it ends after this day.
    pub fn is_to_come(self, today: Date) -> bool {
        let first = match self {
            Period::Year(year) => Month(year * 12),
            Period::Month(month) | Period::Span(_, month) => month,
        };
        Month::of(today).is_none_or(|now| first > now)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = self.year_month();
        write!(f, "{year:04}-{month:02}")
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Year(year) => write!(f, "{year:04}"),
            Period::Month(month) => write!(f, "{month}"),
            Period::Span(from, to) => write!(f, "{from}/{to}"),
        }
    }
}

impl FromStr for Month {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Month, NotAPeriod> {
        // The first day of a month is a day, and days are read strictly.
        let day: Date = format!("{text}-01").parse().map_err(|_| NotAPeriod)?;
        Month::of(day).ok_or(NotAPeriod)
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Period, NotAPeriod> {
        if let Some((from, to)) = text.split_once('/') {
            let (from, to) = (from.parse()?, to.parse()?);
            return if from <= to {
                Ok(Period::Span(from, to))
            } else {
                Err(NotAPeriod)
            };
        }
        if text.len() == 4 {
            let january: Month = format!("{text}-01").parse()?;
            return Ok(Period::Year(january.year_month().0));
        }
        Ok(Period::Month(text.parse()?))
    }
}

/// A number with at most one place after the point, kept in tenths so that it stays exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i64);

/// The text is not a number from 0 to 1,000,000 with at most one place after the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber;

impl Number {
    /// The greatest number.
    pub const MAX: Number = Number(10_000_000);

    /// From tenths, if it is from 0 to [`Number::MAX`].
    pub fn from_tenths(tenths: i64) -> Option<Number> {
        (0..=Number::MAX.0)
            .contains(&tenths)
            .then_some(Number(tenths))
    }

    /// In tenths.
    pub fn tenths(self) -> i64 {
        self.0
    }

    /// Without a part after the point.
    pub fn is_whole(self) -> bool {
        self.0 % 10 == 0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 / 10)?;
        match self.0 % 10 {
            0 => Ok(()),
            tenth => write!(f, ".{tenth}"),
        }
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Number, NotANumber> {
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str, most: usize| {
            let good = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            good.then(|| part.parse::<i64>().ok()).flatten()
        };
        let whole = digits(whole, 7).ok_or(NotANumber)?;
        let tenth = digits(tenth, 1).ok_or(NotANumber)?;
        Number::from_tenths(whole * 10 + tenth).ok_or(NotANumber)
    }
}

crate::text_enum! {
    /// What is counted.
    pub enum Unit {
        /// Children.
        Children = "children",
        /// Young people.
        YoungPeople = "young-people",
        /// Care leavers.
        CareLeavers = "care-leavers",
        /// Workers.
        Workers = "workers",
        /// Households.
        Households = "households",
        /// Agreements to stay put.
        Arrangements = "arrangements",
        /// Challenges by reviewing officers.
        Challenges = "challenges",
        /// A share, in percent.
        Percent = "percent",
    }
}

impl Unit {
    /// Whether a small number of it could point at a young person.
    fn points_at_somebody(self) -> bool {
        !matches!(self, Unit::Percent | Unit::Workers | Unit::Challenges)
    }

    /// Whether this number can be a number of it.
    pub fn takes(self, number: Number) -> bool {
        match self {
            Unit::Percent => number.tenths() <= 1_000,
            _ => number.is_whole(),
        }
    }
}

crate::text_enum! {
    /// Which way is better for young people.
    pub enum Better {
        /// More.
        Up = "up",
        /// Fewer.
        Down = "down",
        /// Neither: the number alone does not say.
        Neither = "neither",
    }
}

crate::text_enum! {
    /// How a number moved.
    pub enum Movement {
        /// Better.
        Better = "better",
        /// About the same.
        Same = "same",
        /// Worse.
        Worse = "worse",
    }
}

crate::text_enum! {
    /// The word for how a promise is going.
    pub enum IndicatorStatus {
        /// It gets better.
        Better = "better",
        /// About the same.
        Same = "same",
        /// It gets worse.
        Worse = "worse",
        /// The newest figures are too old to say.
        TooOld = "too-old",
        /// There are no two figures that can be compared.
        NotKnown = "not-known",
    }
}

/// A dated number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// When it was true.
    pub period: Period,
    /// The number.
    pub number: Number,
}

/// Two figures that were compared, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The earlier one.
    pub from: Period,
    /// The newer one.
    pub to: Period,
    /// How it moved.
    pub change: Movement,
}

/// Compares the newest figure with the one like it that is nearest to a year before. `None`: there are no two that are
/// alike, neither way is better, or one of them is too small to be shown (then its movement is not shown either).
pub fn compare(unit: Unit, better: Better, figures: &[Figure]) -> Option<Compared> {
    let newest = figures.iter().max_by_key(|figure| figure.period.end())?;
    let apart = |figure: &&Figure| newest.period.end().0 - figure.period.end().0;
    let before = figures
        .iter()
        .filter(|figure| figure.period.is_like(newest.period) && apart(figure) > 0)
        .min_by_key(|figure| ((apart(figure) - 12).abs(), figure.period.end()))?;
    if is_small(unit, newest.number) || is_small(unit, before.number) {
        return None;
    }
    let (old, new) = (before.number.tenths(), newest.number.tenths());
    let margin = match unit {
        Unit::Percent => POINTS * 10,
        _ => (old * SHARE / 100).max(10),
    };
    let rose = new > old;
    let change = match better {
        Better::Neither => return None,
        _ if (new - old).abs() < margin => Movement::Same,
        Better::Up if rose => Movement::Better,
        Better::Down if !rose => Movement::Better,
        Better::Up | Better::Down => Movement::Worse,
    };
    Some(Compared {
        from: before.period,
        to: newest.period,
        change,
    })
}

/// The word for one indicator.
pub fn status(compared: Option<Compared>, today: Date) -> IndicatorStatus {
    match compared {
        None => IndicatorStatus::NotKnown,
        Some(compared) if compared.to.is_old(today) => IndicatorStatus::TooOld,
        Some(compared) => match compared.change {
            Movement::Better => IndicatorStatus::Better,
            Movement::Same => IndicatorStatus::Same,
            Movement::Worse => IndicatorStatus::Worse,
        },
    }
}

/// The word for a promise from those of its indicators: one that gets worse is never hidden by one that gets better, and
/// what is known today counts before what is old.
pub fn together(all: &[IndicatorStatus]) -> IndicatorStatus {
    [
        IndicatorStatus::Worse,
        IndicatorStatus::Better,
        IndicatorStatus::Same,
        IndicatorStatus::TooOld,
    ]
    .into_iter()
    .find(|status| all.contains(status))
    .unwrap_or(IndicatorStatus::NotKnown)
}

fn is_small(unit: Unit, number: Number) -> bool {
    unit.points_at_somebody() && number.tenths() > 0 && number.tenths() < SMALL * 10
}

/// What a page may show of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownNumber {
    /// The number.
    Number(Number),
    /// Fewer than [`SMALL`], but not none.
    Few,
    /// Left out, because a small number could be worked out from it.
    LeftOut,
}

/// What a page may show of a number that is no part of another.
pub fn shown(unit: Unit, number: Number) -> ShownNumber {
    if is_small(unit, number) {
        ShownNumber::Few
    } else {
        ShownNumber::Number(number)
    }
}

/// What a page may show of numbers that are parts of one whole that is shown too: when one of them is small, none. A
/// reader who knows this rule could calculate a small one from any choice of the others.
pub fn shown_parts(unit: Unit, parts: &[Number]) -> Vec<ShownNumber> {
    let any_small = parts.iter().any(|part| is_small(unit, *part));
    let show = |part: &Number| {
        if any_small {
            ShownNumber::LeftOut
        } else {
            ShownNumber::Number(*part)
        }
    };
    parts.iter().map(show).collect()
}

/// The number of views a page may state: a lower bound, in steps of [`SMALL`]; `None` for fewer than that, none
/// included. So neither a small number nor one more than yesterday can be read from it.
pub fn at_least(views: usize) -> Option<usize> {
    let step = SMALL as usize;
    (views >= step).then(|| views / step * step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn figures(all: &[(&str, &str)]) -> Vec<Figure> {
        all.iter()
            .map(|(period, number)| Figure {
                period: period.parse().unwrap(),
                number: number.parse().unwrap(),
            })
            .collect()
    }

    fn word(unit: Unit, better: Better, all: &[(&str, &str)], today: &str) -> IndicatorStatus {
        let compared = compare(unit, better, &figures(all));
        status(compared, today.parse().unwrap())
    }

    #[test]
    fn periods_are_read_strictly_and_written_back() {
        for good in ["2017", "2018-12", "2018-04/2018-12", "2018-04/2018-04"] {
            assert_eq!(good.parse::<Period>().unwrap().to_string(), good);
        }
        for wrong in [
            "",
            "17",
            "1989",
            "2200",
            "2018-13",
            "2018-1",
            "2018-12/2018-04",
            "2018/2019",
            "2018-04-01",
            "2018-04/2018-05/2018-06",
            " 2018",
        ] {
            assert_eq!(wrong.parse::<Period>(), Err(NotAPeriod), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_read_strictly_and_written_back() {
        for good in ["0", "12", "12.5", "1000000"] {
            assert_eq!(good.parse::<Number>().unwrap().to_string(), good);
        }
        for wrong in [
            "", "-1", "12.55", "12.", ".5", "1,000", "1000001", "१", "1e3", "+1",
        ] {
            assert_eq!(wrong.parse::<Number>(), Err(NotANumber), "{wrong}");
        }
    }

    // The figures of the report of February 2019, as they read a month later and as they read today.
    #[test]
    fn the_words_follow_from_the_councils_own_figures() {
        let then = "2019-03-01";
        let care = [("2018-04", "492"), ("2018-11", "474"), ("2018-12", "472")];
        assert_eq!(
            word(Unit::Children, Better::Down, &care, then),
            IndicatorStatus::Better
        );
        assert_eq!(
            word(Unit::Children, Better::Down, &care, "2026-11-24"),
            IndicatorStatus::TooOld
        );
        let homes = [("2017", "47"), ("2018-12", "27")];
        assert_eq!(
            word(Unit::Children, Better::Down, &homes, then),
            IndicatorStatus::Better
        );
        let moves = [("2018-04", "12"), ("2018-12", "11")];
        assert_eq!(
            word(Unit::Percent, Better::Down, &moves, then),
            IndicatorStatus::Better
        );
        assert_eq!(
            word(Unit::Percent, Better::Up, &moves, then),
            IndicatorStatus::Worse
        );
        // Nine months are not compared with twelve, and one number with nothing.
        let adopters = [("2017-04/2018-03", "9"), ("2018-04/2018-12", "11")];
        assert_eq!(
            word(Unit::Households, Better::Up, &adopters, then),
            IndicatorStatus::NotKnown
        );
        assert_eq!(
            word(Unit::YoungPeople, Better::Up, &[("2018-12", "43")], then),
            IndicatorStatus::NotKnown
        );
        // A challenge more may mean a worse council or a braver officer.
        let challenges = [("2017-04/2018-03", "219"), ("2018-04/2019-03", "300")];
        assert_eq!(
            word(Unit::Challenges, Better::Neither, &challenges, then),
            IndicatorStatus::NotKnown
        );
    }

    #[test]
    fn a_small_step_is_about_the_same() {
        let today = "2019-03-01";
        let points = |to: &'static str| [("2018-04", "50"), ("2018-12", to)];
        assert_eq!(
            word(Unit::Percent, Better::Up, &points("50.9"), today),
            IndicatorStatus::Same
        );
        assert_eq!(
            word(Unit::Percent, Better::Up, &points("51"), today),
            IndicatorStatus::Better
        );
        let count = |to: &'static str| [("2018-04", "500"), ("2018-12", to)];
        assert_eq!(
            word(Unit::Children, Better::Down, &count("491"), today),
            IndicatorStatus::Same
        );
        assert_eq!(
            word(Unit::Children, Better::Down, &count("510"), today),
            IndicatorStatus::Worse
        );
    }

    #[test]
    fn a_year_before_is_compared_when_there_is_one() {
        let all = figures(&[
            ("2018-12", "30"),
            ("2019-12", "10"),
            ("2020-11", "20"),
            ("2020-12", "20"),
        ]);
        let compared = compare(Unit::Children, Better::Up, &all).unwrap();
        assert_eq!(
            (compared.from.to_string().as_str(), compared.change),
            ("2019-12", Movement::Better)
        );
    }

    #[test]
    fn what_gets_worse_is_never_hidden() {
        use IndicatorStatus::*;
        assert_eq!(together(&[Better, TooOld, Worse]), Worse);
        assert_eq!(together(&[Same, Better, NotKnown]), Better);
        assert_eq!(together(&[NotKnown, TooOld]), TooOld);
        assert_eq!(together(&[]), NotKnown);
    }

    #[test]
    fn the_last_month_before_old_still_speaks() {
        let period: Period = "2025-05".parse().unwrap();
        assert!(!period.is_old("2026-11-30".parse().unwrap()));
        assert!(period.is_old("2026-12-01".parse().unwrap()));
        let year: Period = "2026".parse().unwrap();
        assert!(!year.is_to_come("2026-11-30".parse().unwrap()));
        assert!(
            "2026-12"
                .parse::<Period>()
                .unwrap()
                .is_to_come("2026-11-30".parse().unwrap())
        );
    }

    #[test]
    fn a_small_number_hides_the_number_that_would_give_it_away() {
        let parts = |all: &[i64]| -> Vec<Number> {
            all.iter()
                .map(|n| Number::from_tenths(n * 10).unwrap())
                .collect()
        };
        let direct_and_agency = shown_parts(Unit::Arrangements, &parts(&[40, 3]));
        assert_eq!(
            direct_and_agency,
            [ShownNumber::LeftOut, ShownNumber::LeftOut]
        );
        assert_eq!(shown(Unit::Children, parts(&[4])[0]), ShownNumber::Few);
        let none_small = parts(&[40, 5]);
        assert_eq!(
            shown_parts(Unit::Arrangements, &none_small),
            [
                ShownNumber::Number(none_small[0]),
                ShownNumber::Number(none_small[1])
            ]
        );
        let workers = parts(&[3]);
        assert_eq!(
            shown_parts(Unit::Workers, &workers),
            [ShownNumber::Number(workers[0])]
        );
    }

    // In how many ways the gaps can be filled so that the same would be shown.
    fn fillings(numbers: &[Number], gaps: &[usize], left: i64, all: &[ShownNumber]) -> usize {
        let Some((at, rest)) = gaps.split_first() else {
            return usize::from(left == 0 && shown_parts(Unit::Children, numbers) == all);
        };
        (0..=left)
            .map(|tried| {
                let mut filled = numbers.to_vec();
                filled[*at] = Number::from_tenths(tried * 10).unwrap();
                fillings(&filled, rest, left - tried, all)
            })
            .sum()
    }

    fn any_figures() -> impl Strategy<Value = Vec<Figure>> {
        let one = (2016i32..2027, 1u32..13, 0i32..3, 0i64..2_000).prop_map(
            |(year, month, kind, number)| {
                let to = Month::new(year, month).unwrap();
                let period = match kind {
                    0 => Period::Month(to),
                    1 => Period::Span(Month(to.0 - 8), to),
                    _ => Period::Span(Month(to.0 - 11), to),
                };
                Figure {
                    period,
                    number: Number::from_tenths(number * 10).unwrap(),
                }
            },
        );
        proptest::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn only_like_is_compared_with_like(all in any_figures()) {
            if let Some(compared) = compare(Unit::Children, Better::Up, &all) {
                prop_assert!(compared.from.is_like(compared.to));
                prop_assert!(compared.from.end() < compared.to.end());
                prop_assert!(all.iter().all(|f| f.period.end() <= compared.to.end()));
            }
        }

        #[test]
        fn the_other_way_round_gives_the_other_word(all in any_figures(), days in 17_000i32..22_000) {
            let today = Date::from_days(days).unwrap();
            let up = status(compare(Unit::Children, Better::Up, &all), today);
            let down = status(compare(Unit::Children, Better::Down, &all), today);
            let turned = match up {
                IndicatorStatus::Better => IndicatorStatus::Worse,
                IndicatorStatus::Worse => IndicatorStatus::Better,
                other => other,
            };
            prop_assert_eq!(down, turned);
        }

        #[test]
        fn an_old_figure_never_says_how_it_goes_today(all in any_figures(), days in 17_000i32..22_000) {
            let today = Date::from_days(days).unwrap();
            let compared = compare(Unit::Children, Better::Up, &all);
            let word = status(compared, today);
            if all.iter().all(|figure| figure.period.is_old(today)) {
                prop_assert!(matches!(word, IndicatorStatus::TooOld | IndicatorStatus::NotKnown));
            }
        }

        // A reader who knows the whole, what is shown and this rule finds at least two ways to fill the gaps.
        #[test]
        fn no_small_number_can_be_worked_out(parts in proptest::collection::vec(0i64..30, 2..5)) {
            let numbers: Vec<Number> = parts.iter().map(|n| Number::from_tenths(n * 10).unwrap()).collect();
            let all = shown_parts(Unit::Children, &numbers);
            for (part, shown) in parts.iter().zip(&all) {
                prop_assert!(!(1..SMALL).contains(part) || *shown == ShownNumber::LeftOut);
            }
            let gaps: Vec<usize> = (0..parts.len()).filter(|at| all[*at] == ShownNumber::LeftOut).collect();
            let whole: i64 = gaps.iter().map(|at| parts[*at]).sum();
            prop_assert!(gaps.is_empty() || fillings(&numbers, &gaps, whole, &all) > 1, "{parts:?}");
        }

        #[test]
        fn one_view_more_is_seen_only_every_fifth_time(views in 0usize..10_000) {
            let (now, next) = (at_least(views), at_least(views + 1));
            prop_assert!(now == next || (views + 1) % SMALL as usize == 0);
            prop_assert!(now.is_none_or(|said| said >= SMALL as usize && said <= views));
        }

        #[test]
        fn any_text_is_refused_or_read_back(text in ".{0,20}") {
            if let Ok(period) = text.parse::<Period>() {
                prop_assert_eq!(period.to_string(), text.clone());
            }
            let _ = text.parse::<Number>();
        }
    }
}
