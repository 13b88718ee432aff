//! The pages of the promises.

use super::figures::{of_promise, word};
use super::view_counts::first_of_month;
use crate::{ActError, App};
use content::Content;
use domain::date::Date;
use domain::deadlines::is_overdue;
use domain::indicator::at_least;
use domain::view::Topic;
use model::progress::{PromiseCard, PromisePage, PromisesPage};
use std::collections::BTreeMap;

impl App {
    /// Every promise with its word, and the figures that belong to none.
    pub async fn promises_page(&self, content: &Content) -> Result<PromisesPage, ActError> {
        let today = self.clock.today();
        let tracker = &content.tracker;
        let rows = self.store.figures().await?;
        let article = content.page("promises");
        let promises = tracker
            .promises
            .iter()
            .map(|promise| PromiseCard {
                slug: promise.slug.clone(),
                title: promise.title.clone(),
                status: word(&of_promise(tracker, &rows, &promise.slug, today)),
            })
            .collect();
        Ok(PromisesPage {
            overdue: is_overdue(article.review_by, today),
            article,
            promises,
            others: of_promise(tracker, &rows, "", today),
        })
    }

    /// One promise.
    pub async fn promise_page(
        &self,
        content: &Content,
        slug: &str,
    ) -> Result<PromisePage, ActError> {
        let today = self.clock.today();
        let tracker = &content.tracker;
        let promise = tracker
            .promises
            .iter()
            .find(|promise| promise.slug == slug)
            .ok_or(ActError::NotFound)?;
        let rows = self.store.figures().await?;
        let indicators = of_promise(tracker, &rows, slug, today);
        let first = first_of_month(today);
        let views = self.views_on(promise.topic, first).await?;
        let review_by = tracker.review_by.unwrap_or(Date::EPOCH);
        Ok(PromisePage {
            status: word(&indicators),
            indicators,
            views: at_least(views),
            views_until: first.plus_days(-1),
            source: tracker.source.clone(),
            seen: tracker.seen.clone(),
            strategy: tracker.strategy.clone(),
            report: tracker.report.unwrap_or(Date::EPOCH),
            checked: tracker.checked.unwrap_or(Date::EPOCH),
            review_by,
            overdue: is_overdue(review_by, today),
            promise: promise.clone(),
        })
    }

    /// How many views on a topic were sent before this day, counted once a day.
    pub(crate) async fn views_on(&self, topic: Topic, before: Date) -> Result<usize, ActError> {
        let today = self.clock.today();
        let known = {
            let counted = self.view_counts.0.lock();
            counted.map_or_else(
                |poisoned| poisoned.into_inner().clone(),
                |held| held.clone(),
            )
        };
        if let Some((_, counts)) = known.filter(|(day, _)| *day == today) {
            return Ok(counts.get(&topic).copied().unwrap_or(0));
        }
        let counts: BTreeMap<Topic, usize> = self
            .store
            .views_by_topic(before)
            .await?
            .into_iter()
            .collect();
        let views = counts.get(&topic).copied().unwrap_or(0);
        let mut counted = self
            .view_counts
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *counted = Some((today, counts));
        Ok(views)
    }
}
