//! Sealing open texts again, when somebody who could read them has left.

use super::password::ReauthProof;
use super::session::StaffSession;
use crate::openings::{self, DeskKeys};
use crate::recipients::{Recipients, readers_before};
use crate::{ActError, App};
use std::collections::HashMap;
use std::sync::Arc;
use store::{BodyRow, SealedAgain, ViewRow};
use vault::seal::{KeyUnreadable, Recipient, Sealer};

/// Texts that are sealed again at a time, off the threads that answer requests, and written in one commit: a long list
/// holds up neither.
const PORTION: usize = 100;

/// A text, and to whom it is to be sealed.
struct OldText {
    view: String,
    body: BodyRow,
    to: Vec<Recipient>,
}

impl App {
    /// Seals them again, to the newest keys of exactly those who could read them before. Gives how many. A portion that is
    /// done stays done when a later one fails.
    pub async fn reseal(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
    ) -> Result<usize, ActError> {
        let recipients = self.recipients();
        let generation = recipients.generation;
        let keys = Arc::new(self.desk_keys(desk).await?);
        let mut old = self.old_texts(&recipients).await?.into_iter();
        let mut count = 0;
        loop {
            let portion: Vec<OldText> = old.by_ref().take(PORTION).collect();
            let is_last = portion.len() < PORTION;
            let (sealer, keys) = (Arc::clone(&self.sealer), Arc::clone(&keys));
            let again = tokio::task::spawn_blocking(move || {
                seal_again(&*sealer, portion, &keys, generation)
            });
            let again = again.await.map_err(|_| ActError::Internal("reseal"))??;
            count += self.by(desk, "seal-again", None).reseal(again).await?;
            if is_last {
                return Ok(count);
            }
        }
    }

    async fn old_texts(&self, recipients: &Recipients) -> Result<Vec<OldText>, ActError> {
        let mut views: HashMap<String, ViewRow> = HashMap::new();
        let mut old = Vec::new();
        for (id, body) in self.store.outdated_texts(recipients.generation).await? {
            if !views.contains_key(&id)
                && let Some(view) = self.store.view(&id).await?
            {
                views.insert(id.clone(), view);
            }
            let Some(view) = views.get(&id) else {
                continue;
            };
            let before = readers_before(&body, view.life.about);
            if recipients.are_old(&body, &before) {
                let to = recipients.of(&before, &Recipient(view.recipient.clone()));
                old.push(OldText { view: id, body, to });
            }
        }
        Ok(old)
    }
}

// What these keys cannot open waits for somebody whose keys can.
fn seal_again(
    sealer: &dyn Sealer,
    texts: Vec<OldText>,
    keys: &DeskKeys,
    generation: u32,
) -> Result<Vec<SealedAgain>, KeyUnreadable> {
    let mut again = Vec::new();
    for OldText { view, body, to } in texts {
        let Some(sealed) = openings::reseal(sealer, (&view, &body), keys, generation, &to) else {
            continue;
        };
        again.push(SealedAgain {
            body: body.id,
            from: body.generation,
            generation,
            audience: None,
            sealed: sealed?,
        });
    }
    Ok(again)
}
