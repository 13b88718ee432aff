//! Figures of the indicators.

use crate::backend::{on_each, open};
use crate::rows::{Desk, day};
use domain::indicator::Number;
use store::{Changed, FigureRow};

#[test]
fn a_figure_is_added_only_by_whoever_saw_the_last_one() {
    on_each(|store, url| async move {
        let figure = |indicator: &str, tenths: Option<i64>| FigureRow {
            seq: 0,
            indicator: indicator.to_owned(),
            period: "2026-03".parse().unwrap(),
            number: tenths.and_then(Number::from_tenths),
            source: "A report; see 'page 3'".to_owned(),
            source_day: day("2026-05-01"),
            reason: String::new(),
            entered: day("2026-11-21"),
        };
        let first = figure("visits", Some(905));
        assert_eq!(
            store.desk().add_figure(first.clone(), 0).await.unwrap(),
            Changed::Done
        );
        let seq = store.figures().await.unwrap()[0].seq;
        let taken_out = figure("visits", None);
        let add =
            async |row: &FigureRow, seen| store.desk().add_figure(row.clone(), seen).await.unwrap();
        assert_eq!(add(&taken_out, seq - 1).await, Changed::Stale);
        assert_eq!(add(&taken_out, seq).await, Changed::Done);
        assert_eq!(add(&first, seq).await, Changed::Stale);
        // Another indicator has its own last one.
        assert_eq!(add(&figure("homes", Some(0)), 0).await, Changed::Done);
        drop(store);
        let figures = open(&url).await.figures().await.unwrap();
        assert!(figures.windows(2).all(|pair| pair[0].seq < pair[1].seq));
        let kept: Vec<FigureRow> = figures
            .into_iter()
            .map(|row| FigureRow { seq: 0, ..row })
            .collect();
        assert_eq!(kept, [first, taken_out, figure("homes", Some(0))]);
    });
}
