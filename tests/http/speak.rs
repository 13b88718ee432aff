//! The form in which a view is written: what is said before, what is asked, what is shown before it is sent.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::page_text::{assert_hides, assert_shows, plain, tags};
use crate::world::World;
use domain::audience::TextKind;
use domain::role::Role;
use store::Store;

#[tokio::test]
async fn who_will_read_it_and_what_that_means_is_said_before_anything_is_written() {
    let world = World::new().await;
    world.readers().await;
    let start = world.get("/speak").await;
    for said in [
        "SpeakerBox will read what you write.",
        "If you say you are not safe, or not sure, two adults read it first.",
        "The councillors never see your own words as you sent them.",
    ] {
        assert_shows(&start, said);
    }
    let first = world.post("/speak", &[("step", "start")]).await;
    assert_shows(&first, &world.words("speak.readers"));
    for page in [start, first] {
        assert_eq!(tags(&page.text(), "textarea").count(), 0);
    }
    // Before it is sent, once more: for this view, after these answers.
    let (check, _) = world.check_page("Usual.", "yes", "").await;
    assert_shows(&check, &world.words("speak.check.readers"));
    let (check, _) = world.check_page("Not safe.", "no", "Sam").await;
    assert_shows(&check, &world.words("speak.check.readers-safety"));
    assert_shows(&check, &world.words("speak.check.readers-name"));
}

#[tokio::test]
async fn the_limits_of_staying_unknown_are_said_before_anything_is_written() {
    let world = World::new().await;
    world.readers().await;
    let start = world.get("/speak").await;
    for said in [
        "Pledge is not an emergency service.",
        "Your words can give you away.",
        "If you give no name and you are in danger, we may not be able to find you.",
        "If they can tell who you are and you are in danger, they must act.",
    ] {
        assert_shows(&start, said);
    }
}

#[tokio::test]
async fn staying_unknown_is_chosen_already_and_a_name_is_a_choice_for_each_view() {
    let world = World::new().await;
    let fields = [
        ("step", "safe"),
        ("go", "next"),
        ("topic", "home"),
        ("said", "Listen."),
        ("safe", "yes"),
    ];
    let page = world.post("/speak", &fields).await.text();
    let chosen: Vec<&str> = tags(&page, "input")
        .filter(|tag| tag.contains("type=\"radio\"") && tag.contains(" checked"))
        .collect();
    assert_eq!(chosen.len(), 1, "{chosen:?}");
    assert!(chosen[0].contains("name=\"named\"") && chosen[0].contains("value=\"no\""));

    // Each view for itself, and a name that was typed and then not wanted is thrown away.
    for (named, kept) in [("yes", true), ("no", false), ("", false)] {
        let (_, id) = world
            .send_with(&[("named", named), ("identity", "Sam from the blue house")])
            .await;
        let row = world.store.view(&id).await.unwrap().unwrap();
        let bodies = world.store.bodies(&id).await.unwrap();
        let has_name = bodies.iter().any(|body| body.kind == TextKind::Identity);
        assert_eq!((row.has_identity, has_name), (kept, kept), "{named:?}");
    }
}

#[tokio::test]
async fn where_the_words_go_there_are_ideas_to_begin_with() {
    let world = World::new().await;
    for (language, idea) in [("", "What happened? When?"), ("/es", "¿Qué pasó?")] {
        let about = [("step", "about"), ("topic", "home"), ("go", "next")];
        let page = world.post(&format!("{language}/speak"), &about).await;
        let html = page.text();
        let ideas = html.find(idea).unwrap();
        assert!(ideas < html.find("<textarea").unwrap(), "before the words");
        // Folded away, so that nobody is led who knows what to say.
        let folded = html.split("<details").find(|part| part.contains(idea));
        assert!(!folded.unwrap().split('>').next().unwrap().contains("open"));
    }
}

#[tokio::test]
async fn the_check_page_shows_every_answer_and_each_can_be_changed() {
    let world = World::new().await;
    let (check, fields) = world
        .check_page("My <room> is cold.", "not-sure", "Sam")
        .await;
    for shown in [
        world.words("topic.home"),
        "My <room> is cold.".to_owned(),
        world.words("feeling.worried"),
        "somebody to listen".to_owned(),
        world.words("safe.not-sure"),
        "Sam".to_owned(),
        world.words("speak.check.helped-yes"),
    ] {
        assert_shows(&check, &shown);
    }
    assert!(
        world.store.views().await.unwrap().is_empty(),
        "nothing is sent yet"
    );

    // "Change" opens the step with what was answered, and "next" comes straight back.
    for step in ["about", "say", "safe", "you"] {
        let html = check.text();
        let offered = tags(&html, "button").any(|tag| tag.contains(&format!("value=\"{step}\"")));
        assert!(offered, "{step} cannot be changed");
    }
    let mut sent: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    sent.extend([("step", "check"), ("go", "say")]);
    let step = world.post("/speak", &sent).await;
    assert!(step.text().contains("My &lt;room&gt; is cold.</textarea>"));
    sent.retain(|(name, _)| !["step", "go", "said"].contains(name));
    sent.extend([("step", "say"), ("go", "next"), ("said", "My bed is cold.")]);
    let back = world.post("/speak", &sent).await;
    assert_shows(&back, &world.words("speak.check.title"));
    assert_shows(&back, "My bed is cold.");
    assert_hides(&back, "&lt;room&gt;");
}

#[tokio::test]
async fn help_with_writing_is_recorded_and_shown() {
    let world = World::new().await;
    let speakerbox = world.desk("reader", Role::Speakerbox).await;
    for (helped, shown) in [("yes", true), ("", false)] {
        let (words, id) = world.send_with(&[("helped", helped)]).await;
        let desk = speakerbox.get(&format!("/desk/view/{id}")).await;
        let sender = world.follow(&words).await;
        for (page, key) in [(desk, "desk.view.helped"), (sender, "timeline.helped")] {
            let has = plain(&page.text()).contains(&world.words(key));
            assert_eq!(has, shown, "{key}, helped: {helped:?}");
        }
    }
}

#[tokio::test]
async fn a_right_or_a_promise_goes_with_the_view_to_whoever_reads_it() {
    let world = World::new().await;
    let speakerbox = world.desk("reader", Role::Speakerbox).await;
    for (link, title, address) in [
        (
            "right:visits",
            "Visits from your social worker",
            "/rights/visits",
        ),
        (
            "promise:tell-you-the-truth",
            "Tell you the truth",
            "/pledge/tell-you-the-truth",
        ),
    ] {
        let (words, id) = world.send_with(&[("link", link)]).await;
        let desk = speakerbox.get(&format!("/desk/view/{id}")).await;
        for page in [desk, world.follow(&words).await] {
            assert_shows(&page, title);
            assert!(
                page.text().contains(&format!("href=\"{address}\"")),
                "{address}"
            );
        }
    }
    // The control: what is no right of ours is not carried along.
    let (words, _) = world.send_with(&[("link", "right:made-up")]).await;
    let page = world.follow(&words).await;
    assert_hides(&page, "made-up");
    assert_hides(&page, &world.words("timeline.attached"));
}
