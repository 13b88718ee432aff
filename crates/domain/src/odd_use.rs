//! How much one account opens on a day before those who see the record see a line about it. Knows numbers, and no view.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::event::EventKind;
use crate::role::Role;

/// Different views that one account opens, or tries to open, on a day without a line about it. Reading and answering one
/// takes about ten minutes, so this is more than a long day's work of one person; an account that reads everything there is
/// comes over it on its first day.
pub const VIEWS_A_DAY: usize = 40;

/// Whether an opening counts. What was ever in the safety lane is the work of those who keep children safe, however much
/// comes in a day; a meeting's list is there to be read whole.
pub fn counts(kind: EventKind, role: Role, in_safety_lane: bool) -> bool {
    let is_lane_work = in_safety_lane && role.sees_safety_lane();
    kind.is_opening() && kind != EventKind::ApprovedRead && !is_lane_work
}

/// Whether this number of different views of one account on one day is more than its work.
pub fn is_odd(views: usize) -> bool {
    views > VIEWS_A_DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_a_days_work_is_odd() {
        let odd = [39, 40, 41].map(is_odd);
        assert_eq!(odd, [false, false, true]);
    }

    #[test]
    fn the_safety_lane_and_the_lists_of_meetings_are_work() {
        for role in Role::ALL {
            for lane in [false, true] {
                let opened = counts(EventKind::Opened, role, lane);
                assert_eq!(opened, counts(EventKind::NameOpened, role, lane));
                assert_eq!(opened, !(lane && role.sees_safety_lane()), "{role:?}");
                assert!(!counts(EventKind::ApprovedRead, role, lane));
                assert!(!counts(EventKind::Replied, role, lane));
            }
        }
    }
}
