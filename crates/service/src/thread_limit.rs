//! How much a sender may write, and that a message whose button is pressed twice is stored once.

use crate::{ActError, App};
use domain::event::EventKind;
use domain::lifecycle::Action;
use domain::message_limit::{MessageLimit, message_limit};
use store::EventRow;
use vault::seal::Identity;

/// What a sender writes in an act.
pub(crate) struct NewMessage {
    /// The text, tidied.
    pub(crate) text: String,
    /// How many messages of the sender the page with the form knew of, if it said so.
    pub(crate) written: Option<usize>,
}

/// Messages that are compared with a new one; a form that is older than these is taken for a new one.
const COMPARED: usize = 20;

impl App {
    /// How many messages the sender has written so far. The page carries it, so that the same form sent twice is known.
    pub async fn messages_written(&self, view: &str) -> Result<usize, ActError> {
        let events = self.store.events(view).await?;
        Ok(events.iter().filter(|event| is_message(event)).count())
    }

    /// Whether the same form has stored this message before; an error when one more has to wait. An alarm never has to.
    /// `key`: the receipt's own.
    pub(crate) async fn is_stored_already(
        &self,
        view: &str,
        key: &[Identity; 1],
        action: Action,
        message: &NewMessage,
    ) -> Result<bool, ActError> {
        let events = self.store.events(view).await?;
        let repeated = self.is_repeated(view, key, (action, message), &events);
        if repeated.await? {
            return Ok(true);
        }
        if action == Action::Alarm {
            return Ok(false);
        }
        let record = events.iter().map(|event| (event.kind, event.day));
        match message_limit(record, self.clock.today()) {
            None => Ok(false),
            Some(MessageLimit::Today) => Err(ActError::Field("message", "error.message.today")),
            Some(MessageLimit::Unanswered) => {
                Err(ActError::Field("message", "error.message.unanswered"))
            }
        }
    }

    async fn is_repeated(
        &self,
        view: &str,
        key: &[Identity; 1],
        (action, message): (Action, &NewMessage),
        events: &[EventRow],
    ) -> Result<bool, ActError> {
        let Some(written) = message.written else {
            return Ok(false);
        };
        let kind = EventKind::from(action);
        let since: Vec<&EventRow> = events
            .iter()
            .filter(|event| is_message(event))
            .skip(written)
            .take(COMPARED)
            .filter(|event| event.kind == kind)
            .collect();
        if since.is_empty() {
            return Ok(false);
        }
        // An alarm that somebody has taken on meanwhile is raised again: it may be a new danger.
        if action == Action::Alarm {
            let alerts = self.store.alerts().await?;
            if !alerts.iter().any(|alert| alert.view == view) {
                return Ok(false);
            }
        }
        let bodies = self.store.bodies(view).await?;
        Ok(since.iter().any(|event| {
            let body = bodies.iter().find(|body| Some(body.id) == event.body);
            let text = body.and_then(|body| self.open_own_text::<String>(view, body, key).ok());
            text.is_some_and(|text| text == message.text)
        }))
    }
}

fn is_message(event: &EventRow) -> bool {
    matches!(event.kind, EventKind::WroteBack | EventKind::Alarmed)
}
