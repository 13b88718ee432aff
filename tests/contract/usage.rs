//! Counts of what was opened and sent, by month.

use crate::backend::{on_each, open};
use crate::rows::{Desk, act, day, view};
use store::{Change, Changed, NewView, PageViewsRow};

#[test]
fn uses_add_up_by_month_and_old_months_go() {
    on_each(|store, url| async move {
        let add = async |month: &str, counts: &[(&str, u64)]| {
            let counts = counts.iter().map(|(what, n)| ((*what).to_owned(), *n));
            store.add_uses(day(month), counts.collect()).await.unwrap();
        };
        add("2026-10-01", &[("/help", 2)]).await;
        add("2026-11-01", &[("/help", 3), ("language:es", 1)]).await;
        add("2026-11-01", &[("/help", 4)]).await;
        add("2026-11-01", &[]).await;
        let row = |month: &str, what: &str, count| PageViewsRow {
            month: day(month),
            what: what.to_owned(),
            count,
        };
        let november = [
            row("2026-11-01", "/help", 7),
            row("2026-11-01", "language:es", 1),
        ];
        let october = row("2026-10-01", "/help", 2);
        let all = [&[october][..], &november].concat();
        assert_eq!(open(&url).await.uses().await.unwrap(), all);
        assert_eq!(store.purge_uses(day("2026-10-01")).await.unwrap(), 0);
        assert_eq!(store.purge_uses(day("2026-10-02")).await.unwrap(), 1);
        assert_eq!(store.uses().await.unwrap(), november);
    });
}

#[test]
fn views_are_counted_by_the_month_in_which_they_were_sent() {
    on_each(|store, _| async move {
        assert_eq!(store.views_by_month().await.unwrap(), []);
        for (n, on) in [(1, "2026-10-31"), (2, "2026-11-01"), (3, "2026-11-30")] {
            let sent = NewView {
                day: day(on),
                ..view(n)
            };
            store.send(sent).await.unwrap();
        }
        let months = [(day("2026-10-01"), 1), (day("2026-11-01"), 2)];
        assert_eq!(store.views_by_month().await.unwrap(), months);
        let views = store.views().await.unwrap();
        let away = Change {
            erase: true,
            ..act(&views[0], "withdraw")
        };
        assert_eq!(store.desk().change(away).await.unwrap(), Changed::Done);
        assert_eq!(store.views_by_month().await.unwrap(), months[1..]);
    });
}
