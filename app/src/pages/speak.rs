//! Send a view: what to know first, five steps of one question each, and the receipt. Every step is a POST to the one
//! address, and what was answered travels in hidden fields, so that nothing is stored and nothing is in the address.

use crate::components::{
    Choice, Field, FieldText, Look, OptionGroup, Voice, bubble, button, button_link, checkbox,
    error_for, error_summary, guard, hidden, journey, picture_radios, radios, select, submit,
    text_area, text_field, typed_text, urgent_help,
};
use crate::islands::identity_hints::identity_hints;
use crate::islands::{Composer, TypeBack};
use crate::localize::lang_at;
use crate::messages::{around, day, t, tf};
use crate::pages::reading::{folded, heading, sections};
use crate::shell::{Bundle, Nav, Shell};
use domain::view::{Feeling, IDENTITY_MAX, SAID_MAX, Safe, Subject, Topic, WISH_MAX};
use leptos::prelude::*;
use model::urls;
use model::{
    Article, FieldError, LinkChoice, ReceiptPage, SlowPage, SpeakAnswers, SpeakPage, SpeakStep,
    TypedBack,
};

/// What to know before writing. The button opens the first step.
pub fn start(article: Article) -> impl IntoView {
    view! {
        <Shell title=None nav=Nav::Speak>
            {heading(&article)}
            <p><a class="alone" href="#go">{t("speak.jump")}</a></p>
            {sections(&article.sections)}
            <form method="post" action=urls::SPEAK id="go">
                {journey()}
                {hidden("step", "start")}
                {submit(t("speak.begin"), Look::Main)}
            </form>
        </Shell>
    }
}

/// One step.
pub fn step(page: SpeakPage) -> impl IntoView {
    let has_islands = matches!(page.step, SpeakStep::Say | SpeakStep::Check);
    let number = SpeakStep::ALL
        .iter()
        .position(|step| *step == page.step)
        .unwrap_or_default()
        + 1;
    let count = tf(
        "speak.count",
        &[
            ("number", &number.to_string()),
            ("all", &SpeakStep::ALL.len().to_string()),
        ],
    );
    let worried = Safe::from_id(&page.answers.safe).is_some_and(Safe::to_safety_lane);
    let (title, body) = match page.step {
        SpeakStep::Subject => (t("speak.about.title"), about(&page)),
        SpeakStep::Say => (t("speak.say.title"), say(&page)),
        SpeakStep::Safe => (t("speak.safe.title"), safe(&page)),
        SpeakStep::You => (t("speak.you.title"), you(&page)),
        SpeakStep::Check => (t("speak.check.title"), check(&page)),
    };
    view! {
        <Shell title=None nav=Nav::Speak bundle=has_islands.then_some(Bundle::Speak)>
            {worried.then(|| urgent_help(&page.help))}
            {error_summary(&page.errors)}
            <p class="where">{count}</p>
            <h1>{title}</h1>
            <form method="post" action=urls::SPEAK id="speak" autocomplete="off">
                {journey()}
                {hidden("step", page.step.id())}
                {carried(page.step, &page.answers)}
                {body}
                // After the main button, so that Enter in a field never means "change".
                {(page.step != SpeakStep::Check).then(|| so_far(&page))}
            </form>
            {(page.step == SpeakStep::Check).then(|| guard("speak"))}
        </Shell>
    }
}

/// Wait a moment: much was sent from the same place. Every word travels along, and nothing needs a script.
pub fn slow(page: SlowPage) -> impl IntoView {
    let worried = Safe::from_id(&page.answers.safe).is_some_and(Safe::to_safety_lane);
    let seconds = page.seconds.to_string();
    let said = if page.early {
        t("slow.early")
    } else if page.wrong {
        t("slow.wrong")
    } else {
        t("slow.why")
    };
    let question = page.question.map(|(question, right)| {
        let names = ["right", "other", "third"];
        // The right answer stands where the page was told, the others after each other in what is left.
        let mut others = names.iter().skip(1);
        let choices = (0..3u8)
            .map(|at| {
                let name = if at == right {
                    names.first()
                } else {
                    others.next()
                };
                let word = name.copied().unwrap_or_default();
                choice(&at.to_string(), t(&format!("slow.{question}.{word}")))
            })
            .collect();
        let field = Field {
            id: "picked".into(),
            name: "picked",
            label: t(&format!("slow.{question}.ask")),
            ..Field::default()
        };
        radios(field, choices, "")
    });
    view! {
        <Shell title=None nav=Nav::Speak>
            {worried.then(|| urgent_help(&page.help))}
            <h1>{t("slow.title")}</h1>
            <p class="lead" role="status">{said}</p>
            <p>{tf("slow.keep", &[("seconds", &seconds)])}</p>
            <form method="post" action=urls::SPEAK id="speak" autocomplete="off">
                {journey()}
                {hidden("step", SpeakStep::Check.id())}
                {carried(SpeakStep::Check, &page.answers)}
                {hidden("ticket", &page.ticket)}
                {hidden("pass", &page.pass)}
                {question}
                <div class="actions">
                    {button(t("slow.send"), Look::Main, "go", "send", true)}
                    {button(t("speak.back"), Look::Plain, "go", "back", false)}
                </div>
            </form>
        </Shell>
    }
}

/// The receipt: six words that open the view again.
pub fn receipt(page: ReceiptPage) -> impl IntoView {
    let help = page.in_safety_lane.then(|| urgent_help(&page.help));
    let body = match page.typed_back {
        TypedBack::NotYet | TypedBack::Different => receipt_to_keep(&page),
        TypedBack::Same => receipt_kept(&page),
    };
    let has_islands = page.typed_back != TypedBack::Same;
    view! {
        <Shell title=None nav=Nav::Speak bundle=has_islands.then_some(Bundle::Speak)>
            {help}
            {body}
        </Shell>
    }
}

// ---------------------------------------------------------------- the steps

fn about(page: &SpeakPage) -> AnyView {
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
    view! {
        <p>{t("speak.readers")}" "<a href=urls::PRIVACY>{t("speak.readers-more")}</a></p>
        {attached}
        {picture_radios(topic, topics, topic_sign, &page.answers.topic)}
        {select(link, link_groups(&page.links), &page.answers.link)}
        {actions(false)}
    }
    .into_any()
}

fn say(page: &SpeakPage) -> AnyView {
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

fn safe(page: &SpeakPage) -> AnyView {
    let field = Field {
        id: "safe".into(),
        name: "safe",
        label: t("speak.safe.label"),
        hint: t("speak.safe.hint"),
        error: error_for(&page.errors, "safe"),
    };
    let choices = Safe::ALL
        .iter()
        .map(|safe| Choice {
            value: safe.id().into(),
            label: t(&format!("safe.{}", safe.id())),
            hint: if safe.to_safety_lane() {
                t("speak.safe.first")
            } else {
                t("speak.safe.usual")
            },
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

fn you(page: &SpeakPage) -> AnyView {
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
    let named_hint = match page.answers.begins().about {
        Subject::Coordinator => t("speak.check.readers-name-lead"),
        Subject::Safety => t("speak.check.readers-name-coordinator"),
        _ => t("speak.you.named-hint"),
    };
    let choices = vec![
        Choice {
            value: "no".into(),
            label: t("speak.you.anonymous"),
            hint: t("speak.you.anonymous-hint"),
        },
        Choice {
            value: "yes".into(),
            label: t("speak.you.named"),
            hint: named_hint,
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

fn check(page: &SpeakPage) -> AnyView {
    let worried = Safe::from_id(&page.answers.safe).is_some_and(Safe::to_safety_lane);
    let about = page.answers.begins().about;
    let readers = match about {
        Subject::Speakerbox if worried => t("speak.check.readers-both"),
        Subject::Speakerbox | Subject::Safety => t("speak.check.readers-coordinator"),
        Subject::Coordinator => t("speak.check.readers-lead"),
        _ if worried => t("speak.check.readers-safety"),
        Subject::Nobody | Subject::Committee => t("speak.check.readers"),
    };
    let names = (page.answers.named == "yes").then(|| {
        let who = match about {
            Subject::Coordinator => t("speak.check.readers-name-lead"),
            Subject::Safety => t("speak.check.readers-name-coordinator"),
            _ => t("speak.check.readers-name"),
        };
        view! { <p>{who}</p> }
    });
    let committee = match about {
        Subject::Coordinator => t("speak.check.committee-never"),
        Subject::Nobody => t("speak.check.committee"),
        _ => t("speak.check.committee-coordinator"),
    };
    view! {
        {summary(page)}
        {shows_who(&page.answers)}
        <div class="bubble answer">
            <h2>{t("speak.check.who")}</h2>
            <p>{readers}</p>
            {names}
            <p>{committee}</p>
        </div>
        {hidden("ticket", &page.ticket)}
        <div class="actions" id="ticket">
            {button(t("speak.check.send"), Look::Main, "go", "send", true)}
            {button(t("speak.back"), Look::Plain, "go", "back", false)}
        </div>
    }
    .into_any()
}

// What in the words might show who wrote them, for those whose phone did not say it while they typed. Whoever gives their
// name has chosen.
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

// ---------------------------------------------------------------- pictures, for those who read little

/// The sign of a topic.
pub(crate) fn topic_sign(id: &str) -> Option<&'static str> {
    Some(match Topic::from_id(id)? {
        Topic::Home => "house",
        Topic::Worker => "people",
        Topic::Plan => "pencil",
        Topic::FamilyTime => "heart",
        Topic::School => "backpack",
        Topic::Health => "plus",
        Topic::Money => "coins",
        Topic::MovingOn => "key",
        Topic::BeingHeard => "megaphone",
        Topic::FeelingSafe => "shield",
        Topic::Other => "bubble",
    })
}

/// The face of a feeling; no answer has one too.
pub(crate) fn feeling_sign(id: &str) -> Option<&'static str> {
    Some(match Feeling::from_id(id) {
        Some(Feeling::Good) => "face-good",
        Some(Feeling::Okay) => "face-okay",
        Some(Feeling::Worried) => "face-worried",
        Some(Feeling::Sad) => "face-sad",
        Some(Feeling::Angry) => "face-angry",
        Some(Feeling::Mixed) => "face-mixed",
        None => "face-quiet",
    })
}

fn safe_sign(id: &str) -> Option<&'static str> {
    Some(match Safe::from_id(id)? {
        Safe::Yes => "face-good",
        Safe::NotSure => "face-worried",
        Safe::No => "face-sad",
    })
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

// Every answer that this step does not show itself.
fn carried(step: SpeakStep, answers: &SpeakAnswers) -> AnyView {
    [
        (SpeakStep::Subject, "topic", &answers.topic),
        (SpeakStep::Subject, "link", &answers.link),
        (SpeakStep::Say, "said", &answers.said),
        (SpeakStep::Say, "feeling", &answers.feeling),
        (SpeakStep::Say, "wish", &answers.wish),
        (SpeakStep::Safe, "safe", &answers.safe),
        (SpeakStep::Safe, "about", &answers.about),
        (SpeakStep::You, "named", &answers.named),
        (SpeakStep::You, "identity", &answers.identity),
        (SpeakStep::You, "helped", &answers.helped),
    ]
    .into_iter()
    .filter(|(shown_on, _, value)| *shown_on != step && !value.is_empty())
    .map(|(_, name, value)| hidden(name, value))
    .collect_view()
    .into_any()
}

// ---------------------------------------------------------------- what was answered

// One answer: the step it belongs to, the question, and what was said.
pub(crate) type Answer = (SpeakStep, String, String);

// The language of the title of what is attached, where it is not the page's.
fn lang_of(link: &str) -> Option<&'static str> {
    lang_at(&urls::of_link(link)?)
}

fn answered(page: &SpeakPage) -> Vec<Answer> {
    let answers = &page.answers;
    let named = if answers.named == "yes" {
        answers.identity.clone()
    } else {
        t("speak.you.anonymous")
    };
    let helped = if answers.helped == "yes" {
        t("speak.check.helped-yes")
    } else {
        t("speak.check.helped-no")
    };
    let chosen = |family: &str, id: &str| {
        if id.is_empty() {
            String::new()
        } else {
            t(&format!("{family}.{id}"))
        }
    };
    vec![
        (
            SpeakStep::Subject,
            t("speak.check.topic"),
            chosen("topic", &answers.topic),
        ),
        (
            SpeakStep::Subject,
            t("speak.check.link"),
            page.attached.clone().unwrap_or_default(),
        ),
        (SpeakStep::Say, t("speak.check.said"), answers.said.clone()),
        (
            SpeakStep::Say,
            t("speak.check.feeling"),
            chosen("feeling", &answers.feeling),
        ),
        (SpeakStep::Say, t("speak.check.wish"), answers.wish.clone()),
        (
            SpeakStep::Safe,
            t("speak.check.safe"),
            chosen("safe", &answers.safe),
        ),
        (
            SpeakStep::Safe,
            t("speak.check.about"),
            chosen(
                "about",
                if answers.about.is_empty() {
                    "nobody"
                } else {
                    &answers.about
                },
            ),
        ),
        (SpeakStep::You, t("speak.check.name"), named),
        (SpeakStep::You, t("speak.check.helped"), helped),
    ]
}

fn summary(page: &SpeakPage) -> AnyView {
    answer_list(answered(page), lang_of(&page.answers.link))
}

// On the way: only the steps before this one, folded.
fn so_far(page: &SpeakPage) -> AnyView {
    let before: Vec<Answer> = answered(page)
        .into_iter()
        .filter(|(step, ..)| *step < page.step)
        .collect();
    if before.is_empty() {
        return ().into_any();
    }
    view! {
        <details>
            <summary>{t("speak.so-far")}</summary>
            {answer_list(before, lang_of(&page.answers.link))}
        </details>
    }
    .into_any()
}

// `link_lang`: the language of the title of what is attached, where it is not the page's.
pub(crate) fn answer_list(answers: Vec<Answer>, link_lang: Option<&'static str>) -> AnyView {
    let link = t("speak.check.link");
    let rows = answers
        .into_iter()
        .map(|(step, question, answer)| {
            let lang = link_lang.filter(|_| question == link && !answer.is_empty());
            let answer = if answer.is_empty() { t("speak.check.nothing") } else { answer };
            view! {
                <div>
                    <dt>{question.clone()}</dt>
                    <dd class="typed" dir="auto" lang=lang>{answer}</dd>
                    <dd>
                        <button type="submit" class=Look::Quiet.class() name="go" value=step.id() formnovalidate>
                            {t("speak.check.change")}
                            <span class="hidden">": "{question}</span>
                        </button>
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="answers">{rows}</dl> }.into_any()
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

fn choice(value: &str, label: String) -> Choice {
    Choice {
        value: value.to_owned(),
        label,
        hint: String::new(),
    }
}

// ---------------------------------------------------------------- the receipt

fn receipt_to_keep(page: &ReceiptPage) -> AnyView {
    let different = page.typed_back == TypedBack::Different;
    let errors = if different {
        vec![FieldError {
            field: "typed",
            key: "error.typed.different",
        }]
    } else {
        Vec::new()
    };
    let typed = Field {
        id: "typed".into(),
        name: "typed",
        label: t("receipt.typed"),
        hint: t("receipt.typed-hint"),
        error: error_for(&errors, "typed"),
    };
    view! {
        {error_summary(&errors)}
        <h1>{t("receipt.title")}</h1>
        <p class="lead">{t("receipt.lead")}</p>
        {six_words(page)}
        <p>{t("receipt.why")}</p>
        <p>{t("receipt.lost")}</p>
        <p>{t("receipt.keep")}</p>
        <form method="post" action=urls::SPEAK autocomplete="off">
            {journey()}
            {hidden("step", "keep")}
            {hidden("ticket", &page.ticket)}
            {text_field(typed, "", FieldText { dir: "ltr", ..FieldText::default() })}
            {receipt_check("typed", "six-words")}
        </form>
    }
    .into_any()
}

fn receipt_kept(page: &ReceiptPage) -> AnyView {
    let next = match page.about {
        Subject::Speakerbox | Subject::Coordinator | Subject::Safety => {
            t(&format!("left-out.{}", page.about.id()))
        }
        _ if page.in_safety_lane => t("receipt.next-safety"),
        Subject::Nobody | Subject::Committee => t("receipt.next"),
    };
    view! {
        <h1>{t("receipt.kept-title")}</h1>
        <p class="lead">{t("receipt.kept")}</p>
        {bubble(Voice::Council, t("receipt.next-title"), typed_text(&next))}
        <p>{t("receipt.leave")}</p>
        <div class="actions">
            {button_link(t("receipt.home"), Look::Main, urls::HOME)}
            {button_link(t("receipt.follow"), Look::Plain, urls::FOLLOW)}
        </div>
        <details>
            <summary>{t("receipt.again")}</summary>
            {six_words(page)}
        </details>
    }
    .into_any()
}

/// The six words of a receipt, large.
pub(crate) fn six_words(page: &ReceiptPage) -> AnyView {
    let words = page
        .words
        .iter()
        .map(|word| view! { <li>{word.clone()}</li> })
        .collect_view();
    view! {
        <ol class="receipt bubble" id="six-words" translate="no" lang="en" dir="ltr">{words}</ol>
        <p class="hint">{tf("receipt.sent", &[("date", &day(page.day))])}</p>
    }
    .into_any()
}

// ---------------------------------------------------------------- words that travel to the islands

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

/// What is said about the words typed back into a field, which are compared with those shown in an element; and the
/// buttons. Printing needs the island, and its place is kept until then, so that nothing jumps.
fn receipt_check(field: &'static str, words: &'static str) -> AnyView {
    view! {
        <div id="type-back" data-field=field data-words=words>
            <div aria-live="polite">
                <p class="yes" data-line="same" hidden>{t("receipt.same")}</p>
                <p class="hint" data-line="not-yet" hidden>{t("receipt.not-yet")}</p>
            </div>
            <div class="actions">
                {submit(t("receipt.check"), Look::Main)}
                <button type="button" class="button" data-line="print" hidden>{t("receipt.print")}</button>
            </div>
        </div>
        <TypeBack />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_topic_feeling_and_answer_about_safety_has_a_picture_of_its_own() {
        fn all_differ(signs: Vec<Option<&'static str>>) -> bool {
            let some: BTreeSet<_> = signs.iter().flatten().collect();
            some.len() == signs.len()
        }
        assert!(all_differ(
            Topic::ALL
                .iter()
                .map(|topic| topic_sign(topic.id()))
                .collect()
        ));
        let feelings = Feeling::ALL.iter().map(|feeling| feeling.id()).chain([""]);
        assert!(all_differ(feelings.map(feeling_sign).collect()));
        assert!(all_differ(
            Safe::ALL.iter().map(|safe| safe_sign(safe.id())).collect()
        ));
        assert_eq!(topic_sign("nothing"), None);
    }
}
