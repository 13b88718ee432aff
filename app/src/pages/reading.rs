//! Pages of words: home, rights, the pledge, help, the committee, and the menu.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{
    Look, button_link, help_lines, hidden, lines_for, search_box, sign, sources, submit,
    urgent_help,
};
use crate::localize::lang_at;
use crate::messages::{day, t, tf};
use crate::shell::PageContext;
use crate::shell::{Nav, Shell, choose_language};
use domain::view::Topic;
use leptos::prelude::*;
use model::catalog::{self, MenuPart};
use model::help;
use model::urls;
use model::{
    Article, GlossaryWord, HelpLine, Letter, Promise, PublicMeeting, RightGroup, RightLink,
    RightPage, Section,
};

/// The first page: what Pledge is for, and the ways in.
pub fn home(article: Article) -> impl IntoView {
    view! {
        <Shell title=Some(article.short.clone()) description=t("home.about") nav=Nav::Elsewhere>
            {choose_language()}
            <h1 class="hero">{article.short.clone()}</h1>
            {button_link(t("home.speak"), Look::Main, urls::SPEAK)}
            {overdue(&article)}
            <ul class="cards">
                {card(urls::RIGHTS, "scales", t("home.rights"), t("home.rights-short"))}
                {card(urls::CHECK, "compass", t("home.check"), t("home.check-short"))}
                {card(urls::FOLLOW, "path", t("home.follow"), t("home.follow-short"))}
                {card(urls::YOU_SAID, "handshake", t("home.you-said"), t("home.you-said-short"))}
                {card(urls::HELP, "heart", t("home.help"), t("home.help-short"))}
            </ul>
            {sections(&article.sections)}
            {sources(&article)}
        </Shell>
    }
}

/// All rights in their groups.
pub fn rights(article: Article, groups: Vec<RightGroup>) -> impl IntoView {
    let groups = groups
        .into_iter()
        .map(|group| {
            view! {
                <h2 id=group.id>{group.title}</h2>
                <p>{group.short}</p>
                <ul class="cards">{group.rights.iter().map(right_card).collect_view()}</ul>
            }
        })
        .collect_view();
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Rights>
            {heading(&article)}
            {search_box("q", "")}
            {groups}
            {sections(&article.sections)}
            {sources(&article)}
        </Shell>
    }
}

/// One right: what it means, what good looks like, the law, what to do, and a way to tell the committee.
pub fn right(page: RightPage) -> impl IntoView {
    let article = page.article;
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Rights>
            <p class="where"><a href=urls::RIGHTS>{t("rights.all")}</a>" "{tf("rights.where", &[("group", &page.group)])}</p>
            <h1>{sign(&page.sign)}{article.title.clone()}</h1>
            <p class="lead">{article.short.clone()}</p>
            <p class="hint">{tf("rights.who-for", &[("who", &page.who_for)])}</p>
            {overdue(&article)}
            {in_short(&article)}
            {article.sections.iter().map(right_section).collect_view()}
            <h2>{t("rights.tell-title")}</h2>
            <p>{t("rights.tell-why")}</p>
            {tell(&format!("right:{}", page.slug), Some(page.topic), t("rights.tell"))}
            {sources(&article)}
        </Shell>
    }
}

/// The pledge, with a way to each promise.
pub fn pledge(article: Article, promises: Vec<Promise>) -> impl IntoView {
    let cards = promises
        .iter()
        .map(|promise| {
            view! {
                <li>
                    {sign("handshake")}
                    <a href=urls::promise(&promise.slug)>{promise.title.clone()}</a>
                    <p>{promise.short.clone()}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Rights>
            {heading(&article)}
            {in_short(&article)}
            <h2 id="promises">{t("pledge.list")}</h2>
            <ul class="cards">{cards}</ul>
            {sections(&article.sections)}
            {sources(&article)}
        </Shell>
    }
}

/// One promise, with a way to say whether it is kept.
pub fn promise(article: Article, promise: Promise) -> impl IntoView {
    let law = (!promise.law.is_empty()).then(
        || view! { <p><a class="alone" href=promise.law.clone()>{t("pledge.also-law")}</a></p> },
    );
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Rights>
            <p class="where"><a href=urls::PLEDGE>{t("pledge.all")}</a></p>
            <h1>{sign("handshake")}{article.title.clone()}</h1>
            <p class="lead">{article.short.clone()}</p>
            {overdue(&article)}
            {in_short(&article)}
            {article.sections.iter().map(right_section).collect_view()}
            {law}
            <h2>{t("pledge.happening")}</h2>
            <p>{t("rights.tell-why")}</p>
            {tell(&format!("promise:{}", promise.slug), None, t("pledge.tell"))}
            {sources(&article)}
        </Shell>
    }
}

/// Every hard word, each with its own address.
pub fn glossary(article: Article, words: Vec<GlossaryWord>) -> impl IntoView {
    let items = words
        .into_iter()
        .map(|word| {
            let more = (!word.page.is_empty())
                .then(|| view! { " "<a href=word.page>{t("glossary.more")}<span class="hidden">{tf("glossary.about", &[("word", &word.word)])}</span></a> });
            view! {
                <dt id=word.slug>{word.word}</dt>
                <dd><span inner_html=word.means></span>{more}</dd>
            }
        })
        .collect_view();
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Elsewhere>
            {heading(&article)}
            {sections(&article.sections)}
            <dl class="words">{items}</dl>
            {sources(&article)}
        </Shell>
    }
}

/// A sheet to print and write on.
pub fn sheet(article: Article) -> impl IntoView {
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Elsewhere>
            {heading(&article)}
            <p class="hint off-print">{t("sheet.print")}</p>
            <div class="sheet">{sections(&article.sections)}</div>
            {sources(&article)}
        </Shell>
    }
}

/// Every letter to fill in.
pub fn letters(article: Article, letters: Vec<Letter>) -> impl IntoView {
    let cards = letters
        .into_iter()
        .map(|letter| {
            view! {
                <li>
                    {sign("pencil")}
                    <a href=urls::letter(&letter.slug)>{letter.title}</a>
                    <p>{letter.short}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Rights>
            {heading(&article)}
            <ul class="cards">{cards}</ul>
            {sections(&article.sections)}
            {sources(&article)}
        </Shell>
    }
}

/// An article with nothing else on its page.
pub fn plain(article: Article, nav: Nav) -> impl IntoView {
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=nav>
            {heading(&article)}
            {in_short(&article)}
            {sections(&article.sections)}
            {sources(&article)}
        </Shell>
    }
}

/// What may be going on, for those who need somebody now and for what can wait: `help.need.<id>`.
const NEEDS: [(&str, [&str; 4]); 2] = [
    ("now", ["danger", "hurt", "low", "away"]),
    ("later", ["heard", "home", "money", "adult"]),
];

/// Help now. The urgent numbers stand first and ask nothing; then what may be going on, each folded over its words and its
/// lines, so that the page is short for somebody who is tired; then what holds for all, and every line in full.
pub fn help(article: Article, lines: Vec<HelpLine>) -> impl IntoView {
    let urgent: Vec<HelpLine> = lines.iter().filter(|line| line.urgent).cloned().collect();
    let finder =
        NEEDS
            .iter()
            .map(|(when, needs)| {
                let groups =
                    needs.iter().map(|need| {
                        let title = t(&format!("help.need.{need}"));
                        let words = article
                            .sections
                            .iter()
                            .find(|part| help::is_about(part, &title));
                        let own =
                            lines_for(&lines, |line| line.needs.iter().any(|known| known == need));
                        folded(format!("for-{need}"), title, view! {
                    {words.map(|part| view! { <div inner_html=part.html.clone()></div> })}
                    {own}
                }.into_any())
                    });
                view! {
                    <h3>{t(&format!("help.when.{when}"))}</h3>
                    {groups.collect_view()}
                }
            })
            .collect_view();
    let night = view! {
        <p>{t("help.night-lead")}</p>
        {lines_for(&lines, |line| line.night)}
    };
    let titles: Vec<String> = NEEDS
        .iter()
        .flat_map(|(_, needs)| needs)
        .map(|need| t(&format!("help.need.{need}")))
        .collect();
    let for_all = article
        .sections
        .iter()
        .filter(|part| !titles.iter().any(|title| help::is_about(part, title)))
        .map(section)
        .collect_view();
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Help>
            {heading(&article)}
            {urgent_help(&urgent)}
            <h2 id="going-on">{t("help.going-on")}</h2>
            {finder}
            <h3>{t("help.night-link")}</h3>
            {folded("night".to_owned(), t("help.night"), night.into_any())}
            {in_short(&article)}
            {for_all}
            <h2>{t("help.lines-title")}</h2>
            {folded("lines".to_owned(), t("help.all"), help_lines(&lines))}
            {sources(&article)}
        </Shell>
    }
}

// Opened by a press, by the browser's own search, and on paper.
pub(crate) fn folded(id: String, title: String, inside: AnyView) -> AnyView {
    view! {
        <details class="need" id=id>
            <summary>{title}</summary>
            {inside}
        </details>
    }
    .into_any()
}

/// The committee, and its meetings.
pub fn committee(article: Article, meetings: Vec<PublicMeeting>) -> impl IntoView {
    let list = if meetings.is_empty() {
        view! { <p>{t("committee.no-meetings")}</p> }.into_any()
    } else {
        let rows = meetings
            .into_iter()
            .map(
                |meeting| view! { <li><strong>{day(meeting.day)}</strong>": "{meeting.title}</li> },
            )
            .collect_view();
        view! { <ul>{rows}</ul> }.into_any()
    };
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Elsewhere>
            {heading(&article)}
            {in_short(&article)}
            {sections(&article.sections)}
            <h2 id="meetings">{t("committee.meetings")}</h2>
            {list}
            {sources(&article)}
        </Shell>
    }
}

/// Everything on one page.
pub fn menu(groups: Vec<RightGroup>) -> impl IntoView {
    let part = |part: MenuPart| catalog::menu(part).map(|(path, key)| (path, t(key)));
    let main: Vec<_> = part(MenuPart::Do).collect();
    let know: Vec<_> = part(MenuPart::Know).collect();
    let desk = (urls::DESK, t("menu.desk"));
    let about: Vec<_> = part(MenuPart::About).chain([desk]).collect();
    let groups = groups
        .into_iter()
        .map(|group| {
            let rights = group
                .rights
                .into_iter()
                .map(|right| {
                    let url = urls::right(&right.slug);
                    let lang = lang_at(&url);
                    view! { <li><a href=url lang=lang>{right.title}</a></li> }
                })
                .collect_view();
            view! {
                <h3 lang=lang_at(urls::RIGHTS)>{group.title}</h3>
                <ul class="links">{rights}</ul>
            }
        })
        .collect_view();
    view! {
        <Shell title=Some(t("menu.title")) description=t("home.about") nav=Nav::Elsewhere>
            <h1>{t("menu.title")}</h1>
            {search_box("q", "")}
            <h2>{t("menu.do")}</h2>
            {links(&main)}
            <h2>{t("menu.know")}</h2>
            {links(&know)}
            <h2>{t("menu.rights")}</h2>
            {groups}
            <h2>{t("menu.about")}</h2>
            {links(&about)}
        </Shell>
    }
}

/// The heading of an article with its one sentence, and whether its words are late for their review.
pub(crate) fn heading(article: &Article) -> AnyView {
    view! {
        {lead(article)}
        {overdue(article)}
    }
    .into_any()
}

/// The heading of an article with its one sentence.
pub(crate) fn lead(article: &Article) -> AnyView {
    view! {
        <h1>{article.title.clone()}</h1>
        <p class="lead">{article.short.clone()}</p>
    }
    .into_any()
}

// Amber, when the words should have been checked again by now.
pub(crate) fn overdue(article: &Article) -> Option<AnyView> {
    let today = use_context::<PageContext>().and_then(|frame| frame.today)?;
    domain::deadlines::is_overdue(article.review_by, today).then(|| {
        let due = day(article.review_by);
        view! { <p class="bubble amber">{tf("reading.overdue", &[("day", &due)])}</p> }.into_any()
    })
}

/// The short text for younger readers, and where the longer one begins.
pub(crate) fn in_short(article: &Article) -> AnyView {
    if article.in_short.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="bubble">
            <h2 id="in-short">{t("reading.in-short")}</h2>
            <div inner_html=article.in_short.clone()></div>
        </div>
        <p class="where" id="more">{t("reading.more")}</p>
    }
    .into_any()
}

/// The parts of an article, each under its heading.
pub(crate) fn sections(parts: &[Section]) -> AnyView {
    parts.iter().map(section).collect_view().into_any()
}

fn section(part: &Section) -> AnyView {
    let heading = (!part.heading.is_empty())
        .then(|| view! { <h2 id=part.id.clone()>{part.heading.clone()}</h2> });
    view! {
        {heading}
        <div inner_html=part.html.clone()></div>
    }
    .into_any()
}

// What to do when a right is not kept stands out, because that is when somebody reads the page.
fn right_section(part: &Section) -> AnyView {
    if part.id == "not-happening" {
        view! { <div class="bubble sky">{section(part)}</div> }.into_any()
    } else {
        section(part)
    }
}

// A button that opens Speak with a right or promise attached.
pub(crate) fn tell(link: &str, topic: Option<Topic>, label: String) -> AnyView {
    view! {
        <form method="post" action=urls::SPEAK>
            {hidden("step", "start")}
            {hidden("link", link)}
            {topic.map(|topic| hidden("topic", topic.id()))}
            {submit(label, Look::Main)}
        </form>
    }
    .into_any()
}

fn card(url: &'static str, sign_id: &str, title: String, short: String) -> AnyView {
    view! {
        <li>
            {sign(sign_id)}
            <a href=url>{title}</a>
            <p>{short}</p>
        </li>
    }
    .into_any()
}

fn right_card(right: &RightLink) -> AnyView {
    let url = urls::right(&right.slug);
    let lang = lang_at(&url);
    view! {
        <li>
            {sign(&right.sign)}
            <a href=url lang=lang>{right.title.clone()}</a>
            <p lang=lang>{right.short.clone()}</p>
        </li>
    }
    .into_any()
}

fn links(list: &[(&'static str, String)]) -> AnyView {
    let items = list
        .iter()
        .map(|(url, word)| view! { <li><a href=*url>{word.clone()}</a></li> })
        .collect_view();
    view! { <ul class="links">{items}</ul> }.into_any()
}
