//! Sample pages of the checker.

use super::{Page, day};
use app::pages::check;
use app::shell::{self, PageContext};
use domain::entitlements::outcome::Status;
use domain::entitlements::parse::Code;
use domain::entitlements::progress;
use domain::entitlements::questions::{AnswerTexts, Question};
use domain::entitlements::report::{Offer, show};
use model::{Certainty, CheckPage, CheckResult, Entitlement};

/// The checker: its first page with all that the island needs, a date, a mistake, and results.
pub(super) fn pages(frame: &PageContext) -> Vec<Page> {
    let mut all = question_pages(frame);
    all.extend(result_pages(frame));
    all
}

fn question_pages(frame: &PageContext) -> Vec<Page> {
    let first = CheckPage {
        texts: AnswerTexts::new(),
        answered: Vec::new(),
        ..question("born", &[], None)
    };
    vec![
        (
            "check".to_owned(),
            shell::render(frame, Some("n"), || check::question(first, true)),
        ),
        (
            "check-date".to_owned(),
            shell::render(frame, None, || {
                let typed = [("month", "6"), ("year", "2024")];
                check::question(question("spell-from.0", &typed, None), false)
            }),
        ),
        (
            "check-wrong".to_owned(),
            shell::render(frame, None, || {
                let page = question("spell-home.0", &[], Some(Code::Required));
                check::question(page, false)
            }),
        ),
    ]
}

fn result_pages(frame: &PageContext) -> Vec<Page> {
    let today = day("2026-11-21");
    let mut all = Vec::new();
    for (name, born, from, sheet) in [
        ("check-result", "2010-03-10", "2024-06", false),
        ("check-result-later", "2011-03-10", "2026-10-01", false),
        ("check-result-adult", "2005-03-10", "2019", false),
        ("check-sheet", "2008-06-10", "2022-01-01", true),
    ] {
        let texts = texts_of(born, from);
        let progress = progress::walk(&texts, today);
        let offers: Vec<_> = entitlements()
            .into_iter()
            .map(|known| known.offer)
            .collect();
        let Some(shown) = show(&progress.interpretations, &offers) else {
            continue;
        };
        let page = CheckResult {
            texts,
            answered: progress.answered,
            shown,
            sheet,
        };
        all.push((
            name.to_owned(),
            shell::render(frame, None, || check::result(page, entitlements())),
        ));
    }
    all
}

fn texts_of(born: &str, from: &str) -> AnswerTexts {
    [
        ("born", born),
        ("care", "now"),
        ("spell-from.0", from),
        ("spell-basis.0", "care_order"),
        ("spell-home.0", "foster_carer"),
        ("spell-council.0", "other_england"),
        ("put-together", "yes"),
        ("put-want", "yes"),
        ("put-welfare", "no"),
        ("alone", "no"),
        ("records", "yes"),
    ]
    .map(|(key, text)| (key.to_owned(), text.to_owned()))
    .into()
}

fn question(key: &str, typed: &[(&'static str, &str)], problem: Option<Code>) -> CheckPage {
    CheckPage {
        question: Question::from_key(key).unwrap_or(Question::one("born")),
        texts: texts_of("2010-03-10", "2024-06"),
        answered: vec![Question::one("born"), Question::one("care")],
        typed: typed
            .iter()
            .map(|(name, text)| (*name, (*text).to_owned()))
            .collect(),
        problem,
    }
}

fn entitlements() -> Vec<Entitlement> {
    let entitlement = |id: &str, offer: Offer, amounts: &[&str]| Entitlement {
        id: id.into(),
        group: "money".into(),
        title: format!("Sample: {id}"),
        what: if amounts.is_empty() {
            "The council must do this. It may not say no without a reason.".into()
        } else {
            "The council pays this once. How much: {amount}.".into()
        },
        ask: "Ask your personal adviser. Say: I would like to have this.".into(),
        right: "visits".into(),
        topic: "money".into(),
        law: "Children Act 1989 s.23C".into(),
        source: "The Act, saved copy".into(),
        certainty: Certainty::Partly,
        checked: day("2026-11-21"),
        review_by: day("2027-11-21"),
        amounts: amounts.iter().map(|&amount| amount.to_owned()).collect(),
        offer,
    };
    let of = |statuses: &[Status]| Offer {
        statuses: statuses.to_vec(),
        ..Offer::default()
    };
    vec![
        entitlement("a say", of(&[Status::InCare, Status::Eligible]), &[]),
        entitlement(
            "a plan",
            of(&[Status::Eligible, Status::FormerRelevant]),
            &[],
        ),
        entitlement(
            "a first home",
            Offer {
                figures: vec![(day("2023-04-01"), Some(day("2027-03-31")))],
                ..of(&[Status::FormerRelevant])
            },
            &["at least \u{a3}3,000"],
        ),
    ]
}
