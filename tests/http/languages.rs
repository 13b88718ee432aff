//! Languages: each has its own addresses, and nobody who reads one falls out of it; what it lacks is English and says so;
//! a view is written, answered and followed in it; and the words of each are whole.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, World, words_of};
use axum::http::StatusCode;
use content::lint::check_help;
use content::{Content, translation};
use domain::date::Date;
use domain::role::Role;
use model::language::Language;
use server::assets::content_files;
use std::sync::Arc;
use store::Store;
use web::{self, Site};

fn others(world: &World) -> Vec<(Language, Arc<Content>)> {
    let library = &world.site.pledge.library;
    let all = library.languages.iter().cloned();
    all.zip(library.contents()).skip(1).collect()
}

// The page that offers the copy counts its bytes, which takes long: it has a test of its own.
fn without_keep(content: &Content) -> Vec<String> {
    let mut all = web::public_addresses(content);
    all.retain(|address| address != "/keep");
    all
}

fn tags<'a>(html: &'a str, kind: &str) -> Vec<&'a str> {
    let start = format!("<{kind} ");
    html.match_indices(&start)
        .map(|(at, _)| &html[at..at + html[at..].find('>').unwrap()])
        .collect()
}

fn value<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// Links and forms of a page that lead out of its language.
fn ways_out(html: &str, language: &Language) -> Vec<String> {
    let once = ["/leave", "/desk", "/keep/pledge.html"];
    let stays = |to: &str| {
        let path = to.split(['?', '#']).next().unwrap_or_default();
        let home = language.address("/");
        path == home || path.starts_with(&format!("{home}/")) || once.contains(&path)
    };
    let links = tags(html, "a")
        .into_iter()
        .filter(|tag| value(tag, "hreflang").is_none())
        .filter_map(|tag| value(tag, "href"));
    let forms = tags(html, "form");
    let forms = forms.into_iter().filter_map(|tag| value(tag, "action"));
    links
        .chain(forms)
        .filter(|to| to.starts_with('/') && !stays(to))
        .map(str::to_owned)
        .collect()
}

/// What must hold for every page of a language.
fn check_page(html: &str, address: &str, language: &Language, content: &Content) {
    let words = |key: &str| content.words.get(key);
    let root = format!(
        "<html lang=\"{}\" dir=\"{}\"",
        language.code, language.direction
    );
    assert!(html.contains(&root), "{address}: {}", &html[..200]);
    assert_eq!(ways_out(html, language), [] as [String; 0], "{address}");
    let unchecked = words("site.unchecked");
    assert_eq!(html.contains(&unchecked), !language.checked, "{address}");
    assert!(
        html.contains(&words("help.now")),
        "{address}: the help strip"
    );
    assert!(
        html.contains(&words("leave.link")),
        "{address}: the way out"
    );
    for tag in tags(html, "a") {
        let isolated = tag.contains(" dir=\"ltr\"") || language.direction == "ltr";
        assert!(!tag.contains("href=\"tel:") || isolated, "{address}: {tag}");
    }
}

#[tokio::test]
async fn every_page_in_every_language_is_there_and_leads_to_others_of_its_language() {
    let world = World::new().await;
    let mut pages = 0;
    for (language, content) in others(&world) {
        for english in without_keep(&content) {
            let address = language.address(&english);
            let page = world.get(&address).await;
            assert_eq!(page.status, StatusCode::OK, "{address}");
            let html = page.text();
            check_page(&html, &address, &language, &content);
            let is_english = content.in_english.contains(&english);
            let around = html.matches("<div lang=\"en\" dir=\"ltr\">").count();
            assert_eq!(around, usize::from(is_english), "{address}");
            let said = html.contains(&content.words.get("site.only-english"));
            assert_eq!(said, is_english, "{address}");
            pages += 1;
        }
        // The journeys of this language are its own, and so is help.
        for own in [
            "/", "/help", "/speak", "/follow", "/privacy", "/search", "/menu", "/keep",
        ] {
            assert!(
                !content.in_english.contains(own),
                "{}: {own}",
                language.code
            );
        }
    }
    println!("{pages} pages in other languages");
    assert!(pages > 150);
}

#[test]
fn a_way_out_of_the_language_is_found() {
    let spanish = Language {
        code: "es".into(),
        ..Language::default()
    };
    for (html, out) in [
        ("<a href=\"/help\">", 1),
        ("<form method=\"post\" action=\"/speak\">", 1),
        ("<a href=\"/essay\">", 1),
        (
            "<a href=\"/es/help\"> <a href=\"/leave\"> <a href=\"/help\" hreflang=\"en\">",
            0,
        ),
    ] {
        assert_eq!(ways_out(html, &spanish).len(), out, "{html}");
    }
}

#[tokio::test]
async fn the_languages_are_offered_first_each_in_its_own_script_and_on_every_page() {
    let world = World::new().await;
    let library = &world.site.pledge.library;
    let all: Vec<Language> = library.languages.to_vec();
    assert!(all.len() >= 3);
    assert!(all.iter().any(|one| one.direction == "rtl"));
    for own in &all {
        let home = world.get(&own.address("/")).await.text();
        let main = home.split_once("<main").unwrap().1;
        let before_the_title = main.split_once("<h1").unwrap().0;
        for one in &all {
            let shown = format!("lang=\"{}\"", one.code);
            assert!(
                before_the_title.contains(&shown),
                "{}: {}",
                own.code,
                one.code
            );
            assert!(before_the_title.contains(&one.name), "{}", own.code);
        }
        // The same page in each language.
        for address in [
            "/help",
            "/rights/visits",
            "/speak",
            "/follow",
            "/check",
            "/letters/complaint",
        ] {
            let html = world.get(&own.address(address)).await.text();
            let foot = html.split_once("<footer").unwrap().1;
            for one in &all {
                let tag = tags(foot, "a");
                let tag = tag
                    .into_iter()
                    .find(|tag| value(tag, "hreflang") == Some(&one.code));
                let to = tag.and_then(|tag| value(tag, "href"));
                assert_eq!(
                    to,
                    Some(one.address(address).as_str()),
                    "{} {address}",
                    own.code
                );
            }
        }
    }
    // An English page without a choice beside it: the desk.
    let desk = world.get("/desk/sign-in").await.text();
    assert!(!desk.contains("hreflang"));
}

/// Every hidden field of a page's form, as a browser sends them along.
fn hidden_fields(page: &Answer) -> Vec<(String, String)> {
    let html = page.text();
    let main = html.split_once("<main").map_or("", |(_, main)| main);
    let fields = tags(main, "input");
    let fields = fields
        .into_iter()
        .filter(|tag| value(tag, "type") == Some("hidden"));
    fields
        .map(|tag| {
            let name = value(tag, "name").unwrap().to_owned();
            let plain = value(tag, "value").unwrap_or_default();
            (name, plain.replace("&quot;", "\"").replace("&amp;", "&"))
        })
        .collect()
}

async fn press(world: &World, address: &str, page: &Answer, typed: &[(&str, &str)]) -> Answer {
    let carried = hidden_fields(page);
    let mut sent: Vec<(&str, &str)> = carried
        .iter()
        .filter(|(name, _)| !typed.iter().any(|(own, _)| own == name))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    sent.extend(typed);
    world.post(address, &sent).await
}

#[tokio::test]
async fn a_view_is_written_answered_and_followed_in_each_language() {
    let world = World::new().await;
    let coordinator = world.desk("Bea", Role::Coordinator).await;
    for (language, content) in others(&world) {
        let words = |key: &str| content.words.get(key);
        let speak = language.address("/speak");
        let said = format!("Una pregunta / سؤال ({})", language.code);
        let mut page = world.get(&speak).await;
        let steps: [(&str, &[(&str, &str)]); 6] = [
            (
                "speak.about.title",
                &[("step", "start"), ("link", "right:visits")],
            ),
            (
                "speak.say.title",
                &[
                    ("go", "next"),
                    ("topic", "worker"),
                    ("link", "right:visits"),
                ],
            ),
            (
                "speak.safe.title",
                &[("go", "next"), ("said", &said), ("feeling", "worried")],
            ),
            ("speak.you.title", &[("go", "next"), ("safe", "yes")]),
            ("speak.check.title", &[("go", "next"), ("named", "no")]),
            ("receipt.title", &[("go", "send")]),
        ];
        for (title, typed) in steps {
            page = press(&world, &speak, &page, typed).await;
            let html = page.text();
            assert_eq!(page.status, StatusCode::OK, "{html}");
            assert!(
                html.contains(&format!("<h1>{}</h1>", words(title))),
                "{title}: {html}"
            );
            check_page(&html, title, &language, &content);
        }
        let html = page.text();
        assert!(html.contains("id=\"six-words\" translate=\"no\" lang=\"en\" dir=\"ltr\""));
        let receipt = words_of(&page);
        let kept = press(&world, &speak, &page, &[("typed", &receipt)]).await;
        assert!(kept.text().contains(&words("receipt.kept-title")));
        check_page(&kept.text(), "kept", &language, &content);

        // At the desk, in English, and with the language said.
        let id = world.newest().await;
        let row = world.store.views().await.unwrap();
        let row = row.into_iter().find(|row| row.id == id).unwrap();
        assert_eq!(row.language, language.code);
        let queue = coordinator.get("/desk/queue?show=all").await.text();
        let tag = format!("Sent from the {} pages", language.english);
        assert!(queue.contains(&tag), "{queue}");
        let view = coordinator.get(&format!("/desk/view/{id}")).await;
        assert!(view.text().contains(&said));
        let note = format!("used the {} pages of Pledge", language.english);
        assert!(view.text().contains(&note));
        assert!(view.text().contains("<html lang=\"en\" dir=\"ltr\""));
        let answer = format!("Una respuesta / جواب ({})", language.code);
        let (token, version) = (view.hidden("token"), view.hidden("version"));
        let typed = [
            ("token", token.as_str()),
            ("version", &version),
            ("text", &answer),
        ];
        let done = coordinator
            .post(&format!("/desk/view/{id}/reply"), &typed)
            .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());

        // And back at the sender's.
        let follow = language.address("/follow");
        let page = world.get(&follow).await;
        check_page(&page.text(), &follow, &language, &content);
        let wrong = press(&world, &follow, &page, &[("words", "one two")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains(&words("errors.title")));
        let thread = press(&world, &follow, &page, &[("words", &receipt)]).await;
        let html = thread.text();
        check_page(&html, &follow, &language, &content);
        for part in [
            &said,
            &answer,
            &words("follow.timeline"),
            &words("topic.worker"),
            &words("limits.title"),
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        // What is attached has an English title, and leads to this language's page.
        let to = language.address("/rights/visits");
        assert!(
            html.contains(&format!("href=\"{to}\" lang=\"en\"")),
            "{html}"
        );
        let fields = [("act", "write"), ("message", "Gracias / شكرا")];
        let sent = press(&world, &follow, &thread, &fields).await;
        assert!(
            sent.text().contains(&words("follow.done.write")),
            "{}",
            sent.text()
        );
        let sure = press(&world, &follow, &sent, &[("act", "withdraw")]).await;
        assert!(sure.text().contains(&words("follow.sure")));
        let gone = press(&world, &follow, &sure, &[("act", "withdraw-sure")]).await;
        assert!(gone.text().contains(&words("follow.withdrawn-title")));
        check_page(&gone.text(), "withdrawn", &language, &content);
    }
    // The control: a view from the English pages is not marked.
    world.send("In English.", "yes", "").await;
    let id = world.newest().await;
    let view = coordinator.get(&format!("/desk/view/{id}")).await;
    assert!(!view.text().contains("pages of Pledge"));
}

// Words of the pages of a language are all its own: with every English word replaced by a mark, none shows.
#[tokio::test]
async fn no_english_word_is_left_on_a_page_that_is_in_another_language() {
    let world = World::new().await;
    let pledge = Arc::clone(&world.site.pledge);
    let mut marked = (*pledge.library.content()).clone();
    let table = marked.words.table.keys();
    let table = table.map(|key| (key.clone(), format!("\u{27e6}{key}\u{27e7}")));
    marked.words.table = Arc::new(table.collect());
    pledge.library.set_english(Arc::new(marked));
    let world = World {
        router: web::router(Arc::new(Site::new(
            Arc::clone(&pledge),
            crate::world::shipped().1,
            false,
        ))),
        ..world
    };
    // The control: English shows marks everywhere.
    assert!(world.get("/help").await.text().contains('\u{27e6}'));
    for (language, content) in others(&world) {
        let mut pages = Vec::new();
        for english in without_keep(&content) {
            if !content.in_english.contains(&english) {
                pages.push(world.get(&language.address(&english)).await);
            }
        }
        assert!(pages.len() >= 7, "{}", pages.len());
        let speak = language.address("/speak");
        let mut page = world.get(&speak).await;
        let long = "x".repeat(5_000);
        let steps: [&[(&str, &str)]; 11] = [
            &[("step", "start")],
            &[("go", "next")],
            &[("go", "next"), ("topic", "home")],
            &[("go", "next"), ("said", &long)],
            &[("go", "next"), ("said", "x"), ("feeling", "sad")],
            &[("go", "next")],
            &[("go", "next"), ("safe", "no")],
            &[("go", "next"), ("named", "yes")],
            &[
                ("go", "next"),
                ("named", "yes"),
                ("identity", "Sam"),
                ("helped", "yes"),
            ],
            &[("go", "send")],
            &[("typed", "not these")],
        ];
        for typed in steps {
            page = press(&world, &speak, &page, typed).await;
            pages.push(Answer {
                status: page.status,
                headers: page.headers.clone(),
                bytes: page.bytes.clone(),
            });
        }
        let receipt = words_of(&page);
        let follow = language.address("/follow");
        for words in ["", "one two", "apple zzzz", &receipt] {
            pages.push(world.post(&follow, &[("words", words)]).await);
        }
        let search = language.address("/search");
        for typed in ["", "qqqq zzxy", "help"] {
            pages.push(world.post(&search, &[("q", typed)]).await);
        }
        pages.push(world.get(&language.address("/nothing")).await);
        pages.push(world.post(&language.address("/help"), &[]).await);
        for page in pages {
            let html = page.text();
            let shown = html
                .split_once('\u{27e6}')
                .map(|(_, rest)| &rest[..80.min(rest.len())]);
            assert!(html.contains("<html lang"), "{html}");
            assert_eq!(shown, None, "{}", language.code);
        }
    }
}

#[tokio::test]
async fn what_goes_wrong_is_said_in_the_language_and_the_desk_is_not_in_it() {
    let world = World::new().await;
    for (language, content) in others(&world) {
        let at = |path: &str| language.address(path);
        let not_found = world.get(&at("/nothing-here")).await;
        assert_eq!(not_found.status, StatusCode::NOT_FOUND);
        let title = content.words.get("problem.not-found.title");
        assert!(not_found.text().contains(&title));
        check_page(&not_found.text(), "404", &language, &content);
        let wrong = world.post(&at("/help"), &[]).await;
        assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
        check_page(&wrong.text(), "405", &language, &content);
        let code = &language.code;
        for once in [
            "/leave",
            "/health",
            "/desk",
            "/desk/sign-in",
            "/api/v1/outcomes",
            "/sw.js",
            "/sitemap.xml",
            "/keep.js",
        ] {
            let answer = world.get(&format!("/{code}{once}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{code}{once}");
        }
    }
    // The site map names the pages of each language that it has of its own, and no other.
    let map = world.get("/sitemap.xml").await.text();
    for (path, there) in [
        ("/es/help", true),
        ("/ar", true),
        ("/ar/speak", true),
        ("/es/money", false),
    ] {
        assert_eq!(map.contains(&format!("<loc>{path}</loc>")), there, "{path}");
    }
}

#[tokio::test]
async fn the_page_that_offers_the_copy_says_that_the_copy_is_in_english() {
    let world = World::new().await;
    let english = world.get("/keep").await.text();
    assert!(
        !english.contains("are in English"),
        "said on other languages' pages only"
    );
    for (language, content) in others(&world) {
        let page = world.get(&language.address("/keep")).await;
        assert_eq!(page.status, StatusCode::OK);
        let html = page.text();
        check_page(&html, "/keep", &language, &content);
        assert!(html.contains(&content.words.get("keep.english")));
        assert_ne!(page.header("etag"), "");
        // The numbers are those of the copy.
        let numbers = |html: &str| {
            let main = html
                .split_once("<main")
                .unwrap()
                .1
                .split_once("</ul>")
                .unwrap()
                .0;
            let digits = main
                .split(|c: char| !c.is_ascii_digit())
                .filter(|n| n.len() > 1);
            digits.map(str::to_owned).collect::<Vec<String>>()
        };
        assert_eq!(numbers(&html).len(), 3);
        assert_eq!(numbers(&html), numbers(&english));
    }
}

#[tokio::test]
async fn the_search_finds_help_in_each_language_and_danger_is_recognised() {
    let world = World::new().await;
    for (code, typed) in [
        ("es", "quiero morir"),
        ("es", "mi padre me pega"),
        ("es", "abuso"),
        ("es", "AUTOLESION"),
        ("ar", "أريد أن أموت"),
        ("ar", "ابي يضربني"),
        ("ar", "he hits me"),
    ] {
        let html = world
            .post(&format!("/{code}/search"), &[("q", typed)])
            .await
            .text();
        let main = html.split_once("<main").unwrap().1;
        let (urgent, title) = (main.find("tel:999"), main.find("<h1"));
        assert!(urgent.is_some() && urgent < title, "{typed}: {main}");
        let first = main.split_once("<ol").unwrap().1;
        let first = tags(first, "a")[0];
        assert_eq!(
            value(first, "href"),
            Some(format!("/{code}/help").as_str()),
            "{typed}"
        );
    }
    for (code, typed, to) in [
        ("es", "ayuda", "/es/help"),
        ("es", "privacidad", "/es/privacy"),
        ("es", "seis palabras", "/es/follow"),
        ("ar", "مساعدة", "/ar/help"),
        ("ar", "الخصوصية", "/ar/privacy"),
        // In English where the language has no page.
        ("es", "advocate", "/es/rights/advocate"),
        ("ar", "housing", "/ar/housing"),
    ] {
        let html = world
            .post(&format!("/{code}/search"), &[("q", typed)])
            .await
            .text();
        let found = html.split_once("<ol").map_or("", |(_, list)| list);
        let found = found.split_once("</ol>").map_or("", |(list, _)| list);
        let links: Vec<&str> = tags(found, "a")
            .into_iter()
            .filter_map(|tag| value(tag, "href"))
            .collect();
        assert!(
            links.iter().take(3).any(|link| *link == to),
            "{typed}: {links:?}"
        );
    }
    let english = world.post("/es/search", &[("q", "advocate")]).await.text();
    assert!(english.contains("href=\"/es/rights/advocate\" lang=\"en\""));
    let calm = world
        .post("/es/search", &[("q", "privacidad")])
        .await
        .text();
    let main = calm
        .split_once("<main")
        .unwrap()
        .1
        .split_once("<footer")
        .unwrap()
        .0;
    assert!(!main.contains("tel:999"));
}

#[tokio::test]
async fn what_is_put_right_in_english_is_right_in_every_language() {
    let world = World::new().await;
    let library = &world.site.pledge.library;
    let before = library.contents()[1].page("help").title;
    let mut english = (*library.content()).clone();
    english.lines[0].phone = "998".into();
    english.lines[0].phone_href = "tel:998".into();
    english.pages.get_mut("money").unwrap().title = "Money, put anew".into();
    english.pages.get_mut("help").unwrap().title = "Help, put anew".into();
    library.set_english(Arc::new(english));
    for content in &library.contents()[1..] {
        let line = &content.lines[0];
        assert_eq!(
            (line.phone.as_str(), line.phone_href.as_str()),
            ("998", "tel:998")
        );
        assert_eq!(content.page("money").title, "Money, put anew");
        assert_ne!(content.page("help").title, "Help, put anew");
    }
    assert_eq!(library.contents()[1].page("help").title, before);
    let site = Site::new(
        Arc::clone(&world.site.pledge),
        crate::world::shipped().1,
        false,
    );
    let router = web::router(Arc::new(site));
    let world = World { router, ..world };
    assert!(
        world
            .get("/ar/help")
            .await
            .text()
            .contains("href=\"tel:998\"")
    );
    assert!(
        world
            .get("/es/money")
            .await
            .text()
            .contains("Money, put anew")
    );
}

// ---------------------------------------------------------------- the words of each language are whole

fn faults(files: &[(String, String)]) -> Vec<String> {
    let today: Date = "2026-11-25".parse().unwrap();
    let addresses = web::public_addresses(&server::bootstrap::load_content().unwrap());
    let faults = translation::check(files, today, &addresses).into_iter();
    faults.map(|fault| fault.to_string()).collect()
}

#[test]
fn the_words_of_every_language_pass_their_check() {
    assert_eq!(faults(&content_files()), [] as [String; 0]);
}

#[tokio::test]
async fn the_help_page_of_every_language_has_its_dangers_by_name() {
    let world = World::new().await;
    let contents = world.site.pledge.library.contents();
    assert_eq!(contents.len(), 3);
    for content in contents {
        let mut faults = Vec::new();
        check_help(&content, &mut faults);
        let said: Vec<String> = faults.into_iter().map(|fault| fault.to_string()).collect();
        assert_eq!(said, [] as [String; 0], "{}", content.words.language);
    }
}

#[test]
fn planted_faults_in_a_translation_are_found() {
    // Changes the text of one file; `with` empty leaves the file out.
    let plant = |path: &str, from: &str, to: &str| {
        let mut files = content_files();
        let file = files.iter_mut().find(|(known, _)| known == path).unwrap();
        assert!(file.1.contains(from), "{path} does not say {from}");
        file.1 = file.1.replacen(from, to, 1);
        faults(&files)
    };
    let public = "es/interface/public.toml";
    for (path, from, to, said) in [
        (
            public,
            "[leave]\nlink = ",
            "[leave]\nx = ",
            "leave.link: it is missing",
        ),
        (
            public,
            "[leave]\n",
            "[leave]\nx = \"y\"\n",
            "leave.x: it is not there in English",
        ),
        (
            public,
            "[leave]\n",
            "[desk]\nx = \"y\"\n[leave]\n",
            "desk.x: it is not there in English",
        ),
        (
            public,
            "{number}",
            "{numero}",
            "speak.count: it has other places to fill in",
        ),
        (
            public,
            "direction = \"ltr\"",
            "direction = \"rtl\"",
            "site.direction: it is not ltr",
        ),
        (
            public,
            "\"Salir de esta página\"",
            "\"Leave this page\"",
            "leave.link: it is still English",
        ),
        (
            "es/interface/offline.toml",
            "[keep]\n",
            "[keep\n",
            "es/interface/offline.toml",
        ),
        (
            "es/help.toml",
            "phone = \"0800 1111\"",
            "phone = \"0800 1112\"",
            "childline: phone is 0800 1112",
        ),
        (
            "es/help.toml",
            "id = \"childline\"",
            "id = \"childlin\"",
            "childline: the line is missing",
        ),
        (
            "es/help.toml",
            "id = \"childline\"",
            "id = \"childlin\"",
            "childlin: the line is not there",
        ),
        (
            "es/help.toml",
            "urgent = true",
            "urgent = false",
            "what is no word differs",
        ),
        ("es/pages/help.md", "tel:999", "tel:998", "its links are"),
        ("es/pages/help.md", "85258", "85259", "its numbers are"),
        (
            "es/pages/help.md",
            "## Antes de llamar",
            "Antes de llamar",
            "it has 4 headings",
        ),
        (
            "es/pages/speak.md",
            "(/rights/advocate)",
            "(/rights/nowhere)",
            "its links are",
        ),
        (
            "es/pages/home.md",
            "2027-04-30",
            "2026-11-20",
            "its review was due",
        ),
        (
            "es/pages/help.md",
            "certainty = \"verified\"",
            "certainty = \"partly\"",
            "not as sure",
        ),
        (
            "es/pages/follow.md",
            "Sigue tu opinión",
            "Follow your view",
            "the title is still English",
        ),
        (
            "es/pages/follow.md",
            "- Leer la respuesta.",
            "- Read the answer.",
            "a line is still English",
        ),
        (
            "es/search.toml",
            "finds = \"/help\"",
            "finds = \"/nowhere\"",
            "sends people to /nowhere",
        ),
        (
            "languages.toml",
            "code = \"ar\"",
            "code = \"fa\"",
            "its folder is no language",
        ),
        (
            "languages.toml",
            "\"rtl\"",
            "\"up\"",
            "direction is ltr or rtl",
        ),
        (
            "languages.toml",
            "code = \"en\"",
            "code = \"cy\"",
            "English does not stand first",
        ),
    ] {
        let found = plant(path, from, to);
        assert!(
            found.iter().any(|fault| fault.contains(said)),
            "{said}: {found:?}"
        );
    }
    let staff = plant(public, "[lane.waiting]\n", "[lane.waiting]\nname = \"x\"\n");
    assert!(
        staff
            .iter()
            .any(|fault| fault.contains("read at the desk alone")),
        "{staff:?}"
    );
    // A file that is not there at all, and one that nothing in English stands for.
    for (path, said) in [
        ("es/pages/speak.md", "is missing"),
        ("es/help.toml", "is missing"),
    ] {
        let mut files = content_files();
        files.retain(|(known, _)| known != path);
        assert!(
            faults(&files).iter().any(|fault| fault.contains(said)),
            "{path}"
        );
    }
    let mut files = content_files();
    files.push(("es/pages/invented.md".to_owned(), String::new()));
    let found = faults(&files);
    assert!(
        found.iter().any(|fault| fault.contains("no English file")),
        "{found:?}"
    );
}
