//! What comes due while the server runs: deletion, checkpoints, the withdrawal log, counts, pages to be made again.

use crate::config::backup_folder;
use crate::ops::backup;
use domain::date::Date;
use service::{App, retention};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use web::SiteHandle;

/// Between two looks, in seconds.
const LOOK: i64 = 60;
/// So far may the clock be ahead of what is believed, in seconds.
const SLACK: i64 = 24 * 60 * 60;
/// Days for which nobody may have sent or written anything, while nobody doubts the clock.
const QUIET_DAYS: i32 = 14;
/// Looks after which a clock that goes on steadily is believed: those of a day.
const STEADY: u32 = 24 * 60;

/// Whether the clock is believed. What cannot be undone does not happen on its word alone: a clock that is ahead for a
/// moment would delete every backup and every text that is to be kept for months.
struct ClockWatch {
    /// The moment it is at most, in Unix seconds: from the data at first, then from the looks that went by.
    latest: i64,
    /// Looks in a row at which it was doubted.
    doubted: u32,
}

impl ClockWatch {
    /// Begins with this moment, if the newest day in the data is not long ago. Without any data there is nothing to lose.
    fn new(newest: Option<Date>, now: i64) -> ClockWatch {
        let quiet = newest.map(|day| i64::from(day.plus_days(QUIET_DAYS).days()) * SLACK);
        ClockWatch {
            latest: quiet.map_or(now, |quiet| quiet.min(now)),
            doubted: 0,
        }
    }

    /// Whether it is believed at this look. One that was put back is: nothing is past its time sooner by that.
    fn believes(&mut self, now: i64) -> bool {
        if now > self.latest + SLACK && self.doubted < STEADY {
            self.latest += LOOK;
            self.doubted += 1;
            return false;
        }
        self.latest = self.latest.max(now);
        self.doubted = 0;
        true
    }

    /// The day it is at most.
    fn day(&self) -> Date {
        Date::in_london(self.latest).unwrap_or(Date::EPOCH)
    }

    /// Whether to say so: at the first doubt, and every hour.
    fn is_to_be_said(&self) -> bool {
        self.doubted % 60 == 1
    }
}

/// Where housekeeping looks beside the data folder.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The folder from which old backups are deleted (`PLEDGE_BACKUPS`).
    pub backups: Option<PathBuf>,
    /// The second place of the withdrawal log.
    pub withdrawals: Option<PathBuf>,
    /// The second place of the checkpoints (`PLEDGE_CHECKPOINTS`).
    pub checkpoints: Option<PathBuf>,
}

impl Places {
    /// As the environment says.
    pub(crate) fn from_environment() -> Places {
        let file = |name| std::env::var_os(name).map(PathBuf::from);
        Places {
            backups: backup_folder(),
            withdrawals: file("PLEDGE_TAKEN_BACK"),
            checkpoints: file("PLEDGE_CHECKPOINTS"),
        }
    }
}

/// Looks after what comes due, once a minute until the server stops: each day what is past its time goes, and pages
/// whose review was due say so; and checkpoints of the audit log are made.
pub struct Housekeeping {
    pledge: Arc<App>,
    live: SiteHandle,
    places: Places,
    watch: ClockWatch,
    purged: Option<Date>,
}

impl Housekeeping {
    /// `newest` is the last day in the data.
    pub fn new(
        pledge: Arc<App>,
        live: SiteHandle,
        newest: Option<Date>,
        places: Places,
    ) -> Housekeeping {
        let watch = ClockWatch::new(newest, pledge.clock.unix_seconds());
        Housekeeping {
            pledge,
            live,
            places,
            watch,
            purged: None,
        }
    }

    pub(crate) async fn run(mut self) {
        loop {
            self.look().await;
            tokio::time::sleep(Duration::from_secs(LOOK.unsigned_abs())).await;
        }
    }

    /// One look. What fails is said, and tried again at the next.
    pub async fn look(&mut self) {
        if self.watch.believes(self.pledge.clock.unix_seconds()) {
            self.by_the_day().await;
        } else if self.watch.is_to_be_said() {
            eprintln!(
                "pledge: clock: days ahead of the data; nothing is deleted until it is right"
            );
        }
        self.keep_marks().await;
        if self.pledge.reload_recipients().await.is_err() {
            eprintln!("pledge: keys: the role keys cannot be read");
        }
        if let Err(error) = self.pledge.save_usage().await {
            eprintln!("pledge: uses: {error}");
        }
        if self.live.is_stale() {
            let live = self.live.clone();
            let reloaded = tokio::task::spawn_blocking(move || live.reload());
            if reloaded.await.is_err() {
                eprintln!("pledge: words: pages could not be made anew");
            }
        }
    }

    /// Keeps the list of what was withdrawn, here and in its second place.
    async fn keep_marks(&self) {
        let (list, today) = (self.pledge.withdrawals.clone(), self.watch.day());
        let place = self.places.withdrawals.clone();
        let kept = tokio::task::spawn_blocking(move || list.keep(today, place.as_deref())).await;
        if !matches!(kept, Ok(Ok(()))) {
            eprintln!("pledge: taken-back: the list cannot be kept, here or in its second place");
        }
    }

    /// What goes by the day it is and cannot be undone: deletion and signed checkpoints.
    async fn by_the_day(&mut self) {
        let pledge = &self.pledge;
        let (today, now) = (pledge.clock.today(), pledge.clock.unix_seconds());
        if self.purged != Some(today) {
            match retention::purge(&*pledge.store, today, now, false).await {
                Ok(_) => self.purged = Some(today),
                Err(error) => eprintln!("pledge: purge: {error}"),
            }
            if let Some(folder) = &self.places.backups
                && backup::purge_backups(folder, today).is_err()
            {
                eprintln!("pledge: purge: the folder of backups cannot be read or changed");
            }
        }
        let place = self.places.checkpoints.as_deref();
        if let Err(error) = pledge.keep_checkpoints(place).await {
            eprintln!("pledge: checkpoint: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    fn watch() -> (ClockWatch, i64) {
        let newest = Date::new(2026, 11, 30).unwrap_or_else(|| unreachable!());
        let noon = i64::from(newest.days()) * DAY + DAY / 2;
        (ClockWatch::new(Some(newest), noon), noon)
    }

    #[test]
    fn a_clock_that_is_ahead_for_a_minute_is_not_believed_and_again_when_it_is_right() {
        let (mut watch, noon) = watch();
        assert!(watch.believes(noon));
        for ahead in [100 * DAY, 100 * DAY + LOOK, 2 * DAY] {
            assert!(!watch.believes(noon + ahead), "{ahead}");
        }
        assert!(watch.believes(noon + 4 * LOOK));
        assert!(watch.believes(noon - 400 * DAY) && watch.believes(noon + 6 * LOOK));
        assert!(!watch.believes(noon + 2 * DAY));
    }

    #[test]
    fn days_that_pass_are_believed_one_by_one_and_after_a_quiet_fortnight() {
        let (mut watch, noon) = watch();
        for minute in 0..30 * 24 * 60 {
            assert!(watch.believes(noon + minute * LOOK));
        }
        let started = |later: i64| {
            let newest = Date::in_london(noon);
            ClockWatch::new(newest, noon + later).believes(noon + later)
        };
        assert!(started(0) && started(14 * DAY));
        assert!(!started(16 * DAY), "started with a clock that is ahead");
    }

    #[test]
    fn a_clock_that_stays_where_it_is_for_a_day_is_believed() {
        let (mut watch, noon) = watch();
        let later = noon + 60 * DAY;
        let looks =
            (0..2 * i64::from(STEADY)).take_while(|look| !watch.believes(later + look * LOOK));
        assert_eq!(u32::try_from(looks.count()), Ok(STEADY));
        // Without anything in the data there is nothing to lose.
        assert!(ClockWatch::new(None, noon).believes(noon));
    }
}
