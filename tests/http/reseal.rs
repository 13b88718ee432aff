//! Texts are sealed again off the threads that answer requests, and in portions.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::{World, own_password};
use domain::role::Role;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::Store;
use vault::seal::{AgeSealer, Identity, KeyUnreadable, OpenError, Recipient, Sealer};
use zeroize::Zeroizing;

/// Takes a while for each text, once it is set to.
struct Slow(Arc<AtomicUsize>);

impl Sealer for Slow {
    fn seal_bytes(&self, plain: &[u8], to: &[Recipient]) -> Result<Vec<u8>, KeyUnreadable> {
        let milliseconds = self.0.load(Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(u64::try_from(milliseconds).unwrap()));
        AgeSealer.seal_bytes(plain, to)
    }

    fn open_bytes(
        &self,
        sealed: &[u8],
        with: &[Identity],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        AgeSealer.open_bytes(sealed, with)
    }
}

/// More than one portion.
const TEXTS: usize = 230;

#[tokio::test]
async fn a_long_list_is_sealed_again_in_portions_while_others_are_answered() {
    let pause = Arc::new(AtomicUsize::new(0));
    let world = World::sealed_by(Arc::new(Slow(Arc::clone(&pause)))).await;
    let admin = world.desk("ada", Role::Admin).await;
    let stays = world.desk("bea", Role::Safety).await;
    world.desk("cleo", Role::Safety).await;
    let words = world.send("He hits me.", "no", "").await;
    let texts = (1..TEXTS).map(|n| format!("Alarm {n}."));
    world.alarms(&words, texts).await;
    // Cleo leaves, and her keys with her.
    let cleo = world.store.staff_by_name("cleo").await.unwrap().unwrap().id;
    let account = format!("/desk/accounts/{cleo}");
    let token = admin.get(&account).await.hidden("token");
    let own = own_password("ada");
    let fields = [("token", token.as_str()), ("password", &own)];
    let removed = admin.post(&format!("{account}/remove"), &fields).await;
    assert_eq!(removed.status, 303, "{}", removed.text());

    let outdated = async || {
        let desk = stays.desk().await;
        world.site.pledge.outdated_texts(&desk).await.unwrap()
    };
    assert!(outdated().await >= TEXTS - 1, "{}", outdated().await);
    let token = stays.get("/desk/keys").await.hidden("token");
    let own = own_password("bea");
    let fields = [
        ("token", token.as_str()),
        ("password", &own),
        ("act", "seal-again"),
    ];
    pause.store(2, Ordering::SeqCst);
    // One thread runs this test: what blocks it lets nobody else be answered.
    let mut answered = 0;
    let others = async {
        loop {
            tokio::time::sleep(Duration::from_millis(1)).await;
            answered += 1;
        }
    };
    tokio::select! {
        sealed = stays.post("/desk/keys", &fields) => {
            assert_eq!(sealed.status, 303, "{}", sealed.text());
        }
        () = others => {}
    }
    assert!(answered > 50, "answered meanwhile: {answered}");
    pause.store(0, Ordering::SeqCst);
    assert_eq!(outdated().await, 0);
    // Each portion is a commit with its entry.
    let entries = world.store.audit_after(0, 10_000).await.unwrap();
    let portions = entries.iter().filter(|row| row.action == "seal-again");
    assert_eq!(portions.count(), 3);
}
