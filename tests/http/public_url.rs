//! What leads here from outside names the one public address that is set, and guesses as ever without it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::{World, own_password};
use domain::role::Role;
use service::PublicUrl;
use web::security_txt;

const PUBLIC: &str = "https://pledge.council.test";

/// Every address that the sitemap names.
async fn sitemap(world: &World) -> Vec<String> {
    let map = world.get("/sitemap.xml").await.text();
    map.split("<loc>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

/// The address of an invitation that an administrator makes in a browser that calls us `pledge.test`.
async fn invitation(world: &World) -> String {
    let admin = world.desk("ada", Role::Admin).await;
    let token = admin.get("/desk/accounts").await.hidden("token");
    let own = own_password("ada");
    let fields = [
        ("token", token.as_str()),
        ("password", &own),
        ("name", "cleo"),
        ("role", "speakerbox"),
    ];
    let page = admin.post("/desk/accounts", &fields).await.text();
    let address = page.split("id=\"invitation\">").nth(1).unwrap();
    address.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn with_it_sitemap_robots_and_invitations_lead_there() {
    let world = World::reached_at(&format!("{PUBLIC}/")).await;
    let here = World::new().await;
    let relative = sitemap(&here).await;
    let whole: Vec<String> = relative
        .iter()
        .map(|path| format!("{PUBLIC}{path}"))
        .collect();
    assert!(relative.len() > 30 && relative.iter().all(|path| path.starts_with('/')));
    assert_eq!(sitemap(&world).await, whole);

    let line = format!("\nSitemap: {PUBLIC}/sitemap.xml\n");
    let robots = world.get("/robots.txt").await.text();
    assert!(
        robots.ends_with(&line) && robots.contains("Disallow: /desk\n"),
        "{robots}"
    );
    let without = here.get("/robots.txt").await.text();
    assert_eq!(robots.replace(&line, ""), without);
    assert!(!without.contains("Sitemap"));

    let address = invitation(&world).await;
    assert!(
        address.starts_with(&format!("{PUBLIC}/desk/join/")),
        "{address}"
    );
    let guessed = invitation(&here).await;
    assert!(
        guessed.starts_with("https://pledge.test/desk/join/"),
        "{guessed}"
    );

    // Pages that are made again name it too.
    world.live.reload();
    assert_eq!(sitemap(&world).await, whole);
    assert!(world.get("/robots.txt").await.text().ends_with(&line));
}

#[test]
fn security_txt_names_its_own_address_where_that_is_known() {
    let text = |public: Option<&PublicUrl>| {
        let file = security_txt::body("mailto:a@council.test", domain::date::Date::EPOCH, public);
        let plain = web::static_body::Encoding::Identity;
        String::from_utf8(file.unwrap().bytes(plain).to_vec()).unwrap()
    };
    let public = PublicUrl::parse(PUBLIC).unwrap();
    let whole = text(Some(&public));
    let line = format!("Canonical: {PUBLIC}/.well-known/security.txt\n");
    assert_eq!(whole.replace(&line, ""), text(None));
    assert!(whole.ends_with(&line), "{whole}");
}
