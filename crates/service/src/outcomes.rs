//! What everybody may see.

use crate::progress::view_counts::first_of_month;
use crate::sign_in::StaffSession;
use crate::{ActError, App};
use domain::indicator::at_least;
use domain::publication::may_take_down;
use model::{PublicAnswer, PublicMeeting, PublishedItem, PublishedOutcome};
use store::{OutcomeRow, ViewRow};

impl App {
    /// A number that moves with every change of outcomes, meetings and figures, in whatever process it was made.
    pub async fn public_change(&self) -> Result<i64, ActError> {
        Ok(self.store.public_change().await?)
    }

    /// Published outcomes, newest first.
    pub async fn outcomes(&self) -> Result<Vec<PublishedOutcome>, ActError> {
        let rows = self.store.outcomes().await?;
        let before = first_of_month(self.clock.today());
        let mut outcomes = Vec::new();
        for row in rows {
            outcomes.push(PublishedOutcome {
                views: at_least(self.views_on(row.topic, before).await?),
                views_until: before.plus_days(-1),
                topic: row.topic,
                answer: answer_of(&row),
                said: row.said,
                meeting: row.meeting_day,
                early: row.decided_day.filter(|_| row.urgent),
                published: row.published,
                state: row.state,
                followed: row.followed,
                corrected: row.corrected,
                down: row.down,
            });
        }
        Ok(outcomes)
    }

    /// What was published, newest first, for somebody who may take it down. What is about them, or what they are recused
    /// from, somebody else takes down.
    pub async fn published(&self, desk: &StaffSession) -> Result<Vec<PublishedItem>, ActError> {
        let role = desk.staff.role;
        if !may_take_down(role) {
            return Err(ActError::Forbidden);
        }
        let away = self.store.recused(&desk.staff.id).await?;
        let mut items = Vec::new();
        for row in self.store.published().await? {
            let view = self.store.view(&row.view).await?;
            let is_about = |view: &ViewRow| !role.sees_meetings() && view.life.is_about(role);
            if away.contains(&row.view) || view.as_ref().is_some_and(is_about) {
                continue;
            }
            items.push(PublishedItem {
                view: row.view,
                meeting: view.and_then(|view| view.meeting),
                topic: row.outcome.topic,
                answer: answer_of(&row.outcome),
                said: row.outcome.said,
                published: row.outcome.published,
                down: row.outcome.down,
            });
        }
        Ok(items)
    }

    /// Meetings, newest first.
    pub async fn public_meetings(&self) -> Result<Vec<PublicMeeting>, ActError> {
        let rows = self.store.meetings().await?;
        Ok(rows
            .into_iter()
            .map(|row| PublicMeeting {
                day: row.day,
                title: row.title,
            })
            .collect())
    }
}

fn answer_of(row: &OutcomeRow) -> PublicAnswer {
    PublicAnswer {
        kind: row.kind,
        decided: row.decided.clone(),
        why: row.why.clone(),
        owner: row.owner.clone(),
        due: row.due,
        until: row.until,
    }
}
