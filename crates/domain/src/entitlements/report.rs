//! From answers to what is shown: the outcome, what it brings now, soon and later, what would change it, and the dates
//! that matter.

use super::answers::{Answers, When};
use super::care_spells::put_in_order;
use super::evaluate::evaluate_any;
use super::interpretations::Interpretations;
use super::legal_figures::{
    AT_HOME, Ages, LeapDay, STATUS_FROM, THIRTEEN_WEEKS, birthday, months_after,
};
use super::outcome::{Outcome, Rule, Status, StayingPutAnswer};
use crate::date::Date;
use crate::text_enum;

text_enum! {
    /// What somebody must also be for an entitlement.
    pub enum Only {
        /// Can stay put, or will be able to.
        StayingPut = "staying_put",
        /// Lives or lived with a foster carer just before 18.
        FosterHome = "foster_home",
        /// Came alone as a child seeking safety.
        Unaccompanied = "unaccompanied",
        /// On a course agreed in the pathway plan.
        OnCourse = "on_course",
        /// Wants to start or go back to a course.
        WantsEducation = "wants_education",
        /// Was in care on or after the 16th birthday.
        CareAt16 = "care_at_16",
    }
}

/// Whom an entitlement is for. Its words are elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The statuses that bring it.
    pub statuses: Vec<Status>,
    /// From this birthday.
    pub from_age: Option<i32>,
    /// The first birthday without it.
    pub to_age: Option<i32>,
    /// What must hold besides.
    pub only: Vec<Only>,
    /// The day its Act comes into force, for those that wait for one.
    pub starts: Option<Date>,
    /// Days from which and to which each of its figures is known to hold.
    pub figures: Vec<(Date, Option<Date>)>,
}

impl Offer {
    /// One line: `statuses|from|to|only|starts|figures`, lists parted by blanks. So it travels to the phone in the page.
    pub fn to_line(&self) -> String {
        let words = |all: Vec<String>| all.join(" ");
        let only = self.only.iter().map(|only| only.id().to_owned());
        let figures = self.figures.iter().map(|(from, to)| match to {
            Some(to) => format!("{from}/{to}"),
            None => from.to_string(),
        });
        [
            words(
                self.statuses
                    .iter()
                    .map(|status| status.id().to_owned())
                    .collect(),
            ),
            self.from_age.map(|age| age.to_string()).unwrap_or_default(),
            self.to_age.map(|age| age.to_string()).unwrap_or_default(),
            words(only.collect()),
            self.starts.map(|day| day.to_string()).unwrap_or_default(),
            words(figures.collect()),
        ]
        .join("|")
    }

    /// Reads [`Offer::to_line`].
    pub fn from_line(line: &str) -> Option<Offer> {
        let parts: Vec<&str> = line.split('|').collect();
        let [statuses, from_age, to_age, only, starts, figures] = parts.as_slice() else {
            return None;
        };
        let day = |text: &str| text.parse::<Date>().ok();
        let age = |text: &str| match text {
            "" => Some(None),
            age => age.parse().ok().map(Some),
        };
        let figure = |text: &str| match text.split_once('/') {
            Some((from, to)) => Some((day(from)?, Some(day(to)?))),
            None => Some((day(text)?, None)),
        };
        Some(Offer {
            statuses: statuses
                .split_whitespace()
                .map(Status::from_id)
                .collect::<Option<_>>()?,
            from_age: age(from_age)?,
            to_age: age(to_age)?,
            only: only
                .split_whitespace()
                .map(Only::from_id)
                .collect::<Option<_>>()?,
            starts: match *starts {
                "" => None,
                text => Some(day(text)?),
            },
            figures: figures
                .split_whitespace()
                .map(figure)
                .collect::<Option<_>>()?,
        })
    }
}

/// When an entitlement comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comes {
    /// Now.
    Now,
    /// Within half a year.
    Soon(Date),
    /// Later.
    Later(Date),
}

/// An entitlement that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which offer of the list.
    pub offer: usize,
    /// When it comes.
    pub comes: Comes,
    /// It depends on something that is not certain: ask.
    pub may: bool,
    /// The first day without it, where one is known.
    pub until: Option<Date>,
    /// Which of its figures holds on the day it comes; none: ask for the amount.
    pub figure: Option<usize>,
}

/// Something that would change the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeChange {
    /// If care goes on until this day, in this number of days, they are clearly eligible.
    GoesOn(Date, i32),
    /// From this day 13 weeks may be reached.
    Line(Date),
    /// Days in care so far, and the days that are missing to 13 weeks.
    Short(i32, i32),
    /// Still at home on this day: six months may be reached.
    Home(Date),
    /// Living at home breaking down brings relevant status back.
    Breakdown,
    /// Another date in the record.
    Record,
}

/// Everything the result page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The day it is for.
    pub on: Date,
    /// The outcome on that day.
    pub outcome: Outcome,
    /// The key of the words for the status: a status id, or `was_former_relevant`.
    pub status: &'static str,
    /// What would change it.
    pub changes: Vec<OutcomeChange>,
    /// Dates to come, with the keys of their words, in order.
    pub dates: Vec<(Date, &'static str)>,
    /// Entitlements, in the order of the list.
    pub offers: Vec<Placed>,
}

const SOON_DAYS: i32 = 183;
const TFL_ENDS: i32 = 26;

/// What is shown for answers of which one is true, and for these offers.
pub fn show(interpretations: &Interpretations, offers: &[Offer]) -> Option<Shown> {
    let sets = interpretations.answers();
    let first = sets.first()?;
    let on = first.asked_on;
    let outcome = interpretations.outcome().clone();
    let ages = Ages::of(first.born, LeapDay::March1);
    let has = |rule: Rule| outcome.reasons.iter().any(|reason| reason.rule == rule);
    let status = if has(Rule::FormerRelevantEnded) && outcome.certain {
        "was_former_relevant"
    } else {
        outcome.status.map_or("ask", Status::id)
    };

    let mut days: Vec<Date> = [ages.b16, ages.b18, ages.b21, ages.b25]
        .into_iter()
        .map(Date::worked_out)
        .chain(outcome.line_from)
        .chain(outcome.eligible_from)
        .chain(offers.iter().flat_map(|offer| {
            let ages = [offer.from_age, offer.to_age].into_iter().flatten();
            ages.map(|age| Date::worked_out(birthday(first.born, age, LeapDay::March1)))
                .chain(offer.starts)
        }))
        .filter(|day| *day > on && day.days() <= birthday(first.born, TFL_ENDS, LeapDay::March1))
        .filter(|day| Date::from_days(day.days()).is_some())
        .collect();
    put_in_order(&mut days);
    days.dedup();
    let mut times = vec![(on, outcome.clone())];
    for day in days {
        // What goes on today is taken to go on.
        let later: Vec<Answers> = sets
            .iter()
            .map(|answers| Answers {
                asked_on: day,
                ..answers.clone()
            })
            .collect();
        times.push((day, evaluate_any(&later)));
    }
    let offers = offers
        .iter()
        .enumerate()
        .filter_map(|(index, offer)| place(index, offer, sets, &times))
        .collect();
    Some(Shown {
        on,
        status,
        changes: changes(first, &outcome),
        dates: dates(first, &ages, &times),
        offers,
        outcome,
    })
}

/// A part of the page that applies, and what is filled into its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name, such as `rule.eligible`.
    pub key: String,
    /// What stands for `{name}` in its words.
    pub values: Vec<(&'static str, String)>,
}

/// Every part of the result page that applies, on the server and on the phone. `day` writes a date in words.
pub fn items(shown: &Shown, day: impl Fn(Date) -> String) -> Vec<Item> {
    let outcome = &shown.outcome;
    let mut items = Vec::new();
    let mut add =
        |key: String, values: Vec<(&'static str, String)>| items.push(Item { key, values });
    let none = Vec::new;
    add("on".to_owned(), vec![("date", day(shown.on))]);
    add(format!("status.{}", shown.status), none());
    let sure = if outcome.certain {
        "certain"
    } else {
        "uncertain"
    };
    add(sure.to_owned(), none());
    for status in &outcome.could_be {
        if Some(*status) != outcome.status {
            add("could".to_owned(), none());
            add(format!("could.{}", status.id()), none());
        }
    }
    if matches!(outcome.status, Some(Status::None | Status::Ask)) {
        add("never-no".to_owned(), none());
    }
    if let (Some(days), Some(nights)) = (outcome.days, outcome.nights) {
        let values = vec![("days", days.to_string()), ("nights", nights.to_string())];
        add("counts".to_owned(), values);
    }
    if let Some(put) = outcome.staying_put {
        add(format!("put.{}", put.answer.id()), none());
        if let Some(until) = put.until {
            add("put-until".to_owned(), vec![("date", day(until))]);
        }
    }
    if let Some(adviser) = outcome.personal_adviser {
        add(format!("pa.{}", adviser.answer.id()), none());
        if let Some(until) = adviser.until {
            add("pa-until".to_owned(), vec![("date", day(until))]);
        }
    }
    for reason in &outcome.reasons {
        add(format!("rule.{}", reason.rule.id()), none());
        if reason.rule == Rule::OtherCouncil {
            add("other-council".to_owned(), none());
        }
    }
    for ask in &outcome.asks {
        add("asks".to_owned(), none());
        add(format!("ask.{}", ask.id()), none());
    }
    for change in &shown.changes {
        add("changes".to_owned(), none());
        let item = change_item(change, &day);
        add(item.key, item.values);
    }
    for (when, key) in &shown.dates {
        add("dates".to_owned(), none());
        add(format!("when.{key}"), vec![("date", day(*when))]);
    }
    let any = |wanted: fn(Comes) -> bool| shown.offers.iter().any(|placed| wanted(placed.comes));
    for (key, there) in [
        ("now", any(|comes| comes == Comes::Now)),
        ("soon", any(|comes| matches!(comes, Comes::Soon(_)))),
        ("later", any(|comes| matches!(comes, Comes::Later(_)))),
    ] {
        if there {
            add(key.to_owned(), none());
        } else if key == "now" {
            add("nothing-now".to_owned(), none());
        }
    }
    items
}

/// What would change the outcome, as a part of the result page.
fn change_item(change: &OutcomeChange, day: impl Fn(Date) -> String) -> Item {
    let date = |date: &Date| ("date", day(*date));
    let (key, values) = match change {
        OutcomeChange::GoesOn(until, days) => {
            ("goes-on", vec![date(until), ("n", days.to_string())])
        }
        OutcomeChange::Line(from) => ("line", vec![date(from)]),
        OutcomeChange::Short(days, missing) => (
            "short",
            vec![("days", days.to_string()), ("n", missing.to_string())],
        ),
        OutcomeChange::Home(on) => ("home", vec![date(on)]),
        OutcomeChange::Breakdown => ("breakdown", Vec::new()),
        OutcomeChange::Record => ("record", Vec::new()),
    };
    Item {
        key: format!("change.{key}"),
        values,
    }
}

/// A calendar file (RFC 5545) of dates with their titles, whole days, without an alarm.
pub fn calendar(on: Date, dates: &[(Date, String)]) -> String {
    let plain = |date: Date| date.to_string().replace('-', "");
    let mut file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Pledge//Dates//EN\r\n".to_owned();
    for (index, (date, title)) in dates.iter().enumerate() {
        let title = title
            .replace('\\', "\\\\")
            .replace(',', "\\,")
            .replace(';', "\\;")
            .replace('\n', " ");
        for line in [
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}-{index}@pledge.invalid", plain(*date)),
            format!("DTSTAMP:{}T000000Z", plain(on)),
            format!("DTSTART;VALUE=DATE:{}", plain(*date)),
            format!("SUMMARY:{title}"),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
        ] {
            file.push_str(&folded(&line));
            file.push_str("\r\n");
        }
    }
    file.push_str("END:VCALENDAR\r\n");
    file
}

/// A line of a calendar file holds at most 75 bytes; the rest goes on the next, after a blank.
fn folded(line: &str) -> String {
    let (mut out, mut room) = (String::new(), 75);
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out
}

fn place(
    index: usize,
    offer: &Offer,
    sets: &[Answers],
    times: &[(Date, Outcome)],
) -> Option<Placed> {
    let on = times.first()?.0;
    let holds: Vec<Option<bool>> = times
        .iter()
        .map(|(day, outcome)| brings(offer, sets, *day, outcome))
        .collect();
    let start = holds.iter().position(Option::is_some)?;
    let day = times[start].0;
    let end = holds[start..].iter().position(Option::is_none);
    let comes = if start == 0 {
        Comes::Now
    } else if day.days() - on.days() <= SOON_DAYS {
        Comes::Soon(day)
    } else {
        Comes::Later(day)
    };
    let figure = offer
        .figures
        .iter()
        .position(|(from, to)| *from <= day && to.is_none_or(|to| day <= to));
    Some(Placed {
        offer: index,
        comes,
        may: holds[start] == Some(false),
        until: end.map(|end| times[start + end].0),
        figure,
    })
}

/// Whether this outcome brings the offer on this day: surely, perhaps (`false`), or not.
fn brings(offer: &Offer, sets: &[Answers], day: Date, outcome: &Outcome) -> Option<bool> {
    let born = sets.first()?.born;
    let age_day = |age: i32| birthday(born, age, LeapDay::March1);
    if offer.from_age.is_some_and(|age| day.days() < age_day(age))
        || offer.to_age.is_some_and(|age| day.days() >= age_day(age))
        || offer.starts.is_some_and(|starts| day < starts)
    {
        return None;
    }
    // Where somebody does not know, one set of answers may fit and another not.
    let fits_set = |answers: &Answers| {
        let mut only = offer.only.iter();
        only.all(|only| fits(*only, answers, outcome))
    };
    if !sets.iter().any(fits_set) {
        return None;
    }
    let sure = sets.iter().all(fits_set);
    let status = outcome.status?;
    let brought = |status: &Status| offer.statuses.contains(status);
    // No single status, and none to choose from: only what needs no status.
    if status == Status::Ask && outcome.could_be.is_empty() {
        return brought(&Status::None).then_some(sure);
    }
    if outcome.certain {
        return brought(&status).then_some(sure);
    }
    if !outcome.could_be.iter().any(brought) {
        return None;
    }
    Some(sure && outcome.could_be.iter().all(brought) && !outcome_limited(outcome))
}

// Appeals refused: the status may stand and the help be limited.
fn outcome_limited(outcome: &Outcome) -> bool {
    outcome
        .reasons
        .iter()
        .any(|reason| reason.rule == Rule::AppealsRefused)
}

fn fits(only: Only, answers: &Answers, outcome: &Outcome) -> bool {
    use super::answers::Home;
    match only {
        Only::StayingPut => outcome.staying_put.is_some_and(|put| {
            matches!(
                put.answer,
                StayingPutAnswer::Yes | StayingPutAnswer::Later | StayingPutAnswer::Ask
            )
        }),
        Only::FosterHome => answers.care_spells.iter().any(|spell| {
            matches!(
                spell.home,
                Home::FosterCarer
                    | Home::AgencyFosterCarer
                    | Home::KinshipFosterCarer
                    | Home::KinshipCarerTemporary
            )
        }),
        Only::Unaccompanied => answers.unaccompanied,
        Only::OnCourse => answers.education_until.is_some(),
        Only::WantsEducation => answers.wants_education,
        Only::CareAt16 => {
            let b16 = birthday(answers.born, STATUS_FROM.value, LeapDay::March1);
            let lasted = |to: Option<When>| to.is_none_or(|to| to.last().days() >= b16);
            answers.care_spells.iter().any(|spell| lasted(spell.to))
        }
    }
}

fn changes(answers: &Answers, outcome: &Outcome) -> Vec<OutcomeChange> {
    let mut changes = Vec::new();
    let on = answers.asked_on;
    let ages = Ages::of(answers.born, LeapDay::March1);
    if let Some(line) = outcome.line_from {
        changes.push(OutcomeChange::Line(line));
    }
    if let Some(clear) = outcome.eligible_from {
        changes.push(OutcomeChange::GoesOn(clear, clear.days() - on.days()));
    }
    let reached = [Status::Eligible, Status::Relevant, Status::FormerRelevant];
    let counted = outcome.days.unwrap_or_default();
    let missing = THIRTEEN_WEEKS.value - outcome.nights.unwrap_or_default();
    let is_young = on.days() < ages.b18;
    let settled = outcome.certain
        && outcome
            .status
            .is_some_and(|status| reached.contains(&status));
    if outcome.eligible_from.is_none()
        && is_young
        && !settled
        && missing > 0
        && outcome.days.is_some()
    {
        changes.push(OutcomeChange::Short(counted, missing));
    }
    let has = |rule: Rule| outcome.reasons.iter().any(|reason| reason.rule == rule);
    let at_home = answers.home_returns.iter().find(|home| home.to.is_none());
    if let (true, true, Some(home)) = (is_young, has(Rule::Relevant), at_home) {
        let day = Date::worked_out(months_after(home.from.first().days(), AT_HOME.value));
        if day > on {
            changes.push(OutcomeChange::Home(day));
        }
    }
    if is_young && has(Rule::HomeSixMonths) {
        changes.push(OutcomeChange::Breakdown);
    }
    if !outcome.certain {
        changes.push(OutcomeChange::Record);
    }
    changes
}

fn dates(answers: &Answers, ages: &Ages, times: &[(Date, Outcome)]) -> Vec<(Date, &'static str)> {
    let Some((on, outcome)) = times.first() else {
        return Vec::new();
    };
    let could = |status: Status| {
        times.iter().any(|(_, outcome)| {
            outcome.status == Some(status) || outcome.could_be.contains(&status)
        })
    };
    let leaves = could(Status::FormerRelevant);
    let puts = times.iter().any(|(_, outcome)| {
        outcome
            .staying_put
            .is_some_and(|put| put.answer == StayingPutAnswer::Later)
    });
    let mut dates = Vec::new();
    let mut add = |when: Option<Date>, key: &'static str, wanted: bool| {
        if let Some(day) = when.filter(|day| wanted && day > on) {
            dates.push((day, key));
        }
    };
    let at = |day: i32| Some(Date::worked_out(day));
    add(outcome.line_from, "line", true);
    add(outcome.eligible_from, "clear", true);
    add(at(ages.b16), "b16", true);
    // A year before, so that there is time to plan; the law has no day for it.
    add(
        at(birthday(answers.born, 17, LeapDay::March1)),
        "talk",
        puts,
    );
    add(at(ages.b18), "b18", true);
    add(at(ages.b21), "b21", leaves || could(Status::Qualifying));
    add(at(ages.b25), "b25", leaves);
    let tfl = birthday(answers.born, TFL_ENDS, LeapDay::March1) - 1;
    add(at(tfl), "tfl", leaves);
    put_in_order(&mut dates);
    dates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn an_offer_survives_its_line() {
        let offer = Offer {
            statuses: vec![Status::Eligible, Status::FormerRelevant],
            from_age: Some(16),
            to_age: None,
            only: vec![Only::StayingPut, Only::CareAt16],
            starts: Some(day("2027-04-01")),
            figures: vec![
                (day("2025-04-01"), Some(day("2026-03-31"))),
                (day("2026-04-01"), None),
            ],
        };
        assert_eq!(Offer::from_line(&offer.to_line()), Some(offer));
        assert_eq!(
            Offer::from_line(&Offer::default().to_line()),
            Some(Offer::default())
        );
        for wrong in [
            "",
            "|||||||",
            "x|||||",
            "none||||nonsense|",
            "none|||||2026",
        ] {
            assert_eq!(Offer::from_line(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_calendar_file_folds_and_escapes() {
        let title = format!("Ask, please; {}", "é".repeat(60));
        let file = calendar(day("2026-11-21"), &[(day("2027-01-02"), title)]);
        assert!(file.contains("DTSTART;VALUE=DATE:20270102\r\n"));
        assert!(file.contains("SUMMARY:Ask\\, please\\; é"));
        assert!(file.split("\r\n").all(|line| line.len() <= 75));
        assert!(file.replace("\r\n ", "").contains(&"é".repeat(60)));
    }

    fn told(json: &str) -> Answers {
        use crate::entitlements::parse::{Value, read};
        let fields = json.split(' ').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), Value::Text(value.to_owned()))
        });
        let mut answers: Vec<(String, Value)> = Vec::new();
        let mut spell: Vec<(String, Value)> = Vec::new();
        for (name, value) in fields {
            match name.strip_prefix("care.") {
                Some(name) => spell.push((name.to_owned(), value)),
                None => answers.push((name, value)),
            }
        }
        answers.push((
            "care_spells".to_owned(),
            Value::List(vec![Value::Object(spell)]),
        ));
        read(&Value::Object(answers), day("2026-11-21")).unwrap()
    }

    #[test]
    fn what_comes_now_soon_and_later_has_its_dates() {
        let answers = told(
            "born=2010-12-10 care.from=2026-10-01 care.basis=section_20 care.home=foster_carer",
        );
        let offer = |statuses: &[Status], figures: Vec<(Date, Option<Date>)>| Offer {
            statuses: statuses.to_vec(),
            figures,
            ..Offer::default()
        };
        let offers = [
            offer(&[Status::InCare, Status::Eligible], vec![]),
            offer(&[Status::Eligible], vec![]),
            offer(
                &[Status::FormerRelevant],
                vec![(day("2020-01-01"), Some(day("2027-01-01")))],
            ),
            offer(&[Status::Qualifying], vec![]),
        ];
        let shown = show(&Interpretations::new(vec![answers]), &offers).unwrap();
        assert_eq!(shown.outcome.status, Some(Status::InCare));
        let line = shown.outcome.line_from.unwrap();
        assert_eq!(line, day("2026-12-30"));
        let comes: Vec<(Comes, bool)> = shown
            .offers
            .iter()
            .map(|placed| (placed.comes, placed.may))
            .collect();
        assert_eq!(
            comes,
            [
                (Comes::Now, false),
                (Comes::Soon(line), true),
                (Comes::Later(day("2028-12-10")), false),
            ]
        );
        assert_eq!(shown.offers[2].until, Some(day("2035-12-10")));
        assert_eq!(
            shown.offers[2].figure, None,
            "no figure is known for 2028, so none is shown"
        );
        assert_eq!(
            shown.changes,
            [
                OutcomeChange::Line(line),
                OutcomeChange::GoesOn(day("2026-12-31"), 40),
            ]
        );
        let keys: Vec<&str> = shown.dates.iter().map(|(_, key)| *key).collect();
        assert_eq!(
            keys,
            ["b16", "line", "clear", "talk", "b18", "b21", "b25", "tfl"]
        );
    }

    #[test]
    fn what_fits_only_one_set_of_answers_is_shown_as_perhaps() {
        let with = told("born=2008-06-10 care.from=2022-01-01 care.basis=care_order");
        let mut without = with.clone();
        without.care_spells.clear();
        let offer = Offer {
            statuses: vec![Status::FormerRelevant, Status::None],
            only: vec![Only::CareAt16],
            ..Offer::default()
        };
        let may = |sets: &[Answers]| {
            let shown = show(
                &Interpretations::new(sets.to_vec()),
                std::slice::from_ref(&offer),
            )
            .unwrap();
            shown.offers.first().map(|placed| placed.may)
        };
        assert_eq!(may(&[without.clone(), with.clone()]), Some(true));
        assert_eq!(may(&[with]), Some(false));
        assert_eq!(may(&[without]), None);
    }
}
