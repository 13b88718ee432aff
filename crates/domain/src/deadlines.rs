//! When a wait is too long and when a review is due: pure arithmetic on days. The periods after which something is erased
//! are in [`crate::retention`], the times of an alert in [`crate::escalation`].

#![deny(clippy::wildcard_enum_match_arm)]

use crate::date::Date;
use crate::lifecycle::Turn;

/// Whole days without an act of the safety role after which a view is late.
pub const SAFETY_DAYS: i32 = 1;
/// The same for SpeakerBox and its coordinator.
pub const SPEAKERBOX_DAYS: i32 = 7;
/// How many days ahead a review counts as due soon.
pub const REVIEW_SOON_DAYS: i32 = 30;

/// Whether a view has waited too long for the side whose turn it is. The committee meets only every few weeks, and a sender
/// may take as long as they like.
pub fn is_late(turn: Turn, days: i32) -> bool {
    match turn {
        Turn::Safety => days >= SAFETY_DAYS,
        Turn::Speakerbox | Turn::Coordinator => days >= SPEAKERBOX_DAYS,
        Turn::Sender | Turn::Committee | Turn::Nobody => false,
    }
}

/// Whole days that a view has waited since a day; a clock that was put back gives none.
pub fn waiting_days(since: Date, today: Date) -> i32 {
    (today.days() - since.days()).max(0)
}

/// Whether a review should have happened before today.
pub fn is_overdue(review_by: Date, today: Date) -> bool {
    review_by < today
}

/// Whether a review is due within [`REVIEW_SOON_DAYS`], or overdue.
pub fn is_due_soon(review_by: Date, today: Date) -> bool {
    review_by <= today.plus_days(REVIEW_SOON_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_late_after_a_day_at_safety_and_a_week_at_speakerbox() {
        for (turn, late_from) in [
            (Turn::Safety, Some(1)),
            (Turn::Speakerbox, Some(7)),
            (Turn::Coordinator, Some(7)),
            (Turn::Sender, None),
            (Turn::Committee, None),
            (Turn::Nobody, None),
        ] {
            let first = (0..400).find(|days| is_late(turn, *days));
            assert_eq!(first, late_from, "{turn:?}");
        }
    }

    #[test]
    fn a_review_is_due_soon_then_overdue_the_day_after() {
        let review: Date = "2026-11-30".parse().unwrap();
        let on = |days: i32| review.plus_days(days);
        assert!(!is_due_soon(review, on(-31)) && is_due_soon(review, on(-30)));
        assert!(!is_overdue(review, review) && is_overdue(review, on(1)));
        assert_eq!(waiting_days(review, on(3)), 3);
        assert_eq!(waiting_days(review, on(-3)), 0);
    }
}
