//! What everybody may see.

use crate::progress::view_counts::first_of_month;
use crate::{ActError, App};
use domain::indicator::at_least;
use model::{PublicMeeting, PublishedOutcome};

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
                said: row.said,
                decided: row.decided,
                owner: row.owner,
                due: row.due,
                meeting: row.meeting_day,
                published: row.published,
                state: row.state,
            });
        }
        Ok(outcomes)
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
