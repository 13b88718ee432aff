//! Sending a view: a ticket once, its words on the disk, its six words in return.

use super::validate::first_errors;
use crate::rate_limit::{CountedSend, NetworkBucket};
use crate::{ActError, App, ViewWords};
use domain::audience::TextKind;
use domain::escalation;
use domain::receipt;
use domain::view::{self, Feeling, Safe, Topic};
use model::language::ENGLISH;
use model::{FieldError, SpeakAnswers, SpeakStep};
use store::{NewView, Sent, ViewRow};
use vault::seal::Identity;
use vault::tokens::{self, Ticket, TokenRefused};

/// What a send gave.
pub enum SendOutcome {
    /// It is on the disk. Sending the same ticket again gives the same words.
    Stored {
        /// The six words.
        words: String,
    },
    /// The ticket's day is over; the page needs a new one.
    TicketOld,
    /// Something else was sent with this ticket before, and this is not stored; the page needs a new one.
    OtherWords,
    /// The text holds the receipt's own words, which would give the key away.
    HoldsReceipt,
    /// An answer needs mending.
    Mend(SpeakStep, Vec<FieldError>),
}

impl App {
    /// A new ticket for the check-answers page. Waits for a receipt when the pool is dry. Somebody who takes very many
    /// waits for each before the next.
    pub async fn new_ticket(&self, place: Option<NetworkBucket>) -> String {
        let _turn = self.limits.ticket(place, self.clock.unix_seconds()).await;
        let issued = self.pool.take().await;
        let ticket = Ticket {
            words: issued.words.clone(),
            tag: issued.derived.tag,
            seed: issued.derived.seed,
        };
        tokens::seal_token(
            &self.keys,
            &*self.random,
            self.clock.unix_seconds(),
            &ticket,
        )
    }

    /// The words of a ticket that is still good.
    pub fn ticket_words(&self, ticket: &str) -> Result<Ticket, TokenRefused> {
        tokens::open_token(&self.keys, self.clock.unix_seconds(), ticket)
    }

    /// The view that was sent with this ticket, also one that was withdrawn.
    pub async fn sent_with(&self, ticket: &Ticket) -> Result<Option<ViewRow>, ActError> {
        Ok(self.store.view_by_tag(&ticket.tag).await?)
    }

    fn words_of(&self, answers: &SpeakAnswers, safe: Safe) -> ViewWords {
        ViewWords {
            said: view::tidy(&answers.said),
            feeling: Feeling::from_id(&answers.feeling),
            wish: view::tidy(&answers.wish),
            link: self
                .library
                .content()
                .link(&answers.link)
                .map(|_| answers.link.clone())
                .unwrap_or_default(),
            safe,
            helped: answers.helped == "yes",
        }
    }

    /// Stores a view once and gives its six words.
    pub async fn send_view(
        &self,
        ticket: &str,
        answers: &SpeakAnswers,
        place: Option<NetworkBucket>,
    ) -> Result<SendOutcome, ActError> {
        let Ok(ticket) = self.ticket_words(ticket) else {
            return Ok(SendOutcome::TicketOld);
        };
        if let Some((step, errors)) = first_errors(answers) {
            return Ok(SendOutcome::Mend(step, errors));
        }
        let (Some(topic), Some(safe)) =
            (Topic::from_id(&answers.topic), Safe::from_id(&answers.safe))
        else {
            return Err(ActError::Internal("answers-unchecked"));
        };
        let words = self.words_of(answers, safe);
        let identity = (answers.named == "yes")
            .then(|| view::tidy(&answers.identity))
            .filter(|name| !name.is_empty());
        let typed = [
            words.said.as_str(),
            &words.wish,
            identity.as_deref().unwrap_or_default(),
        ];
        if typed
            .iter()
            .any(|text| receipt::gives_away(text, &ticket.words))
        {
            return Ok(SendOutcome::HoldsReceipt);
        }

        let (id, now) = (self.new_id(), self.clock.unix_seconds());
        let life = answers.begins();
        let to = Identity::from_seed(&ticket.seed).recipient()?;
        let mut bodies = vec![self.seal_text(&id, &to, life, TextKind::View, None, &words)?];
        if let Some(name) = &identity {
            bodies.push(self.seal_text(&id, &to, life, TextKind::Identity, None, name)?);
        }
        let counted = self.limits.count_send(place, now, &id);
        let view = NewView {
            id: id.clone(),
            tag: ticket.tag,
            recipient: to.0,
            day: self.clock.today(),
            topic,
            language: match answers.language.as_str() {
                "" => ENGLISH.to_owned(),
                language => language.to_owned(),
            },
            life,
            bodies,
            alert: life.in_safety_custody().then(|| escalation::quarter(now)),
            burst: counted.is_burst,
        };
        let sent = self.store.send(view).await;
        if matches!(sent, Ok(Sent::Stored)) {
            if life.in_safety_custody() {
                self.safety_alert_notify.notify_one();
            }
            self.fold_burst(place, now, id, counted).await;
        } else {
            self.limits.uncount_send(place, now, &id, counted);
            sent?;
            if !self.was_sent(&ticket, topic, &words, &identity).await? {
                return Ok(SendOutcome::OtherWords);
            }
        }
        Ok(SendOutcome::Stored {
            words: ticket.words.clone(),
        })
    }

    // It only folds them at the desk: what is stored is stored.
    async fn fold_burst(
        &self,
        place: Option<NetworkBucket>,
        now: i64,
        view: String,
        counted: CountedSend,
    ) {
        let mut folded = counted.earlier;
        // What made it a burst while this one was on its way to the disk did not find it there.
        if !counted.is_burst && self.limits.is_burst(place, now) {
            folded.push(view);
        }
        if !folded.is_empty() && self.store.flag_as_burst(folded).await.is_err() {
            eprintln!("pledge: burst-not-flagged");
        }
    }

    /// Whether the view that was sent with this ticket says this. The ticket opens it, as its six words do. Of one that was
    /// withdrawn, or is past its time, nothing is left that could differ.
    async fn was_sent(
        &self,
        ticket: &Ticket,
        topic: Topic,
        words: &ViewWords,
        identity: &Option<String>,
    ) -> Result<bool, ActError> {
        let Some(row) = self.sent_with(ticket).await? else {
            return Ok(false);
        };
        let bodies = self.store.bodies(&row.id).await?;
        let key = [Identity::from_seed(&ticket.seed)];
        let first = |kind| bodies.iter().find(|body| body.kind == kind);
        let Some(body) = first(TextKind::View) else {
            return Ok(true);
        };
        let sent: Option<ViewWords> = self.open_own_text(&row.id, body, &key).ok();
        let name: Option<String> = match first(TextKind::Identity) {
            Some(body) => self.open_own_text(&row.id, body, &key).ok(),
            None => None,
        };
        // What is damaged cannot be compared.
        Ok(sent.is_none_or(|sent| sent == *words && name == *identity && row.topic == topic))
    }
}
