//! What everybody may see.

use super::{ActError, Pledge};
use app::model::{Outcome, PublicMeeting};

impl Pledge {
    /// Published outcomes, newest first.
    pub async fn outcomes(&self) -> Result<Vec<Outcome>, ActError> {
        let rows = self.store.outcomes().await?;
        let outcome = |row: crate::store::OutcomeRow| Outcome {
            topic: row.topic,
            said: row.said,
            decided: row.decided,
            owner: row.owner,
            due: row.due,
            meeting: row.meeting_day,
            published: row.published,
            state: row.state,
        };
        Ok(rows.into_iter().map(outcome).collect())
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
