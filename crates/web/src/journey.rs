//! One walk through Speak or Follow: the site, and the random name that each of its pages carries, so that leaving closes
//! all of them (`service::abandoned_journeys` says why).

use crate::error::{WebError, problem_of};
use crate::form::Form;
use crate::response;
use crate::site::Site;
use app::components::JOURNEY;
use app::shell::PageContext;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::IntoView;
use model::Problem;
use service::ActError;
use service::abandoned_journeys::JourneyId;
use std::ops::Deref;
use std::sync::Arc;

/// A walk; it stands in for the site.
pub struct Journey {
    site: Arc<Site>,
    frame: Arc<PageContext>,
}

impl Journey {
    /// A new walk.
    pub fn begin(site: Arc<Site>) -> Journey {
        let id = JourneyId::generate(&*site.pledge.random);
        Journey::under(site, id)
    }

    /// The walk that a form belongs to; a new one if it names none. `None` when that walk was left.
    pub fn of(site: Arc<Site>, form: &Form) -> Option<Journey> {
        let Some(id) = JourneyId::from_text(form.get(JOURNEY)) else {
            return Some(Journey::begin(site));
        };
        let left = &site.pledge.abandoned_journeys;
        (!left.has_left(id, site.pledge.clock.unix_seconds())).then(|| Journey::under(site, id))
    }

    fn under(site: Arc<Site>, id: JourneyId) -> Journey {
        let frame = PageContext {
            journey: Some(id.text().into()),
            ..site.frame.clone()
        };
        Journey {
            site,
            frame: Arc::new(frame),
        }
    }

    /// A page of this walk.
    pub fn page<V: IntoView>(&self, status: StatusCode, view: impl FnOnce() -> V) -> Response {
        response::page_in(self, &self.frame, status, view)
    }

    /// A page of this walk with an island.
    pub fn island_page<V: IntoView>(
        &self,
        status: StatusCode,
        view: impl FnOnce() -> V,
    ) -> Response {
        response::island_page_in(self, &self.frame, status, view)
    }

    /// A page of this walk that says what went wrong.
    pub fn problem(&self, problem: Problem) -> WebError {
        WebError::InJourney(problem, Arc::clone(&self.frame))
    }

    /// The same for an act that was not done.
    pub fn not_done(&self, error: &ActError) -> WebError {
        self.problem(problem_of(error))
    }
}

impl Deref for Journey {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}
