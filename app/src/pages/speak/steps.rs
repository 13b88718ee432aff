//! The five steps of a view: what is asked on each.

use super::answers::{lang_of, summary};
use super::pictures::{feeling_sign, safe_sign, topic_sign};
use crate::any_view::{AnyView, IntoAny};
use crate::components::{
    Choice, Field, FieldText, Look, OptionGroup, button, checkbox, error_for, hidden,
    picture_radios, radios, select, text_area, text_field,
};
use crate::islands::Composer;
use crate::messages::{around, t};
use crate::pages::reading::folded;
use domain::identity_hints::identity_hints;
use domain::readers::{FirstPromises, ReaderSentence, ReaderSet};
use domain::view::{Feeling, IDENTITY_MAX, SAID_MAX, Safe, Subject, Topic, WISH_MAX};
use leptos::prelude::*;
use model::urls;
use model::{LinkChoice, SpeakAnswers, SpeakPage};

pub(super) fn about(page: &SpeakPage) -> AnyView {
    let topics = Topic::ALL
        .iter()
        .map(|topic| choice(topic.id(), t(&format!("topic.{}", topic.id()))))
        .collect();
    let topic = Field {
        id: "topic".into(),
        name: "topic",
        label: t("speak.about.topic"),
        error: error_for(&page.errors, "topic"),
        ..Field::default()
    };
    let link = Field {
        id: "link".into(),
        name: "link",
        label: t("speak.about.link"),
        hint: t("speak.about.link-hint"),
        error: error_for(&page.errors, "link"),
    };
    let attached = page.attached.as_ref().map(|title| {
        let (before, after) = around("speak.about.attached", "title");
        let lang = lang_of(&page.answers.link);
        view! { <p class="bubble sky">{before}<bdi lang=lang>{title.clone()}</bdi>{after}</p> }
    });
    let more = view! { <a href=urls::PRIVACY>{t("speak.readers-more")}</a> };
    let readers = match FirstPromises::of(page.readers).start() {
        Some(sentence) => view! { <p>{said(sentence)}" "{more}</p> }.into_any(),
        None => view! { {right_now(page.readers)} <p>{more}</p> }.into_any(),
    };
    view! {
        {readers}
        {attached}
        {picture_radios(topic, topics, topic_sign, &page.answers.topic)}
        {select(link, link_groups(&page.links), &page.answers.link)}
        {actions(false)}
    }
    .into_any()
}

fn said(sentence: ReaderSentence) -> String {
    t(sentence.id())
}

// Who can read right now, if it is not marked unsafe and if it is.
pub(super) fn right_now(readers: ReaderSet) -> AnyView {
    let first = FirstPromises::of(readers);
    view! {
        <ul>
            <li>{t("readers.if-safe")}" "{said(first.now(false))}</li>
            <li>{t("readers.if-not-safe")}" "{said(first.now(true))}</li>
        </ul>
    }
    .into_any()
}

fn link_groups(links: &[LinkChoice]) -> Vec<OptionGroup> {
    let mut groups = vec![OptionGroup {
        label: String::new(),
        lang: None,
        options: vec![choice("", t("speak.about.link-none"))],
    }];
    for link in links {
        if groups.last().is_none_or(|group| group.label != link.group) {
            groups.push(OptionGroup {
                label: link.group.clone(),
                lang: lang_of(&link.value),
                options: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.options.push(choice(&link.value, link.title.clone()));
        }
    }
    groups
}

pub(super) fn say(page: &SpeakPage) -> AnyView {
    let said = Field {
        id: "said".into(),
        name: "said",
        label: t("speak.say.said"),
        hint: t("speak.say.said-hint"),
        error: error_for(&page.errors, "said"),
    };
    let feeling = Field {
        id: "feeling".into(),
        name: "feeling",
        label: t("speak.say.feeling"),
        error: error_for(&page.errors, "feeling"),
        ..Field::default()
    };
    let wish = Field {
        id: "wish".into(),
        name: "wish",
        label: t("speak.say.wish"),
        hint: t("speak.say.wish-hint"),
        error: error_for(&page.errors, "wish"),
    };
    let mut feelings: Vec<Choice> = Feeling::ALL
        .iter()
        .map(|feeling| choice(feeling.id(), t(&format!("feeling.{}", feeling.id()))))
        .collect();
    feelings.push(choice("", t("speak.say.feeling-none")));
    let ideas = ["happened", "often", "change"]
        .map(|idea| view! { <li>{t(&format!("speak.say.ideas-{idea}"))}</li> });
    let ideas = view! { <ul>{ideas.into_iter().collect_view()}</ul> };
    view! {
        {folded("ideas".to_owned(), t("speak.say.ideas"), ideas.into_any())}
        {text_area(said, &page.answers.said, 8, SAID_MAX)}
        {composer("said", SAID_MAX)}
        {picture_radios(feeling, feelings, feeling_sign, &page.answers.feeling)}
        {text_area(wish, &page.answers.wish, 3, WISH_MAX)}
        {actions(true)}
    }
    .into_any()
}

/// What the composer says under the text with this id. All of it waits, hidden, for the island.
fn composer(field: &'static str, max: usize) -> AnyView {
    let lines = ["name", "place", "postcode", "phone", "email"]
        .map(|line| view! { <li data-line=line hidden>{t(&format!("composer.{line}"))}</li> });
    view! {
        <div id="composer" data-field=field data-max=max.to_string() data-left=t("composer.left")>
            <p class="hint" data-line="left" aria-live="off"></p>
            <div aria-live="polite">
                <div class="bubble sky" data-line="found" hidden>
                    <p><strong>{t("composer.intro")}</strong></p>
                    <ul>{lines.into_iter().collect_view()}</ul>
                </div>
            </div>
        </div>
        <Composer />
    }
    .into_any()
}

pub(super) fn safe(page: &SpeakPage) -> AnyView {
    let first = FirstPromises::of(page.readers);
    let field = Field {
        id: "safe".into(),
        name: "safe",
        label: t("speak.safe.label"),
        hint: said(first.safe_hint()),
        error: error_for(&page.errors, "safe"),
    };
    let choices = Safe::ALL
        .iter()
        .map(|safe| Choice {
            value: safe.id().into(),
            label: t(&format!("safe.{}", safe.id())),
            hint: said(first.safe_choice(safe.to_safety_lane())),
        })
        .collect();
    let about = Field {
        id: "about".into(),
        name: "about",
        label: t("speak.safe.about"),
        hint: t("speak.safe.about-hint"),
        error: error_for(&page.errors, "about"),
    };
    let whom = Subject::ALL
        .iter()
        .map(|about| choice(about.id(), t(&format!("about.{}", about.id()))))
        .collect();
    let chosen = match page.answers.about.as_str() {
        "" => Subject::Nobody.id(),
        chosen => chosen,
    };
    view! {
        {picture_radios(field, choices, safe_sign, &page.answers.safe)}
        <p>{t("speak.safe.emergency")}" "<a class="number" href="tel:999">"999"</a></p>
        {radios(about, whom, chosen)}
        {actions(true)}
    }
    .into_any()
}

pub(super) fn you(page: &SpeakPage) -> AnyView {
    let named = Field {
        id: "named".into(),
        name: "named",
        label: t("speak.you.label"),
        error: error_for(&page.errors, "named"),
        ..Field::default()
    };
    let identity = Field {
        id: "identity".into(),
        name: "identity",
        label: t("speak.you.identity"),
        hint: t("speak.you.identity-hint"),
        error: error_for(&page.errors, "identity"),
    };
    let helped = Field {
        id: "helped".into(),
        name: "helped",
        label: t("speak.you.helped"),
        ..Field::default()
    };
    let promises = page.answers.promises(page.readers);
    let choices = vec![
        Choice {
            value: "no".into(),
            label: t("speak.you.anonymous"),
            hint: said(promises.anonymous()),
        },
        Choice {
            value: "yes".into(),
            label: t("speak.you.named"),
            hint: said(promises.name_hint()),
        },
    ];
    let chosen = if page.answers.named == "yes" {
        "yes"
    } else {
        "no"
    };
    let text = FieldText {
        max: Some(IDENTITY_MAX),
        ..FieldText::default()
    };
    view! {
        {radios(named, choices, chosen)}
        {text_field(identity, &page.answers.identity, text)}
        {checkbox(helped, page.answers.helped == "yes")}
        {actions(true)}
    }
    .into_any()
}

pub(super) fn check(page: &SpeakPage) -> AnyView {
    let promises = page.answers.promises(page.readers);
    let names = (page.answers.named == "yes").then(|| view! { <p>{said(promises.name())}</p> });
    let kept = page
        .answers
        .begins()
        .in_safety_lane()
        .then(|| view! { <p>{t("speak.check.readers-kept")}</p> });
    view! {
        {summary(page)}
        {shows_who(&page.answers)}
        <div class="bubble answer">
            <h2>{t("speak.check.who")}</h2>
            <p>{said(promises.check())}</p>
            {kept}
            {names}
            <p>{said(promises.committee())}</p>
        </div>
        {hidden("ticket", &page.ticket)}
        <div class="actions" id="ticket">
            {button(t("speak.check.send"), Look::Main, "go", "send", true)}
            {button(t("speak.back"), Look::Plain, "go", "back", false)}
        </div>
    }
    .into_any()
}

// What in the words might identify the writer, for those whose phone did not say it while they typed. A sender who gives
// their name has chosen to be known.
fn shows_who(answers: &SpeakAnswers) -> AnyView {
    let found = identity_hints(&format!("{}\n{}", answers.said, answers.wish));
    if !found.any() || answers.named == "yes" {
        return ().into_any();
    }
    let lines = [
        ("name", found.name),
        ("place", found.place),
        ("postcode", found.postcode),
        ("phone", found.phone),
        ("email", found.email),
    ]
    .into_iter()
    .filter(|(_, is_there)| *is_there)
    .map(|(line, _)| view! { <li>{t(&format!("composer.{line}"))}</li> });
    view! {
        <div class="bubble sky">
            <p><strong>{t("composer.intro")}</strong></p>
            <ul>{lines.collect_view()}</ul>
        </div>
    }
    .into_any()
}

// The main button stands first, so that Enter means "next".
fn actions(back: bool) -> AnyView {
    view! {
        <div class="actions">
            {button(t("speak.next"), Look::Main, "go", "next", true)}
            {back.then(|| button(t("speak.back"), Look::Plain, "go", "back", false))}
        </div>
    }
    .into_any()
}

pub(super) fn choice(value: &str, label: String) -> Choice {
    Choice {
        value: value.to_owned(),
        label,
        hint: String::new(),
    }
}
