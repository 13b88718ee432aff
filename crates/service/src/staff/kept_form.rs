//! A form of the desk that was sent after its session had ended: what was typed in it goes along, sealed, while the person
//! signs in again, and comes back to nobody else. It is shown again, never carried out.

use super::session::LIFE_SECONDS;
use crate::App;
use serde::{Deserialize, Serialize};
use vault::tokens::{self, Token};
use zeroize::Zeroize;

/// Says in a form whose page it stands on, so that this is known when the session has ended.
#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
struct FormOwner {
    staff: String,
}

impl Token for FormOwner {
    const KIND: &'static [u8] = b"pledge form owner 1";
    // A page that was left open until the next day.
    const SECONDS: i64 = 3 * LIFE_SECONDS;
}

/// A form that waits for its person.
#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
pub struct KeptForm {
    staff: String,
    /// Where it was sent.
    pub path: String,
    /// What was in it, in order; no password and no token.
    pub fields: Vec<(String, String)>,
}

impl Token for KeptForm {
    const KIND: &'static [u8] = b"pledge kept form 1";
    const SECONDS: i64 = 3 * LIFE_SECONDS;
}

/// Fields that are good for one session only, or secret.
const NOT_KEPT: [&str; 3] = ["token", "password", "kept"];

impl App {
    /// The sealed name of a person for the forms of their pages.
    pub(super) fn form_owner(&self, staff: &str) -> String {
        let staff = staff.to_owned();
        let now = self.clock.unix_seconds();
        tokens::seal_token(&self.keys, &*self.random, now, &FormOwner { staff })
    }

    /// Whose page a form stood on, while that is not too long ago.
    pub fn owner_of_form(&self, owner: &str) -> Option<String> {
        let now = self.clock.unix_seconds();
        let opened = tokens::open_token::<FormOwner>(&self.keys, now, owner).ok()?;
        Some(opened.staff.clone())
    }

    /// Seals what was typed, for this person.
    pub fn keep_form<'f>(
        &self,
        staff: &str,
        path: &str,
        fields: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> String {
        let kept = KeptForm {
            staff: staff.to_owned(),
            path: path.to_owned(),
            fields: fields
                .filter(|(name, _)| !NOT_KEPT.contains(name))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        };
        let now = self.clock.unix_seconds();
        tokens::seal_token(&self.keys, &*self.random, now, &kept)
    }

    /// Opens what was kept; `None` for another person, and when its time is over.
    pub fn kept_form(&self, sealed: &str, staff: &str) -> Option<KeptForm> {
        let now = self.clock.unix_seconds();
        let kept = tokens::open_token::<KeptForm>(&self.keys, now, sealed).ok()?;
        (kept.staff == staff).then_some(kept)
    }
}
