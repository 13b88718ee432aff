//! What somebody at the desk does with a view.

use super::decision::as_error;
use crate::forms::{checked_text, wrong_days};
use crate::queue::close_first;
use crate::sign_in::StaffSession;
use crate::{ActError, App, DecisionBody};
use domain::audience::TextKind;
use domain::date::Date;
use domain::lifecycle::{Action, Actor, CloseReason, Refused, Service, ViewStatus, transition};
use domain::publication::{Rest, TakeDownReason};
use domain::view;
use store::audit::Entry;
use store::{Change, Changed, EventRow, NewBody, TakeDown, ViewRow};
use vault::seal::Recipient;

/// An act of the desk on a view, with what was typed.
#[derive(Clone, Debug)]
pub enum Act {
    /// Ask the sender.
    AskBack(String),
    /// Write to the sender.
    Reply(String),
    /// Write a private note.
    Note(String),
    /// Write a private note for those who keep children safe.
    AdultNote(String),
    /// Write the version for the committee.
    Approve(String),
    /// Put it on this meeting's list.
    List(String),
    /// Take it off the list.
    Unlist,
    /// Close it, with a reply.
    Close(CloseReason, String),
    /// Take it on: the alerts about it end.
    Claim,
    /// It was handed over to a service on a day (empty: today), where it is called so (may be empty).
    HandOver {
        /// An id of [`Service`].
        service: String,
        /// The day as typed.
        day: String,
        /// What it is called there.
        reference: String,
    },
    /// Show it to those who keep children safe; why may be empty.
    Raise(String),
    /// Tell SpeakerBox what it is about, in these words.
    Release(String),
    /// Record a decision.
    Decide(DecisionBody),
    /// Publish the decision.
    Publish,
    /// Take down what is public.
    TakeDown(TakeDownReason),
    /// Write what was taken down in other words.
    Correct(DecisionBody),
    /// Say that it is done.
    MarkDone,
}

impl Act {
    // What publishing leaves to do does not change its name.
    fn id(&self) -> &'static str {
        self.action(Rest::ToDo).id()
    }

    fn action(&self, rest: Rest) -> Action {
        match self {
            Act::AskBack(_) => Action::AskBack,
            Act::Reply(_) => Action::Reply,
            Act::Note(_) | Act::AdultNote(_) => Action::Note,
            Act::Approve(_) => Action::Approve,
            Act::List(_) => Action::List,
            Act::Unlist => Action::Unlist,
            Act::Close(reason, _) => Action::Close(*reason),
            Act::Claim => Action::Claim,
            Act::HandOver { .. } => Action::HandOver,
            Act::Raise(_) => Action::Raise,
            Act::Release(_) => Action::Release,
            Act::Decide(_) => Action::Decide,
            Act::Publish => Action::Publish(rest),
            Act::TakeDown(_) => Action::TakeDown,
            Act::Correct(_) => Action::Correct,
            Act::MarkDone => Action::MarkDone,
        }
    }

    fn text(&self) -> Option<(TextKind, &str)> {
        match self {
            Act::AskBack(text) => Some((TextKind::Question, text)),
            Act::Reply(text) | Act::Close(_, text) => Some((TextKind::Reply, text)),
            Act::Note(text) => Some((TextKind::Note, text)),
            Act::AdultNote(text) => Some((TextKind::AdultNote, text)),
            Act::Release(text) => Some((TextKind::Summary, text)),
            Act::Approve(text) => Some((TextKind::Approved, text)),
            Act::List(_)
            | Act::Unlist
            | Act::Claim
            | Act::HandOver { .. }
            | Act::Raise(_)
            | Act::Decide(_)
            | Act::Publish
            | Act::TakeDown(_)
            | Act::Correct(_)
            | Act::MarkDone => None,
        }
    }
}

/// How often an act is tried again when nothing but a reading came in between.
pub(super) const TRIES: usize = 5;

/// A version that no row has: what is written from it is stale.
const NO_VERSION: i64 = -1;

impl App {
    /// Does something with a view. `version`: what the person had before their eyes.
    pub async fn act_on_view(
        &self,
        desk: &StaffSession,
        id: &str,
        version: i64,
        act: Act,
    ) -> Result<(), ActError> {
        for _ in 0..TRIES {
            let row = self.store.view(id).await?.ok_or(ActError::NotFound)?;
            if self.try_act(desk, &row, version, act.clone()).await? == Changed::Done {
                return Ok(());
            }
            // A colleague who read it in this moment has changed nothing that the act is about.
            if version != row.version && !matches!(act, Act::TakeDown(_)) {
                break;
            }
        }
        Err(ActError::Stale)
    }

    async fn try_act(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        version: i64,
        act: Act,
    ) -> Result<Changed, ActError> {
        let is_take_down = matches!(act, Act::TakeDown(_));
        // Its time is over: there is nobody left to seal anything to. What is public can still be taken down.
        if row.is_bare() && !is_take_down {
            return Err(ActError::NotFound);
        }
        let action = act.action(self.rest_of(desk, row, &act).await?);
        let life = self.life_after(desk, row, &act, action).await?;
        let act = self.fitted(desk, row, act).await?;
        let body = self.sealed_by(desk, row, life, &act)?;
        let mut change = self.change_by(desk, row, life, &act).await?;
        change.body = body;
        change.alert = self.alert_change(life, action);
        if matches!(act, Act::Raise(_) | Act::Release(_)) {
            let keys = self.desk_keys(desk).await?;
            change.reseal = self.texts_for_adults(row, &keys).await?;
        }
        // The life was worked out from the row that was read, so no other version may be written over. Taking down does not
        // wait for a page that is new: whatever is public comes down.
        change.from_version = if version == row.version || is_take_down {
            row.version
        } else {
            NO_VERSION
        };
        let entry = self.entry_for(desk, &row.id, &act);
        let changed = self.store.audited(entry).change(change).await?;
        if changed == Changed::Done && matches!(act, Act::Raise(_)) {
            self.safety_alert_notify.notify_one();
        }
        Ok(changed)
    }

    // A decision before the meeting's day has a name of its own in the log. No text goes there, only that there is a reason.
    fn entry_for(&self, desk: &StaffSession, id: &str, act: &Act) -> Entry {
        let is_urgent = matches!(act, Act::Decide(decision) if !decision.urgent.is_empty());
        let action = if is_urgent { "decide-urgent" } else { act.id() };
        Entry {
            reason: is_urgent || matches!(act, Act::Close(..) | Act::TakeDown(_)),
            ..self.entry(desk, action, Some(id))
        }
    }

    // Where the act leads, if this person may do it; that they tried what they may not is entered.
    async fn life_after(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        act: &Act,
        action: Action,
    ) -> Result<ViewStatus, ActError> {
        let role = desk.staff.role;
        if matches!(act, Act::AdultNote(_)) && !role.sees_safety_lane() {
            self.audit_denied_view(desk, act.id(), &row.id).await?;
            let may_see = row.life.visible_to(role);
            return Err(if may_see {
                ActError::Forbidden
            } else {
                ActError::NotFound
            });
        }
        let life = match transition(row.life, Actor::Staff(role), action) {
            Ok(life) => life,
            Err(Refused::NotYours) => {
                self.audit_denied(desk, act.id(), &row.id).await?;
                let hidden = !row.life.visible_to(role) && row.meeting.is_none();
                return Err(if hidden {
                    ActError::NotFound
                } else {
                    ActError::Forbidden
                });
            }
            Err(_) if matches!(act, Act::Close(..)) && row.life.lane_is_open() => {
                return Err(ActError::Field("page", close_first(row.life)));
            }
            // "People who keep children safe have it" is said only where they do.
            Err(_) if matches!(act, Act::Close(CloseReason::Safety, _)) => {
                return Err(ActError::Field("reason", "error.close.safety"));
            }
            Err(refused) => return Err(refused.into()),
        };
        if self.store.recused(&desk.staff.id).await?.contains(&row.id) {
            self.audit_denied(desk, act.id(), &row.id).await?;
            return Err(ActError::NotFound);
        }
        if matches!(act, Act::Publish)
            && let Err(refused) = self.may_release(desk, row).await?
        {
            self.audit_denied(desk, act.id(), &row.id).await?;
            return Err(as_error(refused));
        }
        Ok(life)
    }

    // A decision that fits the days on which it is made; anything else as it is.
    async fn fitted(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        mut act: Act,
    ) -> Result<Act, ActError> {
        let (Act::Decide(decision) | Act::Correct(decision)) = &mut act else {
            return Ok(act);
        };
        let days = self.decision_days(desk, row).await?;
        decision.day = Some(days.decided);
        if let Some(error) = wrong_days(decision, &days).first() {
            return Err(ActError::Field(error.field, error.key));
        }
        Ok(act)
    }

    // What is left to do when this act has published the decision.
    async fn rest_of(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        act: &Act,
    ) -> Result<Rest, ActError> {
        let rest = Rest::ToDo;
        let publishes = transition(
            row.life,
            Actor::Staff(desk.staff.role),
            Action::Publish(rest),
        );
        if !matches!(act, Act::Publish) || publishes.is_err() {
            return Ok(rest);
        }
        let decision = self.last_decision(desk, row).await?;
        let decision = decision.ok_or(ActError::Forbidden)?;
        Ok(decision.kind.map_or(rest, |kind| kind.leaves()))
    }

    // What was typed, checked and sealed to its readers.
    fn sealed_by(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        life: ViewStatus,
        act: &Act,
    ) -> Result<Option<NewBody>, ActError> {
        let (id, role) = (&row.id, desk.staff.role);
        let to = Recipient(row.recipient.clone());
        Ok(match (act, act.text()) {
            (Act::Decide(decision) | Act::Correct(decision), _) => {
                Some(self.seal_text(id, &to, life, TextKind::Decision, Some(role), decision)?)
            }
            (Act::HandOver { reference, .. }, _) if !view::tidy(reference).is_empty() => {
                let wrong = ("reference", "error.text.empty", "error.reason.long");
                let note = checked_text(reference, wrong, view::IDENTITY_MAX)?;
                Some(self.seal_text(id, &to, life, TextKind::AdultNote, Some(role), &note)?)
            }
            (Act::Raise(why), _) if !view::tidy(why).is_empty() => {
                let wrong = ("text", "error.text.empty", "error.text.long");
                let note = checked_text(why, wrong, view::MESSAGE_MAX)?;
                Some(self.seal_text(id, &to, life, TextKind::AdultNote, Some(role), &note)?)
            }
            (_, Some((kind, text))) => {
                let missing = match act {
                    Act::Close(..) => "error.text.close",
                    Act::Release(_) => "error.text.release",
                    _ => "error.text.empty",
                };
                let text = checked_text(
                    text,
                    ("text", missing, "error.text.long"),
                    view::MESSAGE_MAX,
                )?;
                Some(self.seal_text(id, &to, life, kind, Some(role), &text)?)
            }
            _ => None,
        })
    }

    // What the act changes besides its text.
    async fn change_by(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        life: ViewStatus,
        act: &Act,
    ) -> Result<Change, ActError> {
        let mut event = self.event(desk, act.action(Rest::ToDo).into());
        let mut change = self.change(
            row,
            life,
            EventRow {
                reason: reason_of(act),
                ..event.clone()
            },
        );
        // Where nothing rings there is nothing to claim.
        if matches!(act, Act::Claim) && !self.alerts_of(&row.id).await? {
            return Err(ActError::NotNow);
        }
        match act {
            Act::List(meeting) => {
                if self.store.meeting(meeting).await?.is_none() {
                    return Err(ActError::Field("meeting", "error.meeting.choose"));
                }
                event.meeting = Some(meeting.clone());
                change.event = event;
                change.meeting = Some(Some(meeting.clone()));
            }
            Act::Unlist => change.meeting = Some(None),
            Act::HandOver { service, day, .. } => {
                change.event.handed = Some(self.checked_hand_over(row, service, day)?);
            }
            Act::Publish => {
                change.event.meeting = row.meeting.clone();
                change.outcome = Some(self.outcome_of(desk, row, life).await?);
            }
            Act::TakeDown(reason) => {
                let (day, reason) = (self.clock.today(), *reason);
                change.event.down = Some(reason);
                change.take_down = Some(TakeDown { day, reason });
            }
            _ => {}
        }
        Ok(change)
    }

    // To whom, and on which day: not before it was sent, and not in days to come.
    fn checked_hand_over(
        &self,
        row: &ViewRow,
        service: &str,
        day: &str,
    ) -> Result<(Service, Date), ActError> {
        let service = Service::from_id(service)
            .ok_or(ActError::Field("service", "error.hand-over.service"))?;
        let today = self.clock.today();
        let day = match day.trim() {
            "" => Some(today),
            typed => typed.parse().ok(),
        };
        let day = day.filter(|day| (row.day..=today).contains(day));
        Ok((
            service,
            day.ok_or(ActError::Field("day", "error.hand-over.day"))?,
        ))
    }
}

fn reason_of(act: &Act) -> Option<CloseReason> {
    match act {
        Act::Close(reason, _) => Some(*reason),
        _ => None,
    }
}
