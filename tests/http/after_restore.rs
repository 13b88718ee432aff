//! A restored backup lets nobody in by a way that was closed after it was made: a password, a second factor or a code that
//! was replaced or used, an invitation, a session.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{World, own_password};
use domain::role::Role;
use server::bootstrap::DATABASE;
use server::ops::backup::{Restored, backup, restore};
use service::accounts::Joined;
use service::clock::Clock;
use service::sign_in::{PasswordChange, SetUp};
use service::withdrawals::{self, Marks};
use std::path::{Path, PathBuf};
use store::{StaffRow, Store};
use store_sqlite::SqliteStore;
use vault::second_factor::STEP_SECONDS;

const NEW: &str = "a heron stands in Surrey Quays at noon";

fn marks(world: &World) -> Marks {
    withdrawals::read_marks(&world.data().join(withdrawals::FILE)).unwrap()
}

async fn back_up(world: &World) -> PathBuf {
    let folder = world.folder.path().join("backups");
    std::fs::create_dir_all(&folder).unwrap();
    let today = world.clock.today();
    backup(&world.data(), today, &folder).await.unwrap()
}

/// What stands in a restored folder of a person: themselves, how many role keys and codes they have.
struct Stands {
    restored: Restored,
    store: SqliteStore,
}

impl Stands {
    async fn again(world: &World, from: &Path, name: &str, marks: &Marks) -> Stands {
        let data = world.folder.path().join(name);
        let restored = restore(from, &world.recovery, &data, &*world.clock, marks)
            .await
            .unwrap();
        let store = SqliteStore::open(&data.join(DATABASE)).await.unwrap();
        // No invitation and no session of the backup opens anything, whatever the list says.
        for staff in store.all_staff().await.unwrap() {
            assert_eq!(store.sessions_of(&staff.id).await.unwrap(), []);
        }
        Stands { restored, store }
    }

    async fn of(&self, name: &str) -> (StaffRow, usize, usize) {
        let staff = self.store.staff_by_name(name).await.unwrap().unwrap();
        let grants = self.store.grants(&staff.id).await.unwrap().len();
        let codes = self.store.recovery_codes(&staff.id).await.unwrap().len();
        (staff, grants, codes)
    }
}

#[tokio::test]
async fn what_was_replaced_or_used_after_a_backup_opens_nothing_after_a_restore() {
    let world = World::new().await;
    let admin = world.desk("Fay", Role::Admin).await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let bea = world.desk("Bea", Role::Safety).await;
    let mut cat = world.desk("Cat", Role::Safety).await;
    world.desk("Dee", Role::Speakerbox).await;
    let again = world.desk("Gil", Role::Speakerbox).await;
    let pledge = &world.site.pledge;
    let session = admin.desk().await;
    let proof = async |name: &str, session| {
        let proved = pledge.prove(session, &own_password(name)).await.unwrap();
        proved.ok().unwrap()
    };
    let by_admin = proof("Fay", &session).await;
    let invite = pledge.invite(&session, &by_admin, "Eva", Role::Clerk);
    let code = invite.await.unwrap();
    let before = back_up(&world).await;
    let at_backup = marks(&world);
    let old_salt = world
        .store
        .staff_by_name("Ann")
        .await
        .unwrap()
        .unwrap()
        .salt;

    // Ann has a new password, Bea another phone, Cat used a printed code, Eva joined, Gil was invited again.
    let own = own_password("Ann");
    let changed = pledge
        .change_password(&ann.desk().await, &own, NEW, NEW)
        .await;
    assert!(matches!(changed.unwrap(), PasswordChange::Done(_)));
    let of_bea = bea.desk().await;
    let (secret, field) = pledge.new_second_factor(&of_bea.staff);
    let by_bea = proof("Bea", &of_bea).await;
    let typed = secret.code(world.clock.unix_seconds().div_euclid(STEP_SECONDS));
    let replaced = pledge
        .replace_second_factor(&of_bea, &by_bea, &field, &typed)
        .await;
    assert!(matches!(replaced.unwrap(), SetUp::Done { .. }));
    let (_, _) = (cat.next_code(), cat.next_code());
    cat.sign_in(&own_password("Cat")).await;
    let joined = pledge.join(&code, NEW, NEW).await.unwrap();
    assert!(matches!(joined, Joined::Welcome(_)));
    let gil = again.desk().await.staff.id;
    pledge
        .invite_again(&session, &by_admin, &gil, true)
        .await
        .unwrap();
    let since = marks(&world);
    assert_eq!(since.len(), at_backup.len() + 4, "one of each but Eva");

    let now = Stands::again(&world, &before, "restored", &since).await;
    assert_eq!(now.restored.people.ended, 3);
    for name in ["Ann", "Bea", "Gil"] {
        let (staff, grants, codes) = now.of(name).await;
        assert!(!staff.has_joined() && staff.wrapped.is_empty(), "{name}");
        assert_eq!((staff.second_factor, grants, codes), (None, 0, 0), "{name}");
    }
    let (cat_then, grants, codes) = now.of("Cat").await;
    assert!(cat_then.has_joined() && cat_then.second_factor.is_some());
    assert_eq!((grants > 0, codes), (true, 9));
    assert_eq!(now.of("Dee").await.2, 10);
    let (eva, ..) = now.of("Eva").await;
    assert!(!eva.has_joined());
    let hash = vault::second_factor::one_time_hash(&pledge.keys, "invitation", &code).unwrap();
    assert_eq!(now.store.invitation(&hash).await.unwrap(), None);
    let log = now.store.audit_after(0, 10_000).await.unwrap();
    let ended = log.iter().filter(|row| row.action == "access-ended");
    assert_eq!(ended.count(), 3);
    now.store.close().await;

    // The control: the list as it was when the backup was made knows nothing of it, and the old ways are open. The
    // invitation is not: it could have been used.
    let then = Stands::again(&world, &before, "without", &at_backup).await;
    assert_eq!(then.restored.people, Default::default());
    assert_eq!(then.of("Ann").await.0.salt, old_salt);
    assert!(then.of("Bea").await.0.has_joined());
    assert_eq!(then.of("Cat").await.2, 10);
    assert_eq!(then.store.invitation(&hash).await.unwrap(), None);
    then.store.close().await;

    // A backup from after it keeps what is good now.
    let after = back_up(&world).await;
    let later = Stands::again(&world, &after, "later", &since).await;
    assert_eq!(later.restored.people, Default::default());
    for name in ["Ann", "Bea", "Cat", "Eva"] {
        assert!(later.of(name).await.0.has_joined(), "{name}");
    }
    assert_eq!(later.of("Cat").await.2, 9);
    later.store.close().await;
}

#[tokio::test]
async fn a_password_that_was_not_changed_after_all_is_not_on_the_list() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let before = marks(&world);
    let pledge = &world.site.pledge;
    let session = ann.desk().await;
    let own = own_password("Ann");
    let held = world.hold_database().await;
    assert!(
        pledge
            .change_password(&session, &own, NEW, NEW)
            .await
            .is_err()
    );
    sqlx::Connection::close(held).await.unwrap();
    assert_eq!(marks(&world), before);
    // The control.
    let changed = pledge.change_password(&session, &own, NEW, NEW).await;
    assert!(changed.is_ok());
    assert_eq!(marks(&world).len(), before.len() + 1);
}
