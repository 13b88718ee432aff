//! Time limits: what goes today, and holding a view back from going. The periods are in `domain::retention`.

use crate::forms::checked_text;
use crate::pseudonym::pseudonym;
use crate::sign_in::StaffSession;
use crate::{ActError, App, role_keys};
use domain::audience::TextKind;
use domain::date::Date;
use domain::event::EventKind;
use domain::retention;
use domain::view;
use model::{EndingView, SenderLimits};
use std::collections::BTreeSet;
use store::audit::{Entry, EntryOutcome};
use store::{Changed, Purge, RetentionFacts, Store, ViewRow};
use vault::seal::Recipient;

/// What went, or would go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Views of which something went.
    pub views: usize,
    /// Views whose record went with it: a bare mark is left.
    pub records: usize,
    /// Rows of the audit log.
    pub audit_rows: u64,
    /// Meetings.
    pub meetings: u64,
    /// Old generations of role keys.
    pub keys: usize,
    /// Made-up names of the views whose time is over, but which are held.
    pub held: Vec<String>,
}

/// Erases everything whose time is over on this day. With `only_look`, nothing is erased, and meetings are not counted.
pub async fn purge(
    store: &dyn Store,
    today: Date,
    now: i64,
    only_look: bool,
) -> Result<Purged, ActError> {
    let mut purged = Purged::default();
    let quiet = store.quiet_views(today.plus_days(-retention::QUIET.days));
    let quiet = quiet.await?.into_iter().map(|(row, _)| row);
    let due_rows = store.views_due_for_retention().await?;
    let known: BTreeSet<String> = due_rows.iter().map(|row| row.id.clone()).collect();
    let quiet = quiet.filter(|row| !known.contains(&row.id));
    for row in due_rows.iter().cloned().chain(quiet) {
        let Some(facts) = store.retention_facts(&row.id).await? else {
            continue;
        };
        let Some(purge) = due(store, &row, facts, today).await? else {
            continue;
        };
        if facts.held {
            purged.held.push(pseudonym(&row.id));
            continue;
        }
        let record = purge.record && facts.bare_since.is_none();
        // A quicker change (by the sender, say) comes first; what is still due goes tomorrow.
        if only_look || store.purge(purge).await? == Changed::Done {
            purged.views += 1;
            purged.records += usize::from(record);
        }
    }
    let over =
        |checkpoint: &&store::audit::CheckpointRow| retention::AUDIT.is_over(checkpoint.day, today);
    let checkpoints = store.checkpoints().await?;
    if let Some(cut) = checkpoints.iter().rev().find(over) {
        let first = store.audit_after(i64::MIN, 1).await?.pop();
        let rows = first.map_or(0, |first| (cut.size - first.seq + 1).max(0));
        purged.audit_rows = u64::try_from(rows).unwrap_or(0);
        if purged.audit_rows > 0 && !only_look {
            store.purge_audit(cut.size, cut.day).await?;
        }
    }
    let texts = store.sealed_text_generations().await?;
    let old_keys = role_keys::no_longer_needed(&store.role_keys().await?, &texts);
    purged.keys = old_keys.len();
    if only_look {
        return Ok(purged);
    }
    // A text that came in between comes first; they go tomorrow.
    if !old_keys.is_empty() && store.delete_role_keys(old_keys, texts).await? == Changed::Stale {
        purged.keys = 0;
    }
    purge_by_day(store, today, now, &mut purged).await?;
    let anything = Purged {
        held: Vec::new(),
        ..purged.clone()
    };
    if anything != Purged::default() {
        let entry = Entry {
            at: now,
            actor: None,
            role: None,
            action: "purge",
            object: None,
            reason: false,
        };
        store.append_audit(entry, EntryOutcome::Done).await?;
    }
    Ok(purged)
}

/// Erases what goes by its own day and hangs on no view that has ended.
async fn purge_by_day(
    store: &dyn Store,
    today: Date,
    now: i64,
    purged: &mut Purged,
) -> Result<(), ActError> {
    let until = today.plus_days(-retention::WITHDRAWN_IN_LANE.days);
    let lane_records = store.purge_lane_records(until).await?;
    purged.records += usize::try_from(lane_records).unwrap_or(0);
    let before = today.plus_days(1 - retention::MEETING.days);
    purged.meetings = store.purge_meetings(before).await?;
    let (day, second) = (retention::ON_CALL.days, 24 * 60 * 60);
    store
        .purge_on_call(today.plus_days(1 - day), now - i64::from(day) * second)
        .await?;
    store
        .purge_uses(today.plus_days(1 - retention::USE.days))
        .await?;
    store
        .end_old_sessions(
            now - crate::sign_in::LIFE_SECONDS,
            now - crate::sign_in::IDLE_SECONDS,
        )
        .await?;
    Ok(())
}

/// How a view came to its end.
struct End {
    day: Date,
    /// By itself, because nothing happened to it for a long time.
    quiet: bool,
}

// When a view ended, if it has by this day.
fn end_of(row: &ViewRow, facts: &RetentionFacts, today: Date) -> Option<End> {
    if let Some(day) = retention::ended(row.life, row.since) {
        return Some(End { day, quiet: false });
    }
    let last = retention::last_day(row.life, last_act(row, facts))?;
    let day = match facts.bare_since {
        // Its record is gone, and with it the day of its last act.
        Some(bare) => bare.plus_days(-retention::THREAD.days),
        None => last,
    };
    (day <= today).then_some(End { day, quiet: true })
}

fn last_act(row: &ViewRow, facts: &RetentionFacts) -> Date {
    facts
        .last_act
        .unwrap_or(row.day)
        .max(row.since)
        .max(row.day)
}

// What of a view goes today, if anything does.
async fn due(
    store: &dyn Store,
    row: &ViewRow,
    facts: RetentionFacts,
    today: Date,
) -> Result<Option<Purge>, ActError> {
    let Some(End { day: ended, .. }) = end_of(row, &facts, today) else {
        return Ok(None);
    };
    let last_word = facts.last_word.unwrap_or(row.day);
    let bodies = store.bodies(&row.id).await?;
    let mut kinds: Vec<TextKind> = Vec::new();
    for kind in TextKind::ALL {
        let there = bodies.iter().any(|body| body.kind == kind);
        if there && today >= retention::goes(kind, row.life.lane, ended, last_word) {
            kinds.push(kind);
        }
    }
    let record = facts.bare_since.is_none() && today >= retention::record_goes(ended, last_word);
    let outcome = facts.has_decision && today >= retention::all_goes(ended, last_word);
    let anything = !kinds.is_empty() || record || outcome;
    Ok(anything.then(|| Purge {
        view: row.id.clone(),
        from_version: row.version,
        day: today,
        kinds,
        record,
        outcome,
    }))
}

/// What time limits mean for a view today, for the pages that say so.
pub struct ViewLimits {
    /// What its sender reads.
    pub sender: SenderLimits,
    /// It is held.
    pub held: bool,
    /// The words as sent are gone.
    pub words_gone: bool,
}

impl App {
    /// What time limits mean for a view.
    pub async fn limits_of(&self, row: &ViewRow) -> Result<ViewLimits, ActError> {
        let facts = self
            .store
            .retention_facts(&row.id)
            .await?
            .ok_or(ActError::NotFound)?;
        let bodies = self.store.bodies(&row.id).await?;
        let words_gone = !bodies.iter().any(|body| body.kind == TextKind::View);
        let last_word = facts.last_word.unwrap_or(row.day);
        let today = self.clock.today();
        let ended = end_of(row, &facts, today);
        let last = retention::last_day(row.life, last_act(row, &facts));
        let soon = |last: Date| last.plus_days(-retention::QUIET_SHOWN) <= today;
        let sender = match (facts.bare_since, facts.held, ended) {
            (Some(day), ..) => SenderLimits::Bare(day),
            (None, true, _) => SenderLimits::Held,
            (None, false, None) => SenderLimits::Open {
                words_gone,
                last,
                soon: last.is_some_and(soon),
            },
            (None, false, Some(End { day, quiet })) => SenderLimits::Ended {
                quiet: quiet.then_some(day),
                words: (!words_gone)
                    .then(|| retention::goes(TextKind::View, row.life.lane, day, last_word)),
                rest: retention::record_goes(day, last_word),
            },
        };
        Ok(ViewLimits {
            sender,
            held: facts.held,
            words_gone,
        })
    }

    /// Puts a legal hold on a view, or lifts it. Needs a reason, which is sealed as a note for adults; the sender
    /// reads that their words are kept longer.
    pub async fn set_legal_hold(
        &self,
        desk: &StaffSession,
        id: &str,
        held: bool,
        reason: &str,
    ) -> Result<(), ActError> {
        let kind = if held {
            EventKind::Held
        } else {
            EventKind::HoldLifted
        };
        let action = kind.id();
        let row = self.view_for(desk, id, action).await?;
        if !desk.staff.role.holds() {
            self.audit_denied(desk, action, id).await?;
            return Err(ActError::Forbidden);
        }
        let wrong = ("reason", "error.reason.empty", "error.reason.long");
        let reason = checked_text(reason, wrong, view::IDENTITY_MAX)?;
        let to = Recipient(row.recipient.clone());
        let role = Some(desk.staff.role);
        let note = self.seal_text(id, &to, row.life, TextKind::AdultNote, role, &reason)?;
        let entry = Entry {
            reason: true,
            ..self.entry(desk, action, Some(id))
        };
        let event = self.event(desk, kind);
        match self
            .store
            .audited(entry)
            .set_legal_hold(id, held, event, note)
            .await?
        {
            Changed::Done => Ok(()),
            Changed::Stale => Err(ActError::Stale),
        }
    }

    /// The views that end by themselves soon, or have, for the coordinator: the first to end stands first.
    pub async fn ending_views(&self, desk: &StaffSession) -> Result<Vec<EndingView>, ActError> {
        if !desk.staff.role.holds() {
            return Ok(Vec::new());
        }
        let shown = retention::QUIET.days - retention::QUIET_SHOWN;
        let until = self.clock.today().plus_days(-shown);
        let rows = self.store.quiet_views(until).await?;
        let mut away = self.store.recused(&desk.staff.id).await?;
        away.extend(self.store.held().await?.into_iter().map(|row| row.id));
        let mut ending: Vec<EndingView> = rows
            .into_iter()
            .filter(|(row, _)| row.life.visible_to(desk.staff.role))
            .filter(|(row, _)| !row.is_bare() && !away.contains(&row.id))
            .filter_map(|(row, last_act)| {
                Some(EndingView {
                    day: retention::last_day(row.life, last_act)?,
                    pseudonym: pseudonym(&row.id),
                    id: row.id,
                })
            })
            .collect();
        ending.sort_by_key(|view| view.day);
        Ok(ending)
    }

    /// The views under a legal hold, by their made-up names, with their ids for those who may open them.
    pub async fn legal_holds(
        &self,
        desk: &StaffSession,
    ) -> Result<Vec<(String, Option<String>)>, ActError> {
        let role = desk.staff.role;
        if !role.sees_record() {
            return Err(ActError::Forbidden);
        }
        let mut rows = self.store.held().await?;
        rows.retain(|row| !(role.sees_queue() && row.life.is_about(role)));
        let named = |row: ViewRow| (pseudonym(&row.id), role.sees_queue().then_some(row.id));
        Ok(rows.into_iter().map(named).collect())
    }
}
