//! Pages that follow the database: outcomes, meetings and figures, and the copy for phones, which holds them all. Each is
//! made once for each state of the database and kept, because a stranger may ask for it as often as they like.

use crate::prerender::offline::PublishedCopy;
use crate::prerender::pages::council_promises;
use crate::static_body::Body;
use axum::body::Bytes;
use content::Content;
use domain::date::Date;
use model::urls;
use service::ActError;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Which state of the database something was made of: the number of the last change of what is public, and the day, because
/// views are counted by the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) change: i64,
    pub(crate) today: Date,
}

/// Something that was made of one state of the database.
pub(crate) struct Kept<T> {
    made: Mutex<Option<(Stamp, T)>>,
    making: tokio::sync::Mutex<()>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            made: Mutex::new(None),
            making: tokio::sync::Mutex::new(()),
        }
    }
}

impl<T: Clone + Send + 'static> Kept<T> {
    fn of(&self, stamp: Stamp) -> Option<T> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, made) = made.as_ref()?;
        (*of == stamp).then(|| made.clone())
    }

    /// What was made of this state; if nothing was, it is made now, once for all who ask meanwhile. What was begun is kept,
    /// also when the one who asked for it has gone.
    pub(crate) async fn get(
        self: &Arc<Self>,
        stamp: Stamp,
        make: impl Future<Output = Result<T, ActError>> + Send + 'static,
    ) -> Result<T, ActError> {
        if let Some(made) = self.of(stamp) {
            return Ok(made);
        }
        let kept = Arc::clone(self);
        let making = tokio::spawn(async move {
            let _one_at_a_time = kept.making.lock().await;
            if let Some(made) = kept.of(stamp) {
                return Ok(made);
            }
            let made = make.await?;
            let mut place = kept.made.lock().unwrap_or_else(PoisonError::into_inner);
            *place = Some((stamp, made.clone()));
            Ok(made)
        });
        making
            .await
            .map_err(|_| ActError::Internal("current-page"))?
    }
}

/// All that is kept of one site in one language.
pub(crate) struct CurrentPages {
    /// By address.
    pub(crate) pages: BTreeMap<String, Arc<Kept<Body>>>,
    /// `/api/v1/outcomes`.
    pub(crate) outcomes: Arc<Kept<Bytes>>,
    /// What a copy holds; of the English site.
    pub(crate) copy: Arc<Kept<Arc<PublishedCopy>>>,
    /// The page that offers the copy; of a site in another language.
    pub(crate) offer: Arc<Kept<Body>>,
    /// Drawing and compressing take a core: one page at a time.
    drawing: Arc<Semaphore>,
}

impl CurrentPages {
    /// Nothing is made yet.
    pub(crate) fn new(content: &Content) -> CurrentPages {
        let fixed = [urls::YOU_SAID, urls::COMMITTEE, urls::PROMISES].map(str::to_owned);
        let addresses = fixed.into_iter().chain(council_promises(content));
        CurrentPages {
            pages: addresses.map(|path| (path, Arc::default())).collect(),
            outcomes: Arc::default(),
            copy: Arc::default(),
            offer: Arc::default(),
            drawing: Arc::new(Semaphore::new(1)),
        }
    }

    /// Runs work that takes a core, where nobody waits for the thread.
    pub(crate) async fn draw<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ActError> {
        let one = Arc::clone(&self.drawing);
        let one = one
            .acquire_owned()
            .await
            .map_err(|_| ActError::Internal("current-page"))?;
        // The permit goes with the work: dropping the caller frees no core.
        let drawn = tokio::task::spawn_blocking(move || {
            let drawn = work();
            drop(one);
            drawn
        });
        drawn.await.map_err(|_| ActError::Internal("current-page"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    fn stamp(change: i64) -> Stamp {
        let today = "2026-11-30".parse().unwrap();
        Stamp { change, today }
    }

    async fn slowly(times: Arc<AtomicUsize>) -> Result<usize, ActError> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(times.fetch_add(1, Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_page_is_made_once_a_change_whoever_asks_and_goes() {
        let (kept, times) = (Arc::new(Kept::default()), Arc::new(AtomicUsize::new(0)));
        let get = |change| kept.get(stamp(change), slowly(Arc::clone(&times)));
        // Nobody waits for the end of the first.
        let early = tokio::time::timeout(Duration::from_millis(5), get(1)).await;
        assert!(early.is_err());
        let all = (0..50).map(|_| get(1));
        let all: Vec<_> = all.map(Box::pin).collect();
        for get in all {
            assert_eq!(get.await.unwrap(), 0);
        }
        assert_eq!(times.load(Ordering::SeqCst), 1);
        // Another state is made again, and an error is not kept.
        assert_eq!(get(2).await.unwrap(), 1);
        let failed = kept.get(stamp(3), async { Err(ActError::NotFound) }).await;
        assert!(failed.is_err());
        assert_eq!(get(3).await.unwrap(), 2);
        // The control: what is not kept is made each time.
        for expected in 3..6 {
            assert_eq!(slowly(Arc::clone(&times)).await.unwrap(), expected);
        }
    }
}
