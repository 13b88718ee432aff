//! Neither body, status nor time of a refused sign-in tells whether there is such an account, and none of a refused receipt
//! how near it came to one (goal S5).
//!
//! What six words may tell: who has all six of a view opens it, or reads that it was withdrawn; that is what they are
//! for. Who has five, or none, learns nothing. Whether words stand in the list is no secret, because the list is public:
//! the page says which word is not in it, and takes a little longer to find the nearest one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, World, words_of};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::receipt::{self, Receipt};
use domain::role::Role;
use std::time::Instant;
use store::Store;
use tokio::sync::Mutex;
use vault::random::{self, SystemRandom};

/// Samples of each class. `PLEDGE_SAMPLES=10000` measures the full number.
const SAMPLES: usize = 1_000;
/// Beyond this the two classes differ in time.
const LIMIT: f64 = 4.5;
/// Groups of rounds. Each gives one number, so that neither a pause of the machine nor one pair of words decides.
const GROUPS: usize = 50;
/// Rounds to warm up.
const WARM_UP: usize = 2 * GROUPS;

/// One measurement at a time: two at once would wait for each other.
static TURN: Mutex<()> = Mutex::const_new(());

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        return values[middle];
    }
    (values[middle - 1] + values[middle]) / 2.0
}

/// The t of differences that are nought when nothing differs: of the median of each group, by the mean without the
/// lowest and highest fifth. Its error is that of a trimmed mean (Yuen 1974): the values cut off count as the last ones
/// kept. The error of the kept values alone would be too small, and t too large by half.
fn t_of_differences(differences: &[f64]) -> f64 {
    let group = |n: usize| {
        median(
            differences
                .iter()
                .copied()
                .skip(n)
                .step_by(GROUPS)
                .collect(),
        )
    };
    let mut middles: Vec<f64> = (0..GROUPS).map(group).collect();
    middles.sort_by(f64::total_cmp);
    let cut = GROUPS / 5;
    let kept = &middles[cut..GROUPS - cut];
    let mean = kept.iter().sum::<f64>() / kept.len() as f64;
    let (lowest, highest) = (kept[0], kept[kept.len() - 1]);
    let held: Vec<f64> = middles.iter().map(|d| d.clamp(lowest, highest)).collect();
    let middle = held.iter().sum::<f64>() / GROUPS as f64;
    let spread = held.iter().map(|d| (d - middle).powi(2)).sum::<f64>();
    let kept = kept.len() as f64;
    mean / (spread / (kept * (kept - 1.0))).sqrt()
}

/// A sequence that is the same each time (SplitMix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn the_t_tells_apart_what_differs_and_nothing_else() {
    let mut state = 7;
    let mut noise = || (next(&mut state) >> 40) as f64 / (1u64 << 24) as f64;
    // As on a busy machine: one in ten waits twenty times as long.
    let mut time = || noise() + if noise() < 0.1 { 20.0 * noise() } else { 0.0 };
    let mut beyond = 0;
    let mut highest = 0.0f64;
    for _ in 0..2_000 {
        let differences: Vec<f64> = (0..SAMPLES).map(|_| time() - time()).collect();
        let t = t_of_differences(&differences);
        highest = highest.max(t.abs());
        beyond += usize::from(t.abs() > 2.0);
        // A fifth of the width of what is usual is seen each time.
        let moved: Vec<f64> = differences.iter().map(|d| d + 0.2).collect();
        assert!(t_of_differences(&moved) > LIMIT);
    }
    // As a t should: beyond 2 once in twenty, beyond the limit not at all.
    assert!(beyond < 200, "{beyond} of 2000 beyond 2");
    assert!(highest < LIMIT, "{highest}");
}

fn samples() -> usize {
    let asked = std::env::var("PLEDGE_SAMPLES");
    asked
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(SAMPLES)
        .max(GROUPS)
}

/// The t of two classes, measured side by side. `attempt` takes the class, 0 or 1, and the number of the round.
async fn t_of(mut attempt: impl AsyncFnMut(usize, usize)) -> f64 {
    let _turn = TURN.lock().await;
    let mut state = 1;
    let mut differences = Vec::new();
    for round in 0..samples() + WARM_UP {
        // Which goes first is left to chance, so that nothing that comes and goes with the rounds falls on one class.
        let first = (next(&mut state) % 2) as usize;
        let mut times = [0.0; 2];
        for class in [first, 1 - first] {
            let start = Instant::now();
            attempt(class, round).await;
            times[class] = start.elapsed().as_secs_f64();
        }
        if round >= WARM_UP {
            differences.push(times[0] - times[1]);
        }
    }
    t_of_differences(&differences)
}

/// Two classes take the same time: one measurement decides.
fn take_the_same_time(what: &str, t: f64) {
    println!("{what}: t = {t:.2}, {} samples each", samples());
    assert!(t.abs() < LIMIT, "{what}: the times differ: t = {t:.2}");
}

// ---------------------------------------------------------------------------------------------------------------- sign-in

async fn sign_in(world: &World, name: &str) -> Answer {
    // The waits of earlier tries are over.
    world.clock.forward(1_000);
    let fields = [
        ("name", name),
        ("password", "a wrong password of a guesser"),
    ];
    world.post("/desk/sign-in", &fields).await
}

/// What a careless sign-in would do: nobody of this name, so nothing more to do.
async fn careless(world: &World, name: &str) {
    if world.store.staff_by_name(name).await.unwrap().is_some() {
        sign_in(world, name).await;
    }
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_cannot_be_told_apart() {
    let world = World::new().await;
    world.desk("adalovelace", Role::Safety).await;
    world.desk("somebody else", Role::Committee).await;
    let names = ["adalovelace", "adalovelacf"];
    let (known, unknown) = (
        sign_in(&world, names[0]).await,
        sign_in(&world, names[1]).await,
    );
    assert_eq!(known.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.headers, unknown.headers);
    assert_eq!(
        known.text().replace("adalovelace", "adalovelacf"),
        unknown.text()
    );

    let t = t_of(async |class, _| drop(sign_in(&world, names[class]).await)).await;
    take_the_same_time("known and unknown name", t);
    // The control: an early return is seen.
    let t = t_of(async |class, _| careless(&world, names[class]).await).await;
    println!("an early return: t = {t:.2}");
    assert!(t.abs() > LIMIT, "an early return was not seen: t = {t:.2}");
}

// --------------------------------------------------------------------------------------------------------------- receipts

const WALK: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// One of the ways in which words are asked about.
#[derive(Clone, Copy, Debug)]
enum Way {
    Page,
    Api,
}

async fn follow(world: &World, way: Way, words: &str) -> Answer {
    match way {
        // One walk for all, because each has a random name in its pages.
        Way::Page => {
            world
                .post("/follow", &[("j", WALK), ("words", words)])
                .await
        }
        Way::Api => {
            let body = serde_json::json!({ "words": words }).to_string();
            let request = Request::post("/api/v1/follow")
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body));
            world.request(request.unwrap()).await
        }
    }
}

/// Six words that nobody has.
fn unknown() -> String {
    Receipt::from_random(random::bytes(&SystemRandom)).to_words()
}

/// Words of nobody's, each as long as the one in its place: how long a page is may cost time, and is no secret of ours.
fn alike(words: &str) -> String {
    let list = receipt::word_list();
    let other = |word: &str| {
        let others = || list.iter().copied().filter(|other| *other != word);
        // A few lengths are those of one word only; the nearest will do.
        let nearest = others().map(|other| other.len().abs_diff(word.len())).min();
        let fits: Vec<&str> = others()
            .filter(|other| Some(other.len().abs_diff(word.len())) == nearest)
            .collect();
        let bytes = random::bytes::<8>(&SystemRandom);
        fits[usize::from_le_bytes(bytes) % fits.len()]
    };
    let others: Vec<&str> = words.split(' ').map(other).collect();
    others.join(" ")
}

/// A receipt with another word in place of its last.
fn nearly(words: &str) -> String {
    let (five, last) = words.rsplit_once(' ').unwrap();
    format!("{five} {}", alike(last))
}

/// Different receipts of one class, so that the words themselves (their length, their place in the list) even out: all rounds
/// with the same words are one group.
const VARIANTS: usize = GROUPS;

fn variants(make: impl FnMut(usize) -> String) -> Vec<String> {
    (0..VARIANTS).map(make).collect()
}

/// Receipts of views that are there, and of views that were withdrawn.
async fn receipts(world: &World) -> [Vec<String>; 2] {
    let (mut there, mut taken_back) = (Vec::new(), Vec::new());
    for n in 0..2 * VARIANTS {
        let ticket = world.site.pledge.new_ticket(None).await;
        let view = [("topic", "home"), ("said", "A view."), ("safe", "yes")];
        let view = view.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let words = words_of(&world.send_again(&ticket, &view).await);
        if n % 2 == 0 {
            there.push(words);
            continue;
        }
        let page = follow(world, Way::Page, &words).await;
        let handle = page.hidden("handle");
        let fields = [("handle", handle.as_str()), ("act", "withdraw-sure")];
        assert_eq!(world.post("/follow", &fields).await.status, StatusCode::OK);
        taken_back.push(words);
    }
    [there, taken_back]
}

/// The t of two classes of words.
async fn t_of_words(world: &World, way: Way, classes: [&[String]; 2]) -> f64 {
    t_of(async |class, round| drop(follow(world, way, &classes[class][round % VARIANTS]).await))
        .await
}

#[tokio::test]
async fn how_near_a_wrong_receipt_comes_cannot_be_told() {
    let world = World::new().await;
    let [there, taken_back] = receipts(&world).await;
    let near = [
        ("of one that is there", variants(|n| nearly(&there[n]))),
        ("of one taken back", variants(|n| nearly(&taken_back[n]))),
    ]
    .map(|(name, near)| (name, variants(|n| alike(&near[n])), near));
    for way in [Way::Page, Way::Api] {
        let opens = follow(&world, way, &there[0]).await;
        assert_eq!(opens.status, StatusCode::OK, "the way is the right one");
        let plain = async |words: &str| {
            let answer = follow(&world, way, words).await;
            let text = answer.text().replace(words, "six words");
            let mut headers = answer.headers;
            headers.remove(header::CONTENT_LENGTH);
            (answer.status, headers, text)
        };
        let nothing = plain(&unknown()).await;
        assert!(nothing.0.is_client_error(), "{way:?}");
        for (name, nobodys, near) in &near {
            // The answer is the same but for the words that were typed, and so is the time.
            assert_eq!(plain(&near[0]).await, nothing, "{way:?}, five words {name}");
            let what = format!("{way:?}, unknown and five words {name}");
            take_the_same_time(&what, t_of_words(&world, way, [nobodys, near]).await);
        }
        // The control: one more look at the views, because five words fit, is seen.
        let t = t_of(async |class, round| {
            if class == 1 {
                world.store.views().await.unwrap();
            }
            let (_, nobodys, near) = &near[0];
            follow(&world, way, &[nobodys, near][class][round % VARIANTS]).await;
        })
        .await;
        println!("{way:?}, a second look: t = {t:.2}");
        assert!(
            t.abs() > LIMIT,
            "{way:?}: a second look was not seen: t = {t:.2}"
        );
    }
}

#[tokio::test]
async fn words_that_are_not_in_the_list_tell_what_is_public_and_nothing_more() {
    let world = World::new().await;
    let [there, _] = receipts(&world).await;
    let malformed = |words: &str| words.rsplit_once(' ').unwrap().0.to_owned() + " qqqqqq";
    let nobodys = variants(|n| malformed(&alike(&there[n])));
    let somebodys = variants(|n| malformed(&there[n]));
    for way in [Way::Page, Way::Api] {
        let wrong = follow(&world, way, &unknown()).await;
        let near = follow(&world, way, &somebodys[0]).await;
        let far = follow(&world, way, &nobodys[0]).await;
        assert_eq!((wrong.status, near.status), (far.status, far.status));
        if let Way::Api = way {
            assert_eq!((wrong.text(), near.text()), (far.text(), far.text()));
        }
        // Whether the other five words are somebody's makes no difference.
        let t = t_of_words(&world, way, [&nobodys, &somebodys]).await;
        take_the_same_time(&format!("{way:?}, malformed"), t);
    }
}
