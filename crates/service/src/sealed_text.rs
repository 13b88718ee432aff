//! The texts of a view as they are sealed, and how they are sealed and opened. It knows no session and no page.

use crate::openings::{Published, Reseals, label_of, reseal};
use crate::{ActError, App};
use domain::audience::{Audience, TextKind, readers_excluding_subject};
use domain::date::Date;
use domain::lifecycle::ViewStatus;
use domain::publication::DecisionKind;
use domain::role::Role;
use domain::view::{Feeling, Safe};
use model::{DecisionWords, PublicAnswer};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{BodyRow, NewBody, SealedAgain, ViewRow};
use vault::seal::{self, Identity, Label, OpenError, Recipient};

/// A view's words, as they are sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewWords {
    /// The view itself.
    pub said: String,
    /// How it feels.
    pub feeling: Option<Feeling>,
    /// What the sender would like to happen.
    pub wish: String,
    /// `right:<slug>`, `promise:<slug>` or empty.
    pub link: String,
    /// The answer to "Are you safe?".
    pub safe: Safe,
    /// Somebody helped.
    pub helped: bool,
}

/// A decision, as it is sealed. Those from before there were kinds have the first five fields, all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionBody {
    /// What young people said, for the public page.
    pub said: String,
    /// What was decided.
    pub decided: String,
    /// The answer to the young person.
    pub answer: String,
    /// Who is responsible (a job); empty where nothing has to be done.
    pub owner: String,
    /// By when.
    pub due: Option<Date>,
    /// Of which kind it is.
    #[serde(default)]
    pub kind: Option<DecisionKind>,
    /// Why, for the kinds that have a reason.
    #[serde(default)]
    pub why: String,
    /// How long it holds, or the day of the meeting that it is put off to.
    #[serde(default)]
    pub until: Option<Date>,
    /// The id of that meeting; empty for the other kinds.
    #[serde(default)]
    pub meeting: String,
    /// Why it could not wait for the meeting's day; empty if it was decided from that day on.
    #[serde(default)]
    pub urgent: String,
    /// The day it was decided.
    #[serde(default)]
    pub day: Option<Date>,
}

impl DecisionBody {
    /// What everybody reads of it.
    pub fn public_answer(&self) -> PublicAnswer {
        PublicAnswer {
            kind: self.kind,
            decided: self.decided.clone(),
            why: self.why.clone(),
            owner: self.owner.clone(),
            due: self.due,
            until: self.until,
        }
    }

    /// The words of it for a page, decided at the meeting of this day.
    pub fn words(self, meeting: Date, corrected: bool) -> DecisionWords {
        DecisionWords {
            public: self.public_answer(),
            early: self.early(),
            answer: self.answer,
            meeting,
            corrected,
        }
    }

    /// The day it was decided, if that was before the meeting's day.
    pub fn early(&self) -> Option<Date> {
        self.day.filter(|_| !self.urgent.is_empty())
    }
}

impl Published for DecisionBody {
    type Public = DecisionBody;

    /// All but the answer, which its sender alone reads.
    fn public(self) -> DecisionBody {
        DecisionBody {
            answer: String::new(),
            ..self
        }
    }
}

impl App {
    /// Seals a text of a view to its readers of the day.
    pub(crate) fn seal_text<T: Serialize>(
        &self,
        view: &str,
        receipt: &Recipient,
        life: ViewStatus,
        kind: TextKind,
        writer: Option<Role>,
        text: &T,
    ) -> Result<NewBody, ActError> {
        let recipients = self.recipients();
        let audience = life.lane.audience();
        let to = recipients.of(
            &readers_excluding_subject(kind, audience, life.about, writer),
            receipt,
        );
        if to.is_empty() {
            return Err(ActError::Forbidden);
        }
        let day = self.clock.today();
        let generation = recipients.generation;
        let label = Label {
            view: view.to_owned(),
            text: kind,
            generation,
            day,
        };
        let sealed = seal::seal_text(&*self.sealer, &label, text, &to)?;
        Ok(NewBody {
            kind,
            day,
            generation,
            writer,
            audience: Some(audience),
            sealed,
        })
    }

    /// The texts of a view, sealed to those who keep children safe: when it comes into the safety lane, its words come with it.
    /// The messages between its sender and the desk are then for nobody else at the desk; what the committee has stays with
    /// it. What these keys do not open stays as it is.
    pub(crate) async fn texts_for_adults(
        &self,
        row: &ViewRow,
        keys: &impl Reseals,
    ) -> Result<Vec<SealedAgain>, ActError> {
        let recipients = self.recipients();
        let receipt = Recipient(row.recipient.clone());
        let mut again = Vec::new();
        for body in self.store.bodies(&row.id).await? {
            if !comes_along(body.kind) || body.audience == Some(Audience::Adults) {
                continue;
            }
            let readers =
                readers_excluding_subject(body.kind, Audience::Adults, row.life.about, body.writer);
            let to = recipients.of(&readers, &receipt);
            let text = (row.id.as_str(), &body);
            let Some(sealed) = reseal(&*self.sealer, text, keys, recipients.generation, &to) else {
                continue;
            };
            again.push(SealedAgain {
                body: body.id,
                from: body.generation,
                generation: recipients.generation,
                audience: Some(Audience::Adults),
                sealed: sealed?,
            });
        }
        Ok(again)
    }

    /// Opens a text for the sender of its view, with the key of their receipt. What a young person reads of their own is
    /// entered nowhere; the keys of the desk do not fit here ([`crate::openings::DeskKeys`]).
    pub(crate) fn open_own_text<T: DeserializeOwned>(
        &self,
        view: &str,
        body: &BodyRow,
        receipt: &[Identity; 1],
    ) -> Result<T, OpenError> {
        seal::open_text(&*self.sealer, &label_of(view, body), &body.sealed, receipt)
    }
}

// What is written between the sender and the desk, and what came of it. Notes stay with whom they are for.
fn comes_along(kind: TextKind) -> bool {
    match kind {
        TextKind::View
        | TextKind::Question
        | TextKind::Reply
        | TextKind::Answer
        | TextKind::Approved
        | TextKind::Decision => true,
        TextKind::Identity | TextKind::Note | TextKind::AdultNote | TextKind::Summary => false,
    }
}
